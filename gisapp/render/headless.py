"""Drawing without a window: fonts and images need a QGuiApplication, but no display."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtGui import QGuiApplication


@contextmanager
def drawing() -> Iterator[None]:
    """Everything drawn inside has fonts; uses the application that is there, or makes one."""
    if QGuiApplication.instance() is not None:
        yield
        return
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QGuiApplication(["gisapp"])
    try:
        yield
    finally:
        application.shutdown()
