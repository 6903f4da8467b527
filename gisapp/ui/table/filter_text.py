"""A filter as the text of a pandas query, and such a text as conditions where it is one.

No Qt here. Conditions can always be written as text; of texts only those that say what a
condition says become one, so that nobody's text is changed in meaning.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa

from gisapp.analysis.classes.expression_checks import written
from gisapp.analysis.classes.expression_times import spelled
from gisapp.analysis.classes.expressions import parsed
from gisapp.errors import DataError
from gisapp.ui.table.conditions import (
    OPERATORS,
    ColumnType,
    Condition,
    Operator,
    column_type,
    listed,
    parse_number,
    time_ends,
    two_ends,
    values_in,
    zone_of,
)
from gisapp.ui.table.filter_times import moment_text, parse_time

_SIGNS = {Operator.IS: "==", Operator.AT_LEAST: ">=", Operator.AT_MOST: "<="}
_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)


def text_of(conditions: Sequence[Condition], table: pa.Table) -> str:
    """The conditions, all of which must hold, as one query.

    DataError where a value cannot be read.
    """
    return " and ".join(_text(condition, table) for condition in conditions)


def conditions_of(text: str, table: pa.Table) -> tuple[Condition, ...] | None:
    """The conditions that a query says, None where it says something else."""
    try:
        tree, names = parsed(text)
    except (SyntaxError, ValueError, RecursionError):
        return None
    one = _condition(tree, names, table)
    if one is not None:
        return (one,)
    if not isinstance(tree, ast.BoolOp) or not isinstance(tree.op, ast.And):
        return None
    found = [_condition(part, names, table) for part in tree.values]
    return None if None in found else tuple(part for part in found if part is not None)


def _text(condition: Condition, table: pa.Table) -> str:
    kind = column_type(table[condition.column].type)
    name = written(condition.column)
    if condition.operator in (Operator.EMPTY, Operator.FILLED):
        return _empty(name, kind, condition.operator)
    if kind is ColumnType.TEXT:
        return _of_text(name, condition)
    if kind is ColumnType.TIME:
        return _of_time(name, condition, zone_of(table[condition.column].type))
    if kind is ColumnType.FLAG:
        yes = condition.value.strip().lower() in ("yes", "true", "1")
        return f"{name} == {yes}"
    if condition.operator is Operator.BETWEEN:
        low, high = (_number(parse_number(part)) for part in _ordered(condition.value))
        return f"{low} <= {name} <= {high}"
    return f"{name} {_SIGNS[condition.operator]} {_number(parse_number(condition.value))}"


def _empty(name: str, kind: ColumnType, operator: Operator) -> str:
    if kind is not ColumnType.TEXT:
        return f"{name}.isna()" if operator is Operator.EMPTY else f"{name}.notna()"
    if operator is Operator.EMPTY:
        return f"({name}.isna() or {name}.str.strip() == '')"
    return f"({name}.notna() and {name}.str.strip() != '')"


def _of_text(name: str, condition: Condition) -> str:
    value = condition.value.strip()
    plain = f"{name}.str.strip().str.lower()"
    if condition.operator is Operator.CONTAINS:
        return f"{name}.str.contains({value!r}, case=False, regex=False)"
    if condition.operator is Operator.ONE_OF:
        return f"{plain} in {[part.strip().lower() for part in values_in(value)]!r}"
    if condition.operator is Operator.EXACTLY:
        values = values_in(condition.value)
        return f"{name} == {values[0]!r}" if len(values) == 1 else f"{name} in {values!r}"
    if condition.operator is Operator.IS_NOT:
        return f"({name}.notna() and {plain} != {value.lower()!r})"
    return f"{plain} == {value.lower()!r}"


def _of_time(name: str, condition: Condition, zone: ZoneInfo | None) -> str:
    first, end = (
        None if moment is None else repr(moment_text(moment))
        for moment in time_ends(condition, zone)
    )
    if first is None:
        return f"{name} < {end}"
    return f"{name} >= {first}" if end is None else f"{first} <= {name} < {end}"


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(value)


def _ordered(value: str) -> list[str]:
    return sorted(two_ends(value.strip()), key=parse_number)


# From text


def _condition(node: ast.expr, names: dict[str, str], table: pa.Table) -> Condition | None:
    """The condition whose own text is this one."""
    columns = {names.get(name, name) for name in _named(node)}
    if len(columns) != 1:
        return None
    (column,) = columns
    if column not in table.column_names:
        return None
    kind = column_type(table[column].type)
    values = list(_literals(node))
    wanted = _dumped(node, names)
    for operator in OPERATORS[kind]:
        for value in _values(operator, kind, values):
            condition = Condition(column, operator, value)
            try:
                tree, own = parsed(_text(condition, table))
            except (DataError, SyntaxError, ValueError):
                continue
            if _dumped(tree, own) == wanted:
                return condition
    return None


def _dumped(node: ast.expr, names: dict[str, str]) -> str:
    text = ast.dump(node)
    for quoted, name in names.items():
        text = text.replace(f"id={quoted!r}", f"id={name!r}")
    return text


def _named(node: ast.AST) -> Iterator[str]:
    return (part.id for part in ast.walk(node) if isinstance(part, ast.Name))


def _literals(node: ast.AST) -> Iterator[object]:
    """Texts, numbers and lists in the order in which they are written."""
    if isinstance(node, ast.Constant | ast.List | ast.Tuple | ast.UnaryOp):
        try:
            yield ast.literal_eval(node)
        except ValueError:
            yield from (value for part in ast.iter_child_nodes(node) for value in _literals(part))
        return
    for part in ast.iter_child_nodes(node):
        yield from _literals(part)


def _values(operator: Operator, kind: ColumnType, values: list[object]) -> Iterator[str]:
    """What the value of a condition may have been, given what stands in its text."""
    if not operator.needs_value:
        yield ""
    elif not values:
        return
    elif operator is Operator.BETWEEN:
        if len(values) == 2:
            yield f"{_said(values[0])} to {_said(values[1])}"
            if kind is ColumnType.TIME:
                yield from _times_between(*values)
    elif isinstance(values[0], list):
        yield listed(str(value) for value in values[0])
    elif operator in (Operator.EXACTLY, Operator.ONE_OF):
        yield listed([str(values[0])])
    else:
        yield _said(values[0])


def _times_between(first: object, last: object) -> Iterator[str]:
    try:
        start, end = parse_time(str(first))[0], parse_time(str(last))[0]
    except DataError:
        return
    yield f"{start.date()} to {(end - _DAY).date()}"
    yield f"{spelled(start)} to {spelled(end - _MINUTE)}"


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _number(float(value)) if isinstance(value, int | float) else str(value)
