"""What applies at many places, or at one, written as CSV."""

from __future__ import annotations

import csv
import io
import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from gisapp.analysis.look_ups.checked_rows import CheckedRows, texts_at
from gisapp.analysis.look_ups.place_answer import PlaceAnswer
from gisapp.io.checked_columns import OWN, CheckedColumns
from gisapp.io.checked_file import PlaceTable
from gisapp.io.moment_texts import iso_texts
from gisapp.io.safe_files import safe_cell, written

#: Columns of what is written; the first four are as they always were.
COLUMNS = (
    "lon",
    "lat",
    "zones",
    "suspended",
    "line",
    "at",
    "exceptions",
    "not_settled",
    "nearest_service",
    "distance_m",
    "service_hours",
    "referral_contact",
    *OWN,
)
#: So many rows are put in words at a time, on a thread each; all of a million would take a GB.
_SLICE = 100_000
_THREADS = min(4, os.cpu_count() or 1)


def write_many(table: PlaceTable, found: CheckedRows, timezone: str, out: Path) -> None:
    """Write a row for each place that was read, in the order of the file.

    Cells of rows without a time are empty. A last column `id` has the rows' own numbers where the
    file gives them. ExportError where nothing can be written.
    """
    names = COLUMNS if table.ids is None else (*COLUMNS, "id")
    columns = CheckedColumns(found, safe_cell)
    starts = range(0, len(table.lon), _SLICE)

    def part(start: int) -> pa.Buffer:
        return _lines(table, columns, timezone, slice(start, start + _SLICE))

    with written(out) as target, pa.OSFile(str(target), "wb") as file:
        file.write((",".join(names) + "\n").encode())
        with ThreadPoolExecutor(_THREADS, thread_name_prefix="gisapp-csv") as threads:
            # One more than there are threads, so that none waits while a part is written, and
            # what is not yet written does not pile up.
            ahead = deque(threads.submit(part, start) for start in starts[: _THREADS + 1])
            for start in [*starts[_THREADS + 1 :], *[None] * len(ahead)]:
                lines = ahead.popleft().result()
                if start is not None:
                    ahead.append(threads.submit(part, start))
                file.write(lines)


def _lines(table: PlaceTable, found: CheckedColumns, timezone: str, rows: slice) -> pa.Buffer:
    """Some rows as lines of the CSV."""
    at = table.at[rows]
    columns = found.of(rows, ~np.isnat(at)) | {
        "lon": pa.array(table.lon[rows]),
        "lat": pa.array(table.lat[rows]),
        "line": pa.array(table.lines[rows]),
        "at": iso_texts(at, timezone),
    }
    names = list(COLUMNS)
    if table.ids is not None:
        names.append("id")
        columns["id"] = _safe_cells(table.ids.slice(rows.start, len(at)))
    lines = pa.BufferOutputStream()
    plain = pacsv.WriteOptions(include_header=False, batch_size=16_384)
    pacsv.write_csv(pa.table([columns[name] for name in names], names=names), lines, plain)
    return lines.getvalue()


def _safe_cells(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """The texts as `safe_cell` makes each of them; they themselves where none is a formula."""
    unsafe = pc.or_(
        pc.match_substring_regex(texts, r"^[\t\r\n]"),
        pc.match_substring_regex(pc.utf8_ltrim_whitespace(texts), "^[=+@＝＋－＠-]"),
    )
    if not pc.any(unsafe).as_py():
        return texts
    return pc.if_else(unsafe, pc.binary_join_element_wise("'", texts, ""), texts)


def write_one(answer: PlaceAnswer, out: Path) -> None:
    """Write the answer for one place as a row of the same table."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    near = answer.services[0] if answer.services else None
    there = texts_at(answer)
    row = [
        answer.lon,
        answer.lat,
        there.zones,
        there.suspended,
        1,
        answer.at.isoformat(),
        there.exceptions,
        there.not_settled,
        near.name if near else "",
        round(near.distance_m, 1) if near else "",
        near.opening_in_words if near else "",
        near.referral_contact if near else "",
        *(getattr(there, name) for name in OWN),
    ]
    writer.writerow([safe_cell(cell) if isinstance(cell, str) else cell for cell in row])
    with written(out) as target:
        target.write_text(text.getvalue(), encoding="utf-8")
