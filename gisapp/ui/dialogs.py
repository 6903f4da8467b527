"""Dialogs, cards and pages below the map, each loaded with its module when it is first asked for.

So the window need not wait for them. After it is there their modules are loaded behind it, so that
nobody waits for a dialog either (`warmth.Warmth`).
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any

#: The module of each class, in `gisapp.ui`.
MODULES: Mapping[str, str] = {
    "AgreementDialog": "agreement_dialog",
    "AgreementsDialog": "agreements_dialog",
    "BaseMapDialog": "base_map_dialog",
    "BreachLogDialog": "breach_log_dialog",
    "BriefingDialog": "briefing_dialog",
    "CopyTermsDialog": "agreement_own_terms",
    "CountsPanel": "counts_panel",
    "DeploymentCard": "deployment_card",
    "DeploymentPanel": "deployment_panel",
    "ExportLogDialog": "export_log_dialog",
    "ExportMapDialog": "export_dialogs",
    "ExportPackageDialog": "package_dialog",
    "HotspotsPanel": "hotspots_panel",
    "ImportDialog": "import_dialog",
    "InstructionDialog": "briefing_dialog",
    "OwnTermsDialog": "agreement_own_terms",
    "ProblemsPanel": "problems_panel",
    "PackageCheckDialog": "package_check_dialog",
    "ScenarioDialog": "scenario_dialog",
    "StepDialog": "agreement_life",
    "StyleDialog": "style_dialog",
    "TablePanel": "table_panel",
    "TimePanel": "time_panel",
    "WhatAppliesPanel": "what_applies_panel",
    "ZoneDetailsDialog": "zone_details",
    "ZonesDialog": "zones_dialog",
}


def load(name: str) -> bool:
    """Load the module of a class; returns whether it was not there yet, for that takes a while."""
    module = f"gisapp.ui.{MODULES[name]}"
    if module in sys.modules:
        return False
    import_module(module)
    return True


def make(name: str, *arguments: Any, **more: Any) -> Any:
    """A dialog, card or page by the name of its class, given what its constructor takes."""
    return getattr(import_module(f"gisapp.ui.{MODULES[name]}"), name)(*arguments, **more)
