"""The life of an agreement: legal steps, what comes due, what a history may hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.errors import EditError
from gisapp.layers import reviews
from gisapp.layers.agreement import Agreement, Party, Status, StatusChange
from gisapp.layers.lifecycle import LEGAL, history_problems, lived, moved
from gisapp.layers.project import Project
from gisapp.layers.reviews import Matter, months_later, next_review
from gisapp.layers.vocabulary import PartyRole

SIGNED = (Party("Police", PartyRole.POLICE, "Chief", date(2024, 1, 1)),)
TODAY = date(2025, 6, 1)


def agreement(**more: object) -> Agreement:
    terms: dict[str, object] = {
        "title": "Quay",
        "status": Status.IN_FORCE,
        "parties": SIGNED,
        "effective": date(2024, 1, 1),
        "id": "quay",
    }
    return Agreement(**{**terms, **more})


def due(*agreements: Agreement, day: date = TODAY) -> list[tuple[Matter, str]]:
    project = Project(agreements={one.id: one for one in agreements})
    return [(one.matter, one.words) for one in reviews.due(project, day)]


# Steps


@pytest.mark.parametrize("was", Status)
@pytest.mark.parametrize("to", Status)
def test_only_legal_steps_are_taken(was: Status, to: Status) -> None:
    one = agreement(status=was, effective=None)
    if to not in LEGAL[was]:
        with pytest.raises(EditError, match=f"is {was.value} and cannot become {to.value}"):
            moved(one, to, TODAY, "Chief")
        return
    after = moved(one, to, TODAY, " Chief ", "Because")
    assert after.status is to
    assert after.history == (StatusChange(TODAY, was, to, "Chief", "Because"),)
    assert list(history_problems(after.history, after.status)) == []


def test_what_is_in_force_by_its_dates_becomes_no_draft() -> None:
    one = agreement(status=Status.AGREED, effective=date(2025, 7, 1))
    assert moved(one, Status.DRAFT, date(2025, 6, 30), "All").status is Status.DRAFT
    with pytest.raises(EditError, match="in force on 2025-07-01"):
        moved(one, Status.DRAFT, date(2025, 7, 1), "All")


def test_what_was_agreed_can_be_ended_by_hand_though_nobody_put_it_in_force() -> None:
    one = moved(agreement(status=Status.AGREED), Status.EXPIRED, date(2025, 3, 1), "Council")
    assert one.days_in_force() == ((date(2024, 1, 1), date(2025, 2, 28)),)


def test_a_step_needs_somebody_and_comes_after_the_one_before() -> None:
    with pytest.raises(EditError, match="who decided"):
        moved(agreement(), Status.SUSPENDED, TODAY, "  ")
    one = moved(agreement(), Status.SUSPENDED, TODAY, "Chief")
    with pytest.raises(EditError, match="before the last one"):
        moved(one, Status.IN_FORCE, date(2025, 5, 31), "Chief")


def test_all_that_is_wrong_with_a_history_is_said() -> None:
    steps = (
        StatusChange(date(2025, 2, 1), Status.DRAFT, Status.SUSPENDED, "Chief"),
        StatusChange(date(2025, 1, 1), Status.AGREED, Status.IN_FORCE, " "),
    )
    assert list(history_problems(steps, Status.WITHDRAWN)) == [
        (0, "draft cannot become suspended"),
        (1, "says nobody who decided it"),
        (1, "lies before the step that it follows, of 2025-02-01"),
        (1, "follows one after which it was suspended"),
        (None, "is not what the last step of history says, in force"),
    ]
    assert [index for index, _ in history_problems(steps)] == [0, 1, 1, 1]


def test_a_later_version_may_supersede_with_a_step_or_without_one() -> None:
    agreed = StatusChange(TODAY, Status.DRAFT, Status.AGREED, "Board")
    replaced = StatusChange(TODAY, Status.AGREED, Status.SUPERSEDED, "Board")
    again = StatusChange(TODAY, Status.SUPERSEDED, Status.IN_FORCE, "Board")
    assert list(history_problems((agreed,), Status.SUPERSEDED)) == []
    assert list(history_problems((agreed, replaced), Status.SUPERSEDED)) == []
    assert list(history_problems((agreed, replaced, again))) == [
        (2, "superseded cannot become in force")
    ]


def test_steps_are_taken_one_from_the_other() -> None:
    draft = agreement(status=Status.DRAFT, effective=None)
    steps = [
        StatusChange(TODAY, became, became, "Chief")
        for became in (Status.AGREED, Status.SUSPENDED, Status.WITHDRAWN)
    ]
    after = lived(draft, steps)
    assert after.status is Status.WITHDRAWN
    assert [step.was for step in after.history] == [Status.DRAFT, Status.AGREED, Status.SUSPENDED]
    with pytest.raises(EditError, match="cannot become suspended"):
        lived(draft, steps[1:])


@given(st.data())
def test_steps_that_were_taken_make_a_sound_history(data: st.DataObject) -> None:
    one = agreement(status=Status.DRAFT, effective=None)
    for day in sorted(data.draw(st.lists(st.dates(), max_size=5))):
        may = LEGAL[one.status]
        if may:
            one = moved(one, data.draw(st.sampled_from(may)), day, "Chief")
    assert list(history_problems(one.history, one.status)) == []
    for change in one.history:
        assert one.status_on(change.on) is [c for c in one.history if c.on == change.on][-1].became
    if one.history:
        assert one.status_on(date.max) is one.status


# What is due


def test_a_review_is_due_from_its_day() -> None:
    one = agreement(next_review=TODAY)
    soon = [(Matter.REVIEW_SOON, "“Quay” is to be reviewed on 1 June 2025.")]
    assert due(one, day=date(2025, 4, 1)) == []
    assert due(one, day=date(2025, 5, 31)) == soon
    late = [(Matter.REVIEW_DUE, "The review of “Quay” was due on 1 June 2025.")]
    assert due(one, day=date(2025, 6, 1)) == due(one, day=date(2025, 9, 1)) == late


def test_a_review_stays_due_until_the_day_of_the_next_is_set() -> None:
    one = agreement(effective=date(2024, 8, 31), review_every_months=6)
    assert next_review(one) == date(2025, 2, 28)
    assert [matter for matter, _ in due(one)] == [Matter.REVIEW_DUE]
    assert due(replace(one, next_review=date(2025, 8, 31))) == []
    assert next_review(agreement(effective=None, review_every_months=6)) is None


def test_ends_that_come_near_and_ends_that_came() -> None:
    near = [(Matter.EXPIRING, "The last day of “Quay” is 31 July 2025.")]
    assert due(agreement(expires=date(2025, 7, 31))) == near
    assert [matter for matter, _ in due(agreement(expires=TODAY))] == [Matter.EXPIRING]
    assert due(agreement(expires=date(2025, 8, 1))) == []
    past = [(Matter.EXPIRED, "“Quay” ended after 31 May 2025.")]
    assert due(agreement(expires=date(2025, 5, 31))) == past


def test_signatures_that_are_missing() -> None:
    clinic = Party("Clinic", PartyRole.SERVICE)
    unsigned = agreement(parties=(*SIGNED, clinic), status=Status.AGREED)
    assert due(unsigned) == [(Matter.UNSIGNED, "“Quay” still needs the signature of Clinic.")]
    assert due(replace(unsigned, status=Status.DRAFT)) == []


@pytest.mark.parametrize("status", [Status.DRAFT, Status.EXPIRED, Status.WITHDRAWN])
def test_what_is_not_alive_wants_nothing(status: Status) -> None:
    assert due(agreement(status=status, next_review=date(2025, 1, 1), expires=TODAY)) == []


@given(st.dates(date(1900, 1, 1), date(9000, 1, 1)), st.integers(1, 600))
def test_months_later(day: date, months: int) -> None:
    found = months_later(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day == day.day or (found.day < day.day and found.day >= 28)
    assert months_later(date(9999, 11, 30), 2) == date.max
