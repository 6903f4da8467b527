"""A second click right after the one that opened a menu."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QMenu


class DoubleClick(QObject):
    """Closes a menu that the first of two quick clicks opened, and does what two clicks do."""

    def __init__(self, run: Callable[[], None], menu: QMenu) -> None:
        super().__init__(menu)
        self._run = run
        self._menu = menu

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is not QEvent.Type.MouseButtonDblClick:
            return False
        self._menu.close()
        self._run()
        return True
