"""The first rows of a file as an import would read them, with what is wrong with each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from gisapp.io.reading import importing
from gisapp.io.reading.importing import Candidate, ImportPlan, Preview, Source
from gisapp.layers.layer import FIELDS
from gisapp.progress import Progress
from gisapp.ui import theme
from gisapp.ui.icons import icon
from gisapp.ui.widgets.column_width import fit_column
from gisapp.ui.widgets.plain import tip

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True, eq=False)
class Outlook:
    """What an import by this plan would give: found out in the background."""

    number: int
    plan: ImportPlan
    preview: Preview
    usable: int
    trouble: str
    candidates: tuple[Candidate, ...]


def outlook(source: Source, plan: ImportPlan, number: int, progress: Progress) -> Outlook:
    """Carry the plan out on the first rows, and count those of the whole file that fit."""
    progress.report(None, "Looking at the first rows")
    shown = importing.preview(source, plan)
    trouble = importing.problem(source, plan)
    progress.check()
    usable = importing.usable_rows(source, plan) if trouble is None else 0
    candidates = importing.crs_candidates(source, plan) if plan.crs is None or trouble else ()
    return Outlook(number, plan, shown, usable, trouble.message if trouble else "", candidates)


def column_meaning(plan: ImportPlan) -> Mapping[str, str]:
    """What the plan takes each column for, in words."""
    labels = {field.name: field.label for field in FIELDS[plan.kind]}
    meaning = dict.fromkeys(plan.left_out, "left out")
    meaning |= {column: labels.get(name, name) for name, column in plan.fields.items()}
    if plan.clock_column:
        meaning[plan.clock_column] = "Time of day"
    for column, name in (
        (plan.x_column, "Longitude or east"),
        (plan.y_column, "Latitude or north"),
        (plan.shape_column, "Outline"),
    ):
        if column:
            meaning[column] = name
    return meaning


#: So many rows say how wide a column has to be.
_MEASURED = 30
#: The height of the head in pixels: a name and what it means below it.
_HEAD = 44
#: What the sign of a row with a problem takes, in pixels.
_PICTURE = 24


class PreviewModel(QAbstractTableModel):
    """Rows of a Preview; the first column says what is wrong."""

    def __init__(self) -> None:
        super().__init__()
        self._preview: Preview | None = None
        self._meaning: Mapping[str, str] = {}
        self._problems: tuple[str, ...] = ()
        self._order: list[int] = []

    def show_preview(self, preview: Preview, plan: ImportPlan, trouble: str = "") -> None:
        """Other rows; columns that mean something come first.

        `trouble` with the plan as a whole is said elsewhere, and is no fault of a row.
        """
        self.beginResetModel()
        self._preview, self._meaning = preview, column_meaning(plan)
        self._problems = ("",) * len(preview.problems) if trouble else preview.problems
        names = preview.columns
        known = [place for place, name in enumerate(names) if name in self._meaning]
        self._order = known + [p for p, name in enumerate(names) if name not in self._meaning]
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        inside = parent is not None and parent.isValid()
        return 0 if inside or self._preview is None else len(self._preview.cells)

    def columnCount(self, parent: Index | None = None) -> int:
        inside = parent is not None and parent.isValid()
        return 0 if inside or self._preview is None else len(self._order) + 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self._preview is None or not index.isValid():
            return None
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(str(self.data(index)))
        problem = self._problems[index.row()]
        if index.column() == 0:
            if role == Qt.ItemDataRole.DisplayRole:
                return problem
            if role == Qt.ItemDataRole.DecorationRole and problem:
                return icon("warning", theme.current().error)
        elif role == Qt.ItemDataRole.DisplayRole:
            name = self._preview.columns[self._order[index.column() - 1]]
            if self._meaning.get(name) == "left out":
                return "·····"
            return self._preview.cells[index.row()][self._order[index.column() - 1]]
        if role == Qt.ItemDataRole.ForegroundRole and problem:
            return theme.color(theme.current().error)
        return None

    def first_texts(self, column: int, most: int) -> list[str]:
        """What the first cells of a column say; of the first column, whatever it says anywhere."""
        if column == 0:
            return list(dict.fromkeys(self._problems))
        rows = range(min(self.rowCount(), most))
        return [str(self.data(self.index(row, column)) or "") for row in rows]

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole or self._preview is None:
            return None
        if orientation is Qt.Orientation.Vertical:
            return f"{section + 1:,}"
        if section == 0:
            return "Problem"
        name = self._preview.columns[self._order[section - 1]]
        meaning = self._meaning.get(name)
        return f"{name}\n{meaning}" if meaning else name

    @property
    def problem_count(self) -> int:
        return sum(map(bool, self._problems))

    @property
    def places(self) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """Longitudes and latitudes of the rows that have a place."""
        if self._preview is None:
            return np.empty(0), np.empty(0)
        good = np.isfinite(self._preview.lon)
        return self._preview.lon[good], self._preview.lat[good]


class PreviewTable(QTableView):
    """Shows the first rows, one line each."""

    def __init__(self) -> None:
        super().__init__()
        self.rows = PreviewModel()
        self.setModel(self.rows)
        self.setAccessibleName("First rows of the file")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setAlternatingRowColors(True)
        self.verticalHeader().setDefaultSectionSize(26)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setMinimumHeight(_HEAD)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)

    def show_preview(self, preview: Preview, plan: ImportPlan, trouble: str = "") -> None:
        self.rows.show_preview(preview, plan, trouble)
        for column in range(self.rows.columnCount()):
            texts = self.rows.first_texts(column, _MEASURED)
            if column:
                fit_column(self, column, texts, most=240)
            else:
                fit_column(self, column, texts, most=300, picture=_PICTURE)
        self.setColumnHidden(0, self.rows.problem_count == 0)
