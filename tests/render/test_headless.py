"""Drawing off screen leaves no trace: a window opened afterwards is on the screen."""

from __future__ import annotations

import os
import subprocess
import sys

_THEN_A_WINDOW = """
import os
from PySide6.QtWidgets import QApplication
from gisapp.render.headless import drawing

with drawing() as application:
    print(application.platformName())
print(os.environ.get("QT_QPA_PLATFORM"))
os.environ["QT_QPA_PLATFORM"] = "minimal"
print(QApplication(["gisapp"]).platformName())
"""


def test_a_window_can_be_opened_after_drawing_without_one() -> None:
    surroundings = {k: v for k, v in os.environ.items() if k != "QT_QPA_PLATFORM"}
    done = subprocess.run(
        [sys.executable, "-c", _THEN_A_WINDOW],
        env=surroundings,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["offscreen", "None", "minimal"]
