"""Conditions as a query and back: the same rows, and never another meaning."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.analysis.classes.expressions import mask_where
from gisapp.errors import DataError
from gisapp.layers.layer import Points, new_layer
from gisapp.layers.vocabulary import LayerKind
from gisapp.ui.table.conditions import (
    OPERATORS,
    Condition,
    Operator,
    column_type,
    listed,
    matching,
    values_in,
)
from gisapp.ui.table.filter_text import conditions_of, text_of

ZONE = "America/New_York"
HOUR = 3_600_000_000
TABLE = pa.table(
    {
        "kind": ["Heroin", " heroin ", "fentanyl", None, "", "a; b", 'say "x"'],
        "open from": pa.array([1, 2, 3, None, 5, 6, 7], pa.int64()),
        "share": [0.5, float("nan"), None, 2.0, -1.0, 0.0, 3.25],
        "time": pa.array(
            [None, *(1_741_478_400_000_000 + 5 * HOUR * i for i in range(6))],
            pa.timestamp("us", ZONE),
        ),
        "class": [True, False, None, True, False, True, None],
    }
)
LAYER = new_layer("Rows", LayerKind.OTHER, TABLE, Points(np.zeros(7), np.zeros(7)))

words = st.sampled_from(["heroin", "Heroin", "fent", "a; b", 'say "x"', "it's", "zoo"])
numbers = st.sampled_from(["1", "2.5", "-1", "0", "3.25", "6"])
days = st.sampled_from(
    [
        *("2025-03-08", "2025-03-09", "2025-03-10 07:30", "2025-03-09 12:00", "2025-03-09 01:59"),
        *("2024-11-03", "2024-11-03 00:59", "2024-11-03 01:30-04:00", "2024-11-03 01:59-05:00"),
    ]
)


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    column = draw(st.sampled_from(TABLE.column_names))
    kind = column_type(TABLE[column].type)
    operator = draw(st.sampled_from(OPERATORS[kind]))
    one = {
        "text": words,
        "number": numbers,
        "time": days,
        "yes or no": st.sampled_from(["yes", "no"]),
    }[kind]
    if not operator.needs_value:
        value = ""
    elif operator is Operator.BETWEEN:
        value = f"{draw(one)} to {draw(one)}"
    elif operator in (Operator.ONE_OF, Operator.EXACTLY):
        value = listed(draw(st.lists(words, min_size=1, max_size=3, unique=True)))
    else:
        value = draw(one)
    return Condition(column, operator, value)


@given(st.lists(conditions(), min_size=1, max_size=3))
def test_the_text_chooses_the_same_rows_and_becomes_conditions_again(asked):
    text = text_of(asked, TABLE)
    rows = matching(TABLE, asked)
    assert (mask_where(LAYER, text) == rows).all(), text
    again = conditions_of(text, TABLE)
    assert again is not None, text
    assert [part.column for part in again] == [part.column for part in asked]
    assert (matching(TABLE, again) == rows).all()
    assert text_of(again, TABLE) == text


@pytest.mark.parametrize("operator", [Operator.ON, Operator.BETWEEN])
def test_the_last_day_there_is_can_be_asked_for(operator):
    value = "9999-12-31" if operator is Operator.ON else "2025-03-09 to 9999-12-31"
    condition = Condition("time", operator, value)
    chosen = mask_where(LAYER, text_of([condition], TABLE))
    assert chosen.tolist() == matching(TABLE, [condition]).tolist()


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("kind == 'heroin'", Condition("kind", Operator.EXACTLY, "heroin")),
        ('kind in ["heroin", "zoo"]', Condition("kind", Operator.EXACTLY, "heroin; zoo")),
        ("`open from`>=3", Condition("open from", Operator.AT_LEAST, "3")),
        ("-1 <= share <= 2.5", Condition("share", Operator.BETWEEN, "-1 to 2.5")),
        ("'2025-03-09' <= time < '2025-03-10'", Condition("time", Operator.ON, "2025-03-09")),
        ("`class` == True", Condition("class", Operator.IS, "yes")),
    ],
)
def test_what_people_write_becomes_a_condition(text, condition):
    assert conditions_of(text, TABLE) == (condition,)


@pytest.mark.parametrize(
    "text",
    [
        "kind == 'a' or share > 2",
        "kind.str.startswith('h')",
        "share > 2",
        "nothing == 3",
        "share >",
        "share == kind",
        "",
    ],
)
def test_what_is_no_condition_stays_text(text):
    assert conditions_of(text, TABLE) is None


@given(st.lists(st.text('ab ;,"', min_size=1, max_size=5), max_size=4))
def test_a_list_of_values_is_read_as_it_was_written(values):
    assert values_in(listed(values)) == values


@pytest.mark.parametrize("value", ["2024-11-03 01:30", "2025-03-09 02:30"])
@pytest.mark.parametrize("operator", [Operator.ON, Operator.SINCE, Operator.BEFORE])
def test_an_hour_that_comes_twice_or_never_is_asked_back_about_in_conditions_and_text(
    operator, value
):
    with pytest.raises(DataError) as condition:
        matching(TABLE, [Condition("time", operator, value)])
    text = f"time >= '{value}'"
    assert conditions_of(text, TABLE) is None, "it would be another answer than that of the text"
    with pytest.raises(DataError) as query:
        mask_where(LAYER, text)
    reason = condition.value.message.removesuffix(".")
    assert reason in query.value.message
    assert "America/New_York" in reason


def test_both_of_two_hours_can_be_asked_for():
    table = pa.table(
        {"time": pa.array([1_730_611_800_000_000, 1_730_615_400_000_000], pa.timestamp("us", ZONE))}
    )
    for value, rows in (("01:30-04:00", [True, False]), ("01:30-05:00", [False, True])):
        condition = Condition("time", Operator.ON, f"2024-11-03 {value}")
        assert matching(table, [condition]).tolist() == rows
        layer = new_layer("Rows", LayerKind.OTHER, table, Points(np.zeros(2), np.zeros(2)))
        assert mask_where(layer, text_of([condition], table)).tolist() == rows


def test_days_without_a_zone_are_asked_for_as_text_too():
    table = pa.table({"day": pa.array([20155, 20156, None], pa.date32())})
    condition = Condition("day", Operator.ON, "2025-03-08")
    layer = new_layer("Rows", LayerKind.OTHER, table, Points(np.zeros(3), np.zeros(3)))
    assert matching(table, [condition]).tolist() == [True, False, False]
    assert mask_where(layer, text_of([condition], table)).tolist() == [True, False, False]
    assert mask_where(layer, "day == '2025-03-08'").tolist() == [True, False, False]
