"""Events as counts per cell for a page: the cells in view, and the classes of all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gisapp.layers.audience import Audience, threshold
from gisapp.layers.classes import cell_starts
from gisapp.layers.event_cells import cell_grid, event_cells, places
from gisapp.layers.layer import Bounds, Layer


@dataclass(frozen=True, slots=True)
class CellsInView:
    """Corners of cells in degrees (west and south of each), one size for all, and the counts.

    `shown` is the sum of the counts that are here: the sum of all could give a count away that
    was left out. `hidden` tells whether any was. `outside` is the same sum of the cells that are
    not in view. `starts` are the lowest counts of the classes, by all cells and rows: neither a
    pan nor a filter changes how a count is drawn.
    """

    side_m: float
    width: float
    height: float
    west: NDArray[np.float64]
    south: NDArray[np.float64]
    counts: NDArray[np.int64]
    hidden: bool
    outside: int
    starts: tuple[int, ...]

    @property
    def shown(self) -> int:
        return int(self.counts.sum())


def cells_in_view(
    layer: Layer, rows: NDArray[np.bool_] | None, bounds: Bounds, audience: Audience
) -> CellsInView:
    """The cells of a layer that touch `bounds`, each with all its events, in or out of view."""
    points = places(layer.geometry)
    grid = cell_grid(points)
    cells = event_cells(points, audience, rows, grid)
    everything = cells if rows is None else event_cells(points, audience, grid=grid)
    west, south, east, north = bounds
    boxes = cells.boxes
    meets = (boxes[:, 0] <= east) & (boxes[:, 2] >= west)
    meets &= (boxes[:, 1] <= north) & (boxes[:, 3] >= south)
    return CellsInView(
        cells.grid.cell_m,
        cells.grid.lon_step,
        cells.grid.lat_step,
        boxes[meets, 0],
        boxes[meets, 1],
        cells.counts[meets],
        cells.hidden > 0,
        int(cells.counts[~meets].sum()),
        cell_starts(everything.counts, threshold(audience)),
    )
