"""Which zones may go to patrol systems on a day, and why the others may not."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import date

import shapely

from gisapp.analysis.zones.overlaps import unsettled
from gisapp.io.patrol.zones import ground_of, outline
from gisapp.layers import geodesy
from gisapp.layers.agreement import Agreement, Standing, day_in_words
from gisapp.layers.audience import Audience, sees_zone
from gisapp.layers.confidential import confidential_sites
from gisapp.layers.given_away import gives_away
from gisapp.layers.overlap import ground_held
from gisapp.layers.project import Project
from gisapp.layers.told_together import leaving, told_by, told_together
from gisapp.layers.vocabulary import Basis, Polarity, Visibility
from gisapp.layers.zone import Zone

#: Reasons that are mistakes to be put right: the zone is in force, and officers are not told.
FLAWS = frozenset({"invalid_outline", "no_area", "no_basis", "unsettled_overlap"})
#: Reasons of which a receiver learns nothing, not even that there is one.
KEPT_BACK = frozenset({"not_for_audience", "confidential"})
#: Degrees from west to east; the shorter way between two corners would be the other one.
_HALF_ROUND = 180.0


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason why a zone stays out: a code for programs, words for people."""

    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A zone that does not go out, and every reason for it."""

    zone_id: str
    name: str
    reasons: tuple[Reason, ...]

    @property
    def reason(self) -> str:
        """All reasons in plain words."""
        return "; ".join(reason.words for reason in self.reasons)

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(reason.code for reason in self.reasons)

    @property
    def is_flawed(self) -> bool:
        """Whether the zone is in force and would go out, were nothing wrong with it."""
        return FLAWS.issuperset(self.codes)


def exportable(
    project: Project, day: date, audience: Audience = Audience.PATROL
) -> tuple[tuple[Zone, ...], tuple[Refusal, ...]]:
    """Zones that may go out on a day, and the others with the reasons for each."""
    zones = []
    refusals = []
    disputes = _disputes(project, day)
    together = _together(project, day)
    for zone in project.zones.values():
        found = _reasons_against(project, zone, day, audience)
        reasons = (*found, *disputes.get(zone.id, ()), *together.get(zone.id, ()))
        if reasons:
            refusals.append(Refusal(zone.id, zone.name, reasons))
        else:
            zones.append(zone)
    return tuple(zones), tuple(refusals)


def _disputes(project: Project, day: date) -> dict[str, list[Reason]]:
    """By the id of a zone: overlaps with zones of opposite sign on which nobody decided yet."""
    found: dict[str, list[Reason]] = {}
    for pair in unsettled(project, day):
        for key, other in zip(pair.zone_ids, reversed(pair.zone_ids), strict=True):
            words = f"nobody has settled its overlap with “{project.zones[other].name}”"
            found.setdefault(key, []).append(Reason("unsettled_overlap", words))
    return found


def _together(project: Project, day: date) -> dict[str, list[Reason]]:
    """By the id of a zone: that with others it would tell where a confidential service is."""
    if not confidential_sites(project):
        return {}
    told = dict(told_together(project))
    whole = leaving(project)
    cut = {
        key: ground_of(project, project.zones[key], day)
        for key in whole
        if ground_held(project, project.zones[key], day)[1]
    }
    if cut:
        # What is left of a zone may have its middles elsewhere than all of it.
        left = {key: shape for key, shape in (whole | cut).items() if not shape.is_empty}
        for key, others in told_by(project, left).items():
            told[key] = told.get(key, frozenset()) | others
    return {key: [_beside(project, others)] for key, others in told.items()}


def _beside(project: Project, others: Set[str]) -> Reason:
    names = ", ".join(sorted(f"“{project.zones[key].name}”" for key in others))
    return Reason(
        "confidential",
        f"together with {names} its outline would tell where a confidential service is: draw one "
        "of them so that the service is well off the middle of what they cover",
    )


def _reasons_against(
    project: Project, zone: Zone, day: date, audience: Audience
) -> Iterator[Reason]:
    if zone.polarity.is_opposite:
        yield Reason("opposite_sign", f"it is of the opposite sign ({zone.polarity.label.lower()})")
    elif zone.polarity is not Polarity.NO_ENFORCEMENT:
        words = f"it is no zone without enforcement ({zone.polarity.label.lower()})"
        yield Reason("other_sign", words)
    for what, one in (("it", zone), ("its agreement", project.agreement_of(zone))):
        if one is not None and not sees_zone(one.visibility, audience, exported=True):
            yield Reason("not_for_audience", f"{what} {_not_for(one, audience)}")
    yield from _against_outline(project, zone, day)
    agreement = project.version_on(zone, day)
    if agreement is None:
        yield _why_not_in_force(project, zone, day)
    current = agreement or project.agreement_of(zone)
    basis = zone.basis_text.strip() or (current.radius_basis.strip() if current else "")
    if zone.basis is Basis.CIRCLE and not basis:
        yield Reason(
            "no_basis", "nobody wrote down who settled on the radius of this circle, and how"
        )


def _not_for(one: Zone | Agreement, audience: Audience) -> str:
    if one.visibility is Visibility.NEVER_EXPORT:
        return "may never leave this program"
    return f"is not meant for {audience.within}"


def _no_area(zone: Zone) -> str:
    west, _, east, _ = zone.shape.bounds
    if east - west >= _HALF_ROUND:
        return (
            "its outline reaches half way round the Earth or more, so nobody can tell which side "
            "of it is meant: draw the area itself"
        )
    return "its outline has no area"


def _against_outline(project: Project, zone: Zone, day: date) -> Iterator[Reason]:
    if not shapely.is_valid(zone.shape):
        why = shapely.is_valid_reason(zone.shape).lower()
        yield Reason("invalid_outline", f"its outline is not valid ({why})")
    elif not geodesy.area_m2(outline(zone)) > 0:
        yield Reason("no_area", _no_area(zone))
    elif not geodesy.area_m2(ground_held(project, zone, day)[0]) > 0:
        yield Reason("no_ground", "it was settled that another zone holds on all of its ground")
    elif _tells(project, zone, day):
        yield Reason(
            "confidential",
            "its outline would tell where a confidential service is: draw an area that has the "
            "service well off its middle",
        )


def _tells(project: Project, zone: Zone, day: date) -> bool:
    """Whether what would go out of a zone tells where a confidential service is."""
    # Ground that was settled for others costs time to cut off, so ask first whether it matters.
    if not confidential_sites(project):
        return False
    return gives_away(project, zone, ground_of(project, zone, day))


def _why_not_in_force(project: Project, zone: Zone, day: date) -> Reason:
    agreement = project.terms_on(zone, day)
    if agreement is None:
        return Reason("no_agreement", "it is under no agreement")
    standing = agreement.standing_on(day)
    if standing is Standing.IN_FORCE:
        if project.standing(zone, day) is Standing.EXPIRED:
            return Reason("expired", "the event that it is the scene of is over")
        return Reason("not_yet", "the event that it is the scene of is to come")
    start, end = agreement.effective, agreement.expires
    words = {
        Standing.DRAFT: "is a draft",
        Standing.SUSPENDED: "is suspended",
        Standing.WITHDRAWN: "was withdrawn",
        Standing.SUPERSEDED: "was superseded by another",
        Standing.EXPIRED: "has expired" + (f" (last day {day_in_words(end)})" if end else ""),
        Standing.UNSIGNED: _unsigned(agreement),
        Standing.AGREED: "is not yet in force"
        + (f" (from {day_in_words(start)})" if start else " (it has no first day)"),
    }.get(standing, f"is not in force on {day_in_words(day)}")
    code = {Standing.AGREED: "not_yet"}.get(standing, standing.name.lower())
    return Reason(code, f"its agreement {words}")


def _unsigned(agreement: Agreement) -> str:
    """Who has not signed, or who signed after the day that is asked about."""
    if not agreement.parties:
        return "is not signed; it names no parties"
    missing = [party.organisation for party in agreement.parties if party.signed_on is None]
    if missing:
        return f"is not signed by {', '.join(missing)}"
    last = max(party.signed_on for party in agreement.parties if party.signed_on is not None)
    return f"was not signed by all until {day_in_words(last)}"
