"""The inspector's page of an agreement: all its terms, its life, and what can be done next."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from gisapp.layers.agreement import Agreement, Standing, day_in_words
from gisapp.layers.audience import Audience, sees_zone
from gisapp.layers.holding import Span
from gisapp.layers.terms import Terms, Threshold
from gisapp.layers.vocabulary import Visibility
from gisapp.ui import theme
from gisapp.ui.agreements.versions_strip import (
    VersionsStrip,
    agreement_history,
    days_in_words,
    version_on,
)
from gisapp.ui.agreements.words import next_steps, step_in_words, verb
from gisapp.ui.commands import Commands
from gisapp.ui.inspector.parts import Page
from gisapp.ui.inspector.parts import Standing as StandingCard
from gisapp.ui.session import Session

_PICTURES = {
    Standing.IN_FORCE: ("done", "done"),
    Standing.AGREED: ("time", "done"),
    Standing.UNSIGNED: ("warning", "warning"),
    Standing.DRAFT: ("edit", "info"),
    Standing.PROPOSED: ("edit", "info"),
}

#: More spans than these are read on the strip alone.
_MOST_SPANS = 8

#: What a step of the life looks like on its button.
_ICONS = {
    "draft": "edit",
    "agreed": "agreement",
    "in force": "done",
    "suspended": "pause",
    "expired": "day",
    "withdrawn": "cancel",
}


def agreement_words(agreement: Agreement, standing: Standing) -> str:
    """One sentence on an agreement's dates and signatures."""
    if standing is Standing.IN_FORCE:
        return (
            f"until {day_in_words(agreement.expires)}" if agreement.expires else "with no end date"
        )
    if standing is Standing.AGREED:
        if agreement.effective is None:
            return "No start date yet."
        return f"starts on {day_in_words(agreement.effective)}"
    if standing is Standing.UNSIGNED:
        missing = [p.organisation for p in agreement.parties if p.signed_on is None]
        if missing:
            return "Still to sign: " + ", ".join(missing)
        signed = [p.signed_on for p in agreement.parties if p.signed_on is not None]
        return (
            f"all signed by {day_in_words(max(signed))}" if signed else "No parties are named yet."
        )
    if standing is Standing.EXPIRED and agreement.expires is not None:
        return f"ended after {day_in_words(agreement.expires)}"
    steps = [step.on for step in agreement.history if step.became.value == standing.value]
    if standing in (Standing.SUSPENDED, Standing.WITHDRAWN) and steps:
        return f"since {day_in_words(steps[-1])}"
    return agreement.validity_in_words()


def _card_words(newest: Agreement, speaking: Agreement, standing: Standing) -> str:
    """Its dates; and which version it is where that is not the newest."""
    words = agreement_words(speaking, standing)
    former = f"version {speaking.version}, " if speaking.version != newest.version else ""
    return f"{former}{words}"


def standing_card(standing: Standing, detail: str) -> StandingCard:
    picture, color = _PICTURES.get(standing, ("cancel", "muted"))
    return StandingCard(standing.label, picture, getattr(theme.current(), color), detail)


def term_facts(terms: Terms | Agreement) -> list[tuple[str, str]]:
    """Every term by its name, in the words of the form; those that say nothing are empty."""
    offences = [
        f"{o.reference}: {'covered' if o.included else 'not covered'}" for o in terms.offences
    ]
    conditions = (
        (f"{terms.min_age} years or older" if terms.min_age is not None else ""),
        ("registered clients only" if terms.registered_clients_only else ""),
        ("only people who depend on a substance" if terms.dependence_required else ""),
        ("staff and peer workers too" if terms.staff_and_peers_covered else ""),
    )
    suspended = (*(a.label for a in terms.suspended), terms.suspended_other)
    exceptions = (*(e.label for e in terms.exceptions), terms.exceptions_other)
    return [
        ("Suspended", ", ".join(filter(None, suspended))),
        ("Offences", "\n".join(offences)),
        ("Amounts", "\n".join(_amount(one) for one in terms.thresholds)),
        ("For", terms.persons),
        ("Conditions", ", ".join(filter(None, conditions))),
        ("On the way", terms.covers_transit.label if terms.covers_transit else ""),
        ("Except", ", ".join(filter(None, exceptions))),
        ("Units bound", terms.units_bound),
        ("Units not bound", terms.units_not_bound),
        ("If taken away", terms.if_seized.label if terms.if_seized else ""),
        ("Recording", terms.recording),
        ("Refer to", terms.referral_contact),
    ]


def _amount(threshold: Threshold) -> str:
    together = ", all together" if threshold.cumulative else ""
    return f"{threshold.substance}: up to {threshold.amount:.12g} {threshold.unit}{together}"


