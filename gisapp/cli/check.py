"""`gisapp check`: what applies at a place and time, and where the nearest help is.

A file of places is read while the rest of the program is loaded and the project opened, so this
module loads only what reading needs.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from importlib import import_module
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa

from gisapp.cli.answer import Answer
from gisapp.cli.columns import columns_told
from gisapp.cli.projects import clocks_of, log_exports, opened
from gisapp.cli.when import Told, told_moment
from gisapp.errors import DataError
from gisapp.io import checked_file
from gisapp.io.arrow_alone import without_pandas
from gisapp.io.checked_file import PlaceTable
from gisapp.io.exported_files import line_for
from gisapp.io.folders.geoparquet_path import looks_like
from gisapp.io.reading.sources import Source
from gisapp.layers.audience import Audience
from gisapp.layers.project import Project
from gisapp.progress import Progress

_POLICE = Audience.POLICE.value


def run(args: Namespace, progress: Progress) -> Answer:
    clocks = clocks_of(args.project)
    told = told_moment(args.at, clocks) if args.at else None
    if args.file and (args.lat is not None or args.lon is not None):
        raise DataError("A check takes one place or a file of many.", "Leave out one of the two.")
    with _reading(args, told, clocks, progress.part(0, 0.5)) as places:
        document = opened(args.project, progress.part(0, 0.3))
        answer = _found(document.project, places, told, args, progress.part(0.3, 0.9))
    now = datetime.now(document.project.tzinfo)
    lines = [line_for(path, "look-up", at=now, audience=args.audience) for path in _files(args)]
    if args.rejected:
        # Whole rows, whatever the audience of what was found beside the others.
        lines.append(line_for(args.rejected, "rejected rows", at=now, audience=_POLICE))
    if not lines:
        return answer
    warnings = log_exports(document, args.project, lines, progress.part(0.9, 1))
    said = answer.json | {"logged": not warnings}
    return Answer(said, "\n".join([answer.text, *warnings]), answer.exit_code)


def _files(args: Namespace) -> list[Path]:
    """What was written of what was found."""
    if not args.out:
        return []
    # A folder is written from one of GeoParquet, and each of its files is one that leaves.
    return sorted(filter(Path.is_file, args.out.rglob("*"))) if args.out.is_dir() else [args.out]


def _reading(
    args: Namespace, told: Told | None, clocks: ZoneInfo, progress: Progress
) -> AbstractContextManager[Callable[[], PlaceTable] | None]:
    """What to ask for the file of places; None where there is none, or a folder of GeoParquet."""
    in_folder = args.file is not None and looks_like(args.file)
    if args.rejected and (in_folder or args.file is None):
        raise DataError(
            "--rejected is for tables and map files: no other has rows that are left out.",
            "Leave it out.",
        )
    if in_folder:
        return nullcontext()
    without_pandas()
    # Arrow's own pool gives memory back at once, only to ask for it again: a million rows take
    # some tenths of a second longer.
    pa.set_memory_pool(pa.system_memory_pool())
    if args.file is None:
        return nullcontext()
    _no_cluster(args)
    if args.at_column and told is not None:
        raise DataError("Rows are judged at one time or at their own.", "Leave out one of the two.")
    columns = columns_told(args.map) | ({"time": args.at_column} if args.at_column else {})

    def read(source: Source) -> PlaceTable:
        return checked_file.read_places(
            source,
            args.timezone or clocks.key,
            told.at if told else None,
            columns=columns,
            crs=args.crs,
            progress=progress.part(0.5, 1),
        )

    return checked_file.being_read(args.file, read, progress.part(0, 0.5))


def _no_cluster(args: Namespace) -> None:
    for option in ("engine", "workers"):
        if getattr(args, option):
            raise DataError(
                f"--{option} is for folders of GeoParquet.",
                "Leave it out, or give such a folder.",
            )


def _found(
    project: Project,
    places: Callable[[], PlaceTable] | None,
    told: Told | None,
    args: Namespace,
    progress: Progress,
) -> Answer:
    at = told.at if told else None
    note = told.note if told else ""
    found: Answer
    if places is not None:
        part = import_module("gisapp.cli.check_file")
        found = part.answer(project, places, at, note, args, progress)
    elif args.file:
        part = import_module("gisapp.cli.check_folder")
        found = part.answer(project, args.file, at, note, args, progress)
    else:
        part = import_module("gisapp.cli.check_place")
        found = part.answer(project, at, note, args)
    return found
