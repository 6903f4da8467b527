"""Services of an HTML map: a disc for each place, with a figure or how many there are."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from gisapp.analysis.points.stacks import SEVERAL, rows_of, stacks_of
from gisapp.io.html.classes import Classes, drawn_rows, legend_of, px
from gisapp.io.html.question import Question
from gisapp.io.html.rows import fields_of, visible_rows
from gisapp.io.html.shapes import Json
from gisapp.layers.classes import ink_on
from gisapp.layers.event_cells import places
from gisapp.layers.layer import Layer, Points
from gisapp.layers.style import GREY, Style
from gisapp.layers.vocabulary import ServiceType, service_type


@lru_cache(maxsize=1)
def glyph_paths() -> Mapping[str, str]:
    """The figures in the discs of services as SVG paths, by the kind of service."""
    text = (resources.files("gisapp.io.html") / "service_glyphs.json").read_text("utf-8")
    paths: dict[str, str] = json.loads(text)
    return paths


def services_group(question: Question, layer: Layer, classes: Classes) -> Json:
    """The services of a layer that pass the filter, with those at the very same place together."""
    at = places(layer.geometry)
    names, said = layer.texts("name"), layer.texts("service_type")
    kinds = [service_type(kind or name) for kind, name in zip(said, names, strict=True)]
    chosen = drawn_rows(classes, visible_rows(question, layer))
    items = [
        {
            "at": [round(float(at.lat[row]), 6), round(float(at.lon[row]), 6)],
            "glyph": kinds[row].value,
            "color": (style := classes.styles[classes.numbers[row]]).color,
            "radius": _radius(style),
            "name": names[row] or kinds[row].label,
            "rows": _told(layer, int(row), said[row] or kinds[row].label),
        }
        for row in chosen
    ]
    stacks = _stacks(layer, classes, at, chosen)
    counts = Counter(kinds[row] for row in chosen)
    return {
        "kind": "services",
        "title": layer.name,
        "count": f"{len(items):,}",
        "note": "",
        "on": True,
        "list": True,
        "opacity": layer.style.opacity,
        "radius": _radius(layer.style),
        "glyphs": {kind.value: glyph_paths()[kind.value] for kind in counts},
        "legend": _legend(layer, classes, chosen, counts, several=bool(stacks)),
        "items": items,
        "stacks": stacks,
    }


def _told(layer: Layer, row: int, kind: str) -> list[tuple[str, str]]:
    own = [pair for pair in fields_of(layer, row) if pair[0] not in ("Name", "Kind of service")]
    return [("Kind", kind), *own]


def _stacks(layer: Layer, classes: Classes, at: Points, rows: NDArray[np.int64]) -> list[Json]:
    """Places of several services: the numbers of their items, and a look as most of them have."""
    first, which, counts = stacks_of(at.lon[rows], at.lat[rows], classes.numbers[rows])
    own = rows_of(which, counts)
    return [
        {
            "name": f"{layer.count_words(int(counts[place]))} at one place",
            "like": int(first[place]),
            "items": own(int(place)).tolist(),
            "ink": ink_on(classes.styles[classes.numbers[rows[first[place]]]].color),
        }
        for place in np.flatnonzero(counts > 1)
    ]


def _radius(style: Style) -> float:
    """Half of a service's disc in pixels, as on screen where services do not crowd."""
    return max(px(style.size) / 2, 3.0)


def _legend(
    layer: Layer,
    classes: Classes,
    rows: NDArray[np.int64],
    counts: Mapping[ServiceType, int],
    *,
    several: bool,
) -> list[Json]:
    """The classes, then the figures of the kinds, grey where a colour says something else.

    In the order of a printed legend: the most frequent first, last what a number in a disc means.
    """
    entries = legend_of(classes, rows, "service") if classes.named else []
    symbology = layer.style.symbology
    by_kind = ("service_type", layer.fields.get("service_type"))
    color = GREY if entries else layer.style.color
    if not entries or symbology is None or symbology.column not in by_kind:
        entries += [
            {"symbol": "service", "color": color, "glyph": kind.value, "label": kind.label}
            | {"count": f"{count:,}"}
            for kind, count in Counter(counts).most_common()
        ]
    if several:
        ink = ink_on(color)
        entries.append({"symbol": "service", "color": color, "ink": ink, "label": SEVERAL})
    return entries
