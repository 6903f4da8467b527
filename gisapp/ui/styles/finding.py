"""Look-ups of the style editor, for any thread: classes found in a column, rows in each class."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gisapp.analysis.classes.expressions import mask_where
from gisapp.analysis.classes.making import Vary, categories_of, graduated
from gisapp.analysis.classes.symbology import class_numbers
from gisapp.layers.identifiers import names_things
from gisapp.layers.layer import FIELDS, Layer
from gisapp.layers.symbology import Scheme, Symbology
from gisapp.tasks import Task

#: Fields that say what kind of thing a row is, those that say it best first.
_KIND_ROLES = ("service_type", "road_class", "activity", "outcome", "purpose")
#: So many rows tell how many values a column has, quickly enough for a window to wait.
_LOOKED_AT = 2_000
#: Whole numbers of which so large a share is different, among at least so many, number the rows …
_DIFFERENT, _SEVERAL = 0.95, 20
#: … unless the name says that something was counted or measured.
_AMOUNT = re.compile(
    r"pop|people|persons|residents|households|jobs|total|count|sum|amount|income|value|price|rate"
    r"|area|length|distance|height",
    re.IGNORECASE,
)


def columns_of(layer: Layer) -> list[tuple[str, str]]:
    """The columns that rows may be told apart by, as (label, column), those known by name first.

    Of events only the fields their kind knows: what else a file held may point at a person.
    Times come last, for hardly two rows have the same.
    """
    names = layer.table.column_names
    known = [(f.label, layer.fields[f.name]) for f in FIELDS[layer.kind] if f.name in layer.fields]
    found = [(f"{label} ({name})", name) for label, name in known if name in names]
    if not layer.is_events:
        used = {name for _, name in found}
        found += [(name, name) for name in names if name not in used]
    schema = layer.table.schema
    return sorted(found, key=lambda one: pa.types.is_timestamp(schema.field(one[1]).type))


def first_column(layer: Layer) -> str | None:
    """The column to begin with where rows are told apart by category.

    The field that says what kind of thing a row is; else the text with the fewest values, but
    more than one, as the first rows have it. None where a layer has neither.
    """
    names = [name for _, name in columns_of(layer)]
    for role in _KIND_ROLES:
        if layer.fields.get(role) in names:
            return layer.fields[role]
    texts = [name for name in names if _holds_text(layer, name)]
    values = {name: _values_in(layer, name) for name in texts}
    several = [name for name in texts if values[name] > 1]
    return min(several, key=values.__getitem__, default=None)


def _holds_text(layer: Layer, name: str) -> bool:
    kind = layer.table.schema.field(name).type
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_boolean(kind)
    )


def _values_in(layer: Layer, name: str) -> int:
    """How many different values the first rows have."""
    return len(layer.table.column(name).slice(0, _LOOKED_AT).drop_null().unique())


def number_columns_of(layer: Layer) -> list[tuple[str, str]]:
    """Those of the columns that hold numbers.

    Those that seem to number the rows come after the others, those whose numbers are names last.
    """

    def holds_numbers(name: str) -> bool:
        kind = layer.table.schema.field(name).type
        return bool(
            pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
        )

    found = [(label, name) for label, name in columns_of(layer) if holds_numbers(name)]
    return sorted(
        found,
        key=lambda one: (names_things(layer.table, one[1]), _numbers_rows(layer, one[1])),
    )


def _numbers_rows(layer: Layer, name: str) -> bool:
    """Whether nearly each of the first rows has a whole number of its own, as with identifiers."""
    if name in layer.fields.values() or _AMOUNT.search(name):
        return False
    column = layer.table.column(name).slice(0, _LOOKED_AT).drop_null()
    if len(column) < _SEVERAL or len(column.unique()) < _DIFFERENT * len(column):
        return False
    return pa.types.is_integer(column.type) or bool(
        pc.all(pc.equal(column, pc.floor(column))).as_py()
    )


def left_out_in_words(layer: Layer) -> str:
    """Why not every column of a layer is offered; empty where each is."""
    left_out = len(layer.table.column_names) - len(columns_of(layer))
    if not left_out:
        return ""
    others = "1 other column is" if left_out == 1 else f"{left_out} other columns are"
    what = layer.kind.value
    return (
        f"{others} not offered: of {what} only columns of a known meaning are, for others may "
        "point at a person."
    )


def no_numbers_in_words(layer: Layer) -> str:
    """That no column can be shown by amount, and why."""
    left_out, offered = left_out_in_words(layer), len(columns_of(layer))
    if not left_out:
        return "No column of this layer holds numbers."
    if not offered:
        return left_out
    columns = "The one column" if offered == 1 else f"None of the {offered} columns"
    holds = "that is offered holds no numbers" if offered == 1 else "that are offered holds numbers"
    return f"{columns} {holds}. {left_out}"


def find_categories(layer: Layer, column: str) -> Task[Symbology]:
    """The commonest values of a column, each a class."""
    return Task(
        "Finding values",
        lambda _: categories_of(layer, column),
        reads=frozenset({layer.id}),
    )


def find_ranges(
    layer: Layer, column: str, scheme: Scheme, classes: int, vary: Vary
) -> Task[Symbology]:
    """The numbers of a column in ranges, shown by what varies."""
    return Task(
        "Finding classes",
        lambda _: graduated(layer, column, scheme, classes, vary=vary),
        reads=frozenset({layer.id}),
    )


def count_rows(layer: Layer, symbology: Symbology) -> Task[tuple[int, ...]]:
    """How many rows are in each class, drawn or not, and last how many in none."""

    def work(_: object) -> tuple[int, ...]:
        seen = tuple(replace(one, visible=True) for one in symbology.classes)
        asked = replace(symbology, classes=seen, others="all others")
        numbers = class_numbers(layer, asked)
        return tuple(np.bincount(numbers, minlength=len(seen) + 1).tolist())

    return Task("Counting classes", work, reads=frozenset({layer.id}))


def try_rule(layer: Layer, where: str) -> Task[int]:
    """How many rows meet a condition; DataError where it cannot be understood."""
    return Task(
        "Trying a condition",
        lambda _: int(mask_where(layer, where).sum()),
        reads=frozenset({layer.id}),
    )
