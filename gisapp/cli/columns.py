"""Columns of a file that the user named on the command line."""

from __future__ import annotations

from gisapp.errors import DataError


def columns_told(pairs: list[str]) -> dict[str, str]:
    """`FIELD=COLUMN` pairs; DataError naming one that is not."""
    columns = {}
    for pair in pairs:
        field, separator, column = pair.partition("=")
        if not (separator and field.strip() and column):
            raise DataError(
                f"“{pair}” does not say which column a field comes from.",
                "Write --map FIELD=COLUMN, such as --map time=create_time.",
            )
        columns[field.strip()] = column
    return columns
