"""Each way of drawing points says how many there are, lies still on the ground, and obeys."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from gisapp.analysis.points.index import PointIndex
from gisapp.analysis.points.time_bars import RowSpan, TimeBars
from gisapp.layers.audience import Audience
from gisapp.layers.event_cells import event_cells
from gisapp.layers.layer import Layer, Points, new_layer
from gisapp.layers.point_ways import heat_id, heat_surface
from gisapp.layers.project import Project
from gisapp.layers.style import PointDrawing
from gisapp.layers.symbology import Category, SymbolClass, Symbology
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress
from gisapp.render.cache import Cache
from gisapp.render.class_styles import class_styles
from gisapp.render.frame import Frame
from gisapp.render.legend import legend
from gisapp.render.look import Look, Scene
from gisapp.render.painters.clusters import cluster_at, clusters_in, discs
from gisapp.render.painters.each import stacks, symbols_of
from gisapp.render.painters.heat import heat_in, heat_stops, reach_of, rounded
from gisapp.render.painters.hexagons import hexagons_in
from gisapp.render.painters.label_boxes import Taken
from gisapp.render.painters.labels import paint_labels
from gisapp.render.scene import render_image
from gisapp.render.shown_rows import kept_points, shown_rows
from gisapp.render.view import MapView, mercator
from tests.render.conftest import DAY, scattered

WAYS = tuple(PointDrawing)
RED, BLUE = "#D55E00", "#0072B2"


def town(count: int = 6000, way: PointDrawing = PointDrawing.AUTOMATIC, seed: int = 4) -> Layer:
    """Stops round some corners of a town, half of them searches."""
    rng = np.random.default_rng(seed)
    corner = rng.random((25, 2)) * [0.06, 0.04]
    which = rng.integers(0, 25, count)
    lon = -84.54 + corner[which, 0] + rng.normal(0, 0.003, count).round(4)
    lat = 39.09 + corner[which, 1] + rng.normal(0, 0.003, count).round(4)
    table = pa.table({"kind": np.where(np.arange(count) % 2, "search", "talk")})
    layer = new_layer("Stops", LayerKind.STOPS, table, Points(lon, lat))
    return layer.restyled(replace(layer.style, points=way))


def view_of(layer: Layer, width: int = 640, height: int = 400) -> MapView:
    return MapView.fit(layer.bounds, width, height)


def look(**more: object) -> Look:
    audience = more.pop("audience", Audience.POLICE)
    return Look(DAY, None, audience, **more)


def drawn(layer: Layer, how: Look, view: MapView | None = None) -> np.ndarray:
    image = render_image(Scene(Project(layers=(layer,)), view or view_of(layer), how), Cache())
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)
    return pixels.copy()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("dark", [False, True])
def test_each_way_draws_something_of_its_own_in_light_and_dark(
    way: PointDrawing, dark: bool
) -> None:
    layer = town(way=way)
    seen = drawn(layer, look(dark=dark))
    ground = drawn(town(1), look(dark=dark), view_of(layer).panned(5000, 0))
    assert (seen != ground).any(axis=2).mean() > 0.01


@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_left_where_the_filter_leaves_nothing(way: PointDrawing) -> None:
    layer = town(way=way)
    none = drawn(layer, look(rows={layer.id: np.zeros(len(layer), bool)}))
    assert len(np.unique(none.reshape(-1, 4), axis=0)) == 1


MARKS = (PointDrawing.AUTOMATIC, PointDrawing.EACH, PointDrawing.CLUSTERS)
CELLS = (PointDrawing.SQUARES, PointDrawing.HEXAGONS)


@pytest.mark.parametrize("way", MARKS)
def test_others_than_the_police_never_see_it(way: PointDrawing) -> None:
    layer = town(way=way)
    as_cells = drawn(town(), replace(look(), audience=Audience.PARTNERS))
    assert (drawn(layer, replace(look(), audience=Audience.PARTNERS)) == as_cells).all()
    assert (drawn(layer, look(exported=True)) == drawn(town(), look(exported=True))).all()


@pytest.mark.parametrize("exported", [False, True])
@pytest.mark.parametrize("way", CELLS)
def test_others_see_squares_and_hexagons_as_the_cells_that_counts_always_have(
    way: PointDrawing, exported: bool
) -> None:
    layer = town(way=way)
    view, how = view_of(layer), look(exported=exported, audience=Audience.PARTNERS)
    assert isinstance(layer.geometry, Points)
    cells = event_cells(layer.geometry, Audience.PARTNERS)
    left, bottom = view.to_screen(cells.boxes[:, 0], cells.boxes[:, 1])
    right, top = view.to_screen(cells.boxes[:, 2], cells.boxes[:, 3])
    held = np.zeros((view.height, view.width), dtype=bool)
    for box in np.rint(np.column_stack([left, top, right, bottom])).astype(int).tolist():
        held[max(box[1], 0) : max(box[3], 0), max(box[0], 0) : max(box[2], 0)] = True
    empty = drawn(town(1), how, view.panned(5000, 0))[0, 0]
    seen = drawn(layer, how, view)
    assert ((seen != empty).any(axis=2) == held).all()
    (section,) = legend(Project(layers=(layer,)), how, Cache(), view)
    (entry,) = section.entries
    named = {color.upper() for color, _ in entry.ramp}
    colors = np.unique(seen[held][:, [2, 1, 0]], axis=0)
    assert {f"#{r:02X}{g:02X}{b:02X}" for r, g, b in colors.tolist()} <= named
    assert entry.ramp[0][1].startswith("11")
    assert entry.label.startswith("Stops per cell of")


@pytest.mark.parametrize("exported", [False, True])
def test_others_see_heat_as_a_density_as_fine_as_the_layers_cells(exported: bool) -> None:
    layer = town(60_000, way=PointDrawing.HEAT)
    view, how = view_of(layer), look(exported=exported, audience=Audience.PARTNERS)
    asked = heat_surface(layer, 250)
    assert (asked.cell_m, asked.bandwidth_m) == (100, 400)
    as_hotspots = Project(layers=(town(60_000),), hotspots=(replace(asked, layer_id="x"),))
    kept = replace(layer.restyled(town(1).style), id="x")
    as_hotspots = replace(as_hotspots, layers=(kept,))
    expected = render_image(Scene(as_hotspots, view, how), Cache())
    found = render_image(Scene(Project(layers=(layer,)), view, how), Cache())
    assert found == expected
    sections = {one.id: one for one in legend(Project(layers=(layer,)), how, Cache(), view)}
    assert sections[layer.id].entries == ()
    assert "smoothed over 400 m" in sections[heat_id(layer.id)].subtitle.casefold()
    near = replace(layer.style, farthest=view.scale / 2)
    hidden = drawn(layer.restyled(near), how, view)
    assert len(np.unique(hidden.reshape(-1, 4), axis=0)) == 1
    assert not legend(Project(layers=(layer.restyled(near),)), look(exported=True), Cache(), view)


def test_the_numbers_of_clusters_are_exact_and_add_up() -> None:
    layer = town()
    points = layer.geometry
    assert isinstance(points, Points)
    for zoom in (1, 4, 30):
        view = view_of(layer).zoomed(zoom)
        found = clusters_in(layer, view, None, Cache(), Progress())
        for number, count in enumerate(found.counts.tolist()):
            west, south, east, north = found.bounds(number)
            inside = (points.lon >= west) & (points.lon < east)
            inside &= (points.lat >= south) & (points.lat < north)
            assert inside.sum() == count
    whole = clusters_in(layer, view_of(layer), None, Cache(), Progress())
    assert whole.counts.sum() == len(layer)


def test_clusters_stay_where_they_are_while_the_map_is_moved() -> None:
    layer = town()
    view = view_of(layer).zoomed(3)
    here, there = (
        clusters_in(layer, moved, None, Cache(), Progress())
        for moved in (view, view.panned(37, -21))
    )
    places = [
        {(round(x, 9), round(y, 9)): n for x, y, n in zip(c.lon, c.lat, c.counts, strict=True)}
        for c in (here, there)
    ]
    shared = places[0].keys() & places[1].keys()
    assert len(shared) > 0.7 * len(places[0])
    assert all(places[0][key] == places[1][key] for key in shared)


def test_discs_never_cover_each_other() -> None:
    layer = town(60_000)
    for zoom in (0.3, 1, 5):
        view = view_of(layer).zoomed(zoom)
        found = discs(view, clusters_in(layer, view, None, Cache(), Progress()), layer.style)
        many = [one for one in found if one.count > 1]
        for number, one in enumerate(many):
            for other in many[number + 1 :]:
                beside = abs(one.x - other.x) >= one.half_width + other.half_width
                above = abs(one.y - other.y) >= one.half_height + other.half_height
                assert beside or above


def test_a_cluster_is_found_under_the_mouse() -> None:
    layer = town(way=PointDrawing.CLUSTERS)
    view, cache = view_of(layer), Cache()
    scene = Scene(Project(layers=(layer,)), view, look())
    found = discs(view, clusters_in(layer, view, None, cache, Progress()), layer.style)
    disc = max(found, key=lambda one: one.count)
    hit = cluster_at(scene, layer, disc.x, disc.y, cache)
    assert hit is not None
    assert hit[0] == disc.count
    assert cluster_at(scene, layer, -500, -500, cache) is None


@given(st.integers(0, 10_000), st.floats(0.5, 40), st.floats(-300, 300))
@settings(deadline=None, max_examples=25)
def test_each_hexagon_of_the_view_holds_what_is_nearest_to_it(
    seed: int, zoom: float, pan: float
) -> None:
    layer = town(500, seed=seed)
    points = layer.geometry
    assert isinstance(points, Points)
    view = view_of(layer).zoomed(zoom).panned(pan, pan / 2)
    found = hexagons_in(layer, view, None, Cache(), Progress())
    x, y = mercator(points.lon, points.lat)
    inside = (abs(x - view.x) <= view.width / 2 * view.resolution) & (
        abs(y - view.y) <= view.height / 2 * view.resolution
    )
    assert found.counts.sum() >= inside.sum()
    if len(found.x) and inside.any():
        away = np.hypot(found.x - x[inside, None], found.y - y[inside, None])
        assert away.min(axis=1).max() <= found.width / np.sqrt(3) * (1 + 1e-9)
        held = np.bincount(away.argmin(axis=1), minlength=len(found.x))
        # Those at the edge also hold points beyond it.
        margin = found.width / view.resolution
        px = (found.x - view.x) / view.resolution, (found.y - view.y) / view.resolution
        whole = (abs(px[0]) < view.width / 2 - margin) & (abs(px[1]) < view.height / 2 - margin)
        assert (held[whole] == found.counts[whole]).all()
        assert (held <= found.counts).all()


def test_heat_is_in_real_units() -> None:
    rng = np.random.default_rng(1)
    # 20,000 points spread evenly over a square of 0.1° by 0.1°.
    lon, lat = rng.uniform(-84.55, -84.45, 20_000), rng.uniform(39.05, 39.15, 20_000)
    table = pa.table({"id": np.arange(20_000)})
    layer = new_layer("Stops", LayerKind.STOPS, table, Points(lon, lat))
    heat = heat_in(layer, view_of(layer), None, Cache(), Progress())
    rows, columns = heat.values.shape
    middle = heat.values[rows // 3 : -rows // 3, columns // 3 : -columns // 3].mean()
    km2 = 11.1 * 11.1 * np.cos(np.radians(39.1))
    assert middle == pytest.approx(20_000 / km2, rel=0.05)
    top = heat_stops(layer, heat.reach_m, Cache(), Progress())[-1]
    assert 0.5 < top / (20_000 / km2) < 3


def test_heat_smooths_over_a_round_distance_that_a_pan_leaves_alone() -> None:
    layer = town()
    view = view_of(layer)
    assert reach_of(layer, view) == reach_of(layer, view.panned(300, 4000))
    assert [rounded(value) for value in (0.7, 14, 27, 60, 300)] == [0.5, 10, 30, 50, 300]


@pytest.mark.parametrize(
    ("way", "words"),
    [
        (PointDrawing.EACH, "1 stop"),
        (PointDrawing.SQUARES, "Stops per square of"),
        (PointDrawing.CLUSTERS, "Stops close together"),
        (PointDrawing.HEXAGONS, "Stops per hexagon"),
        (PointDrawing.HEAT, "Stops per km², smoothed over"),
    ],
)
def test_the_legend_says_what_is_drawn(way: PointDrawing, words: str) -> None:
    layer = town(way=way)
    project = Project(layers=(layer,))
    sections = legend(project, look(), Cache(), view_of(layer))
    assert any(entry.label.startswith(words) for entry in sections[0].entries)


@pytest.mark.parametrize("way", [PointDrawing.EACH, PointDrawing.CLUSTERS])
def test_a_symbol_that_stands_for_several_is_larger_in_the_legend_too(way: PointDrawing) -> None:
    layer = town(way=way)
    (section,) = legend(Project(layers=(layer,)), look(), Cache(), view_of(layer))
    sides = {entry.label: entry.sides for entry in section.entries}
    (one,) = sides.pop("1 stop")
    (several,) = sides.popitem()[1]
    assert one <= several / 2


def two_classes(*, talks: bool = True) -> Symbology:
    return Symbology(
        (
            SymbolClass("Search", Category("search"), color=RED),
            SymbolClass("Talk", Category("talk"), color=BLUE, visible=talks),
        ),
        "kind",
    )


def colors_in(pixels: np.ndarray, color: str) -> int:
    rgb = [int(color[i : i + 2], 16) for i in (1, 3, 5)]
    return int((abs(pixels[..., [2, 1, 0]].astype(int) - rgb).max(axis=2) < 12).sum())


@pytest.mark.parametrize("count", [300, 40_000])
def test_classes_have_their_colours_near_and_among_many(count: int) -> None:
    layer = town(count, PointDrawing.EACH)
    style = replace(layer.style, opacity=1.0, symbology=two_classes())
    seen = drawn(layer.restyled(style), look())
    assert colors_in(seen, RED) > 50
    assert colors_in(seen, BLUE) > 50
    hidden = replace(style, symbology=two_classes(talks=False))
    seen = drawn(layer.restyled(hidden), look())
    assert colors_in(seen, RED) > 50
    assert colors_in(seen, BLUE) == 0


def test_classes_not_shown_are_not_counted() -> None:
    layer = town(way=PointDrawing.CLUSTERS)
    some = layer.restyled(replace(layer.style, symbology=two_classes(talks=False)))
    half = layer.restyled(layer.style)
    rows = np.arange(len(layer)) % 2 == 1
    assert (drawn(some, look()) == drawn(half, look(rows={half.id: rows}))).all()


def test_a_stack_has_the_symbol_of_most_of_its_rows() -> None:
    points = Points(np.array([1.0, 1, 1, 2]), np.array([5.0, 5, 5, 6]))
    found = stacks(points, np.arange(4), np.array([1, 0, 1, 0], np.int16))
    assert found.counts.tolist() == [3, 1]
    assert found.symbols.tolist() == [1, 0]


def test_a_symbol_is_as_its_class_says_in_every_way_of_drawing() -> None:
    style = town().style
    classes = (
        SymbolClass("Talks", Category("talk"), size=0.0),
        SymbolClass("Searches", Category("search"), BLUE),
    )
    style = replace(style, symbology=Symbology(classes, "kind"))
    told = [(one.color, one.size) for one in class_styles(style)]
    assert told[0] == (style.color, 0.0)
    assert [(one.color, one.size) for one in symbols_of(style)] == told
    # Drawn as symbols and as dots.
    for count in (200, 30_000):
        layer = town(count, PointDrawing.EACH)
        assert drawn(layer.restyled(replace(style, points=layer.style.points)), look()).any()


@pytest.mark.parametrize("way", WAYS)
def test_a_span_of_time_draws_what_its_mask_draws(way: PointDrawing) -> None:
    layer = town(40_000, way)
    moments = np.datetime64("2025-03-01T00:30") + np.random.default_rng(1).integers(
        0, 90 * 24, len(layer)
    ).astype("timedelta64[h]")
    times = pa.array(moments.astype("datetime64[us]")).cast(pa.timestamp("us", "America/New_York"))
    table = layer.table.append_column("time", times)
    style = replace(layer.style, symbology=two_classes(talks=False))
    layer = replace(layer, table=table, fields={"time": "time"}, style=style)
    bars = TimeBars.of(layer)
    assert bars is not None
    others = np.arange(len(layer)) % 3 > 0
    for limited in (None, others):
        span = RowSpan(bars, (300, 900), limited)
        by_mask = look(rows={layer.id: span.mask})
        by_span = look(rows={layer.id: span})
        assert (drawn(layer, by_mask) == drawn(layer, by_span)).all()
        index = PointIndex.of(layer.geometry)
        kept = kept_points(layer, by_span, Cache())
        mask = shown_rows(layer, by_mask, Cache())
        assert callable(kept)
        assert mask is not None
        assert np.array_equal(kept(slice(None)), mask[index.order])


def test_no_name_covers_the_number_of_a_cluster() -> None:
    layer = town(way=PointDrawing.CLUSTERS)
    taken, painter_view = Taken(), view_of(layer)
    image = QImage(640, 400, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    frame = Frame(
        Scene(Project(layers=(layer,)), painter_view, look()), painter, Cache(), Progress()
    )
    paint_labels(frame, taken)
    painter.end()
    found = discs(
        painter_view, clusters_in(layer, painter_view, None, Cache(), Progress()), layer.style
    )
    for disc in found:
        if disc.count > 1:
            assert taken.meets(QRectF(disc.x - 1, disc.y - 1, 2, 2))


def test_the_legend_of_an_image_counts_nothing_again(monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[object] = []
    binned = PointIndex.binned

    def noted(index: PointIndex, *asked: object) -> np.ndarray:
        counted.append(asked)
        return binned(index, *asked)

    monkeypatch.setattr(PointIndex, "binned", noted)
    layer = scattered(LayerKind.STOPS, 5000)
    project, cache = Project(layers=(layer,)), Cache()
    view = MapView.fit(layer.bounds, 400, 300)
    for share in (None, 0.5, 0.1):
        rows = {} if share is None else {layer.id: np.arange(5000) < 5000 * share}
        seen = look(rows=rows)
        render_image(Scene(project, view, seen), cache)
        legend(project, seen, cache, view)
        render_image(Scene(project, view, seen), cache)
    assert len(counted) == 3
    render_image(Scene(project, view.panned(10, 0), look()), cache)
    assert len(counted) == 4
