"""A project with something of everything, and what it means that two projects are the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from gisapp.layers.agreement import (
    Agreement,
    Attachment,
    Hours,
    LegalBasis,
    Liaison,
    Party,
    Status,
    StatusChange,
)
from gisapp.layers.breach import Breach
from gisapp.layers.export_log import Export, ExportLog
from gisapp.layers.layer import Layer, Points, Provenance, Shapes, new_layer
from gisapp.layers.project import Hotspots, Project, SavedView
from gisapp.layers.scenario import OverlapRule, Scenario, Settled, Settlement
from gisapp.layers.schedule import Calendar, OnHolidays, SpecialDay
from gisapp.layers.style import Fill, Line, Style
from gisapp.layers.terms import Offence, Terms, Threshold
from gisapp.layers.vocabulary import (
    Activity,
    Basis,
    BreachSource,
    Exemption,
    Formality,
    LayerKind,
    MeasuredFrom,
    PartyRole,
    Polarity,
    Seized,
    Transit,
    Visibility,
)
from gisapp.layers.zone import Zone, circle_zone

SIGNED = date(2024, 12, 1)


def agreement(title: str = "Needle exchange, Quay Street", **more: object) -> Agreement:
    """An agreement in force from 2025-01-01 to 2026-12-31, signed by two parties."""
    terms: dict[str, object] = {
        "status": Status.IN_FORCE,
        "parties": (
            Party("City Police", PartyRole.POLICE, "Chief", SIGNED),
            Party("Health Department", PartyRole.HEALTH, "Director", SIGNED),
        ),
        "effective": date(2025, 1, 1),
        "expires": date(2026, 12, 31),
        "suspended": (Activity.DRUG_SEARCH, Activity.ARREST),
        "timezone": "America/New_York",
        "radius_basis": "Meeting of 12 March 2024",
        "id": "quay",
    }
    return Agreement(title, **{**terms, **more})


def stops(rows: int = 50, name: str = "Stops") -> Layer:
    """Points with a column of each common type, nulls in most."""
    rng = np.random.default_rng(7)
    seconds = rng.integers(1_600_000_000, 1_700_000_000, rows) * 1_000_000
    known = rng.random(rows) > 0.2
    words = np.array(["search", "Zürich 市", "", '=1+1 "quoted"'], dtype=object)
    table = pa.table(
        {
            "time": pa.array(seconds, mask=~known)
            .cast(pa.timestamp("us"))
            .cast(pa.timestamp("us", "Europe/London")),
            "activity": pa.array(words[rng.integers(0, 4, rows)], mask=~known),
            "age": pa.array(rng.integers(0, 99, rows), mask=~known),
            "score": pa.array(rng.random(rows)),
            "found": pa.array(rng.random(rows) > 0.5, mask=~known),
            "day": pa.array(rng.integers(10_000, 20_000, rows).astype("datetime64[D]")),
        }
    )
    places = Points(-84.5 + rng.random(rows) / 10, 39.1 + rng.random(rows) / 10)
    source = Provenance(
        ("stops_2023.csv",), "EPSG:4326", datetime(2026, 1, 5, 9, tzinfo=UTC), rows + 3, 3,
        {"no coordinates": 2, "no such day": 1}, 1, ("read as it is",),
    )  # fmt: skip
    return new_layer(name, LayerKind.STOPS, table, places, {"time": "time"}, source)


def districts() -> Layer:
    """Areas of different types, one with a hole."""
    shapes = np.array(
        [
            shapely.box(-84.6, 39.0, -84.5, 39.1),
            shapely.box(-84.5, 39.0, -84.4, 39.1) - shapely.box(-84.48, 39.02, -84.45, 39.05),
            shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(2, 2, 3, 3)]),
        ]
    )
    table = pa.table({"name": ["North", None, "Îles"]})
    return new_layer("Districts", LayerKind.BOUNDARIES, table, Shapes(shapes), {"name": "name"})


def whole_project() -> Project:
    """A project with something of everything that can be saved."""
    terms = agreement(
        hours=(Hours((0, 1, 2, 3, 4), time(8), time(20)), Hours((5, 6), time(22), time(6))),
        exceptions=(Exemption.VIOLENCE,),
        persons="18 and over",
    )
    current = agreement(
        version=2, effective=date(2026, 3, 1), notes="longer hours", **_every_other_term()
    )
    zones: Sequence[Zone] = (
        circle_zone("Quay Street", -84.51, 39.1, 152.4, "meeting", agreement_id="quay"),
        Zone(
            "Clinic", shapely.box(-84.52, 39.11, -84.519, 39.111), Basis.FOOTPRINT, "Annex A",
            service="Clinic", note="no buffer",
        ),
        Zone(
            "School ring", shapely.MultiPolygon([shapely.box(-84.5, 39.2, -84.4, 39.3)]),
            polarity=Polarity.ENHANCED_PENALTY,
        ),
        Zone(
            "Scene", shapely.box(-84.53, 39.11, -84.529, 39.111), Basis.EVENT_SCENE, "the Act",
            id="scene", measured_from=MeasuredFrom.ENTRANCE,
            walk_minutes=7.5, streets=("Quay Street", "Îlot; passage"), width_m=12.25,
            anchors=("Clinic", "Drop-in"), parts="ground floor", priority=-3,
            starts_at=datetime(2026, 3, 1, 22, 15, 0, 7, UTC),
            ends_at=datetime(2026, 3, 2, 4, tzinfo=timezone(timedelta(hours=-5))),
            visibility=Visibility.POLICE_ONLY, terms=own_terms(),
        ),
    )  # fmt: skip
    look = Style("#112233", 4.5, 2.25, 0.5, 0.1, Line.DASHED, Fill.HATCHED)
    layers = (districts(), stops().restyled(look))
    return Project(
        title="Quay & Clinic ✓",
        timezone="America/New_York",
        layers=layers,
        zones={zone.id: zone for zone in zones},
        agreements={"quay": current, "new": Agreement("", id="new")},
        former=(terms.superseded_by(current),),
        hotspots=(Hotspots(layers[1].id, "gistar", 100.0, 300.0, False, 0.3),),
        views=(SavedView("Centre", (-84.6, 39.0, -84.4, 39.2)),),
        zones_visible=False,
        **_beside(zones),
    )


def own_terms() -> Terms:
    """Terms of a zone with something in each field."""
    return Terms(
        (Activity.BOOKING,), "questions on the way", (Offence("s. 5(2)"), Offence("supply", False)),
        (Threshold("heroin", 0.1), Threshold("any", 2.5, "g", True)), "patients", 18, True, True,
        True, Transit.NO, (Exemption.WEAPONS,), "open shops", "community police", "drug squad",
        Seized.NEVER_RETURNED, "a note without a name", "Street Links, 01632 960166",
        (Hours((4, 5), time(22, 30), time(6)),),
        Calendar(
            "FREQ=MONTHLY;BYDAY=1MO",
            (SpecialDay(date(2026, 12, 24), time(9), time(12)), SpecialDay(date(2026, 12, 25))),
            "GB-ENG", OnHolidays.NOT, True,
        ),
    )  # fmt: skip


def _every_other_term() -> dict[str, object]:
    """Whatever an agreement can say besides, one of each."""
    terms = own_terms()
    return {
        **{name: getattr(terms, name) for name in Terms.__slots__ if name != "suspended"},
        "formality": Formality.POLICY_OR_ORDER,
        "legal_basis": (LegalBasis("Act", "Ohio", "§ 5", "https://example.org/act"),),
        "liaison": (Liaison("City Police", "Duty desk", "01632 960100", "always"),),
        "documents": (Attachment("Annex A", "0" * 64, "annex.pdf", True),),
        "review_every_months": 6,
        "next_review": date(2026, 9, 1),
        "evaluation_design": "before and after",
        "notice": "all parties, two weeks ahead",
        "visibility": Visibility.PARTNERS,
        "history": (
            StatusChange(date(2026, 2, 1), Status.DRAFT, Status.AGREED, "Board", "voted"),
            StatusChange(date(2026, 3, 1), Status.AGREED, Status.IN_FORCE, "Board"),
        ),
    }


def _beside(zones: Sequence[Zone]) -> dict[str, Any]:
    """Breaches, scenarios and a settled overlap of these zones."""
    at = datetime(2026, 3, 4, 23, 59, 1, 2, timezone(timedelta(hours=1)))
    walk = Zone("Quay", shapely.box(0, 0, 1, 1), Basis.WALK, walk_minutes=5, terms=own_terms())
    return {
        "breaches": (
            Breach(zones[0].id, at, BreachSource.CLIENT, Activity.ID_CHECK, "Unit 4", "talked"),
            Breach("gone", datetime(2026, 3, 5, tzinfo=UTC), BreachSource.POLICE, Activity.ARREST),
        ),
        "scenarios": (
            Scenario("five-minute walk", {walk.id: walk}, "as in the letter"),
            Scenario("as it is", {zone.id: zone for zone in reversed(zones)}),
            Scenario("none", {}),
        ),
        "overlap_rule": OverlapRule.LONGER_LIST,
        "exports": ExportLog()
        .with_line(Export(at, "ana", "map", "kaart – 1.pdf", "0" * 64, "partners", "", "11"))
        .with_line(Export(at, "ana", "patrol package", "z.zip", "1" * 64, "patrol", "CAD")),
        "settlements": (
            Settlement(
                ("a", "b"), Settled.OPPOSITE_HOLDS, date(2026, 3, 1), "Steering group", "schools"
            ),
        ),
    }


def assert_same(one: Project, other: Project) -> None:
    """Fail unless both hold the same, to the last bit of each coordinate and type."""
    apart = ("layers", "zones", "agreements", "scenarios")
    for name in (field.name for field in fields(Project) if field.name not in apart):
        assert getattr(one, name) == getattr(other, name), name
    assert len(one.scenarios) == len(other.scenarios)
    for left, right in zip(one.scenarios, other.scenarios, strict=True):
        assert (left.id, left.name, left.note) == (right.id, right.name, right.note)
        assert list(left.zones.items()) == list(right.zones.items())
    assert list(one.zones.items()) == list(other.zones.items())
    assert list(one.agreements.items()) == list(other.agreements.items())
    assert len(one.layers) == len(other.layers)
    for layer, same in zip(one.layers, other.layers, strict=True):
        assert_same_layer(layer, same)


def assert_same_layer(one: Layer, other: Layer) -> None:
    for name in ("name", "kind", "style", "sensitivity", "provenance", "visible", "id"):
        assert getattr(one, name) == getattr(other, name), name
    assert dict(one.fields) == dict(other.fields)
    assert one.table.schema.equals(other.table.schema, check_metadata=True)
    assert one.table.equals(other.table)
    assert type(one.geometry) is type(other.geometry)
    if isinstance(one.geometry, Points) and isinstance(other.geometry, Points):
        assert np.array_equal(one.geometry.lon, other.geometry.lon)
        assert np.array_equal(one.geometry.lat, other.geometry.lat)
    elif isinstance(one.geometry, Shapes) and isinstance(other.geometry, Shapes):
        assert shapely.equals_identical(one.geometry.geoms, other.geometry.geoms).all()
