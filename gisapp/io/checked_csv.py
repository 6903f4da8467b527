"""What applies at many places, or at one, written as CSV."""

from __future__ import annotations

import csv
import io
import os
from collections import deque
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
from numpy.typing import NDArray

from gisapp.analysis.checked_rows import CheckedRows, texts_at
from gisapp.analysis.place_answer import PlaceAnswer
from gisapp.io.checked_file import PlaceTable
from gisapp.io.moment_texts import iso_texts
from gisapp.io.safe_files import safe_cell, written

#: Columns with the agreement's own words.
_OWN = ("suspended_other", "units_bound", "units_not_bound", "agreement_contact")
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
    *_OWN,
)
#: What is said of a service that is nearest: whether it is known to be open.
OPEN, UNKNOWN = "open", "hours not known: call first"
#: So many rows are put in words at a time, on a thread each; all of a million would take a GB.
_SLICE = 100_000
_THREADS = min(4, os.cpu_count() or 1)


def write_many(table: PlaceTable, found: CheckedRows, timezone: str, out: Path) -> None:
    """Write a row for each place that was read, in the order of the file.

    Cells of rows without a time are empty. A last column `id` has the rows' own numbers where the
    file gives them. ExportError where nothing can be written.
    """
    names = COLUMNS if table.ids is None else (*COLUMNS, "id")
    words = _Words(found)
    starts = range(0, len(table.lon), _SLICE)

    def part(start: int) -> pa.Buffer:
        rows = slice(start, start + _SLICE)
        return _lines(table, found, words, timezone, rows)

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


class _Words:
    """Each text that rows may hold, once."""

    def __init__(self, found: CheckedRows) -> None:
        sets, services = found.sets, found.nearest.services
        self.zones = _array(safe_cell(one.zones) for one in sets)
        self.suspended = _array(one.suspended for one in sets)
        self.exceptions = _array(safe_cell(one.exceptions) for one in sets)
        self.not_settled = _array(safe_cell(one.not_settled) for one in sets)
        self.own = [_array(safe_cell(getattr(one, name)) for one in sets) for name in _OWN]
        self.services = _array(safe_cell(one.name) for one in services)
        self.contacts = _array(safe_cell(one.contact) for one in services)
        self.hours = _array((OPEN, UNKNOWN))


def _array(texts: Iterable[str]) -> pa.Array:
    return pa.array(list(texts), pa.string())


def _lines(
    table: PlaceTable, found: CheckedRows, words: _Words, timezone: str, rows: slice
) -> pa.Buffer:
    """Some rows as lines of the CSV."""
    at, near = table.at[rows], found.nearest
    known = ~np.isnat(at)
    which = _numbers(found.which[rows], known)
    nearest, distance = near.which[rows], near.distance_m[rows].round(1)
    served = known & (nearest >= 0)
    service = _numbers(nearest, served)
    columns = [
        pa.array(table.lon[rows]),
        pa.array(table.lat[rows]),
        words.zones.take(which),
        words.suspended.take(which),
        pa.array(table.lines[rows]),
        iso_texts(at, timezone),
        words.exceptions.take(which),
        words.not_settled.take(which),
        words.services.take(service),
        pa.array(distance, mask=~(known & np.isfinite(distance))),
        words.hours.take(_numbers(near.unsure[rows].astype(np.int64), served)),
        words.contacts.take(service),
        *(own.take(which) for own in words.own),
    ]
    names = list(COLUMNS)
    if table.ids is not None:
        columns.append(_safe_cells(table.ids.slice(rows.start, len(at))))
        names.append("id")
    lines = pa.BufferOutputStream()
    plain = pacsv.WriteOptions(include_header=False, batch_size=16_384)
    pacsv.write_csv(pa.table(columns, names=names), lines, plain)
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


def _numbers(values: NDArray[np.int64], known: NDArray[np.bool_]) -> pa.Array:
    return pa.array(values, mask=~known)


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
        *(getattr(there, name) for name in _OWN),
    ]
    writer.writerow([safe_cell(cell) if isinstance(cell, str) else cell for cell in row])
    with written(out) as target:
        target.write_text(text.getvalue(), encoding="utf-8")
