"""A zone in words, as people read it in a README, a description or a remark."""

from __future__ import annotations

from datetime import date

from gisapp.io.patrol.zones import Outgoing
from gisapp.layers.agreement import day_in_words

_FURTHER = {
    "From": "starts_at",
    "Until": "ends_at",
    "For whom": "persons",
    "On the way to and from": "covers_transit",
    "Offences": "offences",
    "Counts as personal": "thresholds",
    "Does not bind in case of": "exceptions",
    "Units bound": "units_bound",
    "Units not bound": "units_not_bound",
    "What was taken all the same": "if_seized",
    "Recorded instead": "recording",
    "Call to refer people": "referral_contact",
    "Streets": "streets",
    "Of the building": "parts",
    "Outline": "basis_text",
}


def in_words(zone: Outgoing) -> tuple[str, ...]:
    """What is agreed for a zone, a thing a line, without its name."""
    value = zone.attributes
    end = value["valid_to"]
    until = f" to {day_in_words(end)}" if isinstance(end, date) else ", with no end set"
    start = value["valid_from"]
    since = day_in_words(start) if isinstance(start, date) else ""
    lines = [
        f"Agreement: {value['agreement']}, version {value['version']}",
        f"Signed by: {value['parties']}",
        f"In force: {since}{until} ({value['timezone']})",
        f"Hours: {value['hours']}",
        f"Not done here: {value['suspended_words'] or 'see the agreement'}",
    ]
    lines += [f"{label}: {value[key]}" for label, key in _FURTHER.items() if value[key]]
    codes = ("suspended", "exception_codes", "hours_code")
    coded = [f"{key} = {value[key]}" for key in codes if value[key]]
    return (*lines, f"As codes: {'; '.join(coded)}") if coded else tuple(lines)
