"""A paper set on pages: a sheet on one page where it fits, everything else on as many as it needs.

The map is drawn as vectors where the text leaves its place. Lengths are units of 1/96 inch.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from gisapp.analysis.briefing.parts import Block, Blocks, Grid, Heading, Paper, Words, folded
from gisapp.render.briefing.atoms import Atom, atoms_of, stacked
from gisapp.render.briefing.blocks import room_above, set_blocks, set_head
from gisapp.render.briefing.laid import Laid, paint_laid, under_each_other
from gisapp.render.palette import PAPER, font, shade
from gisapp.render.paper.page import MARGIN_MM
from gisapp.render.paper.sheet import UNIT_MM, Sheet
from gisapp.render.text import draw_lines, line_height, wrapped

#: Draws the map, or that of a part by its letter, into a box for which the painter was made larger.
DrawMap = Callable[[QPainter, QRectF, float, str], None]

_POINT = 96 / 72
#: Sizes of text that are tried in turn for one page: none smaller is read at arm's length.
_ONE_PAGE = (12.0 * _POINT, 11.5 * _POINT, 11.0 * _POINT, 10.5 * _POINT, 10.0 * _POINT)
#: Text that is read at a desk, such as an instruction.
_READING = 11.0 * _POINT
#: Large print: 18 point is what the partially sighted are commonly given.
LARGE = 18.0 * _POINT
_SMALL = 8.0 * _POINT
_LARGE_ZOOM = 1.5
#: Sizes of the foot in large print that are tried in turn.
_FEET_LARGE = tuple(points * _POINT for points in (18, 17, 16, 15, 14))
_MOST_FEET = 3
#: What stands between the parts of a foot.
_BETWEEN = " · "
#: Columns of a table that large print has room for.
_MOST_COLUMNS = 3
_GAP = 18.0
#: The height of the map that a sheet should have, at least has, and at most.
_MAP_GOOD, _MAP_LOW, _MAP_LEAST, _MAP_HIGH = 270.0, 190.0, 160.0, 430.0
#: What is tried in turn for one page: the size of text, and the height of the map at least.
_WAYS = (
    *((size, _MAP_GOOD) for size in _ONE_PAGE if size >= 11.0 * _POINT),
    *((size, _MAP_LOW) for size in _ONE_PAGE),
    (_ONE_PAGE[-1], _MAP_LEAST),
)
#: Height of the map in flowing text, as a share of its width.
_MAP_SHARE, _MAP_SHARES_LARGE = 0.62, (0.5, 0.46, 0.42, 0.38, 0.34, 0.3)
#: The same in large print that is no sheet, and the most of the height of a page.
_MAP_SHARE_DESK, _MOST_MAP = 0.9, 0.65


@dataclass(frozen=True, slots=True)
class Piece:
    """Text, or the map of a part, empty for that of all, where `laid` is None, in a box."""

    box: QRectF
    laid: Laid | None = None
    part: str = ""


@dataclass(frozen=True, slots=True)
class SetPaper:
    """Pages with what stands on each; `points` is the size of the text.

    `in_columns` is whether all of a sheet found room on its first page, in two columns.
    """

    size: tuple[float, float]
    inner: QRectF
    pages: tuple[tuple[Piece, ...], ...]
    foot: str
    points: float
    in_columns: bool = False

    @property
    def count(self) -> int:
        return len(self.pages)

    @property
    def zoom(self) -> float:
        """By how much the words of map and foot are larger than elsewhere."""
        return _LARGE_ZOOM if self.points * _POINT >= LARGE else 1.0


def set_paper(paper: Paper, sheet: Sheet, *, large: bool = False) -> SetPaper:
    """The paper on pages of a size, upright; in large print text has 18 points.

    A sheet is set in two columns on one page, in smaller text if it must; where 10 points are not
    small enough, and in large print, it flows over several. Nothing is ever left out.
    """
    width, height = (side / UNIT_MM for side in sheet.size_mm)
    margin = MARGIN_MM / UNIT_MM
    inner = QRectF(margin, margin, width - 2 * margin, height - 2 * margin)
    foot = foot_set(paper.foot, inner.width(), large=large).height
    room = QRectF(inner.left(), inner.top(), inner.width(), inner.height() - foot)
    if paper.is_sheet and not large:
        for size, map_high in _WAYS:
            first = _one_page(paper, room, size, map_high)
            if first is not None:
                rest = _flow(paper.body, room, size, _MAP_SHARE) if paper.body else ()
                pages = (first, *rest)
                return SetPaper((width, height), inner, pages, paper.foot, size / _POINT, True)
    blocks = tables_for(_in_order(paper), large=large)
    # Text or map of a sheet may be a little smaller where that saves a page.
    ways = [
        (size, share, _flow(blocks, room, size, share, paper))
        for size, share in _flowing(large=large, is_sheet=paper.is_sheet)
    ]
    size, _, pages = min(ways, key=lambda way: (len(way[2]), -way[0], -way[1]))
    return SetPaper((width, height), inner, pages, paper.foot, size / _POINT)


def _flowing(*, large: bool, is_sheet: bool) -> list[tuple[float, float]]:
    """Sizes of text and heights of the map, as a share of its width, that may be tried."""
    if large:
        shares = _MAP_SHARES_LARGE if is_sheet else (_MAP_SHARE_DESK,)
        return [(LARGE, share) for share in shares]
    sizes = _ONE_PAGE[2:] if is_sheet else (_READING,)
    return [(size, _MAP_SHARE) for size in sizes]


def paint_page_of(painter: QPainter, setting: SetPaper, number: int, draw_map: DrawMap) -> None:
    """Draw one page, counted from 0, on a painter in units of 1/96 inch."""
    for piece in setting.pages[number]:
        if piece.laid is None:
            _paint_map(painter, piece, setting.zoom, draw_map)
        else:
            paint_laid(painter, piece.laid, piece.box.topLeft())
    _paint_foot(painter, setting, number)


def _paint_map(painter: QPainter, piece: Piece, zoom: float, draw_map: DrawMap) -> None:
    box = piece.box
    painter.save()
    try:  # drawing may be stopped
        painter.translate(box.topLeft())
        painter.scale(zoom, zoom)
        draw_map(painter, QRectF(0, 0, box.width() / zoom, box.height() / zoom), zoom, piece.part)
    finally:
        painter.restore()


@dataclass(frozen=True, slots=True)
class Foot:
    """The lines at the foot of every page, beside the number of the page."""

    lines: tuple[str, ...]
    written: QFont

    @property
    def height(self) -> float:
        return len(self.lines) * line_height(self.written) + 8


def foot_set(text: str, width: float, *, large: bool) -> Foot:
    """The foot of pages of a width, in one line.

    In large print it is as large as all else, or as its line has room for; what has no room at
    14 points goes on in further lines.
    """
    for size in _FEET_LARGE if large else (_SMALL,):
        written = font(size)
        number = QFontMetricsF(written).horizontalAdvance(_page_words(99, 99))
        room = width - number - 20
        lines = wrapped(text, written, room, _MOST_FEET if large else 1) or ("",)
        if len(lines) == 1:
            return Foot(lines, written)
    return Foot(_between_parts(text, written, room), written)


def _between_parts(text: str, written: QFont, width: float) -> tuple[str, ...]:
    """Lines that end between the parts of a foot, or within one that is wider than a line."""
    metrics = QFontMetricsF(written)
    lines = [""]
    for part in text.split(_BETWEEN):
        longer = _BETWEEN.join(filter(None, (lines[-1], part)))
        if metrics.horizontalAdvance(longer) <= width:
            lines[-1] = longer
        else:
            lines += wrapped(part, written, width, _MOST_FEET)
    return tuple(filter(None, lines))


def _page_words(number: int, count: int) -> str:
    return f"Page {number} of {count}"


def _paint_foot(painter: QPainter, setting: SetPaper, number: int) -> None:
    inner = setting.inner
    foot = foot_set(setting.foot, inner.width(), large=setting.zoom > 1)
    y = inner.bottom() - foot.height + 8
    painter.setPen(QPen(shade(PAPER.quiet_text), 0.6))
    painter.drawLine(QPointF(inner.left(), y - 3), QPointF(inner.right(), y - 3))
    painter.setPen(shade(PAPER.text))
    page = _page_words(number + 1, setting.count)
    width = QFontMetricsF(foot.written).horizontalAdvance(page)
    draw_lines(painter, foot.lines, foot.written, inner.left(), y)
    draw_lines(painter, (page,), foot.written, inner.right() - width, y)


# A sheet on one page


@dataclass(frozen=True, slots=True, eq=False)
class _Split:
    """The text of a sheet in two columns."""

    left: Laid
    right: Laid


def _one_page(paper: Paper, room: QRectF, size: float, map_low: float) -> tuple[Piece, ...] | None:
    """Head, then two columns, the first under the map, and notes; None where they find no room."""
    column = (room.width() - _GAP) / 2
    head = set_head(paper.title, paper.subtitle, room.width(), size)
    top = set_blocks(paper.top, room.width(), size)
    notes = set_blocks(tuple(map(Words, paper.notes)), room.width(), _SMALL)
    above = head.height + top.height + 6 + _GAP / 2
    high = room.height() - above - notes.height - _GAP / 2
    split = _split(paper, column, size, map_low)
    if max(split.left.height + map_low + _GAP / 2, split.right.height) > high:
        return None
    y = room.top()
    pieces = [_piece(head, room.left(), y)]
    y += head.height + 6
    pieces.append(_piece(top, room.left(), y))
    y += top.height + _GAP / 2
    map_high = min(high - split.left.height - _GAP / 2, _MAP_HIGH)
    pieces.append(Piece(QRectF(room.left(), y, column, map_high)))
    right = room.left() + column + _GAP
    pieces.append(_piece(split.left, room.left(), y + map_high + _GAP / 2))
    pieces.append(_piece(split.right, right, y))
    pieces.append(_piece(notes, room.left(), room.bottom() - notes.height))
    return tuple(pieces)


def _split(paper: Paper, width: float, size: float, map_low: float) -> _Split:
    """The text in its order, parted so that the higher column is as low as it can be."""
    parts = _parts((*paper.beside, *paper.left, *paper.right))
    before = (None, *(part[-1] for part in parts))
    pieces = [
        (room_above(part[0], last, size), set_blocks(part, width, size))
        for part, last in zip(parts, before, strict=False)
    ]
    heights = [above + piece.height for above, piece in pieces]
    best = min(
        range(1, len(parts) + 1),
        key=lambda at: (
            max(sum(heights[:at]) + map_low, sum(heights[at:]))
            # Between two sections rather than within one.
            + (0 if at == len(parts) or isinstance(parts[at][0], Heading) else 2 * size)
        ),
    )
    return _Split(under_each_other(pieces[:best], width), under_each_other(pieces[best:], width))


def _parts(blocks: Blocks) -> list[Blocks]:
    """What a column may end between: a block each, a heading with what follows it."""
    found: list[list[Block]] = []
    keep = False
    for block in blocks:
        if not keep:
            found.append([])
        found[-1].append(block)
        keep = isinstance(block, Heading) or (isinstance(block, Words) and block.strong)
    return [tuple(one) for one in found]


def _piece(laid: Laid, x: float, y: float) -> Piece:
    return Piece(QRectF(x, y, laid.width, laid.height), laid)


# Text over several pages


def _in_order(paper: Paper) -> Blocks:
    """All blocks as they are read, the notes at the end."""
    return (*paper.blocks, *(Words(note) for note in paper.notes))


def tables_for(blocks: Blocks, *, large: bool) -> Blocks:
    """The blocks with tables for a size of print: rows beside each other where it is small."""
    return _without_wide_tables(blocks) if large else folded(blocks)


def _without_wide_tables(blocks: Blocks) -> Blocks:
    """In large print narrow columns break words: rows of wide tables are told under each other."""
    found: list[Block] = []
    for block in blocks:
        if not isinstance(block, Grid) or len(block.header) <= _MOST_COLUMNS:
            found.append(block)
            continue
        for first, *rest in block.rows:
            name, *more = first.split("\n")
            said = (f"{head}: {cell}" for head, cell in zip(block.header[1:], rest, strict=True))
            # As a heading it has room above it, and what is said of it is not bold.
            found += [Heading(name, 3), Words("\n".join((*more, *said)))]
    return tuple(found)


def _flow(
    blocks: Blocks, room: QRectF, size: float, share: float, paper: Paper | None = None
) -> tuple[tuple[Piece, ...], ...]:
    """Blocks over pages; with a paper its title stands over them."""
    map_high = min(room.width() * share, room.height() * _MOST_MAP)
    # Two maps of parts stand on a page; in large print each has one to itself.
    part_high = room.height() if size >= LARGE else (room.height() - size) / 2
    pieces = atoms_of(blocks, room.width(), room.height(), size, map_high, part_high)
    if paper is not None:
        head = set_head(paper.title, paper.subtitle, room.width(), size)
        pieces = [Atom(head.height, head), *pieces]
    pages = []
    for page in stacked(pieces, room.height()):
        placed = []
        for atom, y in page:
            box = QRectF(room.left(), room.top() + y, room.width(), atom.height)
            placed.append(Piece(box, atom.laid, atom.part))
        pages.append(tuple(placed))
    return tuple(pages)
