"""An agreement in which every term is filled in: what a form must not lose a word of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

from gisapp.layers.agreement import (
    Agreement,
    Attachment,
    Hours,
    LegalBasis,
    Liaison,
    Party,
    Status,
    StatusChange,
)
from gisapp.layers.schedule import Calendar, OnHolidays, SpecialDay
from gisapp.layers.terms import Offence, Threshold
from gisapp.layers.vocabulary import (
    Activity,
    Exemption,
    Formality,
    PartyRole,
    Seized,
    Transit,
    Visibility,
)
from tests.ui import made

_PARTIES = (
    "Police of Harbour City",
    "Prosecutor of Harbour City",
    "Health department",
    "City council",
    "Needle and syringe programme",
    "Residents' council",
)


def full() -> Agreement:
    """Six parties, every list with two rows or more, nothing left empty."""
    return replace(
        _with_terms(made.agreement()),
        id="f" * 32,
        title="Harbour Street and Mill Lane agreement on safer services",
        status=Status.IN_FORCE,
        parties=tuple(
            Party(name, role, "Head of the office", date(2024, 12, 1 + at))
            for at, (name, role) in enumerate(zip(_PARTIES, PartyRole, strict=True))
        ),
        formality=Formality.FORMAL_WRITTEN,
        legal_basis=(
            LegalBasis(
                "Harm Reduction Act", "Harbour State", "section 5(2)", "https://law.example"
            ),
            LegalBasis("Chief's order 12-3", "Harbour City"),
        ),
        liaison=(
            Liaison("Police of Harbour City", "Duty officer", "555 0199", "day and night"),
            Liaison("Needle and syringe programme", "Shift lead", "mail of the office", ""),
        ),
        documents=(
            Attachment("Signed agreement", "a" * 64, "agreement-2024.pdf", False),
            Attachment("Press release", "b" * 64, "press.pdf", True),
        ),
        review_every_months=6,
        next_review=date(2025, 6, 1),
        evaluation_design="Stops and visits by month,\n12 months before and after.",
        notice="All parties by mail at least 14 days before.",
        visibility=Visibility.PARTNERS,
        notes="Copy in the town hall. ",
        history=(
            StatusChange(date(2024, 12, 10), Status.DRAFT, Status.AGREED, "Partnership meeting"),
            StatusChange(date(2025, 1, 1), Status.AGREED, Status.IN_FORCE, "Chief of police", "so"),
        ),
    )


def _with_terms(agreement: Agreement) -> Agreement:
    return replace(
        agreement,
        suspended=(Activity.SURVEILLANCE, Activity.DRUG_SEARCH, Activity.URINE_OR_ORAL_TEST),
        suspended_other="waiting in cars opposite the door",
        offences=(
            Offence("Possession, section 5(2)"),
            Offence("Supply, section 4(3)", False),
            Offence("Paraphernalia"),
        ),
        thresholds=(Threshold("all substances", 2.5, "g", True), Threshold("cannabis", 28)),
        min_age=18,
        dependence_required=True,
        registered_clients_only=True,
        staff_and_peers_covered=True,
        covers_transit=Transit.DISCRETION,
        exceptions=(Exemption.WARRANTS, Exemption.VIOLENCE),
        exceptions_other="orders of a court",
        units_bound="all patrol units of district 2",
        units_not_bound="drug squad",
        if_seized=Seized.NEVER_RETURNED,
        recording="a note in the shift log",
        referral_contact="Health hub, 555 0100, day and night",
        hours=(Hours((0, 1, 2, 3, 4), time(8), time(20)), Hours((4, 5), time(20), time(4))),
        calendar=Calendar(
            "FREQ=MONTHLY;BYDAY=2TU,4TU",
            (
                SpecialDay(date(2025, 12, 24)),
                SpecialDay(date(2025, 12, 31), time(10), time(2)),
            ),
            "US-OH",
            OnHolidays.AS_SUNDAY,
            True,
        ),
    )
