"""The look of a layer as a QGIS style file (QML), so that a project opens there as it looks here.

Read by QGIS 3; tried with 3.22. What QGIS cannot say is told in the style's description.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from xml.etree.ElementTree import Element, SubElement, tostring

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from gisapp.analysis.classes.symbology import texts_of
from gisapp.io.html.shapes import MIDDLE_ROADS, WIDE_ROADS
from gisapp.io.qgis.expressions import NoEqual, number, quoted_name, quoted_text, to_qgis
from gisapp.io.qgis.labels import add_labeling, add_labels
from gisapp.io.qgis.points import MOST_CLUSTERED, add_clusters, add_heat
from gisapp.io.qgis.symbols import Kind, add_symbol
from gisapp.layers.agreement import Standing, Status
from gisapp.layers.layer import Layer, Points
from gisapp.layers.point_ways import way_of
from gisapp.layers.style import Blend, Fill, PointDrawing, Style, class_style, shared_border
from gisapp.layers.symbology import Category, Range, SymbolClass, Symbology
from gisapp.layers.vocabulary import LayerKind, Polarity
from gisapp.layers.zone import zone_style

#: Of the numbers by which QGIS knows its ways of blending, those that gisapp has.
_BLENDS = {
    Blend.NORMAL: 0,
    Blend.LIGHTEN: 1,
    Blend.SCREEN: 2,
    Blend.DARKEN: 5,
    Blend.MULTIPLY: 6,
}
_GEOMETRIES = {"marker": "0", "line": "1", "fill": "2"}


@dataclass(frozen=True, slots=True)
class QgisStyle:
    """A style file as text, and what of the layer's look it does not carry; empty for nothing."""

    qml: str
    notes: str = ""


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A class as QGIS is to draw it: where `test` is empty, all rows in no other class."""

    style: Style
    label: str
    test: str = ""
    value: str = ""
    low: float = math.nan
    high: float = math.nan
    visible: bool = True


def layer_style(layer: Layer, names: Mapping[str, str]) -> QgisStyle:
    """The style of a layer; `names` are its columns as the file has them, by ours."""
    style, notes = layer.style, []
    kind = _kind_of(layer, names)
    root = _document(style, kind.name)
    renderer, problem = _renderer(layer, names)
    way = way_of(layer)
    if way is PointDrawing.CLUSTERS and len(layer) <= MOST_CLUSTERED:
        _add_renderer(add_clusters(root, style), renderer, kind)
    elif way is PointDrawing.HEAT:
        add_heat(root, style)
        notes.append("Heat goes from none to the most in view; gisapp's has a scale per km².")
    else:
        _add_renderer(root, renderer, kind)
        if way not in (PointDrawing.AUTOMATIC, PointDrawing.EACH):
            notes.append(f"gisapp draws “{style.points.label}”; here each place is drawn.")
    notes += [problem] if problem and way is not PointDrawing.HEAT else []
    add_labels(root, layer, names, kind.name)
    _finish(root, style, kind.name)
    return QgisStyle(_text(root), " ".join(notes))


def zones_style() -> QgisStyle:
    """The style of the zones: by their effect, and by what partners say of their agreement."""
    polarity, status = quoted_name("polarity"), quoted_name("status")
    plain = quoted_text(Polarity.NO_ENFORCEMENT.value)
    test = f"CASE WHEN {polarity} = {plain} THEN {status} ELSE {polarity} END"
    known = (
        (Status.IN_FORCE.value, "In force", Standing.IN_FORCE),
        (Status.AGREED.value, "Agreed", Standing.AGREED),
        (Status.DRAFT.value, "Draft", Standing.DRAFT),
        ("no agreement", "No agreement", Standing.PROPOSED),
        (Status.SUSPENDED.value, "Suspended", Standing.SUSPENDED),
        (Status.EXPIRED.value, "Expired", Standing.EXPIRED),
        (Status.WITHDRAWN.value, "Withdrawn", Standing.WITHDRAWN),
        (Status.SUPERSEDED.value, "Superseded", Standing.SUPERSEDED),
    )
    drawn = [_Drawn(zone_style(standing), label, value=value) for value, label, standing in known]
    drawn += [
        _Drawn(zone_style(Standing.IN_FORCE, one), one.label, value=one.value)
        for one in Polarity
        if one is not Polarity.NO_ENFORCEMENT
    ]
    root = _document(Style(), "fill")
    _add_renderer(root, _Renderer("categorizedSymbol", test, tuple(drawn)), Kind("fill"))
    add_labeling(root, "name", Style(), "fill", bold=True)
    _finish(root, Style(), "fill")
    return QgisStyle(_text(root), "By the agreement's status; dates and hours are not judged here.")


def zones_in_force_style(label: str = "name") -> QgisStyle:
    """The style of zones of which all are in force, named by the column `label`."""
    root = _document(Style(), "fill")
    drawn = (_Drawn(zone_style(Standing.IN_FORCE), "In force"),)
    _add_renderer(root, _Renderer("singleSymbol", "", drawn), Kind("fill"))
    add_labeling(root, label, Style(), "fill", bold=True)
    _finish(root, Style(), "fill")
    return QgisStyle(_text(root), "Hours are not judged here.")


# Which renderer


@dataclass(frozen=True, slots=True)
class _Renderer:
    """QGIS's name of a way of drawing, the column or expression it looks at, and its classes."""

    type: str
    column: str
    drawn: tuple[_Drawn, ...]


