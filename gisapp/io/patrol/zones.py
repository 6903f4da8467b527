"""What is said of a zone that goes to patrol systems, and its exact outline."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gisapp.layers import geodesy, holding, terms_words
from gisapp.layers.agreement import Agreement, Party
from gisapp.layers.audience import Audience
from gisapp.layers.confidential import code_of, veiled, without_sites
from gisapp.layers.overlap import ground_held
from gisapp.layers.project import Project
from gisapp.layers.schedule import OnHolidays
from gisapp.layers.seen import is_seen
from gisapp.layers.zone import Zone

#: Decimals of a degree in every file: 1 cm on the ground (RFC 7946, section 11.2).
DECIMALS = 7


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A zone as it goes out: its outline in EPSG:4326, and its attributes by column.

    `centre` (lon, lat) is that of a circle of which all goes out, as `radius_m` is its radius.
    """

    shape: BaseGeometry
    attributes: Mapping[str, str | float | int | date | None]
    centre: tuple[float, float] | None = None


# Outlines


def outline(zone: Zone) -> BaseGeometry:
    """The zone cut at the antimeridian, to 7 decimals, exterior rings counter-clockwise.

    Every vertex lies within 6 mm of where the project has it.
    """
    shape = shapely.force_2d(geodesy.within_180(zone.shape))
    rounded = shapely.transform(shape, _rounded)
    if not shapely.is_valid(rounded):
        # Corners closer than 1 cm fell together: let them be dissolved on the same grid.
        dissolved = shapely.set_precision(shape, 10**-DECIMALS)
        rounded = shapely.transform(dissolved, _rounded)
    return shapely.orient_polygons(rounded)


def ground_of(project: Project, zone: Zone, day: date) -> BaseGeometry:
    """The outline that goes out: without ground that was settled for zones of opposite sign."""
    ground, before = ground_held(project, zone, day)
    return outline(replace(zone, shape=_areas(ground)) if before else zone)


def _areas(shape: BaseGeometry) -> BaseGeometry:
    """The areas of what is left of a zone, without lines where two outlines only touch."""
    parts = shapely.get_parts(shape)
    return shapely.MultiPolygon(list(parts[shapely.get_dimensions(parts) == 2]))


