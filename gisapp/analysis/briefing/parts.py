"""A paper as a value: headings, sentences, lists and tables, before anybody sets it on pages.

PDF and DOCX are both made from it, so that they say the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar

from gisapp.layers.seen_words import in_other_words

_T = TypeVar("_T")
#: A space between figures.
_IN_NUMBER = re.compile(r"(?<=\d) (?=\d)")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 stands over a section, level 2 over a part of one.

    A `fresh` one begins a page.
    """

    text: str
    level: int = 1
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """A list: by steps when `ordered`, with a cross before what is not done when `crossed`.

    Steps are counted from `first` on.
    """

    items: tuple[str, ...]
    ordered: bool = False
    crossed: bool = False
    first: int = 1


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with a row of headers; `widths` are shares of the width in per cent.

    So many rows stand `beside` each other where letters are small enough; see `folded`.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    beside: int = 1


@dataclass(frozen=True, slots=True)
class Box:
    """Sentences in a frame, under a title: what must not be missed."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """The place of the map; `alt` says what it shows to whoever cannot see it.

    `part` is the letter of a map of but a part of the ground; empty for the map of all.
    """

    alt: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class Signing:
    """Room to sign: a line for each thing to be written by hand."""

    labels: tuple[str, ...]


Block = Heading | Words | Items | Grid | Box | Picture | Signing
Blocks = tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """What is printed. A sheet has its map, with `beside`, above two columns; all else is `body`.

    `foot` stands at the foot of every page, before the number of the page. `notes` say where it
    all comes from, once, at the end.
    """

    title: str
    subtitle: str
    foot: str
    notes: tuple[str, ...] = ()
    top: Blocks = ()
    picture: Picture | None = None
    beside: Blocks = ()
    left: Blocks = ()
    right: Blocks = ()
    body: Blocks = ()

    @property
    def is_sheet(self) -> bool:
        return bool(self.left or self.right)

    @property
    def blocks(self) -> Blocks:
        """Everything in the order in which it is read."""
        picture = (self.picture,) if self.picture is not None and self.is_sheet else ()
        return (*self.top, *picture, *self.beside, *self.left, *self.right, *self.body)

    def texts(self) -> str:
        """All words of it, a line for each."""
        found: list[str] = []
        _texts(self, found)
        return "\n".join(found)


def foot_of(*parts: str, public: bool) -> str:
    """What stands at the foot of each page; not for everybody unless all of it is public."""
    return " · ".join((*(() if public else ("For officers only",)), *parts))


def unbroken(paper: Paper) -> Paper:
    """The paper with no line that ends within a telephone number."""
    return in_other_words(paper, lambda text: _IN_NUMBER.sub("\N{NO-BREAK SPACE}", text))


def folded(blocks: Blocks) -> Blocks:
    """The blocks with tables as wide as they may be: their rows beside each other, read across."""
    return tuple(_folded(one) if isinstance(one, Grid) else one for one in blocks)


def _folded(grid: Grid) -> Grid:
    many = grid.beside
    if many == 1 or len(grid.rows) < many:
        return grid
    empty = ("",) * len(grid.header)
    rows = []
    for first in range(0, len(grid.rows), many):
        beside = grid.rows[first : first + many]
        padded = (*beside, *(empty,) * (many - len(beside)))
        rows.append(tuple(cell for row in padded for cell in row))
    widths = tuple(round(share / many) for share in grid.widths)
    return Grid(grid.header * many, tuple(rows), widths * many)


def with_alt(paper: Paper, more: str, part: str = "") -> Paper:
    """The paper with something more said of its map, or that of a part, for who cannot see it."""
    if not more:
        return paper
    change: dict[str, Any] = {
        one.name: tuple(_more_alt(block, more, part) for block in getattr(paper, one.name))
        for one in fields(paper)
        if isinstance(getattr(paper, one.name), tuple)
    }
    picture = paper.picture and _more_alt(paper.picture, more, part)
    return replace(paper, picture=picture, **change)


def _more_alt(value: _T, more: str, part: str) -> _T:
    if isinstance(value, Picture) and value.part == part:
        return replace(value, alt=f"{value.alt} {more}")
    return value


def _texts(value: Any, found: list[str]) -> None:
    if isinstance(value, str):
        found.append(value)
    elif isinstance(value, tuple):
        for one in value:
            _texts(one, found)
    elif is_dataclass(value):
        for one in fields(value):
            _texts(getattr(value, one.name), found)
