"""The list of zones in the overview follows the project, and only what differs is made anew."""

from __future__ import annotations

from datetime import date, time

import pytest
from PySide6.QtGui import QIcon

from gisapp.layers import edits
from gisapp.layers.style import Style
from gisapp.layers.zone_look import zone_look, zone_looks
from gisapp.ui import overview_page
from gisapp.ui.main_window import MainWindow
from gisapp.ui.swatch import swatch
from tests.ui import made


def listed(window: MainWindow) -> list[tuple[str, str]]:
    rows = window.inspector.overview.zones
    items = [rows.item(number) for number in range(rows.count())]
    return [(item.text(), item.toolTip()) for item in items]


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

    monkeypatch.setattr(overview_page, "swatch", count)
    agreements = len(window.session.project.agreements)
    key = next(iter(window.session.project.zones))
    window.session.perform(edits.rename_zone(key, "Quay"))
    assert len(drawn) == agreements + 1
    drawn.clear()
    window.session.set_look(day=date(2025, 6, 5))
    assert len(drawn) == agreements
