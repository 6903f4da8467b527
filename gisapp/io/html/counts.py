"""Points of an HTML map as counts: marks in cells, filled cells, or hexagons, with their legend.

Events leave as counts in the cells of their layer only, whatever its style: counts of the same
events in hexagons too would let small ones be worked out. Hexagons are for places that the
audience may see one by one.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from gisapp.analysis.points.hexagons import hexagon_of
from gisapp.analysis.points.raster import mercator_y
from gisapp.io.html import cells as html_cells
from gisapp.io.html.cells import CellsInView
from gisapp.io.html.classes import limits
from gisapp.io.html.question import Question
from gisapp.io.html.shapes import Json
from gisapp.layers import geodesy
from gisapp.layers.audience import Audience
from gisapp.layers.classes import (
    MARK_OPACITY,
    WIDEST,
    cell_starts,
    class_labels,
    count_opacity,
    mark_of,
    mark_sides,
    one_hue,
)
from gisapp.layers.event_cells import places
from gisapp.layers.layer import Layer

#: About how wide a hexagon is where the bounds are seen on a map of so many pixels.
_WIDE_PX, _PAGE_PX = 20.0, (960.0, 680.0)
_EARTH_M = 6378137.0


def marks_group(question: Question, layer: Layer, least: int) -> Json:
    """A mark in each cell that holds enough, as large as its class says."""
    cells = _cells(question, layer, least)
    classes, used = _classes(cells.counts, cells.starts)
    mark, sides = mark_of(layer.kind).value, mark_sides(len(cells.starts))
    color = layer.style.color
    labels = class_labels(cells.starts)[:used]
    return _counts(question, layer, cells, least) | {
        "kind": "cells",
        "color": color,
        "fill": color,
        "mark": mark,
        "opacity": MARK_OPACITY,
        "widest": WIDEST,
        "sides": [round(share, 4) for share in sides],
        "legend": [
            {"symbol": "mark", "color": color, "mark": mark, "side": share, "label": label}
            for share, label in zip(sides, labels, strict=False)
        ],
        "cells": _rows(cells.west, cells.south, cells.counts, classes),
    }


def squares_group(question: Question, layer: Layer, least: int) -> Json:
    """Each cell that holds enough filled with the colour of its class."""
    cells = _cells(question, layer, least)
    classes, used = _classes(cells.counts, cells.starts)
    filled = _filled(layer, cells.starts, used) | {"shape": "square"}
    rows = _rows(cells.west, cells.south, cells.counts, classes)
    return _counts(question, layer, cells, least) | filled | {"cells": rows}


def hexagons_group(question: Question, layer: Layer) -> Json:
    """Counts in hexagons of places that the audience may see one by one; their middles."""
    at, mask = places(layer.geometry), question.rows.get(layer.id)
    lon, lat = (at.lon, at.lat) if mask is None else (at.lon[mask], at.lat[mask])
    width = _hexagon_width(question)
    columns, lines = hexagon_of(np.radians(lon) / width, mercator_y(lat) / width)
    held, counts = np.unique(np.column_stack([columns, lines]), axis=0, return_counts=True)
    x = np.degrees(held[:, 0] * width / 2)
    y = np.degrees(np.arctan(np.sinh(held[:, 1] * width * math.sqrt(3) / 2)))
    starts = cell_starts(counts)
    classes, used = _classes(counts, starts)
    squeeze = math.cos(math.radians(float(np.median(lat)) if len(lat) else 0.0))
    across = geodesy.in_words(float(f"{width * _EARTH_M * squeeze:.2g}"))
    return {
        "title": layer.name,
        "count": f"{len(lon):,}",
        "note": f"Counts in hexagons {across} wide.",
        "on": True,
        "noun": layer.kind.label if layer.is_events else layer.name,
        "side": across,
        "shape": "hexagon",
        "size": [round(math.degrees(width), 8)] * 2,
        "cells": _rows(x, y, counts, classes),
    } | _filled(layer, starts, used)


def _cells(question: Question, layer: Layer, least: int) -> CellsInView:
    audience = question.audience if least > 1 else Audience.POLICE
    rows = question.rows.get(layer.id)
    return html_cells.cells_in_view(layer, rows, question.bounds, audience)


def _counts(question: Question, layer: Layer, cells: CellsInView, least: int) -> Json:
    """What is said of counts in the cells of a layer, however they are drawn."""
    side = geodesy.in_words(cells.side_m)
    note = f"Counts in cells of {side}."
    if cells.hidden:
        note += f" Cells with fewer than {least}, or that would give those away, are left out."
    note += _outside(cells)
    return {
        "title": layer.name,
        "count": f"{cells.shown:,} shown" if cells.hidden else f"{cells.shown:,}",
        "note": note,
        "on": True,
        "noun": layer.kind.label if layer.is_events else layer.name,
        "side": side,
        "size": [round(cells.width, 8), round(cells.height, 8)],
    } | limits(layer.style)


def _outside(cells: CellsInView) -> str:
    """What lies outside of the map; with numbers only where no count is kept back."""
    if not cells.outside:
        return ""
    if cells.hidden:
        return " More lie outside the map."
    lie = "lies" if cells.outside == 1 else "lie"
    return f" {cells.outside:,} more {lie} outside the map."


def _filled(layer: Layer, starts: tuple[int, ...], used: int) -> Json:
    """The colours of classes from faint to strong, as on screen, and their legend."""
    colors = one_hue(layer.style.color, "#FFFFFF", "#000000", len(starts))
    opacity = round(count_opacity(layer.style.opacity), 3)
    pairs = list(zip(colors, class_labels(starts), strict=True))[:used]
    return {
        "kind": "counted",
        "colors": list(colors),
        "opacity": opacity,
        "legend": [
            {"symbol": "cell", "color": color, "opacity": opacity, "label": label}
            for color, label in pairs
        ],
    } | limits(layer.style)


def _classes(counts: NDArray[np.int64], starts: tuple[int, ...]) -> tuple[NDArray[np.int64], int]:
    """The class of each count, and how many of the classes are in use from the lowest on."""
    classes = np.searchsorted(starts, counts, side="right").astype(np.int64) - 1
    return classes, int(classes.max()) + 1 if len(classes) else 0


def _rows(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    counts: NDArray[np.int64],
    classes: NDArray[np.int64],
) -> list[list[float]]:
    return [
        [round(float(lon), 6), round(float(lat), 6), int(count), int(kind)]
        for lon, lat, count, kind in zip(x, y, counts, classes, strict=True)
    ]


def _hexagon_width(question: Question) -> float:
    """In radians of the map; a power of two in metres, as on screen."""
    west, south, east, north = question.bounds
    low, high = mercator_y(np.array([south, north])).tolist()
    across, up = _PAGE_PX
    pixel = max(math.radians(east - west) / across, (high - low) / up, 1e-12)
    metres = pixel * _EARTH_M * _WIDE_PX
    return float(2.0 ** round(math.log2(metres))) / _EARTH_M
