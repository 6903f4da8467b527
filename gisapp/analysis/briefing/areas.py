"""The areas of an instruction: a table with their map, or an annex where they are many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import shapely

from gisapp.analysis.briefing import words
from gisapp.analysis.briefing.briefing import Line
from gisapp.analysis.briefing.ladder import left_out
from gisapp.analysis.briefing.maps import MapPart, map_parts
from gisapp.analysis.briefing.order import Order
from gisapp.analysis.briefing.parts import Block, Blocks, Box, Grid, Heading, Items, Picture, Words
from gisapp.analysis.look_ups.service_list import services_of
from gisapp.layers import geodesy
from gisapp.layers.agreement import Agreement
from gisapp.layers.vocabulary import Basis, Polarity

#: More areas than this are listed in an annex, behind what officers do not do.
MOST_IN_TEXT = 20
#: More kinds of areas than this are told with each area.
_MOST_KINDS = 8
_MOST_IN_ALT = 20

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


def areas(order: Order) -> Blocks:
    """The section on areas; of many only what they share, for their names are in the annex."""
    blocks: list[Block] = []
    if order.lines:
        clocks = dict.fromkeys(terms.timezone for _, terms in order.lines)
        hours = Words(f"Hours are {words.listed([words.clock(one) for one in clocks])}.")
        if in_annex(order):
            blocks += [*_shared_words(order), hours]
        else:
            # Rows go on over pages; the map would leave a page half empty before them.
            blocks += [_area_table(order), hours, Picture(alt(order))]
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


def in_annex(order: Order) -> bool:
    """Whether the areas are so many that they are listed behind all else."""
    return len(order.lines) > MOST_IN_TEXT


def annex(order: Order) -> Blocks:
    """Every area by its number and name with the maps; empty where the section has them."""
    if not in_annex(order):
        return ()
    parts = map_parts([line for line, _ in order.lines])
    blocks: list[Block] = [_area_list(order, parts)]
    if parts:
        first, last = parts[0].letter, parts[-1].letter
        blocks += [
            Heading("Map of all areas", 2),
            Words(
                f"The frames are maps {first} to {last}. Each has the numbers of the areas within "
                "its frame; those of the areas round it are on other maps."
            ),
        ]
    blocks.append(Picture(alt(order)))
    names = {line.number: line.zone.name for line, _ in order.lines}
    for part in parts:
        blocks.append(Heading(f"Map {part.letter}", 2))
        blocks.append(Picture(f"Map {part.letter}. {_alt(part.numbers, names)}", part.letter))
    return tuple(blocks)


def alt(order: Order) -> str:
    """What the map of all areas shows, for whoever cannot see it."""
    names = {line.number: line.zone.name for line, _ in order.lines}
    return _alt(tuple(names), names)


def _alt(numbers: Sequence[int], names: Mapping[int, str]) -> str:
    said = [f"{number}: {names[number]}" for number in numbers[:_MOST_IN_ALT]]
    rest = len(numbers) - len(said)
    return f"Map of the areas {'; '.join(said)}{f' and {rest} more' if rest else ''}."


def _dispute_box(order: Order) -> Box:
    lines = tuple(
        f"Area {one.number} (“{one.zone}”) and “{one.other}” share "
        f"{geodesy.area_in_words(one.area_m2)} of ground, and nobody has decided which of them "
        "holds there. Officers ask a supervisor before they act on that ground."
        for one in order.disputes
    )
    return Box("Not settled", lines)


# Few areas: each with all that is said of it


def _area_table(order: Order) -> Grid:
    rows = tuple(
        (str(line.number), _area_words(line), _hours(line, own, order.day))
        for line, own in _with_terms(order)
    )
    return Grid(("No.", "Area", "When"), rows, (8, 54, 38))


def _with_terms(order: Order) -> list[tuple[Line, Agreement]]:
    """Every area with the terms that hold in it on the day."""
    zones = order.project.zones
    return [
        (line, order.project.version_on(zones[line.zone.id], order.day) or terms)
        for line, terms in order.lines
    ]


def _area_words(line: Line) -> str:
    radius = line.zone.radius_text.replace(",", "")
    # A name that says how far a circle reaches says it for the table.
    named = radius in line.zone.name.replace(",", "")
    return "; ".join(filter(None, (_own(line), *_kind(line, "it", named=named), _gives_way(line))))


def _own(line: Line) -> str:
    """What is said of this area alone: its name, the parts of a building, its streets."""
    zone = line.zone
    streets = f"streets: {words.listed(zone.streets)}" if zone.streets else ""
    return "; ".join(filter(None, (zone.name, zone.parts.strip(), streets)))


def _kind(line: Line, what: str, *, named: bool = False) -> tuple[str, ...]:
    """How far a circle reaches round `what`, what else the outline is, and what it means."""
    zone = line.zone
    circle = zone.basis is Basis.CIRCLE and bool(zone.radius_text.strip()) and not named
    radius = f"{words.length(zone.radius_text)} round {what}" if circle else ""
    return tuple(filter(None, (radius, _BASES.get(zone.basis, ""), _EFFECT[zone.polarity])))


def _gives_way(line: Line) -> str:
    named = words.listed([f"“{name}”" for name in line.gives_way])
    return f"not where it meets {named}" if named else ""


def _hours(line: Line, terms: Agreement, day: date) -> str:
    said = words.when(terms, day)
    return f"{said} (not certain: {line.doubt})" if line.doubt else said


# Many areas: what they share once, and a list of their names


def _kinds(order: Order) -> dict[tuple[str, ...], list[int]]:
    """What is said of areas and their hours, each once, with the numbers of the areas."""
    found: dict[tuple[str, ...], list[int]] = {}
    for line, terms in _with_terms(order):
        said = (*_kind(line, "the site"), _lower(_hours(line, terms, order.day)))
        found.setdefault(said, []).append(line.number)
    return found


def _lower(text: str) -> str:
    """Hours within a sentence; a day of the week keeps its capital."""
    return text[:1].lower() + text[1:] if text.startswith(("Every ", "At ")) else text


def _shared_words(order: Order) -> Blocks:
    count = f"{len(order.lines):,}"
    kinds = _kinds(order)
    where = "Annex 1 names them and has their maps."
    if len(kinds) > _MOST_KINDS:
        return (Words(f"There are {count} areas. Annex 1 names them, with their hours and maps."),)
    if len(kinds) == 1:
        (said,) = kinds
        return (Words(f"All {count} areas: {'; '.join(said)}.", strong=True), Words(where))
    items = tuple(
        f"Area{'s' if len(numbers) > 1 else ''} {words.numbered(numbers)}: {'; '.join(said)}."
        for said, numbers in kinds.items()
    )
    return (Words(f"There are {count} areas. {where}"), Items(items))


def _area_list(order: Order, parts: Sequence[MapPart]) -> Grid:
    """Names with addresses and the map that shows the number; hours where too few are the same."""
    letters = {number: part.letter for part in parts for number in part.numbers}
    addresses = _addresses(order)
    alone = len(_kinds(order)) > _MOST_KINDS
    rows: list[tuple[str, ...]] = []
    for line, terms in _with_terms(order):
        letter = letters.get(line.number, "")
        said = (
            _area_words(line) if alone else "; ".join(filter(None, (_own(line), _gives_way(line))))
        )
        said = ", ".join(filter(None, (said, addresses.get(line.number, ""))))
        if alone:
            said += f" (map {letter})" if letter else ""
            rows.append((str(line.number), said, _hours(line, terms, order.day)))
        else:
            rows.append((str(line.number), said, letter) if parts else (str(line.number), said))
    if alone:
        return Grid(("No.", "Area", "When"), tuple(rows), (8, 54, 38))
    if parts:
        return Grid(("No.", "Area", "Map"), tuple(rows), (12, 74, 14), beside=2)
    return Grid(("No.", "Area"), tuple(rows), (14, 86), beside=2)


def _addresses(order: Order) -> dict[int, str]:
    """The address of the service that an area stands round and is named after, by its number."""
    known: dict[str, list[tuple[float, float, str]]] = {}
    for one in services_of(order.project, order.audience, exported=True).services:
        known.setdefault(one.name, []).append((one.lon, one.lat, one.address))
    found = {}
    for line, _ in order.lines:
        near = {
            address
            for lon, lat, address in known.get(line.zone.name, ())
            if shapely.intersects_xy(line.zone.shape, lon, lat)
        }
        if len(near) == 1:
            found[line.number] = near.pop()
    return found
