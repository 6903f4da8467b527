"""A condition chooses the rows that pandas' own query would choose."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gisapp.analysis.classes.expressions import mask_where
from gisapp.errors import DataError
from gisapp.layers.layer import Layer, Points, new_layer
from gisapp.layers.vocabulary import LayerKind

ZONE = "Europe/London"
texts = st.text("aAbBé .ß", max_size=4)
whole = st.integers(-3, 3)
fractions = st.sampled_from([-1.5, -0.0, 0.0, 0.5, 2.0, float("inf")])
times = st.datetimes(
    datetime.fromisoformat("2024-10-26"),
    datetime.fromisoformat("2024-10-29"),
    timezones=st.just(UTC),
)
signs = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])


def layer_of(rows: int, columns: dict[str, pa.ChunkedArray]) -> Layer:
    places = Points(np.zeros(rows), np.zeros(rows))
    return new_layer("Rows", LayerKind.OTHER, pa.table(columns), places)


@st.composite
def tables(draw: st.DrawFn) -> Layer:
    rows = draw(st.integers(1, 8))

    def column(values: st.SearchStrategy[object], arrow: pa.DataType) -> pa.ChunkedArray:
        cells = draw(st.lists(st.none() | values, min_size=rows, max_size=rows))
        cut = draw(st.integers(0, rows))
        return pa.chunked_array([pa.array(part, arrow) for part in (cells[:cut], cells[cut:])])

    return layer_of(
        rows,
        {
            "t": column(texts, pa.string()),
            "i": column(whole, pa.int64()),
            "s": column(whole, pa.int16()),
            "f": column(fractions, pa.float64()),
            "w": column(times, pa.timestamp("us", ZONE)),
            "b": column(st.booleans(), pa.bool_()),
        },
    )


@st.composite
def simple(draw: st.DrawFn) -> str:
    sign = draw(signs)
    days = st.sampled_from(["2024-10-27", "2024-10-27 03:00", "2024-10-28 12:30"])
    letters = st.text("aAbé", min_size=1, max_size=2)
    choices = [
        f"t {sign} {draw(texts)!r}",
        f"{draw(texts)!r} {sign} t",
        f"t in {draw(st.lists(texts, min_size=1, max_size=3))!r}",
        f"t not in {draw(st.lists(texts, min_size=1, max_size=3))!r}",
        f"t.str.lower() == {draw(letters)!r}",
        f"t.str.strip().str.upper() == {draw(letters)!r}",
        f"t.str.contains({draw(letters)!r}, regex=False)",
        f"t.str.contains({draw(letters)!r}, case=False)",
        f"t.str.contains({draw(st.sampled_from(['a.', '^b', 'a|B', '[ab]$']))!r})",
        f"t.str.startswith({draw(letters)!r})",
        f"t.str.endswith({draw(letters)!r})",
        f"t.str.len() > {draw(st.integers(0, 4))}",
        f"i {sign} {draw(whole)}",
        f"i {sign} {draw(st.sampled_from([-0.5, 1.0, 2.5]))}",
        f"s {sign} {draw(st.sampled_from([-1, 2, 70_000]))}",
        f"{draw(whole)} {sign} f",
        f"f {sign} {draw(fractions.filter(np.isfinite))}",
        f"-2 < i {sign} 2",
        f"i in {draw(st.lists(whole, min_size=1, max_size=3))!r}",
        f"i {sign} s",
        f"w {sign} {draw(days)!r}",
        f"b {draw(st.sampled_from(['==', '!=']))} {draw(st.booleans())}",
        f"{draw(st.sampled_from('tifwb'))}.isna()",
        f"{draw(st.sampled_from('tifwb'))}.notna()",
    ]
    return draw(st.sampled_from(choices))


conditions = st.recursive(
    simple(),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(
            lambda parts: f"({parts[0]}) {parts[1]} ({parts[2]})"
        ),
        inner.map(lambda part: f"not ({part})"),
    ),
    max_leaves=3,
)


@settings(max_examples=250, deadline=None)
@given(tables(), conditions)
def test_rows_are_those_of_a_pandas_query(layer: Layer, condition: str) -> None:
    frame = layer.table.to_pandas()
    frame["row"] = np.arange(len(frame))
    try:
        wanted = frame.query(condition, engine="python")["row"].tolist()
    except (ValueError, TypeError, KeyError, NotImplementedError, pd.errors.UndefinedVariableError):
        return
    try:
        found = np.flatnonzero(mask_where(layer, condition)).tolist()
    except DataError as error:
        # A day alone is asked back about, where pandas would take it for its midnight.
        assert "alone means its first moment" in error.message
        return
    assert found == wanted


def test_a_time_is_read_in_the_zone_of_its_column() -> None:
    moments = pd.to_datetime(["2024-10-26 22:30Z", "2024-10-26 23:30Z", "2024-10-28 00:10Z", "NaT"])
    column = pa.chunked_array([pa.Array.from_pandas(moments.tz_convert(ZONE))])
    layer = layer_of(4, {"time": column.cast(pa.timestamp("us", ZONE))})
    day = "'2024-10-27' <= time < '2024-10-28'"
    assert mask_where(layer, day).tolist() == [False, True, False, False]
    assert mask_where(layer, "time > '2024-10-27 23:00+00:00'").tolist() == [0, 0, 1, 0]


@pytest.mark.parametrize("condition", ["w > 'tomorrow'", "t > 3", "i > 'x'", "f.str.len() > 1 + 1"])
def test_what_cannot_be_compared_is_said(condition: str) -> None:
    columns = {
        "w": pa.chunked_array([pa.array([0], pa.timestamp("us", ZONE))]),
        "t": pa.chunked_array([["a"]]),
        "i": pa.chunked_array([[1]]),
        "f": pa.chunked_array([[1.5]]),
    }
    with pytest.raises(DataError, match="cannot be used"):
        mask_where(layer_of(1, columns), condition)


def columns_of_three() -> Layer:
    """Times on the two days on which the clocks of London change, and what else a stop has."""
    moments = ["2018-10-28 00:30Z", "2018-10-28 01:30Z", "2018-03-25 01:10Z"]
    arrow = pa.timestamp("us", ZONE)
    return layer_of(
        3,
        {
            "Date": pa.chunked_array([pa.Array.from_pandas(pd.to_datetime(moments)).cast(arrow)]),
            "Searched for a policing operation": pa.chunked_array([["False", "True", None]]),
            "answer": pa.chunked_array([["N", "Y", "N"]]),
            "year": pa.chunked_array([["2018", "2018", "x"]]),
            "beds": pa.chunked_array([[1, 2, 3]]),
            "open": pa.chunked_array([[True, False, None]]),
            "day": pa.chunked_array([pa.array([17832, 17833, None], pa.date32())]),
        },
    )


@pytest.mark.parametrize(
    ("condition", "reason", "hint"),
    [
        (
            "Date >= '2018-10-28 01:00' and Date < '2018-10-28 03:00'",
            "2018-10-28 01:00 comes twice in Europe/London, where the clocks go back then",
            "Write '2018-10-28 01:00+01:00' for the first or '2018-10-28 01:00+00:00' for the",
        ),
        (
            "'2018-03-25 01:30' <= Date",
            "2018-03-25 01:30 never comes in Europe/London, where the clocks go forward over it",
            "Write '2018-03-25 02:00', what they showed next.",
        ),
        ("Date >= 'yesterday'", "“yesterday” is not a day or time", "such as '2025-03-01'"),
        ("Date < 'today'", "“today” is not a day or time", "such as '2025-03-01'"),
        ("Date < '02:00'", "“02:00” is not a day or time with its year first", "such as"),
        ("Date >= '01/02/2018'", "with its year first", "such as '2025-03-01'"),
        ("Date >= '2018-02-30'", "“2018-02-30” is not a day or time", "such as"),
        ("Date > 2018", "“Date” holds times", "in quotes"),
        ("Date in ['2018-10-28']", "which no list can be asked for", "Date == '2025-03-01 22:00'"),
        (
            "Date == '2018-10-28'",
            "“2018-10-28” alone means its first moment, midnight",
            "Write '2018-10-28' <= Date < '2018-10-29'.",
        ),
        ("Date != '2018-10-28'", "alone", "not ('2018-10-28' <= Date < '2018-10-29')"),
        ("Date == '2018-10'", "alone", "Write '2018-10-01' <= Date < '2018-11-01'."),
        ("Date == '2018'", "alone", "Write '2018-01-01' <= Date < '2019-01-01'."),
        (
            "`Searched for a policing operation` == False",
            "“Searched for a policing operation” holds texts",
            "Write 'False' in quotes.",
        ),
        ("answer == True", "“answer” holds texts", "Write 'Y' in quotes."),
        ("answer in [True]", "“answer” holds texts", "Write 'Y' in quotes."),
        ("True != year", "“year” holds texts", "Write 'True' in quotes."),
        ("year == 2018", "“year” holds texts", "Write '2018' in quotes."),
        ("year.str.lower() == 2018", "a text is compared with texts", "'2018' in quotes"),
        ("year.str.len() == '4'", "the length of a text is a number", "Write 4 without quotes."),
        ("beds == '3'", "“beds” holds numbers", "Write 3 without quotes."),
        ("beds.isin(['many'])", "“beds” holds numbers", "Write a number without quotes"),
        ("date > '2018'", "there is no column “date”", "Write Date."),
        ("open == 'True'", "“open” holds yes or no", "Write True or False without quotes."),
    ],
)
def test_what_would_choose_no_row_whatever_it_holds_is_said_with_what_to_write(
    condition: str, reason: str, hint: str
) -> None:
    with pytest.raises(DataError) as caught:
        mask_where(columns_of_three(), condition)
    assert reason in caught.value.message
    assert hint in caught.value.hint
    assert "Columns:" not in caught.value.hint, "what is wrong is not the name of a column"


@pytest.mark.parametrize(
    ("condition", "rows"),
    [
        ("Date >= '2018-10-28 01:00+01:00' and Date < '2018-10-28 03:00'", [0, 1]),
        ("Date >= '2018-10-28 01:00+00:00'", [1]),
        ("'2018-10-28' <= Date < '2018-10-29'", [0, 1]),
        ("Date == '2018-11-01'", []),
        ("Date == '2018-10-28 01:30+00:00'", [1]),
        ("`Searched for a policing operation` == 'False'", [0]),
        ("open == True", [0]),
        ("open == 1", [0]),
        ("day == '2018-10-28'", [0]),
        ("day >= '2018-10-29'", [1]),
        ("day.isna()", [2]),
    ],
)
def test_what_is_written_so_chooses_the_rows(condition: str, rows: list[int]) -> None:
    assert np.flatnonzero(mask_where(columns_of_three(), condition)).tolist() == rows
