"""What leaves the window is in the log of its project, in the file too, whatever is undone."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from gisapp.io.file_hash import sha256_of
from gisapp.io.project import project_file
from gisapp.layers import edits
from gisapp.layers.export_log import Export
from gisapp.layers.project import Project
from gisapp.ui.exports.log_dialog import ExportLogDialog
from gisapp.ui.exports.record import record_export
from gisapp.ui.main_window import MainWindow
from gisapp.ui.project.questions import Changed
from tests.ui import made

Open = Callable[[Project | None], MainWindow]


@pytest.fixture
def map_file(tmp_path: Path) -> Path:
    path = tmp_path / "map for the board.pdf"
    path.write_bytes(b"%PDF-1.7 and so on")
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    place = tmp_path / "harbour.gpkg"
    project_file.save(made.project(), place)
    return place


def opened(window: MainWindow, path: Path, qtbot: QtBot) -> None:
    window.files.open(path)
    qtbot.waitUntil(lambda: window.session.path == path.resolve(), timeout=10_000)


def test_an_export_is_in_the_file_at_once_and_unsaved_work_is_not(
    open_window: Open, path: Path, map_file: Path, qtbot: QtBot
) -> None:
    window = open_window(None)
    opened(window, path, qtbot)
    assert window.session.perform(edits.set_title("Not saved yet"))
    record_export(window.session, map_file, "map", audience="partners", recipient="Board")
    qtbot.waitUntil(lambda: bool(project_file.load(path).exports.lines), timeout=10_000)
    kept = project_file.load(path)
    [line] = kept.exports.lines
    assert (line.file, line.audience, line.recipient) == (map_file.name, "partners", "Board")
    assert line.sha256 == sha256_of(map_file)
    assert kept.title != "Not saved yet"
    window.session.document.undo()
    assert window.session.project.exports == kept.exports
    qtbot.waitUntil(lambda: window.session.document.is_saved, timeout=10_000)
    # The next save finds the file as gisapp left it: nobody is asked about another program.
    assert window.session.perform(edits.set_title("Saved"))
    window.files.ask_changed = lambda name: pytest.fail("the file is our own")
    window.files.save()
    qtbot.waitUntil(lambda: project_file.load(path).title == "Saved", timeout=10_000)
    assert project_file.load(path).exports == kept.exports


def test_the_log_of_a_project_without_a_file_goes_with_the_first_save(
    window: MainWindow, map_file: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    record_export(window.session, map_file, "map", audience="public")
    qtbot.waitUntil(lambda: bool(window.session.project.exports.lines), timeout=10_000)
    assert not window.session.document.is_saved
    place = tmp_path / "first.gpkg"
    window.files.save_to(place)
    qtbot.waitUntil(lambda: window.session.document.is_saved, timeout=10_000)
    assert project_file.load(place).exports == window.session.project.exports


def test_what_a_command_exports_meanwhile_stays_in_the_log(
    open_window: Open, path: Path, map_file: Path, qtbot: QtBot
) -> None:
    window = open_window(None)
    opened(window, path, qtbot)
    window.files.ask_changed = lambda name: pytest.fail("only the log has grown")
    at = datetime(2026, 1, 2, 3, tzinfo=UTC)
    by_command = Export(at, "ana", "patrol package", "z.zip", "1" * 64, "patrol")
    project_file.add_exports(path, [by_command])
    record_export(window.session, map_file, "map", audience="partners")
    qtbot.waitUntil(lambda: len(project_file.load(path).exports.lines) == 2, timeout=10_000)
    project_file.add_exports(path, [by_command])
    assert window.session.perform(edits.set_title("Saved"))
    window.files.save()
    qtbot.waitUntil(lambda: project_file.load(path).title == "Saved", timeout=10_000)
    log = project_file.load(path).exports
    assert [line.file for line in log.lines] == ["z.zip", map_file.name, "z.zip"]
    assert log.problems() == ()


def test_replacing_what_another_program_changed_keeps_its_log(
    open_window: Open, path: Path, qtbot: QtBot
) -> None:
    window = open_window(None)
    opened(window, path, qtbot)
    other = project_file.load(path)
    line = Export(datetime(2026, 1, 2, 3, tzinfo=UTC), "ana", "map", "m.pdf", "1" * 64, "public")
    project_file.save(edits.set_title("By another").apply(other).with_export(line), path, other)
    window.files.ask_changed = lambda name: Changed.REPLACE
    assert window.session.perform(edits.set_title("Mine"))
    window.files.save()
    qtbot.waitUntil(lambda: project_file.load(path).title == "Mine", timeout=10_000)
    log = project_file.load(path).exports
    assert [each.file for each in log.lines] == ["m.pdf"]
    assert log.problems() == ()


def test_what_another_program_changed_is_left_alone_and_said(
    open_window: Open, path: Path, map_file: Path, qtbot: QtBot
) -> None:
    window = open_window(None)
    opened(window, path, qtbot)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "UPDATE gpkg_contents SET last_change = '2031-01-01T00:00:00.000Z' "
            "WHERE table_name = 'zones'"
        )
    told: list[str] = []
    window.session.noticed.connect(lambda notice: told.append(notice.text))
    record_export(window.session, map_file, "map", audience="public")
    qtbot.waitUntil(lambda: any("not yet in the log" in text for text in told), timeout=10_000)
    assert project_file.load(path).exports.lines == ()
    assert len(window.session.project.exports.lines) == 1
    assert not window.session.document.is_saved


def test_the_dialog_lists_the_newest_first_and_follows(
    window: MainWindow, map_file: Path, qtbot: QtBot
) -> None:
    dialog = ExportLogDialog(window.session)
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.copy_button.isEnabled()
    for recipient in ("Board", "=SUM(A1)"):
        record_export(window.session, map_file, "map", audience="public", recipient=recipient)
        qtbot.waitUntil(
            lambda: dialog.table.rowCount() == len(dialog.session.project.exports.lines)
        )
    qtbot.waitUntil(lambda: dialog.table.rowCount() == 2, timeout=10_000)
    assert dialog.table.item(0, 6).text() == "=SUM(A1)"
    assert dialog.trouble.isHidden()
    qtbot.mouseClick(dialog.copy_button, Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    assert copied.splitlines()[0].startswith("No.\tWhen")
    assert "\t'=SUM(A1)\t" in copied


def test_a_log_that_was_tampered_with_says_so(
    open_window: Open, path: Path, map_file: Path, qtbot: QtBot
) -> None:
    window = open_window(None)
    opened(window, path, qtbot)
    record_export(window.session, map_file, "map", audience="public")
    qtbot.waitUntil(lambda: bool(project_file.load(path).exports.lines), timeout=10_000)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM gisapp_exports")
    window.session.document.mark_saved()
    project = project_file.load(path)
    window.files.show_unsaved(project)
    dialog = ExportLogDialog(window.session)
    qtbot.addWidget(dialog)
    assert "not whole" in dialog.trouble.text()
    assert "1 line at the end is missing." in dialog.trouble.text()


def test_what_is_told_after_the_window_was_closed_shows_nothing(open_window: Open) -> None:
    window = open_window(None)
    window.close()
    window.session.tell("The file is there.", "done")
    assert window.notices.isHidden()
