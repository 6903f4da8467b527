"""What was prepared is made once, and goes when that is gone which it was made from."""

from __future__ import annotations

import gc
import threading

import numpy as np
import pytest

from gisapp.errors import Cancelled
from gisapp.layers.layer import Points
from gisapp.render.cache import Cache


def points() -> Points:
    return Points(np.zeros(1), np.zeros(1))


def test_a_value_is_made_once() -> None:
    cache, owner, made = Cache(), points(), []
    for _ in range(3):
        cache.get((owner,), "index", 0, lambda: made.append(1))
    assert made == [1]


def test_another_layer_has_its_own_value() -> None:
    cache, one, other = Cache(), points(), points()
    assert cache.get((one,), "index", 0, lambda: "one") == "one"
    assert cache.get((other,), "index", 0, lambda: "other") == "other"


def test_values_go_with_their_owner() -> None:
    cache, owner = Cache(), points()
    cache.get((owner,), "index", 0, lambda: "value")
    assert cache.size == 1
    del owner
    gc.collect()
    assert cache.size == 0


def test_only_the_last_variants_are_kept() -> None:
    cache, owner, made = Cache(), points(), []
    for band in (1, 2, 3, 1):
        cache.get((owner,), "paths", band, lambda band=band: made.append(band), keep=2)
    assert made == [1, 2, 3, 1]


def test_large_variants_are_bounded_by_their_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gisapp.render.cache.MOST_BYTES", 2_000)
    cache, owner = Cache(), points()
    for band in (1, 2, 3):
        cache.get((owner,), "image", band, lambda: (np.zeros(100),))
    kept = [band for band in (1, 2, 3) if cache.known((owner,), "image", band) is not None]
    assert kept == [2, 3]
    cache.get((owner,), "image", 4, lambda: np.zeros(1000))
    kept = [band for band in (2, 3, 4) if cache.known((owner,), "image", band) is not None]
    assert kept == [4], "the newest stays, however large"


def test_a_cancelled_value_is_made_anew() -> None:
    cache, owner = Cache(), points()

    def stopped() -> str:
        raise Cancelled

    with pytest.raises(Cancelled):
        cache.get((owner,), "index", 0, stopped)
    assert cache.get((owner,), "index", 0, lambda: "value") == "value"


def test_threads_wait_for_the_one_that_makes_it() -> None:
    cache, owner = Cache(), points()
    started, go = threading.Event(), threading.Event()
    made: list[int] = []

    def slow() -> int:
        started.set()
        go.wait(5)
        made.append(1)
        return 7

    results: list[int] = []
    ask = [
        threading.Thread(target=lambda: results.append(cache.get((owner,), "x", 0, slow)))
        for _ in range(2)
    ]
    ask[0].start()
    started.wait(5)
    ask[1].start()
    go.set()
    for thread in ask:
        thread.join(5)
    assert results == [7, 7]
    assert made == [1]


def test_what_is_known_is_told_without_making_it() -> None:
    cache, owner = Cache(), points()
    assert cache.known((owner,), "index", 0) is None
    cache.get((owner,), "index", 0, lambda: "value")
    assert cache.known((owner,), "index", 0) == "value"
    assert cache.known((owner,), "index", 1) is None
