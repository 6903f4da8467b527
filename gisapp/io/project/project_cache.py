"""The cache beside a project file: a hidden folder that may be deleted at any time.

It holds copies of the large point layers that open at once (`layer_cache`). It is written after
the project was saved, or opened without it; it is used only where it holds the very rows that the
project file holds (`gpkg_rows`). What keeps it from being written (a folder that may not be
written to, a full disk) is no harm and no news.
"""

from __future__ import annotations

import hashlib
import logging
import sqlite3
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from gisapp.io.project import gpkg_rows, layer_cache
from gisapp.layers.layer import Layer, Points
from gisapp.layers.project import Project
from gisapp.progress import Progress

log = logging.getLogger(__name__)

#: Programs that back up or index files know by this one that the folder is not worth it
#: (https://bford.info/cachedir/).
_TAG = "CACHEDIR.TAG"
_TAG_TEXT = (
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# gisapp keeps copies of large layers here, so that the project opens at once.\n"
    "# This folder may be deleted at any time. It holds what the project holds: when you pass\n"
    "# the project on or delete it, leave this folder out or delete it too.\n"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A layer that is worth keeping, the name of its rows, and what they must agree with."""

    layer: Layer
    rows: str
    seal: str


def folder_of(path: Path) -> Path:
    """The folder of the cache of a project file, hidden beside it."""
    name = f".{path.name}.cache"
    if len(name.encode()) > 250:  # file systems end names at 255 bytes
        name = f".{hashlib.sha256(path.name.encode()).hexdigest()[:24]}.gpkg.cache"
    return path.with_name(name)


def kept_rows(
    connection: sqlite3.Connection, path: Path, layer_id: str, table: str, schema: pa.Schema
) -> layer_cache.Kept | None:
    """The rows of a layer of the open project file, if the cache holds them."""
    folder = folder_of(path)
    if not folder.is_dir():
        return None
    named = gpkg_rows.seal(connection, layer_id, table)
    return layer_cache.read(folder, *named, schema) if named is not None else None


def wanted(connection: sqlite3.Connection, project: Project) -> tuple[Wanted, ...]:
    """The layers of a project that are worth keeping, by the file that holds the project."""
    found = []
    for layer in project.layers:
        if not gpkg_rows.has_many(layer):
            continue
        query = "SELECT table_name FROM gisapp_layers WHERE layer_id = ?"
        row = connection.execute(query, (layer.id,)).fetchone()
        named = gpkg_rows.seal(connection, layer.id, row[0]) if row and row[0] else None
        if named is not None:
            found.append(Wanted(layer, *named))
    return tuple(found)


def write(path: Path, layers: Collection[Wanted], progress: Progress | None = None) -> bool:
    """Keep what the cache lacks of these layers, and remove what is of others.

    Returns whether all is there now. Raises Cancelled; what is whole by then stays.
    """
    progress = progress or Progress()
    folder = folder_of(path)
    tidy(path, {one.rows for one in layers})
    missing = [one for one in layers if not layer_cache.is_kept(folder, one.rows, one.seal)]
    for number, one in enumerate(missing):
        share = progress.part(number / len(missing), (number + 1) / len(missing))
        assert isinstance(one.layer.geometry, Points)
        try:
            mode = _made(path, folder)
            layer_cache.write(
                folder, mode, one.rows, one.seal, one.layer.table, one.layer.geometry, share
            )
        except (OSError, ValueError, pa.ArrowException) as error:
            log.info("“%s” is not kept beside %s: %s", one.layer.name, path.name, error)
            return False
    return True


def _made(path: Path, folder: Path) -> int:
    """Make the folder; the mode of its files is that of the project file."""
    mode = path.stat().st_mode & 0o666
    if folder.is_symlink():
        raise OSError(f"{folder.name} is a link")
    folder.mkdir(mode=0o700, exist_ok=True)
    tag = folder / _TAG
    if not tag.exists():
        with suppress(OSError):  # some file systems know no permissions
            folder.chmod(0o700 | mode | ((mode & 0o444) >> 2))
        tag.write_text(_TAG_TEXT, "utf-8")
    return mode


def tidy(path: Path, rows: Collection[str]) -> None:
    """Remove what the cache holds of other rows, or all of it where there are none.

    Rows that were removed from a project leave nothing behind; whoever has them in memory still
    keeps them there.
    """
    folder = folder_of(path)
    if folder.is_symlink() or not folder.is_dir():
        return
    for entry in folder.iterdir():
        if layer_cache.is_of_others(entry.name, rows) or (entry.name == _TAG and not rows):
            with suppress(OSError):  # some systems do not let go of a file that is mapped
                entry.unlink()
    if not rows:
        with suppress(OSError):  # what is not ours stays
            folder.rmdir()
