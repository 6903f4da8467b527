"""What a room needs to know where nothing but the map is on the wall: for whom, when, and what."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter

from gisapp.layers.project import Project
from gisapp.render.furniture import as_box
from gisapp.render.legend import LegendSection
from gisapp.render.look import Box, Look
from gisapp.render.palette import ground
from gisapp.render.paper.legend import legend_height, paint_legend
from gisapp.render.paper.words import day_words
from gisapp.render.view import MapView
from gisapp.ui import theme
from gisapp.ui.map.furniture import frame_words_box, restricted_layers
from gisapp.ui.map.selection_overlay import paint_tag

#: How much larger than on paper, to be read from the back of a room; width of the legend there.
_LARGER, _WIDTH = 1.4, 250.0
#: The width of a legend on a narrow map, and that of a map that has room for none.
_LEAST_WIDTH, _TOO_NARROW = 180.0, 480
#: How much larger the audience and the day are in a line of their own: a caption stands below.
_BELOW = 1.2
_INSET, _PAD, _APART = 12.0, 12.0, 8.0


def meeting_boxes(
    view: MapView,
    project: Project,
    look: Look,
    sections: tuple[LegendSection, ...],
    cards: Sequence[Box] = (),
    *,
    with_legend: bool,
) -> tuple[Box, ...]:
    """What of a map these cover, in logical pixels: left, top, right and bottom."""
    tag = _tag_box(view, project, look)
    legend = _legend_box(view, sections, tag, cards) if with_legend else None
    return (as_box(tag),) if legend is None else (as_box(tag), as_box(legend))


def paint_meeting(
    painter: QPainter,
    view: MapView,
    project: Project,
    look: Look,
    sections: tuple[LegendSection, ...],
    cards: Sequence[Box] = (),
    *,
    with_legend: bool,
) -> None:
    """Draw the audience and the day at the upper right, and the legend under them.

    It keeps clear of what lies on the map at `cards`.
    """
    t = theme.current()
    tag = _tag_box(view, project, look)
    larger = tag.height() / _tag_size(project, look)[1]
    painter.save()
    painter.translate(tag.topLeft())
    painter.scale(larger, larger)
    paper, ink = theme.color(t.map_paper, 0.92), theme.color(t.map_ink)
    paint_tag(painter, _words(project, look), QPointF(0, 0), paper, ink)
    painter.restore()
    box = _legend_box(view, sections, tag, cards) if with_legend else None
    if box is not None:
        _paint_legend(painter, box, _larger(view), look, sections)


def _paint_legend(
    painter: QPainter, box: QRectF, larger: float, look: Look, sections: tuple[LegendSection, ...]
) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(box.topLeft())
    painter.scale(larger, larger)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color(theme.current().map_paper, 0.92))
    ground_box = QRectF(0, 0, box.width() / larger, box.height() / larger)
    painter.drawRoundedRect(ground_box, 4, 4)
    inside = ground_box.adjusted(_PAD, _PAD, -_PAD, -_PAD)
    paint_legend(painter, inside, sections, 1, ground(look.dark))
    painter.restore()


def _words(project: Project, look: Look) -> str:
    return f"For: {look.audience.label}  ·  {day_words(project, look)}"


def _tag_size(project: Project, look: Look) -> tuple[float, float]:
    """The audience and the day as they are before they are made larger."""
    t = theme.current()
    size = QFontMetrics(theme.font("small")).size(0, _words(project, look))
    return size.width() + 2 * t.gap, size.height() + t.gap


def _tag_box(view: MapView, project: Project, look: Look) -> QRectF:
    """Beside the words on what is restricted; below them where the map is too narrow for both."""
    wide, high = _tag_size(project, look)
    widest = view.width - 2 * _INSET
    larger, top = min(_LARGER, widest / wide), _INSET
    restricted = restricted_layers(project, look)
    if restricted:
        _, _, right, bottom = frame_words_box(restricted)
        if view.width - _INSET - wide * larger < right + _APART:
            larger, top = min(_BELOW, widest / wide), bottom + _APART / 2
    return QRectF(view.width - _INSET - wide * larger, top, wide * larger, high * larger)


def _larger(view: MapView) -> float:
    """How much larger than on paper the legend is: it leaves most of a narrow map free."""
    return min(max(view.width / (3 * _WIDTH), 1.0), _LARGER)


def _legend_box(
    view: MapView, sections: tuple[LegendSection, ...], tag: QRectF, cards: Sequence[Box]
) -> QRectF | None:
    """Where the legend lies; None where there is none, or no room."""
    if not sections or view.width < _TOO_NARROW:
        return None
    larger = _larger(view)
    width = min(max(view.width / 3 - 2 * _PAD, _LEAST_WIDTH), _WIDTH)
    left = view.width - _INSET - (width + 2 * _PAD) * larger
    top = tag.bottom() + _APART
    for _, above, right, below in cards:
        if right > left and above < view.height / 2:
            top = max(top, below + _APART)
    # The scale bar, north arrow and sources keep their place below.
    most = (view.height - top - 90) / larger - 2 * _PAD
    if most < 60:
        return None
    height = legend_height(sections, width, 1, most) + 2 * _PAD
    return QRectF(left, top, (width + 2 * _PAD) * larger, height * larger)
