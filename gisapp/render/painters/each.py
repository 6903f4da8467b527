"""Points each with its symbol: a larger one with a number where several lie on one place."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage, QPainter, QPen

from gisapp.analysis.points.distinct import place_keys
from gisapp.analysis.points.index import Filter
from gisapp.analysis.points.weighted_places import places_in
from gisapp.layers.classes import ink_on, mixed
from gisapp.layers.layer import Layer, Points
from gisapp.layers.style import PointDrawing, Style
from gisapp.progress import Progress
from gisapp.render import prepared
from gisapp.render.cache import Cache
from gisapp.render.class_styles import class_styles
from gisapp.render.frame import Frame
from gisapp.render.look import Look
from gisapp.render.painters.label_text import write
from gisapp.render.painters.squares import image_of
from gisapp.render.painters.stack_numbers import StackDiscs, stack_numbers
from gisapp.render.palette import font, shade
from gisapp.render.shown_rows import kept_points, shown_rows
from gisapp.render.view import MapView

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

#: With more places on the map the numbers of stacks would cover each other.
_NUMBERED = 500
#: Opacity of the pale ring that parts a symbol from the next. With more places than this on the
#: map it fades: among many, rings would make the densest place the palest.
_RING, _CROWD = 0.9, 500
#: With more places than this near the map, or more points, they are dots of one size, without
#: rings or numbers.
_DOTS, _ROWS = 20_000, 2_000_000


@dataclass(frozen=True, slots=True)
class Symbol:
    """How the rows of one class are drawn; size in points of 1/72 inch."""

    color: str
    size: float


def symbols_of(style: Style, dark: bool = False) -> tuple[Symbol, ...]:
    """The symbol of each class of a style's symbology, and last that of all others."""
    return tuple(Symbol(one.color, one.size) for one in class_styles(style, dark))


@dataclass(frozen=True, slots=True, eq=False)
class Stacks:
    """One row for each different place, how many rows lie there, and the symbol of most of them."""

    first: Ints
    counts: Ints
    symbols: Ints


def stacks(points: Points, rows: Ints, numbers: NDArray[np.int16] | None = None) -> Stacks:
    """The places of some rows, from west to east; `numbers` is the class of each row, if any."""
    lon, lat = points.lon[rows], points.lat[rows]
    # Whole numbers are sorted several times as fast as pairs.
    _, first, which, counts = np.unique(
        place_keys(lon, lat), return_index=True, return_inverse=True, return_counts=True
    )
    order = np.lexsort((lat[first], lon[first]))
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    first, which, counts = first[order], rank[which], counts[order]
    symbols = np.zeros(len(first), dtype=np.int64)
    if numbers is not None and len(rows):
        kinds = int(numbers.max()) + 1
        by_kind = np.bincount(which * kinds + numbers[rows], minlength=len(first) * kinds)
        symbols = by_kind.reshape(-1, kinds).argmax(axis=1)
    return Stacks(rows[first], counts, symbols)


def paint_each(frame: Frame, layer: Layer) -> None:
    """Draw the places of a layer in and just round the view."""
    points = layer.geometry
    assert isinstance(points, Points)
    rows = few_rows(layer, frame.look, frame.view, frame.cache, frame.progress)
    if rows is None:
        _paint_dots(frame, layer)
        return
    if not len(rows):
        return
    found = stacks(points, rows, prepared.class_numbers_of(layer, frame.cache))
    x, y = frame.view.to_screen(points.lon[found.first], points.lat[found.first])
    kinds, radius = symbols_of(layer.style, frame.dark), _radii(frame.view, layer, found)
    ring = _RING * min(max(_CROWD / len(x), 0.15), 1.0)
    # The largest stacks lie lowest, so that no single place hides under them.
    for size in sorted(set(radius.tolist()), reverse=True):
        for number, kind in reversed(list(enumerate(kinds))):
            frame.progress.check()
            some = (radius == size) & (found.symbols == number)
            if some.any():
                stamp = _Stamp(frame.color(kind.color), layer.style.opacity, size, ring)
                _stamp(frame, stamp, x[some], y[some])
    if len(x) <= _NUMBERED:
        _number_stacks(frame, layer, x, y, radius, found)


