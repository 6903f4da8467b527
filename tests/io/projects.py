"""A project with something of everything, and what it means that two projects are the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

import numpy as np
import pyarrow as pa
import shapely

from gisapp.layers.agreement import Agreement, Hours, Party, Status
from gisapp.layers.layer import Layer, Points, Provenance, Shapes, new_layer
from gisapp.layers.project import Hotspots, Project, SavedView
from gisapp.layers.style import Fill, Line, Style
from gisapp.layers.vocabulary import Activity, Basis, Exemption, LayerKind, PartyRole, Polarity
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
    return Agreement(title, **{**terms, **more})  # type: ignore[arg-type]


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
    current = agreement(version=2, effective=date(2026, 3, 1), notes="longer hours")
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
    )


def assert_same(one: Project, other: Project) -> None:
    """Fail unless both hold the same, to the last bit of each coordinate and type."""
    for name in ("title", "timezone", "former", "hotspots", "views", "zones_visible", "id"):
        assert getattr(one, name) == getattr(other, name), name
    assert list(one.zones.items()) == list(other.zones.items())
    assert list(one.agreements.items()) == list(other.agreements.items())
    assert len(one.layers) == len(other.layers)
    for left, right in zip(one.layers, other.layers, strict=True):
        assert_same_layer(left, right)


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
