"""Blocks of a paper as the rich text that Qt sets: black on white, sizes in 1/96 inch."""

from __future__ import annotations

from html import escape

from gisapp.analysis.briefing_parts import (
    Block,
    Blocks,
    Box,
    Grid,
    Heading,
    Items,
    Signing,
    Words,
)
from gisapp.render.palette import PAPER

#: What stands before an item of a list.
_CROSS, _DOT = "×", "•"
#: Above this size of text a title stands out by being strong.
_LARGE_FROM = 20.0


def page_html(blocks: Blocks, size: float) -> str:
    """The rich text of blocks; `size` is that of the text. The map is drawn, and not in it."""
    body = "".join(_block(one, size, number == 0) for number, one in enumerate(blocks))
    return f'<html><body style="color:{PAPER.text}; font-size:{size:.2f}px">{body}</body></html>'


def head_html(title: str, subtitle: str, size: float) -> str:
    """The title of a page and the line below it; in large print the title needs less."""
    title_size = size * (1.25 if size > _LARGE_FROM else 1.6)
    return (
        f'<html><body style="color:{PAPER.text}">'
        f'<p style="margin:0; font-size:{title_size:.2f}px; font-weight:600">{_text(title)}</p>'
        f'<p style="margin:2px 0 0 0; font-size:{size:.2f}px">{_text(subtitle)}</p>'
        "</body></html>"
    )


def _block(block: Block, size: float, first: bool) -> str:
    if isinstance(block, Heading):
        return _heading(block, size, first)
    if isinstance(block, Words):
        text = f"<b>{_text(block.text)}</b>" if block.strong else _text(block.text)
        return f'<p style="margin:{0.2 * size:.1f}px 0 0 0">{text}</p>'
    if isinstance(block, Items):
        return _items(block, size)
    if isinstance(block, Grid):
        return _grid(block, size)
    if isinstance(block, Box):
        return _box(block, size)
    if isinstance(block, Signing):
        return _signing(block, size)
    return ""


def _heading(block: Heading, size: float, first: bool) -> str:
    share, above = (1.15, 0.7) if block.level == 1 else (1.0, 0.4)
    margin = 0 if first else above * size
    level = min(block.level + 1, 6)
    return (
        f'<h{level} style="margin:{margin:.1f}px 0 0 0"><span style="font-size:'
        f'{share * size:.2f}px; font-weight:600">{_text(block.text)}</span></h{level}>'
    )


def _items(block: Items, size: float) -> str:
    found = []
    indent = 1.15 * size
    for number, text in enumerate(block.items, block.first):
        mark = f"{number}" if block.ordered else _CROSS if block.crossed else _DOT
        found.append(
            f'<tr><td width="{indent:.0f}" style="font-weight:600">{mark}</td>'
            f"<td>{_text(text)}</td></tr>"
        )
    return (
        f'<table width="100%" cellspacing="0" cellpadding="1" border="0">{"".join(found)}</table>'
    )


def _grid(block: Grid, size: float) -> str:
    """A table; without a header only its rows, in columns of the same width."""
    edge = f"border-bottom:1px solid {PAPER.quiet_text}; padding:{0.15 * size:.1f}px 4px"
    head = "".join(
        f'<th width="{width}%" align="left" style="{edge}; font-weight:600">{_text(text)}</th>'
        for text, width in zip(block.header, block.widths, strict=bool(block.header))
    )
    rows = "".join(
        "<tr>"
        + "".join(
            f'<td width="{width}%" style="{edge}">{_text(cell)}</td>'
            for cell, width in zip(row, block.widths, strict=True)
        )
        + "</tr>"
        for row in block.rows
    )
    first = f"<thead><tr>{head}</tr></thead>" if head else ""
    return (
        f'<table width="100%" cellspacing="0" border="0" style="border-collapse:collapse">'
        f"{first}{rows}</table>"
    )


def _box(block: Box, size: float) -> str:
    lines = "".join(f'<p style="margin:1px 0 0 0">{_text(line)}</p>' for line in block.lines)
    edge = f"border:2px solid {PAPER.text}; padding:{0.35 * size:.1f}px"
    return (
        '<table width="100%" cellspacing="0" border="0" style="border-collapse:collapse; '
        f'margin-top:{0.3 * size:.1f}px"><tr><td style="{edge}">'
        f'<p style="margin:0; font-weight:600">{_text(block.title)}</p>{lines}</td></tr></table>'
    )


def _signing(block: Signing, size: float) -> str:
    """Lines to write on; the last row is empty, for the edge of a table's last row is not drawn."""
    edge, above = f"border-bottom:1px solid {PAPER.text}", f"padding-top:{2.2 * size:.0f}px"
    rows = "".join(
        f'<tr><td width="22%" style="{above}">{_text(label)}</td>'
        f'<td style="{edge}; {above}">&nbsp;</td></tr>'
        for label in block.labels
    )
    return (
        '<table width="80%" cellspacing="0" border="0" style="border-collapse:collapse">'
        f"{rows}<tr><td>&nbsp;</td><td>&nbsp;</td></tr></table>"
    )


def _text(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br/>")
