"""Fixtures for tests of panels and dialogs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from pytestqt.qtbot import QtBot

from gisapp.document import Document
from gisapp.layers.audience import Audience
from gisapp.layers.project import Project
from gisapp.render.scene import Look
from gisapp.ui.session import Session
from tests.ui import made

#: The day on which all tests of the window look at their project.
DAY = date(2025, 6, 4)
#: The day that is today for them.
TODAY = date(2026, 3, 14)


@pytest.fixture
def open_session(qtbot: QtBot) -> Iterator[Callable[[Project], Session]]:
    """`open_session(project)` gives a session that is closed when the test ends."""
    sessions: list[Session] = []

    def start(project: Project) -> Session:
        look = Look(day=DAY, time=None, audience=Audience.POLICE)
        sessions.append(Session(Document(project), look))
        return sessions[-1]

    yield start
    for session in sessions:
        session.close()


@pytest.fixture
def session(open_session: Callable[[Project], Session]) -> Session:
    """The made project, open as a police analyst on 4 June 2025."""
    return open_session(made.project())


@pytest.fixture
def empty_session(open_session: Callable[[Project], Session]) -> Session:
    return open_session(Project())


@pytest.fixture
def idle(qtbot: QtBot) -> Callable[[Session], None]:
    """Wait until nothing runs in the background."""
    return lambda session: qtbot.waitUntil(lambda: not session.runner.busy, timeout=5000)
