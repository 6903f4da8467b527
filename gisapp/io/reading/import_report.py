"""What became of the rows of an import, and the list of those that did not come in."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, overload

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from gisapp.io.reading.raw_table import BrokenRow
from gisapp.io.safe_files import safe_cell, written


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row without a usable place: where it stands, why, and its values as they were."""

    file: str
    line: int
    reason: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class RejectedRows(Sequence[RejectedRow]):
    """Rejected rows in the order of the files, made into objects only when looked at.

    Columns that point at a person are not in it. `broken` rows, which do not fit the table,
    come last, with their cells numbered.
    """

    table: pa.Table = field(default_factory=lambda: pa.table({}))
    files: tuple[str, ...] = ()
    file_index: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    lines: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    reasons: tuple[str, ...] = ()
    reason_index: NDArray[np.uint8] = field(default_factory=lambda: np.zeros(0, dtype=np.uint8))
    broken: tuple[BrokenRow, ...] = ()

    def __len__(self) -> int:
        return len(self.lines) + len(self.broken)

    @property
    def names(self) -> tuple[str, ...]:
        """What the values of all rows are called: columns, then cells of rows that do not fit."""
        widest = max((len(row.cells) for row in self.broken), default=0)
        columns = self.table.column_names if len(self.lines) else ()
        return (*columns, *(f"Cell {number}" for number in range(1, widest + 1)))

    @overload
    def __getitem__(self, index: int) -> RejectedRow: ...
    @overload
    def __getitem__(self, index: slice) -> list[RejectedRow]: ...
    def __getitem__(self, index: int | slice) -> RejectedRow | list[RejectedRow]:
        if isinstance(index, slice):
            return [self._row(at) for at in range(*index.indices(len(self)))]
        if not -len(self) <= index < len(self):
            raise IndexError(index)
        return self._row(index % len(self))

    def __iter__(self) -> Iterator[RejectedRow]:
        return (self._row(at) for at in range(len(self)))

    def _row(self, at: int) -> RejectedRow:
        if at >= len(self.lines):
            row = self.broken[at - len(self.lines)]
            cells = {f"Cell {number}": cell for number, cell in enumerate(row.cells, start=1)}
            return RejectedRow(row.file, row.line, row.reason, cells)
        values = {
            name: "" if (value := self.table[name][at].as_py()) is None else str(value)
            for name in self.table.column_names
        }
        return RejectedRow(
            self.files[self.file_index[at]],
            int(self.lines[at]),
            self.reasons[self.reason_index[at]],
            values,
        )


@dataclass(frozen=True, slots=True)
class ImportReport:
    """`read` rows stood in the files; `added` have a usable place and are in the layer.

    `reasons` counts the rejected by reason. `time_range` is the first and last moment of the
    rows added, in ISO 8601 with their offset. `duplicates` are rows equal to an earlier one in
    every column; they are kept.
    """

    read: int
    added: int
    rejected: int
    reasons: Mapping[str, int]
    crs: str
    time_range: tuple[str, str] | None
    duplicates: int
    layer: str
    rejected_rows: RejectedRows = field(default_factory=RejectedRows)
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The keys that the command line promises, and the notes."""
        return {
            "read": self.read,
            "added": self.added,
            "rejected": self.rejected,
            "reasons": dict(self.reasons),
            "crs": self.crs,
            "time_range": list(self.time_range) if self.time_range else None,
            "duplicates": self.duplicates,
            "layer": self.layer,
            "notes": list(self.notes),
        }

    @property
    def why_rejected(self) -> str:
        """The reasons in words; each with its count where there are several."""
        if len(self.reasons) == 1:
            return next(iter(self.reasons))
        return "; ".join(f"{count:,} with {reason}" for reason, count in self.reasons.items())

    def in_words(self) -> str:
        """The report as a few lines of text."""
        lines = [f"{self.layer}: {self.read:,} rows read, {self.added:,} added."]
        if self.rejected:
            lines.append(f"{self.rejected:,} left out: {self.why_rejected}.")
        if self.duplicates:
            are = "row is" if self.duplicates == 1 else "rows are"
            lines.append(f"{self.duplicates:,} {are} equal to an earlier one; all are kept.")
        if self.time_range:
            first, last = (moment.replace("T", " ") for moment in self.time_range)
            lines.append(f"From {first} to {last}.")
        return "\n".join((*lines, *self.notes))


def write_rejected(report: ImportReport, path: Path) -> None:
    """Write the rejected rows as CSV: file, line, reason and their values.

    Safe to open in a spreadsheet: no cell of it is taken for a formula. Raises ExportError
    where the file cannot be written; whatever stood there is then untouched.
    """
    rows = list(report.rejected_rows)
    names = list(dict.fromkeys(name for row in rows for name in row.values))
    with (
        written(path) as target,
        # With the mark, spreadsheets take the text for the UTF-8 it is.
        target.open("w", encoding="utf-8-sig", newline="") as file,
    ):
        writer = csv.writer(file)
        writer.writerow(["File", "Line", "Reason", *map(safe_cell, names)])
        for row in rows:
            values = (_cell(row.values.get(name, "")) for name in names)
            writer.writerow([safe_cell(row.file), row.line, row.reason, *values])


def rejected_words(path: Path) -> str:
    """Where rejected rows were written, and whom such a file is for."""
    return f"Rows left out are in {path}, one by one: for police analysts only."


def _cell(text: str) -> str:
    """A negative number may stay one; all else that could be a formula may not."""
    try:
        float(text)
    except ValueError:
        return safe_cell(text)
    return text
