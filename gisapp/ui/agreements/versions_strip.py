"""A time line of how an agreement or zone stood: click or drag to choose the day of the map."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import shapely
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gisapp.layers import holding
from gisapp.layers.agreement import Agreement, day_in_words
from gisapp.layers.holding import Span
from gisapp.layers.project import Project
from gisapp.layers.style import Fill, Line
from gisapp.layers.zone import Zone, zone_style
from gisapp.ui import theme

_HEAD, _BAR, _FOOT = 20, 22, 16
_MARGIN = 6
#: Room before the first and after the last turn: days, and a share of what lies between.
_LEAST_ROOM, _ROOM = 45, 0.12
#: While the mouse drags, the map follows this often.
_FOLLOW_MS = 40

#: Stands for any zone: the history of an agreement looks at no outline.
_ANYWHERE = Zone("", shapely.box(0, 0, 1, 1))


def agreement_history(project: Project, agreement: Agreement) -> tuple[Span, ...]:
    """How an agreement stood and will stand, its former versions included."""
    former = [old for old in project.former if old.id == agreement.id]
    return holding.spans_of(holding.side_by_side([*former, agreement]), _ANYWHERE)


def version_on(project: Project, agreement: Agreement, day: date) -> Agreement:
    """The version of an agreement that speaks on a day, beside the others: perhaps a former one."""
    former = [old for old in project.former if old.id == agreement.id]
    versions = holding.side_by_side([*former, agreement])
    return holding.speaking_on(versions, day) or agreement


def short_day(day: date) -> str:
    """`1 Mar 2024`."""
    return f"{day.day} {day:%b %Y}"


def days_in_words(span: Span) -> str:
    """`1 March 2024 to 30 June 2025`, `From 1 March 2024`, `Always`."""
    start = day_in_words(span.from_day) if span.from_day else ""
    end = day_in_words(span.to_day) if span.to_day else ""
    when = f"{start} to {end}" if start and end else f"from {start}" if start else f"to {end}"
    when = when if start or end else "always"
    return when[0].upper() + when[1:]


def span_in_words(span: Span) -> str:
    """`1 March 2024 to 30 June 2025: in force (version 2)`."""
    version = f" (version {span.version.version})" if span.version.version > 1 else ""
    return f"{days_in_words(span)}: {span.standing.value}{version}"


def reach(spans: Sequence[Span], *days: date) -> tuple[date, date]:
    """The first and last day that a strip shows: every turn, these days, and some room."""
    turns = [span.from_day for span in spans if span.from_day is not None]
    known = [*turns, *days]
    first, last = min(known), max(known)
    room = timedelta(days=max(_LEAST_ROOM, int((last - first).days * _ROOM)))
    # The calendar has a first and a last day.
    first = date.min if first - date.min < room else first - room
    last = date.max if date.max - last < room else last + room
    return first, last


class VersionsStrip(QWidget):
    """Spans side by side, the day of the map as a mark on them.

    Click or drag to choose a day; Left and Right go by days, Page Up and Page Down from change
    to change. `day_chosen` tells each day, while dragging not too often; `released` the end.
    """

    day_chosen = Signal(object)
    released = Signal()

    def __init__(
        self, spans: Sequence[Span], day: date, what: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.spans = tuple(spans)
        self.day = day
        self.dragging = False
        self._what = what
        self.first, self.last = reach(self.spans, day)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(lambda: self.day_chosen.emit(self.day))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"Time line of {what}")
        self._describe()

    # What is where

    def sizeHint(self) -> QSize:
        return QSize(240, _HEAD + _BAR + _FOOT + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    @property
    def turns(self) -> tuple[date, ...]:
        """The days on which something changes."""
        return tuple(span.from_day for span in self.spans if span.from_day is not None)

    def x_of(self, day: date) -> float:
        """Where a day begins, in pixels from the left."""
        share = (day - self.first).days / max((self.last - self.first).days, 1)
        return _MARGIN + share * (self.width() - 2 * _MARGIN)

    def day_at(self, x: float) -> date:
        """The day at a pixel; the nearest one shown for a pixel outside."""
        share = (x - _MARGIN) / max(self.width() - 2 * _MARGIN, 1)
        days = (self.last - self.first).days
        return self.first + timedelta(days=round(min(max(share, 0.0), 1.0) * days))

    def span_on(self, day: date) -> Span | None:
        for span in self.spans:
            after = span.from_day is None or span.from_day <= day
            if after and (span.to_day is None or day <= span.to_day):
                return span
        return None

    def set_day(self, day: date) -> None:
        """Mark another day; the strip keeps its reach unless the day lies outside."""
        self.day = day
        if not self.first <= day <= self.last:
            self.first, self.last = reach(self.spans, day)
        self._describe()
        self.update()

    def _describe(self) -> None:
        span = self.span_on(self.day)
        stands = span.standing.value if span else "no agreement"
        self.setAccessibleDescription(f"{day_in_words(self.day)}: {stands}")

    # Mouse and keys

    def _choose(self, day: date, *, now: bool = True) -> None:
        if day == self.day and not self._timer.isActive():
            return
        self.set_day(day)
        if now:
            self._timer.stop()
            self.day_chosen.emit(day)
        elif not self._timer.isActive():
            self._timer.start(_FOLLOW_MS)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.dragging = True
            self._choose(self.day_at(event.position().x()), now=False)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.dragging:
            self._choose(self.day_at(event.position().x()), now=False)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton or not self.dragging:
            return
        self._timer.stop()
        self.day_chosen.emit(self.day)
        self.dragging = False
        self.released.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        day = self._day_by(event.key())
        if day is None:
            super().keyPressEvent(event)
        else:
            self._choose(day)

    def _day_by(self, key: int) -> date | None:
        """The day that a key leads to from the present one; None for other keys."""
        earlier = [turn for turn in self.turns if turn < self.day]
        later = [turn for turn in self.turns if turn > self.day]
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = -1 if key == Qt.Key.Key_Left else 1
            return min(max(self.day + timedelta(days=step), self.first), self.last)
        if key == Qt.Key.Key_PageUp:
            return earlier[-1] if earlier else self.day
        if key == Qt.Key.Key_PageDown:
            return later[0] if later else self.day
        return None

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            span = self.span_on(self.day_at(event.pos().x()))
            QToolTip.showText(event.globalPos(), span_in_words(span) if span else "", self)
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    # Drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for span in self.spans:
            self._paint_span(painter, span)
        self._paint_turns(painter)
        self._paint_day(painter)

    def _paint_span(self, painter: QPainter, span: Span) -> None:
        left = self.x_of(max(span.from_day or self.first, self.first))
        after = self.last if span.to_day is None else span.to_day + timedelta(days=1)
        box = QRectF(left, _HEAD, max(self.x_of(min(after, self.last)) - left, 2.0), _BAR)
        style = zone_style(span.standing)
        pen = QPen(theme.color(style.color), 1)
        if style.line is Line.DASHED:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.fillRect(box, theme.color(style.color, 0.3 if style.line is Line.SOLID else 0.1))
        if style.fill is Fill.HATCHED:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color(style.color, 0.5))
            brush = painter.brush()
            brush.setStyle(Qt.BrushStyle.BDiagPattern)
            painter.fillRect(box, brush)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(pen)
        painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.setFont(theme.font("small"))
        metrics = painter.fontMetrics()
        words = span.standing.label
        if metrics.horizontalAdvance(words[:3]) + 14 < box.width():
            painter.setPen(theme.color(theme.current().text))
            text = metrics.elidedText(words, Qt.TextElideMode.ElideRight, int(box.width()) - 8)
            painter.drawText(box.adjusted(4, 0, -4, 0), int(Qt.AlignmentFlag.AlignVCenter), text)

    def _paint_turns(self, painter: QPainter) -> None:
        """The days of changes under the bar, as many as have room."""
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color(theme.current().muted))
        metrics = painter.fontMetrics()
        free = 0.0
        for turn in self.turns:
            x, text = self.x_of(turn), short_day(turn)
            wide = metrics.horizontalAdvance(text)
            left = min(max(x - 2, 0.0), self.width() - wide)
            if left >= free:
                painter.drawText(QPointF(left, _HEAD + _BAR + metrics.ascent() + 3), text)
                free = left + wide + 10

    def _paint_day(self, painter: QPainter) -> None:
        t = theme.current()
        x = self.x_of(self.day)
        ink = theme.color(t.focus if self.hasFocus() else t.text)
        painter.setPen(QPen(ink, 2))
        painter.drawLine(QPointF(x, _HEAD - 3), QPointF(x, _HEAD + _BAR + 2))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        top = _HEAD - 5.0
        painter.drawPolygon(
            QPolygonF([QPointF(x - 5, top - 4), QPointF(x + 5, top - 4), QPointF(x, top + 3)])
        )
        font = theme.font("small", bold=True)
        painter.setFont(font)
        text = short_day(self.day)
        wide = QFontMetrics(font).horizontalAdvance(text)
        left = x + 8 if x + 8 + wide <= self.width() else x - 8 - wide
        painter.setPen(ink)
        painter.drawText(QPointF(left, _HEAD - 6), text)
