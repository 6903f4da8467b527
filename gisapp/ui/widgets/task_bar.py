"""How far work under way is."""

from __future__ import annotations

from PySide6.QtWidgets import QProgressBar, QWidget

#: Steps of the bar: more than it has pixels.
_STEPS = 1_000


class TaskBar(QProgressBar):
    """A bar that is painted with everything else.

    Qt's own paints itself at each new value, and with it all of the window that waits to be
    painted, in the middle of whatever the window is doing: a quarter of what an import took of it.
    """

    def __init__(self, wide: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextVisible(False)
        self.setFixedWidth(wide)
        self.setAccessibleName("Progress")

    def show_fraction(self, fraction: float | None) -> None:
        """Show a share of 1, or for None that nobody knows how far it is."""
        most = 0 if fraction is None else _STEPS
        value = round((fraction or 0.0) * _STEPS)
        if (most, value) == (self.maximum(), self.value()):
            return
        self.setUpdatesEnabled(False)
        self.setRange(0, most)
        self.setValue(value)
        self.setUpdatesEnabled(True)
