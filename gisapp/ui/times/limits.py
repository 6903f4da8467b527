"""What a span of time leaves of a layer, as far as the present audience may know."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gisapp.layers.audience import Showing
from gisapp.layers.confidential import open_rows
from gisapp.layers.layer import Layer
from gisapp.ui.session import Session
from gisapp.ui.times.histogram import bars_in_words, finest_told


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """How many rows a span of time leaves, of how many, and the span in words.

    The numbers are None where the audience is told no numbers of rows.
    """

    left: int | None
    of: int | None
    words: str

    @property
    def said(self) -> str:
        """`23,477 of 104,943 in the chosen time`; of nothing, that it is not the time's doing."""
        if self.left is None:
            return f"Only times of {self.words} are shown"
        if self.of == 0:
            return "The filter leaves none, in the chosen time or any other"
        return f"{self.left:,} of {self.of:,} in the chosen time"

    @property
    def said_with_times(self) -> str:
        """The same, and which time was chosen where that makes a difference."""
        return f"{self.said}: {self.words}" if self.of else f"{self.said}."


def time_limit(session: Session, layer: Layer) -> TimeLimit | None:
    """The span of time that limits a layer; None where there is none.

    It is asked with each step of a film. Without another filter it is a sum over bars; with one,
    true values are counted once in a mask that is there already.
    """
    look = session.look
    span, how = look.span_of(layer), look.showing(layer)
    if span is None or how is Showing.NOTHING:
        return None
    words = bars_in_words(span.bars, span.span, finest_told(how))
    if how is not Showing.EACH:
        return TimeLimit(None, None, words)
    seen = open_rows(layer, look.audience, exported=look.exported)
    others = span.others
    if seen is not None:
        others = seen if others is None else others & seen
        left, of = int(np.count_nonzero(span.mask & seen)), int(np.count_nonzero(others))
    elif others is None:
        left, of = span.bars.count(span.span), len(layer)
    else:
        left = session.filters.left(layer.id, span.mask, times=True)
        of = session.filters.left(layer.id, others, times=False)
    return TimeLimit(left, of, words)
