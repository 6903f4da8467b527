"""Pages of checked deployments: a table, and a map for each that meets a zone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from gisapp.analysis.deployment_check import DeploymentCheck, check
from gisapp.layers.audience import Audience
from gisapp.layers.units import Units
from gisapp.render.deployment_pages import write_pdf
from gisapp.render.deployment_table import pages_of, paint_table, row_height, rows_of
from tests.analysis.test_deployments import SHIFT, agreement, deployments, project_of, square

MADE = datetime(2025, 3, 1, 8, tzinfo=UTC)


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
