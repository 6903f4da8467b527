"""Classes of counts in round numbers, and how a count is drawn: the same on screen, paper, page.

A count in a cell is a mark in the middle of the cell. Its area grows with the class, so that a
map in grey says the same as one in colour, and streets and zones are seen round it. Each kind of
event has a shape of its own: counts of two kinds in one cell are told apart.
"""

from __future__ import annotations

import math
from enum import StrEnum
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from gisapp.layers.vocabulary import LayerKind

#: At most this many classes: more cannot be told apart on a wall.
CLASSES = 5
#: Colours looked at on the way from one end of a hue to the other.
_WAY = 100
#: Of this lightness is the grey from which black and white are told equally well.
_EVEN_LIGHTNESS = 116 * (math.sqrt(1.05 * 0.05) - 0.05) ** (1 / 3) - 16
_ROUND = tuple(step * 10**power for power in range(9) for step in (1, 2, 5))

#: Side of the largest mark as a share of its cell's, and the area of the smallest as one of its.
WIDEST = 0.76
_SMALLEST = 0.1
#: Marks grow no larger than this (points of 1/72 inch) where the map is near.
LARGEST_PT = 22.0
#: A count is seen through: the ground stays readable under it.
MARK_OPACITY = 0.58
#: Over counts of another kind it keeps its own tone, so that a grey copy tells them apart.
MARK_OVER_OPACITY = 0.92


#: In cells narrower than this (points) marks take all the room, and more of their colour.
TINY_PT = 6.0
TINY_OPACITY = 0.85


#: Shares of the highest step of heat at which a legend names a colour; below the first it fades
#: out. And how opaque these steps are.
HEAT_STEPS = (0.05, 0.1, 0.2, 0.5, 1.0)
HEAT_CLEAR = (0.30, 0.45, 0.65, 0.80, 0.88)


class Mark(StrEnum):
    """The shape that stands for a count."""

    SQUARE = "square"
    DISC = "disc"
    DIAMOND = "diamond"


def mark_of(kind: LayerKind) -> Mark:
    """The shape for counts of a kind of layer."""
    return {LayerKind.STOPS: Mark.SQUARE, LayerKind.REFERRALS: Mark.DIAMOND}.get(kind, Mark.DISC)


def mark_sides(classes: int) -> tuple[float, ...]:
    """Side of each class's mark as a share of the largest, rising: areas grow in equal steps."""
    if classes < 2:
        return (math.sqrt((1 + _SMALLEST) / 2),) * classes
    step = (1 - _SMALLEST) / (classes - 1)
    return tuple(math.sqrt(_SMALLEST + step * number) for number in range(classes))


def class_starts(top: int, least: int = 1, classes: int = CLASSES) -> tuple[int, ...]:
    """The lowest count of each class, rising, from `least`; the last holds all above."""
    later = [number for number in _ROUND if least < number <= max(top, least)]
    wanted = classes - 1
    stride = -(-len(later) // wanted) if later else 1
    later = later[::-1][::stride][::-1]
    return (least, *later)


def cell_starts(counts: NDArray[np.int64], least: int = 1) -> tuple[int, ...]:
    """Classes for the counts of a layer's cells: the last starts where a cell in thirty lies."""
    return class_starts(int(np.quantile(counts, 0.97)) if len(counts) else 0, least)


def class_labels(starts: tuple[int, ...]) -> tuple[str, ...]:
    """`1`, `2–4`, `5–9`, `10 or more`."""
    labels = []
    for start, following in pairwise(starts):
        last = following - 1
        labels.append(f"{start:,}" if start == last else f"{start:,}–{last:,}")
    return (*labels, f"{starts[-1]:,} or more")


def one_hue(hue: str, paper: str, far: str, count: int) -> tuple[str, ...]:
    """Colours (#RRGGBB) from near the paper over a hue towards `far`, black or white.

    Their lightness grows in even steps: the dark end of grey is told apart as well as the pale.
    """
    way = [_on_the_way(hue, paper, far, number / _WAY) for number in range(_WAY + 1)]
    light = [lightness(color) for color in way]
    first, last = light[0], light[-1]
    colors = []
    for number in range(count):
        wanted = first + (last - first) * number / max(count - 1, 1)
        colors.append(min(zip(way, light, strict=True), key=lambda one: abs(one[1] - wanted))[0])
    return tuple(colors)


def _on_the_way(hue: str, paper: str, far: str, place: float) -> str:
    if place <= 0.6:
        return mixed(hue, paper, 0.34 + 1.1 * place)
    return mixed(hue, far, 1 - 0.85 * (place - 0.6))


def lightness(color: str) -> float:
    """How light a colour (#RRGGBB) looks, 0 to 100: L* as CIE 1976 defines it."""
    channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    bright = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * bright[0] + 0.7152 * bright[1] + 0.0722 * bright[2]
    return 116 * luminance ** (1 / 3) - 16 if luminance > 0.008856 else 903.3 * luminance


def ink_on(color: str) -> str:
    """Black or white, whichever is told better from a colour: by 4.5 to 1 at least (WCAG 2)."""
    return "#000000" if lightness(color) > _EVEN_LIGHTNESS else "#FFFFFF"


def count_opacity(opacity: float) -> float:
    """How opaque counts that fill squares or hexagons are, in a style of that opacity.

    They cover the ground more evenly than symbols do, and stay readable a little stronger.
    """
    return min(opacity + 0.15, 1.0)


def mixed(color: str, other: str, share: float) -> str:
    """`share` of `color` and the rest of `other`, as #RRGGBB."""
    pairs = [(int(color[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(x * share + y * (1 - share)):02X}" for x, y in pairs)
