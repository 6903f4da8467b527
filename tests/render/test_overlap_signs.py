"""Ground that has to be settled carries a sign, and the legend explains it while it is there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from PySide6.QtCore import QPointF
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPainter

from gisapp.layers import overlap_edits
from gisapp.layers.audience import Audience
from gisapp.layers.project import Project
from gisapp.layers.scenario import Settled, Settlement
from gisapp.layers.style import VERMILLION
from gisapp.layers.vocabulary import LayerKind, Polarity, Visibility
from gisapp.layers.zone import Zone
from gisapp.progress import Progress
from gisapp.render.cache import Cache
from gisapp.render.frame import Frame
from gisapp.render.legend import legend
from gisapp.render.look import Look
from gisapp.render.painters import labels
from gisapp.render.painters.overlaps import SIGN_PT, overlap_signs, unsettled_of
from gisapp.render.scene import Scene, render_image
from gisapp.render.view import MapView
from tests.render.conftest import DAY, LAT, LON, agreement, far, look, pixel, points

VIEW = MapView.fit((LON - 0.01, LAT - 0.008, LON + 0.01, LAT + 0.008), 640, 480)


def project(**more: object) -> Project:
    known = agreement(id="a")
    plain = Zone(
        "Exchange", shapely.box(LON - 0.006, LAT - 0.004, LON + 0.002, LAT + 0.004), id="e",
        agreement_id="a",
    )  # fmt: skip
    gate = Zone(
        "Gate", shapely.box(LON - 0.002, LAT - 0.004, LON + 0.006, LAT + 0.004), id="g",
        polarity=Polarity.ENHANCED_PENALTY, agreement_id="a", **more,
    )  # fmt: skip
    return Project(zones={"e": plain, "g": gate}, agreements={"a": known})


def settled() -> Project:
    decision = Settlement(("e", "g"), Settled.NO_ENFORCEMENT_HOLDS, DAY, "Board")
    return overlap_edits.settle_overlap(decision).apply(project())


def sign_is_drawn(one: Project, seen: Look) -> bool:
    image = render_image(Scene(one, VIEW, seen), Cache())
    x, y = VIEW.width / 2 - 4, VIEW.height / 2
    return far(pixel(image, x, y), VERMILLION) < 40


def entries(one: Project, seen: Look) -> list[str]:
    return [entry.label for section in legend(one, seen) for entry in section.entries]


def test_the_shared_ground_carries_a_sign_until_it_is_settled() -> None:
    assert sign_is_drawn(project(), look())
    assert not sign_is_drawn(settled(), look())


def test_the_legend_has_the_sign_while_it_is_on_the_map() -> None:
    assert "Overlap to settle" in entries(project(), look())
    assert "Overlap to settle" not in entries(settled(), look())
    away = MapView.fit((LON + 0.004, LAT - 0.0005, LON + 0.005, LAT + 0.0005), 640, 480)
    sections = legend(project(), look(), view=away)
    assert "Overlap to settle" not in [e.label for s in sections for e in s.entries]


def test_a_reader_who_does_not_see_one_of_the_zones_sees_no_sign() -> None:
    hidden = project(visibility=Visibility.POLICE_ONLY)
    assert len(unsettled_of(hidden, look(), Cache())) == 1
    assert unsettled_of(hidden, look(Audience.PUBLIC), Cache()) == ()


def test_no_sign_where_zones_are_hidden() -> None:
    assert not sign_is_drawn(replace(project(), zones_visible=False), look())


def with_a_service() -> Project:
    """A service where the sign would stand."""
    return replace(project(), layers=(points(LayerKind.SERVICES, [LON], [LAT]),))


def frame_of(one: Project, painter: QPainter) -> Frame:
    return Frame(Scene(one, VIEW, look()), painter, Cache(), Progress())


def test_a_sign_leaves_the_figure_of_a_service_free() -> None:
    image = QImage(VIEW.width, VIEW.height, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    (bare,) = overlap_signs(frame_of(project(), painter))
    (aside,) = overlap_signs(frame_of(with_a_service(), painter))
    painter.end()
    middle = QPointF(VIEW.width / 2, VIEW.height / 2)
    assert (bare - middle).manhattanLength() < 2
    assert aside.x() > middle.x() and aside.y() < middle.y()
    # Nothing of the sign within the disc's figure, and it is still there to be seen.
    drawn = render_image(Scene(with_a_service(), VIEW, look()), Cache())
    plain = render_image(Scene(replace(with_a_service(), zones={}), VIEW, look()), Cache())
    for dx, dy in ((0, 0), (3, -2), (-3, 3), (2, 3)):
        assert pixel(drawn, 320 + dx, 240 + dy) == pixel(plain, 320 + dx, 240 + dy)
    assert far(pixel(drawn, aside.x() - 4, aside.y()), VERMILLION) < 40


def test_no_name_of_a_zone_covers_a_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    boxes: dict[str, tuple[float, float, float, float]] = {}

    def write(_: Frame, text: str, at: QPointF, face: QFont, *__: object, **___: object) -> None:
        half, high = QFontMetricsF(face).horizontalAdvance(text) / 2, QFontMetricsF(face).height()
        boxes[text] = at.x() - half, at.y() - high / 2, at.x() + half, at.y() + high / 2

    monkeypatch.setattr(labels, "write", write)
    image = QImage(VIEW.width, VIEW.height, QImage.Format.Format_ARGB32_Premultiplied)
    for shift in np.arange(-0.004, 0.0041, 0.0005).tolist():
        # The sign stands on lower and lower ground, past the line of the name.
        strip = shapely.box(LON - 0.006, LAT + shift - 0.0004, LON + 0.006, LAT + shift + 0.0004)
        one = project()
        one = replace(one, zones={**one.zones, "g": replace(one.zones["g"], shape=strip)})
        boxes.clear()
        painter = QPainter(image)
        frame = frame_of(one, painter)
        labels.paint_labels(frame)
        (sign,), half = overlap_signs(frame), frame.px(SIGN_PT)
        painter.end()
        assert "Exchange" in boxes
        for left, top, right, bottom in boxes.values():
            beside = right <= sign.x() - half or left >= sign.x() + half
            assert beside or bottom <= sign.y() - half or top >= sign.y() + half
