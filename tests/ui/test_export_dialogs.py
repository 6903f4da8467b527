"""Exporting a map for an audience, and zones for patrol systems."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from PySide6.QtCore import Qt

from gisapp.layers.audience import Audience
from gisapp.layers.vocabulary import LayerKind
from gisapp.ui.export_dialogs import ExportMapDialog, ExportPackageDialog
from gisapp.ui.row_filter import Part
from gisapp.ui.session import Notice
from tests.ui import made


@pytest.fixture
def dialog(qtbot, session):
    session.set_view(session.view.shown(session.project.bounds))
    dialog = ExportMapDialog(session)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


@pytest.fixture
def package(qtbot, session, idle):
    dialog = ExportPackageDialog(session)
    qtbot.addWidget(dialog)
    dialog.show()
    idle(session)
    return dialog


def names(table):
    return [table.item(row, 0).text() for row in range(table.rowCount())]


def test_the_page_is_previewed_as_it_will_be(dialog, qtbot):
    qtbot.waitUntil(lambda: dialog.preview.image is not None, timeout=10_000)
    landscape = dialog.preview.image
    assert landscape.width() > landscape.height()
    dialog.way_box.setCurrentText("Portrait")
    qtbot.waitUntil(
        lambda: dialog.preview.image.height() > dialog.preview.image.width(), timeout=10_000
    )


@pytest.mark.parametrize("audience", list(Audience))
def test_each_audience_is_told_what_it_sees(dialog, audience):
    dialog.audience_box.setCurrentText(audience.label)
    assert dialog.audience is audience
    words = dialog.audience_row.note.text()
    assert ("below 11" in words) is (audience in (Audience.PUBLIC, Audience.PARTNERS))
    assert dialog.look.exported


def test_the_button_is_named_by_what_it_makes(dialog):
    assert dialog.export.text() == "Export PDF"
    dialog.format_box.setCurrentIndex(3)
    assert dialog.export.text() == "Export HTML map"
    assert not dialog.paper_box.isVisible()


@pytest.mark.parametrize(
    ("index", "start"), [(0, b"%PDF"), (1, b"\x89PNG"), (2, b"<?xml"), (3, b"<!DOCTYPE html>")]
)
def test_a_map_is_written_and_its_folder_offered(
    dialog, session, qtbot, tmp_path, idle, index, start
):
    dialog.format_box.setCurrentIndex(index)
    told: list[Notice] = []
    session.noticed.connect(told.append)
    path = tmp_path / f"map.{dialog.suffix}"
    dialog.write(path)
    qtbot.waitUntil(lambda: not session.runner.busy, timeout=15_000)
    assert path.read_bytes()[:20].lower().startswith(start.lower())
    assert told[-1].action == "Open folder"
    assert not dialog.isVisible()


def test_what_limits_the_map_is_said_under_its_title(qtbot, session):
    layer = session.project.layers_of(LayerKind.OVERDOSES)[0]
    session.filters.set(layer.id, Part.TIME, np.ones(600, dtype=bool), "in March 2025")
    dialog = ExportMapDialog(session)
    qtbot.addWidget(dialog)
    assert dialog.page.subtitle.endswith("Only Overdoses 2025: in March 2025")


def test_a_map_that_cannot_be_written_is_explained_and_the_form_stays(
    dialog, session, qtbot, tmp_path
):
    dialog.write(tmp_path / "nowhere" / "map.pdf")
    qtbot.waitUntil(lambda: bool(dialog.status.text()), timeout=15_000)
    assert "could not be written" in dialog.status.text()
    assert dialog.isVisible()
    assert dialog.export.isEnabled()


def test_the_package_lists_what_goes_in_and_what_stays_out_and_why(package):
    assert names(package.going) == [
        "Harbour Street Exchange",
        "Northside Pharmacy",
        "Corner Pharmacy",
    ]
    assert names(package.staying) == ["Bridge Clinic"]
    assert "no agreement" in package.staying.item(0, 1).text()
    assert package.export.text() == "Export 3 zones"


def test_on_a_day_without_zones_in_force_nothing_can_be_exported(package, session, idle):
    package.day.set_day(date(2027, 1, 1))
    idle(session)
    assert not package.export.isEnabled()
    assert package.going_head.text() == "No zone is in force on this day."
    assert len(names(package.staying)) == 4
    package.day.edit.setText("1/2/2027")
    assert "not a day" in package.day_row.error


def test_a_refused_zone_is_shown_on_the_map(package, session, qtbot):
    package.staying.selectRow(0)
    qtbot.mouseClick(package.show_button, Qt.MouseButton.LeftButton)
    zone = list(session.project.zones.values())[3]
    assert session.selection.zone_ids == (zone.id,)
    west, _, east, _ = session.view.bounds
    assert west < zone.centre[0] < east
    assert not package.isVisible()


def test_the_package_is_written(package, session, tmp_path, idle):
    path = tmp_path / "zones.zip"
    package.write(path, date(2025, 6, 4))
    idle(session)
    with zipfile.ZipFile(path) as zipped:
        listed = set(zipped.namelist())
        manifest = json.loads(zipped.read("manifest.json"))
    assert listed == {"README.txt", "zones.geojson", "zones.gpkg", "zones.csv", "manifest.json"}
    assert all(name in package.files.text() for name in listed)
    assert len(manifest["zones"]) == 3
    assert not package.isVisible()


def test_without_zones_it_says_what_to_do(qtbot, open_session, idle):
    session = open_session(replace(made.project(), zones={}))
    dialog = ExportPackageDialog(session)
    qtbot.addWidget(dialog)
    idle(session)
    assert "No zones yet" in dialog.going_head.text()
    assert not dialog.export.isEnabled()
