"""Hotspots of events: kernel density and Getis-Ord Gi* on a grid of metres.

A surface is computed in two steps. `ground` puts the points into a local plane and settles what
ground is looked at: slow for many points, but the same whatever the parameters. `surface_on`
bins and filters: some milliseconds, so that it can follow a slider.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gisapp.analysis.hotspots import getis_ord
from gisapp.analysis.hotspots.grid import Grid, disc_sums, grid_over
from gisapp.analysis.hotspots.ground import Ground as Ground
from gisapp.analysis.hotspots.ground import ground as ground
from gisapp.errors import DataError
from gisapp.layers.audience import SMALL_COUNT, Audience, threshold
from gisapp.layers.geodesy import Plane
from gisapp.layers.layer import Layer
from gisapp.layers.project import Hotspots
from gisapp.progress import Progress

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

KDE, GISTAR = "kde", "gistar"
#: The kernel is cut off at this many bandwidths, where 0.03 % of its height is left.
REACH = 4.0
#: Below this a rate a year says more than the data do.
_LEAST_DAYS = 28
_YEAR = 365.25
_PER_YEAR, _PER_KM2 = "events per km² per year", "events per km²"


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """A grid of hotspot values. Arrays have the shape (rows, columns), the south first.

    `counts` are events a cell; `values` densities in `unit` or z scores (0 outside `mask`);
    `mask` the cells on the ground looked at; `nearby` the events within the bandwidth of a
    cell's middle. `classes` (Gi* only) are -3 to 3, see `getis_ord.classes`. `breaks` are round
    values that part the classes of a legend. `notes` say in plain words what limits it, to whoever
    reads a map; `advice` what may be done about it, to who chooses the parameters.
    """

    method: str
    grid: Grid
    bandwidth_m: float
    counts: NDArray[np.int32]
    values: Floats
    mask: Mask
    nearby: NDArray[np.int32]
    classes: NDArray[np.int8] | None
    unit: str
    breaks: tuple[float, ...]
    notes: tuple[str, ...]
    advice: tuple[str, ...] = ()

    @property
    def plane(self) -> Plane:
        return self.grid.plane

    @property
    def origin(self) -> tuple[float, float]:
        """The south-west corner in metres of the plane."""
        return self.grid.x, self.grid.y

    @property
    def cell_m(self) -> float:
        return self.grid.cell_m

    def shown(self, audience: Audience) -> Mask:
        """The cells that an audience may see: with enough events within the bandwidth.

        So that no colour stands for one person; police analysts see all.
        """
        least = threshold(audience)
        return self.mask & (self.nearby >= least) if least > 1 else self.mask


def surface(
    layer: Layer,
    hotspots: Hotspots,
    rows: Mask | None = None,
    study_area: BaseGeometry | None = None,
    progress: Progress | None = None,
) -> Surface:
    """The surface that the parameters give for a layer, or for the rows where `rows` is true."""
    progress = progress or Progress()
    return surface_on(ground(layer, study_area, progress.part(0, 0.7)), hotspots, rows)


def surface_on(on: Ground, hotspots: Hotspots, rows: Mask | None = None) -> Surface:
    """The surface on ground that was measured before; quick enough for sliders.

    DataError for an unknown method, or too many cells.
    """
    if hotspots.method not in (KDE, GISTAR):
        raise DataError(
            f"There is no method “{hotspots.method}”.", "Use kde (density) or gistar (Gi*)."
        )
    if not (hotspots.bandwidth_m > 0 and math.isfinite(hotspots.bandwidth_m)):
        raise DataError("The bandwidth must be more than zero.", "Choose one such as 400m.")
    density = hotspots.method == KDE
    # Density needs room for what lies about the rim; Gi* must not test empty land there.
    margin = REACH * hotspots.bandwidth_m + hotspots.cell_m if density else 0.0
    grid = grid_over(on.plane, on.box, hotspots.cell_m, margin)
    keep = ~on.stray if density or on.within is None else on.within.copy()
    if rows is not None:
        keep &= rows
    counts = grid.counts(on.x[keep], on.y[keep])
    mask = on.covered(grid)
    nearby = disc_sums(counts, hotspots.bandwidth_m / grid.cell_m)
    finish = _density if density else _gi_star
    return finish(on, hotspots, grid, counts, mask, np.rint(nearby).astype(np.int32), rows)


def kernel_density(counts: NDArray[np.int32], cell_m: float, bandwidth_m: float) -> Floats:
    """Events per km², smoothed with a Gaussian whose standard deviation is the bandwidth.

    The kernel is cut off at `REACH` bandwidths and sums to one, so away from the rim of the
    grid the density sums to the number of events.
    """
    from scipy.ndimage import gaussian_filter

    sigma = bandwidth_m / cell_m
    smooth: Floats = gaussian_filter(
        counts.astype(np.float64), sigma, mode="constant", truncate=REACH
    )
    return smooth / (cell_m / 1000.0) ** 2


def _density(
    on: Ground,
    hotspots: Hotspots,
    grid: Grid,
    counts: NDArray[np.int32],
    mask: Mask,
    nearby: NDArray[np.int32],
    rows: Mask | None,
) -> Surface:
    values = np.where(mask, kernel_density(counts, grid.cell_m, hotspots.bandwidth_m), 0.0)
    years, span = _years(on, rows)
    if years:
        values /= years
    notes = [span, *_common_notes(on)]
    if hotspots.bandwidth_m < grid.cell_m:
        notes.append("The bandwidth is smaller than a cell: the density is that of the cells.")
    if on.area is not None:
        notes.append("Near the boundary the density is too low if events beyond it are missing.")
    return Surface(
        KDE,
        grid,
        hotspots.bandwidth_m,
        counts,
        values,
        mask,
        nearby,
        None,
        _PER_YEAR if years else _PER_KM2,
        round_breaks(float(values.max())),
        tuple(notes),
        ("Smooth over more than a block.",) if _on_few_places(on) else (),
    )


def _gi_star(
    on: Ground,
    hotspots: Hotspots,
    grid: Grid,
    counts: NDArray[np.int32],
    mask: Mask,
    nearby: NDArray[np.int32],
    rows: Mask | None,
) -> Surface:
    # A cell on the rim whose middle lies outside still counts if events inside lie in it.
    mask = mask | (counts > 0)
    scores = getis_ord.getis_ord_star(counts, mask, hotspots.bandwidth_m / grid.cell_m)
    found = getis_ord.classes(scores, mask)
    # How many is not said: with the scores it would let counts be worked out.
    notes = [
        "All cells were tested together; the confidence holds for all of them "
        "(false discovery rate after Benjamini and Hochberg).",
        *_common_notes(on),
    ]
    if on.within is not None:
        beyond = int((~on.within).sum())
        notes.append("Tested within the boundary.")
        if beyond:
            notes.append(f"Events beyond it are left out ({_at_least(beyond)}).")
    else:
        notes.append(
            "No boundary is given, so the box round the events was tested: empty land in it "
            "makes hotspots look stronger. Add a boundary of the area that matters."
        )
    if hotspots.bandwidth_m < grid.cell_m:
        notes.append("The distance is smaller than a cell, so no cell has neighbours.")
    notes.append("At the rim cells have fewer neighbours, and their result is less sure.")
    return Surface(
        GISTAR,
        grid,
        hotspots.bandwidth_m,
        counts,
        scores,
        mask,
        nearby,
        found,
        "z score",
        (-2.576, -1.96, -1.645, 1.645, 1.96, 2.576),
        tuple(notes),
        ("Choose cells and distances larger than a block.",) if _on_few_places(on) else (),
    )


def _years(on: Ground, rows: Mask | None) -> tuple[float, str]:
    """Years from the first to the last event, 0 where a rate would mislead; and why."""
    days = on.days if on.days is None or rows is None else on.days[rows]
    known = None if days is None else days[~np.isnat(days)]
    if known is None or not len(known):
        return 0.0, "The times of the events are not known, so this is no rate a year."
    first, last = known.min(), known.max()
    length = int((last - first).astype(np.int64)) + 1
    # Months, not days: notes stand on maps for everybody, and a day would be that of one event.
    begun, ended = (f"{day.astype(object):%B %Y}" for day in (first, last))
    span = f"Events of {begun}." if begun == ended else f"Events from {begun} to {ended}."
    if length < _LEAST_DAYS:
        return 0.0, f"{span} That is too short for a rate a year."
    return length / _YEAR, span


def _on_few_places(on: Ground) -> bool:
    return on.places * 2 < len(on.x) >= SMALL_COUNT


def _common_notes(on: Ground) -> list[str]:
    notes = []
    stray = int(on.stray.sum())
    if stray:
        notes.append(f"Events far from all others are left out ({_at_least(stray)}).")
    if _on_few_places(on):
        notes.append(
            f"{len(on.x):,} events lie on {on.places:,} "
            f"place{'s' if on.places > 1 else ''}, as where addresses are moved to "
            "the nearest corner: a hotspot can be one corner."
        )
    return notes


def _at_least(count: int) -> str:
    """A count for notes, which everybody reads: a small one is not told."""
    return f"{count:,}" if count >= SMALL_COUNT else f"fewer than {SMALL_COUNT}"


def round_breaks(highest: float) -> tuple[float, ...]:
    """Four to six round values up to the highest, for the classes of a legend; none for 0.

    Steps of 1, 2, 2.5 or 5 times a power of ten, and before them a fifth of a step, where a
    density begins to be seen.
    """
    if not highest > 0:
        return ()
    power = 10.0 ** (math.floor(math.log10(highest)) - 1)
    top = highest * (1 + 1e-9)  # 3 × 0.1 is a little more than 0.3
    step = max(s * power for s in (1, 2, 2.5, 5, 10, 20) if top >= 3 * s * power)
    values = [step / 5, *(step * number for number in range(1, int(top / step) + 1))]
    return tuple(float(f"{value:.3g}") for value in values)


def cells(surface: Surface, audience: Audience = Audience.POLICE) -> GeoDataFrame:
    """Cells as polygons in EPSG:4326 with `value`, `class` (Gi*) and `count`, for files.

    Cells without any event within the bandwidth are left out. For other audiences than police
    only cells with enough events within the bandwidth, and counts that are large enough; a
    smaller count is missing, and so are counts that could be worked out from the total. Densities
    then have two digits. Of Gi* they get the class and no `value`: a z score of two digits gives
    the sum of a neighbourhood, and the sums of all of them give the counts that are missing.
    """
    import geopandas
    import pandas

    which = surface.shown(audience) & (surface.nearby > 0)
    rows, columns = np.nonzero(which)
    values = surface.values[which]
    counts = surface.counts[which]
    least = threshold(audience)
    seen = np.ones(len(counts), dtype=bool)
    if least > 1:
        values = np.array([_two_digits(value) for value in values.tolist()])
        seen = _shown_counts(counts, int(surface.counts[surface.mask].sum()), least)
    count = pandas.array(counts, dtype="Int32")
    count[~seen] = pandas.NA
    columns_of = {"value": values, "count": count}
    if surface.classes is not None:
        columns_of["class"] = surface.classes[which]
        if least > 1:
            del columns_of["value"]
    polygons = surface.grid.boxes(rows, columns)
    return geopandas.GeoDataFrame(columns_of, geometry=polygons, crs=4326)


def highest_seen(surface: Surface, audience: Audience) -> float | None:
    """The highest value of the cells that an audience sees, as exact as it sees them."""
    shown = surface.values[surface.shown(audience)]
    top = float(shown.max()) if len(shown) else 0.0
    if threshold(audience) <= 1:
        return round(top, 6)
    return _two_digits(top) if surface.classes is None else None


def _two_digits(value: float) -> float:
    return float(f"{value:.2g}")


def _shown_counts(counts: NDArray[np.int32], total: int, least: int) -> Mask:
    """Which counts may be shown: none from 1 up to `least`, and enough left out together."""
    shown: Mask = (counts == 0) | (counts >= least)
    left = total - int(counts[shown].sum())
    for cell in np.flatnonzero(counts >= least):
        if left == 0 or left >= 2 * least:
            break
        shown[cell] = False
        left += int(counts[cell])
    return shown
