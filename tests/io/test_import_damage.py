"""Damaged files: whatever a byte more or less does, the answer is a layer or a sentence."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely

from gisapp.errors import CrsError, DataError, GisappError
from gisapp.io.reading.importing import preview, probe, propose, read_layer, write_rejected
from gisapp.layers.vocabulary import LayerKind

ROWS = [f"s{i},{39 + i / 100},{-84 - i / 100},2018-08-{i + 1:02d} 10:00,0{i}  " for i in range(20)]
TABLE = "name,lat,lon,when,code\n" + "\n".join(ROWS) + "\n"
MAP = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"name": f"f{i}", "tags": [i]},
            "geometry": {"type": "Polygon", "coordinates": [[[i, 0], [i, 1], [i + 1, 1], [i, 0]]]},
        }
        for i in range(5)
    ],
}


def shapefile(folder: Path) -> Path:
    shapes = [shapely.box(i, 50, i + 1, 51) for i in range(3)]
    path = folder / "a.shp"
    pyogrio.write_dataframe(frame(shapes), path)
    return path


def frame(shapes: list[shapely.Polygon]):
    import geopandas

    names = [f"area {i}" for i in range(len(shapes))]
    return geopandas.GeoDataFrame({"name": names, "born": names}, geometry=shapes, crs=4326)


def damaged(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    how = chance.randrange(4)
    if how == 0:
        return data[: at + 1]
    if how == 1:
        return data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]
    if how == 2:
        return data[:at] + data[at + chance.randrange(1, 100) :]
    return (
        data[:at] + chance.choice([b'"', b"\0", b"\n", b",,,", b"NaN", b"<", b"1e999"]) + data[at:]
    )


def worked_through(path: Path, out: Path) -> None:
    source = probe([path])
    plan = propose(source, LayerKind.STOPS)
    preview(source, plan)
    assert source.columns
    result = read_layer(source, plan if plan.crs else replace(plan, crs="EPSG:4326"))
    assert result.report.read == result.report.added + result.report.rejected
    write_rejected(result.report, out)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("kind", ["csv", "geojson", "shp", "dbf"])
def test_damage_is_answered(tmp_path: Path, kind: str, seed: int) -> None:
    chance = random.Random(f"{kind} {seed}")
    path = shapefile(tmp_path).with_suffix(f".{kind}")
    if kind == "csv":
        path.write_text(TABLE)
    elif kind == "geojson":
        path.write_text(json.dumps(MAP))
    sound = path.read_bytes()
    answered = 0
    for _ in range(6):
        path.write_bytes(damaged(sound, chance))
        try:
            worked_through(path, tmp_path / "rejected.out")
        except GisappError as error:
            assert error.message and error.exit_code in (20, 22)
        answered += 1
    assert answered == 6


def test_a_panic_of_the_workbook_reader_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(
        bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + bytes.fromhex("3e000300feff09")
    )
    with pytest.raises(DataError, match="damaged"):
        probe([path])


def test_numbers_with_blanks_round_them_are_no_moments(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("parcel,lat,lon\n021900520054   ,39.1,-84.5\n003500040097   ,39.2,-84.5\n")
    source = probe([path])
    table = read_layer(source, propose(source, LayerKind.STOPS)).layer.table
    assert table["parcel"].to_pylist() == ["021900520054", "003500040097"]


def test_years_that_cannot_be_meant_are_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "date,lat,lon\n20180-01-01,39,-84\n2018-01-02,39,-84\n0018-01-02,39,-84\n2018-01-03,39,-84\n"
        "2018-01-04,39,-84\n2018-01-04,39,-84\n"
    )
    source = probe([path])
    layer = read_layer(source, propose(source, LayerKind.STOPS)).layer
    assert layer.table["date"].null_count == 2


def test_a_shapefile_in_windows_1252_that_says_utf_8(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    dbf = path.with_suffix(".dbf")
    dbf.write_bytes(dbf.read_bytes().replace(b"area 1 ", b"\xe1rea 1 ", 1))
    path.with_suffix(".cpg").write_text("UTF-8")
    assert "área 1" in probe([path]).table["name"].to_pylist()


def test_a_prj_that_is_no_text_is_no_crash(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    path.with_suffix(".prj").write_bytes(b'GEOGCS["\xd9\xff",DATUM[')
    with pytest.raises(GisappError):
        worked_through(path, tmp_path / "out.csv")


def test_a_system_that_lies_nowhere_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("name,x,y\na,5,6\n")
    source = probe([path])
    plan = replace(propose(source, LayerKind.OTHER), crs='LOCAL_CS["grid",UNIT["m",1]]')
    with pytest.raises(CrsError):
        read_layer(source, plan)


def test_corners_that_are_no_numbers_reject_the_shape(tmp_path: Path) -> None:
    source = probe([shapefile(tmp_path)])
    assert source.geoms is not None
    geoms = source.geoms.copy()
    geoms[1] = shapely.transform(geoms[1], lambda xy: np.where(xy == xy.max(), np.nan, xy))
    broken = replace(source, geoms=geoms)
    report = read_layer(broken, propose(broken, LayerKind.BOUNDARIES)).report
    assert report.reasons == {"a shape that cannot be read": 1}
