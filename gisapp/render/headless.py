"""Drawing with no window: what fonts and painters need, where there may be no display."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtGui import QGuiApplication

_PLATFORM = "QT_QPA_PLATFORM"


@contextmanager
def drawing() -> Iterator[QGuiApplication]:
    """Make sure that an application is there to draw with; one that runs already is used.

    One made here draws off screen and is kept until the end of the block; a window opened
    afterwards is on the screen again.
    """
    running = QGuiApplication.instance()
    if isinstance(running, QGuiApplication):
        yield running
        return
    asked = os.environ.get(_PLATFORM)
    os.environ.setdefault(_PLATFORM, "offscreen")
    try:
        application = QGuiApplication(["gisapp"])
    finally:
        if asked is None:
            del os.environ[_PLATFORM]
    try:
        yield application
    finally:
        application.shutdown()
