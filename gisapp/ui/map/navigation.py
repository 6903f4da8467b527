"""Finding one's way: go to, saved views, the overview, the second map, and how maps are moved."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QWidget

from gisapp.layers.units import Units
from gisapp.ui.action_set import ActionSet
from gisapp.ui.commands import Commands
from gisapp.ui.icons import icon
from gisapp.ui.map.canvas import MapCanvas
from gisapp.ui.map.go_to import GoToBar
from gisapp.ui.map.measure_tool import MeasureTool
from gisapp.ui.map.overview_map import OverviewMap
from gisapp.ui.map.pair import MapPair
from gisapp.ui.map.saved_views import SavedViewsDialog
from gisapp.ui.map.view_options import ViewOptions
from gisapp.ui.session import Notice, Session
from gisapp.ui.settings import Settings


class Navigation(QObject):
    """Belongs to one window, and does what its View menu asks for."""

    def __init__(
        self,
        session: Session,
        canvas: MapCanvas,
        pair: MapPair,
        measure: MeasureTool,
        settings: Settings,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session, self._canvas, self._measure = session, canvas, measure
        self._window = window
        self._told_second: Notice | None = None
        self.options = ViewOptions(settings)
        self.pair = pair
        self.bar = GoToBar(session, canvas)
        self.overview = OverviewMap(session, canvas)
        self.units: dict[str, QAction] = {}
        measure.units = canvas.units = self.options.units
        canvas.glides = self.options.glides
        self.overview.set_wanted(self.options.overview)
        pair.changed.connect(self._on_pair)

    def fill(self, actions: ActionSet, commands: Commands) -> None:
        """Put what belongs to it into the View menu."""
        self._commands = commands
        commands.view_asked.connect(self._on_asked)
        self._toggles = {key: actions.qt[f"view.{key}"] for key in ("overview", "second")}
        for toggle in self._toggles.values():
            toggle.setCheckable(True)
        self._show_toggles()
        menu = actions.menus["View"]
        views = QMenu("Saved views", menu)
        views.setIcon(icon("view"))
        views.aboutToShow.connect(lambda: self._fill_views(views, actions))
        menu.addMenu(views)
        menu.addMenu(self._units_menu(menu))
        glide = menu.addAction("Let the map glide on")
        glide.setCheckable(True)
        glide.setChecked(self.options.glides)
        glide.setToolTip("A map that is let go in full swing comes to rest a little later")
        glide.toggled.connect(self._on_glides)
        for number in range(1, 10):
            key = QShortcut(QKeySequence(f"Alt+{number}"), self._window)
            key.activated.connect(lambda number=number: self._go_to_view(number - 1))

    def shutdown(self) -> None:
        """Put everything away; nothing is drawn afterwards."""
        self.bar.leave()
        self.overview.stop()
        self.pair.set_second(False)

    def _units_menu(self, parent: QMenu) -> QMenu:
        menu = QMenu("Measure in", parent)
        group = QActionGroup(menu)
        for units in Units:
            entry = menu.addAction(units.label)
            entry.setCheckable(True)
            entry.setChecked(units is self.options.units)
            entry.triggered.connect(lambda _=False, units=units: self._on_units(units))
            group.addAction(entry)
            self.units[units.value] = entry
        return menu

    def _fill_views(self, menu: QMenu, actions: ActionSet) -> None:
        menu.clear()
        for number, view in enumerate(self._session.project.views, start=1):
            # The key is written beside it; a shortcut of its own would be one too many.
            key = f"\tAlt+{number}" if number < 10 else ""
            entry = menu.addAction(view.name.replace("&", "&&") + key)
            entry.triggered.connect(lambda _=False, view=view: self._commands.show_view(view))
        if menu.isEmpty():
            menu.addAction("No saved views").setEnabled(False)
        menu.addSeparator()
        menu.addAction(actions.qt["view.save"])
        menu.addAction(actions.qt["view.views"])

    def _go_to_view(self, index: int) -> None:
        views = self._session.project.views
        if index < len(views):
            self._commands.show_view(views[index])

    # What was asked for

    def _on_asked(self, what: str) -> None:
        if what == "goto":
            self.bar.open()
        elif what == "views":
            self._commands.show_dialog(SavedViewsDialog(self._session, self._window))
        elif what == "overview":
            self.overview.set_wanted(not self.overview.wanted)
            self.options.overview = self.overview.wanted
            if self.overview.why_hidden:
                self._session.tell(self.overview.why_hidden)
        elif what == "second":
            self.pair.set_second(self.pair.second is None)
        self._show_toggles()

    def _show_toggles(self) -> None:
        self._toggles["overview"].setChecked(self.overview.wanted)
        self._toggles["second"].setChecked(self.pair.second is not None)

    def _on_pair(self, shown: bool) -> None:
        self._show_toggles()
        if shown and self._window.isVisible():
            self._told_second = self._session.tell(
                "The second map shows the same place for another day, audience or other layers. "
                "Exports show the first map."
            )
        elif not shown:
            self._session.untell(self._told_second)

    def _on_units(self, units: Units) -> None:
        self.options.units = units
        self._measure.units = self._canvas.units = units

    def _on_glides(self, glides: bool) -> None:
        self.options.glides = glides
        self._canvas.glides = glides
        if self.pair.second is not None:
            self.pair.second.glides = glides
