"""The time line of an agreement or zone: by mouse and keys to a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from gisapp.layers import agreement_edits, edits
from gisapp.layers.agreement import Standing, Status
from gisapp.layers.project import Project
from gisapp.ui.agreements.versions_strip import (
    VersionsStrip,
    agreement_history,
    days_in_words,
    reach,
    span_in_words,
    version_on,
)
from tests.ui.full_agreement import full

DAY = date(2025, 6, 4)


def two_versions() -> Project:
    """In force through 2025, then a second version that is suspended in June 2026."""
    first = full()
    project = Project(agreements={first.id: first})
    second = replace(
        first, version=2, effective=date(2026, 1, 1), expires=None, status=Status.AGREED, history=()
    )
    project = edits.record_agreement(second).apply(project)
    on, who = date(2026, 6, 1), "Chief of police"
    return agreement_edits.set_status(first.id, Status.SUSPENDED, on, who).apply(project)


@pytest.fixture
def strip(qtbot):
    project = two_versions()
    (agreement,) = project.agreements.values()
    widget = VersionsStrip(agreement_history(project, agreement), DAY, "the agreement")
    qtbot.addWidget(widget)
    widget.resize(600, 64)
    widget.show()
    return widget


def at(strip: VersionsStrip, day: date) -> QPoint:
    return QPoint(round(strip.x_of(day)), strip.height() // 2)


def test_every_version_and_standing_is_on_it(strip):
    found = [(span.version.version, span.standing) for span in strip.spans]
    assert found == [
        (1, Standing.DRAFT),
        (1, Standing.AGREED),
        (1, Standing.IN_FORCE),
        (2, Standing.IN_FORCE),
        (2, Standing.SUSPENDED),
    ]
    assert span_in_words(strip.spans[2]) == "1 January 2025 to 31 December 2025: in force"
    assert span_in_words(strip.spans[4]) == "From 1 June 2026: suspended (version 2)"
    assert days_in_words(strip.spans[0]).startswith("To 9 December 2024")


def test_a_click_chooses_its_day(strip, qtbot):
    wanted = date(2026, 3, 1)
    with qtbot.waitSignal(strip.day_chosen) as told:
        QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=at(strip, wanted))
    assert abs((told.args[0] - wanted).days) <= 3
    assert "in force" in strip.accessibleDescription()


def test_a_drag_goes_along_and_ends_where_it_is_let_go(strip, qtbot):
    days = []
    strip.day_chosen.connect(days.append)
    QTest.mousePress(strip, Qt.MouseButton.LeftButton, pos=at(strip, DAY))
    assert strip.dragging
    QTest.mouseMove(strip, at(strip, date(2025, 9, 1)))
    QTest.mouseMove(strip, at(strip, date(2026, 2, 1)))
    qtbot.waitUntil(lambda: bool(days))
    with qtbot.waitSignal(strip.released):
        QTest.mouseRelease(strip, Qt.MouseButton.LeftButton, pos=at(strip, date(2026, 2, 1)))
    assert not strip.dragging
    assert abs((days[-1] - date(2026, 2, 1)).days) <= 3


def test_keys_go_by_days_and_from_change_to_change(strip):
    days = []
    strip.day_chosen.connect(days.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
        QTest.keyClick(strip, key)
    assert days == [DAY + timedelta(days=1), DAY, date(2026, 1, 1), date(2025, 1, 1)]


def test_the_version_that_speaks_is_that_of_the_day(strip):
    project = two_versions()
    (agreement,) = project.agreements.values()
    assert version_on(project, agreement, DAY).version == 1
    assert version_on(project, agreement, date(2026, 3, 1)).version == 2


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 3000), st.dates(date(1, 1, 1), date(9999, 12, 31)))
def test_a_pixel_has_a_day_and_its_day_that_pixel(x, day):
    spans = agreement_history(two_versions(), full())
    first, last = reach(spans, day)
    assert date.min <= first <= day <= last <= date.max


def test_a_day_and_its_place_are_one(strip):
    day = strip.first
    step = (strip.last - strip.first) / 40
    while day <= strip.last:
        pixel = strip.x_of(day)
        assert abs((strip.day_at(pixel) - day).days) <= 1
        day += step
    assert strip.day_at(-50) == strip.first
    assert strip.day_at(5000) == strip.last
