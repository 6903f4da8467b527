"""What is in a folder: files with rows, others that are not read, and names that are values."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from gisapp.io.folders.geoparquet_path import SUFFIXES

_NO_VALUE = "__HIVE_DEFAULT_PARTITION__"
#: What systems leave in folders beside what begins with a dot or a line; it holds no rows.
_OF_SYSTEMS = ("thumbs.db", "desktop.ini")
_CHECKSUMS = (".crc",)


@dataclass(frozen=True, slots=True)
class FilesFound:
    """Paths in their order: files to read, others, and folders that are only linked."""

    to_read: tuple[Path, ...]
    others: tuple[Path, ...] = ()
    linked: tuple[Path, ...] = ()


def found_in(path: Path) -> FilesFound:
    """What is in a folder of any depth, or the file itself.

    Names that begin with `.` or `_` are of those who write (`_metadata`, `.part-0.crc`), and are
    passed over as everywhere. Linked folders are not entered: they may lead round.
    """
    if not path.is_dir():
        return FilesFound((path,))
    to_read, others, linked = [], [], []
    for one in sorted(path.rglob("*")):
        if any(part.startswith((".", "_")) for part in one.relative_to(path).parts):
            continue
        if one.is_dir():
            if one.is_symlink():
                linked.append(one)
        elif one.suffix.lower() in SUFFIXES and (one.is_file() or one.is_symlink()):
            # Links to nothing are among them, so that reading says that they cannot be read.
            to_read.append(one)
        elif one.name.lower() not in _OF_SYSTEMS and one.suffix.lower() not in _CHECKSUMS:
            others.append(one)
    return FilesFound(tuple(to_read), tuple(others), tuple(linked))


def named_by(file: Path, root: Path) -> tuple[tuple[str, str | None], ...]:
    """Names and values of the folders between the root and a file that are named `name=value`."""
    if file == root:
        return ()
    pairs = [part.partition("=") for part in file.relative_to(root).parts[:-1] if "=" in part]
    return tuple(
        (unquote(name), None if value == _NO_VALUE else unquote(value)) for name, _, value in pairs
    )
