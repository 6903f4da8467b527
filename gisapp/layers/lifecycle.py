"""The life of an agreement: which status may follow which, and what each step leaves behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from gisapp.errors import EditError
from gisapp.layers.agreement import Agreement, Status, StatusChange

#: What may follow what. Being superseded follows from a later version, never by hand.
LEGAL: Mapping[Status, tuple[Status, ...]] = {
    Status.DRAFT: (Status.AGREED, Status.WITHDRAWN),
    Status.AGREED: (Status.IN_FORCE, Status.DRAFT, Status.SUSPENDED, Status.WITHDRAWN),
    Status.IN_FORCE: (Status.SUSPENDED, Status.EXPIRED, Status.WITHDRAWN),
    Status.SUSPENDED: (Status.IN_FORCE, Status.EXPIRED, Status.WITHDRAWN),
    Status.EXPIRED: (),
    Status.WITHDRAWN: (),
    Status.SUPERSEDED: (),
}


def moved(agreement: Agreement, to: Status, on: date, who: str, why: str = "") -> Agreement:
    """The agreement with its next status from the day `on`; the step stands in its history.

    EditError for a step that is not legal, one before an earlier step, or one that nobody
    answers for.
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
    step = StatusChange(on, agreement.status, to, who.strip(), why.strip())
    return replace(agreement, status=to, history=(*agreement.history, step))
