"""Bars over time with a span that is drawn with the mouse or moved with the arrow keys."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gisapp.layers.audience import Audience, shown_count, suppressed
from gisapp.ui import theme
from gisapp.ui.times.axis import Axis, axis
from gisapp.ui.times.histogram import Histogram, span_in_words

#: First bar and the bar after the last, or parts of bars where a window is shorter than they are.
Place = tuple[float, float]

#: Room in pixels: over the bars, under them for dates, left for figures; reach of a handle.
_TOP, _FOOT, _LEFT, _RIGHT, _GRIP = 8, 22, 52, 12, 6

#: Bars of so many pixels have a mark each.
_MARKED = 5


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """What is painted of a histogram, in pixels, and its highest bar; the same at each brush."""

    highest: int
    bars: list[QRectF]
    dates: Axis
    ticks: list[QLineF]


class HistogramView(QWidget):
    """Shows a Histogram; `span_changed` carries (first bar, bar after the last) or None.

    `bar_clicked` carries the bar that was clicked, `play_wanted` comes with the space bar.
    """

    span_changed = Signal(object)
    bar_clicked = Signal(int)
    play_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.histogram: Histogram | None = None
        self.span: Place | None = None
        #: How many rows of each bar are selected, or None.
        self.selected: NDArray[np.int64] | None = None
        self.click_does = ""
        self._audience = Audience.POLICE
        self._color = QColor()
        self._drag: tuple[str, int, Place] | None = None
        self._pressed: QPointF | None = None
        self._drawn: _Drawn | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumHeight(84)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Events over time")

    def sizeHint(self) -> QSize:
        return QSize(600, 140)

    def show_histogram(
        self, histogram: Histogram | None, span: Place | None, color: QColor, audience: Audience
    ) -> None:
        """Other bars; bars too small for the audience are left out. Nothing is emitted."""
        self.histogram, self.span = histogram, span
        self._color, self._audience = color, audience
        self.selected = None
        self._drag = None
        self._drawn = None
        self._describe()
        self.update()

    def show_span(self, span: Place | None) -> None:
        """Follow a span that was set elsewhere; nothing is emitted."""
        if span != self.span:
            self.span = span
            self._describe()
            self.update()

    def show_selected(self, counts: NDArray[np.int64] | None) -> None:
        """How many rows of each bar are selected: drawn as a part of the bars."""
        if counts is not None or self.selected is not None:
            self.selected = counts
            self.update()

    def set_span(self, span: Place | None) -> None:
        """Select bars, and tell it when they differ."""
        if span != self.span:
            self.span = span
            self._describe()
            self.update()
            self.span_changed.emit(span)

    def shown(self, bar: int) -> int | None:
        """The count of a bar, None where it is too small for the audience."""
        assert self.histogram is not None
        return suppressed(int(self.histogram.counts[bar]), self._audience)

    def _describe(self) -> None:
        text = "Drag or use the arrow keys to choose a span; Escape shows all, Space plays."
        if self.histogram is not None and self.span is not None:
            moments = self.histogram.moments_of(self.span)
            words = span_in_words(*moments, self.histogram.timezone)
            text = f"{words}. {text}"
        self.setAccessibleDescription(text)

    # Places

    def _plot(self) -> QRectF:
        return QRectF(
            _LEFT, _TOP, max(self.width() - _LEFT - _RIGHT, 1), max(self.height() - _TOP - _FOOT, 1)
        )

    def x_of(self, bar: float) -> float:
        """Where a bar begins, in pixels."""
        plot = self._plot()
        return plot.left() + plot.width() * bar / max(len(self.histogram or ()), 1)

    def bar_at(self, x: float) -> int:
        """The bar under a pixel, the nearest one beside the plot."""
        plot = self._plot()
        count = len(self.histogram or ())
        return int(np.clip((x - plot.left()) / plot.width() * count, 0, max(count - 1, 0)))

    def _edge_at(self, x: float) -> int:
        plot = self._plot()
        count = len(self.histogram or ())
        return int(np.clip(round((x - plot.left()) / plot.width() * count), 0, count))

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.histogram is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        x = event.position().x()
        self._pressed = event.position()
        bar = self.bar_at(x)
        grip = self._grip_at(x)
        if grip and self.span is not None:
            self._drag = (grip, bar, self.span)
        else:
            self._drag = ("new", bar, (bar, bar + 1))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.histogram is None:
            return
        x = event.position().x()
        if self._drag is None:
            self._hover(event)
            return
        if self._pressed is not None and (event.position() - self._pressed).manhattanLength() < 4:
            return
        self._pressed = None
        what, start, (first, last) = self._drag
        count = len(self.histogram)
        if what == "new":
            bar = self.bar_at(x)
            self.set_span((min(start, bar), max(start, bar) + 1))
        elif what == "first":
            self.set_span((min(self._edge_at(x), last - 1), last))
        elif what == "last":
            self.set_span((first, max(self._edge_at(x), first + 1)))
        else:
            by = float(np.clip(self.bar_at(x) - start, -first, count - last))
            self.set_span((first + by, last + by))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._drag is not None and self._pressed is not None:
            self.bar_clicked.emit(self._drag[1])
        self._drag = self._pressed = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._drag = self._pressed = None
        self.set_span(None)

    def _grip_at(self, x: float) -> str:
        """Which part of the span is under the pixel: an end, its middle, or none."""
        if self.span is None:
            return ""
        left, right = self.x_of(self.span[0]), self.x_of(self.span[1])
        if abs(x - left) <= _GRIP:
            return "first"
        if abs(x - right) <= _GRIP:
            return "last"
        return "move" if left < x < right else ""

    def _hover(self, event: QMouseEvent) -> None:
        assert self.histogram is not None
        grip = self._grip_at(event.position().x())
        shapes = {
            "first": Qt.CursorShape.SizeHorCursor,
            "last": Qt.CursorShape.SizeHorCursor,
            "move": Qt.CursorShape.OpenHandCursor,
        }
        self.setCursor(shapes.get(grip, Qt.CursorShape.CrossCursor))
        bar = self.bar_at(event.position().x())
        words = span_in_words(*self.histogram.span(bar, bar + 1), self.histogram.timezone)
        count = shown_count(self.shown(bar), self._audience)
        text = f"{words}: {count}"
        if self.selected is not None and self.selected[bar]:
            text += f", {self.selected[bar]:,} selected"
        if self.click_does:
            text += f"\n{self.click_does}"
        QToolTip.showText(event.globalPosition().toPoint(), text, self)

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the span by a bar, with Shift its end; Escape shows all."""
        if self.histogram is None:
            return
        count, key = len(self.histogram), event.key()
        grow = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if key == Qt.Key.Key_Escape and self.span is not None:
            self.set_span(None)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._step(1 if key == Qt.Key.Key_Right else -1, grow)
        elif key == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.play_wanted.emit()
        elif key == Qt.Key.Key_Home:
            self.set_span((0, self.span[1]) if grow and self.span else (0, 1))
        elif key == Qt.Key.Key_End:
            self.set_span((self.span[0], count) if grow and self.span else (count - 1, count))
        else:
            super().keyPressEvent(event)

    def _step(self, by: int, grow: bool) -> None:
        assert self.histogram is not None
        count = len(self.histogram)
        if self.span is None:
            self.set_span((0, 1) if by > 0 else (count - 1, count))
            return
        first, last = self.span
        if grow:
            self.set_span((first, float(np.clip(last + by, first + 1, count))))
        elif first + by >= 0 and last + by <= count:
            self.set_span((first + by, last + by))

    # Painting

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._drawn = None
            self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._drawn = None

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.histogram is None:
            return
        t = theme.current()
        painter.setFont(theme.font("small"))
        plot = self._plot()
        if self._drawn is None:
            self._drawn = self._laid_out(self.histogram, plot)
        drawn, span = self._drawn, self.span
        self._paint_axis(painter, plot, drawn.highest)
        painter.setPen(Qt.PenStyle.NoPen)
        first, last = (0, len(drawn.bars)) if span is None else (int(span[0]), math.ceil(span[1]))
        painter.setBrush(theme.color(t.border_strong, 0.5))
        painter.drawRects([*drawn.bars[:first], *drawn.bars[last:]])
        painter.setBrush(self._color)
        painter.drawRects(drawn.bars[first:last])
        if self.selected is not None:
            self._paint_selected(painter, plot, drawn)
        self._paint_dates(painter, plot, drawn)
        if self.span is not None:
            self._paint_span(painter, plot)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color(t.focus), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    def _laid_out(self, histogram: Histogram, plot: QRectF) -> _Drawn:
        known = [self.shown(bar) or 0 for bar in range(len(histogram))]
        highest = max(max(known), 1)
        width, per_event = plot.width() / len(known), plot.height() / highest
        gap = 1.0 if width >= 4 else 0.0
        edges = [plot.left() + width * bar for bar in range(len(known) + 1)]
        bars = [
            QRectF(left, plot.bottom() - count * per_event, width - gap, count * per_event)
            for left, count in zip(edges, known, strict=False)
        ]
        dates, below = self.axis(), plot.bottom()
        ticks = [QLineF(x, below, x, below + 4) for x in (self.x_of(t.place) for t in dates.ticks)]
        if dates.marks_bars and width >= _MARKED:
            ticks += [QLineF(x, below, x, below + 2) for x in edges]
        return _Drawn(highest, bars, dates, ticks)

    def _paint_selected(self, painter: QPainter, plot: QRectF, drawn: _Drawn) -> None:
        """What is selected as the lower part of its bars, in the colour of the halo."""
        assert self.selected is not None
        t = theme.current()
        painter.setPen(QPen(theme.color(t.halo_edge), 0.5))
        painter.setBrush(theme.color(t.halo))
        for bar in np.flatnonzero(self.selected).tolist():
            height = max(plot.height() * float(self.selected[bar]) / drawn.highest, 2.0)
            width = max(drawn.bars[bar].width(), 1.0)
            painter.drawRect(QRectF(self.x_of(bar), plot.bottom() - height, width, height))

    def _paint_axis(self, painter: QPainter, plot: QRectF, highest: int) -> None:
        t = theme.current()
        painter.setPen(theme.color(t.muted))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(0, plot.top() - 7, _LEFT - 6, 14), right, f"{highest:,}")
        painter.drawText(QRectF(0, plot.bottom() - 9, _LEFT - 6, 14), right, "0")
        painter.setPen(theme.color(t.border))
        painter.drawLine(plot.topLeft(), plot.topRight())
        painter.drawLine(plot.bottomLeft(), plot.bottomRight())

    def _paint_dates(self, painter: QPainter, plot: QRectF, drawn: _Drawn) -> None:
        """Times under the bars in even steps, with a mark at each, and at each bar between."""
        painter.setPen(theme.color(theme.current().muted))
        line = plot.bottom() + QFontMetrics(painter.font()).ascent() + 4
        for tick in drawn.dates.ticks:
            painter.drawText(QPointF(self.x_of(tick.place), line), tick.text)
        painter.drawLines(drawn.ticks)

    def axis(self) -> Axis:
        """The times that stand under the bars, where there are any."""
        if self.histogram is None:
            return Axis((), True)
        metrics, plot = QFontMetrics(theme.font("small")), self._plot()
        wide = plot.width() / len(self.histogram)
        return axis(self.histogram, wide, self.width() - plot.left(), metrics.horizontalAdvance)

    def _paint_span(self, painter: QPainter, plot: QRectF) -> None:
        assert self.span is not None
        t = theme.current()
        left, right = self.x_of(self.span[0]), self.x_of(self.span[1])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(t.accent, 0.12))
        painter.drawRect(QRectF(left, plot.top(), right - left, plot.height()))
        painter.setPen(QPen(theme.color(t.accent), 2))
        painter.setBrush(theme.color(t.raised))
        for x in (left, right):
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
            painter.drawRoundedRect(QRectF(x - 3, plot.center().y() - 9, 6, 18), 3, 3)
