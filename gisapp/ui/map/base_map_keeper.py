"""Keeps the base map of a session going: consent, redrawing when tiles come, trouble in words."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from gisapp.io.tiles.store import TileStore
from gisapp.layers.base_map import BaseMap, BaseMapKind
from gisapp.layers.project import Change
from gisapp.tasks import Task
from gisapp.ui.session import Notice, Session
from gisapp.ui.settings import Settings, tile_folder

#: While tiles come, the map is drawn anew no more often than this.
_EVERY_MS = 300


class BaseMapKeeper(QObject):
    """One for each window.

    `asked_for` tells that the user wants another base map, `emptied` that no tile is kept any more.
    """

    asked_for = Signal()
    emptied = Signal()

    _arrived = Signal()
    _trouble = Signal(str)

    def __init__(self, session: Session, settings: Settings, window: QWidget | None) -> None:
        super().__init__(window)
        self.session = session
        self.settings = settings
        self.ask: Callable[[BaseMap], bool] = partial(ask_server, window)
        self._put_off: set[str] = set()
        self._told: Notice | None = None
        #: The server of the base map before this one, where that was another.
        self._left: str | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_EVERY_MS)
        self._pause.timeout.connect(session.tiles_arrived)
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)
        self._trouble.connect(self._on_trouble, Qt.ConnectionType.QueuedConnection)
        tiles = session.cache.tiles
        tiles.store = TileStore(tile_folder())
        tiles.agree(settings.tile_sources)
        tiles.on_arrival = self._arrived.emit
        tiles.on_trouble = self._trouble.emit
        session.project_changed.connect(self._on_project)

    def agree(self, base_map: BaseMap) -> None:
        """Remember on this machine that its tiles may be asked for, and begin."""
        self.settings.agree_to(base_map.source)
        self._put_off.discard(base_map.source)
        self.session.cache.tiles.agree(self.settings.tile_sources)
        self.session.tiles_arrived.emit()

    def take_back(self) -> None:
        """Ask no server any more; each is asked about again when a project wants it."""
        self.settings.take_back_agreements()
        base_map = self.session.project.base_map
        if base_map is not None:
            self._put_off.add(base_map.source)
        self.session.cache.tiles.agree(())
        self.session.cache.tiles.forget()
        self.session.tiles_arrived.emit()

    def empty_cache(self) -> None:
        """Remove the tiles of servers from this machine, in the background."""
        tiles = self.session.cache.tiles
        store = tiles.store

        def done(_: None) -> None:
            tiles.forget()
            self.session.tell("The tile cache is empty.", "done")
            self.emptied.emit()

        if store is not None:
            task: Task[None] = Task("Emptying the tile cache", lambda _: store.empty())
            self.session.start(task, done, quick=True)

    def _on_project(self, change: Change) -> None:
        before, after = change.before.base_map, change.after.base_map
        if (before and before.source) != (after and after.source):
            self.session.cache.tiles.forget()
            self.session.untell(self._told)
            server = after.server if after is not None else None
            self._left = before.server if before is not None and before.server != server else None
        if after is not None and self._must_ask(after):
            # After the project is on the screen, and all that this signal sets off is done.
            QTimer.singleShot(0, self, self._ask)

    def _must_ask(self, base_map: BaseMap) -> bool:
        known = self.session.cache.tiles.may_draw(base_map) or base_map.source in self._put_off
        return base_map.visible and not known

    def _ask(self) -> None:
        base_map = self.session.project.base_map
        if base_map is None or not self._must_ask(base_map):
            return
        self._put_off.add(base_map.source)  # one question at a time, and once
        if self.ask(base_map):
            self.agree(base_map)

    def _on_arrived(self) -> None:
        if not self._pause.isActive():
            self._pause.start()

    def _on_trouble(self, words: str) -> None:
        if self._left is not None and self._left in words:
            return  # from a worker that had asked before
        self._told = self.session.tell(words, "warning", "Base map…", self.asked_for.emit)


def ask_server(window: QWidget | None, base_map: BaseMap) -> bool:
    """Ask whether the server of a project's base map may learn where one looks."""
    box = QMessageBox(window)
    box.setIcon(QMessageBox.Icon.NoIcon)
    box.setWindowTitle("Load the base map?")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(f"This project wants its base map from {base_map.server}.")
    where = "read files there" if base_map.kind is not BaseMapKind.XYZ else "ask it for tiles"
    box.setInformativeText(
        f"If gisapp may {where}, {base_map.server} learns which part of the world you look at, "
        "from which network, and when. It gets nothing of the project. Without it the map is "
        "shown on plain ground."
    )
    load = box.addButton("Load it", QMessageBox.ButtonRole.AcceptRole)
    later = box.addButton("Not now", QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(later)
    box.setEscapeButton(later)
    # The default button is set in strong letters, which its size does not know of.
    later.setMinimumWidth(later.sizeHint().width() + 16)
    box.exec()
    agreed = box.clickedButton() is load
    box.deleteLater()
    return agreed
