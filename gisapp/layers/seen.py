"""The project as a reader sees it: without the zones that are not meant for them."""

from __future__ import annotations

from dataclasses import replace
from weakref import WeakKeyDictionary

from gisapp.layers.audience import Audience, sees_zone
from gisapp.layers.project import Project
from gisapp.layers.zone import Zone

#: What was worked out for each project; None stands for the project itself, all of it seen.
_known: WeakKeyDictionary[Project, dict[tuple[Audience, bool], Project | None]] = (
    WeakKeyDictionary()
)


def is_seen(project: Project, zone: Zone, audience: Audience, *, exported: bool) -> bool:
    """Whether a reader sees a zone: they must be meant to see it and the agreement it is under."""
    agreement = project.agreement_of(zone)
    shown = (zone.visibility, *([agreement.visibility] if agreement else []))
    return all(sees_zone(one, audience, exported=exported) for one in shown)


def seen_by(project: Project, audience: Audience, *, exported: bool) -> Project:
    """The project without zones that a reader, on screen or in a file, may not see.

    The same project gives the same answer object, so that what is prepared for it stays known.
    """
    answers = _known.setdefault(project, {})
    key = (audience, exported)
    if key not in answers:
        zones = {
            zone.id: zone
            for zone in project.zones.values()
            if is_seen(project, zone, audience, exported=exported)
        }
        whole = len(zones) == len(project.zones)
        answers[key] = None if whole else replace(project, zones=zones)
    return answers[key] or project
