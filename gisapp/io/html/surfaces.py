"""Hotspot surfaces for a page: areas of one class each, merged, with their legend."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gisapp.analysis.hotspots.grid import Grid
from gisapp.analysis.hotspots.hotspots import GISTAR, KDE, Surface, surface
from gisapp.analysis.hotspots.study_area import study_area
from gisapp.errors import DataError
from gisapp.io.html.classes import limits
from gisapp.io.html.question import Question
from gisapp.io.html.shapes import Json, rings
from gisapp.layers import geodesy
from gisapp.layers.audience import Showing, showing, threshold
from gisapp.layers.classes import one_hue
from gisapp.layers.event_cells import cell_grid, places
from gisapp.layers.layer import Layer
from gisapp.layers.point_ways import heat_surface, is_heat
from gisapp.layers.project import Hotspots, Project
from gisapp.layers.style import GI_COLD, GI_HOT
from gisapp.progress import Progress

_TITLES = {KDE: "density", GISTAR: "hot and cold spots (Gi*)"}
#: Steps along the edges of cells that a surface may have before they are smoothed.
_MOST_VERTICES = 40_000


def surface_groups(
    question: Question, progress: Progress
) -> tuple[tuple[Json, ...], frozenset[str]]:
    """The visible hotspots of a project as groups, and the ids of the layers they are made of."""
    project = question.project
    heat = _heat(project)
    wanted = [*(one for one in project.hotspots if one.visible), *heat]
    groups, covered = [], set()
    for number, one in enumerate(wanted):
        layer = project.layer(one.layer_id)
        shown = showing(layer.kind, layer.sensitivity, question.audience, exported=True)
        if shown is Showing.NOTHING or not len(layer):
            continue
        part = progress.part(number / len(wanted), (number + 1) / len(wanted))
        try:
            made = surface(layer, one, question.rows.get(layer.id), study_area(project), part)
        except DataError:
            if one in heat:
                continue  # Too wide for a surface: it is drawn as counts.
            raise
        group = _group(question, layer, one, made)
        if one in heat:
            if not group["items"]:
                continue
            group |= limits(layer.style)
        groups.append(group)
        if group["items"]:
            group["note"] += " It stands for the counts of this layer, which are not drawn."
            covered.add(layer.id)
    # Two surfaces on top of each other cannot be read; the first is seen, the others are listed.
    for group in groups[1:]:
        group["on"] = False
    return tuple(groups), frozenset(covered)


def _heat(project: Project) -> list[Hotspots]:
    """The densities that stand for layers drawn as heat; none beside hotspots of the layer."""
    drawn = {one.layer_id for one in project.hotspots if one.visible}
    return [
        heat_surface(layer, cell_grid(places(layer.geometry)).cell_m)
        for layer in project.layers
        if layer.visible and is_heat(layer) and layer.id not in drawn
    ]


def _group(question: Question, layer: Layer, asked: Hotspots, made: Surface) -> Json:
    shown = made.shown(question.audience) & (made.nearby > 0)
    numbers, colors, labels = _classes(layer, made)
    areas = [merged(made.grid, shown & (numbers == number)) for number in range(len(colors))]
    cell, bandwidth = geodesy.in_words(made.cell_m), geodesy.in_words(made.bandwidth_m)
    density = made.method == KDE
    what = layer.kind.value if layer.is_events else "events"
    unit = made.unit.replace("events", what, 1)
    reach = "smoothed over" if density else "neighbours within"
    note = (
        f"{unit}; {reach} {bandwidth}, cells of {cell}."
        if density
        else (f"{reach} {bandwidth}, cells of {cell}.")
    )
    note = note[0].upper() + note[1:]
    least = threshold(question.audience)
    if least > 1:
        note += f" Drawn only where {least} or more {what} lie within {bandwidth}."
    present = [number for number, area in enumerate(areas) if not area.is_empty]
    return {
        "kind": "surface",
        "title": f"{layer.name}: {_TITLES[made.method]}",
        "count": "",
        "note": " ".join([note, *made.notes]),
        "on": True,
        "opacity": asked.opacity,
        "legend": [
            {
                "symbol": "cell",
                "color": colors[number],
                "label": labels[number],
                "opacity": asked.opacity,
            }
            for number in present
        ],
        "items": [{"color": colors[number], "rings": rings(areas[number])} for number in present],
    }


def _classes(
    layer: Layer, made: Surface
) -> tuple[NDArray[np.int64], tuple[str, ...], tuple[str, ...]]:
    """The class of each cell (-1 for none), and the colours and names of the classes."""
    if made.classes is not None:
        levels = (-3, -2, -1, 1, 2, 3)
        numbers = np.full(made.classes.shape, -1, dtype=np.int64)
        for number, level in enumerate(levels):
            numbers[made.classes == level] = number
        sure = ("99 %", "95 %", "90 %")
        cold = tuple(f"Fewer than chance, {share} sure" for share in sure)
        hot = tuple(f"More than chance, {share} sure" for share in reversed(sure))
        return numbers, (*reversed(GI_COLD), *GI_HOT), (*cold, *hot)
    breaks = made.breaks
    numbers = np.searchsorted(breaks, made.values, side="right").astype(np.int64) - 1
    labels = [f"{low:,g}–{high:,g}" for low, high in pairwise(breaks)]
    labels += [f"{breaks[-1]:,g} or more"] if breaks else []
    colors = one_hue(layer.style.color, "#FFFFFF", "#000000", len(breaks))
    return numbers, colors, tuple(labels)


def merged(grid: Grid, cells: NDArray[np.bool_]) -> BaseGeometry:
    """The cells that are marked as one shape in EPSG:4326; empty without any."""
    # Neighbours in a row first, in whole numbers of cells, so that edges meet exactly.
    edges = np.diff(cells.astype(np.int8), axis=1, prepend=0, append=0)
    rows, starts = np.nonzero(edges == 1)
    _, ends = np.nonzero(edges == -1)
    union: BaseGeometry = shapely.union_all(shapely.box(starts, rows, ends, rows + 1))
    if int(shapely.get_num_coordinates(union)) > _MOST_VERTICES:
        union = shapely.simplify(union, 1.0)

    def placed(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        x, y = grid.x + xy[:, 0] * grid.cell_m, grid.y + xy[:, 1] * grid.cell_m
        return np.column_stack(grid.plane.to_degrees(x, y))

    moved: BaseGeometry = shapely.transform(union, placed)
    return moved
