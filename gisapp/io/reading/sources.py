"""What files hold, found out before anything is imported: rows, columns, places, reference system.

Several files become one source if their columns agree. The rows are read here, once, as they
stand; what they mean is settled by an import plan.
"""

from __future__ import annotations

import os
import zipfile
import zlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from gisapp.errors import DataError
from gisapp.io.reading import columns as column_guesses
from gisapp.io.reading import large_text
from gisapp.io.reading.delimited import read_delimited, read_large
from gisapp.io.reading.found_files import (
    MAX_UNPACKED,
    FileKind,
    FoundFile,
    file_bytes,
    found,
    is_packed,
)
from gisapp.io.reading.raw_table import BrokenRow, RawTable
from gisapp.io.reading.spreadsheets import read_workbook
from gisapp.io.reading.vectors import read_map
from gisapp.progress import Progress, giving_way

Scalar = TypeVar("Scalar", bound=np.generic)

PREVIEW_ROWS = 200
_SAMPLE_ROWS = 4000
#: No more than there are processors: the window would wait for one of them as well.
_WORKERS = min(4, os.cpu_count() or 1)


@dataclass(frozen=True, slots=True)
class Column:
    """A column as found: its name, what its values are in words, and some of them."""

    name: str
    type: str
    examples: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Source:
    """Files read as they stand. `table` has a row for each row of the files that fits.

    A map file has its places in `xy` (float64 (rows, 2), NaN where missing) or `geoms`; other
    files have them in columns. `crs` is what the files declare, or None. `starts` gives the
    first row of each file in `files`, `lines` the line, sheet row or feature number of each row.
    `broken` rows do not fit the table and are in no column.
    """

    paths: tuple[Path, ...]
    files: tuple[str, ...]
    format: str
    table: pa.Table
    starts: tuple[int, ...]
    lines: NDArray[np.int64]
    encoding: str | None = None
    delimiter: str | None = None
    broken: tuple[BrokenRow, ...] = ()
    xy: NDArray[np.float64] | None = None
    geoms: NDArray[np.object_] | None = None
    faults: NDArray[np.bool_] | None = None
    crs: str | None = None
    layer_names: tuple[str, ...] = ()
    layer: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """Rows in the files, those that do not fit the table included."""
        return int(self.table.num_rows) + len(self.broken)

    @property
    def column_names(self) -> list[str]:
        return list(self.table.column_names)

    @property
    def has_places(self) -> bool:
        """Whether the places come with the file, so that no columns have to be named."""
        return self.xy is not None or self.geoms is not None

    @property
    def geometry_type(self) -> str | None:
        """`points`, `lines`, `areas` or `mixed shapes`; None where columns hold the places."""
        if self.xy is not None:
            return "points"
        if self.geoms is None:
            return None
        kinds = set(np.unique(shapely.get_dimensions(self.geoms)).tolist()) - {-1}
        return {1: "lines", 2: "areas"}.get(kinds.pop(), "points") if len(kinds) == 1 else (
            "mixed shapes"
        )  # fmt: skip

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        sample = self.sample
        return tuple(
            Column(
                name,
                column_guesses.type_in_words(sample[name]),
                column_guesses.examples(sample[name]),
            )
            for name in self.table.column_names
        )

    @cached_property
    def sample(self) -> pa.Table:
        """Some thousand rows, evenly chosen, on which proposals rest."""
        # Taken by number, the whole table would be put together in one piece first.
        chosen = np.zeros(self.table.num_rows, dtype=bool)
        chosen[self.sample_rows] = True
        return self.table.filter(pa.array(chosen)).combine_chunks()

    @cached_property
    def sample_rows(self) -> NDArray[np.int64]:
        step = max(self.table.num_rows // _SAMPLE_ROWS, 1)
        return np.arange(0, self.table.num_rows, step)

    @property
    def preview(self) -> pa.Table:
        """The first rows as they stand."""
        return self.table.slice(0, PREVIEW_ROWS)


def probe(
    paths: Sequence[Path], progress: Progress | None = None, *, layer: str | None = None
) -> Source:
    """Read what the files hold. `layer` chooses a layer, folder or sheet within a file.

    Raises DataError for files that are missing, damaged, foreign, empty, or of several kinds
    that cannot be one layer.
    """
    progress = progress or Progress()
    paths = [Path(path) for path in paths]
    progress.report(None, "Looking at the files")
    with found(paths) as files:
        tables = _read_all(files, layer, progress)
    return _as_one(tuple(paths), tables)


def _read_all(files: Sequence[FoundFile], layer: str | None, progress: Progress) -> list[RawTable]:
    share = 1 / max(len(files), 1)
    done_by = {file: number * share for number, file in enumerate(files)}

    def read(file: FoundFile) -> RawTable:
        progress.check()
        try:
            return _read(file, layer, progress.part(done_by[file], done_by[file] + share))
        except (OSError, EOFError, ValueError, zipfile.BadZipFile, zlib.error) as error:
            raise DataError(
                f"{file.label} is damaged or cut short and cannot be read.", "Get the file again."
            ) from error

    # GDAL's warnings are caught for a whole process, so maps are read one after the other.
    alone = any(file.kind not in (FileKind.DELIMITED, FileKind.WORKBOOK) for file in files)
    tables: list[RawTable] = []
    with ThreadPoolExecutor(1 if alone else _WORKERS) as pool:
        results = pool.map(giving_way(read), files)
        for done, _ in enumerate(files):
            progress.report(done / len(files), f"Reading {files[done].label}")
            try:
                tables.append(next(results))
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
    return tables


def _read(file: FoundFile, layer: str | None, progress: Progress) -> RawTable:
    if file.kind is FileKind.DELIMITED:
        table = None
        size = file.path.stat().st_size
        if large_text.LARGE <= size <= MAX_UNPACKED and not is_packed(file.path):
            table = read_large(file.path, file.label, progress)
        if table is not None:
            return table
        return read_delimited(file_bytes(file.path, file.label), file.label)
    if file.kind is FileKind.WORKBOOK:
        return read_workbook(file.path, file.label, layer)
    return read_map(file, layer)


def _as_one(paths: tuple[Path, ...], tables: list[RawTable]) -> Source:
    _check_agreement(tables)
    first = tables[0]
    names = first.table.column_names
    joined = [table.table.select(names) for table in tables]
    try:
        table = pa.concat_tables(joined, promote_options="permissive")
    except pa.ArrowTypeError:
        # A column of numbers in one file and of words in another is a column of words.
        table = pa.concat_tables([_texts(part) for part in joined])
    sizes = [part.table.num_rows for part in tables]
    return Source(
        paths=paths,
        files=tuple(part.label for part in tables),
        format=first.format,
        table=table,
        starts=tuple(int(start) for start in np.cumsum([0, *sizes[:-1]])),
        lines=np.concatenate([part.lines for part in tables]),
        encoding=first.encoding,
        delimiter=first.delimiter,
        broken=tuple(row for part in tables for row in part.broken),
        xy=_joined([part.xy for part in tables]),
        geoms=_joined([_geoms(part, tables) for part in tables]),
        faults=_joined([part.faults for part in tables]),
        crs=first.crs,
        layer_names=first.layers if len(tables) == 1 else (),
        layer=first.layer if len(tables) == 1 else None,
        notes=tuple(dict.fromkeys(note for part in tables for note in part.notes)),
    )


def _joined(parts: Sequence[NDArray[Scalar] | None]) -> NDArray[Scalar] | None:
    given = [part for part in parts if part is not None]
    return np.concatenate(given) if len(given) == len(parts) else None


def _geoms(part: RawTable, tables: Sequence[RawTable]) -> NDArray[np.object_] | None:
    """Shapes of a file; its points as shapes too where another file has more than points."""
    if part.xy is None or all(table.xy is not None for table in tables):
        return part.geoms
    return np.asarray(shapely.points(part.xy), dtype=object)


def _texts(table: pa.Table) -> pa.Table:
    return pa.table({name: table[name].cast(pa.string()) for name in table.column_names})


def _check_agreement(tables: Sequence[RawTable]) -> None:
    """DataError unless the files have the same columns, format of places and reference system."""
    groups: dict[frozenset[str], list[RawTable]] = {}
    for table in tables:
        groups.setdefault(frozenset(table.table.column_names), []).append(table)
    if len(groups) > 1:
        shown = "; ".join(
            f"{len(group)} such as {group[0].label} ({len(names)} columns)"
            for names, group in list(groups.items())[:4]
        )
        raise DataError(
            f"These files are of {len(groups)} kinds and cannot be one layer: {shown}.",
            "Import each kind by itself, for example *street.csv and then *search.csv.",
        )
    if len({table.has_places for table in tables}) > 1:
        raise DataError(
            "Some of these files are maps and some are tables.", "Import each by itself."
        )
    if len({table.crs for table in tables}) > 1:
        raise DataError(
            "These files have different coordinate reference systems and cannot be one layer.",
            "Import each by itself.",
        )
