"""Layers of an HTML map whose features the audience may see one by one."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gisapp.analysis.deployments import zones_met
from gisapp.errors import DataError
from gisapp.io.html.classes import (
    Classes,
    area_styles,
    classes_of,
    drawn_rows,
    legend_of,
    limits,
    px,
)
from gisapp.io.html.question import Question, how_shown
from gisapp.io.html.rows import fields_of, lon_lat, visible_rows
from gisapp.io.html.services import services_group
from gisapp.io.html.shapes import Json, css_style, encoded, label_at, rank_of, rings, simplified
from gisapp.layers.audience import Showing
from gisapp.layers.confidential import without_sites
from gisapp.layers.layer import Layer, Points
from gisapp.layers.style import VERMILLION, Fill
from gisapp.layers.vocabulary import LayerKind

#: Names give way to each other where there is no room; more than these take long to place.
_MOST_LABELS = 150
#: Lines and areas are kept this share of the width and height beyond the bounds.
_BEYOND = 0.3


def layer_group(question: Question, layer: Layer) -> Json:
    """A layer as a group: services with their figures, other points, lines, or areas."""
    classes = classes_of(layer)
    if layer.kind is LayerKind.SERVICES:
        group = services_group(question, layer, classes)
    elif isinstance(layer.geometry, Points):
        group = _points(question, layer, classes)
    else:
        group = _shapes(question, layer, classes)
    note = " ".join(classes.notes)
    if classes.trouble:
        note = f"Classes are not shown: {classes.trouble}"
    if note:
        group["note"] = without_sites(question.project, note)
    return group | limits(layer.style)


def _points(question: Question, layer: Layer, classes: Classes) -> Json:
    lon, lat = lon_lat(layer)
    names = layer.texts("name")
    rows = drawn_rows(classes, visible_rows(question, layer))
    group = {
        "kind": "points",
        "title": layer.name,
        "count": f"{len(rows):,}",
        "note": "",
        "on": True,
        "legend": legend_of(classes, rows, "point"),
        "styles": [
            {**css_style(style), "radius": max(px(style.size) / 2, 1.5)} for style in classes.styles
        ],
        "items": [
            {
                "at": [round(float(lat[row]), 6), round(float(lon[row]), 6)],
                "class": int(classes.numbers[row]),
                "name": names[row] or layer.name,
                "rows": fields_of(layer, int(row)),
            }
            for row in rows
        ],
    }
    return group | _alerts(question, layer, rows, legend_of(classes, rows, "point"))


# Lines and areas


def _shapes(question: Question, layer: Layer, classes: Classes) -> Json:
    assert not isinstance(layer.geometry, Points)
    rows = drawn_rows(classes, _rows_meeting(question, layer))
    geoms = simplified(layer.geometry.geoms[rows])
    lines = bool(len(geoms)) and int(shapely.get_dimensions(geoms).max()) < 2
    group: Json = {"title": layer.name, "count": f"{len(rows):,}", "note": "", "on": True}
    if lines:
        return group | _line_group(layer, classes, geoms, rows)
    told = layer.kind is LayerKind.DEPLOYMENTS
    names, labelled = _labels_of(layer, len(rows))
    busy = _services_at(question) if labelled else shapely.MultiPoint()
    group |= {
        "kind": "outlined" if told else "area" if layer.style.fill is not Fill.NONE else "edges",
        "legend": legend_of(classes, rows, "area"),
        "styles": area_styles(classes),
        "items": [
            {
                "rings": rings(geom),
                "class": int(classes.numbers[row]),
                "name": names[row],
                "label": label_at(geom, busy) if labelled and names[row] else None,
                "rows": fields_of(layer, int(row)) if told else [],
            }
            for geom, row in zip(geoms, rows, strict=True)
        ],
    }
    return group | _alerts(question, layer, rows, group["legend"])


def _labels_of(layer: Layer, shown: int) -> tuple[list[str], bool]:
    """What areas are called, and whether it is written on the map.

    By a chosen column only where names are shown: else nobody meant to tell what it holds.
    """
    labels = layer.style.labels
    column = labels.column if labels.shown and labels.column in layer.table.column_names else ""
    names = layer.texts("name")
    if column:
        names = ["" if v is None else str(v) for v in layer.table[column].to_pylist()]
    named = layer.kind is LayerKind.BOUNDARIES or (
        bool(column) and layer.kind is not LayerKind.DEPLOYMENTS
    )
    return names, labels.shown and named and shown <= _MOST_LABELS


def _alerts(question: Question, layer: Layer, rows: NDArray[np.int64], legend: list[Json]) -> Json:
    """Where deployments meet a zone in force at their hours, with the sign that says so."""
    if layer.kind is not LayerKind.DEPLOYMENTS:
        return {}
    try:
        found = zones_met.conflicts(question.project, layer)
    except DataError as error:
        return {"note": f"Whether deployments meet zones was not checked: {error.message}"}
    meeting = sorted({one.deployment_row for one in found} & set(rows.tolist()))
    if not meeting:
        return {}
    sign = {
        "symbol": "alert",
        "color": VERMILLION,
        "label": "Meets a zone at its hours",
        "count": f"{len(meeting):,}",
    }
    corners = [_upper_right(layer, row) for row in meeting]
    return {"alerts": corners, "alert": VERMILLION, "legend": [*legend, sign]}


def _upper_right(layer: Layer, row: int) -> list[float]:
    """The corner of a deployment that lies farthest to the north-east: latitude, longitude."""
    if isinstance(layer.geometry, Points):
        return [round(float(layer.geometry.lat[row]), 6), round(float(layer.geometry.lon[row]), 6)]
    lon, lat = shapely.get_coordinates(layer.geometry.geoms[row]).T
    corner = int(np.argmax(lon + lat))
    return [round(float(lat[corner]), 6), round(float(lon[corner]), 6)]


def _rows_meeting(question: Question, layer: Layer) -> NDArray[np.int64]:
    assert not isinstance(layer.geometry, Points)
    west, south, east, north = question.bounds
    # A window is wider or taller than the bounds, and what lies just outside is seen too.
    across, up = (east - west) * _BEYOND, (north - south) * _BEYOND
    west, south, east, north = west - across, south - up, east + across, north + up
    box = shapely.bounds(layer.geometry.geoms)
    meets = (box[:, 0] <= east) & (box[:, 2] >= west) & (box[:, 1] <= north) & (box[:, 3] >= south)
    mask = question.rows.get(layer.id)
    return np.flatnonzero(meets if mask is None else meets & mask)


def _line_group(
    layer: Layer, classes: Classes, geoms: NDArray[np.object_], rows: NDArray[np.int64]
) -> Json:
    """Lines by width and class, merged: they are ground to find one's way on, nothing to click."""
    road = layer.texts("road_class")
    widths = np.array([rank_of(road[row]) for row in rows])
    numbers = classes.numbers[rows]
    bands = []
    for rank in (1, 2, 3):
        for number in sorted(set(numbers[widths == rank].tolist()), reverse=True):
            chosen = geoms[(widths == rank) & (numbers == number)]
            merged = shapely.line_merge(shapely.multilinestrings(shapely.get_parts(chosen)))
            paths = encoded(shapely.get_parts(merged))
            bands.append({"rank": rank, "class": number, "paths": paths})
    return {
        "kind": "lines",
        "legend": legend_of(classes, rows, "line"),
        "styles": [css_style(style) for style in classes.styles],
        # Streets are quiet: they are there to find one's way by, unless classes are to be read.
        "quiet": not classes.named,
        "bands": bands,
    }


def _services_at(question: Question) -> BaseGeometry:
    """Where services are that the reader sees: a name that kept clear of another would tell it."""
    found = [np.empty((0, 2))]
    for layer in question.project.layers_of(LayerKind.SERVICES):
        if how_shown(question, layer) is not Showing.EACH:
            continue
        lon, lat = lon_lat(layer)
        rows = drawn_rows(classes_of(layer), visible_rows(question, layer))
        found.append(np.column_stack([lon, lat])[rows])
    return shapely.MultiPoint(np.vstack(found))
