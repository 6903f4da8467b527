"""The way along streets from one place to another, for outlines that follow a street."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gisapp.analysis.streets.network import Snapped, StreetNetwork, street_network
from gisapp.layers import geodesy
from gisapp.layers.layer import Layer
from gisapp.layers.sketch import Place
from gisapp.progress import Progress

#: A way longer than this many times the distance, and some metres, is none that somebody means.
_DETOUR, _LEAST_M = 4.0, 400.0


@dataclass(frozen=True, slots=True, eq=False)
class Tracer:
    """A network of all streets, those included that nobody walks on: a border may follow them."""

    network: StreetNetwork
    #: Metres between junctions, a sparse array of scipy.
    graph: Any

    def between(self, start: Place, end: Place) -> tuple[Place, ...] | None:
        """The places along the shortest way between the places on streets nearest to two.

        From the one to the other, both ends included; None where no street leads there.
        """
        network = self.network
        first, last = network.snap(np.array([start[0], end[0]]), np.array([start[1], end[1]]))
        if first.edge == last.edge:
            return _places(_part(network, first.edge, first.along_m, last.along_m))
        reach = geodesy.distance_m(*start, *end) * _DETOUR + _LEAST_M
        found = self._shortest(first, last, reach)
        if found is None:
            return None
        at, steps, to = found
        parts = [_part(network, first.edge, first.along_m, _end_m(network, first.edge, at))]
        for one, other in itertools.pairwise(steps):
            parts.append(self._edge_between(one, other))
        parts.append(_part(network, last.edge, _end_m(network, last.edge, to), last.along_m))
        return _places(np.concatenate(parts))

    def _shortest(
        self, first: Snapped, last: Snapped, reach: float
    ) -> tuple[int, list[int], int] | None:
        """The junction at which the way leaves the first edge, all on it, and the last one."""
        from scipy.sparse.csgraph import dijkstra

        network = self.network
        starts = [int(network.start[first.edge]), int(network.end[first.edge])]
        ends = [int(network.start[last.edge]), int(network.end[last.edge])]
        walked, before = dijkstra(self.graph, indices=starts, limit=reach, return_predecessors=True)
        best, found = np.inf, None
        for number, at in enumerate(starts):
            out = abs(_end_m(network, first.edge, at) - first.along_m)
            for to in ends:
                away = abs(_end_m(network, last.edge, to) - last.along_m)
                metres = out + float(walked[number, to]) + away
                if metres < best:
                    best, found = metres, (number, at, to)
        if found is None:
            return None
        number, at, to = found
        steps = [to]
        while steps[-1] != at:
            steps.append(int(before[number, steps[-1]]))
        return at, steps[::-1], to

    def _edge_between(self, one: int, other: int) -> NDArray[np.float64]:
        """The coordinates of the shortest edge between two junctions, from one to the other."""
        network = self.network
        there = (network.start == one) & (network.end == other)
        back = (network.start == other) & (network.end == one)
        edges = np.flatnonzero(there | back)
        edge = int(edges[np.argmin(network.length_m[edges])])
        xy = shapely.get_coordinates(network.lines[edge])
        return xy if network.start[edge] == one else xy[::-1]


def tracer_of(layer: Layer, progress: Progress | None = None) -> Tracer:
    """The streets of a layer made ready to be followed; DataError where it holds none."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    network = street_network(layer, progress, walked_only=False)
    rows = np.concatenate([network.start, network.end])
    columns = np.concatenate([network.end, network.start])
    metres = np.maximum(np.concatenate([network.length_m, network.length_m]), 1e-6)
    # Of two streets between the same junctions the shorter is the way.
    order = np.lexsort((metres, columns, rows))
    rows, columns, metres = rows[order], columns[order], metres[order]
    kept = np.ones(len(rows), dtype=bool)
    kept[1:] = (rows[1:] != rows[:-1]) | (columns[1:] != columns[:-1])
    size = network.junctions
    graph = csr_array((metres[kept], (rows[kept], columns[kept])), shape=(size, size))
    # Asked once here, in a worker: what it loads then would hold up the first to ask.
    dijkstra(graph, indices=[0], limit=1.0)
    return Tracer(network, graph)


def _end_m(network: StreetNetwork, edge: int, junction: int) -> float:
    """Metres along an edge at which a junction lies."""
    return 0.0 if network.start[edge] == junction else float(network.length_m[edge])


def _part(network: StreetNetwork, edge: int, low_m: float, high_m: float) -> NDArray[np.float64]:
    """The coordinates of an edge between two metres along it, in that direction."""
    xy = shapely.get_coordinates(network.lines[edge])
    steps = geodesy.steps_m(xy[:, 0], xy[:, 1])
    at = np.concatenate([[0.0], steps.cumsum()])
    at *= network.length_m[edge] / at[-1]
    low, high = sorted((low_m, high_m))
    inner = xy[(at > low) & (at < high)]
    ends = [[np.interp(m, at, xy[:, axis]) for axis in (0, 1)] for m in (low, high)]
    found = np.vstack([ends[0], inner, ends[1]])
    return found if low_m <= high_m else found[::-1]


def _places(xy: NDArray[np.float64]) -> tuple[Place, ...]:
    """Places one after the other, none twice in a row."""
    kept = np.ones(len(xy), dtype=bool)
    kept[1:] = (np.abs(np.diff(xy, axis=0)) > 1e-9).any(axis=1)
    return tuple((float(lon), float(lat)) for lon, lat in xy[kept])
