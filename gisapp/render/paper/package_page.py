"""The page to read in a package for patrol systems: where its zones are, and what they say.

The same content gives the same bytes on a machine with the same fonts: the page has no clock, the
number of the document is made from the content, and `pdf_settled` mends what else changes.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from shapely.geometry.base import BaseGeometry

from gisapp.io.patrol.content import Content, Extra
from gisapp.io.patrol.signing import in_groups
from gisapp.io.patrol.words import still_open
from gisapp.layers.agreement import day_in_words
from gisapp.layers.project import Project
from gisapp.render.palette import PAPER, font, shade
from gisapp.render.paper.package_list import listed, paint_list
from gisapp.render.paper.package_map import ground_lines, paint_map
from gisapp.render.paper.page import MARGIN_MM
from gisapp.render.paper.pdf import PdfPages
from gisapp.render.paper.pdf_settled import settled
from gisapp.render.paper.sheet import UNIT_MM, Sheet
from gisapp.render.text import cut, draw_lines, line_height, wrapped

NAME = "zones.pdf"
_GAP = 12.0
#: Share of the page below its head that the map takes.
_MAP_SHARE = 0.46
#: So many withdrawn zones are named, in so many lines where there are zones to load too.
_MOST_NAMED, _MOST_LINES = 20, 3


def files(content: Content) -> dict[str, bytes]:
    """`zones.pdf`: one page. Needs an application to draw with (`render.headless.drawing`)."""
    return {NAME: pdf(content, ())}


def files_over(project: Project) -> Extra:
    """As `files`, with the boundaries and streets of a project in grey under the zones."""

    def made(content: Content) -> Mapping[str, bytes]:
        return {NAME: pdf(content, ground_lines(project, content))}

    return made


def pdf(content: Content, lines: Sequence[BaseGeometry]) -> bytes:
    """The page as a PDF, over lines (EPSG:4326) that help to find one's way."""
    paper = _paper(content)
    known_by = uuid.uuid5(uuid.NAMESPACE_OID, _known_by(content))
    with PdfPages(_title(content), paper, document_id=known_by) as page:
        _paint(page.painter, content, _inner(paper), lines)
    return settled(page.data, content.day)


def size_on_screen(content: Content) -> QSize:
    """Width and height of the page in logical pixels at its real size, 96 to an inch."""
    width, height = (side / UNIT_MM for side in _paper(content).size_mm)
    return QSize(round(width), round(height))


def picture(project: Project, content: Content, width: int, ratio: float) -> QImage:
    """The page of `files_over` on a screen: `width` logical pixels, `ratio` dots to each."""
    paper = _paper(content)
    across, down = (side / UNIT_MM for side in paper.size_mm)
    scale = width / across * ratio
    image = QImage(round(across * scale), round(down * scale), QImage.Format.Format_RGB32)
    image.fill(QColor(PAPER.background))
    painter = QPainter(image)
    try:
        painter.scale(scale, scale)
        _paint(painter, content, _inner(paper), ground_lines(project, content))
    finally:
        painter.end()
    image.setDevicePixelRatio(ratio)
    return image


def _known_by(content: Content) -> str:
    ids = [str(zone.attributes["zone_id"]) for zone in content.zones]
    return " ".join((content.note.revision, content.day.isoformat(), content.title, *ids))


def _paper(content: Content) -> Sheet:
    return Sheet.LETTER if content.timezone.startswith("America/") else Sheet.A4


def _inner(paper: Sheet) -> QRectF:
    width, height = (side / UNIT_MM for side in paper.size_mm)
    margin = MARGIN_MM / UNIT_MM
    return QRectF(margin, margin, width - 2 * margin, height - 2 * margin)


# The page


@dataclass(frozen=True, slots=True)
class _Foot:
    lines: tuple[str, ...]
    height: float


