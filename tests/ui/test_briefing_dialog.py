"""The dialogs that print for officers: form, page beside it, refusals, files."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest
from PySide6.QtCore import Qt

from gisapp.layers.agreement import Status
from gisapp.layers.audience import Audience
from gisapp.layers.vocabulary import Visibility
from gisapp.ui.deployments.briefing_dialog import BriefingDialog, InstructionDialog
from gisapp.ui.session import Notice
from tests.ui import made

WAIT = 10_000


def signed():
    """The made project, its agreement in force at all hours of the day of the tests."""
    project = made.project()
    pacts = {
        key: replace(one, status=Status.IN_FORCE, hours=())
        for key, one in project.agreements.items()
    }
    (pact,) = list(pacts)[:1]
    zones = {key: replace(one, agreement_id=pact) for key, one in project.zones.items()}
    return replace(project, agreements=pacts, zones=zones)


@pytest.fixture
def dialog(qtbot, open_session):
    dialog = BriefingDialog(open_session(signed()))
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def drawn(qtbot, dialog):
    qtbot.waitUntil(lambda: dialog.preview.image is not None, timeout=WAIT)


def test_the_sheet_is_shown_as_it_will_be_printed(dialog, qtbot):
    drawn(qtbot, dialog)
    image = dialog.preview.image
    assert image.height() > image.width()
    assert dialog.page_label.text().startswith("Page 1 of ")
    assert dialog.export.isEnabled() and dialog.export.text() == "Export PDF"


def test_large_print_makes_more_pages_one_can_turn(dialog, qtbot):
    drawn(qtbot, dialog)
    dialog.large.click()
    qtbot.waitUntil(lambda: "18 points" in dialog.page_label.text(), timeout=WAIT)
    qtbot.mouseClick(dialog.after, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.page_label.text().startswith("Page 2 of "), timeout=WAIT)
    assert dialog.before.isEnabled()


def test_hours_that_are_none_are_said_beside_the_field(dialog, qtbot):
    drawn(qtbot, dialog)
    dialog.start.selectAll()
    qtbot.keyClicks(dialog.start, "late")
    qtbot.waitUntil(lambda: bool(dialog.hours_row.error), timeout=WAIT)
    assert not dialog.export.isEnabled()


def test_a_day_on_which_nothing_holds_is_refused_in_a_sentence(dialog, qtbot):
    drawn(qtbot, dialog)
    dialog.day.edit.selectAll()
    qtbot.keyClicks(dialog.day.edit, "1999-01-01")
    qtbot.waitUntil(lambda: "is in force on" in dialog.status.text(), timeout=WAIT)
    assert not dialog.export.isEnabled()
    # The page of the day before is gone: nobody may take it for this one.
    assert dialog.preview.image is None and not dialog.page_label.text()


@pytest.mark.parametrize(("place", "start"), [(0, b"%PDF"), (1, b"PK")])
def test_the_file_is_written_told_of_and_logged(dialog, qtbot, idle, tmp_path, place, start):
    session = dialog.session
    told: list[Notice] = []
    session.noticed.connect(told.append)
    dialog.format_box.setCurrentIndex(place)
    dialog.start.set_clock(time(19))
    dialog.end.set_clock(time(3))
    path = tmp_path / f"sheet.{dialog.suffix}"
    dialog.write(path)
    qtbot.waitUntil(path.exists, timeout=WAIT)
    idle(session)
    assert path.read_bytes().startswith(start)
    assert told and "Exported sheet." in told[0].text
    assert session.project.exports.lines[-1].what == "briefing sheet"


def test_a_closed_dialog_draws_no_more(dialog, idle):
    dialog.reject()
    idle(dialog.session)
    assert dialog.preview.image is None


def test_an_instruction_has_no_area_and_several_pages(qtbot, open_session):
    dialog = InstructionDialog(open_session(signed()))
    qtbot.addWidget(dialog)
    dialog.show()
    drawn(qtbot, dialog)
    assert not dialog.area_box.isVisible() and not dialog.start.isVisible()
    assert dialog.after.isEnabled()


def test_without_an_agreement_in_force_there_is_no_instruction(qtbot, open_session):
    project = replace(signed(), agreements={})
    dialog = InstructionDialog(open_session(project))
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: "No agreement is in force" in dialog.status.text(), timeout=WAIT)
    assert not dialog.export.isEnabled()


def test_a_room_that_may_not_see_a_zone_sees_no_page_with_it(qtbot, open_session):
    project = signed()
    hidden = {
        key: replace(one, visibility=Visibility.POLICE_ONLY) for key, one in project.zones.items()
    }
    session = open_session(replace(project, zones=hidden))
    session.set_look(audience=Audience.PUBLIC)
    dialog = BriefingDialog(session)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: "may not see" in dialog.status.text(), timeout=WAIT)
    assert dialog.preview.image is None and not dialog.export.isEnabled()
    names = [dialog.area_box.itemText(at) for at in range(dialog.area_box.count())]
    assert not [one for one in names if one.startswith("Zone: ")]


def test_printing_that_is_stopped_leaves_no_file_and_can_be_asked_again(
    dialog, qtbot, idle, tmp_path
):
    drawn(qtbot, dialog)
    path = tmp_path / "sheet.pdf"
    dialog.write(path)
    qtbot.mouseClick(dialog.foot.stop, Qt.MouseButton.LeftButton)
    idle(dialog.session)
    qtbot.waitUntil(dialog.export.isEnabled, timeout=WAIT)
    assert not list(tmp_path.iterdir()) and not dialog.status.text()
    assert not dialog.session.project.exports.lines
    dialog.write(path)
    qtbot.waitUntil(path.exists, timeout=WAIT)
    idle(dialog.session)


def test_an_empty_project_is_told_what_to_do_first(qtbot, empty_session):
    dialog = BriefingDialog(empty_session)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: "There are no zones" in dialog.status.text(), timeout=WAIT)
    assert not dialog.export.isEnabled()
