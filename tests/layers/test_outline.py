"""An outline being reshaped: corners moved, added and taken away."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gisapp.errors import EditError
from gisapp.layers.geodesy import circle
from gisapp.layers.outline import Outline, sound

HOLED = shapely.Polygon([(0, 0), (10, 0), (10, 10), (0, 10)], [[(2, 2), (2, 4), (4, 4), (4, 2)]])
TWO = shapely.MultiPolygon([HOLED, shapely.box(20, 20, 21, 21)])


@pytest.mark.parametrize("shape", [HOLED, TWO, circle(-84.5, 39.1, 200)])
def test_an_outline_comes_back_as_it_was(shape: shapely.Polygon) -> None:
    assert Outline.of(shape).area().equals(shape)
    assert Outline.of(shape).problem() is None


def test_one_corner_moves_and_the_others_stay() -> None:
    outline = Outline.of(TWO)
    moved = outline.moved((0, 2), (12.0, 12.0))
    assert moved.rings[1:] == outline.rings[1:]
    assert set(outline.rings[0]) - set(moved.rings[0]) == {outline.place((0, 2))}
    assert shapely.get_num_geometries(moved.area()) == 2


@given(corner=st.integers(0, 3))
def test_a_corner_on_an_edge_changes_no_area_and_goes_again(corner: int) -> None:
    outline = Outline.of(shapely.box(0, 0, 10, 10))
    (x, y), (u, v) = outline.place((0, corner)), outline.place((0, (corner + 1) % 4))
    more = outline.with_corner((0, corner), ((x + u) / 2, (y + v) / 2))
    assert len(more.rings[0]) == 5
    assert more.area().equals(outline.area())
    assert more.without((0, corner + 1)) == outline


def test_three_corners_are_the_least() -> None:
    triangle = Outline.of(shapely.Polygon([(0, 0), (1, 0), (0, 1)]))
    with pytest.raises(EditError, match="at least three corners"):
        triangle.without((0, 1))


def test_an_outline_that_crosses_itself_is_no_area() -> None:
    crossed = Outline.of(shapely.box(0, 0, 10, 10)).moved((0, 0), (5.0, 20.0))
    assert crossed.problem() == "The outline crosses itself."
    assert crossed.area_m2 == 0
    with pytest.raises(EditError, match="crosses itself"):
        crossed.area()


# What an outline encloses that crosses itself

BOW_TIE = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])


def test_what_crosses_itself_is_taken_for_what_it_encloses() -> None:
    mended = sound(BOW_TIE)
    assert shapely.is_valid(mended)
    assert mended.area == 50
    assert sound(HOLED) is HOLED


def test_of_many_shapes_only_those_that_cross_themselves_are_mended() -> None:
    shapes = np.array([HOLED, BOW_TIE, None, shapely.Point(1, 1)], dtype=object)
    given = shapes.copy()
    mended = sound(shapes)
    assert [mended[0], mended[2], mended[3]] == [HOLED, None, shapely.Point(1, 1)]
    assert mended[0] is HOLED
    assert mended[1].equals(sound(BOW_TIE))
    assert shapes[1] is given[1], "what was given stays as it was"


def test_nothing_is_copied_where_all_is_sound() -> None:
    shapes = np.array([HOLED, TWO], dtype=object)
    none = np.empty(0, dtype=object)
    assert sound(shapes) is shapes
    assert sound(none) is none
