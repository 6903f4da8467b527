"""What a room needs to know where nothing but the map is on the wall: for whom, when, and what."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from gisapp.layers.project import Project
from gisapp.render.legend import LegendSection
from gisapp.render.look import Look
from gisapp.render.page_legend import legend_height, paint_legend
from gisapp.render.page_words import day_words
from gisapp.render.palette import ground
from gisapp.render.view import MapView
from gisapp.ui import theme
from gisapp.ui.selection_overlay import paint_tag

#: How much larger than on paper, to be read from the back of a room; width of the legend there.
_LARGER, _WIDTH = 1.4, 250.0
_INSET, _PAD = 12.0, 12.0


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
    words = f"For: {look.audience.label}  ·  {day_words(project, look)}"
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
    # The scale bar, north arrow and sources keep their place below.
    most = (view.height - top - 90) / _LARGER - 2 * _PAD
    if most < 60 or view.width < 3 * _WIDTH * _LARGER:
        return
    height = legend_height(sections, _WIDTH, 1, most)
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
