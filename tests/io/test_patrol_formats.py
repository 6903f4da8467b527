"""Each format of a package comes back whole from a program that is not ours, and says no more."""

from __future__ import annotations

import io
import json
import re
import shutil
import sqlite3
import tempfile
import zipfile
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import geojson
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gisapp.errors import ExportError
from gisapp.io.patrol.content import Content, Format, Loss
from gisapp.io.patrol.formats import gdal, geopackage, nena, shapefile
from gisapp.io.patrol.formats.dxf import layer_names
from gisapp.io.patrol.formats.table import FORMATS
from gisapp.io.patrol.words import in_words
from gisapp.io.patrol.zones import COLUMNS, DAYS, NUMBERS, Outgoing
from gisapp.io.safe_files import safe_cell
from gisapp.io.xml_text import characters
from gisapp.layers import geodesy
from gisapp.layers.project import Project
from gisapp.layers.zone import Zone, circle_zone
from tests.io.patrol_readers import BY_GDAL, READERS
from tests.io.patrol_zones import (
    AWKWARD,
    DAY,
    EVERY_SCRIPT,
    awkward,
    content_of,
    star,
    within_a_centimetre,
    zones,
)
from tests.io.projects import agreement

BY_NAME = {one.name: one for one in FORMATS}


def written(format_: Format, content: Content) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        return dict(format_.write(content, Path(folder)))


def read(name: str, files: dict[str, bytes]) -> list[Any]:
    if name in BY_GDAL and shutil.which("ogr2ogr") is None:
        pytest.skip("ogr2ogr (gdal-bin) is not installed")
    with tempfile.TemporaryDirectory() as folder:
        return READERS[name](files, Path(folder))


def expected(name: str, zone: Outgoing) -> dict[str, Any]:
    """The attributes of a zone as a format is to have them, losses that it tells of included."""
    values = dict(zone.attributes)
    if name in ("gpx", "cot", "dxf"):
        lines = "\n".join(in_words(zone))
        if name == "cot":
            said = {"remarks": f"{lines}\nZone: {values['zone_id']}"}
        else:
            said = {"description": lines}
        return {key: characters(str(one)) for key, one in said.items()} | {
            "name": characters(str(values["name"])),
            "zone_id": values["zone_id"],
        }
    if name in ("kml", "kmz"):
        values = {
            {"visibility": "zone_visibility", "name": "Name"}.get(key, key): characters(one)
            if isinstance(one, str) else one
            for key, one in values.items()
        }  # fmt: skip
    if name == "csv":
        values = {k: safe_cell(one) if isinstance(one, str) else one for k, one in values.items()}
    if name == "shp":
        short = shapefile.short_names(tuple(COLUMNS))
        values = {
            short[key]: shapefile.shortened(one) if isinstance(one, str) else one
            for key, one in values.items()
        }
    return values


def same(found: Any, wanted: Any) -> bool:
    """Whether a value came back; a day may have become a moment, and nothing be an empty text."""
    missing = found is None or found == "" or (isinstance(found, float) and found != found)
    if wanted is None or wanted == "":
        return missing
    if isinstance(wanted, date):
        if str(found).isdigit():  # milliseconds, which older GDAL leaves as they are
            found = datetime.fromtimestamp(int(found) / 1000, UTC).date()
        return str(found).replace("/", "-")[:10] == wanted.isoformat()
    if isinstance(wanted, str):
        return bool(found == wanted)
    return float(found) == pytest.approx(wanted, abs=1e-9)


def check(name: str, drawn: list[Zone], content: Content | None = None) -> None:
    content = content or content_of(*drawn)
    found = read(name, written(BY_NAME[name], content))
    assert len(found) == len(drawn)
    if name == "dxf":  # several files, and only names
        by_layer = {values["name"]: shape for values, shape in found}
        found = [({"name": one}, by_layer[one]) for one in layer_names(content.zones)]
    for zone, kept, (values, shape) in zip(drawn, content.zones, found, strict=True):
        if name != "dxf":
            wanted = expected(name, kept)
            assert [key for key, one in wanted.items() if not same(values.get(key), one)] == []
        assert shape.is_valid
        assert within_a_centimetre(geodesy.within_180(zone.shape), shape)


