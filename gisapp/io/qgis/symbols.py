"""Symbols of a style as the XML of a QGIS style file: markers, lines, areas with hatches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

from gisapp.layers.style import Fill, Line, Style

#: Points of 1/72 inch in a width of 1, which is a pixel of a screen of 96 to the inch.
_WIDTH_PT = 72 / 96
#: Hatches stand this far apart on the map, in points, as on ours.
_HATCH_PT, _HATCH_WIDTH_PT = 6.0, 0.6
_DASHES = (4.0, 2.5)


@dataclass(frozen=True, slots=True)
class Kind:
    """What a symbol is drawn for: `marker`, `line` or `fill`, and whether it has a white edge."""

    name: str
    edged: bool = False
    #: An expression for the width of lines in points; empty where all are as wide.
    width: str = ""
    #: The look of the borders of filled areas, where it is not that of each class.
    border: Style | None = None


def rgba(color: str, opacity: float = 1.0) -> str:
    """`#RRGGBB` and an opacity as QGIS writes them: `0,114,178,255`."""
    parts = [int(color[place : place + 2], 16) for place in (1, 3, 5)]
    return ",".join(str(part) for part in (*parts, round(255 * min(max(opacity, 0.0), 1.0))))


def add_symbol(parent: Element, name: str, style: Style, kind: Kind) -> None:
    """One symbol under its number; lengths in points, so that it is the same at every density."""
    symbol = SubElement(
        parent,
        "symbol",
        {"name": name, "type": kind.name, "alpha": "1", "clip_to_extent": "1", "force_rhr": "0"},
    )
    if kind.name == "marker":
        add_part(symbol, "SimpleMarker", _marker(style, kind))
    elif kind.name == "line":
        _add_line(symbol, style, kind.width)
    else:
        _add_area(symbol, style, kind.border or style)


def _marker(style: Style, kind: Kind) -> dict[str, str]:
    edge = {
        "outline_color": rgba("#FFFFFF"),
        "outline_style": "solid",
        "outline_width": f"{style.size * 0.08:g}",
        "outline_width_unit": "Point",
    }
    return {
        "name": "circle",
        "color": rgba(style.color, style.opacity),
        "size": f"{style.size:g}",
        "size_unit": "Point",
        "scale_method": "diameter",
        **(edge if kind.edged else {"outline_style": "no"}),
    }


def _add_line(symbol: Element, style: Style, width: str = "") -> None:
    values = {
        "line_color": rgba(style.color, style.opacity),
        "line_style": "solid",
        "line_width": f"{style.width * _WIDTH_PT:g}",
        "line_width_unit": "Point",
        "capstyle": "flat" if style.line is Line.DASHED else "round",
        "joinstyle": "round",
    }
    if style.line is Line.DASHED:
        dash = ";".join(f"{part * style.width * _WIDTH_PT:g}" for part in _DASHES)
        values |= {"use_custom_dash": "1", "customdash": dash, "customdash_unit": "Point"}
    part = add_part(symbol, "SimpleLine", values)
    if width:
        add_expression(part, "outlineWidth", f"{style.width * _WIDTH_PT:g} * ({width})")


def _add_area(symbol: Element, style: Style, border: Style) -> None:
    plain = style.fill is Fill.PLAIN
    filled = {
        "color": rgba(style.color, style.fill_opacity * style.opacity if plain else 0.0),
        "style": "solid" if plain else "no",
        "outline_style": "no",
    }
    add_part(symbol, "SimpleFill", filled)
    angles = {Fill.HATCHED: (45,), Fill.CROSS_HATCHED: (45, 135)}.get(style.fill, ())
    for number, angle in enumerate(angles):
        _add_hatch(symbol, style, angle, f"@{symbol.get('name')}@{number + 1}")
    if border.width > 0:
        _add_line(symbol, border)


def _add_hatch(symbol: Element, style: Style, angle: int, name: str) -> None:
    values = {"angle": str(angle), "distance": f"{_HATCH_PT:g}", "distance_unit": "Point"}
    part = add_part(symbol, "LinePatternFill", values)
    hatch = Style(
        color=style.color,
        width=_HATCH_WIDTH_PT / _WIDTH_PT,
        opacity=style.fill_opacity * style.opacity,
    )
    add_symbol(part, name, hatch, Kind("line"))


def add_part(symbol: Element, name: str, values: Mapping[str, str]) -> Element:
    """A layer of a symbol, its properties written as every version of QGIS since 2.0 reads them."""
    part = SubElement(symbol, "layer", {"class": name, "enabled": "1", "locked": "0", "pass": "0"})
    for key, value in values.items():
        SubElement(part, "prop", {"k": key, "v": value})
    return part


def add_expression(part: Element, of: str, expression: str) -> None:
    """Let a property of a symbol follow an expression."""
    options = SubElement(SubElement(part, "data_defined_properties"), "Option", {"type": "Map"})
    text = {"name": "name", "type": "QString", "value": ""}
    SubElement(options, "Option", text)
    properties = SubElement(options, "Option", {"name": "properties", "type": "Map"})
    one = SubElement(properties, "Option", {"name": of, "type": "Map"})
    for name, kind, value in (
        ("active", "bool", "true"),
        ("expression", "QString", expression),
        ("type", "int", "3"),
    ):
        SubElement(one, "Option", {"name": name, "type": kind, "value": value})
    SubElement(options, "Option", {"name": "type", "type": "QString", "value": "collection"})
