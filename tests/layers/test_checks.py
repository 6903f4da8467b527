"""What a project is looked at for: each kind of issue, and that a fix does what it says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gisapp.analysis.zones.problems import find_problems
from gisapp.layers import geodesy, overlap_edits
from gisapp.layers.agreement import Agreement, Party, Status
from gisapp.layers.audience import Audience
from gisapp.layers.breach import Breach
from gisapp.layers.checks import Code, Issue, Severity, issues, issues_seen_by
from gisapp.layers.layer import Layer, Points, Shapes, new_layer
from gisapp.layers.project import Project
from gisapp.layers.scenario import Settled, Settlement
from gisapp.layers.schedule import Calendar
from gisapp.layers.terms import Terms, Threshold
from gisapp.layers.vocabulary import (
    Activity,
    Basis,
    BreachSource,
    Exemption,
    LayerKind,
    PartyRole,
    Polarity,
    Visibility,
)
from gisapp.layers.zone import Zone, circle_zone

DAY = date(2025, 6, 4)
LON, LAT = -84.5, 39.1


def agreement(**more: object) -> Agreement:
    values: dict[str, object] = {
        "title": "Harbour",
        "status": Status.AGREED,
        "parties": (Party("Police", PartyRole.POLICE, "Chief", date(2024, 12, 1)),),
        "effective": date(2025, 1, 1),
        "suspended": (Activity.ARREST, Activity.DRUG_SEARCH),
        "exceptions": (Exemption.SUPPLY,),
        "timezone": "America/New_York",
        "id": "a",
    }
    return Agreement(**(values | more))


def box(
    name: str, x: float = 0, y: float = 0, w: float = 200, h: float = 200, **more: object
) -> Zone:
    """A zone of w by h metres whose lower left corner lies x, y metres from the middle."""
    east, north = geodesy.degrees_of(1.0, LAT)
    shape = shapely.box(
        LON + x * east, LAT + y * north, LON + (x + w) * east, LAT + (y + h) * north
    )
    values: dict[str, object] = {"id": name, "agreement_id": "a"}
    return Zone(name, shape, **(values | more))


def project(
    *zones: Zone, agreed: Agreement | None = None, layers: tuple[Layer, ...] = ()
) -> Project:
    known = agreed or agreement()
    return Project(
        timezone="America/New_York",
        zones={zone.id: zone for zone in zones},
        agreements={known.id: known},
        layers=layers,
    )


def found(one: Project, day: date = DAY) -> tuple[Issue, ...]:
    return find_problems(one, day).issues


def only(one: Project, code: Code) -> Issue:
    some = [issue for issue in found(one) if issue.code is code]
    assert len(some) == 1, [(issue.code, issue.message) for issue in found(one)]
    return some[0]


def services(*names: str, hours: tuple[str, ...] = (), **columns: list[str]) -> Layer:
    count = len(names)
    east, _ = geodesy.degrees_of(1.0, LAT)
    table = pa.table({"name": list(names), "hours": list(hours) or [""] * count, **columns})
    places = Points(np.linspace(LON, LON + (count - 1) * 1000 * east, count), np.full(count, LAT))
    fields = {"name": "name", "opening_hours": "hours"}
    return new_layer("Services", LayerKind.SERVICES, table, places, fields)


def fixed(one: Project, issue: Issue) -> Project:
    """The project after the fix, which must have removed the issue and made no new error."""
    assert issue.fix is not None
    assert issue.fix_words.endswith("."), issue.fix_words
    after = issue.fix.apply(one)
    left = found(after)
    assert issue.key not in {other.key for other in left}
    before = {(other.code, other.zone_ids) for other in found(one)}
    new = {(o.code, o.zone_ids) for o in left if o.severity is Severity.ERROR} - before
    assert not new
    return after


def test_a_sound_project_has_no_issue() -> None:
    assert found(project(box("North"), box("South", y=-500))) == ()


# Outlines


def test_an_outline_that_crosses_itself_is_repaired() -> None:
    bow = shapely.Polygon(
        [(LON, LAT), (LON + 0.01, LAT + 0.01), (LON + 0.01, LAT), (LON, LAT + 0.01)]
    )
    start = project(replace(box("Bow"), shape=bow))
    issue = only(start, Code.SELF_CROSSING)
    assert issue.severity is Severity.ERROR
    assert "2 parts" in issue.fix_words
    zone = fixed(start, issue).zone("Bow")
    assert zone.shape.is_valid
    assert zone.basis_text == "repaired where its outline crossed itself"
    assert issue.places[0] == pytest.approx((LON + 0.005, LAT + 0.005))


def test_a_circle_that_was_spoilt_is_drawn_anew_and_stays_a_circle() -> None:
    circle = circle_zone("Round", LON, LAT, 150, "agreed", id="Round", agreement_id="a")
    bow = shapely.Polygon(
        [(LON, LAT), (LON + 0.01, LAT + 0.01), (LON + 0.01, LAT), (LON, LAT + 0.01)]
    )
    start = project(replace(circle, shape=bow))
    zone = fixed(start, only(start, Code.SELF_CROSSING)).zone("Round")
    assert zone.basis is Basis.CIRCLE
    assert zone.shape.equals(circle.shape)


def test_slivers_are_left_out_and_what_they_were_is_said() -> None:
    thin = box("thin", x=300, w=200, h=0.2).shape
    start = project(replace(box("Main"), shape=shapely.union(box("m").shape, thin)))
    issue = only(start, Code.SLIVER)
    assert issue.severity is Severity.WARNING
    assert issue.fix_words == "Leave them out: 40.00 m² less."
    zone = fixed(start, issue).zone("Main")
    assert zone.area_m2 == pytest.approx(40_000, rel=1e-4)


def test_a_zone_that_is_nothing_but_a_sliver_is_an_error_without_a_fix() -> None:
    issue = only(project(box("Line", h=0.1)), Code.SLIVER)
    assert (issue.severity, issue.fix) == (Severity.ERROR, None)


def test_a_hole_is_said_and_is_no_error() -> None:
    whole, hole = box("w").shape, box("h", x=50, y=50, w=40, h=40).shape
    issue = only(project(replace(box("Ring"), shape=whole.difference(hole))), Code.HOLE)
    assert issue.severity is Severity.NOTE
    assert "1,600 m²" in issue.message
    assert hole.contains(shapely.Point(issue.places[0]))


@pytest.mark.parametrize("basis", [Basis.WALK, Basis.STREETS, Basis.CORRIDOR])
def test_blocks_between_the_streets_of_a_zone_are_no_holes(basis: Basis) -> None:
    whole, block = box("w").shape, box("h", x=50, y=50, w=40, h=40).shape
    zone = replace(box("Streets"), shape=whole.difference(block), basis=basis, basis_text="agreed")
    assert Code.HOLE not in {issue.code for issue in found(project(zone))}


def test_a_zone_round_the_world_is_cut_at_180_degrees() -> None:
    wide = shapely.Polygon([(179.99, 10), (-179.99, 10), (-179.99, 10.01), (179.99, 10.01)])
    start = project(replace(box("Dateline"), shape=wide))
    zone = fixed(start, only(start, Code.ANTIMERIDIAN)).zone("Dateline")
    assert zone.area_m2 < 3_000_000


def test_a_zone_drawn_twice_stands_for_both_services() -> None:
    first = box("One", service="Exchange")
    start = project(first, replace(first, id="Two", name="Two", service="Pharmacy"))
    issue = only(start, Code.DUPLICATE)
    assert issue.severity is Severity.NOTE
    after = fixed(start, issue)
    assert after.zone("One").anchors == ("Pharmacy",)
    assert "Two" not in after.zones


def test_a_twin_of_which_something_was_told_is_not_removed() -> None:
    first = box("One")
    start = project(first, replace(first, id="Two", name="Two"))
    at = datetime(2025, 3, 1, 12, tzinfo=UTC)
    told = Breach("Two", at, BreachSource.SERVICE, Activity.ARREST)
    assert only(replace(start, breaches=(told,)), Code.DUPLICATE).fix is None


# The jurisdiction


def city() -> Layer:
    areas = np.array([box("c", x=-1000, y=-1000, w=1100, h=3000).shape], dtype=object)
    return new_layer("City", LayerKind.BOUNDARIES, pa.table({"name": ["City"]}), Shapes(areas), {})


def test_a_zone_half_outside_is_cut_at_the_edge() -> None:
    start = project(box("Half"), layers=(city(),))
    issue = only(start, Code.OUTSIDE)
    assert issue.message == "50 % of “Half” (20,000 m²) lies outside “City”."
    zone = fixed(start, issue).zone("Half")
    assert zone.area_m2 == pytest.approx(20_000, rel=1e-3)
    assert zone.basis_text == "cut at the edge of “City”"


def test_a_zone_wholly_outside_cannot_be_cut() -> None:
    issue = only(project(box("Far", x=5000), layers=(city(),)), Code.OUTSIDE)
    assert issue.fix is None
    assert "wholly" in issue.message


def test_cutting_a_circle_says_what_it_was_and_is_not_offered_without_basis() -> None:
    circle = circle_zone("Round", LON, LAT, 150, "agreed", id="Round", agreement_id="a")
    start = project(circle, layers=(city(),))
    zone = fixed(start, only(start, Code.OUTSIDE)).zone("Round")
    assert zone.basis is Basis.POLYGON
    assert "it was a circle of 150 m" in zone.basis_text
    bare = project(replace(circle, basis_text=""), layers=(city(),))
    assert only(bare, Code.OUTSIDE).fix is None


def test_areas_side_by_side_are_one_jurisdiction() -> None:
    halves = np.array(
        [
            box("w", x=-500, y=-500, w=600, h=1000).shape,
            box("e", x=100, y=-500, w=600, h=1000).shape,
        ],
        dtype=object,
    )
    table = pa.table({"name": ["West", "East"]})
    layer = new_layer("Districts", LayerKind.BOUNDARIES, table, Shapes(halves), {})
    assert found(project(box("Across"), layers=(layer,))) == ()


# Overlaps


def opposite() -> Project:
    gate = box("Gate", x=100, polarity=Polarity.EXCLUSION)
    return project(box("Exchange"), gate)


def test_opposite_zones_are_an_error_until_somebody_settles_it() -> None:
    start = opposite()
    issue = only(start, Code.OPPOSITE_OVERLAP)
    assert issue.severity is Severity.ERROR
    assert issue.fix is None
    assert "20,000 m²" in issue.message
    settlement = Settlement(
        ("Exchange", "Gate"), Settled.NO_ENFORCEMENT_HOLDS, DAY, "Board", "the gate is shut"
    )
    after = overlap_edits.settle_overlap(settlement).apply(start)
    note = only(after, Code.OPPOSITE_OVERLAP)
    assert (note.severity, note.settled) == (Severity.NOTE, True)
    assert (
        "“Exchange” holds there: settled by Board on 4 June 2025 (the gate is shut)."
        in note.message
    )


def test_opposite_zones_that_ended_need_no_decision() -> None:
    over = agreement(id="old", title="Old", expires=date(2025, 2, 1))
    start = opposite()
    gate = replace(start.zone("Gate"), agreement_id="old")
    ended = start.with_agreement(over).with_zone(gate)
    assert Code.OPPOSITE_OVERLAP not in {issue.code for issue in found(ended)}


def test_zones_of_one_sign_are_told_only_where_their_lists_differ() -> None:
    own = agreement().terms
    less = replace(own, suspended=(Activity.ARREST,))
    start = project(box("One"), box("Two", x=100, terms=less))
    issue = only(start, Code.OVERLAP_TERMS)
    assert issue.severity is Severity.NOTE
    assert found(project(box("One"), box("Two", x=100, terms=own))) == ()


# Services


def test_services_in_no_zone_are_told_in_one_issue() -> None:
    issue = only(
        project(box("Here", x=-100, y=-100), layers=(services("A", "B", "C"),)),
        Code.SITE_IN_NO_ZONE,
    )
    assert issue.rows == (1, 2)
    assert issue.message == "2 services of “Services” lie in no zone: “B” and “C”."


@pytest.mark.parametrize(
    "layer",
    [
        services("Exchange", hours=("Permanently closed",)),
        services("Exchange", status=["closed"]),
        services("Exchange", closed_on=["2025-06-03"]),
    ],
)
def test_a_zone_of_a_service_that_closed(layer: Layer) -> None:
    zone = box("Here", x=-100, y=-100, service="exchange ")
    assert only(project(zone, layers=(layer,)), Code.SITE_CLOSED).zone_ids == ("Here",)


def test_a_service_that_closes_later_is_open_today() -> None:
    layer = services("Exchange", closed_on=["2025-06-05"])
    assert found(project(box("Here", x=-100, y=-100, service="Exchange"), layers=(layer,))) == ()


def test_a_zone_of_a_service_that_is_gone_takes_the_name_of_who_moved_in() -> None:
    circle = circle_zone(
        "Round", LON, LAT, 150, "agreed", id="Round", agreement_id="a", service="Old name"
    )
    start = project(circle, layers=(services("New name"),))
    assert fixed(start, only(start, Code.SITE_GONE)).zone("Round").service == "New name"


def test_a_service_where_none_may_stand() -> None:
    zone = box("School", x=-100, y=-100, polarity=Polarity.SERVICE_PROHIBITED)
    issue = only(project(zone, layers=(services("Exchange"),)), Code.SITE_PROHIBITED)
    assert issue.severity is Severity.WARNING


# Agreements


def test_zones_under_no_agreement_are_told_together() -> None:
    start = project(
        box("Zone"), box("A", x=500, agreement_id=None), box("B", x=900, agreement_id=None)
    )
    issue = only(start, Code.NO_AGREEMENT)
    assert issue.zone_ids == ("A", "B")


def test_unsigned_expired_and_overdue_agreements() -> None:
    party = Party("Police", PartyRole.POLICE)
    unsigned = only(project(box("Z"), agreed=agreement(parties=(party,))), Code.UNSIGNED)
    assert unsigned.message == "“Harbour” is not signed by Police, so it holds nowhere."
    expired = only(project(box("Z"), agreed=agreement(expires=date(2025, 5, 1))), Code.EXPIRED)
    assert "after 1 May 2025" in expired.message
    late = only(
        project(box("Z"), agreed=agreement(next_review=date(2025, 6, 3))), Code.REVIEW_OVERDUE
    )
    assert "3 June 2025" in late.message
    assert found(project(box("Z"), agreed=agreement(next_review=DAY))) == ()
    quarterly = agreement(review_every_months=3)
    told = only(project(box("Z"), agreed=quarterly), Code.REVIEW_OVERDUE)
    assert "1 April 2025" in told.message


def test_an_agreement_without_zones_is_a_note() -> None:
    assert only(project(), Code.NO_ZONES).severity is Severity.NOTE


def test_terms_that_suspend_nothing_give_way_to_the_agreement() -> None:
    start = project(box("Zone", terms=Terms(exceptions=(Exemption.SUPPLY,))))
    after = fixed(start, only(start, Code.NOTHING_SUSPENDED))
    assert after.zone("Zone").terms is None


def test_supply_has_to_be_said() -> None:
    assert (
        only(project(box("Z"), agreed=agreement(exceptions=())), Code.SUPPLY_UNSTATED).fix is None
    )
    said = agreement(exceptions=(), exceptions_other="Not for people who deal")
    assert found(project(box("Z"), agreed=said)) == ()


def test_an_amount_needs_its_unit() -> None:
    bare = agreement(thresholds=(Threshold("heroin", 2.5, " "),))
    assert "heroin" in only(project(box("Z"), agreed=bare), Code.THRESHOLD_UNIT).message


def test_hours_of_a_service_nobody_knows() -> None:
    linked = agreement(calendar=Calendar(service_hours=True))
    zone = box("Here", x=-100, y=-100, service="Exchange")
    unknown = project(zone, agreed=linked, layers=(services("Exchange"),))
    assert only(unknown, Code.SERVICE_HOURS).zone_ids == ("Here",)
    known = services("Exchange", hours=("Mo-Fr 09:00-17:00",))
    assert found(project(zone, agreed=linked, layers=(known,))) == ()


def test_an_agreement_takes_the_time_zone_of_its_zones() -> None:
    start = project(box("Here"), agreed=agreement(timezone="UTC"))
    issue = only(start, Code.TIME_ZONES)
    assert fixed(start, issue).agreements["a"].timezone == "America/New_York"
    # Kentucky keeps the time of New York under a name of its own.
    assert (
        found(project(box("Here"), agreed=agreement(timezone="America/Kentucky/Louisville"))) == ()
    )


def test_zones_of_several_time_zones_under_one_agreement() -> None:
    far = replace(box("Far"), shape=shapely.box(-87.65, 41.87, -87.64, 41.88))
    issue = only(project(box("Here"), far), Code.TIME_ZONES)
    assert "America/Chicago, America/New_York" in issue.message
    assert issue.fix is None


# The record


def test_a_circle_needs_its_basis() -> None:
    bare = circle_zone("Round", LON, LAT, 150, "", id="Round", agreement_id="a")
    assert only(project(bare), Code.NO_BASIS).severity is Severity.ERROR
    assert found(project(bare, agreed=agreement(radius_basis="meeting"))) == ()


def test_a_scene_that_is_over() -> None:
    ends = datetime.combine(date(2025, 6, 3), time(23), ZoneInfo("America/New_York"))
    issue = only(project(box("Scene", ends_at=ends)), Code.SCENE_OVER)
    assert "3 June 2025 at 23:00" in issue.message


def test_names_used_twice_become_different() -> None:
    start = project(box("One"), box("2", x=500, id="2"), box("one ", x=900, id="3"))
    after = fixed(start, only(start, Code.NAME_TWICE))
    assert [zone.name for zone in after.zones.values()] == ["One", "2", "one 2"]


def test_a_zone_is_shown_no_more_widely_than_its_agreement() -> None:
    start = project(box("Quiet"), agreed=agreement(visibility=Visibility.POLICE_ONLY))
    after = fixed(start, only(start, Code.VISIBILITY))
    assert after.zone("Quiet").visibility is Visibility.POLICE_ONLY


def test_a_possible_breach_at_a_time_when_the_zone_did_not_hold() -> None:
    told = [
        Breach("Z", datetime(2024, 6, 1, 12, tzinfo=UTC), BreachSource.CLIENT, Activity.ARREST),
        Breach("Z", datetime(2025, 6, 1, 12, tzinfo=UTC), BreachSource.CLIENT, Activity.ARREST),
        Breach("gone", datetime(2025, 6, 1, 12, tzinfo=UTC), BreachSource.CLIENT, Activity.ARREST),
    ]
    start = replace(project(box("Z")), breaches=tuple(told))
    some = [issue for issue in found(start) if issue.code is Code.BREACH]
    assert [issue.breach_id for issue in some] == [told[0].id, told[2].id]


def test_readers_are_told_of_what_they_see_alone() -> None:
    bare = circle_zone("Round", LON, LAT, 150, "", id="Round", agreement_id="a")
    hidden = replace(bare, visibility=Visibility.POLICE_ONLY)
    at = datetime(2024, 6, 1, 12, tzinfo=UTC)
    start = replace(
        project(hidden), breaches=(Breach("Round", at, BreachSource.CLIENT, Activity.ARREST),)
    )
    everything = found(start)
    assert {Code.NO_BASIS, Code.BREACH} <= {issue.code for issue in everything}
    assert issues_seen_by(start, everything, Audience.POLICE) == everything
    assert issues_seen_by(start, everything, Audience.PARTNERS) == ()


# All fixes

CORNERS = st.tuples(st.integers(-300, 300), st.integers(-300, 300))


@st.composite
def spoilt(draw: st.DrawFn) -> Project:
    """Zones drawn with no care at all, some of them twice, half of them over the border."""
    east, north = geodesy.degrees_of(1.0, LAT)
    zones = []
    for number in range(draw(st.integers(1, 4))):
        ring = draw(st.lists(CORNERS, min_size=3, max_size=7, unique=True))
        places = [(LON + x * east, LAT + y * north) for x, y in ring]
        shape = shapely.Polygon(places)
        name = draw(st.sampled_from(["One", "Two", "one"]))
        polarity = draw(st.sampled_from([Polarity.NO_ENFORCEMENT, Polarity.EXCLUSION]))
        zones.append(Zone(name, shape, id=str(number), polarity=polarity, agreement_id="a"))
    return project(*zones, layers=(city(),))


@settings(max_examples=60, deadline=None)
@given(spoilt())
def test_every_fix_removes_its_issue_and_makes_no_new_error(start: Project) -> None:
    for issue in found(start):
        if issue.fix is not None:
            fixed(start, issue)


@settings(max_examples=30, deadline=None)
@given(spoilt())
def test_issues_are_sorted_and_say_where(start: Project) -> None:
    all_ = found(start)
    assert [issue.severity for issue in all_] == sorted(issue.severity for issue in all_)
    assert all(issue.places and issue.bounds for issue in all_ if issue.zone_ids)
    assert issues(start, DAY) is not None
