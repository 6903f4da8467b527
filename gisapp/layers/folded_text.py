"""Texts without what sets two spellings of one name apart, and where a name stands in a text.

Folded are case, compatible characters (full width, ligatures), accents, signs that nobody sees
(soft hyphens, joiners), and whatever parts words: blanks of every kind, hyphens, apostrophes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

#: Names of fewer letters are found as whole words alone: `Al` is not in `also`.
_SHORT = 4
_PARTS = re.compile(r"[^a-z0-9]+")
#: Marks over letters, and signs without a shape of their own.
_UNSEEN = ("Mn", "Me", "Cf")


def folded(text: str) -> str:
    """The letters and figures of a text, in small letters, its words parted by one blank."""
    if text.isascii():
        return _PARTS.sub(" ", text.casefold()).strip()
    return " ".join("".join(letters for letters, _ in _letters(text)).split())


def pattern_of(names: Iterable[str]) -> re.Pattern[str] | None:
    """What finds any of the names in a folded text, the longest first; None without a name.

    A name is found with or without blanks between its words, and with blanks between any of its
    letters where it begins and ends as a word.
    """
    known = {folded(name) for name in names} - {""}
    told = [
        one for name in sorted(known, key=lambda name: (-len(name), name)) for one in _ways(name)
    ]
    return re.compile("|".join(told)) if told else None


def spans(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    """Where in a text, as it is written, names stand: start and end of each."""
    found = list(pattern.finditer(folded(text)))
    if not found:
        return []
    kept, places = _with_places(text)
    found = list(pattern.finditer(kept))
    return [(places[one.start()], places[one.end() - 1] + 1) for one in found]


def _ways(name: str) -> Iterator[str]:
    letters = name.replace(" ", "")
    if len(letters) >= _SHORT or not letters.isascii():
        yield " ?".join(re.escape(word) for word in name.split())
    yield r"(?<!\w)" + " ?".join(re.escape(sign) for sign in letters) + r"(?!\w)"


def _letters(text: str) -> Iterator[tuple[str, int]]:
    """What is left of each sign of a text, and its place; a blank for what parts words."""
    for place, sign in enumerate(text):
        plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", sign).casefold())
        for one in plain:
            if unicodedata.category(one) not in _UNSEEN:
                yield one if one.isalnum() else " ", place


def _with_places(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its signs its place in the text."""
    kept: list[str] = []
    places: list[int] = []
    for sign, place in _letters(text):
        if sign != " " or (kept and kept[-1] != " "):
            kept.append(sign)
            places.append(place)
    return "".join(kept).rstrip(), places
