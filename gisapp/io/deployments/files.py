"""Checked deployments as a file, by its ending; a PDF is drawn elsewhere."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from gisapp.analysis.deployments.advice import summary
from gisapp.analysis.deployments.check import DeploymentCheck
from gisapp.errors import ExportError
from gisapp.io.deployments.calendar import write_calendar
from gisapp.io.deployments.geojson import write_geojson
from gisapp.io.deployments.table import write_table
from gisapp.io.safe_files import written
from gisapp.layers.units import Units

#: Endings and what they hold.
ENDINGS = {
    ".csv": "Table",
    ".geojson": "Areas as GeoJSON",
    ".ics": "Calendar",
    ".txt": "Summary for the commander",
    ".pdf": "Table and maps as PDF",
}


def check_ending(path: Path) -> str:
    """The ending of a file in small letters; ExportError where nothing is written by it."""
    ending = path.suffix.casefold()
    ending = ".geojson" if ending == ".json" else ending
    if ending not in ENDINGS:
        raise ExportError(
            f"Deployments cannot be written as “{path.suffix or path.name}”.",
            f"Give the file an ending of {', '.join(ENDINGS)}.",
        )
    return ending


def write(
    check: DeploymentCheck, path: Path, made_at: datetime, units: Units = Units.METRIC
) -> None:
    """Write a check that was made for a file; `made_at` carries a zone.

    ExportError for another ending, or when it cannot be written.
    """
    ending = check_ending(path)
    if ending == ".csv":
        write_table(check, path)
    elif ending == ".geojson":
        write_geojson(check, path)
    elif ending == ".ics":
        write_calendar(check, path, made_at)
    elif ending == ".txt":
        with written(path) as beside:
            beside.write_text(summary(check, units) + "\n", encoding="utf-8")
    else:
        raise ExportError(f"A {ending} of deployments is drawn, not written.")
