"""Names of streets and other lines: along the line, where it is straight enough to be read.

Segments of one name are joined first. Where a name may stand is worked out once for each half
octave of zoom and is fixed to the ground, so that names stay where they are while the map moves.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF

from gisapp.layers.layer import Layer, Shapes
from gisapp.progress import Progress
from gisapp.render import prepared
from gisapp.render.frame import Frame
from gisapp.render.painters.label_boxes import Taken
from gisapp.render.painters.label_text import short, write
from gisapp.render.palette import font
from gisapp.render.shown_rows import shown_rows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: A name comes again along its line after so many logical pixels, and no sooner anywhere near.
APART = 250.0
#: The most metres a logical pixel at which roads of each rank are named.
_NAMED_FROM = {prepared.MOTORWAY: 24.0, prepared.MAIN: 10.0, prepared.MINOR: 3.2}
#: At most so many names are written in a frame, those of larger roads first, and for so many
#: it is looked whether there is room.
_MOST, _TRIES = 120, 500
#: How far a line may lie beside a straight one under its name, as a share of the text's height.
_BEND = 0.3


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class _Joined:
    """Lines joined by name, in Mercator metres from an origin."""

    lines: NDArray[np.object_]
    names: list[str]
    name: Ints  # the number of each line's name
    rank: Ints
    x: float
    y: float


@dataclass(frozen=True, slots=True, eq=False)
class _Spots:
    """Where names may stand: middles in Mercator metres, degrees clockwise, larger roads first."""

    x: Floats
    y: Floats
    angle: Ints
    line: Ints


@dataclass(frozen=True, slots=True, eq=False)
class _Ways:
    """Vertices of all lines one after another, and how far along all of them each is.

    So a place on any line is found by interpolation, for all at once: shapely walks along a
    line from its start for each place.
    """

    xy: Floats
    far: Floats
    start: Floats

    @classmethod
    def of(cls, lines: NDArray[np.object_]) -> _Ways:
        xy, owner = shapely.get_coordinates(lines, return_index=True)
        step = np.hypot(*np.diff(xy, axis=0, prepend=xy[:1]).T)
        # A gap of a metre parts each line from the next.
        step[np.flatnonzero(np.diff(owner, prepend=owner[:1]))] = 1.0
        far = np.cumsum(step)
        return cls(xy, far, far[np.searchsorted(owner, np.arange(len(lines)))])

    def along(self, line: Ints, metres: Floats) -> Floats:
        """The places so many metres along lines; shape (lines, 2)."""
        at = self.start[line] + metres
        columns = [np.interp(at, self.far, self.xy[:, axis]) for axis in (0, 1)]
        return np.column_stack(columns)


def name_lines(frame: Frame, layer: Layer, taken: Taken) -> None:
    """Write the names of a layer's lines where there is room, larger roads first."""
    assert isinstance(layer.geometry, Shapes)
    ranks = _ranks_named(frame, layer)
    if not ranks:
        return
    joined = _joined_of(frame, layer, layer.geometry)
    size = frame.px(layer.style.labels.size)
    spots = _spots_of(frame, joined, size, ranks)
    west, south, east, north = frame.mercator_box()
    seen = (spots.x >= west) & (spots.x <= east) & (spots.y >= south) & (spots.y <= north)
    _write(frame, layer, joined, spots, np.flatnonzero(seen), taken)


def _ranks_named(frame: Frame, layer: Layer) -> list[int]:
    if layer.style.labels.farthest is not None:
        return list(_NAMED_FROM)
    far = frame.view.metres_per_pixel
    return [rank for rank, most in _NAMED_FROM.items() if far <= most]


def _write(
    frame: Frame, layer: Layer, joined: _Joined, spots: _Spots, chosen: Ints, taken: Taken
) -> None:
    view, labels = frame.view, layer.style.labels
    face = font(frame.px(labels.size))
    metrics = QFontMetricsF(face)
    x = (spots.x[chosen] - view.x) / view.resolution + view.width / 2
    y = (view.y - spots.y[chosen]) / view.resolution + view.height / 2
    written: dict[str, list[tuple[float, float]]] = {}
    names, tries = 0, 0
    places = zip(chosen.tolist(), x.tolist(), y.tolist(), strict=True)
    for spot, px, py in places:
        frame.progress.check()
        text = joined.names[joined.name[spots.line[spot]]]
        near = written.setdefault(text, [])
        if any(math.hypot(px - ax, py - ay) < APART for ax, ay in near):
            continue
        angle = int(spots.angle[spot])
        boxes = _boxes(px, py, metrics.horizontalAdvance(text), metrics.height(), angle)
        if not frame.rect.contains(boxes[0]) or not frame.rect.contains(boxes[-1]):
            continue
        if frame.cuts(boxes):
            continue
        tries += 1
        if names == _MOST or tries > _TRIES:
            return
        if any(taken.meets(box) for box in boxes):
            continue
        names += 1
        for box in boxes:
            taken.add(box)
        near.append((px, py))
        color = frame.ground.quiet_text
        write(frame, text, QPointF(px, py), face, color, halo=labels.halo, angle=angle)


