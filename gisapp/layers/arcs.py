"""Pieces of circles in the ring of an outline, however roughly they were drawn or rounded.

Whoever sees a piece of a circle finds its centre. That its corners were rounded does not hinder
it: forty corners to a metre give a centre to a few decimetres. So corners count as an arc where a
circle runs through them as closely as their own rounding lets it, or a hand that follows one,
and where it settles its centre.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: So many corners in a row on one circle are an arc; fewer lie on one by chance.
FEWEST = 7
#: Runs of so many times the corners of the shorter ones are looked at too: a longer arc settles
#: its centre where each short piece of it is too rough.
_LONGER = 1.5
#: Corners lie this near to a circle that was not rounded at all.
_EXACT_M = 0.02
#: A hand that follows a circle strays by this share of its radius, and by no more than so far.
_BY_HAND, _BY_HAND_M = 0.02, 3.0
#: Degrees are looked at for having been rounded to so few decimals, and more.
_COARSEST, _FINEST = 3, 7
_DEGREE_M = 111_320.0


@dataclass(frozen=True, slots=True)
class Ring:
    """The corners of a ring in metres (n, 2), not closed, and how far each may be rounded off.

    `grain_m` (n) is half the diagonal of the grid that a corner lies on.
    """

    corners: Floats
    grain_m: Floats


def grains_of(degrees: Floats) -> Floats:
    """How far corners (n, 2; EPSG:4326) may lie off by the decimals that they are given with."""
    grain = np.full(len(degrees), _EXACT_M)
    for decimals in range(_FINEST, _COARSEST - 1, -1):
        on_grid = (np.abs(np.round(degrees, decimals) - degrees) < 1e-11).all(axis=1)
        step = 10.0**-decimals * _DEGREE_M / 2
        wide = step * np.hypot(1.0, np.cos(np.radians(degrees[:, 1])))
        grain[on_grid] = np.maximum(grain, wide)[on_grid]
    return grain


def arc_centres(ring: Ring) -> Floats:
    """The centres of all arcs of a ring: one a row, x and y in metres; none where it has none."""
    found = [_fitted(ring, corners, np.inf)[0] for corners in _runs(ring)]
    return np.concatenate([np.empty((0, 2)), *found])


def is_about(ring: Ring, places: Floats, near_m: float) -> bool:
    """Whether the centre of an arc is so near to one of the places (n, 2; metres).

    An arc of which the centre is not settled to within that distance does not tell it.
    """
    edges = np.linalg.norm(np.diff(ring.corners, axis=0, append=ring.corners[:1]), axis=1)
    along = np.concatenate([[0.0], np.cumsum(np.tile(edges, 2))])
    away = np.linalg.norm(ring.corners[None, :, :] - places[:, None, :], axis=2)
    for corners in _runs(ring):
        first = corners[:, 0]
        length = along[first + corners.shape[1] - 1] - along[first]
        # Some corners of a long run are enough to see that it does not keep its distance.
        few = corners[:, :: max(1, corners.shape[1] // FEWEST)]
        likely = _may_be_about(away[:, few], length, ring.grain_m[few].min(axis=1), near_m)
        centres, unsure = _fitted(ring, corners[likely], near_m)
        apart = np.linalg.norm(centres[:, None, :] - places[None, :, :], axis=2)
        if (apart <= near_m + unsure[:, None]).any():
            return True
    return False


def _runs(ring: Ring) -> Iterator[NDArray[np.intp]]:
    """Runs of corners of several lengths, by their numbers: each (runs, corners)."""
    count, length = len(ring.corners), FEWEST
    while length <= count:
        # Round the start as well: an arc may begin before it.
        starts = np.arange(0, count, max(1, length // FEWEST))[:, None]
        yield (starts + np.arange(length)) % count
        length = int(length * _LONGER)


def _may_be_about(
    away: Floats, length_m: Floats, grain_m: Floats, near_m: float
) -> NDArray[np.bool_]:
    """The runs worth a fit, which is slow: a circle about a place keeps its distance from it.

    On a circle of radius r the distance to a point d off its centre changes along the arc by no
    more than d/r of its length (the law of sines); an arc is no longer than its chords by pi/2.
    `away` are the distances of corners from each place (places, runs, corners).
    """
    off, reach = np.maximum(grain_m, _BY_HAND_M), 2 * near_m
    nearest, farthest = away.min(axis=2), away.max(axis=2)
    radius = np.maximum(nearest - reach - off, 1e-9)
    kept = farthest - nearest <= reach / radius * length_m * (np.pi / 2) + 3 * off
    return np.asarray(kept.any(axis=0))


def _fitted(ring: Ring, runs: NDArray[np.intp], near_m: float) -> tuple[Floats, Floats]:
    """Centres of the circles that runs of corners lie on, and how unsure each is, in metres.

    By least squares over all corners (Kåsa 1976), about their mean, where the sums part into two
    equations. How unsure a centre is follows from what the fit leaves over (its standard error).
    """
    if not len(runs):
        return np.empty((0, 2)), np.empty(0)
    windows = ring.corners[runs]
    # The finest corner of a run speaks for it: one of fine corners looks coarse by chance.
    grain = ring.grain_m[runs].min(axis=1)
    middle = windows.mean(axis=1)
    near = windows - middle[:, None, :]
    squares = (near**2).sum(axis=2)
    sums = np.einsum("wci,wcj->wij", near, near)
    spread = np.trace(sums, axis1=1, axis2=2)
    # Corners on one straight line have no centre.
    bent = np.linalg.det(sums) > 1e-14 * spread**2
    near, squares, sums, middle = near[bent], squares[bent], sums[bent], middle[bent]
    inverse = np.linalg.inv(sums)
    centre = np.einsum("wij,wcj,wc->wi", inverse, near, squares) / 2
    radius = np.sqrt(squares.mean(axis=1) + (centre**2).sum(axis=1))
    off = np.linalg.norm(near - centre[:, None, :], axis=2) - radius[:, None]
    rough = (off**2).sum(axis=1) / (near.shape[1] - 3)
    unsure = np.sqrt(rough * np.trace(inverse, axis1=1, axis2=2)) * radius
    by_hand = np.clip(_BY_HAND * radius, _EXACT_M, _BY_HAND_M)
    on_one = np.abs(off).max(axis=1) <= np.maximum(grain[bent], by_hand)
    told = on_one & (unsure <= near_m)
    return (centre + middle)[told], unsure[told]
