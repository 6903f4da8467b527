"""`gisapp check --file`: what applies at each place of a CSV, workbook or map file."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np

from gisapp.analysis.checked_rows import CheckedRows
from gisapp.analysis.what_applies import OUTLINE_CROSSES
from gisapp.cli.answer import Answer
from gisapp.cli.columns import columns_told
from gisapp.cli.when import Told
from gisapp.errors import DataError
from gisapp.io import checked_csv, checked_file, importing
from gisapp.io.checked_csv import OPEN, UNKNOWN
from gisapp.io.checked_file import PlaceTable
from gisapp.layers.audience import Audience
from gisapp.layers.project import Project
from gisapp.progress import Progress

#: So many rows are answered one by one in JSON; of more only what was written says it.
_MOST_PLACES = 10_000
#: So many rows that could not be read are named.
_MOST_NAMED = 1_000
#: So many zones are named in a note.
_MOST_ZONES = 5


def reading(
    args: Namespace, told: Told | None, clocks: ZoneInfo, progress: Progress
) -> AbstractContextManager[Callable[[], PlaceTable]]:
    """What to ask for the places of the file, which is read while the project is opened."""
    _no_cluster(args)
    if args.at_column and told is not None:
        raise DataError("Rows are judged at one time or at their own.", "Leave out one of the two.")
    columns = columns_told(args.map) | ({"time": args.at_column} if args.at_column else {})

    def read(source: importing.Source) -> PlaceTable:
        return checked_file.read_places(
            source,
            args.timezone or clocks.key,
            told.at if told else None,
            columns=columns,
            crs=args.crs,
            progress=progress.part(0.5, 1),
        )

    return checked_file.being_read(args.file, read, progress.part(0, 0.5))


def answer(
    project: Project,
    places: Callable[[], PlaceTable],
    at: datetime | None,
    note: str,
    args: Namespace,
    progress: Progress,
) -> Answer:
    """Check each row and write what holds beside it; rows that cannot be read are named."""
    table = places()
    progress.report(0.5, "Looking what applies")
    audience = Audience(args.audience)
    exported = args.out is not None
    found = checked_file.checked(project, table, audience, exported=exported)
    progress.report(0.9, "Writing what was found")
    if args.out:
        checked_csv.write_many(table, found, project.timezone, args.out)
    if args.rejected:
        importing.write_rejected(table.report, args.rejected)
    notes = [*filter(None, [note, _crossing(found)]), *table.report.notes]
    said = _said(project, table, found, at, audience) | {"notes": notes}
    if args.out:
        said["out"] = str(args.out)
    return Answer(said, _text(table, found, notes, args))


def _crossing(found: CheckedRows) -> str:
    """What to say of zones whose outline crosses itself; empty where none does."""
    names = found.crossing
    if not names:
        return ""
    named = ", ".join(f"“{name}”" for name in names[:_MOST_ZONES])
    more = " and more" if len(names) > _MOST_ZONES else ""
    return f"{named}{more}: the outline {OUTLINE_CROSSES}."


def _no_cluster(args: Namespace) -> None:
    for option in ("engine", "workers"):
        if getattr(args, option):
            raise DataError(
                f"--{option} is for folders of GeoParquet.",
                "Leave it out, or give such a folder.",
            )


def _said(
    project: Project,
    table: PlaceTable,
    found: CheckedRows,
    at: datetime | None,
    audience: Audience,
) -> dict[str, object]:
    report = table.report
    rejected = report.rejected_rows
    many = len(table.lon) > _MOST_PLACES
    return {
        "at": at.isoformat() if at else None,
        "timezone": project.timezone,
        "audience": audience.value,
        "read": report.read,
        "checked": len(table.lon),
        "in_zone": found.inside,
        "no_time": len(table.no_time),
        "rejected": report.rejected,
        "reasons": dict(report.reasons),
        "not_read": [{"line": row.line, "reason": row.reason} for row in rejected[:_MOST_NAMED]],
        "no_time_lines": table.no_time[:_MOST_NAMED].tolist(),
        "places": None if many else _places(project, table, found),
    }


def _places(project: Project, table: PlaceTable, found: CheckedRows) -> list[dict[str, object]]:
    """An object for each row, with its zones as for one place."""
    near = found.nearest
    ids = None if table.ids is None else table.ids.to_pylist()
    rows: list[dict[str, object]] = []
    for row in range(len(table.lon)):
        moment = None
        if not np.isnat(table.at[row]):
            moment = table.at[row].astype(datetime).replace(tzinfo=UTC).astimezone(project.tzinfo)
        service, zones = int(near.which[row]), found.sets[int(found.which[row])]
        rows.append(
            {
                "line": int(table.lines[row]),
                **({} if ids is None else {"id": ids[row]}),
                "lon": float(table.lon[row]),
                "lat": float(table.lat[row]),
                "at": moment.isoformat() if moment else None,
                "zones": zones.as_json,
                "service": None
                if service < 0
                else {
                    "name": near.services[service].name,
                    "distance_m": round(float(near.distance_m[row]), 1),
                    "opening": UNKNOWN if near.unsure[row] else OPEN,
                    "referral_contact": near.services[service].contact,
                },
            }
        )
    return rows


def _text(table: PlaceTable, found: CheckedRows, notes: list[str], args: Namespace) -> str:
    lines = [f"{found.inside:,} of {len(table.lon):,} places lie in a zone in force then."]
    rejected = table.report.rejected_rows
    if len(rejected):
        count = "1 row was" if len(rejected) == 1 else f"{len(rejected):,} rows were"
        lines.append(f"{count} not read:")
        lines += [f"  line {row.line}: {row.reason}" for row in rejected[:10]]
        if len(rejected) > 10:
            lines.append("  and more; --rejected FILE writes them all.")
    if len(table.no_time):
        named = ", ".join(map(str, table.no_time[:10].tolist()))
        count = "1 row has" if len(table.no_time) == 1 else f"{len(table.no_time):,} rows have"
        lines.append(
            f"{count} no time that can be read, and nothing is said of that: "
            f"line {named}{' …' if len(table.no_time) > 10 else ''}."
        )
    lines += notes
    if args.out:
        only = " It holds rows one by one: for police analysts only."
        police = args.audience == Audience.POLICE.value
        lines.append(f"Written to {args.out}.{only if police else ''}")
    return "\n".join(lines)
