"""Streets chosen by name, whole or in part, and corridors along lines."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from gisapp.analysis.streets.zones import Stretch, corridors, names_like, street_zone
from gisapp.errors import DataError, EditError
from gisapp.layers import geodesy
from gisapp.layers.bands import corridor
from gisapp.layers.vocabulary import Basis
from tests.analysis.street_layers import at, sites, streets

TOWN = streets(
    [(0, 0), (2, 0), (5, 0)],
    [(5, 0), (8, 0), (10, 0)],
    [(2, -3), (2, 0), (2, 3)],
    [(8, -3), (8, 0), (8, 3)],
    [(0, 9), (10, 9)],
    names=("High Street", "High Street", "Mill Lane", "Dock Road", "Far Street"),
)


def zone_of(*texts: str, width_m: float = 20):
    return street_zone(TOWN, [Stretch.parse(text) for text in texts], width_m, "named in the order")


def test_a_street_is_taken_by_its_name_in_any_case() -> None:
    zone = zone_of("high  street")
    assert zone.area_m2 == pytest.approx(1000 * 20, rel=0.001), "square ends, no gap at the joint"
    assert zone.basis is Basis.STREETS and zone.width_m == 20
    assert zone.streets == ("high street",)


def test_part_of_a_street_lies_between_two_others() -> None:
    zone = zone_of("High Street from Mill Lane to Dock Road")
    assert zone.area_m2 == pytest.approx(600 * 20, rel=0.001)
    west, _, east, _ = zone.shape.bounds
    assert (west, east) == pytest.approx((at(2, 0)[0], at(8, 0)[0]), abs=1e-6)
    assert zone.name == "High Street from Mill Lane to Dock Road"


def test_several_streets_are_one_zone() -> None:
    zone = zone_of("Mill Lane", "Far Street")
    assert isinstance(zone.shape, shapely.MultiPolygon)
    assert zone.name == "Mill Lane and 1 more"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Hihg Street", "no street “Hihg Street” in “.+”. Streets like it: “High Street”"),
        ("High Street from Mill Lane to Far Street", "does not meet “Far Street”"),
        ("High Street from Mill Lane to Mill Lane", "does not run from"),
    ],
)
def test_what_is_not_there_is_said(text: str, why: str) -> None:
    with pytest.raises(DataError, match=why):
        zone_of(text)


def test_a_street_spelt_otherwise_is_offered() -> None:
    with pytest.raises(DataError) as caught:
        zone_of("High St")
    assert "“High Street”" in caught.value.hint


def test_names_that_begin_so_come_first() -> None:
    assert names_like(TOWN, "m") == ["Mill Lane"]
    assert names_like(TOWN, "street") == ["Far Street", "High Street"]


def test_a_corridor_runs_along_a_line() -> None:
    (zone,) = corridors(TOWN, 50, "the bus route", rows=np.array([4]))
    assert zone.basis is Basis.CORRIDOR and zone.streets == ("Far Street",)
    assert zone.area_m2 == pytest.approx(1000 * 50, rel=0.001)
    with pytest.raises(EditError, match="holds points"):
        corridors(sites((0, 0)), 50, "x", rows=np.array([0]))


def test_a_corridor_turns_without_a_gap() -> None:
    line = shapely.LineString([at(0, 0), at(3, 0), at(3, 4)])
    zone = corridor("Route", line, 40, "drawn at the meeting")
    assert shapely.contains_xy(zone.shape, *at(3.1, -0.1))
    assert zone.area_m2 == pytest.approx(700 * 40, rel=0.01)
    assert geodesy.length_m(line) == pytest.approx(700, rel=0.001)


@pytest.mark.parametrize(
    ("width", "basis", "why"), [(40, "", "needs its basis"), (0.1, "x", "1 m to 5 km")]
)
def test_a_corridor_needs_a_basis_and_a_width(width: float, basis: str, why: str) -> None:
    with pytest.raises(EditError, match=why):
        corridor("Route", shapely.LineString([at(0, 0), at(3, 0)]), width, basis)