def few_rows(
    layer: Layer, look: Look, view: MapView, cache: Cache, progress: Progress
) -> Ints | None:
    """The rows in and just round the view, ascending; None where they are too many for symbols."""
    points = layer.geometry
    assert isinstance(points, Points)
    share = prepared.place_share(points, cache)
    box = view.resized(view.width + 48, view.height + 48).bounds
    mask = shown_rows(layer, look, cache)
    if mask is not None and np.count_nonzero(mask) * share <= _DOTS:
        # A filter that leaves so few is asked itself, however many there are in the view.
        left = np.flatnonzero(mask)
        lon, lat = points.lon[left], points.lat[left]
        west, south, east, north = box
        return left[(lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)]
    index = prepared.index_of(points, cache, progress)
    near = index.at_most(box)
    # By itself it is drawn only where the places were counted and are few.
    crowded = near * share > _DOTS and layer.style.points is not PointDrawing.AUTOMATIC
    if near > _ROWS or crowded:
        return None
    rows = index.rows_in(box)
    return rows if mask is None else rows[mask[rows]]


def symbol_radius(view: MapView, size: float) -> float:
    """Radius of a single point in logical pixels: larger where the map is near."""
    near = min(max(4.0 / view.metres_per_pixel, 1.0), 2.2)
    return size * view.dpi / 72 / 2 * math.pow(near, 0.6)


def _radii(view: MapView, layer: Layer, found: Stacks) -> Floats:
    """Radius of each stack's symbol in logical pixels, to half a pixel."""
    sizes = [symbol_radius(view, kind.size) for kind in symbols_of(layer.style)]
    base = np.array(sizes)[found.symbols]
    radius: Floats = np.round(base * (1 + 0.45 * np.log2(found.counts)) * 2) / 2
    return radius


def place_radii(layer: Layer, rows: Ints, look: Look, view: MapView, cache: Cache) -> Floats | None:
    """Radius of the symbol that stands at the place of each row; None where all are dots."""
    points = layer.geometry
    assert isinstance(points, Points)
    near = few_rows(layer, look, view, cache, Progress())
    if near is None:
        return None
    # The rows themselves too: they may lie beyond the view, or be left out by a filter.
    found = stacks(points, np.union1d(near, rows), prepared.class_numbers_of(layer, cache))
    known = points.lon[found.first] + 1j * points.lat[found.first]
    # Places of stacks are in rising order.
    at = np.searchsorted(known, points.lon[rows] + 1j * points.lat[rows])
    return _radii(view, layer, found)[at]


# Among many: dots


def _paint_dots(frame: Frame, layer: Layer) -> None:
    """Dots for all places, whatever their number: a raster of the device's own pixels."""
    view, painter = frame.view, frame.painter
    dpr = view.dpr if not frame.vector else 2.0
    wide, high = round(view.width * dpr), round(view.height * dpr)
    for symbol, mask in _classes_of(frame, layer):
        frame.progress.check()
        seen = _pixels(frame, layer, mask, dpr, wide, high)
        radius = symbol_radius(view, symbol.size) * dpr
        tone = shade(frame.color(symbol.color))
        opacity = layer.style.opacity
        colors = np.zeros((2, 4), dtype=np.uint8)
        colors[1] = [round(part * opacity) for part in (tone.blue(), tone.green(), tone.red(), 255)]
        painter.drawImage(frame.rect, image_of(colors[_grown(seen, radius).astype(np.intp)]))


def _classes_of(frame: Frame, layer: Layer) -> Iterator[tuple[Symbol, Filter | None]]:
    """Each symbol with the rows it stands for, the last class first: it lies lowest."""
    numbers = prepared.class_numbers_of(layer, frame.cache)
    kinds = symbols_of(layer.style, frame.dark)
    if numbers is None:
        yield kinds[-1], kept_points(layer, frame.look, frame.cache)
        return
    mask = shown_rows(layer, frame.look, frame.cache)
    for number, kind in reversed(list(enumerate(kinds))):
        own = numbers == number
        yield kind, own if mask is None else own & mask