@pytest.mark.parametrize("name", list(BY_NAME))
def test_what_formats_trip_over_comes_back_within_a_centimetre(name: str) -> None:
    check(name, list(AWKWARD), awkward())


@pytest.mark.parametrize("name", list(BY_NAME))
@settings(max_examples=5, deadline=None)
@given(drawn=st.lists(zones(), min_size=1, max_size=4))
def test_any_zones_come_back_within_a_centimetre(name: str, drawn: list[Zone]) -> None:
    check(name, drawn)


def test_every_format_is_read_by_something_else() -> None:
    assert set(READERS) == set(BY_NAME)


# The same gives the same


@pytest.mark.parametrize("name", list(BY_NAME))
def test_the_same_gives_the_same_bytes(name: str) -> None:
    content = awkward()
    assert written(BY_NAME[name], content) == written(BY_NAME[name], content)


def test_no_two_formats_write_a_file_of_one_name() -> None:
    content = content_of(AWKWARD[0])
    names = [name for one in FORMATS for name in written(one, content)]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[A-Za-z0-9.-]+", name) for name in names)


@pytest.mark.parametrize("name", list(BY_NAME))
def test_zip_files_are_dated_with_the_day(name: str) -> None:
    for data in written(BY_NAME[name], content_of(AWKWARD[0])).values():
        if data[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                assert {one.date_time for one in archive.infolist()} == {(2025, 6, 2, 0, 0, 0)}


# Nothing else is in it


@pytest.mark.parametrize("name", list(BY_NAME))
def test_nothing_of_persons_and_services_is_in_any_file(name: str) -> None:
    zone = replace(
        circle_zone("Quay", -84.5, 39.1, 150, "meeting", service="SECRETservice"),
        note="SECRETnote",
        anchors=("SECRETanchor",),
    )
    content = content_of(zone, notes="SECRETagreement", evaluation_design="SECRETdesign")
    everything = b"".join(unpacked(data) for data in written(BY_NAME[name], content).values())
    for secret in (b"SECRET", "SECRET".encode("utf-16-le"), b"Chief", b"Director"):
        assert secret not in everything
    for path in (b"/tmp", b"gisapp-", str(Path.home()).encode() + b"/"):
        assert path not in everything


def unpacked(data: bytes) -> bytes:
    """All bytes of a file, with those of the files in it where it is a zip."""
    if data[:2] != b"PK":
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return data + b"".join(
            name.encode() + unpacked(archive.read(name)) for name in archive.namelist()
        )


@pytest.mark.parametrize("name", sorted(set(BY_NAME) - {"dxf"}))
def test_what_is_suspended_is_there_in_words_and_codes(name: str) -> None:
    content = content_of(AWKWARD[0])
    [(values, _)] = read(name, written(BY_NAME[name], content))
    everything = "\n".join(str(value) for value in values.values())
    assert "Search for drugs; Arrest for personal possession" in everything
    assert "drug_search,arrest" in everything
    assert "Mo-Fr 08:00-20:00" in everything


@pytest.mark.parametrize("name", ["gpkg", "gpkg14", "shp", "gdb", "dxf", "gpx", "nena"])
def test_a_folder_that_cannot_be_written_to_is_told_in_plain_words(
    name: str, tmp_path: Path
) -> None:
    with pytest.raises(ExportError, match="of this package could not be written") as caught:
        BY_NAME[name].write(content_of(AWKWARD[0]), tmp_path / "no" / "such" / "folder")
    assert caught.value.hint


# What is lost is told


def losses(name: str, *drawn: Zone, **terms: object) -> tuple[Loss, ...]:
    return BY_NAME[name].losses(content_of(*drawn, **terms))


def test_a_shapefile_tells_each_name_and_text_that_it_cuts() -> None:
    content = content_of(Zone("停" * 100, shapely.box(0, 0, 1, 1)), recording="x" * 254)
    found = shapefile.losses(content)
    names = {one.original: one.written for one in found if one.what.startswith("column ")}
    assert names["suspended_words"] == "susp_words"
    assert "name" not in names
    [cut] = [one for one in found if one.what.startswith("name of")]
    assert cut.written == "停" * 83 + "…"
    assert len(cut.written.encode()) <= 254
    assert not [one for one in found if one.what.startswith("recording of")]
    [(values, _)] = read("shp", written(BY_NAME["shp"], content))
    assert values["name"] == cut.written
    assert values["recording"] == "x" * 254


@given(st.lists(st.text("abcXYZ_", min_size=1, max_size=16), unique=True, max_size=30))
def test_short_names_never_clash(columns: list[str]) -> None:
    names = shapefile.short_names(columns)
    assert list(names) == columns
    assert all(1 <= len(name) <= 10 for name in names.values())
    assert len({name.lower() for name in names.values()}) == len(columns)


@given(st.text(max_size=400))
def test_a_cut_text_fits_and_is_cut_between_characters(text: str) -> None:
    short = shapefile.shortened(text)
    assert len(short.encode()) <= 254
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))


