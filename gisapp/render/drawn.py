"""Paths of lines and areas as a frame needs them.

On screen they are made once for each zoom band and kept. In a file they are finer, and cut off
at the edge of the map: what lies beyond it has no business in the file.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from PySide6.QtGui import QPainterPath
from shapely.geometry.base import BaseGeometry

from gisapp.layers.outline import sound
from gisapp.render import paths
from gisapp.render.frame import Frame
from gisapp.render.paths import Chunk, Outlines

#: Share of a pixel by which a line may move: on screen, in a file, and for zones in a file.
SCREEN, FILE, EXACT = 0.5, 0.2, 0.05
#: What is kept beyond the edge of the map, in logical pixels, so that cut edges stay unseen.
_BEYOND = 6.0
#: A view this many times narrower than a layer is near.
_NEAR = 6.0


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Areas to draw: fills and strokes by feature, in Mercator metres from `lines`' origin."""

    lines: Outlines
    fills: Sequence[QPainterPath]
    strokes: Sequence[QPainterPath]


def areas(
    frame: Frame, owners: tuple[object, ...], geoms: NDArray[np.object_], share: float = FILE
) -> Drawn:
    """The paths of areas (EPSG:4326); `owners` are what the cache keeps them by."""
    cache, progress = frame.cache, frame.progress
    lines = cache.get(owners, "outlines", 0, lambda: paths.outlines(geoms, progress))
    if not frame.vector:
        tolerance = paths.tolerance_of(frame.band, SCREEN)
        made = cache.get(
            owners, "paths", frame.band, lambda: paths.feature_paths(lines, tolerance, progress)
        )
        return Drawn(lines, made, made)
    tolerance = paths.tolerance_of(frame.band, share)
    seen = paths.clipped(lines, frame.mercator_box(_BEYOND))
    strokes = paths.feature_paths(seen, tolerance, progress)
    whole = paths.outlines(_within(geoms, frame.bounds(_BEYOND)), progress)
    fills = paths.feature_paths(whole, tolerance, progress)
    offset = whole.x - lines.x, whole.y - lines.y
    return Drawn(lines, [path.translated(*offset) for path in fills], strokes)


def _within(
    geoms: NDArray[np.object_], bounds: tuple[float, float, float, float]
) -> NDArray[np.object_]:
    """The parts of areas within bounds, one for each, empty where there is none."""
    inside: NDArray[np.object_] = shapely.intersection(sound(geoms), shapely.box(*bounds))
    return inside


def chunks(
    frame: Frame,
    owners: tuple[object, ...],
    name: Hashable,
    lines: Outlines,
    chosen: NDArray[np.bool_] | None = None,
) -> tuple[Chunk, ...]:
    """The lines of a layer (those parts that are chosen) in chunks of neighbours.

    `owners` and `name` tell what they were made of; the first owner that of all parts.
    """
    if frame.vector:
        seen = paths.clipped(_only(lines, chosen), frame.mercator_box(_BEYOND))
        tolerance = paths.tolerance_of(frame.band, FILE)
        return paths.chunk_paths(seen.parts, tolerance, frame.progress)
    tolerance = paths.tolerance_of(frame.band, SCREEN)
    if near(frame, lines):
        return paths.chunk_paths(
            _in_view(frame, owners[0], lines, chosen), tolerance, frame.progress
        )
    return frame.cache.get(
        owners,
        f"chunks {name}",
        frame.band,
        lambda: paths.chunk_paths(_only(lines, chosen).parts, tolerance, frame.progress),
    )


def near(frame: Frame, lines: Outlines) -> bool:
    """Whether the view is so small a part of the layer that lines are better cut to it.

    Qt strokes a wide line in full before it looks what part of it can be seen.
    """
    if not len(lines.boxes):
        return False
    width = float(lines.boxes[:, 2].max() - lines.boxes[:, 0].min())
    return frame.view.width * frame.view.resolution * _NEAR < width


def _in_view(
    frame: Frame, owner: object, lines: Outlines, chosen: NDArray[np.bool_] | None
) -> NDArray[np.object_]:
    boxes = frame.cache.get((owner,), "part boxes", 0, lambda: shapely.bounds(lines.parts))
    west, south, east, north = frame.mercator_box(_BEYOND)
    seen = (boxes[:, 0] <= east - lines.x) & (boxes[:, 2] >= west - lines.x)
    seen &= (boxes[:, 1] <= north - lines.y) & (boxes[:, 3] >= south - lines.y)
    if chosen is not None:
        seen &= chosen
    return paths.clipped(_only(lines, seen), (west, south, east, north)).parts


def _only(lines: Outlines, chosen: NDArray[np.bool_] | None) -> Outlines:
    if chosen is None:
        return lines
    return Outlines(lines.parts[chosen], lines.feature[chosen], lines.boxes, lines.x, lines.y)


def shape_array(shapes: Sequence[BaseGeometry]) -> NDArray[np.object_]:
    """Geometries as an array of objects."""
    array = np.empty(len(shapes), dtype=object)
    array[:] = shapes
    return array
