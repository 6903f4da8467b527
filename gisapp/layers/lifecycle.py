"""The life of an agreement: which status may follow which, and what each step leaves behind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

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


def lived(agreement: Agreement, steps: Iterable[StatusChange]) -> Agreement:
    """The agreement after steps, each from where the one before left it, whatever it says it was.

    EditError for the first that cannot be taken (see `moved`).
    """
    for step in steps:
        agreement = moved(agreement, step.became, step.on, step.who, step.why)
    return agreement


def history_problems(
    history: Sequence[StatusChange], status: Status | None = None
) -> Iterator[tuple[int | None, str]]:
    """What is wrong with a history that somebody wrote, and the status that it ends in; all of it.

    Each with the place of its step, counted from 0; None stands for the status.
    """
    for index, step in enumerate(history):
        # A later version supersedes whatever there was, and mostly without a step of its own.
        if step.became not in (*LEGAL[step.was], Status.SUPERSEDED):
            yield index, f"{step.was.value} cannot become {step.became.value}"
        if not step.who.strip():
            yield index, "says nobody who decided it"
    for index, (before, step) in enumerate(pairwise(history), start=1):
        if step.on < before.on:
            yield index, f"lies before the step that it follows, of {before.on}"
        if step.was is not before.became:
            yield index, f"follows one after which it was {before.became.value}"
    if history and status not in (None, history[-1].became, Status.SUPERSEDED):
        yield None, f"is not what the last step of history says, {history[-1].became.value}"
