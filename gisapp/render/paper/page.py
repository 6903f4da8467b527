"""A printed page: title, what is counted, the map, its legend, scale, sources and rules."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from gisapp.layers.project import Project
from gisapp.layers.seen import seen_by
from gisapp.progress import Progress
from gisapp.render.cache import Cache
from gisapp.render.furniture import as_box, north_box, paint_north, paint_scale_bar, scale_bar_box
from gisapp.render.legend import LegendSection, legend
from gisapp.render.look import Look, Scene
from gisapp.render.palette import PAPER, font, shade
from gisapp.render.paper.legend import GUTTER, legend_fits, legend_height, paint_legend
from gisapp.render.paper.sheet import UNIT_MM, Sheet
from gisapp.render.paper.words import day_words, footnotes, subtitle_of
from gisapp.render.scene import paint
from gisapp.render.text import cut, draw_lines, line_height, wrapped
from gisapp.render.view import MapView

MARGIN_MM = 12.0
#: Width of the legend beside the map: one column, or two where one is not enough.
_SIDES = ((232.0, 1), (2 * 196.0 + GUTTER, 2))
_GAP = 14.0
#: Share of the page's height that a legend below the map may take.
_MOST_BELOW = 0.38
_SUBTITLE_LINES = 3


@dataclass(frozen=True, slots=True)
class Page:
    """What stands on a page besides the map. `generated_at` carries a time zone.

    `number` is that of the page, of `pages` in the document.
    """

    title: str
    generated_at: datetime
    subtitle: str = ""
    paper: Sheet = Sheet.A4
    landscape: bool = True
    imperial: bool = False
    number: int = 1
    pages: int = 1

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in units of 1/96 inch."""
        width, height = self.paper.size_mm
        if self.landscape:
            width, height = height, width
        return width / UNIT_MM, height / UNIT_MM

    @property
    def inner(self) -> QRectF:
        """The page within its margins."""
        width, height = self.size
        margin = MARGIN_MM / UNIT_MM
        return QRectF(margin, margin, width - 2 * margin, height - 2 * margin)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the parts of a page stand, none over another."""

    head: QRectF
    map: QRectF
    legend: QRectF
    foot: QRectF
    columns: int


def paint_page(
    painter: QPainter,
    project: Project,
    view: MapView,
    look: Look,
    page: Page,
    cache: Cache | None = None,
    progress: Progress | None = None,
    dpr: float = 1.0,
) -> None:
    """Draw the page on a painter in units of 1/96 inch; `dpr` is the device pixels a unit.

    The map shows at least what the view shows. `look` is taken as for something that leaves.
    """
    cache = Cache() if cache is None else cache
    progress = progress or Progress()
    look = replace(look, exported=True, dark=False)
    project = seen_by(project, look.audience, exported=True)
    notes = footnotes(project, look, page.generated_at)
    head = _head(project, look, page)
    foot_lines = _foot_lines(notes, page.inner.width())
    sections = legend(project, look, cache, _framed(view, page.inner, dpr))
    layout = _layout(page, head, foot_lines, sections)
    seen = _framed(view, layout.map, dpr)
    sections = legend(project, look, cache, seen)
    progress.report(0.1, "Drawing the map")
    _paint_map(painter, Scene(project, seen, look), layout.map, page, cache, progress)
    progress.report(0.9, "Drawing the page")
    _paint_head(painter, layout.head, head, look)
    if layout.legend.width() > 0:
        paint_legend(painter, layout.legend, sections, layout.columns)
    paint_foot(painter, layout.foot, foot_lines, page)


def framed_map(view: MapView, width: float, height: float, dpr: float = 1.0) -> MapView:
    """The view as it lies in a frame of another shape: nothing of it is cut off."""
    resolution = view.resolution * max(view.width / width, view.height / height)
    return MapView(view.x, view.y, resolution, round(width), round(height), dpr)


def _framed(view: MapView, box: QRectF, dpr: float) -> MapView:
    return framed_map(view, box.width(), box.height(), dpr)


@dataclass(frozen=True, slots=True)
class _Head:
    title: tuple[str, ...]
    title_size: int
    subtitle: tuple[str, ...]
    tags: tuple[str, ...]
    tags_width: float

    @property
    def height(self) -> float:
        title = len(self.title) * line_height(font(self.title_size, bold=True))
        words = len(self.subtitle) * line_height(font(12))
        tags = len(self.tags) * line_height(font(11)) + 6
        return max(title + words, tags) + 8


def subtitle_fits(text: str, project: Project, look: Look, page: Page) -> bool:
    """Whether a subtitle stands whole on the lines that a page has for it."""
    room = page.inner.width() - _tags(project, look)[1] - 24
    return len(wrapped(text, font(12), room)) <= _SUBTITLE_LINES


def _tags(project: Project, look: Look) -> tuple[tuple[str, str], float]:
    """Whom and what day the page is for, and how wide that is."""
    tags = (f"For: {look.audience.label}", day_words(project, look))
    metrics = QFontMetricsF(font(11, bold=True))
    return tags, max(metrics.horizontalAdvance(tag) for tag in tags) + 2


def _head(project: Project, look: Look, page: Page) -> _Head:
    tags, tags_width = _tags(project, look)
    room = page.inner.width() - tags_width - 24
    title, size = _title(page.title or project.title, room)
    words = page.subtitle or subtitle_of(project, look)
    return _Head(title, size, wrapped(words, font(12), room, _SUBTITLE_LINES), tags, tags_width)


def _title(text: str, width: float) -> tuple[tuple[str, ...], int]:
    """The title on one line if it fits, smaller if it must, else on two."""
    for size in (23, 20, 18):
        lines = wrapped(text, font(size, bold=True), width)
        if len(lines) == 1:
            return lines, size
    return wrapped(text, font(16, bold=True), width, 3), 16


def _foot_lines(notes: tuple[str, ...], width: float) -> tuple[str, ...]:
    # The last note leaves room for the page number.
    rooms = [width] * (len(notes) - 1) + [width - 90]
    pairs = zip(notes, rooms, strict=True)
    return tuple(line for note, room in pairs for line in wrapped(note, font(9), room, 3))


def _layout(
    page: Page, head: _Head, foot: tuple[str, ...], sections: tuple[LegendSection, ...]
) -> Layout:
    inner = page.inner
    foot_height = len(foot) * line_height(font(9)) + 6
    top = inner.top() + head.height
    bottom = inner.bottom() - foot_height - 4
    head_box = QRectF(inner.left(), inner.top(), inner.width(), head.height)
    foot_box = QRectF(inner.left(), inner.bottom() - foot_height, inner.width(), foot_height)
    if not sections:
        body = QRectF(inner.left(), top, inner.width(), bottom - top)
        return Layout(head_box, body, QRectF(), foot_box, 1)
    if page.landscape:
        width, columns = next(
            (side for side in _SIDES if legend_fits(sections, side[0], bottom - top, side[1])),
            _SIDES[-1],
        )
        body = QRectF(inner.left(), top, inner.width() - width - _GAP, bottom - top)
        beside = QRectF(inner.right() - width, top, width, bottom - top)
        return Layout(head_box, body, beside, foot_box, columns)
    height = legend_height(sections, inner.width(), 3, (bottom - top) * _MOST_BELOW)
    body = QRectF(inner.left(), top, inner.width(), bottom - top - height - _GAP)
    below = QRectF(inner.left(), bottom - height, inner.width(), height)
    return Layout(head_box, body, below, foot_box, 3)


def _paint_map(
    painter: QPainter, scene: Scene, box: QRectF, page: Page, cache: Cache, progress: Progress
) -> None:
    corner, north = QPointF(8, box.height() - 8), QPointF(box.width() - 26, 30)
    furniture = scale_bar_box(corner, scene.view, imperial=page.imperial), north_box(north)
    scene = replace(scene, covered=tuple(as_box(one) for one in furniture))
    painter.save()
    try:  # drawing may be stopped
        painter.setClipRect(box)
        painter.translate(box.topLeft())
        paint(scene, painter, cache, progress.part(0.1, 0.9))
        paint_scale_bar(painter, corner, scene.view, PAPER, imperial=page.imperial)
        paint_north(painter, north, PAPER)
    finally:
        painter.restore()
    painter.setPen(QPen(shade(PAPER.quiet_text), 0.8))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box)


def _paint_head(painter: QPainter, box: QRectF, head: _Head, look: Look) -> None:
    painter.setPen(shade(PAPER.text))
    title = font(head.title_size, bold=True)
    y = draw_lines(painter, head.title, title, box.left(), box.top())
    painter.setPen(shade(PAPER.quiet_text))
    draw_lines(painter, head.subtitle, font(12), box.left(), y)
    painter.setPen(shade(PAPER.text))
    y = box.top() + 4
    for written, tag in zip((font(11, bold=True), font(11)), head.tags, strict=True):
        x = box.right() - QFontMetricsF(written).horizontalAdvance(tag)
        y = draw_lines(painter, (tag,), written, x, y)


def paint_foot(painter: QPainter, box: QRectF, lines: tuple[str, ...], page: Page) -> None:
    """Draw a line, small notes under it, and at the right the number of the page."""
    painter.setPen(QPen(shade(PAPER.quiet_text), 0.5))
    painter.drawLine(box.topLeft(), box.topRight())
    painter.setPen(shade(PAPER.quiet_text))
    small = font(9)
    draw_lines(painter, lines, small, box.left(), box.top() + 5)
    number = cut(f"Page {page.number} of {page.pages}", small, 80)
    x = box.right() - QFontMetricsF(small).horizontalAdvance(number)
    draw_lines(painter, (number,), small, x, box.bottom() - line_height(small) - 1)
