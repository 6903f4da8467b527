"""Importing files: what is in them, what it means, a look at the result, and the report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gisapp.errors import Cancelled, GisappError
from gisapp.io.reading import importing
from gisapp.io.reading.import_report import ImportReport, rejected_words
from gisapp.io.reading.importing import ImportPlan, ImportResult, Source
from gisapp.layers import edits
from gisapp.layers.audience import Audience
from gisapp.layers.layer import Layer, Points
from gisapp.layers.style import default_style
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress
from gisapp.tasks import Task
from gisapp.ui.exports.record import record_export
from gisapp.ui.imports.crs_field import all_systems
from gisapp.ui.imports.form import ImportForm
from gisapp.ui.imports.kind_guess import guessed_kind
from gisapp.ui.imports.preview import Outlook, PreviewTable, outlook
from gisapp.ui.imports.report_page import ReportPage
from gisapp.ui.map.extents import main_extent
from gisapp.ui.project.file_questions import ask_save, file_name
from gisapp.ui.session import Session
from gisapp.ui.turns import next_turn
from gisapp.ui.widgets.forms import (
    INSIDE,
    EmptyState,
    FormDialog,
    actions,
    primary,
    say,
    scroll_area,
    scrolled,
    secondary,
)
from gisapp.ui.widgets.mini_map import MiniMap
from gisapp.ui.widgets.task_foot import TaskFoot

_PAUSE_MS = 150


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """A source, the plan proposed for it, and the names of all reference systems."""

    source: Source
    plan: ImportPlan
    systems: tuple[str, ...]


class ImportDialog(FormDialog):
    """Reads in the background; the layer is added by one step that can be undone."""

    def __init__(
        self,
        session: Session,
        paths: Sequence[Path],
        kind: LayerKind | None = None,
        parent: QWidget | None = None,
    ) -> None:
        names = ", ".join(Path(path).name for path in paths)
        super().__init__(f"Import {names[:80]}", QSize(1040, 700), parent)
        self.session = session
        self.paths = [Path(path) for path in paths]
        self.result_of_import: ImportResult | None = None
        self._kind = kind
        self._part: str | None = None
        self._asked = 0
        self._left = False
        self._source: Source | None = None
        self._form: ImportForm | None = None
        self._outlook: Outlook | None = None
        self._build()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_PAUSE_MS)
        self._later.timeout.connect(self._ask_outlook)
        self._begun = self._has_map = False

    def _build(self) -> None:
        self.status = say("")
        self.status.setAccessibleName("What would be added")
        self.wait = EmptyState("Looking at the files…")
        self.foot = TaskFoot(self.session)
        self.add = primary("Add", self._import)
        self.close_button = secondary("Cancel", self.reject)
        self.save_rejected = secondary("Save rejected rows…", self._save_rejected)
        self.save_rejected.hide()
        self.pages = QStackedWidget()
        self.pages.addWidget(self.wait)
        self.body.addWidget(self.pages, 1)
        left = (self.foot, self.save_rejected)
        self.body.addLayout(actions(self.add, self.close_button, left=left))
        self.add.setEnabled(False)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._begun:
            self._begun = True
            for piece in (self._build_fields, self._build_page, self._begin):
                next_turn(self, piece)

    def _begin(self) -> None:
        """Look at the files: once the form is there, for that takes all that the machine has."""
        if not self._left:
            self._probe()

    def _build_fields(self) -> None:
        """The form at the left of its page, which is there before what it holds."""
        if self._form is not None:
            return
        with self.session.courtesy.turn():
            page = QWidget()
            self._beside = QHBoxLayout(page)
            self._beside.setContentsMargins(0, 0, 0, 0)
            self._beside.setSpacing(INSIDE * 2)
            self.pages.addWidget(page)
            area = scroll_area()
            area.setFixedWidth(400)
            self._beside.addWidget(area)
            self._form = form = ImportForm(area.viewport())
            scrolled(form, area)
        form.plan_changed.connect(lambda _: self._on_plan())
        form.kind_changed.connect(self._on_kind)
        form.part_changed.connect(self._on_part)

    @property
    def form(self) -> ImportForm:
        """What the columns mean, and where; made now where it is not there yet."""
        self._build_fields()
        assert self._form is not None
        return self._form

    def _build_page(self) -> None:
        """A map and a table of the first rows, beside the fields."""
        if self._has_map:
            return
        self._has_map = True
        self._build_fields()
        with self.session.courtesy.turn():
            column = QVBoxLayout()
            column.setSpacing(INSIDE)
            self._beside.addLayout(column, 1)
            parted = QSplitter(Qt.Orientation.Vertical)
            parted.setChildrenCollapsible(False)
            column.addWidget(parted, 1)
            self.map = MiniMap(self.session)
            parted.addWidget(self.map)
            self.table = PreviewTable()
            parted.addWidget(self.table)
            parted.setSizes([300, 260])
            said = QHBoxLayout()
            said.setSpacing(INSIDE)
            column.addLayout(said)
            said.addWidget(self.status, 1)
            self.swap = secondary("Swap longitude and latitude", self.form.swap_places)
            self.swap.hide()
            said.addWidget(self.swap)

    # Finding out

    def _probe(self) -> None:
        self._asked += 1
        paths, part = tuple(self.paths), self._part
        kind, zone = self._kind, _zone(self.session)
        streets = self.session.project.layers_of(LayerKind.STREETS)[::-1]

        def work(progress: Progress) -> _Found:
            source = importing.probe(paths, progress.part(0, 0.8), layer=part)
            progress.report(0.85, "Proposing what the columns mean")
            guessed = kind or guessed_kind(source, paths)
            plan = importing.propose(source, guessed, streets=streets)
            if plan.timezone is None:
                plan = replace(plan, timezone=zone)
            # Asked for here: to tell what is in columns of text takes a while, and is kept.
            progress.report(0.95, f"Looking at {len(source.columns)} columns")
            return _Found(source, plan, all_systems())

        self.foot.start(Task("Looking at the files", work), self._on_found, self._on_unreadable)

    def _on_found(self, found: _Found) -> None:
        if self._left:
            return
        self._source = found.source
        self._build_page()
        self.form.show_plan(found.source, found.plan, found.systems)
        self._systems = found.systems
        next_turn(self, self._show_page)

    def _show_page(self) -> None:
        """Turn to what was found, and look at its first rows."""
        if self._left:
            return
        self.pages.setCurrentIndex(1)
        self.map.set_behind(_outlines(self.session))
        self._ask_outlook()
        self.form.kind_box.setFocus()

    def _on_unreadable(self, error: GisappError) -> None:
        if isinstance(error, Cancelled):
            if not self._left:
                self.reject()
            return
        self.wait.set_text(str(error))
        self.pages.setCurrentIndex(0)
        self.close_button.setText("Close")
        self.add.hide()

    def _on_kind(self, kind: LayerKind) -> None:
        """Another kind has other fields: propose again, but keep what was said already."""
        source, former = self._source, self.form.plan
        if source is None:
            return
        self._kind = kind
        streets = self.session.project.layers_of(LayerKind.STREETS)[::-1]

        def work(progress: Progress) -> _Found:
            progress.report(None, "Proposing what the columns mean")
            plan = importing.propose(source, kind, streets=streets)
            kept = replace(
                plan,
                name=former.name,
                crs=former.crs,
                x_column=former.x_column,
                y_column=former.y_column,
                swap=former.swap,
                timezone=former.timezone or plan.timezone,
            )
            return _Found(source, kept, self._systems)

        self.foot.start(Task("Looking at the columns", work), self._on_found, self._on_failed)

    def _on_part(self, part: str) -> None:
        if part and part != self._part:
            self._part = part
            self._probe()

    def _on_plan(self) -> None:
        self._asked += 1
        self.add.setEnabled(False)
        self._later.start()

    def _ask_outlook(self) -> None:
        source, plan = self._source, self.form.plan
        if source is None:
            return
        self._asked += 1
        number = self._asked
        task = Task(
            "Looking at the first rows", lambda progress: outlook(source, plan, number, progress)
        )
        self.foot.start(task, self._show_outlook, self._on_failed, quick=True)

    def _show_outlook(self, found: Outlook) -> None:
        if found.number != self._asked:
            return
        self._outlook = found
        self.table.show_preview(found.preview, found.plan, found.trouble)
        lon, lat = self.table.rows.places
        self.form.say_crs(found.candidates, found.trouble if found.plan.crs else "")
        note = "None of these rows has a place."
        if found.trouble:
            note = "No places are known yet." if self.form.asks_for_crs else found.trouble
        color = default_style(found.plan.kind).color
        if shapes := list(found.preview.shapes):
            self.map.show_places(lon[:0], lat[:0], shapes, note, default_style(found.plan.kind))
        else:
            self.map.show_places(lon, lat, note=note, point_color=color)
        swapped = "swapped" in found.trouble
        self.swap.setVisible(swapped)
        self._say(found)

    def _say(self, found: Outlook) -> None:
        kind = found.plan.kind
        self.add.setText(f"Add {kind.counted(found.usable) if found.usable else kind.value}")
        ready = not found.trouble and found.usable > 0 and bool(found.plan.name.strip())
        self.add.setEnabled(ready)
        self.form.name_row.set_error("" if found.plan.name.strip() else "A layer needs a name.")
        assert self._source is not None
        rows = "1 row" if self._source.rows == 1 else f"{self._source.rows:,} rows"
        if self.form.asks_for_crs:  # in words at its field
            self._set_status(f"{rows}.", "body")
            return
        if found.trouble:
            self._set_status(found.trouble, "error")
            return
        out = self._source.rows - found.usable
        text = f"{rows}, {found.usable:,} with a usable place."
        if out:
            text += f" {out:,} would be left out; the report will list them."
        self._set_status(text, "body")

    def _set_status(self, text: str, role: str) -> None:
        self.status.setText(text)
        self.status.setProperty("role", role)
        self.status.style().unpolish(self.status)
        self.status.style().polish(self.status)

    # Importing

    def _import(self) -> None:
        source = self._source
        if self.result_of_import is not None:
            self.accept()
            return
        if source is None:
            return
        plan = self.form.plan
        self._later.stop()
        self.form.setEnabled(False)
        self.add.setEnabled(False)
        task: Task[ImportResult] = Task(
            f"Importing {plan.kind.value}",
            lambda progress: importing.read_layer(source, plan, progress),
            lambda result: edits.add_layer(result.layer, result.timezone),
        )
        self.foot.start(task, self._on_imported, self._on_failed)

    def _on_imported(self, result: ImportResult) -> None:
        self.result_of_import = result
        project = self.session.project
        layer = project.layer(result.layer.id)
        first = len(project.layers) == 1
        if first and layer.bounds is not None:
            self.session.set_view(self.session.view.shown(main_extent(layer) or layer.bounds))
        self.session.tell(
            f"Added {layer.counted} as “{layer.name}”.", "done", "Undo", self.session.document.undo
        )
        # In this turn the whole window is told of the layer, which is enough for one.
        next_turn(self, lambda: self.session.set_current_layer(layer.id))
        next_turn(self, lambda: self._show_report(layer, result.report))

    def _show_report(self, layer: Layer, report: ImportReport) -> None:
        with self.session.courtesy.turn():
            self.pages.addWidget(ReportPage(layer, report))
        next_turn(self, lambda: self._turn_to_report(report))

    def _turn_to_report(self, report: ImportReport) -> None:
        self.pages.setCurrentIndex(2)
        self.add.setText("Done")
        self.add.setEnabled(True)
        self.add.setFocus()
        self.close_button.hide()
        self.save_rejected.setVisible(bool(report.rejected))

    def _on_failed(self, error: GisappError) -> None:
        """Say what went wrong, on the form, which stays as it was."""
        self.form.setEnabled(True)
        self._set_status(str(error), "body" if isinstance(error, Cancelled) else "error")
        if self._outlook is not None:
            self.add.setEnabled(not self._outlook.trouble and self._outlook.usable > 0)

    def _save_rejected(self) -> None:
        if self.result_of_import is None:
            return
        suggested = f"{file_name(self.result_of_import.layer.name)} rejected.csv"
        path = ask_save(self, "Save rejected rows", "Table (*.csv)", suggested)
        if path is not None:
            self.write_rejected(path)

    def write_rejected(self, path: Path) -> None:
        """Write the rows that were left out, with line and reason, and note it in the log."""
        assert self.result_of_import is not None
        report = self.result_of_import.report

        def done(_: None) -> None:
            self.foot.say(rejected_words(Path(path.name)))
            record_export(self.session, path, "rejected rows", audience=Audience.POLICE.value)

        task: Task[None] = Task(
            "Saving rejected rows", lambda _: importing.write_rejected(report, path)
        )
        self.foot.start(task, done, lambda error: self.foot.say(str(error)))

    def done(self, result: int) -> None:
        """Leave; what is under way is stopped, and changes nothing."""
        self._left = True
        self._later.stop()
        self._asked += 1
        self.foot.drop()
        super().done(result)


def _zone(session: Session) -> str | None:
    return session.project.timezone if session.project.timezone != "UTC" else None


def _outlines(session: Session) -> list[Any]:
    """Outlines of what is in the project, for the ground of the small map."""
    found: list[Any] = [zone.shape for zone in session.project.zones.values()]
    for layer in session.project.layers:
        if not isinstance(layer.geometry, Points) and layer.kind is LayerKind.BOUNDARIES:
            found.extend(layer.geometry.geoms)
    return found
