"""The files of a patrol package, read back by other programs: same zones within a centimetre."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import tempfile
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import shape as from_geojson

from gisapp.io.patrol.formats import geojson
from gisapp.io.patrol.package import write_package
from gisapp.io.patrol.zones import COLUMNS
from gisapp.layers import geodesy
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import Exemption
from gisapp.layers.zone import Zone, circle_zone
from tests.io.projects import agreement, whole_project

DAY = date(2025, 6, 2)
EXPORTED = datetime(2025, 6, 1, 18, 30, tzinfo=UTC)


@contextmanager
def package(*zones: Zone) -> Iterator[Path]:
    """The folder of an unpacked package with these zones, all under one agreement in force."""
    project = Project(agreements={"quay": agreement()}).with_zones(
        Zone(
            zone.name, zone.shape, zone.basis, zone.basis_text, zone.centre, zone.radius_m,
            agreement_id="quay", id=zone.id,
        )
        for zone in zones
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_package(project, DAY, folder / "zones.zip")
        with zipfile.ZipFile(folder / "zones.zip") as archive:
            archive.extractall(folder)
        yield folder


# RFC 7946, checked here and not by the code that writes it


def check_collection(collection: dict[str, Any]) -> None:
    assert collection["type"] == "FeatureCollection"
    assert "crs" not in collection
    check_bbox(collection["bbox"], [f["geometry"] for f in collection["features"]])
    for feature in collection["features"]:
        assert feature["type"] == "Feature"
        assert isinstance(feature["properties"], dict)
        check_bbox(feature["bbox"], [feature["geometry"]])
        for polygon in polygons(feature["geometry"]):
            for number, ring in enumerate(polygon):
                check_ring(ring, hole=number > 0)


def polygons(geometry: dict[str, Any]) -> list[Any]:
    assert geometry["type"] in ("Polygon", "MultiPolygon")
    several = geometry["type"] == "MultiPolygon"
    return list(geometry["coordinates"]) if several else [geometry["coordinates"]]


def check_ring(ring: list[list[float]], *, hole: bool) -> None:
    assert len(ring) >= 4
    assert ring[0] == ring[-1]
    for position in ring:
        assert len(position) == 2
        assert -180 <= position[0] <= 180
        assert -90 <= position[1] <= 90
        assert all(round(number, 7) == number for number in position)
        assert all(len(repr(number).partition(".")[2]) <= 7 or number == 0 or abs(number) < 1e-4
                   for number in position)  # fmt: skip
    x, y = np.array(ring).T
    # The shoelace formula, from the first corner so that small rings keep their digits.
    x, y = x - x[0], y - y[0]
    area = float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]))
    assert area < 0 if hole else area > 0
    assert np.abs(np.diff(x)).max() <= 180


def check_bbox(bbox: list[float], geometries: list[dict[str, Any]]) -> None:
    west, south, east, north = bbox
    for geometry in geometries:
        for polygon in polygons(geometry):
            for lon, lat in polygon[0]:
                assert south <= lat <= north
                across = west > east
                assert (lon >= west or lon <= east) if across else west <= lon <= east


# How far apart


def unwrapped(shape: Any) -> Any:
    """Longitudes from 0 to 360, so that both sides of the antimeridian lie together."""
    return shapely.transform(shape, lambda xy: np.column_stack([xy[:, 0] % 360, xy[:, 1]]))


def metres_apart(one: Any, other: Any) -> float:
    """The Hausdorff distance of two outlines in metres on the ground, holes included."""
    if max(one.bounds[2] - one.bounds[0], other.bounds[2] - other.bounds[0]) > 180:
        one, other = unwrapped(one), unwrapped(other)
    plane = geodesy.Plane((one.bounds[0] + one.bounds[2]) / 2, (one.bounds[1] + one.bounds[3]) / 2)
    left, right = plane.shape_to_metres(one), plane.shape_to_metres(other)
    # Where a zone was cut the two halves touch: compare the area they make together.
    left, right = left.buffer(0.001, 1), right.buffer(0.001, 1)
    return float(shapely.hausdorff_distance(left.boundary, right.boundary))


# Any zone

NAMES = st.one_of(
    st.text(min_size=1, max_size=20),
    st.sampled_from(
        [
            "Île 停车场 Χώρα الحي גן हिन्दी 🏥",
            "=HYPERLINK(1)",
            "+1",
            "-2",
            "@x",
            "\t=1",
            "'",
            '"',
            "a,b\nc",
        ]
    ),
)


@st.composite
def zones(draw: st.DrawFn) -> Zone:
    """Circles, and areas with holes and parts, anywhere but at the poles themselves."""
    name = draw(NAMES)
    lon = draw(st.one_of(st.floats(-180, 180), st.sampled_from([180.0, -180.0, 179.9995, 0.0])))
    lat = draw(st.floats(-84, 84))
    if draw(st.booleans()):
        return circle_zone(name, lon, lat, draw(st.floats(5, 3000)), "meeting")
    lon = min(max(lon, -179.9), 179.9)
    size = draw(st.floats(1e-5, 0.02))
    shape = shapely.box(lon, lat, lon + size, lat + size)
    if draw(st.booleans()):
        shape -= shapely.box(lon + size / 4, lat + size / 4, lon + size / 2, lat + size / 2)
    if draw(st.booleans()):
        shape |= shapely.box(lon + 2 * size, lat, lon + 3 * size, lat + size)
    return Zone(name, shape)


@settings(max_examples=25, deadline=None)
@given(st.lists(zones(), min_size=1, max_size=4))
def test_any_zones_come_back_within_a_centimetre(drawn: list[Zone]) -> None:
    with package(*drawn) as folder:
        collection = json.loads((folder / "zones.geojson").read_text("utf-8"))
        check_collection(collection)
        with (folder / "zones.csv").open(encoding="utf-8", newline="") as file:
            table = list(csv.DictReader(file))
        frame = pyogrio.read_dataframe(folder / "zones.gpkg", layer="zones")
    assert len(collection["features"]) == len(table) == len(frame) == len(drawn)
    for zone, feature, row, (_, kept) in zip(
        drawn, collection["features"], table, frame.iterrows(), strict=True
    ):
        wanted = geodesy.within_180(zone.shape)
        for found in (
            from_geojson(feature["geometry"]), shapely.from_wkt(row["wkt"]), kept["geometry"],
        ):  # fmt: skip
            assert found.is_valid
            assert metres_apart(wanted, found) < 0.01
        assert feature["id"] == row["zone_id"] == kept["zone_id"] == zone.id
        assert feature["properties"]["name"] == kept["name"]
        assert row["name"].removeprefix("'") == kept["name"].removeprefix("'")
        assert not row["name"].startswith(("=", "+", "-", "@", "\t", "\r"))


def test_a_zone_across_the_antimeridian_is_cut_and_its_bbox_goes_round() -> None:
    with package(circle_zone("Taveuni", 179.9999, -16.8, 500, "x")) as folder:
        collection = json.loads((folder / "zones.geojson").read_text())
        check_collection(collection)
        feature = collection["features"][0]
    assert feature["geometry"]["type"] == "MultiPolygon"
    west, _, east, _ = feature["bbox"]
    assert west > 179 > -179 > east
    assert collection["bbox"] == feature["bbox"]


@pytest.mark.parametrize(
    "drawn",
    [
        shapely.box(179.99, 10, 180.01, 10.02),
        shapely.box(-180.01, 10, -179.99, 10.02),
        shapely.Polygon([(179.99, 10), (-179.99, 10), (-179.99, 10.02), (179.99, 10.02)]),
    ],
    ids=["beyond 180", "beyond -180", "jumping"],
)
def test_a_zone_drawn_across_the_antimeridian_is_the_same_however_it_is_written(
    drawn: shapely.Polygon,
) -> None:
    with package(Zone("Across", drawn)) as folder:
        collection = json.loads((folder / "zones.geojson").read_text())
    check_collection(collection)
    [feature] = collection["features"]
    assert feature["bbox"] == [179.99, 10.0, -179.99, 10.02]
    elsewhere = geodesy.area_m2(shapely.box(0, 10, 0.02, 10.02))
    assert feature["properties"]["area_m2"] == pytest.approx(elsewhere, rel=1e-6)


def test_bbox_is_the_narrowest() -> None:
    fiji, samoa, london = (shapely.box(lon, 0, lon + 1, 1) for lon in (178.0, -172.0, 0.0))
    assert geojson.bbox([fiji, samoa]) == (178.0, 0.0, -171.0, 1.0)
    assert geojson.bbox([fiji, london]) == (0.0, 0.0, 179.0, 1.0)
    assert geojson.bbox([london]) == (0.0, 0.0, 1.0, 1.0)
    wide = shapely.box(-10, 0, 30, 1)
    assert geojson.bbox([wide, london]) == (-10.0, 0.0, 30.0, 1.0)


# Other programs


@pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="ogrinfo (gdal-bin) is not installed")
@pytest.mark.parametrize("name", ["zones.gpkg", "zones.geojson"])
def test_an_older_gdal_reads_them_without_a_warning(name: str) -> None:
    with package(circle_zone("Quay 停", -84.5, 39.1, 150, "meeting")) as folder:
        answer = subprocess.run(
            ["ogrinfo", "-al", "-q", str(folder / name)],
            capture_output=True, text=True, check=True, timeout=30,
        )  # fmt: skip
    assert answer.stderr == ""
    assert "name (String) = Quay 停" in answer.stdout
    assert "valid_to (Date) = 2026/12/31" in answer.stdout
    assert "suspended (String) = drug_search,arrest" in answer.stdout


def test_the_geopackage_is_of_version_1_3() -> None:
    with package(circle_zone("Quay", 0, 0, 150, "meeting")) as folder:
        content = (folder / "zones.gpkg").read_bytes()
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            info = pyogrio.read_info(folder / "zones.gpkg", layer="zones")
            frame = pyogrio.read_dataframe(folder / "zones.gpkg", layer="zones")
    assert content[60:64] == (10300).to_bytes(4, "big")
    assert content[68:72] == b"GPKG"
    assert info["geometry_type"] == "MultiPolygon"
    assert info["crs"] == "EPSG:4326"
    assert list(info["fields"]) == list(COLUMNS)
    assert frame["radius_m"][0] == 150


def test_all_files_say_the_same(tmp_path: Path) -> None:
    path = tmp_path / "zones.zip"
    write_package(whole_project(), DAY, path)
    with zipfile.ZipFile(path) as archive:
        features = json.loads(archive.read("zones.geojson"))["features"]
        text = archive.read("zones.csv").decode()
        archive.extract("zones.gpkg", tmp_path)
    rows = list(csv.DictReader(io.StringIO(text)))
    frame = pyogrio.read_dataframe(tmp_path / "zones.gpkg", layer="zones")
    assert list(rows[0]) == [*COLUMNS, "srid", "wkt"]
    for feature, row, (_, kept) in zip(features, rows, frame.iterrows(), strict=True):
        assert list(feature["properties"]) == list(COLUMNS)
        for column, value in feature["properties"].items():
            in_csv = row[column]
            in_gpkg = kept[column]
            assert in_csv == ("" if value is None else str(value)), column
            if column.startswith("valid_"):
                assert str(in_gpkg)[:10] == value
            elif value is None:
                assert np.isnan(in_gpkg), column
            else:
                assert in_gpkg == value
        assert row["srid"] == "4326"


def test_areas_are_those_on_the_ground() -> None:
    with package(circle_zone("Far north", 25.7, 71.1, 200, "x")) as folder:
        [feature] = json.loads((folder / "zones.geojson").read_text())["features"]
    circle = np.pi * 200**2
    assert feature["properties"]["area_m2"] == pytest.approx(circle, rel=0.001)


def test_programs_read_hours_and_exceptions_as_codes_and_people_a_narrow_readme(
    tmp_path: Path,
) -> None:
    path = tmp_path / "zones.zip"
    write_package(whole_project(), DAY, path)
    with zipfile.ZipFile(path) as archive:
        features = json.loads(archive.read("zones.geojson"))["features"]
        readme = archive.read("README.txt").decode()
    span = r"(Mo|Tu|We|Th|Fr|Sa|Su)([-,](Mo|Tu|We|Th|Fr|Sa|Su))* \d\d:\d\d-\d\d:\d\d"
    for feature in features:
        terms = feature["properties"]
        assert re.fullmatch(rf"24/7|{span}([;,] {span})*", terms["hours_code"])
        codes = [code for code in terms["exception_codes"].split(",") if code]
        assert [Exemption(code).label for code in codes] == [
            words for words in terms["exceptions"].split("; ") if words
        ]
        assert re.search(r"\w \(\d{4}-\d\d-\d\d\)", terms["parties"])
    assert max(len(line) for line in readme.splitlines()) <= 100
