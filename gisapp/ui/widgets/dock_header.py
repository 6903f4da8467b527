"""The title of a dock: its name and a button that puts it away."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QLabel, QToolButton, QWidget

from gisapp.ui import theme
from gisapp.ui.icons import icon


class DockHeader(QWidget):
    """A quiet row above a panel."""

    def __init__(self, title: str, dock: QDockWidget) -> None:
        super().__init__(dock)
        t = theme.tokens(False)
        self.setProperty("role", "panelhead")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        label = QLabel(title)
        label.setFont(theme.font("body", bold=True))
        close = QToolButton()
        close.setIcon(icon("close"))
        close.setIconSize(QSize(12, 12))
        close.setToolTip(f"Put {title.lower()} away (View, Panels brings it back)")
        close.setAccessibleName(f"Put {title.lower()} away")
        close.clicked.connect(dock.close)
        row = QHBoxLayout(self)
        row.setContentsMargins(t.gap_large, t.gap_small, t.gap, t.gap_small)
        row.addWidget(label, 1)
        row.addWidget(close)
