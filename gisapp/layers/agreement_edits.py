"""Edits of what partners agree: the life of an agreement, terms, overlaps, breaches, scenarios."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from gisapp.errors import EditError
from gisapp.layers import lifecycle
from gisapp.layers.agreement import Agreement, Status
from gisapp.layers.breach import Breach
from gisapp.layers.edits import Edit, record_agreement
from gisapp.layers.project import Project
from gisapp.layers.scenario import OverlapRule, Scenario, Settlement
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


def change_zones(label: str, changed: Iterable[Zone], gone: Iterable[str] = ()) -> Edit:
    """Put zones in place of those with their ids, add new ones, take others out, as one step."""
    zones, lost = tuple(changed), tuple(gone)

    def apply(project: Project) -> Project:
        for zone_id in lost:
            project.zone(zone_id)
        return project.without_zones(lost).with_zones(zones)

    return Edit(label, apply)


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


# Breaches, overlaps, scenarios


def record_breach(breach: Breach) -> Edit:
    """Note a possible breach, or put right what was noted under its id."""

    def apply(project: Project) -> Project:
        project.zone(breach.zone_id)
        others = tuple(old for old in project.breaches if old.id != breach.id)
        kept = sorted((*others, breach), key=lambda one: (one.at, one.id))
        return replace(project, breaches=tuple(kept))

    return Edit("Record possible breach", apply)


def remove_breach(breach_id: str) -> Edit:
    return Edit(
        "Remove possible breach",
        lambda project: replace(
            project, breaches=tuple(b for b in project.breaches if b.id != breach_id)
        ),
    )


def set_overlap_rule(rule: OverlapRule) -> Edit:
    """Say what holds where zones of one sign overlap."""
    return Edit("Set rule for overlaps", lambda project: replace(project, overlap_rule=rule))


def settle_overlap(settlement: Settlement) -> Edit:
    """Record how a person settled the overlap of two zones of opposite sign."""

    def apply(project: Project) -> Project:
        for zone_id in settlement.zone_ids:
            project.zone(zone_id)
        if not settlement.who.strip():
            raise EditError("Say who settled this.", "An office is enough.")
        first, second = sorted(settlement.zone_ids)
        pair = (first, second)
        others = tuple(old for old in project.settlements if old.zone_ids != pair)
        return replace(project, settlements=(*others, replace(settlement, zone_ids=pair)))

    return Edit("Settle overlap", apply)


def save_scenario(scenario: Scenario) -> Edit:
    """Keep an alternative under its name, in place of the one with its id."""

    def apply(project: Project) -> Project:
        name = scenario.name.strip()
        if not name:
            raise EditError("A scenario needs a name.", "Such as “five-minute walk”.")
        others = [old for old in project.scenarios if old.id != scenario.id]
        if any(old.name.casefold() == name.casefold() for old in others):
            raise EditError(f"There is a scenario “{name}” already.", "Give it another name.")
        kept = replace(scenario, name=name)
        if len(others) == len(project.scenarios):
            return replace(project, scenarios=(*project.scenarios, kept))
        return replace(
            project,
            scenarios=tuple(kept if old.id == kept.id else old for old in project.scenarios),
        )

    return Edit(f"Keep scenario {scenario.name}", apply)


def remove_scenario(scenario_id: str) -> Edit:
    return Edit(
        "Remove scenario",
        lambda project: replace(
            project, scenarios=tuple(s for s in project.scenarios if s.id != scenario_id)
        ),
    )


def adopt_scenario(scenario_id: str) -> Edit:
    """Make the zones of a scenario those of the project."""

    def apply(project: Project) -> Project:
        for scenario in project.scenarios:
            if scenario.id == scenario_id:
                return project.with_only(scenario.zones)
        raise EditError("This scenario is no longer in the project.")

    return Edit("Adopt scenario", apply)
