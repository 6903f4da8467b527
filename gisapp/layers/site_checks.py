"""Services against zones: who stands in none, whose service has closed or is gone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

import numpy as np
import shapely
from numpy.typing import NDArray

from gisapp.layers import geodesy
from gisapp.layers.edits import Edit
from gisapp.layers.issue import Code, Issue, Severity, named
from gisapp.layers.layer import Layer, Points
from gisapp.layers.outline import sound
from gisapp.layers.outline_checks import reshaping
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind, Polarity
from gisapp.layers.zone import Zone

#: Columns that say whether a service is still there, and on which day it ceased.
_STATE_COLUMNS = frozenset({"status", "state_of_service", "service_status", "operational_status"})
_END_COLUMNS = frozenset({"closed_on", "closing_date", "closed_date", "date_closed", "end_date"})
_CLOSED_WORDS = frozenset(
    {"closed", "permanently closed", "closed permanently", "ceased", "inactive", "off", "former"}
)
#: A service that stands this near the middle of a zone is the one it was drawn round.
_NEAR_M = 25.0
#: So many places at most are marked for one issue.
_MOST_PLACES = 500


def site_issues(project: Project, day: date) -> Iterator[Issue]:
    """Services in no zone or where none may stand, and zones of services closed or gone."""
    layers = [layer for layer in project.layers_of(LayerKind.SERVICES) if len(layer)]
    if not layers or not project.zones:
        return
    closed = {layer.id: closed_rows(layer, day) for layer in layers}
    for layer in layers:
        yield from _in_no_zone(project, layer, closed[layer.id])
    open_names: dict[str, bool] = {}
    for layer in layers:
        for row, name in enumerate(layer.texts("name")):
            key = name.strip().casefold()
            open_names[key] = open_names.get(key, False) or not closed[layer.id][row]
    elsewhere = _other_names(project)
    for zone in project.zones.values():
        for site in dict.fromkeys((zone.service.strip(), *(a.strip() for a in zone.anchors))):
            is_open = open_names.get(site.casefold())
            if site and is_open is None and site.casefold() not in elsewhere:
                yield _gone(zone, site, layers)
            elif site and is_open is False:
                yield Issue.of_zone(
                    zone,
                    Severity.WARNING,
                    Code.SITE_CLOSED,
                    f"“{zone.name}” was drawn round “{site}”, which has closed.",
                )


def closed_rows(layer: Layer, day: date) -> NDArray[np.bool_]:
    """Which services of a layer have closed by a day, as far as the layer says so.

    It is said by the opening hours (`closed`), by a column for the status, or for the last day.
    """
    closed = np.zeros(len(layer), dtype=bool)
    texts = [layer.texts("opening_hours")]
    for column in layer.table.column_names:
        key = column.strip().casefold().replace(" ", "_")
        if key in _STATE_COLUMNS:
            texts.append([str(value or "") for value in layer.table[column].to_pylist()])
        elif key in _END_COLUMNS:
            ends = [_day_of(value) for value in layer.table[column].to_pylist()]
            closed |= np.array([end is not None and end < day for end in ends], dtype=bool)
    for values in texts:
        closed |= np.array([v.strip().casefold() in _CLOSED_WORDS for v in values], dtype=bool)
    return closed


def _day_of(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value).strip()[:10])
    except ValueError:
        return None


def _other_names(project: Project) -> frozenset[str]:
    """Names of areas in other layers, such as footprints that zones were drawn from."""
    return frozenset(
        name.strip().casefold()
        for layer in project.layers
        if layer.kind is LayerKind.OTHER and not isinstance(layer.geometry, Points)
        for name in layer.texts("name")
    )


def _in_no_zone(project: Project, layer: Layer, closed: NDArray[np.bool_]) -> Iterator[Issue]:
    sites = _sites(layer)
    open_rows = np.flatnonzero(~closed)
    kinds = {
        Polarity.NO_ENFORCEMENT: (Code.SITE_IN_NO_ZONE, Severity.NOTE, False),
        Polarity.SERVICE_PROHIBITED: (Code.SITE_PROHIBITED, Severity.WARNING, True),
    }
    for polarity, (code, severity, inside) in kinds.items():
        shapes = [z.shape for z in project.zones.values() if z.polarity is polarity]
        if not shapes:
            continue
        met = np.zeros(len(layer), dtype=bool)
        tree = shapely.STRtree(sound(np.array(shapes, dtype=object)))
        met[tree.query(sites, predicate="intersects")[0]] = True
        rows = open_rows[met[open_rows] == inside]
        if not len(rows):
            continue
        names = layer.texts("name")
        listed = named([names[row].strip() or f"Row {row + 1}" for row in rows.tolist()])
        count = LayerKind.SERVICES.counted(len(rows))
        lie = "lies" if len(rows) == 1 else "lie"
        place = "in a zone where no service may stand" if inside else "in no zone"
        points = shapely.centroid(sites[rows])
        boxes = shapely.total_bounds(points)
        yield Issue(
            severity,
            code,
            f"{count} of “{layer.name}” {lie} {place}: {listed}.",
            layer_id=layer.id,
            rows=tuple(rows.tolist()),
            places=tuple(map(tuple, shapely.get_coordinates(points)[:_MOST_PLACES].tolist())),
            bounds=(float(boxes[0]), float(boxes[1]), float(boxes[2]), float(boxes[3])),
        )


def _sites(layer: Layer) -> NDArray[np.object_]:
    if isinstance(layer.geometry, Points):
        return np.asarray(shapely.points(layer.geometry.lon, layer.geometry.lat), dtype=object)
    return layer.geometry.geoms


def _gone(zone: Zone, site: str, layers: list[Layer]) -> Issue:
    names = named([layer.name for layer in layers])
    now_there = _near(zone, layers)
    fix: Edit | None = None
    words = ""
    if now_there and site == zone.service.strip():
        fix = reshaping(
            "Name the service of the zone", zone.id, lambda z: replace(z, service=now_there)
        )
        words = f"“{now_there}” stands there now: note it as the service of this zone."
    return Issue.of_zone(
        zone,
        Severity.WARNING,
        Code.SITE_GONE,
        f"“{zone.name}” was drawn round “{site}”, which is not in {names} any more.",
        fix=fix,
        fix_words=words,
    )


def _near(zone: Zone, layers: list[Layer]) -> str:
    """The one service that stands where the zone was drawn from; empty for none or several."""
    if zone.centre is None:
        return ""
    found: dict[str, str] = defaultdict(str)
    for layer in layers:
        if isinstance(layer.geometry, Points):
            away = geodesy.distances_m(layer.geometry.lon, layer.geometry.lat, *zone.centre)
            texts = layer.texts("name")
            for row in np.flatnonzero(away <= _NEAR_M).tolist():
                if texts[row].strip():
                    found[texts[row].strip().casefold()] = texts[row].strip()
    return next(iter(found.values())) if len(found) == 1 else ""
