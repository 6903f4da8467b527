"""Each event is judged at its own place and its own local time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gisapp.analysis.counting import (
    Counts,
    Place,
    count_by,
    count_events,
    place_events,
)
from gisapp.errors import Cancelled, DataError
from gisapp.layers import geodesy
from gisapp.layers.agreement import Agreement, Hours, Party, Status
from gisapp.layers.layer import Layer, Points, Shapes, new_layer
from gisapp.layers.project import Project
from gisapp.layers.schedule import Calendar, OnHolidays
from gisapp.layers.terms import Terms
from gisapp.layers.vocabulary import LayerKind, PartyRole, Polarity
from gisapp.layers.zone import Zone, circle_zone
from gisapp.progress import Progress

LON, LAT = -84.512, 39.104


def stops(
    places: Sequence[tuple[float, float]],
    times: Sequence[str | None] | None = None,
    timezone: str = "America/New_York",
    **columns: list[str],
) -> Layer:
    """Stops at metres east and north of the middle; times are wall-clock times there."""
    plane = geodesy.Plane(LON, LAT)
    metres = np.array(places, dtype=float).reshape(-1, 2)
    lon, lat = plane.to_metres(np.array([LON]), np.array([LAT]))
    lon, lat = plane.to_degrees(metres[:, 0] + lon, metres[:, 1] + lat)
    data: dict[str, pa.Array | list[str]] = dict(columns)
    data.setdefault("number", [str(k) for k in range(len(metres))])
    fields = {name: name for name in columns}
    if times is not None:
        naive = pa.array(np.array([t or "NaT" for t in times], dtype="datetime64[us]"))
        data["when"] = pc.assume_timezone(naive, timezone)
        fields["time"] = "when"
    return new_layer("Stops", LayerKind.STOPS, pa.table(data), Points(lon, lat), fields)


def agreement(**more: object) -> Agreement:
    terms: dict[str, object] = {
        "title": "Night",
        "status": Status.AGREED,
        "parties": (Party("Police", PartyRole.POLICE, signed_on=date(2024, 1, 1)),),
        "effective": date(2025, 1, 1),
        "expires": date(2025, 6, 30),
        "timezone": "America/New_York",
        "id": "terms",
    }
    return Agreement(**(terms | more))


def circle_at(east: float, radius_m: float, zone_id: str, **more: object) -> Zone:
    lon, lat = geodesy.Plane(LON, LAT).to_degrees(np.array([east]), np.array([0.0]))
    centre = float(lon[0]), float(lat[0])
    return circle_zone(zone_id, *centre, radius_m, "a test", id=zone_id, **more)


def project_of(*zones: Zone, agreements: Sequence[Agreement] = ()) -> Project:
    project = Project(timezone="America/New_York").with_zones(zones)
    for one in agreements:
        project = project.with_agreement(one)
    return project


def test_one_event_in_two_zones_counts_once() -> None:
    project = project_of(circle_at(0, 100, "a"), circle_at(50, 100, "b"), circle_at(900, 50, "c"))
    layer = stops([(25, 0), (-90, 0), (130, 0), (200, 0), (5000, 0)])
    counts = count_events(project, layer, ring_m=100)
    assert counts == Counts(3, 1, 1, 0, {"a": 2, "b": 2, "c": 0}, frozenset({"a", "b"}))
    assert counts.total == 5


def test_the_edge_is_inside() -> None:
    square = Zone("s", shapely.box(LON, LAT, LON + 0.01, LAT + 0.01), id="s")
    table = pa.table({"n": [1, 2]})
    points = Points(np.array([LON, LON - 1e-9]), np.array([LAT, LAT]))
    layer = new_layer("Stops", LayerKind.STOPS, table, points)
    assert count_events(project_of(square), layer).inside == 1


def test_each_event_at_its_own_time() -> None:
    zone = circle_at(0, 100, "a", agreement_id="terms")
    project = project_of(zone, agreements=[agreement()])
    times = [
        "2024-12-31 23:59",
        "2025-01-01 00:00",
        "2025-06-30 23:59",
        "2025-07-01 00:00",
        None,
    ]
    layer = stops([(0, 0)] * 5, times)
    counts = count_events(project, layer)
    assert (counts.inside, counts.outside, counts.no_time) == (2, 2, 1)
    assert count_events(project, layer, ignore_dates=True).inside == 5
    assert count_events(project, layer, day=date(2025, 3, 1)).inside == 5
    assert count_events(project, layer, day=date(2026, 3, 1)).outside == 5


def test_the_clock_of_the_agreement_decides() -> None:
    """23:30 in New York is 20:30 in Los Angeles, and still the same day there."""
    nights = Hours(tuple(range(7)), time(22), time(2))
    zone = circle_at(0, 100, "a", agreement_id="terms")
    layer = stops([(0, 0)] * 2, ["2025-03-03 23:30", "2025-03-04 01:59"])
    east = project_of(zone, agreements=[agreement(hours=(nights,))])
    west = project_of(zone, agreements=[agreement(hours=(nights,), timezone="America/Los_Angeles")])
    assert count_events(east, layer).inside == 2
    assert count_events(west, layer).inside == 1


def test_on_a_chosen_day_its_hours_still_count() -> None:
    days = Hours(tuple(range(5)), time(8), time(18))
    zone = circle_at(0, 100, "a", agreement_id="terms")
    project = project_of(zone, agreements=[agreement(hours=(days,))])
    friday, saturday = "2020-01-03 09:00", "2020-01-04 09:00"
    layer = stops([(0, 0)] * 3, [friday, saturday, None])
    counts = count_events(project, layer, day=date(2025, 3, 1))
    assert (counts.inside, counts.outside, counts.no_time) == (1, 1, 1)


def test_former_versions_hold_for_their_own_time() -> None:
    old = agreement(version=1, effective=date(2023, 1, 1), expires=None)
    new = agreement(version=2, effective=date(2025, 1, 1))
    zone = circle_at(0, 100, "a", agreement_id="terms")
    project = project_of(zone, agreements=[new])
    project = Project(
        zones=project.zones, agreements=project.agreements, former=(old.superseded_by(new),)
    )
    layer = stops([(0, 0)] * 2, ["2024-05-01 00:00", "2022-05-01 00:00"])
    assert count_events(project, layer).inside == 1


def test_unknown_times_matter_only_where_time_decides() -> None:
    project = project_of(
        circle_at(0, 100, "always"),
        circle_at(1000, 100, "dated", agreement_id="terms"),
        circle_at(3000, 100, "draft", agreement_id="never"),
        agreements=[agreement(), agreement(id="never", status=Status.DRAFT)],
    )
    layer = stops([(0, 0), (1000, 0), (1150, 0), (150, 0), (3000, 0), (9000, 0)])
    counts = count_events(project, layer, ring_m=100)
    assert (counts.inside, counts.ring, counts.no_time, counts.outside) == (1, 1, 2, 2)


def test_zones_of_opposite_sign_are_kept_apart() -> None:
    school = circle_at(0, 100, "school", polarity=Polarity.ENHANCED_PENALTY)
    layer = stops([(0, 0)])
    counts = count_events(project_of(school), layer)
    assert (counts.inside, counts.outside, dict(counts.by_zone)) == (0, 1, {})
    other = count_events(project_of(school), layer, polarity=Polarity.ENHANCED_PENALTY)
    assert other.inside == 1


def test_ring_round_a_drawn_area() -> None:
    lon, lat = geodesy.Plane(LON, LAT).to_degrees(np.array([0.0, 300.0]), np.array([-50.0, 50.0]))
    drawn = Zone("d", shapely.box(lon[0], lat[0], lon[1], lat[1]), id="d")
    layer = stops([(150, 0), (-99, 0), (-101, 0), (150, 149), (150, 151)])
    counts = count_events(project_of(drawn), layer, ring_m=100)
    assert (counts.inside, counts.ring, counts.outside) == (1, 2, 2)


def test_by_month_activity_and_group() -> None:
    times = ["2025-01-31 23:00", "2025-02-01 00:00", None]
    layer = stops([(0, 0), (0, 0), (5000, 0)], times, group=["A", "B", ""], activity=["x"] * 3)
    project = project_of(circle_at(0, 100, "a"))
    months = count_by(project, layer, "month")
    assert {name: (c.inside, c.outside) for name, c in months.items()} == {
        "2025-01": (1, 0),
        "2025-02": (1, 0),
        "unknown": (0, 1),
    }
    assert list(count_by(project, layer, "group")) == ["A", "B", "unknown"]
    assert count_by(project, layer, "activity")["x"].by_zone == {"a": 2}
    with pytest.raises(DataError, match="colour"):
        count_by(project, layer, "colour")
    with pytest.raises(DataError, match="no times"):
        count_by(project, stops([(0, 0)]), "month")


def test_empty_layers_no_zones_and_layers_of_areas() -> None:
    zone = circle_at(0, 100, "a")
    assert count_events(project_of(zone), stops([])) == Counts(0, 0, 0, 0, {"a": 0})
    assert count_events(project_of(), stops([(0, 0)]), ring_m=50) == Counts(0, 0, 1, 0)
    area = Shapes(np.array([zone.shape], dtype=object))
    layer = new_layer("Areas", LayerKind.BOUNDARIES, pa.table({"n": [1]}), area)
    with pytest.raises(DataError, match="only points"):
        count_events(project_of(zone), layer)


def test_counting_can_be_cancelled() -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        count_events(project_of(circle_at(0, 9, "a")), stops([(0, 0)]), progress=progress)


@given(
    st.lists(st.tuples(st.floats(-900, 900), st.floats(-900, 900)), max_size=40),
    st.lists(st.tuples(st.floats(-600, 600), st.floats(20, 300), st.booleans()), max_size=5),
    st.sampled_from([None, 50.0, 400.0]),
    st.data(),
)
@settings(deadline=None, max_examples=50)
def test_everything_is_somewhere_exactly_once(
    places: list[tuple[float, float]],
    discs: list[tuple[float, float, bool]],
    ring_m: float | None,
    data: st.DataObject,
) -> None:
    zones = [
        circle_at(east, radius, f"z{k}", agreement_id="terms" if dated else None)
        for k, (east, radius, dated) in enumerate(discs)
    ]
    moments = st.none() | st.dates(date(2024, 6, 1), date(2025, 12, 1)).map(date.isoformat)
    times = [data.draw(moments) for _ in places]
    project = project_of(*zones, agreements=[agreement()])
    layer = stops(places, times)
    counts = count_events(project, layer, ring_m=ring_m)
    assert counts.inside + counts.ring + counts.outside + counts.no_time == len(places)
    assert sum(counts.by_zone.values()) >= counts.inside >= max(counts.by_zone.values(), default=0)
    always = count_events(project, layer, ring_m=ring_m, ignore_dates=True)
    assert always.no_time == 0
    assert always.inside >= counts.inside


# Zones with times of their own


def under(name: str, **more: object) -> Zone:
    """A circle round the middle, under the agreement."""
    return circle_at(0, 100, name, agreement_id="terms", **more)


def test_zones_of_one_agreement_count_by_their_own_terms() -> None:
    evening = Terms(hours=(Hours(tuple(range(7)), time(20), time(22)),))
    project = project_of(under("all"), under("evening", terms=evening), agreements=[agreement()])
    layer = stops([(0, 0)] * 3, ["2025-03-03 12:00", "2025-03-03 21:00", "2024-03-03 21:00"])
    counts = count_events(project, layer)
    assert (counts.inside, counts.outside) == (2, 1)
    assert counts.by_zone == {"all": 2, "evening": 1}


def test_a_scene_counts_while_it_lasts_in_an_hour_that_comes_twice() -> None:
    start = datetime(2025, 11, 2, 6, 30, tzinfo=UTC)  # the second 01:30 of the night
    scene = under("scene", starts_at=start, ends_at=start + timedelta(minutes=30))
    times = [f"2025-11-02 0{hour}:{minute}" for hour, minute in ((5, 40), (6, 40), (7, 10))]
    layer = stops([(0, 0)] * 3, times, timezone="UTC")
    project = project_of(scene, agreements=[agreement(expires=None)])
    assert count_events(project, layer).inside == 1
    drawn = replace(project, zones={"scene": replace(scene, agreement_id=None)})
    assert count_events(drawn, layer).inside == 1
    assert count_events(drawn, layer, ignore_dates=True).inside == 3


def test_the_terms_of_a_day_count_with_their_calendar() -> None:
    calendar = Calendar(holidays="US-OH", on_holidays=OnHolidays.NOT)
    terms = agreement(expires=None, calendar=calendar)
    project = project_of(under("zone"), agreements=[terms])
    layer = stops([(0, 0)] * 3, ["2020-07-04 12:00", "2020-07-07 12:00", None])
    counts = count_events(project, layer, day=date(2025, 6, 1))
    assert (counts.inside, counts.outside, counts.no_time) == (1, 1, 1)


def test_the_terms_of_a_day_reach_events_from_before_with_their_rule() -> None:
    every_other_week = Calendar("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO")
    terms = agreement(effective=date(2025, 1, 6), calendar=every_other_week)
    project = project_of(under("zone"), agreements=[terms])
    mondays = ["2025-01-06", "2025-01-13", "2025-01-20", "2024-12-30", "2024-12-23"]
    layer = stops([(0, 0)] * 5, [f"{day} 12:00" for day in mondays])
    placed = place_events(project, layer, day=date(2025, 2, 1))
    assert (placed.where == Place.INSIDE).tolist() == [True, False, True, False, True]
    assert count_events(project, layer).inside == 2


def test_a_zone_counts_while_its_service_is_open() -> None:
    table = pa.table({"name": ["Clinic"], "hours": ["Mo-Fr 09:00-12:00"]})
    fields = {"name": "name", "opening_hours": "hours"}
    places = Points(np.array([LON]), np.array([LAT]))
    clinic = new_layer("Services", LayerKind.SERVICES, table, places, fields)
    terms = agreement(calendar=Calendar(service_hours=True))
    zones = under("known", service="Clinic"), under("not", service="?")
    project = project_of(*zones, agreements=[terms])
    layer = stops([(0, 0)] * 2, ["2025-03-03 10:00", "2025-03-03 21:00"])
    counts = count_events(project.with_layer(clinic), layer)
    assert counts.by_zone == {"known": 1, "not": 0}
