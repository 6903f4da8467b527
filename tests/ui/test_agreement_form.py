"""The sections of an agreement's form: every term, what is wrong, papers, the keyboard."""

from __future__ import annotations

import hashlib
from dataclasses import fields, replace
from datetime import date

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gisapp.io.agreements import agreement_file
from gisapp.layers import agreement_edits
from gisapp.layers.agreement import Agreement, Status
from gisapp.layers.schedule import OnHolidays, SpecialDay
from gisapp.layers.terms import Offence, Threshold
from gisapp.layers.vocabulary import Activity, Exemption, Transit
from gisapp.ui import theme
from gisapp.ui.agreements.dialog import AgreementDialog
from gisapp.ui.agreements.form import AgreementForm
from gisapp.ui.agreements.when import RULES, next_days
from gisapp.ui.widgets.forms import choose
from tests.conftest import ROOT
from tests.ui.full_agreement import full

#: Real practice, as files.
CASES = sorted((ROOT / "sample_data" / "agreements").glob("*.json"))

#: What the form keeps without a field of its own.
_KEPT = {"version", "superseded_on", "id"}


@pytest.fixture
def form(qtbot, session):
    widget = AgreementForm(session)
    qtbot.addWidget(widget)
    widget.show()
    qtbot.waitUntil(lambda: len(widget.sections) == widget.list.count())
    return widget


def test_every_term_goes_through_the_form_unchanged(form):
    form.what.set_new(False)
    form.show_agreement(full())
    assert form.agreement == full()


def test_sections_come_while_the_form_is_there_already(qtbot, session):
    """All of them at once would keep the window from answering."""
    agreement = replace(full(), expires=date(2001, 1, 1))
    dialog = AgreementDialog(session, agreement)
    qtbot.addWidget(dialog)
    assert [type(one).__name__ for one in dialog.form.sections] == ["WhatSection"]
    assert dialog.form.agreement == agreement, "what has no field yet is kept"
    assert not dialog.save.isEnabled() and dialog.mend.isHidden()
    dialog.show()
    qtbot.waitUntil(lambda: len(dialog.form.sections) == 6)
    assert dialog.mend.text() == "To mend: Last day"
    assert dialog.form.agreement == agreement


def test_a_long_section_comes_part_by_part_and_counts_as_it_was_given_until_then(session):
    form = AgreementForm(session)
    form.what.set_new(False)
    form.show_agreement(full())
    checked: list[bool] = []
    form.changed.connect(lambda: checked.append(form.whole))
    parts = 1
    while form.grow():
        parts += 1
        assert form.agreement == full(), "what has no field yet is kept"
    assert parts > len(form.sections)
    assert checked == [True], "once, when all is there"


def test_who_asks_for_a_section_gets_all_of_it(session):
    form = AgreementForm(session)
    form.what.set_new(False)
    form.show_agreement(full())
    form.terms.referral.setText("Health hub")
    assert form.when.rule.rule == full().calendar.rule
    form.finish()
    assert form.agreement == replace(full(), referral_contact="Health hub")


@pytest.mark.parametrize("asked", ["list", "field"])
def test_a_section_that_is_not_there_yet_is_led_to(qtbot, session, asked):
    form = AgreementForm(session)
    qtbot.addWidget(form)
    form.resize(1000, 600)
    form.show()
    form.activateWindow()
    assert len(form.sections) < 6
    if asked == "list":
        item = form.list.visualItemRect(form.list.item(4)).center()
        QTest.mouseClick(form.list.viewport(), Qt.MouseButton.LeftButton, pos=item)
    else:
        form.lead_to_field("next_review")
        qtbot.waitUntil(lambda: form.isAncestorOf(form.window().focusWidget()))
    qtbot.waitUntil(lambda: form.area.verticalScrollBar().value() > 600)
    assert not form.review.next.visibleRegion().isEmpty()


def test_who_is_led_on_at_once_comes_to_the_last_place(qtbot, session):
    form = AgreementForm(session)
    qtbot.addWidget(form)
    form.resize(1000, 600)
    form.show()
    form.lead_to(5)
    form.lead_to(1)
    qtbot.waitUntil(lambda: form.list.currentRow() == 1)
    top = form.who.mapTo(form.area.viewport(), QPoint(0, 0)).y()
    assert 0 <= top < 100


