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
import threading
import uuid
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from weakref import WeakKeyDictionary

from gisapp.errors import ProjectFileError
from gisapp.io.project import (
    gpkg_rows,
    gpkg_schema,
    project_cache,
    project_damage,
    project_read,
    project_record,
    project_write,
)
from gisapp.io.project.gpkg_rows import Elsewhere
from gisapp.io.project.project_checks import (
    BUSY,
    SUFFIX,
    check_contents,
    check_file,
    check_place,
    explained,
    sqlite_code,
)
from gisapp.layers.export_log import Export, ExportLog
from gisapp.layers.project import Project
from gisapp.progress import Progress

__all__ = [
    "SUFFIX",
    "add_exports",
    "copy",
    "holds",
    "load",
    "rows_to_leave",
    "save",
    "write_cache",
    "written_at",
]

#: How long to wait for another program that has the file open, in seconds.
BUSY_SECONDS = 1.0

#: Which state of which file a project stands for: what makes writing only the difference safe.
#: A project that is not in here, or a file that was changed since, is written whole.
_states: WeakKeyDictionary[Project, dict[Path, str]] = WeakKeyDictionary()

#: One thread at a time works on a file: SQLite loses its locks on a file, by the rules of POSIX,
#: as soon as anything else in the program closes the same file.
_busy_files: dict[Path, threading.RLock] = {}


def save(
    project: Project,
    path: Path,
    saved: Project | None = None,
    progress: Progress | None = None,
    elsewhere: Elsewhere | None = None,
) -> None:
    """Write the project to `path`.

    `saved` is the project that the file holds; if it does, only what differs from it is
    written, in one transaction. Else the file is replaced by a new one. A recovery copy leaves
    rows of large layers `elsewhere`. Raises ProjectFileError, or Cancelled; the file is then as
    it was.
    """
    progress = progress or Progress()
    path = Path(path).resolve()
    check_place(path)
    what = _Saving(project, saved, elsewhere, progress)
    with _alone(path), explained(path, "saved"):
        if saved is None or not _holds(path, saved) or not _update(path, what):
            _write_new(path, what)
        project_cache.tidy(path, _rows_in(path))
    progress.report(1.0, "Saved")


def add_exports(path: Path, lines: Sequence[Export]) -> None:
    """Add lines to the export log in a project file, whatever else others wrote there meanwhile.

    Its log stays one chain. Nothing else of the file changes: who has the project open may save
    it as before. Raises ProjectFileError.
    """
    path = Path(path).resolve()
    with _alone(path), explained(path, "saved"):
        check_file(path)
        with closing(_connect(path)) as connection:
            check_contents(connection, path)
            with _changing(connection):
                gpkg_schema.bring_up_to_date(connection)
                project_record.add_exports(connection, lines)


def load(path: Path, progress: Progress | None = None) -> Project:
    """The project in a file. Raises ProjectFileError that says what is the matter with it."""
    progress = progress or Progress()
    path = Path(path).resolve()
    with explained(path, "opened"), _reading(path) as connection:
        state = _fingerprint(connection)
        project = project_read.read(connection, path, _reading, progress)
    _remember(project, path, state)
    return project


