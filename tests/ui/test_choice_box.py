"""A list of choices shows with dots what it has no room for."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from gisapp.ui.imports.crs_field import CrsField
from gisapp.ui.widgets.choice_box import ChoiceBox
from gisapp.ui.widgets.fields import TimezoneField, WheelGuard
from gisapp.ui.widgets.forms import combo


@pytest.fixture
def box(qtbot: QtBot) -> ChoiceBox:
    made = combo([("Met stop and search, 2018", 1), ("Met", 2)], "Layer")
    qtbot.addWidget(made)
    made.resize(120, 30)
    made.show()
    made.activateWindow()
    made.grab()
    return made


def test_a_long_choice_is_cut_with_dots_and_said_as_a_whole(box: ChoiceBox) -> None:
    assert box.shown_text.startswith("Met st") and box.shown_text.endswith("…")
    assert "Met stop and search, 2018" in box.toolTip()
    box.resize(400, 30)
    box.grab()
    assert box.shown_text == "Met stop and search, 2018"
    assert box.toolTip() == "", "what is seen needs no tip"
    box.resize(120, 30)
    box.setCurrentIndex(1)
    box.grab()
    assert box.shown_text == "Met" and box.toolTip() == ""


def test_a_tip_that_was_given_stays(box: ChoiceBox) -> None:
    box.setToolTip("Which stops are counted")
    for width in (400, 120):
        box.resize(width, 30)
        box.grab()
        assert box.toolTip() == "Which stops are counted"


def test_a_tip_that_was_taken_back_leaves_room_for_its_own(box: ChoiceBox) -> None:
    box.setToolTip("Which stops are counted")
    box.grab()
    box.setToolTip("")
    box.grab()
    assert "Met stop and search, 2018" in box.toolTip()


def turn_wheel(box: QComboBox) -> bool:
    """Whether the box took it."""
    none = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    at, down = QPointF(box.rect().center()), QPoint(0, -120)
    phase = Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(at, box.mapToGlobal(at), QPoint(), down, *none, phase, False)
    event.ignore()
    QApplication.sendEvent(box, event)
    return event.isAccepted()


def test_the_wheel_changes_it_in_a_form_only_while_it_has_the_focus(
    box: ChoiceBox, qtbot: QtBot
) -> None:
    assert turn_wheel(box) and box.currentIndex() == 1
    box.setCurrentIndex(0)
    WheelGuard.protect(box)
    box.clearFocus()
    assert not turn_wheel(box) and box.currentIndex() == 0, "it is left to what scrolls the form"
    box.setFocus()
    qtbot.waitUntil(box.hasFocus)
    assert turn_wheel(box) and box.currentIndex() == 1


@pytest.mark.parametrize("kind", [TimezoneField, CrsField])
def test_a_field_that_is_typed_in_leaves_the_wheel_to_the_form_as_well(
    kind: type[TimezoneField | CrsField], qtbot: QtBot
) -> None:
    field = kind()
    qtbot.addWidget(field)
    field.show()
    qtbot.waitExposed(field)
    field.addItems(["Europe/London", "Europe/Paris"])
    field.setCurrentIndex(0)
    field.clearFocus()
    assert not turn_wheel(field) and field.currentIndex() == 0
    field.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    assert turn_wheel(field) and field.currentIndex() == 1
