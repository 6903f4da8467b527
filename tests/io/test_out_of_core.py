"""A folder of GeoParquet counts to the row what a layer in memory counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gisapp.analysis import counting
from gisapp.errors import Cancelled, DataError
from gisapp.io.folders import geoparquet, out_of_core, parquet_rows
from gisapp.layers.layer import Points, new_layer
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress
from tests.io import geoparquet_folders as folders
from tests.io.geoparquet_folders import SIDE, SOUTH, WEST, ZONE


@pytest.fixture(scope="module")
def stops() -> geopandas.GeoDataFrame:
    return folders.frame()


@pytest.fixture(scope="module")
def folder(stops: geopandas.GeoDataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folders.write(stops, tmp_path_factory.mktemp("stops") / "stops")


def tally(
    project: Project, path: Path, kind: LayerKind = LayerKind.STOPS, **how: object
) -> out_of_core.Tally:
    held = geoparquet.look(path)
    reading = parquet_rows.reading(held, kind, ZONE)
    return out_of_core.counted(held, out_of_core.job(project, reading, **how))


@pytest.mark.parametrize("ring_m", [None, 300.0])
@pytest.mark.parametrize("day", [None, date(2024, 5, 1), date(2025, 5, 1)])
@pytest.mark.parametrize("ignore_dates", [False, True])
def test_counts_as_the_layer_does(
    stops: geopandas.GeoDataFrame,
    folder: Path,
    ring_m: float | None,
    day: date | None,
    ignore_dates: bool,
) -> None:
    project, layer = folders.project(), folders.layer(stops)
    found = tally(project, folder, ring_m=ring_m, day=day, ignore_dates=ignore_dates)
    assert found.counts == counting.count_events(
        project, layer, ring_m=ring_m, day=day, ignore_dates=ignore_dates
    )
    assert found.read == len(stops)
    assert found.counts.total == len(layer)
    assert found.reasons == {"no coordinates": 82, "coordinates 0, 0": 5}


@pytest.mark.parametrize("by", ["month", "activity", "group"])
def test_splits_as_the_layer_does(stops: geopandas.GeoDataFrame, folder: Path, by: str) -> None:
    project, layer = folders.project(), folders.layer(stops)
    found = tally(project, folder, by=by, ring_m=200.0)
    assert found.groups == counting.count_by(project, layer, by, ring_m=200.0)
    assert list(found.groups) == sorted(found.groups)


def test_a_group_that_no_row_has_is_not_there(tmp_path: Path) -> None:
    stops = folders.frame(60)
    stops["object_of_search"] = pd.Categorical(["Drugs"] * 60, ["Drugs", "Weapons"])
    stops["ethnicity"] = "A"
    stops.to_parquet(tmp_path / "s.parquet")
    assert list(tally(folders.project(), tmp_path, by="activity").groups) == ["Drugs"]
    layer = folders.layer(stops.assign(object_of_search="Drugs"))
    assert list(counting.count_by(folders.project(), layer, "activity")) == ["Drugs"]
    assert list(counting.count_by(folders.project(), layer, "group")) == ["A"]


squares = st.tuples(
    st.floats(WEST - 0.05, WEST + SIDE),
    st.floats(SOUTH - 0.05, SOUTH + SIDE),
    st.floats(0.001, 0.05),
    st.booleans(),
)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    boxes=st.lists(squares, max_size=5),
    ring_m=st.sampled_from([None, 50.0, 2000.0]),
    rows=st.sampled_from([40, 700, 10_000]),
    by=st.sampled_from([None, "month", "activity"]),
)
def test_whatever_the_zones_and_the_batches(
    stops: geopandas.GeoDataFrame,
    folder: Path,
    boxes: list[tuple[float, float, float, bool]],
    ring_m: float | None,
    rows: int,
    by: str | None,
) -> None:
    zones = [
        folders.square(west, south, side, str(number), terms)
        for number, (west, south, side, terms) in enumerate(boxes)
    ]
    project = Project(timezone=ZONE).with_zones(zones).with_agreement(folders.agreed())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(geoparquet, "BATCH_ROWS", rows)
        patch.setattr(out_of_core, "BATCH_ROWS", rows)
        found = tally(project, folder, ring_m=ring_m, by=by)
    layer = folders.layer(stops)
    assert found.counts == counting.count_events(project, layer, ring_m=ring_m)
    if by:
        assert found.groups == counting.count_by(project, layer, by, ring_m=ring_m)


def test_row_groups_far_from_every_zone_are_counted_without_their_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stops = folders.frame(900)
    stops = stops.iloc[shapely.get_x(stops.geometry.values).argsort()].reset_index(drop=True)
    stops.to_parquet(tmp_path / "s.parquet", write_covering_bbox=True, row_group_size=100)
    zone = folders.square(WEST, SOUTH, 0.01, "west", terms=True)
    project = Project(timezone=ZONE).with_zones([zone]).with_agreement(folders.agreed())
    held = geoparquet.look(tmp_path / "s.parquet")
    reading = parquet_rows.reading(held, LayerKind.STOPS, ZONE)
    job = out_of_core.job(project, reading, by="activity")
    far = [one.far for one in geoparquet.pieces(held, out_of_core.boxes(job))]
    assert any(far)
    assert not all(far)
    found = out_of_core.counted(held, job)
    assert found.reasons == {"no coordinates": 25, "coordinates 0, 0": 5}
    layer = folders.layer(stops)
    assert found.counts == counting.count_events(project, layer)
    assert found.groups == counting.count_by(project, layer, "activity")
    monkeypatch.setattr(geoparquet, "_far_groups", lambda *_: frozenset())
    assert out_of_core.counted(held, job) == found


def test_small_files_are_counted_together_and_none_is_lost(tmp_path: Path) -> None:
    stops = folders.frame(200)
    for number in range(20):
        part = stops.iloc[number * 10 : (number + 1) * 10]
        part.to_parquet(tmp_path / f"{number:02}.parquet", index=False)
    (tmp_path / "_metadata").write_bytes(b"not of ours")
    (tmp_path / ".hidden.parquet").write_bytes(b"not of ours")
    found = tally(folders.project(), tmp_path)
    assert found.read == 200
    assert found.counts == counting.count_events(folders.project(), folders.layer(stops))


def test_a_folder_without_rows_counts_nothing(tmp_path: Path) -> None:
    folders.frame(10).iloc[:0].to_parquet(tmp_path / "none.parquet", index=False)
    project = folders.project(3)
    found = tally(project, tmp_path)
    assert found.counts.total == 0
    assert dict(found.counts.by_zone) == {"0": 0, "1": 0, "2": 0}


def test_a_broken_file_is_named_and_nothing_is_counted(folder: Path, tmp_path: Path) -> None:
    part = next(folder.rglob("*.parquet"))
    (tmp_path / "good.parquet").write_bytes(part.read_bytes())
    (tmp_path / "torn.parquet").write_bytes(part.read_bytes()[:-40])
    with pytest.raises(DataError, match=r"torn\.parquet is damaged"):
        tally(folders.project(), tmp_path)


def test_a_page_that_is_damaged_names_its_file(folder: Path, tmp_path: Path) -> None:
    whole = bytearray(next(folder.rglob("*.parquet")).read_bytes())
    whole[40:2000] = b"\xff" * 1960
    (tmp_path / "worn.parquet").write_bytes(bytes(whole))
    with pytest.raises(DataError, match=r"worn\.parquet"):
        tally(folders.project(), tmp_path)


def test_counting_can_be_stopped(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geoparquet, "BATCH_ROWS", 300)
    monkeypatch.setattr(out_of_core, "BATCH_ROWS", 300)
    held = geoparquet.look(folder)
    reading = parquet_rows.reading(held, LayerKind.STOPS, ZONE)
    job = out_of_core.job(folders.project(), reading)
    progress = Progress(lambda fraction, text: progress.cancel())
    with pytest.raises(Cancelled):
        out_of_core.counted(held, job, progress)


def test_what_cannot_be_split_says_how(tmp_path: Path) -> None:
    bare = folders.frame(30)[["geometry"]]
    bare.to_parquet(tmp_path / "s.parquet", index=False)
    with pytest.raises(DataError, match="--map time=COLUMN"):
        tally(folders.project(), tmp_path, by="month")
    found = tally(folders.project(), tmp_path)
    assert found.without_time == found.counts.total


def test_real_stops_of_london(shared_data: Path, tmp_path: Path) -> None:
    files = sorted((shared_data / "london" / "met_stop_and_search").glob("*.csv.gz"))[:2]
    table = pd.concat([pd.read_csv(file, low_memory=False) for file in files])
    lon, lat = table["Longitude"].to_numpy(), table["Latitude"].to_numpy()
    stops = geopandas.GeoDataFrame(
        {
            "date": pd.to_datetime(table["Date"], utc=True).array,
            "object_of_search": table["Object of search"].to_numpy(),
            "ethnicity": table["Self-defined ethnicity"].to_numpy(),
        },
        geometry=shapely.points(lon, lat),
        crs=4326,
    )
    folders.write(stops, tmp_path / "met", row_group_size=5000)
    project = folders.project(60)
    layer = folders.layer(stops)
    found = tally(project, tmp_path / "met", by="activity", ring_m=150.0)
    assert found.counts.inside > 100
    assert found.counts == counting.count_events(project, layer, ring_m=150.0)
    assert found.groups == counting.count_by(project, layer, "activity", ring_m=150.0)


def test_counts_add_up() -> None:
    rng = np.random.default_rng(3)
    points = Points(WEST + SIDE * rng.random(500), SOUTH + SIDE * rng.random(500))
    layer = folders.layer(folders.frame(500))
    whole = new_layer("a", LayerKind.STOPS, layer.table.slice(0, 0), Points(*np.zeros((2, 0))))
    project = folders.project()
    one = counting.count_events(project, layer)
    none = counting.count_events(project, whole)
    assert one + none == one
    other = counting.count_events(
        project, replace(layer, geometry=Points(points.lon[: len(layer)], points.lat[: len(layer)]))
    )
    both = one + other
    assert both.total == one.total + other.total
    assert both.by_zone == {key: one.by_zone[key] + other.by_zone[key] for key in one.by_zone}
