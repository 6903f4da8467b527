"""Which zones share ground: all pairs with a tree of boxes, and anew only where a zone changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from heapq import merge

import numpy as np
import shapely
from numpy.typing import NDArray

from gisapp.layers import geodesy
from gisapp.layers.outline import sound
from gisapp.layers.overlap import Overlap, are_opposite, has_ended, settlement_of
from gisapp.layers.project import Project
from gisapp.layers.zone import Zone
from gisapp.progress import Progress

#: Less ground than this in common is two outlines that touch.
_LEAST_M2 = 1.0
#: So many zones, or pairs, are worked on before a worker lets the window go first.
_TOGETHER = 256


@dataclass(frozen=True, slots=True, eq=False)
class ZoneOverlaps:
    """All pairs of zones with ground in common, and the zones they were found among."""

    zones: Mapping[str, Zone] = field(default_factory=dict)
    pairs: tuple[Overlap, ...] = ()


def overlaps(
    zones: Mapping[str, Zone],
    former: ZoneOverlaps | None = None,
    progress: Progress | None = None,
) -> ZoneOverlaps:
    """The pairs of zones that share ground, in the order of their ids.

    With what was found `former`ly only zones whose outline or sign differs are looked at anew.
    Pairs of opposite sign come with the ground they share; outlines that only touch share none.
    """
    former = former or ZoneOverlaps()
    if former.zones is zones:
        return former
    changed = {key for key, zone in zones.items() if not _same(zone, former.zones.get(key))}
    known = former.zones.keys() - (former.zones.keys() - zones.keys()) - changed
    pairs = [pair for pair in former.pairs if known.issuperset(pair.zone_ids)]
    new = _new_pairs(zones, changed, progress or Progress())
    # Both are in order; to sort a hundred thousand of them would let no other thread run.
    return ZoneOverlaps(dict(zones), tuple(merge(pairs, new, key=lambda pair: pair.zone_ids)))


def unsettled(project: Project, day: date) -> tuple[Overlap, ...]:
    """Overlaps of opposite sign that bind somebody on a day and that nobody has settled."""
    opposite = {key for key, zone in project.zones.items() if zone.polarity.is_opposite}
    found = _new_pairs(project.zones, opposite, Progress())
    return tuple(pair for pair in found if pair.opposite and is_unsettled(project, pair, day))


def is_unsettled(project: Project, pair: Overlap, day: date) -> bool:
    """Whether somebody has still to decide on a pair of opposite sign; not once one has ended."""
    if settlement_of(project, *pair.zone_ids) is not None:
        return False
    return not any(has_ended(project, project.zones[key], day) for key in pair.zone_ids)


def _same(zone: Zone, old: Zone | None) -> bool:
    return old is not None and zone.shape is old.shape and zone.polarity is old.polarity


def _new_pairs(zones: Mapping[str, Zone], changed: set[str], progress: Progress) -> list[Overlap]:
    """Pairs of which at least one zone is among those that changed, in the order of their ids."""
    if not changed:
        return []
    keys = list(zones)
    shapes = sound(np.array([zones[key].shape for key in keys], dtype=object))
    fresh = np.array([key in changed for key in keys])
    asked = np.flatnonzero(fresh)
    if not len(asked):
        return []
    tree = shapely.STRtree(shapes)
    progress.check()
    found = []
    for start in range(0, len(asked), _TOGETHER):
        # Piece by piece, for no thread runs while one is made.
        progress.check()
        some = asked[start : start + _TOGETHER]
        left, right = tree.query(shapes[some], predicate="intersects")
        found.append((some[left], right))
    left, right = (np.concatenate(side) for side in zip(*found, strict=True))
    # Each pair once: of two changed zones from the lower number, else from the changed one.
    once = (left < right) | ((left != right) & ~fresh[right])
    left, right = left[once], right[once]
    progress.check()
    shared = ~shapely.touches(shapes[left], shapes[right])
    left, right = left[shared], right[shared]
    order = _in_order(keys, left, right)
    return _pairs(zones, keys, shapes, left[order], right[order], progress)


def _in_order(
    keys: list[str], left: NDArray[np.int64], right: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Which pair comes first by the ids of its zones, then which.

    Python would sort tens of thousands of pairs in one go and let no other thread run meanwhile.
    """
    rank = np.empty(len(keys), dtype=np.int64)
    rank[sorted(range(len(keys)), key=keys.__getitem__)] = np.arange(len(keys))
    return np.lexsort((np.maximum(rank[left], rank[right]), np.minimum(rank[left], rank[right])))


def _pairs(
    zones: Mapping[str, Zone],
    keys: list[str],
    shapes: NDArray[np.object_],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    progress: Progress,
) -> list[Overlap]:
    found = []
    for one, other in zip(left.tolist(), right.tolist(), strict=True):
        progress.check()
        first, second = sorted((keys[one], keys[other]))
        if not are_opposite(zones[first], zones[second]):
            found.append(Overlap((first, second), opposite=False))
            continue
        common = shapely.intersection(shapes[one], shapes[other])
        area = geodesy.area_m2(common)
        if area >= _LEAST_M2:
            found.append(Overlap((first, second), True, common, area))
    return found
