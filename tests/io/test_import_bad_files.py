"""Missing, empty, cut, packed, locked and foreign files: one sentence, what to do, exit code 20."""

from __future__ import annotations

import gzip
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from gisapp.errors import Cancelled, DataError, ExportError
from gisapp.io.reading import found_files
from gisapp.io.reading.importing import probe, propose, read_layer, write_rejected
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress

TABLE = "name,lat,lon\na,39.1,-84.5\nb,39.2,-84.4\nc,,\n"


def binary(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 40)


def cut_gzip(path: Path) -> None:
    path.write_bytes(gzip.compress(TABLE.encode() * 2000)[:-200])


def locked_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", TABLE)
    data = bytearray(path.read_bytes())
    for marker, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(marker) + at] |= 1
    path.write_bytes(data)


def zip_of_pictures(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.png", b"\x89PNG")


BAD: dict[str, Callable[[Path], object]] = {
    "empty.csv": lambda path: path.write_bytes(b""),
    "blank.csv": lambda path: path.write_text(" \n\n"),
    "header.csv": lambda path: path.write_text("name,lat,lon\n"),
    "binary.csv": binary,
    "report.pdf": lambda path: path.write_bytes(b"%PDF-1.7 whatever"),
    "page.csv": lambda path: path.write_text("<!DOCTYPE html><html><body>Log in</body></html>"),
    "cut.csv.gz": cut_gzip,
    "cut.zip": lambda path: path.write_bytes(b"PK\x03\x04" + b"x" * 100),
    "locked.zip": locked_zip,
    "pictures.zip": zip_of_pictures,
    "cut.gpkg": lambda path: path.write_bytes(b"SQLite format 3\x00" + b"\0" * 50),
    "cut.shp": lambda path: path.write_bytes(b"\x00\x00\x27\x0a" + b"\0" * 20),
    "foreign.shp": lambda path: path.write_text("no shapefile"),
    "cut.geojson": lambda path: path.write_text('{"type": "FeatureCollection", "features": ['),
    "other.json": lambda path: path.write_text('{"answer": 42}'),
    "cut.kml": lambda path: path.write_text("<?xml version='1.0'?><kml><Document><Placemark>"),
    "book.xlsx": lambda path: path.write_text("no workbook"),
    "cut.xls": lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 60),
    "lonely.prj": lambda path: path.write_text("GEOGCS[]"),
    "folder": lambda path: path.mkdir(),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    BAD[name](path)
    with pytest.raises(DataError) as caught:
        probe([path])
    assert caught.value.exit_code == 20
    assert caught.value.message.count(". ") == 0
    assert caught.value.hint


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "stops.csv")
    with pytest.raises(DataError, match="device or a pipe"):
        probe([tmp_path / "stops.csv"])


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"There is no file .*nothing\.csv"):
        probe([tmp_path / "nothing.csv"])


def test_a_zip_of_tables_and_a_zip_with_a_folder(tmp_path: Path) -> None:
    path = tmp_path / "months.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("2018-04/a.csv", TABLE)
        archive.writestr("2018-05/b.csv", TABLE)
        archive.writestr("../../evil.csv", TABLE)
        archive.writestr("readme.txt", "nothing to read")
    source = probe([path])
    report = read_layer(source, propose(source, LayerKind.OTHER)).report
    assert (report.read, report.added, report.duplicates) == (9, 6, 6)
    assert not (tmp_path.parent / "evil.csv").exists()
    assert {row.file for row in report.rejected_rows} == {
        "months.zip/2018-04/a.csv",
        "months.zip/2018-05/b.csv",
        "months.zip/evil.csv",
    }


def test_packed_bombs_are_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(found_files, "SMALL", 1000)
    bomb = b"0" * 2_000_000
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", bomb)
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(bomb))
    for name in ("a.zip", "a.csv.gz"):
        with pytest.raises(DataError, match="would unpack"):
            probe([tmp_path / name])


def test_a_cancel_ends_it(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TABLE)
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        probe([tmp_path / "a.csv"], progress)
    source = probe([tmp_path / "a.csv"])
    with pytest.raises(Cancelled):
        read_layer(source, propose(source, LayerKind.OTHER), progress)


def test_a_cancel_half_way(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TABLE)
    source = probe([tmp_path / "a.csv"])
    progress = Progress(lambda fraction, _: progress.cancel() if (fraction or 0) > 0.2 else None)
    with pytest.raises(Cancelled):
        read_layer(source, propose(source, LayerKind.OTHER), progress)


def test_rejected_rows_go_to_a_whole_file_or_none(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TABLE)
    source = probe([tmp_path / "a.csv"])
    report = read_layer(source, propose(source, LayerKind.OTHER)).report
    with pytest.raises(ExportError):
        write_rejected(report, tmp_path / "no folder" / "rejected.csv")
    write_rejected(report, tmp_path / "rejected.csv")
    text = (tmp_path / "rejected.csv").read_text(encoding="utf-8-sig")
    assert text.splitlines() == ["File,Line,Reason,name,lat,lon", "a.csv,4,no coordinates,c,,"]


def test_shapefile_in_a_zip(tmp_path: Path, shared_data: Path) -> None:
    path = tmp_path / "roads.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in (shared_data / "london" / "london_sport_epsg27700").iterdir():
            archive.write(part, f"inner/{part.name}")
    source = probe([path])
    assert (source.format, source.rows, source.crs) == ("Shapefile", 33, "EPSG:27700")


def test_report_as_json_has_the_promised_keys(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TABLE)
    source = probe([tmp_path / "a.csv"])
    answer = read_layer(source, propose(source, LayerKind.OTHER)).report.as_json()
    assert {key: answer[key] for key in ("read", "added", "rejected", "crs", "time_range")} == {
        "read": 3,
        "added": 2,
        "rejected": 1,
        "crs": "EPSG:4326",
        "time_range": None,
    }
    assert answer["reasons"] == {"no coordinates": 1}
    assert (answer["duplicates"], answer["layer"]) == (0, "A")
