"""The life of an agreement: which status may follow which, and what each step leaves behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from gisapp.errors import EditError
from gisapp.layers.agreement import Agreement, Standing, Status, StatusChange

#: What may follow what. Being superseded follows from a later version, never by hand.
#:
#: An agreed agreement comes into force and ends by its dates (see `Agreement.standing_on`); to be
#: put in force by hand changes nothing before its first day. What has ended begins again as a new
#: version, so that nobody takes the time between for time in which it held.
LEGAL: Mapping[Status, tuple[Status, ...]] = {
    Status.DRAFT: (Status.AGREED, Status.WITHDRAWN),
    Status.AGREED: (
        Status.IN_FORCE,
        Status.DRAFT,
        Status.SUSPENDED,
        Status.EXPIRED,
        Status.WITHDRAWN,
    ),
    Status.IN_FORCE: (Status.SUSPENDED, Status.EXPIRED, Status.WITHDRAWN),
    Status.SUSPENDED: (Status.IN_FORCE, Status.EXPIRED, Status.WITHDRAWN),
    Status.EXPIRED: (),
    Status.WITHDRAWN: (),
    Status.SUPERSEDED: (),
}


def moved(agreement: Agreement, to: Status, on: date, who: str, why: str = "") -> Agreement:
    """The agreement with its next status from the day `on`; the step stands in its history.

    EditError for a step that is not legal, one before an earlier step, one that makes a draft of
    what is in force already, or one that nobody answers for.
    """
    if to not in LEGAL[agreement.status]:
        may = ", ".join(status.value for status in LEGAL[agreement.status])
        raise EditError(
            f"“{agreement.title}” is {agreement.status.value} and cannot become {to.value}.",
            f"It can become: {may}." if may else "Record a new version of it instead.",
        )
    if not who.strip():
        raise EditError("Say who decided this.", "An office is enough, such as Chief of police.")
    if agreement.history and on < agreement.history[-1].on:
        last = agreement.history[-1].on
        raise EditError(
            f"This step is dated {on}, before the last one of {last}.",
            f"Give it a day from {last} on.",
        )
    if to is Status.DRAFT and agreement.standing_on(on) is Standing.IN_FORCE:
        raise EditError(
            f"“{agreement.title}” is in force on {on} by its dates and cannot become a draft.",
            "Suspend or withdraw it, or record a new version.",
        )
    step = StatusChange(on, agreement.status, to, who.strip(), why.strip())
    return replace(agreement, status=to, history=(*agreement.history, step))


def next_version(agreement: Agreement) -> Agreement:
    """A draft of the version after this one: the same terms, a life of its own, nobody's yet.

    Its first and last day are to be chosen, and all parties sign anew.
    """
    return replace(
        agreement,
        version=agreement.version + 1,
        status=Status.DRAFT,
        history=(),
        superseded_on=None,
        effective=None,
        expires=None,
        next_review=None,
        parties=tuple(replace(party, signed_on=None) for party in agreement.parties),
    )


def history_problems(agreement: Agreement) -> tuple[str, ...]:
    """What is wrong with the history of an agreement, as it may come from a file; all of it."""
    found = []
    said: Status | None = None
    before: StatusChange | None = None
    for number, step in enumerate(agreement.history, start=1):
        what = f"step {number} ({step.was.value} to {step.became.value} on {step.on})"
        if before is not None and step.on < before.on:
            found.append(f"{what} lies before the step that it follows")
        if said is not None and step.was is not said:
            found.append(f"{what} follows one after which it was {said.value}")
        by_version = step.became is Status.SUPERSEDED
        if step.became not in LEGAL[step.was] and not by_version:
            found.append(f"{what} is not possible")
        if not step.who.strip():
            found.append(f"{what} says nobody who decided it")
        said, before = step.became, step
    # A later version supersedes without a step of its own.
    if said is not None and agreement.status not in (said, Status.SUPERSEDED):
        found.append(f"it is {agreement.status.value}, and after its last step it was {said.value}")
    return tuple(found)
