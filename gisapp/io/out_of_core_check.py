"""Which zones hold at each row of a folder of GeoParquet, written beside the row.

The rows are the user's own file, and stay in their order with all their columns; two are added.
What is written says in its metadata that it is for police analysts only.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from gisapp import __version__
from gisapp.analysis import what_applies
from gisapp.errors import DataError
from gisapp.io import geoparquet, geoparquet_points, parquet_rows, places
from gisapp.io.geoparquet import GeoFile, GeoFolder
from gisapp.io.parquet_rows import Reading
from gisapp.io.raw_table import unique_names
from gisapp.io.safe_files import written, written_folder
from gisapp.layers.audience import Audience, Sensitivity
from gisapp.layers.project import Project
from gisapp.layers.seen import seen_by
from gisapp.progress import Progress

#: Names of what is added to each row: the zones that hold there and then, and what they suspend.
ADDED = ("zones", "suspended")


@dataclass(frozen=True, slots=True)
class Checking:
    """How rows are checked: all at one moment (with its zone), or each at its own time.

    `names` are those of the zones that the reader may know of, by their ids.
    """

    reading: Reading
    project: Project
    at: datetime | None
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Checked:
    """Rows written, those in a zone in force, and those of which it cannot be told."""

    rows: int = 0
    inside: int = 0
    no_place: int = 0
    no_time: int = 0

    def __add__(self, other: Checked) -> Checked:
        return Checked(
            self.rows + other.rows,
            self.inside + other.inside,
            self.no_place + other.no_place,
            self.no_time + other.no_time,
        )


def checking(
    project: Project, reading: Reading, at: datetime | None, audience: Audience = Audience.POLICE
) -> Checking:
    """The work on each file that is written for an audience.

    DataError where rows have no time, and nobody says one.
    """
    if at is None and "time" not in reading.fields:
        raise DataError(
            "No column is known to hold the time of a row.",
            "Name it with --at-column, or give one moment for all rows with --at.",
        )
    bare = replace(project, layers=(), base_map=None, hotspots=(), views=())
    seen = seen_by(project, audience, exported=True).zones
    return Checking(reading, bare, at, {key: zone.name for key, zone in seen.items()})


def checked(
    folder: GeoFolder, work: Checking, out: Path, progress: Progress | None = None
) -> Checked:
    """Write a folder like the one given (a file for a file), whole or not at all.

    DataError naming a file that cannot be read, ExportError where nothing can be written.
    """
    progress = progress or Progress()
    total = Checked()
    with targets(folder, out) as pairs:
        for file, target in pairs:
            before = total.rows

            def report(rows: int, before: int = before) -> None:
                done = before + rows
                progress.report(done / max(folder.rows, 1), f"{done:,} rows checked")

            total += check_file((file, target), work, report)
    return total


@contextmanager
def targets(folder: GeoFolder, out: Path) -> Iterator[list[tuple[GeoFile, Path]]]:
    """Each file with the path at which to write what comes of it.

    All of it takes its place at `out` when nothing went wrong; otherwise nothing is left.
    """
    if folder.is_file:
        with written(out) as target:
            yield [(folder.files[0], target)]
        return
    if out.resolve().is_relative_to(folder.root.resolve()):
        raise DataError(
            f"{out} lies in the folder that is read.", "Write what comes of it beside that folder."
        )
    with written_folder(out) as beside:
        pairs = [(file, beside / file.path.relative_to(folder.root)) for file in folder.files]
        for _, target in pairs:
            target.parent.mkdir(parents=True, exist_ok=True)
        yield pairs


def check_file(
    pair: tuple[GeoFile, Path], work: Checking, report: Callable[[int], None] | None = None
) -> Checked:
    """Check one file and write it to its target; `report` is told the rows done so far."""
    file, target = pair
    with geoparquet.opened(file.path) as source:
        schema = source.schema_arrow
    added = unique_names([*schema.names, *ADDED])[-len(ADDED) :]
    wider = _wider(schema, added)
    names = [*schema.names, *(name for name, _ in file.named_by if name not in schema.names)]
    total = Checked()
    alone = GeoFolder(file.path, (file,), work.reading.geometry, "", "", None, schema)
    with pq.ParquetWriter(target, wider) as writer:
        for piece in geoparquet.pieces(alone):
            for table in geoparquet.tables(piece, names):
                found, one = _judged(table, work, file.path.name)
                kept = [*table.select(schema.names).columns, *found]
                writer.write_table(pa.table(kept, schema=wider))
                total += one
                if report is not None:
                    report(total.rows)
    return total


def _wider(schema: pa.Schema, added: list[str]) -> pa.Schema:
    note = {
        "sensitivity": Sensitivity.RESTRICTED.label.lower(),
        "note": "Rows one by one, for police analysts. Other readers get counts.",
        "written_by": f"gisapp {__version__}",
    }
    for name in added:
        schema = schema.append(pa.field(name, pa.string()))
    return schema.with_metadata({**(schema.metadata or {}), b"gisapp": json.dumps(note).encode()})


def _judged(
    table: pa.Table, work: Checking, file: str
) -> tuple[tuple[pa.Array, pa.Array], Checked]:
    """Names of zones and of what they suspend: empty where none holds, null where unknown."""
    reading = work.reading
    xy = geoparquet_points.coordinates(table[reading.geometry], reading.encoding, file)
    codes = np.zeros(len(xy), dtype=np.uint8)
    codes[~np.isfinite(xy).all(axis=1)] = places.REASONS.index(places.NO_COORDINATES)
    points = places.put(xy[:, 0], xy[:, 1], reading.crs, codes)
    at = _moments(table, work, file)
    placed = np.flatnonzero(codes == 0)
    holding = what_applies.applies_to(work.project, points.lon, points.lat, at[placed])
    unknown = (codes != 0) | np.isnat(at)
    zones = np.full(len(xy), "", dtype=object)
    suspended = np.full(len(xy), "", dtype=object)
    together: dict[int, list[what_applies.Applies]] = {}
    for one in holding:
        if one.applies.zone.id not in work.names:
            continue
        for row in placed[one.rows].tolist():
            together.setdefault(row, []).append(one.applies)
    for row, applies in together.items():
        zones[row] = "; ".join(work.names[one.zone.id] for one in applies)
        suspended[row] = "; ".join(sorted({act.value for one in applies for act in one.suspended}))
    said = Checked(len(xy), len(together), int((codes != 0).sum()), int(np.isnat(at).sum()))
    texts = (pa.array(column, pa.string(), mask=unknown) for column in (zones, suspended))
    return (next(texts), next(texts)), said


def _moments(table: pa.Table, work: Checking, file: str) -> NDArray[np.datetime64]:
    if work.at is not None:
        moment = np.datetime64(work.at.astimezone(UTC).replace(tzinfo=None), "us")
        return np.full(table.num_rows, moment)
    time, _ = parquet_rows.moments(work.reading, table, file)
    return np.asarray(time.cast(pa.timestamp("us")).to_numpy()).astype("datetime64[us]")
