"""What a check of deployments says: units, rules of overlaps, streets, help, proposals, words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from gisapp.analysis.deployments import advice
from gisapp.analysis.deployments.check import DeploymentCheck, check
from gisapp.analysis.deployments.zones_met import conflicts
from gisapp.errors import DataError, EditError
from gisapp.layers import geodesy
from gisapp.layers.agreement import Agreement, Hours
from gisapp.layers.audience import Audience
from gisapp.layers.deployment_edits import proposal
from gisapp.layers.deployment_units import Binding
from gisapp.layers.layer import Layer, Points, Shapes, new_layer
from gisapp.layers.project import Hotspots, Project
from gisapp.layers.scenario import OverlapRule, Settled, Settlement
from gisapp.layers.style import Fill, Line
from gisapp.layers.terms import Terms
from gisapp.layers.vocabulary import (
    Activity,
    Exemption,
    LayerKind,
    Polarity,
    Visibility,
)
from gisapp.layers.zone import Zone
from tests.analysis.test_deployments import (
    LAT,
    LON,
    SHIFT,
    agreement,
    deployments,
    project_of,
    square,
)

LONG = Terms(suspended=tuple(Activity)[:5], hours=(Hours((4,), time(8), time(20)),))


def with_units(bound: str = "", not_bound: str = "") -> Agreement:
    return agreement(units_bound=bound, units_not_bound=not_bound)


def proposed(found: DeploymentCheck) -> Layer:
    grounds = {
        one.row: [(m.conflict.zone, m.conflict.ground) for m in one.met if m.conflict.ground]
        for one in found.meeting
    }
    return proposal(found.layer, grounds).layer


def test_a_zone_that_does_not_bind_the_unit_is_told_apart() -> None:
    layer = deployments((square(100, 0), *SHIFT))
    project = project_of(with_units("Community police", "Unit 7"))
    assert conflicts(project, layer) == ()
    (one,) = check(project, layer).deployments
    assert not one.meets
    (other,) = one.others
    assert other.binds is Binding.NOT_BOUND
    assert "leaves out “Unit 7”" in advice.binds_words(other)


def test_where_it_is_not_known_that_is_said_and_it_counts() -> None:
    layer = deployments((square(100, 0), *SHIFT))
    found = check(project_of(with_units("Community police")), layer)
    (one,) = found.deployments
    (meeting,) = one.met
    assert meeting.binds is Binding.UNKNOWN
    words = advice.meeting_words(found, one, meeting)
    assert words.binds.startswith("Not known whether it binds “Unit 7”")
    assert any("until then act as if it does" in text for text in words.advice)


def two_zones(**more: object) -> Project:
    """A zone from 0 to 200 m, and one with more terms from 100 to 300 m, both on Fridays."""
    project = project_of(agreement())
    wide = Zone("Wide", square(100, 0), agreement_id="terms", id="wide", terms=LONG, **more)
    return project.with_zone(wide)


def test_by_the_longer_list_only_one_holds_on_shared_ground() -> None:
    layer = deployments((square(0, 0, 300), *SHIFT))
    both = {one.zone: one.overlap_m2 for one in conflicts(two_zones(), layer)}
    assert both["Harbour"] == pytest.approx(40_000, rel=1e-3)
    ruled = replace(two_zones(), overlap_rule=OverlapRule.LONGER_LIST)
    found = {one.zone: one for one in conflicts(ruled, layer)}
    assert found["Wide"].overlap_m2 == pytest.approx(40_000, rel=1e-3)
    assert found["Harbour"].overlap_m2 == pytest.approx(20_000, rel=1e-3)


def test_what_a_person_settled_holds_and_what_nobody_did_is_said() -> None:
    layer = deployments((square(0, 0, 300), *SHIFT))
    project = two_zones(polarity=Polarity.ENHANCED_PENALTY)
    (one,) = conflicts(project, layer)
    assert one.unsettled == ("Wide",)
    settled = Settlement(("harbour", "wide"), Settled.OPPOSITE_HOLDS, "The board", date(2025, 1, 2))
    (one,) = conflicts(replace(project, settlements=(settled,)), layer)
    assert one.overlap_m2 == pytest.approx(20_000, rel=1e-3)
    assert one.unsettled == ()


def test_a_zone_that_may_not_bind_takes_no_ground_from_one_that_does() -> None:
    unsure = replace(LONG, units_bound="Community police")
    project = two_zones()
    project = project.with_zone(replace(project.zone("wide"), terms=unsure))
    project = replace(project, overlap_rule=OverlapRule.LONGER_LIST)
    found = {one.zone: one for one in conflicts(project, deployments((square(0, 0, 300), *SHIFT)))}
    assert found["Harbour"].overlap_m2 == pytest.approx(40_000, rel=1e-3)
    assert found["Wide"].binds is Binding.UNKNOWN


def test_hours_exceptions_and_streets_are_told_in_words() -> None:
    lines = np.array(
        [shapely.LineString([(LON - 0.01, LAT + 0.0005), (LON + 0.01, LAT + 0.0005)])], dtype=object
    )
    streets = new_layer(
        "Streets", LayerKind.STREETS, pa.table({"name": ["Race St"]}), Shapes(lines),
        {"name": "name"},
    )  # fmt: skip
    project = project_of(agreement(exceptions=(Exemption.VIOLENCE,))).with_layer(streets)
    found = check(project, deployments((square(100, 0), *SHIFT)))
    (one,) = found.deployments
    words = advice.meeting_words(found, one, one.met[0])
    assert words.where == "20,000 m², 50 % of the area"
    assert words.when == "Friday 7 March 2025, 18:00 to 20:00 (EST)"
    assert words.streets == "Race St 100 m"
    assert words.not_there == ("Search for drugs", "Arrest for personal possession")
    assert words.exceptions == "Violence"
    assert "From 20:00 the zone is no longer in force in this shift." in words.advice
    text = advice.summary(found)
    assert "The one deployment meets a zone in force at its hours." in text
    assert "Not done there: Search for drugs; Arrest for personal possession" in text
    heads = {"Deployments": "Deployments", "Next week": "Deployments: Next week"}
    for name, head in heads.items():
        named = replace(found, layer=replace(found.layer, name=name))
        assert advice.summary(named).split("\n")[0] == head


def test_the_headline_counts_what_was_not_checked_and_never_takes_it_as_clear() -> None:
    good, far, bad = (square(100, 0), *SHIFT), (square(900, 0), *SHIFT), (square(0, 0), None, None)

    def said(*rows: tuple[BaseGeometry, str | None, str | None]) -> str:
        return advice.headline(check(project_of(agreement()), deployments(*rows)))

    hours = "a zone in force at its hours"
    assert said(good, far) == f"1 of 2 deployments meets {hours}."
    assert said(good, far, bad) == f"1 of 2 checked deployments meets {hours}; 1 not checked."
    assert said(far, far, bad) == f"None of 2 checked deployments meets {hours}; 1 not checked."
    assert said(far, bad, bad) == (
        "The one checked deployment meets no zone in force at its hours; 2 not checked."
    )
    assert said(bad) == "The one deployment is not checked: its hours are missing or wrong."
    assert said(bad, bad) == "None of 2 deployments is checked: their hours are missing or wrong."


def test_streets_of_one_name_far_apart_are_told_with_the_deployment() -> None:
    both = shapely.union_all([square(100, 0), square(20_000, 0)])
    layer = deployments((both, *SHIFT), (square(900, 0), *SHIFT), (both, None, None))
    table = layer.table.append_column("streets", pa.array(["Main St", "Elm St", "Main St"]))
    layer = replace(layer, table=table, fields={**layer.fields, "streets": "streets"})
    found = check(project_of(agreement()), layer)
    said = [advice.advice_of(found, one) for one in found.deployments]
    words = "“Main St” stands for streets in 2 places up to 20 km apart."
    assert said[0][0].startswith(words)
    assert len(said[0]) > 1
    assert not any("Main St" in text for text in said[1])
    assert said[2][0].startswith("Not checked.")
    assert said[2][1].startswith(words)


def services(*rows: tuple[str, str, str, float]) -> Layer:
    """Name, kind, hours, and metres east of the zone's corner."""
    plane = geodesy.Plane(LON, LAT)
    east = np.array([row[3] for row in rows])
    lon, lat = plane.to_degrees(east, np.full(len(rows), 50.0))
    table = pa.table(
        {
            "name": [row[0] for row in rows],
            "kind": [row[1] for row in rows],
            "hours": [row[2] for row in rows],
        }
    )
    fields = {"name": "name", "service_type": "kind", "opening_hours": "hours"}
    return new_layer("Services", LayerKind.SERVICES, table, Points(lon, lat), fields)


