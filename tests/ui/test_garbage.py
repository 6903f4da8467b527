"""Garbage is collected in full only when nobody waits for the window."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gisapp.ui import garbage


class Ring:
    """Refers to itself, so that only a collection of garbage can free it."""

    def __init__(self) -> None:
        self.self = self


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.set_threshold(*thresholds)
    gc.unfreeze()


def test_what_goes_in_a_circle_after_it_was_set_aside_is_tidied_up() -> None:
    ring = Ring()
    gone = weakref.ref(ring)
    garbage.set_aside()
    del ring
    gc.collect()
    assert gone() is not None
    garbage.tidy()
    assert gone() is None


def test_a_full_collection_waits_until_the_user_turns_to_another_program(qtbot: QtBot) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    small = gc.get_threshold()[:2]
    garbage.collect_at_leisure(app)
    assert gc.get_threshold()[:2] == small
    assert gc.get_threshold()[2] >= 1000
    gone = weakref.ref(Ring())
    gc.collect(0)
    garbage.set_aside()
    app.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    app.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
    assert gone() is None
    app.applicationStateChanged.disconnect(garbage.on_state)
