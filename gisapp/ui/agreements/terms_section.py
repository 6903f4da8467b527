"""The section of an agreement's form on what is suspended, for whom, and with what exceptions."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QWidget

from gisapp.layers.vocabulary import Activity, Exemption, Seized, Transit
from gisapp.ui.agreements.sections import Section
from gisapp.ui.agreements.term_rows import OffencesField, ThresholdsField
from gisapp.ui.widgets.fields import WholeField
from gisapp.ui.widgets.forms import beside, say


class TermsSection(Section):
    """What officers do not do, to whom, and what happens all the same."""

    title = "What is suspended, and for whom"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._build_activities()
        self.put_off(self._build_persons, self._build_exceptions, self._build_officers)

    def _build_activities(self) -> None:
        self.suspended = self.ticks(
            "suspended",
            "Suspended",
            Activity,
            [(a.label, a.value) for a in Activity],
            "What officers do not do there; nothing where the paper suspends nothing.",
        )
        self.text("suspended_other", "Also suspended", "in the words of the paper")
        self.offences = OffencesField()
        self.put(
            "offences", "Offences", self.offences, "Which ones it reaches. Supply is always said."
        )
        self.thresholds = ThresholdsField()
        self.put(
            "thresholds",
            "Amounts",
            self.thresholds,
            "Up to how much counts as personal. No rows: the paper names no amount.",
        )

    def _build_persons(self) -> None:
        self.heading("For whom")
        self.persons = self.text(
            "persons", "People", "such as people who use services, their visitors and staff"
        )
        self.min_age = WholeField("Least age", 1, 120)
        self.put(
            "min_age",
            "Least age",
            beside(self.min_age, say("years", "hint")),
            "Empty: the paper names none.",
        )
        self.know("min_age", self.min_age)
        for name, words in (
            ("registered_clients_only", "Registered clients only"),
            ("dependence_required", "Only people who depend on a substance"),
            ("staff_and_peers_covered", "Staff and peer workers are covered too"),
        ):
            box = QCheckBox(words)
            self.put(name, "Conditions" if name == "registered_clients_only" else "", box)
        self.choice(
            "covers_transit",
            "On the way",
            Transit,
            [(t.label, t.value) for t in Transit],
            "Whether people on their way to or from the service are covered.",
        )

    def _build_exceptions(self) -> None:
        self.heading("Except")
        exceptions = [(e.label, e.value) for e in Exemption]
        self.exceptions = self.ticks("exceptions", "Exceptions", Exemption, exceptions, "", 3)
        self.text("exceptions_other", "Other exceptions", "in the words of the paper")

    def _build_officers(self) -> None:
        self.heading("Officers")
        self.units_bound = self.text(
            "units_bound", "Units bound", "such as all patrol units of the district"
        )
        self.text("units_not_bound", "Units not bound", "such as the drug squad")
        self.choice(
            "if_seized",
            "If taken away",
            Seized,
            [(s.label, s.value) for s in Seized],
            "What becomes of drugs or equipment that were taken all the same.",
        )
        self.text("recording", "Recording", "what officers write down instead, or must not")
        self.referral = self.text(
            "referral_contact", "Referral contact", "such as Health hub, 555 0100, day and night"
        )
