"""Opening and keeping the project of a subcommand: as it was, or as it is wholly changed."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from zoneinfo import ZoneInfo

from gisapp.document import Document
from gisapp.errors import ProjectFileError
from gisapp.io.project import project_file
from gisapp.io.safe_files import as_characters
from gisapp.layers.export_log import Export
from gisapp.layers.project import Project
from gisapp.progress import Progress


def opened(path: Path, progress: Progress) -> Document:
    """The project at a path; ProjectFileError if it is not there or cannot be read."""
    _not_gone(path)
    project = project_file.load(path, progress)
    _keep_beside(project, path, progress)
    return Document(project)


def clocks_of(path: Path) -> ZoneInfo:
    """The time zone of the project at a path, before it is opened; errors as of `opened`."""
    _not_gone(path)
    return ZoneInfo(project_file.timezone_of(path))


def _not_gone(path: Path) -> None:
    if not exists(path):
        raise ProjectFileError(
            f"There is no project at {path}.", "Check the path, or make one with `gisapp import`."
        )


def opened_or_new(path: Path, progress: Progress) -> tuple[Document, Project | None]:
    """The project at a path and what its file holds; an empty one and None if there is none."""
    if exists(path):
        document = opened(path, progress)
        return document, document.project
    return Document(Project(title=as_characters(path.stem))), None


def exists(path: Path) -> bool:
    """Whether something is there; ProjectFileError where that cannot be told."""
    try:
        return path.exists()
    except OSError as error:
        raise ProjectFileError(
            f"“{path.name[:80]}” cannot be looked for: {(error.strerror or str(error)).lower()}.",
            "Check the path, and that you may open its folder.",
        ) from error


def keep(document: Document, path: Path, saved: Project | None, progress: Progress) -> None:
    """Write what changed since `saved`; ProjectFileError where others wrote there meanwhile."""
    if saved is not None and not project_file.holds(path, saved):
        raise ProjectFileError(
            f"“{path.name}” was changed by another program meanwhile, so nothing was written.",
            "Give the command again.",
        )
    project_file.save(document.project, path, saved, progress)
    _keep_beside(document.project, path, progress)


def _keep_beside(project: Project, path: Path, progress: Progress) -> None:
    """Write the cache: it takes a tenth of what the next command saves by it."""
    with suppress(ProjectFileError):  # another program may have the file just now
        project_file.write_cache(project, path, progress)


def log_exports(
    document: Document, path: Path, lines: Sequence[Export], progress: Progress
) -> tuple[str, ...]:
    """Add lines to the export log of the project at a path, from which this document is.

    What others wrote there meanwhile stays: an export may take long. Returns what to say where
    the log could not be written: the files themselves are there then.
    """
    for line in lines:
        document.log(line)
    progress.report(None, "Writing the export log")
    try:
        project_file.add_exports(path, lines)
    except ProjectFileError as error:
        return (f"NOT WRITTEN INTO THE PROJECT'S EXPORT LOG. {error}",)
    return ()
