"""A made-up city of any number of stops: the same for every benchmark, and for other programs.

Nothing here is real. Stops crowd along streets and round a few busy corners, as they do in a city;
a third of them share their place with others.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from gisapp.layers import zoning
from gisapp.layers.layer import Layer, Points, Shapes, new_layer
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind

WEST, SOUTH = -84.7, 39.05
ACROSS, UP = 0.33, 0.16
TIMEZONE = "America/New_York"
STREETS = 13_560
#: 2019-01-01 to 2024-12-31 in seconds.
_FIRST, _LAST = 1_546_300_800, 1_735_689_600
_ACTIVITIES = ("traffic stop", "pedestrian stop", "search", "citation", "arrest", "warning")
_GROUPS = ("A", "B", "C", "D", "not recorded")


def places(count: int, seed: int = 1) -> Points:
    """Places of `count` stops in degrees."""
    rng = np.random.default_rng(seed)
    corners = rng.random((400, 2))
    which = rng.zipf(1.35, count) % len(corners)
    spread = np.where(rng.random(count) < 0.75, 0.012, 0.12)[:, None]
    where = corners[which] + rng.normal(0, 1, (count, 2)) * spread
    # One in three is reported at a corner of a block, as many are.
    blocks = rng.random(count) < 0.33
    where[blocks] = np.round(where[blocks] * 350) / 350
    return Points(
        WEST + np.clip(where[:, 0], 0, 1) * ACROSS, SOUTH + np.clip(where[:, 1], 0, 1) * UP
    )


def stops(count: int, seed: int = 1) -> Layer:
    """A layer of `count` stops with a time, an activity, a group, a beat and an age."""
    rng = np.random.default_rng(seed + 1)
    seconds = rng.integers(_FIRST, _LAST, count) * 1_000_000
    times = pa.array(seconds).cast(pa.timestamp("us")).cast(pa.timestamp("us", TIMEZONE))
    table = pa.table(
        {
            "stopped_at": times,
            "activity": _words(rng, _ACTIVITIES, count),
            "group": _words(rng, _GROUPS, count),
            "beat": pa.array(rng.integers(1, 60, count, dtype=np.int32)),
            "age": pa.array(rng.integers(14, 90, count, dtype=np.int32)),
        }
    )
    fields = {"time": "stopped_at", "activity": "activity", "group": "group"}
    return new_layer(f"{count:,} stops", LayerKind.STOPS, table, places(count, seed), fields)


def _words(rng: np.random.Generator, words: tuple[str, ...], count: int) -> pa.Array:
    numbers = pa.array(rng.integers(0, len(words), count, dtype=np.int32))
    return pa.DictionaryArray.from_arrays(numbers, pa.array(words)).cast(pa.string())


def services(count: int, seed: int = 3) -> Layer:
    """Services spread like the stops."""
    names = pa.array([f"Service {number}" for number in range(1, count + 1)])
    kinds = pa.array(["needle exchange", "pharmacy", "drop-in centre"] * (count // 3 + 1))[:count]
    table = pa.table({"name": names, "kind": kinds})
    fields = {"name": "name", "service_type": "kind"}
    return new_layer("Services", LayerKind.SERVICES, table, places(count, seed), fields)


def streets(seed: int = 4) -> Layer:
    """As many streets as Hamilton County has, of 2 to 12 vertices on a crooked grid."""
    rng = np.random.default_rng(seed)
    lines = np.array([_street(rng) for _ in range(STREETS)], dtype=object)
    table = pa.table({"name": pa.array([f"Street {number}" for number in range(len(lines))])})
    return new_layer("Streets", LayerKind.STREETS, table, Shapes(lines), {"name": "name"})


def _street(rng: np.random.Generator) -> shapely.LineString:
    vertices = int(rng.integers(2, 13))
    course: NDArray[np.float64] = rng.integers(0, 4) * np.pi / 2 + rng.normal(0, 0.12, vertices)
    steps = np.column_stack([np.cos(course), np.sin(course) * 0.77]) * 0.0007
    start = np.array([WEST + rng.random() * ACROSS, SOUTH + rng.random() * UP])
    return shapely.LineString(start + steps.cumsum(axis=0))


def project(count: int, zones: int = 2_000, radius_m: float = 200.0) -> Project:
    """`count` stops, the streets, and circles of `radius_m` round as many services as `zones`."""
    sites = services(zones)
    drawn = zoning.circles_round(sites, radius_m, "Made up")
    layers = (streets(), stops(count), sites)
    return Project(title="Made up", timezone=TIMEZONE, layers=layers).with_zones(drawn)
