"""Day, time and audience: what is asked of the map, so it stands in the tool bar."""

from __future__ import annotations

from datetime import time

from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QComboBox, QDateEdit, QHBoxLayout, QLabel, QWidget

from gisapp.layers.audience import Audience
from gisapp.ui import theme
from gisapp.ui.icons import icon
from gisapp.ui.session import Session
from gisapp.ui.widgets.fields import quieten

_AUDIENCE_HELP = {
    Audience.PUBLIC: "What anybody may see: public layers, counts with small ones left out",
    Audience.PARTNERS: "What the partners may see: counts with small ones left out",
    Audience.POLICE: "What police analysts may see: every layer, each event",
    Audience.PATROL: "What patrol systems get: zones and services, never an event",
}
#: Width of a symbol beside a field, in pixels.
_SYMBOL = 18


class QuestionBar(QWidget):
    """The day and hour that zones are judged at, and who looks."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.day = self._day()
        self.time = self._time()
        self.audience = self._audience()
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.tokens(False).gap_small)
        self._symbols: list[QLabel] = []
        for name, widget, text in (
            ("day", self.day, "Day"),
            ("time", self.time, "Time"),
            ("audience", self.audience, "Audience"),
        ):
            symbol = QLabel()
            symbol.setPixmap(icon(name).pixmap(_SYMBOL, _SYMBOL))
            symbol.setToolTip(text)
            symbol.setObjectName(f"symbol-{name}")
            self._symbols.append(symbol)
            row.addWidget(symbol)
            row.addWidget(widget)
        session.reader_changed.connect(self.refresh)
        self.refresh()

    @property
    def symbols_width(self) -> int:
        """How wide the symbols beside the fields are together, with what parts them."""
        return 3 * (_SYMBOL + self._row.spacing())

    @property
    def has_symbols(self) -> bool:
        return not self._symbols[0].isHidden()

    def show_symbols(self, shown: bool) -> None:
        """Show the symbols beside the fields, or leave them out where there is no room."""
        for symbol in self._symbols:
            symbol.setVisible(shown)

    def _day(self) -> QDateEdit:
        edit = QDateEdit()
        edit.setCalendarPopup(True)
        quieten(edit.calendarWidget())
        edit.setDisplayFormat("ddd d MMM yyyy")
        edit.setAccessibleName("Day")
        edit.setToolTip("Zones are shown as they stand on this day")
        edit.dateChanged.connect(self._on_day)
        return edit

    def _time(self) -> QComboBox:
        box = QComboBox()
        box.addItem("All day", None)
        for hour in range(24):
            for minute in (0, 30):
                box.addItem(f"{hour:02}:{minute:02}", time(hour, minute))
        box.setAccessibleName("Time")
        box.setToolTip("Zones that do not hold at this hour are pale and dashed")
        box.setMaxVisibleItems(13)
        box.activated.connect(lambda: self.session.set_look(time=box.currentData()))
        return box

    def _audience(self) -> QComboBox:
        box = QComboBox()
        for audience in Audience:
            box.addItem(audience.label, audience)
            box.setItemData(box.count() - 1, _AUDIENCE_HELP[audience], Qt.ItemDataRole.ToolTipRole)
        box.setAccessibleName("Audience")
        box.activated.connect(lambda: self.session.set_look(audience=Audience(box.currentData())))
        return box

    def _on_day(self, day: QDate) -> None:
        self.session.set_look(day=day.toPython())

    def refresh(self) -> None:
        """Show what the session's look says."""
        look = self.session.look
        blocked = self.day.blockSignals(True)
        self.day.setDate(QDate(look.day.year, look.day.month, look.day.day))
        self.day.blockSignals(blocked)
        self.time.setCurrentIndex(self._place_of(look.time))
        self.audience.setCurrentIndex(list(Audience).index(look.audience))
        self.audience.setToolTip(_AUDIENCE_HELP[look.audience])

    def _place_of(self, asked: time | None) -> int:
        """Where a time stands in the list; one that is not in it goes where it belongs."""
        known: list[time] = [self.time.itemData(at) for at in range(1, self.time.count())]
        if asked is None:
            return 0
        if asked not in known:
            place = 1 + sum(one < asked for one in known)
            self.time.insertItem(place, f"{asked:%H:%M}", asked)
            return place
        return 1 + known.index(asked)

    def refresh_icons(self) -> None:
        """Draw the symbols again in the colours of the palette."""
        for name in ("day", "time", "audience"):
            symbol = self.findChild(QLabel, f"symbol-{name}")
            if isinstance(symbol, QLabel):
                symbol.setPixmap(icon(name).pixmap(_SYMBOL, _SYMBOL))
