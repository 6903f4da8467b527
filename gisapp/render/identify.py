"""What lies under the cursor or in a drawn shape, as far as the audience may know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gisapp.layers.audience import Showing
from gisapp.layers.layer import Layer, Points, Shapes
from gisapp.layers.point_ways import is_heat
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind
from gisapp.layers.zone import Zone
from gisapp.progress import Progress
from gisapp.render import prepared
from gisapp.render.cache import Cache
from gisapp.render.counted_cells import cell_at
from gisapp.render.density_at import heat_at, surface_at
from gisapp.render.look import Look, Scene
from gisapp.render.shown_rows import shown_rows
from gisapp.render.view import MapView

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Hit:
    """A thing under the cursor: `kind` is `zone`, `feature`, `cell` or `density`.

    A zone has its `zone_id`; a feature its `layer_id` and `rows`, several where points lie on
    one place. A cell of counts has its `layer_id`, and its rows where the reader sees each of them:
    to all others the events in it are not told. A density says what the colour of heat or of
    a hotspot surface means at the place; no row is in it, for each warms all round it.
    """

    kind: str
    label: str
    zone_id: str | None = None
    layer_id: str | None = None
    rows: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))


def identify(
    scene: Scene, px: float, py: float, cache: Cache | None = None, reach: float = 6.0
) -> tuple[Hit, ...]:
    """What lies at a logical pixel, what is meant most likely first; `reach` is how far beside
    still counts.

    Follows the audience: what it may not see is not hit, and where it sees counts it gets them.
    """
    cache = cache or Cache()
    hits: list[Hit] = []
    above = (LayerKind.SERVICES, LayerKind.DEPLOYMENTS)
    layers = [
        layer for layer in reversed(scene.project.layers) if scene.draws(layer) and len(layer)
    ]
    for layer in layers:
        if layer.kind in above:
            hits += _layer_hits(scene, layer, px, py, cache, reach)
    hits += _zone_hits(scene, px, py, reach)
    # Events before the surfaces, which lie under every click near them, and the ground last.
    for layer in layers:
        if layer.is_events:
            hits += _layer_hits(scene, layer, px, py, cache, reach)
    for layer in reversed(scene.project.layers):
        hits += _surface_hits(scene, layer, px, py, cache)
    for layer in layers:
        if layer.kind not in above and not layer.is_events:
            hits += _layer_hits(scene, layer, px, py, cache, reach)
    return tuple(hits)


def rows_in_shape(
    project: Project, look: Look, layer_id: str, area: BaseGeometry, cache: Cache | None = None
) -> Ints:
    """Rows of a layer in or meeting an area (EPSG:4326), of those that are shown.

    Empty where the audience does not see each feature of the layer.
    """
    layer = project.layer(layer_id)
    if look.showing(layer) is not Showing.EACH or area.is_empty:
        return np.empty(0, dtype=np.int64)
    if isinstance(layer.geometry, Points):
        rows = prepared.index_of(layer.geometry, cache or Cache(), Progress()).inside(area)
    else:
        shapely.prepare(area)
        rows = np.flatnonzero(shapely.intersects(area, layer.geometry.geoms))
    mask = shown_rows(layer, look, cache or Cache())
    return rows if mask is None else rows[mask[rows]]


def zones_in_shape(project: Project, area: BaseGeometry) -> tuple[str, ...]:
    """Ids of the zones that meet an area (EPSG:4326)."""
    shapely.prepare(area)
    return tuple(zone.id for zone in project.zones.values() if area.intersects(zone.shape))


def _zone_hits(scene: Scene, px: float, py: float, reach: float) -> Iterator[Hit]:
    """Zones over the pixel, smallest first; one too small to hit is found beside it."""
    project = scene.project
    if not project.zones_visible or not project.zones:
        return
    spot = shapely.Point(*scene.view.to_map(px, py))
    near = _pixel_disc(scene.view, px, py, reach)
    zones = list(project.zones.values())
    shapes = np.array([zone.shape for zone in zones], dtype=object)
    found = np.flatnonzero(shapely.intersects(shapes, near))
    over = [n for n in found.tolist() if _is_hit(zones[n], spot, scene.view, reach)]
    for number in sorted(over, key=lambda n: float(shapely.area(shapes[n]))):
        yield Hit("zone", zones[number].name, zone_id=zones[number].id)


def _is_hit(zone: Zone, spot: BaseGeometry, view: MapView, reach: float) -> bool:
    if zone.shape.intersects(spot):
        return True
    west, south, east, north = zone.shape.bounds
    x, y = view.to_screen(np.array([west, east]), np.array([south, north]))
    return float(max(x[1] - x[0], y[0] - y[1])) < 2 * reach


def _pixel_disc(view: MapView, px: float, py: float, reach: float) -> BaseGeometry:
    """The ground within some pixels of a pixel, in degrees."""
    angles = np.linspace(0, 2 * np.pi, 17)[:-1]
    corners = [
        view.to_map(px + reach * float(np.cos(a)), py + reach * float(np.sin(a))) for a in angles
    ]
    return shapely.Polygon(corners)


def _layer_hits(
    scene: Scene, layer: Layer, px: float, py: float, cache: Cache, reach: float
) -> list[Hit]:
    shown = scene.look.showing(layer)
    if shown in (Showing.COUNTS, Showing.SUPPRESSED):
        return _cell_hits(scene, layer, px, py, cache)
    if shown is Showing.NOTHING:
        return []
    if is_heat(layer):
        said = heat_at(layer, scene.look, scene.view, px, py, cache)
        return [Hit("density", said, layer_id=layer.id)] if said else []
    if isinstance(layer.geometry, Points):
        cell = cell_at(scene, layer, px, py, reach, cache)
        if cell is not None:
            label = f"{layer.count_words(len(cell.rows))} {cell.where}"
            return [Hit("cell", label, layer_id=layer.id, rows=cell.rows)]
        return _point_hits(scene, layer, layer.geometry, px, py, cache, reach)
    return _shape_hits(scene, layer, layer.geometry, px, py, cache, reach)


def _surface_hits(scene: Scene, layer: Layer, px: float, py: float, cache: Cache) -> list[Hit]:
    """What the hotspots of a layer say at a pixel, those drawn last first."""
    if scene.look.showing(layer) is Showing.NOTHING:
        return []
    at = scene.view.to_map(px, py)
    project, look = scene.project, scene.look
    shown = prepared.hotspots_of(project, layer, look, cache, scene.view.scale)
    said = [surface_at(project, one, look, at, cache) for one in reversed(shown)]
    return [Hit("density", words, layer_id=layer.id) for words in said if words]


def _cell_hits(scene: Scene, layer: Layer, px: float, py: float, cache: Cache) -> list[Hit]:
    look = scene.look
    if prepared.surface_stands(scene.project, layer, look, cache):
        return []
    cells = prepared.cells_of(layer, look.audience, shown_rows(layer, look, cache), cache)
    lon, lat = scene.view.to_map(px, py)
    column, row = cells.grid.keys(Points(np.array([lon]), np.array([lat])))
    at = np.flatnonzero((cells.columns == column[0]) & (cells.rows == row[0]))
    if not len(at):
        return []
    counted = layer.count_words(int(cells.counts[at[0]]))
    return [Hit("cell", f"{counted} in a cell of {cells.grid.cell_m:.0f} m", layer_id=layer.id)]


def _point_hits(
    scene: Scene, layer: Layer, points: Points, px: float, py: float, cache: Cache, reach: float
) -> list[Hit]:
    """The nearest place of a layer within reach, with every row that lies there."""
    view = scene.view
    reach += layer.style.size * view.dpi / 72 / 2
    index = prepared.index_of(points, cache, Progress())
    west, north = view.to_map(px - reach, py - reach)
    east, south = view.to_map(px + reach, py + reach)
    rows = index.rows_in((west, south, east, north))
    mask = shown_rows(layer, scene.look, cache)
    if mask is not None:
        rows = rows[mask[rows]]
    if not len(rows):
        return []
    x, y = view.to_screen(points.lon[rows], points.lat[rows])
    away = np.hypot(x - px, y - py)
    nearest = rows[int(np.argmin(away))]
    if away.min() > reach:
        return []
    here = (points.lon[rows] == points.lon[nearest]) & (points.lat[rows] == points.lat[nearest])
    return [_feature(layer, rows[here], cache)]


def _shape_hits(
    scene: Scene, layer: Layer, shapes: Shapes, px: float, py: float, cache: Cache, reach: float
) -> list[Hit]:
    """Areas over the pixel (or lines within reach), each by itself, the smallest first."""
    tree = cache.get((shapes,), "tree", 0, lambda: shapely.STRtree(shapes.geoms))
    spot = shapely.Point(*scene.view.to_map(px, py))
    near = _pixel_disc(scene.view, px, py, reach)
    rows = np.sort(tree.query(near, predicate="intersects")).astype(np.int64)
    mask = shown_rows(layer, scene.look, cache)
    if mask is not None:
        rows = rows[mask[rows]]
    geoms = shapes.geoms[rows]
    # An area counts only where the cursor is over it; a line is too thin for that.
    over = (shapely.get_dimensions(geoms) < 2) | shapely.intersects(geoms, spot)
    rows = rows[over]
    order = np.argsort(shapely.area(shapes.geoms[rows]), kind="stable")
    return [_feature(layer, rows[[place]], cache) for place in order.tolist()]


def _feature(layer: Layer, rows: Ints, cache: Cache) -> Hit:
    if len(rows) > 1:
        label = f"{layer.count_words(len(rows))} at one place"
    else:
        label = prepared.names_of(layer, cache)[int(rows[0])] or layer.count_words(1)
    return Hit("feature", label, layer_id=layer.id, rows=rows)
