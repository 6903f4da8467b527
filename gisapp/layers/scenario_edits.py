"""Edits of scenarios: kept, taken away, made the zones of the project."""

from __future__ import annotations

from dataclasses import replace

from gisapp.errors import EditError
from gisapp.layers.edits import Edit
from gisapp.layers.project import Project
from gisapp.layers.scenario import Scenario


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
