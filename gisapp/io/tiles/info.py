"""What a store of tiles says of itself and can do, and what a server of tiles answers."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from gisapp.errors import DataError, GisappError
from gisapp.io.tiles.grid import DEEPEST, Tile
from gisapp.layers.layer import Bounds

#: No tile of a map is nearly as large; more is a mistake or an attack.
MOST_BYTES = 8_000_000
_SIGNS = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"))
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class TileInfo:
    """Name and credit as plain text, levels there are, extent in degrees, kind of picture."""

    name: str
    credit: str
    format: str
    min_zoom: int
    max_zoom: int
    bounds: Bounds | None
    bytes: int


class TileFile(Protocol):
    """An open file of tiles, for any thread."""

    @property
    def info(self) -> TileInfo: ...

    def read(self, tile: Tile) -> bytes | None:
        """The picture of a tile as it is stored; None where there is none.

        DataError where the file is damaged or went away.
        """
        ...

    def close(self) -> None: ...


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


def picture_format(data: bytes) -> str | None:
    """`png`, `jpg` or `webp` by how the bytes start; None for anything else."""
    for sign, name in _SIGNS:
        if data.startswith(sign):
            return name
    return "webp" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else None


def vector_tiles(path: Path) -> DataError:
    """What is said of tiles that hold shapes rather than pictures."""
    return DataError(
        f"“{path.name}” holds vector tiles; gisapp draws tiles that are pictures.",
        "Make picture tiles of it, such as with “Generate XYZ tiles (MBTiles)” in QGIS, or import "
        "the streets themselves as a layer.",
    )


def not_there(path: Path) -> DataError:
    """What is said when the file of a base map has gone."""
    return DataError(
        f"The base map file “{path.name}” was not found.", "Choose it again: View, Base map…"
    )


def damaged(path: Path, why: str) -> DataError:
    return DataError(
        f"“{path.name}” cannot be read as a base map: {why}.",
        "Choose another file: View, Base map…",
    )


def plain(text: object) -> str:
    """Text of a file's maker without mark-up, on one line and of a length that fits a map."""
    if not isinstance(text, str):
        return ""
    bare = html.unescape(re.sub(r"<[^>]{0,500}>", " ", text[:4000]))
    kept = "".join(c if c.isprintable() else " " for c in bare)
    words = " ".join(kept.split())
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"


def level(value: object, otherwise: int) -> int:
    """A zoom level as metadata has it: a number or text; `otherwise` where it is neither."""
    try:
        found = int(str(value))
    except ValueError:
        return otherwise
    return found if 0 <= found <= DEEPEST else otherwise


def degrees(west: float, south: float, east: float, north: float) -> Bounds | None:
    """Bounds as they are if they can be true."""
    sound = -180 <= west < east <= 180 and -90 <= south < north <= 90
    return (west, south, east, north) if sound else None
