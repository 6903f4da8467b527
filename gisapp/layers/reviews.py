"""What is due in the agreements of a project: reviews, signatures, ends that are near."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from gisapp.layers.agreement import Agreement, Standing, Status, day_in_words
from gisapp.layers.project import Project

#: What is to come within these days is named ahead.
SOON_DAYS = 60


class Matter(StrEnum):
    """What asks for attention."""

    REVIEW_DUE = "review due"
    EXPIRED = "has ended"
    UNSIGNED = "signatures missing"
    REVIEW_SOON = "review soon"
    EXPIRING = "ends soon"

    @property
    def label(self) -> str:
        return self.value[0].upper() + self.value[1:]

    @property
    def presses(self) -> bool:
        """Whether its day has come already."""
        return self in (Matter.REVIEW_DUE, Matter.EXPIRED)


@dataclass(frozen=True, slots=True)
class Due:
    """One matter of one agreement: its day where it has one, and a sentence."""

    agreement_id: str
    matter: Matter
    on: date | None
    words: str


def months_later(day: date, months: int) -> date:
    """The same day of the month so many months on, or the month's last where it has no such day.

    The last day of the calendar where that lies beyond it.
    """
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    if year > date.max.year:
        return date.max
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def next_review(agreement: Agreement) -> date | None:
    """When an agreement is to be reviewed: the day that is set, or so long after its first day.

    A review that was held is recorded by the day of the one after it. Until that is set the first
    one stays due, for nobody has said that it was held.
    """
    if agreement.next_review is not None:
        return agreement.next_review
    every, first = agreement.review_every_months, agreement.first_day
    return months_later(first, every) if every and first is not None else None


def due(project: Project, day: date, within_days: int = SOON_DAYS) -> tuple[Due, ...]:
    """What is due on a day or within the days after it, the most pressing first."""
    soon = day + min(timedelta(days=within_days), date.max - day)
    found = [
        matter
        for agreement in project.agreements.values()
        for matter in _matters(agreement, day, soon)
    ]
    order = list(Matter)
    return tuple(sorted(found, key=lambda one: (order.index(one.matter), one.on or day, one.words)))


def _matters(agreement: Agreement, day: date, soon: date) -> list[Due]:
    standing = agreement.standing_on(day)
    named = f"“{agreement.title}”"
    found = []

    def add(matter: Matter, on: date | None, words: str) -> None:
        found.append(Due(agreement.id, matter, on, words))

    if standing is Standing.EXPIRED and agreement.status is not Status.EXPIRED:
        words = (
            f"{named} ended after {day_in_words(agreement.expires)}." if agreement.expires else ""
        )
        add(Matter.EXPIRED, agreement.expires, words)
        return found
    if standing is Standing.UNSIGNED:
        missing = [
            p.organisation for p in agreement.parties if not (p.signed_on and p.signed_on <= day)
        ]
        who = ", ".join(missing) or "every party: none is named"
        add(Matter.UNSIGNED, None, f"{named} still needs the signature of {who}.")
    if standing not in (Standing.IN_FORCE, Standing.AGREED, Standing.SUSPENDED, Standing.UNSIGNED):
        return found
    review = next_review(agreement)
    if review is not None and review <= day:
        add(Matter.REVIEW_DUE, review, f"The review of {named} was due on {day_in_words(review)}.")
    elif review is not None and review <= soon:
        add(Matter.REVIEW_SOON, review, f"{named} is to be reviewed on {day_in_words(review)}.")
    if agreement.expires is not None and day <= agreement.expires <= soon:
        last = day_in_words(agreement.expires)
        add(Matter.EXPIRING, agreement.expires, f"The last day of {named} is {last}.")
    return found


def in_a_sentence(found: tuple[Due, ...]) -> str:
    """What presses, for a notice: `The review of “Harbour” was due on …`; empty for nothing."""
    pressing = [one for one in found if one.matter.presses]
    if not pressing:
        return ""
    if len(pressing) == 1:
        return pressing[0].words
    reviews = sum(one.matter is Matter.REVIEW_DUE for one in pressing)
    ended = len(pressing) - reviews
    parts = []
    if reviews:
        parts.append("1 review is due" if reviews == 1 else f"{reviews:,} reviews are due")
    if ended:
        parts.append("1 agreement has ended" if ended == 1 else f"{ended:,} agreements have ended")
    return f"{' and '.join(parts)}."
