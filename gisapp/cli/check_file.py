"""`gisapp check --file`: what applies at each place of a CSV, workbook or map file."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np

from gisapp.analysis.look_ups.checked_rows import CheckedRows, checked_rows
from gisapp.cli.answer import Answer
from gisapp.cli.check_words import crossing
from gisapp.io import checked_csv
from gisapp.io.checked_columns import OPEN, UNKNOWN, rows_are_for
from gisapp.io.checked_file import PlaceTable
from gisapp.io.reading import importing
from gisapp.io.reading.import_report import rejected_words
from gisapp.layers.audience import Audience
from gisapp.layers.project import Project
from gisapp.progress import Progress

#: So many rows are answered one by one in JSON; of more only what was written says it.
_MOST_PLACES = 10_000
#: So many rows that could not be read are named.
_MOST_NAMED = 1_000


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
    found = checked_rows(
        project, table.lon, table.lat, table.at, audience=audience, exported=exported
    )
    progress.report(0.9, "Writing what was found")
    if args.out:
        checked_csv.write_many(table, found, project.timezone, args.out)
    if args.rejected:
        importing.write_rejected(table.report, args.rejected)
    notes = [*filter(None, [note, crossing(found.crossing)]), *table.report.notes]
    if args.rejected:
        notes.append(rejected_words(args.rejected))
    said = _said(project, table, found, at, audience) | {"notes": notes}
    if args.out:
        said["out"] = str(args.out)
        if audience is not Audience.POLICE:
            said["notes"] = [*notes, rows_are_for(audience)]
    return Answer(said, _text(table, found, notes, args))


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
        lines.append(f"Written to {args.out}. {rows_are_for(Audience(args.audience))}")
    return "\n".join(lines)
