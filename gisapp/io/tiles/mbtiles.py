"""Tiles in an MBTiles file: an SQLite database of pictures (MBTiles 1.3)."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gisapp.io.tiles import info as tile_info
from gisapp.io.tiles.grid import Tile
from gisapp.io.tiles.info import TileInfo
from gisapp.layers.layer import Bounds

#: The longest that one question may take; `tiles` may be a view that somebody wrote badly.
_PATIENCE_S = 5.0
_STEPS = 20_000


class MBTiles:
    """An open MBTiles file, read only. DataError where it is none, or holds no pictures."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.is_file():
            raise tile_info.not_there(path)
        self._lock = threading.Lock()
        self._until = 0.0
        self._connection = self._open("mode=ro")
        try:
            self.info = self._read_info()
        except BaseException:
            self._connection.close()
            raise

    def read(self, tile: Tile) -> bytes | None:
        """The picture of a tile; None where there is none. DataError where the file is damaged."""
        place = (tile.z, tile.x, tile.row_from_south)
        with self._asking() as connection:
            row = connection.execute(
                "SELECT tile_data FROM tiles "
                "WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?",
                place,
            ).fetchone()
        data = row[0] if row else None
        return data if isinstance(data, bytes) and data else None

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def _open(self, how: str) -> sqlite3.Connection:
        address = f"{self.path.resolve().as_uri()}?{how}"
        try:
            connection = sqlite3.connect(address, uri=True, check_same_thread=False)
        except sqlite3.Error as error:
            raise tile_info.damaged(self.path, "it cannot be opened") from error
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, tile_info.MOST_BYTES)
        connection.set_progress_handler(lambda: int(time.monotonic() > self._until), _STEPS)
        return connection

    @contextmanager
    def _asking(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._until = time.monotonic() + _PATIENCE_S
            try:
                yield self._connection
            except sqlite3.Error as error:
                why = "it is no MBTiles file, or it is damaged"
                raise tile_info.damaged(self.path, why) from error

    def _read_info(self) -> TileInfo:
        with self._asking() as connection:
            rows = connection.execute("SELECT name, value FROM metadata LIMIT 200").fetchall()
            said = {str(name): value for name, value in rows}
            first = connection.execute("SELECT tile_data FROM tiles LIMIT 1").fetchone()
            levels = connection.execute("SELECT min(zoom_level), max(zoom_level) FROM tiles")
            least, most = levels.fetchone()
        if first is None or not isinstance(first[0], bytes):
            raise tile_info.damaged(self.path, "there are no tiles in it")
        form = tile_info.picture_format(first[0])
        if form is None:
            if str(said.get("format", "pbf")).casefold() in ("pbf", "mvt") or _packed(first[0]):
                raise tile_info.vector_tiles(self.path)
            raise tile_info.damaged(self.path, "its tiles are neither PNG, JPEG nor WebP")
        return TileInfo(
            tile_info.plain(said.get("name")) or self.path.stem,
            tile_info.plain(said.get("attribution")),
            form,
            tile_info.level(least, 0),
            tile_info.level(most, 22),
            _bounds(said.get("bounds")),
            self.path.stat().st_size,
        )


def _packed(data: bytes) -> bool:
    return data[:2] == b"\x1f\x8b"


def _bounds(value: object) -> Bounds | None:
    """`west,south,east,north` in degrees; None where it is not that."""
    try:
        west, south, east, north = (float(part) for part in str(value).split(","))
    except ValueError:
        return None
    return tile_info.degrees(west, south, east, north)
