"""What applies at each row of a folder of GeoParquet, written beside the row.

The rows are the user's own file, and stay in their order with all their columns; those of
`checked_columns` are added, with the words that a check of any file has. For others than police
only the place and an id stay, and the moment is added. What is written says in its metadata whom
it is for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from gisapp import __version__
from gisapp.analysis.look_ups.checked_rows import CheckedRows, checked_rows
from gisapp.analysis.look_ups.help_near_many import NearestMany
from gisapp.errors import DataError
from gisapp.io.checked_columns import FIELDS, CheckedColumns, rows_are_for
from gisapp.io.folders import geoparquet, geoparquet_points, parquet_rows
from gisapp.io.folders.geoparquet import GeoFile, GeoFolder
from gisapp.io.folders.judging_project import for_judging
from gisapp.io.folders.parquet_rows import Reading
from gisapp.io.folders.rows_for_others import without_others
from gisapp.io.reading import places
from gisapp.io.reading.raw_table import unique_names
from gisapp.io.reading.time_notes import TimesRead
from gisapp.io.safe_files import written, written_folder
from gisapp.layers.audience import Audience, Sensitivity
from gisapp.layers.project import Project
from gisapp.progress import Progress

#: So many rows are put in words and written at a time; all of a batch would take gigabytes.
_SLICE = 100_000
#: The moment that a row was judged at; null where nobody knows.
_AT = pa.field("at", pa.timestamp("us", "UTC"))


@dataclass(frozen=True, slots=True)
class Checking:
    """How rows are checked for an audience: all at one moment (with its zone), or each at its own.

    `project` is without what no row is judged by. `ids` is the column with the rows' own numbers,
    where somebody named it.
    """

    reading: Reading
    project: Project
    at: datetime | None
    audience: Audience
    ids: str | None = None

    @property
    def is_for_others(self) -> bool:
        """Whether it is for others than police, who get no other column of a file."""
        return self.audience is not Audience.POLICE


@dataclass(frozen=True, slots=True)
class Checked:
    """Rows written, those in a zone in force, and those of which it cannot be told.

    `crossing` are names of zones that hold at some row though their outline crosses itself.
    `times` tells how the times of rows with a place were read, where each is judged at its own.
    """

    rows: int = 0
    inside: int = 0
    no_place: int = 0
    no_time: int = 0
    crossing: frozenset[str] = frozenset()
    times: TimesRead = field(default_factory=TimesRead)

    def __add__(self, other: Checked) -> Checked:
        return Checked(
            self.rows + other.rows,
            self.inside + other.inside,
            self.no_place + other.no_place,
            self.no_time + other.no_time,
            self.crossing | other.crossing,
            self.times + other.times,
        )


def checking(
    project: Project,
    reading: Reading,
    at: datetime | None,
    audience: Audience = Audience.POLICE,
    ids: str | None = None,
) -> Checking:
    """The work on each file that is written for an audience.

    DataError where rows have no time, and nobody says one.
    """
    if at is None and "time" not in reading.fields:
        column, of_folders = reading.time_to_name, reading.time_of_folders is not None
        named = f"--at-column {column}" if column else "--at-column"
        named += " (the names of folders)" if of_folders else ""
        raise DataError(
            "No column is known to hold the time of a row.",
            f"Name it with {named}, or give one moment for all rows with --at.",
        )
    return Checking(reading, for_judging(project), at, audience, ids)


def checked(
    folder: GeoFolder, work: Checking, out: Path, progress: Progress | None = None
) -> Checked:
    """Write a folder like the one given (a file for a file), whole or not at all.

    DataError naming a file that cannot be read, ExportError where nothing can be written.
    """
    progress = progress or Progress()
    total = Checked()
    with targets(folder, out, work) as pairs:
        for file, target in pairs:
            before = total.rows

            def report(rows: int, before: int = before) -> None:
                done = before + rows
                progress.report(done / max(folder.rows, 1), f"{done:,} rows checked")

            total += check_file((file, target), work, report)
    return total


@contextmanager
def targets(folder: GeoFolder, out: Path, work: Checking) -> Iterator[list[tuple[GeoFile, Path]]]:
    """Each file with the path at which to write what comes of it.

    All of it takes its place at `out` when nothing went wrong; otherwise nothing is left. For
    others than police files are numbered: a name may be that of a person too. DataError naming a
    file that lacks a column that is needed.
    """
    geoparquet.check_columns(folder, list(_needed(work)))
    if folder.is_file:
        with written(out) as target:
            yield [(folder.files[0], target)]
        return
    if out.resolve().is_relative_to(folder.root.resolve()):
        raise DataError(
            f"{out} lies in the folder that is read.", "Write what comes of it beside that folder."
        )
    with written_folder(out) as beside:
        names = [file.path.relative_to(folder.root) for file in folder.files]
        if work.is_for_others:
            names = [Path(f"{number:06}.parquet") for number in range(1, len(names) + 1)]
        pairs = [(file, beside / name) for file, name in zip(folder.files, names, strict=True)]
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
    own = without_others(schema, work.ids) if work.is_for_others else schema
    wider = _wider(own, work.audience)
    named_by = (name for name, _ in file.named_by)
    # What rows are judged by must be in each file; where it is not, reading says so.
    names = list(dict.fromkeys([*schema.names, *named_by, *_needed(work)]))
    total = Checked()
    alone = GeoFolder(file.path, (file,), work.reading.geometry, "", "", None, schema)
    with pq.ParquetWriter(target, wider) as writer:
        for piece in geoparquet.pieces(alone):
            for table in geoparquet.tables(piece, names):
                found, at, known, one = _judged(table, work, file.path.name)
                columns = CheckedColumns(found)
                for start in range(0, len(known), _SLICE):
                    rows = slice(start, start + _SLICE)
                    kept = table.select(own.names).slice(start, _SLICE).columns
                    if work.is_for_others:
                        kept.append(pa.array(at[rows], _AT.type))
                    told = columns.of(rows, known[rows]).values()
                    writer.write_table(pa.table([*kept, *told], schema=wider))
                total += one
                if report is not None:
                    report(total.rows)
    return total


def _needed(work: Checking) -> Iterator[str]:
    """The columns that the moment of a row is read from, and that of ids which goes to others."""
    if work.at is None:
        yield work.reading.fields["time"]
        if work.reading.clock is not None:
            yield work.reading.clock
    if work.is_for_others and work.ids is not None:
        yield work.ids


def _wider(schema: pa.Schema, audience: Audience) -> pa.Schema:
    """The schema with what is added; what has the name of a column that is there gets another."""
    note = {
        "sensitivity": Sensitivity.RESTRICTED.label.lower(),
        "note": rows_are_for(audience),
        "written_by": f"gisapp {__version__}",
    }
    fields = FIELDS if audience is Audience.POLICE else (_AT, *FIELDS)
    names = [one.name for one in fields]
    added = unique_names([*schema.names, *names])[-len(names) :]
    for name, one in zip(added, fields, strict=True):
        schema = schema.append(one.with_name(name))
    return schema.with_metadata({**(schema.metadata or {}), b"gisapp": json.dumps(note).encode()})


def _judged(
    table: pa.Table, work: Checking, file: str
) -> tuple[CheckedRows, NDArray[np.datetime64], NDArray[np.bool_], Checked]:
    """What applies at each row, when, and whether (bool) that is known: place and time are there.

    Also how many rows were what.
    """
    reading = work.reading
    xy = geoparquet_points.coordinates(table[reading.geometry], reading.encoding, file)
    codes = np.zeros(len(xy), dtype=np.uint8)
    codes[~np.isfinite(xy).all(axis=1)] = places.REASONS.index(places.NO_COORDINATES)
    points = places.put(xy[:, 0], xy[:, 1], reading.crs, codes)
    at, ways = _moments(table, work, file)
    placed = np.flatnonzero(codes == 0)
    found = checked_rows(
        work.project, points.lon, points.lat, at[placed], audience=work.audience, exported=True
    )
    known = (codes == 0) & ~np.isnat(at)
    said = Checked(
        len(xy),
        found.inside,
        int((codes != 0).sum()),
        int(np.isnat(at).sum()),
        frozenset(found.crossing),
        TimesRead.of(ways[placed]),
    )
    return _among_all(found, placed, len(xy)), at, known, said


def _among_all(found: CheckedRows, placed: NDArray[np.int64], rows: int) -> CheckedRows:
    """What was found at the rows with a place, among all of them; nothing at the others."""
    if len(placed) == rows:
        return found
    near = found.nearest
    which, nearest = np.zeros(rows, dtype=np.int64), np.full(rows, -1, dtype=np.int64)
    metres, unsure = np.full(rows, np.nan), np.zeros(rows, dtype=bool)
    which[placed], nearest[placed] = found.which, near.which
    metres[placed], unsure[placed] = near.distance_m, near.unsure
    return CheckedRows(found.sets, which, NearestMany(near.services, nearest, metres, unsure))


def _moments(
    table: pa.Table, work: Checking, file: str
) -> tuple[NDArray[np.datetime64], NDArray[np.uint8]]:
    """The moment at which each row is judged, and what its own time is where that is it."""
    if work.at is not None:
        moment = np.datetime64(work.at.astimezone(UTC).replace(tzinfo=None), "us")
        return np.full(table.num_rows, moment), np.zeros(table.num_rows, dtype=np.uint8)
    time = parquet_rows.moments(work.reading, table, file)
    at = np.asarray(time.values.cast(pa.timestamp("us")).to_numpy()).astype("datetime64[us]")
    return at, time.ways
