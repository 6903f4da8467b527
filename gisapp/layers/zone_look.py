"""How a zone looks on a day, and at an hour: in words and as a style, for every kind of map."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from types import MappingProxyType
from weakref import WeakKeyDictionary

from gisapp.layers.agreement import Standing
from gisapp.layers.project import Project
from gisapp.layers.style import GREEN, Line, Style
from gisapp.layers.vocabulary import Polarity
from gisapp.layers.zone import Zone, zone_style

#: In force, but not at the hour that is asked for: there, and pale.
OUTSIDE_HOURS = Style(color=GREEN, width=1.5, opacity=0.85, line=Line.DASHED)

#: The looks last asked for of each project, and for when.
_known: WeakKeyDictionary[
    Project, tuple[tuple[date, time | None], Mapping[str, tuple[str, Style]]]
] = WeakKeyDictionary()


def zone_look(project: Project, zone: Zone, day: date, at: time | None) -> tuple[str, Style]:
    """How a zone stands on a day in words, and the style that says it.

    With a time, a zone in force that does not hold at that hour of the day is told apart.
    """
    standing = project.standing(zone, day)
    style = zone_style(standing, zone.polarity)
    if zone.polarity is Polarity.EVALUATION_ONLY:
        return zone.polarity.label, style
    words = standing.label
    if standing is Standing.IN_FORCE and at is not None:
        moment = datetime.combine(day, at, project.tzinfo)
        if not project.in_force(zone, moment):
            words, style = f"In force, but not at {at:%H:%M}", _outside_hours(zone.polarity, style)
    if zone.polarity is Polarity.NO_ENFORCEMENT:
        return words, style
    return f"{zone.polarity.label} ({words[0].lower()}{words[1:]})", style


def _outside_hours(polarity: Polarity, style: Style) -> Style:
    if polarity is Polarity.NO_ENFORCEMENT:
        return OUTSIDE_HOURS
    return replace(OUTSIDE_HOURS, color=style.color)


def zone_looks(project: Project, day: date, at: time | None) -> Mapping[str, tuple[str, Style]]:
    """The same for all zones of a project, by their ids and in their order.

    Zones that hold at the same times look the same, so it is worked out once for these; and once
    for a project, since map, legend, lists and selection all ask after each change.
    """
    asked, known = _known.get(project, (None, {}))
    if asked != (day, at):
        known = MappingProxyType(_looks(project, day, at))
        _known[project] = ((day, at), known)
    return known


def _looks(project: Project, day: date, at: time | None) -> dict[str, tuple[str, Style]]:
    known: dict[Hashable, tuple[str, Style]] = {}
    looks = {}
    for zone in project.zones.values():
        key = project.hold_key(zone), zone.polarity
        if key not in known:
            known[key] = zone_look(project, zone, day, at)
        looks[zone.id] = known[key]
    return looks
