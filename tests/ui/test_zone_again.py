"""Make again: what the selection becomes, what is told, and the step to undo."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gisapp.analysis.zones.remaking import Remade
from gisapp.layers.edits import Edit
from gisapp.layers.layer import Points
from gisapp.layers.zone import Zone
from gisapp.ui.zones import again as zone_again
from tests.ui import made


class Asked:
    """The two things of the commands that it takes."""

    def __init__(self, session):
        self.session = session
        self.undo = session.document.undo

    @property
    def project(self):
        return self.session.project


@pytest.fixture
def moved(open_session):
    """The made project after its first service moved."""
    project = made.project()
    layer = project.layers[0]
    lon = layer.geometry.lon + np.array([0.001, 0, 0, 0, 0, 0])
    there = replace(layer, geometry=Points(lon, layer.geometry.lat))
    return open_session(replace(project, layers=(there, *project.layers[1:])))


def test_zones_follow_their_site_in_one_step(moved, qtbot):
    told = []
    moved.noticed.connect(lambda notice: told.append(notice.text))
    first = next(iter(moved.project.zones.values()))
    zone_again.make_again(Asked(moved), tuple(moved.project.zones))
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["1 zone made again, 3 as they were."]
    assert moved.project.zone(first.id).centre == pytest.approx((-84.511, 39.104))
    assert moved.document.undo_label == "Make zone again"
    moved.document.undo()
    assert moved.project.zone(first.id) is first


def test_what_cannot_be_made_again_is_told(session, qtbot):
    told = []
    session.noticed.connect(lambda notice: told.append(notice.text))
    zone = next(iter(session.project.zones.values()))
    by_hand = zone.reshaped(zone.shape)
    session.document.apply(zone_edit(by_hand))
    zone_again.make_again(Asked(session), (zone.id,))
    qtbot.waitUntil(lambda: bool(told))
    assert "was drawn by hand" in told[0]


def test_many_that_cannot_are_counted():
    made_none = Remade((), 0, tuple((f"Zone {n}", "Drawn by hand.") for n in range(5)))
    assert zone_again.in_words(made_none).endswith("And 3 more could not be made again.")


def zone_edit(zone: Zone):
    return Edit("Change", lambda project: project.with_zone(zone))
