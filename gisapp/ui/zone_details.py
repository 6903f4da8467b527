"""What a zone says beside its outline and terms: its effect, parts, who may see it, notes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from gisapp.layers import agreement_edits
from gisapp.layers.vocabulary import Polarity, Visibility
from gisapp.ui.agreement_sections import Section
from gisapp.ui.fields import WheelGuard, WholeField
from gisapp.ui.forms import FormDialog, actions, combo, primary, scrolled, secondary
from gisapp.ui.session import Session


class DetailsSection(Section):
    """The fields of a zone that its agreement does not have."""

    title = "Details"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.polarity = combo([(p.label, p.value) for p in Polarity])
        self.visibility = combo([(v.label, v.value) for v in Visibility])
        for name, kind, box in (
            ("polarity", Polarity, self.polarity),
            ("visibility", Visibility, self.visibility),
        ):
            WheelGuard.protect(box)
            self._enums[name] = kind
        self.put("polarity", "Effect", self.polarity, "Zones of opposite effect are kept apart.")
        self.text("service", "Service", "the service that it stands round")
        self.anchors = QPlainTextEdit()
        self.anchors.setFixedHeight(60)
        self.anchors.setTabChangesFocus(True)
        self.anchors.textChanged.connect(self._on_change)
        self.rows["anchors"] = self.add("Further services", self.anchors, "One on each line.")
        self.text("parts", "Parts of the building", "such as ground floor and yard")
        self.text(
            "basis_text",
            "Basis of the outline",
            "such as Annex A, or agreed on 6 March 2025",
            "Who settled on it, and how. A circle without it is not exported.",
        )
        self.priority = WholeField("Priority", -999, 999)
        self.put(
            "priority", "Priority", self.priority, "Where zones overlap the higher is read first."
        )
        self.put("visibility", "Who may see it", self.visibility)
        self.prose("note", "Note")
        self.finish()

    def fill(self, source: object) -> None:
        super().fill(source)
        self._anchors = tuple(getattr(source, "anchors"))  # noqa: B009 a zone
        self.anchors.setPlainText("\n".join(self._anchors))
        self._anchor_text = self.anchors.toPlainText()

    def read(self) -> dict[str, Any]:
        found = super().read()
        text = self.anchors.toPlainText()
        lines = tuple(filter(None, (line.strip() for line in text.splitlines())))
        found["anchors"] = self._anchors if text == self._anchor_text else lines
        found["priority"] = found["priority"] or 0
        return found


class ZoneDetailsDialog(FormDialog):
    """Shows the details of a zone and changes them in one step."""

    def __init__(self, session: Session, zone_id: str, parent: QWidget | None = None) -> None:
        super().__init__("Details of the zone", QSize(620, 620), parent)
        self.session = session
        self.zone_id = zone_id
        self.section = DetailsSection()
        zone = session.project.zone(zone_id)
        self.setWindowTitle(f"Details of {zone.name}")
        self.section.fill(zone)
        self.save = primary("Save details", self._save)
        self.body.addWidget(scrolled(self.section), 1)
        self.body.addLayout(actions(self.save, secondary("Cancel", self.reject)))
        self.section.changed.connect(self._check)
        self._check()

    def _check(self) -> None:
        wrong = self.section.unreadable()
        for name, row in self.section.rows.items():
            row.set_error(wrong.get(name, ""))
        self.save.setEnabled(not wrong)

    def _save(self) -> None:
        zone = replace(self.session.project.zone(self.zone_id), **self.section.read())
        edit = agreement_edits.change_zones(f"Change details of {zone.name}", (zone,))
        if self.session.perform(edit):
            self.accept()
