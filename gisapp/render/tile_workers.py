"""A few threads that load what a map wishes for; what is wished for no longer is dropped."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)

#: Requests under way at a time: as few as servers ask their visitors for.
THREADS = 3
#: A thread without work ends after this time; the next wish starts another.
_IDLE_S = 2.0
#: Maps whose wishes are kept: window, overview, second map, a page.
_MAPS = 4


class TileWorkers(Generic[K]):
    """`load(key)` is called on a worker for each wish, then `loaded()`.

    Each map has a list of wishes of its own; a new list takes the place of the former one.
    """

    def __init__(self, load: Callable[[K], None], loaded: Callable[[], None]) -> None:
        self._load = load
        self._loaded = loaded
        self._changed = threading.Condition()
        self._wishes: OrderedDict[Hashable, deque[K]] = OrderedDict()
        self._under_way: set[K] = set()
        self._threads: set[threading.Thread] = set()
        self._closed = False

    @property
    def busy(self) -> bool:
        """Whether anything is still wished for or under way."""
        with self._changed:
            return bool(self._under_way) or any(self._wishes.values())

    @property
    def closed(self) -> bool:
        return self._closed

    def wish(self, who: Hashable, keys: Sequence[K]) -> None:
        """Load these, the first one first, in place of what `who` wished for before."""
        with self._changed:
            if self._closed:
                return
            self._wishes[who] = deque(keys)
            self._wishes.move_to_end(who)
            while len(self._wishes) > _MAPS:
                self._wishes.popitem(last=False)
            waiting = sum(len(wishes) for wishes in self._wishes.values())
            for _ in range(min(waiting, THREADS - len(self._threads))):
                name = f"gisapp-tiles-{len(self._threads)}"
                thread = threading.Thread(target=self._work, name=name, daemon=True)
                self._threads.add(thread)
                thread.start()
            self._changed.notify_all()

    def wait(self, done: Callable[[], bool], seconds: float) -> bool:
        """Wait until `done`, at most so long; it is asked whenever something was loaded."""
        with self._changed:
            return self._changed.wait_for(lambda: self._closed or done(), seconds) and done()

    def drop(self) -> None:
        """Forget all wishes; what is under way ends by itself."""
        with self._changed:
            self._wishes.clear()

    def close(self, patience_s: float = 1.0) -> None:
        """End the threads; one that waits for a server is left behind after a while."""
        with self._changed:
            self._closed = True
            self._wishes.clear()
            self._changed.notify_all()
            threads = tuple(self._threads)
        until = time.monotonic() + patience_s
        for thread in threads:
            thread.join(max(until - time.monotonic(), 0.0))

    def _next(self) -> K | None:
        for who in reversed(self._wishes):
            wishes = self._wishes[who]
            while wishes:
                key = wishes.popleft()
                if key not in self._under_way:
                    return key
        return None

    def _work(self) -> None:
        while True:
            with self._changed:
                key = self._next()
                if key is None and not self._closed:
                    self._changed.wait(_IDLE_S)
                    key = self._next()
                if key is None or self._closed:
                    self._threads.discard(threading.current_thread())
                    return
                self._under_way.add(key)
            try:
                self._load(key)
            finally:
                with self._changed:
                    self._under_way.discard(key)
                    self._changed.notify_all()
            self._loaded()
