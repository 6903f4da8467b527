"""Dialogs that are closed while they still look at something: nobody hears of it any more."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from gisapp.layers.project import Project
from gisapp.tasks import Task
from gisapp.ui.deployments.briefing_dialog import BriefingDialog, InstructionDialog
from gisapp.ui.exports.map_dialog import ExportMapDialog
from gisapp.ui.exports.package_dialog import ExportPackageDialog
from gisapp.ui.imports.dialog import ImportDialog
from gisapp.ui.session import Session
from tests.ui.test_briefing_dialog import signed

MAKE: tuple[Callable[[Session], QDialog], ...] = (
    BriefingDialog,
    InstructionDialog,
    ExportMapDialog,
    ExportPackageDialog,
    lambda session: ImportDialog(session, [Path("nothing.csv")]),
)


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """The workers do nothing until the test opens this."""
    gate = threading.Event()
    yield gate
    gate.set()


@pytest.mark.parametrize("make", MAKE, ids=range(len(MAKE)))
def test_a_dialog_that_is_gone_hears_of_nothing(
    make: Callable[[Session], QDialog],
    open_session: Callable[[Project], Session],
    gate: threading.Event,
    idle: Callable[[Session], None],
    qtbot: QtBot,
) -> None:
    session = open_session(signed())
    told: list[object] = []
    session.noticed.connect(told.append)
    for quick in (True, False):
        session.start(Task("Waiting", lambda _: gate.wait(10)), quick=quick)
    dialog = make(session)
    dialog.show()
    qtbot.waitUntil(lambda: len(session.runner.running) > 2)
    dialog.reject()
    dialog.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gate.set()
    idle(session)
    assert not told
