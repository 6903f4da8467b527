"""A table of plain texts."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from gisapp.ui.widgets.text_table import TextTable


def test_it_shows_its_rows_and_says_whole_what_it_cuts(
    qtbot: QtBot, qtmodeltester: ModelTester
) -> None:
    table = TextTable("Zones", ("Zone", "Valid"))
    qtbot.addWidget(table)
    table.show_rows([("Harbour <b>Street</b>", "from 2025-01-01"), ("Northside", "")])
    model = table.model()
    qtmodeltester.check(model)
    assert [model.headerData(n, Qt.Orientation.Horizontal) for n in (0, 1)] == ["Zone", "Valid"]
    assert model.index(0, 0).data() == "Harbour <b>Street</b>"
    tip = model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "<b>" not in tip and "Harbour" in tip, "a name is text, never a page"
    table.selectRow(1)
    table.show_rows([("Only", "one")])
    assert table.rows == [("Only", "one")]
    assert not table.selectionModel().hasSelection()
