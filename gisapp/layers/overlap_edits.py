"""Edits of what holds where zones overlap: the rule, and what a person settled."""

from __future__ import annotations

from dataclasses import replace

from gisapp.errors import EditError
from gisapp.layers.edits import Edit
from gisapp.layers.project import Project
from gisapp.layers.scenario import OverlapRule, Settlement


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
