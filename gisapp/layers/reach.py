"""How far a zone reaches, as the partners wrote it: a length, blocks, or minutes on foot.

A block has no fixed length and people walk at different paces. So blocks need the length that was
meant and who says so, and minutes state their pace; both are kept in the words of the basis.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from gisapp.errors import DataError
from gisapp.layers import geodesy

#: The pace that is taken unless somebody says otherwise: 80 m a minute, 4.8 km/h.
PACE = "80m"
#: Metres a minute that somebody can walk.
_SLOWEST_M, _FASTEST_M = 10.0, 200.0

_BLOCKS = re.compile(r"\s*([0-9]+(?:[.,][0-9]+)?)\s*-?\s*(?:blocks?|blk)\s*")
_MINUTES = re.compile(r"\s*([0-9]+(?:[.,][0-9]+)?)\s*-?\s*(?:min|mins|minutes?)\s*")
_BARE = re.compile(r"\s*[0-9]+(?:[.,][0-9]+)?\s*")
_SPEED = re.compile(r"\s*([0-9]+(?:[.,][0-9]+)?)\s*(km/h|kmh|kph|mph)\s*")
_KMH, _MPH = 1000 / 60, geodesy.METRES_PER["mi"] / 60


@dataclass(frozen=True, slots=True)
class Reach:
    """Metres on the ground, the text as agreed, the minutes if it is a time on foot.

    `told` is what the text leaves open and somebody settled: the pace, or the length of a block.
    """

    metres: float
    text: str
    minutes: float | None = None
    told: str = ""


def in_blocks(text: str) -> bool:
    """Whether a reach is written in blocks."""
    return _BLOCKS.fullmatch(text.casefold()) is not None


def in_minutes(text: str) -> bool:
    """Whether a reach is written as a time on foot."""
    return _MINUTES.fullmatch(text.casefold()) is not None


def length(text: str, *, block: str = "", block_basis: str = "") -> Reach:
    """A length in m, km, ft, yd, mi or blocks; `block` is how long a block is here, with its unit.

    DataError for what is no length, for minutes, and for blocks without their length and basis.
    """
    if in_minutes(text):
        raise DataError(
            f"“{text.strip()}” is a time on foot, and a circle has a length.",
            "Write a length such as 200m, or choose a walk along the streets.",
        )
    blocks = _BLOCKS.fullmatch(text.casefold())
    if blocks is None:
        return Reach(geodesy.parse_length(text), text.strip())
    each = block_m(block, block_basis)
    metres = _number(blocks[1]) * each
    if not geodesy.SHORTEST_M <= metres <= geodesy.LONGEST_M:
        raise DataError("A length must be more than zero.", "Write it such as 2 blocks.")
    told = f"a block taken as {_said(block, each)}: {block_basis.strip()}"
    return Reach(metres, text.strip(), None, told)


def walk(text: str, *, pace: str = PACE, block: str = "", block_basis: str = "") -> Reach:
    """A walk: a time such as `5 min` at a pace, or a length along the streets."""
    minutes = _MINUTES.fullmatch(text.casefold())
    if minutes is None:
        if _BARE.fullmatch(text):
            said = text.strip()
            raise DataError(
                f"“{said}” has no unit: is it minutes or metres?",
                f"Write {said}min for a time on foot, or a length such as 400m.",
            )
        return length(text, block=block, block_basis=block_basis)
    number, metres = _number(minutes[1]), pace_m(pace)
    if not 0 < number <= 240:
        raise DataError(
            "A walk takes more than no time and at most four hours.", "Write it such as 5 min."
        )
    told = f"{number:g} minutes at {metres:.4g} m a minute ({metres / _KMH:.3g} km/h)"
    return Reach(number * metres, text.strip(), number, told)


def block_m(block: str, block_basis: str) -> float:
    """Metres of a block; DataError unless its length and who says so are given."""
    if not block.strip():
        raise DataError(
            "A block has no fixed length.", "Say how long a block is here, such as 264ft."
        )
    metres = geodesy.parse_length(block)
    if not block_basis.strip():
        raise DataError(
            "The length of a block needs its basis.",
            "Write who says so, such as “measured on Vine Street”.",
        )
    return metres


def pace_m(text: str) -> float:
    """Metres walked in a minute, from `80m` (a minute), `4.8 km/h` or `3 mph`."""
    speed = _SPEED.fullmatch(text.casefold())
    if speed is not None:
        metres = _number(speed[1]) * (_MPH if speed[2] == "mph" else _KMH)
    else:
        metres = geodesy.parse_length(text)
    if not _SLOWEST_M <= metres <= _FASTEST_M:
        raise DataError(
            f"Nobody walks {metres:,.4g} m in a minute.", "Write the pace such as 80m or 4.8 km/h."
        )
    return metres


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _said(text: str, metres: float) -> str:
    """The length as it was written, with the metres behind it where it is none."""
    words, own = geodesy.in_words(metres), text.strip()
    return words if own.replace(" ", "") == words.replace(" ", "") else f"{own} ({words})"
