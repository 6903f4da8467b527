"""What folders of GeoParquet say of themselves, and what their rows mean."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from gisapp.errors import CrsError, DataError
from gisapp.io.folders import geoparquet, geoparquet_points, parquet_rows
from gisapp.io.reading import places
from gisapp.layers.vocabulary import LayerKind
from tests.io import geoparquet_folders as folders
from tests.io.geoparquet_folders import ZONE


def rows_of(path: Path, columns: dict[str, str] | None = None) -> parquet_rows.Batch:
    held = geoparquet.look(path)
    reading = parquet_rows.reading(held, LayerKind.STOPS, ZONE, columns)
    wanted = [held.geometry, *dict.fromkeys(reading.fields.values())]
    if reading.clock:
        wanted.append(reading.clock)
    batches = [
        parquet_rows.batch(reading, table, "here", reading.fields.get("activity"))
        for piece in geoparquet.pieces(held)
        for table in geoparquet.tables(piece, wanted)
    ]
    return parquet_rows.joined(batches)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"write_covering_bbox": True},
        {"geometry_encoding": "geoarrow"},
        {"schema_version": "1.0.0"},
        {"compression": "zstd", "row_group_size": 7},
    ],
)
def test_places_are_what_geopandas_wrote(tmp_path: Path, options: dict[str, Any]) -> None:
    stops = folders.frame(50)
    if "geometry_encoding" in options:
        stops = stops[stops.geometry.notna()]
    stops.to_parquet(tmp_path / "s.parquet", **options)
    xy = rows_of(tmp_path / "s.parquet").xy
    assert np.array_equal(xy[:, 0], shapely.get_x(stops.geometry.values), equal_nan=True)
    assert np.array_equal(xy[:, 1], shapely.get_y(stops.geometry.values), equal_nan=True)


def test_points_with_heights_empty_ones_and_the_other_byte_order() -> None:
    points = [shapely.Point(1, 2, 3), shapely.Point(), None, shapely.Point(4, 5)]
    values = [
        shapely.to_wkb(points[0]),
        shapely.to_wkb(points[1]),
        None,
        shapely.to_wkb(points[3], byte_order=0),
        shapely.to_wkb(points[3]),
    ]
    for kind in (pa.binary(), pa.large_binary(), pa.binary_view()):
        column = pa.chunked_array([pa.array(values, kind)])
        xy = geoparquet_points.coordinates(column, "WKB", "f")
        assert np.array_equal(xy[:, 0], [1, np.nan, np.nan, 4, 4], equal_nan=True)
    sliced = pa.chunked_array([pa.array(values).slice(3)])
    assert geoparquet_points.coordinates(sliced, "WKB", "f").tolist() == [[4, 5], [4, 5]]


def test_areas_and_rubbish_are_refused_by_name() -> None:
    area = pa.chunked_array([[shapely.to_wkb(shapely.box(0, 0, 1, 1))]])
    with pytest.raises(DataError, match=r"part\.parquet holds areas"):
        geoparquet_points.coordinates(area, "WKB", "part.parquet")
    rubbish = pa.chunked_array([[b"no shape at all"]])
    with pytest.raises(DataError, match=r"part\.parquet cannot be read"):
        geoparquet_points.coordinates(rubbish, "WKB", "part.parquet")


def test_another_reference_system_is_turned_into_degrees(tmp_path: Path) -> None:
    stops = folders.frame(50)
    stops = stops[stops.geometry.notna() & (stops.geometry != shapely.Point(0, 0))]
    stops.to_crs(27700).to_parquet(tmp_path / "s.parquet")
    held = geoparquet.look(tmp_path / "s.parquet")
    xy = rows_of(tmp_path / "s.parquet").xy
    points = places.put(xy[:, 0], xy[:, 1], held.crs, np.zeros(len(xy), dtype=np.uint8))
    assert points.lon == pytest.approx(shapely.get_x(stops.geometry.values), abs=1e-7)
    assert points.lat == pytest.approx(shapely.get_y(stops.geometry.values), abs=1e-7)


def test_who_says_nothing_of_the_system_means_wgs84_but_null_means_unknown(tmp_path: Path) -> None:
    path = tmp_path / "s.parquet"
    folders.frame(9).to_parquet(path)
    table = pq.read_table(path)
    for crs, expected in (("left out", "EPSG:4326"), (None, None)):
        geo = json.loads(table.schema.metadata[b"geo"])
        del geo["columns"]["geometry"]["crs"]
        if crs is None:
            geo["columns"]["geometry"]["crs"] = None
        pq.write_table(table.replace_schema_metadata({"geo": json.dumps(geo)}), path)
        if expected is None:
            with pytest.raises(CrsError, match="--crs"):
                geoparquet.look(path)
            assert geoparquet.look(path, "EPSG:27700").crs == "EPSG:27700"
        else:
            assert geoparquet.look(path).crs == expected


def test_folders_named_by_a_value_are_columns(tmp_path: Path) -> None:
    stops = folders.frame(60)
    for month in ("2024-01", "__HIVE_DEFAULT_PARTITION__"):
        for what in ("Drugs", "A%20b"):
            part = tmp_path / f"month={month}" / f"activity={what}"
            part.mkdir(parents=True)
            stops[["number", "geometry"]].to_parquet(part / "0.parquet")
    held = geoparquet.look(tmp_path)
    assert held.named_by == ["month", "activity"]
    assert held.rows == 240
    assert rows_of(tmp_path).time.values.null_count == 240, "a month is no time by itself"
    rows = rows_of(tmp_path, {"time": "month"})
    assert rows.groups is not None
    assert sorted(rows.groups.unique().to_pylist()) == ["A b", "Drugs"]
    assert rows.time.values.null_count == 120
    assert (
        rows.time.values[0].as_py() is None
        or rows.time.values[0].as_py().isoformat()[:10] == "2024-01-01"
    )


def test_a_folder_of_two_kinds_is_refused(tmp_path: Path) -> None:
    folders.frame(9).to_parquet(tmp_path / "a.parquet")
    folders.frame(9).rename_geometry("place").to_parquet(tmp_path / "b.parquet")
    with pytest.raises(DataError, match=r"b\.parquet has its places in another"):
        geoparquet.look(tmp_path)


@pytest.mark.parametrize("name", ["plain.parquet", "text.parquet", "gone.parquet"])
def test_what_is_no_geoparquet_is_named(tmp_path: Path, name: str) -> None:
    pq.write_table(pa.table({"lat": [1.0]}), tmp_path / "plain.parquet")
    (tmp_path / "text.parquet").write_text("lat,lon\n1,2\n")
    with pytest.raises(DataError, match=name):
        geoparquet.look(tmp_path / name)


def test_a_folder_without_parquet_says_so(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds no GeoParquet"):
        geoparquet.look(tmp_path)


# Times


def moments(values: pa.Array) -> list[str | None]:
    read = geoparquet_points.moments(pa.chunked_array([values]), ZONE, "f").values
    assert read.type == pa.timestamp("us", ZONE)
    return [None if one is None else one.isoformat() for one in read.to_pylist()]


def test_texts_are_read_row_by_row() -> None:
    texts = [
        "2024-06-01T12:00:00Z",
        "2024-06-01 12:00",
        "2024-06-01",
        "2024-06",
        "2024-06-01T12:00:00.5+02:00",
        "2024-02-30",
        "03/04/2024",
        "",
        None,
        "n/a",
    ]
    column = pa.array(texts)
    assert moments(column) == [
        "2024-06-01T13:00:00+01:00",
        "2024-06-01T12:00:00+01:00",
        "2024-06-01T00:00:00+01:00",
        "2024-06-01T00:00:00+01:00",
        "2024-06-01T11:00:00.500000+01:00",
        *[None] * 5,
    ]
    times = geoparquet_points.moments(pa.chunked_array([column]), ZONE, "f")
    assert times.stood.tolist() == [True] * 7 + [False] * 3
    for start in range(len(texts)):
        assert moments(column.slice(start, 1)) == [moments(column)[start]]


def test_typed_times_days_and_texts_mean_the_same() -> None:
    wall = pd.Series(pd.to_datetime(["2024-07-01 00:00", "2024-01-01 00:00", None]))
    expected = ["2024-07-01T00:00:00+01:00", "2024-01-01T00:00:00+00:00", None]
    for unit in ("s", "ms", "us", "ns"):
        assert moments(pa.array(wall, pa.timestamp(unit))) == expected
    assert moments(pa.array(wall, pa.timestamp("us")).cast(pa.date32())) == expected
    assert moments(pa.array(wall.astype(str)).dictionary_encode()) == expected
    aware = wall.dt.tz_localize("America/New_York")
    assert moments(pa.array(aware))[0] == "2024-07-01T05:00:00+01:00"
    assert moments(pa.nulls(2)) == [None, None]


def test_numbers_are_no_times() -> None:
    with pytest.raises(DataError, match="not times"):
        moments(pa.array([1_700_000_000]))


def test_days_and_times_of_day_in_two_columns(tmp_path: Path) -> None:
    stops = geopandas.GeoDataFrame(
        {"Date": ["2024-06-01", "2024-06-02"] * 9, "Time": ["12:00", "13:30"] * 9},
        geometry=shapely.points(np.zeros(18), np.full(18, 51.5)),
        crs=4326,
    )
    stops.to_parquet(tmp_path / "s.parquet")
    time = rows_of(tmp_path / "s.parquet").time.values
    assert time[1].as_py().isoformat() == "2024-06-02T13:30:00+01:00"


def test_columns_that_are_not_there(tmp_path: Path) -> None:
    path = folders.write(folders.frame(30), tmp_path / "s")
    held = geoparquet.look(path)
    with pytest.raises(DataError, match="no column “when”"):
        parquet_rows.reading(held, LayerKind.STOPS, ZONE, {"time": "when"})
    with pytest.raises(DataError, match="no field “weather”"):
        parquet_rows.reading(held, LayerKind.STOPS, ZONE, {"weather": "date"})
    with pytest.raises(DataError, match="not a time zone"):
        parquet_rows.reading(held, LayerKind.STOPS, "London")
