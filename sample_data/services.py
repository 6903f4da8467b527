"""The twelve services of the invented city, and the agreements and zones round some of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from sample_data.ground import Coords, Ground

TIMEZONE = "Europe/London"
RADIUS_M = 200.0
#: Services stand beside their street, on the side of the wished place.
_FROM_STREET_M = 18.0


@dataclass(frozen=True, slots=True)
class Service:
    """A service: where it stands (metres on the plan) and how it is reached."""

    name: str
    kind: str
    address: str
    opening_hours: str
    contact: str
    at: tuple[float, float]


#: Name, kind, wished place, opening hours (OpenStreetMap's way of writing), mailbox. Telephone
#: numbers lie in the range that the British regulator keeps for drama; example.org is nobody's.
_PLANNED = (
    (
        "Quayside Needle Exchange",
        "needle and syringe programme",
        (420, 520),
        "Mo-Fr 09:00-19:00; Sa 10:00-16:00",
        "quayside",
    ),
    (
        "Brickfields Needle Exchange",
        "needle and syringe programme",
        (250, -1750),
        "Mo-Fr 10:00-18:00",
        "brickfields",
    ),
    (
        "Northgate Clinic",
        "opioid agonist treatment",
        (-250, 1500),
        "Mo-Fr 08:00-17:00",
        "northgate",
    ),
    (
        "Station Ward Treatment Centre",
        "opioid agonist treatment",
        (350, -620),
        "Mo-Sa 08:00-18:00; Su 09:00-12:00",
        "stationward",
    ),
    (
        "Linden House Clinic",
        "heroin-assisted treatment",
        (-1600, -800),
        "Mo-Su 07:30-19:30",
        "linden",
    ),
    ("Market Drug Checking", "drug checking", (-90, 330), "We-Sa 14:00-20:00", "checking"),
    ("Harbour House", "drug consumption room", (1500, 480), "Mo-Su 09:00-21:00", "harbourhouse"),
    ("Open Door", "drop-in centre", (-1550, 950), "Mo-Sa 10:00-18:00", "opendoor"),
    ("Street Links", "outreach", (-2400, 300), "Mo-Fr 12:00-20:00", "streetlinks"),
    ("Southbank Naloxone Point", "naloxone distribution", (-1200, -1450), "24/7", "naloxone"),
    ("Ropewalk House", "housing", (1000, -480), "24/7", "ropewalk"),
    ("Harbourton Health Hub", "other service", (2150, 1050), "Mo-Fr 08:30-17:30", "hub"),
)


def services(ground: Ground) -> tuple[Service, ...]:
    """The services, each moved to the nearest street that is not a bridge."""
    built = [street for street in ground.streets if not street.bridge]
    lines = [shapely.LineString(street.line) for street in built]
    tree = shapely.STRtree(lines)
    found = []
    for number, (name, kind, wish, hours, mailbox) in enumerate(_PLANNED):
        nearest = int(tree.nearest(shapely.Point(wish)))
        along = lines[nearest].project(shapely.Point(wish))
        spot = np.array(lines[nearest].interpolate(along).coords[0])
        aside = np.array(wish) - spot
        door = spot + aside * (_FROM_STREET_M / max(float(np.hypot(*aside)), 1.0))
        house = 2 + 2 * int(along // 18)
        contact = f"01632 960{110 + 7 * number}, {mailbox}@example.org"
        address = f"{house} {built[nearest].name}"
        found.append(Service(name, kind, address, hours, contact, (float(door[0]), float(door[1]))))
    return tuple(found)


def premises(at: tuple[float, float]) -> BaseGeometry:
    """The building of Harbour House with its yard: an L of 34 by 26 metres."""
    corners = np.array([(0, 0), (34, 0), (34, 14), (16, 14), (16, 26), (0, 26)], dtype=float)
    return shapely.Polygon(corners - [17, 10] + np.array(at))


#: Market Square and the steps below it, as drawn at the meeting table (metres on the plan).
MARKET_SQUARE: Coords = np.array(
    [(-210, 250), (-40, 215), (95, 240), (120, 345), (40, 420), (-120, 430), (-215, 360)],
    dtype=float,
)

_FIRST_DAY = "2024-01-01"
_POLICE = {"organisation": "Harbourton Police", "role": "police"}
_HEALTH = {"organisation": "Harbourton Public Health", "role": "health"}
_COUNCIL = {"organisation": "City of Harbourton", "role": "municipality"}
_PROSECUTOR = {"organisation": "City Prosecutor", "role": "prosecutor"}


def _signed(party: Mapping[str, str], signatory: str, day: str) -> dict[str, str]:
    return {**party, "signatory": signatory, "signed_on": day}


def _exchange() -> dict[str, Any]:
    """It ended in the middle of 2025; no hours, so at all hours until then."""
    return {
        "id": "harbourton-exchange-2024",
        "title": "Needle exchange and clinic understanding",
        "status": "in force",
        "parties": [
            _signed(_POLICE, "Superintendent R. Vale", "2023-12-04"),
            _signed(_HEALTH, "Dr M. Oakes", "2023-12-06"),
        ],
        "effective": _FIRST_DAY,
        "expires": "2025-06-30",
        "suspended": ["drug_search", "citation", "arrest", "confiscation_equipment"],
        "persons": "Adults on their way to or from the service",
        "exceptions": ["violence", "weapons", "warrants", "supply"],
        "hours": [],
        "timezone": TIMEZONE,
        "radius_basis": "200 m, settled at the partnership meeting of 20 November 2023",
        "units_bound": "Neighbourhood teams",
        "referral_contact": "Harbourton Health Hub, 01632 960187",
        "legal_basis": "Chief officer's guidance 7/2023",
        "notes": "Ran for eighteen months; its renewal is on the table.",
        "version": 1,
    }


def _premises_only() -> dict[str, Any]:
    """The premises alone, at all hours."""
    return {
        "id": "harbourton-harbour-house",
        "title": "Harbour House premises",
        "status": "in force",
        "parties": [
            _signed(_PROSECUTOR, "H. Lorne", "2023-12-11"),
            _signed(_POLICE, "Superintendent R. Vale", "2023-12-12"),
            _signed(
                {"organisation": "Harbour House", "role": "service"}, "I. Brandt", "2023-12-12"
            ),
        ],
        "effective": _FIRST_DAY,
        "expires": None,
        "suspended": ["drug_search", "urine_or_oral_test", "arrest", "confiscation_drugs"],
        "persons": "Registered clients aged 18 or over, and staff",
        "exceptions": ["violence", "threat_to_life", "supply", "minors"],
        "hours": [],
        "timezone": TIMEZONE,
        "radius_basis": "",
        "units_bound": "All units",
        "referral_contact": "Harbour House duty nurse, 01632 960152",
        "legal_basis": "Prosecutor's statement of 11 December 2023",
        "notes": "The premises only, as in the plan; the street outside is not part of it.",
        "version": 1,
    }


def _opening_hours() -> dict[str, Any]:
    """The hours in which services are open."""
    return {
        "id": "harbourton-opening-hours",
        "title": "Services in opening hours",
        "status": "in force",
        "parties": [
            _signed(_POLICE, "Chief Superintendent A. Marlow", "2023-12-18"),
            _signed(_HEALTH, "Dr M. Oakes", "2023-12-18"),
            _signed(_COUNCIL, "P. Hythe", "2023-12-19"),
            _signed({"organisation": "Open Door", "role": "service"}, "S. Quill", "2023-12-19"),
        ],
        "effective": _FIRST_DAY,
        "expires": None,
        "suspended": [
            "drug_search",
            "ID_check",
            "unwarranted_patrol",
            "parking_or_posting",
            "citation",
            "arrest",
            "confiscation_equipment",
        ],
        "persons": "Anyone going to, at or coming from a service",
        "exceptions": [
            "violence",
            "weapons",
            "warrants",
            "threat_to_life",
            "supply",
            "emergency_call",
        ],
        "hours": [
            {
                "days": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"],
                "start": "08:00",
                "end": "20:00",
            },
            {"days": ["Saturday"], "start": "10:00", "end": "16:00"},
        ],
        "timezone": TIMEZONE,
        "radius_basis": "200 m, three minutes on foot, settled at the meeting of 14 November 2023",
        "units_bound": "Neighbourhood and response teams",
        "referral_contact": "Street Links, 01632 960166",
        "legal_basis": "Partnership protocol 3/2023",
        "notes": "Hours follow the opening hours of the services, with an hour on either side.",
        "version": 1,
    }


def agreements() -> dict[str, dict[str, Any]]:
    """The three agreements by file name: expired, footprint only, and one with hours."""
    return {
        "1-needle-exchange-expired.json": _exchange(),
        "2-harbour-house-footprint.json": _premises_only(),
        "3-opening-hours.json": _opening_hours(),
    }


#: Services that get a circle, by agreement.
CIRCLES: Mapping[str, tuple[str, ...]] = {
    "harbourton-exchange-2024": ("Brickfields Needle Exchange", "Northgate Clinic"),
    "harbourton-opening-hours": (
        "Quayside Needle Exchange",
        "Station Ward Treatment Centre",
        "Linden House Clinic",
        "Open Door",
        "Ropewalk House",
    ),
}