def add_history(
    page: Page, session: Session, spans: Sequence[Span], what: str, *, listed: bool = True
) -> None:
    """The time line of an agreement or zone; choosing a day on it sets that of the map.

    Where it is `listed` the spans stand below in words.
    """
    if not spans:
        return
    page.section("Over time")
    strip = VersionsStrip(spans, session.look.day, what)
    strip.day_chosen.connect(lambda day: session.set_look(day=day))
    page.add(strip)
    if listed:
        page.facts((_stands(span), days_in_words(span)) for span in spans[:_MOST_SPANS])


def _stands(span: Span) -> str:
    version = f" ({span.version.version})" if span.version.version > 1 else ""
    return f"{span.standing.label}{version}"


def agreement_page(
    place: QWidget, session: Session, commands: Commands, agreement: Agreement
) -> Page:
    """One agreement in full, with its zones."""
    project, page = session.project, Page(place)
    if not sees_zone(agreement.visibility, session.look.audience, exported=False):
        page.title("Agreement")
        page.add(StandingCard("Not for this audience", "restricted", theme.current().muted))
        page.end()
        return page
    page.title(agreement.title, f"Agreement, version {agreement.version}")
    speaking = version_on(project, agreement, session.look.day)
    standing = speaking.standing_on(session.look.day)
    page.add(standing_card(standing, _card_words(agreement, speaking, standing)))
    keys = tuple(z.id for z in project.zones.values() if z.agreement_id == agreement.id)
    page.buttons(
        ("edit", "Change…", lambda: commands.edit_agreement(agreement)),
        ("zone", f"Zones ({len(keys):,})", lambda: commands.select_zones(keys, zoom=True)),
        ("delete", "Remove", lambda: commands.remove_agreement(agreement.id)),
    )
    _add_steps(page, commands, agreement)
    add_history(page, session, agreement_history(project, agreement), "the agreement")
    page.section("What was agreed")
    page.facts(term_facts(agreement))
    page.section("When")
    page.facts([("Valid", agreement.validity_in_words()), ("Hours", agreement.hours_in_words())])
    _add_who(page, agreement)
    _add_papers(page, agreement, open_to_all=session.look.audience is Audience.PUBLIC)
    former = [old for old in project.former if old.id == agreement.id]
    if former:
        page.section("Former versions")
        page.facts((f"Version {old.version}", old.validity_in_words()) for old in former)
    page.end()
    return page


def _add_steps(page: Page, commands: Commands, agreement: Agreement) -> None:
    """What may follow now, and what has been."""
    page.section("Life")
    page.facts([("Status", agreement.status.value.capitalize())])
    steps = next_steps(agreement)
    if steps:
        page.buttons(
            *(
                (
                    _ICONS[to.value],
                    f"{verb(agreement.status, to)}…",
                    lambda to=to: commands.take_step(agreement.id, to),
                )
                for to in steps
            )
        )
    page.facts(
        (day_in_words(step.on), step_in_words(step).split(": ", 1)[1])
        for step in reversed(agreement.history)
    )


def _add_who(page: Page, agreement: Agreement) -> None:
    page.section("Who")
    signed = [
        f"{p.organisation} ({p.role.label.lower()}): "
        + (f"signed {day_in_words(p.signed_on)}" if p.signed_on else "not signed")
        for p in agreement.parties
    ]
    called = [
        ", ".join(filter(None, (one.organisation, one.role, one.channel, one.hours)))
        for one in agreement.liaison
    ]
    page.facts([("Signatures", "\n".join(signed)), ("Whom to call", "\n".join(called))])


def _add_papers(page: Page, agreement: Agreement, *, open_to_all: bool) -> None:
    """What is on paper; documents that are not public are not named where everybody looks."""
    page.section("On paper")
    every = agreement.review_every_months
    documents = [
        f"{one.title} ({'public' if one.public else 'not public'})"
        for one in agreement.documents
        if one.public or not open_to_all
    ]
    everybody = agreement.visibility is Visibility.PUBLIC
    page.facts(
        [
            ("Kind", agreement.formality.label if agreement.formality else ""),
            ("Legal basis", "\n".join(basis.in_words() for basis in agreement.legal_basis)),
            ("Radius", agreement.radius_basis),
            ("Reviewed every", f"{every} months" if every else ""),
            ("Next review", day_in_words(agreement.next_review) if agreement.next_review else ""),
            ("Evaluation", agreement.evaluation_design),
            ("Notice", agreement.notice),
            ("Documents", "\n".join(documents)),
            ("Who may see it", "" if everybody else agreement.visibility.label),
            ("Notes", agreement.notes),
        ]
    )