def _renderer(layer: Layer, names: Mapping[str, str]) -> tuple[_Renderer, str]:
    """How QGIS is to tell rows apart, and what cannot be said there."""
    style = layer.style
    single = _Renderer("singleSymbol", "", (_Drawn(style, layer.name),))
    symbology = style.symbology
    if symbology is None or not symbology.classes:
        return single, ""
    column = layer.fields.get(symbology.column, symbology.column)
    stored = names.get(symbology.column) or names.get(column, "")
    try:
        if stored and _are_categories(layer, symbology, stored, names):
            return _by_category(style, symbology, stored), ""
        if stored and _are_ranges(layer, symbology, stored, names):
            return _by_amount(style, symbology, stored), ""
        return _by_rules(layer, symbology, stored, names), ""
    except NoEqual as reason:
        return single, (
            f"Classes are not drawn here: QGIS has no equal for “{str(reason)[:80]}”. "
            "All rows have one symbol."
        )


def _are_categories(
    layer: Layer, symbology: Symbology, stored: str, names: Mapping[str, str]
) -> bool:
    """Whether QGIS's categories draw the same: its empty one stands for all others too."""
    tests = [one.test for one in symbology.classes]
    values = {one.value for one in tests if isinstance(one, Category)}
    if len(values) < len(tests) or "" not in values:
        return len(values) == len(tests)
    column = layer.table[next(key for key, name in names.items() if name == stored)]
    return set(texts_of(pc.unique(column)).to_pylist()) <= values | {None}


def _by_category(style: Style, symbology: Symbology, stored: str) -> _Renderer:
    drawn = [
        _Drawn(class_style(style, one), one.label, value=one.test.value, visible=one.visible)
        for one in symbology.classes
        if isinstance(one.test, Category)
    ]
    if symbology.others and all(one.value for one in drawn):
        drawn.append(_Drawn(style, symbology.others))
    return _Renderer("categorizedSymbol", stored, tuple(drawn))


def _are_ranges(layer: Layer, symbology: Symbology, stored: str, names: Mapping[str, str]) -> bool:
    """Whether rising ranges hold every row that is drawn: all that a graduated renderer knows."""
    tests = [one.test for one in symbology.classes]
    ranges = [one for one in tests if isinstance(one, Range)]
    if len(ranges) < len(tests) or not ranges[0].first:
        return False
    if any(above.low < below.high for below, above in pairwise(ranges)):
        return False
    column = layer.table[next(key for key, name in names.items() if name == stored)]
    if not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type)):
        return False
    if not symbology.others:
        return True
    ends = pc.min_max(column)
    low, high = ends["min"].as_py(), ends["max"].as_py()
    joined = all(below.high == above.low for below, above in pairwise(ranges))
    return bool(
        joined
        and not column.null_count
        and low is not None
        and ranges[0].low <= low
        and high <= ranges[-1].high
    )


