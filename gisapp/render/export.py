"""Maps that leave the program: PDF, PNG, SVG and one self-contained HTML file."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from gisapp.errors import ExportError
from gisapp.io.html.map_file import write_html
from gisapp.io.safe_files import written
from gisapp.layers.confidential import without_sites
from gisapp.layers.project import Project
from gisapp.layers.seen import seen_by
from gisapp.progress import Progress
from gisapp.render.cache import Cache
from gisapp.render.look import Look
from gisapp.render.paper.page import Page, paint_page
from gisapp.render.paper.pdf import PdfPages, png_bytes
from gisapp.render.paper.sheet import INCH, Sheet
from gisapp.render.paper.words import subtitle_of
from gisapp.render.view import MapView
from gisapp.tasks import Task

Draw = Callable[[QPainter, float], None]


def export_map_task(
    project: Project,
    view: MapView,
    look: Look,
    path: Path,
    *,
    title: str,
    subtitle: str = "",
    generated_at: datetime | None = None,
    paper: Sheet = Sheet.A4,
    landscape: bool = True,
    dpi: int = 200,
    imperial: bool | None = None,
    cache: Cache | None = None,
) -> Task[Path]:
    """A task that writes the map of a view as its file's ending says: .pdf .png .svg .html.

    Nobody is shown one by one in it, whoever it is for. `subtitle` says what is counted; made
    from the layers when empty. `dpi` is for PNG. Miles stand beside kilometres in America, or
    where `imperial` says so. ExportError for another ending, or when it cannot be written.
    """
    suffix = path.suffix.casefold()
    if suffix not in (".pdf", ".png", ".svg", ".html", ".htm"):
        raise ExportError(
            f"A map cannot be written as “{path.suffix or path.name}”.",
            "Give the file an ending of .pdf, .png, .svg or .html.",
        )
    look = replace(look, exported=True, dark=False)
    project = seen_by(project, look.audience, exported=True)
    at = generated_at or datetime.now(project.tzinfo)
    both = project.timezone.startswith("America/") if imperial is None else imperial
    said = subtitle or subtitle_of(project, look)
    title, said = without_sites(project, title), without_sites(project, said)
    page = Page(title, at, said, paper, landscape, both)

    def work(progress: Progress) -> Path:
        if suffix in (".html", ".htm"):
            return _write_page(project, view, look, path, page, progress)
        kept = Cache() if cache is None else cache

        def draw(painter: QPainter, dpr: float) -> None:
            paint_page(painter, project, view, look, page, kept, progress, dpr)

        try:
            data = _WRITERS[suffix](page, draw, dpi)
        finally:
            if cache is None:
                kept.tiles.close()
        progress.report(0.95, "Writing the file")
        with written(path) as beside:
            beside.write_bytes(data)
        return path

    ids = frozenset(layer.id for layer in project.layers)
    return Task(f"Make the map {path.name}", work, reads=ids)


def _write_page(
    project: Project, view: MapView, look: Look, path: Path, page: Page, progress: Progress
) -> Path:
    write_html(
        project,
        view.bounds,
        path,
        title=page.title,
        subtitle=page.subtitle,
        day=look.day,
        audience=look.audience,
        generated_at=page.generated_at,
        rows={key: mask for key in look.rows if (mask := look.mask_of(key)) is not None},
        at=look.time,
        progress=progress,
    )
    return path


def _pdf(page: Page, draw: Draw, dpi: int) -> bytes:
    with PdfPages(page.title, page.paper, landscape=page.landscape) as pdf:
        draw(pdf.painter, 1.0)
    return pdf.data


def _png(page: Page, draw: Draw, dpi: int) -> bytes:
    scale = dpi / INCH
    width, height = page.size
    image = QImage(round(width * scale), round(height * scale), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    image.setDotsPerMeterX(round(dpi / 0.0254))
    image.setDotsPerMeterY(round(dpi / 0.0254))
    image.setText("Title", page.title)
    _drawn(QPainter(image), draw, scale, scale)
    return png_bytes(image)


def _svg(page: Page, draw: Draw, dpi: int) -> bytes:
    store = QByteArray()
    buffer = QBuffer(store)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    # SVG 1.1, because the smaller profile knows no clipping.
    generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
    generator.setOutputDevice(buffer)
    generator.setResolution(round(INCH))
    width, height = (round(side) for side in page.size)
    generator.setSize(QSize(width, height))
    generator.setViewBox(QRect(0, 0, width, height))
    generator.setTitle(page.title)
    generator.setDescription(page.subtitle)
    _drawn(QPainter(generator), draw, 1.0, 1.0)
    buffer.close()
    text = bytes(store.data()).decode("utf-8")
    # Where the font is missing, another without serifs takes its place.
    return re.sub(r'font-family="([^"]*)"', r'font-family="\1, Arial, sans-serif"', text).encode()


def _drawn(painter: QPainter, draw: Draw, scale: float, dpr: float) -> None:
    """Let `draw` paint in units of 1/96 inch; the painter ends whatever happens."""
    try:
        painter.scale(scale, scale)
        draw(painter, dpr)
    finally:
        painter.end()


_WRITERS: dict[str, Callable[[Page, Draw, int], bytes]] = {
    ".pdf": _pdf,
    ".png": _png,
    ".svg": _svg,
}
