"""The classes of a layer as a list: seen or not, how they look, what they hold, how many rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem

from gisapp.analysis.classes.making import range_labels
from gisapp.layers.style import Style
from gisapp.layers.symbology import Category, Range, SymbolClass, Symbology, Test
from gisapp.render.class_styles import class_styles
from gisapp.ui import theme
from gisapp.ui.styles.swatch import swatch
from gisapp.ui.widgets.forms import list_table
from gisapp.ui.widgets.plain import tip

_COLUMNS = ("Name", "Holds", "Rows")
#: More than these hold nothing but the error of the machine.
_MOST_DIGITS = 15


def test_words(test: Test, label: str = "") -> str:
    """What a class holds, in a few words."""
    if isinstance(test, Category):
        return test.value or "(empty)"
    if isinstance(test, Range):
        return _limits(test, label)
    return test.where


def _limits(test: Range, label: str) -> str:
    """Both limits, grouped as in a label that says them: years are not.

    In six digits, or as many as leave no zero for what is whole, and tell a thousandth of the
    class.
    """
    limits = (test.low, test.high)
    largest = max(abs(limit) for limit in limits)
    plain = label in range_labels(test) and "," not in label and largest >= 1000
    least = max(6, min(len(f"{largest:.0f}"), _MOST_DIGITS))
    digits = next(
        (n for n in range(least, _MOST_DIGITS) if _tells(limits, n)),
        _MOST_DIGITS,
    )
    low, high = (f"{limit:{'' if plain else ','}.{digits}g}" for limit in limits)
    return f"{low} – {high}".replace("-", "\N{MINUS SIGN}")


def _tells(limits: tuple[float, float], digits: int) -> bool:
    slack = (limits[1] - limits[0]) / 1000
    return all(abs(float(f"{limit:.{digits}g}") - limit) <= slack for limit in limits)


def class_table() -> QTableWidget:
    """An empty list of classes."""
    table = list_table("Classes", _COLUMNS)
    table.setMinimumHeight(120)
    head = table.horizontalHeader()
    head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    head.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
    head.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
    return table


def fill_classes(
    table: QTableWidget,
    style: Style,
    symbology: Symbology,
    symbol: str,
    counts: Sequence[str],
) -> None:
    """Show the classes, each with its picture and its count as text; the chosen row stays."""
    row = table.currentRow()
    table.blockSignals(True)
    table.setRowCount(len(symbology.classes) + 1)
    looks = class_styles(replace(style, symbology=symbology), theme.current().dark)
    for number, one in enumerate(symbology.classes):
        _fill_row(table, number, one, looks[number], symbol, counts)
    others = SymbolClass(
        symbology.others or "All others", Category(""), visible=bool(symbology.others)
    )
    _fill_row(table, len(symbology.classes), others, style, symbol, counts, holds="all else")
    table.setCurrentCell(min(max(row, 0), len(symbology.classes)), 0)
    table.blockSignals(False)


def _fill_row(
    table: QTableWidget,
    row: int,
    one: SymbolClass,
    look: Style,
    symbol: str,
    counts: Sequence[str],
    holds: str = "",
) -> None:
    words = holds or test_words(one.test, one.label)
    name = QTableWidgetItem(swatch(look, symbol), one.label)
    name.setFlags(name.flags() | Qt.ItemFlag.ItemIsUserCheckable)
    name.setCheckState(Qt.CheckState.Checked if one.visible else Qt.CheckState.Unchecked)
    name.setToolTip(tip(f"{one.label}: {words}\nTick: drawn on the map"))
    test = QTableWidgetItem(words)
    test.setToolTip(tip(words))
    test.setForeground(QColor(theme.current().muted))
    count = QTableWidgetItem(counts[row] if row < len(counts) else "…")
    count.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    for column, item in enumerate((name, test, count)):
        table.setItem(row, column, item)
