"""The details of a zone: every field it has, a scene's span, what is wrong said beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gisapp.io.agreements import agreement_file
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import Basis, MeasuredFrom, Polarity, Visibility
from gisapp.layers.zone import Zone, circle_zone
from gisapp.ui.session import Session
from gisapp.ui.times.moment_field import MomentField
from gisapp.ui.widgets.forms import choose
from gisapp.ui.zones.details import DetailsSection, ZoneDetailsDialog
from tests.conftest import ROOT

CASES = sorted((ROOT / "sample_data" / "agreements").glob("*.json"))
SQUARE = shapely.box(8.50, 47.36, 8.51, 47.37)
ZURICH = ZoneInfo("Europe/Zurich")

#: What has its own place in the window: the outline and its measures come from drawing, the name
#: and the agreement stand in the inspector, terms in “Own terms…”.
ELSEWHERE = {"id", "name", "agreement_id", "terms", "shape", "centre"} | {
    "radius_m",
    "radius_text",
    "walk_minutes",
    "width_m",
}

Open = Callable[[Zone], ZoneDetailsDialog]


@pytest.fixture
def open_dialog(qtbot: QtBot, open_session: Callable[[Project], Session]) -> Open:
    def start(zone: Zone) -> ZoneDetailsDialog:
        session = open_session(Project(timezone="Europe/Zurich", zones={zone.id: zone}))
        dialog = ZoneDetailsDialog(session, zone.id)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return start


def kept(dialog: ZoneDetailsDialog) -> Zone:
    QTest.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    return dialog.session.project.zone(dialog.zone_id)


def test_every_field_of_a_zone_can_be_entered(qtbot: QtBot) -> None:
    """A field that is added to the record is missed here until the window asks for it."""
    section = DetailsSection()
    qtbot.addWidget(section)
    section.show_zone(Zone("Quay", SQUARE), "UTC")
    assert {one.name for one in fields(Zone)} - set(section.read()) == ELSEWHERE


def test_the_span_of_a_scene_is_entered_by_the_clock_on_the_spot(open_dialog: Open) -> None:
    dialog = open_dialog(Zone("Quay", SQUARE))
    choose(dialog.section.basis, Basis.EVENT_SCENE.value)
    assert "say when that was" in dialog.section.rows["starts_at"].error
    assert not dialog.save.isEnabled()
    QTest.keyClicks(dialog.section.starts.day.edit, "6 June 2025")
    assert "at what time" in dialog.section.rows["starts_at"].error
    QTest.keyClicks(dialog.section.starts.clock, "22:30")
    QTest.keyClicks(dialog.section.ends.day.edit, "2025-06-06")
    QTest.keyClicks(dialog.section.ends.clock, "20:00")
    assert dialog.section.rows["ends_at"].error == "The end must come after the start."
    dialog.section.ends.day.edit.setText("2025-06-07")
    assert dialog.section.starts.place.text() == "Time in Europe/Zurich"
    zone = kept(dialog)
    assert zone.basis is Basis.EVENT_SCENE
    assert zone.starts_at == datetime(2025, 6, 6, 22, 30, tzinfo=ZURICH)
    assert zone.ends_at == datetime(2025, 6, 7, 20, 0, tzinfo=ZURICH)


def test_an_hour_that_clocks_skip_is_no_start(qtbot: QtBot) -> None:
    field = MomentField("Starts")
    qtbot.addWidget(field)
    field.set_timezone("Europe/Zurich")
    field.day.edit.setText("2025-03-30")
    field.clock.setText("02:30")
    said = "There is no 02:30 on 2025-03-30 in Europe/Zurich, for clocks go forward."
    assert field.problem() == said and field.moment is None
    field.clock.setText("25:10")
    assert "not a time of day" in field.problem()
    field.day.edit.clear()
    assert field.problem() == "A time needs its day."


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.datetimes(datetime(1970, 1, 2), datetime(2090, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_moment_that_is_not_touched_keeps_its_seconds(qtbot: QtBot, at: datetime) -> None:
    section = DetailsSection()
    qtbot.addWidget(section)
    zone = Zone("Quay", SQUARE, starts_at=at)
    section.show_zone(zone, "Europe/Zurich")
    assert section.read()["starts_at"] is at
    assert section.unreadable() == {}


def test_what_a_radius_is_measured_from_can_be_said(open_dialog: Open) -> None:
    dialog = open_dialog(circle_zone("Quay", 8.5, 47.36, 100, "agreed"))
    row = dialog.section.rows["measured_from"]
    assert row.field.isVisible()
    offered = [dialog.section.measured_from.itemData(n) for n in range(3)]
    assert offered == [None, MeasuredFrom.POINT.value, MeasuredFrom.ENTRANCE.value]
    choose(dialog.section.measured_from, MeasuredFrom.ENTRANCE.value)
    assert kept(dialog).measured_from is MeasuredFrom.ENTRANCE


def test_a_zone_made_from_an_edge_is_not_made_from_a_point_by_saying_so(open_dialog: Open) -> None:
    zone = replace(
        circle_zone("Quay", 8.5, 47.36, 100, "agreed"), measured_from=MeasuredFrom.PARCEL_EDGE
    )
    box = open_dialog(zone).section.measured_from
    assert box.currentData() == MeasuredFrom.PARCEL_EDGE.value
    assert box.findData(MeasuredFrom.POINT.value) == -1


def test_streets_are_named_for_an_outline_that_stands_for_them(open_dialog: Open) -> None:
    dialog = open_dialog(Zone("Amager", SQUARE))
    assert not dialog.section.rows["streets"].field.isVisible()
    choose(dialog.section.basis, Basis.STREETS.value)
    QTest.keyClicks(dialog.section.rows["streets"].field, "Sundholmsvej")
    QTest.keyClick(dialog.section.rows["streets"].field, Qt.Key.Key_Return)
    QTest.keyClicks(dialog.section.rows["streets"].field, "Amager Fælledvej ")
    zone = kept(dialog)
    assert zone.basis is Basis.STREETS
    assert zone.streets == ("Sundholmsvej", "Amager Fælledvej")


def test_a_circle_stays_what_it_is_made_from(open_dialog: Open) -> None:
    dialog = open_dialog(circle_zone("Quay", 8.5, 47.36, 100, "agreed"))
    assert not dialog.section.basis.isEnabled()
    assert dialog.section.rows["starts_at"].field.isVisible()
    assert kept(dialog).basis is Basis.CIRCLE


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_real_case_opened_edited_in_one_field_and_saved_keeps_all_else(
    open_dialog: Open, path
) -> None:
    for zone in agreement_file.read_entry(path).zones:
        whole = replace(zone, agreement_id=None)
        dialog = open_dialog(whole)
        assert dialog.zone == whole, "shown and not touched, nothing changes"
        QTest.keyClicks(dialog.section.rows["note"].field, " Seen.")
        assert kept(dialog) == replace(whole, note=f" Seen.{whole.note}".strip())


def test_all_that_is_said_goes_through_the_dialog(open_dialog: Open) -> None:
    whole = Zone(
        "Quay",
        SQUARE,
        Basis.CORRIDOR,
        "Annex A",
        service="Quay House",
        anchors=("a", "b"),
        polarity=Polarity.EXCLUSION,
        note="n",
        streets=("Quay Street",),
        width_m=30.0,
        parts="yard",
        priority=3,
        starts_at=datetime(2025, 1, 1, 8, 0, 30, tzinfo=UTC),
        ends_at=datetime(2025, 1, 2, tzinfo=UTC),
        visibility=Visibility.PARTNERS,
    )
    assert open_dialog(whole).zone == whole
