"""What limits the layers of a map that leaves, and in what words its readers may be told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gisapp.analysis.classes.expression_notes import finer_than_months
from gisapp.analysis.points.time_bars import UNKNOWN, RowSpan, Span
from gisapp.layers.audience import Showing, threshold
from gisapp.layers.confidential import open_rows, without_sites
from gisapp.layers.layer import Layer
from gisapp.layers.project import Project
from gisapp.render.look import Look
from gisapp.ui.session import Session
from gisapp.ui.table.conditions import Mask
from gisapp.ui.table.filter_limits import selected_words
from gisapp.ui.table.row_filter import Part, RowFilters
from gisapp.ui.times.histogram import bars_in_words, finest_told
from gisapp.ui.times.walk import aligned

#: Instead of a filter whose words, or whose number of rows, would tell of single cases.
_SOME, _NONE = "some of them", "none of them"


def as_told(project: Project, look: Look) -> Look:
    """The look with no span of time that is shorter than its readers may be told.

    Where small counts are kept back, two maps that differ by a day would let one be worked out:
    spans are widened to whole months.
    """
    rows = dict(look.rows)
    for layer in project.layers:
        span = look.span_of(layer)
        if span is None:
            continue
        wider = aligned(span.bars, span.span, finest_told(look.showing(layer)))
        if wider != span.span:
            rows[layer.id] = RowSpan(span.bars, wider, span.others)
    return replace(look, rows=rows)


def too_fine(session: Session, look: Look) -> str:
    """Why a map may not leave with a filter of moments; empty where it may.

    Two maps whose filters differ by a minute would let single events be told apart by readers from
    whom small counts are kept back. Spans are widened to months for them; what a filter means
    by its moments is for the user to say.
    """
    for layer in session.project.layers:
        query = session.filters.query(layer.id)
        if not query or look.showing(layer) is not Showing.SUPPRESSED:
            continue
        column = finer_than_months(layer, query)
        if column:
            return (
                f"The filter of “{layer.name}” asks for moments of “{column}”, and "
                f"{look.audience.within} learn of whole months only. Take “{column}” out of the "
                "filter and choose the months below the map, under Time."
            )
    return ""


def limits_in_words(session: Session, look: Look) -> str:
    """The filters that limit layers of a map that leaves, for the readers of `look`.

    Empty where none does. Nothing is said of layers that these do not see, and nothing that only a
    confidential service or a single case would explain.
    """
    project, said = session.project, []
    for layer in project.layers:
        words = _of_layer(session.filters, layer, look) if _is_told(project, layer, look) else ""
        if words:
            said.append(": ".join(without_sites(project, text) for text in (layer.name, words)))
    return "; ".join(said)


def _is_told(project: Project, layer: Layer, look: Look) -> bool:
    """Whether the readers find a layer on the map: itself, or a surface that is made of it."""
    if look.showing(layer) is Showing.NOTHING or not look.count_of(layer):
        return False
    surfaces = (one.visible for one in project.hotspots if one.layer_id == layer.id)
    return layer.visible or any(surfaces)


def _of_layer(filters: RowFilters, layer: Layer, look: Look) -> str:
    parts = [_of_rows(filters, part, layer, look) for part in (Part.TABLE, Part.CHOSEN)]
    span = look.span_of(layer)
    if span is not None:
        parts.append(_of_times(layer, look, span))
    # Two filters may both be such as are not told.
    return "; ".join(dict.fromkeys(part for part in parts if part))


def _of_times(layer: Layer, look: Look, span: RowSpan) -> str:
    ends = _known_ends(layer, look, span)
    return bars_in_words(span.bars, span.span, finest_told(look.showing(layer)), ends)


def _known_ends(layer: Layer, look: Look, span: RowSpan) -> Span | None:
    """From the first to behind the last bar of rows that the readers know of; None for all."""
    seen = open_rows(layer, look.audience, exported=look.exported)
    if seen is None:
        return None
    numbers = span.bars.number[seen]
    numbers = numbers[numbers != UNKNOWN]
    return (int(numbers.min()), int(numbers.max()) + 1) if len(numbers) else (0, 0)


def _of_rows(filters: RowFilters, part: Part, layer: Layer, look: Look) -> str:
    """A filter by fields, or of rows that were picked, in its words where these may be told.

    Of a layer with rows that the readers do not know of only a number is told: what it asks for
    may be what one of those is, whether the filter keeps that row or leaves out just that.
    """
    mask, words = filters.mask(layer.id, part), filters.said(layer.id, part)
    if mask is None or not words:
        return ""
    seen = open_rows(layer, look.audience, exported=look.exported)
    if seen is not None:
        return _of_known(part, mask[seen])
    if not mask.any():  # as the count beside it says
        return _NONE
    if look.showing(layer) is Showing.SUPPRESSED and _tells_few_apart(mask, look):
        return _SOME
    return words


def _of_known(part: Part, kept: Mask) -> str:
    """How many of the rows that the readers know of a filter keeps; empty where that is all."""
    left = int(np.count_nonzero(kept))
    if left == len(kept):
        return ""
    if left == 0:
        return _NONE
    return selected_words(left) if part is Part.CHOSEN else f"{left:,} of {len(kept):,}"


def _tells_few_apart(kept: Mask, look: Look) -> bool:
    left = int(np.count_nonzero(kept))
    return min(left, len(kept) - left) < threshold(look.audience)
