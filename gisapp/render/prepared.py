"""What painters, legend and identify share of a layer: made once and kept in the cache."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from gisapp.analysis.classes.symbology import class_numbers, column_of, texts_of
from gisapp.analysis.classes.unclear import unclear_classes
from gisapp.analysis.hotspots.hotspots import Ground, Surface, ground, surface_on
from gisapp.analysis.hotspots.study_area import study_area
from gisapp.analysis.points import known_indexes
from gisapp.analysis.points.distinct import count_places
from gisapp.analysis.points.index import PointIndex
from gisapp.analysis.points.time_bars import TimeBars
from gisapp.errors import DataError
from gisapp.layers.audience import Audience, Showing, threshold
from gisapp.layers.classes import CLASSES, cell_starts, class_starts
from gisapp.layers.event_cells import CellGrid, EventCells, cell_grid, event_cells, places
from gisapp.layers.layer import Geometry, Layer, Points, Shapes
from gisapp.layers.outline import sound
from gisapp.layers.point_ways import heat_surface, is_heat
from gisapp.layers.project import Hotspots, Project
from gisapp.layers.vocabulary import LayerKind, ServiceType, service_type
from gisapp.progress import Progress
from gisapp.render import paths
from gisapp.render.cache import Cache
from gisapp.render.look import Look
from gisapp.render.paths import Outlines
from gisapp.render.view import mercator

#: Roads by the Census Bureau's feature classes: motorways, then main roads.
MOTORWAY, MAIN, MINOR = 0, 1, 2
_ROAD_RANKS = {
    **dict.fromkeys(("S1100", "motorway", "trunk", "motorway_link"), MOTORWAY),
    **dict.fromkeys(("S1200", "primary", "secondary"), MAIN),
}


def index_of(points: Points, cache: Cache, progress: Progress) -> PointIndex:
    return cache.get((points,), "index", 0, lambda: known_indexes.index_of(points, progress))


def time_bars_of(layer: Layer, cache: Cache, progress: Progress) -> TimeBars | None:
    """The times of a layer in bars, 2 bytes a row; None where no time is known."""
    column = layer.fields.get("time", "")
    return cache.get((layer.table,), "times", column, lambda: TimeBars.of(layer, progress))


def bars_in_order(
    bars: TimeBars, points: Points, cache: Cache, progress: Progress
) -> NDArray[np.uint16]:
    """The number of each point's bar in the order of the points' index, 2 bytes a point."""
    index = index_of(points, cache, progress)
    return cache.get((bars, points), "bars in order", 0, lambda: bars.number[index.order])


def outlines_of(shapes: Shapes, cache: Cache, progress: Progress) -> Outlines:
    return cache.get((shapes,), "outlines", 0, lambda: paths.outlines(shapes.geoms, progress))


def borders_of(
    shapes: Shapes,
    cache: Cache,
    progress: Progress,
    rows: NDArray[np.bool_] | None = None,
    part: tuple[object, ...] = (0,),
) -> Outlines:
    """The outlines of a layer's areas with shared edges once, as if all were one feature.

    Of some `rows` only, where they are given: `part` is their number, and what it is made by.
    """
    lines = outlines_of(shapes, cache, progress)
    number, *owners = part

    def make() -> Outlines:
        some = lines
        if rows is not None:
            seen = rows[lines.feature]
            some = Outlines(lines.parts[seen], lines.feature[seen], lines.boxes, lines.x, lines.y)
        parts = paths.borders(shapes.geoms, some)
        one = np.zeros(len(parts), dtype=np.int64)
        return Outlines(parts, one, lines.boxes[:1], lines.x, lines.y)

    return cache.get((shapes, *owners), "borders", number, make, keep=16)


def mercator_areas(shapes: Shapes, cache: Cache) -> NDArray[np.object_]:
    """The shapes in Web Mercator metres, sound enough to be cut."""

    def make() -> NDArray[np.object_]:
        flat = shapely.transform(
            shapes.geoms, lambda xy: np.column_stack(mercator(xy[:, 0], xy[:, 1]))
        )
        return sound(flat)

    return cache.get((shapes,), "in mercator", 0, make)


def ranks_of(layer: Layer, cache: Cache) -> NDArray[np.int64]:
    column = layer.fields.get("road_class", "")
    return cache.get((layer.table,), "ranks", column, lambda: road_ranks(layer))


def road_ranks(layer: Layer) -> NDArray[np.int64]:
    """MOTORWAY, MAIN or MINOR for each row."""
    texts = layer.texts("road_class")
    return np.array([_ROAD_RANKS.get(text.strip(), MINOR) for text in texts], dtype=np.int64)


def places_of(geometry: Geometry, cache: Cache) -> Points:
    """One place for each row: the point itself, or one on the line or area."""
    if isinstance(geometry, Points):
        return geometry
    return cache.get((geometry,), "places", 0, lambda: places(geometry))


def grid_of(layer: Layer, cache: Cache) -> CellGrid:
    points = places_of(layer.geometry, cache)
    return cache.get((points,), "grid", 0, lambda: cell_grid(points))


def cells_of(
    layer: Layer, audience: Audience, rows: NDArray[np.bool_] | None, cache: Cache
) -> EventCells:
    """The events of a layer as counts per cell, as the audience may see them."""
    points = places_of(layer.geometry, cache)
    grid = grid_of(layer, cache)
    owners = (points,) if rows is None else (points, rows)
    return cache.get(
        owners, "cells", threshold(audience), lambda: event_cells(points, audience, rows, grid)
    )


def cell_classes(layer: Layer, audience: Audience, cache: Cache) -> tuple[int, ...]:
    """Lowest counts of the classes of cells: by all rows, so a filter changes no colour."""
    counts = cells_of(layer, audience, None, cache).counts
    return cell_starts(counts, threshold(audience))


def class_numbers_of(layer: Layer, cache: Cache) -> NDArray[np.int16] | None:
    """For each row the number of its class in the layer's symbology; None where all look alike.

    As `analysis.classes.symbology.class_numbers` has it. A symbology that cannot be used tells no
    row apart; the legend says why.
    """
    found = _classed(layer, cache)
    return None if isinstance(found, str) else found


def class_trouble(layer: Layer, cache: Cache) -> str:
    """Why the layer's symbology cannot be used, in words; empty where nothing is wrong."""
    found = _classed(layer, cache)
    return found if isinstance(found, str) else ""


