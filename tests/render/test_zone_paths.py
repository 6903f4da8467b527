"""Zones on screen are filled once where they overlap, keep their holes, and an edit makes one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QImage, QPainter
from shapely.geometry.base import BaseGeometry

from gisapp.layers import geodesy
from gisapp.layers.project import Project
from gisapp.progress import Progress
from gisapp.render.cache import Cache
from gisapp.render.frame import Frame
from gisapp.render.look import Scene
from gisapp.render.scene import render_image
from gisapp.render.view import MapView, mercator
from gisapp.render.zone_paths import ZonePaths, zone_paths
from tests.render.conftest import LAT, LON, agreement, look, pixel, zone_in

VIEW = MapView.fit((LON - 0.01, LAT - 0.008, LON + 0.01, LAT + 0.008), 640, 480)


def prepared(shapes: list[BaseGeometry], cache: Cache, view: MapView = VIEW) -> ZonePaths:
    image = QImage(8, 8, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    try:
        return zone_paths(Frame(Scene(Project(), view, look()), painter, cache, Progress()), shapes)
    finally:
        painter.end()


def with_zones(*shapes: BaseGeometry) -> Project:
    pact = agreement()
    project = zone_in(Project(), pact)
    (zone,) = project.zones.values()
    project = replace(project, zones={})
    for number, shape in enumerate(shapes):
        project = project.with_zone(replace(zone, id=str(number), name=str(number), shape=shape))
    return project


def test_overlaps_are_filled_once_and_holes_are_not_filled() -> None:
    ring = shapely.box(LON - 0.008, LAT - 0.006, LON + 0.004, LAT + 0.006).difference(
        shapely.box(LON - 0.006, LAT - 0.003, LON - 0.003, LAT + 0.003)
    )
    # Turned the other way round, as files have it too.
    other = shapely.box(LON, LAT - 0.006, LON + 0.008, LAT + 0.006).reverse()
    image = render_image(Scene(with_zones(ring, other), VIEW, look()))
    x, y = VIEW.to_screen(
        np.array([LON - 0.007, LON - 0.0045, LON + 0.002, LON + 0.006]), np.full(4, LAT)
    )
    once, hole, overlap, alone = (pixel(image, *at) for at in zip(x, y, strict=True))
    assert once == overlap == alone
    assert hole != once
    assert hole == pixel(image, 3, 3)


def test_an_edit_of_one_zone_leaves_the_paths_of_the_others() -> None:
    cache = Cache()
    shapes: list[BaseGeometry] = [geodesy.circle(LON + 0.001 * n, LAT, 200) for n in range(5)]
    before = prepared(shapes, cache)
    moved = [*shapes[:2], geodesy.circle(LON, LAT + 0.01, 200), *shapes[3:]]
    after = prepared(moved, cache)
    same = [one is other for one, other in zip(before.paths, after.paths, strict=True)]
    assert same == [True, True, False, True, True]
    assert prepared(moved, cache) is after


@settings(max_examples=30, deadline=None)
@given(st.floats(30, 2000), st.floats(0.1, 60), st.sampled_from([1.0, 1.5, 2.0]))
def test_no_edge_moves_by_more_than_half_a_device_pixel(
    radius_m: float, resolution: float, dpr: float
) -> None:
    circle = geodesy.circle(LON, LAT, radius_m)
    view = replace(VIEW, resolution=resolution, dpr=dpr)
    path = prepared([circle], Cache(), view).paths[0]
    at = [path.elementAt(number) for number in range(path.elementCount())]
    exact = np.column_stack(mercator(*shapely.get_coordinates(circle).T))
    if len(at) > 2:
        drawn = shapely.LineString([(element.x, element.y) for element in at])
        moved = shapely.hausdorff_distance(drawn, shapely.LineString(exact), densify=0.1)
        assert moved <= resolution / dpr / 2 + 1e-6


def test_only_zones_in_view_are_filled() -> None:
    shapes: list[BaseGeometry] = [geodesy.circle(LON + 0.05 * n, LAT, 200) for n in range(3)]
    zones = prepared(shapes, Cache())
    frame_box = (*mercator(np.array([LON - 0.01]), np.array([LAT - 0.01])),)
    west, south = (float(value[0]) for value in frame_box)
    seen = zones.in_view(west, south, west + 2500, south + 2500)
    assert seen.tolist() == [0]
    assert zones.fill(seen).elementCount() == zones.paths[0].elementCount()
    assert zones.fill(np.arange(3)) is zones.whole
