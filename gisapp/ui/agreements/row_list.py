"""Lists in a form whose rows are added and removed: the frame that all of them share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, Generic, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gisapp.ui.icons import icon
from gisapp.ui.widgets.fields import ClockField, DayField, WheelGuard
from gisapp.ui.widgets.forms import INSIDE, combo, secondary


def line_edit(name: str, example: str = "") -> QLineEdit:
    """A line of text in a row: its name is read aloud and shown while it is empty."""
    edit = QLineEdit()
    edit.setPlaceholderText(example or name)
    edit.setAccessibleName(name)
    edit.setToolTip(name)
    return edit


def choice_box(name: str, items: Sequence[tuple[str, object]]) -> QComboBox:
    """A list of choices in a row, which the wheel leaves alone while it has no focus."""
    box = combo(items, name)
    box.setToolTip(name)
    WheelGuard.protect(box)
    return box


class Row(QWidget):
    """One row: its fields side by side, and the button that removes it.

    A subclass makes its fields, hands them to `arrange`, and says in `value` what they hold,
    or None while they cannot be read (`problem` says why).
    """

    changed = Signal()

    def __init__(self, what: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.remove = QToolButton()
        self.remove.setIcon(icon("close"))
        self.remove.setToolTip(f"Remove this {what}")
        self.remove.setAccessibleName(f"Remove this {what}")
        self.line = QHBoxLayout(self)
        self.line.setContentsMargins(0, 0, 0, 0)
        self.line.setSpacing(INSIDE)

    def arrange(self, *fields: tuple[QWidget, int]) -> None:
        """Put fields side by side, each with its share of the room; the first takes the focus."""
        for field, share in fields:
            self.line.addWidget(field, share)
            self._listen(field)
        self.line.addWidget(self.remove)
        self.setFocusProxy(fields[0][0])

    def _listen(self, field: QWidget) -> None:
        if isinstance(field, QLineEdit):
            field.textChanged.connect(lambda _: self.changed.emit())
        elif isinstance(field, QComboBox):
            field.currentIndexChanged.connect(lambda _: self.changed.emit())
        elif isinstance(field, QCheckBox):
            field.toggled.connect(lambda _: self.changed.emit())
        elif isinstance(field, DayField):
            field.changed.connect(self.changed)

    @property
    def value(self) -> Any:
        """What the row says; None while it cannot be read."""
        raise NotImplementedError

    def fill(self, value: Any) -> None:
        """Show a value in the fields."""
        raise NotImplementedError

    def problem(self) -> str:
        """What is wrong with the row; empty when nothing is."""
        return ""


V = TypeVar("V")


class Rows(QWidget, Generic[V]):
    """Rows of one sort with a button that adds another."""

    changed = Signal()

    def __init__(
        self, add_text: str, make_row: Callable[[QWidget], Row], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._make_row = make_row
        self.add = secondary(add_text, lambda: self.add_row().setFocus())
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(6)
        foot = QHBoxLayout()
        foot.addWidget(self.add)
        foot.addStretch(1)
        self._layout.addLayout(foot)
        self._rows: list[Row] = []
        self._given: tuple[V, ...] | None = None
        self.setFocusProxy(self.add)

    @property
    def values(self) -> tuple[V, ...]:
        """What the rows say, without those that cannot be read.

        What was shown and not touched comes back as it was, to the last blank.
        """
        if self._given is not None:
            return self._given
        return tuple(row.value for row in self._rows if row.value is not None)

    def set_values(self, values: Sequence[V]) -> None:
        """Show these in place of what stands there."""
        for row in tuple(self._rows):
            self._take_out(row)
        for value in values:
            row = self.add_row()
            row.fill(value)
            for edit in row.findChildren(QLineEdit):
                edit.setCursorPosition(0)  # the beginning of a long name tells more
        self._given = tuple(values)
        self.changed.emit()

    def problem(self) -> str:
        return next((row.problem() for row in self._rows if row.problem()), "")

    def add_row(self) -> Row:
        """An empty row at the end."""
        row = self._make_row(self)
        row.changed.connect(self._on_touched)
        row.remove.clicked.connect(lambda: self.remove_row(row))
        self._layout.insertWidget(len(self._rows), row)
        self._rows.append(row)
        self._order_keys()
        self._on_touched()
        return row

    def _on_touched(self) -> None:
        self._given = None
        self.changed.emit()

    def _order_keys(self) -> None:
        """Let Tab go from row to row and then to the button: a new widget comes last by itself."""
        stops = [stop for row in self._rows for stop in _stops(row)]
        # Each goes behind the one before it, so the first must be brought to this place first.
        for former, stop in pairwise([self.add, *stops, self.add]):
            QWidget.setTabOrder(former, stop)

    def remove_row(self, row: Row) -> None:
        self._take_out(row)
        self.add.setFocus()
        self._on_touched()

    def _take_out(self, row: Row) -> None:
        self._rows.remove(row)
        self._layout.removeWidget(row)
        row.hide()
        row.deleteLater()


def _stops(row: QWidget) -> list[QWidget]:
    """The widgets of a row that take the keyboard, in the order in which they stand."""
    layout = row.layout()
    assert layout is not None
    places = [layout.itemAt(number) for number in range(layout.count())]
    found = [place.widget() for place in places if place is not None]
    stops: list[QWidget] = []
    for widget in found:
        if isinstance(widget, DayField):
            stops += [widget.edit, widget.button]
        elif isinstance(widget, ClockField) or (
            widget is not None and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        ):
            stops.append(widget)
    return stops
