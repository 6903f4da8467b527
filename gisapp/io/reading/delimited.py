"""Delimited text: which encoding, delimiter, header and line ends a file has, and its rows.

Everything is read as text; what a column means is decided later. Arrow's reader does the work; a
file with rows of the wrong length is read row by row instead, so that each can be named.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
from numpy.typing import NDArray

from gisapp.errors import DataError
from gisapp.io.reading import large_text
from gisapp.io.reading.raw_table import BrokenRow, RawTable, unique_names
from gisapp.progress import Progress, breathe

DELIMITERS = (",", ";", "\t", "|", "¬")
WRONG_CELLS = "wrong number of cells"
_SAMPLE = 200_000
_SAMPLE_ROWS = 400
#: Arrow parses the text in blocks of so many bytes.
_BLOCK = 1 << 22
#: Stands in for a delimiter that is more than one byte in UTF-8.
_UNIT_SEPARATOR = "\x1f"
#: Literal texts that databases write for "nothing here".
BLANKS = ("", "NULL")

# Outlines written as WKT are longer than the 128 kB that the csv module allows a cell.
csv.field_size_limit(sys.maxsize)


@dataclass(frozen=True, slots=True)
class _Header:
    """Names of the columns, where the rows start in the text, and on which line."""

    names: list[str]
    offset: int
    lines: int
    skipped: int


def read_delimited(data: bytes, label: str) -> RawTable:
    """The rows of a delimited file, every cell as text; DataError if it holds no table."""
    text, encoding = _as_utf8(data, label)
    if not text.strip():
        raise DataError(f"{label} is empty.", "Check that it was copied or exported whole.")
    if b"\n" not in text:
        text = text.replace(b"\r", b"\n")
    sample = _sample(text)
    delimiter = _delimiter(sample)
    header = _header(sample, delimiter)
    if header is None:
        raise DataError(f"{label} holds no table.", "Check that it was exported whole.")
    body = memoryview(text)[header.offset :]
    table, lines_of, broken = _rows(body, delimiter, header, label)
    if not table.num_rows and not broken:
        raise DataError(f"{label} has a header but no rows.", "Check that it was exported whole.")
    return RawTable(
        label=label,
        format="CSV",
        table=table,
        lines=lines_of,
        encoding=encoding,
        delimiter=delimiter,
        broken=broken,
        notes=_header_notes(header, label),
    )


def read_large(path: Path, label: str, progress: Progress) -> RawTable | None:
    """The same for a large file, read in pieces; None where it has to be read whole.

    That is so when it is not plain UTF-8, or has rows that do not fit the table.
    """
    said = f"Reading {label}"
    look = large_text.survey(path, said, progress.part(0.0, 0.2))
    if look is None:
        return None
    with path.open("rb") as file:
        sample = _sample(file.read(_SAMPLE * 21))
    delimiter = _delimiter(sample)
    header = _header(sample, delimiter)
    if header is None or len(delimiter.encode()) > 1:
        return None
    misfits: list[object] = []

    def on_misfit(row: object) -> str:
        misfits.append(row)
        return "skip"

    options = pacsv.ParseOptions(
        delimiter=delimiter,
        newlines_in_values=look.quoted,
        invalid_row_handler=on_misfit,
    )

    def parse(file: pa.NativeFile) -> pa.Table:
        return _read_csv(file, header.names, options, _BLOCK, threads=True)

    try:
        table = large_text.parsed(
            path, header.offset, look.size, said, progress.part(0.2, 1.0), parse
        )
    except pa.ArrowInvalid:
        return None
    if misfits or not table.num_rows:
        return None
    if look.lines - header.lines == table.num_rows:
        lines = np.arange(1, table.num_rows + 1)
    else:
        lines = large_text.lines_of(path, header.offset, table.num_rows)
    return RawTable(
        label=label,
        format="CSV",
        table=table,
        lines=lines + header.lines,
        encoding="utf-8",
        delimiter=delimiter,
        notes=_header_notes(header, label),
    )


def _header_notes(header: _Header, label: str) -> tuple[str, ...]:
    if not header.skipped:
        return ()
    lines = "1 line was" if header.skipped == 1 else f"{header.skipped} lines were"
    return (f"{lines} skipped before the header of {label}.",)


def _as_utf8(data: bytes, label: str) -> tuple[bytes, str]:
    """The text as UTF-8 without a byte order mark, and the encoding it was in."""
    if data.startswith(codecs.BOM_UTF8):
        data = data[3:]
        if _is_utf8(data):
            return data, "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _recoded(data, "utf-16", label), "utf-16"
    head = data[:4096]
    if b"\0" in head:
        # Plain text in UTF-16 without a mark has a zero in every other byte.
        even, odd = head[0::2].count(0), head[1::2].count(0)
        if max(even, odd) > len(head) // 4 and min(even, odd) <= len(head) // 50:
            encoding = "utf-16-le" if odd > even else "utf-16-be"
            return _recoded(data, encoding, label), encoding
        raise DataError(
            f"{label} is not text, so not a table.", "Choose a CSV, workbook or map file."
        )
    if _is_utf8(data):
        return data, "utf-8"
    try:
        return _recoded(data, "cp1252", label), "cp1252"
    except DataError:
        return _recoded(data, "latin-1", label), "latin-1"


def _is_utf8(data: bytes) -> bool:
    if data.isascii():
        return True
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(data), 1 << 24):
            decoder.decode(data[start : start + (1 << 24)], final=start + (1 << 24) >= len(data))
    except UnicodeDecodeError:
        return False
    return True


def _recoded(data: bytes, encoding: str, label: str) -> bytes:
    try:
        return data.decode(encoding).encode("utf-8")
    except UnicodeError as error:
        raise DataError(
            f"The text of {label} is damaged or cut short.", "Save it again as CSV in UTF-8."
        ) from error


def _sample(text: bytes) -> str:
    """The first rows; a row cut by the end of the sample is left out, if it is not the only one."""
    if len(text) <= _SAMPLE:
        return text.decode("utf-8")
    end = text.rfind(b"\n", 0, _SAMPLE)
    if end < 0 or text.count(b"\n", 0, end) < 2:
        end = text.find(b"\n", _SAMPLE * 20)
    return text[: end if end > 0 else len(text)].decode("utf-8", errors="ignore")


def _records(sample: str, delimiter: str, limit: int = _SAMPLE_ROWS) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    for number, record in enumerate(reader):
        if number >= limit:
            return
        if number % 20 == 0:
            breathe()
        yield record


def _delimiter(sample: str) -> str:
    """The delimiter that cuts most rows into the same number of cells, and the first row too."""

    def score(delimiter: str) -> float:
        if delimiter not in sample:
            return 0.0
        try:
            widths = [len(record) for record in _records(sample, delimiter) if record]
        except csv.Error:
            return 0.0
        width, count = Counter(widths).most_common(1)[0] if widths else (0, 0)
        if width < 2:
            return 0.0
        misfit = 0.2 if widths[0] != width else 0.0
        return count / len(widths) + min(width, 20) / 100 - misfit

    scores = {delimiter: score(delimiter) for delimiter in DELIMITERS}
    best = max(scores, key=scores.__getitem__)
    return best if scores[best] > 0 else ","


def _is_number(cell: str) -> bool:
    return re.fullmatch(r"\s*-?\d*[.,]?\d+\s*", cell) is not None


def _header(sample: str, delimiter: str) -> _Header | None:
    """The first row that is as wide as most; what stands before it is a preamble.

    A first row of nothing but numbers is no header: either a preamble, where words follow, or
    the first row of a table without one.
    """
    lines = list(io.StringIO(sample, newline=""))
    used = 0

    def feed() -> Iterator[str]:
        nonlocal used
        for line in lines:
            used += 1
            yield line

    records: list[tuple[list[str], int]] = []
    for record in csv.reader(feed(), delimiter=delimiter):
        if any(cell.strip() for cell in record) or len(record) > 1:
            records.append((record, used))
        if len(records) >= 60:
            break
    if not records:
        return None
    width = Counter(len(record) for record, _ in records).most_common(1)[0][0]
    at = next(i for i, (record, _) in enumerate(records) if len(record) == width)
    if width > 1 and all(_is_number(cell) for cell in records[at][0]):
        following = records[at + 1][0] if len(records) > at + 1 else []
        if following and not any(_is_number(cell) for cell in following):
            at += 1
        else:
            lines_before = records[at - 1][1] if at else 0
            return _Header(
                unique_names([""] * width), _bytes(lines, lines_before), lines_before, at
            )
    record, line_count = records[at]
    return _Header(unique_names(record), _bytes(lines, line_count), line_count, at)


def _bytes(lines: list[str], count: int) -> int:
    return sum(len(line.encode("utf-8")) for line in lines[:count])


def _rows(
    body: memoryview, delimiter: str, header: _Header, label: str
) -> tuple[pa.Table, NDArray[np.int64], tuple[BrokenRow, ...]]:
    if len(delimiter.encode()) > 1:
        body = memoryview(bytes(body).replace(delimiter.encode(), _UNIT_SEPARATOR.encode()))
        delimiter = _UNIT_SEPARATOR
    ends = _LineEnds.of(body)
    misfits = 0

    def on_misfit(_: object) -> str:
        nonlocal misfits
        misfits += 1
        return "skip"

    options = pacsv.ParseOptions(
        delimiter=delimiter,
        newlines_in_values=ends.inside_quotes,
        invalid_row_handler=on_misfit,
    )
    try:
        table = _arrow_rows(body, header.names, options)
    except pa.ArrowInvalid:
        # Quotes that do not match up confuse Arrow; the plain reader says which row it is.
        misfits = 1
    if misfits:
        return _rows_one_by_one(bytes(body).decode("utf-8"), delimiter, header, label)
    return table, ends.lines_of(table.num_rows) + header.lines, ()


def _arrow_rows(body: memoryview, names: list[str], options: pacsv.ParseOptions) -> pa.Table:
    if not len(body) or (not bytes(body[:4096]).strip() and not bytes(body).strip()):
        return pa.table({name: pa.array([], pa.string()) for name in names})

    def read(block_size: int) -> pa.Table:
        # One block needs no threads; and Arrow's can abort a program that ends right after.
        threads = len(body) > block_size
        source = pa.BufferReader(pa.py_buffer(body))
        return _read_csv(source, names, options, block_size, threads=threads)

    try:
        return read(_BLOCK)
    except pa.ArrowInvalid:
        # A single row may be longer than a block.
        return read(min(max(len(body) + 1, _BLOCK), 2**31 - 1))


def _read_csv(
    source: pa.NativeFile,
    names: list[str],
    options: pacsv.ParseOptions,
    block_size: int,
    *,
    threads: bool,
) -> pa.Table:
    """All cells as text, null where there is nothing."""
    return pacsv.read_csv(
        source,
        read_options=pacsv.ReadOptions(
            column_names=names, block_size=block_size, use_threads=threads
        ),
        parse_options=options,
        convert_options=pacsv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
            null_values=list(BLANKS),
        ),
    )


@dataclass(frozen=True, slots=True)
class _LineEnds:
    """Where lines end, and which of the ends stand within quotes and so end no row."""

    body: memoryview
    newlines: NDArray[np.int64]
    ends: NDArray[np.int64]

    @classmethod
    def of(cls, body: memoryview) -> _LineEnds:
        data = np.frombuffer(body, dtype=np.uint8)
        newlines = np.flatnonzero(data == 0x0A)
        quotes = np.flatnonzero(data == 0x22)
        open_quote = np.searchsorted(quotes, newlines) % 2 == 1
        return cls(body, newlines, newlines[~open_quote])

    @property
    def inside_quotes(self) -> bool:
        return len(self.ends) != len(self.newlines)

    def lines_of(self, rows: int) -> NDArray[np.int64]:
        """The line each row starts on, counted from 1; empty lines are no rows."""
        size = len(self.body)
        last = size and self.body[size - 1] != 0x0A
        if not self.inside_quotes and len(self.newlines) + last == rows:
            return np.arange(1, rows + 1)
        starts = np.concatenate([[0], self.ends + 1])
        stops = np.append(self.ends, size)
        data = np.frombuffer(self.body, dtype=np.uint8)
        length = stops - starts
        first = data[np.minimum(starts, max(size - 1, 0))]
        starts = starts[(length > 1) | ((length == 1) & (first != 0x0D))]
        if len(starts) != rows:
            return np.arange(1, rows + 1)
        return np.asarray(np.searchsorted(self.newlines, starts) + 1)


def _rows_one_by_one(
    text: str, delimiter: str, header: _Header, label: str
) -> tuple[pa.Table, NDArray[np.int64], tuple[BrokenRow, ...]]:
    """The same by the csv module: rows of the wrong length are set aside with their line."""
    width = len(header.names)
    rows: list[list[str]] = []
    lines: list[int] = []
    broken: list[BrokenRow] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    start = header.lines + 1
    for record in reader:
        if record:
            # Cells that are blank beyond the last column are a trailing delimiter and no harm.
            if len(record) > width and not any(record[width:]):
                record = record[:width]
            if len(record) == width:
                rows.append(record)
                lines.append(start)
            else:
                broken.append(BrokenRow(label, start, WRONG_CELLS, tuple(record)))
        start = header.lines + reader.line_num + 1
    columns = {
        name: pa.array([None if row[i] in BLANKS else row[i] for row in rows], pa.string())
        for i, name in enumerate(header.names)
    }
    return pa.table(columns), np.array(lines, dtype=np.int64), tuple(broken)
