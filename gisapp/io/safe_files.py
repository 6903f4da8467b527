"""Files that are whole or not there: written beside their place and moved in one step."""

from __future__ import annotations

import os
import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from gisapp.errors import ExportError


@contextmanager
def written(path: Path) -> Iterator[Path]:
    """A path to write to; what is there takes the place of `path` if nothing goes wrong.

    Whatever goes wrong, `path` stays as it was and nothing is left beside it. An OSError (full
    disk, read-only folder, no such folder) becomes an ExportError that says so. A project is
    never written over.
    """
    if not path.name:
        raise ExportError(f"“{path}” is a folder, not a file.", "Give the file a name in it.")
    # What a link points at is written anew, not the link.
    real = Path(os.path.realpath(path))
    beside = real.with_name(f".gisapp-{uuid.uuid4().hex[:12]}{path.suffix}")
    try:
        if real.exists() and not real.is_file():
            # Taking its place would do away with a device or a pipe that others need.
            raise ExportError(
                f"{path} is {'a folder' if real.is_dir() else 'a device'}, not a file.",
                "Give the file another name.",
            )
        if _is_project(real):
            raise ExportError(
                f"{path} is a project, and no export is written over one.",
                "Give the file another name.",
            )
        yield beside
        beside.replace(real)
    except OSError as error:
        raise ExportError(
            f"{path} could not be written: {(error.strerror or str(error)).lower()}.",
            "Choose another folder, or make room on the disk.",
        ) from error
    finally:
        with suppress(OSError):  # where it could not be made there is nothing to remove
            beside.unlink(missing_ok=True)


def may_write(path: Path) -> bool:
    """Whether a file that is there may be written to, as far as its rights tell."""
    real = Path(os.path.realpath(path))
    return os.access(real, os.W_OK) and os.access(real.parent, os.W_OK)


def _is_project(path: Path) -> bool:
    """Whether a file is a project of ours: it may hold work that is nowhere else."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        if file.read(16) != b"SQLite format 3\0":
            return False
    query = "SELECT 1 FROM sqlite_master WHERE name = 'gisapp_project'"
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as file:
            return file.execute(query).fetchone() is not None
    except sqlite3.Error:  # in use just now, or damaged: so it may be one
        return True


@contextmanager
def written_folder(path: Path) -> Iterator[Path]:
    """An empty folder to write to; it takes the place of `path` if nothing goes wrong.

    As `written`, for folders: nothing may stand at `path` but an empty folder.
    """
    if not path.name:
        raise ExportError(f"“{path}” has no name of its own.", "Give the folder a name.")
    real = Path(os.path.realpath(path))
    beside = real.with_name(f".gisapp-{uuid.uuid4().hex[:12]}")
    try:
        if real.exists() and not (real.is_dir() and not any(real.iterdir())):
            raise ExportError(f"{path} is there already.", "Give another name, or remove it first.")
        beside.mkdir()
        yield beside
        if real.exists():
            real.rmdir()
        beside.rename(real)
    except OSError as error:
        raise ExportError(
            f"{path} could not be written: {(error.strerror or str(error)).lower()}.",
            "Choose another folder, or make room on the disk.",
        ) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


#: Signs that start a formula, in their wide form too; some programs read that as the plain one.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def safe_cell(text: str) -> str:
    """Text for a cell that no spreadsheet takes for a formula (CWE-1236)."""
    starts = text[:1] in ("\t", "\r", "\n") or text.lstrip().startswith(_FORMULA)
    return "'" + text if starts else text


def as_characters(name: str) -> str:
    """The name of a file as text: bytes of it that are no characters become `?`."""
    return name.encode(errors="replace").decode()
