"""What a zone says beside its outline and terms: its basis, effect, span, and who may see it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from gisapp.errors import EditError
from gisapp.layers import breach_log, edits
from gisapp.layers.vocabulary import Basis, MeasuredFrom, Polarity, Visibility
from gisapp.layers.zone import Zone
from gisapp.ui.agreements.sections import NOT_SAID, Section
from gisapp.ui.session import Session
from gisapp.ui.times.moment_field import MomentField
from gisapp.ui.widgets.fields import WheelGuard, WholeField
from gisapp.ui.widgets.forms import FormDialog, actions, combo, primary, scrolled, secondary

#: What an outline can stand for whose measures are not part of it.
_DRAWN = (
    Basis.POLYGON,
    Basis.FOOTPRINT,
    Basis.PARCEL,
    Basis.STREETS,
    Basis.CORRIDOR,
    Basis.JURISDICTION,
    Basis.EVENT_SCENE,
)
_EDGES = (MeasuredFrom.BUILDING_EDGE, MeasuredFrom.PARCEL_EDGE)
_MEASURED = (Basis.CIRCLE, Basis.WALK, Basis.EVENT_SCENE)
_ALONG = (Basis.STREETS, Basis.CORRIDOR)


class Lines(QPlainTextEdit):
    """Several names, one on each line; those that were not touched come back as they were."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(60)
        self.setTabChangesFocus(True)
        self._given: tuple[str, ...] = ()
        self._shown = ""

    def set_names(self, names: tuple[str, ...]) -> None:
        self._given = names
        self.setPlainText("\n".join(names))
        self._shown = self.toPlainText()

    @property
    def names(self) -> tuple[str, ...]:
        text = self.toPlainText()
        if text == self._shown:
            return self._given
        return tuple(filter(None, (line.strip() for line in text.splitlines())))


