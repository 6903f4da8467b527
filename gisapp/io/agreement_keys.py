"""What each key of an agreement file holds: how it is read, and how the schema describes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gisapp.io.json_checker import (
    Checker,
    Key,
    choice_key,
    choices_key,
    day_key,
    flag_key,
    object_key,
    object_schema,
    objects_key,
    plain,
    shown,
    text_key,
    whole_key,
)
from gisapp.layers.agreement import (
    Attachment,
    LegalBasis,
    Liaison,
    Party,
    Status,
    StatusChange,
)
from gisapp.layers.schedule import DAYS, Calendar, Hours, OnHolidays, SpecialDay
from gisapp.layers.terms import Offence, Threshold
from gisapp.layers.vocabulary import (
    Activity,
    Exemption,
    Formality,
    PartyRole,
    Seized,
    Transit,
    Visibility,
)


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


def _read_legal_basis(checker: Checker, path: str, value: object) -> tuple[LegalBasis, ...]:
    """A list, or the one text that older files hold."""
    if isinstance(value, str):
        text = checker.text(path, value)
        return (LegalBasis(text),) if text else ()
    found: tuple[LegalBasis, ...] = _LEGAL_LIST.read(checker, path, value)
    return found


_LEGAL_LIST = objects_key(
    {
        "instrument": Key(Checker.text, {"type": "string", "minLength": 1}),
        "jurisdiction": text_key("Where it is law."),
        "section": text_key("Which part of it."),
        "url": text_key("Where it can be read."),
    },
    LegalBasis,
    ("instrument",),
    "The laws or orders it rests on.",
)
_LEGAL_SCHEMA = {"anyOf": [{"type": "string"}, dict(_LEGAL_LIST.schema)]}


def _read_hash(checker: Checker, path: str, value: object) -> str:
    text = checker.text(path, value).casefold()
    if len(text) != 64 or set(text) - set("0123456789abcdef"):
        checker.wrong(path, f"{shown(value)} is not a SHA-256 of 64 hexadecimal digits")
    return text


def _clock_key(description: str) -> Key:
    return Key(
        Checker.clock, {"type": ["string", "null"], "description": description, **_CLOCK_PATTERN}
    )


_CLOCK_PATTERN = {"pattern": "^[0-2][0-9]:[0-5][0-9](:[0-5][0-9])?$"}

_CALENDAR_KEYS = {
    "rule": text_key("On which days, as a recurrence of RFC 5545; empty for every day."),
    "special": objects_key(
        {
            "day": day_key("The day that has hours of its own."),
            "start": _clock_key("Local time, included; null: it does not hold on that day."),
            "end": _clock_key("Local time, not included; at or before start: on the next day."),
        },
        SpecialDay,
        ("day",),
        "Days with hours of their own.",
    ),
    "holidays": text_key("Whose public holidays count: a country, or a part such as US-OH."),
    "on_holidays": choice_key(OnHolidays, "What public holidays do to the hours."),
    "service_hours": flag_key("Whether it holds while the service is open."),
}

#: Terms that an agreement has for all its zones, or a zone for itself.
TERMS_KEYS: Mapping[str, Key] = {
    "suspended": choices_key(Activity, "What officers do not do in the zones."),
    "suspended_other": text_key("What else is suspended, in own words."),
    "offences": objects_key(
        {
            "reference": Key(Checker.text, {"type": "string", "minLength": 1}),
            "included": flag_key("Whether the agreement reaches it; false: it does not."),
        },
        Offence,
        ("reference",),
        "Provisions of law that are in or out; say of supply what holds.",
    ),
    "thresholds": objects_key(
        {
            "substance": Key(Checker.text, {"type": "string", "minLength": 1}),
            "amount": Key(Checker.number, {"type": "number", "minimum": 0}),
            "unit": text_key("Its unit, grams unless said."),
            "cumulative": flag_key("Whether all substances count together."),
        },
        Threshold,
        ("substance", "amount"),
        "Up to how much counts as personal.",
    ),
    "persons": text_key("For whom it holds."),
    "min_age": whole_key("From which age.", 0),
    "dependence_required": flag_key("Whether for people with a dependence alone."),
    "registered_clients_only": flag_key("Whether for registered clients alone."),
    "staff_and_peers_covered": flag_key("Whether staff, peers and outreach workers are covered."),
    "covers_transit": choice_key(Transit, "Whether people on the way are covered.", empty=True),
    "exceptions": choices_key(Exemption, "When it does not bind."),
    "exceptions_other": text_key("When else it does not bind, in own words."),
    "units_bound": text_key("The units that are bound."),
    "units_not_bound": text_key("The units that are not bound."),
    "if_seized": choice_key(Seized, "What becomes of what was taken all the same.", empty=True),
    "recording": text_key("What officers record instead."),
    "referral_contact": text_key("Whom officers call to link people to services."),
    "hours": objects_key(
        _HOURS_KEYS, Hours, ("days", "start", "end"), "Weekly hours; none means at all hours."
    ),
    "calendar": object_key(_CALENDAR_KEYS, Calendar, (), "On which days."),
}

AGREEMENT_KEYS: Mapping[str, Key] = {
    "title": Key(Checker.text, {"type": "string", "minLength": 1}),
    "status": choice_key(Status, "What the partners say of it; the dates say the rest."),
    "parties": objects_key(
        _PARTY_KEYS, Party, ("organisation", "role"), "The organisations that are bound."
    ),
    "effective": day_key("The first day, included."),
    "expires": day_key("The last day, included; null for no end."),
    "timezone": Key(
        Checker.timezone,
        {"type": "string", "description": "IANA name of the zone of its days and hours."},
    ),
    "radius_basis": text_key("Who settled on a radius, and how."),
    "legal_basis": Key(_read_legal_basis, _LEGAL_SCHEMA),
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
    **TERMS_KEYS,
    "formality": choice_key(Formality, "What kind of paper it is.", empty=True),
    "liaison": objects_key(
        {
            "organisation": Key(Checker.text, {"type": "string", "minLength": 1}),
            "role": text_key("The office there."),
            "channel": text_key("How it is reached; no person's own number."),
            "hours": text_key("When it is reached."),
        },
        Liaison,
        ("organisation",),
        "Whom to reach at each side.",
    ),
    "documents": objects_key(
        {
            "title": Key(Checker.text, {"type": "string", "minLength": 1}),
            "sha256": Key(_read_hash, {"type": "string", "pattern": "^[0-9a-f]{64}$"}),
            "file_name": text_key("What its file was called."),
            "public": flag_key("Whether it may be published."),
        },
        Attachment,
        ("title", "sha256"),
        "Documents, known again by their SHA-256.",
    ),
    "review_every_months": whole_key("How often it is reviewed.", 1),
    "next_review": day_key("When it is reviewed next."),
    "evaluation_design": text_key("How it will be judged."),
    "notice": text_key("Who is told, and by when, if it is suspended."),
    "visibility": choice_key(Visibility, "Who may see it."),
    "history": objects_key(
        {
            "on": day_key("The first day of the new status."),
            "was": choice_key(Status, "The status before."),
            "became": choice_key(Status, "The status from that day."),
            "who": Key(Checker.text, {"type": "string", "minLength": 1}),
            "why": text_key("Why."),
        },
        StatusChange,
        ("on", "was", "became", "who"),
        "Every change of status, oldest first.",
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
