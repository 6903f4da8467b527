"""Each kind of block set in a width: what it is made of, and the room that stands above it.

A list and a table come as a piece for each item and row, everything else as one. Lengths are units
of 1/96 inch, and shares of the size of the text.
"""

from __future__ import annotations

from gisapp.analysis.briefing.parts import (
    Block,
    Blocks,
    Box,
    Grid,
    Heading,
    Items,
    Picture,
    Signing,
    Words,
)
from gisapp.render.briefing.laid import Frame, Laid, Mark, Rule, under_each_other
from gisapp.render.briefing.table import set_table
from gisapp.render.briefing.text import Hand, from_the_right, set_text, widest
from gisapp.render.palette import PAPER

#: What stands before an item of a list.
_CROSS, _DOT = "×", "•"
#: How large the title of a page is; in large print, above a size of text, it needs less.
_TITLE, _TITLE_LARGE, _LARGE_FROM = 1.6, 1.25, 20.0
#: How large headings are, by their level.
_SIZES = {1: 1.15, 2: 1.0}
#: How much room a block leaves above it, and at least below it.
_ABOVE_HEADING = {1: 0.75, 2: 0.45}
_ABOVE_WORDS, _ABOVE_ITEMS, _ABOVE_GRID, _ABOVE_BOX = 0.17, 0.1, 0.15, 0.4
_BELOW_FRAMED, _ABOVE_TOLD = 0.35, 0.05
#: The column that marks of a list take, and the room behind a mark that is wider.
_MARK, _BEHIND = 1.15, 0.4
_ITEM_EDGE = 1.0
#: Border of a box, and the room within it.
_BORDER, _PADDING = 2.0, 0.35
#: Room to sign: above a line; of the width the line's end, and its start unless a label is longer.
_TO_SIGN, _SIGN_END, _SIGN_START, _SIGN_EDGE = 2.2, 0.8, 0.18, 8.0


def set_head(title: str, subtitle: str, width: float, size: float) -> Laid:
    """The title of a page and the line below it."""
    large = size > _LARGE_FROM
    name = set_text(title, width, Hand(size * (_TITLE_LARGE if large else _TITLE), strong=True))
    below = set_text(subtitle, width, Hand(size))
    return under_each_other([(0.0, name), (2.0, below)], width)


def set_blocks(blocks: Blocks, width: float, size: float) -> Laid:
    """Blocks one below the other. The map is drawn, and not among them."""
    pieces: list[tuple[float, Laid]] = []
    before: Block | None = None
    for block in blocks:
        for number, piece in enumerate(set_block(block, width, size)):
            pieces.append((0.0 if number else room_above(block, before, size), piece))
        before = block
    return under_each_other(pieces, width)


def room_above(block: Block, before: Block | None, size: float) -> float:
    """What is left free above a block, below the one `before` it."""
    if isinstance(block, Heading):
        room = _ABOVE_HEADING[min(block.level, 2)]
    elif isinstance(block, Box | Picture):
        room = _ABOVE_BOX
    elif isinstance(before, Words) and before.strong:
        room = _ABOVE_TOLD  # strong words stand over what they are about
    elif isinstance(block, Items):
        room = _ABOVE_ITEMS
    else:
        room = _ABOVE_GRID if isinstance(block, Grid) else _ABOVE_WORDS
    framed = isinstance(before, Grid | Box | Picture | Signing)
    return max(room, _BELOW_FRAMED if framed else 0.0) * size


def set_block(block: Block, width: float, size: float) -> tuple[Laid, ...]:
    """A block as pieces that stand under each other with no room between them."""
    if isinstance(block, Heading):
        written = Hand(_SIZES[min(block.level, 2)] * size, strong=True)
        return (set_text(block.text, width, written),)
    if isinstance(block, Words):
        return (set_text(block.text, width, Hand(size, block.strong)),)
    if isinstance(block, Items):
        return _items(block, width, size)
    if isinstance(block, Grid):
        return set_table(block, width, size)
    if isinstance(block, Box):
        return (_box(block, width, size),)
    if isinstance(block, Signing):
        return (_signing(block, width, size),)
    return ()


def _items(block: Items, width: float, size: float) -> tuple[Laid, ...]:
    """The items of a list, their text hanging beside the marks."""
    hand = Hand(size, strong=True)
    marks = [
        f"{number}" if block.ordered else _CROSS if block.crossed else _DOT
        for number, _ in enumerate(block.items, block.first)
    ]
    indent = max(_MARK * size, widest(set(marks), hand) + _BEHIND * size)
    found = []
    for mark, item in zip(marks, block.items, strict=True):
        text = set_text(item, width - indent, Hand(size))
        sign = set_text(mark, indent, hand)
        right = from_the_right(item)
        placed = (
            *sign.at(width - widest([mark], hand) if right else 0.0, _ITEM_EDGE),
            *text.at(0.0 if right else indent, _ITEM_EDGE),
        )
        found.append(Laid(width, max(text.height, sign.height) + 2 * _ITEM_EDGE, placed))
    return tuple(found)


def _box(block: Box, width: float, size: float) -> Laid:
    edge = _BORDER + _PADDING * size
    inner = width - 2 * edge
    lines = [set_text(line, inner, Hand(size)) for line in block.lines]
    title = set_text(block.title, inner, Hand(size, strong=True))
    text = under_each_other([(0.0, title), *((1.0, line) for line in lines)], inner)
    height = text.height + 2 * edge
    return Laid(width, height, (Frame(0.0, 0.0, width, height, _BORDER), *text.at(edge, edge)))


def _signing(block: Signing, width: float, size: float) -> Laid:
    """A line to write on for each thing, behind its name."""
    hand = Hand(size)
    named = min(max(width * _SIGN_START, widest(block.labels, hand) + _SIGN_EDGE), width / 2)
    marks: list[Mark] = []
    y = 0.0
    for label in block.labels:
        y += _TO_SIGN * size
        name = set_text(label, named - _SIGN_EDGE, hand)
        marks += name.at(0.0, y)
        y += name.height
        marks.append(Rule(named, y, width * _SIGN_END - named, 1.0, PAPER.text))
    return Laid(width, y + 1.0, tuple(marks))
