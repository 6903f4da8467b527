"""Ground that two zones share: what was settled there, and whose terms hold.

Zones of opposite sign are settled by a person, never by the program. Zones without enforcement
follow the rule of the project: all of them together, or the one that suspends more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gisapp.layers.agreement import Agreement, Standing
from gisapp.layers.outline import sound
from gisapp.layers.project import Project
from gisapp.layers.scenario import OverlapRule, Settled, Settlement
from gisapp.layers.vocabulary import Polarity
from gisapp.layers.zone import Zone

#: How an agreement stands that binds nobody any more.
_ENDED = frozenset({Standing.EXPIRED, Standing.WITHDRAWN, Standing.SUPERSEDED})


@dataclass(frozen=True, slots=True, eq=False)
class Overlap:
    """Two zones (ids, sorted) with ground in common, and that ground where their signs differ.

    `common` (EPSG:4326) is None for zones of one sign: nobody looks at it before it is drawn.
    """

    zone_ids: tuple[str, str]
    opposite: bool
    common: BaseGeometry | None = None
    area_m2: float = 0.0


def are_opposite(one: Zone, other: Zone) -> bool:
    """Whether one gives people what the other takes away."""
    signs = (one.polarity, other.polarity)
    return Polarity.NO_ENFORCEMENT in signs and any(sign.is_opposite for sign in signs)


def settlement_of(project: Project, one: str, other: str) -> Settlement | None:
    """What a person decided on the overlap of two zones (ids); None while nobody has."""
    pair = tuple(sorted((one, other)))
    return next((known for known in project.settlements if known.zone_ids == pair), None)


def has_ended(project: Project, zone: Zone, day: date) -> bool:
    """Whether a zone binds nobody from a day on: its agreement ended, or its scene was before."""
    if zone.ends_at is not None and zone.ends_at.astimezone(project.tzinfo).date() < day:
        return True
    return project.standing(zone, day) in _ENDED


def place_in(common: BaseGeometry, box: BaseGeometry | None = None) -> tuple[float, float]:
    """A place inside the largest part of an overlap, as far as it lies in a box where one is given.

    Longitude and latitude in degrees, for a sign that says what there is to settle.
    """
    shown = shapely.intersection(common, box) if box is not None else common
    parts = shapely.get_parts(shown if shapely.area(shown) > 0 else common)
    largest = parts[int(shapely.area(parts).argmax())]
    place = largest.centroid if largest.contains(largest.centroid) else largest.point_on_surface()
    return float(place.x), float(place.y)


# Whose terms hold


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """A zone under a version of its agreement, and the places (numbers, int64) where it holds."""

    zone: Zone
    agreement: Agreement
    places: NDArray[np.int64]


def ruled(project: Project, held: Sequence[Held]) -> tuple[Held, ...]:
    """What holds at each place once settlements and the project's rule were followed.

    A zone gives way at places where a settlement says that the other holds. By the rule of the
    longer list, of all zones without enforcement at a place only that holds which suspends most,
    then that of the higher priority; those that are equal hold together. What is not settled
    holds on both sides. What holds nowhere any more is left out.
    """
    left = _settled(project, held)
    if project.overlap_rule is OverlapRule.LONGER_LIST:
        left = _longest(left)
    return tuple(one for one in left if len(one.places))


def ground_held(project: Project, zone: Zone, day: date) -> tuple[BaseGeometry, tuple[str, ...]]:
    """The ground of a zone without enforcement on a day, and the names of zones it gives way to.

    It gives way to those of opposite sign that are in force then and of which a person settled
    that they hold. The ground may be empty.
    """
    ground, names = zone.shape, []
    for settlement in project.settlements:
        if zone.id not in settlement.zone_ids or settlement.settled is not Settled.OPPOSITE_HOLDS:
            continue
        first, second = settlement.zone_ids
        other = project.zones.get(second if first == zone.id else first)
        if other is None or not are_opposite(zone, other) or other.polarity is zone.polarity:
            continue
        if not zone.polarity.is_opposite and project.standing(other, day) is Standing.IN_FORCE:
            taken = sound(other.shape)
            if shapely.intersects(ground, taken):
                ground = shapely.difference(ground, taken)
                names.append(other.name)
    return ground, tuple(names)


def disputed(project: Project, zones: Sequence[Zone]) -> tuple[tuple[Zone, Zone], ...]:
    """Pairs of opposite sign among zones that hold at one place, on which nobody decided yet."""
    return tuple(
        (plain, other)
        for plain in zones
        for other in zones
        if plain.polarity is Polarity.NO_ENFORCEMENT
        and are_opposite(plain, other)
        and settlement_of(project, plain.id, other.id) is None
    )


def _settled(project: Project, held: Sequence[Held]) -> list[Held]:
    by_zone: dict[str, list[NDArray[np.int64]]] = {}
    for one in held:
        by_zone.setdefault(one.zone.id, []).append(one.places)
    loses: dict[str, list[NDArray[np.int64]]] = {}
    for settlement in project.settlements:
        first, second = settlement.zone_ids
        if first not in by_zone or second not in by_zone:
            continue
        pair = [project.zones.get(first), project.zones.get(second)]
        plain = [z for z in pair if z is not None and z.polarity is Polarity.NO_ENFORCEMENT]
        if len(plain) != 1:
            continue  # the signs changed since: there is nothing to settle any more
        other = second if plain[0].id == first else first
        plain_holds = settlement.settled is Settled.NO_ENFORCEMENT_HOLDS
        winner, loser = (plain[0].id, other) if plain_holds else (other, plain[0].id)
        loses.setdefault(loser, []).extend(by_zone[winner])
    return [
        replace(one, places=np.setdiff1d(one.places, np.concatenate(loses[one.zone.id])))
        if one.zone.id in loses
        else one
        for one in held
    ]


def _longest(held: Sequence[Held]) -> list[Held]:
    plain = [one for one in held if one.zone.polarity is Polarity.NO_ENFORCEMENT]
    if len(plain) < 2:
        return list(held)
    ranks = sorted({_rank(one) for one in plain})
    places = np.unique(np.concatenate([one.places for one in plain]))
    best = np.full(len(places), -1)
    for one in plain:
        at = np.searchsorted(places, one.places)
        best[at] = np.maximum(best[at], ranks.index(_rank(one)))
    kept = []
    for one in held:
        if one.zone.polarity is Polarity.NO_ENFORCEMENT:
            top = best[np.searchsorted(places, one.places)] == ranks.index(_rank(one))
            one = replace(one, places=one.places[top])
        kept.append(one)
    return kept


def _rank(one: Held) -> tuple[int, int]:
    """How long its list of suspended activities is, and how early it is looked at."""
    more = bool(one.agreement.suspended_other.strip())
    return len(set(one.agreement.suspended)) + more, one.zone.priority
