"""Work in the background: whose result it is, what is stopped, and what need not wait."""

from __future__ import annotations

import threading

import pytest

from gisapp.document import Document
from gisapp.errors import Cancelled
from gisapp.layers import edits
from gisapp.layers.project import Project
from gisapp.tasks import Task
from gisapp.ui.look_up import LookUp


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
