"""What an HTML map says: groups of features and their legend, as plain values for JSON.

Nothing is here that the audience may not see: what is hidden is left out, not covered. Features
carry the fields of their kind and no other column. No text is markup: the page writes it as text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import PurePath

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gisapp.io import html_cells
from gisapp.io.html_shapes import (
    Json,
    area_swatch,
    css_style,
    encoded,
    label_at,
    rank_of,
    rings,
    simplified,
)
from gisapp.layers import geodesy
from gisapp.layers.agreement import day_in_words
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
from gisapp.layers.event_cells import places
from gisapp.layers.layer import FIELDS, TIME_FIELDS, Bounds, Layer, Points
from gisapp.layers.project import Project
from gisapp.layers.style import Fill
from gisapp.layers.vocabulary import LayerKind, ServiceType, service_type
from gisapp.layers.zone import Zone
from gisapp.layers.zone_look import zone_looks

Rows = NDArray[np.bool_]

#: Letters in the disc of a service, explained in the legend.
GLYPHS: Mapping[ServiceType, str] = {
    ServiceType.NEEDLE_SYRINGE: "N",
    ServiceType.OPIOID_AGONIST: "M",
    ServiceType.HEROIN_ASSISTED: "H",
    ServiceType.DRUG_CHECKING: "D",
    ServiceType.CONSUMPTION_ROOM: "C",
    ServiceType.DROP_IN: "I",
    ServiceType.OUTREACH: "O",
    ServiceType.NALOXONE: "X",
    ServiceType.HOUSING: "S",
    ServiceType.OTHER: "+",
}
#: Point layers larger than this are counted in cells even where each point might be shown.
_MOST_POINTS = 2_000
_MOST_LABELS = 40
#: Lines and areas are kept this share of the width and height beyond the bounds.
_BEYOND = 0.3


@dataclass(frozen=True, slots=True)
class Question:
    """Which map is asked for: the same for every group on it."""

    project: Project
    bounds: Bounds
    day: date
    audience: Audience
    rows: Mapping[str, Rows] = field(default_factory=dict)
    at: time | None = None


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
        groups.append(_zones(question))
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
    if layer.kind is LayerKind.SERVICES:
        return _services(question, layer)
    if isinstance(layer.geometry, Points):
        if len(layer) > _MOST_POINTS:
            return _cells(question, layer, 1)
        return _points(question, layer)
    return _shapes(question, layer)


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
    }


# Services and other points


def _lon_lat(layer: Layer) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    at = places(layer.geometry)
    return at.lon, at.lat


def _visible_rows(question: Question, layer: Layer) -> NDArray[np.int64]:
    """Rows that pass the filter, in view or not: a reader may move the map."""
    mask = question.rows.get(layer.id)
    return np.arange(len(layer)) if mask is None else np.flatnonzero(mask)


def _services(question: Question, layer: Layer) -> Json:
    lon, lat = _lon_lat(layer)
    kinds, names = layer.texts("service_type"), layer.texts("name")
    items, present = [], set()
    for row in _visible_rows(question, layer):
        kind = service_type(kinds[row] or names[row])
        present.add(kind)
        rows = [("Kind", kinds[row] or kind.label)]
        rows += [
            pair for pair in _fields(layer, int(row)) if pair[0] not in ("Name", "Kind of service")
        ]
        items.append(
            {
                "at": [round(float(lat[row]), 6), round(float(lon[row]), 6)],
                "glyph": GLYPHS[kind],
                "name": names[row] or kind.label,
                "rows": rows,
            }
        )
    return {
        "kind": "services",
        "title": layer.name,
        "count": f"{len(items):,}",
        "note": "",
        "on": True,
        "list": True,
        "color": layer.style.color,
        "legend": [
            {"symbol": "service", "color": layer.style.color, "glyph": GLYPHS[k], "label": k.label}
            for k in ServiceType
            if k in present
        ],
        "items": items,
    }


def _points(question: Question, layer: Layer) -> Json:
    lon, lat = _lon_lat(layer)
    rows, names = _visible_rows(question, layer), layer.texts("name")
    return {
        "kind": "points",
        "title": layer.name,
        "count": f"{len(rows):,}",
        "note": "",
        "on": True,
        "legend": [{"symbol": "point", "color": layer.style.color, "label": layer.kind.label}],
        "style": css_style(layer.style),
        "items": [
            {
                "at": [round(float(lat[row]), 6), round(float(lon[row]), 6)],
                "name": names[row] or layer.name,
                "rows": _fields(layer, int(row)),
            }
            for row in rows
        ],
    }


def _fields(layer: Layer, row: int) -> list[tuple[str, str]]:
    """The fields of this kind that have a value, as label and text; no other column."""
    pairs = []
    for known in FIELDS[layer.kind]:
        column = layer.column(known.name)
        value = None if column is None else column[row].as_py()
        if value is not None and str(value).strip():
            moment = known.name in TIME_FIELDS and isinstance(value, datetime)
            pairs.append((known.label, in_words(value) if moment else str(value)))
    return pairs


def in_words(moment: datetime) -> str:
    """`24 March 2026 17:00 GMT`: never without its zone where it has one."""
    return f"{day_in_words(moment.date())} {moment:%H:%M} {moment.tzname() or ''}".strip()


# Lines and areas


def _shapes(question: Question, layer: Layer) -> Json:
    assert not isinstance(layer.geometry, Points)
    rows = _rows_meeting(question, layer)
    geoms = simplified(layer.geometry.geoms[rows])
    lines = bool(len(geoms)) and int(shapely.get_dimensions(geoms).max()) < 2
    group: Json = {
        "title": layer.name,
        "count": f"{len(rows):,}",
        "note": "",
        "on": True,
        "style": css_style(layer.style),
    }
    if lines:
        return group | _line_group(layer, geoms, rows)
    told = layer.kind is LayerKind.DEPLOYMENTS
    names = layer.texts("name")
    labelled = layer.kind is LayerKind.BOUNDARIES and len(rows) <= _MOST_LABELS
    busy = _services_at(question) if labelled else shapely.MultiPoint()
    return group | {
        "kind": "outlined" if told else "area" if layer.style.fill is not Fill.NONE else "edges",
        "legend": [area_swatch(layer.style, layer.kind.label)],
        "items": [
            {
                "rings": rings(geom),
                "name": names[row],
                "label": label_at(geom, busy) if labelled and names[row] else None,
                "rows": _fields(layer, int(row)) if told else [],
            }
            for geom, row in zip(geoms, rows, strict=True)
        ],
    }


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


def _line_group(layer: Layer, geoms: NDArray[np.object_], rows: NDArray[np.int64]) -> Json:
    """Lines by width, merged: they are ground to find one's way on, nothing to click."""
    classes = layer.texts("road_class")
    widths = np.array([rank_of(classes[row]) for row in rows])
    bands = []
    for rank in (1, 2, 3):
        chosen = geoms[widths == rank]
        if len(chosen):
            merged = shapely.line_merge(shapely.multilinestrings(shapely.get_parts(chosen)))
            bands.append({"rank": rank, "paths": [encoded(p) for p in shapely.get_parts(merged)]})
    legend = {"symbol": "line", "color": layer.style.color, "label": layer.kind.label}
    return {"kind": "lines", "legend": [legend], "bands": bands}


