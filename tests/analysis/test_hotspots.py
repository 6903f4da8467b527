"""Surfaces in true units, on honest ground, that show nobody alone."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gisapp.analysis.hotspots.grid import MAX_CELLS
from gisapp.analysis.hotspots.hotspots import (
    cells,
    ground,
    highest_seen,
    round_breaks,
    surface,
    surface_on,
)
from gisapp.errors import Cancelled, DataError
from gisapp.layers import geodesy
from gisapp.layers.audience import SMALL_COUNT, Audience
from gisapp.layers.layer import Layer, Points, Shapes, new_layer
from gisapp.layers.project import Hotspots
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress

LON, LAT = -93.27, 44.98
KDE = Hotspots("layer", "kde", cell_m=100.0, bandwidth_m=300.0)
GISTAR = Hotspots("layer", "gistar", cell_m=200.0, bandwidth_m=500.0)


def events(
    x: NDArray[np.float64], y: NDArray[np.float64], days: NDArray[np.datetime64] | None = None
) -> Layer:
    """Events at metres from a middle."""
    lon, lat = geodesy.Plane(LON, LAT).to_degrees(np.asarray(x, float), np.asarray(y, float))
    table = pa.table({"n": np.arange(len(lon))})
    fields = {}
    if days is not None:
        naive = pa.array(days.astype("datetime64[us]"))
        table = table.append_column("when", pc.assume_timezone(naive, "America/Chicago"))
        fields = {"time": "when"}
    return new_layer("Events", LayerKind.OVERDOSES, table, Points(lon, lat), fields)


def town(count: int = 3000, seed: int = 2, days: NDArray[np.datetime64] | None = None) -> Layer:
    rng = np.random.default_rng(seed)
    x = np.concatenate([rng.normal(0, 2000, count - count // 4), rng.normal(1500, 150, count // 4)])
    y = np.concatenate([rng.normal(0, 1500, count - count // 4), rng.normal(500, 150, count // 4)])
    return events(x, y, days)


@given(
    st.lists(st.tuples(st.floats(-3000, 3000), st.floats(-3000, 3000)), min_size=1, max_size=60),
    st.sampled_from([50.0, 150.0, 400.0]),
    st.sampled_from([100.0, 400.0, 1100.0]),
)
@settings(deadline=None, max_examples=40)
def test_density_sums_to_the_number_of_events(
    places: list[tuple[float, float]], cell_m: float, bandwidth_m: float
) -> None:
    x, y = np.array(places).T
    made = surface(events(x, y), Hotspots("layer", "kde", cell_m, bandwidth_m))
    assert made.values.sum() * (cell_m / 1000) ** 2 == pytest.approx(len(places), rel=1e-9)
    assert made.counts.sum() == len(places)
    assert made.values.min() >= 0


def test_density_has_the_height_of_the_gaussian() -> None:
    made = surface(events(np.zeros(260), np.zeros(260)), Hotspots("layer", "kde", 20.0, 400.0))
    peak = 260 / (2 * np.pi * 0.4**2)
    assert made.values.max() == pytest.approx(peak, rel=0.01)
    assert made.unit == "events per km²"


def test_a_rate_a_year_where_times_are_known() -> None:
    year = np.datetime64("2017-01-01") + np.arange(730) % 365
    layer = town(730, days=year)
    made = surface(layer, KDE)
    assert made.unit == "events per km² per year"
    # The first of January 2017 to the 31 December: 365 days, 730 events.
    assert made.values.sum() * 0.01 == pytest.approx(730 / (365 / 365.25), rel=1e-6)
    assert any("January 2017 to December 2017" in note for note in made.notes)
    january = np.arange(730) % 365 < 31
    part = surface(layer, KDE, rows=january)
    assert part.values.sum() * 0.01 == pytest.approx(62 / (31 / 365.25), rel=1e-6)
    week = np.arange(730) % 365 < 7
    short = surface(layer, KDE, rows=week)
    assert short.unit == "events per km²"
    assert any("too short" in note for note in short.notes)


def test_gi_star_finds_the_corner_that_was_put_there() -> None:
    made = surface(town(), GISTAR)
    assert made.classes is not None
    row, column = np.unravel_index(made.values.argmax(), made.values.shape)
    x, y = made.origin[0] + (column + 0.5) * 200, made.origin[1] + (row + 0.5) * 200
    lon, lat = made.plane.to_degrees(np.array([x]), np.array([y]))
    hot = geodesy.Plane(LON, LAT).to_metres(lon, lat)
    assert np.hypot(hot[0][0] - 1500, hot[1][0] - 500) < 500
    assert made.classes[row, column] == 3
    assert any("Benjamini" in note for note in made.notes)
    assert any("No boundary" in note for note in made.notes)


def test_only_cells_of_the_study_area_are_tested() -> None:
    area = geodesy.circle(LON, LAT, 2500.0)
    layer = town()
    made = surface(layer, GISTAR, study_area=area)
    inside = int(shapely.intersects_xy(area, layer.geometry.lon, layer.geometry.lat).sum())
    assert made.counts.sum() == inside < len(layer)
    assert made.mask.sum() * 0.04 == pytest.approx(np.pi * 2.5**2, rel=0.1)
    assert (made.values[~made.mask] == 0).all()
    density = surface(layer, KDE, study_area=area)
    assert (density.values[~density.mask] == 0).all()
    assert not any("No boundary" in note for note in made.notes)
    with pytest.raises(DataError, match="within the boundary"):
        surface(layer, KDE, study_area=geodesy.circle(0.0, 51.5, 1000.0))


def test_the_ground_is_measured_once_for_all_parameters() -> None:
    layer, area = town(), geodesy.circle(LON, LAT, 2500.0)
    on = ground(layer, area)
    for parameters in (KDE, GISTAR, Hotspots("layer", "kde", 100.0, 700.0)):
        once = surface_on(on, parameters)
        anew = surface(layer, parameters, study_area=area)
        assert np.array_equal(once.values, anew.values)
        assert np.array_equal(once.mask, anew.mask)


def test_filtering_rows_leaves_the_grid_where_it_is() -> None:
    layer = town()
    everything = surface(layer, KDE)
    some = surface(layer, KDE, rows=np.arange(len(layer)) % 7 == 0)
    assert some.grid == everything.grid
    assert some.counts.sum() == 429


def test_nobody_is_shown_alone() -> None:
    x = np.concatenate([np.zeros(50), [5000.0], np.full(SMALL_COUNT - 1, -5000.0)])
    layer = events(x, np.zeros(len(x)))
    for parameters in (KDE, GISTAR):
        made = surface(layer, parameters)
        shown = made.shown(Audience.PARTNERS)
        assert (made.nearby[shown] >= SMALL_COUNT).all()
        assert made.counts[~shown].sum() == SMALL_COUNT
        assert made.shown(Audience.POLICE).sum() == made.mask.sum()
        frame = cells(made, Audience.PARTNERS)
        assert frame["count"].dropna().isin([0, 50]).all()
        assert len(frame) == (shown & (made.nearby > 0)).sum()


def test_counts_left_out_of_a_file_are_no_small_count_together() -> None:
    layer = town(2000)
    made = surface(layer, Hotspots("layer", "gistar", 150.0, 600.0))
    frame = cells(made, Audience.PUBLIC)
    assert frame["count"].isna().any()
    left_out = 2000 - int(frame["count"].sum())
    assert left_out >= 2 * SMALL_COUNT
    assert not frame["count"].between(1, SMALL_COUNT - 1).any()


@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.PARTNERS])
def test_others_get_classes_of_gi_star_and_nothing_finer(audience: Audience) -> None:
    """From scores of two digits the sums of neighbourhoods follow, and from them the counts."""
    made = surface(town(2000), Hotspots("layer", "gistar", 150.0, 600.0))
    frame = cells(made, audience)
    assert set(frame.columns) == {"class", "count", "geometry"}
    assert set(frame["class"]) <= set(range(-3, 4)) and (frame["class"] == 3).any()
    assert highest_seen(made, audience) is None
    assert not any(f"{int(made.mask.sum()):,}" in note for note in made.notes)
    density = surface(town(2000), Hotspots("layer", "kde", 150.0, 600.0))
    assert highest_seen(density, audience) == cells(density, audience)["value"].max()
    assert highest_seen(density, Audience.POLICE) == pytest.approx(density.values.max(), abs=1e-6)


def test_cells_for_a_file_lie_where_the_events_are() -> None:
    layer = town()
    made = surface(layer, GISTAR)
    frame = cells(made)
    assert frame.crs == "EPSG:4326"
    assert set(frame.columns) == {"value", "count", "class", "geometry"}
    assert frame["count"].sum() == 3000
    assert geodesy.area_m2(frame.geometry.iloc[0]) == pytest.approx(40_000, rel=1e-4)
    busiest = frame.loc[frame["count"].idxmax()]
    found = shapely.intersects_xy(busiest.geometry, layer.geometry.lon, layer.geometry.lat)
    assert abs(int(found.sum()) - busiest["count"]) <= 2


def test_one_stray_point_does_not_blow_up_the_grid() -> None:
    rng = np.random.default_rng(4)
    x, y = rng.normal(0, 2000, (2, 500))
    x[17] = 1_000_000.0
    made = surface(events(x, y), KDE)
    assert made.counts.size < 60_000
    assert made.counts.sum() == 499
    assert any("far from all others are left out (fewer than 11)" in note for note in made.notes)


def test_a_country_in_small_cells_is_refused_with_advice() -> None:
    rng = np.random.default_rng(4)
    x, y = rng.uniform(-400_000, 400_000, (2, 500))
    layer = events(x, y)
    with pytest.raises(DataError, match="more than") as caught:
        surface(layer, KDE)
    assert "at least" in caught.value.hint
    advised = Hotspots("layer", "kde", 450.0, 900.0)
    assert surface(layer, advised).counts.size < MAX_CELLS


def test_one_event_and_all_on_one_place() -> None:
    for count in (1, 260):
        layer = events(np.zeros(count), np.zeros(count))
        for parameters in (KDE, GISTAR):
            made = surface(layer, parameters)
            assert made.counts.sum() == count
            assert np.isfinite(made.values).all()
    assert any("260 events lie on 1 place," in note for note in made.notes)


def test_advice_is_for_who_chooses_and_names_only_what_can_be_chosen() -> None:
    layer = events(np.zeros(260), np.zeros(260))
    density, tested = surface(layer, KDE), surface(layer, GISTAR)
    assert density.advice == ("Smooth over more than a block.",)
    assert tested.advice == ("Choose cells and distances larger than a block.",)
    assert not any("Choose" in note or "Smooth" in note for note in density.notes + tested.notes)
    apart = np.arange(260.0)
    assert surface(events(apart, apart), KDE).advice == ()


def test_snapped_points_are_said(minneapolis_stops: Points) -> None:
    table = pa.table({"n": np.arange(len(minneapolis_stops))})
    layer = new_layer("Stops", LayerKind.STOPS, table, minneapolis_stops)
    made = surface(layer, GISTAR)
    assert any("51,920 events lie on 10,414 places" in note for note in made.notes)


def test_events_on_both_sides_of_the_antimeridian() -> None:
    rng = np.random.default_rng(6)
    x, y = rng.normal(0, 1500, (2, 400))
    lon, lat = geodesy.Plane(180.0, -17.0).to_degrees(x, y)
    table = pa.table({"n": np.arange(400)})
    layer = new_layer("Events", LayerKind.OVERDOSES, table, Points(lon, lat))
    made = surface(layer, KDE)
    assert made.counts.sum() == 400
    frame = cells(made)
    assert max(geodesy.area_m2(shape) for shape in frame.geometry) < 10_100


def test_layers_without_points() -> None:
    with pytest.raises(DataError, match="empty"):
        surface(events(np.empty(0), np.empty(0)), KDE)
    area = Shapes(np.array([geodesy.circle(LON, LAT, 50.0)], dtype=object))
    with pytest.raises(DataError, match="need points"):
        surface(new_layer("A", LayerKind.BOUNDARIES, pa.table({"n": [1]}), area), KDE)
    for wrong in (
        Hotspots("layer", "scan"),
        Hotspots("layer", "kde", cell_m=0.0),
        Hotspots("layer", "kde", bandwidth_m=float("inf")),
    ):
        with pytest.raises(DataError):
            surface(town(50), wrong)


def test_measuring_can_be_cancelled() -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        surface(town(50), KDE, progress=progress)


@given(st.floats(1e-6, 1e9))
@example(0.3)
def test_breaks_are_round_and_ascend(highest: float) -> None:
    breaks = round_breaks(highest)
    assert list(breaks) == sorted(set(breaks))
    assert all(value == float(f"{value:.2g}") or value == float(f"{value:.3g}") for value in breaks)
    assert 0 < breaks[0] <= breaks[-1] <= highest * (1 + 1e-9)
    assert 4 <= len(breaks) <= 6
    assert round_breaks(0.0) == ()


@pytest.mark.parametrize(
    ("highest", "breaks"),
    [
        (166.0, (10, 50, 100, 150)),
        (99.0, (4, 20, 40, 60, 80)),
        (0.41, (0.02, 0.1, 0.2, 0.3, 0.4)),
        (1234.0, (50, 250, 500, 750, 1000)),
    ],
)
def test_breaks_are_numbers_that_are_said_aloud(highest: float, breaks: tuple[float, ...]) -> None:
    assert round_breaks(highest) == breaks


def test_notes_tell_everybody_no_small_count_and_no_day() -> None:
    rng = np.random.default_rng(4)
    x, y = rng.normal(0, 500, (2, 200))
    x[0] = 20_000.0
    days = np.datetime64("2017-03-05") + np.arange(200)
    for parameters in (KDE, GISTAR):
        for area in (None, geodesy.circle(LON, LAT, 9000.0)):
            words = " ".join(surface(events(x, y, days), parameters, study_area=area).notes)
            assert "5 March" not in words
            assert not re.search(r"\b(?:[1-9]|10) events?\b", words)
    few = events(np.zeros(4), np.zeros(4))
    assert not any(" on 1 place" in note for note in surface(few, KDE).notes)
