"""The five journeys through the window, on real calls and sites of Cincinnati."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gisapp.analysis.counting import count_events
from gisapp.io import project_file
from gisapp.layers.agreement import Party, Status
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import Activity, LayerKind, PartyRole
from gisapp.ui.agreement_dialog import AgreementDialog
from gisapp.ui.export_dialogs import ExportMapDialog, ExportPackageDialog
from gisapp.ui.forms import choose
from gisapp.ui.import_dialog import ImportDialog
from gisapp.ui.main_window import MainWindow
from gisapp.ui.session import Session
from gisapp.ui.zones_dialog import ZonesDialog

Open = Callable[[Project | None], MainWindow]
DAY = date(2017, 6, 1)


class Hands:
    """What a user does with dialogs: click, type, wait for the window."""

    def __init__(self, qtbot: QtBot, window: MainWindow) -> None:
        self.qtbot, self.window, self.session = qtbot, window, window.session

    def click(self, button: QWidget) -> None:
        self.qtbot.waitUntil(button.isEnabled, timeout=10_000)
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def type(self, field: QWidget, text: str) -> None:
        field.setFocus()
        self.qtbot.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        self.qtbot.keyClicks(field, text)

    def wait(self) -> None:
        self.qtbot.waitUntil(lambda: not self.session.runner.busy, timeout=20_000)

    def add(self, path: Path, name: str, kind: LayerKind) -> None:
        dialog = ImportDialog(self.session, [path], kind, parent=self.window)
        self.qtbot.addWidget(dialog)
        dialog.show()
        self.qtbot.waitUntil(lambda: dialog.add.isEnabled(), timeout=20_000)
        self.type(dialog.form.name, name)
        self.click(dialog.add)
        self.wait()
        dialog.close()


@pytest.fixture
def hands(qtbot: QtBot, open_window: Open) -> Hands:
    return Hands(qtbot, open_window(None))


def agree(hands: Hands) -> None:
    dialog = AgreementDialog(hands.session, parent=hands.window)
    hands.qtbot.addWidget(dialog)
    dialog.show()
    form = dialog.form
    hands.type(form.title, "Naloxone sites")
    form.effective.set_day(date(2016, 2, 1))
    form.expires.set_day(date(2017, 12, 31))
    form.timezone.set_timezone("America/New_York")
    choose(form.status, Status.AGREED.value)
    form.parties.set_parties(
        [
            Party("City police", PartyRole.POLICE, "Chief", date(2016, 1, 4)),
            Party("City health", PartyRole.HEALTH, "Director", date(2016, 1, 4)),
        ]
    )
    form.suspended.set_values([Activity.DRUG_SEARCH.value, Activity.ARREST.value])
    hands.click(dialog.save)


def test_import_agree_draw_find_export(
    hands: Hands, shared_data: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    session: Session = hands.session
    data = shared_data / "cincinnati"
    hands.add(
        data / "overdose_police_calls_heroin_2015-2018.csv", "Heroin calls", LayerKind.OVERDOSES
    )
    hands.add(data / "naloxone_distribution_sites.csv", "Sites", LayerKind.SERVICES)
    calls = session.project.layer_named("Heroin calls")
    assert (len(calls), calls.provenance.rejected) == (6060, 900)

    agree(hands)
    [agreement] = session.project.agreements.values()
    assert agreement.suspends(Activity.ARREST)

    zones = ZonesDialog(session, parent=hands.window)
    qtbot.addWidget(zones)
    zones.show()
    hands.type(zones.radius, "500 ft")
    hands.type(zones.basis, "a worked example")
    choose(zones.agreement_box, agreement.id)
    qtbot.waitUntil(lambda: zones.draw.text() == "Draw 143 zones", timeout=10_000)
    hands.click(zones.draw)
    hands.wait()
    assert len(session.project.zones) == 143
    assert count_events(session.project, calls, ignore_dates=True).inside == 562

    for label in ("undo", "redo"):
        getattr(session.document, label)()
        assert len(session.project.zones) == (0 if label == "undo" else 143)

    session.set_look(day=DAY)
    export = ExportMapDialog(session, hands.window)
    qtbot.addWidget(export)
    export.show()
    export.write(tmp_path / "map.pdf")
    hands.wait()
    assert (tmp_path / "map.pdf").read_bytes().startswith(b"%PDF")

    package = ExportPackageDialog(session, hands.window)
    qtbot.addWidget(package)
    package.show()
    hands.wait()
    package.write(tmp_path / "zones.zip", DAY)
    hands.wait()
    with zipfile.ZipFile(tmp_path / "zones.zip") as files:
        assert len(json.loads(files.read("zones.geojson"))["features"]) == 143

    panel = hands.window.hotspots
    hands.window.commands.hotspots_asked.emit()
    panel.show_layer(calls.id)
    hands.click(panel.start)
    qtbot.waitUntil(lambda: bool(session.project.hotspots), timeout=10_000)
    qtbot.waitUntil(lambda: not hands.window.canvas.busy, timeout=10_000)

    saved = tmp_path / "city.gpkg"
    hands.window.files.save_to(saved)
    hands.wait()
    assert session.document.is_saved
    again = project_file.load(saved)
    assert len(again.zones) == 143
    assert again.hotspots == session.project.hotspots
    assert again.agreements == session.project.agreements
