"""Which of several streets that share a name a row of a plan means.

In a county “Main St” may be the name of a dozen streets. Lines of one name are one street where
they lie near each other, whether they meet or not: a street is often broken by a park or a river.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gisapp.layers import geodesy

#: Lines of one name up to so many metres apart are one street, and streets of one row are near.
NEAR_M = 1_500.0


@dataclass(frozen=True, slots=True)
class Named:
    """A street as a row names it, and its lines (EPSG:4326)."""

    name: str
    lines: tuple[shapely.LineString, ...]


@dataclass(frozen=True, slots=True)
class Meant:
    """The lines that a row means, and a sentence on each name that stands for several streets."""

    lines: tuple[shapely.LineString, ...]
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """Shapes by the place in which they lie: `place` numbers it for each, `metres` holds them.

    Two shapes lie in one place where steps of at most `NEAR_M` lead from one to the other.
    """

    metres: NDArray[np.object_]
    place: NDArray[np.int64]

    @property
    def count(self) -> int:
        return len(np.unique(self.place))

    @property
    def farthest_m(self) -> float:
        """How far the two places farthest from each other are apart; 0 for one place."""
        wholes = [shapely.union_all(self.metres[self.place == n]) for n in np.unique(self.place)]
        return max((float(shapely.distance(a, b)) for a in wholes for b in wholes), default=0.0)


def spread(shapes: Sequence[BaseGeometry]) -> Spread:
    """The places in which shapes (EPSG:4326) lie, numbered as they come."""
    geoms = np.empty(len(shapes), dtype=object)
    geoms[:] = shapes
    plane = geodesy.plane_for(tuple(shapely.total_bounds(geoms).tolist()))
    return _spread(np.array([plane.shape_to_metres(shape) for shape in shapes], dtype=object))


def _spread(metres: NDArray[np.object_]) -> Spread:
    tree = shapely.STRtree(metres)
    place = np.full(len(metres), -1, dtype=np.int64)
    for first in range(len(metres)):
        if place[first] >= 0:
            continue
        fresh = np.array([first])
        while len(fresh):
            place[fresh] = first
            near = np.unique(tree.query(metres[fresh], "dwithin", NEAR_M)[1])
            fresh = near[place[near] < 0]
    return Spread(metres, np.unique(place, return_inverse=True)[1].astype(np.int64).ravel())


def meant(named: Sequence[Named], beside: BaseGeometry | None = None) -> Meant:
    """The streets that a row means by the names in it, and by its own place where it has one.

    `beside` (EPSG:4326) is a point or an outline: of each name the street nearest to it counts,
    or all that it touches. Without one those count that lie near the row's other streets, if there
    is only one place where all of the names are found. Else every street of the name does.
    """
    lines = [line for one in named for line in one.lines]
    whole = spread(lines if beside is None else [*lines, beside])
    owner = np.repeat(np.arange(len(named)), [len(one.lines) for one in named])
    metres, place = whole.metres[: len(lines)], whole.place[: len(lines)]
    own = [_spread(metres[owner == number]) for number in range(len(named))]
    if all(one.count == 1 for one in own):
        return Meant(tuple(lines))
    kept = np.ones(len(lines), dtype=bool)
    if beside is not None:
        for number, one in enumerate(own):
            kept[owner == number] = _nearest(one, whole.metres[-1])
    elif len(named) > 1:
        places = [set(place[owner == number].tolist()) for number in range(len(named))]
        common = set.intersection(*places)
        if len(common) == 1:
            kept = place == common.pop()
    told = []
    for number, one in enumerate(own):
        if one.count > 1:
            taken = len(np.unique(one.place[kept[owner == number]]))
            others = [other.name for other in named if other.name != named[number].name]
            told.append(_sentence(named[number].name, one, taken, others, beside is not None))
    return Meant(tuple(line for line, keep in zip(lines, kept, strict=True) if keep), tuple(told))


def _nearest(one: Spread, beside: BaseGeometry) -> NDArray[np.bool_]:
    """The lines of the street nearest to a place (metres), or of all that lie at it."""
    far = np.full(one.count, np.inf)
    np.minimum.at(far, one.place, shapely.distance(one.metres, beside))
    wanted: NDArray[np.bool_] = (far == far.min())[one.place]
    return wanted


def _sentence(name: str, one: Spread, taken: int, others: Sequence[str], placed: bool) -> str:
    head = f"“{name}” is the name of {one.count:,} streets up to {_far(one.farthest_m)} apart"
    if taken == one.count:
        return f"{head}, and all are taken. Give a point or an area beside it for the one meant."
    which = "the one" if taken == 1 else f"those {taken:,}"
    near = "nearest to the row’s own place" if placed else f"near “{others[0]}”"
    return f"{head}; {which} {near} {'is' if taken == 1 else 'are'} taken."


def scattered_words(shape: BaseGeometry, streets: str) -> str:
    """What to say where a deployment by the names of streets lies in several places; else empty.

    `shape` is EPSG:4326, `streets` the names as they stand in the plan.
    """
    parts = shapely.get_parts(shape)
    if not streets.strip() or len(parts) < 2:
        return ""
    found = spread(parts.tolist())
    if found.count == 1:
        return ""
    return (
        f"“{' '.join(streets.split())}” stands for streets in {found.count:,} places up to "
        f"{_far(found.farthest_m)} apart. If one of them is meant, import the plan again with a "
        "point or an area beside the name."
    )


def _far(metres: float) -> str:
    return geodesy.in_words(round(metres, -3) if metres >= 10_000 else round(metres, -2))
