"""Gi* against published figures and against esda."""

from __future__ import annotations

import warnings
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gisapp.analysis.hotspots.getis_ord import band_weights, classes, getis_ord_star, gi_star
from gisapp.analysis.hotspots.grid import disc_sums

X = np.array([10.0, 20.0, 40.0, 15.0, 30.0, 30.0])
Y = np.array([10.0, 10.0, 10.0, 20.0, 20.0, 30.0])
VALUES = np.array([2.0, 3.0, 3.2, 5.0, 8.0, 7.0])


def test_the_six_points() -> None:
    scores = gi_star(VALUES, band_weights(X, Y, 15.0))
    printed = [-1.39727626, -0.28917762, 0.65064964, -0.28917762, 1.23452088, 2.02424331]
    assert scores == pytest.approx(printed, abs=5e-9)


def test_the_six_points_as_cells_of_a_grid() -> None:
    """The same six places as the only cells that take part in a grid of 5 m."""
    counts = np.zeros((7, 9), dtype=np.int32)
    mask = np.zeros(counts.shape, dtype=bool)
    rows, columns = (Y / 5).astype(int), (X / 5).astype(int)
    counts[rows, columns] = (VALUES * 10).round()
    mask[rows, columns] = True
    scores = getis_ord_star(counts, mask, 15 / 5)
    assert scores[rows, columns] == pytest.approx(gi_star(VALUES, band_weights(X, Y, 15.0)))
    assert (scores[~mask] == 0).all()


def test_north_carolina(shared_data: Path) -> None:
    """Sudden infant deaths 1979-84 by county, queen neighbours (reference-results, 6.1)."""
    counties = gpd.read_file(shared_data / "reference" / "sids2" / "sids2.shp")
    shapes = counties.geometry.to_numpy()
    weights = np.eye(len(shapes))
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    weights[one, other] = 1.0
    scores = gi_star(counties["SIDR79"].to_numpy(), weights)
    highest = dict(zip(counties["NAME"], scores, strict=True))
    assert highest["Robeson"] == pytest.approx(3.1132, abs=5e-5)
    assert highest["Richmond"] == pytest.approx(2.8509, abs=5e-5)
    assert highest["Scotland"] == pytest.approx(2.2585, abs=5e-5)
    assert ((scores >= 1.96).sum(), (scores >= 2.576).sum()) == (6, 2)


def test_a_random_grid_against_esda() -> None:
    rng = np.random.default_rng(5)
    counts = rng.poisson(rng.gamma(2.0, 2.0, (12, 17))).astype(np.int32)
    mask = rng.random(counts.shape) < 0.8
    ours = getis_ord_star(counts, mask, 2.5)
    rows, columns = np.nonzero(mask)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from esda.getisord import G_Local
        from libpysal.weights import DistanceBand

        near = DistanceBand(np.column_stack([columns, rows]), 2.5, silence_warnings=True)
        theirs = G_Local(
            counts[mask].astype(float), near, transform="B", permutations=0, star=True
        ).Zs
    assert ours[mask] == pytest.approx(theirs, abs=1e-9)


@given(
    st.integers(1, 9),
    st.integers(1, 9),
    st.floats(0, 12),
    st.integers(0, 2**32 - 1),
)
@settings(deadline=None)
def test_disc_sums_are_sums_over_discs(rows: int, columns: int, radius: float, seed: int) -> None:
    values = np.random.default_rng(seed).integers(0, 50, (rows, columns))
    up, across = np.mgrid[:rows, :columns]
    for row in range(rows):
        for column in range(columns):
            near = np.hypot(up - row, across - column) <= radius + 1e-10
            assert disc_sums(values, radius)[row, column] == values[near].sum()


def test_nothing_varies_nothing_stands_out() -> None:
    everywhere = np.ones((5, 5), dtype=bool)
    for counts in (np.zeros((5, 5), np.int32), np.full((5, 5), 7, np.int32)):
        scores = getis_ord_star(counts, everywhere, 1.5)
        assert (scores == 0).all()
        assert (classes(scores, everywhere) == 0).all()
    alone = np.zeros((5, 5), dtype=bool)
    alone[2, 2] = True
    assert (getis_ord_star(np.full((5, 5), 3, np.int32), alone, 2.0) == 0).all()
    nowhere = np.zeros((5, 5), dtype=bool)
    assert (classes(np.zeros((5, 5)), nowhere) == 0).all()


def test_levels_hold_for_all_cells_together() -> None:
    """Benjamini and Hochberg by hand: p-values 0.001, 0.012, 0.03, 0.2, 0.5 of five cells."""
    z = np.array([[3.2905267, -2.5121443, 2.1700904, 1.2815516, 0.6744898]])
    found = classes(z, np.ones(z.shape, dtype=bool))
    # 99 %: 0.001 <= 0.01/5. 95 %: 0.03 <= 3 * 0.05/5, and so 0.012 too. 90 %: the same three.
    assert found.tolist() == [[3, -2, 2, 0, 0]]


def test_chance_alone_seldom_makes_a_hotspot() -> None:
    rng = np.random.default_rng(11)
    everywhere = np.ones((40, 40), dtype=bool)
    marked = 0
    for _ in range(40):
        counts = rng.poisson(4.0, everywhere.shape).astype(np.int32)
        marked += int((classes(getis_ord_star(counts, everywhere, 2.0), everywhere) >= 2).any())
    assert marked <= 6
