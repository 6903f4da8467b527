"""Choosing a coordinate reference system: those that fit first, any other by code or name."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QWidget

from gisapp.errors import CrsError
from gisapp.io.reading import reference_systems
from gisapp.io.reading.reference_systems import Candidate


@lru_cache(maxsize=1)
def all_systems() -> tuple[str, ...]:
    """`EPSG:27700 · OSGB36 / British National Grid` for every system on the ground; slow once."""
    from pyproj.database import query_crs_info
    from pyproj.enums import PJType

    kinds = [PJType.PROJECTED_CRS, PJType.GEOGRAPHIC_2D_CRS]
    found = query_crs_info(auth_name="EPSG", pj_types=kinds)
    return tuple(f"EPSG:{info.code} · {info.name}" for info in found)


def code_in(text: str) -> str:
    """The code in what was typed or picked: `EPSG:27700` from `EPSG:27700 · OSGB36 …` or 27700."""
    text = text.split("·")[0].strip()
    return f"EPSG:{text}" if text.isdigit() else text


class CrsField(QComboBox):
    """Emits `changed` with the code, or with None while there is no system of that name."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setAccessibleName("Reference system")
        self.setMinimumContentsLength(12)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._names = QStringListModel(self)
        completer = QCompleter(self._names, self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setMaxVisibleItems(12)
        self.setCompleter(completer)
        line = self.lineEdit()
        if line is not None:
            line.setPlaceholderText("code or name, such as 27700")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._wrong = ""
        self.currentTextChanged.connect(lambda _: self._on_text())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """In a form the wheel scrolls the form, unless the field has the focus (`WheelGuard`)."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def offer(self, candidates: Sequence[Candidate], names: Sequence[str], crs: str | None) -> None:
        """Other systems to pick from, and the one that is set; nothing is emitted."""
        self.blockSignals(True)
        self.clear()
        for fit in candidates:
            self.addItem(f"{fit.code} · {fit.name}", fit.code)
        self._names.setStringList(list(names))
        self.setCurrentIndex(-1)
        self.setCurrentText(_named(crs))
        line = self.lineEdit()
        if line is not None:
            line.setCursorPosition(0)
        self._wrong = ""
        self.blockSignals(False)

    @property
    def crs(self) -> str | None:
        """The code of the system, None where nothing (or nothing that exists) is entered."""
        code = code_in(self.currentText())
        if not code:
            return None
        try:
            reference_systems.known(code)
        except CrsError:
            return None
        return code

    def problem(self) -> str:
        """What is wrong with the text; empty when nothing is entered or it is a system."""
        return self._wrong

    def _on_text(self) -> None:
        code = self.crs
        typed = self.currentText().strip()
        self._wrong = ""
        if typed and code is None:
            self._wrong = f"“{typed[:60]}” is not a reference system. Write its EPSG code."
        self.changed.emit(code)


def _named(crs: str | None) -> str:
    """A code with its name behind it."""
    if not crs:
        return ""
    try:
        return f"{reference_systems.label(crs)} · {reference_systems.known(crs).name}"
    except CrsError:
        return crs
