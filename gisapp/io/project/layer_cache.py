"""Copies of large point layers beside the project file, in files that are mapped into memory.

A layer is three files: its table as Arrow IPC, its places and their index as Arrow IPC, and a
leaf that says which rows they hold, how long the files are, and sums of their bytes. Every byte
is summed up when it is mapped, which takes a tenth of a second for a gigabyte, so that nothing
damaged is ever used. Whatever is the matter, the answer is None, and the rows are read from the
project file.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import uuid
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from gisapp.analysis.points.index import PointIndex
from gisapp.analysis.points.known_indexes import index_of
from gisapp.errors import DataError
from gisapp.layers.layer import Points
from gisapp.progress import Progress

log = logging.getLogger(__name__)

#: Raised when what is in the files changes; others are then made anew.
_FORMAT = 1

_TABLE, _PLACES, _LEAF = ".table.arrow", ".places.arrow", ".json"
_UNFINISHED = ".part"
_BATCH = 1 << 20
_BLOCK = 1 << 19  # words of 8 bytes
_WORKERS = 2

#: What reading foreign bytes can raise.
_UNUSABLE = (OSError, ValueError, KeyError, TypeError, AttributeError, DataError, pa.ArrowException)


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """A layer's rows as they were kept: the table, the places and their index."""

    table: pa.Table
    points: Points
    index: PointIndex


# Reading


def read(folder: Path, rows: str, seal: str, schema: pa.Schema) -> Kept | None:
    """The rows with this name, if they are kept whole and are what the project file holds.

    What is damaged is taken out, so that it is made anew.
    """
    try:
        leaf = json.loads((folder / f"{rows}{_LEAF}").read_text("utf-8"))
        if leaf["format"] != _FORMAT or leaf["seal"] != seal or leaf["order"] != sys.byteorder:
            return None
        table_bytes = _mapped(folder / f"{rows}{_TABLE}", leaf["table"])
        places_bytes = _mapped(folder / f"{rows}{_PLACES}", leaf["places"])
        table = _table(table_bytes, schema, leaf["rows"])
        points, index = _places(places_bytes, leaf["shapes"], leaf["rows"])
    except FileNotFoundError:
        return None
    except _UNUSABLE as error:
        log.info("the cache of %s is of no use: %s", rows, error)
        with suppress(OSError):  # in a folder that may not be written to it stays as it is
            (folder / f"{rows}{_LEAF}").unlink(missing_ok=True)
        return None
    return Kept(table, points, index)


def is_kept(folder: Path, rows: str, seal: str) -> bool:
    """Whether these rows are kept, judged by the leaf and the sizes of the files alone."""
    try:
        leaf = json.loads((folder / f"{rows}{_LEAF}").read_text("utf-8"))
        sizes = [(folder / f"{rows}{ending}").stat().st_size for ending in (_TABLE, _PLACES)]
        known = leaf["format"] == _FORMAT and leaf["seal"] == seal
        return bool(known and sizes == [leaf["table"]["size"], leaf["places"]["size"]])
    except _UNUSABLE:
        return False


def is_of_others(name: str, rows: Collection[str]) -> bool:
    """Whether a file of this name is one of ours, but of none of these rows."""
    known = name.endswith((_TABLE, _PLACES, _LEAF))
    return name.endswith(_UNFINISHED) or (known and name.split(".")[0] not in rows)


def _mapped(path: Path, expected: dict[str, Any]) -> pa.Buffer:
    """A file in mapped memory; ValueError where it is not what was written."""
    with pa.memory_map(str(path)) as file:
        if file.size() != expected["size"]:
            raise ValueError(f"{path.name} has another length")
        data = file.read_buffer()
    if _sums(data) != expected["sums"]:
        raise ValueError(f"{path.name} is damaged")
    return data


