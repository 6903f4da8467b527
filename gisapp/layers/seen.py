"""The project as a reader sees it: without the zones that are not meant for them.

For all but police analysts at their screen no word of it names a confidential service either.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from weakref import WeakKeyDictionary

from gisapp.layers.audience import Audience, sees_confidential, sees_zone
from gisapp.layers.confidential import confidential_sites, veiled, without_sites
from gisapp.layers.given_away import gives_away
from gisapp.layers.project import Project
from gisapp.layers.seen_words import in_seen_words, layer_in_seen_words
from gisapp.layers.told_together import told_together
from gisapp.layers.vocabulary import Visibility
from gisapp.layers.zone import Zone

#: What was worked out for each project; None stands for the project itself, all of it seen.
_known: WeakKeyDictionary[Project, dict[tuple[Audience, bool], Project | None]] = (
    WeakKeyDictionary()
)


def is_seen(project: Project, zone: Zone, audience: Audience, *, exported: bool) -> bool:
    """Whether a reader sees a zone: they must be meant to see it and the agreement it is under.

    A zone whose outline gives a confidential service away, alone or beside another, is seen by
    police analysts on screen and by nobody else.
    """
    if not sees_confidential(audience, exported=exported) and _tells(project, zone):
        return False
    return is_meant_for(project, zone, audience, exported=exported)


def _tells(project: Project, zone: Zone) -> bool:
    return gives_away(project, zone) or zone.id in told_together(project)


def is_meant_for(project: Project, zone: Zone, audience: Audience, *, exported: bool) -> bool:
    """Whether a zone and the agreement it is under are both of a visibility that a reader sees.

    That its outline may give a confidential service away is another matter (see `is_seen`).
    """
    agreement = project.agreement_of(zone)
    shown = (zone.visibility, *([agreement.visibility] if agreement else []))
    return all(sees_zone(one, audience, exported=exported) for one in shown)


def seen_zone(project: Project, zone: Zone, audience: Audience, *, exported: bool) -> Zone:
    """A zone as a reader sees it: without what names a confidential service it stands round."""
    if sees_confidential(audience, exported=exported) or not confidential_sites(project):
        return zone
    return in_seen_words(project, veiled(project, zone))


def _seen(project: Project, audience: Audience, *, exported: bool) -> Iterator[Zone]:
    """The zones a reader sees. Those alike in visibility and agreement are asked for once."""
    apart = not sees_confidential(audience, exported=exported) and confidential_sites(project)
    known: dict[tuple[Visibility, str | None], bool] = {}
    for zone in project.zones.values():
        key = zone.visibility, zone.agreement_id
        if key not in known:
            known[key] = is_meant_for(project, zone, audience, exported=exported)
        if known[key] and not (apart and _tells(project, zone)):
            yield zone


def seen_by(project: Project, audience: Audience, *, exported: bool) -> Project:
    """The project without zones that a reader, on screen or in a file, may not see.

    Other zones round confidential services go without their names and what else names these, and
    so do agreements, layers and the title.

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
        seen = project if whole else replace(project, zones=zones)
        if not sees_confidential(audience, exported=exported) and confidential_sites(project):
            seen = _in_words(project, seen)
        answers[key] = None if seen is project else seen
    seen = answers[key] or project
    # What a reader sees has nothing in it that they may not see.
    _known.setdefault(seen, {}).setdefault(key, None)
    return seen


def _in_words(project: Project, seen: Project) -> Project:
    """What is seen of a project with no confidential service in its words."""
    return replace(
        seen,
        title=without_sites(project, seen.title),
        layers=tuple(layer_in_seen_words(project, layer) for layer in seen.layers),
        agreements={key: in_seen_words(project, one) for key, one in seen.agreements.items()},
        former=in_seen_words(project, seen.former),
        views=in_seen_words(project, seen.views),
    )
