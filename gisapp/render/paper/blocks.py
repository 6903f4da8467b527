"""Pieces of a printed legend: titles, notes, entries, each with its height and drawing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from gisapp.layers.style import LegendEntry
from gisapp.render.legend import LegendSection
from gisapp.render.marks import draw_mark, set_mark_pens
from gisapp.render.palette import DARK, PAPER, Ground, font, shade
from gisapp.render.swatches import draw_swatch
from gisapp.render.text import draw_lines, line_height, wrapped

_SWATCH, _INDENT = 22.0, 30.0
#: Between the marks of counts in one line.
_APART = 10.0


@dataclass(frozen=True, slots=True)
class Measure:
    """How much room a legend takes: sizes of text and distances in units of 1/96 inch.

    `inline` sets what is counted behind the title; `names_only` shortens the base map. `ground`
    is what it lies on: paper, or a map on screen.
    """

    title: int
    text: int
    gap: float
    row: float
    inline: bool = False
    names_only: bool = False
    note_lines: int = 12
    ground: Ground = PAPER

    def picture(self, painter: QPainter, box: QRectF, entry: LegendEntry) -> None:
        """Draw an entry's symbol as it is on such a ground."""
        exported = self.ground is PAPER
        draw_swatch(painter, box, entry, dark=self.ground is DARK, exported=exported)


