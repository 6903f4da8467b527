"""What is typed while drawing: a place, a step, a length, a turn or a scale."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gisapp.errors import DataError
from gisapp.layers import geodesy
from gisapp.layers.position_text import Position, positions_in
from gisapp.layers.sketch import Place

_NUMBER = r"[-+−]?\d+(?:[.,]\d+)?"
_STEP = re.compile(
    rf"(?P<length>[^@]+?)\s*@\s*(?P<way>{_NUMBER}|[NSEW]{{1,3}})\s*°?", re.IGNORECASE
)
_TURN = re.compile(rf"({_NUMBER})\s*(?:°|deg|degrees)", re.IGNORECASE)
_PER_CENT = re.compile(rf"({_NUMBER})\s*%")
_TIMES = re.compile(rf"[x×*]\s*({_NUMBER})|({_NUMBER})\s*[x×]", re.IGNORECASE)
_RADIUS = re.compile(r"(?:radius|r)\s*=?\s*(.+)", re.IGNORECASE)
_WINDS: tuple[str, ...] = (
    *("N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE"),
    *("S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW"),
)


@dataclass(frozen=True, slots=True)
class Step:
    """So many metres, in a direction clockwise from north where one was told."""

    metres: float
    azimuth: float | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """So many degrees clockwise."""

    degrees: float


@dataclass(frozen=True, slots=True)
class Scale:
    """Every length times `factor`."""

    factor: float


@dataclass(frozen=True, slots=True)
class Radius:
    """A radius in metres, and as it was written."""

    metres: float
    text: str


Entry = Position | Step | Turn | Scale | Radius


def entry_in(text: str, near: Place | None = None) -> Entry:
    """What a text says. DataError for one that says nothing that can be drawn.

    `47.37 8.54` is a place, latitude first unless the other order lies nearer to `near`;
    `120 m @ 45°` is a step, clockwise from north, and `120 m @ NE` the same; `120 m` or `-20 m`
    is a length; `30°` a turn; `120%` or `x1.2` a scale; `r 250m` a radius.
    """
    text = text.strip()
    for read in (_radius, _step, _scale, _turn):
        found = read(text)
        if found is not None:
            return found
    places = positions_in(text)
    if places:
        return places[0] if near is None else min(places, key=lambda one: _away(one, near))
    length = _length(text)
    if length is not None:
        return length
    raise DataError(
        f"“{text[:60]}” is no place and no length.",
        "Write a place such as 47.37 8.54, or a step such as 120 m @ 45°.",
    )


def _number(text: str) -> float:
    return float(text.replace(",", ".").replace("−", "-"))


def _radius(text: str) -> Radius | None:
    found = _RADIUS.fullmatch(text)
    return Radius(geodesy.parse_length(found[1]), found[1].strip()) if found else None


def _step(text: str) -> Step | None:
    found = _STEP.fullmatch(text)
    if found is None:
        return None
    way = found["way"].upper()
    if way in _WINDS:
        azimuth = _WINDS.index(way) * 22.5
    elif way[0] in "NSEW":
        raise DataError(f"“{found['way']}” is no direction.", "Write it such as 45° or NE.")
    else:
        azimuth = _number(way) % 360
    return Step(geodesy.parse_length(found["length"]), azimuth)


def _scale(text: str) -> Scale | None:
    found = _PER_CENT.fullmatch(text)
    factor = _number(found[1]) / 100 if found else None
    if factor is None and (times := _TIMES.fullmatch(text)):
        factor = _number(times[1] or times[2])
    if factor is not None and factor <= 0:
        raise DataError("A scale must be more than zero.", "Write it such as 120% or x1.2.")
    return None if factor is None else Scale(factor)


def _turn(text: str) -> Turn | None:
    found = _TURN.fullmatch(text)
    return Turn(_number(found[1])) if found else None


def _length(text: str) -> Step | None:
    shrinks = text[:1] in ("-", "−")
    if not re.match(r"[-+−]?\s*\d", text):
        return None
    metres = geodesy.parse_length(text.lstrip("-+− "))
    return Step(-metres if shrinks else metres)


def _away(position: Position, near: Place) -> float:
    across = (position.lon - near[0] + 180) % 360 - 180
    return abs(across) + abs(position.lat - near[1])
