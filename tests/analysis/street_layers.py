"""Streets laid out in hundreds of metres, for tests of walks."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import shapely

from gisapp.layers import geodesy
from gisapp.layers.layer import Layer, Points, Shapes, new_layer
from gisapp.layers.vocabulary import LayerKind

#: A place where a hundred metres are handy steps in degrees.
LON, LAT = 8.54, 47.37
EAST, NORTH = geodesy.degrees_of(100, LAT)

Course = list[tuple[float, float]]


def at(x: float, y: float) -> tuple[float, float]:
    """Degrees of a place given in hundreds of metres."""
    return LON + x * EAST, LAT + y * NORTH


def streets(
    *lines: Course,
    classes: tuple[str, ...] = (),
    names: tuple[str, ...] = (),
    title: str = "Streets",
) -> Layer:
    """A layer of streets by their corners; local streets without names unless told otherwise."""
    shapes = np.empty(len(lines), dtype=object)
    shapes[:] = [shapely.LineString([at(*place) for place in line]) for line in lines]
    table = pa.table(
        {
            "class": pa.array(classes or ["S1400"] * len(lines)),
            "name": pa.array(names or [""] * len(lines)),
        }
    )
    fields = {"road_class": "class", "name": "name"}
    return new_layer(title, LayerKind.STREETS, table, Shapes(shapes), fields)


def sites(*places: tuple[float, float], names: tuple[str, ...] = ()) -> Layer:
    """Services at places in hundreds of metres."""
    lon, lat = np.array([at(*place) for place in places]).T
    table = pa.table({"name": pa.array(names or [f"Site {n + 1}" for n in range(len(places))])})
    return new_layer("Services", LayerKind.SERVICES, table, Points(lon, lat), {"name": "name"})


def block(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    """An area by its sides in hundreds of metres."""
    return shapely.box(*at(west, south), *at(east, north))


def areas(
    *shapes: shapely.Polygon, names: tuple[str, ...], title: str, kind: LayerKind = LayerKind.OTHER
) -> Layer:
    table = pa.table({"name": pa.array(names)})
    return new_layer(title, kind, table, Shapes(np.array(shapes, dtype=object)), {"name": "name"})


def grid(wide: int, high: int, south: float = 0.0) -> list[Course]:
    """Streets every 100 m, with a vertex at each crossing."""
    along = [[(float(x), south + y) for x in range(wide + 1)] for y in range(high + 1)]
    up = [[(float(x), south + y) for y in range(high + 1)] for x in range(wide + 1)]
    return along + up
