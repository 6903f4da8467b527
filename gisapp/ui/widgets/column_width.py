"""Columns as wide as their first cells need.

To ask the view would have Qt measure every row in every role: a second of the window for ten
thousand rows.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QTableView

#: What the style leaves free at both sides of a cell together, and beside the name of a column.
_CELL, _HEAD = 24, 16
#: Between two columns, and the narrowest of them.
_BETWEEN, _LEAST = 8, 72
#: So many of the texts of a column are measured.
_MEASURED = 8


def fit_column(
    view: QTableView, column: int, texts: Iterable[str], *, most: int, picture: int = 0
) -> None:
    """Give a column room for its name and these texts, `most` pixels at most.

    `picture` is what a sign before the texts takes.
    """
    header, metrics = view.horizontalHeader(), view.fontMetrics()
    # Of texts the longest are the widest, but for a few pixels.
    longest = sorted(set(texts), key=len)[-_MEASURED:]
    cells = max((metrics.horizontalAdvance(text) for text in longest), default=0) + _CELL + picture
    wanted = max(cells, header.sectionSizeHint(column) + _HEAD)
    header.resizeSection(column, min(max(wanted + _BETWEEN, _LEAST), most))
