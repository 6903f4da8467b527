"""Tiles of servers on disk: how long, how many, and that they say nothing of a project."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gisapp.io.tiles.grid import Tile
from gisapp.io.tiles.store import TileStore

ADDRESS = "https://tiles.example.org/{z}/{x}/{y}.png?key=secret"
DAY = 86_400.0


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.time = 1_750_000_000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_tile_comes_back_and_grows_old(tmp_path: Path, clock: Clock) -> None:
    store = TileStore(tmp_path, now=clock)
    assert store.get(ADDRESS, Tile(1, 0, 0)) is None
    store.put(ADDRESS, Tile(1, 0, 0), b"tile", '"e"', 2 * DAY)
    kept = store.get(ADDRESS, Tile(1, 0, 0))
    assert kept is not None and (kept.data, kept.etag, kept.fresh) == (b"tile", '"e"', True)
    clock.time += 3 * DAY
    kept = store.get(ADDRESS, Tile(1, 0, 0))
    assert kept is not None and not kept.fresh
    clock.time += 30 * DAY
    assert store.get(ADDRESS, Tile(1, 0, 0)) is None
    store.close()


def test_thirty_days_are_the_longest_whatever_a_server_says(tmp_path: Path, clock: Clock) -> None:
    store = TileStore(tmp_path, now=clock)
    store.put(ADDRESS, Tile(1, 0, 0), b"tile", "", 3000 * DAY)
    clock.time += 31 * DAY
    assert store.get(ADDRESS, Tile(1, 0, 0)) is None
    store.put(ADDRESS, Tile(1, 0, 1), b"tile", "", 0.0)
    assert store.get(ADDRESS, Tile(1, 0, 1)) is None
    store.close()


def test_addresses_do_not_share_tiles_and_are_not_written_down(tmp_path: Path) -> None:
    store = TileStore(tmp_path)
    store.put(ADDRESS, Tile(1, 0, 0), b"tile")
    assert store.get("https://other.example.org/{z}/{x}/{y}", Tile(1, 0, 0)) is None
    store.close()
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"example.org" not in written and b"secret" not in written
    assert store.path.stat().st_mode & 0o077 == 0


def test_what_was_not_drawn_for_the_longest_time_goes_first(tmp_path: Path, clock: Clock) -> None:
    store = TileStore(tmp_path, most_bytes=100_000, now=clock)
    for x in range(200):
        clock.time += 2 * 3600
        store.put(ADDRESS, Tile(10, x, 0), bytes([x]) * 1000)
        assert store.get(ADDRESS, Tile(10, 0, 0)) is not None  # looked at all the time
    held = [x for x in range(200) if store.get(ADDRESS, Tile(10, x, 0)) is not None]
    assert 70 <= len(held) <= 110
    assert held[0] == 0 and held[-1] == 199
    assert held[1:] == list(range(held[1], 200))
    store.close()


@settings(max_examples=15, deadline=None)
@given(sizes=st.lists(st.integers(1, 20_000), min_size=1, max_size=40))
def test_it_never_holds_much_more_than_it_may(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int]
) -> None:
    store = TileStore(tmp_path_factory.mktemp("store"), most_bytes=50_000)
    for x, size in enumerate(sizes):
        store.put(ADDRESS, Tile(10, x, 0), bytes(size))
    tiles = (store.get(ADDRESS, Tile(10, x, 0)) for x in range(len(sizes)))
    assert sum(len(kept.data) for kept in tiles if kept is not None) <= 50_000 * 1.1
    store.close()


def test_emptying_leaves_nothing(tmp_path: Path) -> None:
    store = TileStore(tmp_path)
    store.put(ADDRESS, Tile(1, 0, 0), b"where somebody looked" * 100)
    full = store.bytes
    store.empty()
    assert store.get(ADDRESS, Tile(1, 0, 0)) is None
    assert store.bytes <= full
    store.close()
    assert b"somebody" not in store.path.read_bytes()


def test_a_damaged_store_is_begun_anew(tmp_path: Path) -> None:
    path = TileStore(tmp_path).path
    path.write_bytes(b"no database at all" * 100)
    store = TileStore(tmp_path)
    assert store.get(ADDRESS, Tile(1, 0, 0)) is None
    store.put(ADDRESS, Tile(1, 0, 0), b"tile")
    assert store.get(ADDRESS, Tile(1, 0, 0)) is not None
    store.close()


def test_without_a_place_for_it_there_only_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    store = TileStore(tmp_path / "file" / "below")
    store.put(ADDRESS, Tile(1, 0, 0), b"tile")
    assert store.get(ADDRESS, Tile(1, 0, 0)) is None
    assert store.bytes == 0
    store.empty()
    store.close()
