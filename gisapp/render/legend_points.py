"""The legend of points: one symbol, or what the classes of their counts stand for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gisapp.layers import geodesy
from gisapp.layers.audience import threshold
from gisapp.layers.classes import class_labels, mark_of, mark_sides
from gisapp.layers.layer import Layer, Points
from gisapp.layers.style import LegendEntry
from gisapp.progress import Progress
from gisapp.render import prepared
from gisapp.render.cache import Cache
from gisapp.render.look import Look
from gisapp.render.painters.points import DensityGrid, draws_each
from gisapp.render.palette import seen
from gisapp.render.ramps import hue_ramp
from gisapp.render.view import MapView


def cell_entries(layer: Layer, look: Look, cache: Cache) -> tuple[tuple[LegendEntry, ...], str]:
    """The marks for counts per cell, and in words what is left out."""
    starts = prepared.cell_classes(layer, look.audience, cache)
    cells = prepared.cells_of(layer, look.audience, look.rows_of(layer), cache)
    size = geodesy.in_words(cells.grid.cell_m)
    least = threshold(look.audience)
    note = f"Counts below {least} are left out." if least > 1 else ""
    if not len(cells):
        return (), f"No cell of {size} holds enough to be shown. {note}".strip()
    color = seen(layer.style.color, look.dark and not look.exported)
    # Classes above the highest count that is shown are not on the map.
    used = int(np.searchsorted(np.array(starts), cells.counts.max(), side="right"))
    entry = LegendEntry(
        f"{layer.kind.label} per cell of {size}",
        layer.style,
        "marks",
        detail=note,
        ramp=tuple((color, label) for label in class_labels(starts)[:used]),
        mark=mark_of(layer.kind),
        sides=mark_sides(len(starts))[:used],
    )
    return (entry,), note


def point_entries(
    layer: Layer, look: Look, cache: Cache, view: MapView | None
) -> tuple[LegendEntry, ...]:
    """How the points of a layer are drawn in a view: each place, or counts per square."""
    assert isinstance(layer.geometry, Points)
    one = LegendEntry(layer.kind.counted(1).capitalize(), layer.style, "point")
    if view is None:
        return (one,)
    grid = DensityGrid(view)
    index = prepared.index_of(layer.geometry, cache, Progress())
    counts = index.binned(grid.bounds, grid.columns, grid.rows, look.rows_of(layer))
    if draws_each(layer, counts, cache):
        larger = LegendEntry(
            "Several at one place", replace(layer.style, size=layer.style.size * 2), "point"
        )
        return (one, larger) if int(counts.max(initial=0)) > 1 else (one,)
    starts = prepared.dense_classes(layer.geometry, grid.cell, cache)
    colors = hue_ramp(layer.style.color, len(starts), look.dark, look.exported)
    side = grid.cell / view.resolution * view.metres_per_pixel
    label = f"{layer.kind.label} per square of {geodesy.in_words(float(f'{side:.2g}'))}"
    ramp = tuple(zip(colors, class_labels(starts), strict=True))
    return (LegendEntry(label, layer.style, "ramp", ramp=ramp),)


def points_in_view(points: Points, view: MapView) -> NDArray[np.bool_]:
    """For each point whether it lies in a view."""
    west, south, east, north = view.bounds
    inside: NDArray[np.bool_] = (points.lon >= west) & (points.lon <= east)
    inside &= (points.lat >= south) & (points.lat <= north)
    return inside
