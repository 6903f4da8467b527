"""The attribute table of a layer or of the zones: filtered, sorted, and one with the selection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from gisapp.analysis.points.time_bars import RowSpan
from gisapp.layers.confidential import open_rows
from gisapp.layers.identifiers import identifiers
from gisapp.layers.layer import Layer
from gisapp.layers.seen import seen_by
from gisapp.progress import Progress
from gisapp.tasks import Task
from gisapp.ui.look_up import LookUp
from gisapp.ui.session import Selection, Session
from gisapp.ui.table.conditions import Mask
from gisapp.ui.table.filter import TableFilter
from gisapp.ui.table.marks import RowMarks
from gisapp.ui.table.model import TableModel, tabular
from gisapp.ui.table.order import Rows, ordered_rows
from gisapp.ui.table.row_numbers import RowNumbers
from gisapp.ui.table.source import ZONES, why_not_listed, zones_table
from gisapp.ui.table.summary import Summary, SummaryView, summary
from gisapp.ui.widgets.column_width import fit_column
from gisapp.ui.widgets.forms import INSIDE, EmptyState, choose, combo, say, scrolled, secondary

#: How long to wait for more changes before the rows are put in order again.
_PAUSE_MS = 40
#: The widest a column is made by itself, in pixels.
_WIDEST = 300
#: The narrowest and the widest that the conditions beside the rows are made; the height of a row.
_LEAST, _CONDITIONS, _ROW = 420, 960, 26
#: So many rows are measured to find out how wide a column has to be.
_MEASURED = 40


@dataclass(frozen=True, slots=True)
class Listing:
    """The answer to one question to the table: which rows in which order.

    `zone_ids` are the zones of its rows: until the next answer comes, the project may have others.
    """

    number: int
    key: str
    table: pa.Table
    rows: Rows
    zone_ids: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()


_NOTHING = Listing(0, "", pa.table({}), range(0))


class TablePanel(QWidget):
    """Rows of the chosen layer. Its filter limits the map, together with the time span."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self._sorts: dict[str, tuple[str, bool]] = {}
        self._asked = 0
        self._following = False
        self._stale = False
        self._limit: Mask | RowSpan | None = None
        self._open_rows: Mask | None = None
        self._listing = _NOTHING
        #: The filter and the order that the view stands in.
        self._stands: tuple[Mask | RowSpan | None, tuple[str, bool] | None] = (None, None)
        self._listings, self._summaries = LookUp(session), LookUp(session)
        self.summary: SummaryView | None = None
        self.model = TableModel(self)
        self._build()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_PAUSE_MS)
        self._later.timeout.connect(self.refresh)
        session.project_changed.connect(self._on_project)
        session.look_changed.connect(self._on_look)
        session.selection_changed.connect(self._follow_selection)
        session.current_layer_changed.connect(self._on_current_layer)
        self._offer_layers()

    # Building

    def _build(self) -> None:
        # Places before what they hold, which is dressed anew whenever it is put into another.
        layout = QVBoxLayout(self)
        layout.setContentsMargins(INSIDE, INSIDE // 2, INSIDE, INSIDE // 2)
        layout.setSpacing(INSIDE // 2)
        top = QHBoxLayout()
        top.setSpacing(INSIDE)
        layout.addLayout(top)
        label = self.layer_label = QLabel("&List")
        top.addWidget(label)
        self.layer_box = combo([], "Layer to list")
        self.layer_box.currentIndexChanged.connect(self._on_chosen)
        label.setBuddy(self.layer_box)
        top.addWidget(self.layer_box)
        self.count = say("")
        self.count.setAccessibleName("Rows shown")
        top.addWidget(self.count, 1)
        self.filter = TableFilter(self.session)
        self.filter_bar = self.filter.bar
        self.clear = secondary("Clear filter", self.filter.clear)
        self.only_selected = secondary("Only selected", self.filter.only_selected)
        self.only_selected.setToolTip("Show only the rows that are selected")
        for button in (self.filter_bar.add, self.only_selected, self.clear):
            top.addWidget(button)
        layout.addWidget(self.filter)
        self.stack = QStackedWidget()
        layout.addLayout(self._beside(), 1)
        self.view = self._make_view()
        self.marks = RowMarks(self.view, self.model, self.session)
        self.marks.chosen.connect(self._on_rows_chosen)
        self.marks.marked.connect(self._say_count)
        self.empty, self.none_left = EmptyState(""), EmptyState("")
        for page in (self.empty, self.none_left):
            self.stack.addWidget(page)

    def _beside(self) -> QHBoxLayout:
        """The conditions stand beside the rows and scroll there: they cost table and map no row."""
        self.conditions = scrolled(self.filter_bar)
        self.filter_bar.wants.connect(
            lambda wide: self.conditions.setMaximumWidth(min(max(wide, _LEAST), _CONDITIONS))
        )
        self.conditions.hide()
        self.filter_bar.rows_changed.connect(
            lambda: self.conditions.setVisible(bool(self.filter_bar.rows))
        )
        self.conditions.verticalScrollBar().rangeChanged.connect(lambda *_: self._show_focus())
        row = QHBoxLayout()
        row.setSpacing(INSIDE)
        row.addWidget(self.conditions, 3)
        row.addWidget(self.stack, 2)
        return row

    def _show_focus(self) -> None:
        """Bring the condition into view that is being written, as one that was added."""
        focus = self.filter_bar.focusWidget()
        if focus is not None and self.filter_bar.isAncestorOf(focus):
            self.conditions.ensureWidgetVisible(focus, 0, INSIDE)

    def _make_view(self) -> QTableView:
        view = QTableView()
        self.stack.addWidget(view)
        view.setModel(self.model)
        view.setAccessibleName("Rows of the layer")
        view.setFont(tabular(view.font()))
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setTabKeyNavigation(False)
        view.setAlternatingRowColors(True)
        view.setWordWrap(False)
        view.setShowGrid(False)
        rows = RowNumbers()
        rows.setDefaultSectionSize(_ROW)
        view.setVerticalHeader(rows)
        header = view.horizontalHeader()
        header.setSectionsClickable(True)
        header.setHighlightSections(False)
        header.sectionClicked.connect(self.sort_by)
        header.setToolTip("Click to sort, right-click to sum up the column")
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(
            lambda at: self.sum_up(header.logicalIndexAt(at), header.mapToGlobal(at))
        )
        # No column is ever selected, and to find that out the header would ask every row.
        self._no_columns = QItemSelectionModel(self.model, self)
        header.setSelectionModel(self._no_columns)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(
            lambda at: self.sum_up(view.currentIndex().column(), view.viewport().mapToGlobal(at))
        )
        return view

    # What is listed

    @property
    def key(self) -> str:
        """The id of the layer listed, `ZONES`, or empty when there is nothing to list."""
        return self.layer_box.currentData() or ""

    @property
    def layer(self) -> Layer | None:
        return next((x for x in self.session.project.layers if x.id == self.key), None)

    def show_layer(self, key: str) -> None:
        """List a layer by its id, or the zones."""
        choose(self.layer_box, key)

    def _offer_layers(self) -> None:
        project = self.session.project
        choices = [(layer.name, layer.id) for layer in reversed(project.layers)]
        if project.zones:
            choices.append(("Zones", ZONES))
        now = [(self.layer_box.itemText(i), self.layer_box.itemData(i)) for i in _indices(self)]
        if choices == now and choices:
            return
        former = self.key
        self.layer_box.blockSignals(True)
        self.layer_box.clear()
        for text, value in choices:
            self.layer_box.addItem(text, value)
        kept = choose(self.layer_box, former)
        self.layer_box.blockSignals(False)
        if not kept:
            self._on_layer()

    def _on_chosen(self) -> None:
        self._on_layer()
        self.session.set_current_layer(None if self.key == ZONES else self.key or None)

    def _on_current_layer(self) -> None:
        choose(self.layer_box, self.session.current_layer_id or ZONES)

    def _on_layer(self) -> None:
        layer = self.layer
        listed = layer is not None and not why_not_listed(layer, self.session.look.audience)
        self.filter.show_layer(layer, listed=listed)
        self.refresh()

    def refresh(self) -> None:
        """Ask for the rows anew; the newest question wins."""
        self._asked += 1
        layer, key = self.layer, self.key
        self._limit = self.session.look.rows.get(key)
        self._open_rows = self._rows_open()
        reason = self._why_empty()
        self._say_reason(reason)
        if reason:
            self._listings.drop()
            return
        number, look = self._asked, self.session.look
        project, day = seen_by(self.session.project, look.audience, exported=False), look.day
        sort = self._sorts.get(key)

        def work(progress: Progress) -> Listing:
            table = layer.table if layer is not None else zones_table(project, day, progress)
            mask = look.rows_of(layer) if layer is not None else None
            zone_ids = tuple(project.zones) if layer is None else ()
            plain = identifiers(table) if layer is not None else ()
            progress.check()
            return Listing(
                number, key, table, ordered_rows(table, mask, sort, progress), zone_ids, plain
            )

        task = Task("Listing rows", work, reads=frozenset({key}))
        self._listings.ask(task, self._show, lambda _: None)

    def _rows_open(self) -> Mask | None:
        """The rows of the layer that are not kept from the audience; None for all of them."""
        layer = self.layer
        if layer is None:
            return None
        return open_rows(layer, self.session.look.audience, exported=False)

    def _why_empty(self) -> str:
        if not self.key:
            return "Nothing to list yet. Import a file or draw a zone, and its rows appear here."
        layer = self.layer
        return why_not_listed(layer, self.session.look.audience) if layer is not None else ""

    def _say_reason(self, reason: str) -> None:
        self.empty.set_text(reason)
        self.stack.setCurrentWidget(self.empty if reason else self.view)
        self.layer_label.setVisible(bool(self.key))
        self.layer_box.setVisible(bool(self.key))
        can_filter = not reason and self.layer is not None
        self.filter.setVisible(can_filter)
        self.filter_bar.add.setVisible(can_filter)
        self.only_selected.setVisible(can_filter)
        self.clear.setVisible(self.filter.limits)
        if reason:
            # The map stays limited though the rows are not listed: that is said all the same.
            words = self.session.filters.in_words(self.key)
            self.count.setText(f"The map shows only: {words}" if words else "")
            self._listing = _NOTHING
            self.model.show(_NOTHING.table, _NOTHING.rows)

    def _show(self, listing: Listing) -> None:
        if listing.number != self._asked or listing.key != self.key:
            return
        self._following = True
        self._listing = listing
        if listing.table is self.model.table:
            self.model.reorder(listing.rows)
        else:
            self.model.show(listing.table, listing.rows, listing.identifiers)
            self._fit_columns()
        self._show_sort()
        self._following = False
        words = self.session.filters.in_words(self.key)
        if words and not len(listing.rows):
            self.none_left.set_text(f"No row passes the filter ({words}). Change or clear it.")
        left = self.none_left if words and not len(listing.rows) else self.view
        self.stack.setCurrentWidget(left)
        self._to_first_row(listing)
        self._follow_selection()

    def _to_first_row(self, listing: Listing) -> None:
        """Stand at the first row where other rows are listed, or in another order."""
        rows = self._limit, self._sorts.get(listing.key)
        if rows[0] is not self._stands[0] or rows[1] != self._stands[1]:
            self._stands = rows
            self.view.scrollToTop()

    def _fit_columns(self) -> None:
        """Columns as wide as their first rows need, within reason."""
        for column in range(self.model.columnCount()):
            texts = self.model.first_texts(column, _MEASURED)
            fit_column(self.view, column, texts, most=_WIDEST)

    # Sorting and filtering

    def sort_by(self, section: int) -> None:
        """Sort by a column; again turns it round, a third time goes back to the file's order."""
        name = self.model.table.column_names[section]
        former = self._sorts.get(self.key)
        if former == (name, True):
            del self._sorts[self.key]
        else:
            self._sorts[self.key] = (name, former == (name, False))
        self.refresh()

    def sum_up(self, section: int, place: QPoint) -> None:
        """Count and sum up a column, of the rows that are listed, and show it there."""
        table, rows = self.model.table, self.model.rows
        if not 0 <= section < table.num_columns:
            return
        name = table.column_names[section]

        def done(found: Summary) -> None:
            if self.model.table is table:
                self.summary = SummaryView(found, self.view)
                self.summary.open_at(place)

        task: Task[Summary] = Task(
            f"Summing up {name}", lambda progress: summary(name, table[name], rows, progress)
        )
        self._summaries.ask(task, done)

    def _show_sort(self) -> None:
        header = self.view.horizontalHeader()
        sort = self._sorts.get(self.key)
        known = sort is not None and sort[0] in self.model.table.column_names
        header.setSortIndicatorShown(known)
        if sort is not None and known:
            order = Qt.SortOrder.DescendingOrder if sort[1] else Qt.SortOrder.AscendingOrder
            header.setSortIndicator(self.model.table.column_names.index(sort[0]), order)

    # Following the session

    def _on_project(self, change: Any) -> None:
        self.filter.follow(change.after.layers)
        self.filter.lift_untold(self.session.look.audience)
        self._offer_layers()
        layer = self.layer
        replaced = layer is not None and layer.table is not self._listing.table
        if replaced or (self.key == ZONES and change.zone_look):
            self._later.start()

    def _on_look(self) -> None:
        layer = self.layer
        self.filter.lift_chosen(self.session.look.audience)
        listed = self.stack.currentWidget() is not self.empty
        if layer is not None and (not listed or self._why_empty()):
            self._on_layer()
        elif self._rows_open() is not self._open_rows:
            self._on_layer()
            self.filter.count_again()
        elif self.key == ZONES or self.session.look.rows.get(self.key) is not self._limit:
            # Behind another tab it waits: each step of a time brush would list the rows anew.
            self._stale = not self.isVisible()
            if not self._stale:
                self._later.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._stale = False
            self.refresh()

    def _on_rows_chosen(self, rows: NDArray[np.int64]) -> None:
        self._following = True
        self.session.select(self._selection_of(rows))
        self._following = False
        self._say_count()

    def _selection_of(self, rows: NDArray[np.int64]) -> Selection:
        """The zones or rows that the listing shows there, as far as they are still there."""
        project, listing = self.session.project, self._listing
        if listing.key == ZONES:
            ids = [listing.zone_ids[row] for row in rows]
            return Selection(zone_ids=tuple(key for key in ids if key in project.zones))
        known = any(layer.id == listing.key for layer in project.layers)
        return Selection(layer_id=listing.key, rows=rows) if known else Selection()

    def _follow_selection(self) -> None:
        """Show what is selected elsewhere, and bring it into view."""
        if not self._following:
            self.marks.follow(self._selected_rows())
            self._say_count()

    def _selected_rows(self) -> NDArray[np.int64]:
        """The rows of the table listed that are selected, whether they are listed or not."""
        listing, selection = self._listing, self.session.selection
        if listing.key == ZONES:
            ids = {zone_id: row for row, zone_id in enumerate(listing.zone_ids)}
            return np.array([ids[z] for z in selection.zone_ids if z in ids], dtype=np.int64)
        if listing.key and selection.layer_id == listing.key:
            return selection.rows
        return np.empty(0, dtype=np.int64)

    def _say_count(self) -> None:
        """Say how many rows are listed and selected, and by what the others are left out."""
        listing, seen = self._listing, self._open_rows
        if listing is _NOTHING or listing.key != self.key:
            return
        total = listing.table.num_rows if seen is None else int(np.count_nonzero(seen))
        parts = [f"{len(listing.rows):,} of {total:,} shown"]
        rows = self._selected_rows()
        chosen = len(rows) if seen is None else int(np.count_nonzero(seen[rows]))
        if chosen:
            listed = self.marks.count
            few = listed is not None and listed < chosen
            parts.append(f"{chosen:,} selected" + (f", {listed:,} of them listed" if few else ""))
        words = self.session.filters.in_words(self.key)
        self.count.setText(" · ".join([*parts, words] if words else parts))


def _indices(panel: TablePanel) -> range:
    return range(panel.layer_box.count())
