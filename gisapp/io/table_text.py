"""A table of texts as CSV, or parted by tabs for the clipboard."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from gisapp.io.safe_files import safe_cell, written


def as_text(records: Sequence[Sequence[str]]) -> str:
    """Cells parted by tabs; none of them is taken for a formula where it is pasted."""
    out = io.StringIO()
    rows = [[safe_cell(cell) for cell in row] for row in records]
    csv.writer(out, dialect="excel-tab", lineterminator="\n").writerows(rows)
    return out.getvalue()


def write_records(records: Sequence[Sequence[str]], path: Path) -> None:
    """Write cells as CSV, safe to open in a spreadsheet.

    ExportError where the file cannot be written; whatever stood there is then untouched.
    """
    with (
        written(path) as target,
        # With the mark, spreadsheets take the text for the UTF-8 it is.
        target.open("w", encoding="utf-8-sig", newline="") as file,
    ):
        csv.writer(file).writerows([safe_cell(cell) for cell in row] for row in records)
