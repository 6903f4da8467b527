"""Streets as a network to walk on: where they join, how long they are, how far one gets.

Streets join where they share a vertex. Where they merely cross, as at a bridge, they do not.
Distances are metres on the ellipsoid along the streets.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gisapp.analysis.streets.ends import with_touching_ends
from gisapp.errors import DataError
from gisapp.layers import geodesy
from gisapp.layers.layer import Layer, Shapes
from gisapp.progress import Progress

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Classes of road that nobody walks on: the Census Bureau's (limited-access roads, their ramps and
#: service drives), and OpenStreetMap's, where a trunk road has pavements as often as not.
NOT_WALKED = frozenset(
    ("S1100", "S1630", "S1640", "motorway", "motorway_link", "proposed", "construction")
)
#: Vertices nearer than this (degrees, a centimetre) are one.
_SAME = 1e-7


@dataclass(frozen=True, slots=True)
class Snapped:
    """The nearest place on a walkable street: its edge, metres along it, and metres to it."""

    edge: int
    along_m: float
    away_m: float


@dataclass(frozen=True, slots=True, eq=False)
class StreetNetwork:
    """Edges between junctions. `start` and `end` are numbers of junctions, `length_m` metres.

    `lines` are the edges in degrees from start to end, `plane` the metres of the neighbourhood
    for short distances, `street` the row of the layer that each edge is part of.
    """

    start: Ints
    end: Ints
    length_m: Floats
    lines: NDArray[np.object_]
    street: Ints
    junctions: int
    plane: geodesy.Plane
    flat: NDArray[np.object_]
    tree: shapely.STRtree

    def __len__(self) -> int:
        return len(self.start)

    def snap(self, lon: Floats, lat: Floats) -> list[Snapped]:
        """The nearest place on a street for each site in degrees."""
        x, y = self.plane.to_metres(lon, lat)
        sites = shapely.points(x, y)
        _, edges = self.tree.query_nearest(sites, all_matches=False)
        away = shapely.distance(sites, self.flat[edges])
        share = shapely.line_locate_point(self.flat[edges], sites, normalized=True)
        along = share * self.length_m[edges]
        return [
            Snapped(int(edge), float(at), float(far))
            for edge, at, far in zip(edges, along, away, strict=True)
        ]

    def places(self, sites: list[Snapped]) -> Floats:
        """Where on the streets the sites come to them: an array of (lon, lat)."""
        shares = [site.along_m / self.length_m[site.edge] for site in sites]
        found = [
            _between(self.lines[site.edge], share, share).coords[0]
            for site, share in zip(sites, shares, strict=True)
        ]
        return np.array(found, dtype=np.float64).reshape(-1, 2)

    def walked(
        self, sites: list[Snapped], limit_m: float, progress: Progress | None = None
    ) -> Iterator[Floats]:
        """Metres from each site to each junction, the way to the street included.

        Infinity beyond `limit_m`.
        """
        from scipy.sparse.csgraph import dijkstra

        progress = progress or Progress()
        graph = self._graph(sites)
        for number, site in enumerate(sites):
            progress.report(number / len(sites), "Walking along the streets")
            left_m = limit_m - site.away_m
            if left_m <= 0:
                yield np.full(self.junctions, np.inf)
                continue
            start = np.array([self.junctions + number])
            way = dijkstra(graph, indices=start, limit=left_m)[0, : self.junctions]
            yield way + site.away_m

    def _graph(self, sites: list[Snapped]) -> Any:
        """Junctions and sites with the metres between them; from sites it only goes out."""
        from scipy.sparse import csr_array

        edge = np.array([site.edge for site in sites], dtype=np.int64)
        along = np.array([site.along_m for site in sites])
        own = self.junctions + np.arange(len(sites))
        rows = np.concatenate([self.start, self.end, own, own])
        columns = np.concatenate([self.end, self.start, self.start[edge], self.end[edge]])
        metres = np.concatenate([self.length_m, self.length_m, along, self.length_m[edge] - along])
        # A length of nothing would be no connection at all; two ways take the shorter.
        metres = np.maximum(metres, 1e-6)
        size = self.junctions + len(sites)
        order = np.lexsort((metres, columns, rows))
        rows, columns, metres = rows[order], columns[order], metres[order]
        first = np.ones(len(rows), dtype=bool)
        first[1:] = (rows[1:] != rows[:-1]) | (columns[1:] != columns[:-1])
        return csr_array((metres[first], (rows[first], columns[first])), shape=(size, size))

    def parts(self, site: Snapped, left_m: Floats, limit_m: float) -> shapely.MultiLineString:
        """What lies within reach, given the metres left at each junction (minus infinity: none).

        `limit_m` is what the site sets out with.
        """
        at_site_m = limit_m - site.away_m
        if at_site_m <= 0:
            return shapely.MultiLineString()
        from_start = np.clip(left_m[self.start], 0, self.length_m)
        from_end = np.clip(left_m[self.end], 0, self.length_m)
        whole = from_start + from_end >= self.length_m
        parts = list(self.lines[whole])
        some = ~whole & ((from_start > 0) | (from_end > 0))
        some[site.edge] = not whole[site.edge]
        for edge in np.flatnonzero(some).tolist():
            length = float(self.length_m[edge])
            spans = [(0.0, float(from_start[edge])), (length - float(from_end[edge]), length)]
            if edge == site.edge:
                spans.append((site.along_m - at_site_m, site.along_m + at_site_m))
            parts += [
                _between(self.lines[edge], low / length, high / length)
                for low, high in _merged(spans, length)
            ]
        return shapely.MultiLineString(parts)


def _merged(spans: list[tuple[float, float]], length: float) -> list[tuple[float, float]]:
    """Spans along an edge cut to its length, those that meet as one, empty ones left out."""
    found: list[tuple[float, float]] = []
    for low, high in sorted((max(low, 0.0), min(high, length)) for low, high in spans):
        if found and low <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], high)
        elif high - low > 1e-6:
            found.append((low, high))
    return found


def _between(line: shapely.LineString, low: float, high: float) -> shapely.LineString:
    """The part of a line between two shares of its length."""
    xy = shapely.get_coordinates(line)
    steps = np.hypot(*np.diff(xy, axis=0).T * np.array([[np.cos(np.radians(xy[0, 1]))], [1.0]]))
    at = np.concatenate([[0.0], steps.cumsum()])
    at /= at[-1]
    inner = xy[(at > low) & (at < high)]
    ends = [[np.interp(share, at, xy[:, axis]) for axis in (0, 1)] for share in (low, high)]
    return shapely.LineString(np.vstack([ends[0], inner, ends[1]]))


def street_network(
    layer: Layer, progress: Progress | None = None, *, walked_only: bool = True
) -> StreetNetwork:
    """The network of a layer of streets, those that nobody walks on left out if `walked_only`.

    A street that ends on another one joins it, whether or not that has a vertex there; streets
    that merely cross do not join. DataError where the layer holds no lines. Without classes of
    road every street is walked on.
    """
    progress = progress or Progress()
    if not isinstance(layer.geometry, Shapes):
        raise DataError(f"“{layer.name}” holds points.", "Choose a layer of streets.")
    classes = layer.texts("road_class")
    walked = np.array(
        [not walked_only or one.strip() not in NOT_WALKED for one in classes], dtype=bool
    )
    lines = np.asarray(layer.geometry.geoms)
    walked &= shapely.get_dimensions(lines) == 1
    if not walked.any():
        raise DataError(
            f"“{layer.name}” has no street that can be walked on.", "Choose a layer of streets."
        )
    rows = np.flatnonzero(walked)
    parts, of = shapely.get_parts(lines[rows], return_index=True)
    progress.report(0.1, "Finding where streets join")
    return _joined(with_touching_ends(parts), rows[of], progress)


def _joined(parts: NDArray[np.object_], street: Ints, progress: Progress) -> StreetNetwork:
    xy, line = shapely.get_coordinates(parts, return_index=True)
    kept = np.ones(len(xy), dtype=bool)
    kept[1:] = (line[1:] != line[:-1]) | (np.abs(np.diff(xy, axis=0)).max(axis=1) > _SAME)
    xy, line = xy[kept], line[kept]
    _, place, uses = np.unique(
        np.round(xy / _SAME).astype(np.int64), axis=0, return_inverse=True, return_counts=True
    )
    ends = np.ones(len(xy), dtype=bool)
    ends[1:-1] = (line[1:-1] != line[:-2]) | (line[1:-1] != line[2:])
    joint = ends | (uses[place] > 1)
    progress.report(0.4, "Finding where streets join")
    first, last = _stretches(joint, line)
    junctions, number = np.unique(np.concatenate([place[first], place[last]]), return_inverse=True)
    lengths, lines = _measured(xy, first, last)
    real = lengths > 0
    plane = geodesy.plane_for(tuple(map(float, shapely.total_bounds(lines))))  # type: ignore[arg-type]
    flat = shapely.transform(lines[real], lambda at: np.column_stack(plane.to_metres(*at.T)))
    progress.report(0.9, "Finding where streets join")
    return StreetNetwork(
        start=number[: len(first)][real],
        end=number[len(first) :][real],
        length_m=lengths[real],
        lines=lines[real],
        street=street[line[first]][real],
        junctions=len(junctions),
        plane=plane,
        flat=flat,
        tree=shapely.STRtree(flat),
    )


def _stretches(joint: NDArray[np.bool_], line: Ints) -> tuple[Ints, Ints]:
    """First and last vertex of each stretch of a street between two junctions."""
    at = np.flatnonzero(joint)
    same = line[at[:-1]] == line[at[1:]]
    return at[:-1][same], at[1:][same]


def _measured(xy: Floats, first: Ints, last: Ints) -> tuple[Floats, NDArray[np.object_]]:
    """The length of each stretch in metres on the ellipsoid, and its line."""
    steps = np.zeros(len(xy))
    steps[1:] = geodesy.steps_m(xy[:, 0], xy[:, 1])
    run = steps.cumsum()
    counts = last - first + 1
    at = np.repeat(first - (counts.cumsum() - counts), counts) + np.arange(counts.sum())
    owner = np.repeat(np.arange(len(first)), counts)
    return run[last] - run[first], shapely.linestrings(xy[at], indices=owner)
