"""Whose terms hold where zones overlap: settlements first, then the rule of the project."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.analysis.look_ups import what_applies
from gisapp.document import Document
from gisapp.errors import ExportError
from gisapp.io.patrol.package import write_package
from gisapp.io.patrol.refusals import exportable
from gisapp.layers import edits, geodesy, overlap_edits, scenario_edits
from gisapp.layers.agreement import Agreement
from gisapp.layers.overlap import Held, disputed, ground_held, ruled
from gisapp.layers.project import Project
from gisapp.layers.scenario import OverlapRule, Scenario, Settled, Settlement
from gisapp.layers.vocabulary import Activity, Polarity
from gisapp.layers.zone import Zone
from tests.layers.test_checks import DAY, LAT, LON, agreement, box

NOON = datetime(2025, 6, 4, 16, tzinfo=UTC)
EAST, NORTH = geodesy.degrees_of(1.0, LAT)


def at(project: Project, x: float) -> list[str]:
    """The names of the zones that hold x metres east of the middle, and their lists' lengths."""
    found = what_applies.applies_at(project, LON + x * EAST, LAT + 50 * NORTH, NOON)
    return [f"{one.zone_name} {len(one.suspended)}" for one in found]


def overlapping() -> Project:
    """`Short` from 0 to 200 m, and `Long`, which suspends more, from 100 to 300 m."""
    short = agreement(id="s", title="Short", suspended=(Activity.ARREST,))
    return Project(
        zones={
            "Short": box("Short", agreement_id="s"),
            "Long": box("Long", x=100, agreement_id="a"),
        },
        agreements={"s": short, "a": agreement()},
    )


def settled(project: Project, how: Settled, one: str = "Exchange", other: str = "Gate") -> Project:
    decision = Settlement((one, other), how, DAY, "Partnership board")
    return overlap_edits.settle_overlap(decision).apply(project)


def opposite() -> Project:
    gate = box("Gate", x=100, polarity=Polarity.EXCLUSION)
    return Project(zones={"Exchange": box("Exchange"), "Gate": gate}, agreements={"a": agreement()})


def test_by_the_union_both_hold() -> None:
    assert at(overlapping(), 150) == ["Short 1", "Long 2"]


def test_by_the_longer_list_the_shorter_gives_way_on_the_shared_ground_alone() -> None:
    project = overlap_edits.set_overlap_rule(OverlapRule.LONGER_LIST).apply(overlapping())
    assert [at(project, x) for x in (50, 150, 250)] == [["Short 1"], ["Long 2"], ["Long 2"]]


def test_equal_lists_go_by_priority_and_else_hold_together() -> None:
    project = overlapping()
    same = replace(project.agreements["s"], suspended=agreement().suspended)
    project = replace(project.with_agreement(same), overlap_rule=OverlapRule.LONGER_LIST)
    assert at(project, 150) == ["Short 2", "Long 2"]
    higher = project.with_zone(replace(project.zone("Long"), priority=1))
    assert at(higher, 150) == ["Long 2"]


def test_what_is_not_settled_holds_on_both_sides() -> None:
    project = opposite()
    assert at(project, 150) == ["Exchange 2", "Gate 0"]
    pairs = disputed(project, list(project.zones.values()))
    assert [(plain.id, other.id) for plain, other in pairs] == [("Exchange", "Gate")]


@pytest.mark.parametrize(
    ("how", "there"),
    [(Settled.NO_ENFORCEMENT_HOLDS, ["Exchange 2"]), (Settled.OPPOSITE_HOLDS, ["Gate 0"])],
)
def test_a_settlement_decides_on_the_shared_ground(how: Settled, there: list[str]) -> None:
    project = settled(opposite(), how)
    assert [at(project, x) for x in (50, 150, 250)] == [["Exchange 2"], there, ["Gate 0"]]
    assert disputed(project, list(project.zones.values())) == ()


def test_a_settlement_is_void_once_the_signs_are_the_same() -> None:
    project = settled(opposite(), Settled.OPPOSITE_HOLDS)
    gate = replace(project.zone("Gate"), polarity=Polarity.NO_ENFORCEMENT)
    assert at(project.with_zone(gate), 150) == ["Exchange 2", "Gate 2"]


def test_a_zone_gives_way_only_while_the_other_holds() -> None:
    project = settled(opposite(), Settled.OPPOSITE_HOLDS)
    later = agreement(id="later", effective=date(2025, 7, 1))
    gate = replace(project.zone("Gate"), agreement_id="later")
    waiting = project.with_agreement(later).with_zone(gate)
    assert at(waiting, 150) == ["Exchange 2"]
    ground, names = ground_held(waiting, waiting.zone("Exchange"), DAY)
    assert (ground.area, names) == (waiting.zone("Exchange").shape.area, ())


# What goes to patrol systems


def test_no_zone_goes_out_while_its_overlap_is_not_settled() -> None:
    zones, refused = exportable(opposite(), DAY)
    assert zones == ()
    reasons = {refusal.name: refusal.reason for refusal in refused}
    assert reasons["Exchange"] == "nobody has settled its overlap with “Gate”"


