"""Zones for patrol systems: a dated, checked package, and what holds at a place and time.

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

import numpy as np
from numpy.typing import NDArray

from gisapp import __version__
from gisapp.errors import ExportError
from gisapp.io import patrol_files
from gisapp.io.patrol_zones import Outgoing, Refusal, clean, exportable, outgoing
from gisapp.io.safe_files import written
from gisapp.layers.agreement import Agreement, day_in_words
from gisapp.layers.moments import Moments
from gisapp.layers.overlap import Held, ruled
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import Activity, Polarity
from gisapp.layers.zone import Zone
from gisapp.progress import Progress

__all__ = [
    "Applies",
    "Holding",
    "Manifest",
    "PackedFile",
    "Refusal",
    "applies_at",
    "applies_to",
    "exportable",
    "unsure_at",
    "write_package",
]

#: Raised when receivers could not read a package as before.
PACKAGE_VERSION = 2

_MOST_REASONS = 20


# The package


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
    exported_at: datetime
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
            "exported_at": _utc(self.exported_at),
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
    exported_at: datetime,
    progress: Progress | None = None,
) -> Manifest:
    """Write the zones in force on a day as a zip, and return what it holds.

    `exported_at` must carry a time zone. The same project, day and time give the same bytes.
    Raises ExportError where no zone may go out, naming each reason, or where the file cannot be
    written; there is then no half package.
    """
    if exported_at.tzinfo is None:
        raise ValueError("exported_at needs a time zone")
    progress = progress or Progress()
    exported_at = exported_at.astimezone(UTC)
    zones, refusals = exportable(project, day)
    if not zones:
        raise _nothing_to_export(day, refusals)
    packed = tuple(
        outgoing(project, zone, day)
        for zone in progress.part(0, 0.5).track(zones, len(zones), "Checking zones")
    )
    progress.report(0.5, "Writing the package")
    contents = _contents(project, packed, day, exported_at)
    files = tuple(
        PackedFile(name, hashlib.sha256(data).hexdigest(), len(data))
        for name, data in contents.items()
    )
    title = clean(project.title)
    manifest = Manifest(day, exported_at, title, project.timezone, packed, files)
    text = json.dumps(manifest.as_json(), ensure_ascii=False, indent=1) + "\n"
    progress.report(0.9, "Writing the package")
    _write_zip({**contents, "manifest.json": text.encode()}, Path(path), exported_at)
    progress.report(1.0, "Written")
    return manifest


def _contents(
    project: Project, zones: Sequence[Outgoing], day: date, exported_at: datetime
) -> dict[str, bytes]:
    try:
        with tempfile.TemporaryDirectory(prefix="gisapp-") as folder:
            geopackage = Path(folder) / "zones.gpkg"
            patrol_files.write_geopackage(zones, geopackage, exported_at)
            gpkg = geopackage.read_bytes()
    except OSError as error:
        raise ExportError(
            f"The temporary folder cannot be used: {(error.strerror or str(error)).lower()}.",
            "Make room on its disk, and try again.",
        ) from error
    readme = patrol_files.readme(project, zones, day, exported_at)
    return {
        "README.txt": readme.encode(),
        "zones.geojson": patrol_files.geojson(zones).encode(),
        "zones.gpkg": gpkg,
        "zones.csv": patrol_files.csv_text(zones).encode(),
    }


def _write_zip(contents: dict[str, bytes], path: Path, exported_at: datetime) -> None:
    # Zip cannot say a time before 1980, and only each second second.
    at = max(exported_at, datetime(1980, 1, 1, tzinfo=UTC))
    stamp = (at.year, at.month, at.day, at.hour, at.minute, at.second)
    with written(path) as beside, zipfile.ZipFile(beside, "w") as package:
        for name, data in contents.items():
            entry = zipfile.ZipInfo(name, stamp)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            package.writestr(entry, data, zipfile.ZIP_DEFLATED, compresslevel=6)


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _nothing_to_export(day: date, refusals: Sequence[Refusal]) -> ExportError:
    message = f"No zone may go to patrol systems for {day_in_words(day)}"
    if not refusals:
        return ExportError(f"{message}: the project has no zones.", "Draw zones first.")
    listed = [f"“{refusal.name}”: {refusal.reason}" for refusal in refusals[:_MOST_REASONS]]
    if len(refusals) > _MOST_REASONS:
        listed.append(f"and {len(refusals) - _MOST_REASONS:,} more")
    return ExportError(f"{message}. {'. '.join(listed)}.", "Put this right, or choose another day.")


# What holds at a place and time


@dataclass(frozen=True, slots=True)
class Applies:
    """A zone that holds at a place and time, under a version of its agreement."""

    zone: Zone
    agreement: Agreement

    @property
    def zone_name(self) -> str:
        return self.zone.name

    @property
    def agreement_title(self) -> str:
        return self.agreement.title

    @property
    def suspended(self) -> tuple[Activity, ...]:
        """What officers do not do there; nothing in a zone of the opposite sign."""
        plain = self.zone.polarity is Polarity.NO_ENFORCEMENT
        return self.agreement.suspended if plain else ()

    def as_json(self) -> dict[str, object]:
        return {
            "zone_id": self.zone.id,
            "zone": self.zone.name,
            "polarity": self.zone.polarity.value,
            "agreement": self.agreement.title,
            "version": self.agreement.version,
            "suspended": [activity.value for activity in self.suspended],
            "exceptions": [exemption.value for exemption in self.agreement.exceptions],
            "persons": self.agreement.persons,
            "hours": self.agreement.hours_in_words(),
            "referral_contact": self.agreement.referral_contact,
        }


@dataclass(frozen=True, slots=True, eq=False)
class Holding:
    """A zone under a version of its agreement, and the rows (int64) at which it holds."""

    applies: Applies
    rows: NDArray[np.int64]


def applies_at(project: Project, lon: float, lat: float, at: datetime) -> tuple[Applies, ...]:
    """The zones that hold at a place in degrees and a moment with a time zone."""
    if at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    moment = np.array([at.astimezone(UTC).replace(tzinfo=None)], dtype="datetime64[us]")
    found = applies_to(project, np.array([lon]), np.array([lat]), moment)
    return tuple(holding.applies for holding in found)


def applies_to(
    project: Project,
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    at: NDArray[np.datetime64],
) -> tuple[Holding, ...]:
    """The zones that hold at many places, each at its own moment, in the order of the project.

    `at` is datetime64[us] in UTC; nothing holds where it is NaT. A zone that holds at none of
    the places is left out; so is one without agreement, for it holds never. Where zones overlap,
    those are left out that give way by a settlement or by the project's rule.
    """
    moments = Moments.of(at)
    by_lon = np.argsort(lon, kind="stable")
    ordered = lon[by_lon]
    found: list[Held] = []
    for zone in project.zones.values():
        if project.agreement_of(zone) is None:
            continue
        west, south, east, north = zone.shape.bounds
        first = np.searchsorted(ordered, west, side="left")
        last = np.searchsorted(ordered, east, side="right")
        rows = np.sort(by_lon[first:last])
        rows = rows[(lat[rows] >= south) & (lat[rows] <= north)]
        rows = rows[zone.covers(lon[rows], lat[rows])]
        if not len(rows):
            continue
        for version, holds in project.held_under(zone, moments.take(rows)):
            if holds.any():
                found.append(Held(zone, version, rows[holds]))
    return tuple(
        Holding(Applies(one.zone, one.agreement), one.places) for one in ruled(project, found)
    )


def unsure_at(
    project: Project, lon: float, lat: float, at: datetime
) -> tuple[tuple[Zone, str], ...]:
    """Zones at a place that do not hold at a moment only because their hours are not known.

    They follow a service, they are in force that day, and the text says why nobody knows when
    that is open.
    """
    moment = Moments.of(np.array([at.astimezone(UTC).replace(tzinfo=None)], dtype="datetime64[us]"))
    here = np.array([lon]), np.array([lat])
    found = []
    for zone in project.zones.values():
        why = project.hours_problem(zone)
        if not why or not zone.covers(*here)[0] or project.counts_at(zone, moment)[0]:
            continue
        local = at.astimezone(project.tzinfo).date()
        if project.version_on(zone, local) is not None:
            found.append((zone, why))
    return tuple(found)
