"""Edits of the life of an agreement, of its zones as one with it, and of terms of zones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from gisapp.errors import EditError
from gisapp.layers import lifecycle
from gisapp.layers.agreement import Agreement, Status
from gisapp.layers.edits import Edit, record_agreement
from gisapp.layers.project import Project
from gisapp.layers.terms import Terms
from gisapp.layers.zone import Zone


def set_status(agreement_id: str, to: Status, on: date, who: str, why: str = "") -> Edit:
    """Take the next step in the life of an agreement (see `lifecycle.moved`)."""

    def apply(project: Project) -> Project:
        if agreement_id not in project.agreements:
            raise EditError("This agreement is no longer in the project.")
        return project.with_agreement(
            lifecycle.moved(project.agreements[agreement_id], to, on, who, why)
        )

    return Edit(f"Mark as {to.value}", apply)


def set_terms(zone_ids: Iterable[str], terms: Terms | None) -> Edit:
    """Give zones terms of their own, or with None those of their agreement again."""
    chosen = tuple(zone_ids)
    return Edit(
        "Set terms of the zone" if len(chosen) == 1 else f"Set terms of {len(chosen):,} zones",
        lambda project: project.with_zones(
            replace(project.zone(zone_id), terms=terms) for zone_id in chosen
        ),
    )


def copy_terms(from_zone: str, to_zones: Iterable[str]) -> Edit:
    """Give zones the agreement and the own terms of another."""
    chosen = tuple(to_zones)

    def apply(project: Project) -> Project:
        source = project.zone(from_zone)
        return project.with_zones(
            replace(project.zone(zone_id), agreement_id=source.agreement_id, terms=source.terms)
            for zone_id in chosen
        )

    return Edit("Copy terms", apply)


def record_with_zones(agreement: Agreement, zones: Iterable[Zone]) -> Edit:
    """Record an agreement and put its zones on the map, as one step.

    Zones with known ids are replaced where this agreement has them; others of it stay. What is
    as the project holds it already is left alone.
    """
    drawn = tuple(zones)

    def apply(project: Project) -> Project:
        for zone in drawn:
            held = project.zones.get(zone.id)
            if held is not None and held.agreement_id not in (agreement.id, None):
                raise EditError(
                    f"The zone “{zone.name}” has the id of one under another agreement.",
                    "Give it an id of its own, or none.",
                )
        if project.agreements.get(agreement.id) != agreement:
            project = record_agreement(agreement).apply(project)
        changed = [zone for zone in drawn if project.zones.get(zone.id) != zone]
        return project.with_zones(changed) if changed else project

    return Edit(f"Record {agreement.title}", apply)
