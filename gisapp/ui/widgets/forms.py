"""Parts of every form: rows that say what is wrong beside the field, one primary button."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QTableView,
    QTableWidget,
    QVBoxLayout,
    QWidget,
)

from gisapp.ui import theme
from gisapp.ui.courtesy import Courtesy
from gisapp.ui.turns import next_turn
from gisapp.ui.widgets.choice_box import ChoiceBox

#: Steps of spacing in pixels: inside a group, between groups, round a form.
INSIDE, BETWEEN = 8, 16
#: What the frame of a window takes of the screen in width and height, in pixels.
_FRAME = (8, 40)
#: The least width of a column of text that is to be read, in pixels.
READABLE = 420


def say(text: str, role: str = "body") -> QLabel:
    """Text to be read: role is `title`, `body`, `hint` (small, quiet) or `error`."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setProperty("role", role)
    label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    if role == "title":
        label.setFont(theme.font("title", bold=True))
    elif role == "hint":
        label.setFont(theme.font("small"))
    return label


class FieldRow:
    """A labelled field with its error below it; the error is part of what a screen reader says."""

    def __init__(self, form: Form, row: int, label: str, field: QWidget, hint: str) -> None:
        self.field = field
        self.error = ""
        self._name = label.rstrip(":")
        self.hint = hint
        self._shown = True
        # Made when there is something to say: most rows never have an error, many have no hint.
        self._note: QLabel | None = None
        self._error: QLabel | None = None
        self.label = QLabel(label)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setBuddy(_buddy(field))
        self.label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        self.label.setContentsMargins(0, 5, 0, 0)
        self._box = QVBoxLayout()
        self._box.setSpacing(2)
        self._box.addWidget(field)
        self._say()
        form.grid.addWidget(self.label, row, 0)
        form.grid.addLayout(self._box, row, 1)
        named = _buddy(field)
        # A button or tick box says its own text; the label beside it stands for the group.
        if not named.accessibleName() and not isinstance(named, QAbstractButton):
            named.setAccessibleName(self._name)
        named.setAccessibleDescription(hint)

    @property
    def said(self) -> str:
        """What stands below the field: the error, or else the hint; empty while it is hidden."""
        return (self.error or self.hint) if self._shown else ""

    def _say(self) -> None:
        """Show the error below the field, or else the hint."""
        hint = "" if self.error else self.hint
        self._note = self._told(self._note, hint, "hint")
        self._error = self._told(self._error, self.error, "error")

    def _told(self, label: QLabel | None, text: str, role: str) -> QLabel | None:
        if label is None:
            if not text:
                return None
            label = say(text, role)
            self._box.addWidget(label)
        elif text:
            label.setText(text)
        if not (self._shown and text):
            label.hide()
        elif label.parentWidget() is not None:  # alone it would be a window
            label.show()
        return label

    def set_error(self, error: str) -> None:
        """Say what is wrong with the field; empty when nothing is."""
        if error == self.error:  # a form says it of each of its rows at every key
            return
        self.error = error
        self._say()
        named = _buddy(self.field)
        named.setAccessibleDescription(error or self.hint)
        if bool(named.property("invalid")) != bool(error):
            named.setProperty("invalid", bool(error))
            named.style().unpolish(named)
            named.style().polish(named)

    def set_hint(self, hint: str) -> None:
        if hint == self.hint:
            return
        self.hint = hint
        self._say()
        if not self.error:
            _buddy(self.field).setAccessibleDescription(hint)

    def set_visible(self, visible: bool) -> None:
        self._shown = visible
        self.label.setVisible(visible)
        self.field.setVisible(visible)
        self._say()


def _buddy(field: QWidget) -> QWidget:
    """The widget of a composite field that takes the keyboard."""
    return field.focusProxy() or field


class Form(QWidget):
    """Labels on the left, fields on the right, at one pitch."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.grid = QGridLayout(self)
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setHorizontalSpacing(INSIDE + 4)
        self.grid.setVerticalSpacing(INSIDE)
        self.grid.setColumnStretch(1, 1)
        self._rows = 0

    def add(self, label: str, field: QWidget, hint: str = "") -> FieldRow:
        row = FieldRow(self, self._rows, label, field, hint)
        self._rows += 1
        return row

    def heading(self, text: str) -> QLabel:
        """A title over the rows that follow."""
        label = heading(text)
        if self._rows:
            label.setContentsMargins(0, INSIDE, 0, 0)
        self.grid.addWidget(label, self._rows, 0, 1, 2)
        self._rows += 1
        return label

    def across(self, widget: QWidget) -> None:
        """A widget over both columns."""
        self.grid.addWidget(widget, self._rows, 0, 1, 2)
        self._rows += 1

    def finish(self) -> None:
        """Keep the rows together at the top."""
        self.grid.setRowStretch(self._rows, 1)


def heading(text: str) -> QLabel:
    """The name of a group: body size, strong."""
    label = say(text)
    label.setFont(theme.font("body", bold=True))
    return label


def beside(*widgets: QWidget, stretch: int = -1, proxy: int = 0) -> QWidget:
    """Widgets in a row as one field; `stretch` is the one that grows, `proxy` takes the focus."""
    box = QWidget()
    layout = QHBoxLayout(box)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(INSIDE)
    for index, widget in enumerate(widgets):
        layout.addWidget(widget, 1 if index == stretch else 0)
    if stretch < 0:
        layout.addStretch(1)
    box.setFocusProxy(widgets[proxy])
    return box


def scroll_area() -> QScrollArea:
    """The place of a form that scrolls up and down where the screen is small, never sideways."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area


