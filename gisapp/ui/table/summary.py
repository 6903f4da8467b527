"""What is in a column: how many cells, how many empty, from where to where, and what comes most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from gisapp.layers.identifiers import names_things
from gisapp.progress import Progress
from gisapp.ui.table.conditions import ColumnType, column_type
from gisapp.ui.table.filter_pickers import Picker
from gisapp.ui.table.filter_values import values_of
from gisapp.ui.table.model import cell_text
from gisapp.ui.table.order import Rows
from gisapp.ui.widgets.forms import say

#: So many of the most frequent values are named.
_TOP = 5


@dataclass(frozen=True, slots=True)
class Summary:
    """Lines of (what, how much) about the cells of a column."""

    column: str
    lines: tuple[tuple[str, str], ...]


def summary(
    name: str, column: pa.ChunkedArray, rows: Rows, progress: Progress | None = None
) -> Summary:
    """Sum up the cells of the rows that are shown, in the order of the table or any other.

    Whether numbers are names is asked of all of them: no filter makes years of what is counted.
    """
    progress = progress or Progress()
    progress.report(None, f"Summing up {name}")
    # Nobody adds up postal codes, but wants to know which is the commonest.
    naming = names_things(pa.table({name: column}), name)
    if not isinstance(rows, range):
        column = column.take(pa.array(rows))
    kind = column_type(column.type)
    floats = pa.types.is_floating(column.type)
    empty = int(np.count_nonzero(pc.is_null(column, nan_is_null=floats).to_numpy()))
    lines = [("Rows", f"{len(column):,}"), ("Empty", f"{empty:,}")]
    progress.check()
    if kind in (ColumnType.NUMBER, ColumnType.TIME) and not naming:
        lines += _ends(column, kind)
    progress.check()
    if naming or kind in (ColumnType.TEXT, ColumnType.FLAG):
        lines += _most_frequent(column, progress)
    return Summary(name, tuple(lines))


def _ends(column: pa.ChunkedArray, kind: ColumnType) -> list[tuple[str, str]]:
    if pa.types.is_floating(column.type):
        column = column.filter(pc.is_finite(column))
    ends = pc.min_max(column).as_py()
    if ends["min"] is None:
        return []
    zone = getattr(column.type, "tz", None)
    where = ZoneInfo(zone) if zone else None

    def said(value: Any) -> str:
        return cell_text(value, kind, where)

    if kind is ColumnType.TIME:
        zoned = f" ({zone})" if zone else ""
        return [("Earliest", said(ends["min"]) + zoned), ("Latest", said(ends["max"]) + zoned)]
    mean = float(pc.mean(column).as_py())
    return [
        ("Lowest", said(ends["min"])),
        ("Highest", said(ends["max"])),
        ("Mean", cell_text(mean, kind)),
    ]


def _most_frequent(column: pa.ChunkedArray, progress: Progress) -> list[tuple[str, str]]:
    values = values_of(column, progress)
    top = zip(values.texts[:_TOP], values.counts[:_TOP], strict=True)
    lines = [("Different", f"{len(values.texts):,}")]
    return lines + [(text or "(empty text)", f"{count:,}") for text, count in top]


class SummaryView(Picker):
    """A small window with the summary, closed by Escape or a click elsewhere."""

    def __init__(self, found: Summary, parent: QWidget) -> None:
        super().__init__(parent)
        self.found = found
        self.setAccessibleName(f"Summary of {found.column}")
        self.setAccessibleDescription("; ".join(f"{what} {much}" for what, much in found.lines))
        title = say(found.column)
        title.setWordWrap(False)
        self.column.addWidget(title)
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        for line, (what, much) in enumerate(found.lines):
            for place, text in enumerate((_short(what), much)):
                label = say(text, "hint")
                label.setWordWrap(False)
                label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                side = Qt.AlignmentFlag.AlignRight if place else Qt.AlignmentFlag.AlignLeft
                grid.addWidget(label, line, place, side)
        self.column.addLayout(grid)

    def open_at(self, place: QPoint) -> None:
        """Open with the upper left corner at a place of the screen, moved in if need be."""
        self.adjustSize()
        screen = self.screen().availableGeometry()
        x = max(min(place.x(), screen.right() - self.width()), screen.left())
        y = max(min(place.y(), screen.bottom() - self.height()), screen.top())
        self.move(x, y)
        self.show()


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
