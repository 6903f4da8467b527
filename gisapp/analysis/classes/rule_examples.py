"""Conditions to start from, made of a layer's own columns and of what stands in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from gisapp.analysis.classes.expression_checks import written
from gisapp.layers.identifiers import names_things
from gisapp.layers.layer import Layer

#: So many rows are looked at for a value to name, which is no longer than this.
_LOOKED_AT, _LONGEST = 500, 24


def any_rule(layer: Layer, columns: Sequence[str]) -> str:
    """A condition that most rows meet, on one of these columns: `name != ''` or `beds > 0`."""
    for name in columns:
        kind = layer.table.schema.field(name).type
        if _is_text(kind):
            return f"{written(name)} != ''"
        if _is_number(kind):
            return f"{written(name)} > 0"
    name = next(iter(columns), layer.table.column_names[0])
    return f"{written(name)}.notna()"


def rule_hint(layer: Layer, columns: Sequence[str]) -> str:
    """`Such as acres > 95 and name == 'Downtown'.`, and how names with blanks are written."""
    found = (_above(layer, columns), _equal(layer, columns))
    example = " and ".join(one for one in found if one) or any_rule(layer, columns)
    blanks = any("`" in written(name) for name in columns)
    more = " Names with blanks stand in `backticks`." if blanks else ""
    return f"Such as {example}.{more}"


def _above(layer: Layer, columns: Sequence[str]) -> str:
    for name in columns:
        number = _is_number(layer.table.schema.field(name).type)
        values = (
            _first_values(layer, name) if number and not names_things(layer.table, name) else []
        )
        if values:
            return f"{written(name)} > {sorted(values)[len(values) // 2]:.3g}"
    return ""


def _equal(layer: Layer, columns: Sequence[str]) -> str:
    for name in columns:
        if not _is_text(layer.table.schema.field(name).type):
            continue
        for value in _first_values(layer, name):
            if (
                value.strip()
                and len(value) <= _LONGEST
                and value.isprintable()
                and "'" not in value
            ):
                return f"{written(name)} == '{value}'"
    return ""


def _first_values(layer: Layer, name: str) -> list[Any]:
    values = layer.table.column(name).slice(0, _LOOKED_AT).drop_null().to_pylist()
    return [value for value in values if value == value]  # NaN is not


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))
