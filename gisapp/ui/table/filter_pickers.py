"""Small windows to pick values: texts with how often each occurs, numbers between two handles."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gisapp.ui import theme
from gisapp.ui.table.filter_values import Spread, Values
from gisapp.ui.widgets.forms import INSIDE, say, secondary

#: More values than this are found by searching, not by scrolling.
_LISTED = 400
#: Room of the chart in pixels: at the sides, over the bars, under them; the reach of a handle.
_SIDE, _TOP, _FOOT, _GRIP = 10, 6, 20, 10


class Picker(QFrame):
    """A window under the button that opened it; Escape or a click elsewhere closes it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(INSIDE, INSIDE, INSIDE, INSIDE)
        self.column.setSpacing(INSIDE)

    def open_under(self, button: QWidget) -> None:
        self.adjustSize()
        place = button.mapToGlobal(button.rect().bottomLeft())
        screen = self.screen().availableGeometry()
        if place.y() + self.height() > screen.bottom():
            place = button.mapToGlobal(button.rect().topLeft())
            place.setY(max(place.y() - self.height(), screen.top()))
        place.setX(max(min(place.x(), screen.right() - self.width()), screen.left()))
        self.move(place)
        self.show()


class TextPicker(Picker):
    """Texts to tick. `chosen` carries those that are ticked, in the order of the list."""

    chosen = Signal(object)

    def __init__(self, values: Values, ticked: Iterable[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.values = values
        self._ticked = set(ticked)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search values")
        self.search.setAccessibleName("Search values")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._list)
        self.list = QListWidget()
        self.list.setAccessibleName("Values")
        self.list.setUniformItemSizes(True)
        self.list.setMinimumSize(300, 240)
        self.list.itemChanged.connect(self._on_item)
        self.note = say("", "hint")
        self.none = secondary("Tick none", self._tick_none)
        foot = QHBoxLayout()
        foot.addWidget(self.note, 1)
        foot.addWidget(self.none)
        for widget in (self.search, self.list):
            self.column.addWidget(widget)
        self.column.addLayout(foot)
        self._list()
        self.search.setFocus()

    def _list(self) -> None:
        """Show the values that are looked for; those that are ticked keep their tick."""
        self.list.blockSignals(True)
        self.list.clear()
        found = self.values.found(self.search.text(), _LISTED)
        for number in found:
            text = self.values.texts[number]
            item = QListWidgetItem(f"{text or '(empty text)'}  ·  {self.values.counts[number]:,}")
            item.setData(Qt.ItemDataRole.UserRole, text)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            on = text in self._ticked
            item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.blockSignals(False)
        more = len(self.values.texts)
        words = f"{more:,} values" if len(found) == more else f"{len(found):,} of {more:,} values"
        self.note.setText(
            words + (f", {self.values.empty:,} rows empty" if self.values.empty else "")
        )

    def _on_item(self, item: QListWidgetItem) -> None:
        text = item.data(Qt.ItemDataRole.UserRole)
        if item.checkState() is Qt.CheckState.Checked:
            self._ticked.add(text)
        else:
            self._ticked.discard(text)
        self._tell()

    def _tick_none(self) -> None:
        self._ticked.clear()
        self._list()
        self._tell()

    def _tell(self) -> None:
        self.chosen.emit([text for text in self.values.texts if text in self._ticked])


class NumberPicker(Picker):
    """A small chart with two handles; its `ends` are told as they are moved."""

    def __init__(
        self,
        spread: Spread,
        ends: tuple[float, float] | None,
        told: Callable[[float, float], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.chart = SpreadView(spread, ends)
        self.words = say("", "hint")
        self.column.addWidget(self.chart)
        self.column.addWidget(self.words)
        self.chart.moved.connect(told)
        self.chart.moved.connect(lambda *_: self._say())
        self._say()
        self.chart.setFocus()

    def _say(self) -> None:
        low, high = self.chart.ends
        empty = self.chart.spread.empty
        words = f"{_plain(low)} to {_plain(high)}"
        self.words.setText(words + (f", {empty:,} rows empty" if empty else ""))


class SpreadView(QWidget):
    """The bars of some numbers, between two handles that the mouse or the arrow keys move.

    Left and right move the upper end, with Shift the lower; `moved` carries both.
    """

    moved = Signal(float, float)

    def __init__(self, spread: Spread, ends: tuple[float, float] | None) -> None:
        super().__init__()
        self.spread = spread
        low, high = ends or (spread.low, spread.high)
        self.ends = (max(low, spread.low), min(high, spread.high))
        self._held = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(self.sizeHint())
        self.setAccessibleName("Range of numbers")
        self.setAccessibleDescription("Arrow keys move the upper end, with Shift the lower.")

    def sizeHint(self) -> QSize:
        return QSize(320, 110)

    def x_of(self, value: float) -> float:
        wide = self.width() - 2 * _SIDE
        return _SIDE + wide * (value - self.spread.low) / self._range

    @property
    def _range(self) -> float:
        return max(self.spread.high - self.spread.low, 1e-12)

    def _value_at(self, x: float) -> float:
        part = min(max((x - _SIDE) / max(self.width() - 2 * _SIDE, 1), 0.0), 1.0)
        value = self.spread.low + part * self._range
        if self.spread.whole:
            return float(round(value))
        digits = max(0, 3 - int(np.floor(np.log10(self._range))))
        return min(max(round(value, digits), self.spread.low), self.spread.high)

    def _move(self, which: int, value: float) -> None:
        low, high = self.ends
        ends = (min(value, high), high) if which == 0 else (low, max(value, low))
        if ends != self.ends:
            self.ends = ends
            self.update()
            self.moved.emit(*ends)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        away = [abs(x - self.x_of(end)) for end in self.ends]
        # Where both handles lie together, the side of the mouse decides which is taken.
        self._held = (
            0 if away[0] < away[1] or (away[0] == away[1] and x < self.x_of(self.ends[0])) else 1
        )
        if min(away) > _GRIP:
            self._move(self._held, self._value_at(x))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held >= 0:
            self._move(self._held, self._value_at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held = -1

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() not in steps:
            super().keyPressEvent(event)
            return
        which = 0 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        step = 1.0 if self.spread.whole else self._range / 100
        moved = self.ends[which] + steps[Qt.Key(event.key())] * step
        self._move(which, self._value_at(self.x_of(moved)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        t = theme.current()
        spread = self.spread
        floor = self.height() - _FOOT
        wide = (self.width() - 2 * _SIDE) / len(spread.counts)
        most = max(int(spread.counts.max()), 1)
        painter.setPen(Qt.PenStyle.NoPen)
        step = self._range / len(spread.counts)
        for bar, count in enumerate(spread.counts.tolist()):
            middle = spread.low + (bar + 0.5) * step
            inside = self.ends[0] - step / 2 <= middle <= self.ends[1] + step / 2
            painter.setBrush(
                theme.color(t.accent if inside else t.border_strong, 1.0 if inside else 0.5)
            )
            high = (floor - _TOP) * count / most
            painter.drawRect(QRectF(_SIDE + bar * wide, floor - high, max(wide - 1, 1), high))
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color(t.muted))
        foot = QRectF(_SIDE, floor + 2, self.width() - 2 * _SIDE, _FOOT - 2)
        painter.drawText(foot, int(Qt.AlignmentFlag.AlignLeft), _plain(spread.low))
        painter.drawText(foot, int(Qt.AlignmentFlag.AlignRight), _plain(spread.high))
        self._paint_handles(painter, floor)

    def _paint_handles(self, painter: QPainter, floor: int) -> None:
        t = theme.current()
        painter.setPen(QPen(theme.color(t.accent), 2))
        painter.setBrush(theme.color(t.raised))
        for end in self.ends:
            x = self.x_of(end)
            painter.drawLine(QPointF(x, _TOP), QPointF(x, floor))
            painter.drawRoundedRect(QRectF(x - 3, floor / 2 - 7, 6, 18), 3, 3)


def _plain(value: float) -> str:
    return f"{int(value):,}" if value.is_integer() else f"{value:,.6g}"
