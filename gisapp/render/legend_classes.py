"""The legend of a layer whose rows are told apart, and of one that the scale hides."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gisapp.analysis.classes.making import legend_labels
from gisapp.analysis.classes.told_limits import told_limits
from gisapp.layers.confidential import open_rows
from gisapp.layers.layer import Layer
from gisapp.layers.style import Fill, LegendEntry, Style
from gisapp.render import prepared
from gisapp.render.cache import Cache
from gisapp.render.class_styles import class_styles
from gisapp.render.look import Look

#: A fill at least this opaque is known by itself: borders have the layer's own colour.
_CLEAR_FILL = 0.3


def class_entries(layer: Layer, look: Look, cache: Cache, symbol: str) -> tuple[LegendEntry, ...]:
    """A line for each class that has rows: its look, its name and how many there are.

    Counted over the whole layer, or what a filter leaves of it. Empty without classes. For
    layers that the audience sees each feature of.
    """
    numbers = prepared.class_numbers_of(layer, cache)
    symbology = layer.style.symbology
    if numbers is None or symbology is None:
        return ()
    mask = look.rows_of(layer)
    seen = numbers if mask is None else numbers[mask]
    styles = class_styles(layer.style, look.dark and not look.exported)
    counts = np.bincount(seen[seen >= 0], minlength=len(styles)).tolist()
    known = open_rows(layer, look.audience, exported=look.exported)
    labels = [*legend_labels(told_limits(layer, symbology, known)), (symbology.others, "")]
    largest = max(style.size for style in styles)
    return tuple(
        LegendEntry(
            label,
            _patch(style) if symbol == "area" else style,
            symbol,
            f"{count:,}",
            sides=(style.size / largest,) if symbol in ("service", "point") else (),
            column=column,
        )
        for (label, column), style, count in zip(labels, styles, counts, strict=True)
        if count
    )


def _patch(style: Style) -> Style:
    filled = style.fill is Fill.PLAIN and style.fill_opacity >= _CLEAR_FILL
    return replace(style, width=0.0) if filled else style


def scale_words(style: Style) -> str:
    """At which scales a layer is drawn: `Shown at 1 : 50,000 and nearer`."""
    if style.farthest is not None and style.nearest is not None:
        return f"Shown from 1 : {_scale(style.farthest)} to 1 : {_scale(style.nearest)}"
    if style.farthest is not None:
        return f"Shown at 1 : {_scale(style.farthest)} and nearer"
    if style.nearest is not None:
        return f"Shown at 1 : {_scale(style.nearest)} and farther away"
    return ""


def _scale(number: float) -> str:
    return f"{round(number):,}".replace(",", "\N{THIN SPACE}")
