"""Tables on paper: columns of the same width in every row, cells that wrap, a rule under each row.

Lengths are units of 1/96 inch.
"""

from __future__ import annotations

from collections.abc import Sequence

from gisapp.analysis.briefing.parts import Grid
from gisapp.render.briefing.laid import Laid, Mark, Rule
from gisapp.render.briefing.text import Hand, set_text, widest_word
from gisapp.render.palette import PAPER

#: Room at both sides of a cell, and above and below its text as a share of the size.
_SIDE, _ABOVE = 4.0, 0.15
#: What Qt may be out by where it measures a word and where it sets it.
_ROUNDED = 0.2
#: How thick the rules are under a row, and under the header.
_THIN, _THICK = 0.8, 1.4


def set_table(grid: Grid, width: float, size: float) -> tuple[Laid, ...]:
    """The header of a table, and each of its rows, as pieces to be put under each other."""
    columns = _columns(grid, width, size)
    header = _row(grid.header, columns, Hand(size, strong=True), _THICK)
    return (header, *(_row(row, columns, Hand(size), _THIN) for row in grid.rows))


def _row(cells: Sequence[str], columns: Sequence[float], hand: Hand, rule: float) -> Laid:
    marks: list[Mark] = []
    x, high, above = 0.0, 0.0, _ABOVE * hand.size
    for text, width in zip(cells, columns, strict=True):
        cell = set_text(text, width - 2 * _SIDE, hand)
        marks += cell.at(x + _SIDE, above)
        high = max(high, cell.height)
        x += width
    height = high + 2 * above + rule
    marks.append(Rule(0.0, height - rule / 2, x, rule, PAPER.quiet_text))
    return Laid(x, height, tuple(marks))


def _columns(grid: Grid, width: float, size: float) -> list[float]:
    """The widths of columns: their shares, but where a word needs more and others can spare it."""
    whole = sum(grid.widths)
    asked = [width * share / whole for share in grid.widths]
    needed = [
        _needed(name, [row[number] for row in grid.rows], size) + 2 * _SIDE + _ROUNDED
        for number, name in enumerate(grid.header)
    ]
    needed = _limited(needed, width)
    missing = sum(max(need - share, 0.0) for need, share in zip(needed, asked, strict=True))
    spare = sum(max(share - need, 0.0) for need, share in zip(needed, asked, strict=True))
    # As the needs fit into the width, what is missing is never more than what can be spared.
    given = missing / spare if spare else 0.0
    return [
        need if need >= share else share - (share - need) * given
        for need, share in zip(needed, asked, strict=True)
    ]


def _limited(needed: Sequence[float], width: float) -> list[float]:
    """What columns need, the largest of it cut to the same so that all fits into the width."""
    room = width
    for number, least in enumerate(sorted(needed)):
        level = room / (len(needed) - number)
        if least > level:
            return [min(need, level) for need in needed]
        room -= least
    return list(needed)


def _needed(name: str, cells: Sequence[str], size: float) -> float:
    """The width of the longest word of a column."""
    return max(widest_word([name], Hand(size, strong=True)), widest_word(set(cells), Hand(size)))
