"""What the colour of heat, or of a hotspot surface, says at a place of the map, in words."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from gisapp.analysis.hotspots.hotspots import Surface
from gisapp.layers import geodesy
from gisapp.layers.audience import threshold
from gisapp.layers.layer import Layer
from gisapp.layers.project import Hotspots, Project
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress
from gisapp.render import prepared
from gisapp.render.cache import Cache
from gisapp.render.legend import GI_WORDS
from gisapp.render.look import Look
from gisapp.render.painters.heat import heat_in, heat_stops
from gisapp.render.shown_rows import kept_points
from gisapp.render.view import MapView

#: Heat below this share of the first step of its legend is too faint to be seen.
_FAINTEST = 0.05


def heat_at(layer: Layer, look: Look, view: MapView, px: float, py: float, cache: Cache) -> str:
    """How dense a layer of points is under a logical pixel, as it is drawn; empty where clear."""
    mask = kept_points(layer, look, cache)
    # A map of one pixel there, with what beside it warms it: the same cells as on the whole map.
    spot = view.panned(view.width / 2 - px, view.height / 2 - py).resized(1, 1)
    heat = heat_in(layer, spot, mask, cache, Progress())
    side = heat.target.width() / heat.values.shape[1]
    row = int((0.5 - heat.target.top()) / side)
    column = int((0.5 - heat.target.left()) / side)
    value = float(heat.values[row, column])
    if value < heat_stops(layer, heat.reach_m, cache, Progress())[0] * _FAINTEST:
        return ""
    reach = geodesy.in_words(heat.reach_m)
    return f"About {_short(value)} {_noun(layer)} per km² here, smoothed over {reach}"


def surface_at(
    project: Project, hotspots: Hotspots, look: Look, at: tuple[float, float], cache: Cache
) -> str:
    """What a hotspot surface says at a place (longitude, latitude).

    Empty where nothing is drawn for the audience, and while the surface is being computed.
    """
    layer = project.layer(hotspots.layer_id)
    surface = prepared.known_surface(project, hotspots, look.rows_of(layer), cache)
    if surface is None:
        return ""
    x, y = surface.plane.place(*at)
    column = int(np.floor((x - surface.grid.x) / surface.cell_m))
    row = int(np.floor((y - surface.grid.y) / surface.cell_m))
    rows, columns = surface.values.shape
    inside = 0 <= row < rows and 0 <= column < columns
    if not inside or not surface.shown(look.audience)[row, column]:
        return ""
    reach = geodesy.in_words(surface.bandwidth_m)
    if surface.classes is not None:
        words = GI_WORDS[int(surface.classes[row, column])]
        return f"{_noun(layer).capitalize()}: {words.lower()}, neighbours within {reach}"
    value = float(surface.values[row, column])
    if value <= 0 or not surface.breaks:
        return ""
    unit = surface.unit.replace("events", _noun(layer), 1)
    # Exact densities of many cells would let small counts be worked out: others get the steps.
    said = f"About {_short(value)}" if threshold(look.audience) <= 1 else _step(surface, value)
    return f"{said} {unit} here, smoothed over {reach}"


def _step(surface: Surface, value: float) -> str:
    for low, high in pairwise(surface.breaks):
        if low <= value < high:
            return f"{low:,g} to {high:,g}"
    if value < surface.breaks[0]:
        return f"Fewer than {surface.breaks[0]:,g}"
    return f"{surface.breaks[-1]:,g} or more"


def _short(value: float) -> str:
    """Two figures: a smoothed value has no more."""
    return f"{float(f'{value:.2g}'):,g}" if value < 1e6 else f"{round(value, -5):,.0f}"


def _noun(layer: Layer) -> str:
    return "places" if layer.kind is LayerKind.OTHER else layer.kind.value
