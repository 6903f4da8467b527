"""Zones that are harmless one by one and tell a confidential service together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gisapp.layers import geodesy
from gisapp.layers.audience import Audience
from gisapp.layers.given_away import NEAREST_M, gives_away, middles
from gisapp.layers.layer import Layer, Points, new_layer
from gisapp.layers.project import Project
from gisapp.layers.seen import is_seen, seen_by
from gisapp.layers.told_together import leaving, told_together
from gisapp.layers.vocabulary import LayerKind, Visibility
from gisapp.layers.zone import Zone

SITE = (-3.31, 55.255)
ACROSS, UP = geodesy.degrees_of(1.0, SITE[1])
OTHERS = [(Audience.PUBLIC, False), (Audience.PARTNERS, False), (Audience.POLICE, True)]
DAY = date(2026, 3, 2)


def services(mark: str = "yes") -> Layer:
    table = pa.table({"name": ["Rose House"], "confidential": [mark]})
    at = Points(np.array([SITE[0]]), np.array([SITE[1]]))
    fields = {"name": "name", "confidential": "confidential"}
    return new_layer("Services", LayerKind.SERVICES, table, at, fields)


def box(name: str, west: float, south: float, east: float, north: float) -> Zone:
    """A rectangle by its sides in metres from the service."""
    x, y = SITE
    ground = shapely.box(x + west * ACROSS, y + south * UP, x + east * ACROSS, y + north * UP)
    return Zone(name, ground, id=name)


def project_of(*zones: Zone, mark: str = "yes") -> Project:
    named = {zone.id: zone for zone in zones}
    return Project(timezone="Europe/London", layers=(services(mark),), zones=named)


LEFT, RIGHT = box("left", -250, -200, 0, 200), box("right", 0, -200, 250, 200)
FAR = box("far", 900, 900, 1300, 1250)


def test_two_halves_tell_together_and_neither_goes_out() -> None:
    project = project_of(LEFT, RIGHT, FAR)
    assert not any(gives_away(project, zone) for zone in project.zones.values())
    assert told_together(project) == {"left": {"right"}, "right": {"left"}}
    for audience, exported in OTHERS:
        assert list(seen_by(project, audience, exported=exported).zones) == ["far"]
        assert not is_seen(project, LEFT, audience, exported=exported)
    assert seen_by(project, Audience.POLICE, exported=False) is project
    assert told_together(project_of(LEFT, RIGHT, mark="")) == {}
    assert told_together(project_of(LEFT, FAR)) == {}


@pytest.mark.parametrize(
    "zones",
    [
        (box("a", -300, -90, -99, 200), box("b", -99, -90, 99, 0), box("c", 99, -90, 300, 90)),
        tuple(
            box(f"{way}", x - 70, y - 70, x + 70, y + 70)
            for way, (x, y) in enumerate([(140, 0), (0, 140), (-140, 0), (0, -140)])
        ),
        (box("wide", -400, -40, 60, 50), box("high", -50, -60, 80, 500)),
    ],
    ids=["three", "a ring of four", "what two share"],
)  # fmt: skip
def test_small_groups_and_what_zones_share_tell_too(zones: tuple[Zone, ...]) -> None:
    assert set(told_together(project_of(*zones, FAR))) == {zone.id for zone in zones}


def test_outlines_that_cross_themselves_are_laid_together_by_what_they_enclose() -> None:
    x, y = SITE
    tail = [(-240, -200), (-240, -205), (-235, -195)]
    corners = np.array([(-250, -200), (-250, 200), (0, 200), (0, -200), *tail])
    crossing = Zone("left", shapely.Polygon(corners * (ACROSS, UP) + (x, y)), id="left")
    assert not shapely.is_valid(crossing.shape)
    assert set(told_together(project_of(crossing, RIGHT, FAR))) == {"left", "right"}
    spike = Zone("flat", shapely.Polygon([(x, y), (x + ACROSS * 90, y), (x, y)]), id="flat")
    assert told_together(project_of(spike, RIGHT)) == {}


def test_districts_buildings_and_what_never_leaves_do_not_hold_a_zone_back() -> None:
    west, east = box("west", -2500, -1500, 0, 1500), box("east", 0, -1500, 2500, 1500)
    assert told_together(project_of(west, east)) == {}
    named = [replace(zone, service="Rose House") for zone in (west, east)]
    assert set(told_together(project_of(*named))) == {"west", "east"}
    house = box("house", 30, 40, 45, 60)
    assert told_together(project_of(box("district", -700, -500, 900, 800), house)) == {}
    kept = replace(RIGHT, visibility=Visibility.NEVER_EXPORT)
    assert told_together(project_of(LEFT, kept)) == {} and "right" not in leaving(project_of(kept))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(*[st.floats(-300, 300)] * 2, *[st.floats(40, 300)] * 2), max_size=4))
def test_no_two_that_go_out_have_a_middle_of_both_at_the_service(
    boxes: list[tuple[float, float, float, float]],
) -> None:
    zones = [box(str(n), x, y, x + w, y + h) for n, (x, y, w, h) in enumerate(boxes)]
    project = project_of(*zones)
    plane = geodesy.plane_for((*SITE, *SITE))
    x, y = plane.to_metres(np.array([SITE[0]]), np.array([SITE[1]]))
    going = list(seen_by(project, Audience.PATROL, exported=True).zones.values())
    grounds = [plane.shape_to_metres(zone.shape) for zone in going]
    for at, one in enumerate(grounds):
        for other in grounds[:at]:
            union = shapely.union(one, other)
            alone = union.area < 1.03 * max(one.area, other.area)
            if alone or shapely.distance(one, other) > 49 or union.geom_type != "Polygon":
                continue
            apart = np.hypot(*(middles(union) - np.column_stack([x, y])).T)
            assert apart.min() > NEAREST_M - 0.01
