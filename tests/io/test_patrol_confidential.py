"""Zones of a confidential service, seen by somebody who wants to know where it is."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from gisapp.errors import ExportError
from gisapp.io.patrol.changes import base_of
from gisapp.io.patrol.refusals import exportable
from gisapp.io.patrol.zones import outgoing
from gisapp.io.project.project_file import save
from gisapp.layers import geodesy
from gisapp.layers.agreement import Party
from gisapp.layers.arcs import Ring, arc_centres
from gisapp.layers.audience import Audience
from gisapp.layers.confidential import code_of
from gisapp.layers.given_away import NEAREST_M, middles, tells_of
from gisapp.layers.layer import Points, new_layer
from gisapp.layers.project import Project
from gisapp.layers.scenario import Settled, Settlement
from gisapp.layers.vocabulary import (
    Basis,
    LayerKind,
    MeasuredFrom,
    PartyRole,
    Polarity,
    Visibility,
)
from gisapp.layers.zone import Zone, circle_zone
from tests.conftest import Run
from tests.io.packages import DAY, KEY, contents, everything, manifest, package
from tests.io.projects import SIGNED, agreement

LON, LAT = -84.5, 39.1
NAME = "St Anne's Shelter"


def city(*zones: Zone, **terms: object) -> Project:
    """A confidential service, an open one, and zones under an agreement that names the first."""
    table = pa.table({"name": [NAME, "Open Door"], "confidential": ["yes", ""]})
    places = Points(np.array([LON, -84.45]), np.array([LAT, 39.15]))
    fields = {"name": "name", "confidential": "confidential"}
    services = new_layer("Services", LayerKind.SERVICES, table, places, fields)
    parties = (
        Party("City Police", PartyRole.POLICE, "Chief", SIGNED),
        Party(NAME.upper(), PartyRole.SERVICE, "Director", SIGNED),
    )
    given = {"parties": parties, "referral_contact": f"{NAME}, 01632 960166", **terms}
    agreed = agreement("Agreement of st  anne's SHELTER", **given)
    made = [replace(zone, agreement_id="quay") for zone in zones]
    return Project(
        title=f"Zones of {NAME}",
        timezone="America/New_York",
        layers=(services,),
        agreements={"quay": agreed},
        zones={zone.id: zone for zone in made},
    )


def area(east_m: float, north_m: float, width_m: float = 800.0, name: str = "x") -> Zone:
    """A square drawn by hand with its middle off the service, which it is said to stand round."""
    across, up = geodesy.degrees_of(1.0, LAT)
    x, y = LON + east_m * across, LAT + north_m * up
    half = width_m / 2
    shape = shapely.box(x - half * across, y - half * up, x + half * across, y + half * up)
    return Zone(name, shape, Basis.POLYGON, f"drawn round {NAME}", service=NAME, id="st-annes")


OFF = area(250, 150, name=f"Round {NAME}")


def codes(project: Project) -> tuple[str, ...]:
    return tuple(code for one in exportable(project, DAY)[1] for code in one.codes)


@pytest.mark.parametrize(
    "zone",
    [
        circle_zone("Area 5", LON, LAT, 150, "meeting"),
        circle_zone("Area 5", LON, LAT, 150, "meeting", service=NAME),
        circle_zone("Area 5", LON + 0.0003, LAT, 400, "meeting"),
        Zone("Area 5", shapely.box(LON - 1e-4, LAT - 1e-4, LON, LAT), Basis.FOOTPRINT),
        area(0, 0),
        area(60, 60),
        replace(area(0, 0), shape=geodesy.circle(LON, LAT, 150)),
    ],
)  # fmt: skip
def test_an_outline_that_tells_the_place_stays(zone: Zone) -> None:
    assert codes(city(zone)) == ("confidential",)


def with_wing(radius_m: float) -> BaseGeometry:
    """A circle round the service that somebody joined with a long street to move its middle."""
    across, up = geodesy.degrees_of(1.0, LAT)
    wing = shapely.box(LON, LAT - 20 * up, LON + 1500 * across, LAT + 20 * up)
    return geodesy.circle(LON, LAT, radius_m).union(wing)


def test_a_piece_of_a_circle_tells_its_centre() -> None:
    shape = with_wing(150)
    assert codes(city(replace(OFF, shape=shape))) == ("confidential",)
    plane = geodesy.plane_for(shape.bounds)
    corners = shapely.get_coordinates(plane.shape_to_metres(shape))[:-1]
    centres = arc_centres(Ring(corners, np.full(len(corners), 0.02)))
    x, y = plane.to_metres(np.array([LON]), np.array([LAT]))
    assert np.hypot(centres[:, 0] - x, centres[:, 1] - y).min() < 2


def test_a_circle_about_it_tells_in_whatever_zone_it_is() -> None:
    """Also where nothing says that the zone has to do with the service."""
    drawn = Zone("Riverside", with_wing(150), Basis.POLYGON, "drawn", id="riverside")
    assert codes(city(drawn)) == ("confidential",)
    around = area(600, 500, 2400).shape
    hole = replace(drawn, shape=around.difference(area(0, 0, 100).shape))
    assert codes(city(hole)) == ("confidential",)
    apart = shapely.MultiPolygon([area(900, 900, 800).shape, area(0, 0, 100).shape])
    assert codes(city(replace(drawn, shape=apart))) == ("confidential",)
    assert codes(city(replace(drawn, shape=around))) == ()


def test_zones_that_tell_only_together_stay_together_and_say_of_each_other() -> None:
    """One half of a square has no middle at the service on its edge; both halves have."""
    west, east = area(-200, 0, 400, "West").shape, area(200, 0, 400, "East").shape
    halves = [
        Zone(name, shape, Basis.POLYGON, "drawn", id=name)
        for name, shape in (("West", west), ("East", east))
    ]
    assert codes(city(halves[0])) == ()
    going, refused = exportable(city(*halves, replace(OFF, shape=area(3000, 0).shape)), DAY)
    assert len(going) == 1 and [one.codes for one in refused] == [("confidential",)] * 2
    assert refused[0].reason.startswith("together with “East” its outline would tell")
    assert refused[1].reason.startswith("together with “West” its outline would tell")


def test_ground_settled_for_a_circle_about_it_tells_too() -> None:
    district = Zone("District", area(600, 500, 2400).shape, Basis.POLYGON, "agreed", id="district")
    ring = circle_zone(
        "Penalty", LON, LAT, 150, "law", id="ring", polarity=Polarity.ENHANCED_PENALTY
    )
    settled = Settlement(("district", "ring"), Settled.OPPOSITE_HOLDS, DAY, "they", "so")
    project = replace(city(district, ring), settlements=(settled,))
    assert [one.name for one in exportable(project, DAY)[0]] == []


def test_a_zone_of_opposite_sign_round_it_is_not_named() -> None:
    """A zone gives way to it, and says so; not its name, where that is for others or tells."""
    district = Zone("District", area(600, 500, 2400).shape, Basis.POLYGON, "agreed", id="district")
    ring = Zone(
        "Refuge ring", area(1500, 900, 300).shape, Basis.POLYGON, "law", service=NAME, id="ring",
        polarity=Polarity.ENHANCED_PENALTY,
    )  # fmt: skip
    settled = Settlement(("district", "ring"), Settled.OPPOSITE_HOLDS, DAY, "they", "so")
    project = replace(city(district, ring), settlements=(settled,))
    [going] = exportable(project, DAY)[0]
    assert "Refuge" not in str(outgoing(project, going, DAY).attributes["basis_text"])
    # Under an agreement that never leaves.
    plain = replace(project.zones["ring"], service="", agreement_id="kept")
    kept = replace(project.agreements["quay"], id="kept", visibility=Visibility.NEVER_EXPORT)
    project = replace(project, agreements={**project.agreements, "kept": kept}).with_zone(plain)
    [going] = exportable(project, DAY)[0]
    assert "Refuge" not in str(outgoing(project, going, DAY).attributes["basis_text"])


def test_a_hole_and_a_part_tell_their_middle_too() -> None:
    far = area(600, 500, 2400)
    assert codes(city(far)) == ()
    hole = replace(far, shape=far.shape.difference(area(0, 0, 100).shape))
    assert codes(city(hole)) == ("confidential",)
    apart = area(700, 700, 1200).shape.difference(area(0, 0, 400).shape)
    part = replace(far, shape=shapely.MultiPolygon([apart, area(0, 0, 100).shape]))
    assert codes(city(part)) == ("confidential",)


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(st.floats(-900, 900), st.floats(-900, 900)), min_size=3, max_size=12, unique=True
    )
)
def test_whatever_goes_out_has_no_middle_at_the_service(corners: list[tuple[float, float]]) -> None:
    across, up = geodesy.degrees_of(1.0, LAT)
    hull = shapely.MultiPoint([(LON + x * across, LAT + y * up) for x, y in corners]).convex_hull
    if not isinstance(hull, shapely.Polygon) or geodesy.area_m2(hull) < 100:
        return
    project = city(replace(OFF, shape=hull))
    going, _ = exportable(project, DAY)
    if not going:
        return
    shape = outgoing(project, going[0], DAY).shape
    plane = geodesy.plane_for(shape.bounds)
    x, y = plane.to_metres(np.array([LON]), np.array([LAT]))
    apart = np.hypot(*(middles(plane.shape_to_metres(shape)) - np.column_stack([x, y])).T)
    assert apart.min() > NEAREST_M


def test_many_packages_tell_no_more_than_one(tmp_path: Path) -> None:
    project = city(OFF)
    days = [date(2025, month, 1) for month in range(1, 7)]
    files = [contents(package(tmp_path / "z.zip", project, day=day)) for day in days]
    assert len({one["zones.geojson"] for one in files}) == 1


def test_what_goes_out_names_no_confidential_service(tmp_path: Path) -> None:
    other = circle_zone(
        f"Opposite {NAME}", -84.45, 39.15, 150, f"with {NAME}", parts=f"next to {NAME}"
    )
    project = city(replace(OFF, anchors=(NAME,), measured_from=MeasuredFrom.POINT), other)
    path = package(tmp_path / "z.zip", project, formats=("all",))
    for name, said in everything(path).items():
        assert "anne" not in said.casefold(), name
    going = {one.name for one in exportable(project, DAY)[0]}
    assert len(going) == 2
    sent = [outgoing(project, zone, DAY).attributes for zone in project.zones.values()]
    assert [one["name"] for one in sent] == [
        f"Area {code_of(project, project.zones['st-annes'])[:6].upper()}",
        "Opposite a service",
    ]
    assert sent[0]["agreement"] == "Agreement of a service"
    assert sent[0]["referral_contact"] == "a service"
    assert "City Police" in str(sent[0]["parties"])
    assert [sent[0][key] for key in ("radius_m", "measured_from", "basis_text")][:2] == [None, ""]


def test_an_id_that_tells_is_not_sent_and_the_other_is_always_the_same() -> None:
    project = city(OFF)
    [zone] = project.zones.values()
    sent, again = (
        str(outgoing(project, zone, day).attributes["zone_id"]) for day in (DAY, date(2025, 7, 1))
    )
    assert sent == again
    assert sent != "st-annes"
    assert len(sent) == 32


def since(tmp_path: Path, old: Project, new: Project) -> Path:
    made = package(tmp_path / "old.zip", old)
    return package(tmp_path / "new.zip", new, since=base_of(made, KEY.fingerprint))


@pytest.mark.parametrize("key", ["st-annes", "0" * 32])
@pytest.mark.parametrize("now", [OFF, area(0, 0)], ids=["veiled", "kept back"])
def test_changes_do_not_tell_which_zone_became_confidential(
    tmp_path: Path, key: str, now: Zone
) -> None:
    """Withdrawn by its old name and added by its new one, it would be known by both."""
    secret = city(replace(now, id=key), replace(OFF, name="Quay", id="quay", service=""))
    layer = secret.layers[0]
    table = layer.table.set_column(1, "confidential", pa.array(["", ""]))
    before = replace(secret, layers=(replace(layer, table=table),))
    with pytest.raises(ExportError, match="stands round a confidential service now"):
        since(tmp_path, before, secret)
    whole = package(tmp_path / "whole.zip", secret)
    more = secret.with_zone(
        replace(area(600, 500, 2400, "Mill"), id="mill", service="", agreement_id="quay")
    )
    after = package(tmp_path / "more.zip", more, since=base_of(whole, KEY.fingerprint))
    assert [one["name"] for one in manifest(after)["zones"]] == ["Mill"]


def test_changes_do_not_tell_for_which_zone_one_was_drawn_round_a_confidential_service(
    tmp_path: Path,
) -> None:
    plain = Zone("Quay", area(900, 900).shape, Basis.POLYGON, "agreed", id="quay")
    before, after = city(plain), city(OFF)
    with pytest.raises(ExportError, match="which of the withdrawn zones"):
        since(tmp_path, before, replace(after, id=before.id))
    both = replace(city(plain, OFF), id=before.id)
    [name] = [one["name"] for one in manifest(since(tmp_path, before, both))["zones"]]
    assert name.startswith("Area ")


def told_by_changes(*zones: Zone) -> tuple[Project, Project]:
    """A project in which the service is for everybody, and one in which it is confidential."""
    secret = city(*zones)
    layer = secret.layers[0]
    table = layer.table.set_column(1, "confidential", pa.array(["", ""]))
    return replace(secret, layers=(replace(layer, table=table),)), secret


@pytest.mark.parametrize("how", ["arc", "halves"])
def test_changes_do_not_list_the_zones_that_point_at_what_became_confidential(
    tmp_path: Path, how: str
) -> None:
    """Nothing says that they have to do with the service but that just they are withdrawn."""
    quay = Zone("Quay", area(3000, 900).shape, Basis.POLYGON, "agreed", id="quay")
    shapes = {
        "arc": {"West": with_wing(150)},
        "halves": {"West": area(-200, 0, 400).shape, "East": area(200, 0, 400).shape},
    }[how]
    zones = [Zone(name, one, Basis.POLYGON, "x", id=name) for name, one in shapes.items()]
    before, secret = told_by_changes(*zones, quay)
    with pytest.raises(ExportError, match="“West” went out before and is kept back now") as told:
        since(tmp_path, before, secret)
    assert "whole package" in str(told.value.hint)
    whole = package(tmp_path / "whole.zip", secret)
    assert [one["name"] for one in manifest(whole)["zones"]] == ["Quay"]
    mill = replace(quay, name="Mill", id="mill", shape=area(-3000, 900).shape, agreement_id="quay")
    after = package(
        tmp_path / "more.zip", secret.with_zone(mill), since=base_of(whole, KEY.fingerprint)
    )
    assert [one["name"] for one in manifest(after)["zones"]] == ["Mill"]


def test_a_zone_that_may_no_longer_leave_is_withdrawn_in_the_words_for_one_removed(
    tmp_path: Path,
) -> None:
    quay = Zone("Quay", area(3000, 900).shape, Basis.POLYGON, "agreed", id="quay")
    mill, dock = replace(quay, id="mill", name="Mill"), replace(quay, id="dock", name="Dock")
    before = city(quay, mill, dock)
    never = replace(before.zones["quay"], visibility=Visibility.NEVER_EXPORT)
    after = replace(before, zones={"quay": never, "dock": before.zones["dock"]})
    gone = manifest(since(tmp_path, before, after))["withdrawn"]
    assert {one["name"]: one["reason"] for one in gone} == {
        "Mill": "the sender has removed it",
        "Quay": "the sender has removed it",
    }


def test_what_is_withdrawn_names_no_confidential_service(tmp_path: Path) -> None:
    plain = Zone(f"Opposite {NAME}", area(900, 900).shape, Basis.POLYGON, "agreed", id="quay")
    other = replace(plain, id="mill", name="Mill", shape=area(-900, 900).shape)
    both, one = city(plain, other), city(other)
    layer = both.layers[0]
    table = layer.table.set_column(1, "confidential", pa.array(["", ""]))
    before = replace(both, layers=(replace(layer, table=table),))
    made = since(tmp_path, before, replace(one, id=before.id))
    assert [one["name"] for one in manifest(made)["withdrawn"]] == ["Opposite a service"]


def test_an_outline_without_a_service_near_it_tells_nothing() -> None:
    assert not tells_of(city(), geodesy.circle(-84.4, 39.2, 100))
    assert not tells_of(Project(), geodesy.circle(LON, LAT, 100))


@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.PARTNERS, Audience.PATROL])
def test_what_applies_there_is_told_under_the_id_of_packages(
    audience: Audience, tmp_path: Path, run: Run
) -> None:
    project = city(OFF)
    [going] = exportable(project, DAY)[0]
    code = outgoing(project, going, DAY).attributes["zone_id"]
    save(project, tmp_path / "p.gpkg")
    (tmp_path / "places.csv").write_text(f"lat,lon,time\n{LAT + 0.001},{LON + 0.002},\n")
    at = ("--at", f"{DAY}T12:00", "--audience", audience.value)
    places = (
        ("--lat", LAT + 0.001, "--lon", LON + 0.002),
        ("--file", tmp_path / "places.csv"),
    )
    for place in places:
        said = json.dumps(run("check", tmp_path / "p.gpkg", *place, *at))
        assert "anne" not in said.casefold() and f'"zone_id": "{code}"' in said
    to_file = (*at, "--out", tmp_path / "out.csv")
    assert "annes" not in json.dumps(run("check", tmp_path / "p.gpkg", *places[0], *to_file))
