"""The legend of a printed page: in columns, as roomy as the paper allows, honest about the rest."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from gisapp.render.legend import LegendSection
from gisapp.render.palette import PAPER, Ground, font, shade
from gisapp.render.paper.blocks import COMPACT, ROOMY, SMALL, TIGHT, Block, Measure, blocks_of
from gisapp.render.text import draw_lines, line_height, wrapped

#: Between columns, in units of 1/96 inch.
GUTTER = 20.0
#: What is tried in turn: how roomy, and whether each section stays in one column.
_WAYS = tuple((m, whole) for m in (ROOMY, COMPACT, SMALL, TIGHT) for whole in (True, False))
#: Steps in which a height is looked for.
_STEP = 4.0


@dataclass(frozen=True, slots=True)
class _Placed:
    """A block at its place: column, and how far below the top."""

    block: Block
    column: int
    y: float


def paint_legend(
    painter: QPainter,
    box: QRectF,
    sections: tuple[LegendSection, ...],
    columns: int = 1,
    ground: Ground = PAPER,
) -> int:
    """Draw the legend into a box, column by column; returns how many entries did not fit.

    Set with as much room as the box has. What shows the way on the map comes last, and where
    even small text does not fit, it is left out first, which the legend then says.
    """
    width = _column_width(box.width(), columns)
    groups: list[list[Block]] = []
    for measure, whole in _WAYS:
        groups = _groups(sections, width, replace(measure, ground=ground), whole)
        placed, rest = _packed(groups, box.height(), columns)
        if not rest:
            break
    else:
        placed, rest = _packed(groups, box.height() - 2 * line_height(font(9)), columns)
    for one in placed:
        one.block.draw(painter, box.left() + one.column * (width + GUTTER), box.top() + one.y)
    left = sum(block.entry for group in rest for block in group)
    if left:
        _say_more(painter, box, (columns - 1) * (width + GUTTER), width, left, ground)
    return left


def legend_fits(
    sections: tuple[LegendSection, ...],
    width: float,
    height: float,
    columns: int,
    least: int = 0,
) -> bool:
    """Whether the whole legend has room in a box, if need be in small text of `least` units."""
    one = _column_width(width, columns)
    return any(
        not _packed(_groups(sections, one, measure, whole), height, columns)[1]
        for measure, whole in _WAYS
        if measure.text >= least
    )


def legend_height(
    sections: tuple[LegendSection, ...], width: float, columns: int, most: float
) -> float:
    """How high a box the legend needs in so many columns: roomy where `most` lets it be."""
    one = _column_width(width, columns)
    for way in _WAYS:
        groups = _groups(sections, one, *way)
        total = sum(block.height for group in groups for block in group)
        height = total / columns
        while height < most + _STEP:
            # The last height that is tried is all there is.
            within = min(height, most)
            if not _packed(groups, within, columns)[1]:
                return within
            height += _STEP
    return most


def _column_width(width: float, columns: int) -> float:
    return (width - GUTTER * (columns - 1)) / columns


def _groups(
    sections: tuple[LegendSection, ...], width: float, measure: Measure, whole: bool
) -> list[list[Block]]:
    """Blocks that must stand together, those of the base map last."""
    ordered = sorted(sections, key=lambda section: section.base)
    groups: list[list[Block]] = []
    for number, section in enumerate(ordered):
        blocks = list(blocks_of(section, width, measure, measure.gap if number else 0.0))
        groups += [blocks] if whole else _kept_together(blocks)
    return groups


def _kept_together(blocks: list[Block]) -> list[list[Block]]:
    groups: list[list[Block]] = [[]]
    for block in blocks:
        groups[-1].append(block)
        if not block.keep:
            groups.append([])
    return [group for group in groups if group]


def _packed(
    groups: list[list[Block]], height: float, columns: int
) -> tuple[list[_Placed], list[list[Block]]]:
    """Where each block stands, column by column, and the groups that have no room."""
    placed: list[_Placed] = []
    column, y = 0, 0.0
    for number, group in enumerate(groups):
        needed = sum(block.height for block in group)
        if y + needed > height and y > 0:
            # At the top of a column no space parts a section from the one before.
            column, y = column + 1, -group[0].before
        if column >= columns or y + needed > height:
            return placed, groups[number:]
        for block in group:
            placed.append(_Placed(block, column, y))
            y += block.height
    return placed, []


def _say_more(
    painter: QPainter, box: QRectF, x: float, width: float, count: int, ground: Ground
) -> None:
    text = font(9, bold=True)
    painter.setPen(shade(ground.text))
    words = f"{count} more {'entry does' if count == 1 else 'entries do'} not fit here."
    lines = wrapped(words, text, width, 2)
    top = box.bottom() - line_height(text) * len(lines)
    draw_lines(painter, lines, text, box.left() + x, top)
