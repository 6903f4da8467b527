"""The grid of map tiles: the world in Web Mercator, halved again and again.

Level 0 is one tile for the whole world; each level has twice as many columns and rows. Columns
count from west, rows from north, as in addresses with {z}, {x} and {y} (OGC 17-083r2, annex D).
"""

from __future__ import annotations

import math
from typing import NamedTuple

#: Half the width of the world in Web Mercator metres.
HALF = math.pi * 6378137.0
#: No archive and no server goes deeper; a tile there is a centimetre wide.
DEEPEST = 30
#: Width of a tile in pixels where nothing else is known.
TILE_PX = 256

#: Share of a tile that is less than any pixel of it.
_INEXACT = 1e-6

#: West, south, east, north in Web Mercator metres.
Box = tuple[float, float, float, float]


class Tile(NamedTuple):
    """A tile by level, column from west and row from north."""

    z: int
    x: int
    y: int

    @property
    def parent(self) -> Tile:
        """The tile of the level above that it lies in; that of level 0 is its own."""
        return Tile(self.z - 1, self.x >> 1, self.y >> 1) if self.z else self

    @property
    def children(self) -> tuple[Tile, Tile, Tile, Tile]:
        """The four tiles of the level below that it is made of."""
        z, x, y = self.z + 1, 2 * self.x, 2 * self.y
        return Tile(z, x, y), Tile(z, x + 1, y), Tile(z, x, y + 1), Tile(z, x + 1, y + 1)

    @property
    def row_from_south(self) -> int:
        """Its row as MBTiles counts them (TMS)."""
        return (1 << self.z) - 1 - self.y

    @property
    def box(self) -> Box:
        """Its extent in Web Mercator metres."""
        side = 2 * HALF / (1 << self.z)
        west, north = self.x * side - HALF, HALF - self.y * side
        return west, north - side, west + side, north


def level_for(resolution: float, tile_px: int = TILE_PX) -> int:
    """The level whose pixels come nearest to a resolution in Mercator metres a device pixel."""
    wanted = math.log2(2 * HALF / (tile_px * resolution))
    return min(max(round(wanted), 0), DEEPEST)


def tile_at(x: float, y: float, level: int) -> Tile:
    """The tile that a place in Web Mercator metres lies in; beyond the world the nearest."""
    count = 1 << level
    column = math.floor((x + HALF) / (2 * HALF) * count)
    row = math.floor((HALF - y) / (2 * HALF) * count)
    return Tile(level, min(max(column, 0), count - 1), min(max(row, 0), count - 1))


def count_in(box: Box, level: int) -> int:
    """How many tiles of a level meet a box."""
    span = _span(box, level)
    if span is None:
        return 0
    first, last = span
    return (last.x - first.x + 1) * (last.y - first.y + 1)


def tiles_in(box: Box, level: int) -> tuple[Tile, ...]:
    """The tiles of a level that meet a box, those in its middle first."""
    span = _span(box, level)
    if span is None:
        return ()
    first, last = span
    x, y = (first.x + last.x) / 2, (first.y + last.y) / 2
    found = [
        Tile(level, column, row)
        for row in range(first.y, last.y + 1)
        for column in range(first.x, last.x + 1)
    ]
    return tuple(sorted(found, key=lambda t: (t.x - x) ** 2 + (t.y - y) ** 2))


def _span(box: Box, level: int) -> tuple[Tile, Tile] | None:
    """The tiles at the north-western and south-eastern corner of a box; None off the world."""
    west, south, east, north = box
    if east <= -HALF or west >= HALF or north <= -HALF or south >= HALF:
        return None
    count = 1 << level
    left, right = ((x + HALF) / (2 * HALF) * count for x in (west, east))
    top, bottom = ((HALF - y) / (2 * HALF) * count for y in (north, south))
    columns, rows = _cells(left, right, count), _cells(top, bottom, count)
    return Tile(level, columns[0], rows[0]), Tile(level, columns[1], rows[1])


def _cells(first: float, last: float, count: int) -> tuple[int, int]:
    """The first and last of `count` cells that a span reaches into by more than it is inexact."""
    start = min(max(math.floor(first + _INEXACT), 0), count - 1)
    return start, min(max(math.ceil(last - _INEXACT) - 1, start), count - 1)
