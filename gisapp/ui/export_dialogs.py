"""What leaves the program: a map for a meeting, and zones for patrol systems."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from PySide6.QtCore import QSize, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QImage
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gisapp.errors import Cancelled, GisappError
from gisapp.io.patrol import package
from gisapp.io.patrol.package import Manifest
from gisapp.io.patrol.refusals import Refusal, exportable
from gisapp.layers.agreement import day_in_words
from gisapp.layers.audience import Audience
from gisapp.layers.project import Project
from gisapp.layers.seen import is_seen, seen_by
from gisapp.layers.zone import Zone
from gisapp.progress import Progress
from gisapp.render.export import export_map_task
from gisapp.render.look import Look
from gisapp.render.page import Page, Paper
from gisapp.render.page_words import subtitle_of
from gisapp.tasks import Task
from gisapp.ui import theme
from gisapp.ui.export_record import record_export
from gisapp.ui.fields import DayField, boxed
from gisapp.ui.file_questions import ask_save, file_name
from gisapp.ui.forms import (
    BETWEEN,
    INSIDE,
    Form,
    FormDialog,
    actions,
    choose,
    combo,
    heading,
    list_table,
    primary,
    say,
    secondary,
)
from gisapp.ui.page_preview import PagePreview, audience_words, preview_page
from gisapp.ui.plain import tip
from gisapp.ui.session import Selection, Session
from gisapp.ui.task_foot import TaskFoot

_PAUSE_MS = 250
_MOST_REFUSED = 6
_FORMATS = (
    ("PDF, to print and to send", "pdf"),
    ("PNG image, for slides", "png"),
    ("SVG drawing, to work on", "svg"),
    ("HTML map, to move and zoom in a browser", "html"),
)


def _folder_opener(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))


class ExportMapDialog(FormDialog):
    """The current view as a page or an HTML map, for a chosen audience."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("Export map", QSize(1000, 640), parent)
        self.session = session
        self._asked = 0
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_PAUSE_MS)
        self._later.timeout.connect(self._ask_preview)
        self._build()
        self._on_change()

    def _build(self) -> None:
        project, look = self.session.project, self.session.look
        self.format_box = combo([(text, value) for text, value in _FORMATS])
        self.title = QLineEdit(project.title)
        self.subtitle = QLineEdit()
        self.audience_box = combo([(a.label, a.value) for a in Audience])
        choose(self.audience_box, look.audience.value)
        self.paper_box = combo([(paper.value, paper.value) for paper in Paper])
        if project.timezone.startswith("America/"):
            choose(self.paper_box, Paper.LETTER.value)
        self.way_box = combo([("Landscape", True), ("Portrait", False)])
        self.fetch = self._fetch()
        self.preview = PagePreview()
        self.preview.resized.connect(self._later.start)
        self.export = primary("Export PDF", self._export)
        self.foot = TaskFoot(self.session)
        self.status = say("", "error")
        form = Form()
        form.add("As", self.format_box)
        form.add("Title", self.title)
        self.subtitle_row = form.add("Subtitle", self.subtitle)
        self.audience_row = form.add("For", self.audience_box)
        self.paper_row = form.add("Paper", self.paper_box)
        self.way_row = form.add("Orientation", self.way_box)
        self.fetch_row = form.add("Base map", self.fetch)
        limits = self._limits()
        if limits:
            form.across(boxed(say(f"The map is limited to: {limits}.")))
        form.finish()
        form.setFixedWidth(380)
        halves = QHBoxLayout()
        halves.setSpacing(BETWEEN)
        halves.addWidget(form)
        halves.addWidget(self.preview, 1)
        self.body.addLayout(halves, 1)
        self.body.addWidget(self.status)
        self.status.hide()
        cancel = secondary("Cancel", self.reject)
        self.body.addLayout(actions(self.export, cancel, left=(self.foot,)))
        for box in (self.format_box, self.audience_box, self.paper_box, self.way_box):
            box.currentIndexChanged.connect(lambda _: self._on_change())
        for line in (self.title, self.subtitle):
            line.textEdited.connect(lambda _: self._on_change())

    def _fetch(self) -> QCheckBox:
        """Whether a server is asked for the tiles of the page that are not here yet."""
        base_map = self.session.project.base_map
        server = base_map.server if base_map is not None else None
        box = QCheckBox(f"Ask {server} for the tiles of this page")
        box.setToolTip("Without it the page has what was on the screen before")
        return box

    @property
    def _may_fetch(self) -> bool:
        """Whether the page has a base map of a server that the user agreed to ask."""
        base_map = self.session.project.base_map
        if base_map is None or not base_map.visible or self.suffix == "html":
            return False
        return base_map.server is not None and self.session.cache.tiles.may_draw(base_map)

    def _limits(self) -> str:
        """The filters that limit layers of the map, in words."""
        filters = self.session.filters
        said = [
            f"{layer.name}: {filters.in_words(layer.id)}"
            for layer in self.session.project.layers
            if filters.in_words(layer.id)
        ]
        return "; ".join(said)

    @property
    def suffix(self) -> str:
        return str(self.format_box.currentData())

    @property
    def audience(self) -> Audience:
        return Audience(self.audience_box.currentData())

    @property
    def look(self) -> Look:
        """How the chosen audience sees the project in a file."""
        return replace(self.session.look, audience=self.audience, exported=True, dark=False)

    @property
    def page(self) -> Page:
        """The page as the form describes it."""
        project = self.session.project
        return Page(
            self.title.text().strip() or project.title,
            datetime.now(project.tzinfo),
            self._subtitle(),
            Paper(self.paper_box.currentData()),
            bool(self.way_box.currentData()),
            project.timezone.startswith("America/"),
        )

    def _subtitle(self) -> str:
        written = self.subtitle.text().strip()
        if written:
            return written
        words, limits = subtitle_of(self.session.project, self.look), self._limits()
        return f"{words}. Only {limits}" if limits else words

    def _on_change(self) -> None:
        names = {"pdf": "PDF", "png": "PNG", "svg": "SVG", "html": "HTML map"}
        self.export.setText(f"Export {names[self.suffix]}")
        for row in (self.paper_row, self.way_row):
            row.set_visible(self.suffix != "html")
        self.fetch_row.set_visible(self._may_fetch)
        self.audience_row.set_hint(audience_words(self.audience))
        self.subtitle.setPlaceholderText(self._subtitle() if not self.subtitle.text() else "")
        self.subtitle_row.set_hint("Says what is counted, and from when to when.")
        self._later.start()

    def _ask_preview(self) -> None:
        self._asked += 1
        number, page = self._asked, self.page
        session, view = self.session, self.session.view
        project, look, cache = session.project, self.look, session.cache
        width, height = self.preview.room
        if self.suffix == "html":
            # A browser is wide, whatever paper was chosen before.
            page = replace(page, landscape=True)
        dpr = self.devicePixelRatioF()

        def work(progress: Progress) -> tuple[int, QImage]:
            room = (width, height, dpr)
            return number, preview_page(project, view, look, page, room, cache, progress)

        ids = frozenset(layer.id for layer in project.layers)
        task = Task("Drawing the page", work, reads=ids)
        self.foot.start(task, self._show, lambda _: None, quick=True)

    def _show(self, answer: tuple[int, QImage]) -> None:
        number, image = answer
        if number == self._asked:
            note = (
                ""
                if self.suffix != "html"
                else "The HTML map shows the same, and can be moved and zoomed."
            )
            self.preview.show_page(image, note)

    # Exporting

    def _export(self) -> None:
        title = self.title.text().strip() or self.session.project.title
        kinds = f"{self.export.text().removeprefix('Export ')} (*.{self.suffix})"
        path = ask_save(self, "Export map", kinds, f"{file_name(title)}.{self.suffix}")
        if path is not None:
            self.write(path)

    def write(self, path: Path) -> None:
        """Write the map; the dialog closes when it is done and says where the file is."""
        page, session = self.page, self.session
        self._later.stop()
        self._say_wrong("")
        task = export_map_task(
            session.project,
            session.view,
            replace(self.look, fetch_tiles=self._may_fetch and self.fetch.isChecked()),
            path.with_suffix(f".{self.suffix}"),
            title=page.title,
            subtitle=page.subtitle,
            generated_at=page.generated_at,
            paper=page.paper,
            landscape=page.landscape,
            cache=session.cache,
        )
        self.export.setEnabled(False)
        self.foot.start(task, self._on_written, self._on_failed)

    def _on_written(self, path: Path) -> None:
        self.session.tell(
            f"Exported {path.name} for {self.audience.label.lower()}.",
            "done",
            "Open folder",
            lambda: _folder_opener(path),
        )
        record_export(self.session, path, "map", audience=self.audience.value)
        self.accept()

    def _on_failed(self, error: GisappError) -> None:
        self.export.setEnabled(True)
        self._say_wrong("" if isinstance(error, Cancelled) else str(error))

    def _say_wrong(self, words: str) -> None:
        self.status.setText(words)
        self.status.setVisible(bool(words))

    def done(self, result: int) -> None:
        """Leave; what is under way is stopped, and no half file is left."""
        self._later.stop()
        self._asked += 1
        self.foot.cancel()
        super().done(result)


