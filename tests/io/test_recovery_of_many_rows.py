"""Recovery copies of large projects: rows stay in the project file, and nothing is lost by it."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gisapp.errors import ProjectFileError
from gisapp.io.project import gpkg_rows, project_file, recovery
from gisapp.layers import edits
from gisapp.layers.layer import Points
from gisapp.layers.project import Project
from tests.conftest import ROOT
from tests.io.projects import assert_same, stops, whole_project


@pytest.fixture(autouse=True)
def few_rows_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpkg_rows, "MANY_ROWS", 1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "city.gpkg"


@pytest.fixture
def copy(path: Path, tmp_path: Path) -> Path:
    """Where the copy of the project at `path` lies."""
    return recovery.recovery_path(path, tmp_path)


def left(copy: Path) -> set[str]:
    """Names of the layers whose rows are not in the copy."""
    query = "SELECT name FROM gisapp_layers WHERE rows_in IS NOT NULL"
    with closing(sqlite3.connect(copy)) as connection:
        return {name for (name,) in connection.execute(query)}


def changed(project: Project, title: str = "Changed") -> Project:
    return edits.set_title(title).apply(project)


def test_rows_stay_in_the_project_file(path: Path, copy: Path) -> None:
    saved = whole_project()
    project_file.save(saved, path)
    mine = changed(saved)
    recovery.write(mine, copy, saved=saved, saved_path=path)
    assert left(copy) == {"Stops"}
    assert_same(project_file.load(copy), mine)
    again = changed(mine, "Again")
    recovery.write(again, copy, last=mine, saved=saved, saved_path=path)
    assert left(copy) == {"Stops"}
    assert_same(project_file.load(copy), again)


def test_new_rows_are_in_the_copy(path: Path, copy: Path) -> None:
    saved = whole_project()
    project_file.save(saved, path)
    mine = edits.add_layer(stops(9, "New")).apply(saved)
    recovery.write(mine, copy, saved=saved, saved_path=path)
    assert left(copy) == {"Stops"}
    assert_same(project_file.load(copy), mine)
    old = mine.layers[1]
    other = replace(old, table=stops().table, geometry=Points(np.ones(50), np.ones(50)))
    edited = replace(mine, layers=(mine.layers[0], other, mine.layers[2]))
    recovery.write(edited, copy, last=mine, saved=saved, saved_path=path)
    assert left(copy) == set()
    assert_same(project_file.load(copy), edited)


def test_a_layer_that_was_left_can_be_renamed_moved_and_removed(path: Path, copy: Path) -> None:
    saved = Project(layers=(stops(), stops(9, "Other")))
    project_file.save(saved, path)
    first = changed(saved)
    recovery.write(first, copy, saved=saved, saved_path=path)
    renamed = edits.rename_layer(saved.layers[0].id, "Otherwise").apply(first)
    renamed = replace(renamed, layers=renamed.layers[::-1])
    recovery.write(renamed, copy, last=first, saved=saved, saved_path=path)
    assert_same(project_file.load(copy), renamed)
    less = edits.remove_layer(saved.layers[1].id).apply(renamed)
    recovery.write(less, copy, last=renamed, saved=saved, saved_path=path)
    assert left(copy) == {"Otherwise"}
    assert_same(project_file.load(copy), less)


@pytest.mark.parametrize("how", ["gone", "rows", "another"])
def test_rows_come_into_the_copy_when_the_file_holds_them_no_more(
    path: Path, copy: Path, how: str
) -> None:
    saved = Project(layers=(stops(),))
    project_file.save(saved, path)
    first = changed(saved)
    recovery.write(first, copy, saved=saved, saved_path=path)
    if how == "gone":
        path.unlink()
    elif how == "another":
        project_file.save(Project(), path)
    else:
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE Stops SET age = 1")
    second = changed(first, "Later")
    recovery.write(second, copy, last=first, saved=saved, saved_path=path)
    assert left(copy) == set()
    assert_same(project_file.load(copy), second)


def test_work_goes_on_from_a_copy_that_was_restored(path: Path, copy: Path) -> None:
    saved = Project(layers=(stops(),))
    project_file.save(saved, path)
    recovery.write(changed(saved), copy, saved=saved, saved_path=path)
    restored = project_file.load(copy)
    later = changed(restored, "Later")
    recovery.write(later, copy, last=restored, saved_path=path)
    assert left(copy) == {"Stops"}
    assert_same(project_file.load(copy), later)
    project_file.save(later, path)
    assert_same(project_file.load(path), later)


def test_rows_changed_since_are_taken_as_they_are_now(path: Path, copy: Path) -> None:
    saved = Project(layers=(stops(),))
    project_file.save(saved, path)
    recovery.write(changed(saved), copy, saved=saved, saved_path=path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM Stops WHERE fid > 10")
    restored = project_file.load(copy)
    assert restored.title == "Changed"
    assert len(restored.layers[0]) == 10


def test_rows_that_are_nowhere_are_asked_for_by_name(path: Path, copy: Path) -> None:
    saved = Project(layers=(stops(),))
    project_file.save(saved, path)
    recovery.write(changed(saved), copy, saved=saved, saved_path=path)
    project_file.save(Project(), path)
    with pytest.raises(ProjectFileError, match="Stops") as caught:
        project_file.load(copy)
    assert "city.gpkg" in caught.value.hint
    path.unlink()
    with pytest.raises(ProjectFileError, match="city"):
        project_file.load(copy)


@pytest.mark.parametrize("name", ["../city.gpkg", "/etc/passwd", "", ".", 7])
def test_a_foreign_copy_leads_nowhere_else(path: Path, copy: Path, name: object) -> None:
    saved = Project(layers=(stops(),))
    project_file.save(saved, path)
    recovery.write(changed(saved), copy, saved=saved, saved_path=path)
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("UPDATE gisapp_layers SET rows_in = ?", (name,))
    with pytest.raises(ProjectFileError):
        project_file.load(copy)


def test_a_copy_that_needs_itself_is_refused(path: Path, copy: Path) -> None:
    saved = Project(layers=(stops(),))
    project_file.save(saved, path)
    recovery.write(changed(saved), copy, saved=saved, saved_path=path)
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("UPDATE gisapp_layers SET rows_in = ?", (copy.name,))
    with pytest.raises(ProjectFileError):
        project_file.load(copy)


_CRASH = """
import os, sys
from pathlib import Path
from gisapp.io.project import gpkg_rows
from gisapp.io.project import project_file
from gisapp.io.project import recovery
from gisapp.layers import edits
from gisapp.progress import Progress
from tests.io.projects import stops

gpkg_rows.MANY_ROWS = 1
path, copy = map(Path, sys.argv[1:])
saved = project_file.load(path)
first = edits.set_title("First").apply(saved)
recovery.write(first, copy, saved=saved, saved_path=path)
second = edits.add_layer(stops(60_000, "Too much")).apply(first)
seen = []

def crash(fraction, text):
    seen.append(text)
    if len(seen) > 2:
        os._exit(9)

recovery.write(second, copy, last=first, saved=saved, saved_path=path, progress=Progress(crash))
"""


def test_a_crash_leaves_the_last_whole_copy(path: Path, copy: Path) -> None:
    saved = Project(layers=(stops(),))
    project_file.save(saved, path)
    done = subprocess.run(
        [sys.executable, "-c", _CRASH, path, copy], cwd=ROOT, check=False, capture_output=True
    )
    assert done.returncode == 9, done.stderr.decode()
    found = recovery.recoverable(path, path.parent)
    assert found is not None
    assert_same(project_file.load(found.path), changed(saved, "First"))
