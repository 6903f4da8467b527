"""Any table comes back as it was: types, time zones, nulls, and names that SQLite would mix up."""

from __future__ import annotations

import sqlite3
import tempfile
import warnings
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyogrio
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from gisapp.errors import ProjectFileError
from gisapp.io.project import gpkg_small, project_file, project_read
from gisapp.layers.layer import Layer, Points, new_layer
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind
from tests.io.projects import assert_same, assert_same_layer, stops, whole_project

_MICROSECONDS = st.integers(-(2**55), 2**55)

#: An Arrow type, and values for it.
TYPES: list[tuple[pa.DataType, st.SearchStrategy[Any]]] = [
    (pa.bool_(), st.booleans()),
    (pa.int8(), st.integers(-128, 127)),
    (pa.uint32(), st.integers(0, 2**32 - 1)),
    (pa.int64(), st.integers(-(2**63), 2**63 - 1)),
    (pa.uint64(), st.integers(0, 2**64 - 1)),
    (pa.float32(), st.floats(width=32).map(lambda x: x + 0.0)),  # SQLite keeps -0.0 as 0.0
    (pa.float64(), st.floats().map(lambda x: x + 0.0)),
    (pa.string(), st.text()),
    (pa.large_string(), st.text()),
    (pa.binary(), st.binary()),
    (pa.date32(), st.dates()),
    (pa.timestamp("s", "UTC"), st.integers(-(2**36), 2**36)),
    (pa.timestamp("ms", "Asia/Kathmandu"), st.integers(-(2**45), 2**45)),
    (pa.timestamp("us", "Europe/London"), _MICROSECONDS),
    (pa.timestamp("us", "America/New_York"), _MICROSECONDS.map(lambda us: us // 1000 * 1000)),
    (pa.timestamp("us"), _MICROSECONDS),
    (pa.timestamp("ns", "UTC"), st.integers(-(2**63) + 1, 2**63 - 1)),
    (pa.dictionary(pa.int32(), pa.string()), st.text(max_size=3)),
    (pa.dictionary(pa.int8(), pa.string()), st.sampled_from("abc")),
    (pa.list_(pa.int64()), st.lists(st.integers(-9, 9), max_size=3)),
    (pa.decimal128(20, 4), st.decimals(-999999, 999999, places=4)),
    (pa.duration("us"), st.integers(-(2**40), 2**40)),
    (pa.null(), st.none()),
]

NAMES = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["fid", "FID", "geom", "Geom", "a", "A", 'q"u', "x:y", "ogc_fid", "rowid", ""]),
)


@st.composite
def tables(draw: st.DrawFn) -> pa.Table:
    rows = draw(st.integers(0, 5))
    columns, fields = [], []
    for _ in range(draw(st.integers(0, 6))):
        kind, values = draw(st.sampled_from(TYPES))
        chosen = draw(st.lists(st.none() | values, min_size=rows, max_size=rows))
        columns.append(pa.array(chosen, kind))
        fields.append(pa.field(draw(NAMES), kind))
    if not columns:
        return pa.table({"": pa.nulls(rows)}).select([])
    schema = pa.schema(fields, draw(st.sampled_from([None, {"made": "by hand"}])))
    return pa.Table.from_arrays(columns, schema=schema)


def there_and_back(table: pa.Table, *, by_gdal: bool = False) -> tuple[Layer, Layer]:
    rows = table.num_rows
    places = Points(np.linspace(-180, 180, rows), np.linspace(-90, 90, rows))
    layer = new_layer("Rows", LayerKind.OTHER, table, places)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.gpkg"
        project_file.save(Project(layers=(layer,)), path)
        with pytest.MonkeyPatch.context() as patch:
            if by_gdal:
                patch.setattr(gpkg_small, "FEW_ROWS", -1)
            return layer, project_file.load(path).layers[0]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables(), st.booleans())
@example(pa.table({"ROWID": pa.array([False, None])}), False)
def test_any_table_comes_back(table: pa.Table, by_gdal: bool) -> None:
    before, after = there_and_back(table, by_gdal=by_gdal)
    # NaN is not equal to itself, so its columns are compared as they are written.
    for old, new in zip(before.table.columns, after.table.columns, strict=True):
        assert str(old.combine_chunks()) == str(new.combine_chunks())
    assert before.table.schema.equals(after.table.schema, check_metadata=True)
    assert after.table.equals(before.table) or "nan" in str(before.table.columns)