#: What stands for a zone that the audience of the window may not see.
_HIDDEN = "A zone that is not shown to this audience"


class ExportPackageDialog(FormDialog):
    """Zones in force on a day as a checked package for patrol systems."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("Zones for patrol systems", QSize(860, 620), parent)
        self.session = session
        self._asked = 0
        self.zones: tuple[Zone, ...] = ()
        self.refusals: tuple[Refusal, ...] = ()
        self._build()
        self.day.changed.connect(self._check)
        self.day.set_day(session.look.day)

    def _build(self) -> None:
        self.day = DayField("Day")
        self.export = primary("Export zones", self._export)
        self.show_button = secondary("Show on map", self._show_on_map)
        self.foot = TaskFoot(self.session)
        self.status = say("", "error")
        self.status.hide()
        self.going = _table("Zones that go in", ("Zone", "Agreement", "Valid"))
        self.staying = _table("Zones that stay out", ("Zone", "Why it stays out"))
        self.staying.itemSelectionChanged.connect(self._on_chosen)
        self.staying.itemActivated.connect(lambda _: self._show_on_map())
        self.going_head, self.staying_head = heading(""), heading("")
        form = Form()
        self.day_row = form.add("In force on", self.day)
        form.finish()
        form.setMaximumWidth(360)
        self.body.addWidget(form)
        self.body.addWidget(self.going_head)
        self.body.addWidget(self.going, 3)
        self.stay_box = QWidget()
        stay = QVBoxLayout(self.stay_box)
        stay.setContentsMargins(0, 0, 0, 0)
        stay.setSpacing(INSIDE)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.show_button)
        stay.addWidget(self.staying_head)
        stay.addWidget(self.staying, 1)
        stay.addLayout(foot)
        self.body.addWidget(self.stay_box, 2)
        self.files = say("", "hint")
        self.body.addWidget(boxed(QLabel("One zip with these files"), self.files))
        self.body.addWidget(self.status)
        cancel = secondary("Cancel", self.reject)
        self.body.addLayout(actions(self.export, cancel, left=(self.foot,)))

    def _check(self) -> None:
        """Find out which zones go in on the day that is typed."""
        wrong = self.day.problem() or ("" if self.day.edit.text().strip() else "Enter a day.")
        self.day_row.set_error(wrong)
        self.export.setEnabled(False)
        self._asked += 1
        day = None if wrong else self.day.day
        if day is None:
            return
        number, project = self._asked, self.session.project

        def work(progress: Progress) -> tuple[int, tuple[Zone, ...], tuple[Refusal, ...]]:
            progress.report(None, "Checking zones")
            return (number, *exportable(project, day))

        self.foot.start(Task("Checking zones", work), self._show, self._on_failed, quick=True)

    def _show(self, answer: tuple[int, tuple[Zone, ...], tuple[Refusal, ...]]) -> None:
        number, zones, refusals = answer
        if number != self._asked:
            return
        self.zones, self.refusals = zones, refusals
        project = self.session.project
        day = self.day.day or self.session.look.day
        agreements = [project.terms_on(zone, day) for zone in zones]
        # The package is for patrol systems; the list is read by whoever sits at the screen.
        seen = seen_by(project, self.session.look.audience, exported=False).zones
        _fill(
            self.going,
            [
                (zone.name, a.title if a else "", a.validity_in_words() if a else "")
                if zone.id in seen
                else (_HIDDEN, "", "")
                for zone, a in zip(zones, agreements, strict=True)
            ],
        )
        _fill(
            self.staying,
            [(one.name, one.reason) if one.zone_id in seen else (_HIDDEN, "") for one in refusals],
        )
        count = "1 zone" if len(zones) == 1 else f"{len(zones):,} zones"
        self.going_head.setText(f"{count} in the package" if zones else _nothing(project))
        out = "1 zone stays out" if len(refusals) == 1 else f"{len(refusals):,} zones stay out"
        self.staying_head.setText(out)
        self.stay_box.setVisible(bool(refusals))
        # A few refused zones take no room from those that go in.
        height = theme.tokens(False).row
        self.staying.setMaximumHeight((min(len(refusals), _MOST_REFUSED) + 1) * height + INSIDE)
        self.going.setVisible(bool(zones))
        self.export.setText(f"Export {count}")
        self.export.setEnabled(bool(zones))
        self.files.setText(
            "README.txt · zones.geojson (RFC 7946) · zones.gpkg · zones.csv (with WKT) · "
            "manifest.json with the SHA-256 of each. Never a stop or an overdose."
        )
        self._on_chosen()

    def _on_chosen(self) -> None:
        self.show_button.setEnabled(bool(self.staying.selectionModel().selectedRows()))

    def _show_on_map(self) -> None:
        rows = self.staying.selectionModel().selectedRows()
        if not rows:
            return
        zone = self.session.project.zone(self.refusals[rows[0].row()].zone_id)
        if not is_seen(self.session.project, zone, self.session.look.audience, exported=False):
            return
        self.session.select(Selection(zone_ids=(zone.id,)))
        self.session.set_view(self.session.view.shown(zone.shape.bounds, margin=0.3))
        self.reject()

    # Exporting

    def _export(self) -> None:
        day = self.day.day
        if day is not None:
            suggested = f"{file_name(self.session.project.title)} zones {day.isoformat()}.zip"
            path = ask_save(self, "Export zones", "Package (*.zip)", suggested)
            if path is not None:
                self.write(path, day)

    def write(self, path: Path, day: date) -> None:
        """Write the package; the dialog closes when it is done and says what it holds."""
        project = self.session.project
        self.export.setEnabled(False)

        def work(progress: Progress) -> Manifest:
            return package.write_package(project, day, path, progress=progress)

        def done(manifest: Manifest) -> None:
            zones = "1 zone" if manifest.zone_count == 1 else f"{manifest.zone_count:,} zones"
            self.session.tell(
                f"Exported {zones} in force on {day_in_words(day)} to {path.name}.",
                "done",
                "Open folder",
                lambda: _folder_opener(path),
            )
            self.accept()

        self.foot.start(Task("Exporting zones", work), done, self._on_failed)

    def _on_failed(self, error: GisappError) -> None:
        self.export.setEnabled(bool(self.zones))
        self.status.setText("" if isinstance(error, Cancelled) else str(error))
        self.status.setVisible(bool(self.status.text()))

    def done(self, result: int) -> None:
        """Leave; what is under way is stopped, and no half file is left."""
        self._asked += 1
        self.foot.cancel()
        super().done(result)


def _nothing(project: Project) -> str:
    if not project.zones:
        return "No zones yet: draw them round services, or on the map."
    return "No zone is in force on this day."


def _table(name: str, columns: tuple[str, ...]) -> QTableWidget:
    table = list_table(name, columns)
    header = table.horizontalHeader()
    header.setStretchLastSection(True)
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
    table.setColumnWidth(0, 240)
    if len(columns) > 2:
        table.setColumnWidth(1, 320)
    return table


def _fill(table: QTableWidget, rows: list[tuple[str, ...]]) -> None:
    table.setRowCount(len(rows))
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            item = QTableWidgetItem(text)
            item.setToolTip(tip(text))
            table.setItem(row, column, item)
