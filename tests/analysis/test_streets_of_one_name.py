"""A name that several streets share: which of them a row means, and what is said of it."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gisapp.analysis.streets.one_name import Named, meant, scattered_words, spread
from gisapp.layers import geodesy

PLANE = geodesy.Plane(-84.52, 39.11)


def line(east: float, north: float, length: float = 300.0) -> shapely.LineString:
    ends = [(east, north), (east + length, north)]
    return shapely.LineString(PLANE.shape_to_degrees(shapely.LineString(ends)).coords)


#: Main St of three towns, the first in two pieces; Elm St of the first; Oak St of two.
MAIN = Named("Main St", (line(0, 0), line(900, 0), line(20_000, 0), line(0, 30_000)))
ELM = Named("Elm St", (line(0, 400),))
OAK = Named("Oak St", (line(100, 500), line(20_000, 500)))


def test_pieces_of_one_street_are_no_streets_of_their_own() -> None:
    one = Named("Main St", MAIN.lines[:2])
    assert meant([one]).lines == one.lines
    assert meant([one]).told == ()


def test_all_streets_of_a_name_are_taken_where_nothing_says_which_and_that_is_told() -> None:
    found = meant([MAIN])
    assert found.lines == MAIN.lines
    assert found.told == (
        "“Main St” is the name of 3 streets up to 36 km apart, and all are taken. "
        "Give a point or an area beside it for the one meant.",
    )


def test_the_street_near_the_others_of_the_row_is_taken() -> None:
    found = meant([MAIN, ELM])
    assert found.lines == (*MAIN.lines[:2], *ELM.lines)
    assert found.told == (
        "“Main St” is the name of 3 streets up to 36 km apart; the one near “Elm St” is taken.",
    )


def test_two_places_where_all_names_are_found_leave_it_open() -> None:
    found = meant([MAIN, OAK])
    assert found.lines == (*MAIN.lines, *OAK.lines)
    assert all("all are taken" in words for words in found.told)
    assert len(found.told) == 2


def test_the_street_nearest_to_the_point_of_the_row_is_taken() -> None:
    at = shapely.centroid(line(19_000, 4_000))
    found = meant([MAIN, OAK], at)
    assert found.lines == (MAIN.lines[2], OAK.lines[1])
    assert found.told[0].endswith("; the one nearest to the row’s own place is taken.")


def test_all_streets_that_an_outline_touches_are_taken() -> None:
    outline = PLANE.shape_to_degrees(shapely.box(-50, -50, 21_000, 50))
    found = meant([MAIN], outline)
    assert found.lines == MAIN.lines[:3]
    assert found.told[0].endswith("; those 2 nearest to the row’s own place are taken.")


@pytest.mark.parametrize(("streets", "said"), [("Main  St", True), ("", False)])
def test_a_deployment_in_several_places_says_so_where_streets_place_it(
    streets: str, said: bool
) -> None:
    bands = shapely.union_all([geodesy.buffer(one, 10) for one in MAIN.lines])
    words = scattered_words(bands, streets)
    assert words.startswith("“Main St” stands for streets in 3 places up to 36 km apart.") is said
    assert not scattered_words(geodesy.buffer(MAIN.lines[0], 10), streets)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=12))
def test_places_are_those_that_steps_of_a_mile_join(cells: list[tuple[int, int]]) -> None:
    points = [PLANE.shape_to_degrees(shapely.Point(x * 1_000, y * 1_000)) for x, y in cells]
    found = spread(points).place.tolist()
    for (x, y), place in zip(cells, found, strict=True):
        for (u, v), other in zip(cells, found, strict=True):
            # Steps of 1,000 m and 1,414 m join; from 2,000 m on none does by itself.
            if max(abs(x - u), abs(y - v)) <= 1:
                assert place == other
    grown = shapely.union_all([shapely.box(x - 1, y - 1, x + 1, y + 1) for x, y in cells])
    assert len(set(found)) >= len(shapely.get_parts(grown))
