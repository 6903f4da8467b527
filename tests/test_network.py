"""Nothing but an agreed server of base maps touches the network: by the source, and at work."""

from __future__ import annotations

import ast
import importlib
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gisapp.io.tiles.fetching import network
from gisapp.journeys import import_task
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind
from gisapp.render.export import export_map_task
from gisapp.ui import app as program
from gisapp.ui.main_window import MainWindow
from gisapp.ui.project.questions import Answer
from gisapp.ui.settings import Settings
from gisapp.ui.warmth import HEAVY
from tests.test_architecture import PACKAGE, imports, loaded_by, sources
from tests.ui import made as made_up

#: Modules that can reach another machine.
NETWORK = {"socket", "ssl", "http", "ftplib", "smtplib", "poplib", "imaplib", "xmlrpc", "asyncio"}
NETWORK |= {"socketserver", "telnetlib", "nntplib", "requests", "httpx", "aiohttp", "urllib3"}
REACHING = {"urllib.request", "PySide6.QtNetwork", "PySide6.QtWebSockets"}
ALLOWED = {"io/tiles/server.py"}


def reaches(name: str) -> bool:
    return name.split(".")[0] in NETWORK or any(name.startswith(other) for other in REACHING)


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.name)
def test_only_one_module_can_reach_another_machine(path: Path) -> None:
    found = [name for _, name in imports(ast.parse(path.read_text("utf8"))) if reaches(name)]
    inside = str(path.relative_to(PACKAGE))
    assert not found or inside in ALLOWED, f"{inside} imports {found}"


def test_that_module_is_loaded_in_one_place_and_late() -> None:
    naming = [path for path in sources() if "gisapp.io.tiles.server" in path.read_text("utf8")]
    assert naming == [PACKAGE / "io/tiles/fetching.py"]
    loaded = loaded_by("import gisapp.ui.app")
    assert not loaded & {"gisapp.io.tiles.server", "urllib.request", "http.client"}
    assert not {name for name in loaded if reaches(name) and name.startswith("PySide6")}
    assert callable(network())


class Watch:
    """Notes each try to reach another machine while it is on."""

    def __init__(self) -> None:
        self.on = False
        self.seen: list[str] = []

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        if self.on and event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
            self.seen.append(f"{event} {arguments[1:]}")


WATCH = Watch()
sys.addaudithook(WATCH)  # cannot be taken away again, so it is only switched off


@pytest.fixture
def watched() -> Iterator[Watch]:
    WATCH.seen.clear()
    WATCH.on = True
    yield WATCH
    WATCH.on = False


@pytest.fixture
def window(
    qtbot: QtBot, tmp_path: Path, watched: Watch
) -> Iterator[Callable[[Project], MainWindow]]:
    windows: list[MainWindow] = []

    def start(project: Project) -> MainWindow:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        store = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
        made = program.make_window(application, project, Settings(store))
        made.files.ask_unsaved = lambda: Answer.DISCARD
        windows.append(made)
        made.show()
        qtbot.waitExposed(made)
        return made

    yield start
    for made in windows:
        made.session.document.mark_saved()
        made.close()
        made.deleteLater()


def test_a_day_of_work_reaches_nobody(
    qtbot: QtBot, tmp_path: Path, watched: Watch, window: Callable[[Project], MainWindow]
) -> None:
    for name in HEAVY:
        importlib.import_module(name)
    made = window(made_up.project())
    session = made.session
    csv = tmp_path / "stops.csv"
    csv.write_text("date,lon,lat\n2025-03-01 10:00,-84.5,39.1\n2025-03-02 11:00,-84.6,39.2\n")
    session.start(import_task([csv], LayerKind.STOPS, timezone="America/New_York"))
    qtbot.waitUntil(lambda: not session.runner.busy, timeout=10_000)
    assert any(layer.kind is LayerKind.STOPS for layer in session.project.layers)
    made.canvas.zoom_by(2.0)
    qtbot.waitUntil(lambda: not made.canvas.busy, timeout=10_000)
    for suffix in ("png", "pdf", "svg", "html"):
        path = tmp_path / f"map.{suffix}"
        task = export_map_task(session.project, session.view, session.look, path, title="Map")
        session.start(task)
        qtbot.waitUntil(path.exists, timeout=20_000)
    made.files.save_to(tmp_path / "city.gpkg")
    qtbot.waitUntil(lambda: session.document.is_saved, timeout=10_000)
    made.files.open(tmp_path / "city.gpkg")
    qtbot.waitUntil(lambda: not session.runner.busy and not made.canvas.busy, timeout=10_000)
    assert watched.seen == []


def test_the_watch_would_see_it(watched: Watch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
    assert watched.seen


def test_no_grid_of_another_server_is_fetched_for_coordinates() -> None:
    from pyproj import network as grids

    importlib.import_module("gisapp.io.reading.reference_systems")
    assert not grids.is_network_enabled()
