"""Briefing sheets and operational instructions as files: PDF, and DOCX for further work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from uuid import UUID, uuid5

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from gisapp.analysis.briefing.briefing import Briefing
from gisapp.analysis.briefing.instruction import instruction
from gisapp.analysis.briefing.maps import map_parts
from gisapp.analysis.briefing.order import Order
from gisapp.analysis.briefing.parts import Paper, unbroken, with_alt
from gisapp.analysis.briefing.sheet import sheet
from gisapp.errors import ExportError
from gisapp.io.briefing_docx import docx_bytes
from gisapp.io.safe_files import written
from gisapp.progress import Progress
from gisapp.render.briefing.map import (
    BriefingMap,
    briefing_image,
    not_on_the_map,
    paint_briefing_map,
)
from gisapp.render.briefing.pages import (
    DrawMap,
    SetPaper,
    paint_page_of,
    set_paper,
    tables_for,
)
from gisapp.render.cache import Cache
from gisapp.render.palette import PAPER
from gisapp.render.paper.pdf import PdfPages, png_bytes
from gisapp.render.paper.pdf_settled import settled
from gisapp.render.paper.sheet import Sheet
from gisapp.tasks import Task

#: Size of the map in a DOCX (1/96 inch), and its pixels an inch.
_DOCX_MAP, _DOCX_COLUMN, _DOCX_LARGE, _DOCX_DPI = (640, 400), (330, 240), (450, 215), 220
_DOCX_PART, _DOCX_PART_LARGE = (700, 437), (450, 540)
#: Under which names of papers have numbers that stay the same.
_NAMES = UUID("5a3f6c0e-7a3e-5d0f-9a55-0d4a3f1c2b77")


@dataclass(frozen=True, slots=True)
class Printed:
    """A paper that was written; `pages` is 0 where the reader's program sets them (DOCX)."""

    path: Path
    pages: int
    points: float

    def in_words(self) -> str:
        """`1 page, text of 11 points`."""
        if not self.pages:
            return "as many pages as your word processor makes of it"
        return (
            f"{self.pages} {'page' if self.pages == 1 else 'pages'}, text of {self.points:g} points"
        )


def paper_of(subject: Briefing | Order, made_on: date, *, large: bool = False) -> Paper:
    """What is printed of a shift or of a jurisdiction."""
    if isinstance(subject, Briefing):
        return unbroken(sheet(subject, made_on, large=large))
    return unbroken(instruction(subject, made_on))


def map_of(subject: Briefing | Order) -> BriefingMap:
    """The map that belongs to it."""
    project = subject.project
    if isinstance(subject, Briefing):
        lines = (*subject.lines, *subject.opposite_lines)
        shift, area = subject.shift, subject.area
        at = shift.start.time().replace(tzinfo=None)
        return BriefingMap(project, lines, subject.audience, shift.day, at, area.shape)
    drawn = tuple(line for line, _ in subject.lines)
    return BriefingMap(project, drawn, subject.audience, subject.day, parts=map_parts(drawn))


def print_task(
    subject: Briefing | Order,
    path: Path,
    *,
    made_on: date,
    paper: Sheet = Sheet.A4,
    large: bool = False,
    cache: Cache | None = None,
) -> Task[Printed]:
    """A task that writes the paper as its file's ending says: .pdf or .docx.

    The same subject and day give the same bytes. ExportError for another ending, or when it
    cannot be written.
    """
    suffix = path.suffix.casefold()
    if suffix not in (".pdf", ".docx"):
        raise ExportError(
            f"This cannot be written as “{path.suffix or path.name}”.",
            "Give the file an ending of .pdf or .docx.",
        )

    def work(progress: Progress) -> Printed:
        kept = Cache() if cache is None else cache
        try:
            data, pages, points = _WRITERS[suffix](subject, made_on, paper, large, kept, progress)
        finally:
            if cache is None:
                kept.tiles.close()
        progress.report(0.95, "Writing the file")
        with written(path) as beside:
            beside.write_bytes(data)
        return Printed(path, pages, points)

    ids = frozenset(layer.id for layer in subject.project.layers)
    return Task(f"Make {path.name}", work, reads=ids)


def preview(
    setting: SetPaper,
    number: int,
    what: BriefingMap,
    room: tuple[int, int, float],
    cache: Cache,
    progress: Progress,
) -> QImage:
    """A page as an image that fits `room`: width and height in logical pixels, and the dpr."""
    width, height = setting.size
    scale = min(room[0] / width, room[1] / height) * room[2]
    image = QImage(
        max(round(width * scale), 1), max(round(height * scale), 1), QImage.Format.Format_RGB32
    )
    image.fill(PAPER.background)
    painter = QPainter(image)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(scale, scale)
        paint_page_of(painter, setting, number, _drawer(what, cache, progress, scale))
    finally:
        painter.end()
    image.setDevicePixelRatio(room[2])
    return image


def _drawer(what: BriefingMap, cache: Cache, progress: Progress, dpr: float = 1.0) -> DrawMap:
    def draw(painter: QPainter, box: QRectF, zoom: float, part: str) -> None:
        drawn = replace(what, part=part)
        paint_briefing_map(painter, drawn, box, cache, progress, dpr, zoom)

    return draw


# Writers: bytes, pages, and the size of the text in points

_Written = tuple[bytes, int, float]


def _pdf(
    subject: Briefing | Order,
    made_on: date,
    sheet_size: Sheet,
    large: bool,
    cache: Cache,
    progress: Progress,
) -> _Written:
    paper = paper_of(subject, made_on, large=large)
    progress.report(0.1, "Setting the text")
    setting = set_paper(paper, sheet_size, large=large)
    known_by = uuid5(_NAMES, paper.texts())
    title = f"{paper.title} · {paper.subtitle}"
    with PdfPages(title, sheet_size, document_id=known_by) as pages:
        draw = _drawer(map_of(subject), cache, progress.part(0.2, 0.8))
        for number in range(setting.count):
            if number:
                pages.next_page()
            paint_page_of(pages.painter, setting, number, draw)
    return settled(pages.data, made_on), setting.count, setting.points


def _docx(
    subject: Briefing | Order,
    made_on: date,
    sheet_size: Sheet,
    large: bool,
    cache: Cache,
    progress: Progress,
) -> _Written:
    paper = paper_of(subject, made_on, large=large)
    setting, pictures = set_paper(paper, sheet_size, large=large), {}
    if paper.picture is not None:
        what, drawn = map_of(subject), progress.part(0.1, 0.7)
        for place, part in enumerate(("", *(one.letter for one in what.parts))):
            size = _DOCX_COLUMN if setting.in_columns else _DOCX_LARGE if large else _DOCX_MAP
            if part:
                size = _DOCX_PART_LARGE if large else _DOCX_PART
            done = drawn.part(place / (len(what.parts) + 1), (place + 1) / (len(what.parts) + 1))
            shown, zoom = replace(what, part=part), setting.zoom
            image, left = briefing_image(shown, *size, _DOCX_DPI, cache, done, zoom)
            pictures[part] = png_bytes(image)
            paper = with_alt(paper, not_on_the_map(left), part)
    paper = replace(paper, body=tables_for(paper.body, large=large))
    progress.report(0.8, "Setting the text")
    data = docx_bytes(
        paper,
        pictures,
        made_on=made_on,
        size_mm=sheet_size.size_mm,
        points=setting.points,
        columns=setting.in_columns,
    )
    return data, 0, setting.points


_WRITERS: dict[str, Callable[[Briefing | Order, date, Sheet, bool, Cache, Progress], _Written]] = {
    ".pdf": _pdf,
    ".docx": _docx,
}
