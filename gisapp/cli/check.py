"""`gisapp check`: what applies at a place and time, and where the nearest help is."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa

from gisapp.analysis.place_answer import answer_at
from gisapp.analysis.place_words import as_json, in_words
from gisapp.cli import check_file, check_folder
from gisapp.cli.answer import Answer
from gisapp.cli.folders import no_folder_options
from gisapp.cli.projects import clocks_of, log_exports, opened
from gisapp.cli.when import Told, told_moment
from gisapp.errors import DataError
from gisapp.io import checked_csv, geoparquet
from gisapp.io.arrow_alone import without_pandas
from gisapp.io.checked_file import PlaceTable
from gisapp.io.exported_files import line_for
from gisapp.layers.audience import Audience
from gisapp.layers.project import Project
from gisapp.layers.seen import is_seen
from gisapp.progress import Progress


def run(args: Namespace, progress: Progress) -> Answer:
    clocks = clocks_of(args.project)
    told = told_moment(args.at, clocks) if args.at else None
    if args.file and (args.lat is not None or args.lon is not None):
        raise DataError("A check takes one place or a file of many.", "Leave out one of the two.")
    with _reading(args, told, clocks, progress.part(0, 0.5)) as places:
        document = opened(args.project, progress.part(0, 0.3))
        answer = _found(document.project, places, told, args, progress.part(0.3, 0.9))
    if not args.out:
        return answer
    # A folder is written from one of GeoParquet, and each of its files is one that leaves.
    files = sorted(filter(Path.is_file, args.out.rglob("*"))) if args.out.is_dir() else [args.out]
    now = datetime.now(document.project.tzinfo)
    lines = [line_for(path, "look-up", at=now, audience=args.audience) for path in files]
    warnings = log_exports(document, args.project, lines, progress.part(0.9, 1))
    said = answer.json | {"logged": not warnings}
    return Answer(said, "\n".join([answer.text, *warnings]), answer.exit_code)


def _reading(
    args: Namespace, told: Told | None, clocks: ZoneInfo, progress: Progress
) -> AbstractContextManager[Callable[[], PlaceTable] | None]:
    """What to ask for the file of places; None where there is none, or a folder of GeoParquet."""
    if args.file is not None and geoparquet.looks_like(args.file):
        return nullcontext()
    without_pandas()
    # Arrow's own pool gives memory back at once, only to ask for it again: a million rows take
    # some tenths of a second longer.
    pa.set_memory_pool(pa.system_memory_pool())
    if args.file is None:
        return nullcontext()
    return check_file.reading(args, told, clocks, progress)


def _found(
    project: Project,
    places: Callable[[], PlaceTable] | None,
    told: Told | None,
    args: Namespace,
    progress: Progress,
) -> Answer:
    at = told.at if told else None
    note = told.note if told else ""
    if places is not None:
        return check_file.answer(project, places, at, note, args, progress)
    if args.file:
        return check_folder.answer(project, args.file, at, args, progress)
    no_folder_options(args)
    if at is None:
        raise DataError("A check needs a time.", "Give --at, such as --at 2026-03-31T22:00.")
    return _one_place(project, at, note, args)


def _one_place(project: Project, at: datetime, note: str, args: Namespace) -> Answer:
    if args.lat is None or args.lon is None:
        raise DataError("A check needs a place.", "Give --lat and --lon, or --file with many.")
    lon, lat = _valid(args.lon, args.lat)
    audience, exported = Audience(args.audience), args.out is not None
    found = answer_at(project, lon, lat, at, audience=audience, exported=exported)
    if args.out:
        checked_csv.write_one(found, args.out)
    said: dict[str, object] = {
        "at": at.isoformat(),
        "timezone": project.timezone,
        "audience": audience.value,
        **as_json(found),
    }
    words = in_words(found)
    notes = [one for one in (note, left_out(project, audience, exported=exported)) if one]
    if notes:
        said["notes"] = notes
        words = "\n".join((words, *notes))
    return Answer(said, words)


def left_out(project: Project, audience: Audience, *, exported: bool) -> str:
    """What to tell police analysts of zones that are in no file; others are told nothing."""
    if not exported or audience is not Audience.POLICE:
        return ""
    seen = [is_seen(project, zone, audience, exported=True) for zone in project.zones.values()]
    count = seen.count(False)
    if not count:
        return ""
    zones = "1 zone that never leaves" if count == 1 else f"{count:,} zones that never leave"
    return f"What is written says nothing of {zones} this program."


def _valid(lon: float, lat: float) -> tuple[float, float]:
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        swapped = abs(lon) <= 90 < abs(lat) <= 180
        hint = "Latitude and longitude look swapped." if swapped else "Give both in degrees."
        raise DataError(f"Latitude {lat:g}, longitude {lon:g} is not on the earth.", hint)
    return lon, lat
