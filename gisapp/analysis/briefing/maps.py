"""Which maps an instruction needs: one, or one for each part of a jurisdiction with many areas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_uppercase

import numpy as np
import shapely
from numpy.typing import NDArray

from gisapp.analysis.briefing.briefing import Line
from gisapp.layers.layer import Bounds

#: Numbers that one map has room for.
MOST_ON_A_MAP = 40
#: How much wider than high a map may be before it is parted across its width.
_WIDE = 1.3


@dataclass(frozen=True, slots=True)
class MapPart:
    """A part of the ground by its letter: the numbers of its areas and their bounds.

    `bounds` are west, south, east and north in degrees (EPSG:4326).
    """

    letter: str
    numbers: tuple[int, ...]
    bounds: Bounds


def map_parts(lines: Sequence[Line]) -> tuple[MapPart, ...]:
    """Parts with about as many areas each; none where one map has room for all numbers.

    The areas are halved across their longer side until no part has too many: so parts are small
    where areas are dense. The north and the west come first.
    """
    if len(lines) <= MOST_ON_A_MAP:
        return ()
    middles = [line.zone.shape.representative_point() for line in lines]
    at = shapely.get_coordinates(middles)
    narrow = float(np.cos(np.radians(at[:, 1].mean())))
    boxes = shapely.bounds([line.zone.shape for line in lines])
    found = []
    sides = at * [narrow / _WIDE, -1.0]
    for place, rows in enumerate(_halved(sides, np.arange(len(lines)))):
        west, south = boxes[rows, :2].min(axis=0).tolist()
        east, north = boxes[rows, 2:].max(axis=0).tolist()
        numbers = tuple(sorted(lines[row].number for row in rows.tolist()))
        found.append(MapPart(_letter(place), numbers, (west, south, east, north)))
    return tuple(found)


def _halved(at: NDArray[np.float64], rows: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """Rows of places (n, 2) in groups that one map has room for."""
    if len(rows) <= MOST_ON_A_MAP:
        return [rows]
    side = int(np.argmax(np.ptp(at[rows], axis=0)))
    ordered = rows[np.argsort(at[rows, side], kind="stable")]
    middle = len(ordered) // 2
    return [*_halved(at, ordered[:middle]), *_halved(at, ordered[middle:])]


def _letter(place: int) -> str:
    """`A` to `Z`, then `A2` to `Z2` and so on."""
    turn, letter = divmod(place, len(ascii_uppercase))
    return ascii_uppercase[letter] + (str(turn + 1) if turn else "")
