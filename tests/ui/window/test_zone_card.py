"""The card that asks about a zone being drawn, with the keyboard and beside the drawing."""

from __future__ import annotations

from datetime import UTC, date, time, timedelta

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gisapp.layers.vocabulary import Basis, Visibility
from gisapp.ui.main_window import MainWindow
from gisapp.ui.session import Selection
from gisapp.ui.widgets.forms import choose
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


def test_a_circle_is_told_in_blocks_whose_length_is_kept_with_the_basis(window: MainWindow) -> None:
    before = set(window.session.project.zones)
    window.use_tool("zones.circle")
    QTest.mouseClick(window.canvas, LEFT, NONE, QPoint(300, 200))
    card = window.card
    QTest.keyClicks(card.radius_edit, "2 blocks")
    assert card.reach.block_row.field.isVisible() and not card.add_button.isEnabled()
    assert "how long a block is" in card.add_button.toolTip()
    QTest.keyClicks(card.reach.block, "264ft")
    QTest.keyClicks(card.basis_edit, "agreed on 6 March")
    assert not card.add_button.isEnabled(), "somebody must say how long a block is"
    QTest.keyClicks(card.reach.block_basis, "measured on Vine Street")
    QTest.keyClick(card.basis_edit, Qt.Key.Key_Return)
    (added,) = set(window.session.project.zones) - before
    zone = window.session.project.zones[added]
    assert zone.radius_text == "2 blocks" and zone.radius_m == pytest.approx(2 * 264 * 0.3048)
    assert zone.basis_text == (
        "agreed on 6 March; a block taken as 264ft (80.5 m): measured on Vine Street"
    )


def test_the_rows_of_blocks_are_there_for_blocks_only(window: MainWindow) -> None:
    window.use_tool("zones.circle")
    QTest.mouseClick(window.canvas, LEFT, NONE, QPoint(300, 200))
    card = window.card
    assert not card.reach.block_row.field.isVisible()
    QTest.keyClicks(card.radius_edit, "200m")
    assert not card.reach.block_row.field.isVisible()
    assert window.canvas.rect().contains(card.geometry())


def test_a_scene_is_drawn_with_its_radius_start_and_length(window: MainWindow) -> None:
    before = set(window.session.project.zones)
    QTest.keyClick(window.canvas, Qt.Key.Key_E)
    assert window.canvas.tool is window.tools["zones.scene"]
    QTest.mouseClick(window.canvas, LEFT, NONE, QPoint(300, 200))
    card = window.card
    assert card.reach.start_row.field.isVisible() and not card.what_box.isVisible()
    QTest.keyClicks(card.radius_edit, "50m")
    QTest.keyClicks(card.basis_edit, "section 4")
    assert card.add_button.toolTip().startswith("Say when the scene begins.")
    QTest.keyClicks(card.reach.start.day.edit, "2025-03-29")
    QTest.keyClicks(card.reach.start.clock, "22:00")
    QTest.keyClicks(card.reach.lasting, "soon")
    assert "not a span of time" in card.reach.lasting_row.error
    card.reach.lasting.selectAll()
    QTest.keyClicks(card.reach.lasting, "6 h")
    assert window.canvas.rect().contains(card.geometry())
    QTest.keyClick(card.reach.lasting, Qt.Key.Key_Return)
    (added,) = set(window.session.project.zones) - before
    zone = window.session.project.zones[added]
    assert zone.basis is Basis.EVENT_SCENE and zone.visibility is Visibility.POLICE_ONLY
    assert zone.starts_at is not None and zone.ends_at is not None
    assert (zone.starts_at.hour, zone.radius_text) == (22, "50m")
    gone = zone.ends_at.astimezone(UTC) - zone.starts_at.astimezone(UTC)
    assert gone == timedelta(hours=6), "six hours pass, whatever the clocks are put to that night"
    window.commands.undo()
    assert set(window.session.project.zones) == before
    assert not card.isVisible()


def test_escape_leaves_nothing_of_a_scene(window: MainWindow) -> None:
    window.use_tool("zones.scene")
    QTest.mouseClick(window.canvas, LEFT, NONE, QPoint(300, 200))
    QTest.keyClicks(window.card.radius_edit, "50m")
    QTest.keyClick(window.card.radius_edit, Qt.Key.Key_Escape)
    assert not window.card.isVisible()
    QTest.mouseClick(window.canvas, LEFT, NONE, QPoint(320, 220))
    assert window.card.radius_edit.text() == ""


def test_the_card_is_no_taller_than_what_it_asks(window: MainWindow) -> None:
    draw(window, 100)
    assert window.card.height() == window.card.sizeHint().height() < 360
