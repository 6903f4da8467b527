"""The legend of points: one symbol, or what the classes of their counts stand for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gisapp.analysis.classes.making import legend_labels
from gisapp.layers import geodesy
from gisapp.layers.audience import threshold
from gisapp.layers.classes import class_labels, mark_of, mark_sides
from gisapp.layers.layer import Layer, Points
from gisapp.layers.point_ways import fills_cells
from gisapp.layers.style import LegendEntry, PointDrawing
from gisapp.progress import Progress
from gisapp.render import prepared
from gisapp.render.cache import Cache
from gisapp.render.look import Look
from gisapp.render.painters.each import symbols_of
from gisapp.render.painters.heat import heat_colors, heat_stops, reach_of
from gisapp.render.painters.hexagons import dense_size, hexagon_width
from gisapp.render.painters.points import draws_each
from gisapp.render.painters.squares import density
from gisapp.render.palette import seen
from gisapp.render.ramps import count_colors, on_ground
from gisapp.render.shown_rows import shown_rows
from gisapp.render.view import MapView


def cell_entries(layer: Layer, look: Look, cache: Cache) -> tuple[tuple[LegendEntry, ...], str]:
    """The marks for counts per cell, and in words what is left out."""
    starts = prepared.cell_classes(layer, look.audience, cache)
    rows = shown_rows(layer, look, cache)
    cells = prepared.cells_of(layer, look.audience, rows, cache)
    size = geodesy.in_words(cells.grid.cell_m)
    least = threshold(look.audience)
    note = f"Counts below {least} are left out." if least > 1 else ""
    if not len(cells):
        return (), f"No cell of {size} holds enough to be shown. {note}".strip()
    color = seen(layer.style.color, look.dark and not look.exported)
    # Classes above the highest count that is shown are not on the map.
    used = int(np.searchsorted(np.array(starts), cells.counts.max(), side="right"))
    words = f"{layer.kind.label} per cell of {size}"
    if fills_cells(layer):
        filled = _ramp(layer, look, words, starts)
        return (replace(filled, detail=note, ramp=filled.ramp[:used]),), note
    entry = LegendEntry(
        words,
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
    """How the points of a layer are drawn in a view: each place, or counts and what they mean."""
    assert isinstance(layer.geometry, Points)
    way = layer.style.points
    if view is None or way is PointDrawing.EACH:
        return _symbols(layer, look, cache, several=view is not None)
    if way is PointDrawing.CLUSTERS:
        return _clusters(layer)
    if way is PointDrawing.HEXAGONS:
        return _hexagons(layer, look, cache, view)
    if way is PointDrawing.HEAT:
        return _heat(layer, look, cache, view)
    grid, counts = density(layer, look, view, cache, Progress())
    if way is PointDrawing.AUTOMATIC and draws_each(layer, counts, look, view, cache):
        return _symbols(layer, look, cache, several=int(counts.max(initial=0)) > 1)
    starts = prepared.dense_classes(layer.geometry, grid.cell, cache)
    side = grid.cell / view.resolution * view.metres_per_pixel
    label = f"{layer.kind.label} per square of {_length(side)}"
    return (_ramp(layer, look, label, starts),)


def _symbols(layer: Layer, look: Look, cache: Cache, *, several: bool) -> tuple[LegendEntry, ...]:
    """One symbol, or one a class, and that a larger one stands for several."""
    style, symbology = layer.style, layer.style.symbology
    plain = replace(style, symbology=None)
    kinds = symbols_of(style, look.dark and not look.exported)
    entries = [LegendEntry(layer.count_words(1).capitalize(), plain, "point")]
    if symbology is not None and symbology.classes:
        others = bool(symbology.others) and _has_others(layer, cache)
        shown = [one.visible for one in symbology.classes] + [others]
        labels = [*legend_labels(symbology), (symbology.others, "")]
        entries = [
            LegendEntry(
                label, replace(plain, color=kind.color, size=kind.size), "point", column=column
            )
            for (label, column), kind, seen_ in zip(labels, kinds, shown, strict=True)
            if seen_
        ]
    if several:
        words = "Several at one place"
        if len(entries) > 1:
            words += ", in the colour of most"
        entries.append(LegendEntry(words, replace(plain, size=style.size * 2), "point"))
    return _beside_each_other(entries)


def _has_others(layer: Layer, cache: Cache) -> bool:
    """Whether any row of a layer is in none of its classes."""
    numbers = prepared.class_numbers_of(layer, cache)
    if numbers is None or layer.style.symbology is None:
        return True
    last = len(layer.style.symbology.classes)
    return cache.get((numbers,), "has others", last, lambda: bool((numbers == last).any()))


def class_hint(layer: Layer, entries: Sequence[LegendEntry]) -> str:
    """How the classes of a layer are seen that is drawn as counts now; empty where they are."""
    symbology, way = layer.style.symbology, layer.style.points
    counted = way is PointDrawing.CLUSTERS or any(one.symbol == "ramp" for one in entries)
    if symbology is None or not symbology.classes or not counted:
        return ""
    if way is PointDrawing.AUTOMATIC:
        return "Zoom in to see each in its colour"
    return "For each in its colour choose “Each place” under Style"


def _beside_each_other(entries: Sequence[LegendEntry]) -> tuple[LegendEntry, ...]:
    """Entries of points that say how large each is beside the largest, where they differ."""
    sizes = [entry.style.size for entry in entries]
    if min(sizes) == max(sizes):
        return tuple(entries)
    return tuple(
        replace(entry, sides=(size / max(sizes),))
        for entry, size in zip(entries, sizes, strict=True)
    )


def _clusters(layer: Layer) -> tuple[LegendEntry, ...]:
    plain = replace(layer.style, symbology=None)
    near_by = LegendEntry(
        f"{layer.kind.label} close together",
        replace(plain, size=max(plain.size * 2.2, 9.0), opacity=1.0),
        "point",
        detail="The number says how many; come closer to part them",
    )
    single = LegendEntry(layer.count_words(1).capitalize(), plain, "point")
    return _beside_each_other((near_by, single))


def _hexagons(layer: Layer, look: Look, cache: Cache, view: MapView) -> tuple[LegendEntry, ...]:
    assert isinstance(layer.geometry, Points)
    width = hexagon_width(view)
    starts = prepared.dense_classes(layer.geometry, dense_size(width), cache)
    across = width / view.resolution * view.metres_per_pixel
    label = f"{layer.kind.label} per hexagon {_length(across)} wide"
    return (_ramp(layer, look, label, starts),)


def _heat(layer: Layer, look: Look, cache: Cache, view: MapView) -> tuple[LegendEntry, ...]:
    reach_m = reach_of(layer, view)
    stops = heat_stops(layer, reach_m, cache, Progress())
    colors = heat_colors(layer, len(stops), look.dark and not look.exported, look.exported)
    labels = [f"{stop:,g}" for stop in stops]
    labels[-1] += " or more"
    seen_so = on_ground(colors, look.dark, look.exported)
    ramp = tuple(zip(seen_so, labels, strict=True))
    words = f"{layer.kind.label} per km², smoothed over {geodesy.in_words(reach_m)}"
    return (LegendEntry(words, layer.style, "ramp", ramp=ramp),)


def _ramp(layer: Layer, look: Look, label: str, starts: tuple[int, ...]) -> LegendEntry:
    dark = look.dark and not look.exported
    colors = count_colors(layer.style, len(starts), dark, look.exported)
    ramp = tuple(zip(on_ground(colors, dark, look.exported), class_labels(starts), strict=True))
    return LegendEntry(label, layer.style, "ramp", ramp=ramp)


def _length(metres: float) -> str:
    """A length of the scale of the map, in two figures."""
    return geodesy.in_words(float(f"{metres:.2g}"))


def points_in_view(points: Points, view: MapView) -> NDArray[np.bool_]:
    """For each point whether it lies in a view."""
    west, south, east, north = view.bounds
    inside: NDArray[np.bool_] = (points.lon >= west) & (points.lon <= east)
    inside &= (points.lat >= south) & (points.lat <= north)
    return inside
