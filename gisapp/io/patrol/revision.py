"""Hashes that stand for the state of a project and of a zone that goes out.

They are made with the id of the project, which never leaves it: without it nobody can try out
whether a guess at what was kept back gives the same hash.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date

import shapely

from gisapp.io.agreements.agreement_json import to_json, zone_to_json
from gisapp.io.patrol.zones import Outgoing
from gisapp.layers.confidential import is_confidential
from gisapp.layers.project import Project


def revision_of(project: Project) -> str:
    """SHA-256 of all that packages depend on: zones, agreements and settled overlaps.

    The hours of services count where zones follow them, and what is confidential. Stops,
    overdoses, styles and views do not: the same zones have the same revision.
    """
    digest = hashlib.sha256(f"gisapp project {project.id}".encode())
    for part in _parts(project):
        digest.update(
            json.dumps(part, ensure_ascii=True, sort_keys=True, default=float).encode() + b"\n"
        )
    return digest.hexdigest()


def _parts(project: Project) -> Iterator[object]:
    yield [project.title, project.timezone, project.overlap_rule.value]
    for zone_id in sorted(project.zones):
        zone = project.zones[zone_id]
        hours = [version.hours_in_code() for version in project.versions_of(zone)]
        yield [zone_to_json(zone), zone.agreement_id, hours, is_confidential(project, zone)]
    for key in sorted(project.agreements):
        yield to_json(project.agreements[key])
    yield [to_json(old) for old in project.former]
    for one in sorted(project.settlements, key=lambda one: one.zone_ids):
        yield [one.zone_ids, one.settled.value, one.on.isoformat(), one.who, one.why]


def project_code(project: Project) -> str:
    """What the packages of one project have in common, and no others."""
    return hashlib.sha256(f"gisapp packages of {project.id}".encode()).hexdigest()[:32]


def revision_of_zone(zone: Outgoing) -> str:
    """SHA-256 of everything that goes out of a zone: it differs when a receiver has to know."""
    said = {
        key: value.isoformat() if isinstance(value, date) else value
        for key, value in zone.attributes.items()
    }
    text = json.dumps(said, ensure_ascii=True, sort_keys=True)
    outline = shapely.to_wkb(shapely.normalize(zone.shape), byte_order=1, flavor="iso")
    return hashlib.sha256(text.encode() + b"\n" + outline).hexdigest()
