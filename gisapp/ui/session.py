"""What the window shows at the moment: never part of the project, never undone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from gisapp.analysis.points.time_bars import RowSpan
from gisapp.document import Document
from gisapp.errors import GisappError
from gisapp.layers.audience import Audience
from gisapp.layers.confidential import open_rows
from gisapp.layers.edits import Edit
from gisapp.layers.export_log import Export
from gisapp.layers.project import Change, Project
from gisapp.layers.seen import seen_by
from gisapp.render.cache import Cache
from gisapp.render.legend import LegendSection
from gisapp.render.look import Look
from gisapp.render.view import MapView
from gisapp.tasks import Task
from gisapp.ui.courtesy import Courtesy
from gisapp.ui.table.row_filter import RowFilters
from gisapp.ui.task_runner import Running, TaskRunner
from gisapp.ui.today import Today


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """What is selected: zones by id, or rows of one layer."""

    zone_ids: tuple[str, ...] = ()
    layer_id: str | None = None
    rows: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    @property
    def is_empty(self) -> bool:
        return not self.zone_ids and not len(self.rows)


@dataclass(frozen=True, slots=True)
class Notice:
    """News for the notice bar: `severity` is info, done, warning or error."""

    text: str
    severity: str = "info"
    action: str = ""
    run: Callable[[], None] | None = None


class Session(QObject):
    """The open document and how it is looked at; panels and canvas follow its signals."""

    project_changed = Signal(object)  # Change
    look_changed = Signal()
    #: The same, but not where only the rows shown are others, as with each step of a time brush.
    reader_changed = Signal()
    selection_changed = Signal()
    view_changed = Signal()
    noticed = Signal(object)  # Notice
    #: What a notice told of is no longer so.
    outdated = Signal(object)  # Notice
    saved_changed = Signal()
    logged = Signal(object)  # Project: what the project's file holds, with a line about an export
    current_layer_changed = Signal()
    legend_changed = Signal()
    tiles_arrived = Signal()

    def __init__(self, document: Document, look: Look, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.cache = Cache()
        self.look = look
        #: Keeps the map on the day that is today where the project is; None where no clock goes.
        self.today: Today | None = None
        self.selection = Selection()
        self.filters = RowFilters(self.show_rows)
        #: The layer that the table shows and that selecting works on; None means the zones.
        self.current_layer_id: str | None = None
        #: The file of the document; None until it was opened or saved.
        self.path: Path | None = None
        #: The legend of what the map shows, as far as it was drawn already.
        self.legend: tuple[LegendSection, ...] = ()
        self.view = MapView.fit(None, 800, 600)
        self._closed = False
        self.courtesy = Courtesy()
        self.runner = TaskRunner(lambda: self.document, self.courtesy, self)
        self.runner.problem.connect(self.explain)
        self.runner.bug.connect(self._on_bug)
        self._unsubscribe = document.subscribe(self._on_change)

    @property
    def project(self) -> Project:
        return self.document.project

    def open(self, document: Document, path: Path | None = None) -> None:
        """Show another document, kept in the file `path`, in place of this one."""
        before = self.project
        self.runner.cancel_all()
        self._unsubscribe()
        self.document = document
        self.path = path
        self.current_layer_id = None
        self.legend = ()
        self._unsubscribe = document.subscribe(self._on_change)
        self.selection = Selection()
        self.filters.keep_only(())
        change = Change(before, document.project)
        self.look = replace(self.look, rows={}, day=self._day_after(change))
        with self.courtesy.turn():
            self.project_changed.emit(change)
            self.look_changed.emit()
            self.reader_changed.emit()
            self.selection_changed.emit()
            self.current_layer_changed.emit()
            self.saved_changed.emit()

    def _day_after(self, change: Change) -> date:
        day = self.look.day
        return day if self.today is None else self.today.follow(change, day)

    def perform(self, edit: Edit) -> bool:
        """Apply an edit; a refusal is explained in the notice bar. Returns whether it was done."""
        try:
            self.document.apply(edit)
        except GisappError as error:
            self.explain(error)
            return False
        return True

    def start(
        self,
        task: Task[Any],
        done: Callable[[Any], None] | None = None,
        failed: Callable[[GisappError], None] | None = None,
        *,
        quick: bool = False,
    ) -> Running:
        """Run a task in the background; its edit is applied when it is done.

        `quick` is for look-ups that need not wait for long work, such as a save.
        """
        return self.runner.start(task, done, failed, quick=quick)

    def log_export(self, line: Export) -> None:
        """Note in the project that a file has left; it is written to its file at once."""
        self.logged.emit(self.document.log(line))

    def set_look(self, **changes: Any) -> None:
        """Change day, time, audience, rows shown …; does nothing when nothing differs."""
        look = replace(self.look, **changes)
        if look != self.look:
            self.look = look
            with self.courtesy.turn():
                self._drop_hidden()
                self.look_changed.emit()
                self.reader_changed.emit()

    def _drop_hidden(self) -> None:
        """Keep no zone or service selected that the present audience may not see."""
        project, chosen = self.project, self.selection.zone_ids
        self._drop_confidential()
        seen = seen_by(project, self.look.audience, exported=False).zones
        if any(key in project.zones and key not in seen for key in chosen):
            self.select(Selection(zone_ids=tuple(key for key in chosen if key in seen)))

    def _drop_confidential(self) -> None:
        chosen = self.selection
        layer = next((one for one in self.project.layers if one.id == chosen.layer_id), None)
        seen = open_rows(layer, self.look.audience, exported=False) if layer else None
        if seen is not None and not seen[chosen.rows].all():
            self.select(replace(chosen, rows=chosen.rows[seen[chosen.rows]]))

    def show_rows(self, layer_id: str, rows: NDArray[np.bool_] | RowSpan | None) -> None:
        """Show only the rows of a layer where a mask is true, or in a span; None shows all."""
        kept = {key: limit for key, limit in self.look.rows.items() if key != layer_id}
        if rows is not None:
            kept[layer_id] = rows
        self.look = replace(self.look, rows=kept)
        self.look_changed.emit()

    def select(self, selection: Selection) -> None:
        self.selection = selection
        with self.courtesy.turn():
            self.selection_changed.emit()

    def set_current_layer(self, layer_id: str | None) -> None:
        """Make a layer the one that the table shows and that selecting works on."""
        if layer_id != self.current_layer_id:
            self.current_layer_id = layer_id
            with self.courtesy.turn():
                self.current_layer_changed.emit()

    def set_legend(self, sections: tuple[LegendSection, ...]) -> None:
        if sections != self.legend:
            self.legend = sections
            self.legend_changed.emit()

    def set_view(self, view: MapView) -> None:
        if view != self.view:
            self.view = view
            self.view_changed.emit()

    def tell(
        self,
        text: str,
        severity: str = "info",
        action: str = "",
        run: Callable[[], None] | None = None,
    ) -> Notice:
        """Show news; what tells of a state is handed to `untell` when that ends.

        To a window that has gone nothing is shown any more.
        """
        notice = Notice(text, severity, action, run)
        if not self._closed:
            self.noticed.emit(notice)
        return notice

    def untell(self, notice: Notice | None) -> None:
        """Take away a notice that is no longer true, if it still stands."""
        if notice is not None:
            self.outdated.emit(notice)

    def explain(self, error: GisappError) -> None:
        self.tell(str(error), "info" if error.exit_code == 130 else "error")

    def close(self) -> None:
        """End the worker; nothing of the session is used afterwards."""
        self._closed = True
        self._unsubscribe()
        self.runner.shutdown()
        self.cache.tiles.close()

    def _on_bug(self, error: Exception) -> None:
        self.tell(
            f"Something went wrong inside gisapp ({type(error).__name__}). "
            "Your project is as it was; please report what you did.",
            "error",
        )

    def _on_change(self, change: Change) -> None:
        with self.courtesy.turn():
            self._follow(change)

    def _follow(self, change: Change) -> None:
        self.runner.cancel_readers(change)
        gone = [z for z in self.selection.zone_ids if z not in change.after.zones]
        layer_ids = {layer.id for layer in change.after.layers}
        lost = self.selection.layer_id is not None and self.selection.layer_id not in layer_ids
        if change.before is not change.after:
            self.filters.keep_only(layer_ids)
            rows = {key: limit for key, limit in self.look.rows.items() if key in layer_ids}
            if len(rows) != len(self.look.rows):
                self.look = replace(self.look, rows=rows)
                self.look_changed.emit()
            self.project_changed.emit(change)
            self.set_look(day=self._day_after(change))
            if self.current_layer_id is not None and self.current_layer_id not in layer_ids:
                self.set_current_layer(None)
        if gone or lost:
            self.select(Selection())
        self.saved_changed.emit()


def start_look(today: date, dark: bool) -> Look:
    """How a window looks at its project at first: today, as a police analyst."""
    return Look(day=today, time=None, audience=Audience.POLICE, dark=dark)
