"""An instruction for very many areas: true, short before it is long, with maps one can read."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gisapp.analysis.briefing.briefing import Line
from gisapp.analysis.briefing.instruction import instruction
from gisapp.analysis.briefing.maps import MOST_ON_A_MAP, map_parts
from gisapp.analysis.briefing.order import order
from gisapp.analysis.briefing.parts import Grid, Heading, Items, Paper, Picture, folded
from gisapp.layers.layer import Layer, Points, new_layer
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind
from gisapp.layers.zone import Zone, circle_zone
from tests.analysis.test_briefing import DAY, LAT, LON, project


def sites(count: int, hours: str = "", kind: str = "naloxone distribution") -> Layer:
    """Services in rows of twelve, 1 km apart."""
    table = pa.table(
        {
            "name": [f"Site {n:03}" for n in range(count)],
            "kind": [kind] * count,
            "street": [f"{n} Main St" for n in range(count)],
            "hours": [hours] * count,
        }
    )
    places = np.arange(count)
    points = Points(LON + places % 12 * 0.015, LAT + places // 12 * 0.009)
    fields = {"name": "name", "service_type": "kind", "address": "street", "opening_hours": "hours"}
    return new_layer("Sites", LayerKind.SERVICES, table, points, fields)


def rings(layer: Layer, count: int) -> list[Zone]:
    """A circle round each of the first sites."""
    assert isinstance(layer.geometry, Points)
    places = zip(layer.texts("name"), layer.geometry.lon, layer.geometry.lat, strict=True)
    return [
        replace(
            circle_zone(name, float(lon), float(lat), 152.4, "partners"),
            agreement_id="pact",
            radius_text="500ft",
        )
        for name, lon, lat in list(places)[:count]
    ]


def town(zones: int, services: int, **more: str) -> Project:
    layer = sites(services, **more)
    return project(*rings(layer, zones), layers=(layer,))


def paper(subject: Project) -> Paper:
    return instruction(order(subject, DAY), DAY)


def place(made: Paper, heading: str) -> int:
    return next(
        n
        for n, one in enumerate(made.body)
        if isinstance(one, Heading) and re.search(heading, one.text)
    )


def test_what_many_areas_share_is_said_once_and_before_their_list() -> None:
    made = paper(town(143, 143))
    words = made.texts()
    assert words.count("500\N{NO-BREAK SPACE}ft") == 1
    assert "All 143 areas: 500\N{NO-BREAK SPACE}ft round the site; at all hours." in words
    (table,) = [one for one in made.body if isinstance(one, Grid) and "Area" in one.header]
    assert [row[0] for row in table.rows] == [str(n + 1) for n in range(143)]
    assert table.rows[1][1] == "Site 001, 1 Main St"
    signed = place(made, "Signature$")
    assert place(made, "What officers do not do") < signed < made.body.index(table)
    assert made.body[place(made, "^Annex 1")] == Heading("Annex 1. The areas", fresh=True)


def test_few_areas_stay_in_the_text() -> None:
    made = paper(project(*rings(sites(20), 20)))
    assert "Annex" not in made.texts()
    assert made.texts().count("500\N{NO-BREAK SPACE}ft round it") == 20


def test_areas_of_several_kinds_are_told_by_their_numbers() -> None:
    layer = sites(30)
    zones = rings(layer, 30)
    zones = [*zones[:20], *(replace(one, radius_text="1000 ft") for one in zones[20:])]
    made = paper(project(*zones, layers=(layer,)))
    (items,) = [one.items for one in made.body if isinstance(one, Items) and "Area" in one.items[0]]
    assert len(items) == 2
    assert items[0].startswith("Areas 1–20: 500\N{NO-BREAK SPACE}ft round the site; ")
    assert items[1].startswith("Areas 21–30: 1000\N{NO-BREAK SPACE}ft round the site; ")


def test_areas_with_little_in_common_are_each_told_whole() -> None:
    layer = sites(30)
    zones = [replace(one, radius_text=f"{n + 100} m") for n, one in enumerate(rings(layer, 30))]
    made = paper(project(*zones, layers=(layer,)))
    (table,) = [one for one in made.body if isinstance(one, Grid) and "Area" in one.header]
    assert table.header == ("No.", "Area", "When")
    assert table.rows[7][1] == "Site 007; 107\N{NO-BREAK SPACE}m round it, 7 Main St"


@pytest.mark.parametrize(
    ("zones", "services", "said"),
    [
        (143, 143, "These 30 stand in the areas, and so do 113 more. All 143 are in the list"),
        (
            40,
            50,
            "and so do 10 more. All 50 are in the list that the partners keep, 10 of them out",
        ),
        (30, 31, "These 30 stand in the areas. 1 more is in the list that the partners keep."),
        (
            5,
            40,
            "Of these 30, 5 stand in the areas, and the others are the nearest to them. 10 more",
        ),
        (1, 40, "Of these 30, 1 stands in the areas, and the others are the nearest to them."),
        (0, 40, "10 more are in the list that the partners keep."),
    ],
)
def test_what_is_said_of_services_that_are_not_named_is_true(
    zones: int, services: int, said: str
) -> None:
    made = paper(town(zones, services, hours="24/7") if zones else _without_areas(services))
    words = made.texts()
    assert said in words
    if not zones:
        assert "nearest to" not in words and "stand in" not in words


def _without_areas(services: int) -> Project:
    subject = town(0, services, hours="24/7")
    return replace(subject, zones={})


def test_places_with_naloxone_in_the_areas_are_not_called_farther_away() -> None:
    assert "And 135 more in the areas." in paper(town(143, 143)).texts()
    assert "And 2 more in the areas, and 30 farther away." in paper(town(10, 40)).texts()
    # The ninth is as far as the eighth.
    assert "And 32 more." in paper(town(2, 40)).texts()


def test_what_nobody_recorded_of_services_is_said_once() -> None:
    made = paper(town(30, 30))
    words = made.texts()
    assert words.count("call first") == 1 and words.count("not recorded") < 5
    assert "Site 029 (naloxone distribution), 29 Main St" in words


def test_the_maps_of_parts_have_every_number_once_and_are_told_in_the_list() -> None:
    made = paper(town(143, 143))
    (table,) = [one for one in made.body if isinstance(one, Grid) and "Map" in one.header]
    pictures = [one for one in made.body if isinstance(one, Picture)]
    letters = [one.part for one in pictures]
    assert letters == ["", "A", "B", "C", "D"]
    assert {row[2] for row in table.rows} == set(letters[1:])
    assert all(one.alt.startswith(f"Map {one.part}. Map of the areas") for one in pictures[1:])


@given(
    st.lists(
        st.tuples(st.floats(-0.5, 0.5), st.floats(-0.3, 0.3)),
        min_size=1,
        max_size=3 * MOST_ON_A_MAP,
    )
)
def test_every_area_is_on_one_map_within_its_frame(places: list[tuple[float, float]]) -> None:
    boxes = [shapely.box(LON + x, LAT + y, LON + x + 0.01, LAT + y + 0.01) for x, y in places]
    lines = [Line(n, Zone(f"{n}", box), ()) for n, box in enumerate(boxes, 1)]
    parts = map_parts(lines)
    if len(lines) <= MOST_ON_A_MAP:
        assert parts == ()
        return
    assert sorted(n for one in parts for n in one.numbers) == [line.number for line in lines]
    assert max(len(one.numbers) for one in parts) <= MOST_ON_A_MAP
    assert len({one.letter for one in parts}) == len(parts)
    for one in parts:
        frame = shapely.box(*one.bounds)
        assert all(frame.covers(boxes[number - 1]) for number in one.numbers)


@given(st.integers(0, 9), st.integers(1, 3))
def test_folding_a_table_keeps_every_cell_in_its_order(count: int, beside: int) -> None:
    rows = tuple((f"{n}", f"Area {n}") for n in range(count))
    (made,) = folded((Grid(("No.", "Area"), rows, (10, 90), beside),))
    assert isinstance(made, Grid)
    told = [cell for row in made.rows for cell in row if cell]
    assert told == [cell for row in rows for cell in row]
    assert all(len(row) == len(made.header) == len(made.widths) for row in made.rows)
    assert abs(sum(made.widths) - 100) <= len(made.widths) / 2
