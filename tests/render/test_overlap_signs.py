"""Ground that has to be settled carries a sign, and the legend explains it while it is there."""

from __future__ import annotations

from dataclasses import replace

import shapely

from gisapp.layers import overlap_edits
from gisapp.layers.audience import Audience
from gisapp.layers.project import Project
from gisapp.layers.scenario import Settled, Settlement
from gisapp.layers.style import VERMILLION
from gisapp.layers.vocabulary import Polarity, Visibility
from gisapp.layers.zone import Zone
from gisapp.render.cache import Cache
from gisapp.render.legend import legend
from gisapp.render.look import Look
from gisapp.render.painters.overlaps import unsettled_of
from gisapp.render.scene import Scene, render_image
from gisapp.render.view import MapView
from tests.render.conftest import DAY, LAT, LON, agreement, far, look, pixel

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
