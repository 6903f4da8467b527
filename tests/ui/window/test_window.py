"""The window as a whole: actions, panels, notices, files, and what it remembers."""

from __future__ import annotations

import ast
import re
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from gisapp.io.project import project_file
from gisapp.layers import edits
from gisapp.layers.audience import Audience, Sensitivity
from gisapp.layers.project import Project
from gisapp.progress import Progress
from gisapp.render.look import Look
from gisapp.tasks import Task
from gisapp.ui import actions, icons, theme
from gisapp.ui.help_dialogs import ShortcutsDialog
from gisapp.ui.main_window import MainWindow
from gisapp.ui.map.furniture import restricted_layers, round_length
from gisapp.ui.project.questions import Answer
from gisapp.ui.session import Selection
from gisapp.ui.settings import Settings
from tests.conftest import ROOT
from tests.ui import made
from tests.ui.conftest import DAY

Open = Callable[[Project | None], MainWindow]


def test_the_table_of_actions_is_sound() -> None:
    ids = [row.id for row in actions.ACTIONS]
    keys = [QKeySequence(row.shortcut).toString() for row in actions.ACTIONS if row.shortcut]
    assert len(ids) == len(set(ids))
    assert len(keys) == len(set(keys))
    assert all(keys)
    for row in actions.ACTIONS:
        assert row.menu in actions.MENUS
        assert row.text and row.text[0].isupper()
        assert not row.icon or icons.NAMES.get(row.icon, row.icon) in icons._glyphs()


def test_what_cannot_be_done_says_why(open_window: Open) -> None:
    window = open_window(None)
    undo = window.actions_set.qt["edit.undo"]
    assert not undo.isEnabled()
    assert "nothing to undo" in undo.toolTip()
    assert "Import services first" in window.actions_set.qt["zones.services"].toolTip()


def test_undo_names_what_it_undoes(window: MainWindow) -> None:
    key = next(iter(window.session.project.zones))
    window.session.perform(edits.rename_zone(key, "Another"))
    assert window.actions_set.qt["edit.undo"].text() == "Undo rename zone"
    assert window.isWindowModified()
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.session.project.zones[key].name != "Another"
    assert not window.isWindowModified()


@pytest.mark.parametrize("row", [r for r in actions.ACTIONS if r.tool], ids=lambda r: r.id)
def test_every_tool_has_a_key(window: MainWindow, row: actions.Action) -> None:
    window.session.select(Selection((next(iter(window.session.project.zones)),)))
    QTest.keyClick(window.canvas, Qt.Key(ord(row.shortcut)))
    assert window.canvas.tool is window.tools[row.id]
    assert window.actions_set.qt[row.id].isChecked()


def test_the_help_lists_every_shortcut(window: MainWindow, qtbot: QtBot) -> None:
    window.commands.show_shortcuts()
    dialog = next(w for w in QApplication.topLevelWidgets() if isinstance(w, ShortcutsDialog))
    said = " ".join(label.text() for label in dialog.findChildren(QLabel))
    for row in actions.ACTIONS:
        if row.shortcut:
            assert row.text.rstrip("…") in said
    dialog.accept()


def test_the_map_has_half_of_the_window(window: MainWindow) -> None:
    window.resize(1280, 800)
    QApplication.processEvents()
    share = window.canvas.width() * window.canvas.height() / (1280 * 800)
    assert share >= 0.5


def test_the_layout_is_remembered(open_window: Open) -> None:
    first = open_window(made.project())
    first.right_dock.close()
    first.bottom.set_folded(False)
    first.resize(1111, 777)
    QApplication.processEvents()
    first.close()
    second = open_window(made.project())
    assert second.right_dock.isHidden()
    assert not second.bottom.folded


def test_bad_settings_never_stop_the_start(tmp_path: Path) -> None:
    store = QSettings(str(tmp_path / "bad.ini"), QSettings.Format.IniFormat)
    store.setValue("scheme", "purple")
    store.setValue("recent", {"a": 1})
    store.setValue("window/state", "no layout")
    settings = Settings(store)
    assert settings.scheme == "system"
    assert settings.recent == ()
    assert settings.layout("state") is None


def test_f11_leaves_the_map_alone(window: MainWindow) -> None:
    window.commands.map_alone()
    assert window.menuBar().isHidden() and window.left_dock.isHidden()
    window.commands.map_alone()
    assert not window.menuBar().isHidden() and not window.left_dock.isHidden()


def test_welcome_until_there_is_something(open_window: Open) -> None:
    window = open_window(None)
    assert window.stack.currentWidget() is window.welcome
    window.session.perform(edits.add_layer(made.services()))
    assert window.stack.currentWidget() is window.canvas
    window.commands.undo()
    assert window.stack.currentWidget() is window.welcome


def test_recent_projects_never_make_the_window_too_high(open_window: Open, tmp_path: Path) -> None:
    window = open_window(None)
    before = window.minimumSizeHint().height()
    for number in range(8):
        path = tmp_path / f"Project {number}.gpkg"
        path.touch()
        window.settings.remember(path)
    window.files.recent_changed.emit()
    QApplication.processEvents()
    assert window.minimumSizeHint().height() == before
    assert before < 700


