"""“What applies here?”: a panel on the map that answers for a place and a moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gisapp.analysis.look_ups.help_near import NearbyService
from gisapp.analysis.look_ups.place_answer import PlaceAnswer, answer_at
from gisapp.analysis.look_ups.place_street import street_at
from gisapp.analysis.look_ups.place_words import in_words, service
from gisapp.errors import GisappError
from gisapp.layers import geodesy
from gisapp.tasks import Task
from gisapp.ui import theme
from gisapp.ui.agreements.versions_caption import DayCaption
from gisapp.ui.look_up import LookUp
from gisapp.ui.map.canvas import MapCanvas
from gisapp.ui.map.go_to import Answer, go_to
from gisapp.ui.session import Session
from gisapp.ui.widgets.forms import say, secondary
from gisapp.ui.zones.what_applies_text import as_html
from gisapp.ui.zones.what_applies_time import MomentRow

_WIDTH, _MARGIN, _ROW, _APART = 340, 12, 26, 2
#: Left of the bar that scrolls.
_BAR = 16
#: Below the words on what is restricted, at the upper left.
_TOP = 36
#: On a narrow map below what says that it is of another day, too, which stands in the middle.
_NARROW, _LOW = 1_000, 100
#: A press and a release this near each other, in pixels, are a click.
_STILL = 4.0
#: Tools with which a click on the map asks about another place while the panel is open.
_FOLLOWS = frozenset({"tool.pan", "tool.identify", "tool.select"})


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found out about a place."""

    answer: PlaceAnswer
    street: str


