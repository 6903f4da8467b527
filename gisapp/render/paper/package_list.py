"""The list of zones on the page of a package: as many as there is room for, and how many more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPen

from gisapp.io.patrol.content import Content
from gisapp.io.patrol.zones import Outgoing
from gisapp.layers.agreement import day_in_words
from gisapp.render.palette import PAPER, font, shade
from gisapp.render.text import cut, draw_lines, line_height, wrapped


@dataclass(frozen=True, slots=True)
class _Way:
    """A size of letters, a number of columns, and whether exceptions and contacts are told too."""

    size: int
    columns: int
    told: bool = False


#: What is tried in turn, the easiest to read first.
_WAYS = (_Way(16, 1, True), _Way(14, 1, True), _Way(14, 1), _Way(12, 1), _Way(11, 1), _Way(10, 2))
_ALSO = {"Except": "exceptions", "Who is bound": "units_bound", "Refer people": "referral_contact"}
_GUTTER = 18.0
_NUMBER = 22.0


@dataclass(frozen=True, slots=True)
class Entry:
    """A zone as it is listed: its number and name, and lines about it."""

    number: int
    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """Columns of entries with where each begins, and what is said of those without room."""

    columns: tuple[tuple[Entry, ...], ...]
    left: float
    top: float
    width: float
    size: int
    more: str

    @property
    def count(self) -> int:
        """How many zones are listed."""
        return sum(map(len, self.columns))


def listed(content: Content, start: QRectF, bottom: float) -> Listing:
    """The zones that fit between a start (its width is that of the page) and a bottom.

    In large letters and one column where all have room so, else in small ones and two.
    """
    for way in _WAYS:
        listing = _laid_out(content, start, bottom, way)
        if not listing.more:
            break
    return listing


def _laid_out(content: Content, start: QRectF, bottom: float, way: _Way) -> Listing:
    total, size, columns = len(content.zones), way.size, way.columns
    width = (start.width() - (columns - 1) * _GUTTER) / columns
    room = bottom - start.top() - line_height(font(size)) - 4
    filled: list[tuple[Entry, ...]] = []
    number = 0
    for _ in range(columns):
        used, column = 0.0, list[Entry]()
        while number < total:
            entry = _entry(content.zones[number], number + 1, way, width)
            used += _height(entry, size)
            if used > room:
                break
            column.append(entry)
            number += 1
        filled.append(tuple(column))
    left_out = total - number
    more = f"and {left_out:,} more: see README.txt" if left_out else ""
    return Listing(tuple(filled), start.left(), start.top(), width, size, more)


def paint_list(painter: QPainter, listing: Listing) -> None:
    """Draw the entries, and under them how many more there are."""
    end = listing.top
    for column, entries in enumerate(listing.columns):
        x = listing.left + column * (listing.width + _GUTTER)
        y = listing.top
        for entry in entries:
            y = _paint_entry(painter, entry, listing, x, y)
        end = max(end, y)
    if listing.more:
        painter.setPen(QPen(shade(PAPER.text)))
        bold = font(listing.size, bold=True)
        draw_lines(painter, (listing.more,), bold, listing.left, end + 2)


def _paint_entry(painter: QPainter, entry: Entry, listing: Listing, x: float, y: float) -> float:
    bold, plain = font(listing.size, bold=True), font(listing.size - 1)
    painter.setPen(QPen(shade(PAPER.text)))
    draw_lines(painter, (f"{entry.number}",), bold, x, y)
    y = draw_lines(painter, (entry.name,), bold, x + _NUMBER, y)
    painter.setPen(QPen(shade(PAPER.quiet_text)))
    return draw_lines(painter, entry.lines, plain, x + _NUMBER, y) + _after(listing.size)


def _entry(zone: Outgoing, number: int, way: _Way, width: float) -> Entry:
    value = zone.attributes
    plain, inner = font(way.size - 1), width - _NUMBER
    most = 4 if way.told else 2
    end = value["valid_to"]
    until = f"until {day_in_words(end)}" if isinstance(end, date) else "no end set"
    lines = wrapped(f"{value['hours']}; {until}", plain, inner, most)
    done = f"Not done here: {value['suspended_words'] or 'see the agreement'}"
    lines += wrapped(done, plain, inner, most)
    if way.told:
        for label, column in _ALSO.items():
            if value[column]:
                lines += wrapped(f"{label}: {value[column]}", plain, inner, most)
    return Entry(number, cut(str(value["name"]), font(way.size, bold=True), inner), lines)


def _height(entry: Entry, size: int) -> float:
    lines = len(entry.lines) * line_height(font(size - 1))
    return line_height(font(size, bold=True)) + lines + _after(size)


def _after(size: int) -> float:
    return size / 2
