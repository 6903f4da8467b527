"""The legend of a printed page: in columns, and honest about what does not fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from gisapp.layers.style import LegendEntry
from gisapp.render.legend import LegendSection
from gisapp.render.palette import PAPER, font, shade
from gisapp.render.swatches import draw_swatch
from gisapp.render.text import draw_lines, line_height, wrapped

#: Between columns and between sections, in units of 1/96 inch.
GUTTER, GAP = 20.0, 9.0
_SWATCH, _INDENT = 22.0, 30.0


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a legend: how high it is, how to draw it, whether the next must follow it."""

    height: float
    draw: Callable[[QPainter, float, float], None]
    keep: bool = False
    entry: bool = False
    before: float = 0.0


def paint_legend(
    painter: QPainter, box: QRectF, sections: tuple[LegendSection, ...], columns: int = 1
) -> int:
    """Draw the legend into a box, column by column; returns how many entries did not fit."""
    width = (box.width() - GUTTER * (columns - 1)) / columns
    groups = _groups(list(_blocks(sections, width)))
    more = font(9)
    room = box.height() - line_height(more) * 2
    column, y = 0, 0.0
    for number, group in enumerate(groups):
        height = sum(block.height for block in group)
        if y + height > room and y > 0:
            # At the top of a column no space parts a section from the one before.
            column, y = column + 1, -group[0].before
        if column == columns or height + y > room:
            left = sum(block.entry for rest in groups[number:] for block in rest)
            last = min(column, columns - 1)
            _say_more(painter, box, last * (width + GUTTER), width, left)
            return left
        for block in group:
            block.draw(painter, box.left() + column * (width + GUTTER), box.top() + y)
            y += block.height
    return 0


def legend_height(sections: tuple[LegendSection, ...], width: float, columns: int) -> float:
    """About how high a box the legend needs in so many columns."""
    one = (width - GUTTER * (columns - 1)) / columns
    blocks = list(_blocks(sections, one))
    tallest = max((sum(b.height for b in group) for group in _groups(blocks)), default=0.0)
    return sum(block.height for block in blocks) / columns + tallest + 24


def _groups(blocks: list[Block]) -> list[list[Block]]:
    """Blocks that must stand together."""
    groups: list[list[Block]] = [[]]
    for block in blocks:
        groups[-1].append(block)
        if not block.keep:
            groups.append([])
    return [group for group in groups if group]


def _say_more(painter: QPainter, box: QRectF, x: float, width: float, count: int) -> None:
    text = font(9, bold=True)
    painter.setPen(shade(PAPER.text))
    words = f"{count} more {'entry does' if count == 1 else 'entries do'} not fit here."
    lines = wrapped(words, text, width, 2)
    top = box.bottom() - line_height(text) * len(lines)
    draw_lines(painter, lines, text, box.left() + x, top)


def _blocks(sections: tuple[LegendSection, ...], width: float) -> Iterator[Block]:
    for number, section in enumerate(sections):
        space = GAP if number else 0.0
        if _is_plain(section):
            yield _single(section, width, space)
            continue
        more = bool(section.entries or section.note)
        yield _text(section.title, font(11, bold=True), width, PAPER.text, 2, space, keep=True)
        yield _text(section.subtitle, font(10), width, PAPER.quiet_text, 3, after=3, keep=more)
        for place, entry in enumerate(section.entries):
            last = place == len(section.entries) - 1
            keep = last and bool(section.note)
            if entry.symbol == "ramp":
                yield _ramp(entry, width, keep)
            else:
                yield _entry(entry, width, keep)
        if section.note:
            yield _text(section.note, font(9), width, PAPER.quiet_text, 12)


def _is_plain(section: LegendSection) -> bool:
    """Whether one symbol stands for the whole layer, so that its title says all."""
    symbols = [entry.symbol for entry in section.entries]
    plain = symbols in (["point"], ["line"], ["area"])
    return plain and section.layer_id is not None and not section.note


def _single(section: LegendSection, width: float, before: float) -> Block:
    """A section of one symbol: the symbol stands beside its title."""
    bold, text = font(11, bold=True), font(10)
    title = wrapped(section.title, bold, width - _INDENT, 2)
    words = wrapped(section.subtitle, text, width - _INDENT, 3)
    high = before + len(title) * line_height(bold) + len(words) * line_height(text)

    def draw(painter: QPainter, x: float, y: float) -> None:
        picture = QRectF(x, y + before + 2, _SWATCH, 16)
        draw_swatch(painter, picture, section.entries[0], exported=True)
        painter.setPen(shade(PAPER.text))
        end = draw_lines(painter, title, bold, x + _INDENT, y + before)
        painter.setPen(shade(PAPER.quiet_text))
        draw_lines(painter, words, text, x + _INDENT, end)

    return Block(max(high, before + 20), draw, entry=True, before=before)


def _text(
    text: str,
    written: QFont,
    width: float,
    color: str,
    most: int,
    before: float = 0.0,
    after: float = 0.0,
    *,
    keep: bool = False,
) -> Block:
    lines = wrapped(text, written, width, most)

    def draw(painter: QPainter, x: float, y: float) -> None:
        painter.setPen(shade(color))
        draw_lines(painter, lines, written, x, y + before)

    height = before + len(lines) * line_height(written) + after
    return Block(height, draw, keep=keep, before=before)


def _entry(entry: LegendEntry, width: float, keep: bool) -> Block:
    text = font(10)
    counted = QFontMetricsF(text).horizontalAdvance(entry.count)
    lines = wrapped(entry.label, text, width - _INDENT - counted - 6, 2)
    height = max(len(lines) * line_height(text) + 4, 18.0)

    def draw(painter: QPainter, x: float, y: float) -> None:
        picture = QRectF(x, y + (height - 16) / 2, _SWATCH, 16)
        draw_swatch(painter, picture, entry, exported=True)
        painter.setPen(shade(PAPER.text))
        top = y + (height - len(lines) * line_height(text)) / 2
        draw_lines(painter, lines, text, x + _INDENT, top)
        draw_lines(painter, (entry.count,), text, x + width - counted, top)

    return Block(height, draw, keep, entry=True)


def _ramp(entry: LegendEntry, width: float, keep: bool) -> Block:
    """A bar of classes with their labels below, or a list where the labels are too wide."""
    text, small = font(10), font(9)
    lines = wrapped(entry.label, text, width, 2)
    head = len(lines) * line_height(text) + 2
    part = width / max(len(entry.ramp), 1)
    metrics = QFontMetricsF(small)
    widest = max((metrics.horizontalAdvance(label) for _, label in entry.ramp), default=0.0)
    listed = widest > part - 4
    row = line_height(small) + 3
    height = head + (row * len(entry.ramp) if listed else 12 + row) + 2

    def draw(painter: QPainter, x: float, y: float) -> None:
        painter.setPen(shade(PAPER.text))
        y = draw_lines(painter, lines, text, x, y) + 2
        for place, (color, label) in enumerate(entry.ramp):
            if listed:
                painter.fillRect(QRectF(x, y + place * row, _SWATCH, row - 2), shade(color))
                left, foot = x + _INDENT, y + place * row + metrics.ascent()
            else:
                painter.fillRect(QRectF(x + place * part, y, part, 11), shade(color))
                left, foot = x + place * part + 1, y + 13 + metrics.ascent()
            painter.setFont(small)
            painter.setPen(shade(PAPER.text))
            painter.drawText(QPointF(left, foot), label)

    return Block(height, draw, keep, entry=True)
