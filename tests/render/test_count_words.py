"""What a layer holds, in plain words: by its kind, else by the shape of what is in it."""

from __future__ import annotations

from datetime import time

import numpy as np
import pyarrow as pa
import pytest
import shapely

from gisapp.layers.audience import Audience
from gisapp.layers.layer import Geometry, Layer, Points, Shapes, new_layer
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind
from gisapp.render.legend import legend
from gisapp.render.look import Look
from tests.io.test_html_map import DAY


def held(kind: LayerKind, *shapes: shapely.Geometry) -> Layer:
    geometry: Geometry = Shapes(np.array(shapes, dtype=object))
    if not shapes:
        geometry = Points(np.zeros(3), np.zeros(3))
    return new_layer("Plan", kind, pa.table({"n": list(range(len(geometry)))}), geometry)


AREA = shapely.box(0, 0, 1, 1)
LINE = shapely.LineString([(0, 0), (1, 1)])
OTHER, DEPLOYMENTS = LayerKind.OTHER, LayerKind.DEPLOYMENTS


@pytest.mark.parametrize(
    ("layer", "words", "one"),
    [
        (held(OTHER), "3 places", "1 place"),
        (held(OTHER, AREA), "1 area", "Area"),
        (held(OTHER, LINE, LINE), "2 lines", "Line"),
        (held(OTHER, AREA, AREA, LINE), "3 areas", "Area"),
        (held(OTHER, shapely.MultiPoint([(0, 0)])), "1 place", "Place"),
        (held(DEPLOYMENTS, AREA), "1 deployment", "Deployment"),
        (held(DEPLOYMENTS, AREA, LINE), "2 deployments", "Deployment"),
    ],
)
def test_things_are_counted_by_kind_or_by_shape(layer: Layer, words: str, one: str) -> None:
    assert layer.counted == words
    (section,) = legend(Project(layers=(layer,)), Look(DAY, time(12), Audience.POLICE))
    assert section.subtitle == words
    assert section.entries[0].label == one


def test_a_layer_of_nothing_is_counted_too() -> None:
    assert held(OTHER).count_words(0) == "0 places"
    nothing = new_layer(
        "Plan", OTHER, pa.table({"n": pa.array([], pa.int64())}), Shapes(np.array([], dtype=object))
    )
    assert nothing.counted == "0 places"
