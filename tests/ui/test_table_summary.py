"""What a column holds, summed up for the rows that are listed."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication

from gisapp.ui.table.panel import TablePanel
from gisapp.ui.table.summary import summary


def test_numbers_are_counted_and_their_mean_taken():
    column = pa.chunked_array([[1.0, None], [float("nan"), 4.0]])
    lines = dict(summary("x", column, range(4)).lines)
    assert lines == {"Rows": "4", "Empty": "2", "Lowest": "1", "Highest": "4", "Mean": "2.5"}
    some = dict(summary("x", column, np.array([3, 1], dtype=np.int32)).lines)
    assert (some["Rows"], some["Lowest"]) == ("2", "4")
    assert dict(summary("x", column.slice(1, 1), range(1)).lines) == {"Rows": "1", "Empty": "1"}


def test_texts_say_what_comes_most_and_times_their_ends_and_zone():
    texts = pa.chunked_array([["b", "a", "b", None]])
    assert summary("x", texts, range(4)).lines[2:] == (("Different", "2"), ("b", "2"), ("a", "1"))
    zoned = pa.timestamp("us", "Europe/London")
    times = pa.chunked_array([pa.array([1_751_328_000_000_000, None], zoned)])
    assert ("Earliest", "2025-07-01 01:00 (Europe/London)") in summary("x", times, range(2)).lines


@pytest.mark.qt_log_ignore(r"raise\(\)", "grabbing the keyboard")
def test_a_right_click_on_a_column_sums_it_up(session, qtbot, idle):
    panel = TablePanel(session)
    qtbot.addWidget(panel)
    panel.resize(900, 300)
    panel.show()
    idle(session)
    header = panel.view.horizontalHeader()
    doses = panel.model.table.column_names.index("doses")
    at = QPoint(header.sectionViewportPosition(doses) + 5, 5)
    reason = QContextMenuEvent.Reason.Mouse
    viewport = header.viewport()
    event = QContextMenuEvent(reason, at, viewport.mapToGlobal(at), Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(viewport, event)
    qtbot.waitUntil(lambda: panel.summary is not None)
    assert panel.summary.found.column == "doses"
    assert ("Rows", "600") in panel.summary.found.lines
    panel.summary.close()


def test_nobody_adds_up_postal_codes():
    column = pa.chunked_array([pa.array([99212, 99301, 99212])])
    assert summary("zip", column, range(3)).lines == (
        ("Rows", "3"),
        ("Empty", "0"),
        ("Different", "2"),
        ("99212", "2"),
        ("99301", "1"),
    )


def test_no_filter_makes_years_of_what_is_counted():
    visits = pa.chunked_array([pa.array([10, 50, 1950, 2000, 2050, 9000])])
    for rows in (range(6), np.array([2, 3, 4], dtype=np.int32), np.array([4], dtype=np.int32)):
        assert [what for what, _ in summary("visits", visits, rows).lines][2:] == [
            "Lowest",
            "Highest",
            "Mean",
        ]
