"""Classes are made as published, part the rows they say, and their colours can be told apart."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import mapclassify
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gisapp.analysis.classes.making import (
    CATEGORY_COLORS,
    Vary,
    categories_of,
    graduated,
    legend_labels,
    range_label,
    shades,
    with_classes,
)
from gisapp.analysis.classes.natural_breaks import natural_breaks
from gisapp.analysis.classes.symbology import class_numbers
from gisapp.errors import DataError
from gisapp.layers.classes import lightness
from gisapp.layers.color_distance import APART, chroma, distance
from gisapp.layers.layer import Layer, Points, Shapes, new_layer
from gisapp.layers.style import BLUE, CHOICES, GREY, Fill
from gisapp.layers.symbology import Category, Range, Scheme
from gisapp.layers.vocabulary import LayerKind

CALIFORNIA = mapclassify.load_example().to_numpy()


def layer_of(values: object) -> Layer:
    table = pa.table({"value": values})
    count = table.num_rows
    return new_layer("Places", LayerKind.OTHER, table, Points(np.zeros(count), np.zeros(count)))


@pytest.fixture(scope="module")
def minneapolis(shared_data: Path) -> pd.DataFrame:
    return pd.read_csv(shared_data / "minneapolis" / "MplsDemo.csv")


def counts_of(layer: Layer, symbology: object) -> list[int]:
    assert layer.style is not None
    numbers = class_numbers(layer, symbology)
    return np.bincount(numbers, minlength=numbers.max() + 1).tolist()


@pytest.mark.parametrize(
    ("scheme", "counts"),
    [
        # The examples that mapclassify publishes for the same 58 counties.
        (Scheme.QUANTILES, [12, 11, 12, 11, 12]),
        (Scheme.EQUAL_INTERVAL, [57, 1]),  # [57, 0, 0, 0, 1]: empty classes are left out
        (Scheme.NATURAL_BREAKS, [49, 3, 4, 1, 1]),
        (Scheme.HEAD_TAIL, [50, 7, 1]),
        (Scheme.STD_MEAN, [56, 1, 1]),  # [0, 0, 56, 1, 1]
    ],
)
def test_classes_are_those_that_are_published(scheme: Scheme, counts: list[int]) -> None:
    layer = layer_of(CALIFORNIA)
    symbology = graduated(layer, "value", scheme)
    assert counts_of(layer, symbology) == counts
    assert symbology.scheme is scheme
    assert symbology.column == "value"


def test_natural_breaks_are_those_of_mapclassify() -> None:
    assert natural_breaks(CALIFORNIA, 5).tolist() == [75.29, 192.05, 370.5, 722.85, 4111.45]


def test_residents_of_minneapolis_in_round_numbers_keep_their_limits(
    minneapolis: pd.DataFrame,
) -> None:
    residents = minneapolis["population"]
    layer = layer_of(residents.to_numpy())
    symbology = graduated(layer, "value", Scheme.PRETTY)
    expected = mapclassify.PrettyBreaks(residents.to_numpy())
    highs = [one.test.high for one in symbology.classes if isinstance(one.test, Range)]
    assert highs[:-1] == [high for high in expected.bins.tolist() if high < residents.max()]
    assert counts_of(layer, symbology) == [count for count in expected.counts.tolist() if count]


@given(
    st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=1, max_size=60),
    st.sampled_from([Scheme.QUANTILES, Scheme.EQUAL_INTERVAL, Scheme.NATURAL_BREAKS]),
    st.integers(1, 7),
)
def test_every_number_is_in_a_class_and_no_class_is_empty(
    values: list[float], scheme: Scheme, k: int
) -> None:
    layer = layer_of(values)
    symbology = graduated(layer, "value", scheme, k)
    numbers = class_numbers(layer, symbology)
    assert set(numbers.tolist()) == set(range(len(symbology.classes)))
    ranges = [one.test for one in symbology.classes if isinstance(one.test, Range)]
    assert all(low.high == high.low for low, high in pairwise(ranges))


@given(
    st.lists(st.floats(0, 1000, width=16), min_size=6, max_size=40, unique=True), st.integers(2, 5)
)
def test_natural_breaks_have_the_least_spread(values: list[float], k: int) -> None:
    numbers = np.array(values)

    def spread(breaks: list[float]) -> float:
        number = np.searchsorted(breaks, numbers)
        parts = [numbers[number == n] for n in range(len(breaks))]
        return float(sum(((part - part.mean()) ** 2).sum() for part in parts if len(part)))

    found = spread(natural_breaks(numbers, k).tolist())
    rng = np.random.default_rng(len(values))
    for _ in range(20):
        inner = np.sort(rng.choice(np.sort(numbers)[:-1], k - 1, replace=False))
        assert found <= spread([*inner.tolist(), numbers.max()]) * (1 + 1e-9) + 1e-6


def test_missing_numbers_are_others() -> None:
    layer = layer_of(pa.array([1.0, None, float("nan"), 9.0, float("inf")]))
    symbology = graduated(layer, "value", Scheme.QUANTILES, 2)
    assert class_numbers(layer, symbology).tolist() == [0, 2, 2, 1, 2]


def test_labels_are_plain_words() -> None:
    layer = layer_of([1, 2, 12, 13, 40, 41, 1000, 2500])
    labels = [one.label for one in graduated(layer, "value", Scheme.QUANTILES, 4).classes]
    assert labels == ["1 to 10", "11 to 30", "31 to 300", "301 to 2,500"]
    assert range_label(0.25, 0.5) == "Above 0.25 to 0.5"
    assert range_label(-4, -2.5, first=True) == "−4 to −2.5"


def test_sizes_rise_and_colours_stay_where_size_says_it() -> None:
    layer = layer_of([1, 2, 3, 4])
    classes = graduated(layer, "value", Scheme.QUANTILES, 4, vary=Vary.SIZE).classes
    sizes = [one.size or 0 for one in classes]
    assert sizes == sorted(set(sizes))
    assert {one.color for one in classes} == {None}


@pytest.mark.parametrize("color", CATEGORY_COLORS)
def test_shades_darken_in_equal_steps_so_that_grey_print_says_the_same(color: str) -> None:
    steps = np.diff([lightness(shade) for shade in shades(color, 5)])
    assert (steps < -11).all()


def test_the_most_frequent_values_have_a_class(shared_data: Path) -> None:
    file = shared_data / "seattle" / "Terry_Stops.csv.gz"
    values = pd.read_csv(file, usecols=["Precinct"], keep_default_na=False)["Precinct"]
    symbology = categories_of(layer_of(pa.array(values)), "value", most=3)
    tests = [one.test.value for one in symbology.classes if isinstance(one.test, Category)]
    assert tests == [text for text, _ in Counter(values.tolist()).most_common(3)]
    assert len({one.color for one in symbology.classes}) == 3
    assert symbology.others


def test_empty_cells_are_one_class_in_grey() -> None:
    symbology = categories_of(layer_of(pa.array(["a", "", None, "b", "a", "a", "a"])), "value")
    assert [one.label for one in symbology.classes] == ["a", "No value", "b"]
    assert symbology.classes[1].test == Category("")


@pytest.mark.parametrize("own", [color for _, color in CHOICES])
def test_no_class_looks_like_all_others(own: str) -> None:
    values = pa.array(["", *(f"kind {n % 14}" for n in range(60))])
    layer = layer_of(values)
    layer = layer.restyled(replace(layer.style, color=own))
    classes = categories_of(layer, "value").classes
    assert len(classes) == 12
    colors = [one.color or own for one in classes]
    assert min(distance(color, own) for color in colors) >= APART
    assert len(set(colors)) == len(colors)


@pytest.mark.parametrize("own", [color for _, color in CHOICES])
@pytest.mark.parametrize("k", [2, 5, 9])
def test_no_amount_looks_like_those_that_are_missing(own: str, k: int) -> None:
    layer = layer_of([*map(float, range(40)), None])
    layer = layer.restyled(replace(layer.style, color=own))
    classes = graduated(layer, "value", k=k).classes
    # Violet amounts beside purple: 12 is the best that eyes without green cones can have.
    assert min(distance(one.color or own, own) for one in classes) >= 12
    assert len(classes) == k


def test_amounts_of_grey_areas_have_a_hue_that_grey_streets_are_read_on() -> None:
    layer = layer_of([1, 2, 3, 4, 5])
    grey = layer.restyled(replace(layer.style, color=GREY))
    assert all(chroma(one.color or GREY) > 25 for one in graduated(grey, "value").classes)
    box = np.array([shapely.box(0, 0, 1, 1)] * 5, dtype=object)
    areas = new_layer("Areas", LayerKind.BOUNDARIES, layer.table, Shapes(box))
    light = [lightness(one.color or GREY) for one in graduated(areas, "value").classes]
    # Grey streets are of lightness 53, and areas are filled at three quarters of their strength.
    assert min(light) > 45 and (np.diff(light) < -11).all()
    blue = layer.restyled(replace(layer.style, color=BLUE))
    assert graduated(blue, "value", k=2).classes[1].color == shades(BLUE, 2)[1]


def test_the_blue_of_services_is_taken_last_by_another_layer() -> None:
    table = pa.table({"value": list("abcdefghijkl")})
    for kind in (LayerKind.STOPS, LayerKind.OTHER, LayerKind.SERVICES):
        layer = new_layer("Rows", kind, table, Points(np.zeros(12), np.zeros(12)))
        colors = [one.color for one in categories_of(layer, "value").classes]
        assert BLUE not in colors[:10]


def test_names_of_neighbourhoods_are_cut_to_twelve(shared_data: Path) -> None:
    shapes = json.loads((shared_data / "cincinnati" / "neighborhoods_sna.geojson").read_text())
    first = shapes["features"][0]["properties"]
    column = next(name for name, value in first.items() if isinstance(value, str))
    names = [feature["properties"][column] for feature in shapes["features"]]
    assert len(categories_of(layer_of(names), "value").classes) == 12


@pytest.mark.parametrize("column", ["nothing", "value"])
def test_a_column_without_numbers_is_told(column: str) -> None:
    with pytest.raises(DataError, match=r"no numbers|no column"):
        graduated(layer_of(["a", "b"]), column)


def test_areas_get_a_fill_that_their_classes_are_known_by() -> None:
    box = np.array([shapely.box(0, 0, 1, 1)], dtype=object)
    layer = new_layer("Areas", LayerKind.POPULATION, pa.table({"value": [1]}), Shapes(box))
    classes = categories_of(layer, "value")
    style = with_classes(layer, classes)
    assert (style.fill, style.fill_opacity, style.symbology) == (Fill.PLAIN, 0.75, classes)
    faint = layer.restyled(replace(style, fill_opacity=0.2))
    assert with_classes(faint, classes).fill_opacity == 0.2
    points = layer_of([1])
    assert with_classes(points, classes) == replace(points.style, symbology=classes)


def test_a_legend_names_the_column_of_amounts_but_not_over_names_given_by_hand() -> None:
    table = pa.table({"acres": [95, 120, 340, 500, 770, 1200]})
    layer = new_layer("Parks", LayerKind.OTHER, table, Points(np.zeros(6), np.zeros(6)))
    made = graduated(layer, "acres", k=3)
    labels = legend_labels(made)
    assert labels == tuple((f"acres: {one.label}", "acres") for one in made.classes)
    named = replace(made, classes=(replace(made.classes[0], label="Small"), *made.classes[1:]))
    assert legend_labels(named)[0] == ("Small", "")
    kinds = categories_of(layer, "acres")
    assert legend_labels(kinds) == tuple((one.label, "") for one in kinds.classes)
    long = replace(made, column="how_many_acres_the_park_has_in_all")
    assert legend_labels(long)[0][0].startswith("how_many_acres_the_park…: ")