def test_the_sample_city_opens_from_the_welcome_page(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(None)
    button = next(
        b
        for b in window.welcome.findChildren(QPushButton)
        if b.accessibleName() == "Open the sample city"
    )
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(window.session.project.zones), timeout=20_000)
    qtbot.waitUntil(lambda: not window.canvas.busy, timeout=20_000)
    assert not window.isWindowModified()


def test_notices_offer_an_action_and_are_kept(window: MainWindow, qtbot: QtBot) -> None:
    key = next(iter(window.session.project.zones))
    window.commands.remove_zones((key,))
    assert window.notices.isVisible()
    assert window.notices.action.text() == "Undo"
    qtbot.mouseClick(window.notices.action, Qt.MouseButton.LeftButton)
    assert key in window.session.project.zones
    assert not window.notices.isVisible()
    assert len(window.notices.recent) == 1


def test_a_notice_undoes_what_it_tells_of_and_no_other_step(
    window: MainWindow, qtbot: QtBot
) -> None:
    first, second = list(window.session.project.zones)[:2]
    window.commands.remove_zones((first,))
    told = window.notices.notice
    window.commands.undo()
    assert window.notices.isVisible() and not window.notices.action.isVisible()
    window.commands.redo()
    assert window.notices.action.isVisible(), "the same step is the latest again"
    window.commands.remove_zones((second,))
    assert window.notices.action.isVisible()
    menu = QMenu(window)
    window.notices.fill_menu(menu)
    menu.actions()[1].trigger()
    assert window.notices.notice is told and not window.notices.action.isVisible()
    menu.deleteLater()


def test_text_of_files_is_not_read_as_markup(window: MainWindow) -> None:
    window.session.tell("<b>bold</b> <img src=x>")
    assert window.notices.text.textFormat() is Qt.TextFormat.PlainText


def test_layers_change_places_by_key_and_drop(window: MainWindow) -> None:
    tree, session = window.layers.tree, window.session
    services, overdoses = session.project.layers
    tree.setCurrentItem(tree.item_of(services.id))
    QTest.keyClick(tree, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    assert [layer.id for layer in session.project.layers] == [overdoses.id, services.id]
    tree.drop_layer(services.id, tree.item_of(overdoses.id), below=True)
    assert [layer.id for layer in session.project.layers] == [services.id, overdoses.id]
    window.commands.undo()
    assert [layer.id for layer in session.project.layers] == [overdoses.id, services.id]


def test_a_layer_is_hidden_and_renamed_in_the_tree(window: MainWindow, qtbot: QtBot) -> None:
    tree, session = window.layers.tree, window.session
    key = session.project.layer_named("Services").id
    tree.item_of(key).setCheckState(0, Qt.CheckState.Unchecked)
    assert not session.project.layer(key).visible
    tree.rename(key)
    editor = tree.findChild(QLineEdit)
    editor.setText("Places of help")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: session.project.layer(key).name == "Places of help")
    assert session.document.undo_label == "Rename layer"


def test_del_in_the_tree_removes_the_layer(window: MainWindow) -> None:
    tree, session = window.layers.tree, window.session
    key = session.project.layer_named("Services").id
    tree.setFocus()
    tree.setCurrentItem(tree.item_of(key))
    QTest.keyClick(tree, Qt.Key.Key_Delete)
    assert key not in {layer.id for layer in session.project.layers}


def test_the_inspector_renames_a_zone(window: MainWindow, qtbot: QtBot) -> None:
    key = next(iter(window.session.project.zones))
    window.session.select(Selection((key,)))
    window.inspector.rename()
    edit = window.inspector.page.findChild(QLineEdit, "name")
    edit.setText("Harbour gate")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert window.session.project.zones[key].name == "Harbour gate"


def test_the_inspector_shows_partners_no_row_of_events(window: MainWindow) -> None:
    layer = window.session.project.layer_named("Overdoses 2025")
    window.session.select(Selection((), layer.id, made.np.array([3])))
    assert "Outcome" in spoken(window)
    assert "case" not in spoken(window).split()
    window.session.set_look(audience=Audience.PARTNERS)
    assert "Outcome" not in spoken(window)
    assert "Not for this audience" in spoken(window)


def spoken(window: MainWindow) -> str:
    return " ".join(
        child.text()
        for child in window.inspector.page.findChildren(object)
        if hasattr(child, "text")
    )


def test_restricted_layers_are_framed_for_police_alone() -> None:
    project = made.project()
    assert restricted_layers(project, Look(DAY, None, Audience.POLICE)) == ("Overdoses 2025",)
    assert restricted_layers(project, Look(DAY, None, Audience.PUBLIC)) == ()
    key = project.layer_named("Overdoses 2025").id
    shared = edits.set_sensitivity(key, Sensitivity.PUBLIC).apply(project)
    assert restricted_layers(shared, Look(DAY, None, Audience.POLICE)) == ()


