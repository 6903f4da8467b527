"""The log of possible breaches: who reads it, by which clock, and what held."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from gisapp.layers import breach_log
from gisapp.layers.audience import Audience
from gisapp.layers.breach import Breach
from gisapp.layers.breach_edits import record_breach
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import Activity, BreachSource, Visibility
from gisapp.layers.zone import Zone
from tests.ui import made

NEW_YORK = ZoneInfo("America/New_York")
#: A Friday evening, in the hours of the agreement.
HELD = datetime(2025, 6, 6, 22, 30, tzinfo=NEW_YORK)


@pytest.fixture
def project() -> Iterator[Project]:
    yield made.project()


def zone_of(project: Project) -> Zone:
    return next(zone for zone in project.zones.values() if zone.agreement_id)


def noted(project: Project, at: datetime = HELD, **more: object) -> Project:
    start = Breach(zone_of(project).id, at, BreachSource.CLIENT, Activity.DRUG_SEARCH)
    return record_breach(replace(start, **more)).apply(project)


@pytest.mark.parametrize("visibility", Visibility)
@pytest.mark.parametrize("audience", Audience)
def test_police_and_partners_read_of_zones_that_they_see(
    project: Project, visibility: Visibility, audience: Audience
) -> None:
    zone = replace(zone_of(project), visibility=visibility)
    project = noted(project.with_zone(zone))
    reads = {
        Visibility.PUBLIC: {Audience.POLICE, Audience.PARTNERS},
        Visibility.PARTNERS: {Audience.POLICE, Audience.PARTNERS},
        Visibility.POLICE_ONLY: {Audience.POLICE},
        Visibility.NEVER_EXPORT: {Audience.POLICE},
    }[visibility]
    assert bool(breach_log.seen(project, audience)) == (audience in reads)


def test_an_agreement_that_is_hidden_hides_what_happened_under_it(project: Project) -> None:
    (agreement,) = project.agreements.values()
    hidden = replace(agreement, visibility=Visibility.POLICE_ONLY)
    project = noted(project.with_agreement(hidden))
    assert breach_log.seen(project, Audience.POLICE)
    assert not breach_log.seen(project, Audience.PARTNERS)


def test_a_zone_that_has_gone_shows_nothing(project: Project) -> None:
    project = noted(project)
    assert not breach_log.seen(project.without_zones(project.zones), Audience.POLICE)


def test_months_are_those_of_the_clock_on_the_spot(project: Project) -> None:
    """Half past one in the morning of 1 July in London is still June in New York."""
    at = datetime(2025, 7, 1, 0, 30, tzinfo=UTC)
    project = noted(noted(project, at), HELD, id="b" * 32, activity=Activity.ARREST)
    assert breach_log.by_month(project, project.breaches) == {
        "2025-06": {Activity.DRUG_SEARCH: 1, Activity.ARREST: 1}
    }


@pytest.mark.parametrize(
    ("at", "activity", "says"),
    [
        (HELD, Activity.DRUG_SEARCH, "was suspended in it"),
        (HELD, Activity.SURVEILLANCE, "not among what was suspended"),
        (HELD.replace(hour=12), Activity.DRUG_SEARCH, "At this hour"),
        (HELD.replace(year=2024), Activity.DRUG_SEARCH, "not in force"),
        (HELD.replace(year=2027), Activity.DRUG_SEARCH, "not in force: expired"),
    ],
)
def test_what_held_at_the_moment(
    project: Project, at: datetime, activity: Activity, says: str
) -> None:
    assert says in breach_log.what_held(project, zone_of(project), at, activity)


def test_hours_over_midnight_belong_to_the_evening_before(project: Project) -> None:
    """On 31 December 2026, the last day, it holds till midnight; nothing is said to have failed."""
    small_hours = datetime(2025, 6, 7, 3, 59, tzinfo=NEW_YORK)
    words = breach_log.what_held(project, zone_of(project), small_hours, Activity.ARREST)
    assert "was suspended in it" in words


def test_a_zone_under_no_agreement_says_so(project: Project) -> None:
    zone = replace(zone_of(project), agreement_id=None)
    assert "no agreement" in breach_log.what_held(
        project.with_zone(zone), zone, HELD, Activity.ARREST
    )
