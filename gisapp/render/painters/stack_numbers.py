"""Where the number of a stack of points stands on its symbol, and where none can be read."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF

from gisapp.render.painters.label_boxes import Taken
from gisapp.render.palette import font

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Digits smaller than this, in pixels, are not read.
_DIGITS = 8
#: Pixels between a symbol and its number, where that stands beside it.
_GAP = 1.5
#: How much smaller the digits are that are tried where others would be hidden.
_SMALLER = (1.0, 0.75, 0.5)


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
    #: Whether it stands on the map beside its symbol, not on it.
    beside: bool = False


def stack_numbers(discs: StackDiscs, least: float, covered: Sequence[QRectF]) -> list[StackNumber]:
    """The numbers that can be read, the largest first; `least` is the least radius of a symbol
    with one.

    Where symbols lie over each other each number stands on the part of its own that is seen, or
    else beside it. One is left out where another number or what stands over the map (`covered`)
    would meet it, and with it those of the smaller stacks upon it: they would be taken for it.
    """
    pile = _Pile.of(discs)
    widths = QFontMetricsF(font(100, bold=True))
    wide_of = lru_cache(lambda count: widths.horizontalAdvance(str(count)) / 100)
    over, taken, loose = Taken(), Taken(), Taken()
    for box in covered:
        over.add(box)
    numbers, silent = [], set[int]()
    # The largest first; of two that are as large the upper.
    for stack in np.lexsort((pile.rank, -discs.counts)).tolist():
        count, radius = int(discs.counts[stack]), float(discs.radius[stack])
        if count < 2 or radius < least or stack in silent:
            continue
        wide = wide_of(count)
        size = math.floor(min(max(radius * 1.15, _DIGITS), 2 * radius * 0.94 / wide))
        if size < _DIGITS or over.meets(_box(pile.at(stack), size, wide)):
            continue
        # A number on a symbol that lies alone is met by none but those beside others.
        made = _placed(stack, size, wide, pile, loose if pile.is_alone(stack) else taken)
        if made is None or over.meets(made.box):
            silent.update(pile.upon(stack))
            continue
        taken.add(made.box)
        if made.beside:
            loose.add(made.box)
        numbers.append(made)
    return numbers


@dataclass(frozen=True, slots=True, eq=False)
class _Pile:
    """Symbols, the place of each in the order from the uppermost down, and which meet which."""

    discs: StackDiscs
    rank: Ints
    #: The symbols that meet each (itself too), one after the other, and where those of each begin.
    others: Ints
    starts: Ints

    @classmethod
    def of(cls, discs: StackDiscs) -> _Pile:
        x, y, radius = discs.x, discs.y, discs.radius
        # The order in which they are drawn, backwards.
        order = np.lexsort((-np.arange(len(x)), discs.symbols, radius))
        rank = np.empty(len(x), dtype=np.int64)
        rank[order] = np.arange(len(x))
        tree = shapely.STRtree(shapely.box(x - radius, y - radius, x + radius, y + radius))
        one, other = tree.query(tree.geometries)
        apart = np.hypot(x[one] - x[other], y[one] - y[other]) >= radius[one] + radius[other]
        one, other = one[~apart], other[~apart]
        starts = np.concatenate([[0], np.cumsum(np.bincount(one, minlength=len(x)))])
        return cls(discs, rank, other[np.argsort(one, kind="stable")], starts)

    def is_alone(self, stack: int) -> bool:
        return int(self.starts[stack + 1] - self.starts[stack]) == 1

    def meeting(self, stack: int) -> Ints:
        return self.others[self.starts[stack] : self.starts[stack + 1]]

    def at(self, stack: int) -> tuple[float, float]:
        return float(self.discs.x[stack]), float(self.discs.y[stack])

    def above(self, stack: int) -> Ints:
        """Those that lie on a symbol."""
        some = self.meeting(stack)
        higher: Ints = some[self.rank[some] < self.rank[stack]]
        return higher

    def upon(self, stack: int) -> list[int]:
        """Of those that lie on a symbol the ones whose middle is within it."""
        some, (x, y) = self.above(stack), self.at(stack)
        away = np.hypot(self.discs.x[some] - x, self.discs.y[some] - y)
        return [int(one) for one in some[away < self.discs.radius[stack]]]

    def below(self, stack: int, box: QRectF) -> tuple[int, ...]:
        """Those that a symbol lies on and that are under the middle of a box, the lowest first."""
        some, middle = self.meeting(stack), box.center()
        some = some[self.rank[some] > self.rank[stack]]
        away = np.hypot(self.discs.x[some] - middle.x(), self.discs.y[some] - middle.y())
        under = some[away < self.discs.radius[some]]
        return tuple(under[np.argsort(-self.rank[under])].tolist())


def _placed(stack: int, size: int, wide: float, pile: _Pile, taken: Taken) -> StackNumber | None:
    """A number where nothing hides it: on its symbol if it can be, else beside it."""
    middle, radius = pile.at(stack), float(pile.discs.radius[stack])
    if pile.is_alone(stack):
        box = _box(middle, size, wide)
        return None if taken.meets(box) else StackNumber(stack, size, box)
    above = pile.above(stack)
    ways = _ways(middle, pile.discs, above)
    for digits, box in _on_the_symbol(middle, radius, size, wide, ways):
        if not _hidden(box, pile.discs, above) and not taken.meets(box):
            return StackNumber(stack, digits, box, pile.below(stack, box))
    for box in _beside(middle, radius, _DIGITS + 1, wide, ways):
        if not _hidden(box, pile.discs, slice(None)) and not taken.meets(box):
            return StackNumber(stack, _DIGITS + 1, box, beside=True)
    return None


def _ways(middle: tuple[float, float], discs: StackDiscs, above: Ints) -> list[tuple[float, float]]:
    """Eight directions, those first that lead away from the symbols above."""
    away_x = float((middle[0] - discs.x[above]).sum())
    away_y = float((middle[1] - discs.y[above]).sum())
    eight = [(math.cos(turn * math.pi / 4), math.sin(turn * math.pi / 4)) for turn in range(8)]
    return sorted(eight, key=lambda way: -(way[0] * away_x + way[1] * away_y))


def _on_the_symbol(
    middle: tuple[float, float],
    radius: float,
    size: int,
    wide: float,
    ways: list[tuple[float, float]],
) -> Iterator[tuple[int, QRectF]]:
    """Sizes of digits and their boxes within a symbol: in the middle, then towards its edge."""
    yield size, _box(middle, size, wide)
    for digits in sorted({max(math.floor(size * share), _DIGITS) for share in _SMALLER})[::-1]:
        half, high = digits * wide / 2, digits * 0.38
        for x, y in ways:
            # As far as the corner of the box that comes nearest to the edge.
            along = abs(x) * half + abs(y) * high
            room = along**2 + (radius * 0.97) ** 2 - half**2 - high**2
            reach = math.sqrt(room) - along if room > along**2 else 0.0
            yield digits, _box((middle[0] + x * reach, middle[1] + y * reach), digits, wide)


def _beside(
    middle: tuple[float, float],
    radius: float,
    size: int,
    wide: float,
    ways: list[tuple[float, float]],
) -> Iterator[QRectF]:
    """Boxes that touch a symbol from outside."""
    half, high = size * wide / 2, size * 0.38
    for x, y in ways:
        reach = radius + _GAP + abs(x) * half + abs(y) * high
        yield _box((middle[0] + x * reach, middle[1] + y * reach), size, wide)


def _box(middle: tuple[float, float], size: int, wide: float) -> QRectF:
    """The box of digits `wide` times as wide as their size, round its middle."""
    half, high = size * wide / 2, size * 0.38
    return QRectF(middle[0] - half, middle[1] - high, 2 * half, 2 * high)


def _hidden(box: QRectF, discs: StackDiscs, above: Ints | slice) -> bool:
    """Whether a disc of those that lie higher reaches into a box."""
    x, y = discs.x[above], discs.y[above]
    away_x = x - np.clip(x, box.left(), box.right())
    away_y = y - np.clip(y, box.top(), box.bottom())
    return bool((np.hypot(away_x, away_y) < discs.radius[above]).any())