def overdoses(count: int, east: float = 150.0) -> Layer:
    plane = geodesy.Plane(LON, LAT)
    spread = np.random.default_rng(1).uniform(-20, 20, (2, count))
    lon, lat = plane.to_degrees(east + spread[0], 100 + spread[1])
    table = pa.table({"n": np.arange(count)})
    return new_layer("Overdoses", LayerKind.OVERDOSES, table, Points(lon, lat))


def test_services_open_inside_and_the_nearest_naloxone_at_a_hotspot() -> None:
    known = services(
        ("Exchange", "needle exchange", "Fr 17:00-19:00", 150.0),
        ("Clinic", "methadone", "", 160.0),
        ("Closed pharmacy", "naloxone", "Mo 08:00-10:00", 400.0),
        ("Open pharmacy", "naloxone", "Mo-Su 08:00-23:00", 900.0),
    )
    events = overdoses(40)
    project = project_of(agreement()).with_layer(known).with_layer(events)
    project = replace(project, hotspots=(Hotspots(events.id, cell_m=50, bandwidth_m=100),))
    found = check(project, deployments((square(100, 0), *SHIFT)))
    (one,) = found.deployments
    assert [service.name for service in one.services] == ["Exchange", "Clinic"]
    assert one.services[1].open is None
    assert advice.service_words(found, one.services[0]).endswith("open 18:00 to 19:00")
    assert advice.service_words(found, one.services[1]).endswith("its hours are not known")
    near = one.hotspots[0].naloxone
    assert near is not None
    assert near.name == "Open pharmacy"
    assert near.metres == pytest.approx(700, abs=80)
    words = advice.hotspot_words(found, one.hotspots[0])
    assert "outreach and naloxone, not arrests" in words


