"""Pictures of base maps: from files, and from servers the user agreed to; for any thread.

A map on screen never waits for them: it draws what is there, wishes for the rest, and is told
when something came. A page waits until all are there.
"""

from __future__ import annotations

import logging
import threading
import time
import weakref
from collections.abc import Callable, Hashable, Iterable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from gisapp.errors import DataError, GisappError
from gisapp.io.tiles.fetching import Fetch, network
from gisapp.io.tiles.files import open_tiles
from gisapp.io.tiles.grid import TILE_PX, Tile
from gisapp.io.tiles.info import Answer, ServerError, TileFile, TileInfo
from gisapp.io.tiles.store import TileStore
from gisapp.layers.base_map import BaseMap, BaseMapKind
from gisapp.progress import Progress
from gisapp.render.tile_pictures import Pictures, decoded, is_pale, night
from gisapp.render.tile_workers import TileWorkers

log = logging.getLogger(__name__)

#: Levels that servers usually have; where one has none, a coarser tile is drawn in its place.
_SERVER_LEVELS = (0, 22)
#: A tile that could not be had is not asked for again for so long.
_PAUSE_S = 60.0
#: After so many failures in a row a server is left alone for as long.
_GIVE_UP = 3
#: The longest a map on screen waits for tiles of a file, which are there at once.
_WAIT_S = 0.04

_ANY_SHAPE = Qt.AspectRatioMode.IgnoreAspectRatio
_SMOOTH = Qt.TransformationMode.SmoothTransformation

Key = tuple[BaseMapKind, str, Tile]


