"""A second click right after the one that opened a menu."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QMenu


class DoubleClick(QObject):
    """Closes a menu that the first of two quick clicks opened, and does what two clicks do.

    The menu takes the mouse, so that the second click is no double click for Qt but a press that
    comes to the menu, beside it or on one of its entries.
    """

    def __init__(self, run: Callable[[], None], menu: QMenu, first: QMouseEvent) -> None:
        super().__init__(menu)
        self._run = run
        self._menu = menu
        self._at, self._when = first.globalPosition(), first.timestamp()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        presses = QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick
        if not isinstance(event, QMouseEvent) or event.type() not in presses:
            return False
        if not self._is_second(event):
            return False
        self._menu.close()
        self._run()
        return True

    def _is_second(self, event: QMouseEvent) -> bool:
        away = (event.globalPosition() - self._at).manhattanLength()
        near = away <= 2 * QApplication.styleHints().mouseDoubleClickDistance()
        return near and event.timestamp() - self._when <= QApplication.doubleClickInterval()
