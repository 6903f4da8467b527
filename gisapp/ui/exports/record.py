"""Each file that leaves the window is noted in the project's export log."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from gisapp.io.exported_files import line_for
from gisapp.layers.export_log import Export
from gisapp.progress import Progress
from gisapp.tasks import Task
from gisapp.ui.session import Session


def tell_exported(
    session: Session,
    path: Path,
    what: str,
    words: str,
    *,
    audience: str,
    recipient: str = "",
    note: str = "",
) -> None:
    """Say in words that a file was written, lead to its folder, and note it in the log."""
    session.tell(words, "done", "Open folder", lambda: open_folder(path))
    record_export(session, path, what, audience=audience, recipient=recipient, note=note)


def open_folder(path: Path) -> None:
    """Show the folder of a file as the system does."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))


def record_export(
    session: Session, path: Path, what: str, *, audience: str, recipient: str = "", note: str = ""
) -> None:
    """Note a file that was just written; it is read once more, for the hash of its bytes."""
    at = datetime.now(UTC)

    def work(progress: Progress) -> Export:
        return line_for(
            path,
            what,
            at=at,
            audience=audience,
            recipient=recipient,
            note=note,
            progress=progress,
        )

    session.start(
        Task(f"Noting {path.name} in the export log", work), session.log_export, quick=True
    )
