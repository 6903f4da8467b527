"""KML 2.2 (OGC 07-147r2) and KMZ: styled, with the time in which each zone holds.

Written here, as GDAL writes no style of its own for areas, no TimeSpan of a zone, and no types.
"""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element

import shapely

from gisapp.io.patrol.content import Content, Loss
from gisapp.io.patrol.formats.archive import zipped
from gisapp.io.patrol.formats.validity import span, utc
from gisapp.io.patrol.formats.xml import add, document
from gisapp.io.patrol.words import in_words
from gisapp.io.patrol.zones import COLUMNS, DECIMALS, NUMBERS, WHOLE, Outgoing
from gisapp.io.xml_text import characters
from gisapp.layers.agreement import Standing, day_in_words
from gisapp.layers.zone import zone_style

_NAMESPACE = "http://www.opengis.net/kml/2.2"
#: Readers take a description for HTML where they see signs such as these.
_NO_HTML = str.maketrans({"<": "‹", ">": "›"})
#: KML has a visibility of its own, whether a place is drawn; GDAL takes a field for that.
_NAMES = {"visibility": "zone_visibility"}


def write(content: Content, folder: Path) -> dict[str, bytes]:
    """`zones.kml`."""
    return {"zones.kml": kml(content)}


def write_zipped(content: Content, folder: Path) -> dict[str, bytes]:
    """`zones.kmz`: the same, compressed, as `doc.kml`."""
    return {"zones.kmz": zipped({"doc.kml": kml(content)}, content.stamp)}


def losses(content: Content) -> tuple[Loss, ...]:
    """Columns that have another name."""
    return tuple(Loss(f"column {name}", name, other) for name, other in _NAMES.items())


def kml(content: Content) -> bytes:
    """A KML document of all zones; fields in a Schema, so that readers know their types."""
    root = Element("kml", {"xmlns": _NAMESPACE})
    top = add(root, "Document", id="zones")
    add(top, "name", f"{content.title}: zones in force on {day_in_words(content.day)}")
    add(top, "open", "1")
    _add_style(top)
    schema = add(top, "Schema", name="zone", id="zone")
    for column, meaning in COLUMNS.items():
        kind = "double" if column in NUMBERS else "int" if column in WHOLE else "string"
        add(
            add(schema, "SimpleField", type=kind, name=_NAMES.get(column, column)),
            "displayName",
            meaning,
        )
    for zone in content.zones:
        _add_zone(top, zone)
    return document(root)


def _add_style(top: Element) -> None:
    """The look of a zone in force, its fill a little denser as it lies on photographs there."""
    look = zone_style(Standing.IN_FORCE)
    style = add(top, "Style", id="in_force")
    line = add(style, "LineStyle")
    add(line, "color", colour(look.color, look.opacity))
    add(line, "width", f"{look.width:g}")
    area = add(style, "PolyStyle")
    add(area, "color", colour(look.color, 2 * look.fill_opacity))


def colour(rgb: str, opacity: float) -> str:
    """`#RRGGBB` as KML has it: aabbggrr."""
    red, green, blue = rgb[1:3], rgb[3:5], rgb[5:7]
    return f"{round(255 * min(opacity, 1)):02x}{blue}{green}{red}".lower()


def _add_zone(top: Element, zone: Outgoing) -> None:
    # The order is that of the schema: name, description, time, style, data, geometry.
    place = add(top, "Placemark")
    add(place, "name", str(zone.attributes["name"]))
    add(place, "description", "\n".join(in_words(zone)).translate(_NO_HTML))
    held = span(zone)
    if held.start or held.end:
        time = add(place, "TimeSpan")
        if held.start:
            add(time, "begin", utc(held.start))
        if held.end:
            add(time, "end", utc(held.end))
    add(place, "styleUrl", "#in_force")
    data = add(add(place, "ExtendedData"), "SchemaData", schemaUrl="#zone")
    for column, value in zone.attributes.items():
        if value is not None:
            add(data, "SimpleData", str(value), name=_NAMES.get(column, column))
    parts = shapely.get_parts(zone.shape)
    holder = add(place, "MultiGeometry") if len(parts) > 1 else place
    for part in parts:
        _add_polygon(holder, part)


def _add_polygon(parent: Element, polygon: shapely.Polygon) -> None:
    area = add(parent, "Polygon")
    add(area, "tessellate", "1")
    for number, ring in enumerate((polygon.exterior, *polygon.interiors)):
        boundary = add(area, "innerBoundaryIs" if number else "outerBoundaryIs")
        add(add(boundary, "LinearRing"), "coordinates").text = characters(_coordinates(ring))


def _coordinates(ring: shapely.LinearRing) -> str:
    """`lon,lat` with blanks between and none within."""
    places = shapely.get_coordinates(ring).tolist()
    return " ".join(f"{lon:.{DECIMALS}f},{lat:.{DECIMALS}f}" for lon, lat in places)
