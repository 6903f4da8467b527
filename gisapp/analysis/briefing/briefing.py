"""What a shift has to know of an area: which zones hold there then, and on what terms.

Everything said comes from agreements in force; drafts and unsigned ones are left out, and so is
whatever the reader may not see. Scenes of overdoses are told as a rule, never as a place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import shapely

from gisapp.analysis.briefing.area import Area, told_zones
from gisapp.analysis.briefing.shift import Held, Shift, Spell, held_in
from gisapp.analysis.briefing.unfit import Unfit, shown
from gisapp.analysis.briefing.words import when
from gisapp.analysis.zones.overlaps import unsettled
from gisapp.errors import DataError, ExportError
from gisapp.layers.agreement import Agreement
from gisapp.layers.audience import Audience
from gisapp.layers.outline import sound
from gisapp.layers.overlap import ground_held
from gisapp.layers.project import Project
from gisapp.layers.schedule import Calendar
from gisapp.layers.terms import Terms
from gisapp.layers.vocabulary import Basis, Polarity, Visibility
from gisapp.layers.zone import Zone

#: What stands for a zone that the reader may not see.
UNSEEN = "an area that is not shown here"


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A zone on the sheet by its number, and the stretches of the shift at which it holds.

    `doubt` says why its hours are not certain; `gives_way` names areas of opposite sign on whose
    ground it was settled that it does not hold. `zone` is as it may be shown.
    """

    number: int
    zone: Zone
    spells: tuple[Spell, ...]
    doubt: str = ""
    gives_way: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """Zones under the same terms. `terms` are those of the version that holds in them."""

    terms: Agreement
    lines: tuple[Line, ...]

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(line.number for line in self.lines)


@dataclass(frozen=True, slots=True, eq=False)
class Dispute:
    """Ground on which nobody has settled whether a zone (its number) or another area holds."""

    number: int
    zone: str
    other: str
    area_m2: float


