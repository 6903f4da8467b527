"""Checking a package: what was done to it is found and told, and no bytes make it fail."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import sqlite3
import struct
import zipfile
import zlib
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gisapp import cli
from gisapp.errors import DataError
from gisapp.io.patrol import archive, reading_back
from gisapp.io.patrol.changes import base_of
from gisapp.io.patrol.reading_back import zones_in
from gisapp.io.patrol.signing import new_key
from gisapp.io.patrol.verifying import Verified, verify
from tests.io.packages import DAY, KEY, contents, manifest, package, packed, project

Files = dict[str, bytes]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return package(tmp_path_factory.mktemp("whole") / "z.zip")


def codes(found: Verified) -> set[tuple[str, str]]:
    return {(one.code, one.file) for one in found.findings if one.is_problem}


def test_a_package_as_it_was_sent_is_good(whole: Path) -> None:
    found = verify(whole).on(DAY)
    assert found.is_good
    assert found.fingerprint == KEY.fingerprint
    [note] = found.findings
    assert "Ask the sender" in note.message
    assert verify(whole, fingerprint=KEY.fingerprint).findings == ()


@pytest.mark.parametrize(
    ("zone", "day"),
    [("America/Chicago", 23), ("Europe/London", 24), ("No/Where", 24), (None, 24)],
)
def test_today_is_the_day_where_a_package_is_to_be_used(
    whole: Path, zone: str | None, day: int
) -> None:
    told = {"timezone": zone} if zone else {}
    found = replace(verify(whole), manifest=told)
    assert found.day_at(datetime(2026, 11, 24, 2, 57, tzinfo=UTC)) == date(2026, 11, day)


def test_ids_too_long_for_a_file_go_out_as_a_code_in_all(tmp_path: Path) -> None:
    """Only a project of an earlier version has such: agreement files with them are not read."""
    long = project("Quay")
    keys = ["ü" * 128, "z" * 255, "y" * 254]
    zones = [replace(long.zones["zone-quay"], id=key) for key in keys]
    many = replace(long, zones=dict(zip(keys, zones, strict=True)))
    path = package(tmp_path / "z.zip", many, formats=("all",))
    assert verify(path).on(DAY).is_good
    assert sorted(len(one["zone_id"]) for one in manifest(path)["zones"]) == [32, 32, 254]


def changed(
    path: Path, whole: Path, change: Callable[[Files], None], *, sign: bool = False
) -> Verified:
    """What is found once files were changed, and with `sign` signed again by the same key."""
    files = contents(whole)
    change(files)
    if sign:
        told = json.loads(files["manifest.json"])
        for name in told["files"]:
            if name in files:
                data = files[name]
                told["files"][name] = {
                    "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data),
                }  # fmt: skip
        files["manifest.json"] = json.dumps(told).encode()
        files["manifest.sig"] = KEY.sign(files["manifest.json"])
    return verify(packed(files, path / "t.zip"), fingerprint=KEY.fingerprint)


def put(name: str, data: bytes) -> Callable[[Files], None]:
    return lambda files: files.update({name: data})


def take(name: str) -> Callable[[Files], None]:
    return lambda files: files.pop(name) and None


def edit(name: str, old: bytes, new: bytes) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        assert old in files[name]
        files[name] = files[name].replace(old, new, 1)

    return change


@pytest.mark.parametrize(
    ("change", "code", "file"),
    [
        (edit("zones.geojson", b"Quay", b"Kay "), "changed", "zones.geojson"),
        (edit("README.txt", b"NOT a 9-1-1", b"a 9-1-1"), "changed", "README.txt"),
        (take("zones.gpkg"), "missing", "zones.gpkg"),
        (put("more.geojson", b"{}"), "added", "more.geojson"),
        (put("../../evil.sh", b"x"), "path", "../../evil.sh"),
        (put("/etc/evil", b"x"), "path", "/etc/evil"),
        (put("C:\\evil", b"x"), "path", "C:\\evil"),
        (edit("manifest.json", b"Dispatch", b"Disguise"), "signature", "manifest.json"),
        (take("manifest.sig"), "signature", ""),
        (take("public_key.pem"), "signature", ""),
        (put("manifest.sig", b"x" * 64), "signature", "manifest.json"),
        (put("public_key.pem", b"no key"), "signature", "manifest.json"),
        (take("manifest.json"), "manifest", ""),
        (put("manifest.json", b"{"), "manifest", "manifest.json"),
        (put("manifest.json", b"[" * 100_000), "manifest", "manifest.json"),
        (put("manifest.json", b"[1, 2]"), "manifest", "manifest.json"),
    ],
)  # fmt: skip
def test_what_was_done_to_it_is_told(
    tmp_path: Path, whole: Path, change: Callable[[Files], None], code: str, file: str
) -> None:
    found = changed(tmp_path, whole, change)
    assert not found.is_good
    assert (code, file) in codes(found)


def told_as(key: str, value: Any) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        told = json.loads(files["manifest.json"])
        told[key] = value
        files["manifest.json"] = json.dumps(told).encode()

    return change


BOW_TIE = b'"coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]], "was": [[['


@pytest.mark.parametrize(
    ("change", "code", "file"),
    [
        (told_as("day", "soon"), "schema", "manifest.json"),
        (told_as("zones", {}), "schema", "manifest.json"),
        (told_as("own", 1), "schema", "manifest.json"),
        (told_as("package_version", 2), "version", "manifest.json"),
        (told_as("package_version", 99), "version", "manifest.json"),
        (told_as("zones", []), "counts", "zones.gpkg"),
        (told_as("signing_key", None), "signature", "manifest.json"),
        (edit("zones.geojson", b'"coordinates": [[[', BOW_TIE), "geometry", "zones.geojson"),
        (put("zones.geojson", b"{}"), "unreadable", "zones.geojson"),
        (put("zones.gpkg", b"no"), "unreadable", "zones.gpkg"),
        (put("zones.csv", b"zone_id,wkt\nother,POINT (0 0)"), "counts", "zones.csv"),
    ],
)
def test_what_was_wrong_before_it_was_signed_is_told_too(
    tmp_path: Path, whole: Path, change: Callable[[Files], None], code: str, file: str
) -> None:
    assert (code, file) in codes(changed(tmp_path, whole, change, sign=True))


def test_a_package_signed_again_by_another_key_is_told_apart(tmp_path: Path, whole: Path) -> None:
    other = new_key()
    files = contents(whole)
    text = files["manifest.json"].replace(b"Dispatch", b"Disguise")
    text = text.replace(KEY.fingerprint.encode(), other.fingerprint.encode())
    files |= {"manifest.json": text, "manifest.sig": other.sign(text)}
    files["public_key.pem"] = other.public_pem
    path = packed(files, tmp_path / "t.zip")
    assert verify(path).is_good
    found = verify(path, fingerprint=KEY.fingerprint)
    assert codes(found) == {("unknown_key", "")}
    assert found.fingerprint == other.fingerprint
    assert "unknown key" in found.findings[0].message


def test_an_unsigned_package_is_not_good(tmp_path: Path) -> None:
    assert codes(verify(package(tmp_path / "z.zip", key=None))) == {("unsigned", "")}


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2024, 12, 31), "does not hold yet on 31 December 2024: it begins on 1 January 2025"),
        (date(2027, 1, 1), "no longer holds on 1 January 2027: its last day was 31 December 2026"),
    ],
)
def test_a_zone_that_does_not_hold_on_the_day_is_told(whole: Path, day: date, words: str) -> None:
    found = verify(whole).on(day)
    assert not found.is_good
    assert words in next(one.message for one in found.findings if one.code == "day")


def test_a_package_of_a_former_day_is_good_and_asks_for_a_newer_one(whole: Path) -> None:
    found = verify(whole)
    assert not [one for one in found.on(date(2025, 6, 2)).findings if one.code == "older"]
    later = found.on(date(2025, 6, 3))
    assert later.is_good
    [told] = [one.message for one in later.findings if one.code == "older"]
    assert told == "It says what was in force on 2 June 2025. Ask whether there is a newer one."


# Zips that mean no good


def test_bombs_are_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "bomb.zip"
    packed({"zeros": bytes(30_000_000)}, path)
    assert codes(verify(path)) == {("too_large", "zeros")}
    monkeypatch.setattr(archive, "MOST_FILES", 3)
    packed({f"{number}": b"" for number in range(4)}, path)
    assert codes(verify(path)) == {("too_large", "")}
    monkeypatch.setattr(archive, "MOST_BYTES_IN_ALL", 10)
    packed({"a": b"123456", "b": b"123456"}, path)
    assert codes(verify(path)) == {("too_large", "")}


def test_a_bomb_in_a_file_of_a_package_is_not_unpacked_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_back, "MOST_BYTES", 1_000_000)
    inner = packed({"doc.kml": bytes(2_000_000)}, tmp_path / "in.zip").read_bytes()
    read = zones_in("zones.kmz", inner)
    assert read is not None
    assert "larger than any file" in read.problem


def test_a_check_leaves_room_for_the_cells_of_other_files(whole: Path) -> None:
    before = csv.field_size_limit(10_000_000)
    try:
        verify(whole)
        assert csv.field_size_limit() == 10_000_000
    finally:
        csv.field_size_limit(before)


def test_no_file_of_a_package_makes_another_file_be_read(tmp_path: Path) -> None:
    """GDAL opens a virtual layer whatever its file is called, and that names any file or host."""
    other = tmp_path / "other.csv"
    other.write_text('zone_id,wkt\nsecret,"POLYGON((0 0,1 0,1 1,0 0))"\n', encoding="utf-8")
    virtual = (
        f'<OGRVRTDataSource><OGRVRTLayer name="other"><SrcDataSource>{other}</SrcDataSource>'
        '<GeometryField encoding="WKT" field="wkt"/></OGRVRTLayer></OGRVRTDataSource>'
    ).encode()
    inside = ("other.vrt", "doc.kml", "other.shp", "other.gdb/gdb", "other.gdb/a00000001.gdbtable")
    zipped = [packed({name: virtual}, tmp_path / "v.zip").read_bytes() for name in inside]
    for ending in (".kml", ".gpkg", ".kmz", ".shp.zip", ".gdb.zip"):
        for data in (virtual, *zipped):
            read = zones_in(f"zones{ending}", data)
            assert read is not None
            assert read.problem, ending
            assert not read.zone_ids


def test_a_view_in_a_package_is_not_run(tmp_path: Path) -> None:
    """It may be one that never ends."""
    path = tmp_path / "zones.gpkg"
    path.write_bytes(contents(package(tmp_path / "z.zip"))["zones.gpkg"])
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(
            "CREATE VIEW endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
            " SELECT zones.* FROM zones, n WHERE i < 0"
        )
        for table in ("gpkg_contents", "gpkg_geometry_columns"):
            found = database.execute(f"SELECT * FROM {table} WHERE table_name = 'zones'")
            row = ["endless" if value == "zones" else value for value in found.fetchone()]
            if table == "gpkg_contents":
                row[2] = "endless"
            marks = ", ".join("?" * len(row))
            database.execute(f"INSERT INTO {table} VALUES ({marks})", row)
    read = zones_in(path.name, path.read_bytes())
    assert read is not None
    assert read.problem


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_is_there_twice_is_told(tmp_path: Path, whole: Path) -> None:
    path = packed(contents(whole), tmp_path / "t.zip")
    with zipfile.ZipFile(path, "a") as again:
        again.writestr("zones.csv", "other")
        again.writestr("ZONES.GeoJSON", "other")
    assert {("twice", "zones.csv"), ("twice", "ZONES.GeoJSON")} <= codes(verify(path))


def test_what_lies_in_a_zip_beside_its_files_is_told(tmp_path: Path, whole: Path) -> None:
    """Readers that go through a zip from its beginning find files that the list at its end has not.

    Such are those of Java, as TAK servers use them: they would load other zones than were checked.
    """
    files = contents(whole)
    files["zones.geojson"] = files["zones.geojson"].replace(b"Quay", b"Pier")
    other = packed(files, tmp_path / "other.zip").read_bytes()
    sent = whole.read_bytes()
    end = sent.index(b"PK\1\2")
    for number, data in enumerate((other + sent, sent[:end] + other + sent[end:])):
        path = tmp_path / f"{number}.zip"
        path.write_bytes(data)
        assert not verify(path, fingerprint=KEY.fingerprint).is_good


def put_together(
    files: Files, *, seekable: bool = True, comment: bytes = b"", attributes: int = 0o644 << 16
) -> bytes:
    """A zip as other programs write it."""
    made = io.BytesIO() if seekable else Pipe()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as again:
        again.comment = comment
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, (2025, 6, 2, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, attributes
            again.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return made.getvalue()


class Pipe(io.BytesIO):
    """What cannot be gone back in: sizes stand behind each file then."""

    def seekable(self) -> bool:
        return False

    def seek(self, *where: int) -> int:
        raise OSError


def with_entry(data: bytes, name: str, inside: bytes = b"", extra: bytes = b"") -> bytes:
    """A zip with one entry more."""
    made = io.BytesIO(data)
    with zipfile.ZipFile(made, "a") as package:
        entry = zipfile.ZipInfo(name, (2025, 6, 2, 0, 0, 0))
        entry.create_system, entry.external_attr, entry.extra = 3, 0o644 << 16, extra
        package.writestr(entry, inside, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def with_unicode_path(sent: bytes) -> bytes:
    """A genuine zip in which a further field gives zones.csv another name (APPNOTE 4.6.9)."""
    other = b"zones-old.csv"
    field = struct.pack("<BI", 1, zlib.crc32(b"zones.csv")) + other
    made = io.BytesIO()
    files = zipfile.ZipFile(io.BytesIO(sent))
    with files, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as again:
        for entry in files.infolist():
            data = files.read(entry)
            if entry.filename == "zones.csv":
                entry.extra = struct.pack("<2H", 0x7075, len(field)) + field
            again.writestr(entry, data, zipfile.ZIP_DEFLATED, compresslevel=6)
    return made.getvalue()


def with_other_local_name(sent: bytes) -> bytes:
    """Before its content a file has another name than in the list."""
    return sent.replace(b"zones.csv", b"ZONES.csv", 1)


def with_bytes_behind_what_is_packed(sent: bytes) -> bytes:
    """After the end of what is packed in its first file, and within it by the sizes told."""
    first, size = struct.unpack_from("<I", sent, 18)[0], 6
    start, added = 30 + struct.unpack_from("<H", sent, 26)[0], b"unseen"
    at = start + first
    data = bytearray(sent[:at] + added + sent[at:])
    struct.pack_into("<I", data, 18, first + size)
    listed = struct.unpack_from("<I", data, len(data) - 6)[0] + size
    struct.pack_into("<I", data, len(data) - 6, listed)
    struct.pack_into("<I", data, listed + 20, first + size)
    place = listed
    for number in range(struct.unpack_from("<H", data, len(data) - 12)[0]):
        if number:
            struct.pack_into(
                "<I", data, place + 42, struct.unpack_from("<I", data, place + 42)[0] + size
            )
        place += 46 + sum(struct.unpack_from("<3H", data, place + 28))
    return bytes(data)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda sent: sent + b"zones are cancelled", "behind the end of the zip"),
        (lambda sent: put_together(unzipped(sent), comment=b"cancelled"), "behind the end"),
        (lambda sent: b"zones are cancelled" + sent, "before the first file"),
        (lambda sent: with_entry(sent, "notes/"), "it is a folder"),
        (lambda sent: with_entry(sent, "notes/", b"cancelled"), "it is a folder"),
        (with_unicode_path, "further fields"),
        (with_other_local_name, "two names"),
        (with_bytes_behind_what_is_packed, "cannot be unpacked"),
        (lambda sent: put_together(unzipped(sent), seekable=False), "packed again"),
        (lambda sent: put_together(unzipped(sent), attributes=0o755 << 16), "packed again"),
    ],
    ids=[
        *("behind", "note", "before", "folder", "full folder", "other name", "two names"),
        *("unseen", "sizes behind", "modes"),
    ],
)  # fmt: skip
def test_what_nobody_signed_is_told(
    tmp_path: Path, whole: Path, change: Callable[[bytes], bytes], words: str
) -> None:
    """Programs that unpack a zip may go by any of it, and show what the sender never signed."""
    sent = whole.read_bytes()
    path = tmp_path / "t.zip"
    path.write_bytes(put_together(unzipped(sent)))
    assert verify(path, fingerprint=KEY.fingerprint).is_good, "the form, and not the library"
    path.write_bytes(change(sent))
    found = verify(path, fingerprint=KEY.fingerprint)
    assert not found.is_good
    assert any(words in one.message for one in found.findings), found.findings


def unzipped(data: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


@pytest.mark.parametrize("day", [date(2108, 1, 1), date(9999, 12, 31)])
def test_a_package_of_a_day_that_no_zip_can_say_is_written(tmp_path: Path, day: date) -> None:
    endless = project(expires=None)
    path = package(tmp_path / "z.zip", endless, day=day, formats=("all",))
    assert verify(path).on(day).is_good
    later = base_of(path, KEY.fingerprint)
    package(
        tmp_path / "t.zip", project("Quay", expires=None), day=day, formats=("cot",), since=later
    )
    assert verify(tmp_path / "t.zip").on(day).is_good


def test_links_in_a_zip_are_told(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as made:
        made.writestr(link, "/etc/passwd")
    assert ("path", "link") in codes(verify(tmp_path / "t.zip"))


def test_what_is_no_file_is_an_error(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.zip"):
        with pytest.raises(DataError, match="cannot be read"):
            verify(path)


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\5\6" + bytes(18), b"hello" * 100])
def test_what_is_no_package_is_told(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "t.zip").write_bytes(data)
    found = verify(tmp_path / "t.zip")
    assert not found.is_good
    assert found.manifest is None


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small package, so that each byte has a chance to be hit."""
    path = tmp_path_factory.mktemp("small") / "z.zip"
    return package(path, project("Quay"), formats=("geojson",))


