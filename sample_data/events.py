"""Two years of stops and overdoses: along the streets, with hotspots, at plausible hours.

Nobody's data: every row is drawn from a seeded generator. The pattern has a story to find. Near
services with an agreement fewer stops happen while it holds; two services lose theirs in July
2025 and stops there rise; stops gather just outside one circle; and overdoses cluster in a
district with no service at all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.random import Generator
from numpy.typing import NDArray

from sample_data.ground import Coords, Ground
from sample_data.services import CIRCLES, RADIUS_M, Service

FIRST, LAST = np.datetime64("2024-01-01"), np.datetime64("2025-12-31")
_DAYS = int((LAST - FIRST).astype(int)) + 1
_EXPIRED = np.datetime64("2025-07-01")
#: Nights on which the clock jumps: an hour of these days is missing or comes twice.
_CLOCK_CHANGES = np.array(["2024-03-31", "2024-10-27", "2025-03-30", "2025-10-26"], "datetime64[D]")

_ROAD_WEIGHT = {"trunk": 0.4, "primary": 3.0, "secondary": 2.0, "residential": 0.7}
#: Places of gathering: x, y, spread in metres, weight.
_STOP_SPOTS = (
    (120, 250, 150, 0.30),
    (60, -500, 170, 0.24),
    (700, 560, 60, 0.13),
    (1850, -1150, 190, 0.17),
    (250, -1720, 110, 0.09),
    (-250, 1470, 110, 0.07),
)
_OVERDOSE_SPOTS = (
    (1950, -1200, 200, 0.34),
    (90, -480, 180, 0.26),
    (1350, 420, 160, 0.18),
    (-900, 650, 130, 0.12),
    (250, -1800, 150, 0.10),
)
#: Chances by hour of day, from midnight.
_STOP_HOURS = (4, 3, 2, 1, 1, 1, 1, 2, 3, 4, 5, 5, 5, 6, 7, 8, 8, 8, 8, 8, 8, 8, 7, 6)
_OVERDOSE_HOURS = (5, 4, 3, 2, 2, 1, 2, 2, 3, 3, 4, 4, 5, 5, 5, 6, 6, 7, 7, 7, 7, 7, 7, 6)
_STOP_DAYS = (0.9, 0.9, 0.95, 1.0, 1.25, 1.2, 0.8)  # Monday to Sunday
_OVERDOSE_DAYS = (1.0, 0.9, 0.9, 1.0, 1.2, 1.2, 1.0)

OBJECTS = (
    ("Controlled drugs", 0.62),
    ("Stolen goods", 0.14),
    ("Offensive weapons", 0.11),
    ("Going equipped", 0.07),
    ("Articles for criminal damage", 0.04),
    ("Firearms", 0.02),
)
STOP_OUTCOMES = (
    ("No further action", 0.70),
    ("Arrest", 0.11),
    ("Community resolution", 0.08),
    ("Penalty notice", 0.04),
    ("Caution", 0.03),
    ("Referred to support", 0.04),
)
GROUPS = (
    ("Group A", 0.58),
    ("Group B", 0.17),
    ("Group C", 0.11),
    ("Group D", 0.06),
    ("Not stated", 0.08),
)
OVERDOSE_OUTCOMES = (
    ("Taken to hospital", 0.55),
    ("Recovered at the scene", 0.29),
    ("Declined hospital", 0.12),
    ("Died", 0.04),
)
NALOXONE = (("yes", 0.61), ("no", 0.27), ("unknown", 0.12))

Choices = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Events:
    """Places in metres on the plan, wall-clock minutes, and a text column for each attribute."""

    xy: Coords
    times: NDArray[np.datetime64]
    columns: dict[str, list[str]]


def _chosen(rng: Generator, choices: Choices, count: int) -> list[str]:
    edges = np.cumsum([weight for _, weight in choices])
    picks = np.searchsorted(edges / edges[-1], rng.random(count), side="right")
    return [choices[int(pick)][0] for pick in np.minimum(picks, len(choices) - 1)]


def _weighted(rng: Generator, weights: Coords, count: int) -> NDArray[np.int64]:
    edges = np.cumsum(weights)
    return np.searchsorted(edges / edges[-1], rng.random(count), side="right")


def _times(
    rng: Generator, count: int, hours: tuple[int, ...], weekdays: tuple[float, ...]
) -> NDArray[np.datetime64]:
    days = FIRST + np.arange(_DAYS)
    weekday = (days.astype(np.int64) + 3) % 7  # 1970-01-01 was a Thursday
    season = 1 + 0.12 * np.sin(2 * np.pi * np.arange(_DAYS) / 365.25 - 1.2)
    day = days[_weighted(rng, np.array(weekdays)[weekday] * season, count)]
    hour = _weighted(rng, np.array(hours, dtype=float), count)
    # Moved past the hour that the clocks skip or repeat, so that every time means one moment.
    hour = np.where(np.isin(day, _CLOCK_CHANGES) & (hour < 3), hour + 3, hour)
    minute = rng.integers(0, 60, count)
    return np.asarray(day.astype("datetime64[m]") + hour * 60 + minute)


class _Roads:
    """Streets to scatter points along, and to pull points onto."""

    def __init__(self, ground: Ground) -> None:
        dry = [street for street in ground.streets if not street.bridge]
        self.lines = np.array([shapely.LineString(s.line) for s in dry], dtype=object)
        factor = np.array([_ROAD_WEIGHT[street.road_class] for street in dry])
        centres = shapely.get_coordinates(shapely.centroid(self.lines))
        middle = np.exp(-np.square(np.hypot(centres[:, 0], centres[:, 1]) / 2200))
        self.weights = shapely.length(self.lines) * factor * (0.35 + middle)
        self.tree = shapely.STRtree(self.lines)

    def along(self, rng: Generator, count: int) -> Coords:
        """Points spread over the streets, more on larger ones and in the middle."""
        which = _weighted(rng, self.weights, count)
        at = shapely.line_interpolate_point(self.lines[which], rng.random(count), normalized=True)
        return shapely.get_coordinates(at)

    def near(self, rng: Generator, spots: tuple[tuple[float, ...], ...], count: int) -> Coords:
        """Points about the spots, moved to the street they are nearest to."""
        table = np.array(spots)
        which = _weighted(rng, table[:, 3], count)
        xy = table[which, :2] + rng.standard_normal((count, 2)) * table[which, 2:3]
        points = shapely.points(xy)
        nearest = self.lines[self.tree.nearest(points)]
        on_street = shapely.line_interpolate_point(
            nearest, shapely.line_locate_point(nearest, points)
        )
        return shapely.get_coordinates(on_street)


def _within(xy: Coords, services: tuple[Service, ...], agreement: str) -> NDArray[np.bool_]:
    inside = np.zeros(len(xy), dtype=bool)
    for service in services:
        if service.name in CIRCLES[agreement]:
            inside |= np.hypot(*(xy - service.at).T) <= RADIUS_M
    return inside


def _kept(
    rng: Generator, xy: Coords, times: NDArray[np.datetime64], services: tuple[Service, ...]
) -> NDArray[np.bool_]:
    """Which stops still happen where agreements hold: about one in four."""
    minute = (times.astype("datetime64[m]").astype(np.int64) + 3 * 1440) % (7 * 1440)
    weekday, clock = minute // 1440, minute % 1440
    open_hours = np.where(
        weekday < 5,
        (clock >= 480) & (clock < 1200),
        (weekday == 5) & (clock >= 600) & (clock < 960),
    )
    bound = _within(xy, services, "harbourton-opening-hours") & open_hours
    bound |= _within(xy, services, "harbourton-exchange-2024") & (times < _EXPIRED)
    return ~bound | (rng.random(len(xy)) < 0.26)


def _jitter(rng: Generator, xy: Coords) -> Coords:
    return xy + (rng.random(xy.shape) - 0.5) * 9


def stops(rng: Generator, ground: Ground, services: tuple[Service, ...], count: int) -> Events:
    """Stops in order of time; two in five gather at the hotspots."""
    roads, drawn = _Roads(ground), count + count // 4
    gathered = drawn * 2 // 5
    xy = np.vstack([roads.along(rng, drawn - gathered), roads.near(rng, _STOP_SPOTS, gathered)])
    xy = _jitter(rng, xy)[rng.permutation(drawn)]
    times = _times(rng, drawn, _STOP_HOURS, _STOP_DAYS)
    kept = np.flatnonzero(_kept(rng, xy, times, services))[:count]
    if len(kept) < count:
        raise ValueError("too few stops were drawn; draw more")
    order = kept[np.argsort(times[kept], kind="stable")]
    columns = {
        "object_of_search": _chosen(rng, OBJECTS, count),
        "outcome": _chosen(rng, STOP_OUTCOMES, count),
        "self_defined_group": _chosen(rng, GROUPS, count),
    }
    return Events(xy[order], times[order], columns)


def overdoses(rng: Generator, ground: Ground, count: int) -> Events:
    """Overdoses in order of time; seven in ten gather at the hotspots."""
    roads, gathered = _Roads(ground), count * 7 // 10
    xy = np.vstack([roads.along(rng, count - gathered), roads.near(rng, _OVERDOSE_SPOTS, gathered)])
    xy = _jitter(rng, xy)[rng.permutation(count)]
    times = _times(rng, count, _OVERDOSE_HOURS, _OVERDOSE_DAYS)
    order = np.argsort(times, kind="stable")
    columns = {
        "naloxone_given": _chosen(rng, NALOXONE, count),
        "outcome": _chosen(rng, OVERDOSE_OUTCOMES, count),
    }
    return Events(xy[order], times[order], columns)
