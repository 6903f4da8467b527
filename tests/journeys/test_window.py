"""The five journeys through the window: on real calls of Cincinnati, and on the sample city."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gisapp.analysis.counting import count_events
from gisapp.io.project import project_file
from gisapp.layers.agreement import Agreement, Party, Status
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import Activity, LayerKind, PartyRole
from gisapp.ui.agreements.dialog import AgreementDialog
from gisapp.ui.exports.map_dialog import ExportMapDialog
from gisapp.ui.exports.package_dialog import ExportPackageDialog
from gisapp.ui.imports.dialog import ImportDialog
from gisapp.ui.main_window import MainWindow
from gisapp.ui.widgets.forms import choose
from gisapp.ui.zones.dialog import ZonesDialog
from sample_data.make_city import city_files

Open = Callable[[Project | None], MainWindow]


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


@dataclass(frozen=True)
class City:
    """Files to walk the journeys with, and what is known of them."""

    events: Path
    services: Path
    timezone: str
    day: date
    added: int
    rejected: int
    sites: int
    inside: int


def agree(hands: Hands, city: City) -> Agreement:
    dialog = AgreementDialog(hands.session, parent=hands.window)
    hands.qtbot.addWidget(dialog)
    dialog.show()
    form = dialog.form
    hands.type(form.what.name, "Within reach of services")
    form.when.effective.set_day(city.day - timedelta(days=400))
    form.when.expires.set_day(city.day + timedelta(days=200))
    form.when.timezone.set_timezone(city.timezone)
    choose(form.what.status, Status.AGREED.value)
    signed = city.day - timedelta(days=430)
    form.who.parties.set_values(
        [
            Party("City police", PartyRole.POLICE, "Chief", signed),
            Party("City health", PartyRole.HEALTH, "Director", signed),
        ]
    )
    form.terms.suspended.set_values([Activity.DRUG_SEARCH.value, Activity.ARREST.value])
    choose(form.terms.offences.supply, False)
    hands.click(dialog.save)
    [agreement] = hands.session.project.agreements.values()
    assert agreement.suspends(Activity.ARREST)
    return agreement


def draw(hands: Hands, city: City, agreement: Agreement) -> None:
    zones = ZonesDialog(hands.session, parent=hands.window)
    zones.finish()
    hands.qtbot.addWidget(zones)
    zones.show()
    hands.type(zones.radius, "500 ft")
    hands.type(zones.basis, "a worked example")
    choose(zones.agreement_box, agreement.id)
    words = f"Draw {city.sites} zones"
    hands.qtbot.waitUntil(lambda: zones.draw.text() == words, timeout=10_000)
    hands.click(zones.draw)
    hands.wait()
    document = hands.session.document
    assert len(document.project.zones) == city.sites
    document.undo()
    assert not document.project.zones
    document.redo()
    assert len(document.project.zones) == city.sites


def export(hands: Hands, city: City, folder: Path) -> None:
    session, qtbot = hands.session, hands.qtbot
    session.set_look(day=city.day)
    map_dialog = ExportMapDialog(session, hands.window)
    qtbot.addWidget(map_dialog)
    map_dialog.show()
    map_dialog.write(folder / "map.pdf")
    hands.wait()
    assert (folder / "map.pdf").read_bytes().startswith(b"%PDF")
    package = ExportPackageDialog(session, hands.window)
    package.finish()
    qtbot.addWidget(package)
    package.show()
    hands.wait()
    package.write(folder / "zones.zip")
    hands.wait()
    with zipfile.ZipFile(folder / "zones.zip") as files:
        assert len(json.loads(files.read("zones.geojson"))["features"]) == city.sites


def walk(hands: Hands, city: City, folder: Path) -> None:
    """Import, agree, draw, find hotspots, export, save and open again."""
    session = hands.session
    hands.add(city.events, "Events", LayerKind.OVERDOSES)
    hands.add(city.services, "Sites", LayerKind.SERVICES)
    events = session.project.layer_named("Events")
    assert (len(events), events.provenance.rejected) == (city.added, city.rejected)
    draw(hands, city, agree(hands, city))
    assert count_events(session.project, events, ignore_dates=True).inside == city.inside
    panel = hands.window.hotspots
    hands.window.commands.hotspots_asked.emit()
    panel.show_layer(events.id)
    hands.click(panel.start)
    hands.qtbot.waitUntil(lambda: bool(session.project.hotspots), timeout=10_000)
    hands.qtbot.waitUntil(lambda: not hands.window.canvas.busy, timeout=10_000)
    export(hands, city, folder)
    saved = folder / "city.gpkg"
    hands.window.files.save_to(saved)
    hands.wait()
    assert session.document.is_saved
    again = project_file.load(saved)
    assert again.zones.keys() == session.project.zones.keys()
    assert again.hotspots == session.project.hotspots
    assert again.agreements == session.project.agreements


def test_cincinnati(hands: Hands, shared_data: Path, tmp_path: Path) -> None:
    data = shared_data / "cincinnati"
    city = City(
        events=data / "overdose_police_calls_heroin_2015-2018.csv",
        services=data / "naloxone_distribution_sites.csv",
        timezone="America/New_York",
        day=date(2017, 6, 1),
        added=6060,
        rejected=900,
        sites=143,
        inside=562,
    )
    walk(hands, city, tmp_path)
    assert len(hands.session.project.zones) == city.sites


def test_the_sample_city(hands: Hands, tmp_path: Path) -> None:
    files = city_files()
    city = City(
        events=files.overdoses,
        services=files.services,
        timezone="Europe/London",
        day=date(2025, 6, 4),
        added=1500,
        rejected=0,
        sites=12,
        inside=129,
    )
    walk(hands, city, tmp_path)
    assert len(hands.session.project.zones) == city.sites
