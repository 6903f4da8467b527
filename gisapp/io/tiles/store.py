"""Tiles of servers kept on this machine, in one small database that may be deleted at any time.

It holds pictures by a hash of their address: neither the address, which may hold a key, nor any
project. What was not drawn for the longest time goes first once it is full.
"""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from gisapp.io.tiles.grid import Tile

log = logging.getLogger(__name__)

MOST_BYTES = 200_000_000
_DAY = 86_400.0
#: Kept without another question where the server says nothing, and never longer than.
_USUAL_S, _LONGEST_S = 7 * _DAY, 30 * _DAY
_SCHEMA = """
CREATE TABLE IF NOT EXISTS tiles (
    source TEXT NOT NULL, z INTEGER NOT NULL, x INTEGER NOT NULL, y INTEGER NOT NULL,
    data BLOB NOT NULL, etag TEXT NOT NULL, fetched REAL NOT NULL, fresh_until REAL NOT NULL,
    used REAL NOT NULL, PRIMARY KEY (source, z, x, y)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS by_use ON tiles (used, length(data));
"""
#: When it was last drawn is noted no more often than this.
_NOTE_S = 3600.0


@dataclass(frozen=True, slots=True)
class Kept:
    """A tile on disk; `fresh` while it need not be asked for again."""

    data: bytes
    etag: str
    fresh: bool


class TileStore:
    """The tiles in a folder; for any thread. Whatever goes wrong, there only is no store."""

    def __init__(
        self,
        folder: Path,
        most_bytes: int = MOST_BYTES,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.path = folder / "tiles.sqlite"
        self._most = most_bytes
        self._now = now
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._broken = False
        self._added = 0

    def get(self, address: str, tile: Tile) -> Kept | None:
        """A tile as it was fetched, at most thirty days ago; None where it is not kept."""
        key = (_name(address), *tile)
        with self._open(make=False) as connection:
            if connection is None:
                return None
            row = connection.execute(
                "SELECT data, etag, fetched, fresh_until, used FROM tiles "
                "WHERE source = ? AND z = ? AND x = ? AND y = ?",
                key,
            ).fetchone()
            if row is None:
                return None
            data, etag, fetched, fresh_until, used = row
            now = self._now()
            if not fetched - _DAY <= now <= fetched + _LONGEST_S:
                return None
            if now - used > _NOTE_S:
                connection.execute(
                    "UPDATE tiles SET used = ? WHERE source = ? AND z = ? AND x = ? AND y = ?",
                    (now, *key),
                )
            return Kept(bytes(data), str(etag), now < fresh_until)

    def put(
        self, address: str, tile: Tile, data: bytes, etag: str = "", max_age: float | None = None
    ) -> None:
        """Keep a tile for `max_age` seconds, thirty days at most; 0 keeps nothing."""
        if max_age == 0 and not etag:
            return
        now = self._now()
        fresh_until = now + min(_USUAL_S if max_age is None else max_age, _LONGEST_S)
        with self._open(make=True) as connection:
            if connection is None:
                return
            connection.execute(
                "INSERT OR REPLACE INTO tiles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (_name(address), *tile, data, etag, now, fresh_until, now),
            )
            self._added += len(data)
            if self._added > self._most // 20:
                self._added = 0
                self._shrink(connection)

    @property
    def bytes(self) -> int:
        """How much disk it takes."""
        with suppress(OSError):  # not there yet
            return self.path.stat().st_size
        return 0

    def empty(self) -> None:
        """Let go of every tile, and overwrite them on disk as far as the database can."""
        with self._open(make=False) as connection:
            if connection is not None:
                connection.execute("PRAGMA secure_delete = ON")
                connection.execute("DELETE FROM tiles")
                connection.execute("VACUUM")

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _shrink(self, connection: sqlite3.Connection) -> None:
        """Remove what has grown too old, then what was not drawn for the longest time."""
        connection.execute("DELETE FROM tiles WHERE fetched < ?", (self._now() - _LONGEST_S,))
        total = connection.execute("SELECT coalesce(sum(length(data)), 0) FROM tiles").fetchone()[0]
        if total <= self._most:
            return
        gone = total - self._most * 0.8
        rows = connection.execute("SELECT used, length(data) FROM tiles ORDER BY used")
        for used, size in rows.fetchall():
            gone -= size
            if gone <= 0:
                connection.execute("DELETE FROM tiles WHERE used <= ?", (used,))
                break
        connection.execute("PRAGMA incremental_vacuum")

    @contextmanager
    def _open(self, *, make: bool) -> Iterator[sqlite3.Connection | None]:
        """The database; None where there is none. One that is damaged is begun anew."""
        with self._lock:
            try:
                yield self._connected(make)
            except (sqlite3.Error, OSError) as error:
                self._give_up(error)

    def _connected(self, make: bool) -> sqlite3.Connection | None:
        if self._broken or not (make or self._connection or self.path.exists()):
            return None
        try:
            return self._begun()
        except (sqlite3.Error, OSError) as error:
            self._give_up(error)
            return None

    def _begun(self) -> sqlite3.Connection:
        if self._connection is None:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.path.touch(mode=0o600)
            connection = sqlite3.connect(
                self.path, timeout=2.0, isolation_level=None, check_same_thread=False
            )
            self._connection = connection  # so that it is closed if what follows fails
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
            connection.execute("PRAGMA synchronous = OFF")
            connection.executescript(_SCHEMA)
        return self._connection

    def _give_up(self, error: Exception) -> None:
        log.warning("the tile cache was given up: %s", error)
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        damaged = isinstance(error, sqlite3.DatabaseError) and not isinstance(
            error, sqlite3.OperationalError
        )
        self._broken = not damaged
        if damaged:
            with suppress(OSError):  # it cannot be removed either: the next try finds that out
                self.path.unlink()


def _name(address: str) -> str:
    return hashlib.sha256(address.strip().encode()).hexdigest()[:32]
