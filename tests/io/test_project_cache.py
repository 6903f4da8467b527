"""The cache beside a project file: exact, never stale, and no harm when it is damaged or gone."""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings

from gisapp.analysis.points.known_indexes import index_of, known_index
from gisapp.errors import Cancelled
from gisapp.io.project import gpkg_rows, gpkg_schema, project_cache, project_file
from gisapp.layers import edits
from gisapp.layers.layer import Layer, Points, new_layer
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress
from tests.io.projects import assert_same, assert_same_layer, stops, whole_project
from tests.io.test_project_file_tables import tables


@pytest.fixture(autouse=True)
def few_rows_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpkg_rows, "MANY_ROWS", 1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "city.gpkg"


def kept(path: Path, project: Project) -> Project:
    """Save a project with its cache; returns it."""
    project_file.save(project, path)
    assert project_file.write_cache(project, path)
    return project


def from_cache(layer: Layer) -> bool:
    """Whether a layer that was just loaded came out of the cache: it brought its index along."""
    assert isinstance(layer.geometry, Points)
    return known_index(layer.geometry) is not None


def places(project: Project) -> Points:
    points = project.layers[1].geometry
    assert isinstance(points, Points)
    return points


def files(path: Path) -> list[Path]:
    return sorted(project_cache.folder_of(path).glob("*.arrow"))


def first_rows(layer: Layer, count: int) -> Layer:
    points = layer.geometry
    assert isinstance(points, Points)
    some = Points(points.lon[:count], points.lat[:count])
    return replace(layer, table=layer.table.slice(0, count), geometry=some)


def opened(path: Path) -> Layer:
    [layer] = [one for one in project_file.load(path).layers if one.kind is LayerKind.STOPS]
    return layer


def test_a_project_comes_back_out_of_it(path: Path) -> None:
    project = kept(path, whole_project())
    again = project_file.load(path)
    assert_same(again, project)
    assert from_cache(again.layers[1])
    index, made = index_of(places(again)), index_of(places(project))
    assert all(np.array_equal(one, made.arrays()[name]) for name, one in index.arrays().items())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables())
def test_any_table_comes_out_to_the_bit(table: pa.Table) -> None:
    rows = table.num_rows
    places = Points(np.linspace(-180, 180, rows), np.linspace(-90, 90, rows))
    layer = new_layer("Rows", LayerKind.STOPS, table, places)
    with tempfile.TemporaryDirectory() as folder:
        kept(Path(folder) / "table.gpkg", Project(layers=(layer,)))
        after = opened(Path(folder) / "table.gpkg")
        assert from_cache(after) == (rows > 0)
        for old, new in zip(layer.table.columns, after.table.columns, strict=True):
            assert str(old.combine_chunks()) == str(new.combine_chunks())
        assert after.table.schema.equals(layer.table.schema, check_metadata=True)
        assert after.table.equals(layer.table) or "nan" in str(layer.table.columns)


def test_the_sign_of_nought_comes_back(path: Path) -> None:
    points = Points(np.array([0.0, -0.0]), np.array([-0.0, 1.0]))
    kept(path, Project(layers=(new_layer("x", LayerKind.STOPS, pa.table({"a": [1, 2]}), points),)))
    after = opened(path).geometry
    assert isinstance(after, Points)
    assert (np.signbit(after.lon) == [False, True]).all()


def test_few_rows_and_areas_are_not_kept(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpkg_rows, "MANY_ROWS", 51)
    kept(path, whole_project())
    assert not project_cache.folder_of(path).exists()


# Never stale


EDITS = {
    "a value": "UPDATE Stops SET age = 7 WHERE fid = 3",
    "a place": "UPDATE Stops SET geom = (SELECT geom FROM Stops WHERE fid = 1) WHERE fid = 3",
    "a row less": "DELETE FROM Stops WHERE fid = 50",
    "a row of the middle less": "DELETE FROM Stops WHERE fid = 20",
    "a row more": "INSERT INTO Stops (geom, age) SELECT geom, 9 FROM Stops WHERE fid = 1",
    "a row in place of another": "REPLACE INTO Stops (fid, geom, age) SELECT 4, geom, 1 FROM Stops "
    "WHERE fid = 1",
    "guards taken away": "DROP TRIGGER {trigger}",
    "the time of change": "UPDATE gpkg_contents SET last_change = 'x' WHERE table_name = 'Stops'",
}


