"""Getis-Ord Gi*: where high or low values stand together, more than chance would have them.

Ord and Getis (1995), Local spatial autocorrelation statistics, doi:10.1111/j.1538-4632.1995.
tb00912.x: the sum of the values near a place (its own included) against what the mean of all
places makes one expect, in standard deviations. False discoveries among many cells are held
down after Benjamini and Hochberg (1995), doi:10.1111/j.2517-6161.1995.tb02031.x, as Caldas de
Castro and Singer (2006) advise for local statistics.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gisapp.analysis.hotspots.grid import disc_sums

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

#: Shares of false discoveries that are allowed, for 90, 95 and 99 %.
RATES = (0.10, 0.05, 0.01)


def getis_ord_star(counts: NDArray[np.int32], mask: Mask, radius_cells: float) -> Floats:
    """Gi* of each cell of a grid as z scores, with binary weights within a distance.

    `counts` and `mask` have the shape of the grid; cells where `mask` is false take no part, and
    get 0. `radius_cells` is the distance between middles of cells, in cells. All 0 when every
    cell holds the same.
    """
    values = np.where(mask, counts, 0).astype(np.float64)
    near = disc_sums(mask.astype(np.float64), radius_cells)
    sums = disc_sums(values, radius_cells)
    scores = _z_scores(sums, near, near, values[mask])
    return np.where(mask, scores, 0.0)


def gi_star(values: Floats, weights: Floats) -> Floats:
    """Gi* of places with any weights: `values` of shape (n,), `weights` (n, n), own included."""
    sums = weights @ values
    return _z_scores(sums, weights.sum(axis=1), (weights**2).sum(axis=1), values)


def band_weights(x: Floats, y: Floats, distance: float) -> Floats:
    """Binary weights of points: 1 within a distance (itself too), else 0. For some thousands."""
    apart = np.hypot(x[:, None] - x[None, :], y[:, None] - y[None, :])
    return (apart <= distance).astype(np.float64)


def _z_scores(sums: Floats, weights: Floats, squares: Floats, values: Floats) -> Floats:
    """(sum - mean * W) / (s * sqrt((n * S1 - W^2) / (n - 1))), 0 where nothing varies."""
    count = len(values)
    if count < 2:
        return np.zeros_like(sums)
    mean = values.mean()
    # The second moment about the mean, not E(x^2) - mean^2, which cancels for large counts.
    spread = np.sqrt(((values - mean) ** 2).mean())
    room = np.sqrt(np.maximum(count * squares - weights**2, 0.0) / (count - 1))
    below = spread * room
    scores: Floats = np.zeros_like(sums)
    np.divide(sums - mean * weights, below, out=scores, where=below > 1e-12)
    return scores


def classes(scores: Floats, mask: Mask) -> NDArray[np.int8]:
    """Hot (1, 2, 3) and cold (-1, -2, -3) cells at 90, 95 and 99 %; 0 where chance may do.

    The levels hold for all cells together: among the cells marked at 95 %, at most 5 % are
    expected to be chance finds (Benjamini-Hochberg over the cells in `mask`, two-sided).
    """
    from scipy.special import erfc

    result = np.zeros(scores.shape, dtype=np.int8)
    tested = scores[mask]
    if not len(tested):
        return result
    chance = erfc(np.abs(tested) / np.sqrt(2.0))
    ordered = np.sort(chance)
    steps = np.arange(1, len(ordered) + 1) / len(ordered)
    level = np.zeros(len(tested), dtype=np.int8)
    for number, rate in enumerate(RATES, start=1):
        passing = np.flatnonzero(ordered <= steps * rate)
        if len(passing):
            level[chance <= ordered[passing[-1]]] = number
    result[mask] = level * np.sign(tested).astype(np.int8)
    return result
