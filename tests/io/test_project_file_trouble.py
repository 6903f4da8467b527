"""Project files that cannot be opened or saved: one clear sentence, and the old file as it was."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyogrio
import pytest
import shapely

from gisapp.errors import ProjectFileError
from gisapp.io.project import project_file, recovery
from gisapp.layers import edits
from gisapp.layers.project import Project
from tests.io.projects import assert_same, districts, stops, whole_project


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project_file, "BUSY_SECONDS", 0.01)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "city.gpkg"


@pytest.fixture
def saved(path: Path) -> Project:
    project = whole_project()
    project_file.save(project, path)
    return project


def changed(project: Project) -> Project:
    return edits.add_layer(stops(20_000, "Many more stops")).apply(project)


def refused(call: Callable[..., Any], *arguments: Any) -> ProjectFileError:
    with pytest.raises(ProjectFileError) as caught:
        call(*arguments)
    assert caught.value.message.endswith(".")
    assert caught.value.hint.endswith(".")
    return caught.value


def change(path: Path, statement: str, values: tuple[Any, ...] = ()) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement, values)


# Opening


def test_a_missing_file(path: Path) -> None:
    assert "There is no file" in refused(project_file.load, path).message


def test_an_empty_file(path: Path) -> None:
    path.touch()
    assert "is empty" in refused(project_file.load, path).message


def test_a_folder(tmp_path: Path) -> None:
    assert "is a folder" in refused(project_file.load, tmp_path).message


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe(path: Path) -> None:
    os.mkfifo(path)
    assert "is a device or a pipe" in refused(project_file.load, path).message


@pytest.mark.parametrize("content", [b"a,b\n1,2\n", b"PK\x03\x04" * 100, bytes(5000)])
def test_a_foreign_file(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    error = refused(project_file.load, path)
    assert "is not a gisapp project" in error.message
    assert "Import" in error.hint


@pytest.mark.parametrize("part", [0.02, 0.5, 0.99])
def test_a_truncated_file(path: Path, saved: Project, part: float) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * part)])
    assert "is cut short" in refused(project_file.load, path).message


def test_only_the_magic_of_a_database(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\0")
    assert "is cut short" in refused(project_file.load, path).message


def test_another_geopackage(path: Path) -> None:
    pyogrio.write_dataframe(districts().features(), path, layer="districts")
    error = refused(project_file.load, path)
    assert "a GeoPackage, but not a gisapp project" in error.message
    assert "Import" in error.hint


def test_another_database(path: Path) -> None:
    change(path, "CREATE TABLE t (a)")
    assert "a database, but not a gisapp project" in refused(project_file.load, path).message


def test_a_project_of_a_newer_version(path: Path, saved: Project) -> None:
    change(path, "UPDATE gisapp_project SET value = '99' WHERE key = 'format_version'")
    error = refused(project_file.load, path)
    assert "made by a newer version of gisapp" in error.message
    assert "Update" in error.hint


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE gisapp_project SET value = 'x' WHERE key = 'format_version'", "which format"),
        (f"UPDATE gisapp_project SET value = '{'9' * 9000}' WHERE key = 'format_version'", "which"),
        ("UPDATE gisapp_project SET value = 'Mars/Base' WHERE key = 'timezone'", "time zone"),
        ("UPDATE gisapp_layers SET table_name = x'fffe' WHERE position = 0", "no text"),
        ("DELETE FROM gisapp_project WHERE key = 'title'", "title"),
        ("DROP TABLE gisapp_views", "it is missing"),
        ('DROP TABLE "Stops"', "Stops"),
        ('ALTER TABLE "Stops" DROP COLUMN age', "age"),
        ("UPDATE \"Stops\" SET geom = x'00'", "place"),
        ('UPDATE "Stops" SET geom = NULL WHERE fid = 3', "place"),
        ("UPDATE \"Districts\" SET geom = x'4750' WHERE fid = 1", "place"),
        ("UPDATE \"Stops\" SET age = 'many' WHERE fid = 3", "another type"),
        ('UPDATE "Stops" SET "time" = \'noon\' WHERE fid = 3', "another type"),
        ("UPDATE gisapp_layers SET style = '{'", "cannot be read"),
        ("UPDATE gisapp_layers SET kind = 'dragons'", "cannot be read"),
        ("UPDATE gisapp_layers SET columns = NULL", "cannot be read"),
        ("UPDATE gisapp_layers SET schema = x'0102'", "cannot be read"),
        ("UPDATE zones SET geom = x'00'", "zones"),
        ("UPDATE zones SET basis = 'guess'", "cannot be read"),
        ("UPDATE agreements SET json = '{}'", "cannot be read"),
        ("UPDATE agreements SET json = NULL", "cannot be read"),
    ],
)
def test_damaged_contents(path: Path, saved: Project, statement: str, told: str) -> None:
    change(path, statement)
    error = refused(project_file.load, path)
    assert told in error.message
    assert "backup" in error.hint


def test_damaged_pages(path: Path) -> None:
    project_file.save(Project(layers=(stops(5000),)), path)
    content = bytearray(path.read_bytes())
    middle = len(content) // 8192 * 4096
    content[middle : middle + 8192] = os.urandom(8192)
    path.write_bytes(content)
    assert "damaged" in refused(project_file.load, path).message


# Saving


def assert_as_it_was(path: Path, content: bytes) -> None:
    assert path.read_bytes() == content
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("whole", [True, False], ids=["new file", "difference"])
def test_a_full_disk(
    path: Path, saved: Project, monkeypatch: pytest.MonkeyPatch, whole: bool
) -> None:
    content = path.read_bytes()
    connect = project_file._connect

    def small_disk(where: Path, *, new: bool = False) -> sqlite3.Connection:
        connection = connect(where, new=new)
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 60}")
        return connection

    monkeypatch.setattr(project_file, "_connect", small_disk)
    error = refused(project_file.save, changed(saved), path, None if whole else saved)
    assert "the disk is full" in error.message
    assert_as_it_was(path, content)
    monkeypatch.undo()
    assert_same(project_file.load(path), saved)


@pytest.mark.parametrize("whole", [True, False], ids=["new file", "difference"])
def test_a_file_that_another_program_writes_to(path: Path, saved: Project, whole: bool) -> None:
    content = path.read_bytes()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        error = refused(project_file.save, changed(saved), path, None if whole else saved)
        assert "another program has it open" in error.message
    assert_as_it_was(path, content)


def test_a_file_that_another_program_reads_from_can_be_replaced_later(
    path: Path, saved: Project
) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM zones").fetchone()
        error = refused(project_file.save, changed(saved), path)
        assert "another program has it open" in error.message
    project_file.save(changed(saved), path)


def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "city.gpkg").mkdir()
    error = refused(project_file.save, Project(), tmp_path / "city.gpkg")
    assert "is a folder" in error.message


def test_no_such_folder(tmp_path: Path) -> None:
    error = refused(project_file.save, Project(), tmp_path / "none" / "city.gpkg")
    assert "There is no folder" in error.message


def test_a_name_that_qgis_would_not_open(tmp_path: Path) -> None:
    error = refused(project_file.save, Project(), tmp_path / "city.qgz")
    assert "city.gpkg" in error.hint


def test_too_many_columns(path: Path) -> None:
    layer = stops(1)
    table = layer.table
    for number in range(2000):
        table = table.append_column(f"c{number}", table["age"])
    project = Project(layers=(type(layer)("Wide", layer.kind, table, layer.geometry),))
    assert "columns" in refused(project_file.save, project, path).message
    assert list(path.parent.iterdir()) == []


@pytest.fixture
def read_only() -> Iterator[Path]:
    """A folder that may not be written to, and a user who is bound by that."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.skipif(os.name != "posix", reason="folders are made read-only in another way there")
