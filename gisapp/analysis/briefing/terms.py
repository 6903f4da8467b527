"""Terms on a sheet: what all zones share is said once, all else with the zones that it is for."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import TypeVar

from gisapp.analysis.briefing import words
from gisapp.analysis.briefing.briefing import Rule
from gisapp.analysis.briefing.parts import Block, Blocks, Heading, Items, Words
from gisapp.layers.agreement import Agreement
from gisapp.layers.deployment_units import Binding, binding

_T = TypeVar("_T", bound=Hashable)
#: Acts that all zones share are said once where that saves this many lines at least.
_WORTH = 3


def terms_in_words(rules: Sequence[Rule], unit: str) -> Blocks:
    """What is not done, who is protected, the exceptions, and who is bound; `unit` may be empty."""
    return (
        *_acts(rules),
        Heading("Who is protected", 2),
        *_said(rules, lambda terms: " ".join(words.persons(terms))),
        *_said(rules, words.cards, "Membership cards"),
        Heading("The only exceptions", 2),
        *_said(rules, lambda terms: words.excepted(terms, "Act")),
        *_said(rules, words.bound, "Who is bound"),
        *(_said(rules, lambda terms: _unit(terms, unit)) if unit.strip() else ()),
    )


def record_in_words(rules: Sequence[Rule]) -> tuple[str, ...]:
    """What is recorded, and what becomes of things taken away, with the zones where they differ."""
    said = (*_said(rules, words.recording), *_said(rules, words.if_seized))
    return tuple(one.text for one in said)


def zones_named(numbers: Sequence[int]) -> str:
    """`zone 1`, `zones 1 and 3`."""
    return f"zone{'s' if len(numbers) > 1 else ''} {words.numbered(numbers)}"


def _grouped(
    rules: Sequence[Rule], said: Callable[[Agreement], _T]
) -> tuple[tuple[_T, tuple[int, ...]], ...]:
    """What is said, each once, with the numbers of the zones for which it is."""
    groups: dict[_T, list[int]] = {}
    for rule in rules:
        groups.setdefault(said(rule.terms), []).extend(rule.numbers)
    return tuple((one, tuple(numbers)) for one, numbers in groups.items())


def _said(
    rules: Sequence[Rule], said: Callable[[Agreement], str], what: str = ""
) -> Iterator[Words]:
    groups = _grouped(rules, said)
    for text, numbers in groups:
        where = zones_named(numbers) if len(groups) > 1 else ""
        before = f"{what} ({where})" if what and where else what or where.capitalize()
        yield Words(f"{before}: {text}" if before else text)


def _acts(rules: Sequence[Rule]) -> Blocks:
    """What is not done; what all zones share first where that is much."""
    shared = _shared(rules)
    groups = _grouped(
        rules,
        lambda terms: (
            tuple(one for one in words.not_done(terms) if one not in shared),
            words.also_not_done(terms),
            words.offences(terms),
        ),
    )
    blocks: list[Block] = []
    if shared:
        blocks += [Heading("In all zones: do not"), Items(shared, crossed=True)]
    for (acts, also, offences), numbers in groups:
        if not (acts or also or offences) and shared:
            continue
        alone = len(groups) == 1
        more = "also do not" if shared else "do not"
        if not shared or not alone:
            title = "Do not" if alone else f"{zones_named(numbers).capitalize()}: {more}"
            blocks.append(Heading(title))
        blocks += [Items(acts, crossed=True)] if acts else []
        if not (acts or also or shared):
            blocks.append(Words(words.NOTHING_SAID))
        blocks += [Words(one) for one in (also, *offences) if one]
    return tuple(blocks)


def _shared(rules: Sequence[Rule]) -> tuple[str, ...]:
    """Acts that no zone allows, where saying them once saves enough; empty otherwise.

    Only where all agreements speak of the same offences: an act is only what it is about.
    """
    offences = {words.offences(rule.terms) for rule in rules}
    lists = list(dict.fromkeys(words.not_done(rule.terms) for rule in rules))
    if len(offences) > 1 or len(lists) < 2:
        return ()
    shared = tuple(one for one in lists[0] if all(one in other for other in lists[1:]))
    return shared if (len(lists) - 1) * len(shared) > _WORTH else ()


def _unit(terms: Agreement, unit: str) -> str:
    return {
        Binding.BOUND: f"Your unit ({unit}) is bound.",
        Binding.NOT_BOUND: f"Your unit ({unit}) is not bound.",
        Binding.UNKNOWN: f"It is not clear whether your unit ({unit}) is bound: act as if it is, "
        "and ask.",
    }[binding(terms, unit)]