@pytest.mark.parametrize("what", EDITS)
def test_rows_changed_by_another_program_are_seen(path: Path, what: str) -> None:
    project = kept(path, Project(layers=(stops(),)))
    trigger = gpkg_schema.quoted(f"gisapp_{project.layers[0].id}_update")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(EDITS[what].format(trigger=trigger))
        connection.commit()
    assert not project_file.holds(path, project)
    edited = opened(path)
    assert not from_cache(edited)
    shutil.rmtree(project_cache.folder_of(path))
    assert_same_layer(opened(path), edited)


@pytest.mark.skipif(shutil.which("ogr2ogr") is None, reason="GDAL's programs are not installed")
def test_rows_changed_by_gdal_are_seen(path: Path) -> None:
    kept(path, Project(layers=(stops(),)))
    query = "UPDATE Stops SET age = 8 WHERE fid = 2"
    subprocess.run(["ogrinfo", "-q", path, "-sql", query], check=True, capture_output=True)
    assert not from_cache(opened(path))
    assert opened(path).table["age"][1].as_py() == 8


@pytest.mark.skipif(shutil.which("ogr2ogr") is None, reason="GDAL's programs are not installed")
def test_a_table_replaced_by_gdal_is_seen(path: Path, tmp_path: Path) -> None:
    project = kept(path, Project(layers=(stops(),)))
    other = tmp_path / "other.gpkg"
    project_file.save(Project(layers=(first_rows(project.layers[0], 40),)), other)
    subprocess.run(
        ["ogr2ogr", "-overwrite", "-f", "GPKG", "-update", path, other, "Stops"],
        check=True,
        capture_output=True,
    )
    assert len(opened(path)) == 40


def test_rows_looked_at_by_another_program_stay_kept(path: Path) -> None:
    kept(path, Project(layers=(stops(),)))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE of_others (x)")
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("VACUUM")
    assert from_cache(opened(path))


def test_edits_elsewhere_are_kept_again_after_the_next_save(path: Path) -> None:
    kept(path, Project(layers=(stops(),)))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(EDITS["a value"])
        connection.commit()
    edited = project_file.load(path)
    assert not project_file.write_cache(edited, path) or not files(path)
    titled = edits.set_title("Edited").apply(edited)
    project_file.save(titled, path, edited)
    assert project_file.write_cache(titled, path)
    after = project_file.load(path)
    assert from_cache(after.layers[0])
    assert_same(after, titled)


def test_a_file_of_an_older_version_is_kept_after_a_save(path: Path) -> None:
    old = Path(__file__).parents[1] / "files" / "project-format-1.gpkg"
    shutil.copyfile(old, path)
    project = project_file.load(path)
    changed = edits.set_title("Newer").apply(project)
    project_file.save(changed, path, project)
    assert project_file.write_cache(changed, path)
    again = project_file.load(path)
    assert_same(again, changed)
    many = [layer for layer in again.layers if isinstance(layer.geometry, Points)]
    assert many
    assert all(map(from_cache, many))


# Damaged, foreign, gone


def garbage(file: Path) -> None:
    file.write_bytes(random.Random(1).randbytes(file.stat().st_size))


def one_bit(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 4
    file.write_bytes(data)


def cut_short(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-7])


def longer(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b"more")


def empty(file: Path) -> None:
    file.write_bytes(b"")


def gone(file: Path) -> None:
    file.unlink()


def a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


@pytest.mark.parametrize("ending", ["table.arrow", "places.arrow", "json"])
@pytest.mark.parametrize("harm", [garbage, one_bit, cut_short, longer, empty, gone, a_folder])
def test_a_damaged_cache_is_made_anew(
    path: Path, ending: str, harm: Callable[[Path], None]
) -> None:
    project = kept(path, Project(layers=(stops(),)))
    [file] = project_cache.folder_of(path).glob(f"*.{ending}")
    harm(file)
    again = project_file.load(path)
    assert_same(again, project)
    if file.is_dir():
        file.rmdir()
    assert project_file.write_cache(again, path)
    assert from_cache(opened(path))


