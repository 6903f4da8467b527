"""What officers do instead: the response ladder, help at an overdose, whom to refer to."""

from __future__ import annotations

from collections.abc import Sequence

from gisapp.analysis import briefing_words as words
from gisapp.analysis.briefing_help import Service
from gisapp.analysis.briefing_parts import Block, Blocks, Heading, Items, Words
from gisapp.analysis.briefing_shift import Shift, spells_in_words
from gisapp.layers.agreement import Agreement

#: Responsive regulation: support first, sanction last. Agreements have no ladder of their own in
#: their record, so this one is general and says so.
LADDER = (
    "Talk. Is everybody safe? Listen.",
    "Help. Offer a service or call the contact named here.",
    "Ask calmly for what disturbs others to stop.",
    "Warn, and only of what is excepted.",
    "Enforce last, only what is excepted. Tell a supervisor and record why.",
)
LADDER_NOTE = "These steps are general: the agreements set none of their own."

OVERDOSE = ("Ambulance first. Give naloxone. Stay until help is there.", "Thank whoever called.")


def ladder() -> Blocks:
    """The steps, the gentlest first, and that they are general."""
    return (Items(LADDER, ordered=True), Words(LADDER_NOTE))


def at_an_overdose(scenes: Sequence[Agreement]) -> Blocks:
    """Help first; then what agreements in force say of the scene, wherever it is."""
    blocks: list[Block] = [Items(OVERDOSE)]
    for terms in scenes:
        acts = words.not_done(terms)
        if acts:
            blocks.append(Words("At the scene of an overdose, wherever it is, do not:", True))
            blocks.append(Items(acts, crossed=True))
        said = (words.also_not_done(terms), *words.offences(terms), *words.persons(terms))
        blocks += [Words(one) for one in said if one]
        if words.exceptions(terms):
            blocks.append(Words(words.excepted(terms, "Act")))
    if not scenes:
        blocks.append(
            Words(
                "No agreement in force speaks of such scenes: the law holds. Ask a supervisor "
                "before any charge for possession."
            )
        )
    return tuple(blocks)


def contacts(rules: Sequence[Agreement]) -> tuple[str, ...]:
    """Whom to refer people to, each once; says so where nobody is named."""
    found = tuple(dict.fromkeys(words.contact(terms) for terms in rules if words.contact(terms)))
    return found or ("No referral contact is recorded: ask the parties to name one.",)


def service_in_words(one: Service, shift: Shift) -> str:
    """`Harbour House (drop-in centre), 12 Dock Street: open until 20:00. 01632 960152`."""
    head = ", ".join(filter(None, (f"{one.name} ({one.kind.value})", one.address)))
    reach = f" {words.sentence(telephone(one.contact))}" if one.contact else ""
    return f"{head}: {open_in_words(one, shift)}.{reach}"


def telephone(contact: str) -> str:
    """A contact as one reads it on the street: without mail addresses where a number is there."""
    parts = [part.strip() for part in contact.split(",")]
    kept = [part for part in parts if "@" not in part and "://" not in part]
    return ", ".join(kept) if any(sum(c.isdigit() for c in part) > 4 for part in kept) else contact


def open_in_words(one: Service, shift: Shift) -> str:
    """When a service is open in a shift: `open 10:00–18:00`, `closed`, `hours not known: …`."""
    if one.open is None:
        said = f" (its list says “{one.hours_text}”)" if one.hours_text else ""
        return f"hours not known{said}, ask before you send anybody"
    if not one.open:
        return "closed during this shift"
    when = spells_in_words(one.open, shift)
    return f"open {when[0].lower() + when[1:] if when[0].isalpha() else when}"


def offered(services: Sequence[Service], shift: Shift, most: int) -> Blocks:
    """Services that are open, or may be, the nearest first; says so where there is none."""
    there = [one for one in services if one.open is None or one.open]
    sure = [one for one in there if one.open] or there
    if not sure:
        why = "No other service is open then" if services else "No list of services is at hand"
        return (Words(f"{why}: use the referral contact."),)
    return (Items(tuple(service_in_words(one, shift) for one in sure[:most])),)


def naloxone(nearest: Service | None, shift: Shift) -> Blocks:
    """Where naloxone is to be had."""
    if nearest is None:
        return (
            Words("Naloxone: no place that gives it out is recorded. Ask the health department."),
        )
    return (Words(f"Naloxone: {service_in_words(nearest, shift)}"),)


def section(title: str, blocks: Blocks, level: int = 1) -> Blocks:
    return (Heading(title, level), *blocks)
