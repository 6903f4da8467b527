"""What differs between two projects: zones, agreements, layers, and what was settled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gisapp.io.agreements.agreement_json import to_json, zone_to_json
from gisapp.io.difference import Difference, between, outlines_differ, values_differ
from gisapp.layers.agreement import Agreement
from gisapp.layers.layer import Layer
from gisapp.layers.project import Project
from gisapp.layers.zone import Zone

#: What is not repeated, for it may name a person, or is too long to be read in a line.
_QUIET = frozenset({"note", "notes", "parties", "liaison", "history", "documents"})


def differences(old: Project, new: Project) -> tuple[Difference, ...]:
    """All that differs; layers that were imported anew are known by their names."""
    return (
        *_settings(old, new),
        *between("zone", old.zones, new.zones, _name, lambda a, b: _zones(old, new, a, b)),
        *between("agreement", old.agreements, new.agreements, _title, _agreements),
        *between("layer", *_layers(old, new), _name, _layer),
    )


def _name(thing: Zone | Layer) -> str:
    return thing.name


def _title(agreement: Agreement) -> str:
    return agreement.title or "without a title"


def _settings(old: Project, new: Project) -> Iterator[Difference]:
    before, after = _said(old), _said(new)
    details = list(values_differ(before, after))
    known = {one.zone_ids: one for one in old.settlements}
    for one in new.settlements:
        if known.pop(one.zone_ids, None) != one:
            names = " and ".join(f"“{_zone_name(new, key)}”" for key in one.zone_ids)
            details.append(f"overlap of {names} settled: {one.settled.label.lower()}")
    details += [
        f"overlap of {' and '.join(_zone_name(old, key) for key in ids)} no longer settled"
        for ids in known
    ]
    if details:
        yield Difference("project", new.id, new.title, "changed", tuple(details))


def _said(project: Project) -> dict[str, Any]:
    return {
        "title": project.title,
        "timezone": project.timezone,
        "rule for overlaps": project.overlap_rule.label,
        "possible breaches on record": len(project.breaches),
        "scenarios": [one.name for one in project.scenarios],
    }


def _zone_name(project: Project, zone_id: str) -> str:
    zone = project.zones.get(zone_id)
    return zone.name if zone is not None else "a zone that is gone"


def _zones(old: Project, new: Project, was: Zone, now: Zone) -> tuple[str, ...]:
    if was is now:
        return ()
    before, after = zone_to_json(was), zone_to_json(now)
    own = (before.pop("terms"), after.pop("terms"))
    for value in (before, after):
        del value["geometry"]
    details = list(values_differ(before, after, _QUIET))
    titles = [_of(project, zone) for project, zone in ((old, was), (new, now))]
    if was.agreement_id != now.agreement_id:
        details.append(f"agreement: {titles[0]} → {titles[1]}")
    details += outlines_differ(was.shape, now.shape)
    if own[0] != own[1]:
        details += [f"terms of its own: {one}" for one in values_differ(own[0] or {}, own[1] or {})]
    return tuple(details)


def _of(project: Project, zone: Zone) -> str:
    agreement = project.agreement_of(zone)
    return f"“{_title(agreement)}”" if agreement is not None else "none"


def _agreements(was: Agreement, now: Agreement) -> tuple[str, ...]:
    if was is now:
        return ()
    return tuple(values_differ(to_json(was), to_json(now), _QUIET))


def _layers(old: Project, new: Project) -> tuple[dict[str, Layer], dict[str, Layer]]:
    """Layers by id; one that was imported anew has the id of the one of its name and kind."""
    before = {layer.id: layer for layer in old.layers}
    after = {layer.id: layer for layer in new.layers}
    named = {(layer.name, layer.kind): key for key, layer in before.items() if key not in after}
    found = {}
    for key, layer in after.items():
        same = None if key in before else named.pop((layer.name, layer.kind), None)
        found[same or key] = layer
    return before, found


def _layer(was: Layer, now: Layer) -> tuple[str, ...]:
    if was is now:
        return ()
    details = list(values_differ(_of_layer(was), _of_layer(now)))
    if len(was) == len(now) and not was.table.equals(now.table):
        details.append("values in its table changed")
    if was.style != now.style:
        details.append("its look changed")
    return tuple(details)


def _of_layer(layer: Layer) -> dict[str, Any]:
    return {
        "name": layer.name,
        "kind": layer.kind.value,
        "rows": len(layer),
        "columns": list(layer.table.column_names),
        "sensitivity": layer.sensitivity.label,
        "shown": layer.visible,
    }
