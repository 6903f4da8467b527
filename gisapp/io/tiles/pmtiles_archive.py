"""Tiles in a PMTiles archive, version 3: one file that holds its own directory."""

from __future__ import annotations

import gzip
import json
import threading
import zlib
from collections import OrderedDict
from pathlib import Path
from typing import Any

from gisapp.errors import DataError
from gisapp.io.tiles import info as tile_info
from gisapp.io.tiles.grid import Tile
from gisapp.io.tiles.info import TileInfo

_HEADER = 127
_SIDES = ("min_lon", "min_lat", "max_lon", "max_lat")
_PICTURES = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp"}
#: Directories kept, and how large one may be when it is unpacked.
_KEPT, _LARGEST = 64, 4_000_000
_DEEPEST = 4


class PMTiles:
    """An open PMTiles archive. DataError where it is none, or holds no pictures."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.is_file():
            raise tile_info.not_there(path)
        self._lock = threading.Lock()
        self._directories: OrderedDict[tuple[int, int], Any] = OrderedDict()
        self._file = path.open("rb")
        try:
            self._header = self._read_header()
            self.info = self._read_info()
        except BaseException:
            self._file.close()
            raise

    def read(self, tile: Tile) -> bytes | None:
        """The picture of a tile; None where there is none. DataError where the file is damaged."""
        from pmtiles.tile import Compression

        with self._lock:
            try:
                data = self._find(tile)
                if data and self._header["tile_compression"] is Compression.GZIP:
                    data = _unpacked(data, tile_info.MOST_BYTES)
            except (OSError, ValueError, EOFError, zlib.error) as error:
                raise tile_info.damaged(self.path, "it is damaged") from error
        return data or None

    def close(self) -> None:
        with self._lock:
            self._file.close()
            self._directories.clear()

    def _find(self, tile: Tile) -> bytes | None:
        from pmtiles.tile import find_tile, zxy_to_tileid

        header, number = self._header, zxy_to_tileid(tile.z, tile.x, tile.y)
        offset, length = header["root_offset"], header["root_length"]
        for _ in range(_DEEPEST):
            entry = find_tile(self._directory(offset, length), number)
            if entry is None:
                return None
            if entry.run_length:
                return self._bytes(header["tile_data_offset"] + entry.offset, entry.length)
            offset, length = header["leaf_directory_offset"] + entry.offset, entry.length
        return None

    def _directory(self, offset: int, length: int) -> Any:
        """A directory, unpacked once: reading it anew for each tile would take most of the time."""
        from pmtiles.tile import deserialize_directory

        key = (offset, length)
        if key not in self._directories:
            packed = self._bytes(offset, length)
            _unpacked(packed, _LARGEST)  # refuses what would fill the memory
            self._directories[key] = deserialize_directory(packed)
            while len(self._directories) > _KEPT:
                self._directories.popitem(last=False)
        self._directories.move_to_end(key)
        return self._directories[key]

    def _bytes(self, offset: int, length: int) -> bytes:
        if length > tile_info.MOST_BYTES:
            raise ValueError("a part of it is far too large")
        self._file.seek(offset)
        return self._file.read(length)

    def _read_header(self) -> Any:
        from pmtiles.tile import (
            MagicNumberNotFound,
            SpecVersionUnsupported,
            deserialize_header,
        )

        try:
            head = self._bytes(0, _HEADER)
            if len(head) < _HEADER:
                raise MagicNumberNotFound
            return deserialize_header(head)
        except SpecVersionUnsupported as error:
            raise DataError(
                f"“{self.path.name}” is a PMTiles file of an older version.",
                "Bring it to version 3 with “pmtiles convert”, and choose it again.",
            ) from error
        except (MagicNumberNotFound, ValueError) as error:
            raise tile_info.damaged(self.path, "it is no PMTiles file") from error

    def _read_info(self) -> TileInfo:
        from pmtiles.tile import Compression

        header = self._header
        form = _PICTURES.get(header["tile_type"].name)
        if header["tile_type"].name in ("MVT", "MLT"):
            raise tile_info.vector_tiles(self.path)
        if form is None:
            raise tile_info.damaged(self.path, "its tiles are neither PNG, JPEG nor WebP")
        if header["internal_compression"] is not Compression.GZIP:
            raise tile_info.damaged(self.path, "its directory is packed in an unknown way")
        if header["tile_compression"] not in (
            Compression.NONE,
            Compression.GZIP,
            Compression.UNKNOWN,
        ):
            raise tile_info.damaged(self.path, "its tiles are packed in an unknown way")
        said = self._metadata()
        west, south, east, north = (header[f"{side}_e7"] / 1e7 for side in _SIDES)
        return TileInfo(
            tile_info.plain(said.get("name")) or self.path.stem,
            tile_info.plain(said.get("attribution")),
            form,
            tile_info.level(header["min_zoom"], 0),
            tile_info.level(header["max_zoom"], 22),
            tile_info.degrees(west, south, east, north),
            self.path.stat().st_size,
        )

    def _metadata(self) -> dict[str, Any]:
        """What the makers say of it; nothing where that cannot be read, for tiles can be."""
        header = self._header
        try:
            packed = self._bytes(header["metadata_offset"], header["metadata_length"])
            said = json.loads(_unpacked(packed, _LARGEST))
        except (OSError, ValueError, EOFError, zlib.error, RecursionError):
            return {}
        return said if isinstance(said, dict) else {}


def _unpacked(data: bytes, most: int) -> bytes:
    """The content of gzipped bytes; ValueError where it is larger than `most`."""
    engine = zlib.decompressobj(16 + zlib.MAX_WBITS)
    content = engine.decompress(data, most + 1)
    if len(content) > most:
        raise ValueError("a part of it is far too large when unpacked")
    if not engine.eof:
        raise gzip.BadGzipFile("it ends too early")
    return content
