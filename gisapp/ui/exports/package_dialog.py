"""Zones for patrol systems: what goes in, for whom, in which formats, seen before it is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtWidgets import (
    QCheckBox,
    QHeaderView,
    QLineEdit,
    QSplitter,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from gisapp.errors import DataError, ExportError, GisappError
from gisapp.io.patrol import package, signing
from gisapp.io.patrol.changes import Base, base_of
from gisapp.io.patrol.content import Format, Loss, Note
from gisapp.io.patrol.formats.table import FORMATS, USUAL
from gisapp.io.patrol.manifest import Manifest
from gisapp.io.patrol.package import Prepared
from gisapp.io.patrol.refusals import Refusal, exportable
from gisapp.layers.agreement import day_in_words
from gisapp.layers.audience import Audience
from gisapp.layers.domain_name import is_domain_name
from gisapp.layers.project import Project
from gisapp.progress import Progress
from gisapp.render.paper import package_page
from gisapp.tasks import Task
from gisapp.ui.exports.form import ExportForm
from gisapp.ui.exports.package_files import PackageFiles
from gisapp.ui.exports.package_zones import PackageZones
from gisapp.ui.exports.record import tell_exported
from gisapp.ui.look_up import LookUp
from gisapp.ui.project.file_questions import ask_open, ask_save, file_name
from gisapp.ui.session import Session
from gisapp.ui.widgets.fields import DayField, TickList
from gisapp.ui.widgets.forms import (
    INSIDE,
    EmptyState,
    Form,
    beside,
    list_table,
    say,
    scrolled,
    secondary,
)
from gisapp.ui.widgets.plain import tip

_FORM_WIDTH = 340
_ZIP = "Package (*.zip)"


@dataclass(frozen=True, slots=True)
class _Found:
    """What would go out now, or why nothing can, and what each format would shorten.

    `earlier` is what the sender said of the package of which only changes go out.
    """

    day: date
    prepared: Prepared | None
    refusals: tuple[Refusal, ...]
    losses: tuple[tuple[Format, Loss], ...]
    trouble: str = ""
    since: Path | None = None
    earlier: Note | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the form says."""

    day: date
    note: Note
    formats: tuple[Format, ...]
    since: Path | None
    #: The fingerprint of the key that signed the earlier package; one's own without it.
    signed_by: str


