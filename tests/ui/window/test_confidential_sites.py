"""A confidential service in the window: marked by a click, gone for everybody but the police."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from gisapp.layers.audience import Audience
from gisapp.layers.confidential import confidential_sites
from gisapp.layers.vocabulary import LayerKind
from gisapp.render.identify import identify
from gisapp.render.scene import Scene
from gisapp.ui.main_window import MainWindow
from gisapp.ui.session import Selection, Session
from gisapp.ui.widgets.forms import choose


def link(window: MainWindow, text: str) -> QPushButton:
    buttons = window.inspector.page.findChildren(QPushButton)
    return next(button for button in buttons if button.text().strip() == text)


def words(window: MainWindow) -> str:
    return " ".join(label.text() for label in window.inspector.page.findChildren(QLabel))


@pytest.fixture
def kept(window: MainWindow) -> tuple[str, str]:
    """The id of the services layer, and the name of the one that was marked by hand."""
    (layer,) = window.session.project.layers_of(LayerKind.SERVICES)
    window.session.select(Selection(layer_id=layer.id, rows=np.array([0])))
    QTest.mouseClick(link(window, "Keep confidential"), Qt.MouseButton.LeftButton)
    (site,) = confidential_sites(window.session.project)
    return layer.id, site.name


def test_it_is_marked_and_let_go_again_by_hand(window: MainWindow, kept: tuple[str, str]) -> None:
    assert "Kept confidential" in words(window)
    QTest.mouseClick(link(window, "Show it to others again"), Qt.MouseButton.LeftButton)
    assert confidential_sites(window.session.project) == ()
    window.commands.undo()
    assert len(confidential_sites(window.session.project)) == 1


def test_for_partners_it_is_not_selected_hit_listed_or_counted(
    window: MainWindow,
    kept: tuple[str, str],
    idle: Callable[[Session], None],
    qtbot: QtBot,
) -> None:
    session, (layer_id, name) = window.session, kept
    layer = session.project.layer(layer_id)
    scene = Scene(session.project, session.view, session.look)
    x, y = session.view.to_screen(layer.geometry.lon[:1], layer.geometry.lat[:1])
    hits = identify(scene, float(x[0]), float(y[0]))
    assert any(hit.layer_id == layer_id for hit in hits)
    session.set_look(audience=Audience.PARTNERS)
    assert not len(session.selection.rows) and name not in words(window)
    scene = Scene(session.project, session.view, session.look)
    hits = identify(scene, float(x[0]), float(y[0]))
    assert not any(hit.layer_id == layer_id and 0 in hit.rows for hit in hits)
    assert not any(zone.service == name for zone in scene.project.zones.values())
    window.commands.show_table(layer_id)
    choose(window.table.layer_box, layer_id)
    qtbot.waitUntil(lambda: len(window.table.model.rows) == len(layer) - 1, timeout=5000)
    assert 0 not in window.table.model.rows.tolist()
    idle(session)
