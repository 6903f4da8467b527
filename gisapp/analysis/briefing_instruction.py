"""The operational instruction: what a chief signs, made from the agreements in force.

After the practice of a written order from above (Instruction 417, Ministry of Interior of the
Kyrgyz Republic, 2009; Health and Human Rights 14/2): scope, legal basis, areas, what is
suspended and for whom, exceptions, what to do instead, recording, and whom to call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

import numpy as np

from gisapp.analysis import briefing_words as words
from gisapp.analysis.briefing import Line, Rule
from gisapp.analysis.briefing_ladder import (
    LADDER_NOTE,
    at_an_overdose,
    contacts,
    instead_of_services,
    ladder,
    left_out,
    section,
)
from gisapp.analysis.briefing_near import metres_to_zones
from gisapp.analysis.briefing_order import Order
from gisapp.analysis.briefing_parts import (
    Block,
    Blocks,
    Box,
    Grid,
    Heading,
    Items,
    Paper,
    Picture,
    Signing,
    Words,
    foot_of,
    without_sites,
)
from gisapp.analysis.help_near import NALOXONE
from gisapp.analysis.service_list import Service, services_of
from gisapp.layers import geodesy
from gisapp.layers.agreement import Agreement, Liaison, day_in_words
from gisapp.layers.reviews import next_review
from gisapp.layers.vocabulary import Basis, PartyRole, Polarity, Visibility
from gisapp.layers.zone import Zone

#: More services than this are named by the list of services, not by the instruction.
_MOST_SERVICES = 30
_MOST_NALOXONE = 8
_SERVICE = ("Service", "Kind", "Open", "Contact")
#: Letters of a line in a table beyond which a column grows no wider, and those its edges take.
_LONG, _EDGE = 34, 6

_EFFECT = {
    Polarity.NO_ENFORCEMENT: "",
    Polarity.EXCLUSION: "the protection does not apply here",
    Polarity.ENHANCED_PENALTY: "penalties may be higher here",
    Polarity.SERVICE_PROHIBITED: "no service may stand here; nothing changes for officers",
    Polarity.EVALUATION_ONLY: "for evaluation only; nothing changes for officers",
}
_BASES = {
    Basis.FOOTPRINT: "the premises only, nothing round them",
    Basis.PARCEL: "the piece of land, nothing round it",
    Basis.JURISDICTION: "everywhere",
}


def instruction(order: Order, made_on: date) -> Paper:
    """The instruction as a value, to be set on pages; it names offices and no persons."""
    sections: tuple[tuple[str, Blocks], ...] = (
        ("Scope", _scope(order)),
        ("Legal basis", _legal(order)),
        ("Areas", _areas(order)),
        ("What officers do not do, and for whom", _not_done(order)),
        ("Exceptions", _by_agreement(order, _exceptions)),
        ("What to do instead", _instead(order)),
        ("Recording", _by_agreement(order, lambda one: (words.recording(one),))),
        ("If something was taken away", _by_agreement(order, lambda one: (words.if_seized(one),))),
        ("At the scene of an overdose", at_an_overdose(order.scenes)),
        ("Whom to ask", _ask(order)),
        ("Review", _review(order, made_on)),
        ("Signature", _signature()),
    )
    body: list[Block] = []
    for number, (title, blocks) in enumerate(sections, 1):
        body += section(f"{number}. {title}", blocks)
    paper = Paper(
        title=order.title or "Operational instruction",
        subtitle=f"Agreements in force on {day_in_words(order.day)} · {order.project.title}",
        foot=foot_of(
            order.project.title,
            "Operational instruction",
            day_in_words(order.day),
            public=order.told <= {Visibility.PUBLIC},
        ),
        top=_top(order),
        picture=Picture(_alt(order)) if order.lines else None,
        body=tuple(body),
    )
    return without_sites(paper, order.project)


def _top(order: Order) -> Blocks:
    lines = ["Support first, sanction last. This instruction says where, when and for whom."]
    if order.disputes:
        lines.append("Some ground is not settled: see the section on areas.")
    return (Box("To all officers", tuple(lines)),)


def _alt(order: Order) -> str:
    named = [f"{line.number}: {line.zone.name}" for line, _ in order.lines[:20]]
    more = f" and {len(order.lines) - 20} more" if len(order.lines) > 20 else ""
    return f"Map of the areas {'; '.join(named)}{more}."


# Scope and basis


def _scope(order: Order) -> Blocks:
    police = dict.fromkeys(
        party.organisation
        for one in order.agreements
        for party in one.parties
        if party.role is PartyRole.POLICE and party.organisation
    )
    whom = (
        f"It is for all officers of {words.listed(tuple(police))}"
        if police
        else ("It is for all officers")
    )
    rows = tuple(
        (
            f"{one.title} (version {one.version})",
            words.listed(tuple(dict.fromkeys(p.organisation for p in one.parties))),
            one.formality.label if one.formality else "not recorded",
            one.validity_in_words(),
        )
        for one in order.agreements
    )
    return (
        Words(f"{whom} whom the agreements below bind, in the whole jurisdiction."),
        Grid(("Agreement", "Between", "Kind", "Holds"), rows, (34, 28, 17, 21)),
    )


def _legal(order: Order) -> Blocks:
    return _by_agreement(
        order,
        lambda one: (
            tuple(basis.in_words() for basis in one.legal_basis)
            or ("No law or order is recorded that it rests on.",)
        ),
        rules=False,
    )


# Areas


def _areas(order: Order) -> Blocks:
    blocks: list[Block] = []
    if order.lines:
        clocks = dict.fromkeys(terms.timezone for _, terms in order.lines)
        hours = Words(f"Hours are {words.listed([words.clock(one) for one in clocks])}.")
        # Rows go on over pages; the map would leave a page half empty before them.
        blocks += [_area_table(order), hours, Picture(_alt(order))]
    else:
        blocks.append(Words("No area that can be told of is drawn for these agreements."))
    empty = [rule.terms.title for rule in order.rules if not rule.lines]
    if empty and not order.scenes:
        said = words.listed([f"“{title}”" for title in dict.fromkeys(empty)])
        blocks.append(
            Words(f"No area that can be told of is drawn for {said}: ask where it holds.")
        )
    if order.opposite:
        numbers = [line.number for rule in order.opposite for line in rule.lines]
        blocks.append(
            Words(
                f"The protection does not apply in area{'s' if len(numbers) > 1 else ''} "
                f"{words.numbered(numbers)}: there the usual rules hold, or stricter ones."
            )
        )
    blocks += [_dispute_box(order)] if order.disputes else []
    if order.left_out:
        blocks.append(Box("Left out of this instruction", left_out(order.left_out)))
    return tuple(blocks)


def _dispute_box(order: Order) -> Box:
    lines = tuple(
        f"Area {one.number} (“{one.zone}”) and “{one.other}” share "
        f"{geodesy.area_in_words(one.area_m2)} of ground, and nobody has decided which of them "
        "holds there. Officers ask a supervisor before they act on that ground."
        for one in order.disputes
    )
    return Box("Not settled", lines)


def _area_table(order: Order) -> Grid:
    rows = []
    for line, terms in order.lines:
        zone = order.project.zones[line.zone.id]
        own = order.project.version_on(zone, order.day) or terms
        rows.append((str(line.number), _area_words(line), _hours(line, own, order.day)))
    return Grid(("No.", "Area", "When"), tuple(rows), (8, 54, 38))


def _area_words(line: Line) -> str:
    zone = line.zone
    kind = _BASES.get(zone.basis, "")
    parts = [
        zone.name,
        zone.parts.strip(),
        f"streets: {words.listed(zone.streets)}" if zone.streets else "",
        _radius(zone),
        kind,
        _EFFECT[zone.polarity],
    ]
    said = "; ".join(part for part in parts if part)
    if line.gives_way:
        named = words.listed([f"“{name}”" for name in line.gives_way])
        said += f"; not where it meets {named}"
    return said


def _radius(zone: Zone) -> str:
    """How far a circle reaches, unless its name says so."""
    radius = zone.radius_text.replace(",", "")
    said = zone.basis is Basis.CIRCLE and radius not in zone.name.replace(",", "")
    return f"{zone.radius_text} round it" if said and radius else ""


def _hours(line: Line, terms: Agreement, day: date) -> str:
    said = words.when(terms, day)
    return f"{said} (not certain: {line.doubt})" if line.doubt else said


# What is suspended, and for whom


def _not_done(order: Order) -> Blocks:
    blocks: list[Block] = []
    for rule in order.rules:
        blocks.append(Heading(_rule_title(rule), 2))
        blocks += _rule_words(rule.terms)
    if not order.rules:
        blocks.append(Words(_nothing(order)))
    return tuple(blocks)


def _nothing(order: Order) -> str:
    if order.scenes:
        return "Only at the scene of an overdose: see the section on it."
    return "None of these agreements changes what officers do."


def _rule_title(rule: Rule) -> str:
    if not rule.lines:
        return rule.terms.title
    many = "s" if len(rule.lines) > 1 else ""
    return f"{rule.terms.title} (area{many} {words.numbered(rule.numbers)})"


def _rule_words(terms: Agreement) -> Iterator[Block]:
    acts = words.not_done(terms)
    also = words.also_not_done(terms)
    if acts:
        yield Words("Officers do not:", strong=True)
        yield Items(acts, crossed=True)
    elif not also:
        yield Words(words.NOTHING_SAID)
    if also:
        yield Words(also)
    yield from map(Words, words.offences(terms))
    yield Words(f"Who is protected: {' '.join(words.persons(terms))}")
    yield Words(f"Membership cards: {words.cards(terms)}")
    yield Words(f"Who is bound: {words.bound(terms)}")


def _exceptions(terms: Agreement) -> tuple[str, ...]:
    return (words.excepted(terms, "Officers act"),)


def _by_agreement(
    order: Order, said: Callable[[Agreement], tuple[str, ...]], *, rules: bool = True
) -> Blocks:
    """What each agreement says of a matter; once where all of them say the same."""
    if rules and not order.rules:
        return (Words(_nothing(order)),)
    asked = [rule.terms for rule in order.rules] if rules else list(order.agreements)
    groups: dict[tuple[str, ...], dict[str, None]] = {}
    for terms in asked:
        groups.setdefault(said(terms), {})[terms.title] = None
    if len(groups) == 1:
        (only,) = groups
        return tuple(map(Words, only))
    blocks: list[Block] = []
    for sentences, titles in groups.items():
        blocks.append(Words(f"{words.listed(tuple(titles))}:", strong=True))
        blocks += map(Words, sentences)
    return tuple(blocks)


# Instead


def _instead(order: Order) -> Blocks:
    services = _nearest_first(order)
    return (
        *ladder([rule.terms for rule in order.rules]),
        Words(LADDER_NOTE),
        *section("Refer people to", (Items(contacts(order.agreements)),), 2),
        *section("Services", _services(services, order.agreements), 2),
        *section("Naloxone", _naloxone(services), 2),
    )


def _nearest_first(order: Order) -> tuple[Service, ...]:
    """Services in or nearest to the areas, then by name; without areas by name alone."""
    known = services_of(order.project, order.audience, exported=True)
    lines = [line for rule in order.rules for line in rule.lines] or [one for one, _ in order.lines]
    away = metres_to_zones(lines, known.lon, known.lat)
    pairs = zip(known.services, np.round(away).tolist(), strict=True)
    ordered = sorted(pairs, key=lambda pair: (pair[1], pair[0].name.casefold()))
    return tuple(one for one, _ in ordered)


def _services(named: Sequence[Service], agreements: Sequence[Agreement]) -> Blocks:
    if not named:
        why = "No list of services is recorded"
        return (instead_of_services(agreements, why, "the contacts above"),)
    rows = tuple(
        (
            "\n".join(filter(None, (one.name, one.address))),
            words.capital(words.listed(tuple(kind.value for kind in one.kinds))),
            words.opening(one.hours),
            one.contact.replace(", ", "\n") or "not recorded",
        )
        for one in named[:_MOST_SERVICES]
    )
    blocks: list[Block] = [Grid(_SERVICE, rows, _shares((_SERVICE, *rows)))]
    rest = len(named) - len(rows)
    if rest > 0:
        blocks.append(
            Words(
                f"These {len(rows)} stand in the areas or nearest to them. {rest:,} more "
                f"{'is' if rest == 1 else 'are'} in the list that the partners keep."
            )
        )
    return tuple(blocks)


def _shares(rows: Sequence[Sequence[str]]) -> tuple[int, ...]:
    """Shares of the width in per cent, as long as the longest line of each column."""
    lengths = [
        min(max(len(line) for cell in column for line in cell.split("\n")), _LONG) + _EDGE
        for column in zip(*rows, strict=True)
    ]
    return tuple(round(100 * length / sum(lengths)) for length in lengths)


def _naloxone(services: Sequence[Service]) -> Blocks:
    """Where naloxone is given out, in the order of the services."""
    places = tuple(
        dict.fromkeys(
            ", ".join(filter(None, (one.name, one.address)))
            for one in services
            if not NALOXONE.isdisjoint(one.kinds)
        )
    )
    if not places:
        return (Words("No place that gives it out is recorded. Ask the health department."),)
    named = Items(places[:_MOST_NALOXONE])
    rest = len(places) - _MOST_NALOXONE
    return (named, Words(f"And {rest:,} more, farther away.")) if rest > 0 else (named,)


def _ask(order: Order) -> Blocks:
    rows = tuple(dict.fromkeys(_reach(one) for terms in order.agreements for one in terms.liaison))
    if not rows:
        return (Words("No contact for questions is recorded: ask a supervisor."),)
    return (Grid(("Office", "Who", "How", "When"), rows, (28, 26, 28, 18)),)


def _reach(one: Liaison) -> tuple[str, ...]:
    """Whom to ask, how and when, for a row of a table."""
    hours = words.hours_in_words(one.hours) if one.hours.strip() else "not recorded"
    return one.organisation, one.role, one.channel or "not recorded", hours


def _review(order: Order, made_on: date) -> Blocks:
    rows = []
    for one in order.agreements:
        due = _due(next_review(one), order.day)
        notice = words.sentence(one.notice) if one.notice.strip() else "not recorded"
        last = day_in_words(one.expires) if one.expires else "none is set"
        rows.append((one.title, due, last, notice))
    header = ("Agreement", "Next review", "Last day", "Notice before it is suspended")
    return (
        Grid(header, tuple(rows), (34, 18, 18, 30)),
        Words(
            "This instruction is right for its day. Make a new one when an agreement changes, is "
            "suspended or ends."
        ),
        Words(
            f"Made on {day_in_words(made_on)} from the agreements in force on "
            f"{day_in_words(order.day)}. No person, no stop and no past overdose is in it."
        ),
    )


def _due(review: date | None, day: date) -> str:
    """The day of a review, and that it is overdue where the paper is for a later day."""
    if review is None:
        return "not recorded"
    return f"{day_in_words(review)}{' (overdue)' if review < day else ''}"


def _signature() -> Blocks:
    return (
        Words("This instruction is in force once it is signed."),
        Signing(("Signature", "Office", "Date")),
    )
