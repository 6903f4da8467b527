"""The window: puts the parts in their places and connects them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QByteArray, Qt, QTimer, Signal
from PySide6.QtGui import (
    QActionGroup,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QPaintEvent,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import QDockWidget, QMainWindow, QMenu, QStackedWidget, QVBoxLayout, QWidget

from gisapp.ui import dialogs
from gisapp.ui.action_set import ActionSet
from gisapp.ui.actions import shortcut_groups
from gisapp.ui.arrangement import Arrangement, Docks
from gisapp.ui.bottom_panel import BottomPanel
from gisapp.ui.commands import Commands
from gisapp.ui.deployments.tool import DeploymentTool
from gisapp.ui.drawing.desk import DrawDesk
from gisapp.ui.drawing.move import MoveTool
from gisapp.ui.drawing.reshape_tool import ReshapeTool
from gisapp.ui.drawing.select import SelectAreaTool
from gisapp.ui.drawing.shape import BufferTool, FillTool, HoleTool, SplitTool
from gisapp.ui.drawing.zone_card import ZoneCard
from gisapp.ui.drawing.zone_tools import CircleTool, CorridorTool, PolygonTool, SceneTool
from gisapp.ui.help_dialogs import LIST_KEYS, MAP_KEYS, ShortcutsDialog, shown_keys
from gisapp.ui.icons import icon
from gisapp.ui.inspector.panel import Inspector
from gisapp.ui.layers.panel import LayersPanel
from gisapp.ui.map.canvas import MapCanvas
from gisapp.ui.map.measure_tool import MeasureTool
from gisapp.ui.map.navigation import Navigation
from gisapp.ui.map.pair import MapPair
from gisapp.ui.map.tool import Tool
from gisapp.ui.map.tools import IdentifyTool, PanTool, SelectTool, ZoomBoxTool
from gisapp.ui.notices import NoticeBar
from gisapp.ui.project.files import ProjectFiles
from gisapp.ui.project.recovery_writer import RecoveryWriter
from gisapp.ui.question_bar import QuestionBar
from gisapp.ui.session import Notice, Session
from gisapp.ui.settings import SCHEMES, Settings, recovery_folder
from gisapp.ui.status_bar import StatusBar
from gisapp.ui.tool_bar import fill_tool_bar
from gisapp.ui.turns import next_turn
from gisapp.ui.welcome import WelcomePage
from gisapp.ui.widgets.dock_header import DockHeader
from gisapp.ui.widgets.letter_keys import LetterKeys

if TYPE_CHECKING:
    from gisapp.ui.deployments.panel import DeploymentPanel
    from gisapp.ui.layers.counts_panel import CountsPanel
    from gisapp.ui.layers.hotspots_panel import HotspotsPanel
    from gisapp.ui.problems.panel import ProblemsPanel
    from gisapp.ui.table.panel import TablePanel
    from gisapp.ui.times.panel import TimePanel

#: The class of each page below the map, for `dialogs.make`.
_PAGES = {
    "Table": "TablePanel",
    "Time": "TimePanel",
    "Hotspots": "HotspotsPanel",
    "Counts": "CountsPanel",
    "Problems": "ProblemsPanel",
    "Deployments": "DeploymentPanel",
}


class MainWindow(QMainWindow):
    """Shows one session. `first_painted` tells once that something is on the screen, `pages_made`
    that the pages below the map are there as well.
    """

    first_painted = Signal()
    pages_made = Signal()
    scheme_asked = Signal(str)

    def __init__(self, session: Session, settings: Settings) -> None:
        super().__init__()
        self.session = session
        self.settings = settings
        self._painted = False
        self._closing = False
        self._was_empty = False
        self._alone: tuple[QByteArray, bool] | None = None
        self._told_alone: Notice | None = None
        self.setAcceptDrops(True)
        self.setDockNestingEnabled(False)
        self.canvas = MapCanvas(session)
        self.centre = QWidget()
        self.notices = NoticeBar(session, self.centre)
        self.notices.keep_over(self.canvas)
        self.canvas.resized.connect(self.notices.settle)
        self.writer = RecoveryWriter(session, recovery_folder(), self)
        self.files = ProjectFiles(session, settings, self.writer, self)
        self.commands = Commands(session, self.canvas, self.files, self)
        self.card = ZoneCard(session, self.canvas)
        self.desk = DrawDesk(self.canvas, session)
        self.tools = self._make_tools()
        self.actions_set = ActionSet(self.commands, self)
        self._letters = LetterKeys(self)
        self._make_centre()
        self.navigation = self._make_navigation()
        self._make_docks()
        self.actions_set.fill(self.menuBar())
        self.questions = QuestionBar(session)
        self.tool_bar = self.addToolBar("Tool bar")
        fill_tool_bar(self.tool_bar, self.actions_set, self.questions)
        self.setStatusBar(StatusBar(session, self.canvas, self.notices))
        self._fill_menus()
        self._connect()
        self.use_tool("tool.pan")
        self.arrangement.restore()
        self._on_project()
        self._on_saved()

    # Building

    def _make_tools(self) -> dict[str, Tool]:
        canvas, card, desk = self.canvas, self.card, self.desk
        tools: tuple[Tool, ...] = (
            PanTool(canvas),
            ZoomBoxTool(canvas),
            IdentifyTool(canvas),
            SelectTool(canvas),
            MeasureTool(canvas),
            PolygonTool(desk, card),
            CorridorTool(desk, card),
            CircleTool(desk, card),
            SceneTool(desk, card),
            ReshapeTool(desk),
            MoveTool(desk),
            SplitTool(desk),
            HoleTool(desk),
            FillTool(desk),
            BufferTool(desk),
            SelectAreaTool(desk),
            DeploymentTool(desk),
        )
        return {tool.id: tool for tool in tools}

    def _make_navigation(self) -> Navigation:
        measure = self.tools["tool.measure"]
        assert isinstance(measure, MeasureTool)
        return Navigation(self.session, self.canvas, self.pair, measure, self.settings, self)

    def _make_centre(self) -> None:
        self.stack = QStackedWidget()
        self.welcome = WelcomePage(self.commands)
        self.welcome.dismissed.connect(lambda: self.stack.setCurrentWidget(self.canvas))
        self.stack.addWidget(self.canvas)
        self.stack.addWidget(self.welcome)
        column = QVBoxLayout(self.centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.pair = MapPair(self.canvas, self.stack)
        column.addWidget(self.pair, 1)
        self.setCentralWidget(self.centre)

    def _make_docks(self) -> None:
        self.layers = LayersPanel(self.session, self.commands)
        self.inspector = Inspector(self.session, self.commands)
        self.bottom = BottomPanel()
        self._fill_bottom()
        left, right = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
        self.left_dock = self._dock("Layers", self.layers, left)
        self.right_dock = self._dock("Inspector", self.inspector, right)
        self.bottom_dock = self._dock(
            "Table, time, hotspots, counts, problems, deployments",
            self.bottom,
            Qt.DockWidgetArea.BottomDockWidgetArea,
        )
        self.bottom_dock.setTitleBarWidget(QWidget())
        docks = Docks(self.left_dock, self.right_dock, self.bottom_dock)
        self.arrangement = Arrangement(self, docks, self.bottom, self.settings)

    def _fill_bottom(self) -> None:
        """Each page with its module is made when it is asked for, or soon after the first paint.

        It is made where it will be: what is put into something is dressed anew with all it holds.
        """
        session, commands, place = self.session, self.commands, self.bottom.pages

        def add(name: str, picture: str, *given: object) -> None:
            self.bottom.add_page(
                name, icon(picture), lambda: dialogs.make(_PAGES[name], *given, place)
            )

        add("Table", "table", session)
        add("Time", "chart", session)
        add("Hotspots", "hotspots", session)
        add("Counts", "counts", session)
        self.bottom.add_page("Problems", icon("warning"), self._make_problems)
        add("Deployments", "deployments", session, commands)
        self.bottom.tabs.setCurrentIndex(1)
        self._making = False

    def _make_problems(self) -> QWidget:
        page: ProblemsPanel = dialogs.make(
            _PAGES["Problems"],
            self.session,
            self.commands,
            self.canvas.problems,
            self.bottom.pages,
        )
        page.counted.connect(self._on_problems)
        return page

    def make_pages(self) -> None:
        """Make the pages below the map that nobody has asked for, one in each turn from now on."""
        if not self._making:
            self._making = True
            next_turn(self, self._make_next)

    def _make_next(self) -> None:
        if not self._making:  # the window was closed meanwhile
            return
        name = self.bottom.next_page
        if name is None:
            self._making = False
            self.pages_made.emit()
        else:
            self.bottom.page(name)
            next_turn(self, self._make_next)

    @property
    def table(self) -> TablePanel:
        return cast("TablePanel", self.bottom.page("Table"))

    @property
    def time(self) -> TimePanel:
        return cast("TimePanel", self.bottom.page("Time"))

    @property
    def hotspots(self) -> HotspotsPanel:
        return cast("HotspotsPanel", self.bottom.page("Hotspots"))

    @property
    def counts(self) -> CountsPanel:
        return cast("CountsPanel", self.bottom.page("Counts"))

    @property
    def problems(self) -> ProblemsPanel:
        return cast("ProblemsPanel", self.bottom.page("Problems"))

    @property
    def deployments(self) -> DeploymentPanel:
        return cast("DeploymentPanel", self.bottom.page("Deployments"))

    def _dock(self, title: str, widget: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title, self)
        dock.setObjectName(f"dock-{title.split(',')[0].lower()}")
        dock.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetClosable)
        dock.setTitleBarWidget(DockHeader(title, dock))
        dock.setWidget(widget)
        self.addDockWidget(area, dock)
        return dock

    def _fill_menus(self) -> None:
        file_menu, view_menu = self.actions_set.menus["File"], self.actions_set.menus["View"]
        self.recent_menu = QMenu("Open recent", self)
        self.recent_menu.setIcon(icon("recent"))
        self.recent_menu.aboutToShow.connect(self._fill_recent)
        file_menu.insertMenu(self.actions_set.qt["file.sample"], self.recent_menu)
        self.navigation.fill(self.actions_set, self.commands)
        view_menu.addSeparator()
        panels = view_menu.addMenu(icon("layers"), "Panels")
        for dock in (self.left_dock, self.right_dock, self.bottom_dock):
            panels.addAction(dock.toggleViewAction())
        looks = view_menu.addMenu(icon("light"), "Appearance")
        group = QActionGroup(looks)
        for scheme in SCHEMES:
            text = "As the system" if scheme == "system" else scheme.capitalize()
            entry = looks.addAction(icon(scheme), text)
            entry.setCheckable(True)
            entry.setChecked(scheme == self.settings.scheme)
            entry.triggered.connect(lambda _=False, scheme=scheme: self.scheme_asked.emit(scheme))
            group.addAction(entry)

    def _connect(self) -> None:
        session, commands = self.session, self.commands
        session.project_changed.connect(self._on_project)
        session.saved_changed.connect(self._on_saved)
        self.canvas.stopped.connect(lambda: self.use_tool("tool.pan"))
        commands.tool_asked.connect(self.use_tool)
        commands.table_asked.connect(lambda: self._show_below(self.table))
        commands.hotspots_asked.connect(lambda: self._show_below(self.hotspots))
        commands.counts_asked.connect(lambda: self._show_below(self.counts))
        commands.problems_asked.connect(lambda: self._show_below(self.problems))
        commands.deployments_asked.connect(lambda: self._show_below(self.deployments))
        commands.agreement_asked.connect(lambda _: self.right_dock.show())
        commands.rename_asked.connect(self._on_rename)
        commands.shortcuts_asked.connect(self._show_shortcuts)
        commands.map_alone_asked.connect(self.toggle_map_alone)

    # Following

    def use_tool(self, tool_id: str) -> None:
        """Take up a tool and show that it is in use."""
        self.canvas.set_tool(self.tools[tool_id])
        self.actions_set.check_tool(tool_id)
        if self.isVisible():
            self.canvas.setFocus()

    def _on_project(self, *_: object) -> None:
        project = self.session.project
        empty = project.is_empty and project.base_map is None
        if empty and self.stack.currentWidget() is not self.canvas:
            return
        if empty and not self._was_empty:
            self.stack.setCurrentWidget(self.welcome)
        elif not empty:
            self.stack.setCurrentWidget(self.canvas)
        self._was_empty = empty

    def _on_saved(self) -> None:
        self.setWindowTitle(f"{self.files.name}[*] – gisapp")
        self.setWindowModified(not self.session.document.is_saved)

    def on_scheme(self, dark: bool) -> None:
        """The look turned light or dark: the map and pictures made of pixels follow."""
        self.session.set_look(dark=dark)
        self.questions.refresh_icons()

    def _on_rename(self) -> None:
        key = self.session.current_layer_id
        if self.session.selection.is_empty and key is not None:
            self.left_dock.show()
            self.layers.tree.rename(key)
        else:
            self.right_dock.show()
            self.inspector.rename()

    def _on_problems(self, count: int) -> None:
        """Say on the tab how many errors and warnings there are."""
        ink = QPalette.ColorRole.BrightText if count else QPalette.ColorRole.WindowText
        text = f"Problems {count:,}" if count else "Problems"
        self.bottom.set_text("Problems", icon("warning", ink), text)

    def _show_below(self, page: QWidget) -> None:
        self.bottom_dock.show()
        self.bottom.show_page(page)
        page.setFocus()

    def _show_shortcuts(self) -> None:
        groups: list[tuple[str, list[tuple[str, str]]]] = [
            (title, [(what, shown_keys(key)) for what, key in keys])
            for title, keys in shortcut_groups()
        ]
        groups += [("On the map", list(MAP_KEYS)), ("In the list of layers", list(LIST_KEYS))]
        self.commands.show_dialog(ShortcutsDialog(groups, self))

    def _fill_recent(self) -> None:
        self.recent_menu.clear()
        for path in self.settings.recent:
            self.recent_menu.addAction(path.name.replace("&", "&&"), self._opener(path)).setToolTip(
                str(path)
            )
        if self.recent_menu.isEmpty():
            self.recent_menu.addAction("No recent projects").setEnabled(False)

    def _opener(self, path: Path) -> Callable[[], None]:
        return lambda: self.files.when_safe(lambda: self.files.open(path))

    # Layout

    def toggle_map_alone(self) -> None:
        """Show nothing but the map, on the whole screen; or all as it was before."""
        around = (self.menuBar(), self.tool_bar, self.statusBar())
        docks = (self.left_dock, self.right_dock, self.bottom_dock)
        if self._alone is None:
            self._alone = (self.saveState(), self.isFullScreen())
            for widget in (*around, *docks):
                widget.hide()
            self.showFullScreen()
            self.canvas.alone = True
            self.canvas.setFocus()
            self._told_alone = self.session.tell(
                f"Only the map is shown. L hides its legend, {self._film_keys()}F11 or Esc brings "
                "everything back."
            )
            return
        state, full = self._alone
        self._alone = None
        self.session.untell(self._told_alone)
        self.canvas.alone = False
        for widget in around:
            widget.show()
        if not full:
            self.showNormal()
        self.restoreState(state)

    def _film_keys(self) -> str:
        """Let keys drive the player where there are times; which ones, for a sentence."""
        if not any(layer.has_times for layer in self.session.project.layers):
            return ""
        if self.canvas.film_key is None:
            dialogs.make("Film", self.canvas, self.time.player)
        return "Space plays and pauses the times, Left and Right step through them, "

    # Events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # A tool that is in use takes the key first.
        if event.key() == Qt.Key.Key_Escape and self._alone is not None:
            self.toggle_map_alone()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        # What lies on it is painted next: Qt asks Python for most of it, a piece at a time.
        with self.session.courtesy.turn():
            super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self.first_painted.emit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.isVisible() and event.size().height() < event.oldSize().height():
            self.arrangement.leave_room()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        # After the drop is over, or the program that files come from hangs till the dialog ends.
        QTimer.singleShot(0, lambda: self.commands.take_dropped(paths))

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._closing and not self.session.document.is_saved:
            event.ignore()
            self.files.when_safe(self._close_soon)
            return
        self._making = False
        if self._alone is not None:
            self.toggle_map_alone()
        self.arrangement.keep()
        self.canvas.set_tool(self.tools["tool.pan"])
        self.notices.dismiss()
        self.hide()  # ending the work under way may take a moment; the window need not wait for it
        self.navigation.shutdown()
        self.canvas.shutdown()
        self.session.close()
        self.files.close()
        self.writer.close()
        super().closeEvent(event)

    def _close_soon(self) -> None:
        self._closing = True
        QTimer.singleShot(0, self.close)
