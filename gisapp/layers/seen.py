"""The project as a reader sees it: without the zones that are not meant for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from weakref import WeakKeyDictionary

from gisapp.layers.audience import Audience, sees_zone
from gisapp.layers.confidential import confidential_sites, veiled
from gisapp.layers.given_away import gives_away
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import Visibility
from gisapp.layers.zone import Zone

#: What was worked out for each project; None stands for the project itself, all of it seen.
_known: WeakKeyDictionary[Project, dict[tuple[Audience, bool], Project | None]] = (
    WeakKeyDictionary()
)


def is_seen(project: Project, zone: Zone, audience: Audience, *, exported: bool) -> bool:
    """Whether a reader sees a zone: they must be meant to see it and the agreement it is under.

    A zone whose outline gives a confidential service away is seen by police analysts on screen
    and by nobody else.
    """
    if _apart(audience, exported=exported) and gives_away(project, zone):
        return False
    return _is_meant(project, zone, audience, exported=exported)


def _is_meant(project: Project, zone: Zone, audience: Audience, *, exported: bool) -> bool:
    agreement = project.agreement_of(zone)
    shown = (zone.visibility, *([agreement.visibility] if agreement else []))
    return all(sees_zone(one, audience, exported=exported) for one in shown)


def seen_zone(project: Project, zone: Zone, audience: Audience, *, exported: bool) -> Zone:
    """A zone as a reader sees it: without what names a confidential service it stands round."""
    return veiled(project, zone) if _apart(audience, exported=exported) else zone


def _apart(audience: Audience, *, exported: bool) -> bool:
    """Whether confidential services are kept from a reader."""
    return exported or audience is not Audience.POLICE


def _seen(project: Project, audience: Audience, *, exported: bool) -> Iterator[Zone]:
    """The zones a reader sees. Those alike in visibility and agreement are asked for once."""
    apart = _apart(audience, exported=exported) and bool(confidential_sites(project))
    known: dict[tuple[Visibility, str | None], bool] = {}
    for zone in project.zones.values():
        key = zone.visibility, zone.agreement_id
        if key not in known:
            known[key] = _is_meant(project, zone, audience, exported=exported)
        if known[key] and not (apart and gives_away(project, zone)):
            yield zone


def seen_by(project: Project, audience: Audience, *, exported: bool) -> Project:
    """The project without zones that a reader, on screen or in a file, may not see.

    Other zones round confidential services go without their names and what else names these.

    The same project gives the same answer object, so that what is prepared for it stays known.
    """
    answers = _known.setdefault(project, {})
    key = (audience, exported)
    if key not in answers:
        zones = {
            zone.id: seen_zone(project, zone, audience, exported=exported)
            for zone in _seen(project, audience, exported=exported)
        }
        whole = len(zones) == len(project.zones) and all(
            zone is project.zones[key] for key, zone in zones.items()
        )
        answers[key] = None if whole else replace(project, zones=zones)
    seen = answers[key] or project
    # What a reader sees has nothing in it that they may not see.
    _known.setdefault(seen, {}).setdefault(key, None)
    return seen
