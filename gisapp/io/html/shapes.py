"""Shapes and styles in the words of a page: whole numbers for coordinates, Leaflet's for looks."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gisapp.layers.style import Fill, Line, Style
from gisapp.progress import breathe

Json = dict[str, Any]

#: Vertices that lines and areas of one layer may have before they are simplified further.
_MOST_VERTICES = 60_000
#: Degrees by which a line may move when it is simplified: about 1 m, then doubled.
_FIRST_TOLERANCE = 0.00001
#: Usual words for classes of roads; S1100 and S1200 are those of the US Census (MTFCC).
WIDE_ROADS = frozenset({"motorway", "trunk", "primary", "highway", "arterial", "s1100"})
MIDDLE_ROADS = frozenset({"secondary", "tertiary", "collector", "s1200"})


def simplified(geoms: NDArray[np.object_]) -> NDArray[np.object_]:
    """The shapes with as much detail as a page can carry; none of them gets lost."""
    tolerance = _FIRST_TOLERANCE
    result = np.asarray(shapely.simplify(geoms, tolerance), dtype=object)
    while int(shapely.get_num_coordinates(result).sum()) > _MOST_VERTICES and tolerance < 0.01:
        tolerance *= 2
        result = np.asarray(shapely.simplify(geoms, tolerance), dtype=object)
    return result


def rank_of(road_class: str) -> int:
    """How wide a road is drawn: 3, 2 or 1, by the usual words for its class."""
    word = road_class.casefold().removesuffix("_link")
    return 3 if word in WIDE_ROADS else 2 if word in MIDDLE_ROADS else 1


def label_at(area: BaseGeometry, busy: BaseGeometry) -> list[float]:
    """Where a name reads best: well inside the area and away from the symbols of services."""
    west, south, east, north = area.bounds
    lon, lat = np.meshgrid(np.linspace(west, east, 19)[1:-1], np.linspace(south, north, 19)[1:-1])
    spots = np.asarray(shapely.points(np.c_[lon.ravel(), lat.ravel()]))
    spots = spots[shapely.contains_properly(area, spots)]
    if not len(spots):
        spots = np.array([shapely.point_on_surface(area)])
    room = shapely.distance(spots, area.boundary)
    if not busy.is_empty:
        room = np.minimum(room, 0.8 * shapely.distance(spots, busy))
    best = spots[int(np.argmax(room))]
    return [round(best.y, 5), round(best.x, 5)]


def encoded(
    lines: Sequence[BaseGeometry] | NDArray[np.object_], scale: float = 1e5
) -> list[list[int]]:
    """Of each line whole numbers, lat and lon in turn, each the difference to the one before."""
    xy, owner = shapely.get_coordinates(lines, return_index=True)
    whole = np.rint(xy[:, ::-1] * scale).astype(np.int64)
    steps = np.diff(whole, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    first = np.flatnonzero(np.diff(owner, prepend=-1))
    steps[first] = whole[first]
    flat, edges = steps.ravel(), 2 * np.searchsorted(owner, np.arange(len(lines) + 1))
    paths = []
    for start, end in pairwise(edges.tolist()):
        breathe()
        path: list[int] = flat[start:end].tolist()
        paths.append(path)
    return paths


def rings(area: BaseGeometry) -> list[list[list[int]]]:
    """Parts of an area, each a list of rings, outer one first, to 10 cm."""
    return [
        encoded((part.exterior, *part.interiors), 1e6)
        for part in shapely.get_parts(area)
        if isinstance(part, shapely.Polygon)
    ]


def css_style(style: Style) -> Json:
    """A style in Leaflet's words, with `hatch` for the fills that it does not know."""
    hatches = {Fill.HATCHED: "hatched", Fill.CROSS_HATCHED: "crossed"}
    return {
        "color": style.color,
        "weight": style.width,
        "opacity": style.opacity,
        "dashArray": "6 4" if style.line is Line.DASHED else None,
        "fill": style.fill is not Fill.NONE,
        "fillColor": style.color,
        "fillOpacity": style.fill_opacity * style.opacity,
        "hatch": hatches.get(style.fill, ""),
    }


def area_swatch(style: Style, label: str, count: str = "") -> Json:
    """A line of the legend for an area."""
    return {"symbol": "area", "style": css_style(style), "label": label, "count": count}
