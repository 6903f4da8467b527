"""The project file: everything comes back, others can read it, and only changes are written."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import warnings
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyogrio
import pytest
import shapely

from gisapp.errors import Cancelled
from gisapp.io.project import project_file, project_write
from gisapp.layers import edits
from gisapp.layers.audience import Sensitivity
from gisapp.layers.layer import Points, Shapes, new_layer
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind
from gisapp.layers.zone import Zone
from gisapp.progress import Progress
from tests.io.projects import agreement, assert_same, districts, stops, whole_project


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "city.gpkg"


def rows(path: Path, query: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def test_everything_comes_back(path: Path) -> None:
    project = whole_project()
    project_file.save(project, path)
    assert_same(project_file.load(path), project)


def test_an_empty_project_comes_back(path: Path) -> None:
    project = Project()
    project_file.save(project, path)
    assert_same(project_file.load(path), project)


@pytest.mark.parametrize(
    "name", ["a b.gpkg", "a!b.gpkg", "a#b?c.gpkg", "100%25.gpkg", "市 Îles.gpkg", "x.zip.gpkg"]
)
def test_any_name_of_a_file_will_do(tmp_path: Path, name: str) -> None:
    project = Project(layers=(stops(5),))
    project_file.save(project, tmp_path / name)
    assert_same(project_file.load(tmp_path / name), project)


def test_empty_layers_come_back(path: Path) -> None:
    none = np.empty(0)
    table = stops().table.slice(0, 0)
    points = new_layer("No stops", LayerKind.STOPS, table, Points(none, none))
    shapes = new_layer(
        "No areas",
        LayerKind.OTHER,
        pa.table({"name": pa.array([], pa.string())}),
        Shapes(np.empty(0, dtype=object)),
    )
    project = Project(layers=(points, shapes))
    project_file.save(project, path)
    assert_same(project_file.load(path), project)


def test_layers_of_one_name_and_odd_names_come_back(path: Path) -> None:
    names = ["Stops", "stops", "zones", "gisapp_layers", "", '"; DROP TABLE zones', "停", "a" * 300]
    project = Project(layers=tuple(stops(3, name) for name in names))
    project_file.save(project, path)
    loaded = project_file.load(path)
    assert [layer.name for layer in loaded.layers] == names
    assert_same(loaded, project)


# Other programs


def test_gdal_of_today_reads_every_table_without_a_warning(path: Path) -> None:
    project_file.save(whole_project(), path)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        layers = dict(pyogrio.list_layers(path))
        assert layers["Stops"] == "Point"
        assert layers["zones"] == "MultiPolygon"
        frame = pyogrio.read_dataframe(path, layer="Stops")
        zones = pyogrio.read_dataframe(path, layer="zones")
    assert len(frame) == 50
    assert frame.crs == "EPSG:4326"
    assert list(zones["status"])[:3] == ["in force", "no agreement", "no agreement"]
    assert next(iter(zones["agreement"])) == "Needle exchange, Quay Street"
    assert zones.geometry.is_valid.all()


@pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="ogrinfo (gdal-bin) is not installed")
def test_an_older_gdal_reads_it_without_a_warning(path: Path) -> None:
    project_file.save(whole_project(), path)
    answer = subprocess.run(
        ["ogrinfo", "-al", "-q", str(path)], capture_output=True, text=True, check=True, timeout=30
    )
    assert answer.stderr == ""
    assert "Layer name: Stops" in answer.stdout
    assert "time (DateTime) = 20" in answer.stdout
    assert "+00" in answer.stdout  # moments are read as UTC
    assert 'activity (String) = =1+1 "quoted"' in answer.stdout


def test_it_is_a_geopackage_by_the_standard(path: Path) -> None:
    project_file.save(whole_project(), path)
    assert rows(path, "PRAGMA application_id") == [(0x47504B47,)]
    assert rows(path, "PRAGMA user_version") == [(10300,)]
    systems = rows(path, "SELECT srs_id FROM gpkg_spatial_ref_sys ORDER BY 1")
    assert systems == [(-1,), (0,), (4326,)]
    assert rows(path, "PRAGMA foreign_key_check") == []
    assert rows(path, "PRAGMA integrity_check") == [("ok",)]
    kinds = dict(rows(path, "SELECT table_name, data_type FROM gpkg_contents"))
    tables = {name for (name,) in rows(path, "SELECT name FROM sqlite_schema WHERE type = 'table'")}
    own = {name for name in tables if not name.startswith(("gpkg_", "sqlite_"))}
    assert own == set(kinds)
    assert {name for name, kind in kinds.items() if kind == "features"} == {
        "Stops",
        "Districts",
        "zones",
        "gisapp_scenario_zones",
    }


def test_times_are_utc_text_as_the_standard_wants(path: Path) -> None:
    project_file.save(Project(layers=(stops(),)), path)
    texts = [text for (text,) in rows(path, 'SELECT "time" FROM "Stops"') if text is not None]
    assert texts
    for text in texts:
        assert len(text) == 24
        assert text[10] == "T"
        assert text.endswith(".000Z")


def test_agreements_can_be_read_in_words(path: Path) -> None:
    project_file.save(whole_project(), path)
    [(parties, hours, kept)] = rows(
        path, "SELECT parties, hours, json FROM agreements WHERE is_current = 0"
    )
    assert parties.startswith("City Police (police, signed 2024-12-01); Health")
    assert hours.startswith(
        "Monday to Friday 08:00–20:00; Saturday, Sunday 22:00–06:00 the next day"
    )
    assert json.loads(kept)["version"] == 1


# Only what changed


def watched(path: Path, project: Project, saved: Project) -> list[str]:
    """The tables that saving wrote to, by SQLite's own account."""
    touched: set[str] = set()
    original = project_write.write

    def write(connection: sqlite3.Connection, *rest: Any) -> None:
        def note(action: int, table: str | None, *_: object) -> int:
            changing = (sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE)
            if action in changing and table is not None:
                touched.add(table)
            return sqlite3.SQLITE_OK

        connection.set_authorizer(note)
        original(connection, *rest)
        connection.set_authorizer(None)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(project_write, "write", write)
        project_file.save(project, path, saved)
    return sorted(touched)


