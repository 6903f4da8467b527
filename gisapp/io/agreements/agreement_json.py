"""Agreements, terms and zones as JSON: plain words, days by name, dates as 2025-03-06."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, time
from typing import Any

import shapely

from gisapp.layers.agreement import DAYS, Agreement, Hours
from gisapp.layers.terms import Terms
from gisapp.layers.zone import Zone


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


# Zones


def file_to_json(agreement: Agreement, zones: Sequence[Zone]) -> dict[str, Any]:
    """An agreement with its zones, as a file holds them."""
    return {**to_json(agreement), "zones": [zone_to_json(zone) for zone in zones]}


def zone_to_json(zone: Zone) -> dict[str, Any]:
    """A zone in its JSON form, its outline as GeoJSON; which agreement it is under is not said."""
    outline = shapely.force_2d(zone.shape)
    return {
        "name": zone.name,
        "basis": zone.basis.value,
        "basis_text": zone.basis_text,
        "measured_from": zone.measured_from.value if zone.measured_from else None,
        "centre": list(zone.centre) if zone.centre else None,
        "radius": zone.radius_text,
        "radius_m": zone.radius_m,
        "walk_minutes": zone.walk_minutes,
        "streets": list(zone.streets),
        "width_m": zone.width_m,
        "service": zone.service,
        "anchors": list(zone.anchors),
        "parts": zone.parts,
        "polarity": zone.polarity.value,
        "priority": zone.priority,
        "visibility": zone.visibility.value,
        "starts_at": zone.starts_at.isoformat() if zone.starts_at else None,
        "ends_at": zone.ends_at.isoformat() if zone.ends_at else None,
        "note": zone.note,
        "terms": terms_to_json(zone.terms) if zone.terms is not None else None,
        "id": zone.id,
        "geometry": shapely.geometry.mapping(outline),
    }
