"""The map under all layers, made by somebody else: a file of tiles, or a server that sends them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
