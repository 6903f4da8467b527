"""Edits of the log of possible breaches."""

from __future__ import annotations

from dataclasses import replace

from gisapp.layers.breach import Breach
from gisapp.layers.edits import Edit
from gisapp.layers.project import Project


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
