"""What two projects differ in, in plain words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import shapely

from gisapp import cli
from gisapp.io.difference import outlines_differ, values_differ
from gisapp.io.patrol import difference as patrol_difference
from gisapp.io.project import project_file
from gisapp.io.project.project_difference import differences
from gisapp.layers.layer import new_layer
from gisapp.layers.scenario import OverlapRule, Settled, Settlement
from gisapp.layers.vocabulary import Activity, LayerKind, Polarity
from gisapp.layers.zone import circle_zone
from tests.conftest import Run
from tests.io.packages import package, project, zone
from tests.io.projects import own_terms, stops, whole_project


def test_a_project_does_not_differ_from_itself() -> None:
    whole = whole_project()
    assert differences(whole, whole) == ()
    assert differences(whole, replace(whole)) == ()


def test_zones_are_told_with_what_changed_in_them() -> None:
    old = project("Quay", "Market")
    wider = circle_zone("Quay Street", -84.5, 39.1, 200.0, "meeting", agreement_id=None)
    new = old.with_zone(replace(wider, id="zone-quay", note="secret", terms=own_terms()))
    new = new.without_zones(["zone-market"]).with_zone(zone("Bridge", 4))
    found = {one.name: one for one in differences(old, new)}
    assert {name: one.change for name, one in found.items()} == {
        "Quay Street": "changed", "Market": "removed", "Bridge": "added",
    }  # fmt: skip
    details = found["Quay Street"].details
    assert "name: Quay → Quay Street" in details
    assert "radius in metres: 150 → 200" in details
    assert "agreement: “Needle exchange, Quay Street” → none" in details
    assert "note changed" in details
    assert any(one.startswith("outline: ") and "added" in one for one in details)
    assert any(
        one.startswith("terms of its own: not done there: + Booking into") for one in details
    )
    assert "secret" not in str(details)
    assert found["Market"].in_words() == "Zone “Market” removed"


def test_agreements_are_told_without_naming_who_signed() -> None:
    old = project("Quay")
    agreed = old.agreements["quay"]
    parties = (replace(agreed.parties[0], signatory="Somebody Else"), *agreed.parties[1:])
    new = old.with_agreement(
        replace(
            agreed, version=2, expires=date(2027, 1, 1), parties=parties,
            suspended=(Activity.ARREST, Activity.CITATION),
        )
    )  # fmt: skip
    [one] = differences(old, new)
    assert one.what == "agreement"
    assert "not done there: + Citation for personal possession, − Search for drugs" in one.details
    assert "last day: 31 December 2026 → 1 January 2027" in one.details
    assert "parties changed" in one.details
    assert "Somebody" not in str(one)


def test_layers_are_known_again_by_their_names() -> None:
    old = replace(project(), layers=(stops(5), stops(4, "More")))
    own = new_layer("Own", LayerKind.OTHER, stops(1).table, stops(1).geometry)
    new = replace(project(), layers=(stops(9), own))
    found = {one.name: one for one in differences(old, new)}
    assert found["Stops"].details == ("rows: 5 → 9",)
    assert (found["More"].change, found["Own"].change) == ("removed", "added")


def test_what_was_settled_is_told() -> None:
    old = project("Quay", "Market")
    school = replace(zone("School", 0), polarity=Polarity.EXCLUSION)
    old = old.with_zone(school)
    settled = Settlement(
        ("zone-quay", "zone-school"), Settled.OPPOSITE_HOLDS, date(2025, 1, 1), "B"
    )
    new = replace(old, settlements=(settled,), overlap_rule=OverlapRule.LONGER_LIST)
    [one] = differences(old, new)
    assert one.what == "project"
    assert "overlap of “Quay” and “School” settled: the other zone holds" in one.details
    [back] = differences(new, old)
    assert "overlap of Quay and School no longer settled" in back.details


def test_outlines_differ_by_ground_and_not_by_how_they_are_drawn() -> None:
    one = shapely.box(0, 0, 0.001, 0.001)
    assert list(outlines_differ(one, one.segmentize(0.0001))) == []
    bow = shapely.Polygon([(0, 0), (0.001, 0.001), (0.001, 0), (0, 0.001)])
    [words] = outlines_differ(one, bow)
    assert "taken away" in words


@pytest.mark.parametrize(
    ("was", "now", "words"),
    [
        (None, "", []),
        (0, None, ["x: 0 → nothing"]),
        (False, True, ["x: no → yes"]),
        ("a" * 99, "b", [f"x: {'a' * 80}… → b"]),
        ([{"a": 1}], [], ["x changed"]),
        (["a", "b"], ["b", "a"], ["x: another order"]),
        ("a" * 90 + "b", "a" * 90 + "c", ["x changed"]),
    ],
)
def test_values_are_told_in_short(was: object, now: object, words: list[str]) -> None:
    assert list(values_differ({"x": was}, {"x": now})) == words


def test_what_packages_say_as_codes_is_told_in_words(tmp_path: Path) -> None:
    old = project("Quay")
    agreed = old.agreements["quay"]
    new = old.with_agreement(replace(agreed, suspended=(Activity.ARREST, Activity.CITATION)))
    for name, one in (("old", old), ("new", new)):
        package(tmp_path / f"{name}.zip", one)
    paths = [tmp_path / f"{name}.zip" for name in ("old", "new")]
    [told] = patrol_difference.differences(*map(patrol_difference.package_at, paths))
    said = told.in_words()
    assert "not done there: " in said
    assert "+ Citation for personal possession" in said
    assert "_" not in said


def test_the_command_compares_projects_and_packages(tmp_path: Path, run: Run) -> None:
    old, new = project("Quay"), project("Quay", "Market")
    for name, one in (("old", old), ("new", new)):
        project_file.save(one, tmp_path / f"{name}.gpkg", None)
        package(tmp_path / f"{name}.zip", one)
    for kind, of in (("gpkg", "projects"), ("zip", "packages")):
        answer = run("diff", tmp_path / f"old.{kind}", tmp_path / f"new.{kind}")
        assert (answer["of"], answer["same"]) == (of, False)
        assert [one["name"] for one in answer["zones"]] == ["Market"]
        assert run("diff", tmp_path / f"old.{kind}", tmp_path / f"old.{kind}")["same"]


@pytest.mark.parametrize(("old", "new"), [("old.gpkg", "old.zip"), ("old.zip", "none.zip")])
def test_what_cannot_be_compared_is_said(tmp_path: Path, old: str, new: str) -> None:
    project_file.save(project("Quay"), tmp_path / "old.gpkg", None)
    package(tmp_path / "old.zip")
    assert cli.main(["diff", str(tmp_path / old), str(tmp_path / new)]) == 20
