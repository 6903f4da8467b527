"""The agreements of a project: how each stands, what may follow, and what is due."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from gisapp.io.agreements import agreement_file
from gisapp.io.agreements.agreement_file import Entry
from gisapp.io.safe_files import written
from gisapp.layers import agreement_edits, edits
from gisapp.layers.agreement import Agreement, Status, day_in_words
from gisapp.layers.agreement_checks import undated_end
from gisapp.layers.vocabulary import Visibility
from gisapp.layers.zone import Zone
from gisapp.progress import Progress
from gisapp.tasks import Task
from gisapp.ui.agreements.dialog import AgreementDialog
from gisapp.ui.agreements.life import StepDialog
from gisapp.ui.agreements.reviews_due import DueList
from gisapp.ui.agreements.versions_strip import VersionsStrip, agreement_history, version_on
from gisapp.ui.agreements.words import next_steps, standing_sentence, verb
from gisapp.ui.exports.record import record_export
from gisapp.ui.project.file_questions import ask_open, ask_save, file_name
from gisapp.ui.session import Session
from gisapp.ui.widgets.forms import (
    INSIDE,
    EmptyState,
    FormDialog,
    actions,
    list_table,
    primary,
    say,
    secondary,
)
from gisapp.ui.widgets.plain import tip

_KINDS = "Agreements (*.json)"
_COLUMNS = ("Agreement", "Standing", "Valid", "Parties", "Zones", "Version")


class AgreementsDialog(FormDialog):
    """Lists the agreements; new, edit, remove, and JSON in and out."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("Agreements", QSize(1040, 560), parent)
        self.session = session
        self._ids: list[str] = []
        # From the outside in: what is put into something else is dressed anew with all it holds.
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName("Agreements and what is due")
        self.body.addWidget(self.tabs, 1)
        self._strip: VersionsStrip | None = None
        self._make_page()
        self.due = DueList(session)
        self.due.chosen.connect(self._show_agreement)
        self.new = primary("New agreement…", self._new)
        self.edit = secondary("Edit…", self._edit)
        self.remove = secondary("Remove", self._remove)
        self.read = secondary("Read from file…", self._read)
        self.write = secondary("Save to file…", self._write)
        self.tabs.addTab(self.due, "Due")
        left = (self.edit, self.remove, self.read, self.write)
        self.body.addLayout(actions(self.new, secondary("Close", self.accept), left=left))
        session.project_changed.connect(self._refresh)
        session.look_changed.connect(self._refresh)
        self._refresh()

    def _make_page(self) -> None:
        """The table, and below it what is chosen: how it stands, stood, and what may follow."""
        page, self.stack = QWidget(), QStackedWidget()
        self.tabs.addTab(page, "Agreements")
        self._column = QVBoxLayout(page)
        self._column.setContentsMargins(0, INSIDE, 0, 0)
        self._column.addWidget(self.stack, 1)
        self.table = self._make_table()
        self.empty = EmptyState(
            "No agreements yet: record what the partners settled on, or read one from a file."
        )
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.empty)
        self.sentence = say("")
        self._column.addWidget(self.sentence)
        self.steps = QHBoxLayout()
        self.steps.setSpacing(INSIDE)
        self._column.addLayout(self.steps)

    def show_due(self) -> None:
        """Bring what is due to the front."""
        self.tabs.setCurrentWidget(self.due)

    def _show_agreement(self, agreement_id: str) -> None:
        self.tabs.setCurrentIndex(0)
        self.choose(agreement_id)
        self.table.setFocus()

    def _make_table(self) -> QTableWidget:
        table = list_table("Agreements", _COLUMNS)
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        for column in (0, 3):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        table.itemSelectionChanged.connect(self._on_chosen)
        table.itemActivated.connect(lambda _: self._edit())
        return table

    @property
    def chosen(self) -> Agreement | None:
        """The agreement whose row is selected."""
        rows = self.table.selectionModel().selectedRows()
        return self.session.project.agreements.get(self._ids[rows[0].row()]) if rows else None

    def choose(self, agreement_id: str) -> None:
        if agreement_id in self._ids:
            self.table.selectRow(self._ids.index(agreement_id))

    def _refresh(self, _change: object = None) -> None:
        project, day = self.session.project, self.session.look.day
        former = self.chosen.id if self.chosen else None
        agreements = sorted(project.agreements.values(), key=lambda a: a.title.casefold())
        self._ids = [agreement.id for agreement in agreements]
        self.table.setRowCount(len(agreements))
        for row, agreement in enumerate(agreements):
            zones = sum(zone.agreement_id == agreement.id for zone in project.zones.values())
            parties = ", ".join(party.organisation for party in agreement.parties)
            cells = (
                agreement.title or "Untitled",
                self._stands(agreement),
                agreement.validity_in_words(),
                parties or "none yet",
                f"{zones:,}",
                str(agreement.version),
            )
            for column, text in enumerate(cells):
                item = QTableWidgetItem(text)
                item.setToolTip(tip(text))
                if column >= 4:
                    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                    item.setTextAlignment(right)
                self.table.setItem(row, column, item)
        self.stack.setCurrentWidget(self.table if agreements else self.empty)
        self.table.setHorizontalHeaderItem(1, QTableWidgetItem(f"On {day_in_words(day)}"))
        self.choose(former or (self._ids[0] if self._ids else ""))
        count = self.due.refresh()
        self.tabs.setTabText(1, f"Due ({count})" if count else "Due")
        self._on_chosen()

    def _stands(self, agreement: Agreement) -> str:
        """How it stands on the day of the map, and by which version if not by the newest."""
        day = self.session.look.day
        speaking = version_on(self.session.project, agreement, day)
        former = f" (version {speaking.version})" if speaking.version != agreement.version else ""
        return f"{speaking.standing_on(day).label}{former}"

    def _on_chosen(self) -> None:
        agreement = self.chosen
        for button in (self.edit, self.remove, self.write):
            button.setEnabled(agreement is not None)
        day = self.session.look.day
        words = ""
        if agreement is not None:
            words = standing_sentence(version_on(self.session.project, agreement, day), day)
        self.sentence.setText(words)
        self._offer_steps(agreement)
        self._draw_strip(agreement)

    def _offer_steps(self, agreement: Agreement | None) -> None:
        """Buttons for the steps that may follow, and for no others."""
        while self.steps.count():
            place = self.steps.takeAt(0)
            widget = place.widget() if place is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        steps = next_steps(agreement) if agreement is not None else ()
        if agreement is None or not steps:
            return
        words = say("What may follow:", "hint")
        words.setWordWrap(False)
        self.steps.addWidget(words)
        for to in steps:
            run = partial(self._step, agreement.id, to)
            self.steps.addWidget(secondary(f"{verb(agreement.status, to)}…", run))
        self.steps.addStretch(1)

    def _draw_strip(self, agreement: Agreement | None) -> None:
        """The time line of the agreement; it keeps its place while it is dragged."""
        if self._strip is not None and self._strip.dragging:
            return
        focused = self._strip is not None and self._strip.hasFocus()
        if self._strip is not None:
            self._strip.hide()
            self._strip.deleteLater()
            self._strip = None
        if agreement is None:
            return
        spans = agreement_history(self.session.project, agreement)
        strip = VersionsStrip(spans, self.session.look.day, f"“{agreement.title}”")
        strip.day_chosen.connect(lambda day: self.session.set_look(day=day))
        strip.released.connect(self._on_chosen)
        self._column.insertWidget(2, strip)
        self._strip = strip
        if focused:
            strip.setFocus()

    # What can be done

    def _step(self, agreement_id: str, to: Status) -> None:
        agreement = self.session.project.agreements.get(agreement_id)
        if agreement is not None:
            dialog = StepDialog(self.session, agreement, to, self)
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()

    def _new(self) -> None:
        self._open(AgreementDialog(self.session, None, self))

    def _edit(self) -> None:
        if self.chosen is not None:
            self._open(AgreementDialog(self.session, self.chosen, self))

    def _open(self, dialog: AgreementDialog) -> None:
        dialog.accepted.connect(lambda: self.choose(dialog.form.agreement.id))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _remove(self) -> None:
        agreement = self.chosen
        if agreement is not None and self.session.perform(edits.remove_agreement(agreement.id)):
            self.session.tell(
                f"Removed “{agreement.title}”; its zones stay, under no agreement.",
                "done",
                "Undo",
                self.session.document.undo,
            )

    def _read(self) -> None:
        path = ask_open(self, "Read an agreement", _KINDS)
        if path is not None:
            self.read_file(path)

    def read_file(self, path: Path) -> None:
        """Add the agreement in a JSON file with its zones, or supersede the one with its id."""
        task: Task[Entry] = Task(
            "Reading agreement",
            lambda _: agreement_file.read_entry(path),
            lambda entry: agreement_edits.record_with_zones(entry.agreement, entry.zones),
        )
        self.session.start(task, self._on_read, self._on_failed)

    def _on_read(self, entry: Entry) -> None:
        self.choose(entry.agreement.id)
        undated = undated_end(entry.agreement)
        if undated:
            self.session.tell(undated, "warning")

    def _on_failed(self, error: Exception) -> None:
        self.sentence.setText(str(error))

    def _write(self) -> None:
        agreement = self.chosen
        if agreement is None:
            return
        if agreement.visibility is Visibility.NEVER_EXPORT:
            self.sentence.setText(f"“{agreement.title}” may never leave this program.")
            return
        suggested = f"{file_name(agreement.title)}.json"
        path = ask_save(self, "Save the agreement", _KINDS, suggested)
        if path is not None:
            self.write_file(agreement, path)

    def write_file(self, agreement: Agreement, path: Path) -> None:
        """Write the JSON form of an agreement with its zones, but for what never leaves."""
        held = [z for z in self.session.project.zones.values() if z.agreement_id == agreement.id]
        zones = tuple(z for z in held if z.visibility is not Visibility.NEVER_EXPORT)

        def done(_: None) -> None:
            self.session.tell(f"Saved “{agreement.title}” to {path.name}.", "done")
            # Agreements are written whole, with what only those who work with them may know.
            record_export(self.session, path, "agreement", audience="police")

        task: Task[None] = Task(
            "Saving agreement", lambda progress: _write_json(agreement, zones, path, progress)
        )
        self.session.start(task, done, self._on_failed)


def _write_json(
    agreement: Agreement, zones: Sequence[Zone], path: Path, progress: Progress
) -> None:
    progress.check()
    text = json.dumps(agreement_file.file_to_json(agreement, zones), indent=2, ensure_ascii=False)
    with written(path) as unfinished:
        unfinished.write_text(text + "\n", encoding="utf-8")
