"""Agreements as JSON that people can write by hand, checked so that no term gets lost.

Everything that is wrong is said at once, with the path of each value. A key that is not known
is a mistake too: a term under a misspelt key would be dropped without a word.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, time
from pathlib import Path
from typing import Any

from gisapp.errors import DataError
from gisapp.io.json_checker import (
    Checker,
    Key,
    choice_key,
    choices_key,
    day_key,
    object_schema,
    objects_key,
    plain,
    shown,
    text_key,
)
from gisapp.layers.agreement import DAYS, Agreement, Hours, Party, Status
from gisapp.layers.vocabulary import Activity, Exemption, PartyRole

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
        "hours": [
            {
                "days": [DAYS[day] for day in hours.days],
                "start": _clock(hours.start),
                "end": _clock(hours.end),
            }
            for hours in agreement.hours
        ],
        "timezone": agreement.timezone,
        "radius_basis": agreement.radius_basis,
        "units_bound": agreement.units_bound,
        "referral_contact": agreement.referral_contact,
        "legal_basis": agreement.legal_basis,
        "notes": agreement.notes,
        "version": agreement.version,
        "superseded_on": _iso(agreement.superseded_on),
        "id": agreement.id,
    }


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


# What each key holds


def _read_days(checker: Checker, path: str, value: object) -> tuple[int, ...]:
    numbers = {plain(day): index for index, day in enumerate(DAYS)}
    numbers |= {day[:3].casefold(): index for index, day in enumerate(DAYS)}

    def read_one(at: str, item: object) -> int:
        number = numbers.get(plain(item)) if isinstance(item, str) else None
        if number is None:
            checker.wrong(at, f"{shown(item)} is not a day of the week such as Monday")
        return number or 0

    days = checker.items(path, value, read_one)
    if value == []:
        checker.wrong(path, "names no day")
    return days


_DAYS_SCHEMA = {
    "type": "array",
    "items": {"enum": list(DAYS)},
    "minItems": 1,
    "description": "The days on which these hours start.",
}
_CLOCK_SCHEMA = {"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9](:[0-5][0-9])?$"}

_PARTY_KEYS = {
    "organisation": Key(Checker.text, {"type": "string", "minLength": 1}),
    "role": choice_key(PartyRole, "The part it has in the agreement."),
    "signatory": text_key("Who signs for it, by office."),
    "signed_on": day_key("The day on which it signed; null until then."),
}

_HOURS_KEYS = {
    "days": Key(_read_days, _DAYS_SCHEMA),
    "start": Key(Checker.clock, {**_CLOCK_SCHEMA, "description": "Local time, included."}),
    "end": Key(
        Checker.clock,
        {
            **_CLOCK_SCHEMA,
            "description": "Local time, not included; at or before start: on the next day.",
        },
    ),
}

AGREEMENT_KEYS: Mapping[str, Key] = {
    "title": Key(Checker.text, {"type": "string", "minLength": 1}),
    "status": choice_key(Status, "What the partners say of it; the dates say the rest."),
    "parties": objects_key(
        _PARTY_KEYS, Party, ("organisation", "role"), "The organisations that are bound."
    ),
    "effective": day_key("The first day, included."),
    "expires": day_key("The last day, included; null for no end."),
    "suspended": choices_key(Activity, "What officers do not do in the zones."),
    "persons": text_key("For whom it holds."),
    "exceptions": choices_key(Exemption, "When it does not bind."),
    "hours": objects_key(
        _HOURS_KEYS, Hours, ("days", "start", "end"), "Weekly hours; none means at all hours."
    ),
    "timezone": Key(
        Checker.timezone,
        {"type": "string", "description": "IANA name of the zone of its days and hours."},
    ),
    "radius_basis": text_key("Who settled on a radius, and how."),
    "units_bound": text_key("The units that are bound."),
    "referral_contact": text_key("Whom officers call to link people to services."),
    "legal_basis": text_key("The law or order it rests on."),
    "notes": text_key("Whatever else was agreed."),
    "version": Key(
        Checker.whole,
        {"type": "integer", "minimum": 1, "description": "Higher than that which it supersedes."},
    ),
    "superseded_on": day_key("The day from which a later version holds."),
    "id": Key(
        Checker.text,
        {"type": "string", "minLength": 1, "description": "The same in all versions."},
    ),
}


def schema() -> dict[str, Any]:
    """The JSON Schema of an agreement file, as published in docs/agreement.schema.json."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Agreement",
        "description": "An agreement between police and partners, as gisapp reads and writes it.",
        **object_schema(AGREEMENT_KEYS, ("title",)),
    }
