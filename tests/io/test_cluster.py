"""The same to the row on a cluster: two worker processes of this machine, on loopback only."""

from __future__ import annotations

import contextlib
import importlib.util
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gisapp.errors import Cancelled, DataError, ExportError
from gisapp.io.folders import cluster, geoparquet, out_of_core, out_of_core_check, parquet_rows
from gisapp.layers.audience import Audience
from gisapp.layers.layer import Points, new_layer
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress
from tests.conftest import Run
from tests.io import geoparquet_folders as folders
from tests.io.geoparquet_folders import SOUTH, WEST, ZONE


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    pytest.importorskip("dask_geopandas")
    with cluster.connected(cluster.LOCAL, 2) as two:
        yield two


@pytest.fixture(scope="module")
def stops() -> geopandas.GeoDataFrame:
    return folders.frame()


@pytest.fixture(scope="module")
def folder(stops: geopandas.GeoDataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folders.write(stops, tmp_path_factory.mktemp("stops") / "stops")


def job(path: Path, **how: Any) -> tuple[geoparquet.GeoFolder, out_of_core.Job]:
    held = geoparquet.look(path)
    reading = parquet_rows.reading(held, LayerKind.STOPS, ZONE, how.pop("columns", None))
    return held, out_of_core.job(folders.project(), reading, **how)


def test_another_cluster_on_this_machine_is_no_trouble(folder: Path) -> None:
    pytest.importorskip("dask_geopandas")
    held, work = job(folder, by="month")
    with socket.socket() as usual:
        # Where somebody has the usual port already, it is taken as well.
        with contextlib.suppress(OSError):
            usual.bind(("127.0.0.1", 8787))
            usual.listen()
        with cluster.connected(cluster.LOCAL, 1) as one:
            assert cluster.counted(one, held, work) == out_of_core.counted(held, work)


@pytest.mark.parametrize("by", ["month", "activity"])
def test_counts_what_one_machine_counts(client: Any, folder: Path, by: str) -> None:
    held, work = job(folder, by=by, ring_m=200.0)
    there, here = cluster.counted(client, held, work), out_of_core.counted(held, work)
    assert there == here
    assert here.counts.inside > 50


def test_native_points_and_groups_from_the_names_of_folders(
    client: Any, stops: geopandas.GeoDataFrame, tmp_path: Path
) -> None:
    folders.write(stops, tmp_path / "s", geometry_encoding="geoarrow", write_covering_bbox=False)
    held, work = job(tmp_path / "s", by="group", columns={"group": "month"})
    assert held.encoding == "point"
    there, here = cluster.counted(client, held, work), out_of_core.counted(held, work)
    assert there == here
    assert {"2024-01", "unknown"} < set(here.groups)


def test_a_broken_file_is_named(client: Any, folder: Path, tmp_path: Path) -> None:
    whole = bytearray(next(folder.rglob("*.parquet")).read_bytes())
    whole[40:2000] = b"\xff" * 1960
    (tmp_path / "worn.parquet").write_bytes(bytes(whole))
    _, work = job(folder)
    held_worn = geoparquet.look(tmp_path)
    with pytest.raises(DataError, match=r"worn\.parquet"):
        cluster.counted(client, held_worn, work)


def uneven(stops: geopandas.GeoDataFrame, root: Path) -> Path:
    """Times as moments, on a wall clock and as texts, each in a file of its own."""
    months = stops[stops["date"].notna()]
    wall, texts = months.iloc[500:1000].copy(), months.iloc[1000:1500].copy()
    wall["date"] = wall["date"].dt.tz_convert(ZONE).dt.tz_localize(None)
    wall["ethnicity"] = wall["ethnicity"].astype("category")
    texts["date"] = texts["date"].dt.strftime("%Y-%m-%dT%H:%M:%S")
    root.mkdir()
    for name, part in (("a", months.iloc[:500]), ("b", wall), ("c", texts)):
        part.to_parquet(root / f"{name}.parquet", row_group_size=100, index=False)
    return root


def test_files_whose_columns_differ_in_their_types(
    client: Any, stops: geopandas.GeoDataFrame, tmp_path: Path
) -> None:
    """Read together, times on a wall clock would be taken for moments in UTC."""
    root = uneven(stops, tmp_path / "uneven")
    held, work = job(root, by="group", columns={"group": "ethnicity"})
    assert cluster.counted(client, held, work) == out_of_core.counted(held, work)
    held, work = job(root, by="month")
    here = out_of_core.counted(held, work)
    assert cluster.counted(client, held, work) == here
    assert here.times.with_offset < here.times.known


def test_a_column_goes_before_the_folder_of_its_name_there_too(
    client: Any, stops: geopandas.GeoDataFrame, tmp_path: Path
) -> None:
    part = stops[stops["date"].dt.month == 3]
    inner = tmp_path / "s" / "city=London" / "date=2024-03"
    inner.mkdir(parents=True)
    part.to_parquet(inner / "0.parquet", index=False)
    assert job(tmp_path / "s")[0].named_by == ["city"]
    held, work = job(tmp_path / "s", by="group", columns={"group": "city"})
    assert cluster.counted(client, held, work) == out_of_core.counted(held, work)
    held, work = job(tmp_path / "s", by="month")
    here = out_of_core.counted(held, work)
    assert cluster.counted(client, held, work) == here
    assert here.times.midnights < 5


def test_a_file_without_a_column_is_refused_in_the_same_words(
    client: Any, stops: geopandas.GeoDataFrame, tmp_path: Path
) -> None:
    (tmp_path / "s").mkdir()
    stops.iloc[:900].to_parquet(tmp_path / "s" / "a.parquet")
    for name in ("b", "c"):
        part = stops.iloc[900:].drop(columns=["ethnicity", "date"])
        part.to_parquet(tmp_path / "s" / f"{name}.parquet")
    held, work = job(tmp_path / "s", by="group")
    checking = out_of_core_check.checking(work.project, work.reading, None)
    tries = (
        lambda: cluster.counted(client, held, work),
        lambda: out_of_core.counted(held, work),
        lambda: cluster.checked(client, held, checking, tmp_path / "o"),
        lambda: out_of_core_check.checked(held, checking, tmp_path / "o"),
    )
    said = []
    for one in tries:
        with pytest.raises(DataError) as refused:
            one()
        said.append((str(refused.value), refused.value.hint))
    assert said[0] == said[1] == said[2] == said[3]
    assert said[0][0].startswith("b.parquet and 1 other file have no column “date”. Name a")
    assert not (tmp_path / "o").exists()


def test_counting_there_can_be_stopped(client: Any, folder: Path) -> None:
    held, work = job(folder)
    progress = Progress(lambda fraction, text: progress.cancel())
    with pytest.raises(Cancelled):
        cluster.counted(client, held, work, progress)


def test_checks_what_one_machine_checks(client: Any, folder: Path, tmp_path: Path) -> None:
    held, work = job(folder)
    checking = out_of_core_check.checking(work.project, work.reading, None)
    there = cluster.checked(client, held, checking, tmp_path / "there")
    here = out_of_core_check.checked(held, checking, tmp_path / "here")
    assert there == here
    for file in held.files:
        name = file.path.relative_to(folder)
        assert pq.read_table(tmp_path / "there" / name).equals(
            pq.read_table(tmp_path / "here" / name)
        )


def test_says_of_times_what_one_machine_says(
    client: Any, stops: geopandas.GeoDataFrame, tmp_path: Path
) -> None:
    local = stops.copy()
    local["date"] = local["date"].dt.tz_localize(None)
    local.loc[1:17, "date"] = pd.Timestamp("2024-03-31T01:30")
    held, work = job(folders.write(local, tmp_path / "local"))
    there, here = cluster.counted(client, held, work), out_of_core.counted(held, work)
    assert there == here
    checking = out_of_core_check.checking(work.project, work.reading, None)
    checked = cluster.checked(client, held, checking, tmp_path / "there")
    assert checked.times == here.times == there.times
    assert here.times.notes(ZONE)[0].startswith(f"{here.times.skipped} times lie in an hour")
    assert here.times.skipped >= 12


def test_says_of_services_what_one_machine_says(client: Any, folder: Path, tmp_path: Path) -> None:
    table = pa.table({"name": ["Desk", "Refuge"], "hours": ["Mo-Fr 09:00-17:00", "24/7"]})
    table = table.append_column("kept", pa.array(["", "yes"]))
    points = Points(np.array([WEST, WEST + 0.05]), np.array([SOUTH, SOUTH + 0.05]))
    fields = {"name": "name", "opening_hours": "hours", "confidential": "kept"}
    layer = new_layer("Sites", LayerKind.SERVICES, table, points, fields)
    held, work = job(folder)
    project = work.project.with_layer(layer)
    checking = out_of_core_check.checking(project, work.reading, None, Audience.PARTNERS)
    there = cluster.checked(client, held, checking, tmp_path / "there")
    assert there == out_of_core_check.checked(held, checking, tmp_path / "here")
    told = pq.read_table(tmp_path / "there")
    assert told.equals(pq.read_table(tmp_path / "here"))
    assert set(told["nearest_service"].to_pylist()) == {"Desk", None}


def test_a_check_that_is_stopped_leaves_nothing(client: Any, folder: Path, tmp_path: Path) -> None:
    held, work = job(folder)
    checking = out_of_core_check.checking(work.project, work.reading, None)
    progress = Progress(lambda fraction, text: progress.cancel())
    with pytest.raises(Cancelled):
        cluster.checked(client, held, checking, tmp_path / "out", progress)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "kept.txt").write_text("kept")
    with pytest.raises(ExportError, match="there already"):
        cluster.checked(client, held, checking, tmp_path / "full")


