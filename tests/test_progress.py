"""Workers give way to whoever must not wait, on whatever thread they work."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from gisapp.progress import breathe, giving_way, resting


def test_a_pool_gives_way_as_the_thread_that_asks_it() -> None:
    rests: list[str] = []

    def work(name: str) -> str:
        breathe()
        return name.upper()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(giving_way(work), "ab")) == ["A", "B"]
        assert rests == [], "nobody must be waited for here"
        with resting(lambda: rests.append(threading.current_thread().name)):
            assert list(pool.map(giving_way(work), "cd")) == ["C", "D"]
        assert len(rests) == 2 and threading.current_thread().name not in rests
