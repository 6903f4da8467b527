"""The log of possible breaches: who may read it, and what it amounts to by month and activity.

It is for the police and the partners to look at together. It never leaves the program: no
export, print or package reads it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from gisapp.layers.agreement import Agreement, Standing
from gisapp.layers.audience import Audience
from gisapp.layers.breach import Breach
from gisapp.layers.project import Project
from gisapp.layers.seen import is_meant_for
from gisapp.layers.vocabulary import Activity
from gisapp.layers.zone import Zone

#: The rule in words, for wherever the log is shown.
RULE = (
    "Police analysts and partners read this, each for the zones that they may see; the public and "
    "patrol systems do not. It is never exported or printed, and it names nobody."
)


def reads_log(audience: Audience) -> bool:
    """Whether an audience reads the log at all."""
    return audience in (Audience.POLICE, Audience.PARTNERS)


def seen(project: Project, audience: Audience) -> tuple[Breach, ...]:
    """The possible breaches that an audience may read, oldest first.

    A zone that is hidden from it hides what happened there, and so does its agreement.
    """
    if not reads_log(audience):
        return ()
    return tuple(
        breach
        for breach in project.breaches
        if breach.zone_id in project.zones
        and is_meant_for(project, project.zones[breach.zone_id], audience, exported=False)
    )


def timezone_of(project: Project, zone: Zone) -> str:
    """The time zone in which a zone's moments are meant: that of its agreement."""
    agreement = project.agreement_of(zone)
    return agreement.timezone if agreement is not None else project.timezone


def local_moment(project: Project, breach: Breach) -> datetime:
    """The moment on the clock of the zone, or of the project where the zone has gone."""
    zone = project.zones.get(breach.zone_id)
    name = timezone_of(project, zone) if zone is not None else project.timezone
    return breach.at.astimezone(ZoneInfo(name))


def month_of(project: Project, breach: Breach) -> str:
    """`2025-03`, by the clock on the spot."""
    return f"{local_moment(project, breach):%Y-%m}"


def by_month(project: Project, breaches: Iterable[Breach]) -> dict[str, dict[Activity, int]]:
    """Counts by month, oldest first, and by activity in it."""
    counts: dict[str, Counter[Activity]] = {}
    for breach in breaches:
        counts.setdefault(month_of(project, breach), Counter())[breach.activity] += 1
    return {month: dict(counts[month]) for month in sorted(counts)}


def what_held(project: Project, zone: Zone, at: datetime, activity: Activity) -> str:
    """One sentence on whether an activity was suspended in a zone at a moment with a zone."""
    if project.agreement_of(zone) is None:
        return "This zone is under no agreement."
    day = at.astimezone(ZoneInfo(timezone_of(project, zone))).date()
    version: Agreement | None = project.version_on(zone, day)
    if not project.in_force(zone, at):
        standing = project.standing(zone, day)
        if standing is Standing.IN_FORCE and project.hours_problem(zone):
            return f"It is not known whether the zone held: {project.hours_problem(zone)}."
        if standing is Standing.IN_FORCE:
            return "At this hour the zone did not hold."
        return f"On this day the zone was not in force: {standing.value}."
    if version is not None and version.suspends(activity):
        return "The zone was in force then, and this was suspended in it."
    return "The zone was in force then, but this is not among what was suspended in it."
