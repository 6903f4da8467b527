"""The form of an agreement: every term of it, checked as one types."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from gisapp.layers.agreement import Agreement, LegalBasis, Status
from gisapp.layers.vocabulary import Activity, Exemption
from gisapp.ui.agreement_rows import HoursField, PartiesField
from gisapp.ui.agreement_words import problems
from gisapp.ui.fields import DayField, TickList, TimezoneField, WheelGuard
from gisapp.ui.forms import FieldRow, Form, choose, combo

#: What the partners can say of an agreement by hand; a later version supersedes it by itself.
_STATUSES = tuple(status for status in Status if status is not Status.SUPERSEDED)


class AgreementForm(Form):
    """Shows an agreement and gives back what it was made into."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._agreement = Agreement("")
        self.rows: dict[str, FieldRow] = {}
        self._build_terms()
        self._build_details()
        self.finish()
        self._connect()

    def _build_terms(self) -> None:
        self.title = QLineEdit()
        self.title.setPlaceholderText("such as Harbour Street agreement")
        self.status = combo([(s.value.capitalize(), s.value) for s in _STATUSES])
        WheelGuard.protect(self.status)
        self.parties = PartiesField()
        self.effective, self.expires = DayField("First day"), DayField("Last day")
        self.suspended = TickList([(a.label, a.value) for a in Activity])
        self.hours = HoursField()
        self.timezone = TimezoneField()
        rows = self.rows
        self.heading("What was agreed")
        rows["title"] = self.add("Title", self.title)
        rows["status"] = self.add("Status", self.status)
        rows["effective"] = self.add("First day", self.effective)
        rows["expires"] = self.add("Last day", self.expires, "Included. Empty: until it is ended.")
        rows["suspended"] = self.add("Suspended", self.suspended, "What officers do not do there.")
        self.heading("Who and when")
        rows["parties"] = self.add("Parties", self.parties)
        rows["hours"] = self.add("Hours", self.hours, "No rows: at all hours.")
        rows["timezone"] = self.add("Time zone", self.timezone, "Days and hours are meant in it.")

    def _build_details(self) -> None:
        self.persons, self.radius_basis = QLineEdit(), QLineEdit()
        self.persons.setPlaceholderText("such as people who use services, their visitors and staff")
        self.radius_basis.setPlaceholderText("such as agreed at the meeting of 6 March 2025")
        self.units_bound, self.referral = QLineEdit(), QLineEdit()
        self.units_bound.setPlaceholderText("such as all patrol units of the district")
        self.referral.setPlaceholderText("such as Health hub, 555 0100, day and night")
        self.legal_basis = QLineEdit()
        self.exceptions = TickList([(e.label, e.value) for e in Exemption], 3)
        self.notes = QPlainTextEdit()
        self.notes.setFixedHeight(72)
        self.notes.setTabChangesFocus(True)
        rows = self.rows
        rows["persons"] = self.add("For whom", self.persons)
        rows["exceptions"] = self.add("Exceptions", self.exceptions)
        self.heading("On paper")
        rows["radius_basis"] = self.add(
            "Basis of the radius",
            self.radius_basis,
            "No radius is a standard: who settled on it, and how.",
        )
        rows["units_bound"] = self.add("Units bound", self.units_bound)
        rows["referral_contact"] = self.add("Referral contact", self.referral)
        rows["legal_basis"] = self.add("Legal basis", self.legal_basis)
        rows["notes"] = self.add("Notes", self.notes)

    def _connect(self) -> None:
        lines = (self.title, self.persons, self.radius_basis, self.units_bound)
        for line in (*lines, self.referral, self.legal_basis):
            line.textChanged.connect(self.changed)
        self.notes.textChanged.connect(self.changed)
        self.status.currentIndexChanged.connect(self.changed)
        self.timezone.currentTextChanged.connect(self.changed)
        fields = (self.parties, self.hours, self.effective, self.expires)
        for field in (*fields, self.suspended, self.exceptions):
            field.changed.connect(self.changed)

    def show_agreement(self, agreement: Agreement) -> None:
        """Fill the form; rows of parties and hours are added to an empty form."""
        self._agreement = agreement
        self.blockSignals(True)
        self.title.setText(agreement.title)
        choose(self.status, agreement.status.value)
        self.effective.set_day(agreement.effective)
        self.expires.set_day(agreement.expires)
        self.suspended.set_values([a.value for a in agreement.suspended])
        self.parties.set_parties(agreement.parties)
        self.hours.set_hours(agreement.hours)
        self.timezone.set_timezone(agreement.timezone)
        self.persons.setText(agreement.persons)
        self.exceptions.set_values([e.value for e in agreement.exceptions])
        self.radius_basis.setText(agreement.radius_basis)
        self.units_bound.setText(agreement.units_bound)
        self.referral.setText(agreement.referral_contact)
        self.legal_basis.setText(_legal_words(agreement.legal_basis))
        self.notes.setPlainText(agreement.notes)
        self.blockSignals(False)
        self.changed.emit()

    @property
    def agreement(self) -> Agreement:
        """What the form says. A field that cannot be read counts as empty (see `errors`)."""
        return replace(
            self._agreement,
            title=self.title.text().strip(),
            status=Status(self.status.currentData()),
            parties=self.parties.parties,
            effective=_day(self.effective),
            expires=_day(self.expires),
            suspended=tuple(Activity(value) for value in self.suspended.values),
            persons=self.persons.text().strip(),
            exceptions=tuple(Exemption(value) for value in self.exceptions.values),
            hours=self.hours.hours,
            timezone="UTC" if self.timezone.problem() else self.timezone.timezone,
            radius_basis=self.radius_basis.text().strip(),
            units_bound=self.units_bound.text().strip(),
            referral_contact=self.referral.text().strip(),
            legal_basis=self._legal_basis(),
            notes=self.notes.toPlainText().strip(),
        )

    def _legal_basis(self) -> tuple[LegalBasis, ...]:
        """What was there, unless it was written anew."""
        text = self.legal_basis.text().strip()
        if text == _legal_words(self._agreement.legal_basis):
            return self._agreement.legal_basis
        return (LegalBasis(text),) if text else ()

    def check(self, *, new_version: bool = False) -> dict[str, str]:
        """Say beside each field what is wrong with it, and give that back."""
        wrong = problems(self.agreement, new_version=new_version)
        unreadable = {
            "effective": self.effective.problem(),
            "expires": self.expires.problem(),
            "parties": self.parties.problem(),
            "hours": self.hours.problem(),
            "timezone": self.timezone.problem(),
        }
        wrong |= {name: text for name, text in unreadable.items() if text}
        for name, row in self.rows.items():
            row.set_error(wrong.get(name, ""))
        return wrong


def _legal_words(bases: tuple[LegalBasis, ...]) -> str:
    return "; ".join(basis.in_words() for basis in bases)


def _day(field: DayField) -> date | None:
    return None if field.problem() else field.day
