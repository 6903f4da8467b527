"""A project and its file: crashes, other programs, and a second window of gisapp."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gisapp.analysis.points.known_indexes import known_index
from gisapp.errors import ProjectFileError
from gisapp.io import safe_files
from gisapp.io.project import gpkg_rows, project_cache, project_file, recovery
from gisapp.layers import edits
from gisapp.layers.layer import Points
from gisapp.layers.project import Project
from gisapp.progress import Progress
from gisapp.tasks import Task
from gisapp.ui.main_window import MainWindow
from gisapp.ui.project.lock import ProjectLock
from gisapp.ui.project.questions import Answer, Changed, Found
from gisapp.ui.session import Notice
from tests.ui import made

Open = Callable[[Project | None], MainWindow]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A saved project."""
    place = tmp_path / "harbour.gpkg"
    project_file.save(made.project(), place)
    return place


def opened(window: MainWindow, path: Path, qtbot: QtBot) -> None:
    window.files.open(path)
    qtbot.waitUntil(lambda: window.session.path == path.resolve(), timeout=10_000)


@pytest.mark.parametrize("what", ["file", "folder", "nothing"])
def test_a_file_that_cannot_be_written_to_is_told_when_it_is_opened(
    what: str, open_window: Open, path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whoever may do everything, as in some test machines, is asked no rights.
    refused = {"file": path.resolve(), "folder": path.resolve().parent, "nothing": None}[what]
    monkeypatch.setattr(safe_files.os, "access", lambda place, _: Path(place) != refused)
    window = open_window(None)
    told: list[Notice] = []
    window.session.noticed.connect(told.append)
    opened(window, path, qtbot)
    said = [one for one in told if "not written to" in one.text]
    assert [one.action for one in said] == ([] if what == "nothing" else ["Save as…"])


def test_large_layers_are_kept_beside_the_file(
    open_window: Open, path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gpkg_rows, "MANY_ROWS", 1)
    folder = project_cache.folder_of(path)
    window = open_window(None)
    opened(window, path, qtbot)
    # Files of an older version get names for their rows at the next save.
    assert window.session.perform(edits.set_title("Kept"))
    window.files.save()
    qtbot.waitUntil(lambda: window.session.document.is_saved, timeout=10_000)
    window.files.cache_writer.write_now()
    many = [one for one in window.session.project.layers if isinstance(one.geometry, Points)]
    # One after the other: the last of them has to be there.
    qtbot.waitUntil(lambda: len(list(folder.glob("*.json"))) == len(many), timeout=10_000)
    again = project_file.load(path)
    points = [one.geometry for one in again.layers if isinstance(one.geometry, Points)]
    assert points
    assert all(known_index(one) is not None for one in points)


def leave_behind(path: Path, folder: Path, title: str) -> Path:
    """What a crash leaves beside a file: newer work in its recovery copy."""
    copy = recovery.recovery_path(path, folder)
    recovery.write(edits.set_title(title).apply(project_file.load(path)), copy)
    return copy


def written(window: MainWindow, qtbot: QtBot) -> Path:
    """Have the recovery copy written; gives back where."""
    window.writer.write_now()
    qtbot.waitUntil(lambda: not window.writer._busy, timeout=10_000)
    assert window.writer.target.is_file()
    return window.writer.target


def change_elsewhere(path: Path) -> None:
    """Rename a zone as another program would."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "UPDATE gpkg_contents SET last_change = '2031-01-01T00:00:00.000Z' "
            "WHERE table_name = 'zones'"
        )


def test_the_lock_of_a_program_that_was_killed_is_taken_over(tmp_path: Path) -> None:
    copy = tmp_path / ".harbour.recovery.gpkg"
    hold = (
        "import os, sys; from pathlib import Path; "
        "from gisapp.ui.project.lock import ProjectLock; "
        "assert ProjectLock(Path(sys.argv[1])).free; os._exit(9)"
    )
    ended = subprocess.run([sys.executable, "-c", hold, str(copy)], check=False)
    assert ended.returncode == 9
    lock = ProjectLock(copy)
    assert lock.path.exists()
    assert lock.free
    assert not ProjectLock(copy).free, "one at a time"
    lock.release()
    assert not lock.path.exists()


def test_work_lost_in_a_crash_is_restored_beside_its_file(
    open_window: Open, path: Path, qtbot: QtBot
) -> None:
    window = open_window(None)
    copy = leave_behind(path, window.writer.folder, "Before the crash")
    window.files.ask_found = lambda left: Found.RESTORE
    opened(window, path, qtbot)
    assert window.session.project.title == "Before the crash"
    assert window.isWindowModified()
    assert copy.is_file(), "kept until it is saved"
    window.files.save()
    qtbot.waitUntil(lambda: window.session.document.is_saved, timeout=10_000)
    assert project_file.load(path).title == "Before the crash"
    qtbot.waitUntil(lambda: not copy.exists(), timeout=10_000)


def test_leaving_the_question_keeps_what_a_crash_left(
    open_window: Open, path: Path, qtbot: QtBot
) -> None:
    window = open_window(None)
    copy = leave_behind(path, window.writer.folder, "Before the crash")
    asked: list[object] = []
    window.files.ask_found = lambda left: asked.append(left) or Found.LATER
    window.files.open(path)
    qtbot.waitUntil(lambda: bool(asked))
    assert window.session.path is None
    assert copy.is_file()
    assert ProjectLock(copy).free


def test_discarded_work_is_not_offered_again(open_window: Open, path: Path, qtbot: QtBot) -> None:
    window = open_window(made.project())
    window.session.perform(edits.set_title("Other"))
    written(window, qtbot)
    window.writer.discard()
    copy = leave_behind(path, window.writer.folder, "Before the crash")
    window.files.ask_found = lambda left: Found.DISCARD
    opened(window, path, qtbot)
    qtbot.waitUntil(lambda: not copy.exists(), timeout=10_000)
    assert window.session.project.title != "Before the crash"


def test_reopening_what_was_discarded_looks_like_no_crash(
    open_window: Open, path: Path, qtbot: QtBot
) -> None:
    window = open_window(None)
    opened(window, path, qtbot)
    window.session.perform(edits.set_title("Not wanted"))
    written(window, qtbot)
    asked: list[object] = []
    window.files.ask_found = lambda left: asked.append(left) or Found.LATER
    window.files.ask_unsaved = lambda: Answer.DISCARD
    window.files.when_safe(lambda: window.files.open(path))
    qtbot.waitUntil(lambda: window.session.project.title != "Not wanted", timeout=10_000)
    assert not asked


def test_work_that_was_undone_is_not_offered_after_a_crash(
    open_window: Open, path: Path, qtbot: QtBot
) -> None:
    window = open_window(None)
    opened(window, path, qtbot)
    window.session.perform(edits.set_title("Not wanted"))
    copy = written(window, qtbot)
    window.commands.undo()
    qtbot.waitUntil(lambda: not copy.exists(), timeout=10_000)
    window.commands.redo()
    assert written(window, qtbot) == copy


def test_a_project_open_in_another_window_is_no_crash_and_opens_as_a_copy(
    open_window: Open, path: Path, qtbot: QtBot
) -> None:
    first = open_window(None)
    opened(first, path, qtbot)
    first.session.perform(edits.set_title("Still being worked on"))
    copy = written(first, qtbot)
    second = open_window(None)
    second.files.ask_found = lambda left: pytest.fail("this looks like a crash")
    asked: list[str] = []
    second.files.ask_open_twice = lambda name: bool(asked.append(name))
    second.files.open(path)
    qtbot.waitUntil(lambda: asked == [path.name])
    assert second.session.project.is_empty
    second.files.ask_open_twice = lambda name: True
    second.files.open(path)
    qtbot.waitUntil(lambda: not second.session.project.is_empty, timeout=10_000)
    assert second.session.path is None
    with qtbot.waitSignal(second.session.noticed) as told:
        second.files.save_to(path)
    assert "is open in another gisapp" in told.args[0].text
    second.files.new()
    assert copy.is_file(), "the copy of the first window is not ours to remove"


def test_a_lock_lasts_as_long_as_the_project_is_open(
    open_window: Open, path: Path, qtbot: QtBot
) -> None:
    window = open_window(None)
    opened(window, path, qtbot)
    copy = recovery.recovery_path(path, window.writer.folder)
    assert not ProjectLock(copy).free
    other = path.with_name("other.gpkg")
    window.files.save_to(other)
    qtbot.waitUntil(lambda: window.session.path == other.resolve(), timeout=10_000)
    assert ProjectLock(copy).free
    copy = recovery.recovery_path(other, window.writer.folder)
    assert not ProjectLock(copy).free
    window.close()
    assert ProjectLock(copy).free
    assert sorted(p.name for p in path.parent.glob("*.gpkg")) == ["harbour.gpkg", "other.gpkg"]


def test_unsaved_work_without_a_file_is_offered_once_its_program_is_gone(
    open_window: Open, qtbot: QtBot
) -> None:
    first = open_window(made.project())
    first.session.perform(edits.set_title("Before the crash"))
    copy = written(first, qtbot)
    second = open_window(None)
    second.files.offer_unsaved()
    assert not second.notices.isVisible(), "the first window still runs"
    first.writer.hold(None)  # as a crash does
    second.files.offer_unsaved()
    assert second.notices.action.text() == "Restore…"
    second.files.ask_found = lambda left: Found.RESTORE
    qtbot.mouseClick(second.notices.action, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: second.session.project.title == "Before the crash", timeout=10_000)
    assert second.isWindowModified()
    assert second.writer.target == copy


def test_unsaved_work_without_a_file_can_be_done_away_with(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(None)
    folder = window.writer.folder
    copy = recovery.recovery_path(None, folder, "a-former-project")
    recovery.write(made.project(), copy)
    window.files.offer_unsaved()
    window.files.ask_found = lambda left: Found.DISCARD
    qtbot.mouseClick(window.notices.action, Qt.MouseButton.LeftButton)
    assert not copy.exists()
    assert not list(folder.glob("*.lock"))


@pytest.mark.parametrize("answer", list(Changed))
def test_a_file_that_another_program_changed_is_asked_about(
    open_window: Open, path: Path, qtbot: QtBot, answer: Changed, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(None)
    opened(window, path, qtbot)
    window.session.perform(edits.set_title("Mine"))
    change_elsewhere(path)
    before = path.read_bytes()
    asked: list[str] = []
    beside: list[bool] = []
    monkeypatch.setattr(window.files, "save_as", lambda then: beside.append(True))
    window.files.ask_changed = lambda name: asked.append(name) or answer
    window.files.save()
    qtbot.waitUntil(lambda: bool(asked) and not window.session.runner.busy, timeout=10_000)
    assert asked == ["harbour.gpkg"]
    assert bool(beside) == (answer is Changed.COPY)
    if answer is Changed.REPLACE:
        qtbot.waitUntil(lambda: window.session.document.is_saved, timeout=10_000)
        assert project_file.load(path).title == "Mine"
    else:
        assert path.read_bytes() == before
        assert window.isWindowModified()


@pytest.mark.parametrize("answer", list(Changed))
def test_a_file_that_was_moved_meanwhile_is_asked_about(
    open_window: Open, path: Path, qtbot: QtBot, answer: Changed, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(None)
    opened(window, path, qtbot)
    window.session.perform(edits.set_title("Mine"))
    moved = path.rename(path.with_name("moved.gpkg"))
    asked: list[str] = []
    beside: list[bool] = []
    said = notices(window)
    monkeypatch.setattr(window.files, "save_as", lambda then: beside.append(True))
    window.files.ask_gone = lambda name: asked.append(name) or answer
    window.files.save()
    qtbot.waitUntil(lambda: bool(asked) and not window.session.runner.busy, timeout=10_000)
    assert asked == ["harbour.gpkg"]
    assert bool(beside) == (answer is Changed.COPY)
    if answer is Changed.REPLACE:
        qtbot.waitUntil(lambda: window.session.document.is_saved, timeout=10_000)
        assert project_file.load(path).title == "Mine"
        assert "as a new file: the one you had opened is not there any more" in said[-1].text
    else:
        assert not path.exists() and window.isWindowModified()
    assert project_file.load(moved).title != "Mine"


def test_a_place_where_nothing_can_be_written_offers_another(
    open_window: Open, path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(None)
    opened(window, path, qtbot)
    window.session.perform(edits.set_title("Mine"))
    said = notices(window)
    beside: list[bool] = []

    def refuse(*_: object) -> None:
        raise ProjectFileError("“harbour.gpkg” cannot be written there.", "Try another folder.")

    monkeypatch.setattr(project_file, "save", refuse)
    monkeypatch.setattr(window.files, "save_as", lambda then: beside.append(True))
    window.files.save()
    qtbot.waitUntil(lambda: bool(said), timeout=10_000)
    assert said[-1].severity == "error" and "cannot be written there" in said[-1].text
    assert said[-1].action == "Save as…"
    said[-1].run()
    assert beside


def notices(window: MainWindow) -> list[Notice]:
    """What the window tells from here on."""
    told: list[Notice] = []
    window.session.noticed.connect(told.append)
    return told


class Questions:
    """Answers to the question about unsaved work, in turn; how often it was asked."""

    def __init__(self, window: MainWindow, *answers: Answer) -> None:
        self.left = list(answers)
        window.files.ask_unsaved = self.ask

    def ask(self) -> Answer:
        return self.left.pop(0)


def held_up(window: MainWindow) -> threading.Event:
    """Keep the worker busy, so that what is asked of it next waits until this is set."""
    gate = threading.Event()
    window.session.start(Task("Long work", lambda progress: gate.wait(10)))
    return gate


def test_work_done_while_a_file_opens_is_asked_about(
    window: MainWindow, path: Path, qtbot: QtBot
) -> None:
    mine = window.session.project.id
    questions = Questions(window, Answer.CANCEL)
    gate = held_up(window)
    window.files.when_safe(lambda: window.files.open(path))
    window.session.perform(edits.set_title("Drawn meanwhile"))
    gate.set()
    qtbot.waitUntil(lambda: not window.session.runner.busy, timeout=10_000)
    assert questions.left == [], "asked once it was loaded"
    assert window.session.project.id == mine
    assert window.session.project.title == "Drawn meanwhile"
    assert ProjectLock(recovery.recovery_path(path, window.writer.folder)).free
    Questions(window, Answer.DISCARD)
    window.files.when_safe(lambda: window.files.open(path))
    qtbot.waitUntil(lambda: window.session.path == path.resolve(), timeout=10_000)


def test_what_was_given_up_is_not_asked_about_again(
    window: MainWindow, path: Path, qtbot: QtBot
) -> None:
    window.session.perform(edits.set_title("Not wanted"))
    questions = Questions(window, Answer.DISCARD)
    window.files.when_safe(lambda: window.files.open(path))
    qtbot.waitUntil(lambda: window.session.path == path.resolve(), timeout=10_000)
    assert questions.left == []


def test_work_done_while_a_project_is_made_is_asked_about(window: MainWindow, qtbot: QtBot) -> None:
    questions = Questions(window, Answer.CANCEL)
    gate = threading.Event()

    def work(progress: Progress) -> Project:
        gate.wait(10)
        return Project(title="Made")

    window.files.show_made(Task("Making", work))
    window.session.perform(edits.set_title("Drawn meanwhile"))
    gate.set()
    qtbot.waitUntil(lambda: not window.session.runner.busy, timeout=10_000)
    assert questions.left == []
    assert window.session.project.title == "Drawn meanwhile"


def test_work_done_while_saving_is_asked_about_before_it_goes(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    place = tmp_path / "mine.gpkg"
    window.files.save_to(place)
    qtbot.waitUntil(lambda: window.session.path == place.resolve(), timeout=10_000)
    window.session.perform(edits.set_title("First"))
    questions = Questions(window, Answer.SAVE, Answer.CANCEL)
    gate = held_up(window)
    window.files.new()
    window.session.perform(edits.set_title("Second"))
    gate.set()
    qtbot.waitUntil(lambda: not window.session.runner.busy, timeout=10_000)
    assert questions.left == []
    assert window.session.project.title == "Second"
    assert project_file.load(place).title == "First"


def test_of_two_files_opened_quickly_the_last_one_is_shown(
    window: MainWindow, path: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    last = tmp_path / "last.gpkg"
    project_file.save(Project(title="Last"), last)
    gate = held_up(window)
    window.files.open(path)
    window.files.open(last)
    gate.set()
    qtbot.waitUntil(lambda: not window.session.runner.busy, timeout=10_000)
    assert window.session.path == last.resolve()
    assert ProjectLock(recovery.recovery_path(path, window.writer.folder)).free


def test_locks_are_taken_beside_the_window(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lock is written through to the disk, and a disk that is busy may take its time."""
    taken: list[bool] = []
    make = ProjectLock.__init__

    def noted(self: ProjectLock, copy: Path) -> None:
        taken.append(threading.current_thread() is threading.main_thread())
        make(self, copy)

    monkeypatch.setattr(ProjectLock, "__init__", noted)
    layer = window.session.project.layers[0]
    window.session.perform(edits.rename_layer(layer.id, "First"))
    window.writer.write_now()
    qtbot.waitUntil(lambda: len(taken) == 1)
    path = tmp_path / "new.gpkg"
    window.files.save_to(path)
    qtbot.waitUntil(lambda: window.session.path == path)
    other = tmp_path / "other.gpkg"
    project_file.save(made.project(), other)
    window.files.open(other)
    qtbot.waitUntil(lambda: window.session.path == other)
    assert taken == [False, False, False]


def test_the_copy_of_a_window_closed_while_it_is_first_written_goes_too(
    window: MainWindow, qtbot: QtBot
) -> None:
    layer = window.session.project.layers[0]
    window.session.perform(edits.rename_layer(layer.id, "Short"))
    window.writer.write_now()
    window.writer.close()
    assert list(window.writer.folder.glob("*")) == []


def test_what_was_undone_while_it_was_first_written_is_not_kept(
    window: MainWindow, qtbot: QtBot
) -> None:
    layer = window.session.project.layers[0]
    window.session.perform(edits.rename_layer(layer.id, "Not meant"))
    window.writer.write_now()
    window.commands.undo()
    qtbot.waitUntil(lambda: window.writer._lock is not None)
    qtbot.waitUntil(lambda: not list(window.writer.folder.glob("*.gpkg")))


def test_a_file_that_is_opened_twice_in_a_row_is_opened(
    open_window: Open, path: Path, qtbot: QtBot
) -> None:
    window = open_window(None)
    window.files.ask_open_twice = lambda name: pytest.fail("nobody else has it open")
    window.files.open(path)
    window.files.open(path)
    qtbot.waitUntil(lambda: window.session.path == path)
    window.files.open(path)
    qtbot.waitUntil(lambda: window.session.runner.busy)
    window.files.open(path)
    qtbot.waitUntil(lambda: not window.session.runner.busy)
    assert window.session.path == path
    assert not ProjectLock(window.writer.copy_of(path)).free, "and it is still ours"
