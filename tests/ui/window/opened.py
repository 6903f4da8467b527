"""The dialog that was asked for, once it is open."""

from __future__ import annotations

import time
from typing import TypeVar

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

D = TypeVar("D", bound=QDialog)


def opened(kind: type[D]) -> D:
    """A dialog opens in the turn after the one in which it was made."""
    given_up = time.monotonic() + 5.0
    while not isinstance(found := QApplication.activeModalWidget(), kind):
        assert time.monotonic() < given_up, f"no {kind.__name__} opened, but {found}"
        QTest.qWait(1)
    return found
