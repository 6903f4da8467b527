"""Conditions on the columns of a table, built from plain choices; all of them must hold."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from gisapp.errors import DataError
from gisapp.ui.icons import icon
from gisapp.ui.table.condition_value import ValueLine
from gisapp.ui.table.conditions import (
    OPERATORS,
    ColumnType,
    Condition,
    Operator,
    column_type,
    example,
    matching,
)
from gisapp.ui.widgets.forms import INSIDE, choose, combo, say, secondary

#: A column's name is read whole up to so many letters, and is never narrower than this in pixels.
_COLUMN, _LEAST_COLUMN = 16, 90
#: What a list of choices takes beside its text.
_ARROW = 48
#: How long after the last key the filter is applied.
_PAUSE_MS = 250


class ConditionRow(QWidget):
    """One condition: column, question, value, and what is wrong with the value beside it."""

    changed = Signal()
    removed = Signal(object)
    values_wanted = Signal(object)

    def __init__(self, table: pa.Table, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table = table
        self._count: int | None = None
        self._of = ""
        self.column = combo([(name, name) for name in table.column_names], "Column")
        self.operator = combo([], "Question")
        self.value = ValueLine()
        self.value.setAccessibleName("Value")
        self.pick = QToolButton()
        self.pick.setIcon(icon("chart"))
        self.pick.clicked.connect(lambda: self.values_wanted.emit(self))
        self.left = say("", "hint")
        self.left.setAccessibleName("Rows left")
        self.left.setWordWrap(False)
        self.left.setMinimumWidth(self.left.fontMetrics().horizontalAdvance("999,999 left"))
        for kept in (self.left, self.value):
            keeps = kept.sizePolicy()
            keeps.setRetainSizeWhenHidden(True)
            kept.setSizePolicy(keeps)
        self.error = say("", "error")
        self.error.hide()
        self.remove = QToolButton()
        self.remove.setIcon(icon("close"))
        self.remove.setToolTip("Remove this condition")
        self.remove.setAccessibleName("Remove this condition")
        layout = self._line = QHBoxLayout()
        layout.setSpacing(INSIDE // 2)
        fields = (self.column, self.operator, self.value, self.pick, self.left, self.remove)
        for widget in fields:
            layout.addWidget(widget)
        for box in (self.column, self.operator):
            box.setMinimumContentsLength(7)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(2)
        whole.addLayout(layout)
        whole.addWidget(self.error)
        self.column.currentIndexChanged.connect(self._offer_operators)
        self.operator.currentIndexChanged.connect(self._on_operator)
        self.value.textEdited.connect(lambda _: self.changed.emit())
        self.remove.clicked.connect(lambda: self.removed.emit(self))
        self._offer_operators()

    @property
    def condition(self) -> Condition:
        return Condition(
            self.column.currentText(), Operator(self.operator.currentData()), self.value.text()
        )

    def show_condition(self, condition: Condition) -> None:
        choose(self.column, condition.column)
        choose(self.operator, condition.operator)
        self.value.setText(condition.value)
        self.value.setCursorPosition(0)

    @property
    def wanted(self) -> tuple[int, int, int]:
        """How many pixels column, question and value need to be read whole, within reason."""
        wide = self.column.fontMetrics().horizontalAdvance
        column = min(wide(self.column.currentText()), wide("m" * _COLUMN)) + _ARROW
        operator = wide(self.operator.currentText()) + _ARROW
        asks = Operator(self.operator.currentData()).needs_value
        return column, operator, self.value.wanted if asks else 0

    def share(self, column: int, operator: int, value: int) -> None:
        """Give the fields these widths; the value takes what is left over."""
        self.column.setFixedWidth(column)
        self.operator.setFixedWidth(operator)
        self.value.setMinimumWidth(value)

    @property
    def rest(self) -> int:
        """How many pixels all but column, question and value takes."""
        small = [self.left, self.remove] + ([self.pick] if self.pick.isVisibleTo(self) else [])
        return sum(part.sizeHint().width() + self._line.spacing() for part in small) + 2 * INSIDE

    def say(self, operator: Operator, value: str) -> None:
        """Ask this from now on, as if it had been typed."""
        choose(self.operator, operator)
        self.value.setText(value)
        self.changed.emit()

    def show_left(self, count: int | None) -> None:
        """How many rows this condition and those above it leave; None when not known yet."""
        self._count = count
        self.left.setText("" if count is None else f"{count:,} left{self._of}")
        self.left.setVisible(count is not None)

    def count_of(self, of: str) -> None:
        """Say of which rows is counted, where the map shows others."""
        self._of = of
        self.show_left(self._count)

    def usable(self) -> bool:
        """Whether the condition says something; what is wrong is shown, an empty value is not."""
        condition = self.condition
        if condition.operator.needs_value and not condition.value.strip():
            self._say_error("")
            return False
        try:
            matching(self._table.slice(0, 0), [condition])
        except DataError as error:
            self._say_error(str(error))
            return False
        self._say_error("")
        return True

    def _say_error(self, text: str) -> None:
        self.error.setText(text)
        self.error.setVisible(bool(text))
        self.value.setAccessibleDescription(text)

    def _offer_operators(self) -> None:
        kind = column_type(self._table[self.column.currentText()].type)
        if [self.operator.itemData(i) for i in range(self.operator.count())] != list(
            OPERATORS[kind]
        ):
            self.operator.blockSignals(True)
            self.operator.clear()
            for operator in OPERATORS[kind]:
                self.operator.addItem(operator.value, operator)
            self.operator.blockSignals(False)
        self._on_operator()

    def _on_operator(self) -> None:
        operator = Operator(self.operator.currentData())
        kind = column_type(self._table[self.column.currentText()].type)
        self.value.setVisible(operator.needs_value)
        self.value.setPlaceholderText(example(kind, operator))
        text = "Pick values, with how often each occurs"
        if kind is ColumnType.NUMBER:
            text = "Pick a range in a small chart"
        self.pick.setVisible(kind in (ColumnType.TEXT, ColumnType.NUMBER))
        self.pick.setToolTip(text)
        self.pick.setAccessibleName(text)
        self.show_left(None)
        self.changed.emit()


class FilterBar(QWidget):
    """The conditions of one layer; `changed` carries those that can be applied.

    `rows_changed` comes when there are other rows, with or without a condition in them.
    """

    changed = Signal(object)
    rows_changed = Signal()
    values_wanted = Signal(object)
    #: So many pixels show all conditions without cutting them.
    wants = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = pa.table({})
        self.rows: list[ConditionRow] = []
        self._of = ""
        self.add = secondary("Add condition", self.add_row)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self._layout.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self.apply_now)

    def show_table(self, table: pa.Table, conditions: Sequence[Condition]) -> None:
        """The conditions of another layer; nothing is emitted."""
        self._timer.stop()
        for row in self.rows:
            self._drop(row)
        self.rows = []
        self.table = table
        self.add.setEnabled(bool(table.column_names))
        for condition in conditions:
            if condition.column in table.column_names:
                self._new_row().show_condition(condition)
        for row in self.rows:
            row.usable()
        self._timer.stop()
        self.rows_changed.emit()

    def add_row(self) -> None:
        """An empty condition, ready to be filled in."""
        if self.table.column_names:
            row = self._new_row()
            self.rows_changed.emit()
            row.column.setFocus()

    def apply_now(self) -> None:
        """Tell what the conditions say now, without waiting for the pause."""
        self._timer.stop()
        self.changed.emit(tuple(row.condition for row in self.rows if row.usable()))

    def show_left(self, counts: Sequence[int]) -> None:
        """How many rows are left by each of the conditions that were told last."""
        usable = [row for row in self.rows if row.usable()]
        for row in self.rows:
            row.show_left(None)
        for row, count in zip(usable, counts, strict=False):
            row.show_left(count)
        self._share()

    def count_of(self, of: str) -> None:
        """Say of which rows is counted, where the map shows others; empty where it does not."""
        self._of = of
        for row in self.rows:
            row.count_of(of)
        self._share()

    def _share(self) -> None:
        """Let the fields of all rows stand under each other, as wide as the widest needs.

        Where there is no room for that, lists of values are cut first, then names of columns.
        """
        if not self.rows:
            return
        column, operator, value = (max(part) for part in zip(*self._wanted(), strict=True))
        rest = max(row.rest for row in self.rows)
        self.wants.emit(column + operator + value + rest)
        room = self.width() - rest - operator
        first = min(value, self.rows[0].value.width_of_two)
        column = min(column, max(room - first, _LEAST_COLUMN))
        value = min(value, max(room - column, _LEAST_COLUMN))
        for row in self.rows:
            row.share(column, operator, value)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

    def minimumSizeHint(self) -> QSize:
        # The fields are as wide as there is room, and would else never let go of it.
        return QSize(0, super().minimumSizeHint().height())

    def _wanted(self) -> list[tuple[int, int, int]]:
        return [row.wanted for row in self.rows]

    def _new_row(self) -> ConditionRow:
        row = ConditionRow(self.table, self)
        row.count_of(self._of)
        row.changed.connect(self._timer.start)
        row.changed.connect(self._share)
        row.value.textChanged.connect(self._share)
        row.removed.connect(self._remove)
        row.values_wanted.connect(self.values_wanted)
        row.value.returnPressed.connect(self.apply_now)
        self._layout.addWidget(row)
        self.rows.append(row)
        self._share()
        before: QWidget | QComboBox = self.add
        for widget in (row.column, row.operator, row.value, row.pick, row.remove):
            QWidget.setTabOrder(before, widget)
            before = widget
        return row

    def _remove(self, row: ConditionRow) -> None:
        self.rows.remove(row)
        self._drop(row)
        self._share()
        self.rows_changed.emit()
        self.add.setFocus()
        self.apply_now()

    def _drop(self, row: ConditionRow) -> None:
        self._layout.removeWidget(row)
        row.hide()
        row.deleteLater()
