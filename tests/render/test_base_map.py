"""The base map under a drawn map: levels, stand-ins, dark screens, pages, and who is asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from gisapp.errors import Cancelled
from gisapp.io.tiles.files import base_map_of
from gisapp.io.tiles.grid import HALF, Tile, tiles_in
from gisapp.io.tiles.info import Answer, ServerError
from gisapp.io.tiles.store import TileStore
from gisapp.layers.base_map import BaseMap, BaseMapKind
from gisapp.layers.project import Project
from gisapp.progress import Progress
from gisapp.render.cache import Cache
from gisapp.render.export import export_map_task
from gisapp.render.furniture import sources
from gisapp.render.look import Scene
from gisapp.render.palette import DARK, LIGHT
from gisapp.render.paper.words import footnotes
from gisapp.render.scene import render_image
from gisapp.render.tile_pictures import Pictures, decoded, is_pale, night
from gisapp.render.tiles import Tiles
from gisapp.render.view import MapView
from tests.render.conftest import far, look, pixel
from tests.tiles import mbtiles, picture

RED, GREEN, BLUE, WHITE = "#c03020", "#209040", "#2040c0", "#ffffff"
ADDRESS = "https://tiles.example.org/{z}/{x}/{y}.png"
SERVER = BaseMap(BaseMapKind.XYZ, ADDRESS)
WORLD = Tile(0, 0, 0).box
MADE = datetime(2026, 1, 2, tzinfo=UTC)


def view_of(tile: Tile, *, size: int = 256, dpr: float = 1.0) -> MapView:
    """A view that shows just this tile, a logical pixel for each of `size`."""
    west, south, east, north = tile.box
    middle = (west + east) / 2, (south + north) / 2
    return MapView(*middle, (east - west) / size, size, size, dpr)


@pytest.fixture
def cache() -> Iterator[Cache]:
    made = Cache()
    yield made
    made.tiles.close()


def of(tmp_path: Path, tiles: dict[Tile, bytes], **metadata: str) -> BaseMap:
    return base_map_of(mbtiles(tmp_path / "map.mbtiles", tiles, **metadata))


def drawn(base_map: BaseMap, view: MapView, cache: Cache, **more: object) -> QImage:
    """The sharp image, once all tiles that can be had are there."""
    scene = Scene(Project(base_map=base_map), view, look(**more))
    render_image(scene, cache)
    for _ in range(6):  # coarser tiles are wished for once finer ones turned out missing
        assert cache.tiles._workers.wait(lambda: not _waiting(cache), 5)
        image = render_image(scene, cache)
    return image


def _waiting(cache: Cache) -> bool:
    workers = cache.tiles._workers
    return bool(workers._under_way) or any(workers._wishes.values())


def four(z: int = 1) -> dict[Tile, bytes]:
    """The four tiles of level 1, each of another colour."""
    colors = (RED, GREEN, BLUE, "#808080")
    return dict(zip(Tile(0, 0, 0).children, map(picture, colors), strict=True))


# From files


def test_each_tile_lies_where_it_belongs(tmp_path: Path, cache: Cache) -> None:
    view = view_of(Tile(0, 0, 0), size=512)
    image = drawn(of(tmp_path, four()), view, cache)
    for place, color in (((100, 100), RED), ((400, 100), GREEN), ((100, 400), BLUE)):
        assert pixel(image, *place) == color


def test_no_seam_shows_between_tiles_at_any_resolution(tmp_path: Path, cache: Cache) -> None:
    base_map = of(tmp_path, {tile: picture(RED) for tile in four()})
    for size in (400, 511, 517.3, 700):
        view = replace(view_of(Tile(0, 0, 0)), resolution=2 * HALF / size, width=200, height=200)
        image = drawn(base_map, view.panned(3.3, 7.7), cache)
        assert {pixel(image, x, y) for x in range(0, 200, 3) for y in range(200)} == {RED}


def test_on_a_dense_screen_finer_tiles_are_drawn(tmp_path: Path, cache: Cache) -> None:
    base_map = of(tmp_path, {Tile(0, 0, 0): picture(WHITE), **four()})
    plain = drawn(base_map, view_of(Tile(0, 0, 0)), cache)
    assert pixel(plain, 50, 50) == WHITE
    dense = drawn(base_map, view_of(Tile(0, 0, 0), dpr=2.0), cache)
    assert pixel(dense, 50, 50) == RED


def test_large_tiles_are_taken_from_a_coarser_level(tmp_path: Path, cache: Cache) -> None:
    whole = {Tile(0, 0, 0): picture(WHITE, 512)}
    base_map = of(tmp_path, {**whole, **{t: picture(RED, 512) for t in four()}})
    drawn(base_map, view_of(Tile(0, 0, 0), size=512), cache)
    image = drawn(base_map, view_of(Tile(0, 0, 0), size=512), cache)
    assert pixel(image, 50, 50) == WHITE


def test_beyond_the_finest_level_its_tiles_are_stretched(tmp_path: Path, cache: Cache) -> None:
    image = drawn(of(tmp_path, four()), view_of(Tile(9, 3, 3)), cache)
    assert pixel(image, 128, 128) == RED
    assert pixel(drawn(of_again(tmp_path), view_of(Tile(22, 9, 9)), cache), 128, 128) == RED


def of_again(tmp_path: Path) -> BaseMap:
    return base_map_of(tmp_path / "map.mbtiles")


def test_where_a_tile_is_missing_the_coarser_one_stands_in(tmp_path: Path, cache: Cache) -> None:
    tiles = {Tile(0, 0, 0): picture(WHITE), Tile(2, 0, 0): picture(RED)}
    image = drawn(of(tmp_path, tiles), view_of(Tile(0, 0, 0), size=1024), cache)
    assert pixel(image, 100, 100) == RED
    assert pixel(image, 700, 700) == WHITE


def test_above_the_coarsest_level_nothing_is_loaded_by_the_thousand(
    tmp_path: Path, cache: Cache
) -> None:
    base_map = of(tmp_path, {Tile(12, 5, 5): picture(RED)})
    image = drawn(base_map, view_of(Tile(0, 0, 0)), cache)
    assert pixel(image, 128, 128) == LIGHT.background.lower()
    assert not cache.tiles.busy


def test_hidden_and_clear_ones_are_left_out(tmp_path: Path, cache: Cache) -> None:
    base_map = of(tmp_path, four())
    view = view_of(Tile(0, 0, 0), size=512)
    assert pixel(drawn(replace(base_map, visible=False), view, cache), 9, 9) != RED
    half = pixel(drawn(replace(base_map, opacity=0.5), view, cache), 9, 9)
    assert far(half, RED) > 30 and far(half, LIGHT.background) > 30


def test_a_broken_picture_leaves_its_place_to_the_coarser_one(tmp_path: Path, cache: Cache) -> None:
    broken = picture(RED)[:60]
    tiles = {Tile(0, 0, 0): picture(WHITE), Tile(1, 0, 0): broken, Tile(1, 1, 1): picture(BLUE)}
    image = drawn(of(tmp_path, tiles), view_of(Tile(0, 0, 0), size=512), cache)
    assert pixel(image, 100, 100) == WHITE
    assert pixel(image, 400, 400) == BLUE


# On a dark screen


def test_a_pale_map_turns_dark_and_its_ink_light(tmp_path: Path, cache: Cache) -> None:
    base_map = of(tmp_path, {Tile(0, 0, 0): picture(WHITE)})
    image = drawn(base_map, view_of(Tile(0, 0, 0)), cache, dark=True)
    assert far(pixel(image, 100, 100), DARK.background) <= 1
    paper, ink = (decoded(picture(color)) for color in (WHITE, "#000000"))
    assert paper is not None and ink is not None
    assert is_pale(paper) and not is_pale(ink)
    assert night(ink).pixelColor(0, 0).lightness() > night(paper).pixelColor(0, 0).lightness()
    colored = decoded(picture("#ffccff"))
    assert colored is not None
    toned = night(colored).pixelColor(3, 3)
    assert toned.saturation() < 60  # no colour that a layer could be taken for


def test_a_photograph_is_only_dimmed(tmp_path: Path, cache: Cache) -> None:
    base_map = of(tmp_path, {Tile(0, 0, 0): picture("#405030")})
    light = drawn(base_map, view_of(Tile(0, 0, 0)), cache)
    dark = drawn(base_map, view_of(Tile(0, 0, 0)), cache, dark=True)
    assert pixel(light, 9, 9) == "#405030"
    assert far(pixel(dark, 9, 9), "#405030") > 5
    assert pixel(dark, 9, 9)[3:5] > pixel(dark, 9, 9)[1:3]  # still green


# Pictures


def test_only_known_pictures_of_a_sound_size_are_decoded() -> None:
    assert decoded(b"") is None
    assert decoded(b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>") is None
    assert decoded(picture(RED, 8, "BMP")) is None
    assert decoded(picture(RED, 3000)) is None
    for form in ("PNG", "JPG", "WEBP"):
        image = decoded(picture(RED, 8, form))
        assert image is not None and image.width() == 8


def test_pictures_in_memory_are_bounded_by_their_bytes() -> None:
    image = decoded(picture(RED, 64))
    assert image is not None
    pictures = Pictures(most_bytes=10 * image.sizeInBytes())
    for number in range(100):
        pictures.put(number, image.copy())
        pictures.get(0)
    assert pictures.bytes <= 10 * image.sizeInBytes()
    assert pictures.get(0) is not None and pictures.get(99) is not None
    assert pictures.get(50) is None


def test_a_map_larger_than_the_memory_for_it_is_loaded_once(
    tmp_path: Path, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = Pictures(most_bytes=100_000)
    monkeypatch.setattr(cache.tiles, "_pictures", small)
    base_map = of(tmp_path, {tile: picture(RED, 64) for tile in tiles_in(WORLD, 4)})
    view = view_of(Tile(0, 0, 0), size=1024)
    drawn(base_map, view, cache)
    render_image(Scene(Project(base_map=base_map), view, look()), cache)
    assert not cache.tiles.busy
    assert small.bytes > 100_000


# From servers


class Asked:
    """Stands for the network: answers with one picture, and keeps what was asked."""

    def __init__(self, answer: Callable[[Tile], Answer] | None = None) -> None:
        self.tiles: list[Tile] = []
        self.etags: list[str] = []
        self.most = 0
        self._now = 0
        self._lock = threading.Lock()
        self._answer = answer or (lambda _: Answer(picture(GREEN)))

    def __call__(self, address: str, tile: Tile, etag: str, stop: object) -> Answer:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
            self.tiles.append(tile)
            self.etags.append(etag)
        try:
            return self._answer(tile)
        finally:
            with self._lock:
                self._now -= 1


def served_by(asked: Asked, store: TileStore | None = None) -> Cache:
    cache = Cache()
    cache.tiles = Tiles(store, lambda: asked)
    return cache


def test_no_server_is_asked_before_the_user_agreed() -> None:
    asked = Asked()
    cache = served_by(asked)
    view = view_of(Tile(3, 1, 1), size=512)
    assert pixel(drawn(SERVER, view, cache), 9, 9) == LIGHT.background.lower()
    cache.tiles.agree(("https://other.example.org/{z}/{x}/{y}",))
    drawn(SERVER, view, cache)
    drawn(SERVER, view, cache, exported=True, fetch_tiles=True)
    assert asked.tiles == []
    cache.tiles.agree((ADDRESS,))
    assert pixel(drawn(SERVER, view, cache), 9, 9) == GREEN
    assert asked.tiles
    cache.tiles.close()


def test_few_are_asked_for_at_a_time_and_each_once() -> None:
    asked = Asked()
    cache = served_by(asked)
    cache.tiles.agree((ADDRESS,))
    drawn(SERVER, view_of(Tile(3, 1, 1), size=2048), cache)
    assert len(asked.tiles) == len(set(asked.tiles)) == 64
    assert asked.most <= 4
    cache.tiles.close()


def test_what_fails_is_said_once_and_not_tried_again() -> None:
    def fail(tile: Tile) -> Answer:
        raise ServerError("tiles.example.org answered with an error (500).")

    asked, told = Asked(fail), []
    cache = served_by(asked)
    cache.tiles.on_trouble = told.append
    cache.tiles.agree((ADDRESS,))
    for _ in range(3):
        drawn(SERVER, view_of(Tile(3, 1, 1), size=2048), cache)
    assert len(told) == 1 and "500" in told[0]
    assert len(asked.tiles) <= 6  # three in a row, and what was under way meanwhile
    cache.tiles.close()


def test_tiles_on_disk_are_not_asked_for_and_old_ones_are_asked_about(tmp_path: Path) -> None:
    now = [1_750_000_000.0]
    store = TileStore(tmp_path, now=lambda: now[0])
    view, asked = view_of(Tile(3, 1, 1)), Asked(lambda _: Answer(picture(GREEN), 60.0, '"v1"'))
    for expected in (1, 1):
        cache = served_by(asked, store)
        cache.tiles.agree((ADDRESS,))
        assert pixel(drawn(SERVER, view, cache), 9, 9) == GREEN
        assert len(asked.tiles) == expected
        cache.tiles.close()
    now[0] += 3600
    asked = Asked(lambda _: Answer(None, 60.0, unchanged=True))
    cache = served_by(asked, store)
    cache.tiles.agree((ADDRESS,))
    assert pixel(drawn(SERVER, view, cache), 9, 9) == GREEN
    assert asked.etags == ['"v1"']
    kept = store.get(ADDRESS, Tile(3, 1, 1))
    assert kept is not None and kept.fresh and kept.etag == '"v1"'
    cache.tiles.close()


def test_when_the_server_is_gone_old_tiles_are_still_shown(tmp_path: Path) -> None:
    def fail(tile: Tile) -> Answer:
        raise ServerError("tiles.example.org cannot be reached.")

    now = [1_750_000_000.0]
    store = TileStore(tmp_path, now=lambda: now[0])
    store.put(ADDRESS, Tile(3, 1, 1), picture(GREEN), "", 60.0)
    now[0] += 86_400
    cache = served_by(Asked(fail), store)
    cache.tiles.agree((ADDRESS,))
    assert pixel(drawn(SERVER, view_of(Tile(3, 1, 1)), cache), 9, 9) == GREEN
    cache.tiles.close()


def test_where_a_server_has_no_finer_tile_the_coarser_one_is_asked_for() -> None:
    asked = Asked(lambda tile: Answer(picture(GREEN) if tile.z <= 4 else None))
    cache = served_by(asked)
    cache.tiles.agree((ADDRESS,))
    for _ in range(4):
        image = drawn(SERVER, view_of(Tile(6, 9, 9)), cache)
    assert pixel(image, 100, 100) == GREEN
    assert len(asked.tiles) == len(set(asked.tiles))
    cache.tiles.close()


# Pages


def test_a_page_waits_for_its_tiles_and_names_their_makers(tmp_path: Path, cache: Cache) -> None:
    base_map = of(tmp_path, four(), attribution="© Mappers")
    project, view = Project(base_map=base_map), view_of(Tile(0, 0, 0))
    for suffix in ("png", "pdf", "svg"):
        path = tmp_path / f"page.{suffix}"
        task = export_map_task(project, view, look(), path, title="A", cache=cache)
        task.work(Progress())
        assert path.stat().st_size > 1000
    image = QImage(str(tmp_path / "page.png"))
    seen = {image.pixelColor(x, y).name() for x in range(0, image.width(), 9) for y in (500, 1200)}
    assert {RED, GREEN} <= seen
    assert any("© Mappers" in note for note in footnotes(project, look(), MADE))
    assert sources(project, look())[0] == "© Mappers"
    assert sources(replace(project, base_map=replace(base_map, visible=False)), look()) == ()


def test_a_page_asks_a_server_only_if_that_was_wanted(tmp_path: Path) -> None:
    asked = Asked()
    store = TileStore(tmp_path / "kept")
    cache = served_by(asked, store)
    cache.tiles.agree((ADDRESS,))
    project, view = Project(base_map=SERVER), view_of(Tile(3, 1, 1))
    task = export_map_task(project, view, look(), tmp_path / "a.png", title="A", cache=cache)
    task.work(Progress())
    assert asked.tiles == []
    store.put(ADDRESS, Tile(3, 1, 1), picture(RED))
    wanted = look(fetch_tiles=True)
    said: list[str] = []
    task = export_map_task(project, view, wanted, tmp_path / "b.png", title="A", cache=cache)
    task.work(Progress(lambda _, text: said.append(text)))
    assert asked.tiles
    assert any("tiles" in text for text in said)
    cache.tiles.close()


def test_a_page_can_be_stopped_while_tiles_come(tmp_path: Path) -> None:
    progress = Progress()

    def slow(tile: Tile) -> Answer:
        progress.cancel()
        return Answer(picture(GREEN))

    cache = served_by(Asked(slow))
    cache.tiles.agree((ADDRESS,))
    path = tmp_path / "a.png"
    task = export_map_task(
        Project(base_map=SERVER),
        view_of(Tile(3, 1, 1)),
        look(fetch_tiles=True),
        path,
        title="A",
        cache=cache,
    )
    with pytest.raises(Cancelled):
        task.work(progress)
    assert not path.exists()
    cache.tiles.close()
