"""Circles in true metres round chosen services, or the footprints of premises, as zones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gisapp.layers import edits, zoning
from gisapp.layers.agreement import Standing
from gisapp.layers.layer import Layer, Points
from gisapp.layers.vocabulary import ServiceType
from gisapp.layers.zone import Zone, zone_style
from gisapp.layers.zoning import ZoneSummary
from gisapp.progress import Progress
from gisapp.tasks import Task
from gisapp.ui.agreement_dialog import AgreementDialog
from gisapp.ui.fields import boxed
from gisapp.ui.forms import (
    BETWEEN,
    EmptyState,
    Form,
    FormDialog,
    actions,
    choose,
    combo,
    primary,
    say,
    secondary,
)
from gisapp.ui.look_up import LookUp
from gisapp.ui.mini_map import MiniMap
from gisapp.ui.session import Session
from gisapp.ui.zone_plan import (
    NEW_AGREEMENT,
    NO_AGREEMENT,
    Shape,
    ZonePlan,
    in_words,
    kinds_counted,
    rows_of_kind,
    service_layers,
    shapes_of,
)

_PAUSE_MS = 200
_ALL, _LIST, _SELECTED = "all", "list", "selected"


class ZonesDialog(FormDialog):
    """Asks round what and how far; draws the zones as one step that can be undone."""

    def __init__(
        self, session: Session, layer_id: str | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__("Zones round services", QSize(860, 620), parent)
        self.session = session
        self.zones: tuple[Zone, ...] = ()
        self._asked = 0
        self._previews = LookUp(session)
        self._touched: set[str] = set()
        self._summary: ZoneSummary | None = None
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_PAUSE_MS)
        self._later.timeout.connect(self._ask_preview)
        self.layers = service_layers(session.project)
        self.draw = primary("Draw zones", self._draw)
        if not self.layers:
            self._say_empty()
            return
        self._build()
        wanted = layer_id or session.selection.layer_id
        choose(self.layer_box, wanted)
        self._on_layer()
        if session.selection.layer_id == self.layer.id and len(session.selection.rows):
            choose(self.which_box, _SELECTED)

    def _say_empty(self) -> None:
        self.body.addWidget(
            EmptyState("No services yet: import them or try the sample city. Zones go round them."),
            1,
        )
        self.draw.setEnabled(False)
        self.body.addLayout(actions(self.draw, secondary("Cancel", self.reject)))

    def _build(self) -> None:
        self.layer_box = combo([(layer.name, layer.id) for layer in self.layers])
        self.which_box = combo([])
        self.search = QLineEdit()
        self.search.setPlaceholderText("Find a service")
        self.search.setAccessibleName("Find a service")
        self.search.setClearButtonEnabled(True)
        self.list = QListWidget()
        self.list.setAccessibleName("Services to tick")
        self.list.setMinimumHeight(120)
        self.shape_box = combo([])
        self.radius = QLineEdit()
        self.radius.setPlaceholderText("such as 150m, 500ft or 0.25mi")
        self.basis = QLineEdit()
        self.basis.setPlaceholderText("such as agreed at the meeting of 6 March 2025")
        self.agreement_box = combo([])
        self.map = MiniMap()
        self.count = say("")
        self.count.setAccessibleName("What will be drawn")
        self._lay_out()
        self._offer_agreements()
        self._connect()

    def _lay_out(self) -> None:
        form = Form()
        picker = QWidget()
        column = QVBoxLayout(picker)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for widget in (self.which_box, self.search, self.list):
            column.addWidget(widget)
        picker.setFocusProxy(self.which_box)
        self.layer_row = form.add("Round", self.layer_box)
        self.services_row = form.add("Services", picker)
        self.shape_row = form.add("Outline", self.shape_box)
        self.radius_row = form.add(
            "Radius", self.radius, "Metres on the ground, measured from the point of the service."
        )
        self.basis_row = form.add(
            "Basis", self.basis, "No radius is a standard: write who agreed on it, and how."
        )
        self.agreement_row = form.add("Agreement", self.agreement_box)
        form.finish()
        form.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        form.setMinimumWidth(400)
        right = QVBoxLayout()
        right.addWidget(self.map, 1)
        right.addWidget(boxed(self.count))
        halves = QHBoxLayout()
        halves.setSpacing(BETWEEN)
        halves.addWidget(form, 1)
        halves.addLayout(right, 1)
        self.body.addLayout(halves, 1)
        self.body.addLayout(actions(self.draw, secondary("Cancel", self.reject)))

    def _connect(self) -> None:
        self.layer_box.currentIndexChanged.connect(self._on_layer)
        self.which_box.currentIndexChanged.connect(self._on_which)
        self.search.textChanged.connect(self._find)
        self.list.itemChanged.connect(lambda _: self._check())
        self.shape_box.currentIndexChanged.connect(lambda _: self._check())
        self.radius.textEdited.connect(lambda _: self._on_typed("radius"))
        self.basis.textEdited.connect(lambda _: self._on_typed("basis"))
        self.agreement_box.currentIndexChanged.connect(self._on_agreement)

    # What is chosen

    @property
    def layer(self) -> Layer:
        key = self.layer_box.currentData()
        return next(layer for layer in self.layers if layer.id == key)

    @property
    def rows(self) -> NDArray[np.int64]:
        """The services that zones go round."""
        which = self.which_box.currentData()
        if which == _LIST:
            ticked = [
                row
                for row in range(self.list.count())
                if self.list.item(row).checkState() is Qt.CheckState.Checked
            ]
            return np.array(ticked, dtype=np.int64)
        if which == _SELECTED:
            return self.session.selection.rows
        if which in (None, _ALL):
            return np.arange(len(self.layer))
        return rows_of_kind(self.layer, ServiceType(which))

    @property
    def plan(self) -> ZonePlan:
        agreement = self.agreement_box.currentData()
        return ZonePlan(
            self.layer,
            self.rows,
            Shape(self.shape_box.currentData()),
            self.radius.text(),
            self.basis.text(),
            agreement if agreement not in (NEW_AGREEMENT, NO_AGREEMENT) else None,
        )

    def _offer_agreements(self, wanted: str = NO_AGREEMENT) -> None:
        box = self.agreement_box
        box.blockSignals(True)
        box.clear()
        box.addItem("None yet: a proposal", NO_AGREEMENT)
        for agreement in self.session.project.agreements.values():
            standing = agreement.standing_on(self.session.look.day).value
            box.addItem(f"{agreement.title} ({standing})", agreement.id)
        box.addItem("New agreement…", NEW_AGREEMENT)
        choose(box, wanted)
        box.blockSignals(False)

    # Reacting

    def _on_layer(self) -> None:
        layer, selection = self.layer, self.session.selection
        for box in (self.which_box, self.shape_box, self.list):
            box.blockSignals(True)
        self.which_box.clear()
        self.which_box.addItem(f"All {layer.counted}", _ALL)
        for kind, count in kinds_counted(layer):
            if count < len(layer):
                self.which_box.addItem(f"{kind.label} ({count:,})", kind.value)
        if selection.layer_id == layer.id and len(selection.rows):
            self.which_box.addItem(f"The selection ({len(selection.rows):,})", _SELECTED)
        self.which_box.addItem("Those ticked in a list", _LIST)
        self.shape_box.clear()
        words = {Shape.CIRCLE: "Circle", Shape.FOOTPRINT: "Footprint of the premises"}
        for shape in shapes_of(layer):
            self.shape_box.addItem(words[shape], shape.value)
        self.list.clear()
        for row, name in enumerate(layer.texts("name")):
            item = QListWidgetItem(name or f"{layer.name} {row + 1}")
            item.setFlags(Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled)
            item.setCheckState(Qt.CheckState.Unchecked)
            self.list.addItem(item)
        for box in (self.which_box, self.shape_box, self.list):
            box.blockSignals(False)
        self._on_which()

    def _on_which(self) -> None:
        listed = self.which_box.currentData() == _LIST
        self.search.setVisible(listed)
        self.list.setVisible(listed)
        self._check()

    def _find(self, text: str) -> None:
        for row in range(self.list.count()):
            item = self.list.item(row)
            item.setHidden(text.strip().casefold() not in item.text().casefold())

    def _on_typed(self, field: str) -> None:
        self._touched.add(field)
        self._check()

    def _on_agreement(self) -> None:
        chosen = self.agreement_box.currentData()
        if chosen == NEW_AGREEMENT:
            self._offer_agreements()
            dialog = AgreementDialog(self.session, None, self)
            dialog.accepted.connect(lambda: self._offer_agreements(dialog.form.agreement.id))
            dialog.finished.connect(lambda _: self._check())
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()
            return
        agreement = self.session.project.agreements.get(chosen)
        if "basis" not in self._touched or not self.basis.text().strip():
            # What was typed stays; what an agreement said goes with it.
            self.basis.setText(agreement.radius_basis if agreement is not None else "")
        self._check()

    def _check(self) -> None:
        """Say what is wrong beside the fields, and ask for another preview."""
        plan = self.plan
        wrong = plan.problems()
        circle = plan.shape is Shape.CIRCLE
        self.radius_row.set_visible(circle)
        self.services_row.set_error(wrong.get("services", ""))
        for name, row in (("radius", self.radius_row), ("basis", self.basis_row)):
            row.set_error(wrong.get(name, "") if name in self._touched else "")
        count = len(plan.rows)
        self.draw.setText("Draw 1 zone" if count == 1 else f"Draw {count:,} zones")
        self.draw.setEnabled(not wrong)
        self.draw.setToolTip(next(iter(wrong.values()), ""))
        self._asked += 1
        if "services" in wrong or "radius" in wrong:
            self._summary = None
            self.count.setText(wrong.get("services") or "Enter a radius to see what it covers.")
            self._show_places(plan, ())
            return
        self._later.start()

    def _ask_preview(self) -> None:
        plan, number = self.plan, self._asked

        def work(progress: Progress) -> tuple[int, tuple[Zone, ...], ZoneSummary]:
            progress.check()
            drawn = replace(plan, basis=plan.basis if plan.basis.strip() else "not said yet")
            zones = drawn.zones(())
            progress.check()
            return number, zones, zoning.summary(zones)

        task = Task("Measuring zones", work, reads=frozenset({plan.layer.id}))
        self._previews.ask(task, self._show_preview)

    def _show_preview(self, answer: tuple[int, tuple[Zone, ...], ZoneSummary]) -> None:
        number, zones, summary = answer
        if number != self._asked:
            return
        self._summary = summary
        self.count.setText(in_words(summary))
        self._show_places(self.plan, zones)

    def _show_places(self, plan: ZonePlan, zones: tuple[Zone, ...]) -> None:
        geometry = plan.layer.geometry
        lon = lat = np.empty(0)
        if isinstance(geometry, Points):
            lon, lat = geometry.lon[plan.rows], geometry.lat[plan.rows]
        self.map.set_behind([zone.shape for zone in self.session.project.zones.values()])
        project, day = self.session.project, self.session.look.day
        agreement = project.agreements.get(plan.agreement_id or "")
        standing = agreement.standing_on(day) if agreement else Standing.PROPOSED
        self.map.show_places(
            lon, lat, [zone.shape for zone in zones], "Nothing chosen yet.", zone_style(standing)
        )

    def done(self, result: int) -> None:
        """Leave; a preview under way is not waited for."""
        self._later.stop()
        self._previews.drop()
        self._asked += 1
        super().done(result)

    def _draw(self) -> None:
        taken = [zone.name for zone in self.session.project.zones.values()]
        zones = self.plan.zones(taken)
        if self.session.perform(edits.add_zones(zones)):
            self.zones = zones
            what = in_words(self._summary) if self._summary else f"{len(zones):,} zones"
            self.session.tell(f"Drew {what}.", "done", "Undo", self.session.document.undo)
            self.accept()
