"""Rows of GeoParquet as this program reads them: which columns, and a batch of their values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from gisapp.errors import DataError
from gisapp.io.folders import geoparquet, geoparquet_points
from gisapp.io.folders.geoparquet import GeoFolder
from gisapp.io.folders.geoparquet_points import RowTimes
from gisapp.io.reading import columns as guesses
from gisapp.io.reading import personal, times
from gisapp.layers.layer import FIELDS
from gisapp.layers.vocabulary import LayerKind


@dataclass(frozen=True, slots=True)
class Reading:
    """Which columns of a folder hold what, and in which zone times without one are meant.

    Where no column is known to hold the time of rows, `timestamps` are those that could.
    `time_of_folders` is a name of folders (`month`) whose values are times, and there is no such
    column. They are the time of rows for those alone who say so: `fields` then has it. By
    themselves they would put all rows of a month at the midnight of its first day.
    """

    kind: LayerKind
    geometry: str
    encoding: str
    crs: str
    timezone: str
    fields: Mapping[str, str] = field(default_factory=dict)
    clock: str | None = None
    time_of_folders: str | None = None
    timestamps: tuple[str, ...] = ()

    @property
    def time_to_name(self) -> str | None:
        """The column to name as the time of rows, where none is known to hold it."""
        return next(iter(self.timestamps), self.time_of_folders)


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Rows as read: coordinates in the folder's system (rows, 2), times, texts to group by.

    Of `far` rows only x is known.
    """

    xy: NDArray[np.float64]
    time: RowTimes
    groups: pa.ChunkedArray | None
    far: bool

    def __len__(self) -> int:
        return len(self.xy)


def reading(
    folder: GeoFolder,
    kind: LayerKind,
    timezone: str,
    columns: Mapping[str, str] | None = None,
) -> Reading:
    """Columns by their names as in an import, but for those that are told (field to column).

    Names of folders are no times unless told. DataError for a field that the kind has not, a
    column that is not there, or an unknown zone.
    """
    times.check_timezone(timezone)
    known = {one.name for one in FIELDS[kind]}
    for name, column in (columns or {}).items():
        if name not in known:
            raise DataError(
                f"{kind.label} have no field “{name}”.", f"Fields: {', '.join(sorted(known))}."
            )
        if column not in folder.column_names:
            if any(column in dict(file.types) for file in folder.files):
                geoparquet.check_columns(folder, [column])
            raise DataError(
                f"There is no column “{column}”.", f"Columns: {', '.join(folder.column_names)}."
            )
    sample = _plain(geoparquet.sample(folder))
    private = [
        name
        for name in sample.column_names
        if personal.points_at_person(name, kind)
        or personal.holds_persons(times.as_text(sample[name]), kind)
    ]
    found, clock = guesses.fields(sample, kind, private, folder.named_by)
    if columns and "time" in columns:
        clock = None
    fields = {**found, **(columns or {})}
    stamps = () if "time" in fields else _timestamps(sample, (*private, *folder.named_by))
    return Reading(
        kind,
        folder.geometry,
        folder.encoding,
        folder.crs,
        timezone,
        fields,
        clock,
        None if stamps else _time_of_folders(folder, kind, fields.get("time")),
        stamps,
    )


def _timestamps(sample: pa.Table, taken: Sequence[str]) -> tuple[str, ...]:
    return tuple(
        one.name
        for one in sample.schema
        if pa.types.is_timestamp(one.type) and one.name not in taken
    )


def _time_of_folders(folder: GeoFolder, kind: LayerKind, time: str | None) -> str | None:
    """The name of folders that is the time of rows, or could be where no column is."""
    if time is not None:
        return time if time in folder.named_by else None
    values = [dict(file.named_by) for file in folder.files]
    named = {
        name: pa.chunked_array([[one[name] for one in values]], pa.string())
        for name in folder.named_by
    }
    return guesses.fields(pa.table(named), kind, ())[0].get("time")


def _plain(sample: pa.Table) -> pa.Table:
    """The columns that can be texts, none of them encoded."""
    kept = {}
    for name in sample.column_names:
        column = sample[name]
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        if pa.types.is_large_string(column.type) or pa.types.is_string_view(column.type):
            column = column.cast(pa.string())
        if not (pa.types.is_nested(column.type) or pa.types.is_binary(column.type)):
            kept[name] = column
    return pa.table(kept)


def batch(
    as_read: Reading,
    table: pa.Table,
    file: str,
    group: str | None = None,
    *,
    far: bool = False,
) -> Batch:
    """A table as read, with the column `group` as texts.

    Of `far` rows the table may hold the west of each in the first of its columns, and no place.
    """
    if as_read.geometry in table.column_names:
        xy = geoparquet_points.coordinates(table[as_read.geometry], as_read.encoding, file)
    else:
        x = _innermost(table.column(0)).cast(pa.float64())
        xy = np.repeat(pc.fill_null(x, np.nan).to_numpy()[:, None], 2, axis=1)
    groups = None if group is None else _texts(table[group])
    return Batch(xy, moments(as_read, table, file), groups, far)


def _innermost(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The values of a column that was read as one part of a struct alone."""
    while pa.types.is_struct(column.type):
        column = pc.struct_field(column, 0)
    return column


def moments(as_read: Reading, table: pa.Table, file: str) -> RowTimes:
    """The time of each row; none where no column is known to hold it."""
    name = as_read.fields.get("time")
    if name is None:
        return geoparquet_points.no_times(table.num_rows, as_read.timezone)
    column = table[name]
    if as_read.clock is not None:
        joined = times.with_clock(column.cast(pa.string()), table[as_read.clock].cast(pa.string()))
        column = joined if isinstance(joined, pa.ChunkedArray) else pa.chunked_array([joined])
    return geoparquet_points.moments(column, as_read.timezone, file)


def _texts(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Values as texts without blanks round them, as an import has them; each made once."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    whole = column.combine_chunks()
    chunks = whole.chunks if isinstance(whole, pa.ChunkedArray) else [whole]
    made = []
    for chunk in chunks:
        coded = chunk.dictionary_encode()
        texts = ["" if v is None else str(v).strip() for v in coded.dictionary.to_pylist()]
        own = pa.array([text if text not in ("", "NULL") else None for text in texts], pa.string())
        made.append(own.take(coded.indices))
    return pa.chunked_array(made, pa.string())


def joined(batches: Sequence[Batch]) -> Batch:
    """Batches one behind the other; all far, or none."""
    if len(batches) == 1:
        return batches[0]
    groups = [one.groups for one in batches if one.groups is not None]
    return Batch(
        np.concatenate([one.xy for one in batches]),
        RowTimes(
            pa.chunked_array([chunk for one in batches for chunk in one.time.values.chunks]),
            np.concatenate([one.time.stood for one in batches]),
            np.concatenate([one.time.ways for one in batches]),
        ),
        pa.chunked_array([chunk for one in groups for chunk in one.chunks], pa.string())
        if groups
        else None,
        batches[0].far,
    )
