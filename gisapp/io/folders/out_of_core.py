"""Counting the rows of a folder of GeoParquet, a batch at a time, in memory that stays small.

A batch becomes a layer, and is counted as every layer is (`analysis.counting`); what comes of
the batches adds up. Nothing depends on where one batch ends and the next begins.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gisapp.analysis import counting
from gisapp.analysis.counts import Counts
from gisapp.errors import DataError
from gisapp.io.folders import geoparquet, geoparquet_points, parquet_rows
from gisapp.io.folders.geoparquet import BATCH_ROWS, GeoFolder, Piece
from gisapp.io.folders.judging_project import for_judging
from gisapp.io.folders.parquet_rows import Batch, Reading
from gisapp.io.reading import places
from gisapp.io.reading.time_notes import TimesRead
from gisapp.layers.layer import Layer, Points, new_layer
from gisapp.layers.project import Project
from gisapp.progress import Progress

_WORKERS = 2


@dataclass(frozen=True, slots=True)
class Job:
    """How rows are counted; small enough to be sent to other machines.

    `project` is without what no row is judged by. `near` are its zones with their rings.
    """

    reading: Reading
    project: Project
    by: str | None = None
    ring_m: float | None = None
    day: date | None = None
    ignore_dates: bool = False
    near: tuple[BaseGeometry, ...] | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of rows. `first` and `last` are microseconds since 1970, of rows counted.

    `without_time` rows had none, and the times of `unreadable` ones say nothing; both are counted.
    `times` tells how those of the rows counted were read.
    """

    read: int
    counts: Counts
    reasons: Mapping[str, int] = field(default_factory=dict)
    groups: Mapping[str, Counts] = field(default_factory=dict)
    without_time: int = 0
    unreadable: int = 0
    first: int | None = None
    last: int | None = None
    times: TimesRead = field(default_factory=TimesRead)

    @property
    def rejected(self) -> int:
        return sum(self.reasons.values())

    def __add__(self, other: Tally) -> Tally:
        groups = dict(self.groups)
        for name, counts in other.groups.items():
            groups[name] = groups[name] + counts if name in groups else counts
        firsts = [one for one in (self.first, other.first) if one is not None]
        lasts = [one for one in (self.last, other.last) if one is not None]
        return Tally(
            read=self.read + other.read,
            counts=self.counts + other.counts,
            reasons=dict(Counter(self.reasons) + Counter(other.reasons)),
            groups=dict(sorted(groups.items())),
            without_time=self.without_time + other.without_time,
            unreadable=self.unreadable + other.unreadable,
            first=min(firsts, default=None),
            last=max(lasts, default=None),
            times=self.times + other.times,
        )


# What is to be done


def job(
    project: Project,
    as_read: Reading,
    *,
    by: str | None = None,
    ring_m: float | None = None,
    day: date | None = None,
    ignore_dates: bool = False,
) -> Job:
    """The work on each batch. DataError where rows cannot be split by `by`."""
    wanted = "time" if by == "month" else by
    if wanted is not None and wanted not in as_read.fields:
        known = as_read.time_to_name if wanted == "time" else None
        raise DataError(
            f"No column is known to hold “{wanted}”, so counts cannot be split by {by}.",
            f"Name it with --map {wanted}={known or 'COLUMN'}.",
        )
    bare = for_judging(project)
    near = tuple(counting.with_rings(counting.zones_of(bare), ring_m)) if ring_m else None
    return Job(as_read, bare, by, ring_m, day, ignore_dates, near)


def boxes(work: Job) -> NDArray[np.float64]:
    """West, south, east, north of all that rows are looked at for: the zones, or their rings."""
    shapes = work.near or tuple(zone.shape for zone in counting.zones_of(work.project))
    return shapely.bounds(np.array(shapes, dtype=object)).reshape(-1, 4)


def columns_of(work: Job) -> list[str]:
    """The columns that counting reads, that of the places first."""
    as_read, group = work.reading, group_column(work)
    wanted = [as_read.geometry, as_read.fields.get("time"), as_read.clock, group]
    return list(dict.fromkeys(name for name in wanted if name is not None))


def group_column(work: Job) -> str | None:
    """The column whose texts the counts are split by; None for months, and where they are not."""
    return work.reading.fields.get(work.by) if work.by in ("activity", "group") else None


# A batch


