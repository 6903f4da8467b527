"""Blocks in pieces that stay on one page, and pages stacked from them.

Qt parts a text wherever a page ends: a heading from its text, a row of a table through its
middle. So each item, row and paragraph is set by itself. Lengths are units of 1/96 inch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from PySide6.QtGui import QTextCursor, QTextDocument, QTextFormat

from gisapp.analysis.briefing_parts import (
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
from gisapp.render.briefing_html import page_html
from gisapp.render.palette import font


@dataclass(frozen=True, slots=True, eq=False)
class Atom:
    """Text that is not parted, or the map where `document` is None, with its height.

    `before` is the room above it but at the top of a page; one that must `keep` stands on the
    page of what follows. `header` is what is said again where a table goes on.
    """

    height: float
    document: QTextDocument | None = None
    before: float = 0.0
    keep: bool = False
    header: Atom | None = None


def document_of(html: str, width: float, size: float) -> QTextDocument:
    """Rich text set to a width; `size` is that of text of which it says none."""
    document = QTextDocument()
    document.setDocumentMargin(0)
    document.setUseDesignMetrics(True)
    document.setDefaultFont(font(size))
    document.setHtml(html)
    _own_sizes(document)
    document.setTextWidth(width)
    return document


def text_of(blocks: Blocks, width: float, size: float) -> QTextDocument:
    """Blocks set to a width, one under the other."""
    return document_of(page_html(blocks, size), width, size)


def height_of(document: QTextDocument) -> float:
    return float(document.documentLayout().documentSize().height())


def atoms_of(
    blocks: Blocks, width: float, height: float, size: float, map_height: float
) -> list[Atom]:
    """The pieces of blocks for pages of a width and height."""
    found: list[Atom] = []
    for number, block in enumerate(blocks):
        following = blocks[number + 1] if number + 1 < len(blocks) else None
        # Room to sign is never alone on a page, nor is what stands over a list.
        over = isinstance(block, Words) and block.strong and following is not None
        keep = isinstance(block, Heading) or isinstance(following, Signing) or over
        if isinstance(block, Picture):
            found.append(Atom(map_height, None, 0.4 * size))
        elif isinstance(block, Grid):
            found += _rows(block, width, size)
        else:
            space = _space(block, size)
            for place, part in enumerate(_parts(block, width, height, size)):
                document = text_of((part,), width, size)
                above = 0.0 if place and isinstance(part, Items) else space
                found.append(Atom(height_of(document), document, above, keep))
    return found


def _space(block: Block, size: float) -> float:
    if isinstance(block, Heading):
        return (0.8 if block.level == 1 else 0.5) * size
    return (0.4 if isinstance(block, Box) else 0.1) * size


def _rows(block: Grid, width: float, size: float) -> Iterator[Atom]:
    """The header of a table, and each of its rows."""
    head = text_of((replace(block, rows=()),), width, size)
    header = Atom(height_of(head), head, 0.2 * size, keep=True)
    yield header
    for row in block.rows:
        document = text_of((Grid((), (row,), block.widths),), width, size)
        yield Atom(height_of(document), document, header=header)


def _parts(block: Block, width: float, height: float, size: float) -> Iterator[Block]:
    """The parts of a block that are not parted further: items of a list, halves of a long text."""
    if isinstance(block, Items):
        for number, item in enumerate(block.items, block.first):
            yield replace(block, items=(item,), first=number)
        return
    fits = height_of(text_of((block,), width, size)) <= height
    if not fits and isinstance(block, Words) and len(block.text.split()) > 1:
        words = block.text.split()
        for half in (words[: len(words) // 2], words[len(words) // 2 :]):
            yield from _parts(replace(block, text=" ".join(half)), width, height, size)
    elif not fits and isinstance(block, Box) and len(block.lines) > 1:
        middle = len(block.lines) // 2
        for lines in (block.lines[:middle], block.lines[middle:]):
            yield from _parts(replace(block, lines=lines), width, height, size)
    else:
        yield block


def stacked(atoms: Sequence[Atom], height: float) -> list[list[tuple[Atom, float]]]:
    """Pages of a height, each with its pieces and how far below the top they stand."""
    pages: list[list[tuple[Atom, float]]] = [[]]
    y = 0.0
    for group in _groups(atoms):
        page = pages[-1]
        needed = sum(atom.before + atom.height for atom in group)
        if page and y + needed > height:
            page, y = [], 0.0
            pages.append(page)
            header = group[0].header
            if header is not None:
                page.append((header, 0.0))
                y = header.height
        for atom in group:
            y += atom.before if page else 0.0
            page.append((atom, y))
            y += atom.height
    return pages


def _groups(atoms: Sequence[Atom]) -> list[list[Atom]]:
    """Pieces that have to stand on one page."""
    groups: list[list[Atom]] = []
    kept = False
    for atom in atoms:
        if kept:
            groups[-1].append(atom)
        else:
            groups.append([atom])
        kept = atom.keep
    return groups


def _own_sizes(document: QTextDocument) -> None:
    """Take away what Qt adds to the size of headings: theirs is said in the text."""
    block = document.begin()
    while block.isValid():
        at = block.begin()
        if block.blockFormat().headingLevel() and not at.atEnd():
            form = at.fragment().charFormat()
            form.clearProperty(QTextFormat.Property.FontSizeAdjustment)
            cursor = QTextCursor(block)
            cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
            cursor.setCharFormat(form)
        block = block.next()
