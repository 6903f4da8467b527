"""Sections of an agreement's form: each shows some of its terms and gives them back."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from gisapp.ui.agreements.row_list import Rows
from gisapp.ui.times.moment_field import MomentField
from gisapp.ui.widgets.fields import DayField, TickList, WheelGuard, WholeField
from gisapp.ui.widgets.forms import FieldRow, Form, choose, combo

#: Width of the labels, so that the fields of all sections stand in one line.
_LABELS = 150

#: What stands for “the paper does not say”.
NOT_SAID = "Not said"


class Section(Form):
    """Rows of a form whose fields are known by the names of the terms they hold.

    Text that was not touched comes back as it was, to the last blank; what the section does
    not show is not in `read`, so it cannot get lost.

    One that takes long to make puts parts of it off. What such a part would show is not in `read`
    until it is there; each shows what the section was filled with when it comes.
    """

    changed = Signal()
    title = ""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: dict[str, FieldRow] = {}
        self.fields: dict[str, QWidget] = {}
        self._enums: dict[str, type] = {}
        self._given: dict[str, Any] = {}
        self._shown: dict[str, Any] = {}
        self._source: object | None = None
        self._parts: deque[Callable[[], None]] = deque()
        self.grid.setColumnMinimumWidth(0, _LABELS)

    # Building

    def put_off(self, *parts: Callable[[], None]) -> None:
        """Leave these for `grow`, in the order in which they stand in the form."""
        self._parts.extend(parts)

    @property
    def whole(self) -> bool:
        """Whether all parts are there."""
        return not self._parts

    def grow(self) -> bool:
        """Make the next part that was put off; whether there was one. Nobody is told of it."""
        if self.whole:
            return False
        known = set(self.fields)
        blocked = self.blockSignals(True)
        self._parts.popleft()()
        if self._source is not None:
            self._show_terms(self._source, [name for name in self.fields if name not in known])
        self.blockSignals(blocked)
        return True

    def put(self, name: str, label: str, field: QWidget, hint: str = "") -> FieldRow:
        """A row for the term `name`."""
        row = self.add(label, field, hint)
        row.label.setWordWrap(True)
        row.label.setFixedWidth(_LABELS)
        self.rows[name] = row
        self.know(name, field)
        return row

    def know(self, name: str, field: QWidget) -> None:
        """Let a field hold the term `name`, wherever it stands."""
        self.fields[name] = field
        if isinstance(field, QLineEdit | QPlainTextEdit):
            field.textChanged.connect(self._on_change)
        elif isinstance(field, QComboBox):
            field.currentIndexChanged.connect(self._on_change)
        elif isinstance(field, QCheckBox):
            field.toggled.connect(self._on_change)
        elif isinstance(field, DayField | MomentField | TickList | Rows):
            field.changed.connect(self._on_change)

    def _on_change(self, *_: object) -> None:
        self.changed.emit()

    def text(self, name: str, label: str, example: str = "", hint: str = "") -> QLineEdit:
        """A row with a line of text."""
        edit = QLineEdit()
        edit.setPlaceholderText(example)
        self.put(name, label, edit, hint)
        return edit

    def prose(self, name: str, label: str, example: str = "", hint: str = "") -> QPlainTextEdit:
        """A row with a few lines of text."""
        edit = QPlainTextEdit()
        edit.setPlaceholderText(example)
        edit.setFixedHeight(60)
        edit.setTabChangesFocus(True)
        self.put(name, label, edit, hint)
        return edit

    def choice(
        self, name: str, label: str, kind: type, items: Sequence[tuple[str, str]], hint: str = ""
    ) -> QComboBox:
        """A row with the members of an enum to choose from, and that nothing is said."""
        box = combo([(NOT_SAID, None), *items])
        WheelGuard.protect(box)
        self._enums[name] = kind
        self.put(name, label, box, hint)
        return box

    def ticks(
        self,
        name: str,
        label: str,
        kind: type,
        items: Sequence[tuple[str, str]],
        hint: str = "",
        columns: int = 2,
    ) -> TickList:
        """A row with the members of an enum to tick."""
        ticks = TickList(items, columns)
        self._enums[name] = kind
        self.put(name, label, ticks, hint)
        return ticks

    # Showing and reading

    def fill(self, source: object) -> None:
        """Show the terms that `source` has under the names of the fields."""
        self._source = source
        self._show_terms(source, self.fields)

    def _show_terms(self, source: object, names: Iterable[str]) -> None:
        for name in names:
            field, value = self.fields[name], getattr(source, name)
            _show(field, value)
            self._given[name] = value
            self._shown[name] = _said(field)

    def read(self) -> dict[str, Any]:
        """The terms by name. A field that cannot be read counts as empty (see `unreadable`)."""
        found: dict[str, Any] = {}
        for name, field in self.fields.items():
            said = _said(field)
            if name in self._shown and said == self._shown[name]:
                found[name] = self._given[name]
            else:
                found[name] = self._made(name, said)
        return found

    def _made(self, name: str, said: Any) -> Any:
        """What is typed, as the term is kept: members of an enum, text without its margins."""
        kind = self._enums.get(name)
        if kind is None:
            return said.strip() if isinstance(said, str) else said
        if isinstance(said, tuple):
            return tuple(kind(value) for value in said)
        return None if said is None else kind(said)

    def unreadable(self) -> dict[str, str]:
        """What is wrong with fields whose text says nothing, by the name of the term."""
        wrong = {}
        for name, field in self.fields.items():
            if isinstance(field, DayField | MomentField | WholeField | Rows) and field.problem():
                wrong[name] = field.problem()
        return wrong


def _show(field: QWidget, value: Any) -> None:
    if isinstance(field, WholeField):
        field.set_number(value)
    elif isinstance(field, QLineEdit):
        field.setText(value)
        field.setCursorPosition(0)
    elif isinstance(field, QPlainTextEdit):
        field.setPlainText(value)
    elif isinstance(field, QComboBox):
        choose(field, value)
    elif isinstance(field, QCheckBox):
        field.setChecked(value)
    elif isinstance(field, DayField):
        field.set_day(value)
    elif isinstance(field, MomentField):
        field.set_moment(value)
    elif isinstance(field, TickList | Rows):
        field.set_values(value)


def _said(field: QWidget) -> Any:
    """What a field holds, as plainly as it can be compared."""
    if isinstance(field, WholeField):
        return field.number
    if isinstance(field, QLineEdit):
        return field.text()
    if isinstance(field, QPlainTextEdit):
        return field.toPlainText()
    if isinstance(field, QComboBox):
        return field.currentData()
    if isinstance(field, QCheckBox):
        return field.isChecked()
    if isinstance(field, DayField):
        return None if field.problem() else field.day
    if isinstance(field, MomentField):
        return field.moment
    if isinstance(field, TickList | Rows):
        return field.values
    raise TypeError(f"a section knows no {type(field).__name__}")