def test_corners_beyond_those_that_a_cloud_service_takes_are_told() -> None:
    [told] = losses("geojson", *AWKWARD)
    assert told.what == "Many corners"
    assert told.original == "11,002 corners in an area"
    assert losses("geojson", AWKWARD[0]) == ()


def test_names_that_a_layer_cannot_have_are_told() -> None:
    box = shapely.box(0, 0, 1, 1)
    drawn = [Zone("a/b", box), Zone("A:B", box), Zone("Quay", box), Zone("quay", box)]
    told = {one.original: one.written for one in losses("dxf", *drawn)}
    assert told["a/b"] == "a_b"
    assert told["A:B"] == "A_B (2)"
    assert told["quay"] == "quay (2)"
    assert "Quay" not in told


# Each by itself


@settings(max_examples=10, deadline=None)
@given(drawn=st.lists(zones(), min_size=1, max_size=3))
def test_a_linter_finds_nothing_wrong_with_geojson(drawn: list[Zone]) -> None:
    found = geojson.loads(written(BY_NAME["geojson"], content_of(*drawn))["zones.geojson"])
    assert found.is_valid, found.errors()
    assert all(one.geometry.is_valid for one in found.features)


def test_zones_of_one_place_share_a_grid_and_its_name_says_which() -> None:
    near = content_of(circle_zone("A", -84.5, 39.1, 100, "x"), circle_zone("B", -83.9, 39, 9, "x"))
    assert list(written(BY_NAME["dxf"], near)) == ["zones-EPSG32616-metres.dxf"]
    pole = content_of(circle_zone("A", 10, 86, 100, "x"), circle_zone("B", 11, -85, 9, "x"))
    names = ["zones-EPSG5041-metres.dxf", "zones-EPSG5042-metres.dxf"]
    assert list(written(BY_NAME["dxf"], pole)) == names


def test_the_nena_layer_is_no_service_boundary(tmp_path: Path) -> None:
    content = content_of(Zone("Name " * 20, star(0, 0, 50)))
    content = replace(content, note=replace(content.note, agency="police.example.org"))
    data = written(BY_NAME["nena"], content)["zones-nena.gpkg"]
    assert data[60:64] == (10400).to_bytes(4, "big")
    for forbidden in (b"ServiceURN", b"ServiceURI", b"service:responder", b"PolicePolygon"):
        assert forbidden not in data
    (tmp_path / "a.gpkg").write_bytes(data)
    connection = sqlite3.connect(tmp_path / "a.gpkg")
    types = {row[1]: row[2] for row in connection.execute(
        "PRAGMA table_info(NoEnforcementAreaPolygon)")}  # fmt: skip
    row = dict(zip(types, connection.execute(
        "SELECT * FROM NoEnforcementAreaPolygon").fetchone(), strict=True))  # fmt: skip
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    assert types["DiscrpAgID"] == types["Agency_ID"] == "TEXT(100)"
    assert (types["NGUID"], types["DsplayName"]) == ("TEXT(254)", "TEXT(60)")
    assert row["DateUpdate"] == "2025-06-02T00:00:00.000Z"
    assert row["Effective"] == "2025-01-01T05:00:00.000Z"
    assert row["Expire"] == "2027-01-01T05:00:00.000Z"
    key = content.zones[0].attributes["zone_id"]
    prefix = "urn:emergency:uid:gis:NoEnforcementAreaPolygon"
    assert row["NGUID"] == f"{prefix}:{key}:police.example.org"
    assert row["DsplayName"] == ("Name " * 20)[:60]
    assert losses("nena", Zone("Quay", star(0, 0, 9)))[0].written == "agency.invalid"


