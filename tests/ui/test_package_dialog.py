"""The package dialog: what goes in, every file before it is written, what formats shorten."""

from __future__ import annotations

import hashlib
import json
import zipfile
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPlainTextEdit

from gisapp.io.patrol import signing, verifying
from gisapp.io.patrol.formats.table import FORMATS
from gisapp.layers import edits
from gisapp.render.paper import package_page
from gisapp.ui.exports.package_dialog import ExportPackageDialog
from tests.ui import made

#: Files without the name of a zone: how to read others, the signature and its key.
NAMELESS = ("zones.prj", "zones.csvt", "manifest.sig", "public_key.pem")


@pytest.fixture
def package(qtbot, session, idle):
    dialog = ExportPackageDialog(session)
    dialog.finish()
    qtbot.addWidget(dialog)
    dialog.show()
    idle(session)
    return dialog


def names(table):
    """What stands in the first column, of zones or of files."""
    model = table.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def checked(package, session, idle):
    """Wait until what the form says now was looked at."""
    package.check()
    idle(session)


def test_it_lists_what_goes_in_and_what_stays_out_and_why(package):
    assert names(package.zones.going) == [
        "Harbour Street Exchange",
        "Northside Pharmacy",
        "Corner Pharmacy",
    ]
    assert names(package.zones.staying) == ["Bridge Clinic"]
    assert "no agreement" in package.zones.staying.rows[0][1]
    assert package.export.text() == "Export 3 zones"


def test_on_a_day_without_zones_in_force_nothing_can_be_exported(package, session, idle):
    package.day.set_day(date(2027, 1, 1))
    checked(package, session, idle)
    assert not package.export.isEnabled()
    assert package.zones.going_head.text() == "No zone is in force on this day."
    assert len(names(package.zones.staying)) == 4
    package.day.edit.setText("1/2/2027")
    package.check()
    assert "not a day" in package.day_row.error


def test_a_refused_zone_is_shown_on_the_map(package, session, qtbot):
    package.zones.staying.selectRow(0)
    qtbot.mouseClick(package.zones.show_button, Qt.MouseButton.LeftButton)
    zone = list(session.project.zones.values())[3]
    assert session.selection.zone_ids == (zone.id,)
    west, _, east, _ = session.view.bounds
    assert west < zone.centre[0] < east
    assert not package.isVisible()


