"""Zones of every basis made from layers: edges, parcels, districts, scenes, footprints."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from gisapp.errors import DataError, EditError
from gisapp.layers import geodesy, zoning
from gisapp.layers.agreement import Standing
from gisapp.layers.bands import band
from gisapp.layers.layer import Layer, Points, new_layer
from gisapp.layers.scenes import parse_lasting, scenes
from gisapp.layers.style import Fill, Line
from gisapp.layers.vocabulary import Basis, LayerKind, MeasuredFrom, Polarity, Visibility
from gisapp.layers.zone import Zone, zone_style
from gisapp.layers.zoning_edges import edge_layer, round_edges
from tests.analysis.street_layers import areas, at, block, sites

PARCELS = areas(
    block(0, 0, 2, 1),
    block(0.5, 0.2, 1, 0.8),
    block(5, 0, 6, 1),
    names=("The yard", "The house", "Next door"),
    title="Parcels",
)
THOUSAND_FEET = 304.8


def test_a_radius_from_the_edge_is_measured_from_the_boundary() -> None:
    made = round_edges(
        sites((1.5, 0.5)),
        PARCELS,
        THOUSAND_FEET,
        "the act",
        MeasuredFrom.PARCEL_EDGE,
        radius_text="1,000 ft",
    )
    (zone,) = made.zones
    sides = 2 * (200 + 100) * THOUSAND_FEET
    assert zone.area_m2 == pytest.approx(200 * 100 + sides + math.pi * THOUSAND_FEET**2, rel=0.001)
    assert zone.measured_from is MeasuredFrom.PARCEL_EDGE and not zone.is_disc
    assert zone.centre == pytest.approx(at(1.5, 0.5))
    assert edge_layer(zone.basis_text) == "Parcels"
    west = zone.shape.bounds[0]
    lat = at(0, 0.5)[1]
    assert geodesy.distance_m(west, lat, at(0, 0)[0], lat) == pytest.approx(THOUSAND_FEET, abs=0.01)


def test_of_several_areas_the_smallest_is_meant_and_who_lies_in_none_is_told() -> None:
    layer = sites((0.7, 0.5), (9, 9), (5.5, 0.5))
    made = round_edges(layer, PARCELS, 10, "the act", MeasuredFrom.BUILDING_EDGE)
    assert made.outside.tolist() == [1]
    assert made.zones[0].area_m2 < made.zones[1].area_m2
    assert [zone.service for zone in made.zones] == ["Site 1", "Site 3"]


def test_premises_that_are_areas_have_their_own_edge() -> None:
    made = round_edges(PARCELS, PARCELS, 10, "the act", MeasuredFrom.PARCEL_EDGE)
    assert len(made.zones) == 3
    with pytest.raises(EditError, match="holds points"):
        round_edges(sites((0, 0)), sites((0, 0)), 10, "x", MeasuredFrom.PARCEL_EDGE)


def test_parcels_and_districts_are_taken_as_they_are() -> None:
    parcels = zoning.areas(PARCELS, Basis.PARCEL, "the register")
    assert [zone.basis for zone in parcels] == [Basis.PARCEL] * 3
    assert parcels[1].shape is PARCELS.geometry.geoms[1]
    (district,) = zoning.areas(PARCELS, Basis.POLYGON, "by the law", rows=np.array([2]))
    assert zoning.taken_areas(district.basis_text) == (("Next door",), "Parcels")
    by_hand = district.reshaped(block(5, 0, 6, 2))
    assert zoning.taken_areas(by_hand.basis_text) is None


def test_a_jurisdiction_is_all_its_areas_as_one() -> None:
    city = areas(
        block(0, 0, 1, 1),
        block(1, 0, 2, 1),
        names=("East", "West"),
        title="Wards",
        kind=LayerKind.BOUNDARIES,
    )
    whole = zoning.jurisdiction(city, "the order of the ministry")
    assert isinstance(whole.shape, shapely.Polygon)
    assert whole.area_m2 == pytest.approx(200 * 100, rel=0.001)
    assert (whole.basis, whole.name) == (Basis.JURISDICTION, "Wards")
    assert zoning.taken_areas(whole.basis_text) == ((), "Wards")
    part = zoning.jurisdiction(city, "the order", rows=np.array([1]))
    assert part.name == "West"


# Footprints


def footprint() -> Zone:
    (zone,) = zoning.areas(PARCELS, Basis.FOOTPRINT, "annex A", rows=np.array([1]))
    return zone


@pytest.mark.parametrize("measure", ["radius_m", "width_m"])
def test_a_footprint_has_nothing_round_it(measure: str) -> None:
    with pytest.raises(EditError, match="the building itself"):
        replace(footprint(), **{measure: 20.0})


def test_a_footprint_that_was_reshaped_is_one_no_more() -> None:
    by_hand = footprint().reshaped(block(0, 0, 1, 1))
    assert by_hand.basis is Basis.POLYGON
    assert by_hand.basis_text == "annex A; reshaped by hand from: footprint of the premises"


# Scenes


def incidents() -> Layer:
    times = [datetime(2025, 6, 4, 22, 15, tzinfo=UTC), None, datetime(2025, 6, 5, 1, tzinfo=UTC)]
    table = pa.table({"time": pa.array(times, pa.timestamp("us", "Europe/Zurich"))})
    lon, lat = np.array([at(0, 0), at(1, 0), at(2, 0)]).T
    return new_layer("Overdoses", LayerKind.OVERDOSES, table, Points(lon, lat), {"time": "time"})


def test_a_scene_begins_at_an_incident_and_ends_after_a_set_time() -> None:
    first, last = scenes(
        incidents(), 50, parse_lasting("6 h"), "the act of 2017", rows=np.arange(3)
    )
    assert first.starts_at == datetime(2025, 6, 4, 22, 15, tzinfo=UTC)
    assert first.ends_at == datetime(2025, 6, 5, 4, 15, tzinfo=UTC)
    assert first.basis is Basis.EVENT_SCENE and first.radius_m == 50
    assert first.name == "Scene of 5 June 2025, 00:15", "in the local time of the layer"
    assert last.visibility is Visibility.POLICE_ONLY


def test_a_scene_needs_its_basis_and_a_time() -> None:
    with pytest.raises(EditError, match="need their basis"):
        scenes(incidents(), 50, timedelta(hours=1), "", rows=np.arange(1))
    with pytest.raises(EditError, match="no places with times"):
        scenes(sites((0, 0)), 50, timedelta(hours=1), "x", rows=np.arange(1))


@pytest.mark.parametrize(
    ("text", "span"),
    [("45 min", timedelta(minutes=45)), ("6h", timedelta(hours=6)), ("2 days", timedelta(days=2))],
)
def test_spans_of_time_are_read(text: str, span: timedelta) -> None:
    assert parse_lasting(text) == span


@pytest.mark.parametrize("text", ["", "6", "0 h", "400 days", "a while"])
def test_other_texts_are_no_span(text: str) -> None:
    with pytest.raises(DataError):
        parse_lasting(text)


# Bands


@given(
    lon=st.floats(-175, 175),
    lat=st.floats(-70, 70),
    width=st.floats(4, 200),
    turn=st.floats(0, 2 * math.pi),
)
@settings(max_examples=40, deadline=None)
def test_a_band_has_its_width_anywhere(lon: float, lat: float, width: float, turn: float) -> None:
    metres = 1_000.0
    geod = Geod(ellps="WGS84")
    east, north, _ = geod.fwd(lon, lat, math.degrees(turn), metres)
    made = band(shapely.LineString([(lon, lat), (east, north)]), width)
    area, _ = geod.geometry_area_perimeter(made)
    assert area == pytest.approx(metres * width, rel=0.002), "signed: counter-clockwise"
    assert made.is_valid


ENDED = {Standing.SUSPENDED, Standing.EXPIRED, Standing.WITHDRAWN, Standing.SUPERSEDED}


def test_every_effect_in_force_has_a_look_of_its_own_without_its_colour() -> None:
    looks = [replace(zone_style(Standing.IN_FORCE, one), color="#000000") for one in Polarity]
    assert len(set(looks)) == len(Polarity)


@pytest.mark.parametrize("polarity", [p for p in Polarity if p is not Polarity.EVALUATION_ONLY])
def test_no_effect_looks_in_force_where_it_is_not(polarity: Polarity) -> None:
    held = zone_style(Standing.IN_FORCE, polarity)
    for standing in set(Standing) - {Standing.IN_FORCE}:
        style = zone_style(standing, polarity)
        assert style != held
        assert style.line is Line.DASHED or standing in ENDED


def test_only_what_takes_from_people_is_drawn_like_it() -> None:
    crossed = {
        one
        for one in Polarity
        for standing in Standing
        if zone_style(standing, one).fill is Fill.CROSS_HATCHED
    }
    assert crossed == {Polarity.EXCLUSION, Polarity.ENHANCED_PENALTY}
