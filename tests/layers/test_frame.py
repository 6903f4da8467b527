"""What ground a map shows: nothing that its reader may not see moves an edge of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gisapp.layers.audience import Audience, Sensitivity
from gisapp.layers.frame import frame_of, rounded_outwards
from gisapp.layers.layer import Layer, Points, Shapes, new_layer
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind, Visibility
from gisapp.layers.zone import circle_zone

LON, LAT = -3.3104, 55.2553


def events(lon: list[float], lat: list[float]) -> Layer:
    table = pa.table({"id": list(range(len(lon)))})
    return new_layer("Stops", LayerKind.STOPS, table, Points(np.array(lon), np.array(lat)))


def area(kind: LayerKind, box: tuple[float, float, float, float]) -> Layer:
    shapes = np.empty(1, dtype=object)
    shapes[0] = shapely.box(*box)
    layer = new_layer(kind.label, kind, pa.table({"id": [1]}), Shapes(shapes))
    return replace(layer, sensitivity=Sensitivity.PUBLIC)


def services(*places: tuple[float, float, bool]) -> Layer:
    table = pa.table({"name": [f"S{n}" for n in range(len(places))], "c": [p[2] for p in places]})
    at = Points(np.array([p[0] for p in places]), np.array([p[1] for p in places]))
    layer = new_layer("S", LayerKind.SERVICES, table, at, {"name": "name", "confidential": "c"})
    return replace(layer, sensitivity=Sensitivity.PUBLIC)


def frame(*layers: Layer, audience: Audience = Audience.PUBLIC) -> object:
    return frame_of(Project(layers=layers), audience)


def test_one_event_far_away_moves_no_edge_and_few_events_make_none() -> None:
    rng = np.random.default_rng(4)
    lon, lat = rng.uniform(-0.2, 0.1, 9000).tolist(), rng.uniform(51.4, 51.6, 9000).tolist()
    for audience in (Audience.PUBLIC, Audience.POLICE):
        near = frame(events(lon, lat), audience=audience)
        assert near == frame(events([*lon, -5.0], [*lat, 58.0]), audience=audience)
        assert near == pytest.approx((-0.2, 51.4, 0.1, 51.6), abs=0.021)
        assert frame(events([LON], [LAT]), audience=audience) is None
        assert frame(events([LON] * 10, [LAT] * 10), audience=audience) is None
    assert frame(events(lon, lat), audience=Audience.PATROL) is None


def test_events_far_between_are_framed_by_larger_cells() -> None:
    rng = np.random.default_rng(4)
    found = frame(events(rng.uniform(1, 3, 900).tolist(), rng.uniform(51, 53, 900).tolist()))
    assert found == (1.0, 51.0, 3.0, 53.0)


def test_boundaries_say_what_a_project_is_about() -> None:
    city = area(LayerKind.BOUNDARIES, (0.0, 50.0, 1.0, 51.0))
    river = area(LayerKind.OTHER, (-5.0, 50.4, 5.0, 50.6))
    assert frame(river, city) == (0.0, 50.0, 1.0, 51.0)
    assert frame(river) == (-5.0, 50.0, 5.0, 51.0)
    zone = circle_zone("Z", 1.2, 50.5, 100, "agreed")
    seen = frame_of(Project(layers=(river, city)).with_zone(zone), Audience.PUBLIC)
    assert seen is not None and seen[2] == 1.3
    assert frame_of(Project(), Audience.PUBLIC) is None
    assert frame(replace(city, visible=False)) is None
    assert frame(replace(city, sensitivity=Sensitivity.RESTRICTED)) is None


@given(st.floats(-0.3, 0.3), st.floats(-0.3, 0.3))
def test_a_confidential_service_moves_nothing(east: float, north: float) -> None:
    shown = (LON + 0.02, LAT, False), (LON, LAT + 0.03, False)
    hidden = (LON + east, LAT + north, True)
    assert frame(services(*shown, hidden)) == frame(services(*shown)) is not None
    assert frame(services(hidden)) is None
    alone = frame_of(Project(layers=(services(hidden),)), Audience.POLICE, exported=False)
    assert alone is not None and alone[2] - alone[0] > 0.0099


def test_a_zone_that_is_not_shown_moves_nothing() -> None:
    near = circle_zone("Near", LON, LAT, 100, "agreed")
    far = circle_zone("Far", LON + 1, LAT, 100, "agreed", visibility=Visibility.NEVER_EXPORT)
    project = Project().with_zone(near)
    for audience in Audience:
        assert frame_of(project.with_zone(far), audience) == frame_of(project, audience)
    assert frame_of(replace(project, zones_visible=False), Audience.PUBLIC) is None


@given(st.floats(-170, 170), st.floats(-85, 85), st.floats(0, 9), st.floats(0, 4))
def test_a_frame_goes_outwards_by_no_more_than_a_step(
    west: float, south: float, across: float, up: float
) -> None:
    inside = west, south, west + across, south + up
    found = rounded_outwards(inside)
    step = max(0.01, max(across, up) / 20 * 2.5)
    assert found[0] - 1e-6 <= west and found[1] - 1e-6 <= south
    assert found[2] + 1e-6 >= inside[2] and found[3] + 1e-6 >= inside[3]
    assert max(abs(a - b) for a, b in zip(found, inside, strict=True)) <= step + 1e-6
    assert all(abs(side * 100 - round(side * 100)) < 1e-4 for side in found)
    assert found[2] > found[0] and found[3] > found[1]