def test_moving_a_zone_writes_no_layer(path: Path) -> None:
    before = whole_project()
    project_file.save(before, path)
    zone = next(iter(before.zones.values()))
    after = edits.reshape_zone(zone.id, shapely.box(0, 0, 0.01, 0.01)).apply(before)
    inode = path.stat().st_ino
    assert watched(path, after, before) == ["gisapp_project", "gpkg_contents", "zones"]
    assert path.stat().st_ino == inode
    assert_same(project_file.load(path), after)


def test_a_new_look_writes_no_rows(path: Path) -> None:
    before = whole_project()
    project_file.save(before, path)
    after = edits.set_sensitivity(before.layers[1].id, Sensitivity.PARTNER).apply(before)
    assert "Stops" not in watched(path, after, before)
    assert_same(project_file.load(path), after)


def test_renaming_a_layer_renames_its_table_and_writes_no_rows(path: Path) -> None:
    before = whole_project()
    project_file.save(before, path)
    after = edits.rename_layer(before.layers[1].id, "Stops of 2023").apply(before)
    touched = watched(path, after, before)
    assert "Stops" not in touched
    assert "Stops_of_2023" not in touched
    assert "Stops_of_2023" in {name for name, _ in pyogrio.list_layers(path)}
    assert_same(project_file.load(path), after)


def test_two_layers_can_swap_their_names(path: Path) -> None:
    one, two = stops(3, "A"), stops(4, "B")
    before = Project(layers=(one, two))
    project_file.save(before, path)
    after = replace(before, layers=(one.renamed("B"), two.renamed("A")))
    project_file.save(after, path, before)
    assert_same(project_file.load(path), after)
    assert {name for (name,) in rows(path, "SELECT identifier FROM gpkg_contents")} >= {"A", "B"}


def test_a_change_of_an_agreement_renews_the_words_beside_its_zones(path: Path) -> None:
    before = whole_project()
    project_file.save(before, path)
    after = edits.correct_agreement(agreement("Quay Street, corrected", version=2)).apply(before)
    project_file.save(after, path, before)
    assert rows(path, "SELECT agreement FROM zones WHERE agreement_id = 'quay'") == [
        ("Quay Street, corrected",)
    ]
    assert_same(project_file.load(path), after)


def test_the_order_of_layers_and_zones_is_kept(path: Path) -> None:
    before = whole_project()
    project_file.save(before, path)
    turned = tuple(reversed(before.layers))
    zones = dict(reversed(before.zones.items()))
    after = replace(before, layers=turned, zones=zones)
    project_file.save(after, path, before)
    assert_same(project_file.load(path), after)


def test_layers_come_and_go(path: Path) -> None:
    first = whole_project()
    project_file.save(first, path)
    second = edits.remove_layer(first.layers[0].id).apply(first)
    second = edits.add_layer(stops(7, "More stops")).apply(second)
    project_file.save(second, path, first)
    assert_same(project_file.load(path), second)
    project_file.save(first, path, second)
    assert_same(project_file.load(path), first)


