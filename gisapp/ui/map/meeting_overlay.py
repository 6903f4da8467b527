"""What a room needs to know where nothing but the map is on the wall: for whom, when, and what."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter

from gisapp.layers.project import Project
from gisapp.render.legend import LegendSection
from gisapp.render.look import Box, Look
from gisapp.render.palette import ground
from gisapp.render.paper.legend import legend_height, paint_legend
from gisapp.render.paper.words import day_words
from gisapp.render.view import MapView
from gisapp.ui import theme
from gisapp.ui.map.selection_overlay import paint_tag

#: How much larger than on paper, to be read from the back of a room; width of the legend there.
_LARGER, _WIDTH = 1.4, 250.0
_INSET, _PAD = 12.0, 12.0


def meeting_boxes(
    view: MapView,
    project: Project,
    look: Look,
    sections: tuple[LegendSection, ...],
    *,
    with_legend: bool,
) -> tuple[Box, ...]:
    """What of a map these cover, in logical pixels: left, top, right and bottom."""
    t = theme.current()
    size = QFontMetrics(theme.font("small")).size(0, _words(project, look))
    wide, high = size.width() + 2 * t.gap, size.height() + t.gap
    right = view.width - _INSET
    tag = (right - wide * _LARGER, _INSET, right, _INSET + high * _LARGER)
    top = tag[3] + 8
    height = _legend_height(view, sections, top) if with_legend and sections else 0.0
    if not height:
        return (tag,)
    return tag, (right - (_WIDTH + 2 * _PAD) * _LARGER, top, right, top + height * _LARGER)


def paint_meeting(
    painter: QPainter,
    view: MapView,
    project: Project,
    look: Look,
    sections: tuple[LegendSection, ...],
    *,
    with_legend: bool,
) -> None:
    """Draw the audience and the day at the upper right, and the legend under them."""
    t = theme.current()
    words = _words(project, look)
    painter.setFont(theme.font("small"))
    wide = painter.fontMetrics().horizontalAdvance(words) + 2 * t.gap
    painter.save()
    painter.translate(view.width - _INSET - wide * _LARGER, _INSET)
    painter.scale(_LARGER, _LARGER)
    paper, ink = theme.color(t.map_paper, 0.92), theme.color(t.map_ink)
    tag = paint_tag(painter, words, QPointF(0, 0), paper, ink)
    painter.restore()
    if with_legend and sections:
        _paint_legend(painter, view, look, sections, _INSET + tag.height() * _LARGER + 8)


def _paint_legend(
    painter: QPainter, view: MapView, look: Look, sections: tuple[LegendSection, ...], top: float
) -> None:
    height = _legend_height(view, sections, top) - 2 * _PAD
    if height <= 0:
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(view.width - _INSET - (_WIDTH + 2 * _PAD) * _LARGER, top)
    painter.scale(_LARGER, _LARGER)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color(theme.current().map_paper, 0.92))
    painter.drawRoundedRect(QRectF(0, 0, _WIDTH + 2 * _PAD, height + 2 * _PAD), 4, 4)
    box = QRectF(_PAD, _PAD, _WIDTH, height)
    paint_legend(painter, box, sections, 1, ground(look.dark))
    painter.restore()


def _words(project: Project, look: Look) -> str:
    return f"For: {look.audience.label}  ·  {day_words(project, look)}"


def _legend_height(view: MapView, sections: tuple[LegendSection, ...], top: float) -> float:
    """The height of the legend's ground before it is made larger; 0 where it has no room."""
    # The scale bar, north arrow and sources keep their place below.
    most = (view.height - top - 90) / _LARGER - 2 * _PAD
    if most < 60 or view.width < 3 * _WIDTH * _LARGER:
        return 0.0
    return legend_height(sections, _WIDTH, 1, most) + 2 * _PAD
