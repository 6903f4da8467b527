"""The map under all layers, made by somebody else: a file of tiles, or a server that sends them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath
from urllib.parse import urlsplit

from gisapp.errors import EditError

#: What an address has to name: the zoom level, and the column and row of a tile.
PLACEHOLDERS = ("{z}", "{x}", "{y}")


class BaseMapKind(StrEnum):
    """Where the tiles come from."""

    MBTILES = "mbtiles"
    PMTILES = "pmtiles"
    XYZ = "xyz"


@dataclass(frozen=True, slots=True)
class BaseMap:
    """`source` is a file's path, or an address with {z}, {x} and {y}.

    An address is only asked once the user of this machine agreed: its server learns which part
    of the world somebody looks at. `credit` names the makers, as their terms ask for.
    """

    kind: BaseMapKind
    source: str
    name: str = ""
    credit: str = ""
    visible: bool = True
    opacity: float = 1.0

    def __post_init__(self) -> None:
        if not all(isinstance(text, str) for text in (self.source, self.name, self.credit)):
            raise TypeError("source, name and credit of a base map are text")
        if not isinstance(self.visible, bool) or not 0 <= self.opacity <= 1:
            raise ValueError("a base map is visible or not, and its opacity from 0 to 1")

    @property
    def server(self) -> str | None:
        """The machine elsewhere that learns which tiles are drawn; None for a file on this one.

        A file on another machine's share counts too: a project made by somebody else must not
        make this machine call there.
        """
        if self.kind is BaseMapKind.XYZ:
            try:
                return server_of(self.source)
            except EditError:
                return self.source  # no address at all; whoever asks it is told so
        share = self.source.replace("\\", "/")
        return share.strip("/").split("/")[0] if share.startswith("//") else None

    @property
    def title(self) -> str:
        """What people call it: its name, else its file or its server."""
        if self.name.strip():
            return self.name.strip()
        return self.server or PurePath(self.source.replace("\\", "/")).name


def server_of(address: str) -> str:
    """The server of an address of tiles. EditError for what is no such address, with the reason.

    Only http and https; no name or password in it, for both would go into project files.
    """
    hint = "Write it such as https://tiles.example.org/{z}/{x}/{y}.png."
    try:
        parts = urlsplit(address.strip())
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise EditError("This is no address of a tile server.", hint) from error
    if parts.scheme not in ("http", "https") or not host:
        raise EditError("An address of tiles starts with https:// or http:// and a server.", hint)
    if parts.username is not None or parts.password is not None:
        raise EditError("An address with a name or a password in it is not taken.", hint)
    missing = [name for name in PLACEHOLDERS if name not in parts.path + "?" + parts.query]
    if missing:
        raise EditError(f"The address lacks {' and '.join(missing)}.", hint)
    rest = address
    for name in PLACEHOLDERS:
        rest = rest.replace(name, "")
    if "{" in rest or "}" in rest or any(c.isspace() or not c.isprintable() for c in rest.strip()):
        raise EditError("Only {z}, {x} and {y} are filled into an address.", hint)
    return host
