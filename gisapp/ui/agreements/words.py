"""How an agreement stands on a day and why, in a sentence; and what is wrong with a draft."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from gisapp.layers import lifecycle
from gisapp.layers.agreement import Agreement, Standing, Status, StatusChange, day_in_words
from gisapp.layers.vocabulary import Exemption
from gisapp.ui.agreements.term_rows import speaks_of_supply


def standing_sentence(agreement: Agreement, day: date) -> str:
    """“On 4 June 2025 this agreement is in force: both parties have signed, and …”"""
    standing = agreement.standing_on(day)
    reason = _REASONS[standing](agreement)
    what = {Standing.UNSIGNED: "not in force", Standing.DRAFT: "a draft"}.get(
        standing, standing.value
    )
    return f"On {day_in_words(day)} this agreement is {what}: {reason}."


def _in_force(agreement: Agreement) -> str:
    hours = f", at these hours: {agreement.hours_in_words()}" if agreement.hours else ""
    return f"{_signed(agreement)}, and it is valid {_validity(agreement)}{hours}"


def _signed(agreement: Agreement) -> str:
    count = len(agreement.parties)
    everyone = {1: "its one party has", 2: "both parties have"}
    return f"{everyone.get(count, f'all {count} parties have')} signed"


def _validity(agreement: Agreement) -> str:
    words = agreement.validity_in_words()
    return words if words.startswith("from") else f"from {words}"


def _agreed(agreement: Agreement) -> str:
    if agreement.effective is None:
        return f"{_signed(agreement)}, but it has no first day yet"
    return f"{_signed(agreement)}, and its first day is {day_in_words(agreement.effective)}"


def _unsigned(agreement: Agreement) -> str:
    missing = [
        party.organisation or "a party" for party in agreement.parties if not party.signed_on
    ]
    if not missing:
        return "it names no parties yet"
    named = " and ".join(filter(None, (", ".join(missing[:-1]), missing[-1])))
    return f"{named} {'has' if len(missing) == 1 else 'have'} not signed"


def _expired(agreement: Agreement) -> str:
    if agreement.status is Status.EXPIRED or agreement.expires is None:
        return "it is marked as expired"
    return f"its last day was {day_in_words(agreement.expires)}"


def _superseded(agreement: Agreement) -> str:
    if agreement.superseded_on is None:
        return "a later version took its place"
    return f"a later version took its place on {day_in_words(agreement.superseded_on)}"


_REASONS: dict[Standing, Callable[[Agreement], str]] = {
    Standing.IN_FORCE: _in_force,
    Standing.AGREED: _agreed,
    Standing.UNSIGNED: _unsigned,
    Standing.DRAFT: lambda _: "the partners have not agreed on it, whatever its dates say",
    Standing.SUSPENDED: lambda _: "the partners have suspended it",
    Standing.EXPIRED: _expired,
    Standing.WITHDRAWN: lambda _: "it was withdrawn",
    Standing.SUPERSEDED: _superseded,
    Standing.PROPOSED: lambda _: "there is no agreement",
}


def says_supply(agreement: Agreement) -> bool:
    """Whether it says if supply is covered: among the offences, or as an exception."""
    named = any(speaks_of_supply(offence.reference) for offence in agreement.offences)
    return named or Exemption.SUPPLY in agreement.exceptions


def problems(
    agreement: Agreement, *, new_version: bool = False, new: bool = False
) -> dict[str, str]:
    """What is wrong with an agreement as it was filled in, by the name of its field.

    A `new` one, or a new version, that is agreed also says whether supply is covered. An older
    one that does not can still be put right in other things. Some suspend nothing: a rule on
    where no service may stand, or a room that relies on discretion. The list of problems tells
    of those that should.
    """
    wrong: dict[str, str] = {}
    if not agreement.title.strip():
        wrong["title"] = "An agreement needs a title, such as the names of its partners."
    if agreement.effective and agreement.expires and agreement.expires < agreement.effective:
        wrong["expires"] = "The last day lies before the first."
    if any(not party.organisation.strip() for party in agreement.parties):
        wrong["parties"] = "Name the organisation of each party, or remove its row."
    holds = agreement.status in (Status.AGREED, Status.IN_FORCE)
    if holds and not agreement.parties:
        wrong["parties"] = "An agreement that is agreed names its parties."
    if new_version and agreement.effective is None:
        wrong["effective"] = "A new version needs its first day, on which the former one ends."
    if holds and (new or new_version) and not says_supply(agreement):
        wrong["offences"] = "Say whether supply or dealing is covered: every paper should."
    return wrong


def verb(was: Status, to: Status) -> str:
    """What a step is called on its button: `Suspend`, `Resume`."""
    if (was, to) == (Status.SUSPENDED, Status.IN_FORCE):
        return "Resume"
    return {
        Status.DRAFT: "Back to draft",
        Status.AGREED: "Mark as agreed",
        Status.IN_FORCE: "Put in force",
        Status.SUSPENDED: "Suspend",
        Status.EXPIRED: "End it",
        Status.WITHDRAWN: "Withdraw",
        Status.SUPERSEDED: "Supersede",
    }[to]


def next_steps(agreement: Agreement) -> tuple[Status, ...]:
    """What may follow now, in the order in which it is offered."""
    return lifecycle.LEGAL[agreement.status]


def step_in_words(step: StatusChange) -> str:
    """`1 March 2024: in force, by the Chief of police (as agreed)`."""
    why = f" ({step.why})" if step.why else ""
    return f"{day_in_words(step.on)}: {step.became.value}, by {step.who}{why}"
