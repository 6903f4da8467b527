"""What a reader finds in one file, before anybody has said what the columns mean."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A row that does not fit the table: which file and line, why, and its cells as they stand."""

    file: str
    line: int
    reason: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class RawTable:
    """The rows of one file as they stand.

    `table` holds text columns for delimited files and workbooks (null where a cell is blank),
    typed ones for map files. `lines` gives the line, sheet row or feature number of each row,
    counted from 1. A map file has its places in `xy` (float64 of shape (rows, 2), NaN where
    there is none) or in `geoms` (2D shapely shapes, None where there is none), in the
    coordinates of `crs`, or of an unknown reference system where that is None.
    `faults` are geometries that could not be read, by row.
    """

    label: str
    format: str
    table: pa.Table
    lines: NDArray[np.int64]
    encoding: str | None = None
    delimiter: str | None = None
    broken: tuple[BrokenRow, ...] = ()
    xy: NDArray[np.float64] | None = None
    geoms: NDArray[np.object_] | None = None
    faults: NDArray[np.bool_] | None = None
    crs: str | None = None
    layers: tuple[str, ...] = ()
    layer: str | None = None
    notes: tuple[str, ...] = field(default=())

    @property
    def has_places(self) -> bool:
        return self.xy is not None or self.geoms is not None


def unique_names(names: Iterable[str]) -> list[str]:
    """Names without line breaks, none empty, none equal to another but for its case.

    GeoPackage compares column names without case; an unnamed third column becomes `Column 3`.
    """
    taken: set[str] = set()
    unique = []
    for number, name in enumerate(names, start=1):
        base = " ".join(name.split()) or f"Column {number}"
        candidate, copy = base, 2
        while candidate.casefold() in taken:
            candidate, copy = f"{base} {copy}", copy + 1
        taken.add(candidate.casefold())
        unique.append(candidate)
    return unique
