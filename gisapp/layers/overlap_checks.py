"""Zones on the same ground: opposite signs that a person has to settle, terms that differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import shapely

from gisapp.layers import geodesy
from gisapp.layers.agreement import Agreement, day_in_words
from gisapp.layers.issue import Code, Issue, Severity, middle_of
from gisapp.layers.outline import sound
from gisapp.layers.overlap import Overlap, has_ended, settlement_of
from gisapp.layers.project import Project
from gisapp.layers.scenario import OverlapRule, Settled
from gisapp.layers.vocabulary import Polarity
from gisapp.layers.zone import Zone
from gisapp.progress import breathe


def overlap_issues(project: Project, day: date, overlaps: Sequence[Overlap]) -> Iterator[Issue]:
    """Overlaps of zones that still bind somebody on the day.

    Of opposite sign each is an error until a person settles it, then a note that says who did.
    Of one sign they are told where their lists of suspended activities differ.
    """
    ended = {zone.id for zone in project.zones.values() if has_ended(project, zone, day)}
    terms: dict[str, Agreement | None] = {}
    for one in overlaps:
        breathe()
        if not (ended.isdisjoint(one.zone_ids) and set(one.zone_ids) <= project.zones.keys()):
            continue
        if one.opposite:
            yield _opposite(project, one)
            continue
        pair = [project.zones[key] for key in one.zone_ids]
        if any(zone.polarity is not Polarity.NO_ENFORCEMENT for zone in pair):
            continue
        for zone in pair:
            if zone.id not in terms:
                terms[zone.id] = project.terms_on(zone, day)
        lists = [terms[zone.id] for zone in pair]
        if None not in lists and _suspended(lists[0]) != _suspended(lists[1]):
            yield _of_one_sign(project, pair, one, [len(_suspended(each)) for each in lists])


def _suspended(agreement: Agreement | None) -> frozenset[str]:
    if agreement is None:
        return frozenset()
    other = agreement.suspended_other.strip()
    return frozenset((*agreement.suspended, *((other,) if other else ())))


def _opposite(project: Project, one: Overlap) -> Issue:
    first, second = (project.zones[key] for key in one.zone_ids)
    if first.polarity is not Polarity.NO_ENFORCEMENT:
        first, second = second, first
    common = one.common if one.common is not None else first.shape
    what = (
        f"“{first.name}” and “{second.name}” ({second.polarity.label.lower()}) share "
        f"{geodesy.area_in_words(one.area_m2)} of ground"
    )
    settled = settlement_of(project, *one.zone_ids)
    if settled is None:
        severity, message = Severity.ERROR, f"{what}: somebody has to settle which of them holds."
    else:
        holds = first if settled.settled is Settled.NO_ENFORCEMENT_HOLDS else second
        why = f" ({settled.why})" if settled.why else ""
        severity = Severity.NOTE
        message = (
            f"{what}. “{holds.name}” holds there: settled by {settled.who} on "
            f"{day_in_words(settled.on)}{why}."
        )
    parts = shapely.get_parts(common)
    return Issue(
        severity,
        Code.OPPOSITE_OVERLAP,
        message,
        zone_ids=one.zone_ids,
        places=(middle_of(parts[int(shapely.area(parts).argmax())]),),
        bounds=common.bounds,
        settled=settled is not None,
    )


def _of_one_sign(
    project: Project, pair: Sequence[Zone], one: Overlap, lengths: Sequence[int]
) -> Issue:
    first, second = pair
    common = shapely.intersection(sound(first.shape), sound(second.shape))
    if project.overlap_rule is OverlapRule.UNION:
        rule = "whatever either of them suspends is suspended on the ground they share"
    elif lengths[0] == lengths[1]:
        rule = "their lists are equally long, so the higher priority holds, or both"
    else:
        longer = first if lengths[0] > lengths[1] else second
        rule = f"“{longer.name}” suspends more and holds on the ground they share"
    return Issue(
        Severity.NOTE,
        Code.OVERLAP_TERMS,
        f"“{first.name}” and “{second.name}” overlap and suspend different things: {rule}.",
        zone_ids=one.zone_ids,
        places=(middle_of(common),),
        bounds=common.bounds,
    )
