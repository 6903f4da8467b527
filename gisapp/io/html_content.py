"""What an HTML map says: groups of features and their legend, as plain values for JSON.

Nothing is here that the audience may not see: what is hidden is left out, not covered. Features
carry the fields of their kind and no other column. No text is markup: the page writes it as text.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gisapp.io import html_cells
from gisapp.io.html_classes import limits
from gisapp.io.html_layers import layer_group
from gisapp.io.html_question import Question
from gisapp.io.html_shapes import Json
from gisapp.io.html_zones import zone_group
from gisapp.layers import geodesy
from gisapp.layers.audience import Audience, Showing, showing, threshold
from gisapp.layers.classes import (
    MARK_OPACITY,
    MARK_OVER_OPACITY,
    WIDEST,
    class_labels,
    mark_of,
    mark_sides,
    mixed,
)
from gisapp.layers.layer import Layer, Points
from gisapp.layers.vocabulary import LayerKind

#: Point layers larger than this are counted in cells even where each point might be shown.
_MOST_POINTS = 2_000


def content(
    question: Question,
    surfaces: tuple[Json, ...],
    covered: frozenset[str],
    tick: Callable[[], None],
) -> Json:
    """Everything on the map, bottom group first. `covered` names layers with a hotspot surface,
    which stands for their counts; `tick` is called between groups and may raise Cancelled."""
    groups: list[Json] = []
    for layer in question.project.layers:
        tick()
        group = _group(question, layer)
        if group is None or (group["kind"] == "cells" and layer.id in covered):
            continue
        if group["kind"] == "cells" and any(one["kind"] == "cells" for one in groups):
            group["fill"] = mixed(group["color"], "#FFFFFF", MARK_OPACITY)
            group["opacity"] = MARK_OVER_OPACITY
        groups.append(group)
    groups = _in_order([*groups, *surfaces])
    if question.project.zones_visible and question.project.zones:
        groups.append(zone_group(question))
        groups.sort(key=lambda group: group["kind"] == "services")
    west, south, east, north = question.bounds
    return {"bounds": [[south, west], [north, east]], "groups": groups}


#: Streets and boundaries lie over densities, which are paler without them; counts over both.
_ORDER = ("area", "surface", "lines", "edges", "cells", "outlined", "points", "zones", "services")


def _in_order(groups: list[Json]) -> list[Json]:
    """Ground first, then what is counted on it, then lines, then what is to be pointed at."""
    return sorted(groups, key=lambda group: _ORDER.index(group["kind"]))


def _group(question: Question, layer: Layer) -> Json | None:
    shown = showing(layer.kind, layer.sensitivity, question.audience, exported=True)
    if not layer.visible or shown is Showing.NOTHING or not len(layer):
        return None
    if shown is not Showing.EACH:
        return _cells(question, layer, threshold(question.audience))
    many = isinstance(layer.geometry, Points) and len(layer) > _MOST_POINTS
    if many and layer.kind is not LayerKind.SERVICES:
        return _cells(question, layer, 1)
    return layer_group(question, layer)


# Events


def _cells(question: Question, layer: Layer, least: int) -> Json:
    audience = question.audience if least > 1 else Audience.POLICE
    rows = question.rows.get(layer.id)
    cells = html_cells.cells_in_view(layer, rows, question.bounds, audience)
    side = geodesy.in_words(cells.side_m)
    noun = layer.kind.label if layer.is_events else layer.name
    note = f"Counts in cells of {side}."
    if cells.hidden:
        note += f" Cells with fewer than {least}, or that would give those away, are left out."
    classes = np.searchsorted(cells.starts, cells.counts, side="right") - 1
    used = int(classes.max()) + 1 if len(classes) else 0
    mark, sides = mark_of(layer.kind).value, mark_sides(len(cells.starts))
    color = layer.style.color
    return {
        "kind": "cells",
        "title": layer.name,
        "count": f"{cells.shown:,} shown" if cells.hidden else f"{cells.shown:,}",
        "note": note,
        "on": True,
        "noun": noun,
        "side": side,
        "color": color,
        "fill": color,
        "mark": mark,
        "opacity": MARK_OPACITY,
        "widest": WIDEST,
        "sides": [round(share, 4) for share in sides],
        "legend": [
            {"symbol": "mark", "color": color, "mark": mark, "side": share, "label": label}
            for share, label in list(zip(sides, class_labels(cells.starts), strict=True))[:used]
        ],
        "size": [round(cells.width, 8), round(cells.height, 8)],
        "cells": [
            [round(float(x), 6), round(float(y), 6), int(n), int(c)]
            for x, y, n, c in zip(cells.west, cells.south, cells.counts, classes, strict=True)
        ],
    } | limits(layer.style)