@pytest.mark.parametrize("text", ["null", "[]", "{}", '{"format": 1}', '"x"', "1e999", "\0"])
def test_a_leaf_that_is_none_is_passed_over(path: Path, text: str) -> None:
    project = kept(path, Project(layers=(stops(),)))
    [leaf] = project_cache.folder_of(path).glob("*.json")
    leaf.write_text(text)
    assert_same(project_file.load(path), project)


@pytest.mark.parametrize(
    ("key", "value"),
    [("rows", -1), ("rows", "x"), ("shapes", {}), ("table", []), ("order", "middle"), ("seal", 1)],
)
def test_a_leaf_that_lies_is_passed_over(path: Path, key: str, value: object) -> None:
    project = kept(path, Project(layers=(stops(),)))
    [leaf] = project_cache.folder_of(path).glob("*.json")
    leaf.write_text(json.dumps({**json.loads(leaf.read_text()), key: value}))
    again = project_file.load(path)
    assert_same(again, project)
    assert not from_cache(again.layers[0])


def test_files_of_another_layer_are_not_taken(path: Path, tmp_path: Path) -> None:
    project = kept(path, Project(layers=(stops(),)))
    other = tmp_path / "other.gpkg"
    table = stops().table.set_column(2, "age", pa.array(range(50)))
    kept(other, Project(layers=(replace(stops(), table=table),)))
    for mine, theirs in zip(files(path), files(other), strict=True):
        shutil.copyfile(theirs, mine)
    [leaf] = project_cache.folder_of(path).glob("*.json")
    [their_leaf] = project_cache.folder_of(other).glob("*.json")
    assert_same(project_file.load(path), project)
    shutil.copyfile(their_leaf, leaf)
    assert_same(project_file.load(path), project)


