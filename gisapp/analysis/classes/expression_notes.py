"""What a condition means that may not be what was meant: days that are taken at their midnight.

`day <= '2018-10-28'` holds for nothing after 00:00 of that day, and `day > '2018-10-28'` for all
of the rest of it, in pandas as here. It may be meant so; whoever writes it is told.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from gisapp.analysis.classes.expression_checks import written
from gisapp.analysis.classes.expression_times import doubt, spelled, whole_of
from gisapp.analysis.classes.expression_values import TURNED, Cells
from gisapp.analysis.classes.expressions import Mask, parsed
from gisapp.layers.agreement import day_in_words
from gisapp.layers.layer import Layer


def notes_on(layer: Layer, expression: str, rows: Mask | None = None) -> tuple[str, ...]:
    """What to know of a condition that can be read, a sentence each: `mask_where` refuses others.

    Only where the layer has rows in question (of those where the mask `rows` is true); each time
    once.
    """
    tree, quoted = parsed(expression)
    notes: dict[str, None] = {}
    for name, sign, text in _compared(tree, quoted):
        column, ends = _column(layer, name), whole_of(text)
        if sign not in (ast.LtE, ast.Gt) or column is None or ends is None:
            continue
        if not _has_more(column, rows, *ends):
            continue
        notes[_note(column, sign, *ends)] = None
    return tuple(notes)


def finer_than_months(layer: Layer, expression: str) -> str:
    """The first column of times that a condition cuts elsewhere than where a month begins.

    Empty where it cuts none so. Parts of times, such as `day.hour`, are no moments.
    """
    tree, quoted = parsed(expression)
    for name, sign, text in _compared(tree, quoted):
        column, ends = _column(layer, name), whole_of(text)
        month_begins = ends is not None and ends[0].day == 1
        if column is not None and not (month_begins and sign in (ast.Lt, ast.GtE)):
            return column.name
    return ""


def _compared(
    tree: ast.expr, quoted: Mapping[str, str]
) -> Iterator[tuple[str, type[ast.cmpop], str]]:
    """Columns and the texts they are compared with, as if the column always stood first.

    The text is empty where it is anything else.
    """
    for node in ast.walk(tree):
        if not isinstance(node, ast.Compare):
            continue
        sides = [node.left, *node.comparators]
        for left, op, right in zip(sides, node.ops, sides[1:], strict=False):
            turned = TURNED.get(type(op), type(op))
            for column, sign, other in ((left, type(op), right), (right, turned, left)):
                if isinstance(column, ast.Name):
                    text = other.value if isinstance(other, ast.Constant) else ""
                    named = quoted.get(column.id, column.id)
                    yield named, sign, text if isinstance(text, str) else ""


def _column(layer: Layer, name: str) -> Cells | None:
    """The column of times that a name means, as `mask_where` finds it."""
    for column in (name, layer.fields.get(name)):
        if column is not None and column in layer.table.column_names:
            found = Cells(layer.table[column], column)
            return found if found.is_time else None
    return None


def _has_more(column: Cells, rows: Mask | None, first: datetime, end: datetime) -> bool:
    """Whether a row lies between the first moment of a day, month or year and its end."""
    times = column.column if rows is None else column.column.filter(pa.array(rows))
    later = pc.greater(times, column.at_wall(first))
    return bool(pc.any(pc.and_(later, pc.less(times, column.at_wall(end)))).as_py())


def _note(column: Cells, sign: type[ast.cmpop], first: datetime, end: datetime) -> str:
    name, midnight = column.name, f"00:00 on {day_in_words(first.date())}"
    days = (end - first).days
    span = "day" if days == 1 else "month" if days < 32 else "year"
    after, shown = f"'{_first_after(column, end)}'", written(name)
    if sign is ast.LtE:
        return f"“{name}” up to {midnight}: for the whole {span} write {shown} < {after}."
    return f"“{name}” after {midnight}: to leave out the whole {span} write {shown} >= {after}."


def _first_after(column: Cells, midnight: datetime) -> str:
    """The first moment from a midnight on, as the column lets it be written.

    Where clocks go forward over midnight it never comes; where they go back, it may come twice.
    """
    zone = column.column.type.tz
    doubtful = doubt(midnight, ZoneInfo(zone)) if zone else None
    first = doubtful.meant[0] if doubtful is not None else spelled(midnight)
    return first.removesuffix(" 00:00")