def _by_amount(style: Style, symbology: Symbology, stored: str) -> _Renderer:
    drawn = [
        _Drawn(
            class_style(style, one),
            one.label,
            low=one.test.low,
            high=one.test.high,
            visible=one.visible,
        )
        for one in symbology.classes
        if isinstance(one.test, Range)
    ]
    return _Renderer("graduatedSymbol", stored, tuple(drawn))


def _by_rules(
    layer: Layer, symbology: Symbology, stored: str, names: Mapping[str, str]
) -> _Renderer:
    """Rules that shut each other out: here the first class that fits has the row."""
    style, drawn = layer.style, []
    former: list[str] = []
    for one in symbology.classes:
        test = _condition(layer, one, stored, names)
        drawn.append(
            _Drawn(class_style(style, one), one.label, _but_not(former, test), visible=one.visible)
        )
        former.append(test)
    if symbology.others:
        drawn.append(_Drawn(style, symbology.others, _but_not(former, "true")))
    return _Renderer("RuleRenderer", "", tuple(drawn))


def _but_not(former: list[str], test: str) -> str:
    if not former:
        return test
    taken = " OR ".join(f"({one})" for one in former)
    return f"CASE WHEN {taken} THEN false ELSE {test} END"


def _condition(layer: Layer, one: SymbolClass, stored: str, names: Mapping[str, str]) -> str:
    test = one.test
    if not isinstance(test, Category | Range):
        return to_qgis(layer, test.where, names)
    if not stored:
        raise NoEqual("a column that is not there")
    column = quoted_name(stored)
    if isinstance(test, Category):
        if test.value:
            return f"to_string({column}) = {quoted_text(test.value)}"
        return f"coalesce(to_string({column}), '') = ''"
    low = ">=" if test.first else ">"
    ends = [(low, test.low), ("<=", test.high)]
    parts = [f"{column} {sign} {number(end)}" for sign, end in ends if math.isfinite(end)]
    return " AND ".join(parts) or f"{column} IS NOT NULL"


# XML


def _document(style: Style, geometry: str) -> Element:
    near, far = style.nearest, style.farthest
    return Element(
        "qgis",
        {
            "version": "3.22.0",
            "styleCategories": "Symbology|Labeling|Rendering",
            "hasScaleBasedVisibilityFlag": "1" if near or far else "0",
            # QGIS calls the farthest scale the least, and 0 no limit at the near end.
            "minScale": number(far) if far else "1e+08",
            "maxScale": number(near) if near else "0",
            "labelsEnabled": "0",
            "simplifyDrawingHints": "0" if geometry == "marker" else "1",
            "simplifyDrawingTol": "0.5",
            "simplifyLocal": "1",
            "simplifyAlgorithm": "0",
            "simplifyMaxScale": "1",
        },
    )


def _finish(root: Element, style: Style, geometry: str) -> None:
    SubElement(root, "blendMode").text = str(_BLENDS[style.blend])
    SubElement(root, "featureBlendMode").text = "0"
    SubElement(root, "layerOpacity").text = "1"
    SubElement(root, "layerGeometryType").text = _GEOMETRIES[geometry]


def _text(root: Element) -> str:
    doctype = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
    return doctype + tostring(_without_controls(root), encoding="unicode")


def _without_controls(root: Element) -> Element:
    """XML has no signs below the blank but three; a name from a file may have."""
    for element in root.iter():
        for key, value in element.attrib.items():
            kept = (char for char in value if char >= " " or char in "\t\n\r")
            element.set(key, "".join(kept).encode("utf-8", "replace").decode())
    return root


