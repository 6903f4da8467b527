"""`--where`: rows chosen by a condition on columns, read as a condition and never run as code.

The way of writing is that of pandas (`kind == 'needle exchange' and beds > 3`), but only
comparisons of columns and values, a few tests of text, and and/or/not: nothing that could reach
files or programs.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from gisapp.analysis.classes.expression_checks import check_compared, check_inside, written
from gisapp.analysis.classes.expression_times import Unclear
from gisapp.analysis.classes.expression_values import TURNED, Cells, Words, series_of
from gisapp.errors import DataError
from gisapp.layers.layer import Layer
from gisapp.layers.vocabulary import LayerKind

Mask = NDArray[np.bool_]

_LONGEST = 2_000
_COMPARISONS: Mapping[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_TEXT_TESTS = ("contains", "startswith", "endswith", "match", "fullmatch")
_TEXT_CHANGES = ("lower", "upper", "strip", "len")
_EMPTY_TESTS = ("isna", "isnull", "notna", "notnull")
_TEXT_OPTIONS = ("case", "regex")

#: Texts, names in backticks, and signs that pandas takes for words.
_PARTS = re.compile(r"""('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|`([^`]*)`|([&|~])""")
#: `=` that is not part of `==`, `!=`, `<=` or `>=`.
_SINGLE = re.compile(r"(?<![=!<>])=(?!=)")
#: What files call the place of a row, which is kept beside the table.
_PLACES = frozenset({"lat", "latitude", "lon", "lng", "long", "longitude", "geometry"})
_WORDS = {"&": " and ", "|": " or ", "~": " not "}


def mask_where(layer: Layer, expression: str, *, typed: bool = True) -> Mask:
    """For each row of a layer whether a condition holds; false where a value is missing.

    Columns are named as in the table or by the layer's own fields. DataError where the
    condition cannot be understood; where somebody `typed` it, also where it compares what nobody
    means to compare. One of a project holds then for the rows that pandas finds, or for none: it
    may be older than the rows it is asked of.
    """
    try:
        if len(expression) > _LONGEST:
            raise Unclear(f"it is longer than {_LONGEST:,} characters")
        tree, names = parsed(expression)
        return _Reader(layer, names, typed).condition(tree)
    except _REFUSALS as error:
        raise DataError(
            f"“{expression[:200]}” cannot be used to choose rows: {_reason(error, expression)}.",
            (error.hint if isinstance(error, Unclear) else "") or _general_hint(layer),
        ) from error


def why_unclear(layer: Layer, expression: str) -> str:
    """What `mask_where` says of a condition that somebody typed, without it; empty for nothing."""
    try:
        mask_where(layer, expression)
    except DataError as error:
        return _reason(error.__cause__ or error, expression)
    return ""


def _reason(error: BaseException, expression: str) -> str:
    """What cannot be understood, in words; for what is often written, what to write instead."""
    if isinstance(error, TypeError):
        return "it compares what cannot be compared"
    if not isinstance(error, SyntaxError):
        return str(error)
    if _SINGLE.search(_PARTS.sub(" ", expression)):
        return "write == to compare"
    return error.msg


def _general_hint(layer: Layer) -> str:
    columns = ", ".join(layer.table.column_names)
    return f"Write for instance {_example(layer)}. Columns: {columns}."


def _example(layer: Layer) -> str:
    """A condition on a column of texts that the layer has."""
    named = (layer.fields.get(key) for key in ("service_type", "name"))
    texts = (name for name in layer.table.column_names if Cells(layer.table[name]).is_text)
    column = next((name for name in (*named, *texts) if name), "name")
    column = written(column)
    if layer.kind is LayerKind.SERVICES:
        return f"\"{column} == 'needle exchange'\" or \"{column} in ['pharmacy', 'clinic']\""
    return f"\"{column} == 'a text'\" or \"{column} in ['one', 'another']\""


def parsed(expression: str) -> tuple[ast.expr, dict[str, str]]:
    """The parts of a condition, and what the names in it mean that stood in backticks.

    SyntaxError or ValueError where it is none; nothing is looked up or run.
    """
    quoted: list[str] = []

    def plain(found: re.Match[str]) -> str:
        text, name, sign = found.groups()
        if name is not None:
            quoted.append(name)
            return f" quoted_{len(quoted) - 1} "
        return str(text or _WORDS[sign])

    tree = ast.parse(_PARTS.sub(plain, expression).strip(), mode="eval")
    return tree.body, {f"quoted_{number}": name for number, name in enumerate(quoted)}


def rows_where(layer: Layer, expression: str) -> NDArray[np.int64]:
    """The rows of a layer for which a condition holds, in their order.

    DataError where it cannot be understood, or holds for none.
    """
    chosen = mask_where(layer, expression)
    if not chosen.any():
        raise DataError(
            f"No row of “{layer.name}” matches “{expression[:200]}”.",
            "Check how the values are written in the table.",
        )
    return np.flatnonzero(chosen)


#: What reading a condition can fail with; MemoryError is what Python says of one nested too deep.
_REFUSALS = (
    Unclear,
    SyntaxError,
    TypeError,
    ValueError,
    OverflowError,
    RecursionError,
    MemoryError,
    NotImplementedError,
)

#: What Arrow and pandas fail with where two things cannot be compared.
_NO_ANSWER = (Unclear, TypeError, ValueError, OverflowError, NotImplementedError)


@dataclass(frozen=True, slots=True)
class _Reader:
    layer: Layer
    quoted: Mapping[str, str]
    typed: bool
    #: Columns asked for already: only those that the condition names.
    known: dict[str, Cells] = field(default_factory=dict)

    def condition(self, node: ast.expr) -> Mask:
        """One truth value a row; false where a value is missing."""
        if isinstance(node, ast.BoolOp):
            masks = [self.condition(part) for part in node.values]
            join = np.logical_and if isinstance(node.op, ast.And) else np.logical_or
            return np.asarray(join.reduce(masks), dtype=bool)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return ~self.condition(node.operand)
        if isinstance(node, ast.Compare):
            return self._compared(node)
        found = self._value(node)
        if isinstance(found, Cells) and pa.types.is_boolean(found.column.type):
            if found.column.null_count:
                raise Unclear("some of its values are missing; compare it with True")
            return np.asarray(found.column.to_numpy(), dtype=bool)
        if not isinstance(found, np.ndarray) or found.dtype.kind != "b":
            raise Unclear("it is no condition")
        return found

    def _compared(self, node: ast.Compare) -> Mask:
        result = np.ones(len(self.layer), dtype=bool)
        left = self._value(node.left)
        for sign, right_node in zip(node.ops, node.comparators, strict=True):
            right = self._value(right_node)
            result &= self._holds(sign, left, right)
            left = right
        return result

    def _holds(self, sign: ast.cmpop, left: Any, right: Any) -> Mask:
        if isinstance(right, list) and isinstance(left, Cells | Words):
            inside = self._inside(left, right)
            if isinstance(sign, ast.In | ast.Eq):
                return inside
            if isinstance(sign, ast.NotIn | ast.NotEq):
                return ~inside
        elif type(sign) in _COMPARISONS and not isinstance(left, list):
            found = self._held(sign, left, right)
            if found is not None:
                return found
        raise Unclear("it does not compare a column with values")

    def _held(self, sign: ast.cmpop, left: Any, right: Any) -> Mask | None:
        if self.typed:
            return _held(sign, left, right)
        try:
            return _held(sign, left, right, check=False)
        except _NO_ANSWER:
            return np.full(len(self.layer), isinstance(sign, ast.NotEq))

    def _inside(self, column: Cells | Words, values: list[Any]) -> Mask:
        if self.typed:
            check_inside(column, values)
            return _inside(column, values)
        try:
            return _inside(column, values)
        except _NO_ANSWER:
            return np.zeros(len(self.layer), dtype=bool)

    def _value(self, node: ast.expr) -> Any:
        """A column, a text, a number, or a list of those."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str | int | float | bool):
            return node.value
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            value = self._value(node.operand)
            if isinstance(value, int | float):
                return -value
        if isinstance(node, ast.List | ast.Tuple):
            return [self._value(part) for part in node.elts]
        if isinstance(node, ast.Name):
            return self._column(self.quoted.get(node.id, node.id))
        if isinstance(node, ast.Call):
            return self._called(node)
        raise Unclear(f"“{ast.unparse(node)[:80]}” is no column, text or number")

    def _column(self, name: str) -> Cells:
        for column in (name, self.layer.fields.get(name)):
            if column is not None and column in self.layer.table.column_names:
                if column not in self.known:
                    self.known[column] = Cells(self.layer.table[column], column, self.typed)
                return self.known[column]
        if name.lower() in _PLACES:
            raise Unclear(f"“{name}” is a part of the place, which is no column; select on the map")
        for column in self.layer.table.column_names:
            if column.casefold() == name.casefold():
                raise Unclear(f"there is no column “{name}”", f"Write {written(column)}.")
        raise Unclear(f"there is no column “{name}”; if it is text, write '{name}' in quotes")

    def _called(self, node: ast.Call) -> Any:
        """`column.isna()`, `.isin([…])`, `.str.contains('x')` and their like; nothing else."""
        method = node.func
        if not isinstance(method, ast.Attribute):
            raise _not_here(node)
        if method.attr in _EMPTY_TESTS and not node.args and not node.keywords:
            column = self._value(method.value)
            if isinstance(column, Cells | Words):
                missing = column.missing() if isinstance(column, Cells) else _no(column)
                return missing if method.attr in _EMPTY_TESTS[:2] else ~missing
        if method.attr == "isin" and len(node.args) == 1 and not node.keywords:
            column, values = self._value(method.value), self._value(node.args[0])
            if isinstance(column, Cells | Words) and isinstance(values, list):
                return self._inside(column, values)
        of = method.value
        if isinstance(of, ast.Attribute) and of.attr == "str":
            return self._text(self._value(of.value), method.attr, node)
        raise _not_here(node)

    def _text(self, column: Any, method: str, node: ast.Call) -> Any:
        if not isinstance(column, Cells | Words):
            raise Unclear("only the text of a column can be looked into")
        if method in _TEXT_CHANGES and not node.args and not node.keywords:
            words = _words(column)
            return words.changed(getattr(words.different.str, method)())
        wanted = [self._value(argument) for argument in node.args]
        options = {str(word.arg): self._value(word.value) for word in node.keywords}
        known = all(name in _TEXT_OPTIONS and isinstance(options[name], bool) for name in options)
        if method in _TEXT_TESTS and known and len(wanted) == 1 and isinstance(wanted[0], str):
            if isinstance(column, Cells):
                found = column.literally(method, wanted[0], options)
                if found is not None:
                    return found
            return _words(column).tested(method, wanted[0], options)
        raise _not_here(node)


def _not_here(node: ast.expr) -> Unclear:
    can = "a column can be asked .isin([…]), .isna(), .notna() and .str.contains('…')"
    return Unclear(f"“{ast.unparse(node)[:80]}” cannot be done here; {can}")


def _words(column: Cells | Words) -> Words:
    if isinstance(column, Cells):
        return column.words()
    return column.changed(column.different.astype("str"))


def _no(column: Words) -> Mask:
    return column.each(column.different.isna())


def _inside(column: Cells | Words, values: list[Any]) -> Mask:
    if isinstance(column, Words):
        return column.each(column.different.isin(values))
    found = column.inside(values)
    return np.asarray(column.series.isin(values), dtype=bool) if found is None else found


def _held(sign: ast.cmpop, left: Any, right: Any, *, check: bool = True) -> Mask | None:
    """Which rows compare so: by Arrow, else by pandas; None where there is no column.

    Unclear where no row could ever compare so, and for times that cannot be read.
    """
    if check and isinstance(left, Cells | Words):
        check_compared(left, type(sign), right)
    elif check and isinstance(right, Cells | Words):
        check_compared(right, TURNED[type(sign)], left)
    found = None
    if isinstance(left, Cells):
        found = left.compared(type(sign), right)
    elif isinstance(right, Cells) and not isinstance(left, Words):
        found = right.compared(TURNED[type(sign)], left)
    if found is not None:
        return found
    compare = _COMPARISONS[type(sign)]
    if isinstance(left, Words) and not isinstance(right, Cells | Words):
        return left.each(compare(left.different, right))
    answers = compare(series_of(left), series_of(right))
    return np.asarray(answers.fillna(False), dtype=bool) if hasattr(answers, "fillna") else None
