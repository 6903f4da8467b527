"""What each key of the terms in an agreement file holds: those of an agreement, or of one zone."""

from __future__ import annotations

from collections.abc import Mapping

from gisapp.io.agreements.json_checker import (
    Checker,
    Key,
    choice_key,
    choices_key,
    day_key,
    flag_key,
    object_key,
    objects_key,
    plain,
    shown,
    text_key,
    whole_key,
)
from gisapp.layers.schedule import DAYS, Calendar, Hours, OnHolidays, SpecialDay
from gisapp.layers.terms import Offence, Threshold
from gisapp.layers.vocabulary import Activity, Exemption, Seized, Transit


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
