"""Scenarios compared: against direct counts on real places, and so that nobody is given away."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gisapp.analysis.zones.scenario_events import told_apart
from gisapp.analysis.zones.scenario_table import PRESENT, Line, ScenarioTable, compare
from gisapp.errors import Cancelled
from gisapp.io.table_text import as_text, write_records
from gisapp.layers import geodesy, zoning
from gisapp.layers.audience import Audience
from gisapp.layers.layer import Layer, Points, Shapes, new_layer
from gisapp.layers.project import Project
from gisapp.layers.scenario import Scenario
from gisapp.layers.vocabulary import LayerKind, Polarity, Visibility
from gisapp.layers.zone import Zone
from gisapp.progress import Progress
from tests.ui import made

FOOT = 0.3048
DAY = date(2025, 6, 4)


def points_layer(name: str, kind: LayerKind, points: Points) -> Layer:
    return new_layer(name, kind, pa.table({"row": np.arange(len(points))}), points, {})


def as_zones(layer: Layer, radius_m: float) -> dict[str, Zone]:
    return {z.id: z for z in zoning.circles_round(layer, radius_m, "for comparison")}


def line(table: ScenarioTable, label: str) -> tuple[float | None, ...]:
    (found,) = (line for line in table.lines if line.label == label)
    return found.values


def compared(project: Project, *scenarios: Scenario, audience: Audience) -> ScenarioTable:
    return compare(project, scenarios, day=DAY, audience=audience)


def test_cincinnati_500_and_1000_feet(
    heroin_calls: Points, drug_calls: Points, naloxone_sites: Points
) -> None:
    sites = points_layer("Sites", LayerKind.SERVICES, naloxone_sites)
    calls = points_layer("Heroin", LayerKind.OVERDOSES, heroin_calls)
    stops = points_layer("Drugs", LayerKind.STOPS, drug_calls)
    project = Project(layers=(sites, calls, stops), zones=as_zones(sites, 500 * FOOT))
    wide = Scenario("1,000 ft", as_zones(sites, 1000 * FOOT))
    table = compared(project, wide, audience=Audience.POLICE)
    assert table.columns == (PRESENT, "1,000 ft")
    assert line(table, "Zones without enforcement") == (143, 143)
    assert line(table, "Inside: Heroin") == (562, 1327)
    assert line(table, "Inside: Drugs") == (804, 1957)
    small, large = line(table, "Area on the ground")
    disc = np.pi * (500 * FOOT) ** 2
    assert small is not None and large is not None
    assert 0.8 * 143 * disc < small < 143 * disc < large < 4 * 143 * disc
    few, many = line(table, "Pairs that overlap")
    assert few is not None and many is not None and 0 < few < many


def test_every_month_and_what_others_see() -> None:
    project = made.project()
    wide = Scenario("400 m", as_zones(made.services(), 400))
    table = compared(project, wide, audience=Audience.POLICE)
    (events,) = table.events
    halves = [f"2025-0{month}" for month in range(1, 7)]
    assert events.months == (*halves, "unknown")
    for column, total in enumerate(events.inside):
        assert total == sum(row[column] or 0 for row in events.by_month)
    assert any("own time" in note for note in table.notes)
    public = compared(project, wide, audience=Audience.PUBLIC)
    assert public.events[0].anything_left_out
    assert any("ring" in note for note in public.notes)
    assert not compared(project, wide, audience=Audience.PATROL).events


def test_as_if_in_force_counts_more_than_each_at_its_own_time() -> None:
    project = made.project()
    hours = replace(next(iter(project.agreements.values())), effective=date(2025, 4, 1))
    project = project.with_agreement(hours)
    own = compare(project, (), day=DAY, audience=Audience.POLICE)
    now = compare(project, (), day=DAY, audience=Audience.POLICE, as_if_in_force=True)
    assert (own.events[0].inside[0] or 0) < (now.events[0].inside[0] or 0)
    assert any("4 June 2025" in note for note in now.notes)


def test_a_ring_with_few_events_is_not_given_away() -> None:
    site = (-84.5, 39.1)
    beside = site[0] + geodesy.degrees_of(150.0, site[1])[0]
    lon = np.array([site[0]] * 30 + [beside] * 3)
    away = np.full(40, -84.4)
    points = Points(np.concatenate([lon, away]), np.full(73, site[1]))
    services = points_layer(
        "Sites", LayerKind.SERVICES, Points(np.array([site[0]]), np.array([site[1]]))
    )
    layer = points_layer("Overdoses", LayerKind.OVERDOSES, points)
    project = Project(layers=(services, layer), zones=as_zones(services, 100))
    wide = Scenario("200 m", as_zones(services, 200))
    assert line(compared(project, wide, audience=Audience.POLICE), "Inside: Overdoses") == (30, 33)
    public = compared(project, wide, audience=Audience.PUBLIC)
    assert line(public, "Inside: Overdoses") == (30, None)
    assert any("ring" in note for note in public.notes)


@given(st.lists(st.tuples(*[st.booleans()] * 3), max_size=40), st.integers(2, 6))
def test_whatever_shown_columns_tell_apart_is_no_small_count(
    events: list[tuple[bool, ...]], least: int
) -> None:
    inside = np.array(events, dtype=bool).reshape(-1, 3).T
    shown, groups = told_apart(inside, least)
    kept = inside[np.array(shown)]
    if kept.size:
        _, sizes = np.unique(kept, axis=1, return_counts=True)
        assert sizes.min() >= least
        assert len(np.unique(groups)) == len(sizes)


def test_streets_and_residents_inside() -> None:
    zone = Zone("Half", shapely.box(0, 0, 0.005, 0.01))
    streets = np.array(
        [
            shapely.LineString([(-0.005, 0.002), (0.005, 0.002)]),
            shapely.LineString([(0.001, 0.001), (0.002, 0.001)]),
            shapely.LineString([(0.02, 0.0), (0.03, 0.0)]),
        ]
    )
    roads = new_layer(
        "Roads", LayerKind.STREETS, pa.table({"name": ["a", "b", "c"]}), Shapes(streets), {}
    )
    units = new_layer(
        "Units",
        LayerKind.POPULATION,
        pa.table({"people": pa.array([1000, 400, None], pa.int64())}),
        Shapes(
            np.array(
                [
                    shapely.box(0, 0, 0.01, 0.01),
                    shapely.box(0.02, 0, 0.03, 0.01),
                    shapely.box(0, 0, 1, 1),
                ]
            )
        ),
        {"residents": "people"},
    )
    project = Project(layers=(roads, units), zones={zone.id: zone})
    table = compared(project, Scenario("None", {}), audience=Audience.PUBLIC)
    metres, nothing = line(table, "Length of streets: Roads")
    expected = geodesy.distance_m(0, 0.002, 0.005, 0.002)
    expected += geodesy.distance_m(0.001, 0.001, 0.002, 0.001)
    assert metres == pytest.approx(expected, rel=1e-6)
    assert nothing == 0
    half, nobody = line(table, "Residents: Units")
    assert half == pytest.approx(500, rel=1e-6)
    assert nobody == 0
    assert any("estimated" in note for note in table.notes)


def test_zones_an_audience_may_not_see_are_not_in_it() -> None:
    project = made.project()
    first = next(iter(project.zones.values()))
    project = project.with_zone(replace(first, visibility=Visibility.POLICE_ONLY))
    assert line(compared(project, audience=Audience.POLICE), "Zones without enforcement") == (4,)
    public = compared(project, audience=Audience.PUBLIC)
    assert line(public, "Zones without enforcement") == (3,)
    assert public.notes[-1] == "Zones not meant for the public are not part of this table."


def test_zones_of_other_effect_are_told_apart() -> None:
    project = made.project()
    first = next(iter(project.zones.values()))
    other = Zone("Other", first.shape, polarity=Polarity.EXCLUSION)
    table = compared(project.with_zone(other), audience=Audience.POLICE)
    assert line(table, "Zones of other effect") == (1,)
    assert line(table, "Pairs of opposite effect that overlap") == (2,)


def test_the_table_in_a_file_reads_back_and_can_be_stopped(tmp_path: Path) -> None:
    project = made.project()
    wide = Scenario("=400 m", as_zones(made.services(), 400))
    table = compared(project, wide, audience=Audience.POLICE)
    path = tmp_path / "scenarios.csv"
    write_records(table.records(), path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["", PRESENT, "'=400 m"], "no cell is taken for a formula"
    assert rows[1] == ["Zones without enforcement", "4", "6"]
    assert [row for row in rows if row[0] == "2025-03: Overdoses 2025"]
    assert ["For: Police analysts"] in rows
    pasted = list(csv.reader(io.StringIO(as_text(table.records())), dialect="excel-tab"))
    assert pasted == rows
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        compare(project, [wide], day=DAY, audience=Audience.POLICE, progress=progress)


def test_what_is_left_out_does_not_depend_on_the_columns_looked_at() -> None:
    project = made.project()
    wide = Scenario("400 m", as_zones(made.services(), 400))
    wider = Scenario("410 m", as_zones(made.services(), 410))
    table = compared(project, wide, wider, audience=Audience.PUBLIC)
    one = table.without({1})
    assert one.columns == (PRESENT, "410 m")
    assert line(one, "Inside: Overdoses 2025") == line(table, "Inside: Overdoses 2025")[::2]
    assert one.events[0].by_month == tuple(row[::2] for row in table.events[0].by_month)


def test_both_ways_of_judging_together_give_nobody_away() -> None:
    """Of 40 overdoses on the spot 3 happened before the agreement: the ways differ by those."""
    project = made.project()
    (agreement,) = project.agreements.values()
    always = replace(agreement, hours=(), effective=date(2025, 3, 1))
    site = next(iter(project.zones.values())).centre
    assert site is not None
    days = [datetime(2025, 2, 1, 12, tzinfo=made.NEW_YORK)] * 3
    days += [datetime(2025, 4, 1, 12, tzinfo=made.NEW_YORK)] * 37
    times = pa.table({"time": pa.array(days, pa.timestamp("us", "America/New_York"))})
    points = Points(np.full(40, site[0]), np.full(40, site[1]))
    far = Points(np.full(40, site[0] + 1), np.full(40, site[1]))
    both = Points(np.r_[points.lon, far.lon], np.r_[points.lat, far.lat])
    times = pa.concat_tables([times, times])
    layer = new_layer("Overdoses", LayerKind.OVERDOSES, times, both, {"time": "time"})
    project = replace(project.with_agreement(always), layers=(layer,))
    ways = [
        compare(project, (), day=DAY, audience=audience, as_if_in_force=now)
        for audience in (Audience.POLICE, Audience.PUBLIC)
        for now in (False, True)
    ]
    assert [line(way, "Inside: Overdoses") for way in ways] == [(37,), (40,), (37,), (None,)]


@pytest.mark.parametrize(
    ("values", "unit", "heading", "texts"),
    [
        ((5400.0, 1_210_000.0), "m²", "Area (km²)", ("0.005", "1.210")),
        ((5400.0, 12_100.0), "m²", "Area (m²)", ("5,400", "12,100")),
        ((80.0, 12_345.0), "m", "Area (km)", ("0.08", "12.35")),
        ((80.4, None), "m", "Area (m)", ("80", "left out")),
        ((80.0, 12.0), "", "Area", ("80", "12")),
    ],
)
def test_all_numbers_of_a_line_are_in_one_unit_that_is_stated(
    values: tuple[float | None, ...], unit: str, heading: str, texts: tuple[str, ...]
) -> None:
    line = Line("Area", values, unit)
    assert (line.heading, line.texts()) == (heading, texts)
