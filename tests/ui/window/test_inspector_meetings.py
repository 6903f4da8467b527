"""The inspector on the sample city: which deployments meet zones, and what many zones cover."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from gisapp.journeys import sample_project
from gisapp.layers import edits, zoning
from gisapp.layers.audience import Audience
from gisapp.layers.geodesy import area_in_words
from gisapp.layers.project import Project
from gisapp.layers.zone import Zone
from gisapp.layers.zoning import ZoneSummary
from gisapp.progress import Progress
from gisapp.ui.main_window import MainWindow
from gisapp.ui.session import Selection
from tests.ui.window.test_window import spoken


@pytest.fixture(scope="module")
def city() -> Project:
    return sample_project(Progress())


@pytest.fixture
def city_window(open_window: Callable[[Project | None], MainWindow], city: Project) -> MainWindow:
    return open_window(city)


Says = Callable[[MainWindow, str], None]


@pytest.fixture
def says(qtbot: QtBot) -> Says:
    """Wait until the inspector says it: what takes long is found in the background."""

    def wait(window: MainWindow, words: str) -> None:
        qtbot.waitUntil(lambda: words in spoken(window), timeout=5_000)

    return wait


def select(window: MainWindow, *rows: int) -> None:
    layer = window.session.project.layer_named("Deployments")
    window.session.select(Selection(layer_id=layer.id, rows=np.array(rows, dtype=np.int64)))


def test_a_deployment_says_which_zone_it_meets_and_what_is_suspended(
    city_window: MainWindow, says: Says
) -> None:
    select(city_window, 1)
    says(city_window, "Meets Harbour House")
    said = spoken(city_window)
    assert "Meets Harbour House" in said
    assert "27 March 2026, 22:00 to 28 March 2026, 02:00 (GMT); 1 % of its area" in said
    assert "Arrest for personal possession" in said
    assert "Meets no zone" not in said


def test_a_deployment_that_meets_none_says_so(city_window: MainWindow, says: Says) -> None:
    select(city_window, 9)
    says(city_window, "Meets no zone in force")
    assert "Show the zone" not in spoken(city_window)


def test_from_a_deployment_to_the_zone_it_meets(city_window: MainWindow, says: Says) -> None:
    select(city_window, 0)
    says(city_window, "Show the zone")
    buttons = city_window.inspector.page.findChildren(QPushButton)
    next(one for one in buttons if one.text() == "Show the zone").click()
    (key,) = city_window.session.selection.zone_ids
    assert city_window.session.project.zones[key].name == "Quayside Needle Exchange"


def test_the_layer_of_deployments_lists_those_that_meet_zones(
    city_window: MainWindow, says: Says
) -> None:
    session = city_window.session
    layer = session.project.layer_named("Deployments")
    session.set_current_layer(layer.id)
    says(city_window, "4 of 10 meet a zone in force")
    assert "Market Square operation" in spoken(city_window)
    session.perform(edits.remove_zones(tuple(session.project.zones)))
    says(city_window, "None meets a zone in force")
    session.set_look(audience=Audience.PUBLIC)
    assert "meet" not in spoken(city_window)


def test_many_zones_cover_the_ground_they_share_once(city_window: MainWindow, says: Says) -> None:
    session = city_window.session
    services = session.project.layer_named("Services")
    zones = zoning.circles_round(services, 600, "agreed", taken=())
    session.perform(edits.add_zones(zones))
    session.select(Selection(tuple(zone.id for zone in zones)))
    covered = zoning.summary(zones)
    assert covered.overlaps
    says(city_window, area_in_words(covered.area_m2))
    assert f"{covered.overlaps}, counted once" in spoken(city_window)


def test_what_takes_long_is_added_up_beside_the_window(
    city_window: MainWindow, says: Says, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[str] = []

    def summary(zones: Sequence[Zone]) -> ZoneSummary:
        threads.append(threading.current_thread().name)
        return ZoneSummary(len(zones), 1_500_000.0, 0, 0)

    monkeypatch.setattr(zoning, "summary", summary)
    session = city_window.session
    session.select(Selection(tuple(session.project.zones)))
    assert "Adding up…" in spoken(city_window)
    says(city_window, area_in_words(1_500_000.0))
    assert threads and all(name.startswith("gisapp-") for name in threads)
    assert "Adding up…" not in spoken(city_window)
