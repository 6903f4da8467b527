"""How a server is asked for a tile; the asking itself is in `server`, loaded late."""

from __future__ import annotations

import importlib
from collections.abc import Callable

from gisapp.io.tiles.grid import Tile
from gisapp.io.tiles.info import Answer

#: Address, tile, etag of what is known ("" without), and what says whether to stop.
Fetch = Callable[[str, Tile, str, Callable[[], bool]], Answer]


def network() -> Fetch:
    """The function that asks servers, loaded now: without base map no network code is there."""
    fetch: Fetch = importlib.import_module("gisapp.io.tiles.server").fetch
    return fetch
