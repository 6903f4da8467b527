"""Services and naloxone in an instruction: the nearest, and what is true of the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gisapp.analysis.briefing import words
from gisapp.analysis.briefing.ladder import instead_of_services
from gisapp.analysis.briefing.near import metres_to_zones
from gisapp.analysis.briefing.order import Order
from gisapp.analysis.briefing.parts import Block, Blocks, Grid, Items, Words
from gisapp.analysis.look_ups.help_near import NALOXONE
from gisapp.analysis.look_ups.service_list import Service, services_of
from gisapp.layers.agreement import Agreement
from gisapp.layers.vocabulary import ServiceType

#: More services than this are listed in an annex, and more than that by the partners' list.
_MOST_IN_TEXT, _MOST_SERVICES = 12, 30
_MOST_NALOXONE = 8
_SERVICE = ("Service", "Kind", "Open", "Contact")
_NO_HOURS, _NO_CONTACT = "not known: call first", "not recorded"
#: Letters of a line in a table beyond which a column grows no wider, and those its edges take.
_LONG, _EDGE = 34, 6


@dataclass(frozen=True, slots=True)
class Near:
    """A service and how far it is from the nearest area in whole metres, 0 inside one.

    None where there are no areas to be near to.
    """

    service: Service
    away_m: float | None

    @property
    def inside(self) -> bool:
        return self.away_m == 0


def nearest_first(order: Order) -> tuple[Near, ...]:
    """Services in or nearest to the areas, then by name; without areas by name alone.

    Of those equally near the ones that offer more than naloxone come first: places with naloxone
    have a list of their own.
    """
    known = services_of(order.project, order.audience, exported=True)
    lines = [line for rule in order.rules for line in rule.lines] or [one for one, _ in order.lines]
    away = np.ceil(metres_to_zones(lines, known.lon, known.lat)).tolist()
    found = [
        Near(one, metres if lines else None)
        for one, metres in zip(known.services, away, strict=True)
    ]
    return tuple(sorted(found, key=_rank))


def _rank(one: Near) -> tuple[float, bool, str]:
    only_naloxone = NALOXONE.issuperset(one.service.kinds)
    return one.away_m or 0.0, only_naloxone, one.service.name.casefold()


def services(named: Sequence[Near], agreements: Sequence[Agreement], number: int) -> Blocks:
    """The services themselves, or where to find them: in the annex of a number."""
    if not named:
        why = "No list of services is recorded"
        return (instead_of_services(agreements, why, "the contacts above"),)
    if len(named) > _MOST_IN_TEXT:
        return (Words(f"Annex {number} names {_listed_there(named)}."),)
    return (_table(named),)


def _listed_there(named: Sequence[Near]) -> str:
    count = min(len(named), _MOST_SERVICES)
    every = len(named) == count
    return f"all {count} services" if every else f"{count} of {len(named):,} services"


def annex(named: Sequence[Near]) -> Blocks:
    """The list of many services; empty where they stand in the text."""
    if len(named) <= _MOST_IN_TEXT:
        return ()
    shown, rest = named[:_MOST_SERVICES], named[_MOST_SERVICES:]
    table = _table(shown)
    blocks: list[Block] = [Words(_where(shown, rest))] if rest else []
    for column, unknown, said in (
        ("Open", _NO_HOURS, "No opening hours of these services are recorded: call first."),
        ("Contact", _NO_CONTACT, "No contact of these services is recorded."),
    ):
        at = table.header.index(column)
        if all(row[at] == unknown for row in table.rows):
            table = _without(table, at)
            blocks.append(Words(said))
    # With nothing but names and kinds left a list is shorter.
    blocks.append(table if len(table.header) > 2 else Items(tuple(map(_in_a_line, shown))))
    return tuple(blocks)


def _table(named: Sequence[Near]) -> Grid:
    rows = tuple(
        (
            "\n".join(filter(None, (one.service.name, one.service.address))),
            words.capital(words.listed(tuple(kind.value for kind in one.service.kinds))),
            words.opening(one.service.hours),
            one.service.contact.replace(", ", "\n") or _NO_CONTACT,
        )
        for one in named
    )
    return Grid(_SERVICE, rows, _shares((_SERVICE, *rows)))


def _without(table: Grid, column: int) -> Grid:
    """The table without a column."""
    header, *rows = (
        tuple(cell for number, cell in enumerate(row) if number != column)
        for row in (table.header, *table.rows)
    )
    return Grid(header, tuple(rows), _shares((header, *rows)))


def _in_a_line(one: Near) -> str:
    kinds = words.listed(
        [kind.value for kind in one.service.kinds if kind is not ServiceType.OTHER]
    )
    name = f"{one.service.name} ({kinds})" if kinds else one.service.name
    return ", ".join(filter(None, (name, one.service.address)))


def _shares(rows: Sequence[Sequence[str]]) -> tuple[int, ...]:
    """Shares of the width in per cent, as long as the longest line of each column."""
    lengths = [
        min(max(len(line) for cell in column for line in cell.split("\n")), _LONG) + _EDGE
        for column in zip(*rows, strict=True)
    ]
    return tuple(round(100 * length / sum(lengths)) for length in lengths)


def _where(shown: Sequence[Near], rest: Sequence[Near]) -> str:
    """Where the services that are named stand, and what is known of the others."""
    kept = "in the list that the partners keep"
    more = f"{len(rest):,} more {'is' if len(rest) == 1 else 'are'} {kept}."
    if shown[0].away_m is None:
        return more
    inside, other = (sum(one.inside for one in part) for part in (shown, rest))
    if other:
        outside = len(rest) - other
        end = f", {outside:,} of them outside" if outside else ""
        return (
            f"These {len(shown)} stand in the areas, and so do {other:,} more. "
            f"All {len(shown) + len(rest):,} are {kept}{end}."
        )
    if inside == len(shown):
        return f"These {len(shown)} stand in the areas. {more}"
    if not inside:
        return f"These {len(shown)} are the nearest to the areas. {more}"
    verb = "stands" if inside == 1 else "stand"
    return (
        f"Of these {len(shown)}, {inside} {verb} in the areas, and the others are the nearest to "
        f"them. {more}"
    )


def naloxone(named: Sequence[Near]) -> Blocks:
    """Where naloxone is given out, in the order of the services."""
    places: dict[str, Near] = {}
    for one in named:
        if not NALOXONE.isdisjoint(one.service.kinds):
            said = ", ".join(filter(None, (one.service.name, one.service.address)))
            places.setdefault(said, one)
    if not places:
        return (Words("No place that gives it out is recorded. Ask the health department."),)
    items = Items(tuple(places)[:_MOST_NALOXONE])
    ranked = tuple(places.values())
    more = _more(ranked[:_MOST_NALOXONE], ranked[_MOST_NALOXONE:])
    return (items, Words(more)) if more else (items,)


def _more(shown: Sequence[Near], rest: Sequence[Near]) -> str:
    """How many more places there are, and where."""
    if not rest:
        return ""
    inside = sum(one.inside for one in rest)
    outside = len(rest) - inside
    if inside:
        farther = f", and {outside:,} farther away" if outside else ""
        return f"And {inside:,} more in the areas{farther}."
    near, far = shown[-1].away_m, rest[0].away_m
    where = ", farther away" if near is not None and far is not None and far > near else ""
    return f"And {len(rest):,} more{where}."
