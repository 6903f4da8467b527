"""Where the disc of a cluster and its number stand among the symbols of services."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF

from gisapp.render.painters.services import CROWDED_SHARE
from gisapp.render.palette import font
from gisapp.render.view import MapView

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: The size of numbers, in points.
LETTERS_PT = 7.5
#: Places tried each way for a disc in its square; and, where its number has no room in its middle,
#: for either.
_TRIED, _FEWER = 9, 7
#: Among more circles in its square than these no place is looked for off the middle of a disc.
_CROWD = 120


@dataclass(frozen=True, slots=True)
class Disc:
    """A cluster on the map: its middle, half its width and half its height in logical pixels.

    Its number stands `dx` and `dy` beside the middle.
    """

    x: float
    y: float
    half_width: float
    half_height: float
    count: int
    dx: float = 0.0
    dy: float = 0.0


@dataclass(frozen=True, slots=True)
class Plate:
    """What lies under the letters of a number: its colour is that of the disc."""

    letters: QFontMetricsF
    unit: float

    @property
    def round_by(self) -> float:
        """Radius of its corners."""
        return 2 * self.unit

    def half(self, count: int) -> tuple[float, float]:
        """Half its width and height in logical pixels."""
        wide = self.letters.horizontalAdvance(f"{count:,}") / 2 + 0.75 * self.unit
        return wide, self.letters.capHeight() / 2 + self.unit

    def under(self, disc: Disc) -> QRectF:
        """Where it lies for the number of a disc."""
        wide, high = self.half(disc.count)
        return QRectF(disc.x + disc.dx - wide, disc.y + disc.dy - high, 2 * wide, 2 * high)


def plate_of(view: MapView) -> Plate:
    """What lies under numbers on a map."""
    unit = view.dpi / 72
    return Plate(QFontMetricsF(font(LETTERS_PT * unit, bold=True)), unit)


@dataclass(frozen=True, slots=True, eq=False)
class Room:
    """Where the disc of a cluster may stand: its square (middle, half its sides), the circles in
    it, half the width and height of the `plate` that its number stands on, and the room it needs.
    """

    square: Floats
    circles: Floats
    plate: Floats
    room: float

    def freest(self, disc: Disc) -> Disc:
        """The disc where its number meets the fewest circles, off its middle if need be.

        Of places that are as good the one where the whole disc meets the fewest, then the nearest.
        """
        moved, met = self._best(disc, _TRIED, np.zeros((1, 2)))
        if not met or len(self.circles) > _CROWD:
            return moved
        half = np.array([disc.half_width, disc.half_height])
        shifted, still = self._best(disc, _FEWER, _grid(-half, half, _FEWER))
        return shifted if still < met else moved

    def _best(self, disc: Disc, tried: int, shifts: Floats) -> tuple[Disc, int]:
        """The best of the places, and how many circles are hidden by the number there."""
        half, middle = np.array([disc.half_width, disc.half_height]), np.array([[disc.x, disc.y]])
        low, high = (
            self.square[:2] + side * (self.square[2:] - half - self.room) for side in (-1, 1)
        )
        places = np.concatenate([middle, _grid(low, high, tried)]) if (low < high).all() else middle
        place, shift = (one.ravel() for one in np.mgrid[: len(places), : len(shifts)])
        at = places[place] + shifts[shift]
        # What matters most is asked of all, the rest of those alone that are as good in that.
        outside = (abs(at - self.square[:2]) > self.square[2:] - self.plate).any(axis=1)
        left = _lowest(np.arange(len(at)), outside)
        apart = self._apart_squared(at[left])
        # Among crowds symbols are smaller than their circles say.
        hidden = (apart < (self.circles[:, 2] * CROWDED_SHARE) ** 2).sum(axis=1)
        fewest = np.flatnonzero(hidden == hidden.min())
        touched = (apart[fewest] < self.circles[:, 2] ** 2).sum(axis=1)
        left = _lowest(left[fewest], touched)
        left = _lowest(left, np.hypot(*shifts[shift[left]].T))
        boxes = np.column_stack([places[place[left]], np.broadcast_to(half, (len(left), 2))])
        left = _lowest(left, meets(boxes, self.circles, self.room).sum(axis=1))
        best = _lowest(left, np.hypot(*(places[place[left]] - middle).T))[0]
        (x, y), (dx, dy) = places[place[best]].tolist(), shifts[shift[best]].tolist()
        return replace(disc, x=x, y=y, dx=dx, dy=dy), int(hidden.min())

    def _apart_squared(self, at: Floats) -> Floats:
        """How far each circle's middle is from the number at each of some places, squared.

        The places share few ways across and down: these are measured, not the places.
        """
        found = np.zeros((len(at), len(self.circles)))
        for axis in (0, 1):
            ways, which = np.unique(at[:, axis], return_inverse=True)
            away = np.abs(self.circles[:, axis] - ways[:, np.newaxis]) - self.plate[axis]
            found += (np.maximum(away, 0) ** 2)[which]
        return found


def _lowest(numbers: Ints, values: NDArray[Any]) -> Ints:
    """Those of some numbers that have the lowest value."""
    return np.asarray(numbers[values == values.min()])


def _grid(low: Floats, high: Floats, tried: int) -> Floats:
    """Places between two corners, shape (n, 2)."""
    across, down = (np.linspace(*ends, tried) for ends in zip(low, high, strict=True))
    return np.column_stack([np.repeat(across, tried), np.tile(down, tried)])


def meets(boxes: Floats, circles: Floats, room: float) -> NDArray[np.bool_]:
    """Which circles (x, y, radius) come nearer than `room` to each box (x, y, half its sides)."""
    away_x = np.abs(circles[:, 0] - boxes[:, :1]) - boxes[:, 2:3]
    away_y = np.abs(circles[:, 1] - boxes[:, 1:2]) - boxes[:, 3:]
    away = np.hypot(np.maximum(away_x, 0), np.maximum(away_y, 0))
    nearer: NDArray[np.bool_] = away < circles[:, 2] + room
    return nearer