@pytest.mark.parametrize(
    "column",
    [
        pa.array([0.0, float("nan"), None, float("inf"), -float("inf")]),
        pa.array(["a\0b", None, "", " ", "\n"]),
        pa.array([date(1, 1, 1), date(9999, 12, 31), None, date(1970, 1, 1), date(999, 1, 1)]),
        pa.array([datetime(2024, 3, 31, 1, 30, 0, us, UTC) for us in range(5)]),
        pa.array([Decimal("1.10"), None, Decimal("2"), Decimal("3"), Decimal("4")]),
        pa.array([timedelta(days=day) for day in range(5)]),
        pa.array([{"a": 1}, None, {"a": 2}, {"a": 3}, {"a": 4}]),
        pa.DictionaryArray.from_arrays(pa.array([0, 1, None, 0, 1]), ["b", "a"], ordered=True),
    ],
    ids=lambda column: str(column.type),
)
@pytest.mark.parametrize("by_gdal", [False, True])
def test_what_a_geopackage_cannot_say_comes_back_too(column: pa.Array, by_gdal: bool) -> None:
    before, after = there_and_back(pa.table({"value": column}), by_gdal=by_gdal)
    if "nan" in str(column):
        assert str(after.table["value"]) == str(before.table["value"])
    else:
        assert_same_layer(after, before)


def test_a_null_and_an_empty_text_are_two_things() -> None:
    _, after = there_and_back(pa.table({"text": ["", None], "number": [0, None]}))
    assert after.table.to_pylist() == [{"text": "", "number": 0}, {"text": None, "number": None}]


def test_columns_in_several_chunks_come_back() -> None:
    chunks = pa.chunked_array([["a"], [], ["b", "c"]])
    before, after = there_and_back(pa.table({"text": chunks, "code": chunks.dictionary_encode()}))
    assert_same_layer(after, before)


def test_more_rows_than_a_batch_keep_their_order(tmp_path: Path) -> None:
    rows = 150_000
    table = pa.table({"number": np.arange(rows), "text": pa.array(np.arange(rows)).cast("string")})
    layer = new_layer("Many", LayerKind.OTHER, table, Points(np.arange(rows) / 1e3, np.zeros(rows)))
    path = tmp_path / "many.gpkg"
    project_file.save(Project(layers=(layer,)), path)
    assert_same_layer(project_file.load(path).layers[0], layer)


def test_a_moment_is_the_same_moment_in_other_programs(tmp_path: Path) -> None:
    # 01:30 happens twice in London on that night; both must stay what they are.
    moments = [datetime(2024, 10, 27, hour, 30, tzinfo=UTC) for hour in (0, 1)]
    times = pa.array(moments, pa.timestamp("us", "Europe/London"))
    layer = new_layer(
        "Night", LayerKind.OTHER, pa.table({"time": times}), Points(np.zeros(2), np.zeros(2))
    )
    path = tmp_path / "night.gpkg"
    project_file.save(Project(layers=(layer,)), path)
    frame = pyogrio.read_dataframe(path, layer="Night")
    assert [moment.to_pydatetime() for moment in frame["time"]] == moments
    assert_same_layer(project_file.load(path).layers[0], layer)


def test_small_tables_are_read_without_gdal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = whole_project()
    project_file.save(project, tmp_path / "p.gpkg")
    monkeypatch.setattr(project_read, "_arrow", None)
    assert_same(project_file.load(tmp_path / "p.gpkg"), project)


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE Stops SET activity = x'ff00' WHERE fid = 2",
        "UPDATE Stops SET activity = CAST(x'ff' AS TEXT) WHERE fid = 2",
        "UPDATE Stops SET time = '2024-05-01T10:00:00+02:00Z' WHERE fid = 2",
        "UPDATE Stops SET found = 2 WHERE fid = 2",
        "UPDATE Stops SET age = NULL, score = 3 WHERE fid = 2",
        "UPDATE Stops SET day = '2024-02-30' WHERE fid = 2",
    ],
)
def test_rows_edited_elsewhere_are_read_as_gdal_reads_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, edit: str
) -> None:
    path = tmp_path / "p.gpkg"
    project_file.save(Project(layers=(stops(),)), path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(edit)

    def read() -> Project | str:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # GDAL warns of what it cannot read
            try:
                return project_file.load(path)
            except ProjectFileError as error:
                return str(error)

    here = read()
    monkeypatch.setattr(gpkg_small, "FEW_ROWS", -1)
    there = read()
    if isinstance(here, Project) and isinstance(there, Project):
        assert_same(here, there)
    else:
        assert here == there
