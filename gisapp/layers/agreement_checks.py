"""Agreements looked at on a day: signatures, dates, reviews, and terms that leave a question."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from gisapp.layers import agreement_edits, edits
from gisapp.layers.agreement import Agreement, Standing, Status, day_in_words
from gisapp.layers.edits import Edit
from gisapp.layers.issue import Code, Issue, Severity, named
from gisapp.layers.layer import Bounds
from gisapp.layers.project import Project
from gisapp.layers.reviews import next_review
from gisapp.layers.terms import Terms
from gisapp.layers.vocabulary import Exemption, Polarity
from gisapp.layers.zone import Zone

_SUPPLY = re.compile(r"suppl|deal|traffick|distribut|deliver", re.IGNORECASE)


def agreement_issues(
    project: Project, day: date, timezones: Mapping[str, str] | None = None
) -> Iterator[Issue]:
    """What is to be done about each agreement; `timezones` says by zone id where zones lie."""
    under: dict[str, list[Zone]] = defaultdict(list)
    for zone in project.zones.values():
        if zone.agreement_id in project.agreements:
            under[str(zone.agreement_id)].append(zone)
    for agreement in project.agreements.values():
        zones = under[agreement.id]
        yield from _dates(project, agreement, zones, day)
        undated = undated_end(agreement)
        if undated:
            yield _about(Severity.WARNING, Code.END_UNDATED, undated, agreement, zones)
        if not zones:
            yield _about(
                Severity.NOTE,
                Code.NO_ZONES,
                f"No zone carries out “{agreement.title}” on the ground yet.",
                agreement,
                zones,
            )
        yield from _time_zones(agreement, zones, day, timezones or {})
        yield from _all_terms(project, agreement, zones)
    yield from _under_none(project)


def _about(
    severity: Severity,
    code: Code,
    message: str,
    agreement: Agreement | None,
    zones: list[Zone],
    fix: Edit | None = None,
    fix_words: str = "",
) -> Issue:
    """An issue of an agreement, or of zones without one."""
    boxes = [zone.shape.bounds for zone in zones]
    bounds: Bounds | None = None
    if boxes:
        west, south, east, north = zip(*boxes, strict=True)
        bounds = min(west), min(south), max(east), max(north)
    return Issue(
        severity,
        code,
        message,
        zone_ids=tuple(zone.id for zone in zones),
        agreement_id=None if agreement is None else agreement.id,
        places=tuple(((box[0] + box[2]) / 2, (box[1] + box[3]) / 2) for box in boxes),
        bounds=bounds,
        fix=fix,
        fix_words=fix_words,
    )


def _under_none(project: Project) -> Iterator[Issue]:
    loose = [
        zone
        for zone in project.zones.values()
        if zone.agreement_id not in project.agreements
        and zone.polarity is not Polarity.EVALUATION_ONLY
    ]
    if loose:
        names = named([zone.name for zone in loose])
        are = "is a proposal" if len(loose) == 1 else "are proposals"
        yield _about(
            Severity.NOTE,
            Code.NO_AGREEMENT,
            f"{_zones(len(loose))} under no agreement {are}: {names}.",
            None,
            loose,
        )


def _zones(count: int) -> str:
    return "1 zone" if count == 1 else f"{count:,} zones"


# Signatures, dates, reviews


def _dates(project: Project, agreement: Agreement, zones: list[Zone], day: date) -> Iterator[Issue]:
    standing = agreement.standing_on(day)
    versions = [old for old in project.former if old.id == agreement.id]
    held = any(
        old.superseded_by(agreement).standing_on(day) is Standing.IN_FORCE for old in versions
    )
    if standing is Standing.UNSIGNED:
        late = [p for p in agreement.parties if p.signed_on is None or p.signed_on > day]
        missing = [party.organisation for party in late]
        what = f"is not signed by {', '.join(missing)}" if missing else "names no parties"
        yield _about(
            Severity.WARNING,
            Code.UNSIGNED,
            f"“{agreement.title}” {what}, so it holds nowhere.",
            agreement,
            zones,
        )
    elif standing is Standing.EXPIRED and zones and not held:
        ended = f" after {day_in_words(agreement.expires)}" if agreement.expires else ""
        yield _about(
            Severity.WARNING,
            Code.EXPIRED,
            f"“{agreement.title}” ended{ended}: its {_zones(len(zones))} no longer "
            f"{'holds' if len(zones) == 1 else 'hold'}.",
            agreement,
            zones,
        )
    review = next_review(agreement)
    live = agreement.status in (Status.AGREED, Status.IN_FORCE, Status.SUSPENDED)
    if review is not None and review < day and live and standing is not Standing.EXPIRED:
        yield _about(
            Severity.WARNING,
            Code.REVIEW_OVERDUE,
            f"The review of “{agreement.title}” was due on {day_in_words(review)}.",
            agreement,
            zones,
        )


# Time zones


def _time_zones(
    agreement: Agreement, zones: list[Zone], day: date, timezones: Mapping[str, str]
) -> Iterator[Issue]:
    """Zones whose clocks differ from those of their agreement."""
    known = {zone.id: timezones[zone.id] for zone in zones if timezones.get(zone.id)}
    clocks: dict[tuple[object, ...], list[Zone]] = defaultdict(list)
    for zone in zones:
        if zone.id in known:
            clocks[_clock(known[zone.id], day)].append(zone)
    if len(clocks) > 1:
        names = sorted({known[some[0].id] for some in clocks.values()})
        yield _about(
            Severity.WARNING,
            Code.TIME_ZONES,
            f"The zones of “{agreement.title}” lie in several time zones ({', '.join(names)}); "
            f"its days and hours are those of {agreement.timezone}.",
            agreement,
            zones,
        )
    elif clocks and _clock(agreement.timezone, day) not in clocks:
        there = known[next(iter(clocks.values()))[0].id]
        key = agreement.id

        def apply(project: Project) -> Project:
            now = replace(project.agreements[key], timezone=there)
            return edits.correct_agreement(now).apply(project)

        yield _about(
            Severity.WARNING,
            Code.TIME_ZONES,
            f"The hours of “{agreement.title}” are those of {agreement.timezone}, but its zones "
            f"lie in {there}.",
            agreement,
            zones,
            Edit("Set time zone of the agreement", apply),
            f"Take its days and hours as those of {there}.",
        )


def _clock(name: str, day: date) -> tuple[object, ...]:
    """How far a time zone is from UTC in winter and summer of a year: what tells it apart."""
    zone = ZoneInfo(name)
    months = (datetime(day.year, month, 15, tzinfo=zone) for month in (1, 4, 7, 10))
    return tuple(at.utcoffset() for at in months)


def undated_end(agreement: Agreement) -> str:
    """What to say of one that is suspended or has ended from a day nobody wrote down; else empty.

    Taken for all time, so that no day is made up on which it would have held (decision 13).
    """
    if agreement.history or agreement.status not in _ENDED:
        return ""
    return (
        f"“{agreement.title}” is {agreement.status.value}, and no step of its history says since "
        "when: it counts as never having been in force."
    )


_ENDED = (Status.SUSPENDED, Status.EXPIRED, Status.WITHDRAWN)


# Terms


def _all_terms(project: Project, agreement: Agreement, zones: list[Zone]) -> Iterator[Issue]:
    common = [zone for zone in zones if zone.terms is None]
    if common or not zones:
        yield from _terms(project, agreement, common, agreement.terms, f"“{agreement.title}”")
    for zone in zones:
        if zone.terms is not None:
            who = f"“{zone.name}” has terms of its own, which"
            yield from _terms(project, agreement, [zone], zone.terms, who)


def _terms(
    project: Project, agreement: Agreement, zones: list[Zone], terms: Terms, who: str
) -> Iterator[Issue]:
    plain = [zone for zone in zones if zone.polarity is Polarity.NO_ENFORCEMENT]
    said = terms.suspended or terms.suspended_other.strip()
    draft = agreement.status is Status.DRAFT
    if plain and not said:
        own = zones[0].terms is not None
        mended = own and bool(agreement.suspended or agreement.suspended_other.strip())
        yield _about(
            Severity.NOTE if draft else Severity.WARNING,
            Code.NOTHING_SUSPENDED,
            f"{who} suspend{'' if own else 's'} nothing.",
            agreement,
            zones,
            agreement_edits.set_terms([zones[0].id], None) if mended else None,
            f"Let the terms of “{agreement.title}” hold there again." if mended else "",
        )
    if plain and said and not _says_supply(terms):
        yield _about(
            Severity.WARNING,
            Code.SUPPLY_UNSTATED,
            f"{who} say{'' if zones[0].terms is not None else 's'} neither that supply is covered "
            "nor that it is not.",
            agreement,
            zones,
        )
    bare = [one.substance for one in terms.thresholds if not one.unit.strip()]
    if bare:
        yield _about(
            Severity.WARNING,
            Code.THRESHOLD_UNIT,
            f"{who} give{'' if zones and zones[0].terms is not None else 's'} an amount of "
            f"{', '.join(bare)} without a unit.",
            agreement,
            zones,
        )
    if terms.calendar.service_hours:
        yield from _service_hours(project, agreement, zones)


def _says_supply(terms: Terms) -> bool:
    texts = (terms.exceptions_other, *(offence.reference for offence in terms.offences))
    return Exemption.SUPPLY in terms.exceptions or any(map(_SUPPLY.search, texts))


def _service_hours(project: Project, agreement: Agreement, zones: list[Zone]) -> Iterator[Issue]:
    unknown = [zone for zone in zones if project.hours_problem(zone)]
    if unknown:
        yield _about(
            Severity.WARNING,
            Code.SERVICE_HOURS,
            f"“{agreement.title}” holds while the service is open, but nobody knows when that is "
            f"for {named([zone.name for zone in unknown])}.",
            agreement,
            unknown,
        )
