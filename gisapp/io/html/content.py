"""What an HTML map says: groups of features and their legend, as plain values for JSON.

Nothing is here that the audience may not see: what is hidden is left out, not covered. Features
carry the fields of their kind and no other column. No text is markup: the page writes it as text.
"""

from __future__ import annotations

from collections.abc import Callable

from gisapp.io.html.counts import hexagons_group, marks_group, squares_group
from gisapp.io.html.layers import layer_group
from gisapp.io.html.question import Question, how_shown
from gisapp.io.html.shapes import Json
from gisapp.io.html.zones import zone_group
from gisapp.layers.audience import Showing, threshold
from gisapp.layers.classes import MARK_OPACITY, MARK_OVER_OPACITY, mixed
from gisapp.layers.layer import Layer, Points
from gisapp.layers.point_ways import fills_cells, is_heat, way_of
from gisapp.layers.style import PointDrawing
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
        if group is None or (_is_counted(layer, group) and layer.id in covered):
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
_ORDER = (
    "area",
    "surface",
    "counted",
    "lines",
    "edges",
    "cells",
    "outlined",
    "points",
    "zones",
    "services",
)


def _in_order(groups: list[Json]) -> list[Json]:
    """Ground first, then what is counted on it, then lines, then what is to be pointed at."""
    return sorted(groups, key=lambda group: _ORDER.index(group["kind"]))


def _group(question: Question, layer: Layer) -> Json | None:
    shown = how_shown(question, layer)
    if shown is Showing.NOTHING:
        return None
    if shown is not Showing.EACH:
        counted = squares_group if fills_cells(layer) else marks_group
        return counted(question, layer, threshold(question.audience))
    if way_of(layer) is PointDrawing.HEXAGONS:
        return hexagons_group(question, layer)
    if way_of(layer) is PointDrawing.SQUARES:
        return squares_group(question, layer, 1)
    many = isinstance(layer.geometry, Points) and len(layer) > _MOST_POINTS
    if many and layer.kind is not LayerKind.SERVICES:
        return marks_group(question, layer, 1)
    return layer_group(question, layer)


def _is_counted(layer: Layer, group: Json) -> bool:
    """Whether a surface of the same layer stands for the group."""
    heat = group["kind"] == "points" and is_heat(layer)
    return heat or group["kind"] in ("cells", "counted")
