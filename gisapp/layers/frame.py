"""What ground a map for somebody shows, made from nothing but what they see on it.

The frame of a map is a finding too: its edge stands where the outermost feature does, and its
middle is that feature where there is but one. So what a reader may not see has no part in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import ceil, floor

import numpy as np

from gisapp.layers.audience import SMALL_COUNT, Audience, Showing, showing
from gisapp.layers.confidential import open_rows
from gisapp.layers.event_cells import places
from gisapp.layers.layer import Bounds, Layer, Points
from gisapp.layers.project import Project, around
from gisapp.layers.seen import seen_by
from gisapp.layers.vocabulary import LayerKind

#: Sides of cells in degrees, from about a kilometre, that events are gathered in.
_CELLS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
#: More columns than there are round the world.
_WORLD = 1 << 20
#: So large a share of the events of a layer lies in the cells that count.
_MOST = 0.9
#: The least step in degrees (about a kilometre), and how many go into the longer side.
_STEP, _STEPS = 0.01, 20
_GROUND = (LayerKind.STREETS, LayerKind.OTHER)
_ABOUT = (LayerKind.BOUNDARIES, LayerKind.SERVICES)


def frame_of(project: Project, audience: Audience, *, exported: bool = True) -> Bounds | None:
    """West, south, east, north in degrees of what the project is about; None for nothing.

    That is boundaries, zones and services or, without boundaries, all layers but streets and
    whatever else is only ground. Of events it takes the cells of a kilometre or more that hold
    nearly all of them, none with few. Layers that are switched off, or not shown to the audience,
    have no part in it. The frame is `rounded_outwards`.
    """
    seen = seen_by(project, audience, exported=exported)
    shown = [layer for layer in seen.layers if _is_shown(layer, audience, exported)]
    kept = [layer for layer in shown if layer.kind not in _GROUND]
    if any(layer.kind is LayerKind.BOUNDARIES for layer in kept):
        kept = [layer for layer in kept if layer.kind in _ABOUT]
    boxes = list(_boxes(kept, audience, exported=exported))
    if seen.zones_visible:
        boxes += [zone.shape.bounds for zone in seen.zones.values()]
    whole = around(boxes or list(_boxes(shown, audience, exported=exported)))
    return None if whole is None else rounded_outwards(whole)


def rounded_outwards(bounds: Bounds) -> Bounds:
    """The bounds moved out to whole steps: a kilometre, or a twentieth of the longer side.

    An edge on an even step says no more of what lies nearest to it than that it is within the
    step, and the middle of a frame is nobody's door. Steps are 1, 2 or 5 times a power of ten
    degrees, so that they stay the same when what is shown moves a little.
    """
    west, south, east, north = bounds
    step = _step(max(east - west, north - south) / _STEPS)
    low = [floor(side / step) for side in (west, south)]
    high = [ceil(side / step) for side in (east, north)]
    # What lies on a step is put within one, not on the edge.
    high = [max(end, start + 1) for start, end in zip(low, high, strict=True)]
    west, south, east, north = (round(side * step, 6) for side in (*low, *high))
    return west, max(south, -90.0), east, min(north, 90.0)


def _step(least: float) -> float:
    step = _STEP
    for power in range(5):
        for times in (1, 2, 5):
            step = _STEP * times * 10.0**power
            if step >= least:
                return step
    return step


def _is_shown(layer: Layer, audience: Audience, exported: bool) -> bool:
    told = showing(layer.kind, layer.sensitivity, audience, exported=exported)
    return layer.visible and told is not Showing.NOTHING and len(layer) > 0


def _boxes(
    layers: Iterable[Layer], audience: Audience, *, exported: bool
) -> Iterator[Bounds | None]:
    for layer in layers:
        if layer.is_events:
            yield _where_most_are(places(layer.geometry))
            continue
        yield open_bounds(layer, audience, exported=exported)


def open_bounds(layer: Layer, audience: Audience, *, exported: bool) -> Bounds | None:
    """The extent of the rows that a reader may see one by one; None without any."""
    rows = open_rows(layer, audience, exported=exported)
    if rows is None:
        return layer.bounds
    if not rows.any():
        return None
    geometry = layer.geometry
    if isinstance(geometry, Points):
        return Points(geometry.lon[rows], geometry.lat[rows]).bounds
    return around([geom.bounds for geom in geometry.geoms[rows]])


def _where_most_are(points: Points) -> Bounds | None:
    """The cells that hold enough events to be told of; None where there are too few events."""
    for side in _CELLS:
        columns, lines = (np.floor(degrees / side) for degrees in (points.lon, points.lat))
        cells, counts = np.unique(lines * _WORLD + columns, return_counts=True)
        told = cells[counts >= SMALL_COUNT]
        if len(told) and counts[counts >= SMALL_COUNT].sum() >= _MOST * len(points):
            rows = np.round(told / _WORLD)
            across = told - rows * _WORLD
            west, south = float(across.min() * side), float(rows.min() * side)
            return west, south, float((across.max() + 1) * side), float((rows.max() + 1) * side)
    return None
