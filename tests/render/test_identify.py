"""What lies under the cursor, topmost first."""

from __future__ import annotations

import numpy as np
import shapely

from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind
from gisapp.render.identify import identify, rows_in_shape, zones_in_shape
from gisapp.render.scene import Scene
from gisapp.render.view import MapView
from tests.render.conftest import LAT, LON, agreement, look, points, shapes, town, zone_in

VIEW = MapView.fit((LON - 0.01, LAT - 0.01, LON + 0.01, LAT + 0.01), 400, 400)


def at(project: Project, lon: float = LON, lat: float = LAT, **more: object) -> list[str]:
    x, y = VIEW.to_screen(np.array([lon]), np.array([lat]))
    hits = identify(Scene(project, VIEW, look(**more)), float(x[0]), float(y[0]))
    return [hit.label for hit in hits]


def test_a_service_lies_over_its_zone_and_the_boundary_below() -> None:
    labels = at(town(events=0))
    assert labels[0] == "Row 0"
    assert labels[1] == "Circle"
    assert "Area 0" in labels


def test_points_on_one_place_are_one_hit_with_all_rows() -> None:
    layer = points(LayerKind.STOPS, [LON, LON, LON, LON + 0.005], [LAT] * 4)
    x, y = VIEW.to_screen(np.array([LON]), np.array([LAT]))
    (hit,) = identify(Scene(Project(layers=(layer,)), VIEW, look()), float(x[0]), float(y[0]))
    assert hit.label == "3 stops at one place"
    assert hit.rows.tolist() == [0, 1, 2]


def test_a_line_is_hit_beside_it_an_area_only_over_it() -> None:
    degree = VIEW.metres_per_pixel / 111_000
    line = shapes(LayerKind.STREETS, [shapely.LineString([(LON - 1, LAT), (LON + 1, LAT)])])
    area = shapes(LayerKind.BOUNDARIES, [shapely.box(LON - 1, LAT - 1, LON + 1, LAT)])
    assert len(at(Project(layers=(line,)), LON, LAT + 4 * degree)) == 1
    assert not at(Project(layers=(line,)), LON, LAT + 9 * degree)
    assert not at(Project(layers=(area,)), LON, LAT + 4 * degree)
    assert len(at(Project(layers=(area,)), LON, LAT - 4 * degree)) == 1


def test_rows_filtered_out_are_not_hit() -> None:
    layer = points(LayerKind.STOPS, [LON], [LAT])
    project = Project(layers=(layer,))
    assert at(project) == ["Row 0"]
    assert not at(project, rows={layer.id: np.array([False])})


def test_a_hidden_zone_is_not_hit() -> None:
    project = zone_in(Project(), agreement())
    assert at(project) == ["Circle"]
    assert not at(Project(zones=project.zones, zones_visible=False))


def test_rows_and_zones_in_a_drawn_shape() -> None:
    project = town()
    layer = project.layers_of(LayerKind.SERVICES)[0]
    area = shapely.Point(LON, LAT).buffer(0.001)
    assert rows_in_shape(project, look(), layer.id, area).tolist() == [0]
    assert zones_in_shape(project, area) == tuple(project.zones)
    streets = project.layers_of(LayerKind.STREETS)[0]
    assert rows_in_shape(project, look(), streets.id, area).tolist() == [2]
