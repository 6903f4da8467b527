"""Which class each row of a layer is in, for a page: its look, and the legend of the classes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gisapp.analysis.classes.making import legend_labels
from gisapp.analysis.classes.symbology import class_numbers
from gisapp.analysis.classes.told_limits import told_limits
from gisapp.analysis.classes.unclear import unclear_classes
from gisapp.errors import DataError
from gisapp.io.html.shapes import Json, area_swatch, css_style
from gisapp.layers.audience import Audience
from gisapp.layers.confidential import open_rows
from gisapp.layers.layer import Layer
from gisapp.layers.style import Fill, Style, class_style, shared_border


@dataclass(frozen=True, slots=True, eq=False)
class Classes:
    """The looks and names of a layer's classes, all others last; -1 in `numbers` is not drawn.

    `named` tells whether there is more than one to tell apart; `trouble` says why not, where the
    project asks for classes that cannot be used. `notes` tell of classes that are empty for a rule
    that cannot be told.
    """

    styles: tuple[Style, ...]
    labels: tuple[str, ...]
    numbers: NDArray[np.int16]
    named: bool = True
    trouble: str = ""
    notes: tuple[str, ...] = ()


def classes_of(layer: Layer) -> Classes:
    """The classes of a layer whose features the audience may see; one for all without any."""
    style, symbology = layer.style, layer.style.symbology
    plain = replace(style, symbology=None)
    same = np.zeros(len(layer), dtype=np.int16)
    if symbology is None or not symbology.classes:
        return Classes((plain,), (layer.kind.label,), same, named=False)
    try:
        numbers = class_numbers(layer, symbology)
    except DataError as error:
        return Classes((plain,), (layer.kind.label,), same, named=False, trouble=error.message)
    styles = (*(class_style(plain, one) for one in symbology.classes), plain)
    # In a file no confidential service is told of, whoever it is for.
    known = open_rows(layer, Audience.PUBLIC, exported=True)
    told = told_limits(layer, symbology, known)
    labels = (*(label for label, _ in legend_labels(told)), symbology.others)
    return Classes(styles, labels, numbers, notes=unclear_classes(layer, symbology, numbers))


def drawn_rows(classes: Classes, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Those of the rows that are drawn."""
    kept: NDArray[np.int64] = rows[classes.numbers[rows] >= 0]
    return kept


def legend_of(classes: Classes, rows: NDArray[np.int64], symbol: str) -> list[Json]:
    """A line for each class that one of these rows is in, with how many are."""
    if not classes.named:
        return [_entry(classes.styles[0], classes.labels[0], "", symbol)]
    counts = np.bincount(classes.numbers[rows], minlength=len(classes.styles)).tolist()
    return [
        _entry(style, label, f"{count:,}", symbol)
        for style, label, count in zip(classes.styles, classes.labels, counts, strict=True)
        if count
    ]


def _entry(style: Style, label: str, count: str, symbol: str) -> Json:
    if symbol == "area":
        return area_swatch(style, label, count)
    return {
        "symbol": symbol,
        "color": style.color,
        "style": css_style(style),
        "size": px(style.size),
        "label": label,
        "count": count,
    }


def area_styles(classes: Classes) -> list[Json]:
    """The looks of areas: where they are filled by class, borders are none's.

    Of two neighbours of different classes neither could claim the edge they share.
    """
    own = classes.styles[-1]
    filled = own.fill is not Fill.NONE and own.fill_opacity > 0
    edge: Mapping[str, object] = {}
    if filled and classes.named:
        border = css_style(shared_border(own))
        edge = {key: border[key] for key in ("color", "weight", "dashArray")}
    return [{**css_style(style), **edge} for style in classes.styles]


def px(points: float) -> float:
    """Points of 1/72 inch as pixels of a page, of which 96 make an inch."""
    return round(points * 96 / 72, 2)


def limits(style: Style) -> Json:
    """What holds for the whole group: at which scales it is drawn, and how it meets others."""
    return {
        "nearest": style.nearest,
        "farthest": style.farthest,
        "blend": style.blend.value,
    }
