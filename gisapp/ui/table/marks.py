"""Which listed rows are selected: any number of them, marked in the table where they are in view.

Qt keeps a selection as stretches of rows and looks through all of them for each cell it paints, so
it is told of a few hundred at most. Of more it gets those in view, anew whenever the rows scroll.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QItemSelection, QItemSelectionModel, QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QTableView

from gisapp.progress import Progress
from gisapp.tasks import Task
from gisapp.ui.look_up import LookUp
from gisapp.ui.session import Session
from gisapp.ui.table.model import TableModel
from gisapp.ui.table.order import Places, Rows, flags_of, rows_at

Stretches = list[tuple[int, int]]

#: More separate stretches of rows than this are not told to Qt all at once.
_MOST_STRETCHES = 200
#: So many rows are looked through at once; for more the window does not wait.
_AT_ONCE = 200_000
#: So many rows before and after those in view are marked too.
_AROUND = 40


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """A flag for each place of the list whether its row is selected, and how many are."""

    flags: NDArray[np.bool_]
    count: int

    @property
    def first(self) -> int:
        return int(self.flags.argmax()) if self.count else 0

    def few(self) -> Stretches | None:
        """All stretches, where they are so few that Qt may know of them; else None."""
        flags = self.flags
        rising = np.count_nonzero(flags[1:] > flags[:-1]) + int(flags[:1].any())
        return self.stretches(0, len(flags)) if rising <= _MOST_STRETCHES else None

    def stretches(self, first: int, last: int) -> Stretches:
        """The stretches (from, up to) of selected places among some."""
        part = np.zeros(last - first + 2, dtype=np.int8)
        part[1:-1] = self.flags[first:last]
        ends = np.flatnonzero(np.diff(part)) + first
        return [(int(a), int(b)) for a, b in ends.reshape(-1, 2)]


def marks_of(rows: Rows, wanted: Places, total: int) -> Marks:
    """Where some rows of the table, of `total`, stand in the order `rows`."""
    flags = flags_of(rows, wanted, total)
    return Marks(flags, int(np.count_nonzero(flags)))


def toggled(chosen: Places, changes: Iterable[tuple[Places, bool]], total: int) -> Places:
    """The chosen rows with some put on or taken off, one change after another, ascending."""
    ticked = np.zeros(total, dtype=bool)
    ticked[chosen] = True
    for rows, on in changes:
        ticked[rows] = on
    return np.flatnonzero(ticked)


class RowMarks(QObject):
    """Marks rows of a table view as selected, and tells which rows a person selects there.

    `chosen` carries their numbers in the table, ascending; `marked` comes when `count` is known.
    """

    chosen = Signal(object)
    marked = Signal()

    def __init__(self, view: QTableView, model: TableModel, session: Session) -> None:
        super().__init__(view)
        self._view, self._model = view, model
        #: Of the rows that are selected so many are listed; None while they are looked for.
        self.count: int | None = 0
        self._rows = np.empty(0, dtype=np.int64)
        #: Listed rows that were put on or taken off, of which `_rows` does not know yet.
        self._changes: list[tuple[Stretches, bool]] = []
        #: Where there are too many stretches to tell Qt of all.
        self._marks: Marks | None = None
        self._following = False
        self._finding, self._choosing = LookUp(session), LookUp(session)
        view.selectionModel().selectionChanged.connect(self._on_chosen)
        view.verticalScrollBar().valueChanged.connect(self._mark_view)
        view.verticalScrollBar().rangeChanged.connect(self._mark_view)
        model.modelAboutToBeReset.connect(self._forget)

    def follow(self, rows: Places) -> None:
        """Mark these rows of the table, and bring the first into view."""
        self._forget()
        self._rows = rows
        order, total = self._model.rows, self._model.table.num_rows
        if not len(rows) or len(order) + len(rows) <= _AT_ONCE:
            marks = marks_of(order if len(rows) else range(0), rows, total)
            self._show(marks, marks.few())
            return
        self._select([])

        def work(progress: Progress) -> tuple[Marks, Stretches | None]:
            marks = marks_of(order, rows, total)
            progress.check()
            return marks, marks.few()

        def done(found: tuple[Marks, Stretches | None]) -> None:
            if self._model.rows is order:
                self._show(*found)

        self._finding.ask(Task("Marking rows", work), done)

    def _show(self, marks: Marks, few: Stretches | None) -> None:
        self.count = marks.count
        if marks.count:
            self._view.scrollTo(self._model.index(marks.first, 0))
        if few is not None:
            self._select(few)
        else:
            self._marks = marks
            self._mark_view()
        self.marked.emit()

    def _forget(self) -> None:
        self._finding.drop()
        self._choosing.drop()
        self._changes = []
        self._marks, self.count = None, None

    def _mark_view(self) -> None:
        """Tell Qt of the selected rows in view."""
        if self._marks is None:
            return
        last = len(self._marks.flags)
        top = max(self._view.rowAt(0), 0)
        bottom = self._view.rowAt(self._view.viewport().height() - 1)
        bottom = last if bottom < 0 else bottom
        span = max(top - _AROUND, 0), min(bottom + _AROUND, top + 10 * _AROUND, last)
        self._select(self._marks.stretches(*span))

    def _select(self, stretches: Sequence[tuple[int, int]]) -> None:
        model, chosen = self._model, QItemSelection()
        right = model.columnCount() - 1
        if right >= 0:
            for first, last in stretches:
                chosen.select(model.index(first, 0), model.index(last - 1, right))
        self._following = True
        self._view.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self._following = False

    # What a person selects

    def _on_chosen(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        if self._following:
            return
        self._finding.drop()
        order, total = self._model.rows, self._model.table.num_rows
        held = QApplication.keyboardModifiers() & Qt.KeyboardModifier.ControlModifier
        if self._marks is None or not held:
            self._marks, self._changes = None, []
            now = _stretches(self._view.selectionModel().selection())
            self._tell(lambda: rows_at(order, now, total), _size(now))
            return
        new = [(_stretches(selected), True), (_stretches(deselected), False)]
        for stretches, on in new:
            for first, last in stretches:
                self._marks.flags[first:last] = on
        # A click before this may still be worked on, and is dropped for the sake of both.
        self._changes += new
        former, changes = self._rows, tuple(self._changes)

        def work() -> Places:
            some = ((rows_at(order, stretches, total), on) for stretches, on in changes)
            return toggled(former, some, total)

        self._tell(work, total)

    def _tell(self, work: Callable[[], Places], size: int) -> None:
        def done(rows: Places) -> None:
            self._rows, self._changes = rows, []
            marks = self._marks
            self.count = len(rows) if marks is None else int(np.count_nonzero(marks.flags))
            self.chosen.emit(rows)

        if size <= _AT_ONCE:
            self._choosing.drop()
            done(work())
        else:
            self._choosing.ask(Task("Selecting rows", lambda _: work()), done)


def _stretches(selection: QItemSelection) -> Stretches:
    parts = [selection.at(number) for number in range(selection.size())]
    return [(part.top(), part.bottom() + 1) for part in parts]


def _size(stretches: Stretches) -> int:
    return sum(last - first for first, last in stretches)