@pytest.mark.parametrize(("name", "version"), [("gpkg", 10300), ("gpkg14", 10400)])
def test_a_geopackage_brings_the_look_that_qgis_takes(
    name: str, version: int, tmp_path: Path
) -> None:
    [data] = written(BY_NAME[name], awkward()).values()
    assert data[60:64] == version.to_bytes(4, "big")
    path = tmp_path / "a.gpkg"
    path.write_bytes(data)
    connection = sqlite3.connect(path)
    [row] = connection.execute(
        "SELECT f_table_name, f_geometry_column, useAsDefault, styleQML FROM layer_styles"
    ).fetchall()
    moments = connection.execute("SELECT DISTINCT last_change FROM gpkg_contents").fetchall()
    connection.close()
    assert row[:3] == ("zones", "geom", 1)
    assert 'type="singleSymbol"' in row[3]
    assert moments == [("2025-06-02T00:00:00.000Z",)]


@pytest.mark.parametrize("name", ["gpkg", "gpkg14", "nena"])
def test_a_geopackage_is_the_same_however_often_gdal_writes_to_it(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GDAL now and then needs one transaction more, and SQLite counts them in the header."""

    def written_once_more(path: Path, *given: Any, **more: Any) -> None:
        gdal.write_layer(path, *given, **more)
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE gpkg_contents SET last_change = '2001-01-01T00:00:00.000Z'")

    [data] = written(BY_NAME[name], awkward()).values()
    for module in (geopackage, nena):
        monkeypatch.setattr(module, "write_layer", written_once_more)
    [again] = written(BY_NAME[name], awkward()).values()
    assert again == data


def test_days_at_the_end_of_the_calendar_and_none_at_all_are_written() -> None:
    for end in (None, date.max):
        content = content_of(AWKWARD[0], expires=end, timezone="Asia/Kathmandu")
        for one in FORMATS:
            assert all(written(one, content).values())
            one.losses(content)


def test_a_circle_of_which_ground_was_taken_has_no_centre() -> None:
    assert content_of(AWKWARD[0]).zones[0].centre == (-84.5, 39.1)
    assert content_of(AWKWARD[3]).zones[0].centre is None


def test_esri_rings_run_clockwise_and_holes_the_other_way() -> None:
    data = written(BY_NAME["esrijson"], content_of(AWKWARD[4]))["zones.esri.json"]
    found = json.loads(data)
    [feature] = found["features"]
    turns = [shapely.LinearRing(ring).is_ccw for ring in feature["geometry"]["rings"]]
    assert turns == [False, True, True, False]
    assert found["spatialReference"] == {"wkid": 4326, "latestWkid": 4326}
    assert feature["attributes"]["valid_from"] == 1735689600000
    assert [one["name"] for one in found["fields"]] == ["OBJECTID", *COLUMNS]


def test_geoparquet_is_as_the_standard_has_it() -> None:
    data = written(BY_NAME["parquet"], awkward())["zones.parquet"]
    table = pq.read_table(io.BytesIO(data))
    geo = json.loads(table.schema.metadata[b"geo"])
    column = geo["columns"]["geometry"]
    assert geo["version"] == "1.1.0"
    assert column["encoding"] == "WKB"
    assert column["crs"]["id"] == {"authority": "OGC", "code": "CRS84"}
    assert set(column["geometry_types"]) == {"Polygon", "MultiPolygon"}
    for box, wkb in zip(table["bbox"].to_pylist(), table["geometry"].to_pylist(), strict=True):
        assert tuple(box.values()) == shapely.from_wkb(wkb).bounds
    assert {str(table.schema.field(day).type) for day in DAYS} == {"date32[day]"}
    assert {str(table.schema.field(one).type) for one in NUMBERS} == {"double"}


def test_names_in_every_script_are_names_everywhere() -> None:
    content = content_of(Zone(EVERY_SCRIPT, star(0, 0, 9)))
    for name in BY_NAME:
        [(values, _)] = read(name, written(BY_NAME[name], content))
        assert EVERY_SCRIPT in values.values()


def test_a_project_of_nothing_but_zones_is_enough() -> None:
    assert content_of().zones == ()
    assert Project(agreements={"quay": agreement()}).zones == {}
    assert content_of(AWKWARD[0]).day == DAY
