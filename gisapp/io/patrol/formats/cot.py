"""Cursor on Target events in a data package for TAK (ATAK, WinTAK, iTAK, TAK Server).

Written here, as GDAL has no driver. After the CoT base schema of MITRE, and the schemas, examples
and importers of ATAK-CIV (folder takcot): a drawn area is `u-d-f` with a link a corner, latitude
first, a circle `u-d-c-c` with an ellipse in metres, and `__geofence` watches it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree.ElementTree import Element

import shapely

from gisapp.io.patrol.content import Content, Loss
from gisapp.io.patrol.formats.archive import zipped
from gisapp.io.patrol.formats.kml import colour
from gisapp.io.patrol.formats.rings import without_holes
from gisapp.io.patrol.formats.validity import span, utc
from gisapp.io.patrol.formats.xml import add, document
from gisapp.io.patrol.words import in_words
from gisapp.io.patrol.zones import Outgoing
from gisapp.layers.agreement import Standing, day_in_words
from gisapp.layers.zone import zone_style

#: The identifiers of events are made of this and of a zone's, so that a later package replaces
#: what an earlier one brought.
_OURS = uuid.UUID("9f0c2f6a-5d0e-5c0b-8a55-0b7f0f3f9a61")
#: What CoT has for a height or an error that nobody knows.
UNKNOWN = "9999999.0"
#: Decimals of a degree: 0.1 mm, as cuts through holes make corners between ours.
_DECIMALS = 9
#: A zone without an end is dropped after so many days unless a newer package comes.
NO_END_DAYS = 365
#: How far round a fence ATAK looks for units, in metres; its own default.
_SPHERE_M = 160_000


@dataclass(frozen=True, slots=True)
class _Event:
    """What becomes an event: a zone, or one area of it; its name and identifier."""

    zone: Outgoing
    part: shapely.Polygon | None
    uid: str
    name: str


def write(content: Content, folder: Path) -> dict[str, bytes]:
    """`zones-tak.zip`: a data package with an event for each circle and each area."""
    events = [event for zone in content.zones for event in _events(zone)]
    files = {f"{event.uid}/{event.uid}.cot": _as_cot(event, content) for event in events}
    entries = [Entry(event.uid, event.name) for event in events]
    listed = {"MANIFEST/manifest.xml": manifest(content, "zones in force", entries)}
    return {"zones-tak.zip": zipped(listed | files, content.stamp)}


def losses(content: Content) -> tuple[Loss, ...]:
    """Zones that are cut into several areas, and those that CoT wants an end of."""
    found = [
        Loss("all columns", "a column each", "lines of the remarks; CoT has no columns"),
    ]
    for zone in content.zones:
        name = str(zone.attributes["name"])
        holes = sum(len(part.interiors) for part in shapely.get_parts(zone.shape))
        number = sum(1 for _ in _events(zone))
        if number > 1:
            what = "an area" if isinstance(zone.shape, shapely.Polygon) else "several areas"
            held = f"{what} with holes" if holes else what
            found.append(Loss(name, held, f"{number:,} areas without a hole, on the same ground"))
    endless = [str(one.attributes["name"]) for one in content.zones if span(one).end is None]
    if endless:
        named = endless[0] if len(endless) == 1 else f"{len(endless):,} zones"
        until = utc(without_end(content))
        found.append(Loss(named, "no end", f"stale at {until}; a newer package renews it"))
    return tuple(found)


def _events(zone: Outgoing) -> Iterator[_Event]:
    name, key = str(zone.attributes["name"]), str(zone.attributes["zone_id"])
    if zone.centre is not None and zone.attributes["radius_m"]:
        yield _Event(zone, None, uid_of(key, 1), name)
        return
    parts = [one for part in shapely.get_parts(zone.shape) for one in without_holes(part)]
    for number, part in enumerate(parts, 1):
        told = f"{name} ({number} of {len(parts)})" if len(parts) > 1 else name
        yield _Event(zone, part, uid_of(key, number), told)


def uid_of(zone_id: str, number: int, what: str = "") -> str:
    """The identifier of the event of an area of a zone, or of what is said of it."""
    return str(uuid.uuid5(_OURS, f"{zone_id}/{number}{what}"))


# Events


def _as_cot(event: _Event, content: Content) -> bytes:
    held = span(event.zone)
    root = Element(
        "event",
        {
            "version": "2.0",
            "uid": event.uid,
            "type": "u-d-f" if event.part is not None else "u-d-c-c",
            "time": moment(content.stamp),
            "start": moment(held.start or content.stamp),
            "stale": moment(held.end or without_end(content)),
            "how": "h-e",
        },
    )
    lon, lat = _middle(event)
    add(root, "point", lat=_degrees(lat), lon=_degrees(lon), hae=UNKNOWN, ce=UNKNOWN, le=UNKNOWN)
    detail = add(root, "detail")
    if event.part is None:
        _add_circle(detail, event)
    else:
        for x, y in shapely.get_coordinates(shapely.orient_polygons(event.part).exterior).tolist():
            add(detail, "link", point=f"{_degrees(y)},{_degrees(x)}")
    _add_fence(detail)
    _add_look(detail, event)
    return document(root)


def without_end(content: Content) -> datetime:
    """When what has no end of its own is stale; the last year that there is has none after it."""
    last = datetime.max.replace(tzinfo=UTC)
    return content.stamp + min(timedelta(days=NO_END_DAYS), last - content.stamp)


def moment(at: datetime) -> str:
    return utc(at).removesuffix("Z") + ".000Z"


def _degrees(value: float) -> str:
    return f"{value:.{_DECIMALS}f}"


def _middle(event: _Event) -> tuple[float, float]:
    if event.part is None and event.zone.centre is not None:
        return event.zone.centre
    west, south, east, north = shapely.bounds(event.part).tolist()
    return (west + east) / 2, (south + north) / 2


def _add_circle(detail: Element, event: _Event) -> None:
    """An ellipse in metres, and its look once more as KML, which is where ATAK reads it."""
    radius = f"{event.zone.attributes['radius_m']:.3f}"
    shape = add(detail, "shape")
    add(shape, "ellipse", major=radius, minor=radius, angle="360")
    link = add(shape, "link", uid=f"{event.uid}.Style", type="b-x-KmlStyle", relation="p-c")
    style = add(link, "Style")
    look = zone_style(Standing.IN_FORCE)
    line = add(style, "LineStyle")
    add(line, "color", colour(look.color, 1))
    add(line, "width", f"{look.width:.1f}")
    add(add(style, "PolyStyle"), "color", colour(look.color, 2 * look.fill_opacity))


def _add_fence(detail: Element) -> None:
    """Tell officers who carry TAK when they enter: never friendly, hostile or all units."""
    add(
        detail,
        "__geofence",
        elevationMonitored="false",
        minElevation=UNKNOWN,
        monitor="TAKUsers",
        trigger="Entry",
        tracking="true",
        maxElevation=UNKNOWN,
        boundingSphere=f"{_SPHERE_M:.1f}",
    )


def _add_look(detail: Element, event: _Event) -> None:
    look = zone_style(Standing.IN_FORCE)
    add(detail, "strokeColor", value=_argb(look.color, 1))
    add(detail, "strokeWeight", value=f"{look.width:.1f}")
    add(detail, "fillColor", value=_argb(look.color, 2 * look.fill_opacity))
    add(detail, "contact", callsign=event.name)
    key = event.zone.attributes["zone_id"]
    add(detail, "remarks", "\n".join((*in_words(event.zone), f"Zone: {key}")))
    add(detail, "archive")
    add(detail, "labels_on", value="true")
    if event.part is not None:
        add(detail, "color", value="-1")
    add(detail, "precisionlocation", altsrc="???")


def _argb(rgb: str, opacity: float) -> str:
    """A colour as CoT has it: alpha, red, green and blue as one signed number of 32 bits."""
    number = round(255 * min(opacity, 1)) << 24 | int(rgb[1:], 16)
    return str(number - (1 << 32) if number >= 1 << 31 else number)


# The package


@dataclass(frozen=True, slots=True)
class Entry:
    """An event of a package by its identifier, and what people call it."""

    uid: str
    name: str


def manifest(content: Content, what: str, entries: Sequence[Entry]) -> bytes:
    """Version 2 of the manifest: without both `uid` and `name` ATAK refuses a package."""
    root = Element("MissionPackageManifest", {"version": "2"})
    settings = add(root, "Configuration")
    key = str(uuid.uuid5(_OURS, f"{content.title}/{content.day.isoformat()}/{what}"))
    name = f"{content.title}: {what} on {day_in_words(content.day)}"
    add(settings, "Parameter", name="uid", value=key)
    add(settings, "Parameter", name="name", value=name)
    listed = add(root, "Contents")
    for one in entries:
        entry = add(listed, "Content", ignore="false", zipEntry=f"{one.uid}/{one.uid}.cot")
        add(entry, "Parameter", name="uid", value=one.uid)
        add(entry, "Parameter", name="name", value=one.name)
        add(entry, "Parameter", name="deleteWithPackage", value="true")
    return document(root)
