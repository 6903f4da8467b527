"""Work in the background: whose result it is, what is stopped, and what need not wait."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt

from gisapp.document import Document
from gisapp.errors import Cancelled
from gisapp.layers import edits
from gisapp.layers.project import Project
from gisapp.tasks import Task
from gisapp.ui import status_bar
from gisapp.ui.layers.hotspots_panel import HotspotsPanel
from gisapp.ui.look_up import LookUp
from gisapp.ui.status_bar import TaskStatus


@pytest.fixture
def gate():
    """Work waits until the test opens this."""
    gate = threading.Event()
    yield gate
    gate.set()


def waiting(gate, label="Long work", then=None):
    return Task(label, lambda progress: gate.wait(10), then)


def test_an_edit_never_lands_in_another_project(session, gate, idle):
    former, results, failures = session.document, [], []
    task = waiting(gate, then=lambda _: edits.set_title("From the former project"))
    session.start(task, results.append, failures.append)
    session.open(Document(Project(title="Another")))
    gate.set()
    idle(session)
    assert session.project.title == "Another"
    assert former.project.title == "Harbour"
    assert results == []
    assert [type(error) for error in failures] == [Cancelled]
    assert session.document.undo_label is None


def test_opening_stops_what_is_under_way_and_says_nothing_of_it(session, gate, idle):
    told = []
    session.noticed.connect(told.append)
    first, second = session.start(waiting(gate)), session.start(waiting(gate))
    session.open(Document(Project(title="Another")))
    assert first.progress.cancelled and second.progress.cancelled
    gate.set()
    idle(session)
    assert told == []


def test_a_look_up_does_not_wait_for_long_work(session, gate, qtbot):
    results = []
    session.start(waiting(gate, "Saving"))
    session.start(Task("Listing rows", lambda progress: "rows"), results.append, quick=True)
    qtbot.waitUntil(lambda: results == ["rows"], timeout=5000)
    assert session.runner.busy


def test_a_superseded_look_up_is_stopped_and_never_answers(session, gate, qtbot):
    look_up, answers, told = LookUp(session), [], []
    session.noticed.connect(told.append)

    def work(progress):
        gate.wait(10)
        progress.check()
        return "first"

    look_up.ask(Task("Listing rows", work), answers.append)
    first = session.runner.running[0]
    look_up.ask(Task("Listing rows", lambda progress: "second"), answers.append)
    assert first.progress.cancelled
    gate.set()
    qtbot.waitUntil(lambda: not session.runner.busy, timeout=5000)
    assert answers == ["second"]
    assert told == []


def test_only_work_that_takes_a_while_is_shown(session, gate, qtbot, idle, monkeypatch):
    monkeypatch.setattr(status_bar, "_WORTH_SHOWING_MS", 60_000)
    status = TaskStatus(session)
    qtbot.addWidget(status)
    shown = []
    session.runner.changed.connect(lambda: shown.append(status.isVisible()))
    for _ in range(3):
        session.start(Task("Listing rows", lambda progress: None), quick=True)
    idle(session)
    assert shown and not any(shown)
    monkeypatch.setattr(status_bar, "_WORTH_SHOWING_MS", 100)
    session.start(waiting(gate, "Saving"))
    assert not status.isVisible()
    qtbot.waitUntil(status.isVisible, timeout=5000)
    assert status.label.text() == "Saving"
    gate.set()
    idle(session)
    assert not status.isVisible()


def test_dragging_a_slider_asks_for_one_surface_at_a_time(session, gate, qtbot):
    session.start(waiting(gate, "Saving"))
    panel = HotspotsPanel(session)
    qtbot.addWidget(panel)
    panel.show()
    qtbot.mouseClick(panel.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.surface is not None, timeout=5000)
    assert session.runner.busy, "a save does not hold it up"
    for metres in (200, 300):
        panel.cell.changed.emit(metres, None)
        panel._ask()
    finding = [r for r in session.runner.running if r.task.label == "Finding hotspots"]
    assert [r.progress.cancelled for r in finding[-2:]] == [True, False]
    qtbot.waitUntil(lambda: len(session.runner.running) == 1, timeout=5000)
