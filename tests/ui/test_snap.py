"""What a place snaps to, and that this never holds the window up."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest
import shapely
from PySide6.QtCore import QPointF

from gisapp.layers import edits, geodesy
from gisapp.layers.audience import Audience, Sensitivity
from gisapp.layers.layer import Layer, Shapes, new_layer
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind, Visibility
from gisapp.layers.zone import Zone, circle_zone
from gisapp.render.view import MapView
from gisapp.ui.drawing import snap as snapping
from gisapp.ui.drawing.snap import SnapKind, Snapper
from gisapp.ui.session import Session

OPEN = Callable[[Project], Session]
STREETS = 13_560


def streets(count: int = STREETS) -> Layer:
    """Streets of eight corners each, all over a city."""
    random = np.random.default_rng(4)
    start = random.uniform((-84.7, 39.0), (-84.3, 39.3), (count, 2))
    steps = random.normal(0, 0.0008, (count, 8, 2))
    lines = shapely.linestrings(start[:, None] + steps.cumsum(axis=1))
    table = pa.table({"name": [f"Street {n}" for n in range(count)]})
    return new_layer("Streets", LayerKind.STREETS, table, Shapes(lines), {"name": "name"})


def look_at(session: Session, lon: float, lat: float, across: float = 0.01) -> None:
    view = MapView.fit((lon - across, lat - across, lon + across, lat + across), 900, 600)
    session.set_view(view)


def pixel(session: Session, lon: float, lat: float) -> QPointF:
    x, y = session.view.to_screen(np.array([lon]), np.array([lat]))
    return QPointF(float(x[0]), float(y[0]))


def test_a_corner_is_before_a_street_and_a_street_before_an_edge(open_session: OPEN) -> None:
    zone = Zone("Square", shapely.box(-84.51, 39.1, -84.505, 39.104))
    line = np.array([shapely.LineString([(-84.52, 39.1001), (-84.50, 39.1001)])], dtype=object)
    layer = new_layer("Streets", LayerKind.STREETS, pa.table({"n": [1]}), Shapes(line))
    session = open_session(Project(layers=(layer,)).with_zones([zone]))
    look_at(session, -84.5075, 39.102)
    snapper = Snapper(session)
    corner = snapper.at(pixel(session, -84.51005, 39.10005))
    assert corner is not None and corner.kind is SnapKind.CORNER
    assert corner.place == (-84.51, 39.1)
    street = snapper.at(pixel(session, -84.5075, 39.1))
    assert street is not None and street.kind is SnapKind.STREET
    assert street.place[1] == pytest.approx(39.1001)
    edge = snapper.at(pixel(session, -84.505, 39.103))
    assert edge is not None and edge.kind is SnapKind.EDGE
    assert edge.place[0] == pytest.approx(-84.505, abs=1e-12)
    assert snapper.at(pixel(session, -84.5075, 39.102)) is None
    assert snapper.at(pixel(session, -84.51, 39.104), without=[zone.id]) is None


def test_what_the_audience_does_not_see_is_not_snapped_to(open_session: OPEN) -> None:
    zone = Zone("Square", shapely.box(-84.51, 39.1, -84.505, 39.104))
    hidden = Zone("Hidden", zone.shape, visibility=Visibility.POLICE_ONLY)
    session = open_session(Project().with_zones([hidden]))
    look_at(session, -84.5075, 39.102)
    at = pixel(session, -84.51, 39.1)
    assert Snapper(session).at(at) is not None
    session.set_look(audience=Audience.PUBLIC)
    assert Snapper(session).at(at) is None
    layer = new_layer(
        "Areas", LayerKind.OTHER, pa.table({"n": [1]}), Shapes(np.array([zone.shape], dtype=object))
    )
    session = open_session(Project(layers=(layer,)))
    look_at(session, -84.5075, 39.102)
    assert Snapper(session).at(at) is not None
    session.set_look(audience=Audience.PUBLIC)
    assert layer.sensitivity is Sensitivity.RESTRICTED
    assert Snapper(session).at(at) is None


def test_a_hidden_layer_is_not_snapped_to(open_session: OPEN) -> None:
    layer = streets(50)
    session = open_session(Project(layers=(layer,)))
    assert isinstance(layer.geometry, Shapes)
    lon, lat = shapely.get_coordinates(layer.geometry.geoms[0])[3]
    look_at(session, lon, lat)
    snapper = Snapper(session)
    assert snapper.at(pixel(session, lon, lat)) is not None
    assert snapper.on_street(pixel(session, lon, lat)) is layer
    session.perform(edits.show_layer(layer.id, False))
    assert snapper.at(pixel(session, lon, lat)) is None
    assert snapper.on_street(pixel(session, lon, lat)) is None


@pytest.mark.parametrize("across", [0.002, 0.02, 0.3])
def test_it_finds_an_edge_among_many_streets_and_zones(open_session: OPEN, across: float) -> None:
    random = np.random.default_rng(5)
    at = random.uniform((-84.7, 39.0), (-84.3, 39.3), (2_000, 2))
    discs = geodesy.circles(at[:, 0], at[:, 1], 150)
    zones = [
        circle_zone(f"Zone {n}", float(lon), float(lat), 150, "agreed")
        for n, (lon, lat) in enumerate(at[:3])
    ]
    zones += [Zone(f"Zone {n + 3}", disc) for n, disc in enumerate(discs[3:])]
    session = open_session(Project(layers=(streets(),)).with_zones(zones))
    look_at(session, -84.5, 39.15, across)
    snapper = Snapper(session)
    found = [snapper.at(QPointF(x, y)) for x in range(0, 900, 60) for y in range(0, 600, 60)]
    assert any(found)


def test_a_large_layer_is_prepared_by_a_worker(
    open_session: OPEN, idle: Callable[[Session], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapping, "_MANY", 10)
    layer = streets(50)
    session = open_session(Project(layers=(layer,)))
    assert isinstance(layer.geometry, Shapes)
    lon, lat = shapely.get_coordinates(layer.geometry.geoms[0])[3]
    look_at(session, lon, lat)
    snapper = Snapper(session)
    assert snapper.at(pixel(session, lon, lat)) is None, "not yet"
    idle(session)
    assert snapper.at(pixel(session, lon, lat)) is not None
