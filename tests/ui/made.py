"""Small layers and projects made for tests of panels and dialogs."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import shapely

from gisapp.layers import zoning
from gisapp.layers.agreement import Agreement, Hours, Party, Status
from gisapp.layers.layer import Layer, Points, Shapes, new_layer
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import Activity, LayerKind, PartyRole

NEW_YORK = ZoneInfo("America/New_York")


def overdoses(count: int = 600, seed: int = 7) -> Layer:
    """Overdoses of half a year about two corners of a town; every hundredth has no time."""
    random = np.random.default_rng(seed)
    near = random.integers(0, 2, count)
    lon = -84.512 + near * 0.02 + random.normal(0, 0.004, count)
    lat = 39.104 + near * 0.01 + random.normal(0, 0.003, count)
    start = datetime(2025, 1, 1, tzinfo=NEW_YORK)
    times = [start + timedelta(minutes=int(m)) for m in random.integers(0, 181 * 1440, count)]
    table = pa.table(
        {
            "case": pa.array(np.arange(10_000, 10_000 + count)),
            "time": pa.array(
                [None if i % 100 == 99 else t for i, t in enumerate(times)],
                pa.timestamp("us", "America/New_York"),
            ),
            "substance": pa.array(random.choice(["heroin", "fentanyl", "unknown"], count)),
            "doses": pa.array(random.integers(0, 4, count)),
            "naloxone": pa.array(random.integers(0, 2, count).astype(bool)),
        }
    )
    fields = {"time": "time", "outcome": "substance", "naloxone": "naloxone"}
    return new_layer("Overdoses 2025", LayerKind.OVERDOSES, table, Points(lon, lat), fields)


def services() -> Layer:
    """Six services of three kinds, two of them within 200 m of each other."""
    table = pa.table(
        {
            "name": [
                "Harbour Street Exchange",
                "Northside Pharmacy",
                "Corner Pharmacy",
                "Bridge Clinic",
                "Mill Lane Drop-in",
                "East Pharmacy",
            ],
            "kind": [
                "needle and syringe programme",
                "naloxone pharmacy",
                "naloxone pharmacy",
                "methadone clinic",
                "needle and syringe programme",
                "naloxone pharmacy",
            ],
            "address": [f"{n} Harbour Street" for n in range(1, 7)],
        }
    )
    lon = np.array([-84.512, -84.5105, -84.500, -84.494, -84.480, -84.472])
    lat = np.array([39.104, 39.1042, 39.110, 39.116, 39.108, 39.100])
    fields = {"name": "name", "service_type": "kind", "address": "address"}
    return new_layer("Services", LayerKind.SERVICES, table, Points(lon, lat), fields)


def premises() -> Layer:
    """Two services as areas."""
    table = pa.table({"name": ["Harbour House", "Bridge Yard"]})
    shapes = np.array(
        [shapely.box(-84.513, 39.104, -84.512, 39.105), shapely.box(-84.5, 39.11, -84.499, 39.111)],
        dtype=object,
    )
    return new_layer("Premises", LayerKind.SERVICES, table, Shapes(shapes), {"name": "name"})


def agreement(status: Status = Status.AGREED, signed: bool = True) -> Agreement:
    """An agreement of police and health for 2025 and 2026, at night from Friday to Sunday."""
    day = date(2024, 12, 10) if signed else None
    return Agreement(
        title="Harbour Street agreement",
        status=status,
        parties=(
            Party("City police", PartyRole.POLICE, "Chief", day),
            Party("Health department", PartyRole.HEALTH, "Director", day),
        ),
        effective=date(2025, 1, 1),
        expires=date(2026, 12, 31),
        suspended=(Activity.DRUG_SEARCH, Activity.ARREST),
        persons="people who use services",
        hours=(Hours((4, 5, 6), time(20), time(4)),),
        timezone="America/New_York",
        radius_basis="agreed at the meeting of 10 December 2024",
    )


def project() -> Project:
    """Services, overdoses, and four zones: three under an agreement, one a proposal."""
    agreed, places = agreement(), services()
    rows = np.arange(3)
    under = zoning.circles_round(
        places, 150, agreed.radius_basis, rows=rows, radius_text="150m", agreement_id=agreed.id
    )
    proposed = zoning.circles_round(
        places, 200, "proposed by the residents", rows=np.array([3]), radius_text="200m"
    )
    return Project(
        title="Harbour",
        timezone="America/New_York",
        layers=(places, overdoses()),
        zones={zone.id: zone for zone in (*under, *proposed)},
        agreements={agreed.id: agreed},
    )
