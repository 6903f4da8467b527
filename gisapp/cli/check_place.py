"""`gisapp check` of one place: what applies there and then, and where the nearest help is."""

from __future__ import annotations

from argparse import Namespace
from datetime import datetime

from gisapp.analysis.look_ups.place_answer import answer_at
from gisapp.analysis.look_ups.place_words import as_json, in_words
from gisapp.cli.answer import Answer
from gisapp.cli.folders import no_folder_options
from gisapp.errors import DataError
from gisapp.io import checked_csv
from gisapp.layers.audience import Audience
from gisapp.layers.project import Project
from gisapp.layers.seen import is_seen


def answer(project: Project, at: datetime | None, note: str, args: Namespace) -> Answer:
    """What applies at the place of the command; DataError where it or the time is not told."""
    no_folder_options(args)
    if at is None:
        raise DataError("A check needs a time.", "Give --at, such as --at 2026-03-31T22:00.")
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
    notes = [one for one in (note, _left_out(project, audience, exported=exported)) if one]
    if notes:
        said["notes"] = notes
        words = "\n".join((words, *notes))
    return Answer(said, words)


def _left_out(project: Project, audience: Audience, *, exported: bool) -> str:
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
