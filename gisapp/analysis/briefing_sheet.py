"""The briefing sheet of a shift: one page that is read in two minutes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from gisapp.analysis import briefing_words as words
from gisapp.analysis.briefing import Briefing, Line, Rule
from gisapp.analysis.briefing_help import nearest_naloxone, services_for
from gisapp.analysis.briefing_ladder import (
    at_an_overdose,
    contacts,
    ladder,
    naloxone,
    offered,
    section,
)
from gisapp.analysis.briefing_parts import (
    Block,
    Blocks,
    Box,
    Grid,
    Heading,
    Items,
    Paper,
    Picture,
    Words,
    foot_of,
    without_sites,
)
from gisapp.analysis.briefing_shift import spells_in_words
from gisapp.layers import geodesy
from gisapp.layers.agreement import Agreement, day_in_words
from gisapp.layers.deployment_units import Binding, binding
from gisapp.layers.vocabulary import Polarity

#: More zones than this are listed overleaf.
MOST_BESIDE = 12
_MOST_SERVICES, _MOST_WAITING, _MOST_SHORT = 3, 4, 4

_TAKEN_AWAY = {
    Polarity.EXCLUSION: "the protection does not hold here",
    Polarity.ENHANCED_PENALTY: "penalties may be higher here",
}


def sheet(briefing: Briefing, made_on: date) -> Paper:
    """The sheet as a value, to be set on a page; nothing of it is a name of a person."""
    terms = [rule.terms for rule in briefing.rules]
    many = len(briefing.lines) + len(briefing.opposite_lines) > MOST_BESIDE
    paper = Paper(
        title=briefing.title or f"Briefing: {briefing.area.name}",
        subtitle=_subtitle(briefing),
        foot=foot_of(
            briefing.project.title,
            briefing.shift.in_words(),
            public=all(rule.is_public for rule in (*briefing.rules, *briefing.opposite)),
        ),
        notes=_notes(briefing, made_on),
        top=_top(briefing),
        picture=Picture(_alt(briefing)),
        beside=_hours(briefing) if many else _zones(briefing),
        left=_left(briefing),
        right=_right(briefing, terms),
        body=section("Zones by number", _zones(briefing)) if many else (),
    )
    return without_sites(paper, briefing.project)


def _subtitle(briefing: Briefing) -> str:
    when = f"{briefing.shift.in_words()} ({briefing.shift.start.tzinfo})"
    return " · ".join(filter(None, (when, briefing.area.unit)))


def _alt(briefing: Briefing) -> str:
    said = [f"{line.number}: {line.zone.name}" for line in briefing.lines[:MOST_BESIDE]]
    rest = len(briefing.lines) - len(said)
    more = [f"and {rest} more"] if rest > 0 else []
    return f"Map of {briefing.area.name} with the zones {'; '.join([*said, *more])}."


# At the top


def _top(briefing: Briefing) -> Blocks:
    count = len(briefing.lines)
    if not count:
        lines = ["No zone of which it is certain that it holds lies here during this shift."]
    else:
        zones = "1 zone holds" if count == 1 else f"{count} zones hold"
        lines = [f"{zones} during this shift. Support first, sanction last."]
        if len(briefing.rules) > 1:
            lines.append("Not all zones have the same terms: read those of yours below.")
        else:
            lines.append(_in_short(briefing.rules[0]))
    boxes: list[Block] = [Box("In short", tuple(lines))]
    if briefing.disputes:
        boxes.append(Box("Not settled: ask before you act", _disputes(briefing)))
    return tuple(boxes)


def _in_short(rule: Rule) -> str:
    acts = [_lower(one) for one in words.not_done(rule.terms)]
    if not acts:
        return words.also_not_done(rule.terms) or "The agreement suspends nothing."
    if len(acts) > _MOST_SHORT:
        rest = len(acts) - _MOST_SHORT
        return f"Do not {', '.join(acts[:_MOST_SHORT])}, and {rest} more below."
    return f"Do not {words.listed(acts, 'or')}."


def _disputes(briefing: Briefing) -> tuple[str, ...]:
    return tuple(
        f"Zone {one.number} (“{one.zone}”) and “{one.other}” share "
        f"{geodesy.area_in_words(one.area_m2)} of ground, and nobody has decided which of them "
        "holds there. On that ground ask your supervisor before you act."
        for one in briefing.disputes
    )


# The zones


def _zones(briefing: Briefing) -> Blocks:
    """Every zone by its number; when they hold is said once where it is the same of all."""
    rows = [(str(line.number), line.zone.name, _when(line, briefing)) for line in briefing.lines]
    rows += [
        (
            str(line.number),
            f"{line.zone.name}: {_TAKEN_AWAY[line.zone.polarity]}",
            _when(line, briefing),
        )
        for line in briefing.opposite_lines
    ]
    hours = {when for _, _, when in rows}
    if len(hours) == 1 and len(rows) > 1:
        (only,) = hours
        header = ("No.", f"Zone (all of them: {_lower(only)})")
        return (Grid(header, tuple((number, name) for number, name, _ in rows), (12, 88)),)
    return (Grid(("No.", "Zone", "When"), tuple(rows), (12, 52, 36)),) if rows else ()


def _when(line: Line, briefing: Briefing) -> str:
    said = spells_in_words(line.spells, briefing.shift)
    if line.doubt:
        said += f" (not certain: {line.doubt})"
    if line.gives_way:
        said += f"; not where it meets {words.listed([_quoted(one) for one in line.gives_way])}"
    return said


def _hours(briefing: Briefing) -> Blocks:
    """Where there are many zones: which hold when, by their numbers; their names are overleaf."""
    groups: dict[str, list[int]] = {}
    for line in (*briefing.lines, *briefing.opposite_lines):
        groups.setdefault(_when(line, briefing), []).append(line.number)
    rows = tuple((words.numbered(numbers), when) for when, numbers in groups.items())
    return (
        Grid(("Zones", "When"), rows, (40, 60)),
        Words("The zones are listed by number after this page."),
    )


# What is not done, and for whom


def _left(briefing: Briefing) -> Blocks:
    blocks: list[Block] = []
    for rule in briefing.rules:
        blocks += _rule(rule, briefing)
    if briefing.opposite:
        blocks += section("Where protection is taken away", (Items(_taken_away(briefing)),))
    if briefing.crossing:
        blocks.append(Words(f"Where zones overlap: {_overlap_rule(briefing)}"))
    later = [
        f"{name}: {words.when(terms, briefing.shift.day)}"
        for name, terms in briefing.waiting[:_MOST_WAITING]
    ]
    rest = len(briefing.waiting) - len(later)
    if later:
        more = [f"and {rest} more at other hours"] if rest > 0 else []
        blocks += section("Not during this shift", (Items((*later, *more)),))
    if briefing.unknown:
        said = (
            f"{name}: {why}. Ask a supervisor before you act there."
            for name, why in briefing.unknown
        )
        blocks += section("Hours not known", (Items(tuple(said)),))
    return tuple(blocks)


def _rule(rule: Rule, briefing: Briefing) -> list[Block]:
    terms = rule.terms
    only = len(briefing.rules) == 1
    acts = words.not_done(terms)
    title = "Do not" if only else f"{_zones_named(rule.numbers).capitalize()}: do not"
    blocks: list[Block] = [Heading(title)]
    also = words.also_not_done(terms)
    if acts or not also:
        blocks.append(
            Items(acts, crossed=True) if acts else Words("The agreement suspends nothing here.")
        )
    if also:
        blocks.append(Words(also))
    blocks += [Words(one) for one in words.offences(terms)]
    # A column may end between these: so each heading says which zones it speaks of.
    where = "" if only else f" ({_zones_named(rule.numbers)})"
    blocks.append(Heading(f"Who is protected{where}", 2))
    blocks.append(Words(" ".join(words.persons(terms))))
    blocks.append(Words(f"Membership cards: {words.cards(terms)}"))
    blocks.append(Heading(f"Only exceptions{where}", 2))
    blocks.append(Words(words.excepted(terms, "Act")))
    blocks.append(Words(_bound(terms, briefing.area.unit)))
    return blocks


def _bound(terms: Agreement, unit: str) -> str:
    said = words.bound(terms)
    if not unit.strip():
        return said
    return {
        Binding.BOUND: f"{said} Your unit ({unit}) is bound.",
        Binding.NOT_BOUND: f"{said} The agreement does not bind your unit ({unit}).",
        Binding.UNKNOWN: f"{said} Whether it binds your unit ({unit}) is not clear: act as if it "
        "does, and ask.",
    }[binding(terms, unit)]


def _taken_away(briefing: Briefing) -> tuple[str, ...]:
    return tuple(
        f"{line.number} {line.zone.name}: {_TAKEN_AWAY[line.zone.polarity]}."
        for line in briefing.opposite_lines
    )


def _overlap_rule(briefing: Briefing) -> str:
    return f"{_lower(briefing.project.overlap_rule.label)} holds."


# What is done instead


def _right(briefing: Briefing, terms: Sequence[Agreement]) -> Blocks:
    services = services_for(briefing.project, briefing.area, briefing.shift, briefing.audience)
    nearest = nearest_naloxone(services)
    others = [one for one in services if one is not nearest]
    refer: Blocks = (
        Items(contacts(terms)),
        *offered(others, briefing.shift, _MOST_SERVICES),
        *naloxone(nearest, briefing.shift),
    )
    recording = tuple(
        dict.fromkeys(
            one for each in terms for one in (words.recording(each), words.if_seized(each))
        )
    )
    asked = tuple(dict.fromkeys(one for each in terms for one in words.liaison(each)))
    blocks: tuple[Blocks, ...] = (
        section("Do instead", ladder()),
        section("Refer to", refer),
        section("At an overdose", at_an_overdose(briefing.scenes)),
        section("Record", (Items(recording),)) if recording else (),
        section("Questions", (Items(asked),)) if asked else (),
    )
    return tuple(block for part in blocks for block in part)


def _notes(briefing: Briefing, made_on: date) -> tuple[str, ...]:
    rules = (*(rule.terms for rule in (*briefing.rules, *briefing.opposite)), *briefing.scenes)
    named = dict.fromkeys(f"{one.title} (version {one.version})" for one in rules)
    first = f"From agreements in force: {'; '.join(named)}. " if named else ""
    return (
        f"{first}For this shift only; made on {day_in_words(made_on)}. It names no person, no stop "
        "and no overdose.",
    )


def _zones_named(numbers: Sequence[int]) -> str:
    return f"zone{'s' if len(numbers) > 1 else ''} {words.numbered(numbers)}"


def _quoted(text: str) -> str:
    return f"“{text}”"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
