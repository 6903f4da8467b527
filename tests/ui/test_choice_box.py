"""A list of choices shows with dots what it has no room for."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gisapp.ui.widgets import choice_box
from gisapp.ui.widgets.forms import combo


def test_a_long_choice_is_cut_with_dots_and_said_as_a_whole(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []

    class ToolTip:
        """Offscreen no tip can be raised."""

        @staticmethod
        def showText(place: object, text: str, of: object) -> None:
            said.append(text)

    monkeypatch.setattr(choice_box, "QToolTip", ToolTip)
    box = combo([("Met stop and search, 2018", 1), ("Met", 2)], "Layer")
    qtbot.addWidget(box)
    box.resize(120, 30)
    box.show()
    assert box.shown_text.startswith("Met st") and box.shown_text.endswith("…")
    centre = box.rect().center()
    help_event = QHelpEvent(QHelpEvent.Type.ToolTip, centre, box.mapToGlobal(centre))
    QApplication.sendEvent(box, help_event)
    assert said == ["Met stop and search, 2018"]
    box.resize(400, 30)
    assert box.shown_text == "Met stop and search, 2018"
    box.resize(120, 30)
    box.setCurrentIndex(1)
    assert box.shown_text == "Met"
    QApplication.sendEvent(box, help_event)
    assert len(said) == 1, "what is seen needs no tip"
