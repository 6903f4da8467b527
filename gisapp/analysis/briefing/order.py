"""What the agreements in force on a day ask of all officers of a jurisdiction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from gisapp.analysis.briefing.briefing import UNSEEN, Dispute, Line, Rule
from gisapp.analysis.briefing.unfit import Unfit, shown
from gisapp.analysis.zones.overlaps import unsettled
from gisapp.errors import ExportError
from gisapp.layers import holding
from gisapp.layers.agreement import Agreement, Standing, day_in_words
from gisapp.layers.audience import Audience, sees_zone
from gisapp.layers.overlap import ground_held
from gisapp.layers.project import Project
from gisapp.layers.schedule import Calendar
from gisapp.layers.terms import Terms
from gisapp.layers.vocabulary import Basis, Polarity, Visibility
from gisapp.layers.zone import Zone


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """All that an operational instruction says; see `instruction.instruction`.

    `rules` are areas without enforcement under the same terms, `opposite` those that take it
    away, `other` areas in which nothing changes for officers. A rule without areas is one of an
    agreement for which none is drawn. `scenes` are terms on the scenes of overdoses, `left_out`
    areas in force of which nobody could rely on where they are.
    """

    project: Project
    day: date
    audience: Audience
    agreements: tuple[Agreement, ...]
    rules: tuple[Rule, ...]
    opposite: tuple[Rule, ...] = ()
    other: tuple[Rule, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    scenes: tuple[Agreement, ...] = ()
    left_out: tuple[Unfit, ...] = ()
    title: str = ""

    @property
    def told(self) -> frozenset[Visibility]:
        """Who may see the zones and agreements that are named."""
        zones = [line.zone for line, _ in self.lines] + [one.zone for one in self.left_out]
        return frozenset(
            (*(zone.visibility for zone in zones), *(one.visibility for one in self.agreements))
        )

    @property
    def lines(self) -> tuple[tuple[Line, Agreement], ...]:
        """Every area with its terms, by number."""
        found = [
            (line, rule.terms)
            for rule in (*self.rules, *self.opposite, *self.other)
            for line in rule.lines
        ]
        return tuple(sorted(found, key=lambda pair: pair[0].number))


def order(
    project: Project, day: date, audience: Audience = Audience.PATROL, title: str = ""
) -> Order:
    """The agreements in force on a day with their areas; ExportError where there is none."""
    agreements = _in_force(project, day, audience)
    if not agreements:
        raise ExportError(
            f"No agreement is in force on {day_in_words(day)}.",
            "An instruction can be made once all parties have signed one and it has begun.",
        )
    zones, unfit = shown(project, audience)
    left_out = tuple(
        one for one in unfit if project.version_on(project.zones[one.zone.id], day) is not None
    )
    found = [
        (zone, terms)
        for zone in zones
        if (terms := project.version_on(project.zones[zone.id], day)) is not None
        and _ground(project, zone, day)
    ]
    names = {zone.id: zone.name for zone, _ in found}
    names |= {one.zone.id: one.name for one in left_out}
    scenes = tuple(terms for zone, terms in found if zone.basis is Basis.EVENT_SCENE)
    placed = [pair for pair in found if pair[0].basis is not Basis.EVENT_SCENE]
    groups: dict[int, list[tuple[Zone, Agreement]]] = {0: [], 1: [], 2: []}
    for zone, terms in placed:
        groups[_group(zone.polarity)].append((zone, terms))
    rules = _rules(project, groups[0], day, 1, names)
    opposite = _rules(project, groups[1], day, 1 + len(groups[0]), names)
    other = _rules(project, groups[2], day, 1 + len(groups[0]) + len(groups[1]), names)
    known = {terms.id for _, terms in found}
    without = tuple(Rule(one, ()) for one in agreements if one.id not in known)
    rules = (*rules, *without)
    return Order(
        project=project,
        day=day,
        audience=audience,
        agreements=agreements,
        rules=rules,
        opposite=opposite,
        other=other,
        disputes=_disputes(project, rules, day, names),
        scenes=_once(scenes),
        left_out=left_out,
        title=title.strip(),
    )


def _in_force(project: Project, day: date, audience: Audience) -> tuple[Agreement, ...]:
    """The version of each agreement that is in force on the day, by title."""
    found = []
    for key, agreement in project.agreements.items():
        versions = project.versions_of_agreement(key)
        if holding.standing_on(versions, None, day) is not Standing.IN_FORCE:
            continue
        speaking = holding.speaking_on(versions, day)
        if speaking is not None and sees_zone(agreement.visibility, audience, exported=True):
            found.append(speaking)
    return tuple(sorted(found, key=lambda one: (one.title.casefold(), one.id)))


def _group(polarity: Polarity) -> int:
    if polarity is Polarity.NO_ENFORCEMENT:
        return 0
    return 1 if polarity.is_opposite else 2


def _ground(project: Project, zone: Zone, day: date) -> bool:
    return not ground_held(project, zone, day)[0].is_empty


def _rules(
    project: Project,
    found: list[tuple[Zone, Agreement]],
    day: date,
    first: int,
    names: dict[str, str],
) -> tuple[Rule, ...]:
    shown = set(names.values())
    groups: dict[tuple[str, Polarity, Terms], list[tuple[Zone, Agreement]]] = {}
    for zone, terms in found:
        plain = replace(terms.terms, hours=(), calendar=Calendar())
        groups.setdefault((terms.id, zone.polarity, plain), []).append((zone, terms))
    rules = []
    for members in groups.values():
        members.sort(key=lambda pair: (pair[0].name.casefold(), pair[0].id))
        lines = []
        for zone, _ in members:
            ways = ground_held(project, zone, day)[1]
            way = tuple(name if name in shown else UNSEEN for name in ways)
            lines.append(Line(first, zone, (), project.hours_problem(project.zones[zone.id]), way))
            first += 1
        rules.append(Rule(members[0][1], tuple(lines)))
    return tuple(rules)


def _disputes(
    project: Project, rules: tuple[Rule, ...], day: date, names: dict[str, str]
) -> tuple[Dispute, ...]:
    lines = {line.zone.id: line for rule in rules for line in rule.lines}
    found = []
    for pair in unsettled(project, day):
        for key, other in zip(pair.zone_ids, reversed(pair.zone_ids), strict=True):
            in_force = project.version_on(project.zones[other], day) is not None
            if key in lines and in_force:
                line = lines[key]
                name = names.get(other, UNSEEN)
                found.append(Dispute(line.number, line.zone.name, name, pair.area_m2))
    return tuple(found)


def _once(scenes: tuple[Agreement, ...]) -> tuple[Agreement, ...]:
    kept: dict[tuple[str, Terms], Agreement] = {}
    for terms in scenes:
        kept.setdefault((terms.id, terms.terms), terms)
    return tuple(kept.values())