def scrolled(widget: QWidget, area: QScrollArea | None = None) -> QScrollArea:
    """A form in such a place: a new one, or the one whose viewport it was made in."""
    area = area or scroll_area()
    area.setWidget(widget)
    widget.setContentsMargins(0, 0, INSIDE, 0)
    return area


def primary(text: str, action: Callable[[], None]) -> QPushButton:
    """The one button that does it, named by its verb; Enter presses it."""
    button = QPushButton(text)
    button.setProperty("primary", True)
    button.setDefault(True)
    button.clicked.connect(lambda: action())
    return button


def secondary(text: str, action: Callable[[], None]) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(False)
    button.clicked.connect(lambda: action())
    return button


def actions(main: QPushButton, *others: QPushButton, left: Iterable[QWidget] = ()) -> QLayout:
    """The foot of a form: the primary button at the lower right."""
    row = QHBoxLayout()
    row.setSpacing(INSIDE)
    for widget in left:
        row.addWidget(widget)
    row.addStretch(1)
    for other in others:
        row.addWidget(other)
    row.addWidget(main)
    return row


def combo(items: Iterable[tuple[str, object]], name: str = "") -> ChoiceBox:
    """A list of choices as (text, value); it never grows wider than its form.

    Qt hands a StrEnum back as plain text, so readers of `currentData` make it one again.
    """
    box = ChoiceBox()
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(10)
    for text, value in items:
        box.addItem(text, value)
    if name:
        box.setAccessibleName(name)
    return box


def choose(box: QComboBox, value: object) -> bool:
    """Select the choice with this value; False when there is none."""
    for index in range(box.count()):
        if box.itemData(index) == value:
            box.setCurrentIndex(index)
            return True
    return False


class EmptyState(QWidget):
    """What a panel says when it has nothing to show: one sentence, and perhaps what to do."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = say(text, "hint")
        self.label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.label.setMinimumWidth(min(READABLE, 260))
        layout = QVBoxLayout(self)
        layout.addStretch(1)
        layout.addWidget(self.label)
        layout.addStretch(1)

    def set_text(self, text: str) -> None:
        self.label.setText(text)


class FormDialog(QDialog):
    """A dialog of a usual size with its margins; subclasses fill `body` and call `foot`."""

    def __init__(self, title: str, size: QSize, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.resize(size.boundedTo(self._room(parent)) if parent is not None else size)
        self.setSizeGripEnabled(True)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(BETWEEN, BETWEEN, BETWEEN, BETWEEN)
        self.body.setSpacing(BETWEEN - 4)
        self._pieces: deque[Callable[[], object]] = deque()

    def put_off(self, courtesy: Courtesy, *pieces: Callable[[], object]) -> None:
        """Do each in a turn of its own before the dialog opens, for one that is long in making."""

        def piece(act: Callable[[], object]) -> None:
            with courtesy.turn():
                act()

        self._pieces.extend(partial(piece, act) for act in pieces)
        for _ in pieces:
            next_turn(self, self._do_next)

    def _do_next(self) -> None:
        if self._pieces:
            self._pieces.popleft()()

    def finish(self) -> None:
        """Do now what was put off."""
        while self._pieces:
            self._do_next()

    def showEvent(self, event: QShowEvent) -> None:
        self.finish()
        super().showEvent(event)

    def _room(self, parent: QWidget) -> QSize:
        """What the screen has room for within the frame of a window."""
        whole = self.screen().availableGeometry().size()
        # A window that somebody made larger than the screen can be moved about, and so can this.
        return whole.expandedTo(parent.window().size()) - QSize(*_FRAME)


def list_table(name: str, columns: Sequence[str]) -> QTableWidget:
    """A table to read and choose a row of: calm, by whole rows, and left by Tab."""
    table = QTableWidget(0, len(columns))
    table.setHorizontalHeaderLabels(list(columns))
    calm(table, name)
    return table


def calm(table: QTableView, name: str) -> None:
    """Have a table look and be chosen from as all of them are."""
    table.setAccessibleName(name)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(28)
    table.horizontalHeader().setHighlightSections(False)
    start = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    table.horizontalHeader().setDefaultAlignment(start)
