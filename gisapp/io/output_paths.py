"""One rule for all that is written: never over the project, over what is read, or over each other.

A path may be spelled in many ways, be a link, or be a second name of the same file (a hard link);
all of these are the same file here.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from gisapp.errors import ExportError

#: Files that are one map together: whoever is given one of them reads the others too.
_PARTS = (
    *(".shp", ".shx", ".dbf", ".prj", ".cpg", ".qix", ".sbn", ".sbx"),
    *(".tab", ".dat", ".map", ".id", ".ind", ".mif", ".mid"),
)
#: What SQLite keeps beside a database.
_BESIDE_DATABASE = ("-wal", "-journal", "-shm")


@dataclass(frozen=True, slots=True)
class Given:
    """A path, and what people call it: the option it was given with."""

    name: str
    path: Path


def check_apart(
    outputs: Sequence[Given], inputs: Sequence[Given], project: Path | None = None
) -> None:
    """Raise ExportError where an output is the project, an input, in a folder that is read, or
    another output. Nothing is written or made.
    """
    for number, output in enumerate(outputs):
        hint = f"Give {output.name} another name."
        if project is not None and _is_of_project(output.path, project):
            raise ExportError(
                f"{output.path} is the project itself, and nothing is written over it.", hint
            )
        if any(_holds(output.path, one.path) for one in inputs):
            raise ExportError(
                f"{output.path} holds a file that is read here, and it might be written over.",
                "Give another folder.",
            )
        if any(_is_read(output.path, one.path) for one in inputs):
            raise ExportError(f"{output.path} is read here, and nothing is written over it.", hint)
        for other in outputs[:number]:
            if _is_same(output.path, other.path):
                raise ExportError(
                    f"{other.name} and {output.name} are the same file, {output.path}.",
                    "Give them two names.",
                )


def _is_of_project(path: Path, project: Path) -> bool:
    beside = (project.with_name(project.name + ending) for ending in _BESIDE_DATABASE)
    return any(_is_same(path, one) for one in (project, *(beside if project.name else ())))


def _is_read(path: Path, source: Path) -> bool:
    """Whether a path is a file that is read with this source: it, a part of it, or a file in it."""
    if _is_same(path, source) or any(_is_same(path, part) for part in _parts(source)):
        return True
    mark = _mark(path)
    return mark is not None and any(mark == _mark(file) for file in _files_in(source))


def _holds(folder: Path, source: Path) -> bool:
    """Whether a path is a folder with this source in it, under whatever name."""
    mark = _mark(source)
    if mark is None or not folder.is_dir() or _mark(folder) == mark:
        return False
    try:
        return any(mark == _mark(one) for one in folder.iterdir())
    except OSError:  # whoever writes there will say why that cannot be
        return False


def _parts(source: Path) -> Iterator[Path]:
    if source.suffix.lower() in _PARTS:
        for ending in _PARTS:
            yield source.with_suffix(ending)
            yield source.with_suffix(ending.upper())


def _files_in(folder: Path) -> Iterator[Path]:
    for root, _, names in os.walk(folder):  # nothing for what is no folder
        yield from (Path(root, name) for name in names)


def _is_same(path: Path, other: Path) -> bool:
    marks = _mark(path), _mark(other)
    if marks == (None, None):
        # Neither is there yet: many disks would take names for one that differ only in case.
        return _spelled(path) == _spelled(other)
    return marks[0] == marks[1]


def _mark(path: Path) -> tuple[int, int] | None:
    """What a file has under all of its names; None for what is not there."""
    try:
        found = path.stat()
    except (OSError, ValueError):  # whoever opens it will say why that cannot be
        return None
    return found.st_dev, found.st_ino


def _spelled(path: Path) -> str:
    try:
        real = os.path.realpath(path)
    except (OSError, ValueError):
        real = str(path)
    return unicodedata.normalize("NFC", real).casefold()
