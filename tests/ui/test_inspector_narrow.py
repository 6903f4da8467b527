"""What the inspector says is read whole in a narrow window, however long its words."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from gisapp.ui.inspector.parts import Page

#: What is left for a page in a window of 1280 pixels, beside the bar that scrolls.
NARROW = 227


@pytest.mark.parametrize(
    "value",
    [
        "overdose_police_calls_heroin_2015-2018.csv",
        "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=9;COUNT=400",
        "a" * 80,
        "https://example.org/data/overdose?since=2015&until=2018",
    ],
)
def test_a_long_word_makes_no_page_wider_than_the_panel(qtbot: QtBot, value: str) -> None:
    page = Page()
    qtbot.addWidget(page)
    page.facts([("Files", value), ("Time zone", "America/New_York")])
    page.end()
    assert page.minimumSizeHint().width() <= NARROW