def _services_at(question: Question) -> BaseGeometry:
    lons_lats = [_lon_lat(s) for s in question.project.layers_of(LayerKind.SERVICES)]
    return shapely.MultiPoint(np.vstack([np.empty((0, 2)), *(np.c_[x, y] for x, y in lons_lats)]))


# Zones


def _zones(question: Question) -> Json:
    project = question.project
    looks = [
        (project.zones[key], *look)
        for key, look in zone_looks(project, question.day, question.at).items()
    ]
    # What is quiet lies lowest, as on the printed map.
    looks.sort(key=lambda look: (look[2].width, look[2].fill_opacity))
    seen = Counter((label, style) for _, label, style in looks)
    return {
        "kind": "zones",
        "title": "Zones",
        "count": f"{len(looks):,}",
        "note": f"As they stand {moment_in_words(question)}. A zone smaller than the symbol of "
        "its service is drawn as a ring round it.",
        "on": True,
        "list": True,
        "legend": [
            area_swatch(style, label, f"{count:,}")
            for (label, style), count in reversed(seen.items())
        ],
        "items": [
            {
                "rings": rings(zone.shape),
                "name": zone.name,
                "style": css_style(style),
                "rows": zone_rows(project, zone, question.day, label),
            }
            for zone, label, style in looks
        ],
    }


def moment_in_words(question: Question) -> str:
    """`on 24 March 2026`, or `on 24 March 2026 at 22:00 (Europe/London)`."""
    words = f"on {day_in_words(question.day)}"
    if question.at is None:
        return words
    return f"{words} at {question.at:%H:%M} ({question.project.timezone})"


def zone_rows(project: Project, zone: Zone, day: date, stands: str) -> list[tuple[str, str]]:
    """What a reader may know of a zone; internal notes are not among it."""
    rows = [("Stands", stands)]
    agreement = project.terms_on(zone, day)
    if agreement is not None:
        rows += [
            ("Agreement", agreement.title),
            ("Valid", agreement.validity_in_words()),
            ("Hours", agreement.hours_in_words()),
            ("Suspended", ", ".join(activity.label for activity in agreement.suspended)),
            ("For", agreement.persons),
            ("Does not bind", ", ".join(one.label for one in agreement.exceptions)),
            ("Referral", agreement.referral_contact),
        ]
    outline = zone.basis.label
    if zone.radius_m:
        outline += f", {zone.radius_text or geodesy.in_words(zone.radius_m)}"
    rows += [("Outline", outline), ("Basis", zone.basis_text)]
    rows.append(("Area", geodesy.area_in_words(zone.area_m2)))
    return [(label, text) for label, text in rows if text]


# The foot of the page


def sources(question: Question) -> tuple[str, ...]:
    """Names of the files that what is shown came from, never their folders."""
    found = []
    for layer in question.project.layers:
        shown = showing(layer.kind, layer.sensitivity, question.audience, exported=True)
        if not layer.visible or shown is Showing.NOTHING or not layer.provenance.sources:
            continue
        files = ", ".join(PurePath(s.replace("\\", "/")).name for s in layer.provenance.sources)
        found.append(f"{layer.name}: {files}")
    return tuple(found)


def rules(question: Question) -> str:
    """What was left out, and why, in one sentence or two."""
    text = "Stops, overdoses and referrals are shown as counts or a surface, never one by one."
    least = threshold(question.audience)
    if question.audience is Audience.PATROL:
        return "Stops, overdoses and referrals are not part of maps for patrol systems."
    if least > 1:
        text += f" Counts below {least}, and what would give them away, are left out."
    return text