def test_a_field_is_led_to_where_all_sections_fit(qtbot, session):
    form = AgreementForm(session)
    qtbot.addWidget(form)
    form.resize(1000, 6000)
    form.show()
    form.activateWindow()
    form.lead_to_field("notice")
    qtbot.waitUntil(form.review.fields["notice"].hasFocus)


def test_warnings_follow_light_and_dark(qtbot, qapp, session):
    form = AgreementForm(session)
    qtbot.addWidget(form)
    form.show()
    form.when.effective.edit.setText("3/6/2025")
    form.check()

    def drawn():
        return form.list.item(3).icon().pixmap(QSize(16, 16)).toImage()

    light = drawn()
    try:
        theme.apply(qapp, dark=True)
        qtbot.waitUntil(lambda: drawn() != light)
    finally:
        theme.apply(qapp, dark=False)
    qtbot.waitUntil(lambda: drawn() == light)


def test_tab_goes_through_all_sections_and_then_to_the_foot(qtbot, session):
    dialog = AgreementDialog(session, next(iter(session.project.agreements.values())))
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: len(dialog.form.sections) == 6)
    chain, widget = [], dialog.nextInFocusChain()
    while widget is not dialog:
        chain.append(widget)
        widget = widget.nextInFocusChain()
    form = dialog.form
    wanted = [
        form.what.name,
        form.who.liaison.add,
        form.terms.suspended.boxes["arrest"],
        form.when.effective.edit,
        form.review.every,
        form.papers.notes,
        dialog.mend,
        dialog.cancel,
        dialog.save,
    ]
    assert sorted(wanted, key=chain.index) == wanted


def test_every_term_has_a_field(form):
    """A term that is added to the record is missed here until the form asks for it."""
    shown = {name for section in form.sections for name in section.read()}
    assert {one.name for one in fields(Agreement)} - shown == _KEPT


def test_a_term_of_each_sort_is_changed_and_all_others_stay(form):
    form.what.set_new(False)
    form.show_agreement(full())
    choose(form.terms.fields["covers_transit"], Transit.YES.value)
    QTest.keyClick(form.terms.suspended.boxes["arrest"], Qt.Key.Key_Space)
    QTest.mouseClick(form.terms.thresholds.rows[1].remove, Qt.MouseButton.LeftButton)
    form.terms.min_age.setText("21")
    QTest.keyClick(form.terms.fields["recording"], Qt.Key.Key_End)
    QTest.keyClicks(form.terms.fields["recording"], " and nothing else")
    changed = form.agreement
    assert changed == replace(
        full(),
        covers_transit=Transit.YES,
        suspended=(
            Activity.DRUG_SEARCH,
            Activity.URINE_OR_ORAL_TEST,
            Activity.SURVEILLANCE,
            Activity.ARREST,
        ),
        thresholds=full().thresholds[:1],
        min_age=21,
        recording="a note in the shift log and nothing else",
    )


def test_an_agreement_shown_after_another_keeps_nothing_of_it(form):
    form.what.set_new(False)
    form.show_agreement(full())
    plain = Agreement("Plain", timezone="Europe/London")
    form.show_agreement(plain)
    assert form.agreement == plain


def test_all_that_is_wrong_is_said_at_once_beside_its_field(form):
    form.what.set_new(False)
    form.show_agreement(replace(full(), status=Status.AGREED))
    form.what.name.clear()
    form.terms.min_age.setText("old")
    form.terms.thresholds.rows[0].amount.setText("much")
    form.when.effective.edit.setText("3/6/2025")
    form.when.holidays.setText("XX")
    form.when.rule.own.setText("FREQ=SOMETIMES")
    form.review.every.setText("0")
    form.papers.documents.rows[0].title.clear()
    wrong = form.check()
    expected = {"title", "min_age", "thresholds", "effective", "holidays", "rule"}
    assert set(wrong) == expected | {"review_every_months", "documents"}
    assert all(form.rows[name].error for name in wrong)
    marked = [form.list.item(at).toolTip() for at in range(form.list.count())]
    assert [bool(text) for text in marked] == [True, False, True, True, True, True]
    assert "3 things to mend" in marked[3]


