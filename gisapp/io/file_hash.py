"""Knowing a file again by its content."""

from __future__ import annotations

import hashlib
from pathlib import Path

from gisapp.errors import DataError
from gisapp.progress import Progress

_PIECE = 1 << 20


def sha256_of(path: Path, progress: Progress | None = None) -> str:
    """The SHA-256 of a file's bytes as 64 hexadecimal digits.

    DataError where the file cannot be read; Cancelled where `progress` was stopped.
    """
    progress = progress or Progress()
    digest = hashlib.sha256()
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            done = 0
            while piece := file.read(_PIECE):
                digest.update(piece)
                done += len(piece)
                progress.report(min(done / max(size, 1), 1.0))
    except OSError as error:
        raise DataError(
            f"{path.name} cannot be read: {error.strerror or error}.", "Choose another file."
        ) from error
    return digest.hexdigest()
