"""Whether the maps of a window are being moved: then no sharp image is worth drawing yet."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

#: After the last turn of a wheel the map counts as moved for so many milliseconds more.
_SETTLES_MS = 140


class Motion(QObject):
    """Shared by linked maps, for what moves one moves all. `rested` tells that they lie still."""

    rested = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._held = False
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLES_MS)
        self._settle.timeout.connect(self._on_settled)

    @property
    def active(self) -> bool:
        return self._held or self._settle.isActive()

    def nudge(self) -> None:
        """The view is moved by a step, and more may follow."""
        self._settle.start()

    def hold(self) -> None:
        """The view follows a mouse, or glides, until `release`."""
        self._held = True

    def release(self) -> None:
        if self._held:
            self._held = False
            self._settle.stop()
            self.rested.emit()

    def stop(self) -> None:
        """Forget everything, without a word."""
        self._held = False
        self._settle.stop()

    def _on_settled(self) -> None:
        if not self._held:
            self.rested.emit()
