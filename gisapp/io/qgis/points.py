"""Heat and clusters of points as renderers of a QGIS style file."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement

from gisapp.io.qgis.symbols import add_expression, add_part, rgba
from gisapp.layers.classes import HEAT_CLEAR, HEAT_STEPS, lightness, one_hue
from gisapp.layers.style import Style

#: How far heat reaches in points: our smoothing fades out at about this, QGIS's ends there.
_REACH_PT = 30.0
#: QGIS's number of the unit of points of 1/72 inch.
_POINTS = "4"
#: Points nearer to each other than this on the map, in points, are one cluster.
_TOGETHER_PT = 36.0
#: The same discs as on our map: width for the smallest count, and more for each tenfold.
_DISC_PT, _MORE_PT, _LETTERS_PT, _RING_PT = 13.0, 5.6, 7.5, 5.2
#: QGIS gathers clusters for each picture anew: more points than this take it too long.
MOST_CLUSTERED = 200_000


def add_heat(root: Element, style: Style) -> None:
    """A heat map in the steps of ours; the most that is in view has the strongest colour."""
    values = {
        "type": "heatmapRenderer",
        "radius": f"{_REACH_PT:g}",
        "radius_unit": _POINTS,
        "radius_map_unit_scale": "3x:0,0,0,0,0,0",
        "max_value": "0",
        "quality": "1",
        "weight_expression": "",
        "enableorderby": "0",
        "symbollevels": "0",
        "forceraster": "0",
    }
    renderer = SubElement(root, "renderer-v2", values)
    ramp = SubElement(renderer, "colorramp", {"type": "gradient", "name": "[source]"})
    colors = one_hue(style.color, "#FFFFFF", "#000000", len(HEAT_STEPS))
    seen = [rgba(color, clear) for color, clear in zip(colors, HEAT_CLEAR, strict=True)]
    stops = zip(HEAT_STEPS[:-1], seen[:-1], strict=True)
    for key, value in (
        ("color1", rgba(colors[0], 0.0)),
        ("color2", seen[-1]),
        ("discrete", "0"),
        ("rampType", "gradient"),
        ("stops", ":".join(f"{share:g};{color}" for share, color in stops)),
    ):
        SubElement(ramp, "prop", {"k": key, "v": value})


def add_clusters(root: Element, style: Style) -> Element:
    """Discs with numbers for points that lie close together; single ones as what is added to the
    element that this returns."""
    values = {
        "type": "pointCluster",
        "tolerance": f"{_TOGETHER_PT:g}",
        "toleranceUnit": "Point",
        "toleranceUnitScale": "3x:0,0,0,0,0,0",
        "enableorderby": "0",
        "symbollevels": "0",
        "forceraster": "0",
    }
    renderer = SubElement(root, "renderer-v2", values)
    center = SubElement(
        renderer,
        "symbol",
        {
            "name": "centerSymbol",
            "type": "marker",
            "alpha": "1",
            "clip_to_extent": "1",
            "force_rhr": "0",
        },
    )
    size = f"{_DISC_PT:g} + {_MORE_PT:g} * log10(@cluster_size)"
    _add_disc(center, rgba(style.color, 0.28), f"{size} + {_RING_PT:g}")
    _add_disc(center, rgba(style.color), size)
    letters = {
        "font": "sans-serif",
        "font_style": "Bold",
        "chr": "",
        "size": f"{_LETTERS_PT:g}",
        "size_unit": "Point",
        "color": rgba("#1F2328" if lightness(style.color) > 51.8 else "#FFFFFF"),
        "outline_width": "0",
        "horizontal_anchor_point": "1",
        "vertical_anchor_point": "1",
    }
    text = add_part(center, "FontMarker", letters)
    add_expression(text, "char", "format_number(@cluster_size, 0)")
    return renderer


def _add_disc(symbol: Element, color: str, size: str) -> None:
    values = {
        "name": "circle",
        "color": color,
        "size": f"{_DISC_PT:g}",
        "size_unit": "Point",
        "scale_method": "diameter",
        "outline_style": "no",
    }
    add_expression(add_part(symbol, "SimpleMarker", values), "size", size)