SMALL_TEXT = 9
ROOMY = Measure(11, 10, 9.0, 18.0)
COMPACT = Measure(11, 10, 7.0, 16.0, inline=True)
SMALL = Measure(10, SMALL_TEXT, 6.0, 14.0, inline=True)
TIGHT = Measure(10, SMALL_TEXT, 4.0, 13.0, inline=True, names_only=True, note_lines=4)


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a legend: how high it is, how to draw it, whether the next must follow it."""

    height: float
    draw: Callable[[QPainter, float, float], None]
    keep: bool = False
    entry: bool = False
    before: float = 0.0


def blocks_of(
    section: LegendSection, width: float, measure: Measure, before: float
) -> Iterator[Block]:
    """The blocks of a section; `before` is the space that parts it from the one above."""
    if _is_plain(section):
        yield _single(section, width, measure, before)
        return
    more = bool(section.entries or section.note)
    yield _head(section, width, measure, before, keep=more)
    for place, entry in enumerate(section.entries):
        keep = place == len(section.entries) - 1 and bool(section.note)
        if entry.symbol == "ramp":
            yield _ramp(entry, width, measure, keep)
        elif entry.symbol == "marks":
            yield _marks(entry, width, measure, keep)
        else:
            yield _entry(entry, width, measure, keep)
    if section.note:
        note = wrapped(section.note, font(SMALL_TEXT), width, measure.note_lines)
        yield _text(note, font(SMALL_TEXT), measure.ground.quiet_text)


def _is_plain(section: LegendSection) -> bool:
    """Whether one symbol stands for the whole layer, so that its title says all."""
    symbols = [entry.symbol for entry in section.entries]
    plain = symbols in (["point"], ["line"], ["area"])
    return plain and section.layer_id is not None and not section.note


@dataclass(frozen=True, slots=True)
class _Titled:
    """A title and what is counted: behind it on one line where that is wanted and fits."""

    title: tuple[str, ...]
    words: tuple[str, ...]
    bold: QFont
    text: QFont
    behind: float
    ground: Ground

    @property
    def height(self) -> float:
        title = len(self.title) * line_height(self.bold)
        if self.behind:
            return title
        return title + len(self.words) * line_height(self.text)

    def draw(self, painter: QPainter, x: float, y: float) -> None:
        painter.setPen(shade(self.ground.text))
        end = draw_lines(painter, self.title, self.bold, x, y)
        painter.setPen(shade(self.ground.quiet_text))
        if self.behind:
            lower = line_height(self.bold) - line_height(self.text)
            draw_lines(painter, self.words, self.text, x + self.behind, y + lower)
        else:
            draw_lines(painter, self.words, self.text, x, end)


def _titled(title: str, words: str, width: float, measure: Measure) -> _Titled:
    bold, text = font(measure.title, bold=True), font(measure.text)
    if measure.inline and words:
        behind = QFontMetricsF(bold).horizontalAdvance(title) + 7
        if behind + QFontMetricsF(text).horizontalAdvance(words) <= width:
            return _Titled((title,), (words,), bold, text, behind, measure.ground)
    lines = wrapped(title, bold, width, 2)
    return _Titled(lines, wrapped(words, text, width, 3), bold, text, 0.0, measure.ground)


def _head(
    section: LegendSection, width: float, measure: Measure, before: float, *, keep: bool
) -> Block:
    head = _titled(section.title, section.subtitle, width, measure)

    def draw(painter: QPainter, x: float, y: float) -> None:
        head.draw(painter, x, y + before)

    return Block(before + head.height + 3, draw, keep, before=before)


def _single(section: LegendSection, width: float, measure: Measure, before: float) -> Block:
    """A section of one symbol: the symbol stands beside its title."""
    words = "" if measure.names_only and section.base else section.subtitle
    head = _titled(section.title, words, width - _INDENT, measure)
    height = max(head.height, measure.row)

    def draw(painter: QPainter, x: float, y: float) -> None:
        y += before
        high = min(16.0, measure.row)
        measure.picture(painter, QRectF(x, y, _SWATCH, high), section.entries[0])
        head.draw(painter, x + _INDENT, y + max((high - head.height) / 2, 0.0))

    return Block(before + height, draw, entry=True, before=before)


def _text(lines: tuple[str, ...], written: QFont, color: str) -> Block:
    def draw(painter: QPainter, x: float, y: float) -> None:
        painter.setPen(shade(color))
        draw_lines(painter, lines, written, x, y)

    return Block(len(lines) * line_height(written), draw)


def _entry(entry: LegendEntry, width: float, measure: Measure, keep: bool) -> Block:
    text = font(measure.text)
    counted = QFontMetricsF(text).horizontalAdvance(entry.count)
    lines = wrapped(entry.label, text, width - _INDENT - counted - 6, 2)
    height = max(len(lines) * line_height(text) + 2, measure.row)
    high = min(16.0, measure.row)

    def draw(painter: QPainter, x: float, y: float) -> None:
        picture = QRectF(x, y + (height - high) / 2, _SWATCH, high)
        measure.picture(painter, picture, entry)
        painter.setPen(shade(measure.ground.text))
        top = y + (height - len(lines) * line_height(text)) / 2
        draw_lines(painter, lines, text, x + _INDENT, top)
        draw_lines(painter, (entry.count,), text, x + width - counted, top)

    return Block(height, draw, keep, entry=True)


def _ramp(entry: LegendEntry, width: float, measure: Measure, keep: bool) -> Block:
    """A bar of classes with their labels below, or a list where the labels are too wide."""
    text, small = font(measure.text), font(SMALL_TEXT)
    lines = wrapped(entry.label, text, width, 2)
    head = len(lines) * line_height(text) + 2
    part = width / max(len(entry.ramp), 1)
    metrics = QFontMetricsF(small)
    widest = max((metrics.horizontalAdvance(label) for _, label in entry.ramp), default=0.0)
    listed = widest > part - 2
    row = line_height(small) + 3
    height = head + (row * len(entry.ramp) if listed else 12 + row) + 2

    def draw(painter: QPainter, x: float, y: float) -> None:
        painter.setPen(shade(measure.ground.text))
        y = draw_lines(painter, lines, text, x, y) + 2
        for place, (color, label) in enumerate(entry.ramp):
            if listed:
                painter.fillRect(QRectF(x, y + place * row, _SWATCH, row - 2), shade(color))
                left, foot = x + _INDENT, y + place * row + metrics.ascent()
            else:
                painter.fillRect(QRectF(x + place * part, y, part, 11), shade(color))
                left, foot = x + place * part + 1, y + 13 + metrics.ascent()
            painter.setFont(small)
            painter.setPen(shade(measure.ground.text))
            painter.drawText(QPointF(left, foot), label)

    return Block(height, draw, keep, entry=True)


def _marks(entry: LegendEntry, width: float, measure: Measure, keep: bool) -> Block:
    """The marks of a count's classes in proportion, each with its label, in as few lines."""
    text, small = font(measure.text), font(SMALL_TEXT)
    lines = wrapped(entry.label, text, width, 2)
    head = len(lines) * line_height(text) + 2
    largest = 14.0
    metrics = QFontMetricsF(small)
    spots: list[tuple[float, int]] = []
    x, row = 0.0, 0
    for (_, label), share in zip(entry.ramp, entry.sides, strict=True):
        needed = largest * share + 4 + metrics.horizontalAdvance(label)
        if x and x + needed > width:
            x, row = 0.0, row + 1
        spots.append((x, row))
        x += needed + _APART
    high = largest + 3

    def draw(painter: QPainter, left: float, top: float) -> None:
        painter.setPen(shade(measure.ground.text))
        start = draw_lines(painter, lines, text, left, top) + 2
        for (color, label), share, (at, line) in zip(entry.ramp, entry.sides, spots, strict=True):
            side, middle = largest * share, start + line * high + largest / 2
            set_mark_pens(painter, color, measure.ground.background, 0.5)
            draw_mark(painter, entry.mark, QPointF(left + at + side / 2, middle), side)
            painter.setFont(small)
            painter.setPen(shade(measure.ground.text))
            foot = middle + (metrics.ascent() - metrics.descent()) / 2
            painter.drawText(QPointF(left + at + side + 4, foot), label)

    return Block(head + high * (row + 1) + 2, draw, keep, entry=True)
