"""The operational instruction: what a chief signs, made from the agreements in force.

After the practice of a written order from above (Instruction 417, Ministry of Interior of the
Kyrgyz Republic, 2009; Health and Human Rights 14/2): scope, legal basis, areas, what is
suspended and for whom, exceptions, what to do instead, recording, and whom to call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from gisapp.analysis.briefing import areas as briefing_areas
from gisapp.analysis.briefing import services as briefing_services
from gisapp.analysis.briefing import words
from gisapp.analysis.briefing.briefing import Rule
from gisapp.analysis.briefing.ladder import (
    LADDER_NOTE,
    at_an_overdose,
    contacts,
    ladder,
    section,
)
from gisapp.analysis.briefing.order import Order
from gisapp.analysis.briefing.parts import (
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
)
from gisapp.analysis.briefing.services import Near
from gisapp.layers.agreement import Agreement, Liaison, day_in_words
from gisapp.layers.reviews import next_review
from gisapp.layers.seen_words import in_seen_words
from gisapp.layers.vocabulary import PartyRole, Visibility


def instruction(order: Order, made_on: date) -> Paper:
    """The instruction as a value, to be set on pages; it names offices and no persons."""
    named = briefing_services.nearest_first(order)
    sections: tuple[tuple[str, Blocks], ...] = (
        ("Scope", _scope(order)),
        ("Legal basis", _legal(order)),
        ("Areas", briefing_areas.areas(order)),
        ("What officers do not do, and for whom", _not_done(order)),
        ("Exceptions", _by_agreement(order, _exceptions)),
        ("What to do instead", _instead(order, named)),
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
    for number, (title, blocks) in enumerate(_annexes(order, named), 1):
        # What is signed stands by itself.
        body += [Heading(f"Annex {number}. {title}", fresh=number == 1), *blocks]
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
        picture=Picture(briefing_areas.alt(order)) if order.lines else None,
        body=tuple(body),
    )
    return in_seen_words(order.project, paper)


def _top(order: Order) -> Blocks:
    lines = ["Support first, sanction last. This instruction says where, when and for whom."]
    if order.disputes:
        lines.append("Some ground is not settled: see the section on areas.")
    return (Box("To all officers", tuple(lines)),)


def _annexes(order: Order, named: Sequence[Near]) -> tuple[tuple[str, Blocks], ...]:
    """The long lists, which stand behind what every officer has to read."""
    found = (
        ("The areas", briefing_areas.annex(order)),
        ("Services", briefing_services.annex(named)),
    )
    return tuple((title, blocks) for title, blocks in found if blocks)


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


def _instead(order: Order, named: Sequence[Near]) -> Blocks:
    number = 2 if briefing_areas.in_annex(order) else 1
    offered = briefing_services.services(named, order.agreements, number)
    return (
        *ladder([rule.terms for rule in order.rules]),
        Words(LADDER_NOTE),
        *section("Refer people to", (Items(contacts(order.agreements)),), 2),
        *section("Services", offered, 2),
        *section("Naloxone", briefing_services.naloxone(named), 2),
    )


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
