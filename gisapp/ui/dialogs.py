"""Dialogs, each loaded with its module when it is first opened: the window need not wait for them.

After the window is there their modules are loaded behind it, so that nobody waits for a dialog
either (`app.Warmth`).
"""

from __future__ import annotations

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
    "ExportLogDialog": "export_log_dialog",
    "ExportMapDialog": "export_dialogs",
    "ExportPackageDialog": "export_dialogs",
    "ImportDialog": "import_dialog",
    "InstructionDialog": "briefing_dialog",
    "OwnTermsDialog": "agreement_own_terms",
    "ScenarioDialog": "scenario_dialog",
    "StepDialog": "agreement_life",
    "StyleDialog": "style_dialog",
    "WhatAppliesPanel": "what_applies_panel",
    "ZoneDetailsDialog": "zone_details",
    "ZonesDialog": "zones_dialog",
}


def make(name: str, *arguments: Any, **more: Any) -> Any:
    """A dialog by the name of its class, given what its constructor takes."""
    return getattr(import_module(f"gisapp.ui.{MODULES[name]}"), name)(*arguments, **more)