def timezone_of(path: Path) -> str:
    """The time zone of the project in a file, found at once. Raises ProjectFileError as `load`."""
    path = Path(path).resolve()
    with explained(path, "opened"), _reading(path) as connection:
        return project_read.read_timezone(connection)


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A project file as it is at one moment, for nobody else in this program meanwhile."""
    with _alone(path):
        check_file(path)
        with closing(_connect(path)) as connection:
            check_contents(connection, path)
            connection.execute("BEGIN")
            yield connection


def rows_to_leave(path: Path, saved: Project | None) -> Elsewhere:
    """What a recovery copy beside a project file can leave in it.

    `saved` is what the file should hold; if it does, the rows of its large layers can stay there.
    """
    path = Path(path).resolve()
    with _alone(path), explained(path, "opened"):
        names = {}
        if path.is_file():
            with closing(_connect(path)) as connection:
                names = gpkg_rows.all_names(connection)
        held = saved.layers if saved is not None and _holds(path, saved) else ()
    return Elsewhere(path.name, names, {layer.id: layer for layer in held})


def write_cache(project: Project, path: Path, progress: Progress | None = None) -> bool:
    """Keep the large layers of a project beside its file, so that it opens at once.

    Returns whether they are kept: not where the file holds another project, and not where the
    folder may not be written to. Raises Cancelled.
    """
    path = Path(path).resolve()
    if not any(map(gpkg_rows.has_many, project.layers)):
        return True
    with _alone(path), explained(path, "opened"):
        if not _holds(path, project):
            return False
        with closing(_connect(path)) as connection:
            layers = project_cache.wanted(connection, project)
    return project_cache.write(path, layers, progress)


def _rows_in(path: Path) -> Collection[str]:
    with closing(_connect(path)) as connection:
        return gpkg_rows.all_names(connection).values()


def holds(path: Path, project: Project) -> bool:
    """Whether the file at `path` still is as it was when this project was saved or loaded.

    False too when another program changed it since, or when the project never was there.
    """
    path = Path(path).resolve()
    with _alone(path), explained(path, "opened"):
        return _holds(path, project)


def _holds(path: Path, project: Project) -> bool:
    known = _states.get(project, {}).get(path)
    if known is None or not path.is_file():
        return False
    try:
        with closing(_connect(path)) as connection:
            return _fingerprint(connection) == known
    except sqlite3.DatabaseError as error:
        if sqlite_code(error) in BUSY:
            raise
        return False


def copy(path: Path, project: Project, target: Path) -> bool:
    """Copy the file at `path`, if it still holds this project, and know the copy as the same.

    Returns whether it was copied. `target` is whole or as it was. Raises ProjectFileError.
    """
    path, target = Path(path).resolve(), Path(target).resolve()
    with _alone(path), explained(target, "saved"):
        if not _holds(path, project):
            return False
        beside = target.with_name(f".gisapp-{uuid.uuid4().hex[:12]}{SUFFIX}")
        try:
            with closing(_connect(path)) as connection:
                # Other programs can read meanwhile, and write when the copy is made.
                connection.execute("BEGIN")
                connection.execute("SELECT count(*) FROM gisapp_project").fetchone()
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
    with _alone(path), explained(path, "opened"):
        check_file(path)
        with closing(_connect(path)) as connection:
            check_contents(connection, path)
            query = "SELECT value FROM gisapp_project WHERE key = 'written_at'"
            row = connection.execute(query).fetchone()
    try:
        return datetime.fromisoformat(row[0])
    except (TypeError, ValueError) as error:
        raise project_damage.damaged(gpkg_schema.PROJECT, "it does not say when") from error


def _alone(path: Path) -> threading.RLock:
    """What keeps other threads of this program from the same file."""
    return _busy_files.setdefault(path, threading.RLock())


def _remember(project: Project, path: Path, state: str) -> None:
    _states.setdefault(project, {})[path] = state


# Writing


@dataclass(frozen=True, slots=True)
class _Saving:
    """What is to be saved, what the file holds, and what stays in another file."""

    project: Project
    saved: Project | None
    elsewhere: Elsewhere | None
    progress: Progress


def _update(path: Path, what: _Saving) -> bool:
    """Write the difference; False where a new file serves better because this is half empty."""
    if what.project is what.saved:
        return True
    with closing(_connect(path)) as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        if connection.execute("PRAGMA freelist_count").fetchone()[0] * 2 > pages:
            return False
        # What was removed leaves nothing behind in the free pages of a file that is passed on.
        connection.execute("PRAGMA secure_delete = ON")
        state = _transaction(connection, what)
    _remember(what.project, path, state)
    return True


def _write_new(path: Path, what: _Saving) -> None:
    """Write a file beside `path`, bring it to the disk, and put it in its place."""
    beside = path.with_name(f".gisapp-{uuid.uuid4().hex[:12]}{SUFFIX}")
    try:
        with closing(_connect(beside, new=True)) as connection:
            # Nobody sees this file before it is whole: no journal, one sync at the end.
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("PRAGMA synchronous = OFF")
            logged = replace(what.project, exports=_log_in(path, what.project))
            state = _transaction(connection, replace(what, project=logged, saved=None))
        if path.exists():
            _take_over(path)
            shutil.copymode(path, beside)
        _put_in_place(beside, path)
    finally:
        beside.unlink(missing_ok=True)
    _remember(what.project, path, state)


def _log_in(path: Path, project: Project) -> ExportLog:
    """The log of exports for a file that takes the place of another.

    If that is of the same project, the lines that others wrote there stay.
    """
    if not path.is_file():
        return project.exports
    try:
        with closing(_connect(path)) as connection:
            query = "SELECT value FROM gisapp_project WHERE key = 'id'"
            if connection.execute(query).fetchone() != (project.id,):
                return project.exports
            return project_record.exports_of(connection).joined(project.exports)
    except (sqlite3.DatabaseError, ProjectFileError) as error:
        if isinstance(error, sqlite3.DatabaseError) and sqlite_code(error) in BUSY:
            raise
        # What stands there is no sound project file: it has no log to keep.
        return project.exports


def _transaction(connection: sqlite3.Connection, what: _Saving) -> str:
    with _changing(connection):
        project_write.write(
            connection, what.project, what.saved, uuid.uuid4().hex, what.progress, what.elsewhere
        )
        return _fingerprint(connection)


@contextmanager
def _changing(connection: sqlite3.Connection) -> Iterator[None]:
    """All that is written meanwhile is in the file, or nothing of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # A full disk may have rolled back already; the file is as it was either way.
        with suppress(sqlite3.OperationalError):
            connection.execute("ROLLBACK")
        raise


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
        if sqlite_code(error) not in ("SQLITE_NOTADB", "SQLITE_CORRUPT"):
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

    The state's own name, the times at which tables changed (GDAL and QGIS renew them), the
    tables and indexes there are (QGIS may add some), and the names of the rows of large layers.
    """
    rows = [
        connection.execute("SELECT value FROM gisapp_project WHERE key = 'state'").fetchall(),
        connection.execute(
            "SELECT table_name, identifier, last_change FROM gpkg_contents ORDER BY table_name"
        ).fetchall(),
        connection.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY name").fetchall(),
        sorted(gpkg_rows.all_names(connection).items()),
    ]
    return hashlib.sha256(repr(rows).encode("utf-8", "surrogatepass")).hexdigest()
