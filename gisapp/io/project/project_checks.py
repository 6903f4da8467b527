"""Whether a file can be a project file, and what is the matter with it in plain words."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gisapp.errors import ProjectFileError
from gisapp.io.project import gpkg_schema, project_damage

SUFFIX = ".gpkg"

#: SQLite's names for a file that another program has open.
BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED")

_SQLITE_MAGIC = b"SQLite format 3\0"


def check_place(path: Path) -> None:
    _check_characters(path)
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


def _check_characters(path: Path) -> None:
    """GDAL and SQLite know a file by its name in UTF-8 alone."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        raise ProjectFileError(
            f"The path “{path}” holds bytes that are no characters.",
            "Rename the file or its folder.",
        ) from None


def check_file(path: Path) -> None:
    """Raise ProjectFileError unless this is a whole SQLite file."""
    _check_characters(path)
    if path.is_dir():
        raise ProjectFileError(f"“{path}” is a folder.", "Choose the project file in it.")
    if not path.exists():
        raise ProjectFileError(
            f"There is no file “{path}”.", "It may have been moved or renamed; open it from there."
        )
    if not path.is_file():
        raise ProjectFileError(f"“{path}” is a device or a pipe.", "Choose a project file.")
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


def check_contents(connection: sqlite3.Connection, path: Path) -> None:
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
    if not (version.isascii() and version.isdigit() and len(version) < 10):
        raise project_damage.damaged(gpkg_schema.PROJECT, "it does not say which format it has")
    if int(version) > gpkg_schema.FORMAT_VERSION:
        raise ProjectFileError(
            f"“{path.name}” was made by a newer version of gisapp (format {version}; this one "
            f"reads up to {gpkg_schema.FORMAT_VERSION}).",
            "Update gisapp to open it.",
        )
    missing = [name for name in gpkg_schema.tables_of(int(version)) if name not in tables]
    if missing:
        raise project_damage.damaged(missing[0], "it is missing")


# Explaining


def sqlite_code(error: sqlite3.Error) -> str:
    """SQLite's name of the error without its second half: SQLITE_IOERR for SQLITE_IOERR_WRITE."""
    return "_".join(getattr(error, "sqlite_errorname", "").split("_")[:2])


@contextmanager
def explained(path: Path, done: str) -> Iterator[None]:
    """Say in plain words what kept the file from being saved or opened."""
    try:
        yield
    except sqlite3.Error as error:
        raise _database_error(error, path, done) from error
    except UnicodeEncodeError as error:
        raise ProjectFileError(
            f"“{path.name}” could not be {done}: a text in it holds half a character "
            f"(“{ascii(error.object[max(error.start - 10, 0) : error.end])[1:-1]}”).",
            "Correct the name or the value that holds it.",
        ) from error
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
        "SQLITE_BUSY" if sqlite_code(error) in BUSY else sqlite_code(error),
        (f"{error}", "Open a recovery copy or a backup."),
    )
    return ProjectFileError(f"“{path.name}” could not be {done}: {what}.", hint)
