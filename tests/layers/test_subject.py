"""What a map of the whole project shows."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
import shapely

from gisapp.layers.layer import Layer, Points, Shapes, new_layer
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind
from gisapp.layers.zone import circle_zone


def events(lon: list[float], lat: list[float]) -> Layer:
    table = pa.table({"id": list(range(len(lon)))})
    return new_layer("Stops", LayerKind.STOPS, table, Points(np.array(lon), np.array(lat)))


def area(kind: LayerKind, box: tuple[float, float, float, float]) -> Layer:
    shapes = np.empty(1, dtype=object)
    shapes[0] = shapely.box(*box)
    return new_layer(kind.label, kind, pa.table({"id": [1]}), Shapes(shapes))


def test_one_event_far_away_moves_no_edge() -> None:
    rng = np.random.default_rng(4)
    lon, lat = rng.uniform(-0.2, 0.1, 2000).tolist(), rng.uniform(51.4, 51.6, 2000).tolist()
    near = Project(layers=(events(lon, lat),)).subject
    stray = Project(layers=(events([*lon, -5.0], [*lat, 58.0]),)).subject
    assert near is not None and stray is not None
    assert stray == pytest.approx(near, abs=0.002)
    assert -0.22 < near[0] < -0.19 and 0.09 < near[2] < 0.12


def test_boundaries_say_what_a_project_is_about() -> None:
    city = area(LayerKind.BOUNDARIES, (0.0, 50.0, 1.0, 51.0))
    river = area(LayerKind.OTHER, (-5.0, 50.4, 5.0, 50.5))
    assert Project(layers=(river, city)).subject == (0.0, 50.0, 1.0, 51.0)
    assert Project(layers=(river,)).subject == (-5.0, 50.4, 5.0, 50.5)
    zone = circle_zone("Z", 1.2, 50.5, 100, "agreed")
    seen = Project(layers=(river, city)).with_zone(zone).subject
    assert seen is not None and seen[2] > 1.2
    assert Project().subject is None
