"""Pages of checked deployments: a table, and a map for each that meets a zone."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from shutil import which

import pyarrow as pa
import pytest
import shapely
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from gisapp.analysis.deployments.check import DeploymentCheck, check
from gisapp.layers.audience import Audience
from gisapp.layers.layer import Provenance
from gisapp.layers.units import Units
from gisapp.render.paper.deployment_pages import (
    near_zones,
    project_for,
    subtitle_in,
    told_of,
    write_pdf,
)
from gisapp.render.paper.deployment_table import pages_of, paint_table, row_height, rows_of
from tests.analysis.test_deployments import SHIFT, agreement, deployments, project_of, square

MADE = datetime(2025, 3, 1, 8, tzinfo=UTC)

LONG = f"Meets C{'c' * 70}: 3 m²."


@pytest.fixture
def found(qapp: object) -> DeploymentCheck:
    layer = deployments(
        (square(100, 0), *SHIFT), (square(900, 0), *SHIFT), (square(0, 0), None, None)
    )
    return check(project_of(agreement()), layer, exported=True)


def test_those_that_meet_a_zone_come_first_and_no_page_is_too_full(found: DeploymentCheck) -> None:
    rows = rows_of(found, Units.METRIC)
    assert [row.alert for row in rows] == [True, False, False]
    assert rows[2].cells[2].texts == ("Not checked",)
    many = rows * 12
    pages = pages_of(many, 980, 600)
    assert [row for page in pages for row in page] == many
    assert len(pages) > 1
    for page in pages:
        assert sum(row_height(row, 980) for row in page) <= 600


def test_a_deployment_that_goes_on_overleaf_is_named_again(qapp: object) -> None:
    project = project_of(agreement())
    (zone,) = project.zones.values()
    many = project.with_zones([replace(zone, id=f"z{n}", name=f"Zone {n}") for n in range(20)])
    found = check(many, deployments((square(100, 0), *SHIFT)), exported=True)
    pages = pages_of(rows_of(found, Units.METRIC), 980, 500)
    assert len(pages) > 2
    for page in pages[1:]:
        who, when, _, _, to_do = page[0].cells
        assert who.texts == ("Box 1", "continued")
        assert when.texts == ("Friday 7 March 2025, 18:00 to 02:00 the next day (EST)",)
        assert to_do.texts == ("See where it begins.",)
        assert page[1].cells[0].texts == ()
        assert sum(row_height(row, 980) for row in page) <= 500
    rows = [row.cells[2].texts[0] for page in pages for row in page]
    assert rows == ["Harbour", *(f"Zone {n}" for n in range(20))]


def test_a_map_of_one_deployment_counts_no_rows_that_an_import_left_out(qapp: object) -> None:
    layer = deployments((square(100, 0), *SHIFT))
    layer = replace(layer, provenance=Provenance(sources=("week.csv",), read=3, rejected=2))
    found = check(project_of(agreement()), layer, exported=True)
    shown = project_for(found, found.deployments[0]).layer_named("Next week")
    assert shown.provenance.rejected == 0
    assert shown.provenance.sources == ("week.csv",)


def test_nothing_of_the_table_is_drawn_outside_its_box(
    found: DeploymentCheck, qtbot: QtBot
) -> None:
    image = QImage(1100, 700, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    paint_table(painter, QRectF(50, 50, 980, 600), rows_of(found, Units.METRIC))
    painter.end()
    inked = [
        (x, y)
        for x in range(0, 1100, 2)
        for y in range(0, 700, 3)
        if image.pixel(x, y) != 0xFFFFFFFF
    ]
    assert inked
    assert min(x for x, _ in inked) >= 49
    assert max(x for x, _ in inked) <= 1031
    assert max(y for _, y in inked) <= 651


def test_the_pages_are_a_table_and_a_map_for_each_meeting(
    found: DeploymentCheck, tmp_path: Path
) -> None:
    path = tmp_path / "plan.pdf"
    write_pdf(found, path, Audience.POLICE, MADE)
    data = path.read_bytes()
    assert data.startswith(b"%PDF")
    assert data.count(b"/Type /Page\n") == 2
    none = replace(found, deployments=found.deployments[1:])
    write_pdf(none, path, Audience.POLICE, MADE, Units.BOTH)
    assert path.read_bytes().count(b"/Type /Page\n") == 1


def test_a_zone_that_holds_throughout_has_no_hours_of_its_own() -> None:
    early = (square(100, 0), SHIFT[0], "2025-03-07 19:00")
    found = check(project_of(agreement()), deployments(early, (square(100, 0), *SHIFT)))
    _, throughout = told_of(found, found.meeting[0], Units.METRIC)
    assert throughout == "Meets Harbour: 20,000 m², 50 % of the area; throughout."
    _, part = told_of(found, found.meeting[1], Units.METRIC)
    assert part.endswith("of the area; Friday 7 March 2025, 18:00 to 20:00 (EST).")


def test_the_map_of_streets_far_apart_shows_those_that_meet_a_zone() -> None:
    both = shapely.union_all([square(100, 0), square(20_000, 0)])
    layer = deployments((both, *SHIFT))
    table = layer.table.append_column("streets", pa.array(["Main St"]))
    named = replace(layer, table=table, fields={**layer.fields, "streets": "streets"})
    (one,) = check(project_of(agreement()), named).deployments
    assert shapely.equals(near_zones(one), square(100, 0))
    (drawn,) = check(project_of(agreement()), layer).deployments
    assert near_zones(drawn) is drawn.shape


@pytest.mark.parametrize(
    ("letters", "said"),
    [
        (132, f"All day. Meets A: 1 m². Meets B: 2 m². {LONG}"),
        (100, "All day. Meets A: 1 m². Meets B: 2 m². Meets 1 more zone: see the table."),
        (60, "All day. Meets A: 1 m². Meets 2 more zones: see the table."),
        (20, "All day. Meets 3 zones: see the table."),
    ],
)
def test_a_zone_without_room_under_the_title_is_counted_not_cut(letters: int, said: str) -> None:
    told = ("All day.", "Meets A: 1 m².", "Meets B: 2 m².", LONG)
    assert subtitle_in(told, lambda text: len(text) <= letters) == said
    assert subtitle_in(told[:2], lambda text: False) == "All day. Meets 1 zone: see the table."


@pytest.mark.skipif(which("pdftotext") is None, reason="poppler-utils is not installed")
def test_the_words_under_the_title_of_a_map_are_never_cut(qapp: object, tmp_path: Path) -> None:
    names = [f"Ground of the service number {n}" for n in range(12)]
    layer = deployments((square(100, 0), *SHIFT))
    one = project_of(agreement())
    (zone,) = one.zones.values()
    many = one.with_zones([replace(zone, id=name, name=name) for name in names])
    path = tmp_path / "many.pdf"
    write_pdf(check(many, layer, exported=True), path, Audience.POLICE, MADE)
    done = subprocess.run(
        ["pdftotext", "-raw", "-f", "2", str(path), "-"], capture_output=True, check=True
    )
    words = " ".join(done.stdout.decode().split())
    shown = re.findall(r"Meets (?:Harbour|Ground of the service)", words)
    (rest,) = re.findall(r"Meets (\d+) more zones: see the table\.", words)
    assert shown and len(shown) + int(rest) == len(many.zones)
    assert "…" not in words
