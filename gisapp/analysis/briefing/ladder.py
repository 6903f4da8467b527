"""What officers do instead: the response ladder, help at an overdose, whom to refer to."""

from __future__ import annotations

from collections.abc import Sequence

from gisapp.analysis.briefing import words
from gisapp.analysis.briefing.help import Offer
from gisapp.analysis.briefing.parts import Block, Blocks, Heading, Items, Words
from gisapp.analysis.briefing.shift import Shift, spells_in_words
from gisapp.analysis.briefing.unfit import Unfit
from gisapp.layers.agreement import Agreement
from gisapp.layers.vocabulary import ServiceType

#: Responsive regulation: support first, sanction last. Agreements have no ladder of their own in
#: their record, so this one is general and says so.
LADDER = (
    "Talk. Ask if everybody is safe. Listen.",
    "Help. Offer a service, or call the contact named here.",
    "Ask calmly to stop what disturbs others.",
    "Warn, but only in the cases listed as exceptions.",
    "Enforce last, only in those cases. Tell a supervisor and record why.",
)
#: So many steps have nothing to do with enforcement.
_GENTLE = 3
LADDER_NOTE = "The steps are general: the agreements set none of their own."

#: Kinds that tell an officer more than the name of a service and what is said of it.
_SAID = frozenset(ServiceType) - {ServiceType.OTHER, ServiceType.NALOXONE}

OVERDOSE = "Call an ambulance. Give naloxone. Stay until help comes. Thank whoever called."


def ladder(rules: Sequence[Agreement]) -> Blocks:
    """The steps, the gentlest first; LADDER_NOTE is to be said of them.

    Where no agreement binds officers there are no exceptions, and nothing is said of enforcement.
    """
    return (Items(LADDER if rules else LADDER[:_GENTLE], ordered=True),)


def at_an_overdose(scenes: Sequence[Agreement]) -> Blocks:
    """Help first; then what agreements in force say of the scene, wherever it is."""
    blocks: list[Block] = [Words(OVERDOSE, strong=True)]
    for terms in scenes:
        acts = words.not_done(terms)
        if acts:
            blocks.append(Words("At the scene of an overdose, wherever it is, do not:", True))
            blocks.append(Items(acts, crossed=True))
        whom = f"Who is protected: {' '.join(words.persons(terms))}"
        said = (words.also_not_done(terms), *words.offences(terms), whom)
        blocks += [Words(one) for one in said if one]
        if words.exceptions(terms):
            blocks.append(Words(words.excepted(terms, "Act")))
    if not scenes:
        blocks.append(
            Words(
                "No agreement covers the scene: ask a supervisor before you charge anybody there "
                "with possession."
            )
        )
    return tuple(blocks)


def contacts(rules: Sequence[Agreement]) -> tuple[str, ...]:
    """Whom to refer people to, each once; says so where nobody is named."""
    return _named(rules) or ("No contact for referrals is recorded: ask a supervisor.",)


def instead_of_services(rules: Sequence[Agreement], why: str, whom: str) -> Words:
    """Why no service is listed, and whom to turn to where one of these agreements names anybody."""
    return Words(f"{why}: use {whom}." if _named(rules) else f"{why}.")


def _named(rules: Sequence[Agreement]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words.contact(terms) for terms in rules if words.contact(terms)))


def service_in_words(one: Offer, shift: Shift) -> str:
    """`Harbour House (drop-in centre), 12 Dock Street: open 10:00–20:00. 01632 960152.`."""
    called = one.service.name.casefold()
    kinds = words.listed(
        [kind.value for kind in one.service.kinds if kind in _SAID and kind.value not in called]
    )
    name = f"{one.service.name} ({kinds})" if kinds else one.service.name
    head = ", ".join(filter(None, (name, one.service.address)))
    contact = one.service.contact
    reach = f" {words.sentence(telephone(contact))}" if contact else ""
    return f"{head}: {open_in_words(one, shift)}.{reach}"


def telephone(contact: str) -> str:
    """A contact as one reads it on the street: without mail addresses where a number is there."""
    parts = [part.strip() for part in contact.split(",")]
    kept = [part for part in parts if "@" not in part and "://" not in part]
    return ", ".join(kept) if any(sum(c.isdigit() for c in part) > 4 for part in kept) else contact


def open_in_words(one: Offer, shift: Shift) -> str:
    """When a service is open in a shift: `open 10:00–18:00`, `closed`, `hours not known: …`."""
    if one.open is None:
        hours = one.service.hours
        said = f" (its list says “{hours}”)" if hours else ""
        return f"hours not known{said}, call before you send anybody"
    if not one.open:
        return "closed during this shift"
    when = spells_in_words(one.open, shift)
    return f"open {when[0].lower() + when[1:] if when[0].isalpha() else when}"


def offered(
    services: Sequence[Offer], shift: Shift, most: int, rules: Sequence[Agreement]
) -> Blocks:
    """Services that are open, or may be, the nearest first; says so where there is none."""
    named = _named_services(services, most)
    if not named:
        why = "No other service is open then" if services else "There is no list of services"
        return (instead_of_services(rules, why, "the contact for referrals"),)
    return (Items(tuple(service_in_words(one, shift) for one in named)),)


def not_listed(services: Sequence[Offer], most: int) -> str:
    """`9 more are not listed`; empty where all or none of them are."""
    named = _named_services(services, most)
    rest = len(services) - len(named)
    if not named or not rest:
        return ""
    return f"{rest:,} more {'is' if rest == 1 else 'are'} not listed"


def _named_services(services: Sequence[Offer], most: int) -> list[Offer]:
    """The first that are open; where none is surely open, those that may be."""
    there = [one for one in services if one.open is None or one.open]
    return ([one for one in there if one.open] or there)[:most]


def naloxone(nearest: Offer | None, shift: Shift) -> Blocks:
    """Where naloxone is to be had."""
    if nearest is None:
        return (
            Words("Naloxone: no place that gives it out is recorded. Ask the health department."),
        )
    return (Words(f"Naloxone: {service_in_words(nearest, shift)}"),)


def left_out(zones: Sequence[Unfit]) -> tuple[str, ...]:
    """Zones in force that no paper may state: each by name, and why."""
    return tuple(f"{one.name}: {one.why}. Ask a supervisor before you act there." for one in zones)


def section(title: str, blocks: Blocks, level: int = 1) -> Blocks:
    return (Heading(title, level), *blocks)
