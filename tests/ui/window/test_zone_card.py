"""The card that asks about a zone being drawn, with the keyboard and beside the drawing."""

from __future__ import annotations

from datetime import date, time

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gisapp.layers.vocabulary import Basis
from gisapp.ui.forms import choose
from gisapp.ui.main_window import MainWindow
from gisapp.ui.session import Selection
from tests.ui.window.test_window import spoken

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def draw(window: MainWindow, left: int) -> QRect:
    """Draw an outline whose left side is at this pixel; gives back where it lies."""
    box = QRect(left, 60, 100, 120)
    corners = (box.topLeft(), box.topRight(), box.bottomRight(), box.bottomLeft())
    window.use_tool("zones.draw")
    for corner in corners:
        QTest.mouseClick(window.canvas, LEFT, NONE, corner)
    QTest.mouseDClick(window.canvas, LEFT, NONE, corners[-1])
    return box


def test_a_letter_finds_an_agreement_and_starts_no_tool(window: MainWindow, qtbot: QtBot) -> None:
    draw(window, 100)
    card = window.card
    window.activateWindow()
    card.agreement_box.setFocus()
    qtbot.waitUntil(card.agreement_box.hasFocus)
    title = card.agreement_box.itemText(1)
    QTest.keyClicks(card.agreement_box, title[:3])
    assert card.agreement_box.currentText() == title
    QTest.keyClicks(card.agreement_box, "dim")
    assert window.canvas.tool is window.tools["zones.draw"]
    assert card.isVisible()


@pytest.mark.parametrize("basis", [Basis.FOOTPRINT, Basis.PARCEL, Basis.JURISDICTION])
def test_an_outline_is_drawn_as_what_it_stands_for(window: MainWindow, basis: Basis) -> None:
    before = set(window.session.project.zones)
    draw(window, 100)
    card = window.card
    assert card.what_box.currentData() == Basis.POLYGON.value
    assert choose(card.what_box, basis.value)
    QTest.keyClick(card.name_edit, Qt.Key.Key_Return)
    (added,) = set(window.session.project.zones) - before
    assert window.session.project.zones[added].basis is basis
    buffer = window.actions_set.qt["zones.buffer"]
    assert buffer.isEnabled() is (basis is not Basis.FOOTPRINT), "a footprint is never buffered"
    draw(window, 400)
    assert card.what_box.currentData() == Basis.POLYGON.value, "each is asked about anew"


def test_only_an_outline_is_asked_what_it_stands_for(window: MainWindow) -> None:
    window.use_tool("zones.circle")
    QTest.mouseClick(window.canvas, LEFT, NONE, QPoint(300, 200))
    assert window.card.isVisible() and not window.card.what_box.isVisible()


@pytest.mark.parametrize("left", [40, 300, 600])
def test_the_card_does_not_cover_what_is_drawn(window: MainWindow, left: int) -> None:
    box = draw(window, left)
    assert window.card.isVisible()
    assert window.canvas.rect().contains(window.card.geometry())
    assert not window.card.geometry().intersects(box)


def test_the_card_stays_inside_a_narrow_map(window: MainWindow) -> None:
    draw(window, 200)
    window.resize(900, 700)
    QTest.mouseMove(window.canvas, QPoint(5, 5))
    assert window.card.geometry().right() < window.canvas.width()


def test_the_inspector_says_that_a_zone_does_not_hold_at_the_hour(window: MainWindow) -> None:
    session = window.session
    key = next(key for key, zone in session.project.zones.items() if zone.agreement_id)
    session.set_look(day=date(2025, 6, 6))  # a Friday; the agreement holds from 20:00 to 04:00
    session.select(Selection((key,)))
    assert "In force" in spoken(window)
    assert "but not at" not in spoken(window)
    session.set_look(time=time(12))
    assert "In force, but not at 12:00" in spoken(window)
    session.set_look(time=time(22))
    assert "but not at" not in spoken(window)
