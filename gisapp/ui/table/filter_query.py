"""The whole filter as the text of a pandas query: read, edited, counted as it is written."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gisapp.ui.widgets.elided import Elided
from gisapp.ui.widgets.forms import INSIDE, say, secondary
from gisapp.ui.widgets.plain import tip

#: How long after the last key the rows are counted.
_PAUSE_MS = 300
#: So many queries are remembered.
_REMEMBERED = 20
#: Keys that would go through the older queries.
_KEPT = frozenset({Qt.Key.Key_Up, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown})
_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
#: An error names the columns there are, which one line has no room for.
_ERROR_LINES = 4


class QueryBox(QComboBox):
    """A line with the older queries in a list: no key but one chosen there brings one back.

    Completed as one types, `a == 1` would become the `a == 1 and b == 2` of before.
    """

    #: It has the focus, not its line; handed on to that, Enter would come back from there.
    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setEditable(True)
        self.setCompleter(None)  # type: ignore[arg-type]  # Qt takes none, PySide does not tell
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.showPopup()
        elif event.key() in _ENTER:
            self.entered.emit()
        elif event.key() not in _KEPT:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class QueryLine(QWidget):
    """A line of text with its count and what can be done with the rows it chooses.

    `asked` carries the text when its rows are to be counted, `only` and `select` when they are to
    be shown alone or selected. Nothing is decided here about what the text means.
    """

    asked = Signal(str)
    only = Signal(str)
    select = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counted = self._of = ""
        self.box = QueryBox()
        self.box.setAccessibleName("Filter as text")
        self.box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.box.setToolTip("The filter as a pandas query. Enter shows only these rows.")
        line = self.box.lineEdit()
        assert line is not None
        self.line = line
        self.line.setPlaceholderText("Filter as text, such as: kind == 'pharmacy' and beds > 3")
        self.line.setClearButtonEnabled(True)
        self.count = say("", "hint")
        self.count.setWordWrap(False)
        # No more than these lines: they are taken from the rows of the table.
        self.error = Elided(lines=_ERROR_LINES)
        self.error.setProperty("role", "error")
        self.error.setVisible(False)
        self.note = Elided(lines=_ERROR_LINES)
        self.note.setProperty("role", "hint")
        self.note.setVisible(False)
        self.only_button = secondary("Only these rows", lambda: self._tell(self.only))
        self.select_button = secondary("Select these rows", lambda: self._tell(self.select))
        label = QLabel("&Query")
        label.setBuddy(self.box)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(INSIDE)
        row.addWidget(label)
        row.addWidget(self.box, 1)
        for widget in (self.count, self.only_button, self.select_button):
            row.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self.error)
        column.addWidget(self.note)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(lambda: self.asked.emit(self.text))
        self.line.textEdited.connect(self._on_edited)
        self.box.entered.connect(lambda: self._tell(self.only))
        self.box.activated.connect(lambda _: self._on_edited())

    @property
    def text(self) -> str:
        return self.line.text().strip()

    def show_text(self, text: str) -> None:
        """The text of the filter that holds now; what is being written is left alone."""
        self._timer.stop()
        if text != self.text:
            self.line.setText(text)
            self.line.setCursorPosition(0)
        self.say("", "")

    def say(self, count: str, error: str, note: str = "") -> None:
        """How many rows the text chooses, or what is wrong with it, as a sentence beneath.

        A note says there what it means that may not be what was meant.
        """
        self._say_count(count)
        self.error.setText(self._without_text(error))
        self.error.setToolTip(tip(error))
        self.error.setVisible(bool(error))
        self.note.setText(note)
        self.note.setToolTip(tip(note))
        self.note.setVisible(bool(note))
        said = f"{self.count.text()}. {note}".removesuffix(". ")
        self.line.setAccessibleDescription(error or said)

    def count_of(self, of: str) -> None:
        """Say of which rows is counted, where the map shows others; empty where it does not."""
        self._of = of
        self._say_count(self._counted)

    def _say_count(self, count: str) -> None:
        self._counted = count
        self.count.setText(f"{count}{self._of}" if count else "")

    def _without_text(self, error: str) -> str:
        """An error that begins with the text without it: it stands above."""
        ends = self.text[:100]
        said = error.partition("” ")[2] if ends and error.startswith(f"“{ends}") else ""
        return said[:1].upper() + said[1:] if said else error

    def remember(self, text: str, layer_id: str = "") -> None:
        """Put a query that was used at the head of those that are offered again.

        With the id of the layer that it was asked of, where it is not to outlive what is known
        of that.
        """
        found = self.box.findText(text, Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchCaseSensitive)
        shown, asked_of = self.line.text(), {layer_id} - {""}
        if found >= 0:
            asked_of |= self.box.itemData(found)
            self.box.removeItem(found)
        self.box.insertItem(0, text, frozenset(asked_of))
        while self.box.count() > _REMEMBERED:
            self.box.removeItem(self.box.count() - 1)
        self.box.setCurrentIndex(-1)
        self.line.setText(shown)

    def forget(self, unwanted: Callable[[str, frozenset[str]], bool]) -> None:
        """Offer queries no more that are `unwanted`, asked of all these layers.

        One that is being written goes, too; it was asked of none yet.
        """
        for place in reversed(range(self.box.count())):
            if unwanted(self.box.itemText(place), self.box.itemData(place)):
                self.box.removeItem(place)
        if self.text and unwanted(self.text, frozenset()):
            self.show_text("")

    def _on_edited(self) -> None:
        self._counted = ""
        self.count.setText("…" if self.text else "")
        self._timer.start()

    def _tell(self, signal: SignalInstance) -> None:
        self._timer.stop()
        signal.emit(self.text)
