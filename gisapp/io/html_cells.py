"""Events as counts per cell for a page: the cells in view, their classes and colours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gisapp.layers.audience import Audience
from gisapp.layers.event_cells import event_cells, places
from gisapp.layers.layer import Bounds, Layer

#: Ends of the classes of counts; whatever is higher falls into the last class.
_ENDS = tuple(
    step * 10**power for power in range(9) for step in (1, 2, 3, 5, 7) if step != 7 or power
)
#: Shares of the cells below the end of each class but the last: few cells are dark.
_QUANTILES = (0.35, 0.65, 0.85, 0.96)


@dataclass(frozen=True, slots=True)
class CellsInView:
    """Corners of cells in degrees (west and south of each), one size for all, and the counts.

    `shown` is the sum of the counts that are here: the sum of all could give a count away that
    was left out. `hidden` tells whether any was.
    """

    side_m: float
    width: float
    height: float
    west: NDArray[np.float64]
    south: NDArray[np.float64]
    counts: NDArray[np.int64]
    hidden: bool

    @property
    def shown(self) -> int:
        return int(self.counts.sum())


def cells_in_view(
    layer: Layer, rows: NDArray[np.bool_] | None, bounds: Bounds, audience: Audience
) -> CellsInView:
    """The cells of a layer that touch `bounds`, each with all its events, in or out of view."""
    cells = event_cells(places(layer.geometry), audience, rows)
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
    )


def class_ends(counts: NDArray[np.int64], least: int) -> tuple[int, ...]:
    """The highest count of each class: round numbers near fixed quantiles, then the top count."""
    if not len(counts):
        return ()
    top = int(counts.max())
    wanted = np.quantile(counts, _QUANTILES)
    ends = {next(end for end in _ENDS if end >= value) for value in wanted}
    return (*sorted(end for end in ends if least <= end < top), top)


def class_labels(ends: tuple[int, ...], least: int) -> tuple[str, ...]:
    """`1`, `2–5`, `6–10` …, in the order of the classes."""
    labels, start = [], least
    for end in ends:
        labels.append(f"{start:,}" if start == end else f"{start:,}–{end:,}")
        start = end + 1
    return tuple(labels)


def ramp(color: str, classes: int) -> tuple[str, ...]:
    """One hue from light to full, then darker: as many colours as there are classes."""
    base = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)], dtype=float)
    steps = np.linspace(0.22, 1.3, classes) if classes > 1 else np.full(classes, 0.8)
    mixed = [255 + (base - 255) * s if s <= 1 else base * (2 - s) for s in steps]
    return tuple("#" + "".join(f"{round(float(part)):02x}" for part in one) for one in mixed)
