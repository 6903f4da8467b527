"""A map for others counts only the services its reader may know of, and frames no others."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa

from gisapp.io.html.map_file import write_html
from gisapp.layers.audience import Audience, Sensitivity
from gisapp.layers.layer import Layer, Points, Provenance, new_layer
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind
from gisapp.render.legend import legend
from gisapp.render.look import Look
from gisapp.render.paper.words import footnotes

DAY = date(2026, 3, 24)
NOW = datetime(2026, 3, 24, tzinfo=UTC)
LON, LAT = -3.31, 55.255


def services(open_ones: int, hidden: int = 2) -> Layer:
    many = open_ones + hidden
    marks = ["yes"] * hidden + [""] * open_ones
    table = pa.table({"name": [f"Place {n}" for n in range(many)], "secret": marks})
    points = Points(LON + np.arange(many) / 100, np.full(many, LAT))
    fields = {"name": "name", "confidential": "secret"}
    layer = new_layer("Help", LayerKind.SERVICES, table, points, fields)
    source = Provenance(sources=("help.csv",))
    return replace(layer, sensitivity=Sensitivity.PUBLIC, provenance=source)


def look(**more: object) -> Look:
    return Look(DAY, None, Audience.PUBLIC, exported=True, **more)  # type: ignore[arg-type]


def said(layer: Layer, seen: Look) -> str:
    return " ".join(
        f"{one.title}: {one.subtitle}" for one in legend(Project(layers=(layer,)), seen)
    )


def test_confidential_services_are_counted_neither_here_nor_in_all() -> None:
    layer = services(4)
    assert said(layer, look()) == "Help: 4 services"
    police = replace(look(), audience=Audience.POLICE, exported=False)
    assert said(layer, police) == "Help: 6 services"
    rows = np.array([True, False, True, True, False, False])
    assert said(layer, look(rows={layer.id: rows})) == "Help: 2 of 4 services"


def test_a_list_of_nothing_else_is_not_told_of() -> None:
    layer = services(0)
    assert said(layer, look()) == ""
    assert "help.csv" not in " ".join(footnotes(Project(layers=(layer,)), look(), NOW))


def page_of(project: Project, path: Path) -> str:
    made = write_html(
        project, None, path, title="Map", day=DAY, audience=Audience.PUBLIC, generated_at=NOW
    )
    return made.read_text("utf-8")


def test_a_page_with_one_more_confidential_service_is_the_same_page(tmp_path: Path) -> None:
    some, more = services(3, 0), services(3, 1)
    points = Points(more.geometry.lon[1:], more.geometry.lat[1:])  # type: ignore[union-attr]
    some = replace(some, table=more.table.slice(1), geometry=points, id=more.id)
    pages = [page_of(Project(layers=(one,)), tmp_path / "a.html") for one in (some, more)]
    assert pages[0] == pages[1]
    alone = page_of(Project(layers=(services(0, 1),)), tmp_path / "b.html")
    assert "help.csv" not in alone and "Place" not in alone
    found = re.search(r'"bounds":(\[\[.*?\]\])', alone)
    assert found is not None
    (south, west), (north, east) = json.loads(found[1])
    assert east - west > 300 and north - south > 100
