"""Make the pictures of the documentation from the real window on the sample city.

`make pictures` runs this. It needs no display: without one the window is drawn off screen.
"""

from __future__ import annotations

import os
import sys
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")) and sys.platform == "linux":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QDeadlineTimer, QEventLoop
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from gisapp.document import Document
from gisapp.journeys import sample_project
from gisapp.progress import Progress
from gisapp.ui import theme
from gisapp.ui.main_window import MainWindow

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
SIZE = (1440, 900)
#: A Tuesday of the sample deployments, so that the picture does not change with the calendar.
DAY = date(2026, 3, 24)


def settle(seconds: float) -> None:
    """Let the window draw, and its workers finish."""
    deadline = QDeadlineTimer(int(seconds * 1000))
    while not deadline.hasExpired():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)


def picture(window: MainWindow, name: str) -> None:
    image: QImage = window.grab().toImage()
    path = PICTURES / name
    if not image.save(str(path)):
        raise SystemExit(f"{path} could not be written")
    print(path)


def main() -> None:
    app = QApplication.instance() or QApplication(sys.argv)
    assert isinstance(app, QApplication)
    project = sample_project(Progress())
    PICTURES.mkdir(parents=True, exist_ok=True)
    for dark, name in ((False, "window.png"), (True, "window-dark.png")):
        theme.apply(app, dark)
        now = datetime(DAY.year, DAY.month, DAY.day, 12, tzinfo=ZoneInfo("Europe/London"))
        window = MainWindow(Document(project), now=now)
        window.resize(*SIZE)
        window.show()
        settle(4)
        picture(window, name)
        window.close()


if __name__ == "__main__":
    main()
