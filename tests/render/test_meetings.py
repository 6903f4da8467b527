"""Deployments that meet a zone at their hours carry a sign, and the legend explains it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import shapely

from gisapp.layers import edits
from gisapp.layers.audience import Audience
from gisapp.layers.layer import Layer, Shapes, new_layer
from gisapp.layers.project import Project
from gisapp.layers.style import VERMILLION
from gisapp.layers.vocabulary import LayerKind
from gisapp.render.cache import Cache
from gisapp.render.legend import legend
from gisapp.render.meetings import meetings_of
from gisapp.render.scene import Scene, render_image
from gisapp.render.view import MapView
from tests.render.conftest import LAT, LON, agreement, far, look, pixel, zone_in

VIEW = MapView.fit((LON - 0.01, LAT - 0.008, LON + 0.01, LAT + 0.008), 640, 480)
#: One box over the zone in the middle of the map, one away from it.
BOXES = (
    shapely.box(LON, LAT, LON + 0.004, LAT + 0.004),
    shapely.box(LON + 0.0085, LAT - 0.006, LON + 0.009, LAT - 0.005),
)


def planned(hours: tuple[datetime | None, datetime | None]) -> Layer:
    stamp = pa.timestamp("us", tz="UTC")
    table = pa.table(
        {
            "name": ["Over it", "Away"],
            "start": pa.array([hours[0]] * 2, stamp),
            "end": pa.array([hours[1]] * 2, stamp),
        }
    )
    fields = {name: name for name in table.column_names}
    array = np.empty(2, dtype=object)
    array[:] = BOXES
    return new_layer("Plan", LayerKind.DEPLOYMENTS, table, Shapes(array), fields)


EVENING = (datetime(2025, 6, 2, 18, tzinfo=UTC), datetime(2025, 6, 2, 20, tzinfo=UTC))


def project(hours: tuple[datetime | None, datetime | None] = EVENING) -> Project:
    return zone_in(Project(layers=(planned(hours),)), agreement())


def corner(number: int) -> tuple[float, float]:
    _, _, east, north = BOXES[number].bounds
    x, y = VIEW.to_screen(np.array([east]), np.array([north]))
    return float(x[0]) - 4, float(y[0])


def test_the_one_that_meets_a_zone_carries_a_sign() -> None:
    image = render_image(Scene(project(), VIEW, look()))
    assert far(pixel(image, *corner(0)), VERMILLION) < 30
    assert far(pixel(image, *corner(1)), VERMILLION) > 60


def test_the_legend_explains_the_sign_only_where_it_is_drawn() -> None:
    def labels(of: Project, view: MapView | None = None, **more: object) -> list[str]:
        sections = legend(of, look(**more), Cache(), view)
        return [f"{e.label} {e.count}" for s in sections if s.title == "Plan" for e in s.entries]

    sign = "Meets a zone at its hours 1"
    assert sign in labels(project())
    assert sign not in labels(project((None, None)))
    away = MapView.fit(BOXES[1].bounds, 640, 480)
    assert sign not in labels(project(), away)
    mask = np.array([False, True])
    (layer,) = project().layers
    assert sign not in labels(replace(project(), layers=(layer,)), rows={layer.id: mask})
    assert labels(project(), audience=Audience.PUBLIC) == []


def test_it_is_checked_again_when_zones_change_and_not_otherwise() -> None:
    cache, before = Cache(), project()
    (layer,) = before.layers
    found = meetings_of(before, layer, cache)
    assert found.rows.tolist() == [0]
    renamed = edits.rename_layer(layer.id, "Other").apply(before)
    assert meetings_of(renamed, renamed.layers[0], cache) is found
    without = edits.remove_zones(tuple(before.zones)).apply(before)
    assert meetings_of(without, layer, cache).conflicts == ()


def test_hours_that_are_not_known_are_told() -> None:
    (layer,) = project((None, None)).layers
    assert meetings_of(project(), layer, Cache()).unjudged == {0, 1}
    nameless = replace(layer, fields={"name": "name"})
    assert "no start" in meetings_of(project(), nameless, Cache()).trouble
