"""Long work: runs on a frozen value anywhere, and its result becomes an edit.

The command line calls `run_now`; the window hands the same task to its runner.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from gisapp.document import Document
from gisapp.layers.edits import Edit
from gisapp.progress import Progress

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Task(Generic[R]):
    """`work` may run on any thread; `then` turns its result into an edit, or is None.

    `reads` names the layers it reads: if one of them is removed, the task is cancelled.
    """

    label: str
    work: Callable[[Progress], R]
    then: Callable[[R], Edit] | None = None
    reads: frozenset[str] = frozenset()


def run_now(document: Document, task: Task[R], progress: Progress | None = None) -> R:
    """Do the work here and apply its edit; returns the result."""
    result = task.work(progress or Progress())
    if task.then is not None:
        document.apply(task.then(result))
    return result
