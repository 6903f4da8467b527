"""Files of tiles by their kind, and where a project looks for them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path, PurePosixPath, PureWindowsPath

from gisapp.io.tiles.info import TileFile
from gisapp.io.tiles.mbtiles import MBTiles
from gisapp.io.tiles.pmtiles_archive import PMTiles
from gisapp.layers.base_map import BaseMap, BaseMapKind

_KINDS = {".mbtiles": BaseMapKind.MBTILES, ".pmtiles": BaseMapKind.PMTILES}
#: How the files are called in a dialog that asks for one.
KINDS = "Base maps (*.mbtiles *.pmtiles)"


def kind_of(path: Path) -> BaseMapKind | None:
    """The kind of a file of tiles by its ending; None for any other file."""
    return _KINDS.get(path.suffix.casefold())


def open_tiles(base_map: BaseMap) -> TileFile:
    """Open the file of a base map. DataError where it is gone, damaged or holds no pictures."""
    path = Path(base_map.source)
    return PMTiles(path) if base_map.kind is BaseMapKind.PMTILES else MBTiles(path)


def base_map_of(path: Path) -> BaseMap:
    """A base map of a file, with the name and credit that its makers wrote into it.

    DataError where it is no file of picture tiles.
    """
    base_map = BaseMap(kind_of(path) or BaseMapKind.MBTILES, str(path.resolve()))
    tiles = open_tiles(base_map)
    try:
        return replace(base_map, name=tiles.info.name, credit=tiles.info.credit)
    finally:
        tiles.close()


def beside(base_map: BaseMap | None, folder: Path) -> BaseMap | None:
    """As a project file in `folder` keeps it: a file beside it or below by its way from there.

    So a folder with both can be handed on.
    """
    if base_map is None or base_map.kind is BaseMapKind.XYZ:
        return base_map
    path, start = Path(base_map.source), folder.resolve()
    if not path.is_absolute() or not path.is_relative_to(start):
        return base_map
    return replace(base_map, source=path.relative_to(start).as_posix())


def found(base_map: BaseMap | None, folder: Path) -> BaseMap | None:
    """What `beside` kept, with its whole path again."""
    if base_map is None or base_map.kind is BaseMapKind.XYZ or _is_whole(base_map.source):
        return base_map
    return replace(base_map, source=str((folder / base_map.source).resolve()))


def _is_whole(source: str) -> bool:
    """Whether a path is absolute on any system, for a project may come from another one."""
    windows = PureWindowsPath(source)
    return PurePosixPath(source).is_absolute() or bool(windows.drive or windows.root)
