"""The project file: one GeoPackage that QGIS opens as any other (docs/project-file.md).

Saving is one SQLite transaction that writes only what differs from what the file holds. A new
file is written beside its place and moved there when it is whole. Whatever goes wrong, the old
file is as it was.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from weakref import WeakKeyDictionary

from gisapp.errors import ProjectFileError
from gisapp.io import gpkg_schema, project_read, project_write
from gisapp.layers.project import Project
from gisapp.progress import Progress

SUFFIX = ".gpkg"

#: How long to wait for another program that has the file open, in seconds.
BUSY_SECONDS = 1.0

_SQLITE_MAGIC = b"SQLite format 3\0"

#: Which state of which file a project stands for: what makes writing only the difference safe.
#: A project that is not in here, or a file that was changed since, is written whole.
_states: WeakKeyDictionary[Project, dict[Path, str]] = WeakKeyDictionary()


def save(
    project: Project,
    path: Path,
    saved: Project | None = None,
    progress: Progress | None = None,
) -> None:
    """Write the project to `path`.

    `saved` is the project that the file holds; if it does, only what differs from it is
    written, in one transaction. Else the file is replaced by a new one. Raises
    ProjectFileError, or Cancelled; the file is then as it was.
    """
    progress = progress or Progress()
    path = Path(path).resolve()
    _check_place(path)
    with _explained(path, "saved"):
        if saved is None or not _holds(path, saved) or not _update(project, path, saved, progress):
            _write_new(project, path, progress)
    progress.report(1.0, "Saved")


def load(path: Path, progress: Progress | None = None) -> Project:
    """The project in a file. Raises ProjectFileError that says what is the matter with it."""
    progress = progress or Progress()
    path = Path(path).resolve()
    with _explained(path, "opened"):
        _check_file(path)
        with closing(_connect(path)) as connection:
            _check_contents(connection, path)
            connection.execute("BEGIN")
            state = _fingerprint(connection)
            project = project_read.read(connection, path, progress)
    _remember(project, path, state)
    return project


def holds(path: Path, project: Project) -> bool:
    """Whether the file at `path` still is as it was when this project was saved or loaded.

    False too when another program changed it since, or when the project never was there.
    """
    path = Path(path).resolve()
    with _explained(path, "opened"):
        return _holds(path, project)


def _holds(path: Path, project: Project) -> bool:
    known = _states.get(project, {}).get(path)
    if known is None or not path.is_file():
        return False
    try:
        with closing(_connect(path)) as connection:
            return _fingerprint(connection) == known
    except sqlite3.DatabaseError as error:
        if _code(error) in _BUSY:
            raise
        return False


def copy(path: Path, project: Project, target: Path) -> bool:
    """Copy the file at `path`, if it still holds this project, and know the copy as the same.

    Returns whether it was copied. `target` is whole or as it was. Raises ProjectFileError.
    """
    path, target = Path(path).resolve(), Path(target).resolve()
    with _explained(target, "saved"):
        if not _holds(path, project):
            return False
        beside = target.with_name(f".gisapp-{uuid.uuid4().hex[:12]}{SUFFIX}")
        try:
            shutil.copyfile(path, beside)
            if target.exists():
                _take_over(target)
            _put_in_place(beside, target)
        finally:
            beside.unlink(missing_ok=True)
    _remember(project, target, _states[project][path])
    return True


def written_at(path: Path) -> datetime:
    """When gisapp last wrote a project file. Raises ProjectFileError where it is none."""
    path = Path(path).resolve()
    with _explained(path, "opened"):
        _check_file(path)
        with closing(_connect(path)) as connection:
            _check_contents(connection, path)
            query = "SELECT value FROM gisapp_project WHERE key = 'written_at'"
            row = connection.execute(query).fetchone()
    try:
        return datetime.fromisoformat(row[0])
    except (TypeError, ValueError) as error:
        raise project_read.damaged(gpkg_schema.PROJECT, "it does not say when") from error


def _remember(project: Project, path: Path, state: str) -> None:
    _states.setdefault(project, {})[path] = state


# Writing


def _update(project: Project, path: Path, saved: Project, progress: Progress) -> bool:
    """Write the difference; False where a new file serves better because this is half empty."""
    if project is saved:
        return True
    with closing(_connect(path)) as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        if connection.execute("PRAGMA freelist_count").fetchone()[0] * 2 > pages:
            return False
        # What was removed leaves nothing behind in the free pages of a file that is passed on.
        connection.execute("PRAGMA secure_delete = ON")
        state = _transaction(connection, project, saved, progress)
    _remember(project, path, state)
    return True


def _write_new(project: Project, path: Path, progress: Progress) -> None:
    """Write a file beside `path`, bring it to the disk, and put it in its place."""
    beside = path.with_name(f".gisapp-{uuid.uuid4().hex[:12]}{SUFFIX}")
    try:
        with closing(_connect(beside, new=True)) as connection:
            # Nobody sees this file before it is whole: no journal, one sync at the end.
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("PRAGMA synchronous = OFF")
            state = _transaction(connection, project, None, progress)
        if path.exists():
            _take_over(path)
            shutil.copymode(path, beside)
        _put_in_place(beside, path)
    finally:
        beside.unlink(missing_ok=True)
    _remember(project, path, state)


def _transaction(
    connection: sqlite3.Connection, project: Project, saved: Project | None, progress: Progress
) -> str:
    connection.execute("BEGIN IMMEDIATE")
    try:
        project_write.write(connection, project, saved, uuid.uuid4().hex, progress)
        state = _fingerprint(connection)
        connection.execute("COMMIT")
    except BaseException:
        # A full disk may have rolled back already; the file is as it was either way.
        with suppress(sqlite3.OperationalError):
            connection.execute("ROLLBACK")
        raise
    return state


def _take_over(path: Path) -> None:
    """Make sure that nobody has the old file open, and that nothing is left to do in it.

    A journal that stayed beside it would otherwise be played into the new file.
    """
    try:
        with closing(_connect(path)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("ROLLBACK")
    except sqlite3.DatabaseError as error:
        if _code(error) not in ("SQLITE_NOTADB", "SQLITE_CORRUPT"):
            raise
    for ending in ("-journal", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _put_in_place(beside: Path, path: Path) -> None:
    with beside.open("rb+") as file:
        os.fsync(file.fileno())
    beside.replace(path)
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _connect(path: Path, *, new: bool = False) -> sqlite3.Connection:
    uri = f"{path.as_uri()}?mode={'rwc' if new else 'rw'}"
    return sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)


def _fingerprint(connection: sqlite3.Connection) -> str:
    """What tells one state of a file from another, made by gisapp or by another program.

    The state's own name, the times at which tables changed (GDAL and QGIS renew them), and the
    tables and indexes there are (QGIS may add some).
    """
    rows = [
        connection.execute("SELECT value FROM gisapp_project WHERE key = 'state'").fetchall(),
        connection.execute(
            "SELECT table_name, identifier, last_change FROM gpkg_contents ORDER BY table_name"
        ).fetchall(),
        connection.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY name").fetchall(),
    ]
    return hashlib.sha256(repr(rows).encode("utf-8", "surrogatepass")).hexdigest()


# Checking


def _check_place(path: Path) -> None:
    if path.is_dir():
        raise ProjectFileError(f"“{path}” is a folder.", "Give the project file a name in it.")
    if path.suffix.casefold() != SUFFIX:
        raise ProjectFileError(
            f"“{path.name}” does not end in {SUFFIX}, so QGIS would not open it.",
            f"Save the project as “{path.stem}{SUFFIX}”.",
        )
    if not path.parent.is_dir():
        raise ProjectFileError(
            f"There is no folder “{path.parent}”.", "Make it first, or choose another."
        )


def _check_file(path: Path) -> None:
    """Raise ProjectFileError unless this is a whole SQLite file."""
    if path.is_dir():
        raise ProjectFileError(f"“{path}” is a folder.", "Choose the project file in it.")
    if not path.exists():
        raise ProjectFileError(
            f"There is no file “{path}”.", "It may have been moved or renamed; open it from there."
        )
    with path.open("rb") as file:
        head = file.read(100)
        size = file.seek(0, os.SEEK_END)
    if not size:
        raise ProjectFileError(f"“{path.name}” is empty.", "Open a backup or a recovery copy.")
    if head[:16] != _SQLITE_MAGIC:
        raise ProjectFileError(
            f"“{path.name}” is not a gisapp project.",
            "A project file ends in .gpkg; other data is added with Import.",
        )
    page = int.from_bytes(head[16:18], "big")
    expected = int.from_bytes(head[28:32], "big") * (65_536 if page == 1 else page)
    if len(head) < 100 or (size < expected and not path.with_name(path.name + "-wal").exists()):
        raise ProjectFileError(
            f"“{path.name}” is cut short: {size:,} of {expected:,} bytes are there.",
            "Copy it again from where it came, or open a backup or a recovery copy.",
        )
    if path.suffix.casefold() != SUFFIX:
        raise ProjectFileError(
            f"The name “{path.name}” does not end in {SUFFIX}.",
            f"Rename it to “{path.stem}{SUFFIX}” and open it again.",
        )


def _check_contents(connection: sqlite3.Connection, path: Path) -> None:
    """Raise ProjectFileError unless this is a project of a format that we know."""
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
    if gpkg_schema.PROJECT not in tables:
        other = "gpkg_contents" in tables
        raise ProjectFileError(
            f"“{path.name}” is {'a GeoPackage, but' if other else 'a database, but'} "
            "not a gisapp project.",
            "Add its data to a project with Import." if other else "Choose another file.",
        )
    row = connection.execute(
        "SELECT value FROM gisapp_project WHERE key = 'format_version'"
    ).fetchone()
    version = str(row[0]) if row else ""
    if not version.isascii() or not version.isdigit():
        raise project_read.damaged(gpkg_schema.PROJECT, "it does not say which format it has")
    if int(version) > gpkg_schema.FORMAT_VERSION:
        raise ProjectFileError(
            f"“{path.name}” was made by a newer version of gisapp (format {version}; this one "
            f"reads up to {gpkg_schema.FORMAT_VERSION}).",
            "Update gisapp to open it.",
        )
    missing = [name for name in gpkg_schema.OWN_TABLES if name not in tables]
    if missing:
        raise project_read.damaged(missing[0], "it is missing")


# Explaining

_BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED")


def _code(error: sqlite3.Error) -> str:
    """SQLite's name of the error without its second half: SQLITE_IOERR for SQLITE_IOERR_WRITE."""
    return "_".join(getattr(error, "sqlite_errorname", "").split("_")[:2])


