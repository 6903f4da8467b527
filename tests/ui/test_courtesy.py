"""The window goes first: workers rest while it tells and draws, but never for long."""

from __future__ import annotations

import os
import sys
import threading

import pytest
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gisapp.errors import Cancelled
from gisapp.progress import Progress, breathe, resting
from gisapp.tasks import Task
from gisapp.ui.courtesy import Courtesy
from gisapp.ui.session import Session

#: Seconds that no test waits for: whoever rests that long was never let go.
_EVER = 30.0


class Picture(QWidget):
    """Notes that it was drawn."""

    def __init__(self, notes: list[str]) -> None:
        super().__init__()
        self.notes = notes

    def paintEvent(self, event: QPaintEvent) -> None:
        self.notes.append("drawn")


def rested(courtesy: Courtesy, notes: list[str]) -> threading.Thread:
    """A worker that comes to the end of a step."""

    def work() -> None:
        Progress(rest=courtesy.wait).check()
        notes.append("worked")

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_workers_go_on_when_the_window_has_drawn_what_it_told(qtbot: QtBot) -> None:
    notes: list[str] = []
    picture = Picture(notes)
    qtbot.addWidget(picture)
    with qtbot.waitExposed(picture):
        picture.show()
    qtbot.waitUntil(lambda: "drawn" in notes)
    notes.clear()
    courtesy = Courtesy(_EVER)
    with courtesy.turn():
        with courtesy.turn():
            worker = rested(courtesy, notes)
        picture.update()
        notes.append("told")
    qtbot.waitUntil(lambda: "worked" in notes)
    worker.join()
    assert notes[0] == "told" and notes.index("drawn") < notes.index("worked")


def test_workers_go_on_at_once_after_a_frame(qtbot: QtBot) -> None:
    notes: list[str] = []
    courtesy = Courtesy(_EVER)
    courtesy.begin_frame()
    worker = rested(courtesy, notes)
    courtesy.end_frame()
    worker.join()
    assert notes == ["worked"]


def test_a_frame_within_a_turn_does_not_end_it(qtbot: QtBot) -> None:
    notes: list[str] = []
    courtesy = Courtesy(_EVER)
    with courtesy.turn():
        courtesy.begin_frame()
        courtesy.end_frame()
        worker = rested(courtesy, notes)
        worker.join(0.01)
        assert notes == []
    qtbot.waitUntil(lambda: notes == ["worked"])


def test_the_window_may_wait_for_a_worker_within_a_turn(qtbot: QtBot) -> None:
    notes: list[str] = []
    courtesy = Courtesy(0.001)
    with courtesy.turn():
        for _ in range(3):
            rested(courtesy, notes).join()
    assert notes == ["worked"] * 3


def test_workers_rest_while_the_map_is_drawn() -> None:
    notes: list[str] = []
    courtesy = Courtesy(image_s=_EVER)
    with courtesy.image():
        worker = rested(courtesy, notes)
        worker.join(0.01)
        assert notes == []
    worker.join()
    assert notes == ["worked"]


def test_who_draws_the_map_does_not_wait_for_it() -> None:
    courtesy = Courtesy(image_s=_EVER)
    with courtesy.image():
        courtesy.wait_for_window()


def test_a_worker_rests_for_an_image_that_takes_long_but_for_a_moment() -> None:
    notes: list[str] = []
    courtesy = Courtesy(image_s=0.001)
    with courtesy.image():
        for _ in range(3):
            rested(courtesy, notes).join()
    assert notes == ["worked"] * 3


def test_beside_one_image_after_the_other_a_worker_works_half_of_the_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [100.0]
    monkeypatch.setattr("gisapp.ui.courtesy.time.monotonic", lambda: now[0])
    courtesy = Courtesy(image_s=0.05)

    def wait(seconds: float) -> None:
        now[0] += seconds

    monkeypatch.setattr(courtesy._still, "wait", wait)
    rests = 0.0
    for _ in range(20):  # images
        with courtesy.image():
            for _ in range(10):  # of 50 ms, in which a worker that does not rest takes 5 ms steps
                before = now[0]
                courtesy.wait()
                rests += now[0] - before
                if now[0] >= courtesy._image_until:
                    break
                now[0] += 0.005
    assert 0.3 < rests / (now[0] - 100.0) < 0.6


def test_parts_of_work_rest_as_well_and_cancelled_work_does_not() -> None:
    rests: list[str] = []
    whole = Progress(rest=lambda: rests.append("rest"))
    whole.part(0.0, 0.5).check()
    assert rests == ["rest"]
    whole.cancel()
    with pytest.raises(Cancelled):
        whole.check()
    assert rests == ["rest"]


def test_a_worker_lets_others_go_first_once_in_a_stretch(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    clock = iter([10.0, 10.0, 10.001, 10.002, 10.004, 10.004])
    monkeypatch.setattr("gisapp.ui.courtesy.time.monotonic", lambda: next(clock))
    monkeypatch.setattr("gisapp.ui.courtesy.time.sleep", pauses.append)
    courtesy = Courtesy()
    for _ in range(4):
        courtesy.wait()
    assert len(pauses) == 2


def test_loops_deep_within_work_rest_as_the_worker_says_and_nowhere_else() -> None:
    rests: list[str] = []
    breathe()
    with resting(lambda: rests.append("outer")):
        with resting(lambda: rests.append("inner")):
            breathe()
        breathe()
        elsewhere = threading.Thread(target=breathe)
        elsewhere.start()
        elsewhere.join()
    breathe()
    assert rests == ["inner", "outer"]


def test_tasks_rest_where_they_breathe(session: Session, qtbot: QtBot) -> None:
    rests: list[str] = []
    session.courtesy.wait = lambda: rests.append("rest")
    answers: list[int] = []

    def work(_: Progress) -> int:
        rests.clear()
        breathe()
        return len(rests)

    session.start(Task("Breathe", work), answers.append)
    qtbot.waitUntil(lambda: answers == [1])


def test_tasks_and_edits_are_told_in_turns(session: Session, qtbot: QtBot) -> None:
    held: list[bool] = []
    session.look_changed.connect(lambda: held.append(session.courtesy.busy))
    session.set_look(time=None, exported=not session.look.exported)
    session.start(Task("Look", lambda _: 1), lambda _: held.append(session.courtesy.busy))
    qtbot.waitUntil(lambda: len(held) == 2)
    assert held == [True, True]
    qtbot.waitUntil(lambda: not session.courtesy.busy)


@pytest.mark.skipif(sys.platform != "linux", reason="threads have niceness of their own on Linux")
def test_tasks_and_look_ups_claim_less_of_the_processor_than_the_window(
    session: Session, qtbot: QtBot
) -> None:
    def urgency() -> tuple[int, int]:
        thread = threading.get_native_id()
        return os.getpriority(os.PRIO_PROCESS, thread), os.sched_getscheduler(thread)

    found: list[tuple[int, int]] = []
    for quick in (False, True):
        task = Task("Looking", lambda _: urgency())
        session.start(task, found.append, quick=quick)
    mine, how = urgency()
    qtbot.waitUntil(lambda: len(found) == 2)
    assert min(nice for nice, _ in found) > mine or mine == 19, "as little as the system lets"
    assert {policy for _, policy in found} == {os.SCHED_BATCH}, "nor do they interrupt it"
    assert urgency() == (mine, how) == (os.getpriority(os.PRIO_PROCESS, 0), os.SCHED_OTHER)
