"""All issues of a project in one go, kept so that the next look costs only what changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from gisapp.analysis.zones.overlaps import ZoneOverlaps, overlaps
from gisapp.layers.checks import Issue, issues
from gisapp.layers.project import Project
from gisapp.layers.zone import Zone
from gisapp.progress import Progress


@dataclass(frozen=True, slots=True, eq=False)
class Problems:
    """The issues of a project on a day, and what the next look need not find out again."""

    project: Project
    day: date
    issues: tuple[Issue, ...]
    overlaps: ZoneOverlaps
    timezones: Mapping[str, str]


def find_problems(
    project: Project,
    day: date,
    former: Problems | None = None,
    progress: Progress | None = None,
) -> Problems:
    """Look a project over as it stands on a day; `former` is what was found before, of any."""
    progress = progress or Progress()
    progress.report(0.0, "Looking for problems")
    pairs = overlaps(project.zones, former.overlaps if former else None, progress)
    progress.report(0.3, "Looking for problems")
    timezones = _timezones(project.zones, former, progress)
    progress.report(0.5, "Looking for problems")
    found = issues(project, day, pairs.pairs, timezones)
    progress.report(1.0, "Looking for problems")
    return Problems(project, day, found, pairs, timezones)


def _timezones(
    zones: Mapping[str, Zone], former: Problems | None, progress: Progress
) -> Mapping[str, str]:
    """The IANA time zone in which each zone under an agreement lies; none on the open sea."""
    import tzfpy

    before = former.overlaps.zones if former else {}
    known = former.timezones if former else {}
    found = {}
    for key, zone in zones.items():
        progress.check()
        if zone.agreement_id is None:
            continue
        old = before.get(key)
        if key in known and old is not None and old.shape is zone.shape:
            found[key] = known[key]
            continue
        place = zone.shape.representative_point()
        name = tzfpy.get_tz(min(max(place.x, -180.0), 180.0), min(max(place.y, -90.0), 90.0))
        if name and not name.startswith("Etc/"):
            found[key] = name
    return found