class ExportPackageDialog(ExportForm):
    """Zones in force on a day as a checked, signed package for patrol systems."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(
            session, "Zones for patrol systems", QSize(1120, 700), "Export zones", parent
        )
        self.since: Path | None = None
        #: What the fields took from an earlier package, and whether they have still to.
        self._taken, self._to_take = ("", "", ""), False
        self.found: _Found | None = None
        self._look_up = LookUp(session)
        self._lay_out()
        self._build_form()
        self.put_off(
            session.courtesy, self._build_zones, self._build_files, self._build_losses, self._begin
        )

    # Building

    def _begin(self) -> None:
        self._end()
        self.day.set_day(self.session.look.day)
        self._later.stop()
        self.check()

    def _build_form(self) -> None:
        self.day = DayField("Day")
        self.recipient, self.sent_by, self.terms = QLineEdit(), QLineEdit(), QLineEdit()
        self.recipient.setPlaceholderText("such as County dispatch centre")
        self.sent_by.setPlaceholderText("an office, not a person")
        self.terms.setPlaceholderText("such as For patrol use only")
        self.agency = QLineEdit()
        self.agency.setPlaceholderText("such as police.example.org")
        self.formats = TickList([(one.label, one.name) for one in FORMATS], columns=1)
        for one in FORMATS:
            self.formats.boxes[one.name].setToolTip(f"For {one.readers}")
        self.formats.set_values(USUAL)
        self.all_formats = QCheckBox("All formats")
        self.since_button = secondary("Choose package…", self._choose_since)
        self.whole_button = secondary("Whole", lambda: self.set_since(None))
        self.since_words = say("", "hint")
        self.signed_by = QLineEdit()
        self.signed_by.setPlaceholderText("64 digits, where a colleague signed it")
        self.day_row = self.form.add("In force on", self.day)
        self.form.add("For", self.recipient)
        self.form.add("From", self.sent_by)
        self.form.add("Terms", self.terms)
        self.agency_row = self.form.add("Agency domain", self.agency)
        self.form.add("Changes since", beside(self.since_button, self.whole_button))
        self.form.across(self.since_words)
        self.signed_row = self.form.add("Signed by the key", self.signed_by)
        self.form.heading("Formats")
        self.form.across(self.all_formats)
        self.form.across(self.formats)
        self.form.finish()
        self.set_since(None)
        self.agency_row.set_visible(False)
        self.day.changed.connect(self._later.start)
        for field in (self.recipient, self.sent_by, self.terms, self.agency, self.signed_by):
            field.textChanged.connect(self._later.start)
        self.formats.changed.connect(self._on_formats)
        self.all_formats.clicked.connect(self._on_all)

    def _build_zones(self) -> None:
        self.zones = PackageZones(self.session, self.reject)
        self.tabs.addTab(self.zones, "Zones")

    def _build_files(self) -> None:
        self.files = PackageFiles(self.session)
        self.tabs.addTab(self.files, "Files")

    def _build_losses(self) -> None:
        shortened = QWidget()
        self.tabs.addTab(shortened, "Shortened")
        column = QVBoxLayout(shortened)
        column.setContentsMargins(0, INSIDE, 0, 0)
        self.losses = list_table(
            "What formats shorten or leave out", ("Format", "What", "In the project", "In the file")
        )
        column.addWidget(self.losses)
        header = self.losses.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        for number, width in enumerate((160, 160, 130)):
            self.losses.setColumnWidth(number, width)
        self.no_loss = EmptyState("The chosen formats hold every name and text whole.")
        column.addWidget(self.no_loss)
        self.tabs.currentChanged.connect(self._on_tab)

    def _lay_out(self) -> None:
        # From the outside in: what is put into something else is dressed anew with all it holds.
        self.form, self.tabs = Form(), QTabWidget()
        area = scrolled(self.form)
        area.setMinimumWidth(_FORM_WIDTH)
        parted = QSplitter()
        parted.setChildrenCollapsible(False)
        parted.addWidget(area)
        parted.addWidget(self.tabs)
        parted.setStretchFactor(1, 1)
        parted.setSizes([_FORM_WIDTH, 760])
        self.body.addWidget(parted, 1)

    # What is asked for

    def _on_all(self, ticked: bool) -> None:
        self.formats.set_values([one.name for one in FORMATS] if ticked else list(USUAL))
        self._on_formats()

    def _on_formats(self) -> None:
        self.all_formats.setChecked(len(self.formats.values) == len(FORMATS))
        self.agency_row.set_visible("nena" in self.formats.values)
        self._later.start()

    def _choose_since(self) -> None:
        path = ask_open(self, "Choose the package that was sent before", _ZIP)
        if path is not None:
            self.set_since(path)

    def set_since(self, path: Path | None) -> None:
        """Export only what changed since this package; None for all zones in force.

        For whom, from whom and on what terms are then as in that package, until changed.
        """
        self.since, self._to_take = path, path is not None
        self.whole_button.setVisible(path is not None)
        self.signed_row.set_visible(path is not None)
        self.since_words.setText(
            "All zones in force go in."
            if path is None
            else f"Only what was added, changed or withdrawn since {path.name} goes in."
        )
        self._later.start()

    def _asked(self) -> _Asked | None:
        """What the form says, or None where its day is not one."""
        wrong = self.day.problem() or ("" if self.day.edit.text().strip() else "Enter a day.")
        self.day_row.set_error(wrong)
        day = None if wrong else self.day.day
        agency = self.agency.text().strip().lower()
        odd = bool(agency) and not is_domain_name(agency)
        self.agency_row.set_error("Write a domain name such as police.example.org." if odd else "")
        signed_by = self._typed_key()
        if day is None or odd or signed_by is None:
            return None
        note = Note(
            self.recipient.text().strip(),
            self.sent_by.text().strip(),
            self.terms.text().strip(),
            Audience.PATROL,
            agency=agency,
        )
        return _Asked(day, note, package.chosen(self.formats.values), self.since, signed_by)

    def _typed_key(self) -> str | None:
        """The fingerprint that is typed, empty without one; None where it is none."""
        typed = self.signed_by.text().strip() if self.since is not None else ""
        try:
            plain = signing.plain_fingerprint(typed) if typed else ""
        except DataError as error:
            self.signed_row.set_error(str(error))
            return None
        self.signed_row.set_error("")
        return plain

    def _look(self) -> None:
        self.check()

    def check(self) -> None:
        """Find out what would go out as the form is now."""
        self._later.stop()
        asked = self._asked()
        self.export.setEnabled(False)
        if asked is None:
            self._look_up.drop()
            return
        project = self.session.project
        self._look_up.ask(
            Task("Checking zones", lambda progress: _find(project, asked, progress)),
            self._show,
            self._on_failed,
        )

    def _show(self, found: _Found) -> None:
        self._look_up.drop()
        self.found = found
        if found.since == self.since and found.earlier is not None:
            self._take(found.earlier)
        project = self.session.project
        prepared = found.prepared
        content = prepared.content if prepared is not None else None
        changes = prepared.changed.changes if prepared is not None else {}
        self.zones.show_zones(project, found.day, content, changes, found.refusals, found.trouble)
        self.files.want(prepared, package.chosen(self.formats.values))
        self._show_losses(found.losses)
        self._say_wrong(found.trouble)
        zones = len(content.zones) if content is not None else 0
        count = "1 zone" if zones == 1 else f"{zones:,} zones"
        changed = content is not None and content.earlier is not None
        what = count if content is not None else "zones"
        self.export.setText("Export changes" if changed else f"Export {what}")
        self.export.setEnabled(content is not None and bool(self.formats.values))

    def _take(self, earlier: Note) -> None:
        """Fill in what an earlier package said, but where something else was typed."""
        if not self._to_take:
            return
        self._to_take = False
        given = (earlier.recipient, earlier.sent_by, earlier.terms)
        fields = (self.recipient, self.sent_by, self.terms)
        for field, before, text in zip(fields, self._taken, given, strict=True):
            if field.text() in ("", before):
                field.setText(text)
        self._taken = given

    def _show_losses(self, losses: Sequence[tuple[Format, Loss]]) -> None:
        self.losses.setRowCount(len(losses))
        for row, (one, loss) in enumerate(losses):
            for column, text in enumerate((one.label, loss.what, loss.original, loss.written)):
                item = QTableWidgetItem(text)
                item.setToolTip(tip(text))
                self.losses.setItem(row, column, item)
        self.losses.setVisible(bool(losses))
        self.no_loss.setVisible(not losses)
        self.tabs.setTabText(2, f"Shortened ({len(losses):,})" if losses else "Shortened")

    def _on_tab(self, index: int) -> None:
        if index == 1:
            self.files.make()

    # Exporting

    def _export(self) -> None:
        if self.found is None or self._later.isActive():
            return
        day = self.found.day.isoformat()
        what = "changes" if self.since is not None else "zones"
        suggested = f"{file_name(self.session.project.title)} {what} {day}.zip"
        path = ask_save(self, "Export zones", _ZIP, suggested)
        if path is not None:
            self.write(path)

    def write(self, path: Path) -> None:
        """Write the package; the dialog closes when it is done and says what it holds."""
        found = self.found
        if found is None or found.prepared is None:
            return
        prepared, formats = found.prepared, package.chosen(self.formats.values)
        project = self.session.project
        self.export.setEnabled(False)

        def work(progress: Progress) -> Manifest:
            return package.write_prepared(
                prepared,
                path,
                formats,
                key=signing.own_key(),
                extra=package_page.files_over(project),
                progress=progress,
            )

        def done(manifest: Manifest) -> None:
            self._on_written(manifest, path)

        self.foot.start(Task("Exporting zones", work), done, self._on_failed)

    def _on_written(self, manifest: Manifest, path: Path) -> None:
        zones = "1 zone" if manifest.zone_count == 1 else f"{manifest.zone_count:,} zones"
        what = f"{zones} in force on {day_in_words(manifest.day)}"
        if manifest.content.earlier is not None:
            what = f"what changed by {day_in_words(manifest.day)}"
        tell_exported(
            self.session,
            path,
            "patrol package",
            f"Exported {what} to {path.name}. Tell receivers the fingerprint of your key once: "
            f"{signing.in_groups(manifest.content.note.fingerprint[:16])} …",
            audience=Audience.PATROL.value,
            recipient=manifest.content.note.recipient,
            note=what,
        )
        self.accept()

    def _can_export(self) -> bool:
        return self.found is not None and self.found.prepared is not None

    def _on_failed(self, error: GisappError) -> None:
        self._look_up.drop()
        super()._on_failed(error)

    def done(self, result: int) -> None:
        """Leave; what is under way is stopped, and no half file is left."""
        self._look_up.drop()
        self.files.drop()
        super().done(result)


def _find(project: Project, asked: _Asked, progress: Progress) -> _Found:
    """What would go out; a refusal is part of the answer, for the lists say the reasons."""
    zones, refusals = exportable(project, asked.day, asked.note.audience)
    if not zones and asked.since is None:
        return _Found(asked.day, None, refusals, ())
    base = None
    try:
        if asked.since is not None:
            base = base_of(asked.since, asked.signed_by or signing.own_key().fingerprint)
        prepared = package.prepare(
            project, asked.day, note=asked.note, since=base, progress=progress
        )
    except (DataError, ExportError) as error:
        return _Found(asked.day, None, refusals, (), str(error), asked.since, _note_of(base))
    losses = package.losses(prepared.content, asked.formats)
    return _Found(asked.day, prepared, refusals, losses, "", asked.since, _note_of(base))


def _note_of(base: Base | None) -> Note | None:
    return None if base is None else base.note
