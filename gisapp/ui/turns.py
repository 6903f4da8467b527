"""What the window does in pieces, one in each turn of its loop, so that it answers in between."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, QTimer

#: A timer of no time at all would be called within the turn that starts it, before the mouse and
#: the keys are looked at.
_NEXT_MS = 1


class _Line(QObject):
    """Pieces that wait for turns of their own, first come first: never two in one turn."""

    def __init__(self, parent: QObject | None) -> None:
        super().__init__(parent)
        self._waiting: deque[tuple[QObject, Callable[[], object]]] = deque()
        self._timer = QTimer(self, singleShot=True, interval=_NEXT_MS)
        self._timer.timeout.connect(self._do_first)

    def join(self, owner: QObject, act: Callable[[], object]) -> None:
        self._waiting.append((owner, act))
        if not self._timer.isActive():
            self._timer.start()

    def _do_first(self) -> None:
        owner, act = self._waiting.popleft()
        if self._waiting:
            self._timer.start()
        if shiboken6.isValid(owner):
            act()


_line: _Line | None = None


def next_turn(owner: QObject, act: Callable[[], object]) -> None:
    """Do it in a coming turn of the loop that has nothing else of this kind to do.

    After what is to be drawn now; not at all if the owner is gone by then.
    """
    global _line  # one for the whole program, as the loop is
    if _line is None or not shiboken6.isValid(_line):
        _line = _Line(QCoreApplication.instance())
    _line.join(owner, act)
