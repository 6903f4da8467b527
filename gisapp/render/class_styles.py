"""The style of each class of a layer, and which rows are drawn with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gisapp.layers.layer import Layer
from gisapp.layers.style import Style, class_style
from gisapp.render import prepared
from gisapp.render.cache import Cache
from gisapp.render.ramps import seen_ramp


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Rows of a layer that look alike; `rows` is None for all of them.

    `numbers` are the classes of all rows: what is made of a part is kept as long as they are.
    """

    number: int
    style: Style
    rows: NDArray[np.bool_] | None = None
    numbers: NDArray[np.int16] | None = None

    @property
    def owners(self) -> tuple[object, ...]:
        """What a cache keeps things made of this part by, beside the layer's geometry."""
        return () if self.numbers is None else (self.numbers,)


def class_styles(style: Style, dark: bool = False) -> tuple[Style, ...]:
    """The style of each class and last that of all others, none of them with classes.

    As they are on a `dark` map, where the brightest of a ramp is the most.
    """
    plain = replace(style, symbology=None)
    symbology = seen_ramp(style, dark).symbology
    if symbology is None:
        return (plain,)
    return (*(class_style(plain, one) for one in symbology.classes), plain)


def parts_of(layer: Layer, cache: Cache, dark: bool) -> Iterator[Part]:
    """The rows that are drawn, by their look: the others first, the first class last, on top."""
    numbers = prepared.class_numbers_of(layer, cache)
    styles = class_styles(layer.style, dark)
    if numbers is None:
        yield Part(0, styles[-1])
        return
    for number in reversed(range(len(styles))):
        rows = numbers == number
        if rows.any():
            yield Part(number, styles[number], rows, numbers)


def style_numbers(layer: Layer, cache: Cache) -> NDArray[np.int16]:
    """For each row the place of its style in `class_styles`; -1 where it is not drawn."""
    numbers = prepared.class_numbers_of(layer, cache)
    last = len(class_styles(layer.style)) - 1
    return np.full(len(layer), last, dtype=np.int16) if numbers is None else numbers
