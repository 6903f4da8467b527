"""What is printed for officers: a sheet for a shift, an instruction for a chief to sign."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from gisapp.analysis.briefing.area import (
    WHOLE,
    Area,
    area_named,
    deployment_named,
    told_zones,
    view_area,
)
from gisapp.analysis.briefing.briefing import Briefing, briefing
from gisapp.analysis.briefing.order import Order, order
from gisapp.analysis.briefing.readers import check_reader
from gisapp.analysis.briefing.shift import Shift
from gisapp.errors import Cancelled, DataError, GisappError
from gisapp.layers.audience import Audience, Showing
from gisapp.layers.project import Project
from gisapp.layers.seen import seen_by
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress
from gisapp.render.briefing.export import Printed, map_of, paper_of, preview, print_task
from gisapp.render.briefing.pages import set_paper
from gisapp.render.paper.sheet import Sheet
from gisapp.tasks import Task
from gisapp.ui.exports.form import ExportForm
from gisapp.ui.exports.page_preview import PagePreview
from gisapp.ui.exports.record import tell_exported
from gisapp.ui.project.file_questions import ask_save, file_name
from gisapp.ui.session import Session
from gisapp.ui.widgets.fields import ClockField, DayField
from gisapp.ui.widgets.forms import (
    BETWEEN,
    INSIDE,
    Form,
    beside,
    choose,
    combo,
    say,
    secondary,
)

_FORMATS = (("PDF, to print", "pdf"), ("DOCX, to change in a word processor", "docx"))
_WHOLE, _MAP, _DEPLOYMENT, _PLACE = "whole", "map", "deployment", "place"


@dataclass(frozen=True, slots=True)
class _Shown:
    """A page as it was drawn, of how many, and the size of its text in points."""

    asked: int
    image: QImage
    page: int
    count: int
    points: float


class BriefingDialog(ExportForm):
    """Area, day and hours of a shift on the left, the page as it will be printed on the right."""

    heading = "Briefing sheet"
    what = "briefing sheet"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, self.heading, QSize(1040, 720), "Export PDF", parent)
        self._page = 0
        self._make_fields()
        self.put_off(session.courtesy, self._build, self._on_change)

    # The form

    def _make_fields(self) -> None:
        project = self.session.project
        self.format_box = combo([(text, value) for text, value in _FORMATS])
        self.title = QLineEdit()
        self.paper_box = combo([(paper.value, paper.value) for paper in Sheet])
        if project.timezone.startswith("America/"):
            choose(self.paper_box, Sheet.LETTER.value)
        self.large = QCheckBox("Large print (18 points, more pages)")
        self.day = DayField("Day")
        self.day.set_day(self.session.look.day)
        self.area_box = combo(self._areas())
        self.start, self.end = ClockField("From", time(0)), ClockField("Until", time(0))
        self.preview = PagePreview()
        self.before = secondary("Previous page", lambda: self._turn(-1))
        self.after = secondary("Next page", lambda: self._turn(1))
        self.page_label = QLabel("")

    def _add_rows(self, form: Form) -> None:
        form.add("For", self.area_box)
        self.day_row = form.add("Day", self.day)
        self.hours_row = form.add(
            "Hours",
            beside(self.start, QLabel("to"), self.end),
            "Local time. An end at or before the start lies on the next day; 00:00 to 00:00 is "
            "the whole day.",
        )

    def _build(self) -> None:
        halves = QHBoxLayout()
        halves.setSpacing(BETWEEN)
        self.body.addLayout(halves, 1)
        form = Form(self)
        form.setFixedWidth(380)
        halves.addWidget(form)
        self._add_rows(form)
        form.add("As", self.format_box)
        form.add("Title", self.title)
        form.add("Paper", self.paper_box)
        form.add("Print", self.large)
        form.across(say(self._explains(), "hint"))
        form.finish()
        right = QVBoxLayout()
        halves.addLayout(right, 1)
        right.addWidget(self.preview, 1)
        pages = QHBoxLayout()
        pages.setSpacing(INSIDE)
        right.addLayout(pages)
        for widget in (self.before, self.page_label, self.after):
            pages.addWidget(widget)
        pages.addStretch(1)
        self._end()
        self._connect()

    def _connect(self) -> None:
        self.preview.resized.connect(self._later.start)
        self.area_box.currentIndexChanged.connect(lambda _: self._on_area())
        for box in (self.format_box, self.paper_box):
            box.currentIndexChanged.connect(lambda _: self._on_change())
        for line in (self.title, self.start, self.end):
            line.textChanged.connect(lambda _: self._on_change())
        self.large.toggled.connect(lambda _: self._on_change())
        self.day.changed.connect(self._on_change)

    def _explains(self) -> str:
        return (
            "Only agreements in force are in it, and nothing that patrol may not see: no stop, "
            "no overdose, no person."
        )

    def _areas(self) -> list[tuple[str, object]]:
        """What a briefing can be for: everything, the map, deployments, zones, districts."""
        project, look = self.session.project, self.session.look
        found: list[tuple[str, object]] = [
            (WHOLE.name, (_WHOLE, "")),
            ("The area of the map", (_MAP, "")),
        ]
        for layer in project.layers_of(LayerKind.DEPLOYMENTS):
            if look.showing(layer) is not Showing.NOTHING:
                found += [
                    (f"Deployment: {name}", (_DEPLOYMENT, name))
                    for name in layer.texts("name")
                    if name.strip()
                ]
        seen = seen_by(project, look.audience, exported=False)
        found += [
            (f"Zone: {zone.name}", (_PLACE, zone.name))
            for zone in told_zones(project)
            if zone.id in seen.zones
        ]
        for layer in project.layers_of(LayerKind.BOUNDARIES):
            if look.showing(layer) is not Showing.NOTHING:
                found += [
                    (f"{layer.name}: {name}", (_PLACE, name))
                    for name in layer.texts("name")
                    if name.strip()
                ]
        return found

    @property
    def suffix(self) -> str:
        return str(self.format_box.currentData())

    def area(self) -> Area:
        """The area that is chosen; DataError where its name is not clear."""
        kind, name = self.area_box.currentData()
        project = self.session.project
        if kind == _MAP:
            return view_area(self.session.view.bounds)
        if kind == _DEPLOYMENT:
            return deployment_named(project, name)
        return area_named(project, name) if kind == _PLACE else WHOLE

    def _on_area(self) -> None:
        """A deployment brings its own day and hours."""
        try:
            area = self.area()
        except DataError as error:
            self._say_wrong(str(error))
            return
        if area.start is not None and area.end is not None:
            zone = self.session.project.tzinfo
            start, end = area.start.astimezone(zone), area.end.astimezone(zone)
            self.day.set_day(start.date())
            self.start.set_clock(start.time())
            self.end.set_clock(end.time())
        self._on_change()

    def _on_change(self) -> None:
        self.export.setText(f"Export {self.suffix.upper()}")
        self._page = 0
        self._later.start()

    def _problem(self) -> str:
        """What is wrong with the form, said beside its fields too; empty when nothing is."""
        day = self.day.problem() or ("" if self.day.edit.text().strip() else "Enter a day.")
        hours = self.start.problem() or self.end.problem()
        self.day_row.set_error(day)
        self.hours_row.set_error(hours)
        return day or hours

    def subject(self, project: Project) -> Briefing | Order:
        """What is printed, as the form says. GisappError where there is nothing to print."""
        day = self.day.day
        assert day is not None
        shift = Shift.of(day, self.start.clock, self.end.clock, project.timezone)
        return briefing(project, self.area(), shift, title=self.title.text())

    # The page

    def _turn(self, by: int) -> None:
        self._page += by
        self._look()

    def _look(self) -> None:
        self._looks += 1
        wrong = self._problem()
        if wrong:
            self._on_refused(DataError(wrong))
            return
        number, page, cache = self._looks, self._page, self.session.cache
        project, sheet = self.session.project, Sheet(self.paper_box.currentData())
        room, large = (*self.preview.room, self.devicePixelRatioF()), self.large.isChecked()
        made_on = datetime.now(project.tzinfo).date()
        try:
            subject = self.subject(project)
            check_reader(subject, self.session.look.audience)
        except GisappError as error:
            self._on_refused(error)
            return

        def work(progress: Progress) -> _Shown:
            setting = set_paper(paper_of(subject, made_on, large=large), sheet, large=large)
            at = min(page, setting.count - 1)
            image = preview(setting, at, map_of(subject), room, cache, progress)
            return _Shown(number, image, at, setting.count, setting.points)

        self._say_wrong("")
        ids = frozenset(layer.id for layer in project.layers)
        task = Task("Drawing the page", work, reads=ids)
        self.foot.start(task, self._show, self._on_refused, quick=True)

    def _show(self, shown: _Shown) -> None:
        if shown.asked != self._looks:
            return
        note = "" if self.suffix == "pdf" else "The DOCX says the same, set by your word processor."
        self.preview.show_page(shown.image, note)
        self._page = shown.page
        self.page_label.setText(
            f"Page {shown.page + 1} of {shown.count}, text of {shown.points:g} points"
        )
        self.before.setEnabled(shown.page > 0)
        self.after.setEnabled(shown.page + 1 < shown.count)
        self.export.setEnabled(True)

    def _on_refused(self, error: GisappError) -> None:
        """Say why there is nothing to print; no page of an earlier question stays."""
        stopped = isinstance(error, Cancelled)
        self.preview.clear("The page is not drawn." if stopped else "Nothing to print.")
        self.page_label.setText("")
        self.before.setEnabled(False)
        self.after.setEnabled(False)
        self.export.setEnabled(stopped)
        self._say_wrong("" if stopped else str(error))

    # Exporting

    def _export(self) -> None:
        kinds = f"{self.suffix.upper()} (*.{self.suffix})"
        path = ask_save(self, self.heading, kinds, f"{self._file_name()}.{self.suffix}")
        if path is not None:
            self.write(path)

    def _file_name(self) -> str:
        title = self.title.text().strip() or f"{self.heading} {self.area_box.currentText()}"
        return file_name(f"{title} {self.day.edit.text().strip()}")

    def write(self, path: Path) -> None:
        """Write the file; the dialog closes when it is done and says where it is."""
        self._later.stop()
        project = self.session.project
        if self._problem():
            return
        try:
            subject = self.subject(project)
            check_reader(subject, self.session.look.audience)
            task = print_task(
                subject,
                path.with_suffix(f".{self.suffix}"),
                made_on=datetime.now(project.tzinfo).date(),
                paper=Sheet(self.paper_box.currentData()),
                large=self.large.isChecked(),
                cache=self.session.cache,
            )
        except GisappError as error:
            self._on_refused(error)
            return
        self._say_wrong("")
        self.export.setEnabled(False)
        self.foot.start(task, self._on_written, self._on_failed)

    def _on_written(self, printed: Printed) -> None:
        path = printed.path
        words = f"Exported {path.name}: {printed.in_words()}."
        tell_exported(self.session, path, self.what, words, audience=Audience.PATROL.value)
        self.accept()


class InstructionDialog(BriefingDialog):
    """The agreements in force on a day, as an instruction for the whole jurisdiction."""

    heading = "Operational instruction"
    what = "operational instruction"

    def _add_rows(self, form: Form) -> None:
        self.day_row = form.add("Day", self.day, "Agreements in force on this day are in it.")
        self.hours_row = self.day_row

    def _areas(self) -> list[tuple[str, object]]:
        return [(WHOLE.name, (_WHOLE, ""))]

    def _problem(self) -> str:
        day = self.day.problem() or ("" if self.day.edit.text().strip() else "Enter a day.")
        self.day_row.set_error(day)
        return day

    def _file_name(self) -> str:
        title = self.title.text().strip() or self.heading
        return file_name(f"{title} {self.day.edit.text().strip()}")

    def subject(self, project: Project) -> Briefing | Order:
        day = self.day.day
        assert day is not None
        return order(project, day, title=self.title.text())
