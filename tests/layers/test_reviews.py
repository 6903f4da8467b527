"""What is due in agreements: reviews, signatures, ends that are near."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.layers import reviews
from gisapp.layers.agreement import Agreement, Party, Status
from gisapp.layers.project import Project
from gisapp.layers.reviews import Matter
from gisapp.layers.vocabulary import PartyRole

FIRST = date(2025, 1, 1)
DAY = date(2025, 6, 4)
DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))


def agreed(**more: object) -> Agreement:
    police = Party("City police", PartyRole.POLICE, signed_on=date(2024, 12, 1))
    start = Agreement("Harbour", Status.AGREED, (police,), effective=FIRST)
    return replace(start, **more)


def matters(agreement: Agreement, day: date = DAY) -> list[Matter]:
    project = Project(agreements={agreement.id: agreement})
    return [one.matter for one in reviews.due(project, day)]


def test_an_agreement_with_nothing_set_asks_for_nothing() -> None:
    assert matters(agreed()) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"next_review": DAY}, [Matter.REVIEW_DUE]),
        ({"next_review": date(2024, 1, 1)}, [Matter.REVIEW_DUE]),
        ({"next_review": DAY + timedelta(days=60)}, [Matter.REVIEW_SOON]),
        ({"next_review": DAY + timedelta(days=61)}, []),
        ({"review_every_months": 6}, [Matter.REVIEW_SOON]),
        ({"review_every_months": 12}, []),
        ({"expires": DAY}, [Matter.EXPIRING]),
        ({"expires": DAY - timedelta(days=1)}, [Matter.EXPIRED]),
        ({"expires": DAY - timedelta(days=1), "status": Status.EXPIRED}, []),
        ({"next_review": DAY, "status": Status.WITHDRAWN}, []),
        ({"next_review": DAY, "status": Status.DRAFT}, []),
        ({"next_review": DAY, "status": Status.SUSPENDED}, [Matter.REVIEW_DUE]),
        ({"parties": ()}, [Matter.UNSIGNED]),
        ({"parties": (Party("Health", PartyRole.HEALTH),)}, [Matter.UNSIGNED]),
    ],
)
def test_what_is_due(changes: dict[str, object], expected: list[Matter]) -> None:
    assert matters(agreed(**changes)) == expected


def test_the_most_pressing_comes_first_and_a_notice_says_it() -> None:
    old = agreed(title="Old", expires=date(2025, 5, 1))
    late = agreed(title="Late", next_review=date(2025, 6, 1))
    soon = agreed(title="Soon", next_review=date(2025, 7, 1))
    project = Project(agreements={one.id: one for one in (soon, old, late)})
    found = reviews.due(project, DAY)
    expected = [Matter.REVIEW_DUE, Matter.EXPIRED, Matter.REVIEW_SOON]
    assert [one.matter for one in found] == expected
    assert reviews.in_a_sentence(found) == "1 review is due and 1 agreement has ended."
    assert reviews.in_a_sentence(found[2:]) == ""
    assert reviews.in_a_sentence(found[:1]) == "The review of “Late” was due on 1 June 2025."


@given(DAYS, st.integers(1, 240))
def test_months_later_is_the_same_day_or_the_last_of_its_month(day: date, months: int) -> None:
    found = reviews.months_later(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day == day.day or (found + timedelta(days=1)).day == 1


def test_a_review_by_months_stays_due_until_the_next_is_set() -> None:
    late = agreed(review_every_months=3)
    assert reviews.next_review(late) == date(2025, 4, 1)
    assert matters(late) == [Matter.REVIEW_DUE]
    assert matters(replace(late, next_review=date(2026, 1, 1))) == []
    assert reviews.next_review(agreed(review_every_months=3, effective=None)) is None


def test_the_calendar_ends() -> None:
    assert reviews.months_later(date(9999, 12, 1), 1) == date.max
    assert matters(agreed(effective=date(9999, 1, 1)), date.max) == []
