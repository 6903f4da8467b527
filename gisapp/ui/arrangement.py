"""How the parts of the window share it: as they were left, folded, and in a window made smaller."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow

from gisapp.ui.bottom_panel import BottomPanel
from gisapp.ui.settings import Settings

_LEFT, _RIGHT, _BOTTOM = 232, 268, 190
#: The least height of the bottom panel with a page of it open.
_LEAST = 120
#: In a window lower than this the bottom panel starts folded, so that the map keeps its half.
_HIGH_ENOUGH = 900
#: The most of a window that was made lower which the bottom panel takes.
_SHARE = 0.4


class Docks(NamedTuple):
    """What stands round the map."""

    left: QDockWidget
    right: QDockWidget
    bottom: QDockWidget


class Arrangement:
    """The sizes of a window and of what stands round its map."""

    def __init__(
        self, window: QMainWindow, docks: Docks, bottom: BottomPanel, settings: Settings
    ) -> None:
        self._window, self._docks, self._bottom, self._settings = window, docks, bottom, settings
        self._height_below = _BOTTOM
        bottom.folded_changed.connect(self._on_folded)

    def restore(self) -> None:
        """As it was left; at first so that the map has at least half of the window."""
        window, settings = self._window, self._settings
        geometry, state = settings.layout("geometry"), settings.layout("state")
        screen = window.screen().availableGeometry()
        window.resize(QSize(min(1600, screen.width()), min(1000, screen.height())))
        if geometry is not None:
            window.restoreGeometry(geometry)
        sides = [self._docks.left, self._docks.right]
        window.resizeDocks(sides, [_LEFT, _RIGHT], Qt.Orientation.Horizontal)
        folded = settings.layout("folded")
        if folded is None:
            self._bottom.set_folded(window.height() < _HIGH_ENOUGH)
        else:
            self._bottom.set_folded(bytes(folded.data()) == b"1")
        self._height_below = _BOTTOM
        if not self._bottom.folded:
            self._set_height_below(_BOTTOM)
        if state is not None:
            window.restoreState(state)

    def keep(self) -> None:
        """Leave it to the next start."""
        self._settings.keep_layout("geometry", self._window.saveGeometry())
        self._settings.keep_layout("state", self._window.saveState())
        folded = QByteArray(b"1" if self._bottom.folded else b"0")
        self._settings.keep_layout("folded", folded)
        self._settings.flush()

    def leave_room(self) -> None:
        """In a window made lower, have the bottom panel leave most of it to the map."""
        most = max(round(self._window.height() * _SHARE), _LEAST)
        if self._bottom.isVisible() and not self._bottom.folded:
            if self._docks.bottom.height() > most:
                self._set_height_below(most)
        else:
            self._height_below = min(self._height_below, most)

    def _on_folded(self, folded: bool) -> None:
        """Let the dock be as high as its tabs alone, or as it was before."""
        dock = self._docks.bottom
        if folded:
            self._height_below = max(dock.height(), _LEAST)
            dock.setFixedHeight(self._bottom.head_height())
        else:
            dock.setMinimumHeight(_LEAST)
            dock.setMaximumHeight(16_777_215)
            self._set_height_below(self._height_below)

    def _set_height_below(self, height: int) -> None:
        self._window.resizeDocks([self._docks.bottom], [height], Qt.Orientation.Vertical)