class WhatAppliesPanel(QFrame):
    """Stands at the right of the map and follows clicks on it until it is closed."""

    def __init__(
        self,
        session: Session,
        canvas: MapCanvas,
        show_zones: Callable[[Sequence[str]], None],
    ) -> None:
        super().__init__(canvas)
        self._session, self._canvas, self._show_zones = session, canvas, show_zones
        self._look_up = LookUp(session)
        self._place: tuple[float, float] | None = None
        self._pressed: QPointF | None = None
        self.answer: PlaceAnswer | None = None
        self.setProperty("role", "card")
        self.setAccessibleName("What applies here?")
        self._make()
        self.moment.changed.connect(self._ask)
        self.moment.unread.connect(self._on_unread)
        session.project_changed.connect(self._on_changed)
        session.look_changed.connect(self._on_look)
        self._audience = session.look.audience
        canvas.resized.connect(self._arrange)
        canvas.installEventFilter(self)
        self.hide()

    def _make(self) -> None:
        t = theme.tokens(False)
        self.where = say("", "hint")
        self.moment = MomentRow(self._session)
        self.text = QLabel()
        self.text.setTextFormat(Qt.TextFormat.RichText)
        self.text.setWordWrap(True)
        self.text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextBrowserInteraction
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.text.setOpenExternalLinks(False)
        self.text.setAccessibleName("What applies")
        self.text.linkActivated.connect(lambda key: self._show_zones((key,)))
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.services_title = say("Nearest services that may be open", "hint")
        self.services = QListWidget()
        self.services.setAccessibleName("Nearest services that may be open")
        self.services.setWordWrap(True)
        self.services.setSpacing(_APART)
        self.services.setFrameShape(QFrame.Shape.NoFrame)
        self.services.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.services.itemActivated.connect(self._go)
        self.services.itemClicked.connect(self._go)
        self.services.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.told = QWidget()
        told = QVBoxLayout(self.told)
        told.setContentsMargins(0, 0, 0, 0)
        told.setSpacing(t.gap_small)
        told.addWidget(self.text)
        told.addWidget(self.services_title)
        told.addWidget(self.services)
        told.addStretch(1)
        self.area.setWidget(self.told)
        self.copy = secondary("Copy", self.copy_text)
        self.copy.setToolTip("Copy the answer as text")
        self.close_button = secondary("Close", self.leave)
        head = QHBoxLayout()
        head.setSpacing(t.gap_small)
        head.addWidget(say("What applies here?", "title"), 1)
        head.addWidget(self.copy)
        head.addWidget(self.close_button)
        self.column = column = QVBoxLayout(self)
        column.setContentsMargins(t.gap, t.gap, t.gap, t.gap)
        column.setSpacing(t.gap_small)
        column.addLayout(head)
        column.addWidget(self.where)
        column.addWidget(self.moment)
        column.addWidget(self.area, 1)

    # What is asked

    def open_at(self, lon: float, lat: float) -> None:
        """Ask about a place in degrees: at the map's day when newly opened, else as it stands."""
        self._place = lon, lat
        self._canvas.marker.pin((lon, lat))
        newly = not self.isVisible()
        if newly:
            self._audience = self._session.look.audience
            self._clear()
            self.moment.blockSignals(True)
            self.moment.to_look()
            self.moment.blockSignals(False)
            self._arrange()
            self.show()
            self.raise_()
            self.moment.edit.setFocus()
            self.moment.mark_time()
        self._ask()

    def leave(self) -> None:
        """Put the panel and its mark away."""
        self._look_up.drop()
        self._canvas.marker.unpin()
        self.answer = None
        self.hide()
        self._canvas.setFocus()

    def copy_text(self) -> None:
        """Put the answer on the clipboard as plain text."""
        if self.answer is not None:
            QGuiApplication.clipboard().setText(in_words(self.answer, self._canvas.units))
            self._session.tell("Copied what applies here as text.", "done")

    def _ask(self) -> None:
        if self._place is None:
            return
        (lon, lat), at = self._place, self.moment.told.at
        project, audience = self._session.project, self._session.look.audience

        def work(_: object) -> _Found:
            found = answer_at(project, lon, lat, at, audience=audience, exported=False)
            return _Found(found, street_at(project, lon, lat, audience))

        self.answer = None
        self._set_answered(False)
        if not self.moment.is_read:
            self._on_unread()
            return
        self.where.setText(f"{geodesy.position_in_words(lon, lat)} · looking …")
        self._look_up.ask(Task("What applies here", work), self._on_found, self._on_failed)

    def _on_found(self, found: _Found) -> None:
        self.answer = answer = found.answer
        place = geodesy.position_in_words(answer.lon, answer.lat)
        self.where.setText(f"Near {found.street} · {place}" if found.street else place)
        self.text.setText(as_html(answer))
        self._set_answered(True)
        self.services.clear()
        offered = list(answer.services)
        given = answer.naloxone
        if given is not None and (given.layer_id, given.row) not in {
            (one.layer_id, one.row) for one in offered
        }:
            offered.append(given)
        for one in offered:
            words = service(one, self._canvas.units)
            text = f"Naloxone: {words}" if one is given and len(offered) > 1 else words
            item = QListWidgetItem(text)
            item.setData(Qt.ItemDataRole.UserRole, one)
            self.services.addItem(item)
        if not offered:
            item = QListWidgetItem("No service is known that may be open then.")
            item.setFlags(Qt.ItemFlag.ItemIsEnabled)
            self.services.addItem(item)
        self._arrange()

    def _on_unread(self) -> None:
        """What is typed is no moment, or not yet: nothing is answered for it."""
        self._look_up.drop()
        self.answer = None
        self._set_answered(False)
        if self._place is not None:
            self.where.setText(geodesy.position_in_words(*self._place))
        self._arrange()

    def _set_answered(self, answered: bool) -> None:
        """Dim what was told of another place or moment until the new answer is there."""
        for part in (self.text, self.services, self.copy):
            part.setEnabled(answered)

    def _on_failed(self, error: GisappError) -> None:
        self._clear()
        self.text.setText("")
        self.where.setText(str(error))

    def _clear(self) -> None:
        self.answer = None
        self.text.setText("")
        self.services.clear()

    def _go(self, item: QListWidgetItem) -> None:
        one = item.data(Qt.ItemDataRole.UserRole)
        if isinstance(one, NearbyService):
            go_to(self._canvas, Answer(one.name, "Service", (one.lon, one.lat, one.lon, one.lat)))

    # Following the window

    def _on_changed(self, *_: object) -> None:
        if self.isVisible():
            self._ask()

    def _on_look(self) -> None:
        audience = self._session.look.audience
        if self.isVisible() and audience is not self._audience:
            # What one audience was told is not left standing before another.
            self._audience = audience
            self._clear()
            self._ask()

    def _arrange(self) -> None:
        """Beside the place, as high as the text needs and the map allows."""
        width = min(_WIDTH, self._canvas.width() - 2 * _MARGIN)
        top = _LOW if self._canvas.width() < _NARROW and self._is_of_another_day else _TOP
        highest = self._canvas.height() - top - _MARGIN
        self.setFixedWidth(width)
        within = width - 2 * theme.tokens(False).gap - _BAR
        self.services.setFixedWidth(within)
        rows = [max(self.services.sizeHintForRow(n), _ROW) for n in range(self.services.count())]
        self.services.setFixedHeight(sum(rows) + 2 * _APART * len(rows) + 4)
        self.area.setFixedHeight(0)
        self.column.activate()
        others = self.column.sizeHint().height()
        told = self.told.heightForWidth(within) + 8
        self.area.setFixedHeight(max(min(told, highest - others), 2 * _ROW))
        self.setFixedHeight(min(others + self.area.height(), highest))
        right = self._canvas.width() - width - _MARGIN
        self.move(_MARGIN if self._covered(right) else right, top)

    @property
    def _is_of_another_day(self) -> bool:
        """Whether the map says that it is not of today."""
        caption = self._canvas.findChild(DayCaption)
        return caption is not None and not caption.isHidden()

    def _covered(self, left: int) -> bool:
        """Whether the place asked about would lie under the panel with its left edge here."""
        if self._place is None:
            return False
        view = self._canvas.view
        x, _ = view.to_screen(np.array([self._place[0]]), np.array([self._place[1]]))
        return left - _MARGIN <= float(x[0]) <= view.width

    # Events

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self.isVisible() or not isinstance(event, QMouseEvent):
            return False
        if event.button() is not Qt.MouseButton.LeftButton:
            return False
        if event.type() is QEvent.Type.MouseButtonPress:
            self._pressed = event.position()
        elif event.type() is QEvent.Type.MouseButtonRelease and self._pressed is not None:
            moved = event.position() - self._pressed
            self._pressed = None
            tool = self._canvas.tool
            if moved.manhattanLength() <= _STILL and tool is not None and tool.id in _FOLLOWS:
                self.open_at(*self._canvas.place_at(event.position()))
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # or the tool of the map below would take it

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.accept()
