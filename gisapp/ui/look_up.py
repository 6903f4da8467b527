"""A question that is asked again and again: only the answer to the newest one counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gisapp.errors import GisappError
from gisapp.tasks import Task
from gisapp.ui.session import Session
from gisapp.ui.task_runner import Running


class LookUp:
    """Runs quick tasks for one place in the window; asking anew drops the former question."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._running: Running | None = None

    @property
    def waiting(self) -> bool:
        """Whether a question was asked whose place nobody has given up yet."""
        return self._running is not None

    def ask(
        self,
        task: Task[Any],
        done: Callable[[Any], None],
        failed: Callable[[GisappError], None] | None = None,
    ) -> None:
        """Run the task in place of the one under way, whose callbacks are no longer called."""
        self.drop()
        self._running = self._session.start(task, done, failed, quick=True)

    def drop(self) -> None:
        """Want no answer any more."""
        if self._running is not None:
            self._session.runner.drop(self._running)
            self._running = None
