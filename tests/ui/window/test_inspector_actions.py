"""What can be changed from the inspector and the menus: agreements, views, time zone, folders."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from gisapp.layers import edits
from gisapp.layers.agreement import Agreement, Status
from gisapp.layers.layer import Points, new_layer
from gisapp.layers.vocabulary import LayerKind
from gisapp.ui.agreements.dialog import AgreementDialog
from gisapp.ui.imports.dialog import ImportDialog
from gisapp.ui.inspector.pages import row_facts
from gisapp.ui.main_window import MainWindow
from gisapp.ui.session import Selection
from gisapp.ui.table.row_filter import Part
from tests.ui.window.opened import opened
from tests.ui.window.test_window import spoken


def press(window: MainWindow, text: str) -> None:
    buttons = window.inspector.page.findChildren(QPushButton)
    next(one for one in buttons if one.text().strip() == text).click()


def test_a_new_agreement_from_a_zone_takes_the_zone_under_it(window: MainWindow) -> None:
    session = window.session
    (zone,) = (z for z in session.project.zones.values() if z.agreement_id is None)
    window.commands.select_zones((zone.id,))
    press(window, "Agreement…")
    dialog = opened(AgreementDialog)
    QTest.keyClicks(dialog.form.what.name, "Bridge agreement")
    dialog.save.click()
    (made,) = (a for a in session.project.agreements.values() if a.title == "Bridge agreement")
    assert session.project.zone(zone.id).agreement_id == made.id
    window.commands.undo()
    assert session.project.zone(zone.id).agreement_id is None
    assert made.id not in session.project.agreements


def test_the_newest_version_is_changed_while_a_former_one_is_in_force(window: MainWindow) -> None:
    session = window.session
    (held,) = session.project.agreements.values()
    draft = Agreement(held.title, Status.DRAFT, version=2, timezone=held.timezone, id=held.id)
    session.perform(edits.record_agreement(draft))
    zone = next(z for z in session.project.zones.values() if z.agreement_id == held.id)
    window.commands.select_zones((zone.id,))
    press(window, "Agreement…")
    dialog = opened(AgreementDialog)
    assert dialog.former is draft
    dialog.reject()


def test_the_time_zone_of_the_project_is_changed_in_the_overview(window: MainWindow) -> None:
    session, field = window.session, window.inspector.overview.timezone
    assert field.timezone == "America/New_York"
    editor = field.lineEdit()
    assert editor is not None
    editor.setText("Europe/London")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert session.project.timezone == "Europe/London"
    editor.setText("Nowhere")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert session.project.timezone == "Europe/London"
    assert field.timezone == "Europe/London"
    window.commands.undo()
    assert session.project.timezone == "America/New_York"
    assert window.inspector.overview.timezone.timezone == "America/New_York"
    assert "Days and times are meant in" in spoken(window)


def test_a_folder_is_imported_from_the_menu(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for month in (1, 2):
        text = f"name,lat,lon\nExchange {month},39.10{month},-84.50\n"
        (tmp_path / f"services-{month}.csv").write_text(text)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    window.actions_set.qt["file.import-folder"].trigger()
    dialog = opened(ImportDialog)
    assert dialog.paths == [tmp_path]
    qtbot.waitUntil(lambda: not window.session.runner.busy, timeout=5_000)
    dialog.reject()


def test_the_page_is_made_once_for_all_that_a_turn_brings(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, inspector = window.session, window.inspector
    made: list[bool] = []
    make = inspector.refresh
    monkeypatch.setattr(inspector, "refresh", lambda: (made.append(True), make()))
    first, second = list(session.project.zones)[:2]
    session.select(Selection(zone_ids=(first,)))
    session.perform(edits.rename_zone(second, "Quay"))
    session.select(Selection(zone_ids=(second,)))
    assert not made
    qtbot.waitUntil(lambda: made == [True])
    assert "Quay" in spoken(window)
    session.select(Selection())
    assert inspector.page is inspector.overview


def test_the_list_of_selected_rows_follows_the_filter(window: MainWindow, qtbot: QtBot) -> None:
    session = window.session
    layer = next(one for one in session.project.layers if one.kind is LayerKind.OVERDOSES)
    session.select(Selection(layer_id=layer.id, rows=np.arange(260)))

    def told() -> list[str]:
        return [one.text() for one in window.inspector.page.findChildren(QLabel)]

    assert layer.count_words(260) in told()
    session.filters.set(layer.id, Part.TABLE, np.arange(len(layer)) >= 250, "the last")
    assert layer.count_words(10) in told()
    assert "250 are selected besides, which the filter leaves out." in told()
    assert f"{layer.count_words(1).removeprefix('1 ').capitalize()} 251" in told()
    session.filters.set(layer.id, Part.TABLE, np.arange(len(layer)) >= 300, "others")
    assert layer.count_words(0) in told()
    session.select(Selection(layer_id=layer.id, rows=np.array([4])))
    assert "The filter leaves it out." in told()
    session.filters.lift_fields(layer.id)
    assert "The filter leaves it out." not in told()


def test_postal_codes_are_read_as_codes() -> None:
    table = pa.table({"zip": [99212], "case_no": [2025001.0], "residents": [12500], "ppm": [0.25]})
    places = Points(np.zeros(1), np.zeros(1))
    layer = new_layer("Homes", LayerKind.OTHER, table, places)
    assert [text for _, text in row_facts(layer, 0)] == ["99212", "2025001", "12,500", "0.25"]
