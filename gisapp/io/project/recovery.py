"""Recovery copies: what was changed since the last save, kept in case the program ends badly.

After each change the copy is brought up to the project with the same incremental save as the
project file. It is removed at a clean close, so one that is found at a start tells of a crash.
A crash in the middle of writing leaves SQLite's journal, by which the next reader gets the
copy as it was before.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gisapp.errors import ProjectFileError
from gisapp.io.project import project_file
from gisapp.layers.project import Project
from gisapp.progress import Progress

_ENDING = ".recovery.gpkg"


@dataclass(frozen=True, slots=True)
class Recoverable:
    """A copy from which unsaved work can be had back; `original` is None if it never had a file."""

    path: Path
    original: Path | None
    written_at: datetime


def recovery_path(path: Path | None, folder: Path, project_id: str = "untitled") -> Path:
    """Where the copy of a project lies: hidden beside its file, or in `folder` without a file."""
    if path is None:
        return folder / f"{project_id}{_ENDING}"
    path = Path(path).resolve()
    if len(path.stem.encode()) > 200:  # file systems end names at 255 bytes
        return path.with_name(f".{hashlib.sha256(path.name.encode()).hexdigest()[:24]}{_ENDING}")
    return path.with_name(f".{path.stem}{_ENDING}")


def write(
    project: Project,
    target: Path,
    *,
    last: Project | None = None,
    saved: Project | None = None,
    saved_path: Path | None = None,
    progress: Progress | None = None,
) -> None:
    """Bring the copy at `target` to this project; raises ProjectFileError.

    `last` is the project written there before. Rows of large layers stay in the project file
    for as long as it holds them. If there are none, it is copied the first time, for copying is
    quicker than writing every layer anew; provided that it holds `saved`.
    """
    elsewhere = project_file.rows_to_leave(saved_path, saved) if saved_path is not None else None
    if last is not None and project_file.holds(target, last):
        project_file.save(project, target, last, progress, elsewhere)
        return
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ProjectFileError(
            f"No recovery copy can be kept in “{target.parent}”: "
            f"{(error.strerror or str(error)).lower()}.",
            "Save your work often.",
        ) from error
    copied = (
        saved is not None
        and saved_path is not None
        and not (elsewhere and any(map(elsewhere.holds, project.layers)))
        and _shares_rows(project, saved)
        and project_file.copy(saved_path, saved, target)
    )
    project_file.save(project, target, saved if copied else None, progress, elsewhere)
    with suppress(OSError):  # some file systems know no permissions
        # It holds what the project holds, for nobody but the one who works on it.
        target.chmod(0o600)


def _shares_rows(project: Project, saved: Project) -> bool:
    tables = {id(layer.table) for layer in saved.layers}
    return any(id(layer.table) in tables for layer in project.layers)


def recoverable(path: Path, folder: Path) -> Recoverable | None:
    """The copy of a project file, if it is newer than what the file holds; else None."""
    copy = recovery_path(path, folder)
    written = _written_at(copy)
    if written is None:
        return None
    saved = _written_at(path)
    if saved is not None and saved >= written:
        return None
    return Recoverable(copy, Path(path).resolve(), written)


def unsaved(folder: Path) -> tuple[Recoverable, ...]:
    """Copies of projects that never had a file, newest first."""
    found = []
    for copy in folder.glob(f"*{_ENDING}"):
        written = _written_at(copy)
        if written is not None:
            found.append(Recoverable(copy, None, written))
    return tuple(sorted(found, key=lambda copy: copy.written_at, reverse=True))


def _written_at(path: Path) -> datetime | None:
    """When it was written; None where there is no file or nothing can be had from it."""
    if not path.is_file():
        return None
    try:
        return project_file.written_at(path)
    except ProjectFileError:
        return None


def remove(target: Path) -> None:
    """Remove a copy and its journal: at a clean close, or when it is not wanted.

    Raises ProjectFileError where that is not possible; it would be offered again.
    """
    try:
        for ending in ("", "-journal", "-wal", "-shm"):
            target.with_name(target.name + ending).unlink(missing_ok=True)
    except OSError as error:
        raise ProjectFileError(
            f"The recovery copy “{target}” could not be removed: "
            f"{(error.strerror or str(error)).lower()}.",
            "Delete it by hand, or it is offered at the next start.",
        ) from error
