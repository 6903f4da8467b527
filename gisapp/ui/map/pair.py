"""The main map and, beside it when it is wanted, the second one; a header over each."""

from __future__ import annotations

from datetime import time

from PySide6.QtCore import QDate, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDateEdit,
    QHBoxLayout,
    QMenu,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gisapp.layers.audience import Audience
from gisapp.ui import theme
from gisapp.ui.icons import icon
from gisapp.ui.map.canvas import MapCanvas
from gisapp.ui.map.second_look import look_in_words, no_more_open_than
from gisapp.ui.map.second_map import SecondMap
from gisapp.ui.turns import next_turn
from gisapp.ui.widgets.elided import Elided
from gisapp.ui.widgets.fields import quieten
from gisapp.ui.widgets.forms import heading, say
from gisapp.ui.widgets.plain import tip


class MapPair(QSplitter):
    """`main` holds the first map. `changed` tells that the second one came or went."""

    changed = Signal(bool)

    def __init__(self, canvas: MapCanvas, main: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._canvas = canvas
        self.second: SecondMap | None = None
        self._column: QWidget | None = None
        self.header = _Header()
        self.header.note.setText("Exports, tools and the legend are those of this map.")
        self.header.hide()
        self.setChildrenCollapsible(False)
        self.addWidget(_column(self.header, main))
        canvas.session.look_changed.connect(self._refresh)

    def set_second(self, shown: bool) -> None:
        """Show the second map, looked at like the first at that moment, or put it away."""
        if shown == (self.second is not None):
            return
        if self.second is None:
            self.second = SecondMap(self._canvas)
            self._column = _column(SecondHeader(self, self.second), self.second)
            self.addWidget(self._column)
            half = self.width() // 2
            self.setSizes([half, half])
        else:
            self.second.close_down()
            self.second = None
            if self._column is not None:
                self._column.hide()
                self._column.deleteLater()
                self._column = None
            self._canvas.setFocus()
        self.header.setVisible(shown)
        self._refresh()
        self.changed.emit(shown)

    def _refresh(self) -> None:
        self.header.say(f"First map: {look_in_words(self._canvas.session.look)}")


class _Header(QWidget):
    """Says what the map under it shows."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "panelhead")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        t = theme.tokens(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(t.gap, t.gap_small, t.gap, t.gap_small)
        column.setSpacing(t.gap_small)
        self.above, self.below = QHBoxLayout(), QHBoxLayout()
        column.addLayout(self.above)
        column.addLayout(self.below)
        self.title = Elided()
        self.title.setFont(heading("").font())
        self.above.addWidget(self.title, 1)
        self.note = say("", "hint")
        self.note.setWordWrap(False)
        self.note.setMinimumWidth(60)
        self.below.addWidget(self.note, 1)
        self.setFixedHeight(70)

    def say(self, words: str) -> None:
        """Name the map and what it shows."""
        self.title.setText(words)
        self.title.setToolTip(tip(words))


class SecondHeader(_Header):
    """Sets what the second map shows: its day and hour, who looks, and the layers."""

    def __init__(self, pair: MapPair, map_: SecondMap) -> None:
        super().__init__()
        self._map = map_
        self.day = QDateEdit()
        self.below.addWidget(self.day)
        self.day.setCalendarPopup(True)
        # Thirty widgets that nobody looks at yet.
        next_turn(self, lambda: quieten(self.day.calendarWidget()))
        self.day.setDisplayFormat("d MMM yyyy")
        self.day.setAccessibleName("Day of the second map")
        self.day.dateChanged.connect(lambda day: map_.set_second(day=day.toPython()))
        self.time = QComboBox()
        self.below.addWidget(self.time)
        self.time.addItem("All day", None)
        for hour in range(24):
            self.time.addItem(f"{hour:02}:00", time(hour))
        self.time.setAccessibleName("Time of the second map")
        self.time.activated.connect(lambda: map_.set_second(time=self.time.currentData()))
        self.audience = QComboBox()
        self.below.addWidget(self.audience)
        self.audience.setAccessibleName("Audience of the second map")
        self.audience.setToolTip("Never one that may see more than that of the first map")
        self.audience.activated.connect(
            lambda: map_.set_second(audience=Audience(self.audience.currentData()))
        )
        for box in (self.time, self.audience):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.layers = self._layers_button()
        self.below.addWidget(self.layers)
        self.close_button = _button("close", "Close the second map")
        self.close_button.clicked.connect(lambda: pair.set_second(False))
        self.note.hide()
        self.below.addStretch(1)
        self.above.addWidget(self.close_button)
        # It follows the first map's look as well, and tells of that once it has done so.
        map_.look_changed.connect(self._refresh)
        self._refresh()

    def _layers_button(self) -> QToolButton:
        button = _button("layers", "Layers of the second map")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        menu.aboutToShow.connect(lambda: self.fill(menu))
        button.setMenu(menu)
        return button

    def fill(self, menu: QMenu) -> None:
        """Put what can be shown and hidden into a menu, from the top of the map down."""
        menu.clear()
        second = self._map.second
        zones = menu.addAction("Zones")
        zones.setCheckable(True)
        zones.setChecked(second.zones)
        zones.toggled.connect(lambda on: self._map.set_second(zones=on))
        spots = menu.addAction("Hotspots")
        spots.setCheckable(True)
        spots.setChecked(second.hotspots)
        spots.toggled.connect(lambda on: self._map.set_second(hotspots=on))
        menu.addSeparator()
        for layer in reversed(self._map.session.project.layers):
            entry = menu.addAction(layer.name.replace("&", "&&"))
            entry.setCheckable(True)
            entry.setChecked(layer.id not in second.hidden)
            entry.toggled.connect(lambda on, key=layer.id: self._show(key, on))

    def _show(self, layer_id: str, on: bool) -> None:
        hidden = self._map.second.hidden
        self._map.set_second(hidden=hidden - {layer_id} if on else hidden | {layer_id})

    def _refresh(self) -> None:
        look = self._map.look
        self.say(f"Second map: {look_in_words(look)}")
        blocked = self.day.blockSignals(True)
        self.day.setDate(QDate(look.day.year, look.day.month, look.day.day))
        self.day.blockSignals(blocked)
        self.time.setCurrentIndex(0 if look.time is None else 1 + look.time.hour)
        allowed = no_more_open_than(self._map.session.look.audience)
        self.audience.clear()
        for audience in allowed:
            self.audience.addItem(audience.label, audience)
        self.audience.setCurrentIndex(allowed.index(look.audience))


def _button(picture: str, name: str) -> QToolButton:
    size = theme.tokens(False).icon_list
    button = QToolButton()
    button.setIcon(icon(picture))
    button.setIconSize(QSize(size, size))
    button.setToolTip(name)
    button.setAccessibleName(name)
    return button


def _column(header: QWidget, body: QWidget) -> QWidget:
    column = QWidget()
    layout = QVBoxLayout(column)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    layout.addWidget(header)
    layout.addWidget(body, 1)
    return column