def test_the_command_line_asks_a_cluster(
    client: Any, folder: Path, tmp_path: Path, run: Run
) -> None:
    (tmp_path / "sites.csv").write_text("name,lat,lon\nHarbour Street,51.45,-0.15\n")
    run("import", tmp_path / "p.gpkg", "services", tmp_path / "sites.csv", "--name", "Sites")
    run("zones", tmp_path / "p.gpkg", "--around", "Sites", "--radius", "1km", "--basis", "test")
    address = client.scheduler.address.replace("tcp://", "dask://")
    here = run("count", tmp_path / "p.gpkg", folder, "--by", "month")
    there = run("count", tmp_path / "p.gpkg", folder, "--by", "month", "--engine", address)
    assert there.pop("engine") == address
    assert here.pop("engine") == "local"
    assert there == here
    assert here["inside"] > 0


def test_no_cluster_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("dask_geopandas")
    monkeypatch.setattr(cluster, "_SECONDS", 0.2)
    with (
        pytest.raises(DataError, match="No Dask cluster answers at tcp://127"),
        cluster.connected("dask://127.0.0.1:9"),
    ):
        pass


@pytest.mark.parametrize("engine", ["spark://there:1", "dask://", "dask://host", "dask://host:x"])
def test_an_address_that_is_none(engine: str) -> None:
    with pytest.raises(DataError, match="not the address"), cluster.connected(engine):
        pass


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(DataError, match=r"gisapp\[cluster\]"), cluster.connected(cluster.LOCAL):
        pass