def class_notes(layer: Layer, cache: Cache) -> tuple[str, ...]:
    """What a reader has to know of classes that are empty; see `unclear.unclear_classes`."""
    numbers, symbology = class_numbers_of(layer, cache), layer.style.symbology
    if numbers is None or symbology is None or not symbology.classes:
        return ()
    asked = tuple((one.test, one.label, one.visible) for one in symbology.classes)
    return cache.get(
        (numbers,), "empty classes", asked, lambda: unclear_classes(layer, symbology, numbers)
    )


def _classed(layer: Layer, cache: Cache) -> NDArray[np.int16] | str | None:
    symbology = layer.style.symbology
    if symbology is None or not (symbology.classes or not symbology.others):
        return None

    def make() -> NDArray[np.int16] | str:
        try:
            return class_numbers(layer, symbology)
        except DataError as error:
            return str(error)

    # Neither a name nor a colour puts a row into another class: as they change nothing is
    # looked through again, nor what was made of the classes made again.
    tests = tuple((one.test, one.visible) for one in symbology.classes)
    others = bool(symbology.others)
    asked = (tests, symbology.column, others, tuple(sorted(layer.fields.items())))
    return cache.get((layer.table,), "classes", asked, make)


def place_share(points: Points, cache: Cache) -> float:
    """Different places for each point: 1 where no two points lie on one place."""

    def make() -> float:
        lon, lat = points.lon[:1_000_000], points.lat[:1_000_000]
        return count_places(lon, lat) / len(lon) if len(lon) else 0.0

    return cache.get((points,), "place share", 0, make)


def dense_classes(points: Points, cell: float, cache: Cache) -> tuple[int, ...]:
    """Lowest counts of the classes of a density raster whose cells are `cell` Mercator metres.

    Counted over the whole layer at the power of two nearest to it, so that a pan changes no
    colour; the highest class starts where one cell in a hundred lies.
    """
    band = round(np.log2(cell))

    def make() -> tuple[int, ...]:
        x, y = mercator(points.lon[:1_000_000], points.lat[:1_000_000])
        step = 2.0**band
        keys = np.floor(y / step).astype(np.int64) << 32
        keys += np.floor(x / step).astype(np.int64)
        _, counts = np.unique(keys, return_counts=True)
        share = max(len(points) / 1_000_000, 1.0)
        return class_starts(int(np.quantile(counts, 0.995) * share), 1, CLASSES)

    return cache.get((points,), "dense classes", band, make, keep=16)


def surface_of(
    project: Project,
    hotspots: Hotspots,
    rows: NDArray[np.bool_] | None,
    cache: Cache,
    progress: Progress,
) -> Surface | str:
    """The hotspot surface of its layer, or in words why there is none.

    The ground is measured once a layer, so that a change of parameters takes milliseconds.
    """
    layer = project.layer(hotspots.layer_id)
    bounds, owners, column = _ground_of(project, layer)

    def measured() -> Ground:
        area = None
        if bounds:
            area = cache.get(bounds, "study area", 0, lambda: study_area(project))
        return ground(layer, area, progress)

    def make() -> Surface | str:
        try:
            return surface_on(cache.get(owners, "ground", column, measured), hotspots, rows)
        except DataError as error:
            return str(error)

    return cache.get(*_surface_key(hotspots, owners, column, rows), make, keep=3)


