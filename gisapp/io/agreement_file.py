"""Agreements as JSON that people can write by hand, checked so that no term gets lost.

Everything that is wrong is said at once, with the path of each value. A key that is not known
is a mistake too: a term under a misspelt key would be dropped without a word.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date, time
from itertools import pairwise
from pathlib import Path
from typing import Any

from gisapp.errors import DataError
from gisapp.io.agreement_keys import AGREEMENT_KEYS, TERMS_KEYS
from gisapp.io.json_checker import Checker
from gisapp.layers.agreement import DAYS, Agreement, Hours
from gisapp.layers.schedule import region_problem, rule_problem
from gisapp.layers.terms import Terms

#: More than this is no agreement, whatever it is.
_LARGEST = 5_000_000


# Writing


def to_json(agreement: Agreement) -> dict[str, Any]:
    """An agreement in its JSON form: plain words, dates as 2025-03-06, days by name."""
    return {
        "title": agreement.title,
        "status": agreement.status.value,
        "parties": [
            {
                "organisation": party.organisation,
                "role": party.role.value,
                "signatory": party.signatory,
                "signed_on": _iso(party.signed_on),
            }
            for party in agreement.parties
        ],
        "effective": _iso(agreement.effective),
        "expires": _iso(agreement.expires),
        "suspended": [activity.value for activity in agreement.suspended],
        "persons": agreement.persons,
        "exceptions": [exemption.value for exemption in agreement.exceptions],
        "hours": [_hours(hours) for hours in agreement.hours],
        "timezone": agreement.timezone,
        "radius_basis": agreement.radius_basis,
        "units_bound": agreement.units_bound,
        "referral_contact": agreement.referral_contact,
        "legal_basis": [asdict(basis) for basis in agreement.legal_basis],
        "notes": agreement.notes,
        "version": agreement.version,
        "superseded_on": _iso(agreement.superseded_on),
        "id": agreement.id,
        **_conditions(agreement.terms),
        **_paper(agreement),
    }


def terms_to_json(terms: Terms) -> dict[str, Any]:
    """The terms of a zone of its own in the form that they have in an agreement."""
    return {
        "suspended": [activity.value for activity in terms.suspended],
        "persons": terms.persons,
        "exceptions": [exemption.value for exemption in terms.exceptions],
        "hours": [_hours(hours) for hours in terms.hours],
        "units_bound": terms.units_bound,
        "referral_contact": terms.referral_contact,
        **_conditions(terms),
    }


def _conditions(terms: Terms) -> dict[str, Any]:
    return {
        "calendar": {
            "rule": terms.calendar.rule,
            "special": [
                {"day": _iso(one.day), "start": _at(one.start), "end": _at(one.end)}
                for one in terms.calendar.special
            ],
            "holidays": terms.calendar.holidays,
            "on_holidays": terms.calendar.on_holidays.value,
            "service_hours": terms.calendar.service_hours,
        },
        "suspended_other": terms.suspended_other,
        "offences": [asdict(offence) for offence in terms.offences],
        "thresholds": [asdict(threshold) for threshold in terms.thresholds],
        "min_age": terms.min_age,
        "dependence_required": terms.dependence_required,
        "registered_clients_only": terms.registered_clients_only,
        "staff_and_peers_covered": terms.staff_and_peers_covered,
        "covers_transit": terms.covers_transit.value if terms.covers_transit else None,
        "exceptions_other": terms.exceptions_other,
        "units_not_bound": terms.units_not_bound,
        "if_seized": terms.if_seized.value if terms.if_seized else None,
        "recording": terms.recording,
    }


def _paper(agreement: Agreement) -> dict[str, Any]:
    return {
        "formality": agreement.formality.value if agreement.formality else None,
        "liaison": [asdict(one) for one in agreement.liaison],
        "documents": [asdict(one) for one in agreement.documents],
        "review_every_months": agreement.review_every_months,
        "next_review": _iso(agreement.next_review),
        "evaluation_design": agreement.evaluation_design,
        "notice": agreement.notice,
        "visibility": agreement.visibility.value,
        "history": [
            {
                "on": _iso(step.on),
                "was": step.was.value,
                "became": step.became.value,
                "who": step.who,
                "why": step.why,
            }
            for step in agreement.history
        ],
    }


def _hours(hours: Hours) -> dict[str, Any]:
    return {
        "days": [DAYS[day] for day in hours.days],
        "start": _clock(hours.start),
        "end": _clock(hours.end),
    }


def _at(moment: time | None) -> str | None:
    return _clock(moment) if moment is not None else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _clock(moment: time) -> str:
    return moment.isoformat("minutes") if moment == _to_minute(moment) else moment.isoformat()


def _to_minute(moment: time) -> time:
    return moment.replace(second=0, microsecond=0)


# Reading


def read(source: Path | str) -> Agreement:
    """The agreement in a JSON file, or in the text of one.

    Raises DataError that lists everything that is wrong.
    """
    if isinstance(source, str) and source.lstrip().startswith("{"):
        return parse(source)
    path = Path(source)
    try:
        with path.open("rb") as file:
            held = file.read(_LARGEST + 1)  # no more, for a device may never end
        if len(held) > _LARGEST:
            raise DataError(f"“{path.name}” is too large for an agreement.", _HINT)
        text = held.decode("utf-8-sig")
    except FileNotFoundError:
        raise DataError(f"There is no file “{path}”.", "Check the name and the folder.") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise DataError(f"“{path.name}” cannot be read: {reason}.", "Choose another.") from error
    except UnicodeDecodeError:
        raise DataError(f"“{path.name}” is not a text file in UTF-8.", _HINT) from None
    return parse(text, path.name)


_HINT = "An agreement file is JSON; docs/agreement.schema.json in the source describes it."


def parse(text: str, name: str = "The agreement") -> Agreement:
    """The agreement in a JSON text; DataError that lists everything that is wrong."""
    checker = Checker()
    try:
        value = json.loads(text, object_pairs_hook=checker.no_key_twice)
    except (ValueError, RecursionError) as error:  # ValueError: a number of thousands of digits
        where = ""
        if isinstance(error, json.JSONDecodeError):
            where = f" (line {error.lineno}, column {error.colno}: {error.msg})"
        raise DataError(f"{name} is not valid JSON{where}.", _HINT) from None
    return _checked(value, checker, name)


def from_json(value: object, name: str = "The agreement") -> Agreement:
    """The agreement in a decoded JSON value; DataError that lists everything that is wrong."""
    return _checked(value, Checker(), name)


def parse_kept(text: str) -> Agreement:
    """An agreement kept in a project, where it may be unfinished (no title yet, say).

    Raises DataError or ValueError where it cannot be read.
    """
    return _checked(json.loads(text), Checker(), "The agreement", kept=True)


def _checked(value: object, checker: Checker, name: str, *, kept: bool = False) -> Agreement:
    terms = checker.members("", value, AGREEMENT_KEYS, required=("title",))
    if not checker.problems and not kept:
        for path, what in _senseless(terms):
            checker.wrong(path, what)
    if checker.problems:
        count = len(checker.problems)
        listed = "; ".join(checker.problems)
        raise DataError(
            f"{name} has {count} mistake{'s' if count > 1 else ''}: {listed}.",
            "Put them right and try again; nothing was changed.",
        )
    return Agreement(**terms)


def terms_from_json(value: object) -> Terms:
    """The terms of a zone of its own; DataError that lists everything that is wrong."""
    checker = Checker()
    terms = checker.members("", value, TERMS_KEYS, required=())
    if checker.problems:
        raise DataError(f"The terms of a zone are damaged: {'; '.join(checker.problems)}.")
    return Terms(**terms)


def _senseless(terms: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Terms that are well written and make no sense, with their paths."""
    start, end = terms.get("effective"), terms.get("expires")
    if start and end and end < start:
        yield "expires", f"{end} is before effective, {start}"
    if not terms["title"].strip():
        yield "title", "is empty"
    if terms.get("version", 1) < 1:
        yield "version", "must be 1 or more"
    if not terms.get("id", "new"):
        yield "id", "is empty"
    for index, party in enumerate(terms.get("parties", ())):
        if not party.organisation.strip():
            yield f"parties[{index}].organisation", "is empty"
    if terms.get("review_every_months", 1) < 1:
        yield "review_every_months", "must be 1 or more"
    if not 0 <= terms.get("min_age", 0) <= 120:
        yield "min_age", "is no age"
    calendar = terms.get("calendar")
    if calendar is not None:
        for path, what in (
            ("calendar.rule", rule_problem(calendar.rule)),
            ("calendar.holidays", region_problem(calendar.holidays)),
        ):
            if what:
                yield path, what
    history = terms.get("history", ())
    for index, (step, following) in enumerate(pairwise(history)):
        if following.on < step.on or following.was is not step.became:
            yield f"history[{index + 1}]", "does not follow from the step before"
    if history and terms.get("status", history[-1].became) is not history[-1].became:
        yield "status", "is not what the last step of history says"
