"""The halo round a selection: where it is, and that a moving map does not draw it anew."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import shapely
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from gisapp.layers import zoning
from gisapp.layers.project import Project
from gisapp.render.view import MapView, mercator
from gisapp.ui.map import selection_overlay
from gisapp.ui.map.halo import Outlines, halo_image
from gisapp.ui.map.selection_overlay import SelectionOverlay
from gisapp.ui.session import Selection, Session
from tests.ui import made

EDGE, HALO = QColor("#102030"), QColor("#ffe040")
VIEW = MapView.fit((-84.52, 39.09, -84.46, 39.13), 400, 300)


def drawn(shapes: list[object], lon: list[float], lat: list[float], view: MapView) -> QImage:
    x, y = mercator(np.array(lon), np.array(lat))
    outlines = Outlines.of(np.array(shapes, dtype=object))
    return halo_image(outlines, x, y, view, EDGE, HALO)


def color_at(image: QImage, view: MapView, lon: float, lat: float) -> QColor:
    x, y = view.to_screen(np.array([lon]), np.array([lat]))
    return image.pixelColor(round(x[0] * view.dpr), round(y[0] * view.dpr))


@pytest.mark.parametrize("dpr", [1.0, 2.0])
@pytest.mark.parametrize("copies", [1, 600])
def test_outlines_have_a_halo_and_areas_stay_clear(qtbot: QtBot, dpr: float, copies: int) -> None:
    view = VIEW.resized(400, 300, dpr)
    box = shapely.box(-84.50, 39.10, -84.48, 39.12)
    image = drawn([box] * copies, [], [], view)
    assert (image.width(), image.height()) == (400 * dpr, 300 * dpr)
    assert color_at(image, view, -84.50, 39.11).name() == HALO.name()
    assert color_at(image, view, -84.49, 39.12).name() == HALO.name()
    assert color_at(image, view, -84.49, 39.11).alpha() == 0
    x, y = view.to_screen(np.array([-84.50]), np.array([39.11]))
    beside = image.pixelColor(round((x[0] - 2.6) * dpr), round(y[0] * dpr))
    assert beside.alpha() > 200
    assert beside.lightness() < 60


@pytest.mark.parametrize("copies", [1, 400])
def test_points_have_a_ring_each(qtbot: QtBot, copies: int) -> None:
    lon = [-84.49 + 1e-9 * i for i in range(copies)]
    image = drawn([], lon, [39.11] * copies, VIEW)
    x, y = VIEW.to_screen(np.array([-84.49]), np.array([39.11]))
    assert image.pixelColor(round(x[0]), round(y[0])).alpha() == 0
    assert image.pixelColor(round(x[0] + 9), round(y[0])).name() == HALO.name()


def test_a_line_that_only_crosses_the_map_is_drawn(qtbot: QtBot) -> None:
    line = shapely.LineString([(-90.0, 39.11), (-80.0, 39.11)])
    image = drawn([line] * 1_100, [], [], VIEW)
    assert color_at(image, VIEW, -84.49, 39.11).name() == HALO.name()
    assert color_at(image, VIEW, -84.49, 39.12).alpha() == 0


def test_what_lies_outside_or_is_tiny_costs_no_vertices() -> None:
    away = shapely.box(0.0, 0.0, 1.0, 1.0)
    tiny = shapely.Point(-84.49, 39.11).buffer(1e-6)
    x, _, course = Outlines.of(np.array([away, tiny], dtype=object)).seen(VIEW)
    assert len(x) <= 6
    assert set(course.tolist()) == {1}


def test_a_dragged_map_takes_its_halo_along(
    open_session: Callable[[Project], Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    services = made.services()
    zones = zoning.circles_round(services, 300, "agreed")
    session = open_session(Project(layers=(services,), zones={z.id: z for z in zones}))
    session.set_view(VIEW)
    session.select(Selection(tuple(zone.id for zone in zones)))
    made_images: list[MapView] = []

    def count(*args: object) -> QImage:
        made_images.append(args[3])
        return halo_image(*args)

    monkeypatch.setattr(selection_overlay, "halo_image", count)
    overlay = SelectionOverlay()
    overlay.prepare(session)
    target = QImage(400, 300, QImage.Format.Format_ARGB32_Premultiplied)
    target.fill(0)
    painter = QPainter(target)
    for step in range(20):
        overlay.paint(painter, VIEW.panned(step * 4, 0), moving=True)
    assert len(made_images) == 1
    overlay.paint(painter, VIEW.zoomed(1.5), moving=True)
    assert len(made_images) == 1
    overlay.paint(painter, VIEW.zoomed(1.5))
    assert len(made_images) == 2
    painter.end()
