"""The list of zones in the overview follows the project, and only what differs is made anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QIcon
from pytestqt.qtbot import QtBot

from gisapp.layers import edits
from gisapp.layers.style import Style
from gisapp.layers.zone_look import zone_look, zone_looks
from gisapp.ui.main_window import MainWindow
from gisapp.ui.styles.swatch import swatch
from gisapp.ui.zones import zone_list
from tests.ui import made


def listed(window: MainWindow) -> list[tuple[str, str]]:
    model = window.inspector.overview.zones.model()
    rows = [model.index(number, 0) for number in range(model.rowCount())]
    return [(row.data(), row.data(Qt.ItemDataRole.ToolTipRole)) for row in rows]


@pytest.mark.parametrize("at", [None, time(12), time(22)])
def test_zones_look_the_same_together_as_one_by_one(at: time | None) -> None:
    project, day = made.project(), date(2025, 6, 6)
    assert zone_looks(project, day, at) == {
        key: zone_look(project, zone, day, at) for key, zone in project.zones.items()
    }


def test_the_list_follows_names_days_and_zones(window: MainWindow) -> None:
    session = window.session
    key = next(iter(session.project.zones))
    session.perform(edits.rename_zone(key, "Quay"))
    assert listed(window)[0][0] == "Quay"
    assert "In force" in listed(window)[0][1]
    session.set_look(day=date(2030, 1, 1))
    assert "In force" not in listed(window)[0][1]
    session.perform(edits.remove_zones((key,)))
    assert len(listed(window)) == 3
    window.commands.undo()
    assert listed(window)[0][0] == "Quay"


def test_a_new_name_draws_no_picture_of_other_zones(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[Style] = []

    def count(style: Style, symbol: str) -> QIcon:
        drawn.append(style)
        return swatch(style, symbol)

    monkeypatch.setattr(zone_list, "swatch", count)
    window.inspector.grab()
    key = next(iter(window.session.project.zones))
    window.session.perform(edits.rename_zone(key, "Quay"))
    window.inspector.grab()
    assert not drawn


class Noted(zone_list.ZoneModel):
    """Notes what rows are read."""

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        self.read.add(index.row())
        return super().data(index, role)

    read: set[int]


def test_of_thousands_of_zones_only_those_in_sight_are_read(qtbot: QtBot) -> None:
    rows = zone_list.ZoneList("Zones")
    qtbot.addWidget(rows)
    rows.resize(200, 150)
    rows.zones = Noted(parent=rows)
    rows.zones.read = set()
    rows.setModel(rows.zones)
    style = Style()
    rows.show_zones([zone_list.ZoneRow(str(n), f"Zone {n}", "Draft", style) for n in range(5000)])
    rows.show()
    rows.grab()
    assert len(rows.zones.read) < 100
    assert rows.count() == 5000


def test_a_list_of_zones_stays_where_it_was_and_says_which_one_is_chosen(qtbot: QtBot) -> None:
    rows = zone_list.ZoneList("Zones")
    qtbot.addWidget(rows)
    style = Style()
    some = [zone_list.ZoneRow(str(n), f"Zone {n}", "Draft", style) for n in range(300)]
    rows.resize(200, 150)
    rows.show_zones(some)
    rows.show()
    rows.setCurrentIndex(rows.model().index(200, 0))
    at = rows.verticalScrollBar().value()
    rows.show_zones([*some[:200], replace(some[200], name="Quay"), *some[201:]])
    assert rows.currentIndex().data() == "Quay"
    assert rows.verticalScrollBar().value() == at
    with qtbot.waitSignal(rows.zone_activated) as chosen:
        qtbot.keyClick(rows, Qt.Key.Key_Return)
    assert chosen.args == ["200"]
