"""A deployment conflicts where and while an agreement holds, by the agreement's own clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gisapp.analysis.deployments.zones_met import conflicts, unjudged
from gisapp.errors import DataError
from gisapp.layers import geodesy
from gisapp.layers.agreement import Agreement, Hours, Party, Status
from gisapp.layers.layer import Layer, Points, Shapes, local_times, new_layer
from gisapp.layers.project import Project
from gisapp.layers.schedule import Calendar, OnHolidays
from gisapp.layers.terms import Terms
from gisapp.layers.vocabulary import Activity, LayerKind, PartyRole, Polarity
from gisapp.layers.zone import Zone

LON, LAT = -84.512, 39.104
PLANE = geodesy.Plane(LON, LAT)
FIELDS = {"name": "name", "unit": "unit", "start": "start", "end": "end"}


def square(east: float, north: float, side: float = 200.0) -> BaseGeometry:
    return PLANE.shape_to_degrees(shapely.box(east, north, east + side, north + side))


def deployments(*rows: tuple[BaseGeometry, str | None, str | None]) -> Layer:
    def times(values: list[str | None]) -> pa.Array:
        naive = np.array([value or "NaT" for value in values], dtype="datetime64[us]")
        return pc.assume_timezone(pa.array(naive), "America/New_York")

    table = pa.table(
        {
            "name": [f"Box {k + 1}" for k in range(len(rows))],
            "unit": ["Unit 7"] * len(rows),
            "start": times([row[1] for row in rows]),
            "end": times([row[2] for row in rows]),
        }
    )
    shapes = np.empty(len(rows), dtype=object)
    shapes[:] = [row[0] for row in rows]
    return new_layer("Next week", LayerKind.DEPLOYMENTS, table, Shapes(shapes), FIELDS)


def agreement(**more: object) -> Agreement:
    terms: dict[str, object] = {
        "title": "Harbour Street",
        "status": Status.AGREED,
        "parties": (Party("Police", PartyRole.POLICE, signed_on=date(2024, 1, 1)),),
        "effective": date(2025, 1, 1),
        "suspended": (Activity.ARREST, Activity.DRUG_SEARCH),
        "hours": (Hours((0, 1, 2, 3, 4), time(8), time(20)),),
        "timezone": "America/New_York",
        "id": "terms",
    }
    return Agreement(**(terms | more))


def project_of(one: Agreement, **more: object) -> Project:
    zone = Zone("Harbour", square(0, 0), agreement_id="terms", id="harbour", **more)
    return Project(timezone="America/New_York").with_zone(zone).with_agreement(one)


#: A Friday evening shift.
SHIFT = ("2025-03-07 18:00", "2025-03-08 02:00")


def test_area_share_minutes_and_what_is_suspended() -> None:
    (found,) = conflicts(project_of(agreement()), deployments((square(100, 0), *SHIFT)))
    assert (found.deployment_row, found.deployment, found.unit) == (0, "Box 1", "Unit 7")
    assert (found.zone_id, found.zone) == ("harbour", "Harbour")
    assert found.overlap_m2 == pytest.approx(20_000, rel=1e-4)
    assert found.share == pytest.approx(0.5, rel=1e-4)
    assert found.minutes == 120
    # 18:00 to 20:00 in New York, in March still on winter time.
    assert found.first == datetime(2025, 3, 7, 23, 0, tzinfo=UTC)
    assert found.last == datetime(2025, 3, 8, 1, 0, tzinfo=UTC)
    assert found.suspended == (Activity.DRUG_SEARCH, Activity.ARREST)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2025-03-07 20:00", "2025-03-08 02:00"),  # after the last hour
        ("2025-03-08 08:00", "2025-03-08 20:00"),  # a Saturday
        ("2024-12-31 08:00", "2024-12-31 20:00"),  # before it takes effect
    ],
)
def test_no_conflict_out_of_hours(start: str, end: str) -> None:
    layer = deployments((square(100, 0), start, end))
    assert conflicts(project_of(agreement()), layer) == ()


def test_one_minute_is_enough_and_the_end_is_not_included() -> None:
    layer = deployments(
        (square(0, 0), "2025-03-07 19:59", "2025-03-07 23:00"),
        (square(0, 0), "2025-03-07 02:00", "2025-03-07 08:00"),
    )
    (found,) = conflicts(project_of(agreement()), layer)
    assert (found.deployment_row, found.minutes, found.share) == (0, 1, pytest.approx(1.0))


def test_only_agreements_in_force_suspend_anything() -> None:
    layer = deployments((square(0, 0), *SHIFT))
    assert conflicts(project_of(agreement(status=Status.DRAFT)), layer) == ()
    unsigned = agreement(parties=(Party("Police", PartyRole.POLICE),))
    assert conflicts(project_of(unsigned), layer) == ()
    opposite = project_of(agreement(), polarity=Polarity.ENHANCED_PENALTY)
    assert conflicts(opposite, layer) == ()
    alone = Project().with_zone(Zone("Proposal", square(0, 0)))
    assert conflicts(alone, layer) == ()


def test_touching_is_no_conflict() -> None:
    layer = deployments((square(200, 0), *SHIFT), (square(5000, 0), *SHIFT))
    assert conflicts(project_of(agreement()), layer) == ()


def test_points_lines_and_crossed_outlines() -> None:
    line = PLANE.shape_to_degrees(shapely.LineString([(-100, 100), (300, 100)]))
    tie = PLANE.shape_to_degrees(shapely.Polygon([(0, 0), (100, 100), (100, 0), (0, 100)]))
    found = conflicts(project_of(agreement()), deployments((line, *SHIFT), (tie, *SHIFT)))
    assert [one.share for one in found] == [pytest.approx(0.5, rel=1e-3), pytest.approx(1.0)]
    assert found[0].overlap_m2 == 0
    table = deployments((square(0, 0), *SHIFT)).table
    lon, lat = PLANE.to_degrees(np.array([100.0]), np.array([100.0]))
    post = new_layer("Posts", LayerKind.DEPLOYMENTS, table, Points(lon, lat), FIELDS)
    (one,) = conflicts(project_of(agreement()), post)
    assert (one.share, one.overlap_m2, one.minutes) == (1.0, 0.0, 120)


def test_rows_without_hours_are_named_not_guessed() -> None:
    layer = deployments(
        (square(0, 0), None, "2025-03-07 20:00"),
        (square(0, 0), "2025-03-07 18:00", None),
        (square(0, 0), "2025-03-07 20:00", "2025-03-07 18:00"),
        (square(0, 0), "2025-03-07 18:00", "2035-03-07 18:00"),
        (square(0, 0), *SHIFT),
    )
    assert unjudged(layer).tolist() == [0, 1, 2, 3]
    assert [one.deployment_row for one in conflicts(project_of(agreement()), layer)] == [4]
    bare = new_layer("Bare", LayerKind.DEPLOYMENTS, layer.table, layer.geometry)
    with pytest.raises(DataError, match="no start"):
        conflicts(project_of(agreement()), bare)


def test_a_shift_across_two_versions_has_the_terms_of_both() -> None:
    old = agreement(hours=(), suspended=(Activity.ARREST,))
    new = agreement(version=2, hours=(), effective=date(2025, 3, 8), suspended=(Activity.CITATION,))
    project = project_of(new)
    project = Project(
        zones=project.zones, agreements=project.agreements, former=(old.superseded_by(new),)
    )
    (found,) = conflicts(project, deployments((square(0, 0), *SHIFT)))
    assert found.minutes == 480
    assert found.suspended == (Activity.CITATION, Activity.ARREST)


def test_the_night_the_clocks_change() -> None:
    """From 01:00 to 04:00 on 9 March 2025 pass two hours, not three."""
    night = agreement(hours=(Hours(tuple(range(7)), time(1), time(4)),))
    layer = deployments((square(0, 0), "2025-03-08 22:00", "2025-03-09 06:00"))
    (found,) = conflicts(project_of(night), layer)
    assert found.minutes == 120


def test_nothing_to_check() -> None:
    assert conflicts(project_of(agreement()), deployments()) == ()
    assert conflicts(Project(), deployments((square(0, 0), *SHIFT))) == ()


@settings(max_examples=40, deadline=None)
@given(
    offset=st.integers(0, 425 * 86_400),
    seconds=st.integers(1, 40 * 86_400),
    opens=st.times(),
    closes=st.times(),
)
def test_minutes_agree_with_asking_for_each_moment(
    offset: int, seconds: int, opens: time, closes: time
) -> None:
    one = agreement(
        hours=(Hours((0, 5), whole_minute(opens), whole_minute(closes)),),
        expires=date(2026, 2, 1),
    )
    begin = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=offset)
    end = begin + timedelta(seconds=seconds)
    local = [at.astimezone(ZoneInfo("America/New_York")) for at in (begin, end)]
    table = pa.table(
        {
            "name": ["Box"],
            "unit": ["Unit 7"],
            "start": pa.array(local[:1], pa.timestamp("us", "America/New_York")),
            "end": pa.array(local[1:], pa.timestamp("us", "America/New_York")),
        }
    )
    shape = np.array([square(0, 0)], dtype=object)
    layer = new_layer("Next", LayerKind.DEPLOYMENTS, table, Shapes(shape), FIELDS)
    moments = np.arange(np.datetime64(begin.replace(tzinfo=None), "us"), step_end(end), MINUTE)
    utc = pa.chunked_array([pa.array(moments, pa.timestamp("us", tz="UTC"))])
    held = np.flatnonzero(one.in_force_local(local_times(utc, "America/New_York")))
    found = conflicts(project_of(one), layer)
    assert len(found) == bool(len(held))
    for conflict in found:
        assert conflict.minutes == len(held)
        assert conflict.first == begin + timedelta(minutes=int(held[0]))
        assert conflict.last == min(begin + timedelta(minutes=int(held[-1]) + 1), end)


MINUTE = np.timedelta64(60_000_000, "us")


def whole_minute(clock: time) -> time:
    return clock.replace(second=0, microsecond=0)


def step_end(end: datetime) -> np.datetime64:
    return np.datetime64(end.replace(tzinfo=None), "us")


def test_many_long_deployments_cost_the_time_they_cover_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[int] = []
    whole = Agreement.in_force_local

    def count(self: Agreement, local: NDArray[np.datetime64]) -> NDArray[np.bool_]:
        asked.append(len(local))
        return whole(self, local)

    monkeypatch.setattr(Agreement, "in_force_local", count)
    rows = [
        (square(0, 0), f"2025-{month:02}-01T00:00", f"2025-12-{month:02}T00:00")
        for month in range(1, 11)
    ]
    one = agreement()
    project = project_of(one)
    zone = next(iter(project.zones.values()))
    project = project.with_zones(replace(zone, id=f"z{k}", name=f"Z {k}") for k in range(20))
    assert len(conflicts(project, deployments(*rows))) >= 200
    assert sum(asked) < 400 * 1440


def test_zones_of_one_agreement_conflict_at_their_own_hours() -> None:
    night = Terms(suspended=(Activity.ARREST,), hours=(Hours((4,), time(23), time(1)),))
    project = project_of(agreement())
    late = replace(project.zone("harbour"), id="late", name="Late", terms=night)
    found = conflicts(project.with_zone(late), deployments((square(100, 0), *SHIFT)))
    assert [(one.zone_id, one.minutes) for one in found] == [("harbour", 120), ("late", 120)]
    assert found[1].first == datetime(2025, 3, 8, 4, tzinfo=UTC)
    assert found[1].suspended == (Activity.ARREST,)


def test_a_holiday_on_which_it_does_not_hold_is_no_conflict() -> None:
    calendar = Calendar(holidays="US-OH", on_holidays=OnHolidays.NOT)
    project = project_of(agreement(hours=(), calendar=calendar))
    shift = ("2025-07-03 20:00", "2025-07-05 02:00")  # over the fourth of July
    (found,) = conflicts(project, deployments((square(100, 0), *shift)))
    assert found.minutes == 6 * 60


def test_the_scene_of_an_event_conflicts_while_it_lasts() -> None:
    start = datetime(2025, 3, 7, 23, 30, tzinfo=UTC)  # 18:30 there
    scene = {"starts_at": start, "ends_at": start + timedelta(minutes=45)}
    project = project_of(agreement(hours=()), **scene)
    (found,) = conflicts(project, deployments((square(100, 0), *SHIFT)))
    assert (found.minutes, found.first) == (45, start)
    after = ("2025-03-07 19:15", "2025-03-08 02:00")
    assert conflicts(project, deployments((square(100, 0), *after))) == ()
