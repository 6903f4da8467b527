"""Numbers on stacked points: told from their symbols, none over another."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF

from gisapp.layers.classes import ink_on
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind
from gisapp.render.painters.stack_numbers import StackDiscs, StackNumber, stack_numbers
from gisapp.render.scene import Scene, render_image
from gisapp.render.view import MapView
from tests.render.conftest import LAT, LON, look, pixels, points


def numbered(
    x: list[int], y: list[int], radius: list[float], counts: list[int], *covered: QRectF
) -> list[StackNumber]:
    places = np.array(x, dtype=np.float64), np.array(y, dtype=np.float64)
    symbols = np.zeros(len(x), dtype=np.int64)
    return stack_numbers(
        StackDiscs(*places, np.array(radius), np.array(counts), symbols), 5.0, covered
    )


def luminance(pixel: np.ndarray) -> float:
    channels = pixel[:3] / 255
    bright = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    # The image has blue first.
    return float(bright @ np.array([0.0722, 0.7152, 0.2126]))


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("color", ["#F4B183", "#0B3C6F", "#7F7F7F", "#FFE08A", "#2CA02C"])
@pytest.mark.parametrize("opacity", [1.0, 0.4])
def test_a_number_stands_out_from_its_symbol(dark: bool, color: str, opacity: float) -> None:
    layer = points(LayerKind.OVERDOSES, [LON] * 88, [LAT] * 88)
    layer = replace(layer, style=replace(layer.style, color=color, opacity=opacity))
    view = MapView.fit((LON - 0.002, LAT - 0.002, LON + 0.002, LAT + 0.002), 200, 200)
    image = pixels(render_image(Scene(Project(layers=(layer,)), view, look(dark=dark))))
    middle = image[92:109, 92:109].reshape(-1, image.shape[-1])
    bright = sorted(luminance(pixel) for pixel in middle)
    assert (bright[-1] + 0.05) / (bright[0] + 0.05) > 4.4


def test_of_stacks_that_lie_over_each_other_the_largest_says_its_number_first() -> None:
    """As at 44.9795, -93.2725 in Minneapolis: 202 and 79 had none, and the 22 upon them had."""
    found = numbered([100, 112, 106], [100, 104, 108], [17, 15.5, 12], [202, 79, 22])
    assert found[0].stack == 0
    assert [one.stack for one in found] == sorted(one.stack for one in found)


def test_a_number_stands_on_the_part_of_its_symbol_that_is_seen() -> None:
    (large, small) = numbered([100, 112], [100, 100], [20, 8], [500, 4])
    assert (large.stack, small.stack) == (0, 1)
    assert not large.beside and large.box.right() < 104
    assert np.hypot(*(large.box.topLeft() - QPointF(100, 100)).toTuple()) < 20


def test_a_number_that_finds_no_room_on_its_symbol_stands_beside_it() -> None:
    found = numbered([100, 104, 200], [100, 100, 100], [14, 10, 12], [52, 26, 30])
    assert sorted(one.stack for one in found) == [0, 1, 2]
    (largest,) = (one for one in found if one.stack == 0)
    # On the side away from the stack above it.
    assert largest.beside and largest.box.right() < 86


def test_where_the_largest_has_no_room_at_all_none_upon_it_stands_for_it() -> None:
    ring = [(100 + 26 * np.cos(turn), 100 + 26 * np.sin(turn)) for turn in np.arange(0, 6.2, 0.3)]
    x, y = (list(side) for side in zip((100, 100), (103, 100), *ring, strict=True))
    found = numbered(x, y, [12, 9, *[9] * len(ring)], [40, 20, *[1] * len(ring)])
    assert found == []


@given(color=st.integers(0, 0xFFFFFF))
def test_ink_is_told_from_every_colour(color: int) -> None:
    told = f"#{color:06X}"
    both = [
        luminance(np.array([int(one[at : at + 2], 16) for at in (5, 3, 1)]))
        for one in (told, ink_on(told))
    ]
    assert (max(both) + 0.05) / (min(both) + 0.05) > 4.5


def test_what_shows_through_a_symbol_is_known() -> None:
    found = numbered([100, 104, 200], [100, 100, 100], [14, 10, 12], [52, 26, 30])
    assert {one.stack: one.below for one in found} == {0: (), 1: (0,), 2: ()}


def test_a_single_point_that_lies_on_a_number_moves_it() -> None:
    (one,) = numbered([100, 102], [100, 100], [14, 4], [52, 1])
    assert one.stack == 0 and one.box.center().x() < 98


def test_what_stands_over_the_map_hides_no_half_number() -> None:
    found = numbered([20, 200], [20, 20], [12, 12], [13, 14], QRectF(0, 0, 150, 20))
    assert [one.stack for one in found] == [1]


@given(
    places=st.lists(
        st.tuples(st.integers(0, 150), st.integers(0, 150), st.integers(1, 20_000)),
        min_size=1,
        max_size=40,
    )
)
def test_no_number_meets_another_and_all_lie_within_their_symbols(
    places: list[tuple[int, int, int]],
) -> None:
    x, y, counts = (list(part) for part in zip(*places, strict=True))
    radius = np.round(4 * (1 + 0.45 * np.log2(counts)) * 2) / 2
    found = numbered(x, y, radius.tolist(), counts)
    for number, one in enumerate(found):
        place = QPointF(x[one.stack], y[one.stack])
        corners = (one.box.topLeft(), one.box.topRight(), one.box.bottomLeft())
        away = max(np.hypot(*(corner - place).toTuple()) for corner in corners)
        assert one.beside or away <= radius[one.stack] + 1
        assert not any(one.box.intersects(other.box) for other in found[number + 1 :])
