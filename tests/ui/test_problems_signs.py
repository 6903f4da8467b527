"""Signs of problems on the map: one for those close together, beside what is there."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gisapp.render.view import MapView
from gisapp.ui.problems.signs import ProblemSigns

VIEW = MapView.fit((-84.6, 39.0, -84.4, 39.2), 600, 500)


def signs_of(places: list[tuple[float, float]]) -> ProblemSigns:
    signs = ProblemSigns()
    signs.places = tuple(places)
    return signs


def test_a_sign_stands_beside_its_place() -> None:
    (sign,) = signs_of([(-84.5, 39.1)]).signs(VIEW)
    x, y = VIEW.to_screen(np.array([-84.5]), np.array([39.1]))
    assert sign.count == 1
    # A service is drawn as a disc of about 8 pixels' radius there.
    assert sign.x - x[0] > 6 and y[0] - sign.y > 6


def test_many_are_few_signs_far_and_each_has_its_own_near() -> None:
    chance = np.random.default_rng(4)
    places = list(zip(chance.normal(-84.5, 0.01, 89), chance.normal(39.1, 0.01, 89), strict=True))
    signs = signs_of(places)
    far = signs.signs(VIEW)
    assert sum(one.count for one in far) == 89
    assert len(far) < 20
    lon, lat = places[0]
    near = MapView.fit((lon - 0.0005, lat - 0.0005, lon + 0.0005, lat + 0.0005), 600, 500)
    assert all(one.count == 1 for one in signs.signs(near))


def test_signs_stay_on_the_ground_while_the_map_is_moved() -> None:
    chance = np.random.default_rng(5)
    places = list(zip(chance.normal(-84.5, 0.02, 60), chance.normal(39.1, 0.02, 60), strict=True))
    before, after = (signs_of(places).signs(view) for view in (VIEW, VIEW.panned(20, 10)))
    moved = {(round(one.x + 20), round(one.y + 10), one.count) for one in before}
    assert moved == {(round(one.x), round(one.y), one.count) for one in after}


@given(
    places=st.lists(
        st.tuples(st.floats(-84.59, -84.41), st.floats(39.02, 39.18)), max_size=60, unique=True
    )
)
def test_every_place_is_counted_once(places: list[tuple[float, float]]) -> None:
    assert sum(one.count for one in signs_of(places).signs(VIEW)) == len(places)
