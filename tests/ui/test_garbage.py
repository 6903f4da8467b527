"""Garbage is collected on the window's thread, and in full only when nobody waits for it."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gisapp.ui import garbage


class Ring:
    """Refers to itself, so that only a collection of garbage can free it."""

    def __init__(self) -> None:
        self.self = self


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    gc.unfreeze()
    gc.disable()


def many_rings() -> weakref.ref[Ring]:
    """More garbage than what starts a collection; the reference is to the last."""
    rings = [Ring() for _ in range(5_000)]
    return weakref.ref(rings[-1])


def test_what_goes_in_a_circle_after_it_was_set_aside_is_tidied_up() -> None:
    ring = Ring()
    gone = weakref.ref(ring)
    garbage.set_aside()
    del ring
    gc.collect()
    assert gone() is not None
    garbage.tidy()
    assert gone() is None


def test_a_full_collection_waits_until_the_user_turns_to_another_program(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    monkeypatch.setattr(garbage, "_AWAY_MS", 20)
    others = app.findChildren(QTimer)
    garbage.collect_at_leisure(app)
    own = [timer for timer in app.findChildren(QTimer) if timer not in others]
    try:
        garbage.set_aside()
        gone = weakref.ref(Ring())
        garbage.set_aside()
        app.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
        app.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
        [away] = (timer for timer in own if timer.isSingleShot())
        assert not away.isActive()
        assert gone() is not None
        app.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
        qtbot.waitUntil(lambda: gone() is None)
    finally:
        app.applicationStateChanged.disconnect()
        for timer in own:
            timer.stop()
            timer.deleteLater()


def test_a_worker_collects_nothing_but_the_window_does(qtbot: QtBot) -> None:
    """Freeing slots on a worker while the window connects signals would hang both for ever."""
    gc.enable()
    owner = QObject()
    garbage.collect_here(owner)
    made: list[weakref.ref[Ring]] = []
    worker = threading.Thread(target=lambda: made.append(many_rings()))
    worker.start()
    worker.join()
    assert made[0]() is not None
    qtbot.waitUntil(lambda: made[0]() is None)


def test_the_newest_are_set_aside_where_looking_would_take_too_long() -> None:
    gc.disable()
    gc.collect()
    frozen = gc.get_freeze_count()
    rings = [Ring() for _ in range(150_000)]
    garbage.collect_new()
    assert gc.get_freeze_count() > frozen + len(rings)
    assert gc.get_count()[0] < 1_000


def test_many_that_were_left_are_set_aside_as_well() -> None:
    gc.disable()
    gc.collect()
    kept = []
    for _ in range(11):
        kept += [Ring() for _ in range(2_000)]
        garbage.collect_new()
    assert gc.get_freeze_count() >= len(kept)
    gc.unfreeze()
    gc.collect()
    few = []
    for _ in range(11):
        few += [Ring() for _ in range(800)]
        garbage.collect_new()
    assert gc.get_freeze_count() == 0
