"""Checked deployments as rows of a printed table, set into columns and parted into pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen

from gisapp.analysis.deployments import advice
from gisapp.analysis.deployments.check import Checked, DeploymentCheck, Meeting
from gisapp.layers.style import VERMILLION
from gisapp.layers.units import Units
from gisapp.render.palette import PAPER, font, shade
from gisapp.render.text import draw_lines, line_height, wrapped

HEADS = ("Deployment", "When", "Zone it meets", "Not done there", "What to do")
_SHARES = (0.155, 0.15, 0.215, 0.21, 0.27)
_TEXT, _HEAD = 10, 10
_PAD, _APART = 4.0, 10.0
#: Lines of one cell at most: what is longer stands in the table as a file.
_MOST_LINES = 24


@dataclass(frozen=True, slots=True)
class Cell:
    """Paragraphs of a cell; the first may be strong."""

    texts: tuple[str, ...]
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Cells of a row; `alert` marks one that meets a zone, `joined` goes with the row above.

    `again` are the cells of a joined row that stands first on a page.
    """

    cells: tuple[Cell, ...]
    alert: bool = False
    joined: bool = False
    again: tuple[Cell, ...] = ()


def rows_of(check: DeploymentCheck, units: Units) -> list[Row]:
    """Rows of deployments that meet zones, then of the others, each in their order."""
    ordered = sorted(check.deployments, key=lambda one: (not one.meets, bool(one.problem)))
    return [row for one in ordered for row in _rows(check, one, units)]


def _rows(check: DeploymentCheck, one: Checked, units: Units) -> list[Row]:
    who = Cell(tuple(filter(None, (one.name, one.unit, one.purpose))), strong=True)
    when = Cell((advice.hours_words(one),))
    to_do = Cell(advice.advice_of(check, one, units))
    if not one.met:
        said = "Not checked" if one.problem else "None in force at these hours"
        exempt = (f"{m.conflict.zone}: does not bind this unit" for m in one.others)
        return [Row((who, when, Cell((said, *exempt)), Cell(()), to_do))]
    rows = []
    name = Cell((one.name, "continued"), strong=True)
    for number, meeting in enumerate(one.met):
        found = _zone(check, one, meeting, units)
        if number:
            overleaf = (name, when, *found, Cell(("See where it begins.",)))
            rows.append(Row((Cell(()), Cell(()), *found, Cell(())), True, True, overleaf))
        else:
            rows.append(Row((who, when, *found, to_do), True))
    return rows


def _zone(
    check: DeploymentCheck, one: Checked, meeting: Meeting, units: Units
) -> tuple[Cell, Cell]:
    words = advice.meeting_words(check, one, meeting, units)
    streets = f"On {words.streets}" if words.streets else ""
    zone = filter(None, (words.zone, words.where, words.when, streets, words.binds))
    unless = (f"Except: {words.exceptions}",) if words.exceptions else ()
    listed = "; ".join(words.not_there) or "The agreement names nothing."
    return Cell(tuple(zone), strong=True), Cell((listed, *unless))


def pages_of(rows: Sequence[Row], width: float, height: float) -> list[list[Row]]:
    """Rows parted into pages of a height, below a head; each page has one row at least.

    A deployment that goes on overleaf is named there again, with its hours.
    """
    room = height - _head_height()
    pages: list[list[Row]] = [[]]
    used = 0.0
    for row in rows:
        high = row_height(row, width)
        if pages[-1] and used + high > room:
            pages.append([])
            used = 0.0
            row = replace(row, cells=row.again or row.cells, joined=False)
            high = row_height(row, width)
        pages[-1].append(row)
        used += high
    return pages


def row_height(row: Row, width: float) -> float:
    """The height of a row in a table of this width, in units of the page."""
    counts = [
        len(_lines(cell, room)) for cell, (_, room) in zip(row.cells, _places(width), strict=True)
    ]
    return max(counts) * line_height(font(_TEXT)) + 2 * _PAD


def paint_table(painter: QPainter, box: QRectF, rows: Sequence[Row]) -> None:
    """Draw the head and the rows from the top of a box."""
    y = box.top()
    painter.setPen(shade(PAPER.text))
    for head, (x, _) in zip(HEADS, _places(box.width()), strict=True):
        draw_lines(painter, (head,), font(_HEAD, bold=True), box.left() + x, y + _PAD)
    y += _head_height()
    for row in rows:
        painter.setPen(QPen(shade(PAPER.quiet_text), 0.3 if row.joined else 0.6))
        painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
        high = row_height(row, box.width())
        if row.alert:
            painter.fillRect(QRectF(box.left(), y + 0.5, 3, high - 1), shade(VERMILLION))
        for cell, (x, room) in zip(row.cells, _places(box.width()), strict=True):
            _paint_cell(painter, cell, box.left() + x, y + _PAD, room)
        y += high


def _paint_cell(painter: QPainter, cell: Cell, x: float, y: float, room: float) -> None:
    for text, strong in _lines(cell, room):
        painter.setPen(shade(PAPER.text))
        y = draw_lines(painter, (text,), font(_TEXT, bold=strong), x, y)


def _lines(cell: Cell, room: float) -> list[tuple[str, bool]]:
    found: list[tuple[str, bool]] = []
    for number, text in enumerate(cell.texts):
        strong = cell.strong and number == 0
        lines = wrapped(text, font(_TEXT, bold=strong), room)
        found += [(line, strong) for line in lines]
    if len(found) > _MOST_LINES:
        found = [*found[: _MOST_LINES - 1], ("…", False)]
    return found


def _places(width: float) -> list[tuple[float, float]]:
    """Where each column begins, and how wide its text may be."""
    places, x = [], 8.0
    usable = width - 8.0
    for share in _SHARES:
        places.append((x, usable * share - _APART))
        x += usable * share
    return places


def _head_height() -> float:
    return line_height(font(_HEAD, bold=True)) + 2 * _PAD
