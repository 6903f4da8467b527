"""The life of an agreement in the window: steps, history, the day of the map, what is due."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from gisapp.document import Document
from gisapp.layers import agreement_edits, edits
from gisapp.layers.agreement import Standing, Status
from gisapp.layers.audience import Audience
from gisapp.layers.terms import Terms
from gisapp.layers.vocabulary import Activity, BreachSource, Polarity, Transit, Visibility
from gisapp.ui.agreements.dialog import AgreementDialog
from gisapp.ui.agreements.life import StepDialog
from gisapp.ui.agreements.list_dialog import AgreementsDialog
from gisapp.ui.agreements.own_terms import CopyTermsDialog, OwnTermsDialog
from gisapp.ui.agreements.versions_caption import DayCaption
from gisapp.ui.agreements.versions_strip import VersionsStrip
from gisapp.ui.agreements.words import next_steps, verb
from gisapp.ui.main_window import MainWindow
from gisapp.ui.turns import next_turn
from gisapp.ui.widgets.forms import choose
from gisapp.ui.zones.details import ZoneDetailsDialog
from tests.ui import made
from tests.ui.conftest import TODAY
from tests.ui.window.opened import opened

DAY = date(2025, 6, 4)


def news(window: MainWindow) -> str:
    return window.notices.notice.text if window.notices.notice is not None else ""


def press(window: MainWindow, text: str) -> None:
    buttons = window.inspector.page.findChildren(QPushButton)
    next(one for one in buttons if one.text().strip() == text).click()


def strip_of(window: MainWindow) -> VersionsStrip:
    found = window.inspector.page.findChild(VersionsStrip)
    assert isinstance(found, VersionsStrip)
    return found


@pytest.fixture
def agreement_id(window: MainWindow) -> str:
    return next(iter(window.session.project.agreements))


def status_of(window: MainWindow, agreement_id: str) -> Status:
    return window.session.project.agreements[agreement_id].status


def test_only_the_legal_next_steps_are_offered(window: MainWindow, agreement_id: str) -> None:
    window.commands.show_agreement(agreement_id)
    texts = {one.text().strip() for one in window.inspector.page.findChildren(QPushButton)}
    agreement = window.session.project.agreements[agreement_id]
    offered = {f"{verb(agreement.status, to)}…" for to in next_steps(agreement)}
    assert {"Put in force…", "Suspend…", "Withdraw…"} <= offered <= texts
    assert "Mark as agreed…" not in texts
    window.session.perform(
        agreement_edits.set_status(agreement_id, Status.WITHDRAWN, DAY, "Partnership meeting")
    )
    texts = {one.text().strip() for one in window.inspector.page.findChildren(QPushButton)}
    assert not offered & texts, "nothing follows"


def test_a_step_asks_day_who_and_why_and_can_be_undone(
    window: MainWindow, agreement_id: str
) -> None:
    window.commands.show_agreement(agreement_id)
    press(window, "Suspend…")
    step = opened(StepDialog)
    assert step.now.text().startswith("On 4 June 2025 “")
    assert step.now.text().endswith("” is in force."), "as the map has it"
    assert not step.do.isEnabled(), "nobody answers for it yet"
    QTest.keyClicks(step.who, "Chief of police")
    QTest.keyClicks(step.why, "incident review")
    step.on.set_day(None)
    assert not step.do.isEnabled()
    QTest.keyClicks(step.on.edit, "1 June 2025")
    assert "the partners have suspended it" in step.sentence.text()
    QTest.keyClick(step, Qt.Key.Key_Return)
    project = window.session.project
    agreement = project.agreements[agreement_id]
    assert agreement.status is Status.SUSPENDED
    assert agreement.history[-1].why == "incident review"
    assert agreement.standing_on(date(2025, 5, 31)) is Standing.IN_FORCE
    assert "suspended from 1 June 2025" in news(window)
    window.commands.undo()
    assert status_of(window, agreement_id) is Status.AGREED


def test_escape_leaves_the_step_undone(window: MainWindow, agreement_id: str) -> None:
    window.commands.take_step(agreement_id, Status.WITHDRAWN)
    step = opened(StepDialog)
    QTest.keyClicks(step.who, "Somebody")
    QTest.keyClick(step, Qt.Key.Key_Escape)
    assert status_of(window, agreement_id) is Status.AGREED


def test_a_step_before_the_last_one_is_refused_beside_its_field(
    window: MainWindow, agreement_id: str
) -> None:
    edit = agreement_edits.set_status(agreement_id, Status.SUSPENDED, date(2025, 6, 1), "Chief")
    window.session.perform(edit)
    window.commands.take_step(agreement_id, Status.IN_FORCE)
    step = opened(StepDialog)
    step.on.set_day(date(2025, 5, 1))
    assert "before the last one" in step.rows["on"].error
    step.reject()


def test_the_time_line_sets_the_day_of_the_map_and_the_map_says_so(
    window: MainWindow, agreement_id: str, qtbot: QtBot
) -> None:
    window.commands.show_agreement(agreement_id)
    strip = strip_of(window)
    strip.setFocus()
    qtbot.waitUntil(strip.hasFocus)
    QTest.keyClick(strip, Qt.Key.Key_PageUp)
    assert window.session.look.day == date(2025, 1, 1)
    caption = window.canvas.findChild(DayCaption)
    assert isinstance(caption, DayCaption)
    assert caption.isVisible()
    assert caption.words.text() == "As of 1 January 2025, not of today"
    assert strip_of(window).hasFocus(), "the keys go on working"
    QTest.mouseClick(caption.back, Qt.MouseButton.LeftButton)
    assert window.session.look.day == TODAY
    assert not caption.isVisible()


def test_a_drag_on_the_time_line_outlives_the_page_being_made_anew(
    window: MainWindow, qtbot: QtBot
) -> None:
    zone = next(z for z in window.session.project.zones.values() if z.agreement_id)
    window.commands.select_zones((zone.id,))
    strip = strip_of(window)

    def at(day: date) -> QPoint:
        return QPoint(round(strip.x_of(day)), strip.height() // 2)

    QTest.mousePress(strip, Qt.MouseButton.LeftButton, pos=at(date(2025, 6, 4)))
    for day in (date(2026, 1, 1), date(2027, 1, 10)):
        QTest.mouseMove(strip, at(day))
        qtbot.waitUntil(lambda day=day: abs((window.session.look.day - day).days) < 12)
        assert strip_of(window) is strip
    QTest.mouseRelease(strip, Qt.MouseButton.LeftButton, pos=at(date(2027, 1, 10)))
    assert strip_of(window) is not strip
    assert window.session.project.standing(zone, window.session.look.day) is Standing.EXPIRED


def test_a_former_version_speaks_for_its_days(window: MainWindow, agreement_id: str) -> None:
    held = window.session.project.agreements[agreement_id]
    later = replace(held, version=2, effective=date(2026, 1, 1))
    window.session.perform(edits.record_agreement(later))
    window.commands.show_agreements()
    listing = opened(AgreementsDialog)
    assert listing.table.item(0, 1).text() == "In force (version 1)"
    assert "is in force" in listing.sentence.text()
    listing.reject()


def test_what_is_due_is_told_once_at_opening_and_listed(window: MainWindow, qtbot: QtBot) -> None:
    project = made.project()
    (agreement,) = project.agreements.values()
    late = replace(agreement, next_review=date(2025, 6, 1))
    window.session.open(Document(project.with_agreement(late)))
    qtbot.waitUntil(lambda: "was due on 1 June 2025" in news(window))
    assert window.notices.action.text() == "Show what is due"
    window.notices.dismiss()
    window.session.perform(edits.set_title("Another"))
    QApplication.processEvents()
    assert window.notices.notice is None
    window.commands.show_agreements(due=True)
    listing = opened(AgreementsDialog)
    assert listing.tabs.currentWidget() is listing.due
    assert listing.tabs.tabText(1) == "Due (1)"
    listing.due.table.setCurrentCell(0, 0)
    QTest.keyClick(listing.due.table, Qt.Key.Key_Return)
    assert listing.tabs.currentIndex() == 0
    assert listing.chosen is late
    listing.reject()


def test_nothing_is_told_where_nothing_is_due(window: MainWindow) -> None:
    window.notices.dismiss()
    window.session.open(Document(made.project()))
    QApplication.processEvents()
    assert window.notices.notice is None


def test_a_zone_gets_terms_of_its_own_and_the_agreement_s_again(window: MainWindow) -> None:
    session = window.session
    zone = next(z for z in session.project.zones.values() if z.agreement_id)
    window.commands.select_zones((zone.id,))
    press(window, "Own terms…")
    form = opened(OwnTermsDialog)
    assert form.terms == session.project.agreement_of(zone).terms
    assert not form.back.isEnabled()
    QTest.keyClick(form.terms_section.suspended.boxes["surveillance"], Qt.Key.Key_Space)
    choose(form.terms_section.fields["covers_transit"], Transit.NO.value)
    QTest.mouseClick(form.save, Qt.MouseButton.LeftButton)
    terms = session.project.zone(zone.id).terms
    assert terms is not None
    assert Activity.SURVEILLANCE in terms.suspended
    assert terms.covers_transit is Transit.NO
    press(window, "Own terms…")
    QTest.mouseClick(opened(OwnTermsDialog).back, Qt.MouseButton.LeftButton)
    assert session.project.zone(zone.id).terms is None
    window.commands.undo()
    assert session.project.zone(zone.id).terms == terms


def test_terms_are_copied_from_one_zone_to_others(window: MainWindow) -> None:
    session = window.session
    zones = list(session.project.zones.values())
    source = zones[0]
    own = Terms(suspended=(Activity.URINE_OR_ORAL_TEST,))
    session.perform(agreement_edits.set_terms((source.id,), own))
    others = tuple(zone.id for zone in zones[1:])
    window.commands.select_zones(others)
    press(window, "Copy terms…")
    choice = opened(CopyTermsDialog)
    assert choice.list.count() == 1
    QTest.keyClicks(choice.search, "nowhere")
    assert choice.list.item(0).isHidden()
    choice.search.clear()
    choice.list.setCurrentRow(0)
    assert "with terms of its own" in choice.words.text()
    QTest.keyClick(choice, Qt.Key.Key_Return)
    assert all(session.project.zone(key).terms == own for key in others)
    assert {session.project.zone(key).agreement_id for key in others} == {source.agreement_id}
    window.commands.undo()
    assert session.project.zone(others[-1]).terms is None


def test_the_details_of_a_zone_are_changed_in_one_step(window: MainWindow) -> None:
    session = window.session
    key = next(iter(session.project.zones))
    window.commands.select_zones((key,))
    press(window, "Details…")
    form = opened(ZoneDetailsDialog)
    choose(form.section.polarity, Polarity.EXCLUSION.value)
    choose(form.section.visibility, Visibility.PARTNERS.value)
    QTest.keyClicks(form.section.anchors, "Bridge Clinic")
    QTest.keyClick(form.section.anchors, Qt.Key.Key_Return)
    QTest.keyClicks(form.section.anchors, "Mill Lane Drop-in")
    form.section.priority.setText("1.5")
    assert not form.save.isEnabled()
    form.section.priority.setText("2")
    QTest.mouseClick(form.save, Qt.MouseButton.LeftButton)
    zone = session.project.zone(key)
    assert zone.polarity is Polarity.EXCLUSION
    assert zone.anchors == ("Bridge Clinic", "Mill Lane Drop-in")
    assert (zone.priority, zone.visibility) == (2, Visibility.PARTNERS)
    window.commands.undo()
    assert session.project.zone(key).priority == 0


def test_what_an_audience_may_not_see_is_not_in_the_inspector(window: MainWindow) -> None:
    session = window.session
    zone = next(z for z in session.project.zones.values() if z.agreement_id)
    hidden = replace(zone, visibility=Visibility.POLICE_ONLY)
    session.perform(edits.change_zones("Hide", (hidden,)))
    window.commands.select_zones((zone.id,))
    session.set_look(audience=Audience.PARTNERS)
    assert not session.selection.zone_ids, "a hidden zone does not stay selected"
    texts = [one.text() for one in window.inspector.page.findChildren(QLabel)]
    assert not any(zone.name in text for text in texts)


def test_a_possible_breach_is_recorded_for_the_zone_on_the_map(window: MainWindow) -> None:
    session = window.session
    zones = [z for z in session.project.zones.values() if z.agreement_id]
    window.commands.select_zones((zones[1].id,))
    press(window, "Record a possible breach…")
    log = window.commands._breaches
    assert log is not None
    form = log._form
    assert form is not None
    assert form.place is zones[1]
    window.commands.select_zones((zones[0].id,))
    assert form.place is zones[0], "a zone that is clicked on the map is the zone"
    form.day.set_day(date(2025, 6, 6))
    form.clock.setText("22:30")
    choose(form.activity, Activity.ARREST.value)
    choose(form.source, BreachSource.CLIENT.value)
    QTest.keyClicks(form.unit, "district 2")
    assert "this was suspended in it" in form.sentence.text()
    QTest.mouseClick(form.record, Qt.MouseButton.LeftButton)
    (breach,) = session.project.breaches
    assert breach.at.isoformat() == "2025-06-06T22:30:00-04:00"
    assert (breach.zone_id, breach.source) == (zones[0].id, BreachSource.CLIENT)
    assert log.table.rowCount() == 1
    assert log.counts.item(0, 0).text() == "June 2025"
    session.set_look(audience=Audience.PUBLIC)
    assert log.stack.currentWidget() is log.empty
    assert not log.new.isEnabled()
    session.set_look(audience=Audience.POLICE)
    log.table.selectRow(0)
    QTest.mouseClick(log.remove, Qt.MouseButton.LeftButton)
    assert not session.project.breaches
    window.commands.undo()
    assert session.project.breaches == (breach,)
    log.close()


def test_an_hour_that_no_clock_showed_is_refused(window: MainWindow) -> None:
    session = window.session
    zone = next(z for z in session.project.zones.values() if z.agreement_id)
    window.commands.select_zones((zone.id,))
    window.commands.record_breach()
    log = window.commands._breaches
    assert log is not None
    form = log._form
    assert form is not None
    form.day.set_day(date(2025, 3, 9))
    form.clock.setText("02:30")
    assert "clocks were put forward" in form.rows["day"].error
    assert not form.record.isEnabled()
    form.day.set_day(None)
    assert not form.record.isEnabled()
    QTest.keyClick(form, Qt.Key.Key_Escape)
    assert not session.project.breaches
    log.close()


def test_a_breach_is_put_right_under_its_id(window: MainWindow) -> None:
    session = window.session
    zone = next(z for z in session.project.zones.values() if z.agreement_id)
    window.commands.select_zones((zone.id,))
    window.commands.record_breach()
    log = window.commands._breaches
    assert log is not None
    assert log._form is not None
    log._form.record.click()
    (first,) = session.project.breaches
    log.table.selectRow(0)
    log.edit.click()
    assert log._form is not None
    QTest.keyClicks(log._form.outcome, "raised with the liaison officer")
    log._form.record.click()
    (second,) = session.project.breaches
    assert second == replace(first, outcome="raised with the liaison officer")
    log.close()


@pytest.mark.parametrize(
    "name", ["zones.services", "file.export-map", "file.export-package", "file.brief", "help.about"]
)
def test_a_key_pressed_twice_opens_one_dialog(window: MainWindow, name: str, qtbot: QtBot) -> None:
    before = set(window.findChildren(QDialog))
    for _ in range(2):
        window.actions_set.qt[name].trigger()
    shown = opened(QDialog)
    qtbot.waitUntil(lambda: not window.session.runner.busy)
    assert [one for one in window.findChildren(QDialog) if one.isVisible()] == [shown]
    shown.reject()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert set(window.findChildren(QDialog)) <= before


def test_no_dialog_opens_over_a_window_that_was_closed(window: MainWindow, qtbot: QtBot) -> None:
    window.commands.new_agreement()
    window.close()
    done: list[bool] = []
    next_turn(window, lambda: done.append(True))
    qtbot.waitUntil(lambda: bool(done))
    assert not any(one.isVisible() for one in QApplication.topLevelWidgets())


def test_a_key_pressed_twice_opens_one_form(window: MainWindow) -> None:
    action = window.actions_set.qt["zones.agreement"]
    action.trigger()
    action.trigger()
    form = opened(AgreementDialog)
    assert len([one for one in window.findChildren(AgreementDialog) if one.isVisible()]) == 1
    form.reject()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not window.findChildren(AgreementDialog)
    action.trigger()
    opened(AgreementDialog).reject()
