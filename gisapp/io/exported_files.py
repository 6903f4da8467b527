"""What the export log says of a file that was written for others."""

from __future__ import annotations

import getpass
from datetime import datetime
from pathlib import Path

from gisapp.io.file_hash import sha256_of
from gisapp.io.safe_files import as_characters
from gisapp.layers.export_log import Export
from gisapp.progress import Progress


def line_for(
    path: Path,
    what: str,
    *,
    at: datetime,
    audience: str,
    recipient: str = "",
    note: str = "",
    progress: Progress | None = None,
) -> Export:
    """The line for a file as it is on disk; DataError where it cannot be read.

    The log tells the name of the file without its folder: folders name people and machines.
    """
    return Export(
        at=at,
        who=login_name(),
        what=what,
        file=as_characters(path.name),
        sha256=sha256_of(path, progress),
        audience=audience,
        recipient=recipient,
        note=note,
    )


def login_name() -> str:
    """The name under which somebody is logged in; "unknown" where the system tells none."""
    try:
        return as_characters(getpass.getuser())
    except (OSError, KeyError, ImportError):
        return "unknown"
