"""`gisapp count` of a folder of GeoParquet: on this machine, or on a cluster."""

from __future__ import annotations

from argparse import Namespace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from gisapp.cli import counted
from gisapp.cli.answer import Answer
from gisapp.cli.folders import as_read, not_read, time_notes
from gisapp.io.folders import cluster, out_of_core
from gisapp.io.folders.geoparquet import GeoFolder
from gisapp.io.folders.out_of_core import Job, Tally
from gisapp.io.reading import reference_systems
from gisapp.io.safe_files import as_characters
from gisapp.layers.audience import Audience, suppressed, threshold
from gisapp.layers.project import Project
from gisapp.progress import Progress

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def answer(
    project: Project, path: Path, ring_m: float | None, args: Namespace, progress: Progress
) -> Answer:
    """Count the rows of a folder against the project's zones, and say what became of them."""
    folder, reading = as_read(project, path, args, progress.part(0, 0.1))
    job = out_of_core.job(
        project,
        reading,
        by=args.by,
        ring_m=ring_m,
        day=args.day,
        ignore_dates=args.ignore_dates,
    )
    tally = _counted(folder, job, args, progress.part(0.1, 1))
    audience = Audience(args.audience)
    name = as_characters(path.name or str(path))
    groups = tally.groups if args.by else None
    said = counted.as_answer(project, name, audience, tally.counts, groups)
    said |= _report(folder, job, tally, said["total"], audience)
    said["notes"] += counted.notes(args)
    said["engine"] = args.engine or "local"
    return Answer(said, _text(folder, job, said, args))


def _counted(folder: GeoFolder, job: Job, args: Namespace, progress: Progress) -> Tally:
    if args.engine is None:
        return out_of_core.counted(folder, job, progress)
    with cluster.connected(args.engine, args.workers) as client:
        return cluster.counted(client, folder, job, progress)


def _report(
    folder: GeoFolder, job: Job, tally: Tally, total: int | None, audience: Audience
) -> dict[str, Any]:
    """What an import reports, as far as the audience may see it.

    Rows read are those counted and those rejected: with one of these left out it is too. When
    the first and the last event happened is theirs alone, and for police analysts only.
    """
    rejected = suppressed(tally.rejected, audience)
    reasons = {why: suppressed(count, audience) for why, count in tally.reasons.items()}
    whole = threshold(audience) <= 1
    left, notes = not_read(folder, audience)
    known = rejected is not None and total is not None
    return {
        "read": tally.read if known else None,
        "added": total,
        "rejected": rejected,
        "reasons": reasons if None not in reasons.values() else {},
        "crs": reference_systems.label(folder.crs),
        "timezone": job.reading.timezone,
        "columns": dict(job.reading.fields),
        "time_range": _time_range(tally, job.reading.timezone) if whole else None,
        "files": len(folder.files),
        **left,
        "notes": [*notes, *_notes(job, tally, audience)],
    }


def _time_range(tally: Tally, timezone: str) -> list[str] | None:
    if tally.first is None or tally.last is None:
        return None
    ends = (_EPOCH + timedelta(microseconds=one) for one in (tally.first, tally.last))
    return [end.astimezone(ZoneInfo(timezone)).isoformat() for end in ends]


def _notes(job: Job, tally: Tally, audience: Audience) -> list[str]:
    fields, notes = job.reading.fields, time_notes(job.reading)
    if "time" in fields and suppressed(tally.unreadable, audience):
        count = tally.unreadable
        times = "1 time" if count == 1 else f"{count:,} times"
        notes.append(f"{times} in {fields['time']} could not be read; the rows are counted.")
    if "time" in fields and suppressed(tally.without_time, audience):
        rows = "1 row has" if tally.without_time == 1 else f"{tally.without_time:,} rows have"
        notes.append(f"{rows} no time in {fields['time']}.")
    return [*tally.times.notes(job.reading.timezone, threshold(audience)), *notes]


def _text(folder: GeoFolder, job: Job, said: dict[str, Any], args: Namespace) -> str:
    total = said["total"]
    what = job.reading.kind.label if total is None else job.reading.kind.counted(total)
    lines = counted.in_lines(f"{what} in “{said['layer']}”", said, args)
    if said["rejected"]:
        why = ", ".join(f"{count:,} {reason}" for reason, count in said["reasons"].items())
        end = f": {why}." if why else "."
        lines.append(f"  {said['rejected']:,} rows have no place and are not counted{end}")
    lines += counted.group_lines(said)
    taken = ", ".join(f"{field} from {column}" for field, column in said["columns"].items())
    files = "1 file" if len(folder.files) == 1 else f"{len(folder.files):,} files"
    lines.append(f"  {files}, {said['crs']}, times in {said['timezone']}.")
    lines.append(f"  Taken: {taken}." if taken else "  No column is known to hold a field.")
    return "\n".join(lines + [f"  {note}" for note in said["notes"]])
