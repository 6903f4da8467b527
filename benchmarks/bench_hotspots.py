"""How long density and Gi* take, as a slider asks for them, with esda beside.

python -m benchmarks.bench_hotspots [--esda]
"""

from __future__ import annotations

import sys
from functools import partial

import numpy as np

from benchmarks.bench_counting import city, milliseconds, say, stops
from gisapp.analysis.hotspots import ground, kernel_density, surface_on
from gisapp.analysis.hotspots.getis_ord import classes, getis_ord_star
from gisapp.layers import geodesy
from gisapp.layers.project import Hotspots


def grid_of(side: int, with_esda: bool) -> None:
    counts = np.random.default_rng(1).poisson(3.0, (side, side)).astype(np.int32)
    mask = np.ones(counts.shape, dtype=bool)
    cells, radius = side * side, 400 / 150
    taken = milliseconds(lambda: kernel_density(counts, 150, 400))
    say("density of a grid, 150 m, 400 m", cells, taken)
    scores = getis_ord_star(counts, mask, radius)
    say("Gi* of a grid", cells, milliseconds(lambda: getis_ord_star(counts, mask, radius)))
    say("its classes at 90, 95, 99 %", cells, milliseconds(lambda: classes(scores, mask)))
    if with_esda:
        from esda.getisord import G_Local
        from libpysal.weights import DistanceBand

        rows, columns = np.nonzero(mask)
        near = DistanceBand(np.column_stack([columns, rows]), radius, silence_warnings=True)
        values = counts.ravel().astype(float)
        taken = milliseconds(
            lambda: G_Local(values, near, transform="B", permutations=0, star=True), 1
        )
        say("the same by esda, weights there, analytic", cells, taken)


def surface_of(size: int) -> None:
    layer = stops(*city(size))
    area = geodesy.circle(-0.1, 51.5, 18_000.0)
    say("measure the ground, once a layer", size, milliseconds(lambda: ground(layer), 2))
    on = ground(layer, area)
    for method in ("kde", "gistar"):
        asked = Hotspots(layer.id, method, cell_m=200.0, bandwidth_m=500.0)
        made = surface_on(on, asked)
        taken = milliseconds(partial(surface_on, on, asked))
        say(f"surface by {method}, cells of 200 m", size, taken, f"{made.counts.size:,} cells")


def main() -> None:
    print("| what | cells or points | ms | |\n|---|---|---|---|")
    for side in (100, 200):
        grid_of(side, "--esda" in sys.argv)
    for size in (115_510, 1_000_000):
        surface_of(size)


if __name__ == "__main__":
    main()
