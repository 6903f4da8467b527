"""How a zone stood, stands and will stand: histories, versions, own terms, scenes, services."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gisapp.layers.agreement import Agreement, Hours, Party, Standing, Status, StatusChange
from gisapp.layers.layer import Layer, Points, new_layer
from gisapp.layers.lifecycle import moved
from gisapp.layers.moments import Moments
from gisapp.layers.project import Change, Project
from gisapp.layers.schedule import Calendar, OnHolidays
from gisapp.layers.terms import Terms
from gisapp.layers.vocabulary import Basis, LayerKind, PartyRole
from gisapp.layers.zone import Zone
from gisapp.layers.zone_look import zone_looks
from tests.layers.test_schedule import histories

SIGNED = (Party("Police", PartyRole.POLICE, "Chief", date(2023, 6, 1)),)
SQUARE = shapely.box(-3.3, 55.24, -3.29, 55.25)
DAYS = tuple(range(7))


def agreement(**more: object) -> Agreement:
    terms: dict[str, object] = {
        "title": "Quay",
        "status": Status.IN_FORCE,
        "parties": SIGNED,
        "effective": date(2024, 1, 1),
        "timezone": "Europe/London",
        "id": "quay",
    }
    return Agreement(**{**terms, **more})


def project_of(*versions: Agreement, layers: tuple[Layer, ...] = (), **zone: object) -> Project:
    """A project with one zone under the last of these versions."""
    one = Zone("Quay", SQUARE, agreement_id="quay", id="zone", **zone)
    return Project(
        timezone="Europe/London",
        layers=layers,
        zones={"zone": one},
        agreements={"quay": versions[-1]},
        former=versions[:-1],
    )


def told(project: Project) -> list[tuple[str, str, int, str]]:
    """The history of the zone, as short as it can be said."""
    return [
        (str(s.from_day or ""), str(s.to_day or ""), s.version.version, s.standing.value)
        for s in project.history_of(project.zone("zone"))
    ]


# Histories


def test_what_was_suspended_and_resumed_held_before_and_after() -> None:
    one = agreement(expires=date(2025, 12, 31))
    one = moved(one, Status.SUSPENDED, date(2024, 3, 1), "Chief of police", "An inquiry")
    one = moved(one, Status.IN_FORCE, date(2024, 6, 1), "Chief of police")
    one = moved(one, Status.EXPIRED, date(2025, 2, 1), "Council")
    assert told(project_of(one)) == [
        ("", "2023-05-31", 1, "not signed by all parties"),
        ("2023-06-01", "2023-12-31", 1, "agreed, not yet in force"),
        ("2024-01-01", "2024-02-29", 1, "in force"),
        ("2024-03-01", "2024-05-31", 1, "suspended"),
        ("2024-06-01", "2025-01-31", 1, "in force"),
        ("2025-02-01", "", 1, "expired"),
    ]
    assert one.days_in_force() == (
        (date(2024, 1, 1), date(2024, 2, 29)),
        (date(2024, 6, 1), date(2025, 1, 31)),
    )


def test_two_steps_of_one_day_leave_the_last() -> None:
    one = moved(agreement(), Status.SUSPENDED, date(2024, 3, 1), "Chief")
    one = moved(one, Status.WITHDRAWN, date(2024, 3, 1), "Chief")
    assert one.status_on(date(2024, 2, 29)) is Status.IN_FORCE
    assert one.status_on(date(2024, 3, 1)) is Status.WITHDRAWN


def test_a_draft_that_was_agreed_late_holds_from_then() -> None:
    one = moved(agreement(status=Status.DRAFT), Status.AGREED, date(2024, 4, 1), "All parties")
    assert one.days_in_force() == ((date(2024, 4, 1), None),)


# Versions


def test_a_new_version_ends_one_that_was_suspended_later() -> None:
    first = moved(agreement(), Status.SUSPENDED, date(2024, 8, 1), "Chief")
    second = agreement(version=2, effective=date(2024, 6, 15))
    project = project_of(first, second)
    assert told(project)[-2:] == [
        ("2024-01-01", "2024-06-14", 1, "in force"),
        ("2024-06-15", "", 2, "in force"),
    ]
    held = [one.days_in_force() for one in project.versions_of(project.zone("zone"))]
    assert held == [((date(2024, 1, 1), date(2024, 6, 14)),), ((date(2024, 6, 15), None),)]


def test_a_third_version_may_take_over_before_the_second() -> None:
    versions = (
        agreement(),
        agreement(version=2, effective=date(2025, 8, 1)),
        agreement(version=3, effective=date(2025, 7, 1)),
    )
    assert told(project_of(*versions))[-2:] == [
        ("2024-01-01", "2025-06-30", 1, "in force"),
        ("2025-07-01", "", 3, "in force"),
    ]


def test_a_version_that_was_withdrawn_before_it_began_ends_nothing() -> None:
    second = agreement(version=2, effective=date(2025, 8, 1), status=Status.AGREED)
    second = moved(second, Status.WITHDRAWN, date(2025, 7, 1), "Council")
    assert told(project_of(agreement(), second))[-1] == ("2024-01-01", "", 1, "in force")


def test_what_ended_on_a_day_that_nobody_wrote_down_is_not_shown_as_in_force() -> None:
    second = agreement(version=2, effective=date(2025, 8, 1), status=Status.SUSPENDED)
    project = project_of(agreement(), second)
    assert project.standing(project.zone("zone"), date(2025, 8, 1)) is Standing.SUSPENDED


def test_an_earlier_day_is_told_by_the_version_of_that_day() -> None:
    first = moved(agreement(), Status.SUSPENDED, date(2024, 3, 1), "Chief")
    second = agreement(version=2, effective=date(2025, 1, 1))
    project = project_of(first, second)
    zone = project.zone("zone")
    assert project.standing(zone, date(2024, 5, 1)) is Standing.SUSPENDED
    terms = project.terms_on(zone, date(2024, 5, 1))
    assert terms is not None
    assert terms.version == 1
    assert project.version_on(zone, date(2024, 5, 1)) is None


def test_after_the_end_of_one_version_the_next_is_waited_for() -> None:
    first = agreement(expires=date(2024, 12, 31))
    second = agreement(version=2, effective=date(2025, 6, 1), status=Status.AGREED)
    assert told(project_of(first, second))[-3:] == [
        ("2024-01-01", "2024-12-31", 1, "in force"),
        ("2025-01-01", "2025-05-31", 2, "agreed, not yet in force"),
        ("2025-06-01", "", 2, "in force"),
    ]


def test_terms_of_a_zone_hold_in_every_version() -> None:
    own = Terms(hours=(Hours(DAYS, time(20), time(22)),))
    versions = (agreement(), agreement(version=2, effective=date(2025, 1, 1)))
    project = project_of(*versions, terms=own)
    zone = project.zone("zone")
    for year in (2024, 2026):
        assert project.in_force(zone, datetime(year, 2, 1, 21, tzinfo=UTC))
        assert not project.in_force(zone, datetime(year, 2, 1, 12, tzinfo=UTC))


DAY = st.dates(date(2024, 1, 1), date(2025, 12, 31))
VERSIONS = st.lists(
    st.builds(
        agreement,
        status=st.sampled_from(Status),
        effective=st.none() | DAY,
        expires=st.none() | DAY,
        history=histories(DAY),
        parties=st.sampled_from([SIGNED, SIGNED, ()]),
    ),
    min_size=1,
    max_size=3,
).map(lambda found: [replace(one, version=n) for n, one in enumerate(found, start=1)])


@settings(max_examples=60)
@given(VERSIONS, st.lists(DAY, min_size=1, max_size=20))
def test_the_history_says_of_each_day_what_the_day_says(
    versions: list[Agreement], days: list[date]
) -> None:
    project = project_of(*versions)
    zone = project.zone("zone")
    spans = project.history_of(zone)
    for before, after in pairwise(spans):
        assert before.to_day is not None
        assert after.from_day == before.to_day + timedelta(days=1)
    assert (spans[0].from_day, spans[-1].to_day) == (None, None)
    for day in days:
        (span,) = (
            one
            for one in spans
            if (one.from_day is None or one.from_day <= day)
            and (one.to_day is None or day <= one.to_day)
        )
        assert span.standing is project.standing(zone, day)
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        assert project.in_force(zone, noon) is (span.standing is Standing.IN_FORCE)
        holding = [one for one in project.versions_of(zone) if one.in_force(noon)]
        assert len(holding) <= 1


# Scenes of events


def scene(**more: object) -> Project:
    """A scene from the second 01:30 of the night in which clocks go back, for half an hour."""
    start = datetime(2025, 10, 26, 1, 30, tzinfo=UTC)
    where = {
        "basis": Basis.EVENT_SCENE,
        "starts_at": start,
        "ends_at": start + timedelta(minutes=30),
        **more,
    }
    return project_of(agreement(), **where)


def test_a_scene_lasts_once_in_an_hour_that_the_clock_shows_twice() -> None:
    project = scene()
    zone = project.zone("zone")
    start = np.datetime64("2025-10-26T00:00", "us")
    utc = start + np.arange(180) * np.timedelta64(60_000_000, "us")
    held = project.counts_at(zone, Moments.of(utc))
    assert np.flatnonzero(held).tolist() == list(range(90, 120))
    at = [one.replace(tzinfo=UTC) for one in utc.astype(object)]
    assert held.tolist() == [project.in_force(zone, one) for one in at]


def test_a_scene_stands_in_force_on_its_day_alone() -> None:
    project = scene()
    zone = project.zone("zone")
    assert project.standing(zone, date(2025, 10, 25)) is Standing.AGREED
    assert project.standing(zone, date(2025, 10, 26)) is Standing.IN_FORCE
    assert project.standing(zone, date(2025, 10, 27)) is Standing.EXPIRED
    assert project.version_on(zone, date(2025, 10, 27)) is None
    assert told(project)[-1] == ("2025-10-27", "", 1, "expired")


def test_zones_of_one_agreement_look_as_their_own_terms_say() -> None:
    project = project_of(agreement(hours=(Hours(DAYS, time(8), time(20)),)))
    late = Terms(hours=(Hours(DAYS, time(20), time(22)),))
    project = project.with_zone(replace(project.zone("zone"), id="late", terms=late))
    looks = zone_looks(project, date(2025, 5, 1), time(21))
    assert looks["zone"][0] == "In force, but not at 21:00"
    assert looks["late"][0] == "In force"


# Services


def services(**hours: str | None) -> Layer:
    """Services in the zone, by name with their hours."""
    table = pa.table({"name": list(hours), "hours": pa.array(list(hours.values()), pa.string())})
    places = Points(np.full(len(hours), -3.295), np.full(len(hours), 55.245))
    fields = {"name": "name", "opening_hours": "hours"}
    return new_layer("Services", LayerKind.SERVICES, table, places, fields)


def following(layer: Layer | None, own: tuple[Hours, ...] = (), **more: object) -> Project:
    calendar = Calendar(service_hours=True, holidays=str(more.pop("holidays", "")))
    one = agreement(hours=own, calendar=calendar)
    return project_of(one, layers=(layer,) if layer else (), **{"service": "Quayside", **more})


def hours_on(project: Project, day: date) -> list[int]:
    """The full hours of a day at which the zone holds, by the clock in London."""
    zone = project.zone("zone")
    at = [datetime(day.year, day.month, day.day, hour, 30) for hour in range(24)]  # noqa: DTZ001
    moments = [one.replace(tzinfo=project.tzinfo) for one in at]
    return [hour for hour, moment in enumerate(moments) if project.in_force(zone, moment)]


FRIDAY, SATURDAY, HOLIDAY = date(2025, 5, 9), date(2025, 5, 10), date(2025, 5, 5)
OWN = (Hours(DAYS, time(8), time(10)),)


def test_a_zone_holds_while_its_service_is_open() -> None:
    project = following(services(Quayside="Mo-Fr 09:00-12:00"))
    assert hours_on(project, FRIDAY) == [9, 10, 11]
    assert hours_on(project, SATURDAY) == []
    assert project.hours_problem(project.zone("zone")) == ""
    terms = project.terms_on(project.zone("zone"), FRIDAY)
    assert terms is not None
    assert terms.hours_in_words() == (
        "While the service is open: Monday to Friday 09:00–12:00 (Europe/London)"
    )


def test_hours_of_a_service_stand_in_place_of_the_own() -> None:
    project = following(services(Quayside="Mo-Fr 09:00-12:00"), OWN)
    assert hours_on(project, FRIDAY) == [9, 10, 11]


@pytest.mark.parametrize(
    ("layer", "problem"),
    [
        (None, "no list of services holds “Quayside”"),
        (services(Other="24/7"), "no list of services holds “Quayside”"),
        (services(Quayside=None), "the opening hours of “Quayside” are not in its list"),
        (services(Quayside="ring the bell"), "cannot be read: ring the bell"),
    ],
)
def test_where_the_hours_are_not_known_the_own_hold_and_it_is_said(
    layer: Layer | None, problem: str
) -> None:
    project = following(layer)
    assert hours_on(project, FRIDAY) == []
    assert problem in project.hours_problem(project.zone("zone"))
    assert hours_on(following(layer, OWN), FRIDAY) == [8, 9]


def test_a_hidden_list_counts_and_names_are_read_in_any_case() -> None:
    layer = replace(services(QUAYSIDE="24/7"), visible=False)
    assert len(hours_on(following(layer, service="quayside "), SATURDAY)) == 24


def test_several_services_are_open_when_one_is() -> None:
    layer = services(Quayside="Mo-Fr 09:00-11:00", Annexe="Mo-Su 10:00-13:00")
    project = following(layer, anchors=("Annexe",))
    assert hours_on(project, FRIDAY) == [9, 10, 11, 12]
    assert hours_on(project, SATURDAY) == [10, 11, 12]
    unknown = following(layer, anchors=("Nobody",))
    assert "Nobody" in unknown.hours_problem(unknown.zone("zone"))


def test_of_services_with_one_name_that_in_the_zone_counts() -> None:
    table = pa.table({"name": ["Quayside"] * 2, "hours": ["24/7", "Mo-Fr 09:00-10:00"]})
    fields = {"name": "name", "opening_hours": "hours"}
    places = Points(np.array([0.0, -3.295]), np.array([0.0, 55.245]))
    layer = new_layer("Services", LayerKind.SERVICES, table, places, fields)
    assert hours_on(following(layer), FRIDAY) == [9]
    far = Points(np.array([0.0, 1.0]), np.array([0.0, 0.0]))
    unsure = following(replace(layer, geometry=far))
    assert "several services" in unsure.hours_problem(unsure.zone("zone"))


def test_public_holidays_of_a_service_need_a_country() -> None:
    layer = services(Quayside="Mo-Fr 09:00-10:00; PH off")
    unsaid = following(layer)
    assert "public holidays" in unsaid.hours_problem(unsaid.zone("zone"))
    assert hours_on(unsaid, HOLIDAY) == [9]
    said = following(layer, holidays="GB-ENG")
    assert said.hours_problem(said.zone("zone")) == ""
    assert hours_on(said, HOLIDAY) == []
    assert hours_on(said, FRIDAY) == [9]


def test_other_hours_in_the_list_change_how_zones_look() -> None:
    layer = services(Quayside="Mo-Fr 09:00-12:00")
    project = following(layer)
    later = project.with_layer(replace(services(Quayside="24/7"), id=layer.id))
    assert len(hours_on(later, SATURDAY)) == 24
    assert Change(project, later).zone_look
    plain = project_of(agreement(), layers=(layer,))
    assert not Change(plain, plain.with_layer(replace(layer, name="Other"))).zone_look


def test_a_service_that_is_closed_for_good_holds_never() -> None:
    project = following(services(Quayside="closed"), OWN)
    assert hours_on(project, FRIDAY) == []


# The past and the future in one value


def test_a_step_is_told_with_who_and_why() -> None:
    one = moved(agreement(), Status.SUSPENDED, date(2024, 3, 1), "Chief of police", "An inquiry")
    assert one.history == (
        StatusChange(
            date(2024, 3, 1), Status.IN_FORCE, Status.SUSPENDED, "Chief of police", "An inquiry"
        ),
    )
    assert one.calendar.on_holidays is OnHolidays.AS_USUAL
