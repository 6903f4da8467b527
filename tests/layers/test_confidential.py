"""Services that are kept confidential: who sees them, and which zones would give them away."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.affinity import translate

from gisapp.analysis.look_ups.place_search import places_named
from gisapp.errors import EditError
from gisapp.io.html.map_file import write_html
from gisapp.io.project.project_file import load, save
from gisapp.layers import edits, geodesy
from gisapp.layers.audience import Audience
from gisapp.layers.checks import issues, issues_seen_by
from gisapp.layers.confidential import (
    code_of,
    confidential_rows,
    confidential_sites,
    is_confidential,
    names_a_site,
    open_rows,
    veiled,
)
from gisapp.layers.given_away import gives_away
from gisapp.layers.layer import Layer, Points, Shapes, new_layer
from gisapp.layers.project import Project
from gisapp.layers.seen import is_seen, seen_by, seen_zone
from gisapp.layers.vocabulary import Basis, LayerKind
from gisapp.layers.zone import Zone, circle_zone

HARBOUR, OPEN = (-84.51, 39.10), (-84.50, 39.11)
OTHERS = [(Audience.PUBLIC, False), (Audience.PARTNERS, False), (Audience.POLICE, True)]


def services(marks: Sequence[object] = (True, False)) -> Layer:
    table = pa.table({"site": ["Harbour House", "Open Door"], "id": [71, 72], "hide": list(marks)})
    at = Points(np.array([HARBOUR[0], OPEN[0]]), np.array([HARBOUR[1], OPEN[1]]))
    fields = {"name": "site", "confidential": "hide"}
    return new_layer("Services", LayerKind.SERVICES, table, at, fields)


def project_of(*zones: Zone, layer: Layer | None = None) -> Project:
    named = {zone.id: zone for zone in zones}
    return Project(timezone="America/New_York", layers=(layer or services(),), zones=named)


def moved(place: tuple[float, float], east: float, north: float) -> tuple[float, float]:
    across, up = geodesy.degrees_of(1.0, place[1])
    return place[0] + east * across, place[1] + north * up


def box(place: tuple[float, float], west: float, south: float, east: float, north: float) -> Zone:
    """A drawn area that reaches so many metres from a place."""
    corner, other = moved(place, -west, -south), moved(place, east, north)
    return Zone("Off the middle", shapely.box(*corner, *other), service="Harbour House", id="box")


def test_a_service_is_confidential_where_its_field_says_so_and_in_doubt() -> None:
    says = ["yes", "True", "1", "x", "police only", "partners", "no", "0", "", None, "Public"]
    table = pa.table({"n": [str(n) for n in range(len(says))], "who": says})
    points = Points(np.zeros(len(says)), np.zeros(len(says)))
    layer = new_layer("S", LayerKind.SERVICES, table, points, {"name": "n", "confidential": "who"})
    assert confidential_rows(layer).tolist() == [True] * 6 + [False] * 5
    assert not confidential_rows(new_layer("S", LayerKind.SERVICES, table, points)).any()


def test_only_police_analysts_see_them_and_only_on_screen() -> None:
    layer = services()
    assert open_rows(layer, Audience.POLICE, exported=False) is None
    for audience, exported in OTHERS:
        rows = open_rows(layer, audience, exported=exported)
        assert rows is not None and rows.tolist() == [False, True]
        assert open_rows(layer, audience, exported=exported) is rows
    assert open_rows(services([False, None]), Audience.PUBLIC, exported=True) is None


@pytest.mark.parametrize(
    "zone",
    [
        circle_zone("Round it", *HARBOUR, 100, "agreed"),
        circle_zone("Beside it", *moved(HARBOUR, 30, 0), 100, "agreed"),
        Zone("By its name", shapely.box(-84.6, 39.0, -84.4, 39.2), service="harbour house"),
        Zone("By its id", shapely.box(-84.6, 39.0, -84.4, 39.2), anchors=("71",)),
        Zone("A copied disc", geodesy.circle(*HARBOUR, 150)),
        Zone("Its walls", geodesy.circle(*HARBOUR, 12), basis=Basis.FOOTPRINT),
    ],
    ids=lambda zone: zone.name,
)
def test_a_zone_round_such_a_service_is_confidential(zone: Zone) -> None:
    assert is_confidential(project_of(zone), zone)
    assert not is_confidential(project_of(zone, layer=services([False, False])), zone)


@pytest.mark.parametrize(
    "zone",
    [
        circle_zone("Round the other", *OPEN, 100, "agreed"),
        Zone("A district", shapely.box(-84.6, 39.09, -84.49, 39.2)),
    ],
    ids=lambda zone: zone.name,
)
def test_another_zone_is_not(zone: Zone) -> None:
    project = project_of(zone)
    assert not is_confidential(project, zone) and not gives_away(project, zone)
    assert veiled(project, zone) is zone


def test_an_outline_made_from_the_place_tells_and_one_drawn_off_it_does_not() -> None:
    circle = circle_zone("Harbour House: 100 m", *HARBOUR, 100, "agreed", service="Harbour House")
    middle, off = box(HARBOUR, 100, 100, 100, 100), box(HARBOUR, 40, 50, 300, 260)
    project = project_of(circle, off)
    assert gives_away(project, circle)
    assert gives_away(project_of(middle), middle)
    assert not gives_away(project, off)
    reshaped = circle.reshaped(shapely.box(*moved(HARBOUR, -40, -50), *moved(HARBOUR, 300, 260)))
    shown = veiled(project, reshaped)
    told = " ".join(map(str, (shown.name, shown.basis_text, shown.note, shown.anchors)))
    assert not names_a_site(project, told) and shown.service == "" and shown.centre is None
    assert shown.shape is reshaped.shape and shown.id == reshaped.id


@pytest.mark.parametrize("what", ["wing", "hole", "part"])
def test_a_circle_about_it_in_another_zone_tells_too(what: str) -> None:
    """Nothing says that the zone has to do with the service: its outline does."""
    west, south = moved(HARBOUR, 0, -20)
    street = shapely.box(west, south, *moved(HARBOUR, 1500, 20))
    small = box(HARBOUR, 50, 50, 50, 50).shape
    shape = {
        "wing": geodesy.circle(*HARBOUR, 150).union(street),
        "hole": box(HARBOUR, 600, 700, 1800, 1700).shape.difference(small),
        "part": shapely.MultiPolygon([box(HARBOUR, -500, -500, 1300, 1300).shape, small]),
    }[what]
    zone = Zone("Riverside", shape, Basis.POLYGON, id="riverside")
    plain = Zone("Quay", box(HARBOUR, 600, 700, 1800, 1700).shape, Basis.POLYGON, id="quay")
    project = project_of(zone, plain)
    assert seen_by(project, Audience.POLICE, exported=False) is project
    for audience, exported in OTHERS:
        assert list(seen_by(project, audience, exported=exported).zones) == ["quay"]
        assert not is_seen(project, zone, audience, exported=exported)


@settings(max_examples=40, deadline=None)
@given(st.floats(20, 5000), st.floats(0, 24), st.floats(0, 360), st.floats(20, 360))
def test_a_piece_of_a_circle_of_any_size_about_it_is_found(
    radius: float, off: float, way: float, degrees: float
) -> None:
    plane = geodesy.plane_for((*HARBOUR, *HARBOUR))
    turns = np.radians(np.arange(way, way + degrees, degrees / 9))
    x, y = off * np.cos(np.radians(way)), off * np.sin(np.radians(way))
    arc = np.column_stack([x + radius * np.cos(turns), y + radius * np.sin(turns)])
    ground = shapely.Polygon([*arc, (3 * radius, 4 * radius), (4 * radius, 3 * radius)])
    zone = Zone("Riverside", plane.shape_to_degrees(ground), Basis.POLYGON)
    assert gives_away(project_of(zone), zone)
    away = Zone("Quay", plane.shape_to_degrees(translate(ground, 9 * radius + 60)), Basis.POLYGON)
    assert not gives_away(project_of(away), away)


def test_maps_for_others_leave_out_or_veil_such_zones() -> None:
    circle = circle_zone("Harbour House: 100 m", *HARBOUR, 100, "agreed", id="circle")
    off = box(HARBOUR, 40, 50, 300, 260)
    project = project_of(circle, off)
    assert seen_by(project, Audience.POLICE, exported=False) is project
    for audience, exported in OTHERS:
        seen = seen_by(project, audience, exported=exported)
        assert list(seen.zones) == ["box"]
        assert seen.zones["box"].name == f"Area {code_of(project, off)[:6].upper()}"
        assert not is_seen(project, circle, audience, exported=exported)
        assert seen_zone(project, off, audience, exported=exported).service == ""


def test_neither_code_nor_name_of_such_a_zone_tells_its_id_or_how_many_stand_before_it() -> None:
    off = box(HARBOUR, 40, 50, 300, 260)
    others = [circle_zone(f"Z{n}", *moved(OPEN, 0, 900 * n), 90, "agreed") for n in range(5)]
    project = project_of(*others, off)
    again = replace(project, zones={"box": replace(off, id="box")})
    assert veiled(project, off).name == veiled(again, off).name
    assert re.fullmatch(r"Area [0-9A-F]{6}", veiled(project, off).name)
    assert code_of(project, off) == code_of(project, veiled(project, off)) != "box"
    long = replace(off, id="0" * 32)
    assert code_of(project_of(long), long) != long.id
    assert code_of(project, others[0]) == others[0].id
    assert code_of(project_of(off), off) != code_of(project_of(off), off)


def test_no_file_for_anybody_names_the_service_or_its_place(tmp_path: Path) -> None:
    circle = circle_zone("Harbour House: 100 m", *HARBOUR, 100, "agreed")
    project = project_of(circle, box(HARBOUR, 40, 50, 300, 260))
    for audience in Audience:
        page = write_html(
            project,
            None,
            tmp_path / f"{audience}.html",
            title="Map",
            day=date(2026, 3, 2),
            audience=audience,
            generated_at=datetime(2026, 3, 2, tzinfo=UTC),
        ).read_text("utf-8")
        assert "Open Door" in page
        assert "Harbour House" not in page and "39.1,-84.51" not in page.replace(" ", "")


def test_names_are_found_and_problems_listed_only_for_who_may_know() -> None:
    circle = circle_zone("Harbour House: 100 m", *OPEN, 10, "agreed", service="Harbour House")
    project = project_of(circle)
    assert len(places_named(project, Audience.POLICE, "harbour")) == 2
    assert places_named(project, Audience.PARTNERS, "harbour") == ()
    found = issues(project, date(2026, 3, 2))
    assert any("Harbour House" in issue.message for issue in found)
    seen = issues_seen_by(project, found, Audience.PARTNERS)
    assert not any("Harbour House" in issue.message for issue in seen)


def test_services_are_marked_by_hand_and_stay_so_in_the_file(tmp_path: Path) -> None:
    table = pa.table({"site": ["Harbour House", "Open Door"], "confidential": ["a", "b"]})
    bare = new_layer("S", LayerKind.SERVICES, table, services().geometry, {"name": "site"})
    project = project_of(layer=bare)
    assert confidential_sites(project) == ()
    marked = edits.mark_confidential(bare.id, [0], yes=True).apply(project)
    assert [site.name for site in confidential_sites(marked)] == ["Harbour House"]
    assert marked.layer(bare.id).table["confidential"].to_pylist() == ["a", "b"]
    save(marked, tmp_path / "project.gpkg")
    again = load(tmp_path / "project.gpkg")
    assert [site.name for site in confidential_sites(again)] == ["Harbour House"]
    cleared = edits.mark_confidential(bare.id, [0], yes=False).apply(again)
    assert confidential_sites(cleared) == ()


def test_only_services_can_be_marked() -> None:
    other = new_layer("L", LayerKind.OTHER, pa.table({"a": [1]}), Points(np.zeros(1), np.zeros(1)))
    with pytest.raises(EditError, match="Only services"):
        edits.mark_confidential(other.id, [0], yes=True).apply(project_of(layer=other))


def test_a_service_that_is_an_area_is_hidden_like_a_point() -> None:
    shapes = Shapes(np.array([shapely.box(-84.51, 39.1, -84.5099, 39.1001)], dtype=object))
    table = pa.table({"name": ["Ward"], "confidential": ["yes"]})
    fields = {"name": "name", "confidential": "confidential"}
    layer = new_layer("S", LayerKind.SERVICES, table, shapes, fields)
    zone = Zone("Walls", shapes.geoms[0], basis=Basis.FOOTPRINT)
    assert gives_away(project_of(zone, layer=layer), zone)
