"""A map for a meeting, as it will be printed or opened, before it leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLineEdit,
    QWidget,
)

from gisapp.layers.audience import Audience
from gisapp.progress import Progress
from gisapp.render.export import export_map_task
from gisapp.render.look import Look
from gisapp.render.paper.page import Page
from gisapp.render.paper.sheet import Sheet
from gisapp.render.paper.words import subtitle_of
from gisapp.tasks import Task
from gisapp.ui.exports.form import ExportForm
from gisapp.ui.exports.limits import as_told, limits_in_words, too_fine
from gisapp.ui.exports.page_preview import PagePreview, audience_words, preview_page
from gisapp.ui.exports.record import tell_exported
from gisapp.ui.project.file_questions import ask_save, file_name
from gisapp.ui.session import Session
from gisapp.ui.widgets.fields import boxed
from gisapp.ui.widgets.forms import (
    BETWEEN,
    Form,
    choose,
    combo,
    say,
)

_MOST_REFUSED = 6
_FORMATS = (
    ("PDF, to print and to send", "pdf"),
    ("PNG image, for slides", "png"),
    ("SVG drawing, to work on", "svg"),
    ("HTML map, to move and zoom in a browser", "html"),
)


class ExportMapDialog(ExportForm):
    """The current view as a page or an HTML map, for a chosen audience."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, "Export map", QSize(1000, 640), "Export PDF", parent)
        self._told: dict[tuple[int, Audience], tuple[Look, Look]] = {}
        self._build()
        self._on_change()

    def _build(self) -> None:
        project, look = self.session.project, self.session.look
        self.format_box = combo([(text, value) for text, value in _FORMATS])
        self.title = QLineEdit(project.title)
        self.subtitle = QLineEdit()
        self.audience_box = combo([(a.label, a.value) for a in Audience])
        choose(self.audience_box, look.audience.value)
        self.paper_box = combo([(paper.value, paper.value) for paper in Sheet])
        if project.timezone.startswith("America/"):
            choose(self.paper_box, Sheet.LETTER.value)
        self.way_box = combo([("Landscape", True), ("Portrait", False)])
        self.fetch = self._fetch()
        self.preview = PagePreview()
        self.preview.resized.connect(self._later.start)
        form = Form()
        form.add("As", self.format_box)
        form.add("Title", self.title)
        self.subtitle_row = form.add("Subtitle", self.subtitle)
        self.audience_row = form.add("For", self.audience_box)
        self.paper_row = form.add("Paper", self.paper_box)
        self.way_row = form.add("Orientation", self.way_box)
        self.fetch_row = form.add("Base map", self.fetch)
        self.limited = say("")
        self.limited_row = boxed(self.limited)
        form.across(self.limited_row)
        form.finish()
        form.setFixedWidth(380)
        halves = QHBoxLayout()
        halves.setSpacing(BETWEEN)
        halves.addWidget(form)
        halves.addWidget(self.preview, 1)
        self.body.addLayout(halves, 1)
        self._end()
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
        """The filters that limit layers of the map, in words that its readers may be told."""
        return limits_in_words(self.session, self.look)

    @property
    def suffix(self) -> str:
        return str(self.format_box.currentData())

    @property
    def audience(self) -> Audience:
        return Audience(self.audience_box.currentData())

    @property
    def look(self) -> Look:
        """How the chosen audience sees the project in a file.

        The same object for the same audience, so that what is drawn of its rows stays known.
        """
        session, key = self.session, (id(self.session.look), self.audience)
        if key not in self._told:
            look = replace(session.look, audience=self.audience, exported=True, dark=False)
            # With the look that it was made from, which keeps its id from being another's.
            self._told[key] = session.look, as_told(session.project, look)
        return self._told[key][1]

    @property
    def page(self) -> Page:
        """The page as the form describes it."""
        project = self.session.project
        return Page(
            self.title.text().strip() or project.title,
            datetime.now(project.tzinfo),
            self._subtitle(),
            Sheet(self.paper_box.currentData()),
            bool(self.way_box.currentData()),
            project.timezone.startswith("America/"),
        )

    def _subtitle(self) -> str:
        written = self.subtitle.text().strip()
        if written:
            return written
        words, limits = subtitle_of(self.session.project, self.look), self._limits()
        return ". ".join(part for part in (words, f"Only {limits}" if limits else "") if part)

    def _on_change(self) -> None:
        names = {"pdf": "PDF", "png": "PNG", "svg": "SVG", "html": "HTML map"}
        self.export.setText(f"Export {names[self.suffix]}")
        for row in (self.paper_row, self.way_row):
            row.set_visible(self.suffix != "html")
        self.fetch_row.set_visible(self._may_fetch)
        limits, look = self._limits(), self.look
        wider = look.spans != self.session.look.spans
        months = f" Spans of events are whole months for {look.audience.within}." if wider else ""
        self.limited.setText(f"The map is limited to: {limits}.{months}" if limits else "")
        self.limited_row.setVisible(bool(limits))
        self.audience_row.set_hint(audience_words(self.audience))
        self._say_wrong(too_fine(self.session, look))
        self.export.setEnabled(self._can_export())
        self.subtitle.setPlaceholderText(self._subtitle() if not self.subtitle.text() else "")
        self.subtitle_row.set_hint("Says what is counted, and from when to when.")
        self._later.start()

    def _can_export(self) -> bool:
        return not too_fine(self.session, self.look)

    def _look(self) -> None:
        self._looks += 1
        number, page = self._looks, self.page
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
        if number == self._looks:
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
        words = f"Exported {path.name} for {self.audience.within}."
        tell_exported(self.session, path, "map", words, audience=self.audience.value)
        self.accept()
