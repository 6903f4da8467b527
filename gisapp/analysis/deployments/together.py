"""Advice that several zones call for alike, told once."""

from __future__ import annotations

from collections.abc import Sequence

#: So many zones are named before the rest is counted.
_MOST_NAMED = 3
#: How a sentence on one zone becomes one on several, in this order.
_PLURALS = (
    ("the zone is", "these zones are"),
    ("in the zone", "in each of these zones"),
    ("the zone", "these zones"),
    ("its edge runs", "their edges run"),
)


def told_once(by_zone: Sequence[tuple[str, Sequence[str]]]) -> list[str]:
    """Sentences of advice by the name of their zone, each once, with the zones it is about.

    In the order in which they first come; of one zone alone no name is needed.
    """
    zones: dict[str, list[str]] = {}
    for name, sentences in by_zone:
        for sentence in dict.fromkeys(sentences):
            zones.setdefault(sentence, []).append(name)
    if len(by_zone) == 1:
        return list(zones)
    return [_about(names, sentence, len(by_zone)) for sentence, names in zones.items()]


def _about(names: Sequence[str], sentence: str, of: int) -> str:
    if len(names) == 1:
        return f"“{names[0]}”: {sentence}"
    for one, several in _PLURALS:
        sentence = sentence.replace(one, several)
    return f"{_all(of) if len(names) == of else _listed(names)}: {sentence}"


def _all(count: int) -> str:
    return "Both zones" if count == 2 else f"All {count:,} zones"


def _listed(names: Sequence[str]) -> str:
    quoted = [f"“{name}”" for name in names]
    if len(quoted) > _MOST_NAMED + 1:
        return f"{', '.join(quoted[:_MOST_NAMED])} and {len(quoted) - _MOST_NAMED} more"
    return f"{', '.join(quoted[:-1])} and {quoted[-1]}"
