"""Points as heat: counts smoothed over a round distance, in real units per square kilometre."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from gisapp.analysis.points.index import Filter, PointIndex
from gisapp.analysis.points.weighted_places import places_in
from gisapp.layers.classes import HEAT_CLEAR, HEAT_STEPS
from gisapp.layers.layer import Layer, Points
from gisapp.progress import Progress
from gisapp.render import prepared
from gisapp.render.cache import Cache
from gisapp.render.frame import Frame
from gisapp.render.painters.squares import DensityGrid, image_of
from gisapp.render.palette import shade
from gisapp.render.ramps import hue_ramp
from gisapp.render.shown_rows import kept_points
from gisapp.render.view import MapView, unmercator

Floats = NDArray[np.float64]

#: About how far points are smoothed on the map, in points of 1/72 inch.
_REACH_PT = 12.0
#: Beyond three times the distance a point no longer shows.
_CUT = 3.0
#: So many points tell how dense a layer is.
_SAMPLE = 400
_RADIUS = 6378137.0


@dataclass(frozen=True, slots=True, eq=False)
class Heat:
    """Points a square kilometre on a raster over the map, the first row in the north.

    `target` is where the raster lies in logical pixels; `reach_m` how far points were smoothed.
    """

    values: Floats
    target: QRectF
    reach_m: float


def reach_of(layer: Layer, view: MapView) -> float:
    """The round distance in metres on the ground that points are smoothed over at a zoom."""
    wanted = _REACH_PT * view.dpi / 72 * view.resolution * _squeeze(layer)
    return rounded(wanted)


def rounded(value: float) -> float:
    """The nearest of 1, 2, 3, 5 and 10 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(value))
    return min((1, 2, 3, 5, 10), key=lambda step: abs(math.log(step * power / value))) * power


def _squeeze(layer: Layer) -> float:
    """Metres on the ground a Mercator metre at the middle of a layer: a pan changes nothing."""
    bounds = layer.bounds or (0.0, 0.0, 0.0, 0.0)
    return math.cos(math.radians(min(max((bounds[1] + bounds[3]) / 2, -85.0), 85.0)))


def heat_in(
    layer: Layer, view: MapView, mask: Filter | None, cache: Cache, progress: Progress
) -> Heat:
    """The smoothed density in a view, by a Gaussian of the distance that `reach_of` gives."""
    from scipy.ndimage import gaussian_filter

    assert isinstance(layer.geometry, Points)
    reach_m, squeeze = reach_of(layer, view), _squeeze(layer)
    margin = math.ceil(_CUT * reach_m / squeeze / view.resolution)
    # Points beside the map warm it too.
    grid = DensityGrid(view.resized(view.width + 2 * margin, view.height + 2 * margin))
    index = prepared.index_of(layer.geometry, cache, progress)
    counts = index.binned(grid.bounds, grid.columns, grid.rows, mask)
    progress.check()
    smooth = gaussian_filter(
        counts.astype(np.float32), reach_m / squeeze / grid.cell, mode="constant", truncate=_CUT
    )
    middles = grid.north - (np.arange(grid.rows, dtype=np.float64) + 0.5) * grid.cell
    _, lat = unmercator(np.zeros(grid.rows), middles)
    # What a cell covers on the ground shrinks towards the poles.
    km2 = (grid.cell * np.cos(np.radians(lat)) / 1000) ** 2
    return Heat(smooth / km2[:, None], grid.target(view), reach_m)


def heat_stops(layer: Layer, reach_m: float, cache: Cache, progress: Progress) -> tuple[float, ...]:
    """Densities at which the legend names a colour, rising; of all rows, so a filter moves none."""
    assert isinstance(layer.geometry, Points)
    points = layer.geometry
    index = prepared.index_of(points, cache, progress)
    top = cache.get((points,), "heat top", reach_m, lambda: _top(index, reach_m), keep=16)
    return tuple(float(f"{share * top:.2g}") for share in HEAT_STEPS)


def _top(index: PointIndex, reach_m: float) -> float:
    """A round density that one point in ten has round it: by how many lie near some of them."""
    if not len(index):
        return 1.0
    at = np.linspace(0, len(index) - 1, min(len(index), _SAMPLE)).astype(np.int64)
    densities = [_density(index, float(index.lon[k]), float(index.lat[k]), reach_m) for k in at]
    return rounded(max(float(np.quantile(densities, 0.9)), 1e-6))


def _density(index: PointIndex, lon: float, lat: float, reach_m: float) -> float:
    """Points a square kilometre as a Gaussian sees them from a place."""
    high = math.degrees(reach_m / _RADIUS)
    wide = high / max(math.cos(math.radians(lat)), 1e-6)
    box = (lon - 2.5 * wide, lat - 2.5 * high, lon + 2.5 * wide, lat + 2.5 * high)
    near = places_in(index, box, wide / 3, high / 3)
    away = ((near.lon - lon) / wide) ** 2 + ((near.lat - lat) / high) ** 2
    weight = float((near.counts * np.exp(-away / 2)).sum())
    return weight / (2 * math.pi * (reach_m / 1000) ** 2)


def heat_colors(
    layer: Layer, count: int, dark: bool, exported: bool
) -> tuple[tuple[str, float], ...]:
    """Colour and opacity of each step."""
    colors = hue_ramp(layer.style.color, count, dark, exported)
    return tuple(zip(colors, HEAT_CLEAR, strict=True))


def paint_heat(frame: Frame, layer: Layer) -> None:
    """Colour the map by the density of a layer; clear where there is next to nothing."""
    mask = kept_points(layer, frame.look, frame.cache)
    heat = heat_in(layer, frame.view, mask, frame.cache, frame.progress)
    stops = heat_stops(layer, heat.reach_m, frame.cache, frame.progress)
    colors = heat_colors(layer, len(stops), frame.dark, frame.look.exported)
    painter = frame.painter
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(heat.target, image_of(_table(colors)[_places(heat.values, stops)]))


def _places(values: Floats, stops: tuple[float, ...]) -> NDArray[np.intp]:
    """The entry of the colour table for each value: 0 for none, 64 for each step."""
    known = np.array([0.0, *stops])
    places: NDArray[np.intp] = np.interp(values, known, np.arange(len(known)) * 64.0).astype(
        np.intp
    )
    return places


def _table(colors: tuple[tuple[str, float], ...]) -> NDArray[np.uint8]:
    """Premultiplied BGRA from clear through all steps, 64 entries between two."""
    steps = np.zeros((len(colors) + 1, 4))
    for place, (color, opacity) in enumerate(colors, start=1):
        tone = shade(color)
        steps[place] = (tone.blue(), tone.green(), tone.red(), 255)
        steps[place] *= opacity
    at = np.arange(len(colors) * 64 + 1) / 64
    channels = [np.interp(at, np.arange(len(steps)), steps[:, k]) for k in range(4)]
    return np.round(np.column_stack(channels)).astype(np.uint8)