class Tiles:
    """All base maps of a window, or of one run of the command line.

    Nothing asks a server before `agree` was called with its address. `on_arrival` is called on a
    worker when tiles came, `on_trouble` with a sentence, once for each.
    """

    def __init__(
        self, store: TileStore | None = None, fetch: Callable[[], Fetch] = network
    ) -> None:
        self.store = store
        self.on_arrival: Callable[[], None] | None = None
        self.on_trouble: Callable[[str], None] | None = None
        self._fetch = fetch
        self._pictures = Pictures()
        #: Made of the others, in the size and tone of a screen; to lose one costs a millisecond.
        self._fitted = Pictures()
        self._lock = threading.Lock()
        self._files: dict[tuple[BaseMapKind, str], TileFile | DataError] = {}
        self._agreed: frozenset[str] = frozenset()
        self._absent: set[Key] = set()
        self._failed: dict[Key, float] = {}
        self._failures: dict[str, tuple[int, float, ServerError | None]] = {}
        self._told: set[str] = set()
        self._widths: dict[str, int] = {}
        self._pale: dict[str, bool] = {}
        self._workers: TileWorkers[Key] = TileWorkers(self._load, self._arrived)
        weakref.finalize(self, _close, self._files)

    # Who may be asked

    def agree(self, sources: Iterable[str]) -> None:
        """The addresses (and shares of other machines) that may be asked from now on."""
        self._agreed = frozenset(sources)

    def may_draw(self, base_map: BaseMap) -> bool:
        """Whether nobody elsewhere learns of it, or the user agreed that they do."""
        return base_map.server is None or base_map.source in self._agreed

    def forget(self) -> None:
        """Look at all files and ask all servers anew, as after the user chose another one."""
        self._workers.drop()
        with self._lock:
            files = dict(self._files)
            self._files.clear()
            self._absent.clear()
            self._failed.clear()
            self._failures.clear()
            self._told.clear()
        self._pictures.clear()
        self._fitted.clear()
        if files:  # elsewhere, for one may still be read from
            threading.Thread(target=_close, args=(files,), name="gisapp-tiles-closing").start()

    def close(self) -> None:
        """End the workers and close the files."""
        self.on_arrival = self.on_trouble = None
        self._workers.close()
        with self._lock:
            _close(self._files)
        if self.store is not None:
            self.store.close()

    @property
    def busy(self) -> bool:
        return self._workers.busy

    # What there is

    def info(self, base_map: BaseMap) -> TileInfo:
        """What a file says of itself. DataError where it cannot be read."""
        return self._file(base_map.kind, base_map.source).info

    def levels(self, base_map: BaseMap) -> tuple[int, int] | None:
        """The coarsest and the finest level; None where the base map cannot be drawn."""
        if not self.may_draw(base_map):
            return None
        if base_map.kind is BaseMapKind.XYZ:
            return _SERVER_LEVELS
        try:
            info = self.info(base_map)
        except DataError as error:
            self._tell(error)
            return None
        return info.min_zoom, info.max_zoom

    def width(self, base_map: BaseMap) -> int:
        """Pixels of a tile from side to side, as far as one was seen."""
        return self._widths.get(base_map.source, TILE_PX)

    def is_pale(self, base_map: BaseMap) -> bool:
        """Whether it is a map on light paper, as far as a tile of it was seen."""
        return self._pale.get(base_map.source, False)

    def known(self, base_map: BaseMap, tile: Tile, *, at_night: bool = False) -> QImage | None:
        """The picture of a tile if it is in memory; `at_night` as for a dark screen."""
        key = _key(base_map, tile)
        image = self._pictures.get(key)
        if image is None or not at_night:
            return image
        toned = self._fitted.get((*key, "night"))
        if toned is None:
            toned = night(image)
            self._fitted.put((*key, "night"), toned)
        return toned

    def fitted(
        self, base_map: BaseMap, tile: Tile, width: int, height: int, *, at_night: bool = False
    ) -> QImage | None:
        """The picture of a tile in this many pixels, if it is in memory; kept for the next time.

        One that would be stretched to more than twice its width comes as it is.
        """
        key = (*_key(base_map, tile), at_night, width, height)
        image = self._fitted.get(key)
        if image is None:
            whole = self.known(base_map, tile, at_night=at_night)
            if whole is None or width == whole.width() == height or width > 2 * whole.width():
                return whole
            image = whole.scaled(width, height, _ANY_SHAPE, _SMOOTH)
            self._fitted.put(key, image)
        return image

    # Wishes

    def wish(self, base_map: BaseMap, tiles: Sequence[Tile], who: Hashable) -> None:
        """Have these tiles loaded for one map; waits a moment for those of a file."""
        # A map that cannot be kept as a whole would wish for the same tiles for ever.
        self._pictures.make_room(2 * len(tiles) * 4 * self.width(base_map) ** 2)
        missing = self._missing(base_map, tiles)
        self._workers.wish(who, missing)
        if missing and base_map.kind is not BaseMapKind.XYZ:
            self._workers.wait(lambda: all(self._is_settled(key) for key in missing), _WAIT_S)

    def bring(self, base_map: BaseMap, tiles: Sequence[Tile], progress: Progress) -> None:
        """Wait until these tiles are there, as far as they can be had."""
        missing = self._missing(base_map, tiles)
        self._workers.wish("page", missing)
        left = set(missing)
        try:
            while left:
                left = {key for key in left if not self._is_settled(key)}
                done = len(missing) - len(left)
                progress.report(
                    done / len(missing), f"Base map: {done:,} of {len(missing):,} tiles"
                )
                if self._workers.closed:
                    return
                count = len(left)
                self._workers.wait(
                    lambda left=left, count=count: (  # type: ignore[misc]
                        sum(not self._is_settled(key) for key in left) < count
                    ),
                    0.1,
                )
        finally:
            self._workers.wish("page", ())

    def bring_kept(self, base_map: BaseMap, tiles: Sequence[Tile], progress: Progress) -> None:
        """Take tiles of a server from the disk, without asking the server."""
        for kind, source, tile in self._missing(base_map, tiles):
            progress.check()
            kept = self.store.get(source, tile) if self.store is not None else None
            if kept is not None:
                self._show((kind, source, tile), kept.data)

    def _missing(self, base_map: BaseMap, tiles: Sequence[Tile]) -> list[Key]:
        """The tiles to be loaded; in place of one that is nowhere, that which it lies in."""
        if not self.may_draw(base_map):
            return []
        found: dict[Key, None] = {}
        for tile in tiles:
            key = _key(base_map, tile)
            while key in self._absent and tile.z:
                tile = tile.parent
                key = _key(base_map, tile)
            if not self._is_settled(key):
                found[key] = None
        return list(found)

    def _is_settled(self, key: Key) -> bool:
        if self._pictures.get(key) is not None or key in self._absent:
            return True
        failed = self._failed.get(key)
        return failed is not None and time.monotonic() - failed < _PAUSE_S

    # On the workers

    def _load(self, key: Key) -> None:
        kind, source, tile = key
        try:
            if kind is BaseMapKind.XYZ:
                data = self._from_server(source, tile)
            else:
                data = self._from_file(kind, source, tile)
            if data is None:
                self._absent.add(key)
            else:
                self._show(key, data)
        except GisappError as error:
            self._failed[key] = time.monotonic()
            self._tell(error)
        except Exception:
            # A mistake of ours must not end the worker, or the map would wait for ever.
            log.exception("a tile could not be loaded")
            self._failed[key] = time.monotonic()

    def _show(self, key: Key, data: bytes) -> None:
        image = decoded(data)
        if image is None:
            self._absent.add(key)
            return
        self._widths[key[1]] = image.width()
        self._pale.setdefault(key[1], is_pale(image))
        self._pictures.put(key, image)

    def _from_file(self, kind: BaseMapKind, source: str, tile: Tile) -> bytes | None:
        file = self._file(kind, source)
        if not file.info.min_zoom <= tile.z <= file.info.max_zoom:
            return None
        return file.read(tile)

    def _file(self, kind: BaseMapKind, source: str) -> TileFile:
        key = (kind, source)
        with self._lock:
            file = self._files.get(key)
        if file is None:
            # Without the lock, for a disk may be slow, and whoever has the lock must not wait.
            opened = _opened(kind, source)
            with self._lock:
                file = self._files.setdefault(key, opened)
            if file is not opened:
                _close({key: opened})
        if isinstance(file, DataError):
            raise file
        return file

    def _from_server(self, address: str, tile: Tile) -> bytes | None:
        kept = self.store.get(address, tile) if self.store is not None else None
        if kept is not None and kept.fresh:
            return kept.data
        try:
            answer = self._ask(address, tile, kept.etag if kept is not None else "")
        except ServerError as error:
            if kept is None:
                raise
            self._tell(error)
            return kept.data
        data = kept.data if kept is not None and answer.unchanged else answer.data
        if data is not None and self.store is not None:
            etag = answer.etag or (kept.etag if kept is not None and answer.unchanged else "")
            self.store.put(address, tile, data, etag, answer.max_age)
        return data

    def _ask(self, address: str, tile: Tile, etag: str) -> Answer:
        """Ask the server once; not at all for a while after it failed several times in a row."""
        if address not in self._agreed:
            raise ServerError("Nobody agreed to ask this server.")
        times, last, error = self._failures.get(address, (0, 0.0, None))
        if error is not None and times >= _GIVE_UP and time.monotonic() - last < _PAUSE_S:
            raise error
        try:
            answer = self._fetch()(address, tile, etag, lambda: self._workers.closed)
        except ServerError as failed:
            self._failures[address] = (times + 1, time.monotonic(), failed)
            raise
        self._failures.pop(address, None)
        return answer

    def _arrived(self) -> None:
        if self.on_arrival is not None:
            self.on_arrival()

    def _tell(self, error: GisappError) -> None:
        with self._lock:
            if error.message in self._told or self._workers.closed:
                return
            self._told.add(error.message)
        log.info("base map: %s", error)
        if self.on_trouble is not None:
            self.on_trouble(str(error))


def _key(base_map: BaseMap, tile: Tile) -> Key:
    return base_map.kind, base_map.source, tile


def _opened(kind: BaseMapKind, source: str) -> TileFile | DataError:
    try:
        return open_tiles(BaseMap(kind, source))
    except DataError as error:
        return error


def _close(files: dict[tuple[BaseMapKind, str], TileFile | DataError]) -> None:
    for file in files.values():
        if not isinstance(file, DataError):
            file.close()
    files.clear()
