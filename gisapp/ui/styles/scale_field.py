"""A scale such as 1 : 25 000 to type, or to take from the map as it is; empty is no limit."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from gisapp.errors import DataError
from gisapp.ui.session import Session
from gisapp.ui.widgets.forms import INSIDE

_LEAST, _MOST = 100.0, 500_000_000.0


def parse_scale(text: str) -> float | None:
    """The number N of `1 : N` or `N`, with blanks or commas between thousands; None for nothing.

    DataError for anything that is no scale of a map.
    """
    plain = re.sub(r"[\s\u00a0\u202f',’]", "", text)
    if not plain:
        return None
    found = re.fullmatch(r"(?:1[:/])?(\d{1,12})", plain)
    if found is not None and _LEAST <= float(found[1]) <= _MOST:
        return float(found[1])
    raise DataError(f"“{text.strip()}” is not a scale.", "Write it such as 1 : 25 000.")


def scale_text(scale: float | None) -> str:
    """`1 : 25 000`; empty for no limit."""
    return "" if scale is None else f"1 : {round(scale):,}".replace(",", " ")


class ScaleField(QWidget):
    """`changed(scale)` tells a scale, or None, once it is typed to the end.

    `rounded` makes the present scale a whole number, so that it lies within the limit.
    """

    changed = Signal(object)

    def __init__(
        self,
        session: Session,
        name: str,
        rounded: Callable[[float], int] = math.ceil,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.session = session
        self._rounded = rounded
        self.edit = QLineEdit()
        self.edit.setAccessibleName(name)
        self.edit.setPlaceholderText("no limit")
        self.here = QPushButton("Use the present scale")
        self.here.setAutoDefault(False)
        self.here.setAccessibleName(f"Use the present scale: {name.lower()}")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(INSIDE)
        row.addWidget(self.edit, 1)
        row.addWidget(self.here)
        self.setFocusProxy(self.edit)
        self.edit.textEdited.connect(lambda _: self._mark(self.problem()))
        self.edit.editingFinished.connect(self._take)
        self.here.clicked.connect(lambda: self._take_here())
        self._told: float | None = None

    def problem(self) -> str:
        """What is wrong with the text; empty when nothing is."""
        try:
            parse_scale(self.edit.text())
        except DataError as error:
            return f"{error.message} {error.hint}"
        return ""

    def set_scale(self, scale: float | None) -> None:
        """Show a scale; nothing is told."""
        self._told = scale
        if not self.edit.hasFocus() or not self.problem():
            self.edit.setText(scale_text(scale))
            self._mark("")

    def _mark(self, problem: str) -> None:
        self.edit.setProperty("invalid", bool(problem))
        self.edit.setToolTip(problem)
        self.edit.setAccessibleDescription(problem)
        self.edit.style().unpolish(self.edit)
        self.edit.style().polish(self.edit)

    def _take(self) -> None:
        problem = self.problem()
        self._mark(problem)
        if problem:
            return
        scale = parse_scale(self.edit.text())
        # A scale that was taken from the map is rounded where it is shown.
        if scale_text(scale) != scale_text(self._told):
            self._tell(scale)

    def _take_here(self) -> None:
        self._tell(float(self._rounded(self.session.view.scale)))

    def _tell(self, scale: float | None) -> None:
        self.set_scale(scale)
        self.changed.emit(scale)
