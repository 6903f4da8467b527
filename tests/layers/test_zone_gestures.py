"""What becomes of zones changed by hand: what they were is told, and no term is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import shapely

from gisapp.errors import DataError, EditError
from gisapp.layers import geodesy, zone_gestures, zone_shapes
from gisapp.layers.breach import Breach
from gisapp.layers.entry_text import Radius, Scale, Step, Turn, entry_in
from gisapp.layers.position_text import Position
from gisapp.layers.project import Project
from gisapp.layers.terms import Terms
from gisapp.layers.vocabulary import (
    Activity,
    Basis,
    BreachSource,
    MeasuredFrom,
    Polarity,
    Visibility,
)
from gisapp.layers.zone import Zone, circle_zone

HERE = (-84.51, 39.1)
ROUND = circle_zone("Quay Street", *HERE, 200, "agreed in May", radius_text="200 m")
SQUARE = Zone("Square", shapely.box(-84.51, 39.1, -84.505, 39.104), basis_text="drawn")
BESIDE = Zone("Beside", shapely.box(-84.505, 39.1, -84.5, 39.104))
FOOTPRINT = Zone("House", shapely.box(-84.51, 39.1, -84.5099, 39.1001), Basis.FOOTPRINT, "survey")


def project(*zones: Zone) -> Project:
    return Project().with_zones(zones)


def test_a_circle_that_is_moved_stays_one() -> None:
    there = zone_shapes.step(HERE, 500, 90)
    zone = zone_gestures.moved(replace(ROUND, measured_from=MeasuredFrom.ENTRANCE), HERE, there)
    assert (zone.basis, zone.radius_m, zone.radius_text) == (Basis.CIRCLE, 200, "200 m")
    assert zone.centre == pytest.approx(there)
    assert zone.shape.equals(geodesy.circle(*there, 200))
    assert zone.measured_from is MeasuredFrom.POINT
    assert zone.basis_text == "agreed in May; centre moved by hand"
    assert zone_gestures.moved(zone, there, HERE).basis_text == zone.basis_text


def test_a_circle_that_is_scaled_stays_one_and_says_so() -> None:
    zone = zone_gestures.scaled(ROUND, 1.2, HERE)
    assert (zone.basis, zone.radius_m, zone.radius_text) == (Basis.CIRCLE, 240, "240 m")
    assert zone.basis_text == "agreed in May; radius changed by hand from 200 m"
    exact = zone_gestures.with_radius(zone, 152.4, "500 ft")
    assert (exact.radius_text, exact.basis_text) == ("500 ft", zone.basis_text)
    with pytest.raises(EditError, match="no circle"):
        zone_gestures.with_radius(SQUARE, 100)


def test_the_ground_round_a_building_is_no_disc() -> None:
    zone = replace(ROUND, measured_from=MeasuredFrom.BUILDING_EDGE)
    moved = zone_gestures.moved(zone, HERE, zone_shapes.step(HERE, 10, 0))
    assert moved.basis is Basis.POLYGON
    assert moved.basis_text == "agreed in May; moved by hand from a circle of 200 m"


def test_a_footprint_is_never_buffered_and_what_is_buffered_says_so() -> None:
    with pytest.raises(EditError, match="a footprint is never buffered"):
        zone_gestures.buffered(FOOTPRINT, 20)
    wider = zone_gestures.buffered(SQUARE, 20)
    assert (wider.basis, wider.basis_text) == (Basis.POLYGON, "drawn; widened by hand by 20 m")
    narrow = zone_gestures.buffered(ROUND, -10)
    assert narrow.basis_text == "agreed in May; narrowed by hand by 10 m from a circle of 200 m"
    assert narrow.radius_m is None


def test_the_largest_part_keeps_the_name_and_the_others_get_one() -> None:
    before = project(ROUND, SQUARE)
    line = [(-84.52, 39.1004), (-84.50, 39.1004)]
    edit = zone_gestures.split(before, [ROUND, SQUARE], line)
    after = edit.apply(before)
    assert edit.label == "Split 2 zones"
    assert sorted(zone.name for zone in after.zones.values()) == [
        "Quay Street",
        "Quay Street 2",
        "Square",
        "Square 2",
    ]
    assert after.zones[ROUND.id].area_m2 > next(
        zone.area_m2 for zone in after.zones.values() if zone.name == "Quay Street 2"
    )
    assert len({zone.id for zone in after.zones.values()}) == 4
    assert "split by hand from a circle of 200 m" in after.zones[ROUND.id].basis_text
    with pytest.raises(EditError, match="does not divide"):
        zone_gestures.split(before, [ROUND], [(0, 0), (1, 1)])


def test_merging_loses_no_term_and_no_breach() -> None:
    told = Breach(
        BESIDE.id, datetime(2025, 1, 1, tzinfo=UTC), BreachSource.SERVICE, Activity.DRUG_SEARCH
    )
    hidden = replace(BESIDE, visibility=Visibility.POLICE_ONLY, service="Clinic")
    before = replace(project(SQUARE, hidden), breaches=(told,))
    edit = zone_gestures.merge([SQUARE, hidden])
    after = edit.apply(before)
    assert edit.label == "Merge zone Square and 1 more"
    (zone,) = after.zones.values()
    assert zone.id == SQUARE.id
    assert zone.area_m2 == pytest.approx(SQUARE.area_m2 + BESIDE.area_m2)
    assert zone.visibility is Visibility.POLICE_ONLY
    assert zone.anchors == ("Clinic",)
    assert (
        zone.basis_text == "merged by hand from “Square” (drawn area; drawn), “Beside” (drawn area)"
    )
    assert [breach.zone_id for breach in after.breaches] == [SQUARE.id]


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (replace(BESIDE, polarity=Polarity.ENHANCED_PENALTY), "different effect"),
        (replace(BESIDE, agreement_id="x"), "different agreements"),
        (replace(BESIDE, terms=Terms()), "different terms"),
        (replace(BESIDE, starts_at=datetime(2025, 1, 1, tzinfo=UTC)), "different times"),
        (Zone("Far", shapely.box(0, 0, 1, 1)), "lie apart"),
    ],
)
def test_zones_that_are_not_alike_do_not_merge(other: Zone, why: str) -> None:
    with pytest.raises(EditError, match=why):
        zone_gestures.merge([SQUARE, other])


def test_cutting_changes_only_what_it_meets() -> None:
    edit = zone_gestures.cut([SQUARE, BESIDE], ROUND.shape, "“River”")
    after = edit.apply(project(SQUARE, BESIDE))
    assert edit.label == "Cut zone Square"
    assert after.zones[BESIDE.id] is BESIDE
    assert after.zones[SQUARE.id].basis_text == "drawn; cut by hand by “River”"
    kept = zone_gestures.cut([SQUARE], ROUND.shape, "“River”", keep_inside=True)
    inside = kept.apply(project(SQUARE)).zones[SQUARE.id]
    assert inside.area_m2 + after.zones[SQUARE.id].area_m2 == pytest.approx(
        SQUARE.area_m2, rel=1e-4
    )
    with pytest.raises(EditError, match="“Square”: Nothing") as refused:
        zone_gestures.cut([SQUARE], shapely.box(-85, 39, -84, 40), "all")
    assert str(refused.value).count("Cut with a smaller area.") == 1
    with pytest.raises(EditError, match="No selected zone"):
        zone_gestures.cut([SQUARE], shapely.box(0, 0, 1, 1), "nothing near")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("120 m @ 45°", Step(120, 45)),
        ("500ft @ -90", Step(152.4, 270)),
        ("120m@NE", Step(120, 45)),
        ("120 m", Step(120)),
        ("-20 m", Step(-20)),
        ("30°", Turn(30)),
        ("-12,5 deg", Turn(-12.5)),
        ("120%", Scale(1.2)),
        ("x1.5", Scale(1.5)),
        ("r 250 m", Radius(250, "250 m")),
        ("radius = 500 ft", Radius(152.4, "500 ft")),
    ],
)
def test_what_is_typed(text: str, meant: object) -> None:
    assert entry_in(text) == meant


def test_a_place_is_read_in_the_order_that_lies_near() -> None:
    for text in ("47.37 8.54", "8.54 47.37", "47.37N 8.54E"):
        found = entry_in(text, (8.5, 47.4))
        assert isinstance(found, Position)
        assert (found.lon, found.lat) == (8.54, 47.37)


@pytest.mark.parametrize(
    "text", ["", "500", "abc", "0%", "12 m @ XYZ", "12 m @ NES", "r 5", "@ 45"]
)
def test_what_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(DataError):
        entry_in(text)
