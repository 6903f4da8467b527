"""Zones for patrol systems: a dated, checked package.

Only zones in force on the day go out, and nothing else of a project: no stop, no overdose, no
draft, not even the name of one.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from gisapp import __version__
from gisapp.errors import ExportError
from gisapp.io.patrol.content import Content, Format
from gisapp.io.patrol.formats.table import FORMATS, USUAL
from gisapp.io.patrol.readme import readme
from gisapp.io.patrol.zones import Outgoing, Refusal, clean, exportable, outgoing
from gisapp.io.safe_files import written
from gisapp.layers.agreement import day_in_words
from gisapp.layers.project import Project
from gisapp.progress import Progress

#: Raised when receivers could not read a package as before.
PACKAGE_VERSION = 2

_MOST_REASONS = 20


@dataclass(frozen=True, slots=True)
class PackedFile:
    """A file of a package and what proves that it was not changed."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a package holds; in the package it is manifest.json."""

    day: date
    title: str
    timezone: str
    zones: tuple[Outgoing, ...]
    files: tuple[PackedFile, ...]

    @property
    def zone_count(self) -> int:
        return len(self.zones)

    def as_json(self) -> dict[str, object]:
        """The manifest as a JSON object; `valid` is the time in which all its zones hold."""
        starts = [zone.attributes["valid_from"] for zone in self.zones]
        ends = [zone.attributes["valid_to"] for zone in self.zones]
        kept = ("zone_id", "name", "agreement", "version", "valid_from", "valid_to", "timezone")
        return {
            "package": "zones for patrol systems",
            "package_version": PACKAGE_VERSION,
            "exporter": f"gisapp {__version__}",
            "project": self.title,
            "day": self.day.isoformat(),
            "timezone": self.timezone,
            "crs": "EPSG:4326, longitude first",
            "purpose": "Areas of agreed non-enforcement. Not a 9-1-1 routing boundary.",
            "valid": {
                "from": str(max(start for start in starts if isinstance(start, date))),
                "to": str(min((end for end in ends if isinstance(end, date)), default="")) or None,
            },
            "zones": [
                {
                    key: value.isoformat() if isinstance(value, date) else value
                    for key, value in zone.attributes.items()
                    if key in kept
                }
                for zone in self.zones
            ],
            "files": {
                file.name: {"sha256": file.sha256, "bytes": file.size} for file in self.files
            },
        }


def write_package(
    project: Project,
    day: date,
    path: Path,
    *,
    formats: Sequence[str] = USUAL,
    progress: Progress | None = None,
) -> Manifest:
    """Write the zones in force on a day as a zip, and return what it holds.

    `formats` are names of the table of formats. The same project, day and formats give the same
    bytes. Raises ExportError where no zone may go out, naming each reason, for a format that
    there is not, or where the file cannot be written; there is then no half package.
    """
    progress = progress or Progress()
    chosen = _chosen(formats)
    zones, refusals = exportable(project, day)
    if not zones:
        raise _nothing_to_export(day, refusals)
    packed = tuple(
        outgoing(project, zone, day)
        for zone in progress.part(0, 0.5).track(zones, len(zones), "Checking zones")
    )
    content = Content(clean(project.title), project.timezone, day, packed)
    contents = _contents(content, chosen, progress.part(0.5, 0.9))
    files = tuple(
        PackedFile(name, hashlib.sha256(data).hexdigest(), len(data))
        for name, data in contents.items()
    )
    manifest = Manifest(day, content.title, project.timezone, packed, files)
    text = json.dumps(manifest.as_json(), ensure_ascii=False, indent=1) + "\n"
    progress.report(0.9, "Writing the package")
    _write_zip({**contents, "manifest.json": text.encode()}, Path(path), content.stamp)
    progress.report(1.0, "Written")
    return manifest


def _chosen(names: Sequence[str]) -> tuple[Format, ...]:
    known = {one.name: one for one in FORMATS}
    for name in names:
        if name not in known:
            raise ExportError(f"There is no format “{name}”.", f"Formats: {', '.join(known)}.")
    return tuple(one for one in FORMATS if one.name in names)


def _contents(content: Content, formats: Sequence[Format], progress: Progress) -> dict[str, bytes]:
    contents = {"README.txt": readme(content).encode()}
    try:
        for one in progress.track(formats, len(formats), "Writing the package"):
            with tempfile.TemporaryDirectory(prefix="gisapp-") as folder:
                contents |= one.write(content, Path(folder))
    except OSError as error:
        raise ExportError(
            f"The temporary folder cannot be used: {(error.strerror or str(error)).lower()}.",
            "Make room on its disk, and try again.",
        ) from error
    return contents


def _write_zip(contents: dict[str, bytes], path: Path, stamp: datetime) -> None:
    # Zip cannot say a time before 1980, and only each second second.
    at = max(stamp, datetime(1980, 1, 1, tzinfo=UTC))
    dated = (at.year, at.month, at.day, at.hour, at.minute, at.second)
    with written(path) as beside, zipfile.ZipFile(beside, "w") as package:
        for name, data in contents.items():
            entry = zipfile.ZipInfo(name, dated)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            package.writestr(entry, data, zipfile.ZIP_DEFLATED, compresslevel=6)


def _nothing_to_export(day: date, refusals: Sequence[Refusal]) -> ExportError:
    message = f"No zone may go to patrol systems for {day_in_words(day)}"
    if not refusals:
        return ExportError(f"{message}: the project has no zones.", "Draw zones first.")
    listed = [f"“{refusal.name}”: {refusal.reason}" for refusal in refusals[:_MOST_REASONS]]
    if len(refusals) > _MOST_REASONS:
        listed.append(f"and {len(refusals) - _MOST_REASONS:,} more")
    return ExportError(f"{message}. {'. '.join(listed)}.", "Put this right, or choose another day.")
