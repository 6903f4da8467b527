"""Progress of long work: reported by the worker, shown by whoever started it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from gisapp.errors import Cancelled

T = TypeVar("T")
R = TypeVar("R")
Listener = Callable[[float | None, str], None]

_thread = threading.local()


@contextmanager
def resting(rest: Callable[[], None] | None) -> Iterator[None]:
    """Within the block `breathe` calls `rest` on this thread; blocks may lie within each other."""
    former = getattr(_thread, "rest", None)
    _thread.rest = rest
    try:
        yield
    finally:
        _thread.rest = former


def breathe() -> None:
    """Give way for a moment to whoever must not wait, where this thread runs beside a window.

    For loops in Python deep within long work, which are handed no `Progress`.
    """
    rest = getattr(_thread, "rest", None)
    if rest is not None:
        rest()


def giving_way(work: Callable[[T], R]) -> Callable[[T], R]:
    """The same work, giving way on whatever thread as this one does: for pools of threads."""
    rest = getattr(_thread, "rest", None)

    def run(item: T) -> R:
        with resting(rest):
            return work(item)

    return run


class Progress:
    """Tell how far the work is, and learn whether it should stop. Silent by default.

    `report` takes a fraction from 0 to 1, or None where the end is not known, and raises
    `Cancelled` once somebody called `cancel`; so a worker that reports can be stopped. `rest` is
    called at every check: there a worker gives way to whoever must not wait.
    """

    def __init__(
        self, listener: Listener | None = None, rest: Callable[[], None] | None = None
    ) -> None:
        self._listener = listener
        self._rest = rest
        self._stop = threading.Event()

    def cancel(self) -> None:
        """Ask the work to stop at its next report; callable from any thread."""
        self._stop.set()

    @property
    def cancelled(self) -> bool:
        return self._stop.is_set()

    def check(self) -> None:
        """Raise `Cancelled` if the work should stop."""
        if self._stop.is_set():
            raise Cancelled
        if self._rest is not None:
            self._rest()

    def report(self, fraction: float | None, text: str = "") -> None:
        self.check()
        if self._listener is not None:
            self._listener(fraction, text)

    def part(self, start: float, end: float) -> Progress:
        """A Progress for one part of the work; its 0 to 1 is `start` to `end` of this one."""

        def listener(fraction: float | None, text: str) -> None:
            self.report(None if fraction is None else start + fraction * (end - start), text)

        part = Progress(listener, self._rest)
        part._stop = self._stop
        return part

    def track(self, items: Iterable[T], total: int, text: str = "") -> Iterator[T]:
        """Pass the items on, reporting before each."""
        for done, item in enumerate(items):
            self.report(done / total if total else None, text)
            yield item
