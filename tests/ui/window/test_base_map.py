"""The base map in the window: choosing it, seeing it, and who is asked before a server is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from gisapp.io.tiles.files import base_map_of
from gisapp.io.tiles.grid import Tile
from gisapp.io.tiles.info import Answer, ServerError
from gisapp.layers import edits
from gisapp.layers.base_map import BaseMap, BaseMapKind
from gisapp.layers.project import Project
from gisapp.ui.exports.map_dialog import ExportMapDialog
from gisapp.ui.main_window import MainWindow
from gisapp.ui.map.base_map_dialog import FILE, NONE, SERVER, BaseMapDialog, in_bytes
from gisapp.ui.settings import Settings
from gisapp.ui.widgets.forms import choose
from tests.tiles import mbtiles, picture, served
from tests.ui import made
from tests.ui.window.opened import opened

Open = Callable[[Project | None], MainWindow]
ADDRESS = "https://tiles.example.org/{z}/{x}/{y}.png"
REMOTE = BaseMap(BaseMapKind.XYZ, ADDRESS, credit="© Example")
GREEN = "#20c060"
WORLD = {Tile(0, 0, 0): picture(GREEN)}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return mbtiles(tmp_path / "world.mbtiles", WORLD, name="World", attribution="© World")


class Asked:
    """Stands for the network."""

    def __init__(self) -> None:
        self.count = 0
        self.fails = False

    def __call__(self, address: str, tile: Tile, etag: str, stop: object) -> Answer:
        self.count += 1
        if self.fails:
            raise ServerError("tiles.example.org cannot be reached.")
        return Answer(picture(GREEN))


def with_network(window: MainWindow) -> Asked:
    asked = Asked()
    window.session.cache.tiles._fetch = lambda: asked
    return asked


def shows(window: MainWindow, color: str) -> bool:
    """Whether a good part of the map has just this colour."""
    image = window.canvas.grab().toImage()
    places = [(x, y) for x in range(9, image.width(), 31) for y in range(9, image.height(), 31)]
    found = sum(image.pixelColor(x, y).name() == color for x, y in places)
    return found > len(places) / 20


def test_a_dropped_file_is_tried_and_taken(window: MainWindow, qtbot: QtBot, file: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    at = QPointF(300, 300)
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(at, Qt.DropAction.CopyAction, data, buttons, keys))
    qtbot.waitUntil(lambda: window.commands._dialog is not None)
    dialog = opened(BaseMapDialog)
    assert dialog.way == FILE
    qtbot.waitUntil(lambda: dialog.preview is not None)
    assert dialog.box.image is not None
    assert dialog.box.image.pixelColor(50, 50).name() == GREEN
    assert dialog.credit.text() == "© World"
    assert "PNG" in dialog.about.text() and "World" in dialog.about.text()
    QTest.mouseClick(dialog.take, Qt.MouseButton.LeftButton)
    base_map = window.session.project.base_map
    assert base_map is not None
    assert (base_map.name, base_map.credit) == ("World", "© World")
    qtbot.waitUntil(lambda: shows(window, GREEN), timeout=5000)
    assert window.layers.base_map.shown.isVisible()
    window.commands.undo()
    assert window.session.project.base_map is None
    qtbot.waitUntil(lambda: not shows(window, GREEN), timeout=5000)


def test_a_file_of_tiles_chosen_to_be_imported_is_tried_as_base_map(
    window: MainWindow, qtbot: QtBot, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = ([str(file)], "")
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: chosen)
    QTest.keyClick(window, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.commands._dialog is not None)
    dialog = opened(BaseMapDialog)
    assert dialog.way == FILE
    qtbot.waitUntil(lambda: dialog.preview is not None)
    dialog.reject()


def test_trouble_with_a_server_is_told_no_longer_than_it_is_used(
    window: MainWindow, qtbot: QtBot, file: Path
) -> None:
    asked, session = with_network(window), window.session
    asked.fails = True
    window.settings.agree_to(ADDRESS)
    session.cache.tiles.agree(window.settings.tile_sources)
    session.perform(edits.set_base_map(REMOTE))
    told = "cannot be reached"
    qtbot.waitUntil(lambda: told in window.notices.text.text(), timeout=5000)
    session.perform(edits.set_base_map(replace(REMOTE, credit="© Somebody")))
    assert window.notices.isVisible(), "it is the same server"
    session.perform(edits.set_base_map(base_map_of(file)))
    assert window.notices.isHidden()
    # What a worker says that had asked before.
    session.cache.tiles.on_trouble("tiles.example.org did not answer in time.")
    qtbot.waitUntil(lambda: shows(window, GREEN), timeout=5000)
    assert window.notices.isHidden()
    session.tell("Saved.", "done")
    session.perform(edits.set_base_map(None))
    assert window.notices.isVisible(), "other news stays"


def test_on_an_empty_project_a_base_map_shows_the_map(
    open_window: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window(None)
    path = mbtiles(tmp_path / "w.mbtiles", WORLD, bounds="5,45,15,55")
    window.commands.choose_base_map(path)
    dialog = opened(BaseMapDialog)
    qtbot.waitUntil(dialog.take.isEnabled)
    dialog.take.click()
    assert window.stack.currentWidget() is window.canvas
    west, _, east, _ = window.session.view.bounds
    assert -30 < west < 5 and 15 < east < 50
    qtbot.waitUntil(lambda: shows(window, GREEN), timeout=5000)


def test_a_file_that_is_none_is_explained_beside_the_field(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    bad = tmp_path / "notes.mbtiles"
    bad.write_text("not a map")
    window.commands.choose_base_map(bad)
    dialog = opened(BaseMapDialog)
    qtbot.waitUntil(lambda: bool(dialog.file_row.error))
    assert "cannot be read as a base map" in dialog.file_row.error
    assert not dialog.take.isEnabled()
    choose(dialog.way_box, NONE)
    assert dialog.take.isEnabled()
    dialog.reject()


def test_an_address_is_checked_while_it_is_typed_and_its_server_named(
    window: MainWindow, settings: Settings, qtbot: QtBot
) -> None:
    asked = with_network(window)
    window.commands.choose_base_map()
    dialog = opened(BaseMapDialog)
    choose(dialog.way_box, SERVER)
    QTest.keyClicks(dialog.address, "https://tiles.example.org/{z}/{x}")
    assert "lacks {y}" in dialog.address_row.error
    assert not dialog.take.isEnabled()
    QTest.keyClicks(dialog.address, "/{y}.png")
    assert not dialog.address_row.error
    assert "tiles.example.org learns which part of the world" in dialog.warning.text()
    assert dialog.warning.isVisible()
    assert settings.tile_sources == ()
    assert asked.count == 0
    dialog.take.click()
    assert settings.tile_sources == (ADDRESS,)
    qtbot.waitUntil(lambda: shows(window, GREEN), timeout=5000)
    assert asked.count > 0


def test_a_project_of_somebody_else_asks_first_and_once(
    open_window: Open, qtbot: QtBot, settings: Settings
) -> None:
    window = open_window(made.project())
    asked, questions = with_network(window), list[str]()

    def not_now(base_map: BaseMap) -> bool:
        questions.append(str(base_map.server))
        return False

    window.commands.base_maps.ask = not_now
    theirs = replace(made.project(), base_map=REMOTE)
    window.files.show_unsaved(theirs)
    qtbot.waitUntil(lambda: bool(questions))
    window.session.perform(edits.set_base_map(replace(REMOTE, opacity=0.5)))
    qtbot.waitUntil(lambda: not window.canvas.busy, timeout=5000)
    assert questions == ["tiles.example.org"]
    assert asked.count == 0 and settings.tile_sources == ()
    assert window.layers.base_map.shown.isChecked()


def test_once_agreed_tiles_come_here_and_are_not_asked_about_again(
    open_window: Open, qtbot: QtBot, settings: Settings
) -> None:
    window = open_window(None)
    asked, questions = with_network(window), list[str]()

    def yes(base_map: BaseMap) -> bool:
        questions.append(base_map.source)
        return True

    window.commands.base_maps.ask = yes
    window.files.show_unsaved(replace(made.project(), base_map=REMOTE))
    qtbot.waitUntil(lambda: shows(window, GREEN), timeout=5000)
    assert asked.count > 0
    assert Settings(settings._store).tile_sources == (ADDRESS,)
    window.files.show_unsaved(replace(made.project(), base_map=REMOTE))
    qtbot.waitUntil(lambda: not window.canvas.busy, timeout=5000)
    assert questions == [ADDRESS]


def test_trouble_with_a_server_is_told_once_and_the_map_goes_on(
    open_window: Open, qtbot: QtBot, settings: Settings
) -> None:
    settings.agree_to(ADDRESS)
    window = open_window(None)
    with_network(window).fails = True
    window.files.show_unsaved(replace(made.project(), base_map=REMOTE))
    qtbot.waitUntil(lambda: window.notices.notice is not None)
    for _ in range(3):
        window.canvas.zoom_by(1.5)
        qtbot.waitUntil(lambda: not window.canvas.busy, timeout=5000)
    texts = [notice.text for notice in window.notices.recent]
    assert sum("cannot be reached" in text for text in texts) == 1


def test_a_file_that_has_gone_is_said_and_the_project_opens(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    gone = BaseMap(BaseMapKind.MBTILES, str(tmp_path / "gone.mbtiles"))
    window.files.show_unsaved(replace(made.project(), base_map=gone))
    qtbot.waitUntil(lambda: window.notices.notice is not None, timeout=5000)
    notice = window.notices.notice
    assert notice is not None and "“gone.mbtiles” was not found" in notice.text
    assert window.session.project.layers
    QTest.mouseClick(window.notices.action, Qt.MouseButton.LeftButton)
    dialog = opened(BaseMapDialog)
    qtbot.waitUntil(lambda: bool(dialog.file_row.error))
    dialog.reject()


def test_the_row_shows_hides_and_weakens_it_and_one_undo_takes_a_drag_back(
    window: MainWindow, file: Path
) -> None:
    window.session.perform(edits.set_base_map(base_map_of(file)))
    row = window.layers.base_map
    QTest.keyClick(row.shown, Qt.Key.Key_Space)
    base_map = window.session.project.base_map
    assert base_map is not None and not base_map.visible
    assert not row.opacity.isEnabled()
    QTest.keyClick(row.shown, Qt.Key.Key_Space)
    row.opacity.setFocus()
    for _ in range(3):
        QTest.keyClick(row.opacity, Qt.Key.Key_PageDown)
    base_map = window.session.project.base_map
    assert base_map is not None and base_map.opacity == pytest.approx(0.7)
    window.commands.undo()
    base_map = window.session.project.base_map
    assert base_map is not None and base_map.opacity == 1.0


def test_without_one_the_row_is_only_the_way_to_it(window: MainWindow) -> None:
    row = window.layers.base_map
    assert not row.shown.isVisible() and not row.opacity.isVisible()
    QTest.mouseClick(row.choose, Qt.MouseButton.LeftButton)
    assert opened(BaseMapDialog).way == NONE
    opened(BaseMapDialog).reject()


def test_a_page_asks_the_server_only_when_ticked(
    open_window: Open, qtbot: QtBot, settings: Settings, tmp_path: Path
) -> None:
    settings.agree_to(ADDRESS)
    window = open_window(None)
    asked = with_network(window)
    window.files.show_unsaved(replace(made.project(), base_map=REMOTE))
    qtbot.waitUntil(lambda: shows(window, GREEN), timeout=5000)
    qtbot.waitUntil(lambda: not window.session.cache.tiles.busy, timeout=5000)
    window.session.set_view(window.session.view.panned(4000, 0))
    window.canvas.hide()  # so that only the page could ask
    dialog = ExportMapDialog(window.session, window)
    choose(dialog.format_box, "png")
    before = asked.count
    assert dialog.fetch_row.label.isVisibleTo(dialog) and not dialog.fetch.isChecked()
    dialog.write(tmp_path / "a.png")
    qtbot.waitUntil(lambda: (tmp_path / "a.png").exists(), timeout=10_000)
    assert asked.count == before
    qtbot.waitUntil(lambda: not window.session.runner.busy, timeout=5000)
    dialog.fetch.setChecked(True)
    dialog.write(tmp_path / "b.png")
    qtbot.waitUntil(lambda: (tmp_path / "b.png").exists(), timeout=10_000)
    assert asked.count > before
    qtbot.waitUntil(lambda: not window.session.runner.busy, timeout=5000)
    choose(dialog.format_box, "html")
    assert not dialog.fetch_row.label.isVisibleTo(dialog)
    dialog.reject()
    dialog.deleteLater()
    window.canvas.show()


def test_the_tile_cache_can_be_emptied(open_window: Open, qtbot: QtBot, settings: Settings) -> None:
    settings.agree_to(ADDRESS)
    window = open_window(None)
    with_network(window)
    window.files.show_unsaved(replace(made.project(), base_map=REMOTE))
    qtbot.waitUntil(lambda: shows(window, GREEN), timeout=5000)
    store = window.session.cache.tiles.store
    assert store is not None and store.bytes > 0
    window.commands.choose_base_map()
    dialog = opened(BaseMapDialog)
    assert "Empty the tile cache" in dialog.empty.text()
    window.layers.base_map.shown.setChecked(False)
    qtbot.waitUntil(lambda: not window.session.cache.tiles.busy, timeout=5000)
    QTest.mouseClick(dialog.empty, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.session.runner.busy, timeout=5000)
    assert store.get(ADDRESS, Tile(0, 0, 0)) is None
    dialog.reject()


def test_what_was_agreed_to_can_be_taken_back(
    open_window: Open, qtbot: QtBot, settings: Settings
) -> None:
    settings.agree_to(ADDRESS)
    window = open_window(None)
    asked = with_network(window)
    window.files.show_unsaved(replace(made.project(), base_map=REMOTE))
    qtbot.waitUntil(lambda: shows(window, GREEN), timeout=5000)
    window.commands.choose_base_map()
    dialog = opened(BaseMapDialog)
    assert ADDRESS in dialog.withdraw.toolTip()
    QTest.mouseClick(dialog.withdraw, Qt.MouseButton.LeftButton)
    assert settings.tile_sources == ()
    assert not dialog.withdraw.isVisible()
    dialog.reject()
    qtbot.waitUntil(lambda: not shows(window, GREEN), timeout=5000)
    before = asked.count
    window.canvas.zoom_by(4.0)
    qtbot.waitUntil(lambda: not window.canvas.busy, timeout=5000)
    assert asked.count == before


def test_tiles_come_from_a_real_server_to_the_map(
    open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    window = open_window(made.project())
    with served(lambda path, sent: (200, {}, picture(GREEN))) as server:
        window.commands.choose_base_map()
        dialog = opened(BaseMapDialog)
        choose(dialog.way_box, SERVER)
        dialog.address.setText(server.address)
        QTest.mouseClick(dialog.try_it, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: dialog.preview is not None, timeout=5000)
        assert dialog.box.image is not None
        assert dialog.box.image.pixelColor(20, 20).name() == GREEN
        dialog.take.click()
        qtbot.waitUntil(lambda: shows(window, GREEN), timeout=5000)
        assert all(sent["User-Agent"].startswith("gisapp/") for _, sent in server.asked)
        qtbot.waitUntil(lambda: not window.session.cache.tiles.busy, timeout=5000)


def test_sizes_are_said_for_people() -> None:
    sizes = (0, 300, 12_345, 5_000_000, 21_700_000, 3_200_000_000)
    assert [in_bytes(s) for s in sizes] == ["0 kB", "1 kB", "12 kB", "5.0 MB", "22 MB", "3.2 GB"]


def test_damaged_consents_are_dropped(settings: Settings) -> None:
    settings._store.setValue("tile_sources", {"a": 1})
    assert settings.tile_sources == ()
    settings.agree_to("a")
    settings.agree_to("b")
    settings.agree_to("a")
    assert settings.tile_sources == ("a", "b")
