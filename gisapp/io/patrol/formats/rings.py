"""Outlines in forms that some formats ask for: without holes, the other way round."""

from __future__ import annotations

from collections.abc import Iterator

import shapely


def without_holes(polygon: shapely.Polygon) -> Iterator[shapely.Polygon]:
    """The same ground in pieces of which none has a hole, cut along meridians through the holes.

    Each cut goes through the middle one of the holes, which opens it, so that there are ever
    fewer; pieces share their cut edge, and together are as large as the area.
    """
    if not polygon.interiors:
        yield polygon
        return
    holes = sorted(ring.bounds for ring in polygon.interiors)
    west, _, east, _ = holes[len(holes) // 2]
    cut = (west + east) / 2
    left, south, right, north = polygon.bounds
    for half in (
        shapely.box(left - 1, south - 1, cut, north + 1),
        shapely.box(cut, south - 1, right + 1, north + 1),
    ):
        for piece in shapely.get_parts(shapely.intersection(polygon, half)):
            if isinstance(piece, shapely.Polygon) and piece.area > 0:
                yield from without_holes(piece)


def corners(polygon: shapely.Polygon) -> int:
    """How many different corners an area has, those of its holes too."""
    return sum(len(ring.coords) - 1 for ring in (polygon.exterior, *polygon.interiors))
