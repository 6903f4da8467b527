"""What the chosen span of time leaves of a layer: a line that follows each step of a film."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel

from gisapp.layers.layer import Layer
from gisapp.ui.session import Session
from gisapp.ui.times.limits import time_limit
from gisapp.ui.widgets.plain import tip


class SpanLine(QLabel):
    """Hidden where all times of the layer are shown; its page need not be made anew."""

    def __init__(self, session: Session, layer: Layer) -> None:
        super().__init__()
        self._session, self._layer = session, layer
        self.setWordWrap(True)
        self.refresh()

    def refresh(self) -> None:
        """Say what is left now."""
        limit = time_limit(self._session, self._layer)
        self.setVisible(limit is not None)
        if limit is not None:
            self.setText(f"{limit.said}.")
            self.setToolTip(tip(limit.words))
