"""Folders of GeoParquet on the command line: told from layers, and read as the options say."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

from gisapp.cli.columns import columns_told
from gisapp.errors import DataError
from gisapp.io.folders import geoparquet, parquet_rows
from gisapp.io.folders.geoparquet import GeoFolder
from gisapp.io.folders.geoparquet_path import looks_like
from gisapp.io.folders.parquet_rows import Reading
from gisapp.io.safe_files import as_characters
from gisapp.layers.audience import Audience
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress

#: So many paths that were not read are named for programs, and so many in a sentence.
_PATHS_TOLD = 1000
_PATHS_IN_WORDS = 5


def folder_meant(project: Project, text: str) -> Path | None:
    """The folder or file of GeoParquet that a text means; None where a layer has that name.

    DataError for a path that is plainly one of GeoParquet, but where nothing is.
    """
    if any(layer.name == text for layer in project.layers):
        return None
    path = Path(text)
    try:
        if path.exists():
            return path if looks_like(path) else None
    except OSError:
        return None
    if looks_like(path):
        raise DataError(f"There is neither a layer nor a file {text}.", "Check the path.")
    return None


def no_folder_options(args: Namespace) -> None:
    """Raise DataError where an option is given that only folders of GeoParquet have."""
    given = {
        "--map": args.map,
        "--timezone": args.timezone,
        "--crs": args.crs,
        "--engine": args.engine,
        "--workers": args.workers,
        "--at-column": getattr(args, "at_column", None),
    }
    for option, value in given.items():
        if value:
            raise DataError(
                f"{option} is for folders of GeoParquet.", "Leave it out, or give such a folder."
            )


def as_read(
    project: Project, path: Path, args: Namespace, progress: Progress
) -> tuple[GeoFolder, Reading]:
    """The folder and how its rows are read, as the options say; times as in the project."""
    folder = geoparquet.look(path, args.crs, progress)
    kind = LayerKind(args.kind)
    zone = args.timezone or project.timezone
    return folder, parquet_rows.reading(folder, kind, zone, columns_told(args.map))


def not_read(folder: GeoFolder, audience: Audience) -> tuple[dict[str, Any], list[str]]:
    """What of a folder was not read: keys for programs, and notes for people.

    Names of files may be those of persons, so that others than police learn their number alone.
    """
    named = audience is Audience.POLICE
    others, linked = (
        [_below(folder, path) for path in some] for some in (folder.others, folder.linked)
    )
    notes = []
    if others:
        what = "1 file is" if len(others) == 1 else f"{len(others):,} files are"
        read = "was" if len(others) == 1 else "were"
        notes.append(f"{what} no GeoParquet and {read} not read{_in_words(others, named)}.")
    if linked:
        what = "1 folder is" if len(linked) == 1 else f"{len(linked):,} folders are"
        read = "was" if len(linked) == 1 else "were"
        notes.append(f"{what} only linked and {read} not read{_in_words(linked, named)}.")
    paths = [*others, *linked]
    said = {
        "files_not_read": len(paths),
        "not_read": paths[:_PATHS_TOLD] if named else None,
    }
    return said, notes


def _below(folder: GeoFolder, path: Path) -> str:
    return as_characters(path.relative_to(folder.root).as_posix())


def _in_words(paths: list[str], named: bool) -> str:
    if not named:
        return ""
    more = len(paths) - _PATHS_IN_WORDS
    listed = ", ".join(paths[:_PATHS_IN_WORDS])
    return f": {listed} and {more:,} more" if more > 0 else f": {listed}"


def time_notes(reading: Reading) -> list[str]:
    """What to say where no column is known to hold times, or the names of folders are they."""
    folders, time = reading.time_of_folders, reading.fields.get("time")
    if time is None and reading.timestamps:
        has = "has" if len(reading.timestamps) == 1 else "have"
        names = ", ".join(f"“{name}”" for name in reading.timestamps)
        return [
            f"No column is known to hold times, but {names} {has} some: "
            f"--map time={reading.time_to_name}."
        ]
    if time is None and folders is None:
        return ["No column holds times: name it with --map time=COLUMN."]
    if time is None:
        return [
            "No column holds times: name it with --map time=COLUMN. Folders are named by "
            f"“{folders}”, which is not taken by itself; --map time={folders} takes it."
        ]
    if time == folders:
        return [
            f"Times are the names of folders ({time}): each row is judged at the first moment "
            "of what its folder says, whenever it happened."
        ]
    return []
