"""The ground of a deployment that zones hold together at one time, by settlements and the rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gisapp.layers.agreement import Agreement
from gisapp.layers.deployment_units import Binding
from gisapp.layers.outline import sound
from gisapp.layers.overlap import Held, are_opposite, ruled, settlement_of
from gisapp.layers.project import Project
from gisapp.layers.scenario import OverlapRule
from gisapp.layers.vocabulary import Polarity
from gisapp.layers.zone import Zone


@dataclass(frozen=True, slots=True, eq=False)
class Claim:
    """A zone in force under a version of its terms, and whether these bind the unit."""

    zone: Zone
    version: Agreement
    binds: Binding

    @property
    def plain(self) -> bool:
        return self.zone.polarity is Polarity.NO_ENFORCEMENT


def grounds(
    project: Project, deployment: BaseGeometry, claims: Sequence[Claim]
) -> dict[int, BaseGeometry]:
    """What of the deployment each claim on it holds, by its number; those without are left out.

    Settlements and the project's rule decide on ground that several zones share. A zone that does
    not bind the unit gives way to none and takes from none, and one of which that is not known
    takes nothing from those that do.
    """
    common = {
        number: shapely.intersection(deployment, sound(claim.zone.shape))
        for number, claim in enumerate(claims)
    }
    met = [n for n in common if not common[n].is_empty]
    plain = [n for n in met if claims[n].plain]
    found = {n: common[n] for n in plain if claims[n].binds is Binding.NOT_BOUND}
    others = [n for n in met if not claims[n].plain]
    bound = [n for n in plain if claims[n].binds is Binding.BOUND]
    unsure = [n for n in plain if claims[n].binds is Binding.UNKNOWN]
    found |= _ruled(project, claims, common, [*bound, *others])
    if unsure:
        all_of_them = _ruled(project, claims, common, [*bound, *unsure, *others])
        found |= {n: shape for n, shape in all_of_them.items() if n in unsure}
    return {n: shape for n, shape in sorted(found.items()) if claims[n].plain}


def unsettled(
    project: Project, claim: Claim, ground: BaseGeometry, claims: Sequence[Claim]
) -> tuple[str, ...]:
    """Names of zones of opposite sign on the same ground on which nobody decided yet."""
    return tuple(
        dict.fromkeys(
            other.zone.name
            for other in claims
            if are_opposite(claim.zone, other.zone)
            and not other.plain
            and settlement_of(project, claim.zone.id, other.zone.id) is None
            and shapely.intersects(ground, sound(other.zone.shape))
        )
    )


def _ruled(
    project: Project,
    claims: Sequence[Claim],
    common: dict[int, BaseGeometry],
    which: Sequence[int],
) -> dict[int, BaseGeometry]:
    decides = project.overlap_rule is OverlapRule.LONGER_LIST or project.settlements
    if not decides:
        return {n: common[n] for n in which}
    found: dict[int, BaseGeometry] = {}
    for group in _touching({n: common[n] for n in which}):
        if len(group) == 1:
            found[group[0]] = common[group[0]]
        else:
            found |= _ruled_together(project, claims, common, group)
    return found


def _ruled_together(
    project: Project,
    claims: Sequence[Claim],
    common: dict[int, BaseGeometry],
    which: Sequence[int],
) -> dict[int, BaseGeometry]:
    """What each of some claims that share ground holds of it."""
    faces, holders = _faces([common[n] for n in which])
    held = [
        Held(claims[n].zone, claims[n].version, np.flatnonzero(inside).astype(np.int64))
        for n, inside in zip(which, holders, strict=True)
    ]
    # What comes back was copied, but zone and version are those that went in.
    kept = {(one.zone.id, id(one.agreement)): one.places for one in ruled(project, held)}
    found = {}
    for n in which:
        places = kept.get((claims[n].zone.id, id(claims[n].version)))
        if places is not None and len(places):
            found[n] = shapely.union_all(faces[places])
    return found


def _touching(shapes: dict[int, BaseGeometry]) -> list[list[int]]:
    """The numbers of shapes in groups that hang together; the others have nothing to do with it."""
    numbers = list(shapes)
    if len(numbers) < 2:
        return [[number] for number in numbers]
    left, right = shapely.STRtree(list(shapes.values())).query(
        list(shapes.values()), predicate="intersects"
    )
    group = list(range(len(numbers)))
    for one, other in zip(left.tolist(), right.tolist(), strict=True):
        if group[one] != group[other]:
            old, new = group[one], group[other]
            group = [new if each == old else each for each in group]
    return [
        [number for number, own in zip(numbers, group, strict=True) if own == each]
        for each in dict.fromkeys(group)
    ]


def _faces(
    shapes: Sequence[BaseGeometry],
) -> tuple[NDArray[np.object_], list[NDArray[np.bool_]]]:
    """The pieces that shapes cut each other into, and for each shape which of them it holds."""
    pieces: list[BaseGeometry] = [shapely.union_all(list(shapes))]
    for shape in shapes:
        halves = [
            half
            for piece in pieces
            for half in (shapely.intersection(piece, shape), shapely.difference(piece, shape))
        ]
        pieces = [half for half in halves if not half.is_empty]
    faces = np.empty(len(pieces), dtype=object)
    faces[:] = pieces
    inner = np.array([_within(face) for face in pieces], dtype=object)
    # Cutting rounds corners by a hair: look a tenth of a millimetre round.
    return faces, [shapely.dwithin(shape, inner, 1e-9) for shape in shapes]


def _within(piece: BaseGeometry) -> BaseGeometry:
    """A point of a piece that is not on its rim, where it has any."""
    parts = shapely.get_parts(piece)
    dimensions = shapely.get_dimensions(parts)
    parts = parts[dimensions == dimensions.max()]
    if dimensions.max() == 1:
        longest = parts[int(np.argmax(shapely.length(parts)))]
        middle: BaseGeometry = shapely.line_interpolate_point(longest, 0.5, normalized=True)
        return middle
    inner: BaseGeometry = shapely.point_on_surface(parts[int(np.argmax(shapely.area(parts)))])
    return inner
