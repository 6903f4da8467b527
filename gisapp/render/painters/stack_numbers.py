"""Where the number of a stack of points stands on its symbol, and where none can be read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

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
    #: Stacks whose symbols lie under its own, the lowest first: they show through.
    below: tuple[int, ...] = ()


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
        numbers.append(replace(made, below=_below(stack, discs, order[place + 1 :])))
    return numbers


def _below(stack: int, discs: StackDiscs, lower: Ints) -> tuple[int, ...]:
    """Of the discs that lie lower those that are under the middle of one, the lowest first."""
    away = np.hypot(discs.x[lower] - discs.x[stack], discs.y[lower] - discs.y[stack])
    return tuple(lower[away < discs.radius[lower]][::-1].tolist())


def ink_on(color: str) -> str:
    """Black or white, whichever is told better from a colour: by 4.5 to 1 at least."""
    channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    # Relative luminance as the contrast rules of WCAG 2 define it.
    bright = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * bright[0] + 0.7152 * bright[1] + 0.0722 * bright[2]
    return "#000000" if (luminance + 0.05) ** 2 > 1.05 * 0.05 else "#FFFFFF"


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
