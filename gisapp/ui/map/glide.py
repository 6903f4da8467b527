"""A map that is let go in full swing glides on and comes to rest."""

from __future__ import annotations

import math
from collections import deque

from PySide6.QtCore import QElapsedTimer, QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtWidgets import QStyle, QWidget

#: The swing goes down to 1/e of itself in this time, and the map rests after `LONGEST_S`.
_SLOWS_S, LONGEST_S = 0.15, 0.6
#: Of the way of the mouse the last so many milliseconds tell its speed; fewer than the second
#: number tell nothing, and a mouse at rest for longer than the third was stopped on purpose.
_LOOKS_BACK, _LEAST, _STOPPED = 100, 15, 60
#: Pixels a second below which letting go is no flick, and the fastest one.
_SLOWEST, _FASTEST = 200.0, 4_000.0


class Swing:
    """How fast a mouse goes: its places of late, with the moment of each in milliseconds."""

    def __init__(self) -> None:
        self._places: deque[tuple[int, QPointF]] = deque(maxlen=32)

    def begin(self, at: QPointF, when: int) -> None:
        self._places.clear()
        self.follow(at, when)

    def follow(self, at: QPointF, when: int) -> None:
        self._places.append((when, at))

    def speed(self, when: int) -> QPointF:
        """Pixels a second at the moment of letting go; nothing for a mouse that was halted."""
        recent = [(t, at) for t, at in self._places if 0 <= when - t <= _LOOKS_BACK]
        if len(recent) < 2 or when - recent[-1][0] > _STOPPED:
            return QPointF()
        took = recent[-1][0] - recent[0][0]
        if took < _LEAST:
            return QPointF()
        speed = (recent[-1][1] - recent[0][1]) * (1000 / took)
        fast = math.hypot(speed.x(), speed.y())
        if fast < _SLOWEST:
            return QPointF()
        return speed * min(1.0, _FASTEST / fast)


def way_after(seconds: float) -> float:
    """How far a glide has come, as a part of a second at its first speed."""
    return _SLOWS_S * (1 - math.exp(-min(seconds, LONGEST_S) / _SLOWS_S))


class Glide(QObject):
    """`moved` carries the way since the start in pixels, `ended` tells that the map rests."""

    moved = Signal(float, float)
    ended = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._speed = QPointF()
        self._clock = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(15)
        self._timer.timeout.connect(self._step)

    @property
    def active(self) -> bool:
        return self._timer.isActive()

    @property
    def whole_way(self) -> QPointF:
        """Where it comes to rest, in pixels from the start."""
        return self._speed * way_after(LONGEST_S)

    def start(self, speed: QPointF) -> None:
        """Go on with this speed, in pixels a second."""
        self._speed = speed
        self._clock.start()
        self._timer.start()

    def stop(self) -> None:
        """Rest here and now."""
        if self._timer.isActive():
            self._timer.stop()
            self.ended.emit()

    def _step(self) -> None:
        seconds = self._clock.elapsed() / 1000
        way = self._speed * way_after(seconds)
        self.moved.emit(way.x(), way.y())
        if seconds >= LONGEST_S:
            self.stop()


def system_moves_things(widget: QWidget) -> bool:
    """Whether the user's system wants things on the screen to move by themselves."""
    hint = QStyle.StyleHint.SH_Widget_Animation_Duration
    return widget.style().styleHint(hint, None, widget) > 0
