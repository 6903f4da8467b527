"""Points in the way their style asks for; by itself, each place near and counts from far away."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from gisapp.analysis.points.distinct import count_places
from gisapp.layers.layer import Layer, Points
from gisapp.layers.style import PointDrawing
from gisapp.progress import Progress
from gisapp.render import prepared
from gisapp.render.cache import Cache
from gisapp.render.frame import Frame
from gisapp.render.look import Look
from gisapp.render.painters.clusters import paint_clusters
from gisapp.render.painters.each import paint_each
from gisapp.render.painters.heat import paint_heat
from gisapp.render.painters.hexagons import paint_hexagons
from gisapp.render.painters.squares import CELL, density, paint_squares
from gisapp.render.shown_rows import kept_points
from gisapp.render.view import MapView, mercator

#: So many places are drawn one by one wherever they lie; more, up to `NEAR`, where no more than
#: `_HIDDEN` of them share a small square with another; and none of more than `_READ` points.
NEAR, _MANY, _HIDDEN, _READ = 3500, 1000, 400, 100_000
#: A sample of so many points tells soon that there are too many places.
_SAMPLE = 8_000

_PAINTERS = {
    PointDrawing.EACH: paint_each,
    PointDrawing.CLUSTERS: paint_clusters,
    PointDrawing.HEXAGONS: paint_hexagons,
    PointDrawing.HEAT: paint_heat,
}


def paint_points(frame: Frame, layer: Layer) -> None:
    """Draw the points of a layer whose audience may see each."""
    painter = _PAINTERS.get(layer.style.points)
    if painter is not None:
        painter(frame, layer)
        return
    grid, counts = density(layer, frame.look, frame.view, frame.cache, frame.progress)
    automatic = layer.style.points is PointDrawing.AUTOMATIC
    if automatic and draws_each(layer, counts, frame.look, frame.view, frame.cache):
        paint_each(frame, layer)
    else:
        paint_squares(frame, layer, grid, counts)


def draws_each(
    layer: Layer, counts: NDArray[np.int32], look: Look, view: MapView, cache: Cache
) -> bool:
    """Whether each place is drawn, given how many points lie in each small square of the view.

    From far away a city is so small that few squares are enough for all of it: then the symbols
    would cover each other, and their density is drawn. Judged by the places that lie in the view:
    a part of a view, drawn nearer, holds no more of them, and no more that share a square. So
    where each place is drawn, it is in all nearer views.
    """
    points = layer.geometry
    assert isinstance(points, Points)
    if counts.sum() <= _MANY:
        return True
    if prepared.place_share(points, cache) * len(points) <= _MANY:
        return True
    # The outermost squares reach beyond the view. A square in it holds a place at least.
    inner = counts[1:-1, 1:-1]
    if np.count_nonzero(inner) > NEAR or inner.sum() > _READ:
        return False
    limits = look.rows_of(layer), prepared.class_numbers_of(layer, cache)
    owners = (points, *(limit for limit in limits if limit is not None))
    return cache.get(owners, "each", view, lambda: _parted(layer, look, view, cache), keep=2)


def _parted(layer: Layer, look: Look, view: MapView, cache: Cache) -> bool:
    """Whether the places in a view are few, or lie apart."""
    assert isinstance(layer.geometry, Points)
    index = prepared.index_of(layer.geometry, cache, Progress())
    at, mask = index.at(view.bounds), kept_points(layer, look, cache)
    if mask is not None:
        at = at[index.kept(mask, at)]
    if len(at) > _READ:
        return False
    lon, lat = index.lon[at], index.lat[at]
    some = slice(None, None, max(len(at) // _SAMPLE, 1))
    if count_places(lon[some], lat[some]) > NEAR:
        return False
    places = count_places(lon, lat)
    if places <= _MANY or places > NEAR:
        return places <= _MANY
    # Squares of a power of two metres: those of nearer views lie within them.
    side = 2.0 ** math.floor(math.log2(CELL * view.dpi / 72 * view.resolution))
    x, y = mercator(lon, lat)
    return places - count_places(np.floor(x / side), np.floor(y / side)) <= _HIDDEN
