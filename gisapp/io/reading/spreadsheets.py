"""Workbooks (XLSX, XLS, ODS): the rows of one sheet, every cell as text."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from gisapp.errors import DataError
from gisapp.io.reading.raw_table import RawTable, unique_names

_LOOK_AT = 60


def read_workbook(path: Path, label: str, sheet: str | None = None) -> RawTable:
    """The rows of a sheet, or of the first that holds a table; DataError if none does."""
    import python_calamine

    try:
        workbook = python_calamine.load_workbook(str(path))
        names = list(workbook.sheet_names)
        wanted = [sheet] if sheet is not None else names
        if sheet is not None and sheet not in names:
            raise DataError(f"{label} has no sheet “{sheet}”.", f"Sheets: {', '.join(names)}.")
        found = ((name, workbook.get_sheet_by_name(name).to_python(skip_empty_area=False))
                 for name in wanted)  # fmt: skip
        chosen, rows = next(((n, r) for n, r in found if len(_filled(r)) > 1), ("", []))
    except python_calamine.PasswordError as error:
        raise DataError(f"{label} is locked with a password.", "Save it without one.") from error
    except (DataError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        # The reader is written in Rust: on some damaged files it panics, and a panic is neither
        # an Exception nor a class that could be imported and named here.
        raise DataError(
            f"{label} is damaged or is not a workbook.", "Open it and save it again as XLSX or CSV."
        ) from error
    if not rows:
        raise DataError(f"{label} holds no table.", "Check that a sheet has a header and rows.")
    return _table(rows, label, names, chosen)


def _filled(rows: list[list[Any]]) -> list[list[Any]]:
    return [row for row in rows if any(cell not in ("", None) for cell in row)]


def _table(rows: list[list[Any]], label: str, sheets: list[str], sheet: str) -> RawTable:
    texts = [[_text(cell) for cell in row] for row in rows]
    at = _header_row(texts)
    width = max(
        (i + 1 for row in texts[at:] for i, cell in enumerate(row) if cell is not None), default=0
    )
    header = (texts[at] + [None] * width)[:width]
    kept = [i for i in range(at + 1, len(texts)) if any(texts[i])]
    columns = {
        name: pa.array([(texts[i] + [None] * width)[column] for i in kept], pa.string())
        for column, name in enumerate(unique_names(cell or "" for cell in header))
    }
    if not kept:
        raise DataError(f"{label} has a header but no rows.", "Check that the right sheet is read.")
    notes = []
    before = sum(1 for row in texts[:at] if any(row))
    if before:
        rows_were = "1 row was" if before == 1 else f"{before} rows were"
        notes.append(f"{rows_were} skipped before the header of {label}.")
    if len(sheets) > 1:
        others = ", ".join(name for name in sheets if name != sheet)
        notes.append(f"The sheet “{sheet}” of {label} was read; the others are {others}.")
    return RawTable(
        label=label,
        format="workbook",
        table=pa.table(columns),
        lines=np.array(kept, dtype=np.int64) + 1,
        layers=tuple(sheets),
        layer=sheet,
        notes=tuple(notes),
    )


def _header_row(texts: list[list[str | None]]) -> int:
    """The first row that has at least as many cells filled as most rows below it."""
    filled = [sum(cell is not None for cell in row) for row in texts[:_LOOK_AT]]
    usual = sorted(filled)[len(filled) // 2] if filled else 0
    return next(
        (i for i, count in enumerate(filled) if count >= max(usual, 1) and count > 0),
        0,
    )


def _text(cell: Any) -> str | None:
    """A cell as it would stand in a CSV; None for a blank one."""
    if cell is None or cell in ("", "NULL"):
        return None
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return str(cell)
