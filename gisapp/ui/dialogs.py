"""Dialogs, cards and pages below the map, each loaded with its module when it is first asked for.

So the window need not wait for them. After it is there their modules are loaded behind it, so that
nobody waits for a dialog either (`warmth.Warmth`).
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

#: The module of each class, in `gisapp.ui`.
MODULES: Mapping[str, str] = {
    "AgreementDialog": "agreements.dialog",
    "AgreementsDialog": "agreements.list_dialog",
    "BaseMapDialog": "map.base_map_dialog",
    "BreachLogDialog": "agreements.breach_log_dialog",
    "BriefingDialog": "deployments.briefing_dialog",
    "CopyTermsDialog": "agreements.own_terms",
    "CountsPanel": "layers.counts_panel",
    "DeploymentCard": "deployments.card",
    "DeploymentPanel": "deployments.panel",
    "ExportLogDialog": "exports.log_dialog",
    "ExportMapDialog": "exports.map_dialog",
    "ExportPackageDialog": "exports.package_dialog",
    "Film": "times.film",
    "HotspotsPanel": "layers.hotspots_panel",
    "ImportDialog": "imports.dialog",
    "InstructionDialog": "deployments.briefing_dialog",
    "OwnTermsDialog": "agreements.own_terms",
    "ProblemsPanel": "problems.panel",
    "PackageCheckDialog": "exports.package_check_dialog",
    "ScenarioDialog": "scenarios.dialog",
    "StepDialog": "agreements.life",
    "StyleDialog": "styles.dialog",
    "TablePanel": "table.panel",
    "TimePanel": "times.panel",
    "WhatAppliesPanel": "zones.what_applies_panel",
    "ZoneDetailsDialog": "zones.details",
    "ZonesDialog": "zones.dialog",
}
#: Those that are pages below the map, made behind the first picture without being asked for.
PAGES = frozenset(
    ("CountsPanel", "DeploymentPanel", "HotspotsPanel", "ProblemsPanel", "TablePanel", "TimePanel")
)


def make(name: str, *arguments: Any, **more: Any) -> Any:
    """A dialog, card or page by the name of its class, given what its constructor takes."""
    return getattr(import_module(f"gisapp.ui.{MODULES[name]}"), name)(*arguments, **more)
