"""Folders of GeoParquet on the command line: told from layers, and read as the options say."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from gisapp.cli.columns import columns_told
from gisapp.errors import DataError
from gisapp.io.folders import geoparquet, parquet_rows
from gisapp.io.folders.geoparquet import GeoFolder
from gisapp.io.folders.geoparquet_path import looks_like
from gisapp.io.folders.parquet_rows import Reading
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress


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
