"""Files of tiles: what they hold, what they say of themselves, and what is said of bad ones."""

from __future__ import annotations

import gzip
import sqlite3
from pathlib import Path

import pytest

from gisapp.errors import DataError, EditError
from gisapp.io.project import project_file, project_json
from gisapp.io.tiles import files as tile_files
from gisapp.io.tiles.grid import Tile
from gisapp.layers.base_map import BaseMap, BaseMapKind, server_of
from gisapp.layers.project import Project
from tests.tiles import mbtiles, picture, pmtiles

TILES = {
    Tile(0, 0, 0): picture("#112233"),
    Tile(3, 1, 2): picture("#445566"),
    Tile(3, 1, 5): picture("#778899", form="JPG"),
}
BOTH = pytest.mark.parametrize("suffix", ["mbtiles", "pmtiles"])


def made(folder: Path, suffix: str, tiles: dict[Tile, bytes] = TILES) -> Path:
    path = folder / f"City.{suffix}"
    if suffix == "mbtiles":
        bounds = "-10,-20,30,40"
        credit = '<a href="https://example.org">© Mappers &amp; friends</a>'
        return mbtiles(path, tiles, name="City map", attribution=credit, bounds=bounds)
    return pmtiles(path, tiles, metadata={"name": "City map", "attribution": "© Mappers"})


@BOTH
def test_tiles_come_back_as_they_were_stored(tmp_path: Path, suffix: str) -> None:
    base_map = tile_files.base_map_of(made(tmp_path, suffix))
    tiles = tile_files.open_tiles(base_map)
    assert {tile: tiles.read(tile) for tile in TILES} == TILES
    assert tiles.read(Tile(3, 2, 2)) is None
    assert (tiles.info.min_zoom, tiles.info.max_zoom, tiles.info.format) == (0, 3, "png")
    tiles.close()


@BOTH
def test_name_and_credit_come_from_the_file_as_plain_text(tmp_path: Path, suffix: str) -> None:
    base_map = tile_files.base_map_of(made(tmp_path, suffix))
    assert base_map.name == "City map"
    assert base_map.credit.startswith("© Mappers")
    assert "<" not in base_map.credit
    assert base_map.server is None


def test_many_tiles_are_found_through_the_directories_of_an_archive(tmp_path: Path) -> None:
    tiles = {
        Tile(8, x, y): b"\x89PNG\r\n\x1a\n" + bytes([x, y]) * 9
        for x in range(0, 256, 2)
        for y in range(96)
    }
    archive = tile_files.open_tiles(
        BaseMap(BaseMapKind.PMTILES, str(pmtiles(tmp_path / "many.pmtiles", tiles)))
    )
    assert all(archive.read(tile) == data for tile, data in list(tiles.items())[::97])
    archive.close()


@BOTH
def test_vector_tiles_are_told_from_pictures(tmp_path: Path, suffix: str) -> None:
    packed = gzip.compress(b"\x1a\x05shape")
    path = tmp_path / f"shapes.{suffix}"
    if suffix == "mbtiles":
        mbtiles(path, {Tile(0, 0, 0): packed}, format="pbf")
    else:
        pmtiles(path, {Tile(0, 0, 0): packed}, "MVT")
    with pytest.raises(DataError, match="vector tiles") as caught:
        tile_files.base_map_of(path)
    assert "QGIS" in caught.value.hint


@BOTH
@pytest.mark.parametrize("content", [b"", b"hello", b"PMTiles\x02" + bytes(200), bytes(500)])
def test_a_file_that_is_something_else_is_refused_in_words(
    tmp_path: Path, suffix: str, content: bytes
) -> None:
    path = tmp_path / f"bad.{suffix}"
    path.write_bytes(content)
    with pytest.raises(DataError, match="bad") as caught:
        tile_files.base_map_of(path)
    assert caught.value.hint


@BOTH
def test_a_file_that_has_gone_is_said_so(tmp_path: Path, suffix: str) -> None:
    with pytest.raises(DataError, match="was not found") as caught:
        tile_files.base_map_of(tmp_path / f"gone.{suffix}")
    assert "Choose it again" in caught.value.hint


def test_an_empty_mbtiles_and_one_of_other_pictures_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no tiles"):
        tile_files.base_map_of(mbtiles(tmp_path / "empty.mbtiles", {}))
    with pytest.raises(DataError, match="neither PNG"):
        path = mbtiles(tmp_path / "gif.mbtiles", {Tile(0, 0, 0): b"GIF89a..."}, format="gif")
        tile_files.base_map_of(path)


def test_an_archive_cut_short_says_that_it_is_damaged(tmp_path: Path) -> None:
    whole = made(tmp_path, "pmtiles").read_bytes()
    for end in range(0, len(whole), 37):
        short = tmp_path / "short.pmtiles"
        short.write_bytes(whole[:end])
        try:
            tiles = tile_files.open_tiles(BaseMap(BaseMapKind.PMTILES, str(short)))
        except DataError:
            continue
        try:
            for tile in TILES:
                tiles.read(tile)
        except DataError as error:
            assert "damaged" in error.message
        finally:
            tiles.close()


