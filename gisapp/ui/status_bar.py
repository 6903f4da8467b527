"""The foot of the window: place under the pointer, scale, running work with cancel, news."""

from __future__ import annotations

import re

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QStatusBar,
    QToolButton,
    QWidget,
)

from gisapp.layers import geodesy
from gisapp.ui import theme
from gisapp.ui.icons import icon
from gisapp.ui.map.canvas import MapCanvas
from gisapp.ui.notices import NoticeBar
from gisapp.ui.session import Session
from gisapp.ui.task_runner import Running
from gisapp.ui.widgets.elided import Elided
from gisapp.ui.widgets.task_bar import TaskBar

#: Work that is done within this time, in milliseconds, is not shown: it would only flicker.
_WORTH_SHOWING_MS = 300


class TaskStatus(QWidget):
    """The work under way: its name, how far it is, and a button that stops it."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        t = theme.tokens(False)
        self.label = QLabel()
        self.bar = TaskBar(120)
        self.percent = QLabel()
        self.cancel = QToolButton()
        self.cancel.setIcon(icon("cancel"))
        self.cancel.setIconSize(QSize(t.icon_list, t.icon_list))
        self.cancel.setToolTip("Stop this work; nothing is changed")
        self.cancel.setAccessibleName("Stop this work")
        self.cancel.clicked.connect(self._stop)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(t.gap)
        for widget in (self.label, self.bar, self.percent, self.cancel):
            row.addWidget(widget)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self.refresh)
        session.runner.changed.connect(self.refresh)
        self.refresh()

    @property
    def shown(self) -> list[Running]:
        """The work that has taken a while already, the longest first."""
        running = self._session.runner.running
        return [some for some in running if some.clock.hasExpired(_WORTH_SHOWING_MS - 1)]

    def refresh(self) -> None:
        shown, running = self.shown, self._session.runner.running
        self.setVisible(bool(shown))
        if len(shown) < len(running):
            self._later.start(max(_WORTH_SHOWING_MS - running[len(shown)].clock.elapsed(), 1))
        else:
            self._later.stop()
        if not shown:
            return
        first = shown[0]
        more = f" (+{len(shown) - 1} more)" if len(shown) > 1 else ""
        self.label.setText(first.text + more)
        self.bar.show_fraction(first.fraction)
        self.percent.setText("" if first.fraction is None else f"{first.fraction:.0%}")
        self.cancel.setEnabled(not first.progress.cancelled)

    def _stop(self) -> None:
        if shown := self.shown:
            self._session.runner.cancel(shown[0])
            self.refresh()


class ScaleEdit(QLineEdit):
    """The scale 1 : N; another N can be typed."""

    asked = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Scale of the map")
        self.setToolTip("Scale of the map at its centre; type another such as 1:5000")
        self.setFixedWidth(110)
        self.setObjectName("scale")
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._scale = 1.0
        self.returnPressed.connect(self._ask)
        self.editingFinished.connect(lambda: self.show_scale(self._scale))

    def show_scale(self, scale: float) -> None:
        self._scale = scale
        if not (self.hasFocus() and self.isModified()):
            self.setText(f"1 : {rounded(scale):,}".replace(",", "\u2009"))

    def _ask(self) -> None:
        digits = re.sub(r"[^0-9]", "", self.text().split(":")[-1])
        if digits and int(digits) > 0:
            self.asked.emit(float(digits))


def rounded(scale: float) -> int:
    """Three digits that mean something: nobody reads 1 : 12 487."""
    digits = max(len(str(round(scale))) - 3, 0)
    return int(round(scale, -digits))


class StatusBar(QStatusBar):
    """Follows the canvas and the tasks of a session."""

    def __init__(
        self,
        session: Session,
        canvas: MapCanvas,
        notices: NoticeBar,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.session = session
        self.canvas = canvas
        self.setSizeGripEnabled(False)
        self.hint = Elided()
        self.place = QLabel()
        self.place.setMinimumWidth(190)
        self.place.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.scale = ScaleEdit()
        self.crs = QLabel("EPSG:4326")
        self.crs.setToolTip("Positions are longitude and latitude on WGS 84")
        self.tasks = TaskStatus(session)
        self.hint.setContentsMargins(theme.tokens(False).gap, 0, 0, 0)
        self.addWidget(self.hint, 1)
        for widget in (self.tasks, self.place, self.scale, self.crs, self._bell(notices)):
            self.addPermanentWidget(widget)
        canvas.pointed.connect(self._on_pointed)
        canvas.left.connect(lambda: self.place.setText(""))
        canvas.hint_changed.connect(self.hint.setText)
        session.view_changed.connect(self._on_view)
        self.scale.asked.connect(self._on_scale)
        self._on_view()

    def _bell(self, notices: NoticeBar) -> QToolButton:
        t = theme.tokens(False)
        button = QToolButton()
        button.setIcon(icon("notices"))
        button.setIconSize(QSize(t.icon_list, t.icon_list))
        button.setToolTip("Recent notices")
        button.setProperty("bare", True)
        button.setAccessibleName("Recent notices")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        menu.aboutToShow.connect(lambda: notices.fill_menu(menu))
        button.setMenu(menu)
        return button

    def _on_pointed(self, lon: float, lat: float) -> None:
        self.place.setText(geodesy.position_in_words(lon, lat))

    def _on_view(self) -> None:
        self.scale.show_scale(self.session.view.scale)

    def _on_scale(self, scale: float) -> None:
        self.canvas.zoom_by(self.session.view.scale / scale)
        self.canvas.setFocus()
