"""Rows of GeoParquet with the zones that hold there and then beside them, whole or not at all."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path

import geopandas
import numpy as np
import pyarrow.parquet as pq
import pytest
import shapely

from gisapp.analysis.look_ups import what_applies
from gisapp.errors import Cancelled, DataError, ExportError
from gisapp.io.folders import geoparquet, out_of_core_check, parquet_rows
from gisapp.io.folders.out_of_core_check import Checked, Checking
from gisapp.layers.agreement import Hours
from gisapp.layers.audience import Audience
from gisapp.layers.vocabulary import LayerKind, Visibility
from gisapp.progress import Progress
from tests.io import geoparquet_folders as folders
from tests.io.geoparquet_folders import ZONE

EVENINGS = (Hours(tuple(range(7)), time(18), time(2)),)


@pytest.fixture(scope="module")
def stops() -> geopandas.GeoDataFrame:
    return folders.frame(1200)


@pytest.fixture(scope="module")
def folder(stops: geopandas.GeoDataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folders.write(stops, tmp_path_factory.mktemp("stops") / "stops")


def work(path: Path, at: datetime | None = None) -> tuple[geoparquet.GeoFolder, Checking]:
    held = geoparquet.look(path)
    reading = parquet_rows.reading(held, LayerKind.STOPS, ZONE)
    return held, out_of_core_check.checking(folders.project(hours=EVENINGS), reading, at)


def test_each_row_is_judged_as_by_itself(folder: Path, tmp_path: Path) -> None:
    held, checking = work(folder)
    checked = out_of_core_check.checked(held, checking, tmp_path / "out")
    rows = inside = 0
    for file in held.files:
        before = pq.ParquetFile(file.path).read()
        after = pq.ParquetFile(tmp_path / "out" / file.path.relative_to(folder)).read()
        assert after.select(before.column_names).equals(before)
        frame = geopandas.GeoDataFrame.from_arrow(after.drop_columns(["bbox"]))
        for row in frame.itertuples():
            known = row.geometry is not None and row.geometry.x != 0 and row.date == row.date
            if not known:
                assert row.zones is None or row.zones != row.zones
                continue
            place = row.geometry
            holding = what_applies.applies_at(checking.project, place.x, place.y, row.date)
            assert row.zones == "; ".join(one.zone_name for one in holding)
            inside += bool(holding)
        rows += len(frame)
    assert checked.rows == rows == held.rows
    assert checked.inside == inside > 10
    assert (checked.no_place, checked.no_time) == (38, 30)


def test_what_is_written_is_geoparquet_and_says_who_may_read_it(
    folder: Path, tmp_path: Path
) -> None:
    held, checking = work(folder, datetime(2024, 5, 1, 20, tzinfo=UTC))
    out_of_core_check.checked(held, checking, tmp_path / "out")
    again = geoparquet.look(tmp_path / "out")
    assert again.rows == held.rows
    assert again.named_by == ["month"]
    frame = geopandas.read_parquet(next((tmp_path / "out").rglob("*.parquet")))
    assert frame.crs == "EPSG:4326"
    note = json.loads(again.schema.metadata[b"gisapp"])
    assert note["sensitivity"] == "restricted"
    # Checked once more, what stands there is kept, and new columns get another name.
    held, checking = work(tmp_path / "out", datetime(2024, 5, 1, 20, tzinfo=UTC))
    out_of_core_check.checked(held, checking, tmp_path / "twice")
    assert {"zones", "zones 2"} < set(geoparquet.look(tmp_path / "twice").schema.names)


def test_one_moment_for_all_rows(
    stops: geopandas.GeoDataFrame, folder: Path, tmp_path: Path
) -> None:
    held, checking = work(folder, datetime(2024, 5, 1, 20, tzinfo=UTC))
    checked = out_of_core_check.checked(held, checking, tmp_path / "out")
    x, y = shapely.get_x(stops.geometry.values), shapely.get_y(stops.geometry.values)
    dated = [zone for zone in checking.project.zones.values() if zone.agreement_id]
    covered = np.logical_or.reduce([zone.covers(x, y) for zone in dated])
    assert checked == Checked(len(stops), int(covered.sum()), 38, 0)


def test_a_file_gives_a_file(stops: geopandas.GeoDataFrame, tmp_path: Path) -> None:
    stops.to_parquet(tmp_path / "s.parquet", row_group_size=100)
    held, checking = work(tmp_path / "s.parquet")
    out_of_core_check.checked(held, checking, tmp_path / "out.parquet")
    frame = geopandas.read_parquet(tmp_path / "out.parquet")
    assert frame["number"].tolist() == stops["number"].tolist()


def test_nothing_is_left_of_what_was_stopped_or_went_wrong(folder: Path, tmp_path: Path) -> None:
    held, checking = work(folder)
    progress = Progress(lambda fraction, text: progress.cancel())
    with pytest.raises(Cancelled):
        out_of_core_check.checked(held, checking, tmp_path / "out", progress)
    with pytest.raises(ExportError, match="could not be written"):
        out_of_core_check.checked(held, checking, tmp_path / "no" / "folder")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(DataError, match="lies in the folder"):
        out_of_core_check.checked(held, checking, folder / "out")
    assert geoparquet.look(folder).rows == held.rows


def test_a_folder_that_is_there_is_kept_but_an_empty_one_is_taken(
    folder: Path, tmp_path: Path
) -> None:
    held, checking = work(folder)
    out = tmp_path / "out"
    out.mkdir()
    out_of_core_check.checked(held, checking, out)
    assert geoparquet.look(out).rows == held.rows
    with pytest.raises(ExportError, match="there already"):
        out_of_core_check.checked(held, checking, out)


def test_rows_without_times_need_a_moment(tmp_path: Path) -> None:
    folders.frame(20)[["geometry"]].to_parquet(tmp_path / "s.parquet")
    with pytest.raises(DataError, match="--at-column"):
        work(tmp_path / "s.parquet")


def test_zones_that_a_reader_may_not_know_are_beside_no_row(folder: Path, tmp_path: Path) -> None:
    """What is written leaves the program, so zones that never do are not in it for anybody."""
    held = geoparquet.look(folder)
    reading = parquet_rows.reading(held, LayerKind.STOPS, ZONE)
    plain = folders.project(hours=EVENINGS)
    changed = {"1": Visibility.NEVER_EXPORT, "3": Visibility.POLICE_ONLY}
    made = [replace(plain.zones[key], visibility=seen) for key, seen in changed.items()]
    project = plain.with_zones(made)
    named = {}
    for audience in (Audience.POLICE, Audience.PUBLIC):
        work = out_of_core_check.checking(project, reading, None, audience)
        out_of_core_check.checked(held, work, tmp_path / audience)
        told = pq.read_table(tmp_path / audience)["zones"].to_pylist()
        named[audience] = {name for text in told if text for name in text.split("; ")}
    assert "Zone 1" not in named[Audience.POLICE] | named[Audience.PUBLIC]
    assert "Zone 3" in named[Audience.POLICE] - named[Audience.PUBLIC]
    assert "Zone 5" in named[Audience.PUBLIC]
