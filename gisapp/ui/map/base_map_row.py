"""The base map at the foot of the layers panel: shown or not, how strong, and another one."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSizePolicy, QSlider, QToolButton, QWidget

from gisapp.layers import edits
from gisapp.layers.base_map import BaseMap
from gisapp.ui import theme
from gisapp.ui.commands import Commands
from gisapp.ui.icons import icon
from gisapp.ui.session import Session
from gisapp.ui.widgets.fields import WheelGuard
from gisapp.ui.widgets.plain import tip

_LEAST = 10


class BaseMapRow(QWidget):
    """One line that follows the project's base map."""

    def __init__(self, session: Session, commands: Commands, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self._drags = 0
        t = theme.tokens(False)
        self.shown = QCheckBox()
        self.shown.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.shown.toggled.connect(self._on_shown)
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(_LEAST, 100)
        self.opacity.setPageStep(10)
        self.opacity.setFixedWidth(56)
        self.opacity.setMinimumHeight(24)
        self.opacity.setAccessibleName("Strength of the base map")
        self.opacity.sliderPressed.connect(self._begin_drag)
        self.opacity.valueChanged.connect(self._on_opacity)
        WheelGuard.protect(self.opacity)
        self.choose = QToolButton()
        self.choose.setIconSize(QSize(t.icon_list, t.icon_list))
        self.choose.setIcon(icon("map"))
        self.choose.setText("Base map…")
        self.choose.setToolTip("Base map…\nA file of tiles or a server under all layers")
        self.choose.setAccessibleName("Base map…")
        self.choose.clicked.connect(lambda: commands.choose_base_map())
        row = QHBoxLayout(self)
        row.setContentsMargins(t.gap_large, t.gap_small, t.gap, t.gap_small)
        row.setSpacing(t.gap)
        row.addWidget(self.shown, 1)
        row.addWidget(self.opacity)
        row.addWidget(self.choose)
        session.project_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the base map there is; without one only the way to it."""
        base_map = self.session.project.base_map
        for widget in (self.shown, self.opacity):
            widget.blockSignals(True)
            widget.setVisible(base_map is not None)
        if base_map is not None:
            self.shown.setText(self._fitting(base_map))
            self.shown.setToolTip(tip(f"Base map: {base_map.title}\n{base_map.source}"))
            self.shown.setAccessibleName(f"Base map: {base_map.title}")
            self.shown.setChecked(base_map.visible)
            self.opacity.setValue(round(base_map.opacity * 100))
            self.opacity.setToolTip(f"Strength of the base map: {base_map.opacity:.0%}")
            self.opacity.setEnabled(base_map.visible)
        for widget in (self.shown, self.opacity):
            widget.blockSignals(False)
        only = base_map is None
        style = Qt.ToolButtonStyle
        self.choose.setToolButtonStyle(
            style.ToolButtonTextBesideIcon if only else style.ToolButtonIconOnly
        )

    def _fitting(self, base_map: BaseMap) -> str:
        """The title cut to the room there is; `&` would be taken for a key."""
        room = self.width() - self.opacity.width() - 92
        cut = self.fontMetrics().elidedText(base_map.title, Qt.TextElideMode.ElideRight, room)
        return cut.replace("&", "&&")

    def resizeEvent(self, event: object) -> None:
        base_map = self.session.project.base_map
        if base_map is not None:
            self.shown.setText(self._fitting(base_map))

    def _on_shown(self, shown: bool) -> None:
        base_map = self.session.project.base_map
        if base_map is not None:
            self.session.perform(edits.set_base_map(replace(base_map, visible=shown)))

    def _begin_drag(self) -> None:
        self._drags += 1

    def _on_opacity(self, value: int) -> None:
        base_map = self.session.project.base_map
        if base_map is not None:
            drag = f"base map {self._drags}"
            stronger = replace(base_map, opacity=value / 100)
            self.session.perform(edits.set_base_map(stronger, drag=drag))
