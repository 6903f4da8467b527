"""Columns of a layer as SQLite columns that QGIS understands, and exactly back.

Each Arrow column becomes the GeoPackage type that says the same. Where that type cannot hold
every value as it is (microseconds, NaN, decimals, lists …) the column is still written so that
it can be read elsewhere, and kept once more in Arrow's own form, from which it is loaded.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

#: Moments outside these years are not written the same way by all programs.
_FIRST, _LAST = np.datetime64("1000-01-01"), np.datetime64("9999-12-31")
_PER_MILLISECOND = {"s": 1, "ms": 1, "us": 1_000, "ns": 1_000_000}


@dataclass(frozen=True, slots=True)
class Column:
    """How a column is kept: its name in the table, the type there, and whether that is exact."""

    name: str
    sql_type: str
    exact: bool = True


def plan_columns(table: pa.Table) -> tuple[Column, ...]:
    """Names unique to SQLite (which ignores case) and types for every column of a layer."""
    names = _unique_names(table.column_names, taken=("fid", "geom"))
    plan = []
    for name, column in zip(names, table.columns, strict=True):
        sql_type, exact = _sql_type(column)
        plan.append(Column(name, sql_type, exact))
    return tuple(plan)


def stored_names(table: pa.Table) -> dict[str, str]:
    """The names that the columns of a layer have in its table of the file."""
    stored = _unique_names(table.column_names, taken=("fid", "geom"))
    return dict(zip(table.column_names, stored, strict=True))


def _unique_names(names: Iterable[str], taken: Iterable[str]) -> list[str]:
    used = {name.casefold() for name in taken}
    unique = []
    for number, name in enumerate(names, 1):
        clean = "".join(char if char.isprintable() else " " for char in name).strip()
        free = clean = clean or f"column {number}"
        count = 2
        while free.casefold() in used:
            free, count = f"{clean}_{count}", count + 1
        used.add(free.casefold())
        unique.append(free)
    return unique


def _sql_type(column: pa.ChunkedArray) -> tuple[str, bool]:
    """The GeoPackage type of a column, and whether it holds every value exactly."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        plain = kind.index_type == pa.int32() and not kind.ordered
        sql_type, exact = _sql_type(column.cast(kind.value_type))
        return sql_type, exact and plain
    if pa.types.is_boolean(kind):
        return "BOOLEAN", True
    if pa.types.is_integer(kind):
        small = kind.bit_width < 32 or kind == pa.int32()
        fits = kind != pa.uint64() or (pc.max(column).as_py() or 0) < 2**63
        return ("MEDIUMINT" if small else "INTEGER") if fits else "TEXT", fits
    if kind in (pa.float32(), pa.float64()):
        return "DOUBLE", not pc.any(pc.is_nan(column)).as_py()
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        # C programs, GDAL among them, end a text at its first NUL.
        return "TEXT", not pc.any(pc.match_substring(column, "\0")).as_py()
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return "BLOB", True
    if pa.types.is_null(kind):
        return "TEXT", True
    if pa.types.is_timestamp(kind):
        usual = _within_years(column)
        return ("DATETIME" if kind.tz and usual else "TEXT"), usual and _whole_milliseconds(column)
    if pa.types.is_date32(kind):
        usual = _within_years(column.cast(pa.timestamp("s")))
        return ("DATE" if usual else "TEXT"), usual
    return "TEXT", False


def _within_years(times: pa.ChunkedArray) -> bool:
    known = times.cast(pa.timestamp("s"), safe=False).drop_null().to_numpy()
    return not len(known) or bool(known.min() >= _FIRST and known.max() <= _LAST)


def _whole_milliseconds(times: pa.ChunkedArray) -> bool:
    counts = times.cast(pa.int64()).drop_null().to_numpy()
    return not (counts % _PER_MILLISECOND[times.type.unit]).any()


# To SQLite


def to_rows(table: pa.Table, plan: tuple[Column, ...]) -> list[list[Any]]:
    """The columns of a slice of a layer as Python values for SQLite."""
    return [_values(column, kept) for column, kept in zip(table.columns, plan, strict=True)]


def _values(column: pa.ChunkedArray, kept: Column) -> list[Any]:
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _values(column.cast(kind.value_type), kept)
    if pa.types.is_timestamp(kind):
        return _time_texts(column)
    if pa.types.is_date32(kind) and kept.exact:
        column = column.cast(pa.string())
    elif not kept.exact and kept.sql_type == "TEXT":
        return _readable(column)
    values: list[Any] = column.to_pylist()
    return values


def _time_texts(times: pa.ChunkedArray) -> list[str | None]:
    """`2024-05-01T22:15:00.000Z`; without a zone the same with no Z, for it is no moment."""
    if not _within_years(times):
        return _readable(times)
    # Arrow writes times without a zone thirty times as fast; a cast to one keeps them in UTC.
    plain = times.cast(pa.timestamp(times.type.unit)).cast(pa.timestamp("ms"), safe=False)
    texts = pc.utf8_replace_slice(plain.cast(pa.string()), 10, 11, "T")
    if times.type.tz:
        texts = pc.binary_join_element_wise(texts, "Z", "")
    values: list[str | None] = texts.to_pylist()
    return values


def _readable(column: pa.ChunkedArray) -> list[str | None]:
    """Values in words for other programs; the exact ones are kept beside them."""
    try:
        texts = column.cast(pa.string()).to_pylist()
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        try:
            texts = [None if value is None else str(value) for value in column.to_pylist()]
        except (ValueError, OverflowError):  # a moment that Python's own types cannot hold
            texts = [None] * len(column)
    return [None if text is None else text.replace("\0", " ") for text in texts]


def exact_copy(column: pa.ChunkedArray) -> bytes:
    """A column in Arrow's stream form."""
    table = pa.table([column], schema=pa.schema([pa.field("exact", column.type)]))
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    copy: bytes = sink.getvalue().to_pybytes()
    return copy


def from_exact_copy(data: bytes) -> pa.ChunkedArray:
    """The column again; pyarrow's errors where the copy is damaged."""
    with pa.ipc.open_stream(pa.py_buffer(data)) as reader:
        return reader.read_all().column(0)


# From SQLite (as GDAL hands it over)


def from_stored(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    """A column as read from the file, cast to the type it had in the layer."""
    if pa.types.is_dictionary(kind):
        plain = from_stored(column, kind.value_type)
        return plain.dictionary_encode().unify_dictionaries().cast(kind)
    if pa.types.is_null(kind):
        return pa.chunked_array([pa.nulls(len(column))])
    if pa.types.is_timestamp(kind) and pa.types.is_timestamp(column.type):
        return column.cast(pa.timestamp(kind.unit, "UTC")).cast(kind)
    return column.cast(kind)


def wrong_values(plan: Iterable[Column]) -> str:
    """An SQL condition true for rows whose values are not of the types written."""
    tests = []
    for column in plan:
        name = '"' + column.name.replace('"', '""') + '"'
        if column.sql_type in ("BOOLEAN", "MEDIUMINT", "INTEGER"):
            tests.append(f"typeof({name}) NOT IN ('integer', 'null')")
        elif column.sql_type == "DOUBLE":
            tests.append(f"typeof({name}) NOT IN ('real', 'integer', 'null')")
        elif column.sql_type == "DATETIME" and column.exact:
            tests.append(f"{name} NOT LIKE '____-__-__T__:__:__%Z'")
        elif column.sql_type == "DATE" and column.exact:
            tests.append(f"{name} NOT LIKE '____-__-__'")
    return " OR ".join(tests)