def test_settled_ground_is_cut_out_of_what_goes_out(tmp_path: Path) -> None:
    project = settled(opposite(), Settled.NO_ENFORCEMENT_HOLDS)
    whole = write_package(project, DAY, tmp_path / "a.zip")
    assert whole.zones[0].attributes["area_m2"] == pytest.approx(40_000, rel=1e-4)
    project = settled(opposite(), Settled.OPPOSITE_HOLDS)
    half = write_package(project, DAY, tmp_path / "b.zip")
    assert half.zones[0].attributes["area_m2"] == pytest.approx(20_000, rel=1e-4)
    assert "less the ground settled for Gate" in str(half.zones[0].attributes["basis_text"])


def test_a_zone_with_no_ground_left_does_not_go_out(tmp_path: Path) -> None:
    around = box("Gate", x=-10, y=-10, w=400, h=400, polarity=Polarity.EXCLUSION)
    project = settled(opposite().with_zone(around), Settled.OPPOSITE_HOLDS)
    with pytest.raises(ExportError, match="another zone holds on all of its ground"):
        write_package(project, DAY, tmp_path / "a.zip")


# Many places


@st.composite
def holdings(draw: st.DrawFn) -> tuple[Project, list[Held]]:
    """Zones that hold at some of ten places, each under an agreement with a list of its own."""
    held, zones, agreements = [], {}, {}
    for number in range(draw(st.integers(1, 5))):
        suspended = tuple(draw(st.sets(st.sampled_from(list(Activity)[:4]))))
        signs = [Polarity.NO_ENFORCEMENT, Polarity.NO_ENFORCEMENT, Polarity.EXCLUSION]
        known = agreement(id=str(number), suspended=suspended)
        zone = box(
            str(number),
            agreement_id=known.id,
            polarity=draw(st.sampled_from(signs)),
            priority=draw(st.integers(0, 1)),
        )
        zones[zone.id], agreements[known.id] = zone, known
        places = np.array(sorted(draw(st.sets(st.integers(0, 9)))), dtype=np.int64)
        held.append(Held(zone, known, places))
    rule = draw(st.sampled_from(list(OverlapRule)))
    project = Project(zones=zones, agreements=agreements, overlap_rule=rule)
    pairs = draw(st.lists(st.tuples(st.sampled_from(list(zones)), st.sampled_from(list(zones)))))
    for one, other in pairs:
        if one != other:
            how = draw(st.sampled_from(list(Settled)))
            project = settled(project, how, one, other)
    return project, held


def _by_hand(project: Project, held: list[Held], place: int) -> set[str]:
    """What holds at one place, looked at zone by zone."""
    there: dict[str, tuple[Zone, Agreement]] = {
        one.zone.id: (one.zone, one.agreement) for one in held if place in one.places
    }
    left = dict(there)
    for settlement in project.settlements:
        if not set(settlement.zone_ids) <= there.keys():
            continue
        plain = [k for k in settlement.zone_ids if there[k][0].polarity is Polarity.NO_ENFORCEMENT]
        if len(plain) == 1:
            other = next(k for k in settlement.zone_ids if k != plain[0])
            holds = settlement.settled is Settled.NO_ENFORCEMENT_HOLDS
            left.pop(other if holds else plain[0], None)
    ranks = {
        key: (len(known.suspended), zone.priority)
        for key, (zone, known) in left.items()
        if zone.polarity is Polarity.NO_ENFORCEMENT
    }
    if project.overlap_rule is OverlapRule.LONGER_LIST and ranks:
        best = max(ranks.values())
        left = {key: one for key, one in left.items() if ranks.get(key, best) == best}
    return set(left)


@given(holdings())
def test_the_rule_is_the_same_for_many_places_as_for_each(case: tuple[Project, list[Held]]) -> None:
    project, held = case
    found = ruled(project, held)
    for place in range(10):
        together = {one.zone.id for one in found if place in one.places}
        assert together == _by_hand(project, held, place)


def test_what_was_settled_goes_with_its_zones_and_comes_back_with_undo() -> None:
    project = settled(opposite(), Settled.OPPOSITE_HOLDS)
    gone = project.settlements[0].zone_ids[0]
    for edit in (edits.remove_zones([gone]), adopting(project, without=gone)):
        document = Document(project)
        document.apply(edit)
        assert document.project.settlements == ()
        document.undo()
        assert document.project.settlements == project.settlements


def test_what_was_settled_stays_where_a_scenario_has_both_zones() -> None:
    project = settled(opposite(), Settled.OPPOSITE_HOLDS)
    document = Document(project)
    document.apply(adopting(project, without=""))
    assert document.project.settlements == project.settlements


def adopting(project: Project, without: str) -> edits.Edit:
    """To adopt a scenario of the project's zones but for one."""
    other = Scenario("Other", {k: z for k, z in project.zones.items() if k != without}, id="o")
    adopt = scenario_edits.adopt_scenario("o")
    return edits.sequence("Adopt", [scenario_edits.save_scenario(other), adopt])
