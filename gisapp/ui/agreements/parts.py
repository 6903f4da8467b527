"""Sections of an agreement's form that it has for itself: what it is, who, review, papers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QWidget

from gisapp.errors import EditError
from gisapp.layers import lifecycle
from gisapp.layers.agreement import Agreement, Status
from gisapp.layers.vocabulary import Formality, Visibility
from gisapp.ui.agreements.documents import DocumentsField
from gisapp.ui.agreements.past import PastField
from gisapp.ui.agreements.rows import LiaisonField, PartiesField
from gisapp.ui.agreements.sections import Section
from gisapp.ui.agreements.term_rows import LegalBasisField
from gisapp.ui.session import Session
from gisapp.ui.widgets.fields import DayField, WheelGuard, WholeField
from gisapp.ui.widgets.forms import beside, choose, combo, say

#: What the partners can say of an agreement by hand; a later version supersedes it by itself.
_STATUSES = tuple(status for status in Status if status is not Status.SUPERSEDED)


SIGNED_HINT = "It is signed once each of them has the day of its signature. Offices, not people."


class WhatSection(Section):
    """What it is and what it rests on. How it stands is asked only where it is new here."""

    title = "What it is and what it rests on"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = self.text("title", "Title", "such as Harbour Street agreement")
        self.choice(
            "formality", "Kind of paper", Formality, [(f.label, f.value) for f in Formality]
        )
        self.status = combo([(s.value.capitalize(), s.value) for s in _STATUSES])
        WheelGuard.protect(self.status)
        self.past = PastField()
        self.said = say("")
        self.said.setAccessibleName("Status")
        self.rows["status"] = self.add(
            "Status", self.status, "As it stands today. Dates and signatures say the rest."
        )
        self.rows["history"] = self.add(
            "Past steps", self.past, "If they are known, oldest first; the status follows them."
        )
        self._said_row = self.add("Status", self.said)
        self._agreement = Agreement("")
        self.is_new = True
        self.legal_basis = LegalBasisField()
        self.put(
            "legal_basis", "Legal basis", self.legal_basis, "Laws, orders or policies it rests on."
        )
        self.radius_basis = self.text(
            "radius_basis",
            "Basis of the radius",
            "such as agreed at the meeting of 6 March 2025",
            "No radius is a standard: who settled on it, and how.",
        )
        self.status.currentIndexChanged.connect(self._on_change)
        self.past.changed.connect(self._on_past)

    def set_new(self, is_new: bool) -> None:
        """Whether it enters the project now: one that is here already moves by its steps."""
        self.is_new = is_new
        for name in ("status", "history"):
            self.rows[name].set_visible(is_new)
        self._said_row.set_visible(not is_new)
        self._said_row.set_hint("" if is_new else "It changes by the steps of its life, not here.")
        self._on_past()

    def fill(self, source: object) -> None:
        super().fill(source)
        assert isinstance(source, Agreement)
        self._agreement = source
        self.said.setText(source.status.value.capitalize())
        choose(self.status, source.status.value)

    def _on_past(self) -> None:
        """The status follows the last of the past steps."""
        steps = self.past.values
        if steps:
            choose(self.status, steps[-1].became.value)
        self.status.setEnabled(not steps)
        self.changed.emit()

    def read(self) -> dict[str, Any]:
        found = super().read()
        if not self.is_new:
            return found
        draft = replace(self._agreement, status=Status.DRAFT, history=())
        try:
            start = lifecycle.lived(draft, self.past.values)
        except EditError:
            start = draft  # said beside the steps
        status = start.status if start.history else Status(self.status.currentData())
        return {**found, "status": status, "history": start.history}

    def unreadable(self) -> dict[str, str]:
        found = super().unreadable()
        wrong = self.past.problem() if self.is_new else ""
        return {**found, "history": wrong} if wrong else found


class WhoSection(Section):
    """Who agreed, and whom to call."""

    title = "Who"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.parties = PartiesField()
        self.liaison = LiaisonField()
        self.put(
            "parties",
            "Parties",
            self.parties,
            SIGNED_HINT,
        )
        self.put(
            "liaison",
            "Whom to call",
            self.liaison,
            "Offices that officers and services reach; no person's own number.",
        )


class ReviewSection(Section):
    """When it is looked at again, and who is told of changes."""

    title = "Review and notice"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.every = WholeField("Months between reviews", 1, 240)
        self.put("review_every_months", "Review every", beside(self.every, say("months", "hint")))
        self.know("review_every_months", self.every)
        self.next = DayField("Next review")
        self.put("next_review", "Next review", self.next, "Gisapp reminds of it when it is due.")
        self.prose(
            "evaluation_design",
            "Evaluation",
            "such as stops and visits by month, 12 months before and after, two sites to compare",
        )
        self.prose("notice", "Notice", "who is told, by when, if it is suspended or ended")


class PapersSection(Section):
    """Documents, who may see the agreement, and notes."""

    title = "Papers"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.documents = DocumentsField(session)
        self.put(
            "documents",
            "Documents",
            self.documents,
            "Files stay where they are; they are known again by their content (SHA-256).",
        )
        self.visibility = combo([(v.label, v.value) for v in Visibility])
        WheelGuard.protect(self.visibility)
        self._enums["visibility"] = Visibility
        self.put(
            "visibility",
            "Who may see it",
            self.visibility,
            "An agreement that is informal may be harmed when it is published.",
        )
        self.notes = self.prose("notes", "Notes")
