"""The small parts of a project as JSON texts, for the columns of the project file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from gisapp.io.project import style_checks
from gisapp.io.project.gpkg_columns import Column
from gisapp.layers.base_map import BaseMap, BaseMapKind
from gisapp.layers.layer import Provenance
from gisapp.layers.style import Blend, Fill, Labels, Line, PointDrawing, Style
from gisapp.layers.symbology import Category, Range, Rule, Scheme, SymbolClass, Symbology, Test


def to_text(value: object) -> str:
    """JSON on one line, every script as it is written."""
    text = json.dumps(value, ensure_ascii=False)
    # Names of files may hold bytes that are no text; escaped they survive SQLite's UTF-8.
    return text if text.isascii() or _is_utf8(text) else json.dumps(value)


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def style_text(style: Style) -> str:
    value = asdict(style)
    if style.symbology is not None:
        # A test is told from the others by its name beside what it holds.
        for written, kept in zip(
            value["symbology"]["classes"], style.symbology.classes, strict=True
        ):
            written["test"] = {"is": _TEST_NAMES[type(kept.test)], **written["test"]}
    return to_text(value)


_TESTS: dict[str, type[Test]] = {"category": Category, "range": Range, "rule": Rule}
_TEST_NAMES = {kind: name for name, kind in _TESTS.items()}


def style_from(text: str) -> Style:
    """The style again; ValueError, KeyError or TypeError where it is damaged.

    What an older file does not say is as usual.
    """
    value = _mapping(text)
    value |= {"line": Line(value["line"]), "fill": Fill(value["fill"])}
    if "points" in value:
        value |= {"points": PointDrawing(value["points"]), "blend": Blend(value["blend"])}
        value |= {"labels": Labels(**value["labels"])}
    if value.get("symbology") is not None:
        value["symbology"] = _symbology(value["symbology"])
    return style_checks.sound(Style(**value))


def _symbology(value: dict[str, Any]) -> Symbology:
    classes = []
    for one in value["classes"]:
        test = dict(one["test"])
        kind = _TESTS[test.pop("is")]
        classes.append(SymbolClass(**{**one, "test": kind(**test)}))
    return Symbology(**{**value, "classes": tuple(classes), "scheme": Scheme(value["scheme"])})


def base_map_text(base_map: BaseMap | None) -> str:
    return to_text(asdict(base_map) if base_map is not None else None)


def base_map_from(text: str) -> BaseMap | None:
    """The base map again; ValueError, KeyError or TypeError where it is damaged."""
    if json.loads(text) is None:
        return None
    value = _mapping(text)
    return BaseMap(**{**value, "kind": BaseMapKind(value["kind"])})


def provenance_text(provenance: Provenance) -> str:
    at = provenance.imported_at
    value = {
        "sources": provenance.sources,
        "crs": provenance.crs,
        "imported_at": at.isoformat() if at else None,
        "read": provenance.read,
        "rejected": provenance.rejected,
        "reasons": dict(provenance.reasons),
        "duplicates": provenance.duplicates,
        "notes": provenance.notes,
    }
    return to_text(value)


def provenance_from(text: str) -> Provenance:
    """The provenance again; ValueError, KeyError or TypeError where it is damaged."""
    value = _mapping(text)
    at = value["imported_at"]
    return Provenance(
        sources=tuple(value["sources"]),
        crs=value["crs"],
        imported_at=datetime.fromisoformat(at) if at else None,
        read=value["read"],
        rejected=value["rejected"],
        reasons=dict(value["reasons"]),
        duplicates=value["duplicates"],
        notes=tuple(value["notes"]),
    )


def fields_text(fields: Mapping[str, str]) -> str:
    return to_text(dict(fields))


def fields_from(text: str) -> dict[str, str]:
    return {str(key): str(name) for key, name in _mapping(text).items()}


def columns_text(plan: tuple[Column, ...]) -> str:
    return to_text([asdict(column) for column in plan])


def columns_from(text: str) -> tuple[Column, ...]:
    """The kept columns again; ValueError or TypeError where they are damaged."""
    return tuple(Column(**column) for column in json.loads(text))


def _mapping(text: str) -> dict[str, Any]:
    value = json.loads(text)
    if not isinstance(value, dict):
        raise ValueError("a JSON object is needed here")
    return value
