"""Several services at one place: one disc with their number, and each name once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from PySide6.QtGui import QImage, QPainter

from gisapp.layers.audience import Audience
from gisapp.layers.layer import Layer, Points, new_layer
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress
from gisapp.render.cache import Cache
from gisapp.render.frame import Frame
from gisapp.render.legend import legend
from gisapp.render.painters import labels
from gisapp.render.painters.services import beside_discs, service_discs
from gisapp.render.scene import Scene, render_image
from gisapp.render.view import MapView
from tests.render.conftest import LAT, LON, look, pixels

VIEW = MapView.fit((LON - 0.01, LAT - 0.01, LON + 0.01, LAT + 0.01), 600, 400)


def services(names: list[str], lon: list[float]) -> Layer:
    table = pa.table({"name": names, "kind": ["Naloxone site"] * len(names)})
    places = Points(np.array(lon), np.full(len(lon), LAT))
    return new_layer("Sites", LayerKind.SERVICES, table, places, {"name": "name"})


def written(layer: Layer, monkeypatch: pytest.MonkeyPatch, **more: object) -> list[str]:
    """What the names step writes."""
    found: list[str] = []
    monkeypatch.setattr(labels, "write", lambda frame, text, *_, **__: found.append(text))
    image = QImage(VIEW.width, VIEW.height, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    scene = Scene(Project(layers=(layer,)), VIEW, look(), **more)
    labels.paint_labels(Frame(scene, painter, Cache(), Progress()))
    painter.end()
    return found


def test_services_at_one_place_are_one_disc_with_their_number() -> None:
    layer = services(["Lodge", "Lodge", "Lodge", "Pier"], [LON, LON, LON, LON + 0.004])
    discs = service_discs(layer, look(), VIEW, Cache())
    assert discs.counts.tolist() == [3, 1]
    assert [discs.at(disc).tolist() for disc in (0, 1)] == [[0, 1, 2], [3]]
    assert discs.radius[0] > discs.radius[1]


def test_a_disc_with_a_number_looks_unlike_one_with_a_figure() -> None:
    one = services(["Lodge"], [LON])
    three = services(["Lodge"] * 3, [LON] * 3)
    bare = [
        replace(layer, style=replace(layer.style, labels=replace(layer.style.labels, shown=False)))
        for layer in (one, three)
    ]
    first, second = (
        pixels(render_image(Scene(Project(layers=(layer,)), VIEW, look()))) for layer in bare
    )
    assert (first != second).any()
    # Its digits are read on its colour: something pale within the blue.
    middle = second[196:205, 296:305].reshape(-1, 4).astype(int)
    assert middle[:, 2].max() > 220 and middle[:, 2].min() < 40


def test_a_name_stands_once_and_different_ones_under_each_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    same = services(["Healing Lodge"] * 3, [LON] * 3)
    assert written(same, monkeypatch) == ["Healing Lodge"]
    differ = services(["Lodge", "Clinic", "Lodge", "Pier"], [LON, LON, LON, LON + 0.004])
    assert written(differ, monkeypatch) == ["Lodge", "Clinic", "Pier"]


def test_of_very_many_names_at_one_place_it_says_how_many_more_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    many = services([f"Clinic {number}" for number in range(9)], [LON] * 9)
    assert written(many, monkeypatch) == ["Clinic 0", "Clinic 1", "Clinic 2", "and 6 more"]


def test_a_service_under_the_scale_bar_has_no_name_beside_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    layer = services(["Lodge", "Pier"], [LON, LON + 0.008])
    assert written(layer, monkeypatch) == ["Lodge", "Pier"]
    assert written(layer, monkeypatch, covered=((280, 180, 310, 220),)) == ["Pier"]


def test_a_filter_leaves_the_number_of_those_it_shows() -> None:
    layer = services(["Lodge"] * 4, [LON] * 4)
    few = np.array([True, False, True, False])
    discs = service_discs(layer, look(rows={layer.id: few}), VIEW, Cache())
    assert discs.counts.tolist() == [2]
    assert discs.at(0).tolist() == [0, 2]


@pytest.mark.parametrize("audience", [Audience.PARTNERS, Audience.PUBLIC])
def test_confidential_services_are_in_no_number(audience: Audience) -> None:
    layer = services(["Lodge", "Refuge", "Lodge"], [LON] * 3)
    table = layer.table.append_column("secret", pa.array(["no", "yes", "no"]))
    fields = {**layer.fields, "confidential": "secret"}
    layer = replace(layer, table=table, fields=fields)
    assert service_discs(layer, look(), VIEW, Cache()).counts.tolist() == [3]
    assert service_discs(layer, look(audience), VIEW, Cache()).counts.tolist() == [2]


def test_the_legend_says_what_a_number_means_where_there_is_one() -> None:
    for names, lon, there in ((["A", "B"], [LON] * 2, True), (["A"], [LON], False)):
        # That of a map on paper, and that of the layers list.
        for view in (VIEW, None):
            (section,) = legend(Project(layers=(services(names, lon),)), look(), Cache(), view)
            assert any(one.label == "Several at one place" for one in section.entries) is there


def test_a_sign_stands_beside_the_figures_of_all_discs() -> None:
    discs = np.array([100.0, 112.0]), np.array([100.0, 92.0]), np.array([8.0, 8.0])
    place = beside_discs(101, 99, 6, discs)
    for x, y, radius in zip(*discs, strict=True):
        assert np.hypot(place.x() - x, place.y() - y) >= 0.68 * radius + 6
    assert np.hypot(place.x() - 101, place.y() - 99) < 30
    free = beside_discs(200, 50, 6, discs)
    assert (free.x(), free.y()) == (200, 50)