def _rounded(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    # Adding zero turns -0.0 into 0.0, which some readers show as it is.
    return np.round(xy, DECIMALS) + 0.0


# Attributes

#: Columns of every file, in order, with what they say. Nothing else of a zone goes out: no note,
#: no service by name, no liaison, nobody who signed, no possible breach.
COLUMNS: Mapping[str, str] = {
    "zone_id": "identifier of the zone; the same in every package",
    "name": "name of the zone",
    "polarity": "what it does to enforcement: always no_enforcement",
    "priority": "where zones overlap, the one with the higher number is looked at first",
    "visibility": "who may see it: public, partners or police_only",
    "agreement": "title of the agreement",
    "version": "version of the agreement",
    "formality": "what kind of paper the agreement is",
    "legal_basis": "the laws or orders that it rests on",
    "parties": "who is bound, and the day on which each signed",
    "valid_from": "first day on which it holds, included",
    "valid_to": "last day on which it holds, included; empty for no end",
    "starts_at": "of the scene of an event: the moment from which it holds, in UTC",
    "ends_at": "of the scene of an event: the moment before which it holds, in UTC",
    "hours": "hours and days at which it holds, in the zone's time zone",
    "hours_code": "the same for programs: 24/7, or such as Mo-Fr 08:00-20:00; PH off",
    "holidays": "whose public holidays are meant: a country or a part of it",
    "timezone": "time zone of days and hours (IANA name)",
    "suspended": "what officers do not do there, as codes",
    "suspended_words": "the same in words, and what else is suspended",
    "offences": "offences that it covers, and those that it does not",
    "thresholds": "up to how much counts as personal",
    "persons": "for whom it holds, with every condition",
    "covers_transit": "people on the way to and from the service: yes, no or discretion",
    "exceptions": "when it does not bind, in words",
    "exception_codes": "the same as codes, as far as there are codes",
    "units_bound": "units that are bound",
    "units_not_bound": "units that are not bound",
    "if_seized": "what becomes of what was taken all the same",
    "recording": "what officers record instead",
    "referral_contact": "whom to call to link people to services",
    "basis": "how the outline came to be",
    "basis_text": "who settled on the outline, and how",
    "measured_from": "what a radius or a walk is measured from",
    "radius_m": "radius of a circle in metres on the ground",
    "radius": "the radius as it was agreed, with its unit",
    "walk_minutes": "of a walk: how many minutes on foot",
    "streets": "the streets by name",
    "width_m": "how wide streets or a corridor are taken, in metres",
    "parts": "which floors or parts of a building are meant",
    "area_m2": "area in square metres on the ground",
}


#: Columns that hold days, whole numbers and numbers; all others hold text. A day or a number may
#: be missing (None), a whole number and a text never are.
DAYS = frozenset({"valid_from", "valid_to"})
WHOLE = frozenset({"version", "priority"})
NUMBERS = frozenset({"radius_m", "walk_minutes", "width_m", "area_m2"})


def outgoing(
    project: Project, zone: Zone, day: date, audience: Audience = Audience.PATROL
) -> Outgoing:
    """A zone that is in force on a day, as it goes out: no confidential service is named in it."""
    agreement = project.version_on(zone, day)
    if agreement is None:
        raise ValueError("only a zone in force goes out")
    shape = ground_of(project, zone, day)
    shown = veiled(project, zone)
    values: dict[str, str | float | int | date | None] = {
        "zone_id": code_of(project, zone),
        "name": shown.name,
        "polarity": zone.polarity.value,
        "priority": zone.priority,
        "visibility": zone.visibility.value,
        **_agreed(agreement, *holding.days_round(agreement, zone, day)),
        "starts_at": _utc(zone.starts_at),
        "ends_at": _utc(zone.ends_at),
        **_terms(agreement),
        "basis": shown.basis.value,
        "basis_text": _basis(project, shown, day, audience, agreement),
        "measured_from": shown.measured_from.value if shown.measured_from else "",
        "radius_m": _rounded_m(shown.radius_m),
        "radius": shown.radius_text,
        "walk_minutes": shown.walk_minutes,
        "streets": "; ".join(shown.streets),
        "width_m": _rounded_m(shown.width_m),
        "parts": shown.parts,
        "area_m2": round(geodesy.area_m2(shape), 1),
    }
    said = {column: values[column] for column in COLUMNS}
    return Outgoing(
        shape,
        {
            key: without_sites(project, clean(value)) if isinstance(value, str) else value
            for key, value in said.items()
        },
        _centre(shown) if shape.equals(outline(zone)) else None,
    )


def _centre(shown: Zone) -> tuple[float, float] | None:
    """The centre of a circle as readers may know it, to the decimals of an outline."""
    if shown.centre is None or not shown.is_disc:
        return None
    lon, lat = _rounded(np.array(shown.centre)).tolist()
    return (lon + 180) % 360 - 180 if abs(lon) > 180 else lon, lat


def _basis(
    project: Project, shown: Zone, day: date, audience: Audience, agreement: Agreement
) -> str:
    """Who settled on the outline, and for which other zones it gives way."""
    basis = shown.basis_text.strip() or agreement.radius_basis
    before = ground_held(project, shown, day)[1]
    if not before:
        return basis
    others = [one for one in project.zones.values() if one.name in before]
    hidden = {one.name for one in others if not is_seen(project, one, audience, exported=True)}
    shown_as = {one.name: veiled(project, one).name for one in others}
    named = dict.fromkeys("another zone" if name in hidden else shown_as[name] for name in before)
    return f"{basis}; less the ground settled for {', '.join(named)}"


def _rounded_m(metres: float | None) -> float | None:
    return round(metres, 3) if metres is not None else None


def _agreed(
    agreement: Agreement, first: date | None, last: date | None
) -> dict[str, str | int | date | None]:
    calendar = agreement.calendar
    usual = calendar.on_holidays is OnHolidays.AS_USUAL
    return {
        "agreement": agreement.title,
        "version": agreement.version,
        "formality": agreement.formality.value if agreement.formality else "",
        "legal_basis": "; ".join(basis.in_words() for basis in agreement.legal_basis),
        "parties": "; ".join(_signed(party) for party in agreement.parties),
        "valid_from": first,
        "valid_to": last,
        "hours": agreement.hours_in_words(),
        "hours_code": agreement.hours_in_code(),
        "holidays": "" if usual else calendar.holidays,
        "timezone": agreement.timezone,
    }


def _terms(agreement: Agreement) -> dict[str, str]:
    return {
        "suspended": ",".join(activity.value for activity in agreement.suspended),
        "suspended_words": terms_words.suspended(agreement),
        "offences": terms_words.offences(agreement),
        "thresholds": terms_words.thresholds(agreement),
        "persons": terms_words.persons(agreement),
        "covers_transit": agreement.covers_transit.value if agreement.covers_transit else "",
        "exceptions": terms_words.exceptions(agreement),
        "exception_codes": ",".join(exemption.value for exemption in agreement.exceptions),
        "units_bound": agreement.units_bound,
        "units_not_bound": agreement.units_not_bound,
        "if_seized": agreement.if_seized.value if agreement.if_seized else "",
        "recording": agreement.recording,
        "referral_contact": agreement.referral_contact,
    }


def _utc(at: datetime | None) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else ""


def _signed(party: Party) -> str:
    """`City police (2025-03-06)`. Who signed for it is not said: that is a person."""
    return f"{party.organisation} ({party.signed_on})"


def clean(text: str) -> str:
    """Text without control characters, which end a text or a row in some systems."""
    plain = (" " if unicodedata.category(char) in ("Cc", "Cs") else char for char in text)
    return "".join(plain).strip()