@settings(max_examples=120)
@given(st.data())
def test_any_byte_that_matters_is_found_out(small: Path, data: st.DataObject) -> None:
    before = small.read_bytes()
    place = data.draw(st.integers(0, len(before) - 1))
    bit = data.draw(st.integers(1, 255))
    path = small.with_name("flipped.zip")
    path.write_bytes(before[:place] + bytes([before[place] ^ bit]) + before[place + 1 :])
    found = verify(path, fingerprint=KEY.fingerprint)
    if found.is_good:
        assert contents(path) == contents(small), "how it is packed: no byte of a file"


@settings(max_examples=60)
@given(st.data())
def test_a_part_of_a_package_is_never_good(small: Path, data: st.DataObject) -> None:
    before = small.read_bytes()
    end = data.draw(st.integers(0, len(before) - 1))
    path = small.with_name("cut.zip")
    path.write_bytes(before[:end])
    assert not verify(path).is_good


@settings(max_examples=60)
@given(st.binary(max_size=300), st.sampled_from([".geojson", ".csv", ".gpkg", ".kml", ".parquet"]))
def test_whatever_a_file_holds_is_told(data: bytes, ending: str) -> None:
    read = zones_in(f"zones{ending}", data)
    assert read is not None
    assert read.problem or not read.zone_ids