def _sums(data: pa.Buffer) -> list[int]:
    """Sums of the words of each block, which take as long as reading the memory does."""
    whole = data.size // 8 * 8
    words = np.frombuffer(data, np.uint64, count=whole // 8)
    rest = int.from_bytes(bytes(data.slice(whole)), "little")

    def of_block(start: int) -> int:
        return int(np.add.reduce(words[start : start + _BLOCK], dtype=np.uint64))

    with ThreadPoolExecutor(_WORKERS) as pool:
        return [*pool.map(of_block, range(0, len(words), _BLOCK)), rest]


def _table(data: pa.Buffer, schema: pa.Schema, rows: int) -> pa.Table:
    with pa.ipc.open_file(data) as reader:
        table = reader.read_all()
    if not table.schema.equals(schema, check_metadata=True):
        raise ValueError("it has other columns")
    if not schema.names:
        table = pa.table({"": pa.nulls(rows)}).select([])
    if table.num_rows != rows:
        raise ValueError("it has another number of rows")
    table.validate()
    for column in table.columns:
        _check_offsets(column)
    return table


def _check_offsets(column: pa.ChunkedArray) -> None:
    """ValueError where a text would reach beyond its memory; Arrow takes that on trust."""
    for chunk in column.chunks:
        kind = chunk.type
        if pa.types.is_string(kind) or pa.types.is_binary(kind):
            offsets = np.frombuffer(chunk.buffers()[1], np.int32)
            offsets = offsets[chunk.offset : chunk.offset + len(chunk) + 1]
            if len(offsets) and (offsets[0] < 0 or (offsets[1:] < offsets[:-1]).any()):
                raise ValueError("a text in it has no end")
        elif not pa.types.is_primitive(kind):
            chunk.validate(full=True)


def _places(data: pa.Buffer, shapes: dict[str, list[int]], rows: int) -> tuple[Points, PointIndex]:
    with pa.ipc.open_file(data) as reader:
        batch = reader.get_batch(0)
    if batch.num_rows != 1:
        raise ValueError("it holds no places")
    batch.validate(full=False)
    arrays = {
        name: batch.column(name)[0].values.to_numpy().reshape(shapes[name])
        for name in batch.schema.names
    }
    points = Points(arrays.pop("place_lon"), arrays.pop("place_lat"))
    if len(points) != rows or np.isnan(points.lon.sum() + points.lat.sum()):
        raise ValueError("it holds other places")
    index = PointIndex.from_arrays(arrays)
    if len(index) != rows:
        raise ValueError("its index is of other places")
    return points, index


# Writing


def write(
    folder: Path,
    mode: int,
    rows: str,
    seal: str,
    table: pa.Table,
    points: Points,
    progress: Progress,
) -> None:
    """Keep the rows of a layer under their name; OSError or Arrow's errors where that fails.

    Files that are mapped are never written to: each is made beside its place and moved there.
    The leaf comes last, so that without it there is nothing. `mode` is that of the project file.
    """
    index = index_of(points, progress.part(0.0, 0.5))
    # The arrays differ in length, so they are one row of lists; each lies in one piece.
    arrays = {"place_lon": points.lon, "place_lat": points.lat, **index.arrays()}
    leaf: dict[str, Any] = {
        "format": _FORMAT,
        "seal": seal,
        "order": sys.byteorder,
        "rows": len(points),
        "shapes": {name: array.shape for name, array in arrays.items()},
    }
    leaf["table"] = _written(
        folder / f"{rows}{_TABLE}",
        mode,
        lambda sink: _write_table(sink, table, progress.part(0.5, 0.8)),
    )
    leaf["places"] = _written(
        folder / f"{rows}{_PLACES}", mode, lambda sink: _write_places(sink, arrays)
    )
    progress.report(1.0)
    text = json.dumps(leaf).encode()
    _written(folder / f"{rows}{_LEAF}", mode, lambda sink: sink.write(text))


def _written(path: Path, mode: int, fill: Callable[[pa.NativeFile], object]) -> dict[str, Any]:
    beside = path.with_name(f".{uuid.uuid4().hex[:12]}{_UNFINISHED}")
    try:
        os.close(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with pa.OSFile(str(beside), "wb") as sink:
            fill(sink)
        with pa.memory_map(str(beside)) as file:
            data = file.read_buffer()
        found = {"size": data.size, "sums": _sums(data)}
        del data
        with suppress(OSError):  # some file systems know no permissions
            beside.chmod(mode)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return found


def _write_table(sink: pa.NativeFile, table: pa.Table, progress: Progress) -> None:
    table = table.unify_dictionaries()
    with pa.ipc.new_file(sink, table.schema) as writer:
        for start in range(0, table.num_rows, _BATCH):
            progress.report(start / table.num_rows)
            # A few large pieces are handled quicker than the many small ones of a reader.
            writer.write_table(table.slice(start, _BATCH).combine_chunks())


def _write_places(sink: pa.NativeFile, arrays: Mapping[str, NDArray[Any]]) -> None:
    batch = pa.record_batch({name: _one_list(array) for name, array in arrays.items()})
    with pa.ipc.new_file(sink, batch.schema) as writer:
        writer.write_batch(batch)


def _one_list(array: NDArray[Any]) -> pa.Array:
    flat = pa.array(np.ascontiguousarray(array).ravel())
    return pa.LargeListArray.from_arrays(pa.array([0, len(flat)], pa.int64()), flat)
