"""Writing checked deployments to a file from the window."""

from __future__ import annotations

from datetime import datetime
from importlib import import_module
from pathlib import Path

from PySide6.QtWidgets import QWidget

from gisapp.analysis.deployments.check import check
from gisapp.io.deployments import files as deployment_files
from gisapp.layers.layer import Layer
from gisapp.layers.units import Units
from gisapp.progress import Progress
from gisapp.tasks import Task
from gisapp.ui.exports.record import tell_exported
from gisapp.ui.project.file_questions import ask_save, file_name
from gisapp.ui.session import Session

#: The endings in the order in which they are offered.
_OFFERED = (".pdf", ".csv", ".ics", ".geojson", ".txt")


def export_deployments(session: Session, layer: Layer, units: Units, window: QWidget) -> None:
    """Ask for a file; its ending says what is written, for the audience of the window."""
    kinds = ";;".join(f"{deployment_files.ENDINGS[end]} (*{end})" for end in _OFFERED)
    path = ask_save(window, "Export deployments", kinds, f"{file_name(layer.name)}.pdf")
    if path is not None:
        write_deployments(session, layer, path, units)


def write_deployments(session: Session, layer: Layer, path: Path, units: Units) -> None:
    """Check anew for a file, write it in the background, and note it in the export log."""
    project, audience = session.project, session.look.audience
    made_at = datetime.now(project.tzinfo)

    def work(progress: Progress) -> Path:
        ending = deployment_files.check_ending(path)
        found = check(
            project, layer, audience=audience, exported=True, progress=progress.part(0, 0.5)
        )
        if ending == ".pdf":
            # Loaded here, for the panel is made behind the first picture, on the window's thread.
            pages = import_module("gisapp.render.paper.deployment_pages")
            pages.write_pdf(found, path, audience, made_at, units, progress.part(0.5, 1))
        else:
            deployment_files.write(found, path, made_at, units)
        return path

    def done(written: Path) -> None:
        words = f"Wrote {written.name}."
        tell_exported(session, written, "deployments", words, audience=audience.value)

    session.start(
        Task(f"Writing {path.name}", work, reads=frozenset({layer.id})), done, session.explain
    )
