"""What the window does in pieces, one in each turn of its loop, so that it answers in between."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, QTimer

from gisapp.ui.courtesy import Courtesy

#: A timer of no time at all would be called within the turn that starts it, before the mouse and
#: the keys are looked at.
_NEXT_MS = 1
#: A timer so late, in seconds, ends within a turn that had something else to do.
_LATE_S = 0.005


class _Line(QObject):
    """Pieces that wait for turns of their own, first come first: never two in one turn."""

    def __init__(self, parent: QObject | None) -> None:
        super().__init__(parent)
        self._waiting: deque[tuple[QObject, Callable[[], object]]] = deque()
        self._timer = QTimer(self, singleShot=True, interval=_NEXT_MS)
        self._timer.timeout.connect(self._do_first)
        self._due = 0.0
        self._put_off = False

    def join(self, owner: QObject, act: Callable[[], object]) -> None:
        self._waiting.append((owner, act))
        if not self._timer.isActive():
            self._start()

    def _start(self) -> None:
        self._due = time.monotonic() + _NEXT_MS / 1000
        self._timer.start()

    def _do_first(self) -> None:
        if not self._put_off and time.monotonic() - self._due > _LATE_S:
            # Once only: in a loop that is never idle a piece must come to its turn as well.
            self._put_off = True
            self._start()
            return
        self._put_off = False
        owner, act = self._waiting.popleft()
        if self._waiting:
            # Before the piece, which may turn the loop itself.
            self._start()
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


class Afterwards:
    """What follows a change but need not be there with it: done once for all that asks for it.

    In a turn of its own, while workers rest. Who needs it sooner calls `now`, which does nothing
    where nothing is asked for. The work may itself say that it has to be asked for again.
    """

    def __init__(self, owner: QObject, courtesy: Courtesy, act: Callable[[], object]) -> None:
        self._owner = owner
        self._courtesy = courtesy
        self._act = act
        self._asked = self._waiting = False

    def ask(self, *_: object) -> None:
        """Have it done soon; takes whatever a signal brings."""
        self._asked = True
        if not self._waiting:
            self._waiting = True
            next_turn(self._owner, self._in_turn)

    def _in_turn(self) -> None:
        self._waiting = False
        self.now()

    def now(self) -> None:
        """Do it at once if it is asked for."""
        if self._asked:
            self._asked = False
            with self._courtesy.turn():
                self._act()
