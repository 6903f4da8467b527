"""The open project and its history: the only thing that changes. Main thread only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from gisapp.layers.edits import Edit
from gisapp.layers.export_log import Export
from gisapp.layers.project import Change, Project


@dataclass(frozen=True, slots=True)
class Step:
    project: Project
    label: str
    merge_key: str | None


class History:
    """States of a project in the order in which they came, and the one we are at."""

    def __init__(self, project: Project) -> None:
        self._steps = [Step(project, "", None)]
        self._at = 0

    @property
    def project(self) -> Project:
        return self._steps[self._at].project

    def apply(self, edit: Edit) -> None:
        """Add a step; whatever was undone is gone. If the edit raises, nothing changed."""
        after = edit.apply(self.project)
        del self._steps[self._at + 1 :]
        step = Step(after, edit.label, edit.merge_key)
        same_drag = edit.merge_key is not None and self._steps[-1].merge_key == edit.merge_key
        if same_drag:
            self._steps[-1] = step
        else:
            self._steps.append(step)
        self._at = len(self._steps) - 1

    @property
    def undo_label(self) -> str | None:
        return self._steps[self._at].label if self._at else None

    @property
    def redo_label(self) -> str | None:
        return self._steps[self._at + 1].label if self._at + 1 < len(self._steps) else None

    def log(self, line: Export, saved: Project) -> Project:
        """Add a line to the export log of every state; returns `saved` with it."""
        with_line = saved.with_export(line)
        self._steps = [
            replace(
                step,
                project=with_line if step.project is saved else step.project.with_export(line),
            )
            for step in self._steps
        ]
        return with_line

    def undo(self) -> None:
        self._at = max(self._at - 1, 0)

    def redo(self) -> None:
        self._at = min(self._at + 1, len(self._steps) - 1)


Subscriber = Callable[[Change], None]


class Document:
    """The project the user works on. Every change goes through `apply`, `undo` or `redo`."""

    def __init__(self, project: Project | None = None) -> None:
        self._history = History(project or Project())
        self._saved = self.project
        self._subscribers: list[Subscriber] = []

    @property
    def project(self) -> Project:
        return self._history.project

    def apply(self, edit: Edit) -> None:
        before = self.project
        self._history.apply(edit)
        self._tell(before)

    def undo(self) -> None:
        before = self.project
        self._history.undo()
        self._tell(before)

    def redo(self) -> None:
        before = self.project
        self._history.redo()
        self._tell(before)

    @property
    def undo_label(self) -> str | None:
        return self._history.undo_label

    @property
    def redo_label(self) -> str | None:
        return self._history.redo_label

    def log(self, line: Export) -> Project:
        """Note that a file has left, in every state: that cannot be undone.

        Returns the state that the file of the project holds, with this line.
        """
        before = self.project
        renewed = self._history.log(line, self._saved)
        self._tell(before)
        return renewed

    @property
    def is_saved(self) -> bool:
        return self.project is self._saved

    def mark_saved(self, project: Project | None = None) -> None:
        """Note that this state (the present one, if none is given) is what the file holds."""
        self._saved = project or self.project
        self._tell(self.project)

    def subscribe(self, subscriber: Subscriber) -> Callable[[], None]:
        """Call `subscriber` with each Change; returns a function that ends it."""
        self._subscribers.append(subscriber)
        return lambda: self._subscribers.remove(subscriber)

    def _tell(self, before: Project) -> None:
        change = Change(before, self.project)
        for subscriber in tuple(self._subscribers):
            subscriber(change)