def _pixels(
    frame: Frame,
    layer: Layer,
    mask: Filter | None,
    dpr: float,
    wide: int,
    high: int,
) -> NDArray[np.bool_]:
    """The device pixels that hold a place, as bool of shape (high, wide)."""
    assert isinstance(layer.geometry, Points)
    view = frame.view
    index = prepared.index_of(layer.geometry, frame.cache, frame.progress)
    west, south, east, north = frame.bounds()
    step = (east - west) / wide, (north - south) / high
    places = places_in(index, (west, south, east, north), *step, mask)
    x, y = view.to_screen(places.lon, places.lat)
    column, row = np.floor(x * dpr).astype(np.int64), np.floor(y * dpr).astype(np.int64)
    inside = (column >= 0) & (column < wide) & (row >= 0) & (row < high)
    seen = np.zeros((high, wide), dtype=bool)
    seen[row[inside], column[inside]] = True
    return seen


def _grown(seen: NDArray[np.bool_], radius: float) -> NDArray[np.bool_]:
    """The pixels within a distance of those that are set."""
    reach = int(radius)
    grown = seen.copy()
    high, wide = seen.shape
    for down in range(-reach, reach + 1):
        for right in range(-reach, reach + 1):
            if 0 < math.hypot(down, right) <= radius:
                to = _shifted(down, high), _shifted(right, wide)
                grown[to] |= seen[_shifted(-down, high), _shifted(-right, wide)]
    return grown


def _shifted(by: int, length: int) -> slice:
    return slice(max(by, 0), length + min(by, 0))


# Among few: symbols


@dataclass(frozen=True, slots=True)
class _Stamp:
    """A disc to be drawn at many places; `ring` is the opacity of its pale edge."""

    color: str
    opacity: float
    radius: float
    ring: float


def _stamp(frame: Frame, stamp: _Stamp, x: Floats, y: Floats) -> None:
    """Draw one symbol at many places; on screen it is drawn once and copied."""
    if frame.vector:
        _disc(frame.painter, frame, stamp, x, y)
        return
    dpr = frame.view.dpr
    side = math.ceil(stamp.radius * 2 + 4)
    image = QImage(round(side * dpr), round(side * dpr), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(dpr)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    middle = np.array([side / 2])
    _disc(painter, frame, stamp, middle, middle)
    painter.end()
    left = np.round((x - side / 2) * dpr) / dpr
    top = np.round((y - side / 2) * dpr) / dpr
    for place in zip(left.tolist(), top.tolist(), strict=True):
        frame.painter.drawImage(QPointF(*place), image)


def _disc(painter: QPainter, frame: Frame, stamp: _Stamp, x: Floats, y: Floats) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(shade(frame.ground.edge, stamp.ring), frame.px(0.6)))
    painter.setBrush(shade(stamp.color, stamp.opacity))
    for place in zip(x.tolist(), y.tolist(), strict=True):
        painter.drawEllipse(QPointF(*place), stamp.radius, stamp.radius)


def _number_stacks(
    frame: Frame, layer: Layer, x: Floats, y: Floats, radius: Floats, found: Stacks
) -> None:
    """Write how many lie in one place where there is room for it, told from the symbol's colour."""
    painter, opacity = frame.painter, layer.style.opacity
    colors = [frame.color(kind.color) for kind in symbols_of(layer.style, frame.dark)]
    discs = StackDiscs(x, y, radius, found.counts, found.symbols)
    for one in stack_numbers(discs, frame.px(5.5), frame.covered):
        if one.beside:
            text = str(found.counts[one.stack])
            face = font(one.size, bold=True)
            write(frame, text, one.box.center(), face, frame.ground.text, halo=True)
            continue
        under = frame.ground.background
        for stack in (*one.below, one.stack):
            under = mixed(colors[found.symbols[stack]], under, opacity)
        painter.setFont(font(one.size, bold=True))
        painter.setPen(shade(ink_on(under)))
        room = one.box.adjusted(-one.size, -one.size, one.size, one.size)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, str(found.counts[one.stack]))
