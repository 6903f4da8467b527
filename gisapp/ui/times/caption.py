"""A quiet line on the map: which span of time is drawn, and filters; in full screen too."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gisapp.layers.audience import Showing
from gisapp.layers.project import Project
from gisapp.render.look import Box, Look
from gisapp.ui import theme
from gisapp.ui.icons import icon
from gisapp.ui.map.furniture import FURNITURE
from gisapp.ui.times.histogram import bars_in_words, finest_told

#: From the upper edge of the map, in pixels: below the words of the frame.
_TOP = 32
#: Left free of it at both sides together.
_BESIDE = 24
#: From what it would meet, in pixels.
_APART = 8
_NAME = "Span of time on the map"
_WRAPPED = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)


def caption(project: Project, look: Look) -> str:
    """What a map says about time and filters: each span, and whose it is where layers differ."""
    words = "  ·  ".join(part for part in (_times(project, look), _filters(project, look)) if part)
    return words[:1].upper() + words[1:]


def _filters(project: Project, look: Look) -> str:
    """Which layers show only some of their rows, for another reason than time."""
    shown = [
        layer
        for layer in project.layers
        if layer.visible and look.showing(layer) is not Showing.NOTHING
    ]
    limited = []
    for layer in shown:
        span = look.span_of(layer)
        if layer.id in look.rows and (span is None or span.others is not None):
            limited.append(layer.name)
    if not limited:
        return ""
    return "a filter is on" + (f": {', '.join(limited)}" if len(shown) > 1 else "")


def _times(project: Project, look: Look) -> str:
    spans: dict[str, list[str]] = {}
    shown = [layer for layer in project.layers if layer.visible]
    for layer in shown:
        span = look.span_of(layer)
        how = look.showing(layer)
        if span is not None and how is not Showing.NOTHING:
            words = bars_in_words(span.bars, span.span, finest_told(how))
            spans.setdefault(words, []).append(layer.name)
    timed = [layer for layer in shown if layer.timezone]
    if len(spans) == 1 and len(next(iter(spans.values()))) == len(timed):
        return next(iter(spans))
    return "  ·  ".join(f"{', '.join(names)}: {words}" for words, names in spans.items())


class TimeCaption(QWidget):
    """Lies over the map, top centre, and lets the mouse through to it."""

    def __init__(self, canvas: QWidget) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.text = ""
        #: Whether a film of these times plays; None where there is none, or its controls are seen.
        self.playing: bool | None = None
        #: What stands at the upper right of the map, below which it goes if they would meet.
        self.corner: Callable[[], Box | None] = lambda: None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setProperty(FURNITURE, True)
        self.setAccessibleName(_NAME)
        self.hide()

    def say(self, project: Project, look: Look) -> None:
        """Tell what the picture shows that has just come."""
        text = caption(project, look)
        if text == self.text and self.isVisible() == bool(text):
            self._place()
            return
        self.text = text
        self.setAccessibleDescription(text)
        self._place()
        self.setVisible(bool(text))
        self.update()

    def set_playing(self, playing: bool | None) -> None:
        """Show a sign beside the words that a film plays or stands still; None shows none."""
        if playing is not self.playing:
            self.playing = playing
            said = {None: "", True: ", playing", False: ", paused"}[playing]
            self.setAccessibleName(f"{_NAME}{said}")
            self.update()
        self._place()

    @property
    def _sign(self) -> int:
        """The width that the sign takes, with what is free beside it."""
        t = theme.current()
        return 0 if self.playing is None else t.icon_tool + t.gap

    @property
    def _font(self) -> QFont:
        """Larger where the map is alone with a film: it is read from the back of a room."""
        return theme.font("body" if self.playing is None else "title", bold=True)

    def sizeHint(self) -> QSize:
        """As wide as its words, but no wider than the map: then it has more lines."""
        t = theme.current()
        self.setFont(self._font)
        wide = self._canvas.width() - _BESIDE - 4 * t.gap - self._sign
        room = QRect(0, 0, wide, self._canvas.height())
        words = self.fontMetrics().boundingRect(room, _WRAPPED, self.text)
        return QSize(words.width() + 4 * t.gap + self._sign, words.height() + t.gap)

    def _place(self) -> None:
        canvas = self._canvas
        size = self.sizeHint()
        self.resize(size)
        left, corner = (canvas.width() - size.width()) // 2, self.corner()
        meet = corner is not None and left + size.width() > corner[0]
        self.move(left, round(corner[3]) + _APART if corner is not None and meet else _TOP)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(t.map_paper, 0.88))
        painter.drawRoundedRect(self.rect().toRectF(), 4, 4)
        painter.setPen(theme.color(t.map_ink))
        painter.setFont(self._font)
        inside = self.rect().adjusted(t.gap + self._sign, 0, -t.gap, 0)
        if self.playing is not None:
            size = t.icon_tool
            at = QRect(2 * t.gap, (self.height() - size) // 2, size, size)
            picture = icon("play" if self.playing else "pause", t.map_ink)
            picture.paint(painter, at)
        painter.drawText(inside, _WRAPPED, self.text)
