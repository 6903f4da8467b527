"""Folders of GeoParquet (OGC GeoParquet 1.0 and 1.1): what they hold, read from their footers.

A folder may have folders within it, named by a value (`month=2024-01`), which is then a column.
Rows are read a few row groups at a time, so that a folder may be larger than memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from gisapp.errors import DataError
from gisapp.io.folders import folder_files, place_column
from gisapp.io.folders.geoparquet_path import SUFFIXES
from gisapp.io.reading.reference_systems import WGS84
from gisapp.progress import Progress

#: Rows read in one step; some 100 bytes each while they are counted.
BATCH_ROWS = 1_000_000

_BUFFER_BYTES = 1 << 22


@dataclass(frozen=True, slots=True)
class GeoFile:
    """A file of a folder: rows in each row group, and the values that its folders are named by.

    `types` are its columns, each with its type in words. What a folder is named by is a column
    only where the file has none of that name: its own may say more (`date=2024-03-31`).
    """

    path: Path
    groups: tuple[int, ...]
    named_by: tuple[tuple[str, str | None], ...] = ()
    types: tuple[tuple[str, str], ...] = ()

    @property
    def rows(self) -> int:
        return sum(self.groups)


@dataclass(frozen=True, slots=True)
class GeoFolder:
    """Files of one kind in the order of their paths.

    `geometry` is the column of places, as `WKB` or native `point` (`encoding`), in `crs`, x
    first. `corners` are the columns with the west, south, east and north of each row, where the
    files say how they are called. `schema` has the columns of the first file. `others` are files
    in the folder that are no GeoParquet, and `linked` folders that are only linked: of neither
    anything is read.
    """

    root: Path
    files: tuple[GeoFile, ...]
    geometry: str
    encoding: str
    crs: str
    corners: tuple[str, ...] | None
    schema: pa.Schema
    others: tuple[Path, ...] = ()
    linked: tuple[Path, ...] = ()

    @property
    def rows(self) -> int:
        return sum(file.rows for file in self.files)

    @property
    def is_file(self) -> bool:
        """Whether it is a file by itself and no folder."""
        return len(self.files) == 1 and self.files[0].path == self.root

    @property
    def named_by(self) -> list[str]:
        """Columns that the names of folders give."""
        return [name for name, _ in self.files[0].named_by]

    @property
    def column_names(self) -> list[str]:
        """All columns but those of the place."""
        places = {self.geometry, *(corner.split(".")[0] for corner in self.corners or ())}
        return [name for name in (*self.schema.names, *self.named_by) if name not in places]


@dataclass(frozen=True, slots=True)
class Piece:
    """Row groups of one file. Those that are `far` lie wholly beyond what anybody asks about."""

    file: GeoFile
    groups: tuple[int, ...]
    far: bool = False

    @property
    def rows(self) -> int:
        return sum(self.file.groups[group] for group in self.groups)


def look(path: Path, crs: str | None = None, progress: Progress | None = None) -> GeoFolder:
    """What a folder, or a file by itself, holds; `crs` goes before what the files declare.

    DataError naming the file where one is missing, damaged, no GeoParquet or of another kind
    than the first; CrsError where nobody says what the coordinates are measured in.
    """
    progress = progress or Progress()
    found = folder_files.found_in(path)
    paths = found.to_read
    schema, place = None, None
    files: list[GeoFile] = []
    for file in progress.track(paths, len(paths), "Looking at the files"):
        footer, own = _footer(file)
        geo = place_column.said_of(own, file)
        if schema is None or place is None:
            schema, place = own, geo
        elif place_column.kind_of(geo) != place_column.kind_of(place):
            raise DataError(
                f"{file.name} has its places in another column, encoding or reference system "
                f"than {paths[0].name}.",
                "Count each kind by itself, in a folder of its own.",
            )
        groups = tuple(footer.row_group(k).num_rows for k in range(footer.num_row_groups))
        types = tuple((field.name, str(field.type)) for field in own)
        if files and files[-1].types == types:
            types = files[-1].types  # kept once, though there are thousands of files
        files.append(GeoFile(file, groups, _named_by(file, path, own), types))
    if schema is None or place is None:
        raise DataError(f"{path} holds no GeoParquet.", f"Its files end in {', '.join(SUFFIXES)}.")
    _check_names(files, path)
    return GeoFolder(
        root=path,
        files=tuple(files),
        geometry=place["name"],
        encoding=place["encoding"],
        crs=place_column.system(crs, place, paths[0]),
        corners=place_column.corners(place),
        schema=schema,
        others=found.others,
        linked=found.linked,
    )


def _named_by(file: Path, root: Path, schema: pa.Schema) -> tuple[tuple[str, str | None], ...]:
    pairs = folder_files.named_by(file, root)
    return tuple((name, value) for name, value in pairs if name not in schema.names)


def _check_names(files: Sequence[GeoFile], root: Path) -> None:
    first, above = _names(files[0].named_by), _names(folder_files.named_by(files[0].path, root))
    for file in files:
        if _names(folder_files.named_by(file.path, root)) != above:
            raise DataError(
                f"The folders above {file.path.name} are named otherwise than those of "
                f"{files[0].path.name}.",
                "Name all folders by the same columns, such as month=2024-01.",
            )
        if _names(file.named_by) != first:
            name = min(set(_names(file.named_by)) ^ set(first))
            raise DataError(
                f"Folders are named by “{name}”, and some files have a column of that name "
                f"too: of {files[0].path} and {file.path} only one.",
                "Write that column into all files, or into none.",
            )


def _names(pairs: Sequence[tuple[str, str | None]]) -> list[str]:
    return [name for name, _ in pairs]


def check_columns(folder: GeoFolder, columns: Sequence[str]) -> None:
    """DataError naming the first file that has not all these columns, with what to do."""
    for column in columns:
        name = column.split(".")[0]
        without = [
            file
            for file in folder.files
            if name not in dict(file.types) and name not in dict(file.named_by)
        ]
        if not without:
            continue
        others = len(without) - 1
        more = f" and {others:,} other file{'s' if others > 1 else ''} have" if others else " has"
        own = ", ".join(dict(without[0].types))
        raise DataError(
            f"{without[0].path.name}{more} no column “{column}”.",
            f"Name a column that every file has, or keep such files in a folder of their own. "
            f"Columns of {without[0].path.name}: {own}.",
        )


@contextmanager
def opened(path: Path) -> Iterator[pq.ParquetFile]:
    """A file to read from; whatever goes wrong while it is open names the file, as DataError."""
    try:
        # Without a buffer Arrow would hold the whole of a column of a row group, however large.
        with pq.ParquetFile(path, buffer_size=_BUFFER_BYTES) as file:
            yield file
    except OSError as error:
        # Arrow says of damaged pages that they are input and output gone wrong.
        reason = (error.strerror or "").lower()
        if reason:
            raise DataError(f"{path} cannot be read: {reason}.", "Check the path.") from error
        raise _damaged(path) from error
    except pa.ArrowException as error:
        raise _damaged(path) from error


def _damaged(path: Path) -> DataError:
    return DataError(
        f"{path.name} is damaged, cut short or no Parquet, and cannot be read.",
        f"Write {path} again, or take it away.",
    )


def _footer(path: Path) -> tuple[pq.FileMetaData, pa.Schema]:
    with opened(path) as file:
        return file.metadata, file.schema_arrow


# Rows


def pieces(folder: GeoFolder, boxes: NDArray[np.float64] | None = None) -> Iterator[Piece]:
    """The row groups of a folder in their order, together up to `BATCH_ROWS` in a piece.

    Row groups that meet none of the `boxes` (west, south, east, north, in degrees) are `far`.
    """
    for file in folder.files:
        far = _far_groups(folder, file, boxes) if boxes is not None else frozenset()
        together: list[int] = []
        for group, rows in enumerate(file.groups):
            held = sum(file.groups[one] for one in together)
            if together and (held + rows > BATCH_ROWS or (together[0] in far) != (group in far)):
                yield Piece(file, tuple(together), together[0] in far)
                together = []
            together.append(group)
        if together:
            yield Piece(file, tuple(together), together[0] in far)


def tables(piece: Piece, columns: Sequence[str]) -> Iterator[pa.Table]:
    """Rows of a piece with the columns asked for, at most `BATCH_ROWS` at a time.

    DataError naming the file where it has no such column, or is damaged.
    """
    named_by = dict(piece.file.named_by)
    wanted = [name for name in columns if name not in named_by]
    with opened(piece.file.path) as file:
        for name in wanted:
            if name.split(".")[0] not in file.schema_arrow.names:
                raise DataError(
                    f"{piece.file.path.name} has no column “{name}”.",
                    f"Columns: {', '.join(file.schema_arrow.names)}.",
                )
        batches = file.iter_batches(BATCH_ROWS, row_groups=list(piece.groups), columns=wanted)
        for batch in batches:
            table = pa.Table.from_batches([batch])
            for name in columns:
                if name in named_by:
                    values = pa.repeat(pa.scalar(named_by[name], pa.string()), table.num_rows)
                    table = table.append_column(name, values)
            yield table


def sample(folder: GeoFolder, rows: int = 4000) -> pa.Table:
    """The first rows, without their places, on which proposals rest."""
    for file in folder.files:
        if file.rows:
            names = [name for name in folder.column_names if name not in folder.named_by]
            with opened(file.path) as source:
                batch = next(source.iter_batches(rows, columns=names))
            table = pa.Table.from_batches([batch])
            for name, value in file.named_by:
                table = table.append_column(
                    name, pa.repeat(pa.scalar(value, pa.string()), table.num_rows)
                )
            return table
    return pa.table({name: pa.array([], pa.string()) for name in folder.column_names})


def _far_groups(folder: GeoFolder, file: GeoFile, boxes: NDArray[np.float64]) -> frozenset[int]:
    """Row groups whose statistics prove that none of their rows lies in a box.

    Only where every row that has a place has a good one: not where 0, 0 (which stands for
    nothing) or a place off the globe could be among them.
    """
    if folder.corners is None or folder.crs != WGS84:
        return frozenset()
    with opened(file.path) as source:
        footer = source.metadata
    found = set()
    for group in range(footer.num_row_groups):
        box = _box_of(footer.row_group(group), folder.corners)
        if box is not None and _is_plain(box) and not _meets(box, boxes):
            found.add(group)
    return frozenset(found)


def _box_of(group: pq.RowGroupMetaData, corners: Sequence[str]) -> tuple[float, ...] | None:
    said = {}
    for number in range(group.num_columns):
        column = group.column(number)
        if column.path_in_schema in corners and column.statistics is not None:
            if not column.statistics.has_min_max:
                return None
            said[column.path_in_schema] = column.statistics
    if set(said) != set(corners):
        return None
    west, south, east, north = corners
    return (said[west].min, said[south].min, said[east].max, said[north].max)


def _is_plain(box: tuple[float, ...]) -> bool:
    west, south, east, north = box
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        return False
    return not (west <= 0 <= east and south <= 0 <= north)


def _meets(box: tuple[float, ...], boxes: NDArray[np.float64]) -> bool:
    # Boxes may be kept as float32, which is a metre or two in degrees of longitude.
    slack = 1e-4
    west, south, east, north = box
    beside = (boxes[:, 2] < west - slack) | (boxes[:, 0] > east + slack)
    beside |= (boxes[:, 3] < south - slack) | (boxes[:, 1] > north + slack)
    return bool((~beside).any())
