"""Services on paper: those in the zones in force, or nearest to them, are named first."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gisapp.analysis.briefing.area import WHOLE, Area
from gisapp.analysis.briefing.briefing import Line, briefing
from gisapp.analysis.briefing.help import offers
from gisapp.analysis.briefing.instruction import instruction
from gisapp.analysis.briefing.near import metres_to_zones
from gisapp.analysis.briefing.order import order
from gisapp.analysis.briefing.parts import Grid, Heading, Items, Picture, Words
from gisapp.analysis.briefing.sheet import sheet
from gisapp.layers import geodesy
from gisapp.layers.layer import Layer, Points, new_layer
from gisapp.layers.vocabulary import LayerKind
from gisapp.layers.zone import Zone
from tests.analysis.test_briefing import DAY, LAT, LON, project, said, shift, zone


def pharmacies(count: int) -> Layer:
    """Pharmacies ever farther east; the farthest is first by name, the nearest last."""
    table = pa.table(
        {
            "name": [f"{chr(ord('A') + (count - 1 - n) // 26)}{(count - 1 - n) % 26:02} Pharmacy"
                     for n in range(count)],
            "kind": ["naloxone distribution" if n % 2 else "drop-in centre" for n in range(count)],
            "hours": ["24/7"] * count,
        }
    )  # fmt: skip
    east = np.arange(count) * 0.003
    fields = {"name": "name", "service_type": "kind", "opening_hours": "hours"}
    points = Points(LON + east, np.full(count, LAT))
    return new_layer("Pharmacies", LayerKind.SERVICES, table, points, fields)


def names(layer: Layer) -> list[str]:
    return layer.texts("name")


def test_the_sheet_of_all_names_the_services_nearest_to_a_zone() -> None:
    layer = pharmacies(40)
    found = briefing(project(layers=(layer,)), WHOLE, shift())
    ranked = [one.service.name for one in offers(found)]
    assert ranked == names(layer)
    words = said(found)
    assert all(name in words for name in ranked[:4])
    assert ranked[-1] not in words
    # Three and the one that gives naloxone are named.
    assert Words("36 more are not listed.") in sheet(found, DAY).right
    assert Heading("Refer to (37 more are not listed)") in sheet(found, DAY, large=True).right


def test_in_a_district_those_nearest_to_a_zone_come_first_too() -> None:
    layer = pharmacies(9)
    wide = Area("North", shapely.box(LON - 1, LAT - 1, LON + 1, LAT + 1))
    found = briefing(project(layers=(layer,)), wide, shift())
    assert [one.service.name for one in offers(found)] == names(layer)


def test_the_instruction_names_the_nearest_and_counts_the_rest() -> None:
    layer = pharmacies(40)
    paper = instruction(order(project(layers=(layer,)), DAY), DAY)
    (table,) = [one for one in paper.body if isinstance(one, Grid) and one.header[0] == "Service"]
    assert [row[0] for row in table.rows] == names(layer)[:30]
    assert "10 more are in the list that the partners keep." in paper.texts()
    lists = [one.items for one in paper.body if isinstance(one, Items)]
    assert tuple(names(layer)[1:17:2]) in lists
    assert "And 12 more, farther away." in paper.texts()


def test_columns_of_services_are_as_wide_as_what_is_in_them() -> None:
    layer = pharmacies(3)
    table = layer.table.append_column("street", [["1234 Long Street of the Old Harbour"] * 3])
    layer = replace(layer, table=table, fields={**layer.fields, "address": "street"})
    paper = instruction(order(project(layers=(layer,)), DAY), DAY)
    (grid,) = [one for one in paper.body if isinstance(one, Grid) and one.header[0] == "Service"]
    service, kind, opened, contact = grid.widths
    assert service > kind > contact >= opened
    assert abs(sum(grid.widths) - 100) <= 2


def test_the_areas_of_an_instruction_are_listed_before_their_map() -> None:
    body = instruction(order(project(), DAY), DAY).body
    areas = next(n for n, one in enumerate(body) if isinstance(one, Grid) and "Area" in one.header)
    maps = next(n for n, one in enumerate(body) if isinstance(one, Picture))
    assert areas < maps


def test_without_zones_the_list_is_by_name() -> None:
    assert metres_to_zones((), np.array([LON]), np.array([LAT])).tolist() == [0.0]
    assert not len(metres_to_zones((Line(1, zone(), ()),), np.array([]), np.array([])))


def test_a_zone_beyond_the_antimeridian_is_near() -> None:
    east = Line(1, zone(at=(-179.99, -16.5)), ())
    (metres,) = metres_to_zones((east,), np.array([179.995]), np.array([-16.5])).tolist()
    assert metres == pytest.approx(geodesy.distance_m(179.995, -16.5, -179.992, -16.5), rel=1e-3)


@given(
    st.lists(st.tuples(st.floats(-0.05, 0.05), st.floats(-0.05, 0.05)), min_size=1, max_size=12),
    st.sampled_from([0.0, 39.1, -33.9, 64.1]),
)
def test_metres_are_those_to_the_nearest_corner_of_a_fine_outline(
    places: list[tuple[float, float]], lat: float
) -> None:
    shapes = [shapely.Point(x, lat).buffer(0.004, 64) for x in (-0.02, 0.02)]
    lines = [Line(n, Zone(name=str(n), shape=one, id=str(n)), ()) for n, one in enumerate(shapes)]
    lon = np.array([x for x, _ in places])
    lats = np.array([lat + y for _, y in places])
    found = metres_to_zones(lines, lon, lats)
    for x, y, metres in zip(lon, lats, found, strict=True):
        if any(shapely.intersects_xy(one, x, y) for one in shapes):
            assert metres == 0
            continue
        corners = [shapely.get_coordinates(one) for one in shapes]
        least = min(
            float(geodesy.distances_m(each[:, 0], each[:, 1], x, y).min()) for each in corners
        )
        step = max(geodesy.distance_m(*a, *b) for each in corners for a, b in pairwise(each))
        assert least - step <= metres <= least * 1.001 + 0.01
