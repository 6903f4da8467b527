"""How a layer of points is drawn where it leaves as counts: one rule for screen, paper and HTML.

Squares and hexagons fill the cells that the layer's counts always leave in: counts of the same
events in other cells too would let small ones be worked out. Heat becomes a density whose
fineness goes by those cells, never by the part of the map that is looked at.
"""

from __future__ import annotations

from gisapp.layers.classes import count_opacity
from gisapp.layers.layer import Layer, Points
from gisapp.layers.project import Hotspots
from gisapp.layers.style import PointDrawing
from gisapp.layers.vocabulary import LayerKind

#: Kinds of layer whose places have a symbol each.
_SYMBOLS = (LayerKind.SERVICES, LayerKind.DEPLOYMENTS)
#: Cells and reach of the density that stands for heat, as shares of the cells of its layer.
_CELL, _REACH = 0.4, 1.6


def way_of(layer: Layer) -> PointDrawing:
    """The way that a layer's style asks for; each place where it has none."""
    has_ways = isinstance(layer.geometry, Points) and layer.kind not in _SYMBOLS
    return layer.style.points if has_ways else PointDrawing.EACH


def is_heat(layer: Layer) -> bool:
    return way_of(layer) is PointDrawing.HEAT


def fills_cells(layer: Layer) -> bool:
    """Whether counts of the layer fill their cells with colour, in place of marks in them."""
    return way_of(layer) in (PointDrawing.SQUARES, PointDrawing.HEXAGONS)


def heat_id(layer_id: str) -> str:
    """The id of the density that stands for the heat of a layer."""
    return f"heat-{layer_id}"


def heat_surface(layer: Layer, cell_m: float) -> Hotspots:
    """The density that a layer drawn as heat leaves as, its counts leaving in cells of `cell_m`."""
    return Hotspots(
        layer.id,
        "kde",
        cell_m * _CELL,
        cell_m * _REACH,
        opacity=count_opacity(layer.style.opacity),
        id=heat_id(layer.id),
    )
