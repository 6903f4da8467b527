"""Make the pictures of the documentation from the real window on the sample city.

`make pictures` runs this. It needs no display: without one the window is drawn off screen.
"""

from __future__ import annotations

import os
import sys
import tempfile
from datetime import UTC, date, datetime, time
from pathlib import Path

if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QDeadlineTimer, QEventLoop
from PySide6.QtWidgets import QApplication, QWidget

from gisapp.io.agreements import agreement_file
from gisapp.journeys import sample_project
from gisapp.layers import agreement_edits
from gisapp.layers.project import Project
from gisapp.progress import Progress
from gisapp.ui.agreements.dialog import AgreementDialog
from gisapp.ui.app import make_application, make_window
from gisapp.ui.deployments.briefing_dialog import BriefingDialog, InstructionDialog
from gisapp.ui.main_window import MainWindow
from gisapp.ui.session import Selection

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
#: The agreement that the guide enters, one with hours and two versions.
CASES = ROOT / "sample_data" / "agreements"
ENTERED = "18-leeds-holbeck-v1.json"
#: The deployment whose officers are briefed.
BRIEFED = "Market Square operation"
SIZE = (1440, 900)
#: A Tuesday of the sample deployments, so that the picture does not change with the calendar.
DAY, TIME = date(2026, 3, 24), time(18, 30)
#: The zone that the inspector shows.
SHOWN = "Quayside Needle Exchange"
#: How long the window is given to draw itself and to finish what it does behind.
PATIENCE_S = 6


def settle(seconds: float) -> None:
    """Let the window draw, and its workers finish."""
    deadline = QDeadlineTimer(int(seconds * 1000))
    while not deadline.hasExpired():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)


def opened(app: QApplication, project: Project, scheme: str) -> MainWindow:
    """The window on the sample city with a zone selected, as large as the picture."""
    window = make_window(app, project, now=lambda: datetime.combine(DAY, TIME, UTC))
    window.scheme_asked.emit(scheme)
    window.resize(*SIZE)
    window.show()
    settle(1)
    window.session.set_look(day=DAY, time=TIME)
    shown = [zone.id for zone in project.zones.values() if zone.name == SHOWN]
    window.session.select(Selection(zone_ids=tuple(shown)))
    settle(PATIENCE_S)
    return window


def picture(window: QWidget, name: str) -> None:
    path = PICTURES / name
    if not window.grab().save(str(path)):
        raise SystemExit(f"{path} could not be written")
    print(path)


def guide(app: QApplication, project: Project) -> None:
    """The pictures of the guide: an agreement in the form, section by section, and on the map."""
    window = opened(app, project, "light")
    entry = agreement_file.read_entry(CASES / ENTERED)
    dialog = AgreementDialog(window.session, entry.agreement, window)
    dialog.resize(1128, 744)
    dialog.show()
    for place in range(dialog.form.list.count()):
        dialog.form.lead_to(place)
        settle(0.3)
        picture(dialog, f"agreement-{place + 1}.png")
    dialog.close()
    window.session.perform(agreement_edits.record_with_zones(entry.agreement, entry.zones))
    settle(0.5)
    window.session.select(Selection(zone_ids=tuple(zone.id for zone in entry.zones)))
    window.commands.zoom_to_zones(tuple(zone.id for zone in entry.zones))
    settle(PATIENCE_S)
    picture(window, "agreement-on-map.png")
    window.close()
    settle(0.5)


def briefings(app: QApplication, project: Project) -> None:
    """The pictures of the guide to a shift: the sheet of a deployment, and the instruction."""
    window = opened(app, project, "light")
    kinds = (
        (BriefingDialog, "briefing-sheet.png"),
        (InstructionDialog, "briefing-instruction.png"),
    )
    for kind, name in kinds:
        dialog = kind(window.session, window)
        dialog.show()
        if kind is BriefingDialog:
            place = dialog.area_box.findText(f"Deployment: {BRIEFED}")
            dialog.area_box.setCurrentIndex(place)
        settle(2)
        picture(dialog, name)
        dialog.reject()
    window.close()
    settle(0.5)


def deployments(app: QApplication, project: Project) -> None:
    """The picture of the guide to deployments: the first that meets a zone."""
    window = opened(app, project, "light")
    window.commands.deployments_asked.emit()
    settle(PATIENCE_S)
    panel = window.deployments
    panel.list.setCurrentItem(panel.list.topLevelItem(0))
    panel.show_on_map()
    settle(PATIENCE_S)
    picture(window, "deployments.png")
    window.close()


def main() -> None:
    # Settings of its own: neither does the picture show the user's, nor do theirs change.
    with tempfile.TemporaryDirectory() as home:
        for kind in ("CONFIG", "DATA", "CACHE", "STATE"):
            os.environ[f"XDG_{kind}_HOME"] = home
        app = make_application(["gisapp"])
        project = sample_project(Progress())
        PICTURES.mkdir(parents=True, exist_ok=True)
        for scheme, name in (("light", "window.png"), ("dark", "window-dark.png")):
            window = opened(app, project, scheme)
            picture(window, name)
            window.close()
            settle(0.5)
        guide(app, project)
        deployments(app, project)
        briefings(app, project)


if __name__ == "__main__":
    main()
