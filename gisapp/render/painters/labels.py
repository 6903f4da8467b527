"""Names on the map: with a halo, never over one another, and not where the map is far."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import shapely
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QFontMetricsF

from gisapp.layers.audience import Showing
from gisapp.layers.layer import Layer, Points, Shapes
from gisapp.layers.style import Labels
from gisapp.layers.vocabulary import LayerKind
from gisapp.render import prepared
from gisapp.render.frame import Frame
from gisapp.render.look import Scene
from gisapp.render.painters.clusters import is_clustered, keep_numbers_free
from gisapp.render.painters.deployments import MEETING_PT, meeting_signs
from gisapp.render.painters.label_boxes import Taken
from gisapp.render.painters.label_text import short, write
from gisapp.render.painters.overlaps import SIGN_PT, overlap_signs
from gisapp.render.painters.services import in_view, service_discs
from gisapp.render.painters.street_labels import name_lines
from gisapp.render.palette import font
from gisapp.render.shown_rows import shown_rows
from gisapp.render.view import MapView

#: Text size of the names of zones, in points.
SIZE = 7.5
#: Services are named where a logical pixel is no more than this many metres.
_SERVICES_FROM = 9.0
#: How many lines above or below its middle the name of an area may stand.
_ROAMING = (0.0, -1.1, 1.1, -2.2, 2.2)
#: How many times as high as its letters a zone is that has so many lines for its name.
_HIGH = 8.0
#: Room left and right of a name, in its height: nearer ones would be read as one.
_APART = 0.6
#: At most so many names of a layer are tried: beyond it nobody reads.
_MOST = 250
#: So many names of services at one place stand under each other.
_LINES = 4
#: What comes first where layers have one priority.
_ORDER = (
    LayerKind.DEPLOYMENTS,
    LayerKind.SERVICES,
    LayerKind.BOUNDARIES,
    LayerKind.POPULATION,
    LayerKind.OTHER,
    LayerKind.STREETS,
)
#: Names of zones, which have no style of their own, have the priority of a layer's by default.
_ZONES = Labels()


@dataclass(frozen=True, slots=True)
class Wish:
    """A name that wants a place: round a symbol, or in the middle of an area.

    Several lines are parted by line ends. One that `roams` may stand a line or two above or
    below the middle where that is taken.
    """

    text: str
    x: float
    y: float
    gap: float
    inside: bool
    font: QFont
    color: str
    roams: bool = False
    halo: bool = True


def paint_labels(frame: Frame, taken: Taken | None = None) -> None:
    """Name what is on the map, the higher priority first; else zones, deployments, services,
    areas and lines in this order. Events have no names.
    """
    taken = taken or Taken()
    for box in frame.covered:
        taken.add(box)
    for layer in _shown_layers(frame.scene):
        if layer.kind is LayerKind.SERVICES:
            _keep_discs_free(frame, layer, taken)
        if layer.kind is LayerKind.DEPLOYMENTS:
            _keep_signs_free(frame, meeting_signs(frame, layer), MEETING_PT, taken)
    _keep_signs_free(frame, overlap_signs(frame), SIGN_PT, taken)
    for layer in frame.scene.project.layers:
        if is_clustered(frame.scene, layer):
            keep_numbers_free(frame, layer, taken)
    for place_names in _in_order(frame):
        place_names(frame, taken)


def labels_depend_on(scene: Scene) -> frozenset[str]:
    """Ids of the layers whose shown rows have a say in what names stand where."""
    clustered = [layer for layer in scene.project.layers if is_clustered(scene, layer)]
    return frozenset(layer.id for layer in (*_shown_layers(scene), *clustered))


def _shown_layers(scene: Scene) -> list[Layer]:
    """Layers on the map that the audience sees each feature of and that have names; top first."""
    return [
        layer
        for layer in reversed(scene.project.layers)
        if layer.kind in _ORDER
        and len(layer)
        and scene.draws(layer)
        and scene.look.showing(layer) is Showing.EACH
    ]


def _in_order(frame: Frame) -> list[Callable[[Frame, Taken], None]]:
    named = [layer for layer in _shown_layers(frame.scene) if _is_named(frame, layer)]
    # A circle is often called like the service it stands round: once is enough.
    said = {
        name
        for layer in named
        if layer.kind is LayerKind.SERVICES
        for name in prepared.labels_of(layer, frame.cache)
    }
    steps: list[tuple[int, int, Callable[[Frame, Taken], None]]] = [
        (-_ZONES.priority, -1, partial(_settle, partial(_zones, said)))
    ]
    for layer in named:
        order = -layer.style.labels.priority, _ORDER.index(layer.kind)
        if _is_lines(layer):
            steps.append((*order, partial(_lines, layer)))
        else:
            steps.append((*order, partial(_settle, partial(_names, layer))))
    return [step for _, _, step in sorted(steps, key=lambda step: step[:2])]


def _is_named(frame: Frame, layer: Layer) -> bool:
    """Whether a layer's names are wanted at this scale."""
    labels = layer.style.labels
    if not labels.shown:
        return False
    if labels.farthest is not None:
        return frame.view.scale <= labels.farthest
    if layer.kind is LayerKind.DEPLOYMENTS or isinstance(layer.geometry, Shapes):
        # Names of areas find room or not, and those of lines have limits of their own.
        return True
    return frame.view.metres_per_pixel <= _SERVICES_FROM


