"""What asking a server for a tile gives; the asking itself is in `tile_server`, loaded late."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass

from gisapp.errors import GisappError
from gisapp.io.tile_grid import Tile


class ServerError(GisappError):
    """A server of tiles cannot be reached or does not give what was asked for."""

    exit_code = 20

    def __init__(self, message: str) -> None:
        super().__init__(message, "The map goes on without these tiles.")


@dataclass(frozen=True, slots=True)
class Answer:
    """The picture of a tile, or None where the server has none there.

    `unchanged` means that the one asked about by its `etag` still holds. `max_age` is how many
    seconds it may be kept; None where the server did not say.
    """

    data: bytes | None
    max_age: float | None = None
    etag: str = ""
    unchanged: bool = False


#: Address, tile, etag of what is known ("" without), and what says whether to stop.
Fetch = Callable[[str, Tile, str, Callable[[], bool]], Answer]


def network() -> Fetch:
    """The function that asks servers, loaded now: without base map no network code is there."""
    fetch: Fetch = importlib.import_module("gisapp.io.tile_server").fetch
    return fetch