def test_no_file_shows_where_a_few_overdoses_were() -> None:
    events = overdoses(6)
    project = project_of(agreement()).with_layer(events)
    project = replace(project, hotspots=(Hotspots(events.id, cell_m=50, bandwidth_m=100),))
    layer = deployments((square(100, 0), *SHIFT))
    assert check(project, layer).deployments[0].hotspots
    assert not check(project, layer, exported=True).deployments[0].hotspots
    assert not check(Project(), layer).deployments[0].hotspots
    assert "No overdose hotspots are set up" in check(Project(), layer).notes[0]


def test_others_than_police_see_no_deployments_and_hidden_zones_are_not_told() -> None:
    layer = deployments((square(100, 0), *SHIFT))
    project = project_of(agreement(), visibility=Visibility.NEVER_EXPORT)
    for audience in (Audience.PUBLIC, Audience.PARTNERS, Audience.PATROL):
        with pytest.raises(DataError, match="police alone"):
            check(project, layer, audience=audience)
    assert len(check(project, layer).meeting) == 1
    exported = check(project, layer, exported=True)
    assert not exported.meeting
    assert any("not in this file" in note for note in exported.notes)


def test_the_proposal_meets_nothing_and_leaves_the_original_alone() -> None:
    layer = deployments((square(100, 0), *SHIFT), (square(900, 0), *SHIFT), (square(0, 0), *SHIFT))
    found = check(project_of(agreement()), layer)
    made = proposed(found)
    assert made.name == "Next week, proposed"
    assert made.texts("name") == ["Box 1", "Box 2"]  # nothing is left of the third
    again = check(found.project, made)
    assert not again.meeting
    assert again.deployments[0].area_m2 == pytest.approx(20_000, rel=0.002)
    assert again.deployments[1].area_m2 == pytest.approx(40_000, rel=1e-3)
    assert made.table["Changed"].to_pylist() == ["Taken out: Harbour", ""]
    # It lies on the plan: unlike it without colours too, and names do not stand there twice.
    assert made.style.color != layer.style.color
    assert (made.style.line, made.style.fill) == (Line.DASHED, Fill.HATCHED)
    assert (layer.style.line, layer.style.fill) == (Line.SOLID, Fill.PLAIN)
    assert layer.style.labels.shown and not made.style.labels.shown
    with pytest.raises(EditError, match="nothing to take out"):
        proposal(made, {})


@settings(max_examples=25)
@given(
    boxes=st.lists(
        st.tuples(st.integers(-250, 250), st.integers(-250, 250), st.integers(20, 400)),
        min_size=1,
        max_size=4,
    ),
    rule=st.sampled_from(list(OverlapRule)),
)
def test_whatever_the_zones_a_proposal_meets_none_and_shares_add_up(
    boxes: list[tuple[int, int, int]], rule: OverlapRule
) -> None:
    project = replace(project_of(agreement()), overlap_rule=rule)
    extra = [
        Zone(f"Z{n}", square(east, north, side), agreement_id="terms", id=f"z{n}",
             terms=LONG if n % 2 else None)
        for n, (east, north, side) in enumerate(boxes)
    ]  # fmt: skip
    project = project.with_zones(extra)
    layer = deployments((square(0, 0, 300), *SHIFT))
    found = check(project, layer)
    one = found.deployments[0]
    union = shapely.union_all([zone.shape for zone in project.zones.values()])
    covered = geodesy.area_m2(shapely.intersection(one.shape, union))
    held = geodesy.area_m2(shapely.union_all([m.conflict.ground for m in one.met]))
    # No rule leaves ground of a zone without any that holds it.
    assert held == pytest.approx(covered, rel=1e-6, abs=2)
    try:
        made = proposed(found)
    except EditError:
        assert covered == pytest.approx(one.area_m2, rel=1e-2)
        return
    assert not check(project, made).meeting