def test_texts_that_reach_beyond_their_memory_are_refused(path: Path) -> None:
    """Sums are right, but what they sum up was never written by gisapp."""
    project = kept(path, Project(layers=(stops(),)))
    [leaf] = project_cache.folder_of(path).glob("*.json")
    [table] = project_cache.folder_of(path).glob("*.table.arrow")
    data = bytearray(table.read_bytes())
    told = json.loads(leaf.read_text())
    hits = 0
    for start in range(0, len(data) - 8, 40):
        harmed = bytearray(data)
        harmed[start : start + 4] = (2**30).to_bytes(4, "little")
        words = np.frombuffer(harmed, np.uint64, count=len(harmed) // 8)
        told["table"]["sums"][0] = int(words.sum(dtype=np.uint64))
        table.unlink()
        table.write_bytes(harmed)
        leaf.write_text(json.dumps(told))
        layer = opened(path)
        if from_cache(layer):
            layer.table.to_pandas(ignore_metadata=True, date_as_object=False)
        else:
            hits += 1
            assert_same_layer(layer, project.layers[0])
    assert hits


def test_the_cache_may_be_deleted_while_it_is_in_use(path: Path) -> None:
    project = kept(path, Project(layers=(stops(),)))
    again = project_file.load(path)
    shutil.rmtree(project_cache.folder_of(path))
    assert_same(again, project)
    moved = edits.set_title("After").apply(again)
    project_file.save(moved, path, again)
    assert project_file.write_cache(moved, path)
    assert from_cache(opened(path))


# What it leaves behind, and where


def test_a_layer_that_is_removed_takes_its_files_along(path: Path) -> None:
    project = kept(path, Project(layers=(stops(), stops(20, "More"))))
    assert len(files(path)) == 4
    less = edits.remove_layer(project.layers[0].id).apply(project)
    project_file.save(less, path, project)
    assert len(files(path)) == 2
    none = edits.remove_layer(project.layers[1].id).apply(less)
    project_file.save(none, path, less)
    assert not project_cache.folder_of(path).exists()


def test_what_others_put_there_stays(path: Path) -> None:
    project = kept(path, Project(layers=(stops(),)))
    mine = project_cache.folder_of(path) / "notes.txt"
    mine.write_text("mine")
    project_file.save(Project(), path, project)
    assert [entry.name for entry in project_cache.folder_of(path).iterdir()] == ["notes.txt"]


def test_a_change_elsewhere_in_the_project_keeps_it(path: Path) -> None:
    project = kept(path, whole_project())
    before = {file: file.stat().st_mtime_ns for file in files(path)}
    layer = project.layers[1]
    changed = edits.rename_layer(layer.id, "Called otherwise").apply(project)
    changed = edits.set_title("Other").apply(changed)
    project_file.save(changed, path, project)
    assert project_file.write_cache(changed, path)
    assert {file: file.stat().st_mtime_ns for file in files(path)} == before
    again = project_file.load(path)
    assert from_cache(again.layers[1])
    assert_same(again, changed)


def test_a_project_saved_elsewhere_has_a_cache_of_its_own(path: Path, tmp_path: Path) -> None:
    project = kept(path, Project(layers=(stops(),)))
    other = tmp_path / "other.gpkg"
    kept(other, project)
    assert {file.name for file in files(path)}.isdisjoint(file.name for file in files(other))
    with closing(sqlite3.connect(other)) as connection:
        connection.execute(EDITS["a value"])
        connection.commit()
    assert from_cache(opened(path))
    assert not from_cache(opened(other))


def test_a_copied_file_and_folder_go_their_own_ways(path: Path, tmp_path: Path) -> None:
    kept(path, Project(layers=(stops(),)))
    other = tmp_path / "copy.gpkg"
    shutil.copyfile(path, other)
    shutil.copytree(project_cache.folder_of(path), project_cache.folder_of(other))
    assert from_cache(opened(other))
    project = project_file.load(other)
    kept(other, replace(project, layers=(first_rows(project.layers[0], 10),)))
    assert len(opened(other)) == 10
    assert len(opened(path)) == 50


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_to_is_no_news(path: Path) -> None:
    project = Project(layers=(stops(),))
    project_file.save(project, path)
    path.parent.chmod(0o500)
    try:
        assert not project_file.write_cache(project, path)
        assert_same(project_file.load(path), project)
    finally:
        path.parent.chmod(0o700)


def test_where_no_folder_can_be_made_there_is_none(path: Path) -> None:
    project = Project(layers=(stops(),))
    project_file.save(project, path)
    project_cache.folder_of(path).write_text("in the way")
    assert not project_file.write_cache(project, path)
    assert_same(project_file.load(path), project)
    project_file.save(edits.set_title("x").apply(project), path, project)
    assert project_cache.folder_of(path).read_text() == "in the way"


@pytest.mark.skipif(os.name != "posix", reason="permissions are those of POSIX")
def test_its_files_may_be_read_by_those_who_may_read_the_project(path: Path) -> None:
    project = Project(layers=(stops(),))
    project_file.save(project, path)
    path.chmod(0o640)
    assert project_file.write_cache(project, path)
    assert {file.stat().st_mode & 0o777 for file in files(path)} == {0o640}
    assert project_cache.folder_of(path).stat().st_mode & 0o777 == 0o750


def test_a_link_in_its_place_is_not_followed(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.mkdir()
    (target / f"{'0' * 32}.json").write_text("{}")
    project_cache.folder_of(path).symlink_to(target)
    project = Project(layers=(stops(),))
    project_file.save(project, path)
    assert not project_file.write_cache(project, path)
    assert [entry.name for entry in target.iterdir()] == [f"{'0' * 32}.json"]


def test_names_of_rows_in_a_foreign_file_lead_nowhere(path: Path) -> None:
    project = kept(path, Project(layers=(stops(),)))
    for name in ("../../etc/passwd", "a/b", "0" * 31, "G" * 32, "", 7, b"x"):
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("UPDATE gisapp_layers SET rows_id = ?", (name,))
            connection.commit()
        assert_same(project_file.load(path), project)
        assert not from_cache(opened(path))


def test_cancelling_leaves_what_is_whole(path: Path) -> None:
    project = Project(layers=(stops(),))
    project_file.save(project, path)
    progress = Progress(lambda fraction, _: progress.cancel() if (fraction or 0) > 0.4 else None)
    with pytest.raises(Cancelled):
        project_file.write_cache(project, path, progress)
    assert not files(path)
    assert not list(project_cache.folder_of(path).glob(".*"))
    assert project_file.write_cache(project, path)
    assert from_cache(opened(path))


def test_long_names_have_a_cache_too(tmp_path: Path) -> None:
    path = tmp_path / f"{'市' * 80}.gpkg"
    kept(path, Project(layers=(stops(),)))
    assert from_cache(opened(path))
