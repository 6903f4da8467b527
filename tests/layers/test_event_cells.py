"""Counts per cell give no small count away, neither alone nor beside another map."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gisapp.layers.audience import SMALL_COUNT, Audience
from gisapp.layers.event_cells import EventCells, cell_grid, event_cells
from gisapp.layers.layer import Points

cells = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=8)


def layer_of(parts: list[tuple[int, int]]) -> tuple[Points, np.ndarray]:
    """Points in cells side by side: so many that pass a filter and so many that do not."""
    step = cell_grid(Points(np.array([0.01]), np.array([0.01]))).lon_step * 10
    lon: list[float] = []
    kept: list[bool] = []
    for number, (passing, other) in enumerate(parts):
        lon += [(number + 0.5) * step] * (passing + other)
        kept += [True] * passing + [False] * other
    return Points(np.array(lon), np.full(len(lon), 0.001)), np.array(kept, dtype=bool)


def told(found: EventCells) -> dict[tuple[int, int], int]:
    places = zip(found.columns.tolist(), found.rows.tolist(), strict=True)
    return dict(zip(places, found.counts.tolist(), strict=True))


@given(cells)
def test_a_filtered_map_beside_the_whole_one_gives_no_small_count_away(
    parts: list[tuple[int, int]],
) -> None:
    points, kept = layer_of(parts)
    if not len(points):
        return
    whole = told(event_cells(points, Audience.PARTNERS))
    part = told(event_cells(points, Audience.PARTNERS, kept))
    for place in whole.keys() & part.keys():
        rest = whole[place] - part[place]
        assert rest == 0 or rest >= SMALL_COUNT


@given(cells)
def test_police_lose_no_event(parts: list[tuple[int, int]]) -> None:
    points, kept = layer_of(parts)
    if len(points):
        found = event_cells(points, Audience.POLICE, kept)
        assert int(found.counts.sum()) == int(kept.sum())


@given(cells)
def test_no_count_below_the_threshold_is_told(parts: list[tuple[int, int]]) -> None:
    points, kept = layer_of(parts)
    if len(points):
        counts = event_cells(points, Audience.PUBLIC, kept).counts
        assert (counts >= SMALL_COUNT).all()
