"""Rows belong to the first class that fits, however the classes were made."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.analysis.classes.expressions import mask_where
from gisapp.analysis.classes.symbology import class_numbers
from gisapp.errors import DataError
from gisapp.layers.layer import Layer, Points, new_layer
from gisapp.layers.symbology import Category, Range, Rule, SymbolClass, Symbology, Test
from gisapp.layers.vocabulary import LayerKind


def layer_of(**columns: object) -> Layer:
    table = pa.table(columns)
    places = Points(np.zeros(table.num_rows), np.zeros(table.num_rows))
    return new_layer("Places", LayerKind.OTHER, table, places)


def classes(*tests: Test, others: str = "All others", hidden: tuple[int, ...] = ()) -> Symbology:
    some = tuple(
        SymbolClass(str(test), test, visible=number not in hidden)
        for number, test in enumerate(tests)
    )
    return Symbology(some, column="value", others=others)


WORDS = st.sampled_from(["a", "b", "c", " a", "é", "", None])
NUMBERS = st.one_of(st.none(), st.sampled_from([-1.0, 0.0, 0.5, 1.0, 2.0, 7.0, math.nan]))


@given(st.lists(WORDS, min_size=1), st.lists(WORDS.map(lambda word: word or ""), max_size=6))
def test_categories_are_compared_as_text_and_empty_cells_are_the_empty_text(
    cells: list[str | None], wanted: list[str]
) -> None:
    found = class_numbers(
        layer_of(value=pa.array(cells, pa.string())), classes(*map(Category, wanted))
    )
    for cell, number in zip(cells, found.tolist(), strict=True):
        expected = wanted.index(cell or "") if (cell or "") in wanted else len(wanted)
        assert number == expected


@given(
    st.lists(NUMBERS, min_size=1),
    st.lists(st.sampled_from([-2.0, -1.0, 0.0, 0.5, 1.0, 2.0, 8.0]), min_size=2, max_size=6),
    st.booleans(),
    st.booleans(),
)
def test_a_number_belongs_to_the_first_range_that_holds_it(
    cells: list[float | None], ends: list[float], first: bool, joined: bool
) -> None:
    if joined:
        ends = sorted(ends)
        pairs = list(pairwise(ends))
    else:
        pairs = list(zip(ends[::2], ends[1::2], strict=False))
    ranges = [Range(low, high, first and n == 0) for n, (low, high) in enumerate(pairs)]
    found = class_numbers(layer_of(value=pa.array(cells, pa.float64())), classes(*ranges))
    for cell, number in zip(cells, found.tolist(), strict=True):
        held = [
            cell is not None and (one.low < cell <= one.high or (one.first and cell == one.low))
            for one in ranges
        ]
        assert number == (held.index(True) if True in held else len(ranges))


def test_rules_categories_and_ranges_stand_beside_each_other() -> None:
    layer = layer_of(value=[1, 5, 9, None], kind=["x", "y", "x", "y"])
    symbology = classes(
        Rule("kind == 'x' and value > 5"), Category("1"), Range(0, 9), Rule("kind == 'y'")
    )
    assert class_numbers(layer, symbology).tolist() == [1, 2, 0, 3]


def test_what_is_not_visible_is_not_drawn() -> None:
    layer = layer_of(value=["a", "b", "c"])
    symbology = classes(Category("a"), Category("b"), others="", hidden=(1,))
    assert class_numbers(layer, symbology).tolist() == [0, -1, -1]
    assert class_numbers(layer, symbology).dtype == np.int16


@pytest.mark.parametrize(
    ("cells", "wanted", "found"),
    [
        (pa.array([3, None, 12]), ["12", "", "3.0"], [3, 1, 0]),
        (pa.array([3.0, math.nan, 2.5]), ["3", "2.5", ""], [0, 2, 1]),
        (pa.array([True, False, None]), ["true", "false"], [0, 1, 2]),
        (pa.array(["x", None, "y"]).dictionary_encode(), ["y", ""], [2, 1, 0]),
        (pa.array(["x", ""], pa.large_string()), ["", "x"], [1, 0]),
    ],
)
def test_categories_of_columns_that_hold_no_text(
    cells: pa.Array, wanted: list[str], found: list[int]
) -> None:
    symbology = classes(*map(Category, wanted))
    assert class_numbers(layer_of(value=cells), symbology).tolist() == found


def test_a_column_that_is_not_there_leaves_all_rows_to_the_others() -> None:
    layer = layer_of(other=[1, 2])
    assert class_numbers(layer, classes(Category(""))).tolist() == [1, 1]
    assert class_numbers(layer, classes(Range(0, 9))).tolist() == [1, 1]
    assert class_numbers(layer, classes(Category(""), Range(0, 9))).tolist() == [2, 2]


def test_a_rule_that_cannot_be_understood_says_so() -> None:
    with pytest.raises(DataError, match="cannot be used to choose rows"):
        class_numbers(layer_of(value=[1]), classes(Rule("nothing > 3")))


UNCLEAR = [
    ("value == True", []),
    ("value != 3", [0, 1, 2]),
    ("value > 3", []),
    ("value in [1, 2]", []),
    ("day == '2018-10-28'", [0]),
    ("day != '2018-10-28'", [1, 2]),
    ("day == 2018", []),
    ("day < 'soon'", []),
    ("day == '28.10.2018 05:00'", [2]),
    ("day > '28.10.2018 04:00' and not day >= '29.10.2018'", [2]),
    ("here >= '28.10.2018' and here <= '28.10.2018 06:00'", [0, 2]),
    ("day == '2018-10-28 00:00+00:00'", []),
    ("here == '2018-10-28 01:30'", []),
    ("here < '2018-10-28 01:30'", []),
    ("here in ['2018-10-28']", []),
    ("beds > 'two'", []),
    ("beds == '2'", []),
    ("value.str.len() == 'x'", []),
    ("value > beds", []),
    ("open == 'yes'", []),
]


@pytest.mark.parametrize(("where", "rows"), UNCLEAR)
def test_a_rule_that_nobody_may_type_today_leaves_the_other_classes(
    where: str, rows: list[int]
) -> None:
    days = [datetime(2018, 10, *at, tzinfo=UTC) for at in ((28,), (29,), (28, 5))]
    layer = layer_of(
        value=["True", "False", "x"],
        day=pa.array(days, pa.timestamp("us")),
        here=pa.array(days, pa.timestamp("us", "Europe/London")),
        beds=[2, 1, 0],
        open=[True, False, True],
    )
    with pytest.raises(DataError):
        mask_where(layer, where)
    found = class_numbers(layer, classes(Rule(where), Rule("beds == 1")))
    expected = [0 if row in rows else 1 if row == 1 else 2 for row in range(3)]
    assert found.tolist() == expected
