"""Zones of every basis: from which layer and rows, how, how far and why, seen before they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, QTimer
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from gisapp.analysis.zones.order import Drawn, Shape, ZoneOrder, shapes_of
from gisapp.errors import GisappError
from gisapp.layers import edits, zoning
from gisapp.layers.agreement import Standing
from gisapp.layers.layer import Layer, Points
from gisapp.layers.zone import Zone, zone_style
from gisapp.layers.zoning import ZoneSummary
from gisapp.progress import Progress
from gisapp.tasks import Task
from gisapp.ui.agreements.dialog import AgreementDialog
from gisapp.ui.look_up import LookUp
from gisapp.ui.session import Session
from gisapp.ui.widgets.fields import boxed
from gisapp.ui.widgets.forms import (
    BETWEEN,
    EmptyState,
    Form,
    FormDialog,
    actions,
    choose,
    combo,
    primary,
    say,
    scrolled,
    secondary,
)
from gisapp.ui.widgets.mini_map import MiniMap
from gisapp.ui.zones.plan import NEW_AGREEMENT, NO_AGREEMENT, in_words, service_layers
from gisapp.ui.zones.reach_fields import Chosen, TermFields
from gisapp.ui.zones.source_rows import RowPicker

_PAUSE_MS = 200
#: Stands for a basis in a preview, as long as nobody has written it.
_NOT_YET = "not said yet"
#: Outlines that take longer than a click may.
_SLOW = (Shape.WALK, Shape.STREETS, Shape.JURISDICTION)
#: So many rows are drawn within a blink, at some 0.4 ms each; more of them behind the window.
_AT_ONCE = 50
_NOUNS = {
    Shape.STREETS: "Streets",
    Shape.CORRIDOR: "Lines",
    Shape.DISTRICT: "Districts",
    Shape.JURISDICTION: "Areas",
    Shape.SCENE: "Incidents",
    Shape.PARCEL: "Parcels",
}


class ZonesDialog(FormDialog):
    """Asks from what and how; draws the zones as one step that can be undone."""

    def __init__(
        self,
        session: Session,
        layer_id: str | None = None,
        parent: QWidget | None = None,
        *,
        take: Callable[[tuple[Zone, ...]], bool] | None = None,
    ) -> None:
        """With `take` the zones go to whoever asks, and not into the project."""
        super().__init__("Draw zones", QSize(900, 640), parent)
        self.session = session
        self.zones: tuple[Zone, ...] = ()
        self._take = take
        self._asked = 0
        self._previews = LookUp(session)
        self._drawing = LookUp(session)
        self._touched: set[str] = set()
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
        choose(self.layer_box, layer_id or session.selection.layer_id)
        self.put_off(session.courtesy, self._add_terms, self._begin)

    def _begin(self) -> None:
        """Ask first from what the user has chosen, or what is compared."""
        self._offer_agreements()
        self._connect()
        self._on_layer()
        selection = self.session.selection
        if self._take is not None:
            # Compared are other terms for the same sites.
            self.picker.choose_zoned()
        if selection.layer_id == self.layer.id and len(selection.rows):
            self.picker.choose_selection()

    def _say_empty(self) -> None:
        self.body.addWidget(
            EmptyState("No services yet: import them or try the sample city. Zones go round them."),
            1,
        )
        self.draw.setEnabled(False)
        self.body.addLayout(actions(self.draw, secondary("Cancel", self.reject)))

    def _build(self) -> None:
        self.layer_box = combo([(layer.name, layer.id) for layer in self.layers])
        self.picker = RowPicker(self.session)
        self.which_box, self.search = self.picker.which_box, self.picker.search
        self.list = self.picker.list
        self.shape_box = combo([])
        self.agreement_box = combo([])
        self.map = MiniMap(self.session)
        self.count = say("")
        self.count.setAccessibleName("What will be drawn")
        self.remarks = say("", "hint")
        self.remarks.setAccessibleName("What to look at")
        self.remarks.hide()
        self._lay_out()

    def _lay_out(self) -> None:
        # From the outside in: what is put into something else is dressed anew with all it holds.
        form = self.form = Form()
        left = scrolled(form)
        left.setMinimumWidth(430)
        halves = QHBoxLayout()
        halves.setSpacing(BETWEEN)
        self.body.addLayout(halves, 1)
        halves.addWidget(left, 1)
        right = QVBoxLayout()
        halves.addLayout(right, 1)
        right.addWidget(self.map, 1)
        right.addWidget(boxed(self.count, self.remarks))
        self.layer_row = form.add("From", self.layer_box)
        self.shape_row = form.add("Outline", self.shape_box)
        self.services_row = form.add("Services", self.picker)

    def _add_terms(self) -> None:
        form = self.form
        self.terms = TermFields(form, self.session.project)
        self.radius, self.basis = self.terms.radius, self.terms.basis
        self.radius_row, self.basis_row = self.terms.rows["radius"], self.terms.rows["basis"]
        self.agreement_row = form.add("Agreement", self.agreement_box)
        form.finish()
        form.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        # Last, for Tab goes to what is put in as it is put in.
        self.body.addLayout(actions(self.draw, secondary("Cancel", self.reject)))

    def _connect(self) -> None:
        self.layer_box.currentIndexChanged.connect(lambda _: self._on_layer())
        self.shape_box.currentIndexChanged.connect(lambda _: self._on_shape())
        self.picker.changed.connect(self._check)
        self.terms.changed.connect(self._on_typed)
        self.agreement_box.currentIndexChanged.connect(lambda _: self._on_agreement())

    # What is chosen

    @property
    def layer(self) -> Layer:
        key = self.layer_box.currentData()
        return next(layer for layer in self.layers if layer.id == key)

    @property
    def rows(self) -> NDArray[np.int64]:
        """The rows that zones are drawn from."""
        return self.picker.rows

    @property
    def order(self) -> ZoneOrder:
        """What is asked for just now."""
        agreement = self.agreement_box.currentData()
        chosen = Chosen(
            self.layer, self.rows, self.picker.names, Shape(self.shape_box.currentData())
        )
        return self.terms.order(
            chosen, agreement if agreement not in (NEW_AGREEMENT, NO_AGREEMENT) else None
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
        had = self.shape_box.currentData()
        self.shape_box.blockSignals(True)
        self.shape_box.clear()
        for shape in shapes_of(self.layer):
            self.shape_box.addItem(shape.label, shape.value)
        choose(self.shape_box, had)
        self.shape_box.blockSignals(False)
        self._on_shape()

    def _on_shape(self) -> None:
        shape = Shape(self.shape_box.currentData())
        self.services_row.label.setText(_NOUNS.get(shape, "Services"))
        self.picker.set_layer(self.layer, shape)
        self._check()

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
        """Say what is wrong beside the fields, and ask for another preview.

        What is being drawn of the form as it was is not wanted any more.
        """
        self._drawing.drop()
        self.terms.offer_starts(self.order)
        order = self.order
        wrong = order.problems()
        self.terms.show_for(order)
        self.terms.set_errors(wrong, self._touched)
        self.services_row.set_error(wrong.get("services", ""))
        self.draw.setText(_verb(order))
        self.draw.setEnabled(not wrong)
        self.draw.setToolTip(next(iter(wrong.values()), ""))
        self._asked += 1
        hidden = {name: text for name, text in wrong.items() if name != "basis"}
        if hidden:
            self._later.stop()
            self._previews.drop()
            untouched = "radius" in hidden and not order.radius.strip()
            first = "Enter how far to see what it covers." if untouched else ""
            self._say(hidden.get("services") or first or next(iter(hidden.values())), [])
            self._show_places(order, ())
            return
        self._later.start()

    def _say(self, text: str, remarks: list[str]) -> None:
        self.count.setText(text)
        self.remarks.setText(" ".join(remarks))
        self.remarks.setVisible(bool(remarks))

    def _ask_preview(self) -> None:
        order, number = self.order, self._asked
        if order.shape is Shape.WALK:
            self._say("Walking along the streets …", [])

        def work(progress: Progress) -> tuple[int, Drawn, ZoneSummary]:
            progress.check()
            filled = replace(order, basis=order.basis if order.basis.strip() else _NOT_YET)
            drawn = filled.drawn((), progress)
            progress.check()
            return number, drawn, zoning.summary(drawn.zones)

        task = Task("Measuring zones", work, reads=_read_by(order))
        self._previews.ask(task, self._show_preview, self._show_failure)

    def _show_preview(self, answer: tuple[int, Drawn, ZoneSummary]) -> None:
        number, drawn, summary = answer
        if number != self._asked:
            return
        self._say(in_words(summary), drawn.remarks())
        self.draw.setText(_verb(self.order, summary.zones))
        self.draw.setEnabled(self.draw.isEnabled() and summary.zones > 0)
        self._show_places(self.order, drawn.zones)

    def _show_failure(self, error: GisappError) -> None:
        self._say(str(error), [])
        self._show_places(self.order, ())
        self.draw.setEnabled(False)

    def _show_places(self, order: ZoneOrder, zones: tuple[Zone, ...]) -> None:
        geometry = order.layer.geometry
        lon = lat = np.empty(0)
        if isinstance(geometry, Points):
            lon, lat = geometry.lon[order.rows], geometry.lat[order.rows]
        self.map.set_behind([zone.shape for zone in self.session.project.zones.values()])
        project, day = self.session.project, self.session.look.day
        agreement = project.agreements.get(order.agreement_id or "")
        standing = agreement.standing_on(day) if agreement else Standing.PROPOSED
        self.map.show_places(
            lon, lat, [zone.shape for zone in zones], "Nothing chosen yet.", zone_style(standing)
        )

    def done(self, result: int) -> None:
        """Leave; a preview or a drawing under way is not waited for."""
        self._later.stop()
        self._previews.drop()
        self._drawing.drop()
        self._asked += 1
        super().done(result)

    def _draw(self) -> None:
        """Draw them: at once where that is quick, else off this thread and then close."""
        order = self.order
        beside = self.session.project.zones if self._take is None else {}
        taken = [zone.name for zone in beside.values()]
        self._later.stop()
        self._previews.drop()
        if order.shape not in _SLOW and len(order.rows) <= _AT_ONCE:
            try:
                self._add(_made(order, taken, Progress()))
            except GisappError as error:
                self._show_failure(error)
            return
        self.draw.setEnabled(False)
        self._say("Drawing …", [])

        def work(progress: Progress) -> tuple[Drawn, str]:
            return _made(order, taken, progress)

        task = Task("Drawing zones", work, reads=_read_by(order))
        self._drawing.ask(task, self._add, self._show_failure)

    def _add(self, made: tuple[Drawn, str]) -> None:
        drawn, said = made
        if not drawn.zones:
            self._say("No zone could be drawn.", drawn.remarks())
        elif self._take is not None:
            self.zones = drawn.zones
            if self._take(drawn.zones):
                self.accept()
        elif self.session.perform(edits.add_zones(drawn.zones)):
            self.zones = drawn.zones
            self.session.tell(said, "done", "Undo", self.session.document.undo)
            self.accept()


def _made(order: ZoneOrder, taken: list[str], progress: Progress) -> tuple[Drawn, str]:
    """The zones, and what is said of them; for any thread."""
    drawn = order.drawn(taken, progress)
    if not drawn.zones:
        return drawn, ""
    said = f"Drew {in_words(zoning.summary(drawn.zones))}."
    if drawn.far or drawn.left_out:
        said = " ".join((said, *drawn.remarks()))
    return drawn, said


def _verb(order: ZoneOrder, drawn: int | None = None) -> str:
    """`Draw 6 zones`, by what was drawn for the preview or else by what is chosen."""
    together = order.shape in (Shape.STREETS, Shape.JURISDICTION)
    count = drawn if drawn is not None else 1 if together else len(order.rows)
    return "Draw 1 zone" if count == 1 else f"Draw {count:,} zones"


def _read_by(order: ZoneOrder) -> frozenset[str]:
    """The layers that an order reads; it is stopped where one of them is removed."""
    layers = (order.layer, order.premises, order.streets, *order.water)
    return frozenset(layer.id for layer in layers if layer is not None)
