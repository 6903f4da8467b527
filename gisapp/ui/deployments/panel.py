"""The panel of deployments: what each meets, what to do, a plan without the zones, files."""

from __future__ import annotations

import numpy as np
import shapely
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QLabel,
    QSizePolicy,
    QSplitter,
    QTextBrowser,
    QWidget,
)

from gisapp.analysis.deployments import advice
from gisapp.analysis.deployments.check import Checked, has_deployments
from gisapp.errors import EditError
from gisapp.layers.deployment_edits import Proposal, proposal
from gisapp.progress import Progress
from gisapp.tasks import Task
from gisapp.ui.commands import Commands
from gisapp.ui.deployments.details import details
from gisapp.ui.deployments.export import export_deployments
from gisapp.ui.deployments.list_view import DeploymentList
from gisapp.ui.deployments.watch import DeploymentWatch
from gisapp.ui.session import Selection, Session
from gisapp.ui.widgets.bottom_page import BottomPage
from gisapp.ui.widgets.forms import choose, combo, say, secondary

_ALL, _MEET, _HOT, _OPEN, _UNKNOWN = "all", "meet", "hot", "open", "unknown"
_FILTERS = (
    ("All deployments", _ALL),
    ("That meet a zone", _MEET),
    ("With a service open inside", _OPEN),
    ("With an overdose hotspot", _HOT),
    ("Not checked", _UNKNOWN),
)
#: Ground round a deployment that is shown, as a share of its own width, and at least (degrees).
_ROOM, _LEAST = 0.6, 0.002
NONE_YET = (
    "No deployments yet. Import next week's plan (File, Import): areas, a list of streets or "
    "points with a radius. Or draw one (Analysis, Draw deployment)."
)


