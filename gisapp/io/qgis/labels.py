"""The names of a layer's features as labels of a QGIS style file."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement

from gisapp.io.qgis.expressions import number
from gisapp.io.qgis.symbols import rgba
from gisapp.layers.layer import Layer
from gisapp.layers.style import Style
from gisapp.layers.vocabulary import LayerKind

#: Kinds whose features are named on the map without being asked.
_NAMED = frozenset(
    {
        LayerKind.SERVICES,
        LayerKind.DEPLOYMENTS,
        LayerKind.BOUNDARIES,
        LayerKind.POPULATION,
        LayerKind.STREETS,
    }
)
#: Names of these kinds stand only where the map is at one to this or nearer, unless told else.
_NAMED_FROM = {LayerKind.STREETS: 12_000.0, LayerKind.SERVICES: 34_000.0}
_TEXT, _HALO = "#1F2328", "#FFFFFF"


def add_labels(root: Element, layer: Layer, names: Mapping[str, str], geometry: str) -> None:
    """Names of the features; of events none, for each is a moment in somebody's life."""
    labels = layer.style.labels
    column = labels.column or layer.fields.get("name", "")
    unknown_area = layer.kind is LayerKind.OTHER and geometry == "fill"
    named = bool(labels.column) or layer.kind in _NAMED or unknown_area
    if layer.is_events or not labels.shown or not named or column not in names:
        return
    add_labeling(root, names[column], layer.style, geometry, farthest=_NAMED_FROM.get(layer.kind))


def add_labeling(
    root: Element,
    column: str,
    style: Style,
    geometry: str,
    *,
    bold: bool = False,
    farthest: float | None = None,
) -> None:
    """Label features by a column; `farthest` is for a style that names no scale itself."""
    labels = style.labels
    root.set("labelsEnabled", "1")
    settings = SubElement(SubElement(root, "labeling", {"type": "simple"}), "settings")
    text = SubElement(
        settings,
        "text-style",
        {
            "fieldName": column,
            "isExpression": "0",
            "fontSize": f"{labels.size:g}",
            "fontSizeUnit": "Point",
            "fontWeight": "75" if bold else "50",
            "textColor": rgba(_TEXT),
            "textOpacity": "1",
        },
    )
    halo = {
        "bufferDraw": "1" if labels.halo else "0",
        "bufferSize": "2",
        "bufferSizeUnits": "Point",
        "bufferColor": rgba(_HALO),
        "bufferOpacity": "0.85",
    }
    SubElement(text, "text-buffer", halo)
    # Round a point, along a line, over an area: QGIS's numbers of its ways of placing.
    ways = {"marker": "6", "line": "2", "fill": "1"}
    placed = {"placement": ways[geometry], "priority": str(labels.priority), "dist": "1"}
    SubElement(settings, "placement", placed | {"offsetType": "1", "placementFlags": "10"})
    farthest = labels.farthest or farthest
    SubElement(
        settings,
        "rendering",
        {
            "drawLabels": "1",
            "obstacle": "1",
            "scaleVisibility": "1" if farthest else "0",
            "scaleMax": number(farthest) if farthest else "0",
            "scaleMin": "0",
        },
    )