def test_a_table_that_never_ends_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gisapp.io.tiles.mbtiles._PATIENCE_S", 0.05)
    path = tmp_path / "endless.mbtiles"
    connection = sqlite3.connect(path)
    connection.executescript(
        "CREATE TABLE metadata (name text, value text);"
        "CREATE VIEW tiles AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
        "SELECT i AS zoom_level, 0 AS tile_column, 0 AS tile_row, x'00' AS tile_data FROM n "
        "WHERE i < 0;"
    )
    connection.close()
    with pytest.raises(DataError, match="damaged"):
        tile_files.base_map_of(path)


# Where a project looks for its file


def test_a_file_beside_the_project_is_kept_by_its_way_from_there(tmp_path: Path) -> None:
    folder = tmp_path / "handed on"
    (folder / "maps").mkdir(parents=True)
    whole = BaseMap(BaseMapKind.MBTILES, str(folder / "maps" / "a.mbtiles"))
    kept = tile_files.beside(whole, folder)
    assert kept is not None and kept.source == "maps/a.mbtiles"
    other = tmp_path / "elsewhere"
    found = tile_files.found(kept, other)
    assert found is not None and found.source == str(other / "maps" / "a.mbtiles")
    assert tile_files.found(kept, folder) == whole


def test_what_lies_elsewhere_and_addresses_stay_as_they_are(tmp_path: Path) -> None:
    far = BaseMap(BaseMapKind.PMTILES, str(tmp_path / "other" / "a.pmtiles"))
    address = BaseMap(BaseMapKind.XYZ, "https://tiles.example.org/{z}/{x}/{y}.png")
    windows = BaseMap(BaseMapKind.MBTILES, r"C:\maps\a.mbtiles")
    for base_map in (far, address, windows, None):
        assert tile_files.beside(base_map, tmp_path / "project") == base_map
        assert tile_files.found(base_map, tmp_path / "project") == base_map


# Addresses


def test_a_server_is_named_by_its_address() -> None:
    assert server_of("https://tiles.example.org:8080/a/{z}/{x}/{y}.png?k=1") == "tiles.example.org"
    assert server_of("http://localhost/?z={z}&x={x}&y={y}") == "localhost"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "starts with"),
        ("tiles.example.org/{z}/{x}/{y}.png", "starts with"),
        ("ftp://example.org/{z}/{x}/{y}.png", "starts with"),
        ("file:///etc/{z}/{x}/{y}", "starts with"),
        ("https:///{z}/{x}/{y}", "starts with"),
        ("https://example.org/{z}/{x}.png", "lacks {y}"),
        ("https://{z}.{x}.{y}.example.org/", "lacks"),
        ("https://me:secret@example.org/{z}/{x}/{y}", "password"),
        ("https://example.org/{s}/{z}/{x}/{y}", "Only {z}"),
        ("https://exa mple.org/{z}/{x}/{y}", "Only {z}"),
        ("https://[bad/{z}/{x}/{y}", "no address"),
        ("https://example.org:99999/{z}/{x}/{y}", "no address"),
    ],
)
def test_what_is_no_address_of_tiles_is_refused_with_the_reason(address: str, words: str) -> None:
    with pytest.raises(EditError, match=words):
        server_of(address)


def test_a_file_on_another_machine_counts_as_a_server() -> None:
    assert BaseMap(BaseMapKind.MBTILES, r"\\share\maps\a.mbtiles").server == "share"
    assert BaseMap(BaseMapKind.MBTILES, "//share/maps/a.mbtiles").server == "share"
    assert BaseMap(BaseMapKind.MBTILES, r"C:\maps\a.mbtiles").server is None
    assert BaseMap(BaseMapKind.XYZ, "nonsense").server == "nonsense"


def test_a_folder_with_project_and_base_map_can_be_handed_on(tmp_path: Path) -> None:
    first, second = tmp_path / "here", tmp_path / "there"
    first.mkdir()
    base_map = tile_files.base_map_of(made(first, "mbtiles"))
    project_file.save(Project(title="City", base_map=base_map), first / "city.gpkg")
    first.rename(second)
    opened = project_file.load(second / "city.gpkg").base_map
    assert opened is not None
    assert opened.source == str(second / "City.mbtiles")
    tiles = tile_files.open_tiles(opened)
    assert tiles.read(Tile(0, 0, 0)) == TILES[Tile(0, 0, 0)]
    tiles.close()
    (second / "City.mbtiles").unlink()
    assert project_file.load(second / "city.gpkg").base_map == opened  # it opens all the same


def test_a_base_map_of_a_damaged_project_is_told_as_such() -> None:
    for value in ('{"kind":"xyz","source":5}', '{"kind":"xyz","source":"a","opacity":7}', "[1]"):
        with pytest.raises((TypeError, ValueError)):
            project_json.base_map_from(value)
