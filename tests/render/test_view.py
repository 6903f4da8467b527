"""The view: places go to the screen and back, zooming keeps the place under the cursor."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.layers import geodesy
from gisapp.render.view import WORLD, MapView

views = st.builds(
    MapView,
    x=st.floats(-1.9e7, 1.9e7),
    y=st.floats(-1.2e7, 1.2e7),
    resolution=st.floats(0.05, 20_000),
    width=st.integers(1, 4000),
    height=st.integers(1, 4000),
)
pixels = st.floats(0, 4000)


@given(views, pixels, pixels)
def test_a_pixel_goes_to_the_map_and_back(view: MapView, px: float, py: float) -> None:
    lon, lat = view.to_map(px, py)
    if abs(lat) < 84:
        x, y = view.to_screen(np.array([lon]), np.array([lat]))
        assert (x[0], y[0]) == (pytest.approx(px, abs=1e-3), pytest.approx(py, abs=1e-3))


@given(views, st.floats(0.1, 10), pixels, pixels)
def test_zooming_keeps_the_place_under_the_cursor(
    view: MapView, factor: float, px: float, py: float
) -> None:
    assert view.zoomed(factor, px, py).to_map(px, py) == pytest.approx(
        view.to_map(px, py), abs=1e-6
    )


@given(views, st.floats(-500, 500), st.floats(-500, 500))
def test_panning_there_and_back_changes_nothing(view: MapView, dx: float, dy: float) -> None:
    back = view.panned(dx, dy).panned(-dx, -dy)
    assert (back.x, back.y) == (pytest.approx(view.x, abs=1e-3), pytest.approx(view.y, abs=1e-3))


def test_fit_shows_the_whole_extent() -> None:
    west, south, east, north = MapView.fit((-0.51, 51.28, 0.33, 51.69), 1280, 800).bounds
    assert west < -0.51
    assert south < 51.28
    assert east > 0.33
    assert north > 51.69


def test_the_scale_is_that_of_the_ground_not_of_mercator() -> None:
    view = MapView.fit((-0.2, 51.4, 0.0, 51.6), 1000, 1000)
    (west, lat), (east, _) = view.to_map(450, 500), view.to_map(550, 500)
    measured = geodesy.distance_m(west, lat, east, lat) / 100
    # The map is a sphere, the ground an ellipsoid: they differ by a third of a percent.
    assert view.metres_per_pixel == pytest.approx(measured, rel=0.004)


@pytest.mark.parametrize("bounds", [(10.0, 50.0, 10.4, 50.1), (10.0, 50.0, 10.1, 50.5), None])
def test_a_view_around_bounds_has_no_room_to_spare(
    bounds: tuple[float, float, float, float] | None,
) -> None:
    view = MapView.around(bounds)
    assert max(view.width, view.height) == 1200
    west, south, east, north = bounds or WORLD
    x, y = view.to_screen(np.array([west, east]), np.array([south, north]))
    shares = (x[1] - x[0]) / view.width, (y[0] - y[1]) / view.height
    assert max(shares) == pytest.approx(0.94, abs=0.01)
    assert all(0.3 < share <= 0.945 for share in shares)


def test_a_view_around_a_point_is_a_view() -> None:
    view = MapView.around((10.0, 50.0, 10.0, 50.0))
    assert view.width == view.height == 1200
    assert view.bounds[0] < 10 < view.bounds[2]