def test_saving_and_opening_in_the_window(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "harbour.gpkg"
    key = next(iter(window.session.project.zones))
    window.session.perform(edits.rename_zone(key, "Kept"))
    window.files.save_to(path)
    qtbot.waitUntil(lambda: window.session.path == path, timeout=10_000)
    assert not window.isWindowModified()
    assert project_file.load(path).zones[key].name == "Kept"
    window.files.new()
    assert window.session.project.is_empty
    window.commands.take_dropped([path])
    qtbot.waitUntil(lambda: key in window.session.project.zones, timeout=10_000)
    assert window.settings.recent == (path,)


def test_closing_asks_once_and_can_be_called_off(window: MainWindow) -> None:
    asked = []

    def cancel() -> Answer:
        asked.append(True)
        return Answer.CANCEL

    window.files.ask_unsaved = cancel
    window.session.perform(edits.set_title("Other"))
    assert not window.close()
    assert asked == [True]
    assert window.isVisible()


def test_the_window_is_gone_while_work_is_being_ended(window: MainWindow, qtbot: QtBot) -> None:
    begun, seen = threading.Event(), []

    def work(progress: Progress) -> None:
        begun.set()
        progress._stop.wait(10)
        seen.append(window.isVisible())

    window.session.start(Task("Long work", work))
    qtbot.waitUntil(begun.is_set, timeout=5_000)
    assert window.close()
    assert seen == [False]
    QApplication.processEvents()
    assert not window.notices.isVisibleTo(window.centre), "nobody is left to be told"


def test_a_damaged_file_is_explained(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "broken.gpkg"
    path.write_bytes(b"SQLite format 3\0" + b"x" * 200)
    before = window.session.project
    with qtbot.waitSignal(window.session.noticed) as told:
        window.files.open(path)
    assert told.args[0].severity == "error"
    assert window.session.project is before


def test_light_and_dark_reach_4_5_to_1() -> None:
    for t in (theme.tokens(False), theme.tokens(True)):
        for ink, ground in (
            (t.text, t.panel),
            (t.text, t.window),
            (t.muted, t.panel),
            (t.muted, t.window),
            (t.accent_text, t.accent),
            (t.error, t.panel),
            (t.link, t.panel),
            (t.text, t.accent_soft),
        ):
            assert contrast(ink, ground) >= 4.5, (ink, ground)
        assert contrast(t.border_strong, t.panel) >= 3


def contrast(one: str, other: str) -> float:
    """Contrast ratio of WCAG 2.2."""

    def luminance(color: str) -> float:
        parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_colours_stand_in_one_file() -> None:
    for path in sorted((ROOT / "gisapp" / "ui").glob("*.py")):
        if path.name == "theme.py":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not re.search(r"#[0-9A-Fa-f]{6}\b", node.value), (
                    f"{path.name}: {node.lineno}"
                )


def test_lengths_of_the_scale_bar_are_round() -> None:
    assert [round_length(x) for x in (0.35, 7, 130, 499, 501, 26_000)] == [
        0.2,
        5,
        100,
        200,
        500,
        20_000,
    ]


def test_a_click_on_the_badge_offers_who_may_see(window: MainWindow) -> None:
    tree = window.layers.tree
    item = tree.item_of(window.session.project.layer_named("Services").id)
    rect = tree.visualItemRect(item)
    found = [
        tree._menu_at(item, QPoint(x, rect.center().y())) for x in range(rect.left(), rect.right())
    ]
    names = {menu.__name__ for menu in found if menu is not None}
    assert names == {"color_menu", "sensitivity_menu"}


def test_no_hint_makes_the_window_wider(window: MainWindow) -> None:
    before = window.width()
    window.canvas.set_hint("drag to move, the corners to scale, the knob to turn; " * 6)
    assert window.minimumSizeHint().width() <= before and window.width() == before
    assert window.statusBar().hint.text().startswith("drag to move")


def test_a_window_made_smaller_leaves_the_map_more_than_the_panel_below(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.resize(1280, 1200)
    window.commands.show_table(None)
    qtbot.waitUntil(lambda: window.bottom_dock.height() > 150)
    window.resizeDocks([window.bottom_dock], [600], Qt.Orientation.Vertical)
    qtbot.waitUntil(lambda: window.bottom_dock.height() == 600)
    window.resize(1280, 800)
    qtbot.waitUntil(lambda: window.bottom_dock.height() == 320)
    assert window.canvas.height() > 320
    window.resize(1280, 1000)
    window.resize(1280, 900)
    qtbot.waitUntil(lambda: window.height() == 900)
    assert window.bottom_dock.height() == 320


def test_a_panel_folded_in_a_larger_window_unfolds_within_its_share(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.resize(1280, 1200)
    window.commands.show_table(None)
    window.resizeDocks([window.bottom_dock], [600], Qt.Orientation.Vertical)
    qtbot.waitUntil(lambda: window.bottom_dock.height() == 600)
    window.bottom.set_folded(True)
    qtbot.waitUntil(lambda: window.bottom_dock.height() < 100)
    window.resize(1280, 800)
    qtbot.waitUntil(lambda: window.height() == 800)
    window.bottom.set_folded(False)
    qtbot.waitUntil(lambda: window.bottom_dock.height() == 320)
