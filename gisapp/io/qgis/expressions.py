"""Conditions on columns as QGIS writes them, so that a rule chooses the same rows there.

Ours are `analysis.classes.expressions`: a missing value meets no comparison but `!=`, and `not`
turns that round. In QGIS a missing value makes a condition neither true nor false, so the
difference is written out. What has no equal there is refused, never written nearly right.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from gisapp.analysis.classes.expressions import parsed
from gisapp.layers.layer import Layer

_SIGNS: Mapping[type[ast.cmpop], str] = {
    ast.Eq: "=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_CHANGES = {"lower": "lower", "upper": "upper", "strip": "trim", "len": "length"}


class NoEqual(Exception):
    """A condition, or a part of one, that cannot be said in QGIS."""


def quoted_name(column: str) -> str:
    """A column as QGIS writes it."""
    return '"' + column.replace('"', '""') + '"'


def quoted_text(text: str) -> str:
    """A text as QGIS writes it."""
    plain = text.replace("\\", "\\\\").replace("'", "''")
    return "'" + plain.replace("\n", "\\n").replace("\t", "\\t") + "'"


def number(value: float) -> str:
    """A number as QGIS writes it, every digit of it."""
    return repr(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(value)


def to_qgis(layer: Layer, condition: str, names: Mapping[str, str]) -> str:
    """A condition of ours in QGIS's words; `names` are the table's columns as the file has them.

    NoEqual where QGIS knows nothing that chooses the same rows.
    """
    try:
        tree, quoted = parsed(condition)
        return _Writer(layer, names, quoted).condition(tree)
    except (SyntaxError, ValueError, RecursionError) as error:
        raise NoEqual(condition) from error


@dataclass(frozen=True, slots=True)
class _Writer:
    layer: Layer
    names: Mapping[str, str]
    quoted: Mapping[str, str] = field(default_factory=dict)

    def condition(self, node: ast.expr) -> str:
        if isinstance(node, ast.BoolOp):
            word = " AND " if isinstance(node.op, ast.And) else " OR "
            return word.join(f"({self.condition(part)})" for part in node.values)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return f"NOT coalesce({self.condition(node.operand)}, false)"
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            parts = [
                self._compared(sides[place], sign, sides[place + 1])
                for place, sign in enumerate(node.ops)
            ]
            return parts[0] if len(parts) == 1 else " AND ".join(f"({part})" for part in parts)
        if isinstance(node, ast.Call):
            return self._test(node)
        raise NoEqual(ast.unparse(node))

    def _compared(self, left: ast.expr, sign: ast.cmpop, right: ast.expr) -> str:
        first = self._value(left)
        if isinstance(right, ast.List | ast.Tuple):
            values = ", ".join(self._constant(part) for part in right.elts)
            inside = f"{first} IN ({values})" if values else "false"
            if isinstance(sign, ast.In | ast.Eq):
                return inside
            if isinstance(sign, ast.NotIn | ast.NotEq):
                return f"NOT coalesce({inside}, false)"
            raise NoEqual(ast.unparse(right))
        second = self._value(right)
        if isinstance(sign, ast.NotEq):
            # A missing value differs from every value, as it does here.
            return f"NOT coalesce({first} = {second}, false)"
        if type(sign) not in _SIGNS:
            raise NoEqual(ast.unparse(right))
        return f"{first} {_SIGNS[type(sign)]} {second}"

    def _value(self, node: ast.expr) -> str:
        if isinstance(node, ast.Name):
            column, kind = self._column(node.id)
            if not (_is_text(kind) or _is_plain(kind)):
                raise NoEqual(node.id)
            return quoted_name(self.names[column])
        if isinstance(node, ast.Call):
            method = node.func
            plain = not node.args and not node.keywords
            if isinstance(method, ast.Attribute) and method.attr in _CHANGES and plain:
                return f"{_CHANGES[method.attr]}({self._text(method)})"
            raise NoEqual(ast.unparse(node))
        return self._constant(node)

    def _constant(self, node: ast.expr) -> str:
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return f"-{self._constant(node.operand)}"
        value = node.value if isinstance(node, ast.Constant) else None
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, str):
            return quoted_text(value)
        if isinstance(value, int | float):
            return number(value)
        raise NoEqual(ast.unparse(node))

    def _column(self, name: str) -> tuple[str, pa.DataType]:
        """A column by its own name or that of a field, with its type."""
        name = self.quoted.get(name, name)
        for column in (name, self.layer.fields.get(name)):
            if column is not None and column in self.names:
                kind = self.layer.table.schema.field(column).type
                return column, kind.value_type if pa.types.is_dictionary(kind) else kind
        raise NoEqual(name)

    def _text(self, method: ast.Attribute) -> str:
        """The text of a column, empty where it has none, for `column.str.…`."""
        of = method.value
        if isinstance(of, ast.Attribute) and of.attr == "str" and isinstance(of.value, ast.Name):
            column, kind = self._column(of.value.id)
            if _is_text(kind):
                return f"coalesce({quoted_name(self.names[column])}, '')"
        raise NoEqual(ast.unparse(method))

    def _test(self, node: ast.Call) -> str:
        """`column.isna()`, `column.str.contains('x')` and their like."""
        method = node.func
        if not isinstance(method, ast.Attribute):
            raise NoEqual(ast.unparse(node))
        if method.attr in ("isna", "isnull", "notna", "notnull"):
            if not isinstance(method.value, ast.Name):
                raise NoEqual(ast.unparse(node))
            column = quoted_name(self.names[self._column(method.value.id)[0]])
            return f"{column} IS NULL" if method.attr[:2] == "is" else f"{column} IS NOT NULL"
        if method.attr == "isin" and len(node.args) == 1 and not node.keywords:
            return self._compared(method.value, ast.In(), node.args[0])
        text = self._text(method)
        options = {word.arg: word.value for word in node.keywords}
        truths = {key: getattr(value, "value", None) for key, value in options.items()}
        wanted = getattr(node.args[0], "value", None) if len(node.args) == 1 else None
        if not isinstance(wanted, str) or not all(isinstance(t, bool) for t in truths.values()):
            raise NoEqual(ast.unparse(node))
        return _text_test(method.attr, text, wanted, {str(k): bool(v) for k, v in truths.items()})


def _text_test(method: str, text: str, wanted: str, options: Mapping[str, bool]) -> str:
    if method in ("startswith", "endswith") and not options:
        side = "left" if method == "startswith" else "right"
        return f"{side}({text}, {len(wanted)}) = {quoted_text(wanted)}"
    exact = options.get("case", True)
    if method == "contains" and not options.get("regex", True):
        if exact:
            return f"strpos({text}, {quoted_text(wanted)}) > 0"
        return f"strpos(lower({text}), {quoted_text(wanted.lower())}) > 0"
    patterns = {"contains": "{}", "match": "^(?:{})", "fullmatch": "^(?:{})$"}
    if method not in patterns or (method != "contains" and "regex" in options):
        raise NoEqual(method)
    pattern = patterns[method].replace("{}", wanted)
    pattern = pattern if exact else f"(?i){pattern}"
    return f"regexp_match({text}, {quoted_text(pattern)}) > 0"


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _is_plain(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind)
    )
