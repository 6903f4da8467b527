"""The briefing sheet of a shift: one page that is read in two minutes."""

from __future__ import annotations

from datetime import date

from gisapp.analysis.briefing import words
from gisapp.analysis.briefing.briefing import Briefing, Line
from gisapp.analysis.briefing.help import naloxone_of, offers
from gisapp.analysis.briefing.ladder import (
    LADDER_NOTE,
    at_an_overdose,
    contacts,
    ladder,
    left_out,
    naloxone,
    not_listed,
    offered,
    section,
)
from gisapp.analysis.briefing.parts import (
    Block,
    Blocks,
    Box,
    Grid,
    Items,
    Paper,
    Picture,
    Words,
    foot_of,
)
from gisapp.analysis.briefing.shift import spells_in_words
from gisapp.analysis.briefing.terms import record_in_words, terms_in_words
from gisapp.layers import geodesy
from gisapp.layers.agreement import Agreement, day_in_words
from gisapp.layers.seen_words import in_seen_words
from gisapp.layers.vocabulary import Polarity, Visibility

#: More zones than this are listed overleaf.
MOST_BESIDE = 12
_MOST_SERVICES, _MOST_SERVICES_LARGE, _MOST_WAITING, _MOST_SHORT = 3, 2, 4, 4

_TAKEN_AWAY = {
    Polarity.EXCLUSION: "the protection does not apply here, the usual rules do",
    Polarity.ENHANCED_PENALTY: "the protection does not apply here, and penalties may be higher",
}


def sheet(briefing: Briefing, made_on: date, *, large: bool = False) -> Paper:
    """The sheet as a value, to be set on a page; nothing of it is a name of a person.

    For large print nothing is said twice, and fewer services are named.
    """
    many = len(briefing.lines) + len(briefing.opposite_lines) > MOST_BESIDE
    paper = Paper(
        title=briefing.title or f"Briefing: {briefing.area.name}",
        subtitle=_subtitle(briefing, large),
        foot=foot_of(
            briefing.project.title,
            # The foot of large print has room for less; its title has the day of the week.
            briefing.shift.in_short() if large else briefing.shift.in_words(),
            public=briefing.told <= {Visibility.PUBLIC},
        ),
        notes=_notes(briefing, made_on, large),
        top=_top(briefing, large),
        picture=Picture(_alt(briefing)),
        beside=_hours(briefing) if many else _zones(briefing),
        left=_left(briefing),
        right=_right(briefing, large),
        body=section("Zones by number", _zones(briefing)) if many else (),
    )
    return in_seen_words(briefing.project, paper)


def _subtitle(briefing: Briefing, large: bool) -> str:
    when = f"{briefing.shift.in_words()}, {words.clock(str(briefing.shift.start.tzinfo))}"
    # Where terms are told they name the unit too.
    unit = "" if large and briefing.rules else briefing.area.unit
    return " · ".join(filter(None, (when, unit)))


def _alt(briefing: Briefing) -> str:
    said = [f"{line.number}: {line.zone.name}" for line in briefing.lines[:MOST_BESIDE]]
    rest = len(briefing.lines) - len(said)
    more = [f"and {rest} more"] if rest > 0 else []
    zones = f"the zones {'; '.join([*said, *more])}" if said else "no zone that protects"
    return f"Map with {zones}. The area: {briefing.area.name}."


# At the top


def _top(briefing: Briefing, large: bool) -> Blocks:
    count = len(briefing.lines)
    if not count:
        lines = ["No zone is known to be in force here during this shift. Read on before you act."]
    else:
        lines = [_in_force(briefing)]
        acts = {words.not_done(rule.terms) for rule in briefing.rules}
        if len(acts) > 1:
            lines.append("The zones have different terms: read those of your zone below.")
        elif not large:
            lines.append(_in_short(briefing.rules[0].terms))
    boxes: list[Block] = [Box("Support first, sanction last", tuple(lines))]
    if briefing.disputes:
        boxes.append(Box("Not settled: ask before you act", _disputes(briefing)))
    return tuple(boxes)