def _is_lines(layer: Layer) -> bool:
    if not isinstance(layer.geometry, Shapes):
        return False
    some = layer.geometry.geoms[:50]
    return bool(np.mean(shapely.get_dimensions(some) == 1) > 0.5)


def _settle(wishes: Callable[[Frame], Iterator[Wish]], frame: Frame, taken: Taken) -> None:
    """Give each name a place in turn, or none."""
    for wish in wishes(frame):
        frame.progress.check()
        box = _place(wish, frame, taken)
        if box is not None:
            lines = wish.text.split("\n")
            apart = box.height() / len(lines) * _APART
            taken.add(box.adjusted(-apart, 0, apart, 0))
            for text, middle in zip(lines, _middles(wish, lines, box), strict=True):
                write(frame, text, middle, wish.font, wish.color, halo=wish.halo)


def _middles(wish: Wish, lines: list[str], box: QRectF) -> Iterator[QPointF]:
    """The middle of each line in a box: lines begin or end together beside a symbol."""
    metrics, high = QFontMetricsF(wish.font), box.height() / len(lines)
    for number, text in enumerate(lines):
        half, x = metrics.horizontalAdvance(text) / 2, box.center().x()
        if box.left() >= wish.x:
            x = box.left() + half
        elif box.right() <= wish.x:
            x = box.right() - half
        yield QPointF(x, box.top() + (number + 0.5) * high)


def _lines(layer: Layer, frame: Frame, taken: Taken) -> None:
    name_lines(frame, layer, taken)


def _names(layer: Layer, frame: Frame) -> Iterator[Wish]:
    if layer.kind is LayerKind.SERVICES:
        return _services(frame, layer)
    if layer.kind is LayerKind.DEPLOYMENTS:
        return _areas(frame, layer, frame.ground.text, bold=True)
    return _areas(frame, layer, frame.ground.quiet_text, bold=False)


def _keep_discs_free(frame: Frame, layer: Layer, taken: Taken) -> None:
    discs = service_discs(layer, frame.look, frame.view, frame.cache)
    if len(discs.rows) > _MOST:
        return
    for x, y, radius in np.column_stack([discs.x, discs.y, discs.radius]).tolist():
        taken.add(QRectF(x - radius, y - radius, radius * 2, radius * 2))


def _keep_signs_free(frame: Frame, signs: list[QPointF], size: float, taken: Taken) -> None:
    half = frame.px(size)
    for sign in signs[:_MOST]:
        taken.add(QRectF(sign.x() - half, sign.y() - half, half * 2, half * 2))


def _zones(said: set[str], frame: Frame) -> Iterator[Wish]:
    project, view = frame.scene.project, frame.view
    if not project.zones_visible or not project.zones:
        return
    zones = list(project.zones.values())
    boxes = prepared.zone_boxes(project)
    left, bottom = view.to_screen(boxes[:, 0], boxes[:, 1])
    right, top = view.to_screen(boxes[:, 2], boxes[:, 3])
    wide = np.flatnonzero(_in_view(view, left, top, right, bottom) & (right - left > frame.px(30)))
    text = font(frame.px(SIZE), bold=True)
    for number in wide[:_MOST].tolist():
        if zones[number].name in said:
            continue
        # At the upper edge, within: the middle belongs to the service that it stands round.
        x = (left[number] + right[number]) / 2
        y = top[number] + (bottom[number] - top[number]) * 0.22
        width = float(right[number] - left[number])
        # A high zone has room for its name on another line, where a sign stands on the first.
        high = float(bottom[number] - top[number]) > frame.px(SIZE) * _HIGH
        name = _fitted(zones[number].name, text, width)
        yield Wish(name, x, y, 0, True, text, frame.ground.text, high)


