"""The window goes first, then its map: workers rest while one of them is in the middle of work.

Python runs one thread at a time. A turn of the window that needs twenty milliseconds would be
interrupted after each of them, and wait for whatever a worker does then.

A worker that goes in and out of libraries keeps the window waiting even where it lets go of Python
all the time: it takes it again before the window is awake. So a worker also rests for a moment of
its own accord, as often as it says where it is.

The map's image is what a person waits for after each drag. While it is drawn the other workers rest
as well: for a moment, and then for half of the time.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Literal

from PySide6.QtCore import QTimer

#: The longest that workers rest for one turn, and for the frame after it, in seconds: whoever waits
#: for a worker within a turn does so no longer than that.
_REST_S = 0.04
#: The longest that workers rest for one image of the map, in seconds: twice what most images take.
_IMAGE_S = 0.1
#: How long a worker works before it lets others go first, and for how long it does, in seconds: a
#: twentieth of the time. A thread needs some 0.1 ms to wake up and take its turn.
_STRETCH_S, _BREATH_S = 0.003, 0.00015
#: How much nicer each is than the window: the painter of the map may claim two thirds of what the
#: window may of a processor that both want, other workers two fifths. Not less: whoever holds the
#: lock of the interpreter would wait for other programs, and the window for them.
_NICER = {"map": 2, "worker": 4}


def behind_the_window(who: Literal["map", "worker"] = "worker") -> None:
    """Have the system run this thread after the window, where both want the same processor.

    For the start of a thread that does nothing else. Done on Linux, where threads of a program have
    niceness of their own, and as batch work they do not interrupt the window when they wake up; on
    other systems it does nothing.
    """
    if sys.platform != "linux":
        return
    thread = threading.get_native_id()
    nice = os.getpriority(os.PRIO_PROCESS, thread)
    os.setpriority(os.PRIO_PROCESS, thread, nice + _NICER[who])
    with suppress(OSError):  # not everywhere may a program choose
        os.sched_setscheduler(thread, os.SCHED_BATCH, os.sched_param(0))


class Courtesy:
    """The window's thread says when it is at work; workers call `wait` between their steps."""

    def __init__(self, rest_s: float = _REST_S, image_s: float = _IMAGE_S) -> None:
        self._rest_s, self._image_s = rest_s, image_s
        self._free, self._still = threading.Event(), threading.Event()
        self._free.set()
        self._still.set()
        self._until = self._image_until = 0.0
        self._worker = threading.local()
        self._turns = 0
        # A timer of no time at all: it ends after all that is drawn, for which a call put off by
        # `singleShot` would be too early.
        self._drawn = QTimer(singleShot=True, interval=0)
        self._drawn.timeout.connect(self.end_frame)

    @property
    def busy(self) -> bool:
        """Whether the window asks workers to rest."""
        return not self._free.is_set()

    def begin_frame(self) -> None:
        """The window begins to draw what is seen."""
        self._until = time.monotonic() + self._rest_s
        self._free.clear()

    def end_frame(self) -> None:
        """It has drawn all; the workers go on unless it is still in the turn it drew in."""
        if not self._turns:
            self._free.set()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """While everybody in the window is told of something; turns may lie within each other.

        The workers go on once the window has drawn what is different now.
        """
        self._turns += 1
        self.begin_frame()
        try:
            yield
        finally:
            self._turns -= 1
            self.begin_frame()
            self._drawn.start()

    @contextmanager
    def image(self) -> Iterator[None]:
        """While the painter of the map, of which there is one, draws an image."""
        self._image_until = time.monotonic() + self._image_s
        self._still.clear()
        try:
            yield
        finally:
            self._still.set()

    def wait(self) -> None:
        """Return once the window and the map are done, or have had time enough for it.

        Who has rested for the map then works as long before resting for it again, so that work goes
        on beside one image after the other.
        """
        self.wait_for_window()
        if self._still.is_set():
            return
        worker, begun = self._worker, time.monotonic()
        if begun >= getattr(worker, "works_until", 0.0):
            self._still.wait(max(self._image_until - begun, 0.0))
            worker.rested = now = time.monotonic()
            worker.works_until = now + (now - begun)

    def wait_for_window(self) -> None:
        """As `wait`, for the painter of the map, which rests for the window alone."""
        worker, now = self._worker, time.monotonic()
        if not self._free.is_set():
            self._free.wait(max(self._until - now, 0.0))
        elif now - getattr(worker, "rested", 0.0) > _STRETCH_S:
            time.sleep(_BREATH_S)
        else:
            return
        worker.rested = time.monotonic()
