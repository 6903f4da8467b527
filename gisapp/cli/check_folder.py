"""`gisapp check` of a folder of GeoParquet: on this machine, or on a cluster."""

from __future__ import annotations

from argparse import Namespace
from datetime import datetime
from pathlib import Path

from gisapp.cli.answer import Answer
from gisapp.cli.check_words import crossing
from gisapp.cli.columns import columns_told
from gisapp.cli.folders import as_read, not_read, time_notes
from gisapp.errors import DataError
from gisapp.io.checked_columns import rows_are_for
from gisapp.io.folders import cluster, out_of_core_check
from gisapp.io.folders.geoparquet import GeoFolder
from gisapp.io.folders.out_of_core_check import Checked, Checking
from gisapp.io.folders.rows_for_others import id_column
from gisapp.io.reading import reference_systems
from gisapp.layers.audience import EVENT_KINDS, Audience, Sensitivity
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress


def answer(
    project: Project,
    path: Path,
    at: datetime | None,
    note: str,
    args: Namespace,
    progress: Progress,
) -> Answer:
    """Write beside each row what applies there and then, and say how many are in a zone."""
    if args.out is None:
        raise DataError(
            "A check of GeoParquet writes what it finds.", "Give --out, a folder or file to write."
        )
    if args.at_column and at is not None:
        raise DataError("Rows are judged at one time or at their own.", "Leave out one of the two.")
    if args.at_column:
        args.map = [*args.map, f"time={args.at_column}"]
    audience = Audience(args.audience)
    _check_may_be_written(LayerKind(args.kind), audience)
    ids = columns_told(args.map).get("id")
    args.map = [one for one in args.map if one.partition("=")[0].strip() != "id"]
    folder, reading = as_read(project, path, args, progress.part(0, 0.1))
    id_column(folder.schema, ids)  # says at once where there is no such column
    work = out_of_core_check.checking(project, reading, at, audience, ids)
    checked = _checked(folder, work, args, progress.part(0.1, 1))
    said_before = [one for one in (note, crossing(sorted(checked.crossing))) if one]
    left, not_read_notes = not_read(folder, audience)
    of_times = [*time_notes(reading), *checked.times.notes(reading.timezone)] if at is None else []
    notes = [*said_before, *not_read_notes, *of_times]
    whom = rows_are_for(audience)
    said = {
        "at": at.isoformat() if at else None,
        "read": checked.rows,
        "in_zone": checked.inside,
        "no_place": checked.no_place,
        "no_time": checked.no_time,
        "files": len(folder.files),
        **left,
        "crs": reference_systems.label(folder.crs),
        "timezone": reading.timezone,
        "columns": dict(reading.fields),
        "sensitivity": Sensitivity.RESTRICTED.label.lower(),
        "engine": args.engine or "local",
        "audience": audience.value,
        "notes": notes if audience is Audience.POLICE else [*notes, whom],
        "out": str(args.out),
    }
    return Answer(said, _text(checked, [*notes, f"Written to {args.out}. {whom}"]))


def _check_may_be_written(kind: LayerKind, audience: Audience) -> None:
    """DataError where rows are of events: one by one these are for police analysts only."""
    if kind in EVENT_KINDS and audience is not Audience.POLICE:
        raise DataError(
            f"{kind.label} are for police analysts only, one by one.",
            "Give others counts (gisapp count), or say with --kind what else the rows are.",
        )


def _checked(folder: GeoFolder, work: Checking, args: Namespace, progress: Progress) -> Checked:
    if args.engine is None:
        return out_of_core_check.checked(folder, work, args.out, progress)
    with cluster.connected(args.engine, args.workers) as client:
        return cluster.checked(client, folder, work, args.out, progress)


def _text(checked: Checked, notes: list[str]) -> str:
    lines = [f"{checked.inside:,} of {checked.rows:,} rows lie in a zone in force then."]
    if checked.no_place:
        lines.append(f"{checked.no_place:,} have no place, and nothing is said of them.")
    if checked.no_time:
        lines.append(f"{checked.no_time:,} have no time, and nothing is said of them.")
    return "\n".join([*lines, *notes])