def _add_renderer(root: Element, renderer: _Renderer, kind: Kind) -> None:
    values = {"type": renderer.type, "symbollevels": "0", "enableorderby": "0", "forceraster": "0"}
    if renderer.column:
        values["attr"] = renderer.column
    if renderer.type == "graduatedSymbol":
        values["graduatedMethod"] = "GraduatedColor"
    parent = SubElement(root, "renderer-v2", values)
    _LISTS[renderer.type](parent, renderer.drawn)
    symbols = SubElement(parent, "symbols")
    for place, drawn in enumerate(renderer.drawn):
        add_symbol(symbols, str(place), drawn.style, kind)


def _add_categories(parent: Element, drawn: tuple[_Drawn, ...]) -> None:
    listed = SubElement(parent, "categories")
    for place, one in enumerate(drawn):
        values = {"value": one.value, "symbol": str(place), "label": one.label}
        SubElement(listed, "category", values | {"render": _truth(one.visible), "type": "string"})


def _add_ranges(parent: Element, drawn: tuple[_Drawn, ...]) -> None:
    listed = SubElement(parent, "ranges")
    ends = max(abs(end) for one in drawn for end in (one.low, one.high) if math.isfinite(end))
    for place, one in enumerate(drawn):
        # QGIS reads no infinity.
        low, high = (np.nan_to_num(end, posinf=ends * 1e6, neginf=-ends * 1e6) for end in
                     (one.low, one.high))  # fmt: skip
        values = {"lower": repr(float(low)), "upper": repr(float(high)), "symbol": str(place)}
        SubElement(listed, "range", values | {"label": one.label, "render": _truth(one.visible)})


def _add_rules(parent: Element, drawn: tuple[_Drawn, ...]) -> None:
    listed = SubElement(parent, "rules", {"key": "gisapp"})
    for place, one in enumerate(drawn):
        values = {"key": f"class {place}", "symbol": str(place), "label": one.label}
        hidden = {} if one.visible else {"checkstate": "0"}
        SubElement(listed, "rule", values | {"filter": one.test} | hidden)


def _add_nothing(_parent: Element, _drawn: tuple[_Drawn, ...]) -> None:
    """One symbol needs no list of classes."""


_LISTS = {
    "categorizedSymbol": _add_categories,
    "graduatedSymbol": _add_ranges,
    "RuleRenderer": _add_rules,
    "singleSymbol": _add_nothing,
}


def _truth(value: bool) -> str:
    return "true" if value else "false"


def _kind_of(layer: Layer, names: Mapping[str, str]) -> Kind:
    if isinstance(layer.geometry, Points):
        return Kind("marker", edged=layer.kind is LayerKind.SERVICES)
    areas = shapely.get_dimensions(layer.geometry.geoms) == 2
    if len(areas) and np.mean(areas) > 0.5:
        # Of two filled neighbours of different classes neither can claim the edge they share.
        filled = layer.style.fill is not Fill.NONE and layer.style.fill_opacity > 0
        if filled and layer.style.symbology is not None and layer.style.symbology.classes:
            return Kind("fill", border=shared_border(layer.style))
        return Kind("fill", border=layer.style if filled else None)
    return Kind("line", width=_road_widths(layer, names))


def _road_widths(layer: Layer, names: Mapping[str, str]) -> str:
    """How much wider larger roads are, as an expression on their class."""
    stored = names.get(layer.fields.get("road_class", ""))
    if layer.kind is not LayerKind.STREETS or stored is None:
        return ""
    word = f"replace(lower({quoted_name(stored)}), '_link', '')"
    wide, middle = (
        ", ".join(quoted_text(one) for one in sorted(words)) for words in (WIDE_ROADS, MIDDLE_ROADS)
    )
    return f"CASE WHEN {word} IN ({wide}) THEN 2.6 WHEN {word} IN ({middle}) THEN 1.9 ELSE 1 END"
