"""Parts of which the inspector's pages are made."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gisapp.ui import theme
from gisapp.ui.icons import icon
from gisapp.ui.widgets.forms import say
from gisapp.ui.widgets.plain import tip

_LONG_WORD = re.compile(r"\S{18,}")
#: Up to so many letters of a long word stay together, with the sign that ends them.
_BREAKS = re.compile(r"([^;,/&_.:-]{1,14}[;,/&_.:-]?)(?=.)")


def breakable(text: str) -> str:
    """Let words that are too long for a narrow page, rules or file names, break after their signs.

    Where they have none for long, they break anyway.
    """
    return _LONG_WORD.sub(lambda word: _BREAKS.sub("\\1\u200b", word[0]), text)


class Page(QWidget):
    """A column of parts with even distances."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        t = theme.tokens(False)
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(t.gap_large, t.gap, t.gap_large, t.gap_large)
        self.column.setSpacing(t.gap)

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        self.column.addWidget(widget, stretch)

    def title(self, text: str, kind: str = "") -> QLabel:
        """The name of the thing, with what it is above in small."""
        if kind:
            above = say(kind, "hint")
            above.setFont(theme.font("small"))
            self.add(above)
        label = say(text)
        label.setFont(theme.font("title", bold=True))
        self.add(label)
        return label

    def section(self, text: str) -> None:
        """A heading over the parts that follow."""
        label = QLabel(text)
        label.setProperty("role", "section")
        label.setContentsMargins(0, theme.tokens(False).gap, 0, 0)
        self.add(label)

    def facts(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Names and values side by side; a value that is empty leaves its name out."""
        # First into the page: what is put into something is dressed anew with all that it holds.
        box = QWidget()
        self.add(box)
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        for row, (name, value) in enumerate((n, v) for n, v in pairs if v):
            label = QLabel(name)
            label.setProperty("role", "muted")
            label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
            label.setMaximumWidth(120)
            label.setWordWrap(True)
            shown = say(breakable(value))
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            shown.setAccessibleName(f"{name}: {value}")
            grid.addWidget(label, row, 0)
            grid.addWidget(shown, row, 1)

    def buttons(self, *entries: tuple[str, str, Callable[[], object]]) -> QWidget:
        """Buttons as (icon, text, what it does), two in a row."""
        box = QWidget()
        self.add(box)
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(8)
        for number, (name, text, run) in enumerate(entries):
            button = QPushButton(icon(name), f" {text}")
            button.setAutoDefault(False)
            # Two stand beside each other in a narrow panel, and have to be read whole.
            button.setProperty("paired", True)
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            button.clicked.connect(lambda _=False, run=run: run())
            grid.addWidget(button, number // 2, number % 2)
        return box

    def link(self, text: str, run: Callable[[], object]) -> QPushButton:
        """A button that reads as a link."""
        button = QPushButton(text)
        button.setFlat(True)
        button.setProperty("flat", True)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _=False: run())
        row = QHBoxLayout()
        row.addWidget(button)
        row.addStretch(1)
        self.column.addLayout(row)
        return button

    def end(self) -> None:
        """Keep everything together at the top."""
        self.column.addStretch(1)


class NameEdit(QLineEdit):
    """A name that can be changed in place; Enter or leaving takes it, Esc takes it back."""

    def __init__(self, name: str, what: str, rename: Callable[[str], object]) -> None:
        super().__init__(name)
        self._name = name
        self._rename = rename
        self.setObjectName("name")
        self.setAccessibleName(f"Name of the {what}")
        self.setFont(theme.font("body", bold=True))
        self.setToolTip(tip(f"{name}\nType another name, then Enter"))
        self.setCursorPosition(0)
        self.editingFinished.connect(self._take)

    def _take(self) -> None:
        text = self.text().strip()
        if not text:
            self.setText(self._name)
        elif text != self._name:
            self._name = text
            self._rename(text)


class Standing(QFrame):
    """How a zone or agreement stands, in words beside its picture."""

    def __init__(self, text: str, picture: str, color: str, detail: str = "") -> None:
        super().__init__()
        self.setProperty("role", "card")
        t = theme.tokens(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, t.gap, 12, t.gap)
        row.setSpacing(t.gap)
        symbol = QLabel()
        symbol.setPixmap(icon(picture, color).pixmap(QSize(t.icon_tool, t.icon_tool)))
        symbol.setAlignment(Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        first = say(text)
        first.setFont(theme.font("body", bold=True))
        words.addWidget(first)
        if detail:
            words.addWidget(say(detail, "hint"))
        row.addWidget(symbol)
        row.addLayout(words, 1)
        self.setAccessibleName(f"{text}. {detail}")