@dataclass(frozen=True, slots=True, eq=False)
class Briefing:
    """All that a briefing sheet says; see `sheet.sheet` for how it says it.

    `opposite` are areas that take protection away. `waiting` are zones of the area in force that
    day but at other hours, `unknown` those of which nobody knows when they hold: name and words.
    `left_out` are zones of the area in force of which nobody could rely on where they are.
    `scenes` are the terms of agreements on the scenes of overdoses. `told` says who may see the
    zones and agreements that are named.
    """

    project: Project
    area: Area
    shift: Shift
    audience: Audience
    rules: tuple[Rule, ...]
    opposite: tuple[Rule, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    waiting: tuple[tuple[str, Agreement], ...] = ()
    unknown: tuple[tuple[str, str], ...] = ()
    scenes: tuple[Agreement, ...] = ()
    left_out: tuple[Unfit, ...] = ()
    crossing: bool = False
    title: str = ""
    told: frozenset[Visibility] = frozenset()

    @property
    def lines(self) -> tuple[Line, ...]:
        """The zones without enforcement, by number."""
        return tuple(line for rule in self.rules for line in rule.lines)

    @property
    def opposite_lines(self) -> tuple[Line, ...]:
        return tuple(line for rule in self.opposite for line in rule.lines)


@dataclass(slots=True)
class _Found:
    """Zones of the area, as they are sorted out."""

    plain: list[Held] = field(default_factory=list)
    opposite: list[Held] = field(default_factory=list)
    scenes: list[Agreement] = field(default_factory=list)
    waiting: list[tuple[str, Agreement]] = field(default_factory=list)
    unknown: list[tuple[str, str]] = field(default_factory=list)
    told: set[Visibility] = field(default_factory=set)


def briefing(
    project: Project,
    area: Area,
    shift: Shift,
    audience: Audience = Audience.PATROL,
    title: str = "",
) -> Briefing:
    """What officers on a shift in an area have to know.

    DataError where the area lies outside everything in the project; ExportError where no zone of
    it holds at any time of the shift, for there is nothing to say then.
    """
    _check_place(project, area)
    zones, unfit = shown(project, audience)
    inside = [zone for zone in zones if _meets(area, zone)]
    left_out = tuple(
        one for one in unfit if _meets(area, one.zone) and _in_force(project, one.zone, shift)
    )
    found = _sorted_out(project, inside, shift)
    if not (found.plain or found.opposite or found.scenes or found.unknown):
        told = [zone for zone in told_zones(project, audience) if _meets(area, zone)]
        if told and all(project.agreement_of(zone) is None for zone in told):
            raise _only_proposals(area, len(told))
        raise _nothing(area, shift, told, found.waiting, left_out)
    named = (*zones, *(one.zone for one in unfit))
    names = {zone.id: zone.name for zone in named}
    rules = _rules(project, found.plain, shift, names, 1)
    opposite = _rules(
        project, found.opposite, shift, names, 1 + sum(len(rule.lines) for rule in rules)
    )
    disputes = _disputes(project, rules, shift, names)
    met = {one.other for one in disputes}
    met |= {name for rule in rules for line in rule.lines for name in line.gives_way}
    met |= {one.name for one in left_out}
    return Briefing(
        project=project,
        area=area,
        shift=shift,
        audience=audience,
        rules=rules,
        opposite=opposite,
        disputes=disputes,
        waiting=tuple(found.waiting),
        unknown=tuple(found.unknown),
        scenes=tuple(dict.fromkeys(found.scenes)),
        left_out=left_out,
        crossing=_crossing(rules),
        title=title.strip(),
        told=frozenset(found.told | {zone.visibility for zone in named if zone.name in met}),
    )


def _check_place(project: Project, area: Area) -> None:
    bounds = project.bounds
    if not project.zones:
        raise DataError(
            "There are no zones in this project, so there is nothing to brief on.",
            "Draw zones and put them under an agreement first.",
        )
    if area.shape is not None and bounds is not None:
        ground = shapely.box(*bounds)
        if not shapely.intersects(ground, area.shape):
            raise DataError(
                f"“{area.name}” lies outside everything in this project.",
                "Choose an area within the map.",
            )


def _meets(area: Area, zone: Zone) -> bool:
    if area.shape is None:
        return True
    ground = sound(zone.shape)
    return bool(shapely.intersects(ground, area.shape) and not shapely.touches(ground, area.shape))


def _sorted_out(project: Project, zones: Sequence[Zone], shift: Shift) -> _Found:
    found = _Found()
    holding: set[str] = set()
    for one in held_in(project, zones, shift):
        holding.add(one.zone.id)
        found.told |= {one.zone.visibility, one.terms.visibility}
        if one.zone.basis is Basis.EVENT_SCENE:
            found.scenes.append(one.terms)
        elif one.zone.polarity.is_opposite:
            found.opposite.append(one)
        elif one.zone.polarity is Polarity.NO_ENFORCEMENT and not _gives_way(project, one, shift):
            found.plain.append(one)
    for zone in zones:
        if zone.id in holding or zone.polarity is not Polarity.NO_ENFORCEMENT:
            continue
        terms = _in_force(project, zone, shift)
        if terms is None or zone.basis is Basis.EVENT_SCENE:
            continue
        found.told |= {zone.visibility, terms.visibility}
        why = project.hours_problem(project.zones[zone.id])
        if why:
            found.unknown.append((zone.name, why))
        else:
            found.waiting.append((zone.name, terms))
    return found


def _in_force(project: Project, zone: Zone, shift: Shift) -> Agreement | None:
    """The version in force on the first or the last day of the shift."""
    zone = project.zones[zone.id]
    days = (shift.day, (shift.end - timedelta(microseconds=1)).date())
    return next((one for day in days if (one := project.version_on(zone, day)) is not None), None)


def _gives_way(project: Project, held: Held, shift: Shift) -> bool:
    """Whether it was settled that other areas hold on all the ground of a zone."""
    ground, _ = ground_held(project, held.zone, shift.day)
    return bool(ground.is_empty)


def _rules(
    project: Project, held: Sequence[Held], shift: Shift, names: dict[str, str], first: int
) -> tuple[Rule, ...]:
    """Zones under the same terms together, numbered from `first` on, in the order of names."""
    groups: dict[tuple[str, int, Polarity, Terms], list[Held]] = {}
    for one in held:
        # When they hold is said of each zone; all else has to be the same.
        terms = replace(one.terms.terms, hours=(), calendar=Calendar())
        key = (one.terms.id, one.terms.version, one.zone.polarity, terms)
        groups.setdefault(key, []).append(one)
    rules = []
    for members in groups.values():
        members.sort(key=lambda one: (one.zone.name.casefold(), one.zone.id))
        lines = []
        for one in members:
            _, ways = ground_held(project, one.zone, shift.day)
            shown = set(names.values())
            way = tuple(name if name in shown else UNSEEN for name in ways)
            doubt = project.hours_problem(project.zones[one.zone.id])
            lines.append(Line(first, one.zone, one.spells, doubt, way))
            first += 1
        rules.append(Rule(members[0].terms, tuple(lines)))
    return tuple(rules)


def _disputes(
    project: Project, rules: Sequence[Rule], shift: Shift, names: dict[str, str]
) -> tuple[Dispute, ...]:
    lines = {line.zone.id: line for rule in rules for line in rule.lines}
    found = []
    for pair in unsettled(project, shift.day):
        for key, other in zip(pair.zone_ids, reversed(pair.zone_ids), strict=True):
            if key in lines and _binds(project, other, shift):
                line = lines[key]
                name = names.get(other, UNSEEN)
                found.append(Dispute(line.number, line.zone.name, name, pair.area_m2))
    return tuple(found)


def _binds(project: Project, other: str, shift: Shift) -> bool:
    """Whether the area of opposite sign is in force during the shift."""
    return bool(held_in(project, [project.zones[other]], shift))


def _crossing(rules: Sequence[Rule]) -> bool:
    """Whether zones under different terms share ground."""
    if len(rules) < 2:
        return False
    grounds = [shapely.union_all([sound(line.zone.shape) for line in r.lines]) for r in rules]
    return any(
        shapely.intersects(one, other) and not shapely.touches(one, other)
        for place, one in enumerate(grounds)
        for other in grounds[place + 1 :]
    )


def _only_proposals(area: Area, count: int) -> ExportError:
    of_them = "The only zone" if count == 1 else f"None of the {count:,} zones"
    under = "is under no agreement" if count == 1 else "is under an agreement"
    return ExportError(
        f"{of_them} in {_place(area)} {under}.", "Zones are proposals until one is recorded."
    )


def _place(area: Area) -> str:
    return "the whole jurisdiction" if area.shape is None else f"“{area.name}”"


def _nothing(
    area: Area,
    shift: Shift,
    told: Sequence[Zone],
    waiting: Sequence[tuple[str, Agreement]],
    left_out: Sequence[Unfit],
) -> ExportError:
    where = _place(area)
    if left_out and not waiting:
        first = left_out[0]
        return ExportError(
            f"No zone in {where} that officers could rely on is in force on {shift.in_words()}.",
            f"“{first.name}” is left out: {first.why}.",
        )
    if not told:
        whole = "Record an agreement about zones that patrol may see first."
        return ExportError(
            f"No zone that officers may be told of lies in {where}.",
            whole if area.shape is None else "Choose another area, or the whole jurisdiction.",
        )
    hint = "Choose another day, or check the agreement: it must be signed and in force."
    if waiting:
        name, terms = waiting[0]
        hint = f"“{name}” holds at these hours: {when(terms, shift.day)}."
    return ExportError(f"No zone in {where} is in force on {shift.in_words()}.", hint)