def _paint(
    painter: QPainter, content: Content, inner: QRectF, lines: Sequence[BaseGeometry]
) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(shade(PAPER.text)))
    top = _paint_head(painter, content, inner)
    if content.zones and content.withdrawn:
        top = _paint_withdrawn(painter, content, inner, top)
    foot = _foot(content, inner.width())
    bottom = inner.bottom() - foot.height
    left = inner.left()
    if content.zones:
        height = (bottom - top - 2 * _GAP) * _MAP_SHARE
        box = QRectF(left, top + _GAP, inner.width(), height)
        numbered = listed(content, QRectF(left, box.bottom() + _GAP, inner.width(), 0), bottom)
        paint_map(painter, content, box, lines, numbered.count)
        top = box.bottom()
        paint_list(painter, numbered)
    else:
        words = wrapped(_withdrawn(content, _MOST_NAMED), font(12), inner.width())
        draw_lines(painter, words, font(12), left, top + _GAP)
    _paint_foot(painter, foot, inner, bottom)


def _title(content: Content) -> str:
    if content.earlier is None:
        return f"Zones in force on {day_in_words(content.day)}"
    return f"Zones: what changed by {day_in_words(content.day)}"


def _paint_head(painter: QPainter, content: Content, inner: QRectF) -> float:
    """Draw title, project, sender and recipient; returns where they end."""
    note, left, width = content.note, inner.left(), inner.width()
    y = draw_lines(
        painter, (cut(_title(content), font(22, bold=True), width),), font(22, bold=True), left,
        inner.top(),
    )  # fmt: skip
    y = draw_lines(painter, (cut(content.title, font(14), width),), font(14), left, y + 2)
    said = (("From", note.sent_by), ("For", note.recipient), ("Terms", note.terms))
    words = " · ".join(f"{name}: {text}" for name, text in said if text)
    painter.setPen(QPen(shade(PAPER.quiet_text)))
    lines = wrapped(words, font(11), width, 2)
    lines += wrapped(_counts(content), font(11), width, 2)
    y = draw_lines(painter, lines, font(11), left, y + 2)
    painter.setPen(QPen(shade(PAPER.text)))
    return y


def _counts(content: Content) -> str:
    zones = len(content.zones)
    words = "1 zone" if zones == 1 else f"{zones:,} zones"
    if content.earlier is not None:
        words += (
            f" added or changed and {len(content.withdrawn):,} withdrawn since the package of "
            f"{day_in_words(content.earlier.day)}"
        )
    if content.flawed:
        words += f". Not complete: {still_open(content.flawed)}; ask the sender"
    return f"{words}."


def _withdrawn(content: Content, most: int) -> str:
    names = ", ".join(f"“{one.name}”" for one in content.withdrawn[:most])
    more = len(content.withdrawn) - most
    rest = f" and {more:,} more: see README.txt" if more > 0 else ""
    holds = "it no longer holds" if len(content.withdrawn) == 1 else "they no longer hold"
    return f"Withdrawn, so {holds}: {names}{rest}."


def _paint_withdrawn(painter: QPainter, content: Content, inner: QRectF, top: float) -> float:
    """Name the zones to do away with above those to load; returns where the words end."""
    written = font(12, bold=True)
    for most in range(_MOST_NAMED, 0, -1):
        lines = wrapped(_withdrawn(content, most), written, inner.width())
        if len(lines) <= _MOST_LINES:
            break
    return draw_lines(painter, lines[:_MOST_LINES], written, inner.left(), top + _GAP / 2)


def _foot(content: Content, width: float) -> _Foot:
    note = content.note
    words = [
        "Officers do not do certain things in these zones, as police and partners have agreed; "
        "README.txt has every term. Not a 9-1-1 routing boundary. Holds nothing about any person.",
    ]
    if note.fingerprint:
        words.append(f"Signed with the key {in_groups(note.fingerprint)}")
    if note.revision:
        words.append(f"Revision of the project: {note.revision[:16]}")
    written = font(9)
    lines = tuple(line for text in words for line in wrapped(text, written, width, 3))
    return _Foot(lines, len(lines) * line_height(written) + 8)


def _paint_foot(painter: QPainter, foot: _Foot, inner: QRectF, y: float) -> None:
    painter.setPen(QPen(shade("#B8BEC4"), 0.8))
    painter.drawLine(QPointF(inner.left(), y + 3), QPointF(inner.right(), y + 3))
    painter.setPen(QPen(shade(PAPER.quiet_text)))
    draw_lines(painter, foot.lines, font(9), inner.left(), y + 6)
