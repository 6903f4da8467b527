"""Rows of a layer for a page: which are on it, where they lie, and what is told of each."""

from __future__ import annotations

from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from gisapp.io.html.question import Question, in_words
from gisapp.layers.event_cells import places
from gisapp.layers.layer import FIELDS, TIME_FIELDS, Layer


def lon_lat(layer: Layer) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    at = places(layer.geometry)
    return at.lon, at.lat


def visible_rows(question: Question, layer: Layer) -> NDArray[np.int64]:
    """Rows that pass the filter, in view or not: a reader may move the map."""
    mask = question.rows.get(layer.id)
    return np.arange(len(layer)) if mask is None else np.flatnonzero(mask)


def fields_of(layer: Layer, row: int) -> list[tuple[str, str]]:
    """The fields of this kind that have a value, as label and text; no other column."""
    pairs = []
    for known in FIELDS[layer.kind]:
        column = layer.column(known.name)
        value = None if column is None else column[row].as_py()
        if value is not None and str(value).strip():
            moment = known.name in TIME_FIELDS and isinstance(value, datetime)
            pairs.append((known.label, in_words(value) if moment else str(value)))
    return pairs
