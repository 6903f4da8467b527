"""The form of an agreement, and the list of agreements."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, time

import pytest
from PySide6.QtCore import QDate, Qt

from gisapp.errors import DataError
from gisapp.layers import edits
from gisapp.layers.agreement import Agreement, Hours, Standing, Status
from gisapp.layers.terms import Offence
from gisapp.layers.vocabulary import Activity, PartyRole, Visibility
from gisapp.ui.agreements.dialog import AgreementDialog
from gisapp.ui.agreements.list_dialog import AgreementsDialog
from gisapp.ui.agreements.words import problems, standing_sentence
from gisapp.ui.widgets.fields import DayField, TickList, parse_clock, parse_day
from gisapp.ui.widgets.forms import choose
from tests.ui import made

DAY = date(2025, 6, 4)


def the_agreement(session):
    return next(iter(session.project.agreements.values()))


@pytest.mark.parametrize("text", ["2025-03-06", "6 March 2025", " 6  mar 2025 "])
def test_a_day_can_be_written_so(text):
    assert parse_day(text) == date(2025, 3, 6)


@pytest.mark.parametrize("text", ["3/6/2025", "2025-02-30", "tomorrow"])
def test_a_day_that_could_be_two_days_is_refused(text):
    with pytest.raises(DataError, match="is not a day"):
        parse_day(text)


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("19:00", time(19)),
        ("1930", time(19, 30)),
        ("7", time(7)),
        ("7.30", time(7, 30)),
        ("7 pm", time(19)),
        ("12:15 am", time(0, 15)),
        ("24:00", time(0)),
    ],
)
def test_a_time_of_day_can_be_written_so(text, clock):
    assert parse_clock(text) == clock


@pytest.mark.parametrize("text", ["", "25:00", "7:75", "24:30", "13 pm", "noon", "0:30 pm"])
def test_what_is_no_time_of_day_is_refused(text):
    with pytest.raises(DataError):
        parse_clock(text)


def test_hours_are_typed_over_what_stands_there_and_tidied(qtbot, session):
    dialog = AgreementDialog(session)
    qtbot.addWidget(dialog)
    dialog.show()
    row = dialog.form.when.hours.add_row()
    row.days[4].setChecked(True)
    row.start.setFocus()
    dialog.activateWindow()
    qtbot.waitUntil(row.start.hasFocus)
    row.start.selectAll()
    qtbot.keyClicks(row.start, "1900")
    qtbot.keyClick(row.start, Qt.Key.Key_Tab)
    assert row.start.text() == "19:00"
    row.end.selectAll()
    qtbot.keyClicks(row.end, "0700")
    assert row.value == Hours((4,), time(19), time(7))
    assert row.words.text() == "next day"
    qtbot.keyClicks(row.end, "9")
    assert row.value is None
    assert "not a time of day" in dialog.form.rows["hours"].error


def test_tab_goes_through_a_new_party_to_the_button_that_adds_another(qtbot, session):
    dialog = AgreementDialog(session)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.activateWindow()
    field = dialog.form.who.parties
    for _ in range(2):
        field.add_row()
    first, second = field.rows
    qtbot.waitUntil(second.isVisible)
    first.organisation.setFocus()
    qtbot.waitUntil(first.organisation.hasFocus)
    visited = [dialog.focusWidget()]
    while visited[-1] is not field.add and len(visited) < 20:
        qtbot.keyClick(visited[-1], Qt.Key.Key_Tab)
        visited.append(dialog.focusWidget())
    assert visited.index(second.organisation) == visited.index(first.remove) + 1
    assert visited[-1] is field.add
    assert len(visited) == 13
    qtbot.keyClick(field.add, Qt.Key.Key_Tab)
    assert dialog.focusWidget() is dialog.form.who.liaison.add, "and on to what follows"


def test_a_day_written_out_is_tidied_when_the_field_is_left(qtbot):
    field = DayField("First day")
    qtbot.addWidget(field)
    field.edit.setText("1 December 2025")
    field.edit.editingFinished.emit()
    assert field.edit.text() == "2025-12-01"


def test_a_day_is_picked_from_the_calendar(qtbot):
    field = DayField("First day")
    qtbot.addWidget(field)
    calendar = field.make_calendar()
    with qtbot.waitSignal(field.changed):
        calendar.clicked.emit(QDate(2025, 3, 7))
    assert field.day == date(2025, 3, 7)
    assert not calendar.isVisible()


def test_ticked_choices_come_in_the_order_of_the_list(qtbot):
    ticks = TickList([("One", "1"), ("Two", "2"), ("Three", "3")])
    qtbot.addWidget(ticks)
    ticks.set_values(["3", "1"])
    assert ticks.values == ("1", "3")


@pytest.mark.parametrize("status", [s for s in Status if s is not Status.SUPERSEDED])
@pytest.mark.parametrize("signed", [True, False])
@pytest.mark.parametrize("day", [date(2024, 1, 1), DAY, date(2030, 1, 1)])
def test_the_sentence_says_how_it_stands_and_why(status, signed, day):
    agreement = made.agreement(status, signed)
    sentence = standing_sentence(agreement, day)
    standing = agreement.standing_on(day)
    said = {Standing.UNSIGNED: "not in force", Standing.DRAFT: "a draft"}
    assert said.get(standing, standing.value) in sentence
    assert sentence.endswith(".")


def test_the_sentence_names_who_has_not_signed():
    sentence = standing_sentence(made.agreement(signed=False), DAY)
    assert sentence == (
        "On 4 June 2025 this agreement is not in force: "
        "City police and Health department have not signed."
    )


def test_what_is_wrong_is_said_by_field():
    wrong = problems(
        replace(made.agreement(), title=" ", expires=date(2024, 1, 1), suspended=(), parties=())
    )
    assert set(wrong) == {"title", "expires", "parties"}
    assert problems(made.agreement()) == {}
    assert problems(Agreement("Draft")) == {}
    assert "effective" in problems(replace(made.agreement(), effective=None), new_version=True)


def test_an_agreement_is_recorded_as_it_was_typed(qtbot, session):
    dialog = AgreementDialog(session)
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.save.isEnabled()
    form = dialog.form
    qtbot.waitUntil(lambda: len(form.sections) == form.list.count())
    qtbot.keyClicks(form.what.name, "Mill Lane")
    form.what.status.setCurrentText("Agreed")
    assert "names its parties" in form.rows["parties"].error
    qtbot.keyClicks(form.when.effective.edit, "1 May 2025")
    qtbot.keyClick(form.terms.suspended.boxes["drug_search"], Qt.Key.Key_Space)
    qtbot.mouseClick(form.who.parties.add, Qt.MouseButton.LeftButton)
    row = form.who.parties.rows[0]
    qtbot.keyClicks(row.organisation, "City police")
    qtbot.keyClicks(row.signed_on.edit, "2025-04-01")
    qtbot.mouseClick(form.when.hours.add, Qt.MouseButton.LeftButton)
    assert not dialog.save.isEnabled(), "hours without days say nothing"
    qtbot.keyClick(form.when.hours.rows[0].days[4], Qt.Key.Key_Space)
    for edit, typed in (
        (form.when.hours.rows[0].start, "2200"),
        (form.when.hours.rows[0].end, "4"),
    ):
        edit.selectAll()
        qtbot.keyClicks(edit, typed)
    assert "whether supply" in form.rows["offences"].error
    assert "To mend: Offences" in dialog.mend.text()
    choose(form.terms.offences.supply, False)
    assert "On 4 June 2025 this agreement is in force" in dialog.sentence.text()
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    recorded = session.project.agreements[dialog.agreement.id]
    assert recorded.title == "Mill Lane"
    assert recorded.effective == date(2025, 5, 1)
    assert recorded.suspended == (Activity.DRUG_SEARCH,)
    assert recorded.parties[0].role is PartyRole.POLICE
    assert recorded.parties[0].signed_on == date(2025, 4, 1)
    assert recorded.hours == (Hours((4,), time(22), time(4)),)
    assert recorded.timezone == "America/New_York"
    assert recorded.offences == (Offence("Supply", False),)
    assert session.document.undo_label == "Record Mill Lane"


def test_an_agreement_goes_through_the_form_unchanged(qtbot, session):
    dialog = AgreementDialog(session, the_agreement(session))
    qtbot.addWidget(dialog)
    assert dialog.form.agreement == the_agreement(session)


@pytest.mark.parametrize(
    ("field", "text", "says"),
    [("expires", "2024-05-05", "before the first"), ("effective", "5/6/2025", "not a day")],
)
def test_a_mistake_is_said_beside_its_field_and_bars_the_button(qtbot, session, field, text, says):
    dialog = AgreementDialog(session, the_agreement(session))
    qtbot.addWidget(dialog)
    getattr(dialog.form.when, field).edit.setText(text)
    assert says in dialog.form.rows[field].error
    assert not dialog.save.isEnabled()


def test_a_time_zone_that_is_none_is_refused(qtbot, session):
    dialog = AgreementDialog(session, the_agreement(session))
    qtbot.addWidget(dialog)
    dialog.form.when.timezone.setCurrentText("Mars/Olympus")
    assert "no time zone" in dialog.form.rows["timezone"].error


def test_a_new_agreement_takes_the_selected_zones(qtbot, session):
    zones = list(session.project.zones)[:2]
    session.perform(edits.place_under(zones, None))
    dialog = AgreementDialog(session, zone_ids=zones)
    qtbot.addWidget(dialog)
    assert dialog.take.text() == "Put the 2 selected zones under it"
    dialog.form.what.name.setText("Harbour two")
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    assert {session.project.zone(one).agreement_id for one in zones} == {dialog.agreement.id}
    session.document.undo()
    assert {session.project.zone(one).agreement_id for one in zones} == {None}


def test_zones_of_another_agreement_stay_there_unless_ticked(qtbot, session):
    former = the_agreement(session)
    zone = next(one for one in session.project.zones.values() if one.agreement_id == former.id)
    dialog = AgreementDialog(session, zone_ids=(zone.id,))
    qtbot.addWidget(dialog)
    assert dialog.take.text() == "Put the selected zone under it, out of its agreement"
    dialog.form.what.name.setText("Harbour two")
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    assert session.project.zone(zone.id).agreement_id == former.id


def test_correcting_keeps_the_version(qtbot, session):
    dialog = AgreementDialog(session, the_agreement(session))
    qtbot.addWidget(dialog)
    dialog.form.what.name.setText("Harbour Street, corrected")
    assert dialog.save.text() == "Save correction"
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    assert the_agreement(session).title == "Harbour Street, corrected"
    assert the_agreement(session).version == 1
    assert session.project.former == ()


def test_a_new_version_keeps_the_former_one(qtbot, session):
    dialog = AgreementDialog(session, the_agreement(session))
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    qtbot.keyClick(dialog.renew, Qt.Key.Key_Space)
    assert dialog.makes_version
    dialog.form.when.effective.set_day(date(2026, 1, 1))
    choose(dialog.form.terms.offences.supply, False)
    assert dialog.save.text() == "Record version 2"
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    assert the_agreement(session).version == 2
    assert [former.version for former in session.project.former] == [1]


@pytest.fixture
def listing(qtbot, session):
    dialog = AgreementsDialog(session)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_agreements_are_listed_as_they_stand(listing, session):
    cells = [listing.table.item(0, column).text() for column in range(6)]
    assert cells[:2] == ["Harbour Street agreement", "In force"]
    assert cells[4:] == ["3", "1"]
    session.set_look(day=date(2027, 1, 1))
    assert listing.table.item(0, 1).text() == "Expired"


def test_removing_an_agreement_keeps_its_zones_and_can_be_undone(listing, session, qtbot):
    with qtbot.waitSignal(session.noticed) as told:
        qtbot.mouseClick(listing.remove, Qt.MouseButton.LeftButton)
    assert not session.project.agreements
    assert len(session.project.zones) == 4
    assert listing.stack.currentWidget() is listing.empty
    told.args[0].run()
    assert len(session.project.agreements) == 1


def test_an_agreement_goes_through_a_file_unchanged(listing, session, tmp_path, idle):
    agreement = the_agreement(session)
    path = tmp_path / "agreement.json"
    listing.write_file(agreement, path)
    idle(session)
    assert json.loads(path.read_text())["title"] == agreement.title
    session.perform(edits.remove_agreement(agreement.id))
    listing.read_file(path)
    idle(session)
    assert the_agreement(session) == agreement


def test_a_file_that_is_no_agreement_is_explained(listing, session, tmp_path, idle):
    path = tmp_path / "agreement.json"
    path.write_text("{")
    listing.read_file(path)
    idle(session)
    assert "not valid JSON" in listing.sentence.text()
    assert len(session.project.agreements) == 1


def test_an_agreement_goes_through_a_file_with_its_zones(listing, session, tmp_path, idle):
    agreement = the_agreement(session)
    under = [z for z in session.project.zones.values() if z.agreement_id == agreement.id]
    path = tmp_path / "agreement.json"
    listing.write_file(agreement, path)
    idle(session)
    session.perform(edits.remove_agreement(agreement.id))
    session.perform(edits.remove_zones([zone.id for zone in under]))
    listing.read_file(path)
    idle(session)
    names = {z.name for z in session.project.zones.values() if z.agreement_id == agreement.id}
    assert names == {zone.name for zone in under}


def test_what_never_leaves_the_program_is_not_written(listing, session, qtbot, tmp_path, idle):
    agreement = replace(the_agreement(session), visibility=Visibility.NEVER_EXPORT)
    session.perform(edits.correct_agreement(agreement))
    qtbot.mouseClick(listing.write, Qt.MouseButton.LeftButton)
    assert "may never leave" in listing.sentence.text()
