"""Zones, agreements and layers without the names of confidential services in any of their words.

Whatever has no such name in it is given back as it is, so that what is prepared for it stays known.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from gisapp.layers.confidential import confidential_rows, confidential_sites, without_sites
from gisapp.layers.layer import Geometry, Layer
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind

_T = TypeVar("_T")
#: Texts by which the program finds things, and which nobody reads.
_KEPT = frozenset({"id", "agreement_id", "zone_id", "layer_id", "timezone", "sha256"})


@dataclass(frozen=True, slots=True, eq=False)
class _Veiled:
    """A layer as it was found, the names that were looked for in it, and what came of it."""

    layer: Layer
    names: frozenset[str]
    seen: Layer


_layers: WeakKeyDictionary[Geometry, _Veiled] = WeakKeyDictionary()


def in_other_words(value: _T, change: Callable[[str], str]) -> _T:
    """A value, tuple or frozen dataclass with every text in it changed, but for ids.

    Members of enumerations stay as they are.
    """
    result: Any = value
    if type(value) is str:
        result = change(str(value))
    elif isinstance(value, tuple):
        parts = tuple(in_other_words(one, change) for one in value)
        same = all(new is old for new, old in zip(parts, value, strict=True))
        result = value if same else parts
    elif is_dataclass(value) and not isinstance(value, type):
        result = _record(value, change)
    return result  # type: ignore[no-any-return]


def _record(value: Any, change: Callable[[str], str]) -> Any:
    changed = {}
    for one in fields(value):
        old = getattr(value, one.name)
        new = old if one.name in _KEPT else in_other_words(old, change)
        if new is not old:
            changed[one.name] = new
    return replace(value, **changed) if changed else value


def in_seen_words(project: Project, value: _T) -> _T:
    """A zone, an agreement or whatever else holds words, as others than police may read it."""
    return in_other_words(value, lambda text: without_sites(project, text))


def layer_in_seen_words(project: Project, layer: Layer) -> Layer:
    """A layer with no such name in its own name, its sources, or the texts of its rows.

    Rows of confidential services stay whole: they are left out, and the project is still known
    by them. So do those of events, which nobody but police analysts is shown one by one.
    """
    names = frozenset(site.name for site in confidential_sites(project))
    known = _layers.get(layer.geometry)
    if known is None or known.layer is not layer or known.names != names:
        known = _layers[layer.geometry] = _Veiled(layer, names, _worded(project, layer))
    return known.seen


def _worded(project: Project, layer: Layer) -> Layer:
    table = layer.table
    rows = ~confidential_rows(layer) if layer.kind is LayerKind.SERVICES else None
    for place, name in enumerate(() if layer.is_events else table.column_names):
        values = _column(project, table.column(place), rows)
        if values is not None:
            table = table.set_column(place, name, values)
    name = without_sites(project, layer.name)
    provenance = in_seen_words(project, layer.provenance)
    if table is layer.table and name is layer.name and provenance is layer.provenance:
        return layer
    return replace(layer, table=table, name=name, provenance=provenance)


def _column(
    project: Project, column: pa.ChunkedArray, rows: NDArray[np.bool_] | None
) -> pa.Array | None:
    """The texts of a column in other words; None where it has none to change."""
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        return None
    read = column if rows is None else column.filter(pa.array(rows))
    told = {text: without_sites(project, text) for text in read.unique().to_pylist() if text}
    if all(new is old for old, new in told.items()):
        return None
    shown = rows if rows is not None else np.ones(len(column), dtype=bool)
    pairs = zip(column.to_pylist(), shown.tolist(), strict=True)
    return pa.array([told.get(text, text) if seen else text for text, seen in pairs], type=kind)
