"""A position as people write it: degrees with or without minutes and seconds, or grid metres."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"(?P<number>[-+]?\d+(?:\.\d+)?)|(?P<side>[NSEW])|(?P<unit>°|'|\")|(?P<parted>[,;])|\s+"
)
_EPSG = re.compile(r"\s*EPSG\s*:?\s*(\d{4,6})[\s,:;]+", re.IGNORECASE)
_SAME = str.maketrans({"º": "°", "˚": "°", "′": "'", "’": "'", "″": '"', "”": '"', "−": "-"})
_DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d)")


@dataclass(frozen=True, slots=True)
class Position:
    """A place in degrees, and in which order its numbers were taken."""

    lon: float
    lat: float
    order: str


@dataclass(frozen=True, slots=True)
class GridPosition:
    """Two plain numbers, east first, and the code of their grid if it was written with them."""

    x: float
    y: float
    code: str | None = None


@dataclass(frozen=True, slots=True)
class _Half:
    """One of the two coordinates: degrees, which side was named, and whether units were."""

    value: float
    side: str


LAT_FIRST, LON_FIRST = "latitude, longitude", "longitude, latitude"


def positions_in(text: str) -> tuple[Position, ...]:
    """Every position that a text can mean, latitude first before longitude first; () for none.

    `39.104, -84.512`, `39°06'15"N 84°30'43"W`, `N 39 6.25 W 84 30.7`, `39,104; -84,512`. Without
    letters the order is not said, so that both are given where both are places on Earth.
    """
    halves = _halves(_prepared(text))
    if halves is None:
        return ()
    first, second = halves
    if first.side or second.side:
        if {first.side in "NS", second.side in "NS"} != {True, False} or not second.side:
            return ()
        lat, lon = (first, second) if first.side in "NS" else (second, first)
        return _on_earth(Position(lon.value, lat.value, "its letters say"))
    return (
        *_on_earth(Position(second.value, first.value, LAT_FIRST)),
        *(_on_earth(Position(first.value, second.value, LON_FIRST))),
    )


def grid_position_in(text: str) -> GridPosition | None:
    """Two plain numbers, with `EPSG:27700` before them if the grid is named; None otherwise."""
    named = _EPSG.match(text)
    rest = text[named.end() :] if named else text
    numbers = re.fullmatch(
        r"\s*([-+]?\d[\d ']*(?:\.\d+)?)\s*(?:[,;]\s*|\s+)([-+]?\d[\d']*(?:\.\d+)?)\s*", rest
    )
    if numbers is None:
        return None
    x, y = (float(re.sub(r"[ ']", "", number)) for number in numbers.groups())
    return GridPosition(x, y, f"EPSG:{named[1]}" if named else None)


def _prepared(text: str) -> str:
    text = text.upper().translate(_SAME)
    text = text.replace("''", '"')
    if ";" in text or len(_DECIMAL_COMMA.findall(text)) == 2:
        # Only one of two kinds of comma can part the numbers: the others are decimal.
        text = _DECIMAL_COMMA.sub(".", text)
    return text


def _halves(text: str) -> tuple[_Half, _Half] | None:
    tokens: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            return None
        at = found.end()
        if found.lastgroup:
            tokens.append((found.lastgroup, found.group()))
    parts = _parted(tokens)
    if parts is None:
        return None
    first, second = _half(parts[0]), _half(parts[1])
    return None if first is None or second is None else (first, second)


_Tokens = list[tuple[str, str]]


def _parted(tokens: _Tokens) -> tuple[_Tokens, _Tokens] | None:
    """The tokens of the one coordinate and of the other."""
    sides = [place for place, (kind, _) in enumerate(tokens) if kind == "side"]
    commas = [place for place, (kind, _) in enumerate(tokens) if kind == "parted"]
    numbers = [place for place, (kind, _) in enumerate(tokens) if kind == "number"]
    if len(commas) > 1 or len(sides) not in (0, 2):
        return None
    if commas:
        return tokens[: commas[0]], tokens[commas[0] + 1 :]
    if sides:
        cut = sides[1] if sides[0] == 0 else sides[0] + 1
        return tokens[:cut], tokens[cut:]
    if not numbers or len(numbers) % 2:
        return None
    cut = numbers[len(numbers) // 2]
    return tokens[:cut], tokens[cut:]


def _half(tokens: _Tokens) -> _Half | None:
    numbers = [text for kind, text in tokens if kind == "number"]
    sides = [text for kind, text in tokens if kind == "side"]
    units = [text for kind, text in tokens if kind == "unit"]
    if not 1 <= len(numbers) <= 3 or len(sides) > 1 or units != ["°", "'", '"'][: len(units)]:
        return None
    if len(units) > len(numbers) or any("." in number for number in numbers[:-1]):
        return None
    degrees, *parts = (abs(float(number)) for number in numbers)
    if any(part >= 60 for part in parts) or any(number[0] in "+-" for number in numbers[1:]):
        return None
    value = degrees + sum(part / 60**power for power, part in enumerate(parts, start=1))
    negative = numbers[0].startswith("-")
    side = sides[0] if sides else ""
    if side and negative:
        return None
    return _Half(-value if negative or (side and side in "SW") else value, side)


def _on_earth(position: Position) -> tuple[Position, ...]:
    there = abs(position.lat) <= 90 and abs(position.lon) <= 180
    return (position,) if there else ()
