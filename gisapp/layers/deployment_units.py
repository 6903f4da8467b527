"""Whether an agreement binds a unit, as far as its words say.

They are free text, and so matched word by word; where that decides nothing, it is not known.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from gisapp.layers.agreement import Agreement
from gisapp.layers.terms import Terms


class Binding(StrEnum):
    """Whether terms bind a unit."""

    BOUND = "bound"
    NOT_BOUND = "not bound"
    UNKNOWN = "not known"


#: What says that everybody is meant, once words that say nothing are left out.
_EVERYBODY = frozenset(
    {
        ("all",), ("everybody",), ("everyone",), ("all", "unit"), ("all", "officer"),
        ("every", "officer"), ("every", "unit"), ("all", "police"), ("all", "police", "officer"),
        ("whole", "force"), ("whole", "department"), ("entire", "force"), ("all", "patrol"),
        ("entire", "department"), ("all", "force"), ("all", "police", "unit"), ("all", "staff"),
        ("all", "sworn", "officer"), ("all", "member"), ("any", "officer"), ("any", "unit"),
    }
)  # fmt: skip
#: Words that alone say nothing of which unit is meant.
_FILLER = frozenset({"the", "a", "an", "of", "s", "its", "their"})
#: Words that many units share, so that one in common is no sign of anything.
_COMMON = frozenset(
    {"unit", "team", "squad", "officer", "police", "patrol", "group", "section", "department"}
)
_SPLIT = re.compile(r"[;,\n/•|]|\band\b|\bor\b|&", re.IGNORECASE)
_EXCEPT = re.compile(r"\b(?:except(?: for)?|but not|other than|apart from|not)\b", re.IGNORECASE)


def binding(terms: Agreement | Terms, unit: str) -> Binding:
    """Whether terms bind the unit of this name.

    Without any words on units everybody is bound. A unit named among those not bound is not; one
    named among those bound, or where all are, is. Terms that only name who is not bound bind
    everybody whose name has no telling word in common with them. All else is not known.
    """
    return _binding(terms.units_bound, terms.units_not_bound, unit)


@lru_cache(maxsize=4096)
def _binding(bound: str, not_bound: str, unit: str) -> Binding:
    yes_text, *exceptions = _EXCEPT.split(bound)
    yes, no = _entries(yes_text), _entries("; ".join((not_bound, *exceptions)))
    if not yes and not no:
        return Binding.BOUND
    words = _words(unit)
    if not words:
        return Binding.BOUND if _all(yes) and not no else Binding.UNKNOWN
    excluded = any(_names(entry, words) for entry in no)
    # Who is bound may be told by the telling word alone; who is free only by the whole name.
    included = any(_names(entry, words) or _names(_telling(entry), words) for entry in yes)
    if excluded:
        return Binding.UNKNOWN if included else Binding.NOT_BOUND
    if any((set(entry) & set(words)) - _COMMON for entry in no) and not included:
        return Binding.UNKNOWN
    if included or not yes or _all(yes):
        return Binding.BOUND
    return Binding.UNKNOWN


def _all(entries: tuple[tuple[str, ...], ...]) -> bool:
    return any(entry in _EVERYBODY for entry in entries)


def _telling(entry: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in entry if word not in _COMMON) or entry


def _entries(text: str) -> tuple[tuple[str, ...], ...]:
    found = (_words(part) for part in _SPLIT.split(text))
    return tuple(words for words in found if words)


def _words(text: str) -> tuple[str, ...]:
    words = re.findall(r"\w+", text.casefold())
    return tuple(_singular(word) for word in words if word not in _FILLER)


def _singular(word: str) -> str:
    ends = len(word) > 3 and word.endswith("s") and not word.endswith("ss")
    return word[:-1] if ends else word


def _names(entry: tuple[str, ...], unit: tuple[str, ...]) -> bool:
    """Whether a unit is the one named, or a part of it: `drug squad` names `Drug squad north`."""
    length = len(entry)
    if length == 1 and entry[0] in _COMMON and len(unit) > 1:
        return False
    return any(unit[at : at + length] == entry for at in range(len(unit) - length + 1))