def _boxes(x: float, y: float, width: float, height: float, angle: int) -> list[QRectF]:
    """Boxes that cover a turned text: one where it is level, else squares along it."""
    if angle == 0:
        return [QRectF(x - width / 2, y - height / 2, width, height)]
    count = max(math.ceil(width / height), 1)
    step = (width - height) / max(count - 1, 1)
    across, down = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    offsets = [(number - (count - 1) / 2) * step for number in range(count)]
    return [
        QRectF(x + at * across - height / 2, y + at * down - height / 2, height, height)
        for at in offsets
    ]


def _joined_of(frame: Frame, layer: Layer, shapes: Shapes) -> _Joined:
    lines = prepared.outlines_of(shapes, frame.cache, frame.progress)
    mask = shown_rows(layer, frame.look, frame.cache)
    names = prepared.labels_of(layer, frame.cache)
    ranks = prepared.ranks_of(layer, frame.cache)
    column = layer.style.labels.column or layer.fields.get("name", "")
    asked = (column, layer.fields.get("road_class", ""))

    def make() -> _Joined:
        feature = lines.feature
        texts, number = np.unique(
            np.array([short(name) for name in names], dtype=str), return_inverse=True
        )
        kept = np.flatnonzero(texts[number[feature]] != "")
        if mask is not None:
            kept = kept[mask[feature[kept]]]
        # One line for each name and rank, whose segments are joined where they meet.
        key = number[feature[kept]] * 8 + ranks[feature[kept]]
        order = np.argsort(key, kind="stable")
        keys, group = np.unique(key[order], return_inverse=True)
        bundles = shapely.multilinestrings(lines.parts[kept[order]], indices=group)
        frame.progress.check()
        parts, owner = shapely.get_parts(shapely.line_merge(bundles), return_index=True)
        return _Joined(parts, texts.tolist(), keys[owner] // 8, keys[owner] % 8, lines.x, lines.y)

    owners = (shapes, layer.table) if mask is None else (shapes, layer.table, mask)
    return frame.cache.get(owners, "joined lines", asked, make, keep=2)


def _spots_of(frame: Frame, joined: _Joined, size: float, ranks: list[int]) -> _Spots:
    band = math.floor(2 * math.log2(frame.view.resolution))
    # At the far end of the band, where a text takes the most of its street.
    pixel = 2.0 ** ((band + 1) / 2)
    return frame.cache.get(
        (joined,),
        "spots",
        (band, round(size, 2), *ranks),
        lambda: _find_spots(joined, size, pixel, ranks, frame.progress),
        keep=6,
    )


def _find_spots(
    joined: _Joined, size: float, pixel: float, ranks: list[int], progress: Progress
) -> _Spots:
    """Spots on all lines that are long and straight enough; `pixel` in Mercator metres."""
    metrics = QFontMetricsF(font(size))
    height = metrics.height() * pixel
    widths = np.zeros(len(joined.names))
    for number, name in enumerate(joined.names):
        if number % 512 == 0:
            progress.check()
        widths[number] = (metrics.horizontalAdvance(name) + 4) * pixel
    length, need = shapely.length(joined.lines), widths[joined.name]
    long = np.flatnonzero((length >= need) & np.isin(joined.rank, ranks))
    # Three tries for each place where a name is due.
    tries = np.maximum(np.ceil(length[long] / (APART * pixel)), 1).astype(np.int64) * 3
    line = np.repeat(long, tries)
    place = np.arange(len(line)) - np.repeat(np.cumsum(tries) - tries, tries)
    room = length[line] - need[line]
    middle = need[line] / 2 + room * (place + 0.5) / np.repeat(tries, tries)
    progress.check()
    ways = _Ways.of(joined.lines)
    xy = np.stack(
        [ways.along(line, middle + need[line] * share) for share in (-0.5, -0.25, 0, 0.25, 0.5)]
    )
    progress.check()
    return _straight(joined, xy, line, height, length)


def _straight(joined: _Joined, xy: Floats, line: Ints, height: float, length: Floats) -> _Spots:
    """Of places (5 along each, lines, 2) those where the line is straight."""
    chord = xy[4] - xy[0]
    span = np.maximum(np.hypot(chord[:, 0], chord[:, 1]), 1e-9)
    beside = xy[1:4] - xy[0]
    off = np.abs(beside[..., 0] * chord[:, 1] - beside[..., 1] * chord[:, 0]) / span
    turned = np.degrees(np.arctan2(-chord[:, 1], chord[:, 0]))
    # Letters stand upright: no name is turned by more than a right angle.
    turned = (np.round(turned).astype(np.int64) + 90) % 180 - 90
    fine = (off.max(axis=0) <= height * _BEND) & (span > height)
    middle = (xy[0] + xy[4]) / 2 + 0.5 * (xy[2] - (xy[0] + xy[4]) / 2)
    best = np.lexsort((-length[line], joined.rank[line]))
    kept = best[fine[best]]
    x, y = middle[kept, 0] + joined.x, middle[kept, 1] + joined.y
    return _Spots(x, y, turned[kept], line[kept])