def known_surface(
    project: Project, hotspots: Hotspots, rows: NDArray[np.bool_] | None, cache: Cache
) -> Surface | None:
    """The surface, where it was computed before; None where that takes time, or there is none."""
    _, owners, column = _ground_of(project, project.layer(hotspots.layer_id))
    known = cache.known(*_surface_key(hotspots, owners, column, rows))
    return known if isinstance(known, Surface) else None


_Owners = tuple[object, ...]


def _ground_of(project: Project, layer: Layer) -> tuple[_Owners, _Owners, str]:
    """The boundaries, all that the ground of a layer's hotspots is made of, and its column."""
    bounds = tuple(some.geometry for some in project.layers_of(LayerKind.BOUNDARIES))
    return bounds, (layer.geometry, layer.table, *bounds), layer.fields.get("time", "")


def _surface_key(
    hotspots: Hotspots, owners: _Owners, column: str, rows: NDArray[np.bool_] | None
) -> tuple[_Owners, str, tuple[object, ...]]:
    asked = (hotspots.method, hotspots.cell_m, hotspots.bandwidth_m, column)
    return owners if rows is None else (*owners, rows), "surface", asked


def surface_stands(project: Project, layer: Layer, look: Look, cache: Cache) -> bool:
    """Whether a hotspot surface is drawn in place of the layer's counts per cell.

    Both say where the events are, and on top of each other neither can be read.
    """
    if look.showing(layer) not in (Showing.COUNTS, Showing.SUPPRESSED):
        return False
    rows = look.rows_of(layer)
    for hotspots in hotspots_of(project, layer, look, cache):
        surface = surface_of(project, hotspots, rows, cache, Progress())
        if not isinstance(surface, str) and bool(surface.shown(look.audience).any()):
            return True
    return False


def hotspots_of(
    project: Project, layer: Layer, look: Look, cache: Cache, scale: float | None = None
) -> tuple[Hotspots, ...]:
    """The hotspots that are shown of a layer; else what stands for its heat where it is counted.

    The latter not at a `scale` that the layer's style hides it at.
    """
    kept = tuple(one for one in project.hotspots if one.layer_id == layer.id and one.visible)
    counted = look.showing(layer) in (Showing.COUNTS, Showing.SUPPRESSED)
    drawn = layer.visible and len(layer) and (scale is None or layer.style.shown_at(scale))
    if kept or not (counted and drawn and is_heat(layer)):
        return kept
    return (heat_surface(layer, grid_of(layer, cache).cell_m),)


def service_kinds(layer: Layer, cache: Cache) -> list[ServiceType]:
    """The kind of each service: from its own column, else from its name."""
    columns = (layer.fields.get("service_type", ""), layer.fields.get("name", ""))

    def make() -> list[ServiceType]:
        types, names = layer.texts("service_type"), layer.texts("name")
        return [service_type(kind or name) for kind, name in zip(types, names, strict=True)]

    return cache.get((layer.table,), "service kinds", columns, make)


def service_labels(layer: Layer, cache: Cache) -> NDArray[np.object_]:
    """The kind of each service in words, shape (rows,)."""
    columns = (layer.fields.get("service_type", ""), layer.fields.get("name", ""))

    def make() -> NDArray[np.object_]:
        return np.array([kind.label for kind in service_kinds(layer, cache)], dtype=object)

    return cache.get((layer.table,), "service labels", columns, make)


def names_of(layer: Layer, cache: Cache) -> list[str]:
    column = layer.fields.get("name", "")
    return cache.get((layer.table,), "names", column, lambda: layer.texts("name"))


def labels_of(layer: Layer, cache: Cache) -> list[str]:
    """What the features of a layer are called on the map: by its chosen column, or its names."""
    column = layer.style.labels.column
    if not column:
        return names_of(layer, cache)

    def make() -> list[str]:
        found = column_of(layer, column)
        if found is None:
            return [""] * len(layer)
        return [text or "" for text in texts_of(found).to_pylist()]

    return cache.get((layer.table,), "labels", column, make)


def zone_boxes(project: Project) -> NDArray[np.float64]:
    """West, south, east, north in degrees of each zone, in their order; shape (zones, 4)."""
    shapes = tuple(zone.shape for zone in project.zones.values())
    array = np.empty(len(shapes), dtype=object)
    array[:] = shapes
    return np.asarray(shapely.bounds(array)).reshape(-1, 4)


def anchors_of(shapes: Shapes, cache: Cache) -> Points:
    """Where the label of each area stands: a point within it, away from its edge."""

    def make() -> Points:
        xy = shapely.get_coordinates(shapely.point_on_surface(shapes.geoms))
        return Points(xy[:, 0].copy(), xy[:, 1].copy())

    return cache.get((shapes,), "anchors", 0, make)
