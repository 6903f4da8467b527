"""Points in the way their style asks for; by itself, each place near and counts from far away."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gisapp.layers.layer import Layer, Points
from gisapp.layers.style import PointDrawing
from gisapp.render import prepared
from gisapp.render.cache import Cache
from gisapp.render.frame import Frame
from gisapp.render.painters.clusters import paint_clusters
from gisapp.render.painters.each import paint_each
from gisapp.render.painters.heat import paint_heat
from gisapp.render.painters.hexagons import paint_hexagons
from gisapp.render.painters.squares import density, paint_squares

#: As long as no more squares than this hold points, each place is drawn; many places only where
#: they do not crowd, with more than so many in a square that holds any.
NEAR = 3500
_MANY, _CROWDED = 1000, 1.6

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
    if layer.style.points is PointDrawing.AUTOMATIC and draws_each(layer, counts, frame.cache):
        paint_each(frame, layer)
    else:
        paint_squares(frame, layer, grid, counts)


def draws_each(layer: Layer, counts: NDArray[np.int32], cache: Cache) -> bool:
    """Whether each place is drawn, given how many points lie in each small square of the view.

    From far away a city is so small that few squares are enough for all of it: then the symbols
    would cover each other, and their density is drawn.
    """
    assert isinstance(layer.geometry, Points)
    places = float(counts.sum()) * prepared.place_share(layer.geometry, cache)
    squares = int((counts > 0).sum())
    return squares <= NEAR and places <= max(_MANY, squares * _CROWDED)
