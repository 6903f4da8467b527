"""Everything that a project should be looked at for, in plain words and with what can be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from gisapp.layers.agreement_checks import agreement_issues
from gisapp.layers.audience import Audience, Showing, sees_zone, showing
from gisapp.layers.confidential import names_a_site
from gisapp.layers.issue import Code, Issue, Severity
from gisapp.layers.jurisdiction_checks import jurisdiction_issues
from gisapp.layers.outline_checks import outline_issues
from gisapp.layers.overlap import Overlap
from gisapp.layers.overlap_checks import overlap_issues
from gisapp.layers.project import Project
from gisapp.layers.record_checks import record_issues
from gisapp.layers.seen import seen_by
from gisapp.layers.site_checks import site_issues

__all__ = ["Code", "Issue", "Severity", "issues", "issues_seen_by"]

_ORDER = {code: number for number, code in enumerate(Code)}


def issues(
    project: Project,
    day: date,
    overlaps: Sequence[Overlap] = (),
    timezones: Mapping[str, str] | None = None,
) -> tuple[Issue, ...]:
    """All issues of a project as it stands on a day, the gravest first, then by their kind.

    `overlaps` are pairs of zones on the same ground (see `analysis.zones.overlaps`), `timezones`
    the IANA names of the places where zones lie, by zone id; without them nothing is said of
    either.
    """
    found = [
        *outline_issues(project),
        *jurisdiction_issues(project),
        *overlap_issues(project, day, overlaps),
        *site_issues(project, day),
        *agreement_issues(project, day, timezones),
        *record_issues(project, day),
    ]
    return tuple(sorted(found, key=lambda issue: (issue.severity, _ORDER[issue.code])))


def issues_seen_by(
    project: Project, found: Sequence[Issue], audience: Audience
) -> tuple[Issue, ...]:
    """The issues that an audience may read: about zones and layers it sees, and no breach."""
    if audience is Audience.POLICE:
        return tuple(found)
    hidden = project.zones.keys() - seen_by(project, audience, exported=False).zones.keys()
    secret = {
        key
        for key, agreement in project.agreements.items()
        if not sees_zone(agreement.visibility, audience, exported=False)
    }
    closed = {
        layer.id
        for layer in project.layers
        if showing(layer.kind, layer.sensitivity, audience, exported=False) is not Showing.EACH
    }
    return tuple(
        issue
        for issue in found
        if hidden.isdisjoint(issue.zone_ids)
        and issue.agreement_id not in secret
        and issue.layer_id not in closed
        and issue.code is not Code.BREACH
        and not names_a_site(project, issue.message)
    )
