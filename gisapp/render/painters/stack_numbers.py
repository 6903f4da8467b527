"""Where the number of a stack of points stands on its symbol, and where none can be read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF

from gisapp.render.painters.label_boxes import Taken
from gisapp.render.palette import font

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Digits smaller than this, in pixels, are not read.
_DIGITS = 8


@dataclass(frozen=True, slots=True, eq=False)
class StackDiscs:
    """Symbols in the order of their places, of which the smaller and those of an earlier class lie
    higher: middle and radius in logical pixels, how many rows each stands for, and its class.
    """

    x: Floats
    y: Floats
    radius: Floats
    counts: Ints
    symbols: Ints


@dataclass(frozen=True, slots=True)
class StackNumber:
    """How many rows lie at a place: the stack's number, the size of the digits, and their box."""

    stack: int
    size: int
    box: QRectF


def stack_numbers(discs: StackDiscs, least: float, covered: Sequence[QRectF]) -> list[StackNumber]:
    """The numbers that can be read; `least` is the least radius of a symbol with one.

    One is left out where a symbol that lies higher, another number or what stands over the map
    (`covered`) would meet it.
    """
    x, y, radius, counts = discs.x, discs.y, discs.radius, discs.counts
    # The order in which they are drawn, backwards: the uppermost first.
    order = np.lexsort((-np.arange(len(x)), discs.symbols, radius))
    taken = Taken()
    for box in covered:
        taken.add(box)
    numbers = []
    for place, stack in enumerate(order.tolist()):
        if counts[stack] < 2 or radius[stack] < least:
            continue
        made = _number(stack, float(x[stack]), float(y[stack]), radius[stack], counts[stack])
        if made is None or taken.meets(made.box) or _hidden(made.box, discs, order[:place]):
            continue
        taken.add(made.box)
        numbers.append(made)
    return numbers


def _number(stack: int, x: float, y: float, radius: float, count: int) -> StackNumber | None:
    """The digits as large as the disc has room for; None where they would be too small to read."""
    text = str(count)
    wide = QFontMetricsF(font(100, bold=True)).horizontalAdvance(text) / 100
    size = math.floor(min(max(radius * 1.15, _DIGITS), 2 * radius * 0.94 / wide))
    if size < _DIGITS:
        return None
    half, high = size * wide / 2, size * 0.38
    return StackNumber(stack, size, QRectF(x - half, y - high, 2 * half, 2 * high))


def _hidden(box: QRectF, discs: StackDiscs, above: Ints) -> bool:
    """Whether a disc that lies higher reaches into a box."""
    x, y = discs.x[above], discs.y[above]
    away_x = x - np.clip(x, box.left(), box.right())
    away_y = y - np.clip(y, box.top(), box.bottom())
    return bool((np.hypot(away_x, away_y) < discs.radius[above]).any())