def _in_force(briefing: Briefing) -> str:
    if not _is_alone(briefing):
        count = len(briefing.lines)
        return f"{count} zone{'s are' if count > 1 else ' is'} in force during this shift."
    (line,) = briefing.lines
    return f"Zone {line.number}, {line.zone.name}, is in force: {_lower(_when(line, briefing))}."


def _is_alone(briefing: Briefing) -> bool:
    """Whether there is but one zone, of which the box at the top says all."""
    return len(briefing.lines) == 1 and not briefing.opposite


def _in_short(terms: Agreement) -> str:
    acts = [_lower(one) for one in words.not_done(terms)]
    if not acts:
        return words.also_not_done(terms) or words.NOTHING_SAID
    if len(acts) > _MOST_SHORT:
        rest = len(acts) - _MOST_SHORT
        return f"Do not {', '.join(acts[:_MOST_SHORT])}, and {rest} more below."
    return f"Do not {words.listed(acts, 'or')}."


def _disputes(briefing: Briefing) -> tuple[str, ...]:
    return tuple(
        f"Zone {one.number} (“{one.zone}”) and “{one.other}” share "
        f"{geodesy.area_in_words(one.area_m2)} of ground, and nobody has decided which of them "
        "holds there. Ask your supervisor before you act on that ground."
        for one in briefing.disputes
    )


# The zones


def _zones(briefing: Briefing) -> Blocks:
    """Every zone by its number; when they hold is said once where it is the same of all."""
    rows = [(str(line.number), line.zone.name, _when(line, briefing)) for line in briefing.lines]
    rows += [
        (
            str(line.number),
            f"{line.zone.name} (no protection)",
            _when(line, briefing),
        )
        for line in briefing.opposite_lines
    ]
    if _is_alone(briefing):
        return ()
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
    if briefing.rules:
        blocks += terms_in_words(briefing.rules, briefing.area.unit)
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
    if briefing.left_out:
        blocks += section("Left out of this sheet", (Items(left_out(briefing.left_out)),))
    return tuple(blocks)


def _taken_away(briefing: Briefing) -> tuple[str, ...]:
    return tuple(
        f"{line.number} {line.zone.name}: {_TAKEN_AWAY[line.zone.polarity]}."
        for line in briefing.opposite_lines
    )


def _overlap_rule(briefing: Briefing) -> str:
    return f"{_lower(briefing.project.overlap_rule.label)} holds."


# What is done instead


def _right(briefing: Briefing, large: bool) -> Blocks:
    most = _MOST_SERVICES_LARGE if large else _MOST_SERVICES
    terms = [rule.terms for rule in briefing.rules]
    services = offers(briefing)
    nearest = naloxone_of(services)
    others = [one for one in services if one is not nearest]
    more = not_listed(others, most)
    # Large print has no line to spare: the heading says it.
    title = f"Refer to ({more})" if more and large else "Refer to"
    refer: Blocks = (
        Items(contacts(terms)),
        *offered(others, briefing.shift, most, terms),
        *((Words(f"{more}."),) if more and not large else ()),
        *naloxone(nearest, briefing.shift),
    )
    recording = record_in_words(briefing.rules)
    asked = tuple(dict.fromkeys(one for each in terms for one in words.liaison(each)))
    blocks: tuple[Blocks, ...] = (
        section("Do instead (general steps)", ladder(terms)),
        section(title, refer),
        section("At an overdose", at_an_overdose(briefing.scenes)),
        section("Record", (Items(recording),)) if recording else (),
        section("Questions", (Items(asked),)) if asked else (),
    )
    return tuple(block for part in blocks for block in part)


def _notes(briefing: Briefing, made_on: date, large: bool) -> tuple[str, ...]:
    rules = (*(rule.terms for rule in (*briefing.rules, *briefing.opposite)), *briefing.scenes)
    named = dict.fromkeys(f"{one.title} (version {one.version})" for one in rules)
    first = f"From: {'; '.join(named)}. " if named else ""
    said = f"{first}Made on {day_in_words(made_on)}, for this shift only."
    return (said if large else f"{said} {LADDER_NOTE} No person, stop or past overdose is on it.",)


def _quoted(text: str) -> str:
    return f"“{text}”"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
