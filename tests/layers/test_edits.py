"""Every edit: what it changes, what it leaves alone, and when it refuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as pa
import pytest
import shapely

from gisapp.errors import EditError
from gisapp.layers import edits
from gisapp.layers.agreement import Agreement, Standing, Status
from gisapp.layers.audience import Sensitivity
from gisapp.layers.base_map import BaseMap, BaseMapKind
from gisapp.layers.edits import Edit
from gisapp.layers.layer import Layer, Points, Shapes, new_layer
from gisapp.layers.project import Change, Hotspots, Project, SavedView
from gisapp.layers.style import Style
from gisapp.layers.vocabulary import Basis, LayerKind
from gisapp.layers.zone import Zone, circle_zone
from tests.io.projects import agreement, districts, stops, whole_project


@pytest.fixture
def project() -> Project:
    return whole_project()


def refused(edit: Edit, project: Project) -> EditError:
    with pytest.raises(EditError) as caught:
        edit.apply(project)
    assert caught.value.exit_code == 23
    return caught.value


def zone_of(project: Project, name: str) -> Zone:
    return next(zone for zone in project.zones.values() if zone.name == name)


# The project


def test_a_title_is_never_empty(project: Project) -> None:
    assert edits.set_title("  New  ").apply(project).title == "New"
    assert edits.set_title(" ").apply(project).title == "Untitled project"


def test_a_time_zone_is_set(project: Project) -> None:
    assert edits.set_timezone("Europe/London").apply(project).timezone == "Europe/London"


def test_several_edits_make_one_step(project: Project) -> None:
    both = edits.sequence("Both", [edits.set_title("A"), edits.show_zones(True)])
    after = both.apply(project)
    assert (both.label, after.title, after.zones_visible) == ("Both", "A", True)


def test_a_step_of_which_one_edit_fails_is_not_made(project: Project) -> None:
    refused(edits.sequence("Both", [edits.set_title("A"), edits.remove_layer("none")]), project)
    assert project.title == "Quay & Clinic ✓"


# Layers


def test_a_new_layer_lies_on_top_under_a_name_of_its_own(project: Project) -> None:
    after = edits.add_layer(stops(3, "STOPS")).apply(project)
    assert [layer.name for layer in after.layers] == ["Districts", "Stops", "STOPS 2"]
    again = edits.add_layer(stops(3, "stops")).apply(after)
    assert again.layers[-1].name == "stops 3"


def test_what_others_lie_on_is_added_under_them() -> None:
    project = Project()
    for layer in (stops(3, "Stops"), districts(), stops(2, "More"), districts()):
        project = edits.add_layer(layer).apply(project)
    names = [layer.name for layer in project.layers]
    assert names[2:] == ["Stops", "More"]
    assert [layer.kind.value for layer in project.layers[:2]] == ["boundaries"] * 2
    assert names[0] == districts().name


def test_the_first_layer_with_a_time_zone_gives_it_to_the_project() -> None:
    after = edits.add_layer(districts()).apply(Project())
    assert after.timezone == "UTC"
    after = edits.add_layer(stops()).apply(after)
    assert after.timezone == "Europe/London"
    kept = edits.add_layer(stops()).apply(replace(after, timezone="America/New_York"))
    assert kept.timezone == "America/New_York"


def test_a_layer_takes_its_hotspots_with_it(project: Project) -> None:
    after = edits.remove_layer(project.layers[1].id).apply(project)
    assert [layer.name for layer in after.layers] == ["Districts"]
    assert after.hotspots == ()


def test_a_layer_needs_a_name(project: Project) -> None:
    refused(edits.rename_layer(project.layers[0].id, "  "), project)
    same = edits.rename_layer(project.layers[0].id, "Districts").apply(project)
    assert same.layers[0].name == "Districts"
    other = edits.rename_layer(project.layers[0].id, "stops").apply(project)
    assert other.layers[0].name == "stops 2"


def test_looks_and_reach_change_without_touching_rows(project: Project) -> None:
    key = project.layers[1].id
    for edit in (
        edits.restyle_layer(key, Style(color="#123456")),
        edits.show_layer(key, False),
        edits.set_sensitivity(key, Sensitivity.PUBLIC),
        edits.rename_layer(key, "Other"),
    ):
        after = edit.apply(project)
        assert after.layers[1].table is project.layers[1].table
        assert after.layers[1].geometry is project.layers[1].geometry
        assert after.layers[0] is project.layers[0]
        assert Change(project, after).layers == {key}


def test_layers_are_put_in_order(project: Project) -> None:
    keys = [layer.id for layer in project.layers]
    after = edits.order_layers(keys[::-1]).apply(project)
    assert [layer.id for layer in after.layers] == keys[::-1]
    for wrong in (keys[:1], [*keys, keys[0]], [keys[0], "none"]):
        refused(edits.order_layers(wrong), project)


# Zones


def test_zones_are_added_under_an_agreement_that_is_there(project: Project) -> None:
    zone = circle_zone("New", 0, 0, 100, "x", agreement_id="quay")
    assert edits.add_zones([zone]).apply(project).zones[zone.id] is zone
    refused(edits.add_zones([replace(zone, agreement_id="none")]), project)
    assert edits.add_zones([zone]).label == "Add zone New"
    assert edits.add_zones([zone] * 2000).label == "Add 2,000 zones"


def test_a_reshaped_circle_is_a_circle_no_more(project: Project) -> None:
    circle = zone_of(project, "Quay Street")
    shape = shapely.box(0, 0, 1, 1)
    after = edits.reshape_zone(circle.id, shape, drag="d").apply(project).zones[circle.id]
    assert (after.basis, after.centre, after.radius_m) == (Basis.POLYGON, None, None)
    assert after.shape is shape
    assert after.agreement_id == "quay"
    assert "; reshaped by hand from a circle of" in after.basis_text
    again = edits.reshape_zone(circle.id, shapely.box(0, 0, 2, 2))
    assert again.apply(project.with_zone(after)).zones[circle.id].basis_text == after.basis_text
    refused(edits.reshape_zone(circle.id, shapely.Polygon()), project)
    refused(edits.reshape_zone(circle.id, shapely.Point(0, 0)), project)


def test_zones_are_renamed_and_removed(project: Project) -> None:
    zone = zone_of(project, "Clinic")
    assert edits.rename_zone(zone.id, " Health ").apply(project).zones[zone.id].name == "Health"
    refused(edits.rename_zone(zone.id, " "), project)
    after = edits.remove_zones([zone.id]).apply(project)
    assert zone.id not in after.zones
    refused(edits.remove_zones([zone.id, "none"]), project)


def test_zones_are_placed_under_an_agreement_or_none(project: Project) -> None:
    zone = zone_of(project, "Clinic")
    under = edits.place_under([zone.id], "quay").apply(project)
    assert under.zones[zone.id].agreement_id == "quay"
    assert edits.place_under([zone.id], None).apply(under).zones[zone.id].agreement_id is None
    refused(edits.place_under([zone.id], "none"), project)


@pytest.mark.parametrize(
    "edit",
    [
        edits.rename_zone("none", "x"),
        edits.reshape_zone("none", shapely.box(0, 0, 1, 1)),
        edits.remove_zones(["none"]),
        edits.place_under(["none"], None),
        edits.rename_layer("none", "x"),
        edits.show_layer("none", True),
        edits.restyle_layer("none", Style()),
        edits.set_hotspots(Hotspots("none")),
        edits.correct_agreement(Agreement("x")),
        edits.remove_agreement("none"),
    ],
    ids=lambda edit: edit.label,
)
def test_what_is_gone_cannot_be_edited(edit: Edit, project: Project) -> None:
    assert refused(edit, project).message


# Agreements


def test_a_later_version_supersedes_and_the_former_is_kept() -> None:
    zone = circle_zone("Quay", 0, 0, 100, "x", agreement_id="quay")
    project = Project(agreements={"quay": agreement()}).with_zone(zone)
    later = agreement(version=2, effective=date(2026, 1, 1))
    after = edits.record_agreement(later).apply(project)
    assert after.agreements["quay"] is later
    assert after.former == (project.agreements["quay"],)
    former, current = after.versions_of(zone)
    assert (former.version, former.status) == (1, Status.SUPERSEDED)
    assert former.superseded_on == date(2026, 1, 1)
    assert current is later
    # There is no day on which neither holds.
    for day in (date(2025, 12, 31), date(2026, 1, 1)):
        assert after.standing(zone, day) is Standing.IN_FORCE


def test_a_draft_of_a_new_version_ends_nothing_until_it_is_agreed() -> None:
    zone = circle_zone("Quay", 0, 0, 100, "x", agreement_id="quay")
    project = Project(agreements={"quay": agreement()}).with_zone(zone)
    draft = agreement(version=2, effective=date(2026, 1, 1), status=Status.DRAFT)
    drafted = edits.record_agreement(draft).apply(project)
    assert drafted.standing(zone, date(2026, 3, 1)) is Standing.IN_FORCE
    assert drafted.versions_of(zone)[0].status is not Status.SUPERSEDED
    assert drafted.terms_on(zone, date(2026, 3, 1)) == project.agreements["quay"]
    agreed = replace(draft, status=Status.AGREED, effective=date(2026, 2, 1))
    after = edits.correct_agreement(agreed).apply(drafted)
    assert after.versions_of(zone)[0].superseded_on == date(2026, 2, 1)


@pytest.mark.parametrize("version", [1, 2])
def test_a_version_must_be_newer(project: Project, version: int) -> None:
    error = refused(edits.record_agreement(agreement(version=version)), project)
    assert "version 3" in error.hint


def test_a_correction_makes_no_version(project: Project) -> None:
    right = agreement("Put right", version=2)
    after = edits.correct_agreement(right).apply(project)
    assert after.agreements["quay"] is right
    assert after.former is project.former


def test_zones_outlive_their_agreement(project: Project) -> None:
    after = edits.remove_agreement("quay").apply(project)
    assert zone_of(after, "Quay Street").agreement_id is None
    assert "quay" not in after.agreements
    assert after.former == ()
    assert list(after.zones) == list(project.zones)


# Analysis and views


def test_hotspots_are_added_changed_and_removed(project: Project) -> None:
    first = project.hotspots[0]
    second = Hotspots(first.layer_id)
    after = edits.set_hotspots(second).apply(project)
    assert after.hotspots == (first, second)
    wider = replace(first, bandwidth_m=900.0)
    after = edits.set_hotspots(wider, drag="slider").apply(after)
    assert after.hotspots == (wider, second)
    assert edits.remove_hotspots(first.id).apply(after).hotspots == (second,)


@pytest.mark.parametrize("metres", [0.0, -5.0, float("nan")])
def test_hotspots_need_lengths_above_zero(project: Project, metres: float) -> None:
    for name in ("cell_m", "bandwidth_m"):
        refused(edits.set_hotspots(replace(project.hotspots[0], **{name: metres})), project)


def test_a_view_takes_the_place_of_one_of_its_name(project: Project) -> None:
    moved = SavedView("Centre", (0, 0, 1, 1))
    after = edits.save_view(moved).apply(project)
    assert after.views == (moved,)
    assert edits.remove_view("Centre").apply(after).views == ()


def test_views_are_renamed_and_put_in_order(project: Project) -> None:
    for name in ("Harbour", "Hill"):
        project = edits.save_view(SavedView(name, (0, 0, 1, 1))).apply(project)
    after = edits.move_view("Hill", 0).apply(project)
    assert [view.name for view in after.views] == ["Hill", "Centre", "Harbour"]
    after = edits.rename_view("Centre", " Old  town ").apply(after)
    assert [view.name for view in after.views] == ["Hill", "Old town", "Harbour"]
    assert after.views[1].bounds == project.views[0].bounds
    refused(edits.rename_view("Hill", "Harbour"), after)
    refused(edits.rename_view("Hill", "  "), after)
    refused(edits.move_view("gone", 0), after)


# No edit changes what it was given


@pytest.fixture
def with_services(project: Project) -> Project:
    table = pa.table({"name": ["Quay House"]})
    place = Points(np.zeros(1), np.zeros(1))
    sites = new_layer("Services", LayerKind.SERVICES, table, place, {"name": "name"})
    return edits.add_layer(sites).apply(project)


def every_edit(project: Project) -> list[Edit]:
    layer: Layer = project.layers[1]
    zone = zone_of(project, "Quay Street")
    return [
        edits.set_title("x"),
        edits.set_timezone("UTC"),
        edits.set_base_map(BaseMap(BaseMapKind.MBTILES, "city.mbtiles")),
        edits.add_layer(stops(2, "x")),
        edits.remove_layer(layer.id),
        edits.rename_layer(layer.id, "x"),
        edits.restyle_layer(layer.id, Style()),
        edits.show_layer(layer.id, False),
        edits.show_zones(True),
        edits.set_sensitivity(layer.id, Sensitivity.PUBLIC),
        edits.mark_confidential(project.layer_named("Services").id, [0], yes=True),
        edits.order_layers([one.id for one in reversed(project.layers)]),
        edits.add_zones([circle_zone("x", 0, 0, 9, "x")]),
        edits.rename_zone(zone.id, "x"),
        edits.remove_zones([zone.id]),
        edits.reshape_zone(zone.id, shapely.box(0, 0, 1, 1)),
        edits.change_zones("x", [replace(zone, note="x")], []),
        edits.place_under([zone.id], None),
        edits.record_agreement(agreement(version=3)),
        edits.correct_agreement(agreement(version=2)),
        edits.remove_agreement("quay"),
        edits.set_hotspots(Hotspots(layer.id)),
        edits.remove_hotspots(project.hotspots[0].id),
        edits.save_view(SavedView("x", (0, 0, 1, 1))),
        edits.remove_view("Centre"),
        edits.rename_view("Centre", "x"),
        edits.move_view("Centre", 1),
    ]


def test_no_edit_changes_the_project_it_was_given(with_services: Project) -> None:
    project = with_services
    kept = replace(project, zones=dict(project.zones), agreements=dict(project.agreements))
    for edit in every_edit(project):
        after = edit.apply(project)
        assert after is not project
        assert edit.label
        for name in ("title", "timezone", "layers", "zones", "agreements", "former", "hotspots"):
            assert getattr(project, name) == getattr(kept, name), edit.label


def test_every_edit_of_the_module_is_in_the_list_above(with_services: Project) -> None:
    public = {
        name
        for name, value in vars(edits).items()
        if callable(value) and value.__module__ == edits.__name__ and not name.startswith("_")
    }
    made = {edit.apply.__qualname__.partition(".")[0] for edit in every_edit(with_services)}
    assert public - {"Edit", "sequence"} == made


def test_layers_of_boundaries_do_not_look_alike_at_first() -> None:
    area, table = np.array([shapely.box(0, 0, 1, 1)], dtype=object), pa.table({"id": [1]})
    layers = [new_layer(name, LayerKind.BOUNDARIES, table, Shapes(area)) for name in "ABCDE"]
    project = Project("City", "UTC")
    for layer in layers[:4]:
        project = edits.add_layer(layer).apply(project)
    assert len({(one.style.color, one.style.line) for one in project.layers}) == 4
    assert project.layer_named("A").style == layers[0].style
    chosen = layers[4].restyled(Style(color="#123456"))
    assert edits.add_layer(chosen).apply(project).layer_named("E").style == chosen.style