@contextmanager
def _explained(path: Path, done: str) -> Iterator[None]:
    """Say in plain words what kept the file from being saved or opened."""
    try:
        yield
    except sqlite3.Error as error:
        raise _database_error(error, path, done) from error
    except OSError as error:
        raise ProjectFileError(
            f"“{path.name}” could not be {done}: {(error.strerror or str(error)).lower()}.",
            "Choose another folder." if done == "saved" else "Check that you may read it.",
        ) from error


def _database_error(error: sqlite3.Error, path: Path, done: str) -> ProjectFileError:
    what, hint = {
        "SQLITE_BUSY": (
            "another program has it open",
            "Close it there (QGIS, say) and try again, or save under another name.",
        ),
        "SQLITE_FULL": ("the disk is full", "Make room, or save somewhere else."),
        "SQLITE_IOERR": ("the disk failed or is full", "Make room, or save somewhere else."),
        "SQLITE_READONLY": (
            "it may not be written to",
            "Save under another name or in another folder.",
        ),
        "SQLITE_CANTOPEN": (
            f"the folder “{path.parent}” may not be written to" if done == "saved" else "no access",
            "Save in another folder." if done == "saved" else "Check that you may read it.",
        ),
        "SQLITE_CORRUPT": ("it is damaged", "Open a recovery copy or a backup."),
        "SQLITE_NOTADB": ("it is damaged", "Open a recovery copy or a backup."),
        "SQLITE_TOOBIG": ("a value is too large", "Import the layer again with fewer columns."),
    }.get(
        "SQLITE_BUSY" if _code(error) in _BUSY else _code(error),
        (f"{error}", "Open a recovery copy or a backup."),
    )
    return ProjectFileError(f"“{path.name}” could not be {done}: {what}.", hint)
