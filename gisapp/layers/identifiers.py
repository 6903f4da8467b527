"""Columns whose numbers are names: postal codes, case numbers, years. Nobody adds them up."""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

#: Words of a name: `CaseNumber` and `case_number` are both case and number.
_WORDS = re.compile(r"[A-ZÄÖÜ]+(?![a-zäöüß])|[A-ZÄÖÜ]?[a-zäöüß]+")
#: Words for numbers that are counted or measured by nobody.
_NAMING = re.compile(
    "ids?|uu?id|[ofg]id|objectid|geoid|fips|key|no|nr|num|number|code|ref|refno|reference|case|incident|"
    "year|yr|zip|zipcode|postcode|plz|phone|tel|badge|beat|tract|precinct|district|ward"
)
_YEAR_WORDS = frozenset({"year", "years", "yr", "jahr"})
#: So many rows that might all hold years do; of fewer they may hold anything.
_SEVERAL = 3
#: So many rows are looked at first.
_FIRST = 1_000


def identifiers(table: pa.Table) -> tuple[str, ...]:
    """Columns whose numbers name a thing or a year, so that they are read without separators.

    By the last word of their name, as `case_no` or `ObjectId`; and whole numbers that all lie
    between 1900 and 2100, which are years where a word of the name says so (`year_built`) or
    there are several rows.
    """
    return tuple(name for name in table.column_names if names_things(table, name))


def names_things(table: pa.Table, name: str) -> bool:
    """Whether a column holds numbers, and these name things or years."""
    column = table[name]
    whole = pa.types.is_integer(column.type)
    if not whole and not pa.types.is_floating(column.type):
        return False
    words = _WORDS.findall(name)
    if words and _NAMING.fullmatch(words[-1].casefold()):
        return True
    if not whole:
        return False
    # The first rows say of most columns that they hold no years: ten millions are read for few.
    if not (_may_be_years(column.slice(0, _FIRST)) and _may_be_years(column)):
        return False
    named = any(word.casefold() in _YEAR_WORDS for word in words)
    known = len(column) - column.null_count
    return bool(known >= (1 if named else _SEVERAL))


def _may_be_years(column: pa.ChunkedArray) -> bool:
    """Whether no number lies before 1900 or after 2100."""
    ends = pc.min_max(column).as_py()
    return ends["min"] is None or (ends["min"] >= 1900 and ends["max"] <= 2100)