def test_what_was_removed_leaves_nothing_in_the_file(path: Path) -> None:
    secret = "witness under the bridge"
    table = pa.table({"note": [f"{secret} {number}" for number in range(200)]})
    places = Points(np.zeros(200), np.zeros(200))
    layer = new_layer("Notes", LayerKind.OTHER, table, places)
    before = Project(layers=(layer, *whole_project().layers, stops(5000, "Many")))
    project_file.save(before, path)
    assert secret.encode() in path.read_bytes()
    project_file.save(edits.remove_layer(layer.id).apply(before), path, before)
    assert secret.encode() not in path.read_bytes()


def test_a_file_that_became_half_empty_is_made_small(path: Path) -> None:
    before = Project(layers=(stops(5000, "Many"), districts()))
    project_file.save(before, path)
    small = edits.remove_layer(before.layers[0].id).apply(before)
    project_file.save(small, path, before)
    large = path.stat().st_size
    renamed = edits.set_title("Small").apply(small)
    project_file.save(renamed, path, small)
    assert path.stat().st_size < large / 2
    assert_same(project_file.load(path), renamed)


def test_saving_what_is_saved_does_not_touch_the_file(path: Path) -> None:
    project = whole_project()
    project_file.save(project, path)
    before = path.read_bytes()
    project_file.save(project, path, project)
    assert path.read_bytes() == before


# Files that others changed


def test_a_file_changed_by_another_program_is_replaced_whole(path: Path) -> None:
    before = whole_project()
    project_file.save(before, path)
    frame = pyogrio.read_dataframe(path, layer="Stops").head(1)
    pyogrio.write_dataframe(frame, path, layer="Stops", append=True)
    assert not project_file.holds(path, before)
    after = edits.set_title("Mine").apply(before)
    project_file.save(after, path, before)
    assert_same(project_file.load(path), after)


def test_a_project_saved_over_another_one_replaces_it(path: Path) -> None:
    project_file.save(whole_project(), path)
    project = Project(layers=(stops(9, "Other"),))
    project_file.save(project, path)
    assert_same(project_file.load(path), project)


def test_claiming_to_hold_a_file_that_is_another_does_no_harm(path: Path) -> None:
    project_file.save(whole_project(), path)
    before = whole_project()
    after = before.with_zone(Zone("Extra", shapely.box(0, 0, 1, 1)))
    project_file.save(after, path, before)
    assert_same(project_file.load(path), after)


def test_a_row_that_was_edited_in_qgis_is_read_as_edited(path: Path) -> None:
    project = Project(layers=(stops(),))
    project_file.save(project, path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute('UPDATE "Stops" SET activity = ? WHERE fid = 1', ("corrected",))
        connection.execute('DELETE FROM "Stops" WHERE fid = 2')
    layer = project_file.load(path).layers[0]
    assert len(layer) == 49
    assert layer.table["activity"][0].as_py() == "corrected"


def test_points_written_by_another_program_are_read(path: Path) -> None:
    project = Project(layers=(stops(3),))
    project_file.save(project, path)
    big_endian = shapely.to_wkb(shapely.Point(7.5, 8.5), byte_order=0)
    envelope = np.array([7.5, 7.5, 8.5, 8.5], dtype="<f8").tobytes()
    blob = b"GP\x00\x03\xe6\x10\x00\x00" + envelope + big_endian
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute('UPDATE "Stops" SET geom = ? WHERE fid = 2', (blob,))
    places = project_file.load(path).layers[0].geometry
    assert isinstance(places, Points)
    assert (places.lon[1], places.lat[1]) == (7.5, 8.5)


# Cancelling


def test_cancelling_leaves_the_old_file(path: Path) -> None:
    before = Project(layers=(stops(10),))
    project_file.save(before, path)
    kept = path.read_bytes()
    progress = Progress()
    progress.cancel()
    after = edits.add_layer(stops(20, "More")).apply(before)
    with pytest.raises(Cancelled):
        project_file.save(after, path, before, progress)
    with pytest.raises(Cancelled):
        project_file.save(after, path, None, progress)
    assert path.read_bytes() == kept
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_progress_grows_to_the_end(path: Path) -> None:
    seen: list[float] = []
    progress = Progress(lambda fraction, _: seen.append(fraction or 0.0))
    project = Project(layers=(stops(50_000), districts()))
    project_file.save(project, path, None, progress)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