@pytest.mark.parametrize("whole", [True, False], ids=["new file", "difference"])
def test_a_read_only_folder(read_only: Path, whole: bool) -> None:
    path = read_only / "city.gpkg"
    project = whole_project()
    project_file.save(project, path)
    content = path.read_bytes()
    path.chmod(0o444)
    read_only.chmod(0o555)
    superuser = os.geteuid() == 0
    if superuser:
        os.seteuid(65534)
    try:
        assert_same(project_file.load(path), project)
        error = refused(project_file.save, changed(project), path, None if whole else project)
    finally:
        if superuser:
            os.seteuid(0)
    assert "may not be written" in error.message
    assert_as_it_was(path, content)


def test_saving_opening_and_recovery_at_the_same_time_do_not_meet(tmp_path: Path) -> None:
    path, target = tmp_path / "city.gpkg", tmp_path / ".city.recovery.gpkg"
    states = [whole_project()]
    for number in range(12):
        states.append(edits.set_title(f"State {number}").apply(states[-1]))
    project_file.save(states[0], path)

    def save_all() -> None:
        for before, after in pairwise(states):
            project_file.save(after, path, before)

    def keep_all() -> None:
        for state in states:
            recovery.write(state, target, saved=states[0], saved_path=path)

    def open_often() -> list[Project]:
        return [project_file.load(path) for _ in range(8)]

    with ThreadPoolExecutor(3) as pool:
        works = [pool.submit(save_all), pool.submit(keep_all), pool.submit(open_often)]
        for work in works:
            work.result()
    assert_same(project_file.load(path), states[-1])
    assert_same(project_file.load(target), states[-1])


# What a crash leaves


def test_a_journal_of_the_old_file_is_not_played_into_the_new_one(path: Path) -> None:
    before = Project(layers=(stops(3000, "Old"),))
    project_file.save(before, path)
    content = path.read_bytes()
    # A crash in the middle of a transaction: the file half written, its journal beside it.
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA cache_size = 5")
        connection.execute("BEGIN")
        connection.execute('UPDATE "Old" SET activity = zeroblob(500)')
        half, journal = path.read_bytes(), path.with_name("city.gpkg-journal").read_bytes()
        connection.execute("ROLLBACK")
    assert half != content
    path.write_bytes(half)
    path.with_name("city.gpkg-journal").write_bytes(journal)
    after = Project(layers=(stops(10, "New"),))
    project_file.save(after, path)
    assert_same(project_file.load(path), after)
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_a_crash_in_the_middle_of_saving_is_undone_at_the_next_opening(path: Path) -> None:
    before = Project(layers=(stops(3000, "Old"),))
    project_file.save(before, path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA cache_size = 5")
        connection.execute("BEGIN")
        connection.execute('UPDATE "Old" SET activity = zeroblob(500)')
        half, journal = path.read_bytes(), path.with_name("city.gpkg-journal").read_bytes()
        connection.execute("ROLLBACK")
    path.write_bytes(half)
    path.with_name("city.gpkg-journal").write_bytes(journal)
    assert_same(project_file.load(path), before)


def test_an_unusual_zone_is_kept_to_the_last_bit(path: Path) -> None:
    shape = shapely.MultiPolygon([shapely.box(0.1, 0.2, 0.1 + 1e-12, 1 / 3)])
    project = whole_project()
    zone = next(iter(project.zones.values()))
    project = edits.reshape_zone(zone.id, shape).apply(project)
    project_file.save(project, path)
    assert_same(project_file.load(path), project)