class DetailsSection(Section):
    """The fields of a zone that its agreement does not have."""

    title = "Details"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: dict[str, Lines] = {}
        self._add_outline()
        self._add_places()
        self._add_span()
        self._add_standing()
        self.prose("note", "Note")
        self.finish()

    def _add_outline(self) -> None:
        self.basis = self._choice("basis", Basis, "Outline of", [])
        self.text(
            "basis_text",
            "Basis of the outline",
            "such as Annex A, or agreed on 6 March 2025",
            "Who settled on it, and how. A circle without it is not exported.",
        )
        self.measured_from = self._choice("measured_from", MeasuredFrom, "Measured from", [])
        self._add_lines("streets", "Streets", "The streets that are meant, one on each line.")

    def _add_places(self) -> None:
        self.text("service", "Service", "the service that it stands round")
        self.anchors = self._add_lines("anchors", "Further services", "One on each line.")
        self.text("parts", "Parts of the building", "such as ground floor and yard")

    def _add_span(self) -> None:
        self.starts, self.ends = MomentField("Starts"), MomentField("Ends")
        self.put("starts_at", "Starts", self.starts)
        self.put("ends_at", "Ends", self.ends)

    def _add_standing(self) -> None:
        self.polarity = self._choice(
            "polarity",
            Polarity,
            "Effect",
            [(p.label, p.value) for p in Polarity],
            "Zones of opposite effect are kept apart.",
        )
        self.priority = WholeField("Priority", -999, 999)
        self.put(
            "priority", "Priority", self.priority, "Where zones overlap the higher is read first."
        )
        items: list[tuple[str, object]] = [(v.label, v.value) for v in Visibility]
        self.visibility = self._choice("visibility", Visibility, "Who may see it", items)

    def _choice(
        self, name: str, kind: type, label: str, items: list[tuple[str, object]], hint: str = ""
    ) -> Any:
        box = combo(items)
        WheelGuard.protect(box)
        self._enums[name] = kind
        self.put(name, label, box, hint)
        return box

    def _add_lines(self, name: str, label: str, hint: str) -> Lines:
        lines = self._lines[name] = Lines()
        lines.textChanged.connect(self._on_change)
        self.rows[name] = self.add(label, lines, hint)
        return lines

    def show_zone(self, zone: Zone, timezone: str) -> None:
        """Offer what this zone can be and show what it is; `timezone` is that of its moments."""
        drawn = zone.basis in _DRAWN and zone.radius_m is None and zone.width_m is None
        offered = _DRAWN if drawn else (zone.basis,)
        self._offer("basis", [(one.label, one.value) for one in offered])
        # An outline that was made from an edge is not made from a point by saying so.
        edge = zone.measured_from in _EDGES
        starts = _EDGES if edge else (MeasuredFrom.POINT, MeasuredFrom.ENTRANCE)
        said: list[tuple[str, object]] = [] if edge else [(NOT_SAID, None)]
        self._offer("measured_from", [*said, *((one.label, one.value) for one in starts)])
        for field in (self.starts, self.ends):
            field.set_timezone(timezone)
        for name, lines in self._lines.items():
            lines.set_names(getattr(zone, name))
        self.rows["basis"].field.setEnabled(drawn)
        self.rows["basis"].set_hint("" if drawn else "Draw it anew to change what it is made from.")
        self.fill(zone)
        self.show_for(zone)

    def show_for(self, zone: Zone) -> None:
        """Show the rows that a zone of this basis has."""
        measured = zone.basis in _MEASURED or zone.measured_from is not None
        self.rows["measured_from"].set_visible(measured)
        along = Basis(self.basis.currentData()) in _ALONG or bool(zone.streets)
        self.rows["streets"].set_visible(along)
        scene = self.basis.currentData() == Basis.EVENT_SCENE.value
        self.rows["starts_at"].set_hint(
            "The moment of the event."
            if scene
            else "Only where the zone holds for a set time, such as a festival."
        )

    def _offer(self, name: str, items: list[tuple[str, object]]) -> None:
        box: Any = self.fields[name]
        blocked = box.blockSignals(True)
        box.clear()
        for text, value in items:
            box.addItem(text, value)
        box.blockSignals(blocked)

    def read(self) -> dict[str, Any]:
        found = super().read()
        found |= {name: lines.names for name, lines in self._lines.items()}
        found["priority"] = found["priority"] or 0
        return found

    def problems(self) -> dict[str, str]:
        """What is wrong, by the name of the field."""
        wrong = self.unreadable()
        said = self.read()
        starts, ends = said["starts_at"], said["ends_at"]
        if said["basis"] is Basis.EVENT_SCENE:
            if starts is None:
                wrong.setdefault("starts_at", "A scene starts with its event: say when that was.")
            if ends is None:
                wrong.setdefault("ends_at", "A scene ends after a set time: say when.")
        if starts is not None and ends is not None and not starts < ends:
            wrong.setdefault("ends_at", "The end must come after the start.")
        return wrong


class ZoneDetailsDialog(FormDialog):
    """Shows the details of a zone and changes them in one step."""

    def __init__(self, session: Session, zone_id: str, parent: QWidget | None = None) -> None:
        super().__init__("Details of the zone", QSize(620, 700), parent)
        self.session = session
        self.zone_id = zone_id
        self.section = DetailsSection()
        zone = session.project.zone(zone_id)
        self.setWindowTitle(f"Details of {zone.name}")
        self.section.show_zone(zone, breach_log.timezone_of(session.project, zone))
        self.save = primary("Save details", self._save)
        self.body.addWidget(scrolled(self.section), 1)
        self.body.addLayout(actions(self.save, secondary("Cancel", self.reject)))
        self.section.changed.connect(self._check)
        self._check()

    @property
    def zone(self) -> Zone:
        """The zone as it would be; EditError for what no zone can be."""
        return replace(self.session.project.zone(self.zone_id), **self.section.read())

    def _check(self) -> None:
        self.section.show_for(self.session.project.zone(self.zone_id))
        wrong = self.section.problems()
        if not wrong:
            try:
                self.zone  # noqa: B018 asked for what it raises
            except EditError as error:
                wrong = {"basis": str(error)}
        for name, row in self.section.rows.items():
            row.set_error(wrong.get(name, ""))
        self.save.setEnabled(not wrong)
        self.save.setToolTip(next(iter(wrong.values()), ""))

    def _save(self) -> None:
        zone = self.zone
        edit = edits.change_zones(f"Change details of {zone.name}", (zone,))
        if self.session.perform(edit):
            self.accept()