def test_every_format_that_can_be_read_is_read(tmp_path: Path) -> None:
    path = package(tmp_path / "z.zip", formats=("all",))
    assert verify(path).is_good
    read = {name: zones_in(name, data) for name, data in contents(path).items()}
    wanted = sorted(one["zone_id"] for one in manifest(path)["zones"])
    able = {name for name, one in read.items() if one and sorted(one.zone_ids or ()) == wanted}
    assert able >= {
        "zones.geojson", "zones.gpkg", "zones-1.4.gpkg", "zones.csv", "zones.kml", "zones.kmz",
        "zones.shp.zip", "zones.gdb.zip", "zones.parquet",
    }  # fmt: skip


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=100)
@given(st.data())
def test_whatever_a_sender_signs_is_read_without_failing(small: Path, data: st.DataObject) -> None:
    files = contents(small)
    told = json.loads(files["manifest.json"])
    place = data.draw(
        st.sampled_from([told, told["zones"][0], told["counts"], told["files"], told["valid"]])
    )
    place[data.draw(st.sampled_from(sorted(place)))] = data.draw(_JSON)
    files["manifest.json"] = json.dumps(told).encode()
    files["manifest.sig"] = KEY.sign(files["manifest.json"])
    path = packed(files, small.with_name("signed.zip"))
    found = verify(path, fingerprint=KEY.fingerprint).on(DAY)
    assert all(one.in_words() for one in found.findings)
    assert cli.main(["verify", str(path), "--quiet"]) in (0, 20)
    assert cli.main(["diff", str(small), str(path), "--json"]) in (0, 20)


@pytest.mark.parametrize("sign", ["\x1b[2J", "\n  ", "\r", "\u202e", "\x9b2J", "\u2028"])
def test_words_of_a_package_write_nothing_of_their_own_on_a_terminal(
    tmp_path: Path, whole: Path, sign: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A name could else clear the screen, or write a line that says that all is good."""
    said = f"City{sign}z.zip: good"

    def change(files: Files) -> None:
        told = json.loads(files["manifest.json"])
        told["project"] = said
        told["zones"][0]["name"] = said
        told["zones"][0]["valid_to"] = "2025-01-01"
        files["manifest.json"] = json.dumps(told).encode()
        files[f"put{sign}in.txt"] = b"x"

    changed(tmp_path, whole, change, sign=True)
    sent = str(tmp_path / "t.zip")
    for command in (["verify", sent], ["diff", str(whole), sent]):
        cli.main([*command, "--quiet"])
        shown = capsys.readouterr().out
        assert not set(shown) & {"\x1b", "\r", "\u202e", "\x9b", "\u2028"}
        assert not any(line.strip().startswith("z.zip: good") for line in shown.splitlines())
