"""Whether a look that was read from a file is one that can be drawn.

A project may come from somebody else, or from another program: a size of 1e300 or a colour that
is a list must be refused where it is read, for where it is drawn it would end the program.
"""

from __future__ import annotations

import math
import re

from gisapp.layers.style import Labels, Style
from gisapp.layers.symbology import Category, Range, Rule, SymbolClass, Symbology, Test

#: Sizes and widths in points, well beyond what the style editor offers.
_LARGEST = 200.0
#: Scales, 1 : so much.
_FARTHEST = 1e12
#: A row has the number of its class in 16 bits, and no legend is read so far.
MOST_CLASSES = 1_000

_COLOR = re.compile(r"#[0-9A-Fa-f]{6}")


def sound(style: Style) -> Style:
    """The same style. ValueError or TypeError where a value of it is none that can be drawn."""
    _color(style.color)
    for length in (style.size, style.width):
        _number(length, 0, _LARGEST)
    for opacity in (style.opacity, style.fill_opacity):
        _number(opacity, 0, 1)
    for scale in (style.nearest, style.farthest):
        _perhaps(scale, 0, _FARTHEST)
    _labels(style.labels)
    if style.symbology is not None:
        _symbology(style.symbology)
    return style


def _labels(labels: Labels) -> None:
    for flag in (labels.shown, labels.halo):
        _is(flag, bool)
    _is(labels.column, str)
    _number(labels.size, 1, _LARGEST)
    _number(labels.priority, 0, 10)
    _perhaps(labels.farthest, 0, _FARTHEST)


def _symbology(symbology: Symbology) -> None:
    _is(symbology.column, str)
    _is(symbology.others, str)
    if len(symbology.classes) > MOST_CLASSES:
        raise ValueError(f"more than {MOST_CLASSES:,} classes")
    for one in symbology.classes:
        _class(one)


def _class(one: SymbolClass) -> None:
    _is(one.label, str)
    _is(one.visible, bool)
    if one.color is not None:
        _color(one.color)
    for length in (one.size, one.width):
        _perhaps(length, 0, _LARGEST)
    _test(one.test)


def _test(test: Test) -> None:
    if isinstance(test, Category):
        _is(test.value, str)
    elif isinstance(test, Rule):
        _is(test.where, str)
    elif isinstance(test, Range):
        for limit in (test.low, test.high):
            _number(limit, -math.inf, math.inf)
        _is(test.first, bool)


def _color(text: object) -> None:
    if not isinstance(text, str) or not _COLOR.fullmatch(text):
        raise ValueError("a colour is written #RRGGBB")


def _perhaps(value: object, least: float, most: float) -> None:
    if value is not None:
        _number(value, least, most)


def _number(value: object, least: float, most: float) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("no number")
    if not least <= value <= most:  # nor is NaN
        raise ValueError(f"{value!r:.40} is not from {least:g} to {most:g}")


def _is(value: object, kind: type) -> None:
    if not isinstance(value, kind):
        raise TypeError(f"no {kind.__name__}")
