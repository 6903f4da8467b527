"""What gisapp relies on in the toolkit itself, so that a bad release of it shows here first."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, Signal, Slot

CALLS = 200
#: A few references come and go by themselves; a leak or a loss shows once for each call.
NOISE = 20


class Bell(QObject):
    rung = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.heard = 0
        self.rung.connect(self.hear)

    @Slot(bool)
    def hear(self, _: bool) -> None:
        self.heard += 1


def test_signals_keep_their_references(qapp: object) -> None:
    """PySide6 6.12.0 on Python 3.11 loses one of True and None at each signal, then aborts."""
    bell = Bell()
    before = sys.getrefcount(True), sys.getrefcount(None)
    for _ in range(CALLS):
        bell.rung.emit(True)
        bell.setObjectName("bell")
    after = sys.getrefcount(True), sys.getrefcount(None)
    assert bell.heard == CALLS
    for old, new in zip(before, after, strict=True):
        assert abs(new - old) < NOISE
