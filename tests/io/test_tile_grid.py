"""The grid of tiles: places, levels, parents, and the row that MBTiles counts from the south."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.io.tiles.grid import HALF, Tile, count_in, level_for, tile_at, tiles_in

levels = st.integers(0, 22)
places = st.floats(-HALF, HALF, exclude_max=True)


@st.composite
def some_tile(draw: st.DrawFn) -> Tile:
    z = draw(levels)
    inside = st.integers(0, (1 << z) - 1)
    return Tile(z, draw(inside), draw(inside))


@given(some_tile())
def test_the_middle_of_a_tile_lies_in_it(tile: Tile) -> None:
    west, south, east, north = tile.box
    assert tile_at((west + east) / 2, (south + north) / 2, tile.z) == tile


@given(places, places, levels)
def test_a_place_lies_in_its_tile(x: float, y: float, level: int) -> None:
    west, south, east, north = tile_at(x, y, level).box
    slack = 1e-6
    assert west - slack <= x <= east + slack
    assert south - slack <= y <= north + slack


@given(some_tile())
def test_a_row_from_south_and_one_from_north_are_mirrors(tile: Tile) -> None:
    assert tile._replace(y=tile.row_from_south).row_from_south == tile.y


@given(some_tile())
def test_children_have_their_parent_and_fill_it(tile: Tile) -> None:
    assert {child.parent for child in tile.children} == {tile}
    boxes = [child.box for child in tile.children]
    whole = tuple(f(box[i] for box in boxes) for i, f in enumerate((min, min, max, max)))
    assert whole == pytest.approx(tile.box, abs=1e-6)


@given(some_tile())
def test_the_box_of_a_tile_needs_that_tile_alone(tile: Tile) -> None:
    assert tiles_in(tile.box, tile.z) == (tile,)
    assert count_in(tile.box, tile.z) == 1


@given(places, places, st.floats(1.0, 50_000.0), st.integers(0, 12))
def test_tiles_in_a_box_meet_it_and_are_counted(
    x: float, y: float, side: float, level: int
) -> None:
    box = (x - side, y - side, x + side, y + side)
    if count_in(box, level) > 5000:
        return
    tiles = tiles_in(box, level)
    assert len(tiles) == len(set(tiles)) == count_in(box, level)
    slack = 2 * HALF / (1 << level) * 2e-6  # far less than a pixel of the tile
    for tile in tiles:
        west, south, east, north = tile.box
        assert west <= box[2] + slack and east >= box[0] - slack
        assert south <= box[3] + slack and north >= box[1] - slack
    assert tile_at(x, y, level) in tiles or side < slack


def test_the_world_is_one_tile_and_known_places_have_known_tiles() -> None:
    assert Tile(0, 0, 0).box == (-HALF, -HALF, HALF, HALF)
    # Fountain Square in Cincinnati, in tile 14/4345/6262 as every web map has it.
    assert tile_at(-84.5120 / 180 * HALF, 4736842.0, 14) == Tile(14, 4345, 6255)
    assert tiles_in((HALF + 1, 0, HALF + 10, 10), 3) == ()


def test_a_level_is_chosen_by_the_pixels_of_the_device() -> None:
    at_14 = 2 * HALF / (256 << 14)
    assert level_for(at_14) == 14
    assert level_for(at_14 / 2) == 15  # two device pixels a logical one
    assert level_for(at_14, 512) == 13
    assert level_for(1e9) == 0
