"""What every map tool can do: come, take the mouse and keys, paint over the map, and go."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter


class Tool:
    """A tool that does nothing. `id` names its action; positions are pixels of the canvas."""

    id = ""
    cursor = Qt.CursorShape.CrossCursor
    #: Whether it works at a place, which keys then give it by a cross in the middle of the map.
    needs_place = True
    #: Keys that mean something else elsewhere, and are the tool's while the map has the focus.
    own_keys: frozenset[Qt.Key] = frozenset()

    def activate(self) -> None:
        """Take over the mouse."""

    def deactivate(self) -> None:
        """Let go, and leave nothing behind."""

    def press(self, event: QMouseEvent) -> None:
        """A button went down."""

    def move(self, event: QMouseEvent) -> None:
        """The mouse moved, a button down or not."""

    def release(self, event: QMouseEvent) -> None:
        """A button went up."""

    def clicked(self, event: QMouseEvent) -> None:
        """A button that holds the map to be moved went up where it had gone down."""

    def double_click(self, event: QMouseEvent) -> None:
        """The second press of a double click, in place of a press."""

    def key(self, event: QKeyEvent) -> bool:
        """A key; returns whether the tool used it."""
        return False

    def look_changed(self) -> None:
        """Others may be looking now, or at another time: what was said may not be for them."""

    def selection_changed(self) -> None:
        """Something else is selected: what was said of the former is over."""

    def paint(self, painter: QPainter) -> None:
        """Draw over the map."""