def tally(work: Job, rows: Batch) -> Tally:
    """Count one batch."""
    codes = np.zeros(len(rows), dtype=np.uint8)
    codes[~np.isfinite(rows.xy).all(axis=1)] = places.REASONS.index(places.NO_COORDINATES)
    if rows.far:
        known = codes == 0
        points = Points(rows.xy[known, 0], rows.xy[known, 1])
    else:
        points = places.put(rows.xy[:, 0], rows.xy[:, 1], work.reading.crs, codes)
    good = codes == 0
    layer = _layer(work, rows, points, good)
    placed = _placed(work, layer, rows.far)
    groups: dict[str, Counts] = {}
    if work.by is not None and len(layer):
        numbers, names = counting.grouped(layer, work.by)
        groups = {name: placed.counts(numbers == number) for number, name in enumerate(names)}
    stood = rows.time.stood[good]
    known_times = np.asarray(layer.table["time"].is_valid(), dtype=bool)
    first, last = _span(layer.table["time"])
    return Tally(
        read=len(rows),
        counts=placed.counts(),
        reasons=_reasons(codes),
        groups=groups,
        without_time=int((~stood).sum()),
        unreadable=int((stood & ~known_times).sum()),
        first=first,
        last=last,
        times=TimesRead.of(rows.time.ways[good]),
    )


def _layer(work: Job, rows: Batch, points: Points, good: NDArray[np.bool_]) -> Layer:
    columns = {"time": rows.time.values}
    if rows.groups is not None and work.by is not None:
        columns[work.by] = rows.groups
    table = pa.table(columns)
    if not good.all():
        table = table.filter(pa.array(good))
    # Without a column of times every time is unknown, which is what the nulls say.
    return new_layer("rows", work.reading.kind, table, points, {name: name for name in columns})


def _placed(work: Job, layer: Layer, far: bool) -> counting.Placed:
    if far or not len(layer):
        ids = tuple(zone.id for zone in counting.zones_of(work.project))
        none = np.zeros(0, dtype=np.int64)
        return counting.Placed(np.zeros(len(layer), dtype=np.uint8), ids, none, none)
    return counting.place_events(
        work.project,
        layer,
        ring_m=work.ring_m,
        day=work.day,
        ignore_dates=work.ignore_dates,
        near=work.near,
    )


def _reasons(codes: NDArray[np.uint8]) -> dict[str, int]:
    number = np.bincount(codes, minlength=len(places.REASONS)).tolist()
    return {
        reason: count
        for reason, count in zip(places.REASONS, number, strict=True)
        if reason and count
    }


def _span(time: pa.ChunkedArray) -> tuple[int | None, int | None]:
    ends = pc.min_max(time.cast(pa.timestamp("us")).cast(pa.int64())).as_py()
    return ends["min"], ends["max"]


def nothing(work: Job) -> Tally:
    """The tally of no rows at all, with every zone at nought."""
    none = Batch(
        np.zeros((0, 2)),
        geoparquet_points.no_times(0, work.reading.timezone),
        None,
        far=False,
    )
    return tally(replace(work, by=None), none)


# A folder on this machine


def counted(folder: GeoFolder, work: Job, progress: Progress | None = None) -> Tally:
    """Count all rows of a folder on this machine: a few batches in memory, two at a time.

    DataError naming the file that cannot be read; Cancelled, or whatever interrupts, ends it.
    """
    progress = progress or Progress()
    geoparquet.check_columns(folder, columns_of(work))
    total, done = nothing(work), 0
    pieces = _together(geoparquet.pieces(folder, boxes(work)))
    pool = ThreadPoolExecutor(_WORKERS)
    try:
        running = {pool.submit(_tallied, folder, work, one) for one in islice(pieces, _WORKERS)}
        while running:
            ready, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in ready:
                total += future.result()
                done += 1
            running -= ready
            running |= _more(pool, folder, work, islice(pieces, len(ready)))
            progress.report(total.read / max(folder.rows, 1), f"{total.read:,} rows counted")
    finally:
        pool.shutdown(cancel_futures=True)
    return total


def _more(
    pool: ThreadPoolExecutor, folder: GeoFolder, work: Job, groups: Iterable[list[Piece]]
) -> set[Future[Tally]]:
    return {pool.submit(_tallied, folder, work, group) for group in groups}


def _together(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Pieces of many small files, as many as make one batch; far ones by themselves."""
    group: list[Piece] = []
    for piece in pieces:
        rows = sum(one.rows for one in group)
        if group and (rows + piece.rows > BATCH_ROWS or group[0].far != piece.far):
            yield group
            group = []
        group.append(piece)
    if group:
        yield group


def _tallied(folder: GeoFolder, work: Job, pieces: list[Piece]) -> Tally:
    total: Tally | None = None
    held: list[Batch] = []
    for piece in pieces:
        columns = columns_of(work)
        if piece.far and folder.corners and folder.encoding == "WKB":
            # Where far rows lie is known well enough; whether they have a place is to be seen.
            columns[0] = folder.corners[0]
        for table in geoparquet.tables(piece, columns):
            rows = parquet_rows.batch(
                work.reading, table, piece.file.path.name, group_column(work), far=piece.far
            )
            if held and sum(map(len, held)) + len(rows) > BATCH_ROWS:
                one = tally(work, parquet_rows.joined(held))
                total, held = one if total is None else total + one, []
            held.append(rows)
    if held:
        one = tally(work, parquet_rows.joined(held))
        total = one if total is None else total + one
    return total or nothing(work)
