"""How far services are from the zones that a paper tells of: the nearest are named first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from gisapp.analysis.briefing.briefing import Line
from gisapp.layers import geodesy
from gisapp.layers.outline import sound


def metres_to_zones(
    lines: Sequence[Line], lon: NDArray[np.float64], lat: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Metres on the ellipsoid from points to the nearest zone; 0 inside one, and without zones.

    `lon` and `lat` are float64 arrays of one shape (n,), degrees, EPSG:4326. The nearest place of
    an outline is found with degrees east made as long as those north at the middle of the zones.
    """
    if not lines or not len(lon):
        return np.zeros(len(lon))
    shapes = [sound(line.zone.shape) for line in lines]
    south, north = shapely.total_bounds(shapes)[[1, 3]]
    narrow = max(float(np.cos(np.radians((south + north) / 2))), 1e-6)
    grounds = shapely.transform(np.array(shapes, dtype=object), lambda xy: xy * [narrow, 1.0])
    tree = shapely.STRtree(grounds)
    # A zone just beyond the antimeridian is near too.
    ways = [_metres(tree, lon + turn, lat, narrow) for turn in (-360.0, 0.0, 360.0)]
    nearest: NDArray[np.float64] = np.min(ways, axis=0)
    return nearest


def _metres(
    tree: shapely.STRtree, lon: NDArray[np.float64], lat: NDArray[np.float64], narrow: float
) -> NDArray[np.float64]:
    points = shapely.points(lon * narrow, lat)
    zones = tree.geometries.take(tree.nearest(points))
    ends = shapely.get_point(shapely.shortest_line(zones, points), 0)
    found = geodesy.pair_distances_m(shapely.get_x(ends) / narrow, shapely.get_y(ends), lon, lat)
    return np.where(shapely.intersects(zones, points), 0.0, found)
