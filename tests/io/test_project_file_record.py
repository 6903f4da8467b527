"""Zones, agreements and what is kept beside them come back from the file, to the last term."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyogrio
import pytest
import shapely
from hypothesis import HealthCheck, given, settings

from gisapp.errors import ProjectFileError
from gisapp.io.project import gpkg_schema, project_file
from gisapp.layers import agreement_edits, breach_edits, scenario_edits
from gisapp.layers.breach import Breach
from gisapp.layers.export_log import Export
from gisapp.layers.project import Project
from gisapp.layers.scenario import Scenario
from gisapp.layers.terms import Terms
from gisapp.layers.vocabulary import Activity, Basis, BreachSource, Visibility
from gisapp.layers.zone import Zone
from tests.io.projects import agreement, assert_same, own_terms, whole_project
from tests.io.strategies import projects

OLDEST = Path(__file__).parents[1] / "files" / "project-format-1.gpkg"


def rows(path: Path, query: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(projects(), projects())
def test_any_record_comes_back_written_whole_or_as_a_difference(
    first: Project, second: Project
) -> None:
    # What both have in part must not be mixed up when only the difference is written. The log of
    # exports never loses a line that was written once.
    mixed = replace(
        second,
        zones={**first.zones, **second.zones},
        breaches=(*second.breaches, *first.breaches),
        scenarios=(*second.scenarios, *first.scenarios),
        exports=first.exports.joined(second.exports),
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "p.gpkg"
        project_file.save(first, path)
        assert_same(project_file.load(path), first)
        project_file.save(mixed, path, first)
        assert_same(project_file.load(path), mixed)


def _all_of(project: Project) -> Project:
    """A project of an older gisapp after somebody used everything that is new."""
    zone_id = next(iter(project.zones))
    other = list(project.zones)[1]
    breach = Breach(zone_id, datetime(2026, 1, 2, 3, tzinfo=UTC), BreachSource.SERVICE,
                    Activity.ID_CHECK)  # fmt: skip
    project = agreement_edits.set_terms([zone_id], own_terms()).apply(project)
    project = breach_edits.record_breach(breach).apply(project)
    scene = replace(project.zone(other), starts_at=datetime(2026, 1, 1, tzinfo=UTC))
    scenario = Scenario("as it is", dict(project.zones))
    line = Export(datetime(2026, 1, 2, tzinfo=UTC), "ana", "map", "a.pdf", "", "public")
    project = project.with_export(line)
    return scenario_edits.save_scenario(scenario).apply(project.with_zone(scene))


def test_an_older_file_takes_what_is_new_as_a_difference(tmp_path: Path) -> None:
    path = tmp_path / "old.gpkg"
    shutil.copy(OLDEST, path)
    before = project_file.load(path)
    after = _all_of(before)
    inode = path.stat().st_ino
    project_file.save(after, path, before)
    assert path.stat().st_ino == inode, "it was written whole"
    assert_same(project_file.load(path), after)
    assert rows(path, "SELECT value FROM gisapp_project WHERE key = 'format_version'") == [
        (str(gpkg_schema.FORMAT_VERSION),)
    ]
    assert rows(path, "PRAGMA integrity_check") == [("ok",)]
    assert {"zones", "gisapp_scenario_zones"} <= {name for name, _ in pyogrio.list_layers(path)}
    # And once more, with nothing left to add.
    last = agreement_edits.set_terms(list(after.zones), Terms()).apply(after)
    project_file.save(last, path, after)
    assert_same(project_file.load(path), last)


def test_every_own_table_of_an_older_file_gets_the_columns_of_a_new_one(tmp_path: Path) -> None:
    old, new = tmp_path / "old.gpkg", tmp_path / "new.gpkg"
    shutil.copy(OLDEST, old)
    before = project_file.load(old)
    project_file.save(_all_of(before), old, before)
    project_file.save(Project(), new)
    for table in gpkg_schema.OWN_TABLES:
        query = f"SELECT name, type FROM pragma_table_info('{table}') ORDER BY name"
        assert rows(old, query) == rows(new, query), table


def test_one_changed_zone_of_an_older_file_leaves_the_others_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "old.gpkg"
    shutil.copy(OLDEST, path)
    before = project_file.load(path)
    first = next(iter(before.zones.values()))
    after = before.with_zone(replace(first, priority=7, visibility=Visibility.PARTNERS))
    project_file.save(after, path, before)
    assert rows(path, "SELECT visibility FROM zones ORDER BY position") == [
        ("partners",), (None,), (None,),
    ]  # fmt: skip
    assert_same(project_file.load(path), after)


def test_an_agreement_with_its_legal_basis_in_one_text_still_opens(tmp_path: Path) -> None:
    path = tmp_path / "p.gpkg"
    project_file.save(Project(agreements={"quay": agreement()}), path)
    with closing(sqlite3.connect(path)) as connection, connection:
        [(text,)] = connection.execute("SELECT json FROM agreements").fetchall()
        value = json.loads(text) | {"legal_basis": "Prosecutor's statement of 11 December"}
        kept = {key: value[key] for key in ("title", "id", "status", "legal_basis")}
        connection.execute("UPDATE agreements SET json = ?", (json.dumps(kept),))
    [basis] = project_file.load(path).agreements["quay"].legal_basis
    assert basis.instrument == "Prosecutor's statement of 11 December"


def test_other_programs_read_the_terms_in_words(tmp_path: Path) -> None:
    path = tmp_path / "p.gpkg"
    terms = agreement(suspended_other="questions on the way", min_age=18)
    zones = (
        Zone("Plain", shapely.box(0, 0, 1, 1), agreement_id="quay"),
        Zone(
            "Own", shapely.box(2, 0, 3, 1), Basis.STREETS, agreement_id="quay",
            streets=("Quay Street", "Mill Lane"), width_m=20, terms=own_terms(),
            starts_at=datetime(2026, 3, 1, 22, 15, tzinfo=UTC),
        ),
    )  # fmt: skip
    project = Project(agreements={"quay": terms}).with_zones(zones)
    project_file.save(project, path)
    frame = pyogrio.read_dataframe(path, layer="zones")
    assert list(frame["suspended"]) == [
        "Search for drugs; Arrest for personal possession; questions on the way",
        "Booking into custody; questions on the way",
    ]
    assert "22:30–06:00" in frame["hours"][1]
    assert frame["streets"][1] == "Quay Street; Mill Lane"
    assert str(frame["starts_at"][1]) == "2026-03-01 22:15:00+00:00"
    assert list(frame["own_terms"]) == [False, True]
    [(persons,)] = rows(path, "SELECT persons FROM agreements")
    assert persons == "from the age of 18"


def test_a_changed_scenario_leaves_the_rows_of_the_others(tmp_path: Path) -> None:
    path = tmp_path / "p.gpkg"
    before = whole_project()
    project_file.save(before, path)
    query = "SELECT fid, scenario_id FROM gisapp_scenario_zones ORDER BY fid"
    kept = dict(rows(path, query))
    first, second, third = before.scenarios
    moved = replace(first, zones={}, name="nothing of it")
    after = replace(before, scenarios=(third, second, moved))
    project_file.save(after, path, before)
    assert dict(rows(path, query)) == {
        fid: owner for fid, owner in kept.items() if owner == second.id
    }
    assert_same(project_file.load(path), after)


@pytest.mark.parametrize(
    ("edit", "table"),
    [
        ("UPDATE gisapp_breaches SET at = 'yesterday'", "gisapp_breaches"),
        ("UPDATE gisapp_breaches SET at = '2026-01-01T10:00:00'", "gisapp_breaches"),
        ("UPDATE gisapp_breaches SET source = 'a named person'", "gisapp_breaches"),
        ("UPDATE gisapp_settlements SET settled = 'perhaps'", "gisapp_settlements"),
        ("UPDATE gisapp_scenario_zones SET basis = 'round'", "gisapp_scenario_zones"),
        ("UPDATE gisapp_project SET value = 'any' WHERE key = 'overlap_rule'", "gisapp_project"),
        ("UPDATE zones SET visibility = 'all'", "zones"),
        ("UPDATE zones SET json = '{}'", "zones"),
        ("UPDATE zones SET json = '[]'", "zones"),
        ("DROP TABLE gisapp_breaches", "gisapp_breaches"),
    ],
)
def test_damage_is_told_by_its_table(tmp_path: Path, edit: str, table: str) -> None:
    path = tmp_path / "p.gpkg"
    project_file.save(whole_project(), path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(edit)
    with pytest.raises(ProjectFileError, match=f"“{table}”"):
        project_file.load(path)


def test_an_edited_number_is_read_as_edited(tmp_path: Path) -> None:
    path = tmp_path / "p.gpkg"
    project_file.save(whole_project(), path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE zones SET priority = 9, parts = 'cellar' WHERE name = 'Scene'")
    scene = project_file.load(path).zones["scene"]
    assert (scene.priority, scene.parts) == (9, "cellar")
    assert scene.terms == own_terms()


def test_a_line_taken_out_of_the_file_with_another_program_shows(tmp_path: Path) -> None:
    path = tmp_path / "city.gpkg"
    project_file.save(whole_project(), path)
    assert project_file.load(path).exports.problems() == ()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM gisapp_exports WHERE number = 2")
    left = project_file.load(path)
    assert left.exports.problems() == ("1 line at the end is missing.",)
    project_file.save(left.with_export(left.exports.lines[0]), path, left)
    assert project_file.load(path).exports.problems() == ("1 line before line 3 is missing.",)


def test_one_more_line_is_all_that_is_written(tmp_path: Path) -> None:
    path = tmp_path / "city.gpkg"
    before = whole_project()
    project_file.save(before, path)
    after = before.with_export(before.exports.lines[0])
    with closing(sqlite3.connect(path)) as connection:
        first = connection.execute("SELECT fid FROM gisapp_exports ORDER BY fid").fetchall()
    project_file.save(after, path, before)
    with closing(sqlite3.connect(path)) as connection:
        later = connection.execute("SELECT fid FROM gisapp_exports ORDER BY fid").fetchall()
    assert later[:-1] == first
