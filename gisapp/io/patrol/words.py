"""A zone in words, as people read it in a README, a description or a remark."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from gisapp.io.patrol.zones import Outgoing
from gisapp.layers.agreement import day_in_words
from gisapp.layers.vocabulary import Seized, Transit

_FURTHER = {
    "From": "starts_at",
    "Until": "ends_at",
    "For whom": "persons",
    "People on the way to and from": "covers_transit",
    "Offences": "offences",
    "Counts as personal": "thresholds",
    "Does not bind in case of": "exceptions",
    "Units bound": "units_bound",
    "Units not bound": "units_not_bound",
    "What was taken away all the same": "if_seized",
    "Recorded instead": "recording",
    "Call to refer people": "referral_contact",
    "Streets": "streets",
    "Of the building": "parts",
    "Outline": "basis_text",
}
#: What columns with codes hold, in words.
_SAID: Mapping[str, Mapping[str, str]] = {
    "covers_transit": {
        Transit.YES: "covered",
        Transit.NO: "not covered",
        Transit.DISCRETION: "at the officer's discretion",
    },
    "if_seized": {
        Seized.RETURNED: "given back",
        Seized.DESTROYED: "destroyed",
        Seized.NEVER_RETURNED: "never given back",
    },
}


def still_open(flawed: int) -> str:
    """How many zones in force are not in a package: `1 further zone in force has still to …`."""
    have = "zone in force has" if flawed == 1 else "zones in force have"
    return f"{flawed:,} further {have} still to be put right"


def in_words(zone: Outgoing) -> tuple[str, ...]:
    """What is agreed for a zone, a thing a line, without its name."""
    value = zone.attributes
    end = value["valid_to"]
    until = f" to {day_in_words(end)}" if isinstance(end, date) else ", no end set"
    start = value["valid_from"]
    since = day_in_words(start) if isinstance(start, date) else ""
    lines = [
        f"Agreement: {value['agreement']}, version {value['version']}",
        f"Signed by: {value['parties']}",
        f"In force: from {since}{until} ({value['timezone']})",
        f"Hours: {value['hours']}",
        f"Not done here: {value['suspended_words'] or 'see the agreement'}",
    ]
    lines += [f"{label}: {_said(key, value[key])}" for label, key in _FURTHER.items() if value[key]]
    codes = ("suspended", "exception_codes", "hours_code")
    coded = [f"{key} = {value[key]}" for key in codes if value[key]]
    return (*lines, f"As codes: {'; '.join(coded)}") if coded else tuple(lines)


def _said(key: str, value: object) -> object:
    return _SAID.get(key, {}).get(str(value), value)