class DeploymentPanel(BottomPage):
    """Follows the project while it is open."""

    def __init__(self, session: Session, commands: Commands, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self._commands = commands
        self._proposing = False
        self.watch = DeploymentWatch(session, self)
        self._build()
        self.watch.changed.connect(self.refresh)
        session.selection_changed.connect(self._on_selection)
        self.refresh()

    def _build(self) -> None:
        self.layer_box = combo([], "List of deployments")
        self.layer_box.setMinimumWidth(170)
        self.filter_box = combo(_FILTERS, "Which deployments are listed")
        self.filter_box.setMinimumWidth(190)
        self.headline = QLabel()
        self.headline.setTextFormat(Qt.TextFormat.PlainText)
        # A long sentence goes on two lines: it must not make the window wider, and what was not
        # checked stands at its end.
        self.headline.setWordWrap(True)
        self.headline.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.show_button = secondary("Show on map", self.show_on_map)
        self.show_button.setToolTip("Zoom to it (Enter)")
        self.propose_button = secondary("Propose area without the zones", self.propose)
        self.propose_button.setToolTip(
            "Add a layer with the zones taken out of the areas; the plan itself stays as it is"
        )
        self.copy_button = secondary("Copy summary", self.copy_summary)
        self.copy_button.setToolTip("Copy one page for the commander, as plain text")
        self.export_button = secondary("Export…", self.export)
        self.export_button.setToolTip("Table, PDF with maps, GeoJSON, calendar or summary")
        for field in (self.layer_box, self.filter_box):
            self.top.addWidget(field)
        self.top.addWidget(self.headline, 1)
        for button in (
            self.show_button, self.propose_button, self.copy_button, self.export_button,
        ):  # fmt: skip
            self.top.addWidget(button)
        halves = QSplitter(Qt.Orientation.Horizontal)
        self.body.addWidget(halves, 1)
        self.list = DeploymentList()
        halves.addWidget(self.list)
        self.details = QTextBrowser()
        self.details.setOpenLinks(False)
        self.details.setAccessibleName("What the chosen deployment meets and what to do")
        self.details.setTabChangesFocus(True)
        halves.addWidget(self.details)
        halves.setStretchFactor(0, 3)
        halves.setStretchFactor(1, 2)
        halves.setChildrenCollapsible(False)
        self.note = say("", "hint")
        self.body.addWidget(self.note)
        self.setFocusProxy(self.list)
        self.layer_box.activated.connect(lambda _: self._on_layer())
        self.filter_box.currentIndexChanged.connect(lambda _: self._fill())
        self.list.chosen_changed.connect(self._on_chosen)
        self.list.itemClicked.connect(lambda *_: self._select_on_map())
        self.list.show_asked.connect(self.show_on_map)

    # What is shown

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.watch.set_active(True)
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.watch.set_active(False)

    def refresh(self) -> None:
        """Show what was found last, or what is being done about it."""
        self._offer_layers()
        self._fill()

    def _offer_layers(self) -> None:
        blocked = self.layer_box.blockSignals(True)
        self.layer_box.clear()
        for layer in has_deployments(self.session.project):
            self.layer_box.addItem(layer.name, layer.id)
        checked = self.watch.layer
        if checked is not None:
            choose(self.layer_box, checked.id)
        self.layer_box.setEnabled(self.layer_box.count() > 1)
        self.layer_box.blockSignals(blocked)

    def _on_layer(self) -> None:
        self.watch.choose(self.layer_box.currentData())

    @property
    def shown(self) -> tuple[Checked, ...]:
        """The deployments that the filter leaves, those that meet a zone first."""
        found = self.watch.found
        if found is None:
            return ()
        kind = self.filter_box.currentData()
        tests = {
            _ALL: lambda one: True,
            _MEET: lambda one: one.meets,
            _HOT: lambda one: bool(one.hotspots),
            _OPEN: lambda one: any(service.open for service in one.services),
            _UNKNOWN: lambda one: bool(one.problem),
        }
        some = filter(tests[kind], found.deployments)
        return tuple(sorted(some, key=lambda one: (not one.meets, not one.problem)))

    def _fill(self) -> None:
        found, shown = self.watch.found, self.shown
        if found is not None:
            self.list.fill(found, shown, self._commands.canvas.units)
            unsure = [*advice.unknown_hours(found), *found.notes] if self.watch.is_current else []
            self.note.setText(" ".join(unsure))
            self.note.setVisible(bool(unsure))
        self.empty.set_text(self._why_empty())
        self.stack.setCurrentIndex(0 if shown else 1)
        checking = "" if self.watch.is_current else "  Checking again…"
        said = "" if found is None else advice.headline(found) + checking
        self.headline.setText(said)
        self.headline.setToolTip(said)
        meets = found is not None and bool(found.meeting)
        self.propose_button.setEnabled(meets and self.watch.is_current and not self._proposing)
        for button in (self.copy_button, self.export_button):
            # Nothing is handed on that the plan or a zone no longer bears out.
            known = found is not None and bool(found.deployments)
            button.setEnabled(known and self.watch.is_current)
        if not shown:
            self._on_chosen()

    def _why_empty(self) -> str:
        if self.watch.layer is None:
            return NONE_YET
        if self.watch.trouble:
            return self.watch.trouble
        if self.watch.found is None:
            return "Checking the deployments…"
        if not self.watch.found.deployments:
            return "This list holds no deployments."
        return "None of the deployments is of this kind."

    @property
    def chosen(self) -> Checked | None:
        """The deployment that is selected in the list."""
        row = self.list.row
        return next((one for one in self.shown if one.row == row), None)

    def _on_chosen(self) -> None:
        one, found = self.chosen, self.watch.found
        self.show_button.setEnabled(one is not None)
        if one is None or found is None:
            self.details.setPlainText("Choose a deployment to read what it meets.")
            return
        at = self.details.verticalScrollBar().value()
        self.details.setHtml(details(found, one, self._commands.canvas.units))
        self.details.verticalScrollBar().setValue(at)

    # The map

    def _select_on_map(self) -> None:
        """Select what was clicked, and show it where it lies out of view."""
        one, layer = self.chosen, self.watch.layer
        if one is None or layer is None:
            return
        zone = self.list.zone_id
        if zone is not None and zone in self.session.project.zones:
            self.session.select(Selection(zone_ids=(zone,)))
        else:
            rows = np.array([one.row], dtype=np.int64)
            self.session.select(Selection(layer_id=layer.id, rows=rows))
        west, south, east, north = self.session.view.bounds
        if not shapely.box(west, south, east, north).intersects(one.shape):
            self._zoom_to(one)

    def show_on_map(self) -> None:
        """Select the chosen deployment and zoom to it."""
        one = self.chosen
        if one is not None:
            self._select_on_map()
            self._zoom_to(one)

    def _zoom_to(self, one: Checked) -> None:
        west, south, east, north = one.shape.bounds
        x = max((east - west) * _ROOM, _LEAST) / 2
        y = max((north - south) * _ROOM, _LEAST) / 2
        self._commands.canvas.show_bounds((west - x, south - y, east + x, north + y))

    def _on_selection(self) -> None:
        """A deployment that is selected on the map is selected in the list."""
        selection, layer = self.session.selection, self.watch.layer
        if layer is not None and selection.layer_id == layer.id and len(selection.rows) == 1:
            blocked = self.list.blockSignals(True)
            self.list.select_row(int(selection.rows[0]))
            self.list.blockSignals(blocked)
            self._on_chosen()

    # What can be done

    def propose(self) -> None:
        """Add the plan without the zones as a layer of its own, in one step."""
        found = self.watch.found
        if found is None or not self.watch.is_current:
            return
        grounds = {
            one.row: [
                (m.conflict.zone, m.conflict.ground)
                for m in one.met
                if m.conflict.ground is not None
            ]
            for one in found.meeting
        }
        layer = found.layer
        self._proposing = True
        self.propose_button.setEnabled(False)

        def work(progress: Progress) -> Proposal:
            return proposal(layer, grounds)

        self.session.start(
            Task("Taking the zones out", work, reads=frozenset({layer.id})),
            self._on_proposal,
            self._on_no_proposal,
        )

    def _on_proposal(self, made: Proposal) -> None:
        self._proposing = False
        if self.session.perform(made.edit):
            self.watch.choose(made.layer.id)
            self.session.tell(made.in_words, "done", "Undo", self.session.document.undo)
        self._fill()

    def _on_no_proposal(self, error: Exception) -> None:
        self._proposing = False
        if isinstance(error, EditError):
            self.session.tell(str(error), "warning")
        self._fill()

    def copy_summary(self) -> None:
        """Put the summary for the commander on the clipboard."""
        if self.watch.found is not None:
            text = advice.summary(self.watch.found, self._commands.canvas.units)
            QGuiApplication.clipboard().setText(text)
            self.session.tell("Copied the summary.", "done")

    def export(self) -> None:
        """Ask for a file and write the check that it may hold."""
        if self.watch.layer is not None:
            export_deployments(
                self.session, self.watch.layer, self._commands.canvas.units, self._commands.window
            )
