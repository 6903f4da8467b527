"""A buffer across 180° is as large as the same one elsewhere, and comes back cut there."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from gisapp.layers import geodesy


@pytest.mark.parametrize("lon", [179.999, -179.999, 179.98, 180.0])
def test_ring_round_a_circle(lon: float) -> None:
    disc = geodesy.circle(lon, -17.0, 1000.0)
    grown = geodesy.buffer(disc, 3000.0)
    elsewhere = geodesy.buffer(geodesy.circle(10.0, -17.0, 1000.0), 3000.0)
    assert grown.geom_type == "MultiPolygon"
    assert grown.is_valid
    assert geodesy.area_m2(grown) == pytest.approx(geodesy.area_m2(elsewhere), rel=1e-5)
    assert shapely.intersects_xy(grown, 179.995, -17.0)
    assert shapely.intersects_xy(grown, -179.995, -17.0)
    assert not shapely.intersects_xy(grown, 0.0, -17.0)


def test_a_point_on_the_line() -> None:
    grown = geodesy.buffer(shapely.Point(180.0, 0.0), 100.0)
    assert geodesy.area_m2(grown) == pytest.approx(np.pi * 1e4, rel=0.001)
