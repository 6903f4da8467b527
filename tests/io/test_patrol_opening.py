"""Who signs a package may mean no good: what is in it is opened late, and never without limits."""

from __future__ import annotations

import io
import json
import sqlite3
import struct
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from gisapp.io.patrol import opening_limits, reading_back, verifying
from gisapp.io.patrol.reading_back import Read, zones_in
from gisapp.io.patrol.signing import new_key
from gisapp.io.patrol.verifying import verify
from tests.io.packages import DAY, KEY, contents, package, packed

Files = dict[str, bytes]
SQUARE = shapely.box(-84.5, 39.1, -84.4, 39.2)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return package(tmp_path_factory.mktemp("package") / "z.zip", formats=("all",))


def problem(name: str, data: bytes, most: int = 1_000) -> str:
    read = zones_in(name, data, most)
    assert read is not None
    return read.problem


# Only what comes from whom it must is opened


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    names: list[str] = []

    def look(name: str, data: bytes, most: int) -> Read | None:
        names.append(name)
        return zones_in(name, data, most)

    monkeypatch.setattr(verifying, "zones_in", look)
    return names


def test_a_package_as_it_was_sent_is_opened(whole: Path, opened: list[str]) -> None:
    assert verify(whole, fingerprint=KEY.fingerprint).on(DAY).is_good
    assert {"zones.gpkg", "zones.parquet"} <= set(opened)


def test_a_package_of_another_key_is_not_opened(whole: Path, opened: list[str]) -> None:
    assert not verify(whole, fingerprint=new_key().fingerprint).is_good
    assert opened == []


def without_signature(files: Files) -> None:
    del files["manifest.sig"]


def with_another(files: Files) -> None:
    files["manifest.sig"] = bytes(64)


def unsigned(files: Files) -> None:
    del files["manifest.sig"], files["public_key.pem"]


def with_a_file_changed(files: Files) -> None:
    files["zones.csv"] += b"\n"


def with_a_file_more(files: Files) -> None:
    files["zones-2.gpkg"] = files["zones.gpkg"]


def with_other_sizes(files: Files) -> None:
    told = json.loads(files["manifest.json"])
    told["files"]["zones.gpkg"]["bytes"] += 1
    files["manifest.json"] = json.dumps(told).encode()
    files["manifest.sig"] = KEY.sign(files["manifest.json"])


@pytest.mark.parametrize(
    "change",
    [
        *(without_signature, with_another, unsigned),
        *(with_a_file_changed, with_a_file_more, with_other_sizes),
    ],
)
def test_what_nobody_vouches_for_is_not_opened(
    tmp_path: Path, whole: Path, opened: list[str], change: Callable[[Files], None]
) -> None:
    files = contents(whole)
    change(files)
    assert not verify(packed(files, tmp_path / "t.zip")).is_good
    assert opened == []


def test_a_huge_manifest_is_not_read(
    tmp_path: Path, whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifying, "_MOST_TOLD", 100)
    found = verify(whole)
    assert found.manifest is None
    assert "larger than any manifest" in found.findings[0].message


# Files that hold more than they seem to


@pytest.mark.parametrize(
    "made",
    [
        "ALTER TABLE zones ADD COLUMN slow TEXT AS (hex(zeroblob(1000000)))",
        "ALTER TABLE zones ADD COLUMN slow TEXT GENERATED ALWAYS AS (hex(zeroblob(9))) VIRTUAL",
        "CREATE TABLE more (fid INTEGER PRIMARY KEY, slow TEXT AS (hex(zeroblob(9))) STORED)",
        "CREATE VIEW more AS SELECT * FROM zones",
    ],
)
def test_a_database_that_works_something_out_is_not_read(
    tmp_path: Path, whole: Path, made: str
) -> None:
    path = tmp_path / "zones.gpkg"
    path.write_bytes(contents(whole)["zones.gpkg"])
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(made)
    assert "holds more than such a file does" in problem("zones.gpkg", path.read_bytes())


def parquet(rows: int, name: str = "a", codec: str = "snappy") -> bytes:
    columns = {"zone_id": [name] * rows, "geometry": [shapely.to_wkb(SQUARE)] * rows}
    geo = {"geo": json.dumps({"primary_column": "geometry"})}
    out = pa.BufferOutputStream()
    pq.write_table(pa.table(columns).replace_schema_metadata(geo), out, compression=codec)
    return out.getvalue().to_pybytes()


def test_parquet_of_more_rows_than_zones_is_not_read() -> None:
    """A dictionary makes of each of a million rows the same few bytes in the file."""
    assert problem("zones.parquet", parquet(1_000)) == ""
    assert len(parquet(200_000)) < 100_000
    assert "more rows" in problem("zones.parquet", parquet(200_000))


def test_parquet_is_read_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    assert opening_limits.rows_at_once(500_000_000) == 1
    monkeypatch.setattr(reading_back, "MOST_CORNERS", 100)
    assert "more than 100 corners" in problem("zones.parquet", parquet(1_000, "x" * 9_999))


def test_parquet_packed_otherwise_or_too_large_is_not_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "packed in another way" in problem("zones.parquet", parquet(10, codec="gzip"))
    monkeypatch.setattr(opening_limits, "MOST_BYTES", 100)
    assert "unpacked it would be larger" in problem("zones.parquet", parquet(10))


def test_a_shapefile_that_has_one_outline_a_thousand_times_is_not_read_to_its_end(
    whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(io.BytesIO(contents(whole)["zones.shp.zip"])) as inside:
        parts = {name: inside.read(name) for name in inside.namelist()}
    ends = {name.rpartition(".")[2]: name for name in parts}
    index, rows = parts[ends["shx"]], parts[ends["dbf"]]
    many = index[:100] + index[100:108] * 5_000
    parts[ends["shx"]] = many[:24] + struct.pack(">i", len(many) // 2) + many[28:]
    header = struct.unpack_from("<H", rows, 8)[0]
    size = struct.unpack_from("<H", rows, 10)[0]
    count = struct.pack("<I", 5_000)
    parts[ends["dbf"]] = rows[:4] + count + rows[8:header] + rows[header : header + size] * 5_000
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as again:
        for name, data in parts.items():
            again.writestr(name, data)
    assert "more rows" in problem("zones.shp.zip", made.getvalue())
    monkeypatch.setattr(reading_back, "MOST_CORNERS", 1_000)
    assert "corners" in problem("zones.shp.zip", made.getvalue(), 1_000_000)


def test_texts_of_many_pieces_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    wide = ("zone_id,wkt," + "a," * 600 + "\nx,POINT (0 0)\n").encode()
    assert "more columns" in problem("zones.csv", wide)
    monkeypatch.setattr(opening_limits, "_MOST_SIGNS", 1_000)
    assert "more pieces" in problem("zones.geojson", b"[" + b"[]," * 1_000)
    assert "more pieces" in problem("zones.kml", b"<?xml?><a>" + b"<b/>" * 1_000)
    assert "more pieces" in problem("zones.csv", b"zone_id,wkt\n" + b"\n" * 1_000)


def test_kml_that_declares_anything_is_not_read() -> None:
    kml = b'<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a "b">]><kml/>'
    assert "not what its name says" in problem("zones.kml", kml)


def test_files_larger_than_any_of_a_package_are_not_read(
    whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_back, "MOST_BYTES", 1_000)
    for name, data in contents(whole).items():
        read = zones_in(name, data)
        assert read is None or "larger than any file" in read.problem
