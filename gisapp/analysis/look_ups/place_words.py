"""What applies at a place, as lines of plain text and as JSON."""

from __future__ import annotations

from datetime import datetime

from gisapp.analysis.look_ups.help_near import NearbyService
from gisapp.analysis.look_ups.place_answer import HoldsHere, HoldsNotNow, PlaceAnswer
from gisapp.layers import geodesy, terms_words
from gisapp.layers.units import Units
from gisapp.layers.zone import Zone


def as_json(answer: PlaceAnswer) -> dict[str, object]:
    """The answer for other programs; `docs/command-line.md` says what each key means."""
    said: dict[str, object] = {
        "lon": answer.lon,
        "lat": answer.lat,
        "zones": [_zone_json(answer, one) for one in answer.holds],
        "not_holding": [
            {
                "zone_id": answer.id_of(one.zone),
                "zone": one.zone.name,
                "why": one.why,
                "next": _iso(one.next),
            }
            for one in answer.not_now
        ],
        "not_settled": [
            [_named(answer, plain), _named(answer, other)] for plain, other in answer.disputed
        ],
        "services": [one.as_json() for one in answer.services],
        "naloxone": answer.naloxone.as_json() if answer.naloxone else None,
    }
    if answer.unsure:
        said["not_known"] = [
            {"zone_id": answer.id_of(zone), "zone": zone.name, "why": why}
            for zone, why in answer.unsure
        ]
    return said


def _zone_json(answer: PlaceAnswer, one: HoldsHere) -> dict[str, object]:
    said = one.applies.as_json() | {"zone_id": answer.id_of(one.zone)}
    return said | {"until": _iso(one.until)}


def _named(answer: PlaceAnswer, zone: Zone) -> dict[str, str]:
    return {"zone_id": answer.id_of(zone), "zone": zone.name, "polarity": zone.polarity.value}


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def in_words(answer: PlaceAnswer, units: Units = Units.METRIC) -> str:
    """The answer as lines of text, for a terminal or to be pasted into a message."""
    when = f"{moment(answer.at)} ({answer.timezone})"
    place = geodesy.position_in_words(answer.lon, answer.lat)
    lines = [f"At {when}, {place}:"]
    if not answer.holds:
        lines = [f"No zone holds there at {when}, {place}."]
    for plain, other in answer.disputed:
        lines.append(f"  {not_settled(plain, other)}")
    for one in answer.holds:
        lines += _zone_lines(one)
    for zone, why in answer.unsure:
        lines.append(f"Not known whether “{zone.name}” holds{f': {why}' if why else ''}.")
    for late in answer.not_now:
        lines.append(f"Does not hold then: {late.zone.name} ({not_now(late)}).")
    lines += _help_lines(answer, units)
    return "\n".join(lines)


def moment(at: datetime) -> str:
    """`2026-03-31 22:00`, the clock on the spot."""
    return f"{at:%Y-%m-%d %H:%M}"


def not_settled(plain: Zone, other: Zone) -> str:
    """What to say of two zones of opposite sign on which nobody decided."""
    return (
        f"Not settled: whether “{plain.name}” or “{other.name}” "
        f"({other.polarity.label.lower()}) holds here"
    )


def not_now(one: HoldsNotNow) -> str:
    """`outside its hours: Monday to Friday 08:00–20:00; next 2026-04-01 08:00`."""
    return f"{one.why}; next {moment(one.next)}" if one.next else one.why


def terms_of(one: HoldsHere) -> list[tuple[str, str]]:
    """What is to be said of a zone that holds, each with what it is; nothing that is empty."""
    terms = one.agreement
    opposite = one.zone.polarity.is_opposite
    said = [
        ("This zone", one.zone.polarity.label.lower() if opposite else ""),
        ("For", terms_words.persons(terms)),
        ("Binds", terms.units_bound),
        ("Does not bind", terms.units_not_bound),
        ("Exceptions", terms_words.exceptions(terms)),
        ("Hours", terms.hours_in_words()),
        ("Holds until", moment(one.until) if one.until else "no end within a year"),
        ("Call to refer people", terms.referral_contact),
        ("Its outline", one.applies.outline_note),
    ]
    return [(name, " ".join(text.split())) for name, text in said if text.strip()]


def _zone_lines(one: HoldsHere) -> list[str]:
    lines = [f"  {one.zone.name} ({one.agreement.title})"]
    lines += [f"    not here: {activity.label.lower()}" for activity in one.suspended]
    if one.suspended_other:
        lines.append(f"    not here: {one.suspended_other}")
    return lines + [f"    {name.lower()}: {text}" for name, text in terms_of(one)]


def _help_lines(answer: PlaceAnswer, units: Units) -> list[str]:
    lines = [f"Nearest service: {service(one, units)}" for one in answer.services[:1]]
    lines += [f"Next: {service(one, units)}" for one in answer.services[1:]]
    given = answer.naloxone
    if given is not None and all(
        given.row != one.row or given.layer_id != one.layer_id for one in answer.services
    ):
        lines.append(f"Nearest naloxone: {service(given, units)}")
    return lines or ["No service is known that may be open then."]


def service(one: NearbyService, units: Units) -> str:
    """`Day house, 260 m, open until Tuesday 18:00, 555-0102`."""
    said = (one.name, units.length(one.distance_m), one.opening_in_words, one.referral_contact)
    return ", ".join(part for part in said if part)
