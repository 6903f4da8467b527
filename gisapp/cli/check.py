"""`gisapp check`: which zones hold at a place and time, and what they suspend."""

from __future__ import annotations

import csv
import io
from argparse import Namespace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from gisapp.analysis import what_applies
from gisapp.cli import check_folder
from gisapp.cli.answer import Answer
from gisapp.cli.folders import no_folder_options
from gisapp.cli.projects import opened
from gisapp.errors import DataError
from gisapp.io import geoparquet
from gisapp.io.safe_files import safe_cell, written
from gisapp.layers.overlap import disputed
from gisapp.layers.project import Project
from gisapp.progress import Progress

Place = tuple[float, float]


def run(args: Namespace, progress: Progress) -> Answer:
    project = opened(args.project, progress).project
    at = _moment(args.at, project.tzinfo) if args.at else None
    if args.file and (args.lat is not None or args.lon is not None):
        raise DataError("A check takes one place or a file of many.", "Leave out one of the two.")
    if args.file and geoparquet.looks_like(args.file):
        return check_folder.answer(project, args.file, at, args, progress)
    no_folder_options(args)
    if at is None:
        raise DataError("A check needs a time.", "Give --at, such as --at 2026-03-31T22:00.")
    places = _read_places(args.file) if args.file else [_one_place(args)]
    found = [what_applies.applies_at(project, lon, lat, at) for lon, lat in places]
    if args.out:
        _write(args.out, places, found)
    answers = [
        {"lon": lon, "lat": lat, "zones": [one.as_json() for one in holding]}
        | _unsure(project, lon, lat, at)
        for (lon, lat), holding in zip(places, found, strict=True)
    ]
    answer: dict[str, object] = {"at": at.isoformat()}
    answer |= answers[0] if not args.file else {"places": answers}
    inside = sum(bool(holding) for holding in found)
    if args.file:
        return Answer(answer, f"{inside:,} of {len(places):,} places lie in a zone in force then.")
    words = _in_words(found[0], at, project)
    for zone, why in what_applies.unsure_at(project, *places[0], at):
        words += f"\nNot known whether “{zone.name}” holds: {why}."
    return Answer(answer, words)


def _unsure(project: Project, lon: float, lat: float, at: datetime) -> dict[str, object]:
    """Zones of which it is not known whether they hold, where there are any."""
    found = what_applies.unsure_at(project, lon, lat, at)
    if not found:
        return {}
    return {
        "not_known": [{"zone_id": zone.id, "zone": zone.name, "why": why} for zone, why in found]
    }


def _moment(text: str, zone: ZoneInfo) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise DataError(f"“{text}” is not a time.", "Write it 2026-03-31T22:00.") from None
    if not 1 < at.year < 9999:
        # A day more or less, in another time zone, would lie beyond what dates can say.
        raise DataError(f"“{text}” is too far from today.", "Write the year in full: 2026-03-31.")
    return at if at.tzinfo else at.replace(tzinfo=zone)


def _one_place(args: Namespace) -> Place:
    if args.lat is None or args.lon is None:
        raise DataError("A check needs a place.", "Give --lat and --lon, or --file with many.")
    return _valid(args.lon, args.lat, "")


def _valid(lon: float, lat: float, where: str) -> Place:
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        swapped = abs(lon) <= 90 < abs(lat) <= 180
        hint = "Latitude and longitude look swapped." if swapped else "Give both in degrees."
        raise DataError(f"{where}Latitude {lat:g}, longitude {lon:g} is not on the earth.", hint)
    return lon, lat


def _read_places(path: Path) -> list[Place]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise DataError(f"{path} cannot be read: {reason}.", "Give a CSV file.") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path} is no table of places.", "Give a CSV file in UTF-8.") from error
    if not rows:
        raise DataError(f"{path} holds no places.", "It needs columns named lat and lon.")
    places = []
    for line, row in enumerate(rows, start=2):
        named = {(key or "").strip().casefold(): value for key, value in row.items()}
        try:
            lon = float(named.get("lon") or named["longitude"])
            lat = float(named.get("lat") or named["latitude"])
        except (KeyError, TypeError, ValueError):
            raise DataError(
                f"Line {line} of {path.name} has no readable lat and lon.",
                "The file needs columns named lat and lon, in degrees.",
            ) from None
        places.append(_valid(lon, lat, f"Line {line}: "))
    return places


def _write(path: Path, places: list[Place], found: list[tuple[what_applies.Applies, ...]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["lon", "lat", "zones", "suspended"])
    for (lon, lat), holding in zip(places, found, strict=True):
        names = "; ".join(one.zone_name for one in holding)
        suspended = sorted({activity.value for one in holding for activity in one.suspended})
        writer.writerow([lon, lat, safe_cell(names), "; ".join(suspended)])
    with written(path) as target:
        target.write_text(text.getvalue(), encoding="utf-8")


def _in_words(holding: tuple[what_applies.Applies, ...], at: datetime, project: Project) -> str:
    when = f"{at.astimezone(project.tzinfo):%Y-%m-%d %H:%M} ({project.timezone})"
    if not holding:
        return f"No zone holds there at {when}."
    lines = [f"At {when}:"]
    for plain, other in disputed(project, [one.zone for one in holding]):
        lines.append(
            f"  Not settled: whether “{plain.name}” or “{other.name}” "
            f"({other.polarity.label.lower()}) holds here"
        )
    for one in holding:
        lines.append(f"  {one.zone_name} ({one.agreement_title})")
        lines += [f"    not here: {activity.label.lower()}" for activity in one.suspended]
    return "\n".join(lines)
