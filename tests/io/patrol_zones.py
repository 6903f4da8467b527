"""Any zones as they go out, and how far apart two outlines are, for tests of the formats."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from functools import cache
from typing import Any

import numpy as np
import shapely
from hypothesis import strategies as st

from gisapp.io.patrol.content import Content
from gisapp.io.patrol.zones import outgoing
from gisapp.layers.agreement import Hours
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import Exemption
from gisapp.layers.zone import Zone, circle_zone
from tests.io.projects import agreement

DAY = date(2025, 6, 2)

NAMES = st.one_of(
    st.text(min_size=1, max_size=20),
    st.sampled_from(
        [
            "Île 停车场 Χώρα الحي גן हिन्दी 🏥",
            "=HYPERLINK(1)",
            "+1",
            "-2",
            "@x",
            "\t=1",
            "'",
            '"',
            "a,b\nc",
            "<b>&amp;</b>]]>",
            "\ufffe",
            "a/b:c*d?",
            "long " * 60,
        ]
    ),
)
EVERY_SCRIPT = "Île 停车场 Χώρα الحي גן हिन्दी ไทย Ж 🏥"


@st.composite
def zones(draw: st.DrawFn) -> Zone:
    """Circles, ragged areas, and such with holes and parts, all but at the poles themselves."""
    name = draw(NAMES)
    lon = draw(st.one_of(st.floats(-180, 180), st.sampled_from([180.0, -180.0, 179.9995, 0.0])))
    lat = draw(st.floats(-84, 84))
    if draw(st.booleans()):
        return circle_zone(name, lon, lat, draw(st.floats(5, 3000)), "meeting")
    lon = min(max(lon, -179.9), 179.9)
    if draw(st.booleans()):
        corners = draw(st.sampled_from([5, 60, 60, 10_000]))
        return Zone(name, star(lon, lat, corners, seed=draw(st.integers(0, 99))))
    size = draw(st.floats(1e-5, 0.02))
    shape = shapely.box(lon, lat, lon + size, lat + size)
    if draw(st.booleans()):
        shape -= shapely.box(lon + size / 4, lat + size / 4, lon + size / 2, lat + size / 2)
    if draw(st.booleans()):
        shape |= shapely.box(lon + 2 * size, lat, lon + 3 * size, lat + size)
    return Zone(name, shape)


def star(lon: float, lat: float, corners: int, size: float = 0.01, seed: int = 4) -> Any:
    """A ragged area with very many corners and a hole."""
    rng = np.random.default_rng(seed)
    angle = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    reach = size * rng.uniform(0.6, 1, corners)
    ring = np.column_stack([lon + reach * np.cos(angle), lat + reach * np.sin(angle)])
    hole = np.column_stack([lon + size / 4 * np.cos(angle), lat + size / 4 * np.sin(angle)])
    return shapely.Polygon(ring, [hole[:: max(1, corners // 1000)]])


#: One of each kind that formats trip over.
AWKWARD = (
    circle_zone("Circle", -84.5, 39.1, 152.4, "meeting"),
    circle_zone("Across the antimeridian", 179.9995, -16.8, 900, "meeting"),
    circle_zone("Far north", 25.7, 81.2, 400, "meeting"),
    Zone("Many corners", star(12.57, 55.68, 10_000)),
    Zone(
        EVERY_SCRIPT,
        shapely.MultiPolygon(
            [
                shapely.box(0, 0, 0.01, 0.01) - shapely.box(0.002, 0.002, 0.004, 0.004)
                - shapely.box(0.006, 0.006, 0.008, 0.008),
                shapely.box(0.02, 0, 0.03, 0.01),
            ]
        ),
    ),
    Zone("<b>&amp;</b> \"'a/b\"", shapely.box(-0.001, -0.001, 0, 0)),
)  # fmt: skip


@cache
def awkward() -> Content:
    """What goes out for those zones; the same each time."""
    return content_of(*AWKWARD)


def content_of(*drawn: Zone, **terms: object) -> Content:
    """What goes out for these zones, all under one agreement in force."""
    said: dict[str, object] = {
        "hours": (Hours((0, 1, 2, 3, 4), time(8), time(20)),),
        "exceptions": (Exemption.VIOLENCE,),
        "persons": "18 and over",
    }
    project = Project(agreements={"quay": agreement(**{**said, **terms})}).with_zones(
        replace(zone, agreement_id="quay") for zone in drawn
    )
    held = tuple(outgoing(project, zone, DAY) for zone in project.zones.values())
    return Content("Quay", "America/New_York", DAY, held)


def unwrapped(shape: Any) -> Any:
    """Longitudes from 0 to 360, so that both sides of the antimeridian lie together."""
    return shapely.transform(shape, lambda xy: np.column_stack([xy[:, 0] % 360, xy[:, 1]]))


def within_a_centimetre(one: Any, other: Any) -> bool:
    """Whether no corner of either outline, holes included, is farther than that from the other.

    Edges are straight in degrees, as RFC 7946 has them; a degree counts for as many metres as it
    ever does there.
    """
    across = max(one.bounds[2] - one.bounds[0], other.bounds[2] - other.bounds[0]) > 180
    if across:
        one, other = unwrapped(one), unwrapped(other)
    _, south, _, north = one.bounds
    nearest = 0 if south <= 0 <= north else min(abs(south), abs(north))
    scale = np.array([111_320 * np.cos(np.radians(nearest)) * 1.004, 111_700])
    origin = np.array(one.bounds[:2])
    left, right = (shapely.transform(shape, lambda xy: (xy - origin) * scale)
                   for shape in (one, other))  # fmt: skip
    if across:  # where a zone was cut the two halves touch: compare the area they make together
        left, right = left.buffer(0.001, 1), right.buffer(0.001, 1)
    return all(
        bool(np.all(shapely.dwithin(_prepared(edge), _corners(corners), 0.01)))
        for edge, corners in ((left.boundary, right), (right.boundary, left))
    )


def _prepared(edge: Any) -> Any:
    shapely.prepare(edge)
    return edge


def _corners(shape: Any) -> Any:
    return shapely.points(shapely.get_coordinates(shape))
