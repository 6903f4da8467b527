"""Pieces of work in turns of their own."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gisapp.ui.courtesy import Courtesy
from gisapp.ui.turns import Afterwards, next_turn


@pytest.fixture
def owner(qapp: QApplication) -> QObject:
    return QObject()


def test_never_two_in_one_turn_and_in_their_order(owner: QObject, qtbot: QtBot) -> None:
    done: list[str] = []
    beat = QTimer(owner, interval=0)
    beat.timeout.connect(lambda: done.append("."))
    beat.start()
    for name in "abc":
        next_turn(owner, lambda name=name: done.append(name))
    assert done == [], "not in the turn that asks"
    qtbot.waitUntil(lambda: "c" in done)
    beat.stop()
    told = "".join(done)
    assert told.replace(".", "") == "abc"
    assert "ab" not in told and "bc" not in told, "the loop turns in between"


def test_who_is_gone_is_left_out(qtbot: QtBot, owner: QObject) -> None:
    done: list[str] = []
    gone = QObject()
    next_turn(gone, lambda: done.append("gone"))
    next_turn(owner, lambda: done.append("here"))
    gone.deleteLater()
    del gone
    qtbot.waitUntil(lambda: bool(done))
    assert done == ["here"]


def test_what_fails_holds_up_nothing(qtbot: QtBot, owner: QObject) -> None:
    done: list[str] = []

    def fail() -> None:
        raise RuntimeError("on purpose")

    with qtbot.captureExceptions() as caught:
        next_turn(owner, fail)
        next_turn(owner, lambda: done.append("after"))
        qtbot.waitUntil(lambda: bool(done))
    assert [str(error) for _, error, _ in caught] == ["on purpose"]


def test_one_that_waits_within_itself_lets_the_others_go_on(qtbot: QtBot, owner: QObject) -> None:
    done: list[str] = []

    def wait() -> None:
        qtbot.waitUntil(lambda: "later" in done)
        done.append("waited")

    next_turn(owner, wait)
    next_turn(owner, lambda: done.append("later"))
    qtbot.waitUntil(lambda: "waited" in done)
    assert done == ["later", "waited"]


def test_a_piece_waits_for_a_turn_that_had_nothing_else_to_do(qtbot: QtBot, owner: QObject) -> None:
    done: list[str] = []
    beat = QTimer(owner, interval=2)
    beat.timeout.connect(lambda: done.append("."))

    def begin() -> None:
        beat.start()
        next_turn(owner, lambda: done.append("piece"))
        until = time.monotonic() + 0.02
        while time.monotonic() < until:
            pass
        done.append("busy")

    QTimer.singleShot(0, begin)
    qtbot.waitUntil(lambda: "piece" in done)
    beat.stop()
    assert done[: done.index("piece")].count(".") >= 1, "the loop turned after what was long"


def test_what_follows_is_done_once_for_all_that_asks(qtbot: QtBot, owner: QObject) -> None:
    courtesy = Courtesy()
    done: list[bool] = []
    afterwards = Afterwards(owner, courtesy, lambda: done.append(courtesy.busy))
    afterwards.now()
    assert not done, "nobody asked"
    for what in ("project", "look", "selection"):
        afterwards.ask(what)
    assert not done, "not in the turn that asks"
    qtbot.waitUntil(lambda: bool(done))
    assert done == [True], "once, while workers rest"
    afterwards.ask()
    afterwards.now()
    assert len(done) == 2
    next_turn(owner, lambda: done.append(False))
    qtbot.waitUntil(lambda: not done[-1])
    assert len(done) == 3, "what was done at once is not done in its turn again"


def test_what_asks_again_while_it_is_done_has_another_turn(qtbot: QtBot, owner: QObject) -> None:
    done: list[int] = []

    def act() -> None:
        done.append(len(done))
        if len(done) < 3:
            afterwards.ask()

    afterwards = Afterwards(owner, Courtesy(), act)
    afterwards.ask()
    afterwards.now()
    assert done == [0]
    qtbot.waitUntil(lambda: len(done) == 3)


def test_for_who_is_gone_nothing_follows(qtbot: QtBot, owner: QObject) -> None:
    done: list[str] = []
    gone = QObject()
    Afterwards(gone, Courtesy(), lambda: done.append("gone")).ask()
    next_turn(owner, lambda: done.append("here"))
    gone.deleteLater()
    del gone
    qtbot.waitUntil(lambda: bool(done))
    assert done == ["here"]
