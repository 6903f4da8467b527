"""What a map must know of the one that is drawn over a part of it."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtGui import QPainter


class Side(Protocol):
    """Another picture of the same place that covers one side of a map."""

    def paint(self, painter: QPainter) -> None:
        """Draw it over its side, clipped, over the map's own picture."""

    def end(self) -> None:
        """Go away and leave nothing behind."""
