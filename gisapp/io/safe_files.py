"""Files that are whole or not there: written beside their place and moved in one step."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from gisapp.errors import ExportError


@contextmanager
def written(path: Path) -> Iterator[Path]:
    """A path to write to; what is there takes the place of `path` if nothing goes wrong.

    Whatever goes wrong, `path` stays as it was and nothing is left beside it. An OSError (full
    disk, read-only folder, no such folder) becomes an ExportError that says so.
    """
    beside = path.with_name(f".{path.stem}-{uuid.uuid4().hex[:8]}{path.suffix}")
    try:
        yield beside
        beside.replace(path)
    except OSError as error:
        raise ExportError(
            f"{path} could not be written: {(error.strerror or str(error)).lower()}.",
            "Choose another folder, or make room on the disk.",
        ) from error
    finally:
        with suppress(OSError):  # where it could not be made there is nothing to remove
            beside.unlink(missing_ok=True)


def safe_cell(text: str) -> str:
    """Text for a cell that no spreadsheet takes for a formula (CWE-1236)."""
    return "'" + text if text.lstrip(" ")[:1] in ("=", "+", "-", "@", "\t", "\r") else text
