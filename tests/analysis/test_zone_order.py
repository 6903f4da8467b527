"""Orders of zones: what is wrong with them, and what is drawn and told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gisapp.analysis.zones.order import Shape, ZoneOrder, shapes_of
from gisapp.errors import DataError, EditError
from gisapp.layers.vocabulary import Basis, LayerKind, MeasuredFrom
from tests.analysis.street_layers import areas, block, sites, streets

ROADS = streets([(0, 0), (20, 0)], names=("High Street",))
PLACES = sites((5, 0), (10, 1.5), (15, 9), names=("Near", "Aside", "Lost"))
WALK = ZoneOrder(PLACES, np.arange(3), Shape.WALK, "5 min", "agreed in May", streets=ROADS)


def test_a_walk_tells_who_is_far_from_a_street_and_who_has_none() -> None:
    drawn = WALK.drawn(())
    assert [zone.name for zone in drawn.zones] == ["Near", "Aside"]
    assert [(one.name, round(one.away_m or 0)) for one in drawn.far] == [("Aside", 150)]
    assert [one.name for one in drawn.left_out] == ["Lost"]
    assert drawn.remarks() == [
        "Far from a street, so look at: Aside (150 m).",
        "No zone for: Lost (900 m).",
    ]
    assert replace(WALK, far="200m", rows=np.arange(2)).drawn(()).remarks() == [
        "All within 150 m of a street."
    ]


def test_everything_wrong_is_said_at_once_by_field() -> None:
    bad = ZoneOrder(PLACES, np.arange(0), Shape.WALK, "soon", width="wide", pace="fast")
    assert set(bad.problems()) == {"services", "radius", "width", "pace", "streets", "basis"}
    assert WALK.problems() == {}
    assert "width" not in replace(WALK, width="wide", hull=True).problems()


def test_blocks_ask_for_their_length_and_keep_the_text_as_agreed() -> None:
    order = ZoneOrder(PLACES, np.arange(1), Shape.CIRCLE, "6 blocks", "the study")
    assert set(order.problems()) == {"block"}
    told = replace(order, block="80m", block_basis="the grid plan")
    assert told.problems() == {}
    (zone,) = told.drawn(()).zones
    assert (zone.radius_text, zone.radius_m) == ("6 blocks", 480)
    assert zone.basis_text == "the study; a block taken as 80 m: the grid plan"


def test_a_circle_from_an_edge_asks_whose() -> None:
    order = ZoneOrder(
        PLACES,
        np.arange(3),
        Shape.CIRCLE,
        "100m",
        "the act",
        measured_from=MeasuredFrom.PARCEL_EDGE,
    )
    assert set(order.problems()) == {"premises"}
    with pytest.raises(EditError, match="whose edge is meant"):
        order.drawn(())
    parcels = areas(block(4, -1, 6, 1), names=("Yard",), title="Parcels")
    drawn = replace(order, premises=parcels).drawn(())
    assert [zone.service for zone in drawn.zones] == ["Near"]
    assert drawn.remarks() == [
        "No zone for: Aside (in no area of “Parcels”), Lost (in no area of “Parcels”)."
    ]


def test_entrances_are_points_that_are_named() -> None:
    order = ZoneOrder(
        PLACES, np.arange(1), Shape.CIRCLE, "15m", "the order", measured_from=MeasuredFrom.ENTRANCE
    )
    assert order.drawn(()).zones[0].measured_from is MeasuredFrom.ENTRANCE


def test_streets_and_corridors_come_from_lines() -> None:
    order = ZoneOrder(ROADS, np.arange(0), Shape.STREETS, basis="named", names=("High Street",))
    assert order.problems() == {}
    assert order.drawn(()).zones[0].basis is Basis.STREETS
    assert set(replace(order, names=()).problems()) == {"services"}
    along = replace(order, shape=Shape.CORRIDOR, rows=np.array([0]), width="50m")
    assert along.drawn(()).zones[0].width_m == 50
    with pytest.raises(DataError):
        replace(along, width="0m").drawn(())


@pytest.mark.parametrize(
    ("shape", "basis"),
    [
        (Shape.FOOTPRINT, Basis.FOOTPRINT),
        (Shape.PARCEL, Basis.PARCEL),
        (Shape.DISTRICT, Basis.POLYGON),
        (Shape.JURISDICTION, Basis.JURISDICTION),
    ],
)
def test_areas_are_taken_as_they_are(shape: Shape, basis: Basis) -> None:
    wards = areas(
        block(0, 0, 1, 1),
        block(1, 0, 2, 1),
        names=("East", "West"),
        title="Wards",
        kind=LayerKind.BOUNDARIES,
    )
    drawn = ZoneOrder(wards, np.arange(2), shape).drawn(("East",))
    assert {zone.basis for zone in drawn.zones} == {basis}
    assert "East" not in {zone.name for zone in drawn.zones}
    assert shape in shapes_of(wards)


def test_every_kind_of_layer_offers_what_can_be_drawn_from_it() -> None:
    assert shapes_of(PLACES) == (Shape.CIRCLE, Shape.WALK)
    assert shapes_of(ROADS) == (Shape.STREETS, Shape.CORRIDOR)
    yard = areas(block(0, 0, 1, 1), names=("Yard",), title="Premises", kind=LayerKind.SERVICES)
    assert Shape.FOOTPRINT is shapes_of(yard)[0]
