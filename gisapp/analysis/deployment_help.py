"""Help inside a deployment: services open at its hours, and overdose hotspots with naloxone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakKeyDictionary

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gisapp.analysis.deployment_times import MINUTE_US, Spell, spells_of
from gisapp.analysis.hotspots import KDE, Surface, surface
from gisapp.analysis.study_area import study_area
from gisapp.errors import DataError
from gisapp.layers import geodesy
from gisapp.layers.audience import Audience, Showing, showing
from gisapp.layers.layer import Geometry, Layer, Points
from gisapp.layers.moments import Moments
from gisapp.layers.opening_hours import open_at, read_opening_hours
from gisapp.layers.project import Hotspots, Project
from gisapp.layers.vocabulary import LayerKind, ServiceType, service_type
from gisapp.progress import Progress

#: Cells of a density that are called a hotspot: those of at least this share of the highest.
_SHARE_OF_HIGHEST = 0.5
#: Classes of Gi* that are called a hotspot: from 95 % confidence on.
_LEAST_CLASS = 2

#: By the events: parameters and boundaries, and the surface that they gave last.
_surfaces: WeakKeyDictionary[
    Geometry, tuple[tuple[str, float, float], tuple[Geometry, ...], Surface]
] = WeakKeyDictionary()
_TOLD = ("name", "service_type", "opening_hours", "contact")


@dataclass(frozen=True, slots=True)
class OpenService:
    """A service inside a deployment. `open` are its spells (UTC) during it; None where unknown."""

    name: str
    kind: ServiceType
    lon: float
    lat: float
    open: tuple[Spell, ...] | None
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Naloxone:
    """A place that gives naloxone, metres away in a straight line; `open` None where unknown."""

    name: str
    metres: float
    open: tuple[Spell, ...] | None
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Hotspot:
    """Cells of an overdose hotspot in a deployment: their middle, ground, and nearest naloxone."""

    lon: float
    lat: float
    area_m2: float
    naloxone: Naloxone | None


class ServiceFinder:
    """Services that an audience may see one by one, of all lists of the project."""

    def __init__(self, project: Project, audience: Audience, *, exported: bool) -> None:
        self._timezone = project.timezone
        self._layers = [
            layer
            for layer in project.layers_of(LayerKind.SERVICES)
            if showing(layer.kind, layer.sensitivity, audience, exported=exported) is Showing.EACH
        ]
        self._places = [_places(layer) for layer in self._layers]
        self._texts = [{name: layer.texts(name) for name in _TOLD} for layer in self._layers]
        self._naloxone = [
            np.array(
                [r for r in range(len(lon)) if self._kind(n, r) is ServiceType.NALOXONE], dtype=int
            )
            for n, (lon, _) in enumerate(self._places)
        ]

    def inside(self, area: BaseGeometry, start: datetime, end: datetime) -> tuple[OpenService, ...]:
        """Services in an area (EPSG:4326), those open during it first, then by name."""
        found = []
        shapely.prepare(area)
        for number, (lon, lat) in enumerate(self._places):
            for row in np.flatnonzero(shapely.intersects_xy(area, lon, lat)).tolist():
                spells = self._open(number, row, start, end)
                found.append(
                    OpenService(
                        self._texts[number]["name"][row],
                        self._kind(number, row),
                        float(lon[row]),
                        float(lat[row]),
                        spells,
                        self._texts[number]["contact"][row],
                    )
                )
        return tuple(sorted(found, key=lambda one: (not one.open, one.open is None, one.name)))

    def nearest_naloxone(
        self, lon: float, lat: float, start: datetime, end: datetime
    ) -> Naloxone | None:
        """The nearest place that gives naloxone and may be open then; else the nearest of all."""
        far: list[tuple[float, int, int]] = []
        for number, rows in enumerate(self._naloxone):
            if len(rows):
                lons, lats = self._places[number]
                metres = geodesy.distances_m(lons[rows], lats[rows], lon, lat)
                pairs = zip(metres.tolist(), rows.tolist(), strict=True)
                far += [(away, number, row) for away, row in pairs]
        far.sort()
        hours = ((self._open(n, row, start, end), (away, n, row)) for away, n, row in far)
        found = next((one for one in hours if one[0] != ()), None)
        if found is None:
            if not far:
                return None
            found = (), far[0]
        spells, (away, number, row) = found
        texts = self._texts[number]
        return Naloxone(texts["name"][row], away, spells, texts["contact"][row])

    def _kind(self, number: int, row: int) -> ServiceType:
        texts = self._texts[number]
        kind = service_type(texts["service_type"][row])
        return kind if kind is not ServiceType.OTHER else service_type(texts["name"][row])

    def _open(
        self, number: int, row: int, start: datetime, end: datetime
    ) -> tuple[Spell, ...] | None:
        return open_spells(self._texts[number]["opening_hours"][row], start, end, self._timezone)


def open_spells(
    text: str, start: datetime, end: datetime, timezone: str
) -> tuple[Spell, ...] | None:
    """When a service with these opening hours is open between two moments; None if unknown.

    The hours are local ones in `timezone`.
    """
    opening = read_opening_hours(text) if text.strip() else None
    if opening is None:
        return None
    first, last = (np.datetime64(int(at.timestamp() * 1_000_000), "us") for at in (start, end))
    step = np.timedelta64(MINUTE_US, "us")
    minutes = np.arange(first, last, step)
    return spells_of(open_at(opening, Moments.of(minutes).local(timezone)), first, last)


class HotspotFinder:
    """Overdose hotspots by the parameters that the project holds, and what to say of them."""

    def __init__(
        self, project: Project, audience: Audience, progress: Progress, *, exported: bool
    ) -> None:
        self.notes: tuple[str, ...] = ()
        self._surfaces: list[tuple[Surface, NDArray[np.bool_]]] = []
        layers = {layer.id: layer for layer in project.layers_of(LayerKind.OVERDOSES)}
        chosen = [one for one in project.hotspots if one.layer_id in layers]
        if audience is not Audience.POLICE:
            self.notes = ("Overdose hotspots are shown to police analysts only.",)
            return
        if not chosen:
            self.notes = (
                "No overdose hotspots are set up in this project, so none were looked for.",
            )
            return
        # In a file no place may stand for a few people, whoever it is for.
        reader = Audience.PUBLIC if exported else audience
        self._add(project, chosen, layers, reader, progress)

    def _add(
        self,
        project: Project,
        chosen: Sequence[Hotspots],
        layers: dict[str, Layer],
        reader: Audience,
        progress: Progress,
    ) -> None:
        for one in progress.track(chosen, len(chosen), "Finding overdose hotspots"):
            try:
                found = _surface_of(project, layers[one.layer_id], one)
            except DataError as error:
                self.notes = (*self.notes, f"No hotspots: {error}")
                continue
            self._surfaces.append((found, hot_cells(found, reader)))

    def inside(
        self, area: BaseGeometry, start: datetime, end: datetime, services: ServiceFinder
    ) -> tuple[Hotspot, ...]:
        """Hotspots in an area (EPSG:4326) with the nearest naloxone at its hours, largest first."""
        found = []
        for surface_, hot in self._surfaces:
            plane = surface_.plane
            there = _area_of(plane.shape_to_metres(area))
            for piece in _pieces(surface_, hot, there):
                middle = shapely.point_on_surface(piece)
                lon, lat = plane.to_degrees(np.array([middle.x]), np.array([middle.y]))
                at = float(lon[0]), float(lat[0])
                nearest = services.nearest_naloxone(*at, start, end)
                found.append(Hotspot(*at, float(piece.area), nearest))
        return tuple(sorted(found, key=lambda one: -one.area_m2))


def _surface_of(project: Project, layer: Layer, one: Hotspots) -> Surface:
    """The surface of these parameters; kept, for a zone that moves changes nothing of it."""
    ground = tuple(each.geometry for each in project.layers_of(LayerKind.BOUNDARIES))
    asked = one.method, one.cell_m, one.bandwidth_m
    kept = _surfaces.get(layer.geometry)
    if kept is not None and kept[0] == asked and kept[1] == ground:
        return kept[2]
    found = surface(layer, one, study_area=study_area(project))
    _surfaces[layer.geometry] = asked, ground, found
    return found


def hot_cells(found: Surface, audience: Audience) -> NDArray[np.bool_]:
    """Cells of a surface that are a hotspot, as far as an audience may see them.

    By Gi* those with a confidence of 95 % or more; of a density those of at least half the
    highest, where there is no test.
    """
    shown = found.shown(audience)
    if found.method != KDE and found.classes is not None:
        return np.asarray(shown & (found.classes >= _LEAST_CLASS))
    highest = float(found.values.max()) if found.values.size else 0.0
    return np.asarray(shown & (found.values >= _SHARE_OF_HIGHEST * highest) & (highest > 0))


def _pieces(found: Surface, hot: NDArray[np.bool_], area: BaseGeometry) -> list[BaseGeometry]:
    """The parts of hotspots in an area, in metres of the surface's plane."""
    west, south = found.origin
    side = found.cell_m
    low_x, low_y, high_x, high_y = area.bounds
    columns = slice(max(int((low_x - west) // side), 0), max(int((high_x - west) // side) + 1, 0))
    rows = slice(max(int((low_y - south) // side), 0), max(int((high_y - south) // side) + 1, 0))
    row, column = np.nonzero(hot[rows, columns])
    if not len(row):
        return []
    x = west + (column + columns.start) * side
    y = south + (row + rows.start) * side
    whole = shapely.union_all(shapely.box(x, y, x + side, y + side), grid_size=1e-3)
    inside = shapely.intersection(whole, area)
    parts = shapely.get_parts(inside)
    return [part for part in parts if shapely.get_dimensions(part) == 2 and part.area >= 1.0]


def _area_of(shape: BaseGeometry) -> BaseGeometry:
    """A place to look in: the area itself, or 50 m round a point or line."""
    return shape if shapely.get_dimensions(shape) == 2 else shape.buffer(50.0)


def _places(layer: Layer) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if isinstance(layer.geometry, Points):
        return layer.geometry.lon, layer.geometry.lat
    inner = shapely.point_on_surface(layer.geometry.geoms)
    return shapely.get_x(inner), shapely.get_y(inner)
