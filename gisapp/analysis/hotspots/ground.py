"""The ground that events are judged on: points in a plane of metres, and the area looked at."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gisapp.analysis.hotspots.grid import Box, Grid, grid_over, strays
from gisapp.analysis.points.distinct import count_places
from gisapp.errors import DataError
from gisapp.layers import geodesy
from gisapp.layers.geodesy import Plane
from gisapp.layers.layer import Layer, Points
from gisapp.progress import Progress

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Points of a layer in a plane of metres, and the ground on which they are judged.

    `area` is the study area in the plane and `within` tells which points it covers; both None
    where the box of the points stands in. `stray` marks points so far from the others that they
    are left out. `places` is the number of different places that the points lie on, `days`
    their local days (datetime64[D], NaT where unknown) if the layer has times.
    """

    plane: Plane
    x: Floats
    y: Floats
    box: Box
    area: BaseGeometry | None
    within: Mask | None
    stray: Mask
    places: int
    days: NDArray[np.datetime64] | None
    _covered: dict[float, tuple[Grid, Mask]] = field(default_factory=dict, repr=False)

    def covered(self, grid: Grid) -> Mask:
        """The cells of a grid on this ground whose middles lie in the study area, or all.

        Kept for the last sizes of cell, as a slider for the bandwidth asks again and again.
        """
        if self.area is None:
            return np.ones(grid.shape, dtype=bool)
        known = self._covered.get(grid.cell_m)
        if known is None:
            core = grid_over(self.plane, self.box, grid.cell_m)
            known = core, core.covered_by(self.area)
            if len(self._covered) >= 8:
                self._covered.clear()
            self._covered[grid.cell_m] = known
        core, inside = known
        mask = np.zeros(grid.shape, dtype=bool)
        column = round((core.x - grid.x) / grid.cell_m)
        row = round((core.y - grid.y) / grid.cell_m)
        mask[row : row + core.rows, column : column + core.columns] = inside
        return mask


def ground(
    layer: Layer, study_area: BaseGeometry | None = None, progress: Progress | None = None
) -> Ground:
    """Project a point layer once. `study_area` is in EPSG:4326.

    DataError when the layer has no points, or none of them lies in the study area.
    """
    progress = progress or Progress()
    points = layer.geometry
    if not isinstance(points, Points):
        raise DataError(
            f"“{layer.name}” holds areas or lines, and hotspots need points.",
            "Choose a layer of stops, overdoses or other events.",
        )
    if not len(points):
        raise DataError(f"“{layer.name}” is empty.", "Import events first.")
    progress.report(0.0, "Measuring the ground")
    plane, stray = _plane_of(points, study_area)
    x, y = _in_chunks(plane, points, progress)
    area = within = None
    if study_area is None:
        kept_x, kept_y = x[~stray], y[~stray]
        box = (kept_x.min(), kept_y.min(), kept_x.max(), kept_y.max())
    else:
        area = plane.shape_to_metres(study_area)
        shapely.prepare(area)
        within = shapely.intersects_xy(area, x, y)
        box = area.bounds
        if not within.any():
            raise DataError(
                f"None of “{layer.name}” lies within the boundary.",
                "Check that both cover the same city, or remove the boundary.",
            )
    local = layer.times_local()
    return Ground(
        plane=plane,
        x=x,
        y=y,
        box=(float(box[0]), float(box[1]), float(box[2]), float(box[3])),
        area=area,
        within=within,
        stray=stray,
        places=count_places(points.lon, points.lat),
        days=None if local is None else local.astype("datetime64[D]"),
    )


def _plane_of(points: Points, study_area: BaseGeometry | None) -> tuple[Plane, Mask]:
    """The plane about the middle of the ground, and which points are strays."""
    if study_area is not None:
        return geodesy.plane_for(study_area.bounds), np.zeros(len(points), dtype=bool)
    lon, lat = points.lon, points.lat
    if np.ptp(lon) > 180:
        # More likely two sides of the antimeridian than two sides of the world.
        lon = np.where(lon < 0, lon + 360, lon)
    # Strays are told in rough metres about the median, which they cannot move.
    middle_lon, middle_lat = float(np.median(lon)), float(np.median(lat))
    across, up = geodesy.degrees_of(1.0, middle_lat)
    stray = strays((lon - middle_lon) / across, (lat - middle_lat) / up)
    kept_lon, kept_lat = lon[~stray], lat[~stray]
    west, east = float(kept_lon.min()), float(kept_lon.max())
    return geodesy.plane_for((west, float(kept_lat.min()), east, float(kept_lat.max()))), stray


def _in_chunks(plane: Plane, points: Points, progress: Progress) -> tuple[Floats, Floats]:
    """Points in metres of the plane; in chunks, so that it can be cancelled and holds up nobody."""
    step, count = 20_000, len(points)
    pieces = []
    for start in range(0, count, step):
        progress.report(start / count, "Measuring the ground")
        piece = slice(start, start + step)
        pieces.append(plane.to_metres(points.lon[piece], points.lat[piece]))
    return np.concatenate([x for x, _ in pieces]), np.concatenate([y for _, y in pieces])
