"""What a filter leaves of a layer, as far as the present audience may know."""

from __future__ import annotations

from dataclasses import dataclass

from gisapp.layers.audience import Showing
from gisapp.layers.confidential import open_rows
from gisapp.layers.layer import Layer
from gisapp.ui.session import Session


@dataclass(frozen=True, slots=True)
class FilterLimit:
    """How many rows a filter by fields leaves, and what it asks for in words.

    `left` is None where the audience is told no numbers of rows.
    """

    left: int | None
    words: str

    def said(self, held: str) -> str:
        """`412 of 600: substance is heroin`, of as many as the layer `held` before."""
        return self.words if self.left is None else f"{self.left:,} of {held}: {self.words}"


def filter_limit(session: Session, layer: Layer) -> FilterLimit | None:
    """The filter of a layer, its span of time left aside; None where there is none."""
    look = session.look
    mask, how = session.filters.fields(layer.id), look.showing(layer)
    if mask is None or len(mask) != len(layer) or how is Showing.NOTHING:
        return None
    words = session.filters.in_words(layer.id, times=False)
    if how is not Showing.EACH:
        return FilterLimit(None, words)
    seen = open_rows(layer, look.audience, exported=look.exported)
    if seen is None:
        return FilterLimit(session.filters.left(layer.id, mask, times=False), words)
    return FilterLimit(int((mask & seen).sum()), words)


def selected_words(count: int) -> str:
    """So many rows that were picked one by one."""
    return f"{count:,} selected row{'' if count == 1 else 's'}"
