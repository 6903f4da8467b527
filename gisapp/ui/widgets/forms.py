"""Parts of every form: rows that say what is wrong beside the field, one primary button."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QSize, Qt
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
    QTableWidget,
    QVBoxLayout,
    QWidget,
)

from gisapp.ui import theme
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
        self._name = label.rstrip(":")
        self._hint = hint
        self._shown = True
        self.label = QLabel(label)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setBuddy(_buddy(field))
        self.label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        self.label.setContentsMargins(0, 5, 0, 0)
        self.note = say(hint, "hint")
        self.error_label = say("", "error")
        self.note.setVisible(bool(hint))
        self.error_label.hide()
        box = QVBoxLayout()
        box.setSpacing(2)
        box.addWidget(field)
        box.addWidget(self.note)
        box.addWidget(self.error_label)
        form.grid.addWidget(self.label, row, 0)
        form.grid.addLayout(box, row, 1)
        named = _buddy(field)
        # A button or tick box says its own text; the label beside it stands for the group.
        if not named.accessibleName() and not isinstance(named, QAbstractButton):
            named.setAccessibleName(self._name)
        named.setAccessibleDescription(hint)

    def set_error(self, error: str) -> None:
        """Say what is wrong with the field; empty when nothing is."""
        self.error_label.setText(error)
        self.error_label.setVisible(self._shown and bool(error))
        self.note.setVisible(self._shown and bool(self._hint) and not error)
        named = _buddy(self.field)
        named.setAccessibleDescription(error or self._hint)
        if named.property("invalid") != bool(error):
            named.setProperty("invalid", bool(error))
            named.style().unpolish(named)
            named.style().polish(named)

    def set_hint(self, hint: str) -> None:
        self._hint = hint
        self.note.setText(hint)
        self.note.setVisible(self._shown and bool(hint) and not self.error)
        if not self.error:
            _buddy(self.field).setAccessibleDescription(hint)

    def set_visible(self, visible: bool) -> None:
        self._shown = visible
        self.label.setVisible(visible)
        self.field.setVisible(visible)
        self.note.setVisible(visible and bool(self._hint) and not self.error)
        self.error_label.setVisible(visible and bool(self.error))

    @property
    def error(self) -> str:
        return self.error_label.text()


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


def scrolled(widget: QWidget) -> QScrollArea:
    """A form that scrolls up and down where the screen is small, never sideways."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
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

    def _room(self, parent: QWidget) -> QSize:
        """What the screen has room for within the frame of a window."""
        whole = self.screen().availableGeometry().size()
        # A window that somebody made larger than the screen can be moved about, and so can this.
        return whole.expandedTo(parent.window().size()) - QSize(*_FRAME)


def list_table(name: str, columns: Sequence[str]) -> QTableWidget:
    """A table to read and choose a row of: calm, by whole rows, and left by Tab."""
    table = QTableWidget(0, len(columns))
    table.setHorizontalHeaderLabels(list(columns))
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
    return table
