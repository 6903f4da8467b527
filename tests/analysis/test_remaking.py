"""Zones made again from what they record, where a site or a street moved."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gisapp.analysis.zones.order import Shape, ZoneOrder
from gisapp.analysis.zones.remaking import remade, remade_zones
from gisapp.document import Document
from gisapp.errors import EditError
from gisapp.layers import edits
from gisapp.layers.layer import Layer
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import Basis, LayerKind, MeasuredFrom
from gisapp.layers.zone import Zone
from tests.analysis.street_layers import areas, at, block, sites, streets

ROADS = streets([(0, 0), (10, 0), (20, 0)], [(10, -5), (10, 0), (10, 5)], names=("High", "Mill"))
LONGER = replace(
    streets([(0, 0), (10, 0), (20, 0)], [(10, -9), (10, 0), (10, 9)], names=("High", "Mill")),
    id=ROADS.id,
)
PLACES = sites((5, 0), (15, 0), names=("Clinic", "Exchange"))
MOVED = replace(sites((8, 0), (15, 0), names=("Clinic", "Exchange")), id=PLACES.id)
WARDS = areas(
    block(0, 0, 1, 1),
    block(1, 0, 2, 1),
    names=("East", "West"),
    title="Wards",
    kind=LayerKind.BOUNDARIES,
)
WIDER = replace(
    areas(
        block(0, 0, 1, 2),
        block(1, 0, 2, 1),
        names=("East", "West"),
        title="Wards",
        kind=LayerKind.BOUNDARIES,
    ),
    id=WARDS.id,
)


def holding(zones: tuple[Zone, ...], *layers: Layer) -> Project:
    return Project(layers=layers, zones={zone.id: zone for zone in zones})


def drawn(layer: Layer, shape: Shape, rows: tuple[int, ...] = (0,), **more: object) -> Zone:
    order = ZoneOrder(
        layer,
        np.array(rows),
        shape,
        "5 min" if shape is Shape.WALK else "100m",
        "agreed",
        streets=ROADS,
        **more,
    )
    return order.drawn(()).zones[0]


@pytest.mark.parametrize("hull", [False, True])
@pytest.mark.parametrize("shape", [Shape.CIRCLE, Shape.WALK])
def test_a_zone_follows_its_site(shape: Shape, hull: bool) -> None:
    zone = drawn(PLACES, shape, hull=hull)
    same = remade(zone, holding((zone,), ROADS, PLACES))
    assert same.shape.equals(zone.shape)
    new = remade(zone, holding((zone,), ROADS, MOVED))
    assert new.centre == pytest.approx(at(8, 0))
    assert not new.shape.equals(zone.shape)
    assert replace(new, shape=zone.shape, centre=zone.centre) == zone, "nothing else differs"


def test_a_walk_follows_the_streets() -> None:
    zone = drawn(sites((10, 0), names=("Clinic",)), Shape.WALK)
    shorter = replace(streets([(0, 0), (10, 0), (20, 0)], names=("High",)), id=ROADS.id)
    assert remade(zone, holding((zone,), shorter)).area_m2 < zone.area_m2


def test_streets_and_corridors_follow_their_names() -> None:
    zone = drawn(ROADS, Shape.STREETS, names=("Mill",))
    assert remade(zone, holding((zone,), LONGER)).area_m2 == pytest.approx(
        zone.area_m2 * 1.8, rel=0.001
    )
    along = drawn(ROADS, Shape.CORRIDOR, (1,))
    assert remade(along, holding((along,), LONGER)).area_m2 > along.area_m2


@pytest.mark.parametrize("shape", [Shape.DISTRICT, Shape.JURISDICTION, Shape.PARCEL])
def test_areas_follow_their_layer(shape: Shape) -> None:
    zone = drawn(WARDS, shape)
    assert remade(zone, holding((zone,), WARDS)).shape.equals(zone.shape)
    assert remade(zone, holding((zone,), WIDER)).area_m2 > 1.9 * zone.area_m2


def test_an_edge_follows_its_parcel() -> None:
    parcels = areas(block(4, -1, 6, 1), names=("Yard",), title="Parcels")
    zone = drawn(PLACES, Shape.CIRCLE, measured_from=MeasuredFrom.PARCEL_EDGE, premises=parcels)
    larger = replace(areas(block(3, -1, 7, 1), names=("Yard",), title="Parcels"), id=parcels.id)
    assert remade(zone, holding((zone,), PLACES, larger)).area_m2 > zone.area_m2
    with pytest.raises(EditError, match="no area of “Parcels”"):
        gone = areas(block(30, 0, 31, 1), names=("Yard",), title="Parcels")
        remade(zone, holding((zone,), PLACES, gone))


def test_what_was_drawn_by_hand_stays() -> None:
    by_hand = Zone("Mine", block(0, 0, 1, 1))
    house = replace(by_hand, basis=Basis.FOOTPRINT)
    reshaped = drawn(WARDS, Shape.DISTRICT).reshaped(block(0, 0, 1, 3))
    for zone in (by_hand, house, reshaped):
        with pytest.raises(EditError, match="drawn by hand"):
            remade(zone, holding((zone,), WARDS))


def test_all_are_made_again_in_one_step_that_can_be_undone() -> None:
    clinic, exchange = (drawn(PLACES, Shape.CIRCLE, (row,)) for row in (0, 1))
    by_hand = Zone("Mine", block(0, 0, 1, 1))
    document = Document(holding((clinic, exchange, by_hand), ROADS, MOVED))
    made = remade_zones(document.project, document.project.zones)
    assert [zone.name for zone in made.changed] == ["Clinic"]
    assert made.unchanged == 1
    assert made.problems == (("Mine", "This zone was drawn by hand. Reshape it instead."),)
    document.apply(edits.rename_zone(clinic.id, "The clinic"))
    document.apply(made.edit())
    now = document.project.zone(clinic.id)
    assert now.name == "The clinic", "what was changed since stays"
    assert now.centre == pytest.approx(at(8, 0))
    assert document.undo_label == "Make zone again"
    document.undo()
    assert document.project.zone(clinic.id).shape is clinic.shape
