"""Many places get the answer that each gets by itself; and all that is said of one place."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gisapp.analysis.look_ups.checked_rows import checked_rows
from gisapp.analysis.look_ups.place_answer import answer_at, turns_at
from gisapp.analysis.look_ups.place_street import street_at
from gisapp.analysis.look_ups.place_words import as_json, in_words, terms_of
from gisapp.analysis.look_ups.what_applies import OUTLINE_CROSSES, applies_to
from gisapp.analysis.points.distinct_numbers import distinct
from gisapp.io.reading.times import read_times
from gisapp.layers.agreement import Agreement, Hours, Party, Status
from gisapp.layers.audience import Audience
from gisapp.layers.layer import Points, Shapes, new_layer
from gisapp.layers.project import Project
from gisapp.layers.scenario import OverlapRule, Settled, Settlement
from gisapp.layers.schedule import Calendar, OnHolidays, SpecialDay
from gisapp.layers.vocabulary import Activity, LayerKind, PartyRole, Polarity, Visibility
from gisapp.layers.wall_clock import clock_time
from gisapp.layers.zone import Zone

ZONE = ZoneInfo("America/New_York")
NOON = datetime(2026, 3, 31, 12, 0, tzinfo=ZONE)
POLICE, PUBLIC = Audience.POLICE, Audience.PUBLIC
CALENDARS = (
    Calendar(),
    Calendar(holidays="US-OH", on_holidays=OnHolidays.NOT),
    Calendar(rule="FREQ=WEEKLY;BYDAY=SU,MO"),
    Calendar(special=(SpecialDay(date(2026, 3, 8), time(1), time(4)),)),
    Calendar(service_hours=True),
)
#: Round the days on which clocks change, and a public holiday.
STARTS = (datetime(2026, 3, 7, tzinfo=UTC), datetime(2026, 10, 31, tzinfo=UTC))
NIGHT = Hours((4, 5, 6), time(22), time(3))


def agreement(key: str, **changes: object) -> Agreement:
    plain = Agreement(
        f"Terms {key}",
        Status.AGREED,
        (Party("Police", PartyRole.POLICE, signed_on=date(2025, 1, 1)),),
        date(2025, 1, 1),
        suspended=(Activity.DRUG_SEARCH,),
        timezone="America/New_York",
        id=key,
    )
    return replace(plain, **changes)


def project_of(*zones: Zone, agreements: tuple[Agreement, ...] = (), **more: object) -> Project:
    table = pa.table({"name": ["House"], "hours": ["Mo-Su 00:30-02:30; PH off"]})
    fields = {"name": "name", "opening_hours": "hours"}
    points = Points(np.array([0.5]), np.array([0.5]))
    layer = new_layer("S", LayerKind.SERVICES, table, points, fields)
    return Project(
        timezone="America/New_York",
        layers=(layer,),
        zones={zone.id: zone for zone in zones},
        agreements={one.id: one for one in agreements},
        **more,
    )


def box(key: str, west: float, terms: str | None, **more: object) -> Zone:
    shape = shapely.box(west, 0, west + 1, 1)
    return Zone(f"Zone {key}", shape, agreement_id=terms, id=key, service="House", **more)


@st.composite
def towns(draw: st.DrawFn) -> Project:
    """Up to five zones of either sign that overlap, under agreements of every kind of hours."""
    terms = tuple(
        agreement(f"a{number}", hours=draw(st.sampled_from([(), (NIGHT,)])), calendar=calendar)
        for number, calendar in enumerate(CALENDARS)
    )
    signs = st.sampled_from([Polarity.NO_ENFORCEMENT, Polarity.EXCLUSION])
    keys = st.sampled_from([None, *(one.id for one in terms)])
    zones = [
        box(f"z{number}", draw(st.sampled_from([0.0, 0.5, 0.9])), draw(keys), polarity=draw(signs))
        for number in range(draw(st.integers(1, 5)))
    ]
    pairs = [
        Settlement(pair, draw(st.sampled_from(list(Settled))), date(2026, 1, 1), "somebody")
        for pair in (("z0", "z1"), ("z1", "z2"))
        if draw(st.booleans())
    ]
    former = (agreement("a0", version=0, hours=(NIGHT,), effective=date(2024, 1, 1)),)
    rule = draw(st.sampled_from(list(OverlapRule)))
    return project_of(
        *zones, agreements=terms, former=former, settlements=tuple(pairs), overlap_rule=rule
    )


@given(
    town=towns(),
    rows=st.lists(
        st.tuples(
            st.sampled_from([0.0, 0.25, 0.75, 1.0, 1.4, 2.5]),
            st.sampled_from(STARTS),
            st.integers(0, 72 * 60),
        ),
        min_size=1,
        max_size=8,
    ),
)
def test_many_places_get_the_answer_of_one_by_one(
    town: Project, rows: list[tuple[float, datetime, int]]
) -> None:
    moments = [start + timedelta(minutes=minute) for _, start, minute in rows]
    lon, lat = np.array([x for x, _, _ in rows]), np.full(len(rows), 0.5)
    at = np.array([one.replace(tzinfo=None) for one in moments], dtype="datetime64[us]")
    found: list[set[tuple[str, int]]] = [set() for _ in rows]
    for one in applies_to(town, lon, lat, at):
        for row in one.rows.tolist():
            found[row].add((one.applies.zone.id, one.applies.agreement.version))
    for row, moment in enumerate(moments):
        alone = applies_to(town, lon[row : row + 1], lat[row : row + 1], at[row : row + 1])
        assert found[row] == {(o.applies.zone.id, o.applies.agreement.version) for o in alone}
        holding = {
            zone.id
            for zone in town.zones.values()
            if zone.shape.intersects(shapely.Point(lon[row], 0.5)) and town.in_force(zone, moment)
        }
        assert {key for key, _ in found[row]} <= holding, "settled overlaps only take away"
        if not town.settlements and town.overlap_rule is OverlapRule.UNION:
            assert {key for key, _ in found[row]} == holding
        told = answer_at(town, lon[row], 0.5, moment, audience=POLICE, exported=False)
        assert {one.zone.id for one in told.holds} == {key for key, _ in found[row]}
        everywhere = {one.zone.id for one in told.not_now} | {zone.id for zone, _ in told.unsure}
        assert not everywhere & {key for key, _ in found[row]}
    table = checked_rows(town, lon, lat, at, audience=POLICE, exported=False)
    for row in range(len(rows)):
        there = table.sets[int(table.which[row])]
        assert {one.zone.id for one in there.applies} == {key for key, _ in found[row]}


def test_only_sets_of_zones_that_some_row_has_are_put_in_words() -> None:
    zones = [box(key, 0, "a") for key in "abcde"]
    town = project_of(*zones, box("far", 5, "a"), agreements=(agreement("a"),))
    lon, lat = np.array([0.5, 5.5, 9.0, 0.5]), np.full(4, 0.5)
    at = np.full(4, NOON.astimezone(UTC).replace(tzinfo=None), dtype="datetime64[us]")
    found = checked_rows(town, lon, lat, at, audience=POLICE, exported=False)
    assert sorted(one.zones for one in found.sets) == [
        "",
        "Zone a; Zone b; Zone c; Zone d; Zone e",
        "Zone far",
    ]
    assert found.sets[0].zones == "" and found.which[2] == 0 and found.inside == 3
    assert found.which[0] == found.which[3]


def test_places_and_moments_that_nobody_knows_are_in_no_zone() -> None:
    town = project_of(box("z", 0, "a"), agreements=(agreement("a"),))
    lon, lat = np.array([0.5, np.nan, 0.5]), np.array([0.5, 0.5, 0.5])
    at = np.array(["2026-03-31", "2026-03-31", "NaT"], dtype="datetime64[us]")
    (found,) = applies_to(town, lon, lat, at)
    assert found.rows.tolist() == [0]
    assert applies_to(town, lon[:0], lat[:0], at[:0]) == ()


def test_until_when_and_when_next() -> None:
    always = agreement("always", expires=date(2026, 12, 31))
    night = agreement("night", hours=(NIGHT,))
    endless = agreement("endless")
    zones = [box(one.id, 0, one.id) for one in (always, night, endless)]
    town = project_of(*zones, box("none", 0, None), agreements=(always, night, endless))
    turns = {zone.id: turns_at(town, zone, NOON) for zone in town.zones.values()}
    assert turns["always"] == datetime(2027, 1, 1, tzinfo=ZONE)
    assert turns["night"] == datetime(2026, 4, 3, 22, tzinfo=ZONE)
    assert turns["endless"] is None and turns["none"] is None
    told = answer_at(town, 0.5, 0.5, NOON, audience=POLICE, exported=False)
    why = {one.zone.id: one.why for one in told.not_now}
    assert why["none"] == "a proposal: no agreement yet"
    assert why["night"].startswith("outside its hours: Friday to Sunday")
    words = in_words(told)
    assert "holds until: no end within a year" in words
    assert "next 2026-04-03 22:00" in words


def test_an_overlap_that_is_not_settled_is_said_and_a_settled_one_gives_way() -> None:
    plain, other = box("p", 0, "a"), box("o", 0, "a", polarity=Polarity.EXCLUSION)
    town = project_of(plain, other, agreements=(agreement("a"),))
    told = answer_at(town, 0.5, 0.5, NOON, audience=POLICE, exported=False)
    assert [[one.id for one in pair] for pair in told.disputed] == [["p", "o"]]
    assert "Not settled: whether “Zone p” or “Zone o”" in in_words(told)
    assert as_json(told)["not_settled"]
    who = Settlement(("o", "p"), Settled.OPPOSITE_HOLDS, date(2026, 1, 1), "somebody")
    settled = replace(town, settlements=(who,))
    told = answer_at(settled, 0.5, 0.5, NOON, audience=POLICE, exported=False)
    assert [one.zone.id for one in told.holds] == ["o"]
    assert told.holds[0].suspended == () and told.holds[0].suspended_in_words == ""
    assert [one.why for one in told.not_now] == ["gives way to another zone here"]


def test_a_zone_whose_outline_crosses_itself_holds_and_says_so() -> None:
    bow = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    odd = replace(box("b", 0.0, "a"), shape=bow)
    town = project_of(odd, box("s", 0.0, "a"), agreements=(agreement("a", hours=()),))
    at = datetime(2026, 4, 1, 16, tzinfo=UTC)
    told = answer_at(town, 0.9, 0.5, at, audience=POLICE, exported=False)
    notes = {one.zone.id: one.applies.outline_note for one in told.holds}
    assert notes == {"b": OUTLINE_CROSSES, "s": ""}
    said = "crosses itself, and must be mended before it goes to patrol systems"
    assert in_words(told).count(f"its outline: {said}") == 1
    (crossed,) = [one for one in told.holds if one.zone.id == "b"]
    assert ("Its outline", said) in terms_of(crossed), "the panel on the map lists these"
    place = np.array([0.9, 3.0]), np.array([0.5, 0.5]), np.array(["2026-04-01T16:00"] * 2, "M8[us]")
    rows = checked_rows(town, *place, audience=POLICE, exported=False)
    assert rows.crossing == ("Zone b",) and rows.inside == 1


def test_an_audience_is_told_of_no_zone_that_it_may_not_see() -> None:
    hidden = box("h", 0, "a", visibility=Visibility.POLICE_ONLY)
    late = box("l", 0, None, visibility=Visibility.POLICE_ONLY)
    town = project_of(hidden, late, agreements=(agreement("a"),))
    told = answer_at(town, 0.5, 0.5, NOON, audience=PUBLIC, exported=False)
    assert told.holds == () and told.not_now == ()
    at = np.array([NOON.astimezone(UTC).replace(tzinfo=None)], dtype="datetime64[us]")
    rows = checked_rows(town, np.array([0.5]), np.array([0.5]), at, audience=PUBLIC, exported=True)
    assert rows.inside == 0
    told = answer_at(town, 0.5, 0.5, NOON, audience=POLICE, exported=False)
    assert [one.zone.id for one in told.holds] == ["h"]


def test_texts_that_name_a_confidential_service_are_kept_back() -> None:
    terms = agreement("a", referral_contact="Call the Refuge, 555-0100", persons="Residents")
    table = pa.table({"name": ["Refuge"], "hide": ["yes"]})
    points = Points(np.array([5.0]), np.array([5.0]))
    fields = {"name": "name", "confidential": "hide"}
    layer = new_layer("Kept", LayerKind.SERVICES, table, points, fields)
    town = project_of(box("z", 0, "a"), agreements=(terms,)).with_layer(layer)
    told = answer_at(town, 0.5, 0.5, NOON, audience=PUBLIC, exported=False)
    assert "Refuge" not in in_words(told) and told.holds[0].agreement.persons == "Residents"
    own = answer_at(town, 0.5, 0.5, NOON, audience=POLICE, exported=False)
    assert "Refuge" in in_words(own)


def test_the_street_nearest_to_a_place_is_named() -> None:
    lines = [((0, 0), (0, 0.01)), ((0.0005, 0), (0.0005, 0.01)), ((0.2, 0), (0.2, 0.01))]
    shapes = Shapes(np.array([shapely.LineString(line) for line in lines]))
    table = pa.table({"name": ["Race  St", None, "Far Rd"]})
    layer = new_layer("Streets", LayerKind.STREETS, table, shapes, {"name": "name"})
    town = Project(layers=(layer,))
    assert street_at(town, 0.0004, 0.005, PUBLIC) == "Race St"
    assert street_at(town, 0.1, 0.005, PUBLIC) == ""


@pytest.mark.parametrize(
    ("local", "skipped", "again"),
    [
        ("2026-03-08T02:30:00", True, False),
        ("2026-03-08T03:00:00", False, False),
        ("2026-11-01T01:30:00", False, True),
        ("2026-11-01T02:00:00", False, False),
    ],
)
def test_times_that_clocks_skip_or_show_twice(local: str, skipped: bool, again: bool) -> None:
    asked = datetime.fromisoformat(local)
    told = clock_time(asked, ZONE)
    assert bool(told.in_words()) == (skipped or again)
    # As a file of times reads it.
    column = pa.chunked_array([[f"{asked:%Y-%m-%dT%H:%M}"]])
    assert read_times(column, ZONE.key, False).values[0].as_py() == told.at
    assert (told.skipped, told.again is not None) == (skipped, again)
    if told.again is not None:
        assert told.again.astimezone(UTC) - told.at.astimezone(UTC) == timedelta(hours=1)


@given(st.lists(st.integers(-(2**40), 2**40)), st.lists(st.integers(0, 50)))
def test_distinct_numbers_are_those_of_a_sort(far: list[int], near: list[int]) -> None:
    for values in (far, near):
        numbers = np.array(values, dtype=np.int64)
        found, which = distinct(numbers)
        assert found.tolist() == sorted(set(values))
        assert found[which].tolist() == values
