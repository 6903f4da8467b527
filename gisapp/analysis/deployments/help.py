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

from gisapp.analysis.deployments.times import Spell
from gisapp.analysis.hotspots.hotspots import KDE, Surface, surface
from gisapp.analysis.hotspots.study_area import study_area
from gisapp.analysis.look_ups.help_near import NALOXONE
from gisapp.analysis.look_ups.service_list import services_of
from gisapp.errors import DataError
from gisapp.layers import geodesy
from gisapp.layers.audience import Audience
from gisapp.layers.layer import Geometry, Layer
from gisapp.layers.project import Hotspots, Project
from gisapp.layers.vocabulary import LayerKind, ServiceType
from gisapp.progress import Progress

#: Cells of a density that are called a hotspot: those of at least this share of the highest.
_SHARE_OF_HIGHEST = 0.5
#: Classes of Gi* that are called a hotspot: from 95 % confidence on.
_LEAST_CLASS = 2

#: By the events: parameters and boundaries, and the surface that they gave last.
_surfaces: WeakKeyDictionary[
    Geometry, tuple[tuple[str, float, float], tuple[Geometry, ...], Surface]
] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class OpenService:
    """A service inside a deployment. `open` are its spells during it; None where unknown."""

    name: str
    kinds: tuple[ServiceType, ...]
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
    """Services that an audience may be told of, of all lists of the project."""

    def __init__(self, project: Project, audience: Audience, *, exported: bool) -> None:
        self._known = services_of(project, audience, exported=exported)
        self._naloxone = self._known.of_kinds(NALOXONE)

    def inside(self, area: BaseGeometry, start: datetime, end: datetime) -> tuple[OpenService, ...]:
        """Services in an area (EPSG:4326), those open during it first, then by name."""
        known = self._known
        shapely.prepare(area)
        found = []
        for number in np.flatnonzero(shapely.intersects_xy(area, known.lon, known.lat)).tolist():
            one = known.services[number]
            spells = known.spells(one, start, end)
            found.append(OpenService(one.name, one.kinds, one.lon, one.lat, spells, one.contact))
        return tuple(sorted(found, key=lambda one: (not one.open, one.open is None, one.name)))

    def nearest_naloxone(
        self, lon: float, lat: float, start: datetime, end: datetime
    ) -> Naloxone | None:
        """The nearest place that gives naloxone and may be open then; else the nearest of all."""
        known, numbers = self._known, self._naloxone
        if not len(numbers):
            return None
        away = geodesy.distances_m(known.lon[numbers], known.lat[numbers], lon, lat)
        order = np.argsort(away, kind="stable")
        nearest = None
        for number, metres in zip(numbers[order].tolist(), away[order].tolist(), strict=True):
            one = known.services[number]
            found = Naloxone(one.name, metres, known.spells(one, start, end), one.contact)
            nearest = nearest or found
            if found.open != ():
                return found
        return nearest


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