def test_every_file_is_seen_before_it_is_written(package, session, qtbot, tmp_path, idle):
    qtbot.mouseClick(package.all_formats, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    assert len(package.formats.values) == len(FORMATS)
    checked(package, session, idle)
    package.tabs.setCurrentIndex(1)
    idle(session)
    listed = names(package.files.list)
    for row, name in enumerate(listed):
        package.files.list.selectRow(row)
        if name == "zones.pdf":
            idle(session)
            assert package.files.sheet.whole.image is not None
        elif name not in NAMELESS:
            lines = package.files.text.lineWrapMode()
            assert (lines is QPlainTextEdit.LineWrapMode.WidgetWidth) is (name == "README.txt")
            assert "Harbour Street Exchange" in package.files.text.toPlainText(), name
    path = tmp_path / "all.zip"
    package.write(path)
    idle(session)
    with zipfile.ZipFile(path) as zipped:
        there = set(zipped.namelist())
        shown = package.files.made
        assert there == set(listed), "the manifest and its signature too"
        assert all(shown[name] == zipped.read(name) for name in there), "what is seen is sent"


@pytest.mark.parametrize("size", [(1120, 700), (1800, 980), (900, 600)])
def test_the_page_is_seen_whole_however_large_the_dialog(package, session, size, qtbot, idle):
    package.resize(*size)
    package.tabs.setCurrentIndex(1)
    idle(session)
    package.files.list.selectRow(names(package.files.list).index("zones.pdf"))
    qtbot.waitUntil(lambda: package.files.sheet.whole.image is not None)
    whole = package.files.sheet.whole
    image = whole.image
    assert image.width() <= whole.width()
    assert image.height() <= whole.height()
    assert image.height() > 0.8 * whole.height() or image.width() > 0.8 * whole.width()
    tall = package_page.size_on_screen(package.found.prepared.content)
    assert abs(image.width() / image.height() - tall.width() / tall.height()) < 0.01


def test_the_page_is_read_at_its_real_size(package, session, qtbot, idle):
    package.tabs.setCurrentIndex(1)
    idle(session)
    package.files.list.selectRow(names(package.files.list).index("zones.pdf"))
    sheet = package.files.sheet
    qtbot.waitUntil(lambda: sheet.whole.image is not None)
    small = sheet.whole.image.width()
    qtbot.mouseClick(sheet.size_button, Qt.MouseButton.LeftButton)
    idle(session)
    assert sheet.real.pixmap().width() > small
    assert sheet.size_button.text() == "Whole page"
    qtbot.mouseClick(sheet.size_button, Qt.MouseButton.LeftButton)
    idle(session)
    assert sheet.is_whole
    assert sheet.whole.image.width() == small


def test_the_agency_is_asked_for_where_a_format_needs_it(package, session, tmp_path, idle):
    assert package.agency.isHidden()
    package.formats.set_values(["nena"])
    assert not package.agency.isHidden()
    package.agency.setText("the police")
    checked(package, session, idle)
    assert "domain name" in package.agency_row.error
    assert not package.export.isEnabled()
    package.agency.setText("police.example.org")
    checked(package, session, idle)
    package.write(tmp_path / "nena.zip")
    idle(session)
    with zipfile.ZipFile(tmp_path / "nena.zip") as zipped:
        [name] = [one for one in zipped.namelist() if one.endswith(".gpkg")]
        assert b"police.example.org" in zipped.read(name)


def test_each_format_says_who_reads_it(package):
    assert package.formats.boxes["gpkg"].toolTip() == "For QGIS, ArcGIS, ATAK"
    assert all(box.toolTip() for box in package.formats.boxes.values())


def test_what_formats_shorten_is_told_before_writing(package, session, idle):
    assert package.tabs.tabText(2) == "Shortened"
    package.formats.set_values(["shp"])
    checked(package, session, idle)
    assert package.losses.rowCount() > 0
    assert package.tabs.tabText(2) == f"Shortened ({package.losses.rowCount()})"
    lost = {package.losses.item(row, 3).text() for row in range(package.losses.rowCount())}
    assert "susp_words" in lost


def test_the_package_is_written_signed_and_logged(package, session, tmp_path, idle):
    path = tmp_path / "zones.zip"
    package.recipient.setText("County dispatch")
    checked(package, session, idle)
    package.write(path)
    idle(session)
    with zipfile.ZipFile(path) as zipped:
        manifest = json.loads(zipped.read("manifest.json"))
    assert len(manifest["zones"]) == 3
    assert verifying.verify(path).on(session.look.day).is_good
    [line] = session.project.exports.lines
    assert (line.what, line.file, line.recipient) == (
        "patrol package",
        "zones.zip",
        "County dispatch",
    )
    assert line.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert not package.isVisible()


def test_only_what_changed_since_an_earlier_package(package, session, qtbot, tmp_path, idle):
    path = tmp_path / "first.zip"
    package.write(path)
    idle(session)
    first, second = list(session.project.zones)[:2]
    session.perform(edits.rename_zone(first, "Harbour Street, new"))
    session.perform(edits.remove_zones([second]))
    later = ExportPackageDialog(session)
    later.finish()
    qtbot.addWidget(later)
    later.show()
    later.set_since(path)
    checked(later, session, idle)
    assert later.zones.going_head.text() == "1 added or changed, 1 withdrawn"
    assert names(later.zones.going) == ["Harbour Street, new", "Northside Pharmacy"]
    gone = list(later.zones.going.rows[1][1:])
    assert gone == ["withdrawn", "the sender has removed it"]
    assert later.export.text() == "Export changes"
    later.write(tmp_path / "second.zip")
    idle(session)
    assert verifying.verify(tmp_path / "second.zip").on(session.look.day).is_good
    assert not later.isVisible()


def said(package):
    return [field.text() for field in (package.recipient, package.sent_by, package.terms)]


def written_for(session, qtbot, path, idle, *words):
    """A package of the zones as they are, with what its sender says of it."""
    dialog = ExportPackageDialog(session)
    dialog.finish()
    qtbot.addWidget(dialog)
    dialog.show()
    for field, text in zip((dialog.recipient, dialog.sent_by, dialog.terms), words, strict=True):
        qtbot.keyClicks(field, text)
    checked(dialog, session, idle)
    dialog.write(path)
    idle(session)
    return path


def test_a_change_package_goes_to_whom_the_earlier_one_went(
    package, session, qtbot, tmp_path, idle
):
    words = ["County dispatch", "Zone office", "For patrol use only"]
    first = written_for(session, qtbot, tmp_path / "1.zip", idle, *words)
    other = written_for(session, qtbot, tmp_path / "2.zip", idle, "Harbour unit", "", "Until June")
    package.set_since(first)
    checked(package, session, idle)
    assert said(package) == words, "nothing has changed, and the words are there all the same"
    session.perform(edits.rename_zone(next(iter(session.project.zones)), "Harbour Street, new"))
    package.terms.setText("Until March")
    checked(package, session, idle)
    package.set_since(other)
    checked(package, session, idle)
    assert said(package) == ["Harbour unit", "", "Until March"], "what was typed stays"
    qtbot.keyClicks(package.sent_by, "Desk 4")
    package.recipient.clear()
    checked(package, session, idle)
    assert said(package) == ["", "Desk 4", "Until March"], "what was emptied stays empty"
    note = package.found.prepared.content.note
    assert (note.recipient, note.sent_by, note.terms) == ("", "Desk 4", "Until March")
    package.set_since(first)
    checked(package, session, idle)
    assert said(package) == ["County dispatch", "Desk 4", "Until March"]


def test_an_earlier_package_of_a_colleague_is_taken_by_the_fingerprint_of_their_key(
    package, session, qtbot, tmp_path, idle, monkeypatch
):
    path = tmp_path / "theirs.zip"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "colleague"))
    theirs = signing.own_key().fingerprint
    package.write(path)
    idle(session)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "own"))
    session.perform(edits.rename_zone(next(iter(session.project.zones)), "Harbour Street, new"))
    later = ExportPackageDialog(session)
    later.finish()
    qtbot.addWidget(later)
    later.show()
    later.set_since(path)
    checked(later, session, idle)
    assert "give the fingerprint" in later.status.text()
    qtbot.keyClicks(later.signed_by, "1234")
    checked(later, session, idle)
    assert "64 hexadecimal digits" in later.signed_row.error
    assert not later.export.isEnabled()
    later.signed_by.setText(signing.in_groups(theirs))
    checked(later, session, idle)
    assert later.export.text() == "Export changes"
    assert later.export.isEnabled()


def test_a_file_that_is_no_package_is_explained_and_the_form_stays(
    package, session, tmp_path, idle
):
    (tmp_path / "other.zip").write_bytes(b"no zip at all")
    package.set_since(tmp_path / "other.zip")
    checked(package, session, idle)
    assert package.status.text()
    assert package.zones.going_head.text() == "Nothing goes out.", "zones are in force all the same"
    assert package.export.text() == "Export zones"
    assert not package.export.isEnabled()
    package.set_since(None)
    checked(package, session, idle)
    assert package.export.isEnabled()


def test_a_folder_that_is_not_there_is_explained(package, session, tmp_path, idle):
    package.write(tmp_path / "nowhere" / "zones.zip")
    idle(session)
    assert "could not be written" in package.status.text()
    assert package.isVisible()
    assert package.export.isEnabled()
    assert session.project.exports.lines == ()


def test_without_zones_it_says_what_to_do(qtbot, open_session, idle):
    session = open_session(replace(made.project(), zones={}))
    dialog = ExportPackageDialog(session)
    dialog.finish()
    qtbot.addWidget(dialog)
    idle(session)
    assert "No zones yet" in dialog.zones.going_head.text()
    assert not dialog.export.isEnabled()
