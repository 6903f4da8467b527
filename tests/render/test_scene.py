"""What is painted: pixels at known places."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import time

import numpy as np
import pytest
import shapely
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from gisapp.errors import Cancelled
from gisapp.layers.project import Hotspots, Project
from gisapp.layers.style import BLUE, GREEN, ORANGE, VERMILLION
from gisapp.layers.vocabulary import LayerKind, Polarity, ServiceType
from gisapp.layers.zone import Zone
from gisapp.progress import Progress
from gisapp.render.glyphs import glyph
from gisapp.render.legend import legend
from gisapp.render.painters.label_boxes import Taken
from gisapp.render.palette import DARK, LIGHT
from gisapp.render.scene import Cache, Scene, render_image
from gisapp.render.view import MapView
from tests.render.conftest import (
    LAT,
    LON,
    agreement,
    far,
    look,
    night_hours,
    pixel,
    pixels,
    points,
    scattered,
    shapes,
    town,
    zone_in,
)

VIEW = MapView.fit((LON - 0.01, LAT - 0.008, LON + 0.01, LAT + 0.008), 640, 480)


def drawn(project: Project, view: MapView = VIEW, **more: object) -> QImage:
    return render_image(Scene(project, view, look(**more)))


def edge_of(project: Project, view: MapView = VIEW) -> tuple[float, float]:
    """The pixel of the easternmost point of the only zone."""
    (zone,) = project.zones.values()
    x, y = view.to_screen(np.array([zone.shape.bounds[2]]), np.array([LAT]))
    return float(x[0]), float(y[0])


def test_nothing_to_draw_gives_the_ground() -> None:
    image = drawn(Project())
    assert (image.width(), image.height()) == (640, 480)
    assert {pixel(image, 5, 5), pixel(image, 320, 240)} == {LIGHT.background.lower()}
    assert pixel(drawn(Project(), dark=True), 5, 5) == DARK.background.lower()


def test_high_dpi_images_have_device_pixels() -> None:
    image = drawn(town(), replace(VIEW, dpr=2.0))
    assert (image.width(), image.height()) == (1280, 960)
    assert image.devicePixelRatio() == 2.0


def test_a_zone_in_force_has_a_green_edge_and_a_light_fill() -> None:
    project = zone_in(Project(), agreement())
    image = drawn(project)
    x, y = edge_of(project)
    assert far(pixel(image, x - 1, y), GREEN) < 60
    inside = pixel(image, 340, 230)
    assert 5 < far(inside, LIGHT.background) < 60
    assert far(pixel(image, 600, 20), LIGHT.background) == 0


def test_a_zone_outside_its_hours_is_dashed() -> None:
    project = zone_in(Project(), night_hours())
    at_night, by_day = drawn(project, time=time(23)), drawn(project, time=time(12))
    greens = [far_from_ground(image) for image in (at_night, by_day)]
    assert greens[1] < greens[0]
    # The dashes leave gaps in the ring; the whole ring is drawn at night.
    assert gaps(at_night, project) == 0
    assert gaps(by_day, project) > 10


def far_from_ground(image: QImage) -> int:
    """How many pixels are clearly green: what lines there are."""
    color = pixels(image).astype(int)
    return int((color[..., 1] - color[..., 2] > 90).sum())


def gaps(image: QImage, project: Project) -> int:
    """Places round the ring of the only zone where no line is drawn."""
    (zone,) = project.zones.values()
    ring = zone.shape.exterior.segmentize(1e-5)
    lon, lat = shapely.get_coordinates(ring).T
    x, y = VIEW.to_screen(lon, lat)
    color = pixels(image)[y.astype(int), x.astype(int)].astype(int)
    return int((color[:, 1] - color[:, 2] < 40).sum())


def test_an_expired_zone_is_grey_and_hatched() -> None:
    expired = agreement(expires=agreement().effective)
    image = drawn(zone_in(Project(), expired))
    block = pixels(image)[200:280, 280:360, :3].reshape(-1, 3).astype(int)
    grey = np.abs(block - np.array([0x7F] * 3)).max(axis=1) < 70
    ground = np.abs(block - np.array([0xF7, 0xFA, 0xFA])).max(axis=1) < 6
    assert grey.any()
    assert ground.any(), "a hatch leaves the ground visible between its lines"


def test_a_zone_of_opposite_sign_is_vermillion() -> None:
    zone = Zone("Ring", shapely.Point(LON, LAT).buffer(0.004), polarity=Polarity.ENHANCED_PENALTY)
    project = Project().with_zone(zone)
    x, y = edge_of(project)
    assert far(pixel(drawn(project), x - 1, y), VERMILLION) < 70


def test_a_tiny_zone_can_still_be_seen_where_the_map_is_far() -> None:
    project = zone_in(Project(), agreement(), radius_m=10)
    image = drawn(project, MapView.fit((-86, 38, -83, 40.5), 640, 480))
    assert far_from_ground(image) > 4


def test_a_service_is_a_blue_disc_with_a_white_glyph() -> None:
    layer = points(LayerKind.SERVICES, [LON], [LAT])
    image = drawn(Project(layers=(layer,)))
    assert far(pixel(image, 320 - 4, 240 - 4), BLUE) < 40
    block = pixels(image)[232:248, 312:328, :3]
    assert (block > 200).all(axis=-1).any()


def test_every_kind_of_service_has_its_own_glyph() -> None:
    drawn_as = {kind: glyph(kind) for kind in ServiceType}
    assert len({path.toFillPolygon().size() for path in drawn_as.values()} | {0}) > 6
    for kind, path in drawn_as.items():
        box = path.boundingRect()
        assert not path.isEmpty(), kind
        assert max(abs(box.left()), abs(box.right()), abs(box.top()), abs(box.bottom())) <= 1.02
        others = [other for other in ServiceType if other is not kind]
        assert all(drawn_as[other] != path for other in others)


def test_near_each_point_is_drawn_and_stacks_are_larger() -> None:
    one = points(LayerKind.OVERDOSES, [LON], [LAT])
    many = points(LayerKind.OVERDOSES, [LON] * 30, [LAT] * 30)
    small, large = (count_colored(drawn(Project(layers=(la,)))) for la in (one, many))
    assert 0 < small < large


def count_colored(image: QImage) -> int:
    color = pixels(image).astype(int)
    return int((np.abs(color[..., :3] - np.array([0xF7, 0xFA, 0xFA])).max(axis=-1) > 40).sum())


def test_far_points_are_drawn_as_density_where_they_are() -> None:
    layer = scattered(LayerKind.STOPS, 60_000)
    view = MapView.fit(layer.bounds, 640, 480)
    image = drawn(Project(layers=(layer,)), view)
    assert far(pixel(image, 320, 240), LIGHT.background) > 80
    assert far(pixel(image, 3, 3), LIGHT.background) == 0


def test_a_pan_moves_the_density_and_changes_nothing_else() -> None:
    layer = scattered(LayerKind.STOPS, 60_000)
    view = MapView.fit(layer.bounds, 600, 400)
    project, cache = Project(layers=(layer,)), Cache()
    before = pixels(render_image(Scene(project, view, look()), cache))
    after = pixels(render_image(Scene(project, view.panned(30, 0), look()), cache))
    assert (before[:, 50:500] == after[:, 80:530]).all()


def test_rows_that_are_filtered_out_are_not_drawn() -> None:
    layer = points(LayerKind.OVERDOSES, [LON], [LAT])
    hidden = drawn(Project(layers=(layer,)), rows={layer.id: np.array([False])})
    assert count_colored(hidden) == 0


def test_a_hidden_layer_is_not_drawn() -> None:
    layer = replace(points(LayerKind.OVERDOSES, [LON], [LAT]), visible=False)
    assert count_colored(drawn(Project(layers=(layer,)))) == 0


def test_a_deployment_is_outlined_in_orange() -> None:
    box = shapely.box(LON - 0.004, LAT - 0.004, LON + 0.004, LAT + 0.004)
    image = drawn(Project(layers=(shapes(LayerKind.DEPLOYMENTS, [box]),)))
    x, _ = VIEW.to_screen(np.array([LON + 0.004]), np.array([LAT]))
    assert min(far(pixel(image, float(x[0]) + d, 240), ORANGE) for d in (-1, 0, 1)) < 70


def test_a_city_seen_from_far_away_is_drawn_as_density() -> None:
    layer = scattered(LayerKind.STOPS, 20_000)
    west, south, east, north = layer.bounds or (0, 0, 0, 0)
    far_away = MapView.fit((west - 1, south - 1, east + 1, north + 1), 640, 480)
    sections = legend(Project(layers=(layer,)), look(), Cache(), far_away)
    assert "per square of" in sections[0].entries[0].label
    image = pixels(drawn(Project(layers=(layer,)), far_away))
    shades = {tuple(color) for color in image.reshape(-1, 4).tolist()}
    assert 3 <= len(shades) < 12, "a few classes, no blot of symbols"


def test_among_many_places_the_densest_is_not_the_palest() -> None:
    rng = np.random.default_rng(3)
    lon, lat = LON + rng.normal(0, 0.0006, 4000), LAT + rng.normal(0, 0.0005, 4000)
    image = drawn(Project(layers=(points(LayerKind.OVERDOSES, lon.tolist(), lat.tolist()),)))
    middle = pixels(image)[225:255, 305:335].reshape(-1, 4)[:, :3].astype(int)
    pale = np.abs(middle - 255).max(axis=1) < 45
    assert pale.mean() < 0.03


def test_gi_star_hotspots_are_orange_where_events_stand_together() -> None:
    rng = np.random.default_rng(5)
    lon = np.concatenate([LON + rng.normal(0, 0.001, 400), rng.uniform(-84.56, -84.46, 200)])
    lat = np.concatenate([LAT + rng.normal(0, 0.001, 400), rng.uniform(39.06, 39.16, 200)])
    layer = replace(points(LayerKind.OVERDOSES, lon.tolist(), lat.tolist()), visible=False)
    spots = Hotspots(layer.id, "gistar", 200, 500, opacity=1.0)
    project = Project(layers=(layer,), hotspots=(spots,))
    image = drawn(project, MapView.fit(layer.bounds, 640, 480))
    x, y = MapView.fit(layer.bounds, 640, 480).to_screen(np.array([LON]), np.array([LAT]))
    assert far(pixel(image, float(x[0]), float(y[0])), "#B35C00") < 12


def test_a_surface_lies_where_its_events_are() -> None:
    """The image is projected from the plane of metres: its peak stands on the events."""
    rng = np.random.default_rng(5)
    lon, lat = LON + 0.02 + rng.normal(0, 0.0004, 300), LAT - 0.01 + rng.normal(0, 0.0004, 300)
    layer = replace(points(LayerKind.OVERDOSES, lon.tolist(), lat.tolist()), visible=False)
    spots = Hotspots(layer.id, "kde", 50, 150, opacity=1.0)
    view = MapView.fit((LON - 0.04, LAT - 0.03, LON + 0.04, LAT + 0.03), 640, 480)
    image = drawn(Project(layers=(layer,), hotspots=(spots,)), view)
    dark = pixels(image)[..., 1] < pixels(image)[..., 1].min() + 12
    rows, columns = np.nonzero(dark)
    x, y = view.to_screen(np.array([LON + 0.02]), np.array([LAT - 0.01]))
    assert columns.mean() == pytest.approx(x[0], abs=4)
    assert rows.mean() == pytest.approx(y[0], abs=4)


def test_painting_can_be_cancelled() -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        render_image(Scene(town(), VIEW, look()), Cache(), progress)


def test_names_never_lie_over_one_another() -> None:
    taken = Taken()
    taken.add(QRectF(0, 0, 10, 10))
    assert taken.meets(QRectF(9, 9, 5, 5))
    assert not taken.meets(QRectF(10, 0, 5, 5))


def test_two_threads_may_draw_from_one_cache() -> None:
    """The canvas draws while an export runs; both take what was prepared from one cache."""
    scene, cache = Scene(town(), VIEW, look()), Cache()
    alone = pixels(render_image(scene, Cache()))
    with ThreadPoolExecutor(4) as pool:
        images = list(pool.map(lambda _: render_image(scene, cache), range(8)))
    assert all((pixels(image) == alone).all() for image in images)
