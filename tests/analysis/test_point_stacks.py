"""Points at the very same place: which one of them stands for all, and who they are."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gisapp.analysis.points.stacks import rows_of, stacks_of

POINTS = st.lists(st.tuples(st.integers(-2, 2), st.integers(-2, 2), st.integers(0, 3)), max_size=40)


@given(POINTS)
def test_each_place_looks_like_most_of_its_points(found: list[tuple[int, int, int]]) -> None:
    lon, lat, looks = np.array(found, dtype=np.int64).reshape(-1, 3).T
    at = lon.astype(np.float64), lat.astype(np.float64)
    first, which, counts = stacks_of(*at, looks.astype(np.int16))
    own = rows_of(which, counts)
    places = list(dict.fromkeys(zip(lon.tolist(), lat.tolist(), strict=True)))
    assert len(first) == len(counts) == len(places)
    for number, place in enumerate(places):
        some = [row for row, (x, y, _) in enumerate(found) if (x, y) == place]
        assert own(number).tolist() == some
        assert counts[number] == len(some)
        of_look = {look: [row for row in some if found[row][2] == look] for look in range(4)}
        most = max(of_look, key=lambda look: len(of_look[look]))
        assert first[number] == of_look[most][0]


def test_of_very_many_places_each_has_its_own_points() -> None:
    rng = np.random.default_rng(1)
    place = rng.integers(0, 20_000, 50_000)
    first, which, counts = stacks_of(
        rng.random(20_000)[place], rng.random(20_000)[place], np.zeros(50_000, np.int16)
    )
    own = rows_of(which, counts)
    several = np.flatnonzero(counts > 1)
    assert len(several) > 10_000
    rows = np.concatenate([own(int(number)) for number in several])
    assert len(rows) == counts[several].sum() == len(np.unique(rows))
    assert (which[rows] == np.repeat(several, counts[several])).all()
    assert (first[several] == [own(int(number))[0] for number in several]).all()
