"""A sketch without a mouse."""

from __future__ import annotations

import pytest

from gisapp.errors import EditError
from gisapp.layers import geodesy
from gisapp.layers.sketch import Sketch

SQUARE = ((0.0, 0.0), (0.001, 0.0), (0.001, 0.001), (0.0, 0.001))


def test_corners_come_and_go() -> None:
    sketch = Sketch().with_corner((1.0, 2.0)).with_corner((1.0, 2.0)).with_corner((3.0, 2.0))
    assert sketch.corners == ((1.0, 2.0), (3.0, 2.0))
    assert sketch.without_last().corners == ((1.0, 2.0),)
    assert Sketch().without_last().is_empty


@pytest.mark.parametrize(
    ("corners", "said"),
    [
        (SQUARE[:2], "three corners"),
        (((0.0, 0.0), (1.0, 1.0), (2.0, 2.0)), "one line"),
        ((SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]), "crosses itself"),
    ],
)
def test_what_is_no_area_says_why(corners: tuple[tuple[float, float], ...], said: str) -> None:
    sketch = Sketch(corners)
    assert said in (sketch.problem() or "")
    assert sketch.area_m2 == 0
    with pytest.raises(EditError, match=said):
        sketch.area()


@pytest.mark.parametrize("corners", [SQUARE, SQUARE[::-1]])
def test_the_outline_runs_counter_clockwise(corners: tuple[tuple[float, float], ...]) -> None:
    assert Sketch(corners).area().exterior.is_ccw


def test_measures_are_metres_on_the_ground() -> None:
    sketch = Sketch(SQUARE)
    assert sketch.length_m == pytest.approx(
        geodesy.distance_m(0, 0, 0.001, 0) * 2 + geodesy.distance_m(0.001, 0, 0.001, 0.001),
        abs=0.01,
    )
    assert sketch.area_m2 == pytest.approx(12_309, rel=1e-3)
    assert sketch.measured() == f"{geodesy.in_words(sketch.length_m)} · 12,309 m²"
