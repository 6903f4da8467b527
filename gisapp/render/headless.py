"""Drawing with no window: what fonts and painters need, where there may be no display."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtGui import QGuiApplication


@contextmanager
def drawing() -> Iterator[QGuiApplication]:
    """Make sure that an application is there to draw with; one that runs already is used.

    One made here draws off screen and is kept until the end of the block.
    """
    running = QGuiApplication.instance()
    if isinstance(running, QGuiApplication):
        yield running
        return
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QGuiApplication(["gisapp"])
    try:
        yield application
    finally:
        application.shutdown()
