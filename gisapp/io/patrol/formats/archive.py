"""Zip files that are the same bytes whenever the same is put in."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime

#: A zip cannot say a time before this one, nor from 2108 on.
_FIRST = datetime(1980, 1, 1, tzinfo=UTC)
_LAST = datetime(2107, 12, 31, tzinfo=UTC)


def zipped(files: Mapping[str, bytes], stamp: datetime) -> bytes:
    """A zip of files in the order in which they come, all dated with one moment."""
    at = min(max(stamp, _FIRST), _LAST)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(
                name, (at.year, at.month, at.day, at.hour, at.minute, at.second)
            )
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED, compresslevel=6)
    return out.getvalue()
