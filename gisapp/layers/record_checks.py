"""What is written about zones: names, the basis of a radius, scenes, visibility, breaches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from gisapp.layers import zoning
from gisapp.layers.agreement import day_in_words
from gisapp.layers.edits import Edit
from gisapp.layers.issue import Code, Issue, Severity
from gisapp.layers.outline_checks import reshaping
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import Basis, Visibility
from gisapp.layers.zone import Zone

_NARROWER = tuple(Visibility)


def record_issues(project: Project, day: date) -> Iterator[Issue]:
    """What the record of each zone lacks or says against itself, and breaches out of time."""
    yield from _names(project)
    for zone in project.zones.values():
        agreement = project.agreement_of(zone)
        basis = zone.basis_text.strip() or (agreement.radius_basis.strip() if agreement else "")
        if zone.basis is Basis.CIRCLE and not basis:
            yield Issue.of_zone(
                zone,
                Severity.ERROR,
                Code.NO_BASIS,
                f"Nobody wrote down who settled on the radius of “{zone.name}”, and how; it "
                "cannot go to patrol systems.",
            )
        ends = zone.ends_at
        if ends is not None and ends.astimezone(project.tzinfo).date() < day:
            over = ends.astimezone(project.tzinfo)
            yield Issue.of_zone(
                zone,
                Severity.NOTE,
                Code.SCENE_OVER,
                f"The scene “{zone.name}” was over on {day_in_words(over.date())} at {over:%H:%M}.",
            )
        if agreement is not None and _wider(zone.visibility, agreement.visibility):
            yield _too_visible(zone, agreement.title, agreement.visibility)
    yield from _breaches(project)


def _wider(one: Visibility, other: Visibility) -> bool:
    return _NARROWER.index(one) < _NARROWER.index(other)


def _too_visible(zone: Zone, title: str, agreed: Visibility) -> Issue:
    return Issue.of_zone(
        zone,
        Severity.ERROR,
        Code.VISIBILITY,
        f"“{zone.name}” may be seen by {_who(zone.visibility)}, but its agreement “{title}” only "
        f"by {_who(agreed)}.",
        fix=reshaping("Show the zone to fewer", zone.id, lambda z: replace(z, visibility=agreed)),
        fix_words=f"Let the zone be seen by {_who(agreed)} only.",
    )


def _who(visibility: Visibility) -> str:
    return {
        Visibility.PUBLIC: "everybody",
        Visibility.PARTNERS: "partners and police",
        Visibility.POLICE_ONLY: "police",
        Visibility.NEVER_EXPORT: "police inside this program",
    }[visibility]


# Names


def _names(project: Project) -> Iterator[Issue]:
    same: dict[str, list[Zone]] = defaultdict(list)
    for zone in project.zones.values():
        same[zone.name.strip().casefold()].append(zone)
    for zones in same.values():
        for number, zone in enumerate(zones[1:], start=2):
            yield Issue.of_zone(
                zone,
                Severity.WARNING,
                Code.NAME_TWICE,
                f"“{zone.name}” is the name of {len(zones)} zones; this is number {number}.",
                fix=_other_name(zone.id),
                fix_words=f"Name it “{_free(project, zone)}”.",
            )


def _free(project: Project, zone: Zone) -> str:
    others = [other.name for other in project.zones.values() if other.id != zone.id]
    return zoning.different([zone.name.strip()], others)[0]


def _other_name(zone_id: str) -> Edit:
    def apply(project: Project) -> Project:
        zone = project.zone(zone_id)
        return project.with_zone(zone.renamed(_free(project, zone)))

    return Edit("Rename zone", apply)


# Possible breaches


def _breaches(project: Project) -> Iterator[Issue]:
    for breach in project.breaches:
        zone = project.zones.get(breach.zone_id)
        at = breach.at.astimezone(project.tzinfo)
        when = f"{day_in_words(at.date())} at {at:%H:%M}"
        if zone is None:
            yield Issue(
                Severity.WARNING,
                Code.BREACH,
                f"A possible breach of {when} was told of a zone that is no longer in the project.",
                breach_id=breach.id,
            )
        elif not project.in_force(zone, breach.at):
            yield Issue.of_zone(
                zone,
                Severity.WARNING,
                Code.BREACH,
                f"A possible breach was told of “{zone.name}” for {when}, when the zone did not "
                "hold.",
                breach_id=breach.id,
            )
