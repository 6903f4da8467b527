"""The inspector: what is selected, in words, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gisapp.layers.project import Change
from gisapp.layers.seen import seen_by
from gisapp.ui import theme
from gisapp.ui.agreements.page import agreement_page
from gisapp.ui.agreements.versions_strip import VersionsStrip
from gisapp.ui.commands import Commands
from gisapp.ui.icons import icon
from gisapp.ui.inspector.overview_page import OverviewPage
from gisapp.ui.inspector.pages import feature_page, layer_page
from gisapp.ui.inspector.span_line import SpanLine
from gisapp.ui.session import Selection, Session
from gisapp.ui.turns import next_turn
from gisapp.ui.zones.page import zone_page, zones_page

#: So much later than what it tells of the page is made: that is drawn first, and keys are taken.
_SOON_MS = 10


class Inspector(QWidget):
    """Shows the selection; else the agreement asked for; else the current layer; else all.

    A layer asked for in the list is shown before the selection, until something else is selected.

    Its page is made anew in a turn of its own, once for all that one turn of the window brings:
    a page takes as long as all else that follows a change. Whoever asks for it gets the new one.
    """

    def __init__(self, session: Session, commands: Commands, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.commands = commands
        self._agreement_id: str | None = None
        self._layer_id: str | None = None
        self._layer_first = False
        self._filters = session.filters.edition
        self._shown: tuple[object, ...] = ()
        self.back = self._back_button()
        self._overview = OverviewPage(session, commands)
        self._page: QWidget = self._overview
        self._stale = False
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._soon.timeout.connect(lambda: next_turn(self, self._catch_up))
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(self._overview)
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        head = QHBoxLayout()
        head.setContentsMargins(theme.tokens(False).gap, 4, 8, 0)
        head.addWidget(self.back)
        head.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.area, 1)
        session.selection_changed.connect(self._on_selection)
        session.current_layer_changed.connect(self._on_layer)
        session.project_changed.connect(self._on_project)
        session.reader_changed.connect(self._later)
        session.look_changed.connect(self._on_look)
        commands.agreement_asked.connect(self.show_agreement)
        commands.layer_asked.connect(self.show_layer)
        self.refresh()

    @property
    def page(self) -> QWidget:
        """What is shown."""
        self._catch_up()
        return self._page

    @property
    def overview(self) -> OverviewPage:
        """The page of the project as a whole."""
        self._catch_up()
        return self._overview

    def _later(self) -> None:
        """Make the page anew in a turn of its own."""
        self._stale = True
        self._soon.start()

    def _catch_up(self) -> None:
        if self._stale:
            with self.session.courtesy.turn():
                self.refresh()

    def _back_button(self) -> QToolButton:
        button = QToolButton()
        button.setText("All zones and agreements")
        button.setIcon(icon("caret-left"))
        button.setIconSize(QSize(14, 14))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.clicked.connect(self.show_overview)
        return button

    def show_overview(self) -> None:
        """Back to the project as a whole."""
        self._agreement_id = self._layer_id = None
        self._layer_first = False
        if self.session.selection.is_empty:
            self.refresh()
        else:
            self.session.select(Selection())

    def show_layer(self, layer_id: str) -> None:
        """The page of a layer, while the selection stays on the map."""
        if (self._layer_id, self._layer_first, self._agreement_id) != (layer_id, True, None):
            self._layer_id, self._layer_first, self._agreement_id = layer_id, True, None
            self._later()

    def show_agreement(self, agreement_id: str) -> None:
        self._layer_id = None
        self._layer_first = False
        self._agreement_id = agreement_id
        if self.session.selection.is_empty:
            self.refresh()
        else:
            self.session.select(Selection())

    def rename(self) -> None:
        """Put the cursor into the name of what is shown."""
        edit = self.page.findChild(QLineEdit, "name")
        if isinstance(edit, QLineEdit):
            edit.setFocus()
            edit.selectAll()

    def _on_selection(self) -> None:
        self._layer_first = False
        if not self.session.selection.is_empty:
            self._agreement_id = None
        self._later()

    def _on_layer(self) -> None:
        self._layer_id = self.session.current_layer_id
        if self._layer_id is not None:
            self._agreement_id = None
        self._later()

    def _on_look(self) -> None:
        """A page of a layer says what a filter leaves; a span of time, which changes with each
        step of a brush, changes a line of it."""
        if self._filters != self.session.filters.edition:
            self._filters = self.session.filters.edition
            self._later()
        line = self._page.findChild(SpanLine)
        if isinstance(line, SpanLine):
            line.refresh()

    def _on_project(self, change: Change) -> None:
        if change.before.id != change.after.id:
            self._agreement_id = self._layer_id = None
        self._later()

    def refresh(self) -> None:
        """Make the page of what is to be shown now.

        A time line that is being dragged keeps its page until it is let go.
        """
        self._stale = False
        self._soon.stop()
        strip = self._strip
        if strip is not None and strip.dragging:
            return
        focused = strip is not None and strip.hasFocus()
        page = self._made()
        self.back.setVisible(page is not self._overview)
        old = self._page
        if page is self._overview:
            self._overview.refresh()
            if old is page:
                return
        subject = self._subject
        scroll = self.area.verticalScrollBar().value() if subject == self._shown else 0
        self._shown = subject
        taken = self.area.takeWidget()
        if taken is not None and taken is not self._overview:
            taken.deleteLater()
        self._page = page
        self.area.setWidget(page)
        page.show()
        self.area.verticalScrollBar().setValue(scroll)
        strip = self._strip
        if strip is not None:
            strip.released.connect(self.refresh)
            if focused:
                strip.setFocus()

    @property
    def _subject(self) -> tuple[object, ...]:
        """What the page is about: the same subject keeps its place when it is drawn anew."""
        chosen = self.session.selection
        # Of millions the page reads the first and the count.
        rows = len(chosen.rows), chosen.rows[:100].tobytes()
        asked = self._agreement_id, self._layer_id, self._layer_first
        return chosen.zone_ids, chosen.layer_id, rows, asked

    @property
    def _strip(self) -> VersionsStrip | None:
        """The time line of the page, where it has one."""
        found = self._page.findChild(VersionsStrip)
        return found if isinstance(found, VersionsStrip) else None

    def _made(self) -> QWidget:
        # Made where it is shown: what is put into something is dressed anew with all it holds.
        place = self.area.viewport()
        project, selection = self.session.project, self.session.selection
        layers = {layer.id: layer for layer in project.layers}
        if self._layer_first and self._layer_id in layers:
            return layer_page(place, self.session, self.commands, layers[self._layer_id])
        zones = tuple(project.zones[key] for key in selection.zone_ids if key in project.zones)
        if len(zones) == 1:
            return zone_page(place, self.session, self.commands, zones[0])
        # Of one that this audience may not see the page says so; of several it lists the others.
        look = self.session.look
        seen = seen_by(project, look.audience, exported=False).zones
        zones = tuple(zone for zone in zones if zone.id in seen)
        if zones:
            return zones_page(place, self.session, self.commands, zones)
        if selection.layer_id in layers and len(selection.rows):
            layer = layers[selection.layer_id]
            return feature_page(place, self.session, self.commands, layer, selection.rows)
        agreement = project.agreements.get(self._agreement_id or "")
        if agreement is not None:
            return agreement_page(place, self.session, self.commands, agreement)
        if self._layer_id in layers:
            return layer_page(place, self.session, self.commands, layers[self._layer_id])
        return self._overview
