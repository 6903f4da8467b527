"""Coordinates from a column of GeoParquet, and moments from one of times; row by row.

What a row means never depends on other rows, so that a folder gives the same in pieces of any
size, on one machine or on many.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from gisapp.errors import DataError
from gisapp.io.reading import time_notes, times
from gisapp.layers.clock_changes import skipped_and_twice
from gisapp.layers.clocks import moments_of

_POINT = np.dtype([("order", "u1"), ("type", "<u4"), ("x", "<f8"), ("y", "<f8")])
#: ISO 8601: a day or a month, a time of day, an offset.
_DAY = r"^\d{4}-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?"
_CLOCK = r"[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?"
_OFFSET = rf"\s*(?:Z|{times.OFFSET})$"
_DAY_US = 86_400_000_000
_EARLIEST, _LATEST = np.datetime64("1000-01-01", "us"), np.datetime64("9000-01-01", "us")


def coordinates(column: pa.ChunkedArray, encoding: str, file: str) -> NDArray[np.float64]:
    """Shape (rows, 2), x first, NaN where a row has no place.

    DataError naming the `file` where a place cannot be read, or is an area or a line.
    """
    array = column.combine_chunks()
    if isinstance(array, pa.ChunkedArray):
        array = array.chunk(0) if array.num_chunks else pa.array([], array.type)
    if isinstance(array, pa.ExtensionArray):
        array = array.storage
    if encoding == "point":
        return _native(array, file)
    if pa.types.is_binary(array.type) or pa.types.is_large_binary(array.type):
        return _from_wkb(array, file)
    try:
        return _from_wkb(array.cast(pa.large_binary()), file)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise _unreadable(file) from error


def _native(array: pa.Array, file: str) -> NDArray[np.float64]:
    xy = np.full((len(array), 2), np.nan)
    if pa.types.is_struct(array.type):
        for number, name in enumerate(("x", "y")):
            values = pc.struct_field(array, name).cast(pa.float64())
            xy[:, number] = pc.fill_null(values, np.nan).to_numpy(zero_copy_only=False)
        return xy
    if pa.types.is_fixed_size_list(array.type):
        given = np.asarray(array.is_valid())
        xy[given] = array.flatten().to_numpy(zero_copy_only=False).reshape(given.sum(), -1)[:, :2]
        return xy
    raise _unreadable(file)


def _from_wkb(array: pa.Array, file: str) -> NDArray[np.float64]:
    xy = np.full((len(array), 2), np.nan)
    given = np.asarray(array.is_valid())
    width = np.dtype(np.int64 if pa.types.is_large_binary(array.type) else np.int32)
    _, offsets_buffer, data = array.buffers()
    if data is None or not len(array):
        return xy
    offsets = np.frombuffer(offsets_buffer, width)[array.offset : array.offset + len(array) + 1]
    raw = np.frombuffer(data, np.uint8)
    fixed = given & (np.diff(offsets) == _POINT.itemsize)
    if fixed.all():
        records = raw[offsets[0] : offsets[-1]].view(_POINT)
    else:
        starts = offsets[:-1][fixed].astype(np.int64)
        records = raw[starts[:, None] + np.arange(_POINT.itemsize)].view(_POINT)[:, 0]
    # Plain points straight from their bytes: a million objects would take a second.
    plain = (records["order"] == 1) & (records["type"] == 1)
    rows = np.flatnonzero(fixed)[plain]
    xy[rows, 0], xy[rows, 1] = records["x"][plain], records["y"][plain]
    rest = given.copy()
    rest[rows] = False
    if rest.any():
        xy[rest] = _others(array.filter(pa.array(rest)), file)
    return xy


def _others(array: pa.Array, file: str) -> NDArray[np.float64]:
    """Points with heights, of the other byte order, and empty ones."""
    try:
        shapes = shapely.from_wkb(array.to_numpy(zero_copy_only=False))
    except shapely.errors.ShapelyError as error:
        raise _unreadable(file) from error
    if not (shapely.get_type_id(shapes) == 0).all():
        raise DataError(
            f"{file} holds areas, lines or several points a row, and only points can be judged.",
            "Give a folder of points.",
        )
    return np.column_stack([shapely.get_x(shapes), shapely.get_y(shapes)])


def _unreadable(file: str) -> DataError:
    return DataError(f"A place in {file} cannot be read.", "Write the file again.")


# Times


@dataclass(frozen=True, slots=True, eq=False)
class RowTimes:
    """Times as `timestamp[us, timezone]`, null where there is none that can be read.

    `stood` tells where something was written, readable or not, `ways` (bits of `time_notes`)
    what each time that could be read is.
    """

    values: pa.ChunkedArray
    stood: NDArray[np.bool_]
    ways: NDArray[np.uint8]


def no_times(rows: int, timezone: str) -> RowTimes:
    """The times of rows that have none."""
    values = pa.chunked_array([pa.nulls(rows, _stamp(timezone))])
    return RowTimes(values, np.zeros(rows, dtype=bool), np.zeros(rows, dtype=np.uint8))


def moments(column: pa.ChunkedArray, timezone: str, file: str) -> RowTimes:
    """The times of rows.

    Times without an offset are wall-clock times in `timezone`, and a day is its midnight there.
    Texts have to be ISO 8601. DataError naming the `file` for a column of anything else.
    """
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    kind = column.type
    if pa.types.is_null(kind):
        return no_times(len(column), timezone)
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        values, ways = _typed(column, timezone)
        return RowTimes(values, np.asarray(column.is_valid(), dtype=bool), ways)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return _written(column.cast(pa.string()), timezone)
    raise DataError(
        f"The column of times of {file} holds {kind}, not times.",
        "Write it as timestamps, or name another with --map time=….",
    )


def _stamp(timezone: str) -> pa.DataType:
    return pa.timestamp("us", timezone)


def _typed(column: pa.ChunkedArray, timezone: str) -> tuple[pa.ChunkedArray, NDArray[np.uint8]]:
    plain = column.cast(pa.timestamp("us", getattr(column.type, "tz", None)), safe=False)
    bare = plain.cast(pa.timestamp("us"))
    usual = pc.and_(pc.greater_equal(bare, _EARLIEST), pc.less(bare, _LATEST))
    if plain.type.tz is not None:
        values = pc.if_else(usual, plain.cast(_stamp(timezone)), pa.scalar(None, _stamp(timezone)))
        known = np.asarray(values.is_valid(), dtype=np.uint8)
        return values, known * np.uint8(time_notes.KNOWN | time_notes.WITH_OFFSET)
    bare = pc.if_else(usual, bare, pa.scalar(None, pa.timestamp("us")))
    return moments_of(bare, timezone, "earliest"), _ways(bare, timezone)


def _ways(local: pa.ChunkedArray, timezone: str) -> NDArray[np.uint8]:
    """What wall-clock times are."""
    wall = np.asarray(local.to_numpy()).astype("datetime64[us]")
    skipped, twice = skipped_and_twice(wall, timezone)
    known = ~np.isnat(wall)
    midnight = known & (wall.astype(np.int64) % _DAY_US == 0)
    bits = (
        (known, time_notes.KNOWN),
        (skipped, time_notes.SKIPPED),
        (twice, time_notes.TWICE),
        (midnight, time_notes.MIDNIGHT),
    )
    ways = np.zeros(len(wall), dtype=np.uint8)
    for which, bit in bits:
        ways |= which.view(np.uint8) * np.uint8(bit)
    return ways


def _written(texts: pa.ChunkedArray, timezone: str) -> RowTimes:
    trimmed = pc.utf8_trim_whitespace(texts)
    missing = pc.is_in(
        pc.utf8_lower(trimmed), value_set=pa.array(["", "null", "none", "na", "n/a", "nan", "nat"])
    )
    stood = np.asarray(pc.and_(texts.is_valid(), pc.invert(missing)), dtype=bool)
    values = pa.nulls(len(texts), _stamp(timezone))
    ways = np.zeros(len(texts), dtype=np.uint8)
    # Those with an offset are moments already, the others wall-clock times.
    for form, zone in ((_DAY + _CLOCK + _OFFSET, "UTC"), (f"{_DAY}(?:{_CLOCK})?$", None)):
        matches = pc.fill_null(pc.match_substring_regex(trimmed, form), False)
        if pc.any(matches).as_py():
            read, how = _typed(_parsed(trimmed.filter(matches), zone), timezone)
            values = pc.replace_with_mask(values, _one(matches), _one(read))
            ways[np.asarray(matches, dtype=bool)] = how
    return RowTimes(pa.chunked_array([values]), stood, ways)


def _one(column: pa.ChunkedArray) -> pa.Array:
    whole = column.combine_chunks()
    return pa.concat_arrays(whole.chunks) if isinstance(whole, pa.ChunkedArray) else whole


def _parsed(texts: pa.ChunkedArray, zone: str | None) -> pa.ChunkedArray:
    """Texts of one of our forms as timestamps; null for a 30 February."""
    try:
        return texts.cast(pa.timestamp("us", zone))
    except pa.ArrowInvalid:
        # Months alone, days that there are none of, or more digits than a microsecond has.
        import pandas

        series = pandas.to_datetime(
            texts.to_pandas().astype(object), format="ISO8601", errors="coerce", utc=zone == "UTC"
        )
        return pa.chunked_array([pa.Array.from_pandas(series)]).cast(
            pa.timestamp("us", zone), safe=False
        )