def test_a_mistake_is_led_to_from_the_foot(qtbot, session):
    dialog = AgreementDialog(session, next(iter(session.project.agreements.values())))
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(lambda: len(dialog.form.sections) == dialog.form.list.count())
    dialog.form.review.every.setText("x")
    assert dialog.mend.text() == "To mend: Review every"
    QTest.mouseClick(dialog.mend, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(dialog.form.review.every.hasFocus)
    assert dialog.form.area.verticalScrollBar().value() > 0


def test_the_list_leads_to_its_sections_by_mouse_and_keys(qtbot, form):
    form.resize(1000, 600)
    form.activateWindow()
    bar = form.area.verticalScrollBar()
    item = form.list.visualItemRect(form.list.item(3)).center()
    QTest.mouseClick(form.list.viewport(), Qt.MouseButton.LeftButton, pos=item)
    there = bar.value()
    assert there > 0
    form.list.setFocus()
    qtbot.waitUntil(form.list.hasFocus)
    QTest.keyClick(form.list, Qt.Key.Key_Up)
    assert 0 < bar.value() < there
    assert form.list.currentRow() == 2


def test_supply_is_always_asked_and_said_once(form):
    form.show_agreement(Agreement("New", status=Status.AGREED))
    assert "supply" in form.check(new=True)["offences"]
    field = form.terms.offences
    QTest.keyClicks(field.reference, "section 4(3)")
    assert field.problem() == "Say whether supply is covered."
    choose(field.supply, False)
    assert form.agreement.offences == (Offence("section 4(3)", False),)
    field.reference.clear()
    assert form.agreement.offences == (Offence("Supply", False),)
    assert "offences" not in form.check(new=True)


def test_supply_as_an_exception_is_said_too(form):
    form.show_agreement(Agreement("N", status=Status.AGREED, exceptions=(Exemption.SUPPLY,)))
    assert "offences" not in form.check(new=True)


def test_amounts_are_read_with_comma_or_point(form):
    field = form.terms.thresholds
    QTest.mouseClick(field.add, Qt.MouseButton.LeftButton)
    row = field.rows[0]
    QTest.keyClicks(row.substance, "heroin")
    QTest.keyClicks(row.amount, "2,5")
    assert field.values == (Threshold("heroin", 2.5, "g"),)
    for text in ("-1", "0", "nan", "inf", "1e12", ""):
        row.amount.setText(text)
        assert row.problem(), text


@pytest.mark.parametrize("rule", [rule for _, rule in RULES])
def test_every_choice_of_weeks_is_a_rule_that_names_days(form, rule):
    form.when.rule.set_rule(rule)
    assert form.when.rule.rule == rule
    assert not form.when.rule.problem()
    assert not form.when.rule.own.isVisibleTo(form)
    assert len(next_days(rule, date(2025, 1, 1))) == (3 if rule else 0)


def test_the_first_days_of_a_rule_are_named(form):
    form.when.effective.set_day(date(2026, 1, 1))
    form.when.rule.choice.setCurrentText("Only the first Monday of the month")
    assert "5 January 2026, 2 February 2026" in form.when.rule.words.text()
    form.when.effective.set_day(None)
    assert "not known yet" in form.when.rule.words.text()


def test_holidays_are_asked_for_with_their_region(form):
    when = form.when
    assert not when.holidays.isEnabled()
    choose(when.on_holidays, OnHolidays.NOT.value)
    assert "whose holidays" in form.check()["holidays"]
    QTest.keyClicks(when.holidays, "gb-eng")
    assert "holidays" not in form.check()
    assert when.calendar.holidays == "GB-ENG"
    assert when.calendar.on_holidays is OnHolidays.NOT


def test_other_days_have_hours_or_none(form):
    field = form.when.special
    row = field.add_row()
    assert field.problem()
    QTest.keyClicks(row.day.edit, "2025-12-24")
    assert field.values == (SpecialDay(date(2025, 12, 24)),)
    choose(row.how, True)
    assert not row.start.isHidden()
    (special,) = field.values
    assert special.start is not None


def test_a_new_agreement_brings_its_past_steps(form):
    form.what.set_new(True)
    form.show_agreement(Agreement("New"))
    past = form.what.past
    for day, became in (("2024-12-10", Status.AGREED), ("2025-01-01", Status.SUSPENDED)):
        row = past.add_row()
        QTest.keyClicks(row.on.edit, day)
        choose(row.became, became.value)
        assert "who decided" in past.problem()
        QTest.keyClicks(row.who, "Partnership meeting")
    assert not form.what.status.isEnabled()
    made = form.agreement
    assert made.status is Status.SUSPENDED
    assert [(step.was, step.became) for step in made.history] == [
        (Status.DRAFT, Status.AGREED),
        (Status.AGREED, Status.SUSPENDED),
    ]
    choose(past.rows[0].became, Status.WITHDRAWN.value)
    assert "cannot become suspended" in form.check()["history"]


def test_one_that_is_here_already_has_no_status_to_choose(form):
    form.what.set_new(False)
    form.show_agreement(full())
    form.check()
    assert not form.what.status.isVisibleTo(form)
    assert form.rows["status"].said == ""
    assert form.what.said.text() == "In force"


def test_a_document_is_attached_and_checked_by_its_content(form, session, tmp_path, idle):
    paper, other = tmp_path / "signed.pdf", tmp_path / "other.pdf"
    paper.write_bytes(b"signed")
    other.write_bytes(b"altered")
    field = form.papers.documents
    field.attach(paper)
    idle(session)
    (document,) = form.agreement.documents
    assert document.sha256 == hashlib.sha256(b"signed").hexdigest()
    assert (document.title, document.file_name, document.public) == ("signed", "signed.pdf", False)
    (row,) = field.rows
    field.compare(row, paper)
    idle(session)
    assert "is the same file" in row.words.text()
    field.compare(row, other)
    idle(session)
    assert "is not the file that was attached" in row.words.text()
    field.attach(tmp_path / "none.pdf")
    idle(session)
    assert "cannot be read" in field.news.text()


def test_what_was_typed_is_not_lost_by_escape(qtbot, session):
    dialog = AgreementDialog(session)
    qtbot.addWidget(dialog)
    dialog.show()
    QTest.keyClicks(dialog.form.what.name, "Mill Lane")
    row = dialog.form.who.parties.add_row()
    QTest.keyClicks(row.organisation, "City police")
    past = dialog.form.what.past.add_row()
    past.on.set_day(date(2025, 1, 1))
    QTest.keyClicks(past.who, "Partnership meeting")
    QTest.keyClick(dialog.form.terms.suspended.boxes["arrest"], Qt.Key.Key_Space)
    choose(dialog.form.terms.offences.supply, False)
    typed = dialog.form.agreement
    with qtbot.waitSignal(session.noticed) as told:
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not any(a.title == "Mill Lane" for a in session.project.agreements.values())
    assert told.args[0].text == "Nothing of “Mill Lane” was recorded."
    told.args[0].run()
    again = QApplication.activeModalWidget()
    assert isinstance(again, AgreementDialog)
    assert again.form.agreement == typed
    again.save.click()
    assert session.project.agreements[typed.id] == typed


def test_leaving_a_form_as_it_was_says_nothing(qtbot, session):
    told = []
    session.noticed.connect(told.append)
    dialog = AgreementDialog(session, next(iter(session.project.agreements.values())))
    qtbot.addWidget(dialog)
    dialog.show()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert told == []


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_real_case_goes_through_the_form_and_nothing_is_wrong_with_it(form, path):
    agreement = agreement_file.read(path)
    form.what.set_new(False)
    form.show_agreement(agreement)
    assert form.agreement == agreement
    assert form.unreadable() == {}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_real_case_edited_in_one_field_and_saved_keeps_every_other_term(qtbot, session, path):
    agreement = agreement_file.read(path)
    session.perform(agreement_edits.record_with_zones(agreement, ()))
    held = session.project.agreements[agreement.id]
    dialog = AgreementDialog(session, held)
    qtbot.addWidget(dialog)
    dialog.show()
    field = dialog.form.terms.fields["recording"]
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_End)
    QTest.keyClicks(field, " Seen.")
    assert dialog.save.isEnabled(), dialog.save.toolTip()
    dialog.save.click()
    saved = session.project.agreements[agreement.id]
    assert saved == replace(held, recording=f"{held.recording} Seen.".strip())
