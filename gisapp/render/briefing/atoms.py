"""Blocks in pieces that stay on one page, and pages stacked from them.

Each item, row and paragraph is a piece: no heading is parted from its text, no row through its
middle. Lengths are units of 1/96 inch.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from gisapp.analysis.briefing.parts import Block, Blocks, Grid, Heading, Picture, Signing, Words
from gisapp.render.briefing.blocks import room_above, set_block
from gisapp.render.briefing.laid import Laid, parted
from gisapp.render.briefing.table import set_table

#: What takes more of a page's height than this is parted: what stands over it finds room there.
_MOST = 0.7


@dataclass(frozen=True, slots=True, eq=False)
class Atom:
    """Text that is not parted, or a map where `laid` is None, with its height.

    `before` is the room above it but at the top of a page; one that must `keep` stands on the
    page of what follows. `header` is what is said again where a table goes on, `part` the letter
    of a map of but a part of the ground. A `fresh` piece begins a page.
    """

    height: float
    laid: Laid | None = None
    before: float = 0.0
    keep: bool = False
    header: Atom | None = None
    part: str = ""
    fresh: bool = False


def atoms_of(
    blocks: Blocks,
    width: float,
    height: float,
    size: float,
    map_height: float,
    part_height: float = 0.0,
) -> list[Atom]:
    """The pieces of blocks for pages of a width and height.

    Maps of parts of the ground may have a height of their own, with the heading over them.
    """
    found: list[Atom] = []
    before: Block | None = None
    for number, block in enumerate(blocks):
        following = blocks[number + 1] if number + 1 < len(blocks) else None
        # Room to sign is never alone on a page, nor is what stands over a list.
        over = isinstance(block, Words) and block.strong and following is not None
        # What is said of a map between it and its heading stays with both.
        over = over or (isinstance(before, Heading) and isinstance(following, Picture))
        keep = isinstance(block, Heading) or isinstance(following, Signing) or over
        above = room_above(block, before, size)
        if isinstance(block, Picture):
            high = map_height
            if block.part and part_height:
                over_it = found[-1] if found and found[-1].keep else Atom(0.0)
                high = part_height - over_it.before - over_it.height - above
            found.append(Atom(high, None, above, part=block.part))
        elif isinstance(block, Grid):
            found += _rows(block, width, height, size, above)
        else:
            pieces = set_block(block, width, size)
            first, *more = _atoms(pieces, height * _MOST, above, keep)
            fresh = isinstance(block, Heading) and block.fresh
            found += [replace(first, fresh=fresh), *more]
        before = block
    return found


def _rows(block: Grid, width: float, height: float, size: float, above: float) -> Iterator[Atom]:
    """The header of a table, and each of its rows."""
    head, *rows = set_table(block, width, size)
    header = Atom(head.height, head, above, keep=bool(rows))
    yield header
    for number, atom in enumerate(_atoms(rows, height * _MOST, 0.0, False)):
        # No table begins with but one row at the foot of a page.
        yield replace(atom, header=header, keep=number == 0 and len(rows) > 1)


def _atoms(pieces: Iterable[Laid], most: float, above: float, keep: bool) -> Iterator[Atom]:
    """Pieces of at most a height, with room above the first."""
    parts = (part for piece in pieces for part in parted(piece, most))
    for number, part in enumerate(parts):
        yield Atom(part.height, part, 0.0 if number else above, keep)


def stacked(atoms: Sequence[Atom], height: float) -> list[list[tuple[Atom, float]]]:
    """Pages of a height, each with its pieces and how far below the top they stand."""
    pages: list[list[tuple[Atom, float]]] = [[]]
    y = 0.0
    for group in _groups(atoms, height):
        page = pages[-1]
        needed = sum(atom.before + atom.height for atom in group)
        if page and (y + needed > height or group[0].fresh):
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


def _groups(atoms: Sequence[Atom], height: float) -> Iterator[Sequence[Atom]]:
    """Pieces that have to stand on one page, or each by itself where that has no room for them."""
    groups: list[list[Atom]] = []
    kept = False
    for atom in atoms:
        if kept:
            groups[-1].append(atom)
        else:
            groups.append([atom])
        kept = atom.keep
    for group in groups:
        if sum(atom.before + atom.height for atom in group) <= height:
            yield group
        else:
            yield from ([atom] for atom in group)