def _areas(frame: Frame, layer: Layer, color: str, *, bold: bool) -> Iterator[Wish]:
    names, labels = prepared.labels_of(layer, frame.cache), layer.style.labels
    text = font(frame.px(labels.size), bold=bold)
    if isinstance(layer.geometry, Points):
        yield from _places(frame, layer, names, text, color)
        return
    lines = prepared.outlines_of(layer.geometry, frame.cache, frame.progress)
    anchors = prepared.anchors_of(layer.geometry, frame.cache)
    x, y = frame.view.to_screen(anchors.lon, anchors.lat)
    width = (lines.boxes[:, 2] - lines.boxes[:, 0]) / frame.view.resolution
    inside = (x > 0) & (x < frame.view.width) & (y > 0) & (y < frame.view.height)
    mask = shown_rows(layer, frame.look, frame.cache)
    if mask is not None:
        inside &= mask
    shown = np.flatnonzero(inside & (width > frame.px(24)))
    for number in shown[np.argsort(-width[shown])][:_MOST].tolist():
        name = _fitted(names[number], text, float(width[number]) * 1.1)
        yield Wish(name, x[number], y[number], 0, True, text, color, True, labels.halo)


def _places(
    frame: Frame, layer: Layer, names: list[str], text: QFont, color: str
) -> Iterator[Wish]:
    rows, x, y = in_view(layer, frame.look, frame.view, frame.cache)
    gap, halo = frame.px(6), layer.style.labels.halo
    for place, row in enumerate(rows[:_MOST].tolist()):
        name = short(names[row])
        yield Wish(name, x[place], y[place], gap, False, text, color, halo=halo)


def _services(frame: Frame, layer: Layer) -> Iterator[Wish]:
    discs = service_discs(layer, frame.look, frame.view, frame.cache)
    if len(discs.rows) > _MOST:
        return
    names, labels = prepared.labels_of(layer, frame.cache), layer.style.labels
    gaps, covered = discs.radius + frame.px(1.5), frame.covered
    text, color = font(frame.px(labels.size)), frame.ground.text
    for disc, (x, y, gap) in enumerate(np.column_stack([discs.x, discs.y, gaps]).tolist()):
        # Under the scale bar, say: a name alone beside it would belong to nothing.
        if any(box.contains(QPointF(x, y)) for box in covered):
            continue
        name = _one_under_the_other(names[row] for row in discs.at(disc).tolist())
        yield Wish(name, x, y, gap, False, text, color, halo=labels.halo)


def _one_under_the_other(names: Iterable[str]) -> str:
    """Different names as lines, and how many more there are; one that comes often only once."""
    lines = list(dict.fromkeys(filter(None, map(short, names))))
    if len(lines) > _LINES:
        lines[_LINES - 1 :] = [f"and {len(lines) - _LINES + 1} more"]
    return "\n".join(lines)


def _in_view(
    view: MapView,
    left: NDArray[np.float64],
    top: NDArray[np.float64],
    right: NDArray[np.float64],
    bottom: NDArray[np.float64],
) -> NDArray[np.bool_]:
    return (right > 0) & (left < view.width) & (bottom > 0) & (top < view.height)


def _fitted(name: str, text: QFont, width: float) -> str:
    """The name if it fits into the width, else nothing: a cut name is no name."""
    name = short(name)
    return name if QFontMetricsF(text).horizontalAdvance(name) <= width else ""


def _place(wish: Wish, frame: Frame, taken: Taken) -> QRectF | None:
    """A free box for the name: beside its symbol to the right, left, above or below.

    Never across the edge of the map, nor of the window on it.
    """
    if not wish.text:
        return None
    metrics, lines = QFontMetricsF(wish.font), wish.text.split("\n")
    width = max(metrics.horizontalAdvance(line) for line in lines)
    height = metrics.height() * len(lines)
    x, y, gap = wish.x, wish.y, wish.gap
    if wish.inside:
        corners = [
            (x - width / 2, y - height / 2 + away * height)
            for away in (_ROAMING if wish.roams else (0.0,))
        ]
    else:
        corners = [
            (x + gap, y - height / 2),
            (x - gap - width, y - height / 2),
            (x - width / 2, y - gap - height),
            (x - width / 2, y + gap),
        ]
    for left, top in corners:
        box = QRectF(left, top, width, height)
        if frame.rect.contains(box) and not frame.cuts((box,)) and not taken.meets(box):
            return box
    return None
