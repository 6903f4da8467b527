"""Conditions on columns, and the parts of a layer's filter put together."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.errors import DataError
from gisapp.ui.table.conditions import (
    OPERATORS,
    ColumnType,
    Condition,
    Operator,
    column_type,
    in_words,
    matching,
)
from gisapp.ui.table.row_filter import Part, RowFilters

TABLE = pa.table(
    {
        "reason": ["Drugs", "drugs and weapons", None, "Weapons", " "],
        "found": pa.array([1.5, 2.0, None, 10.0, 3.0]),
        "searched": pa.array([True, False, None, True, False]),
        "time": pa.array(
            [
                datetime(2025, 3, 1, 4, 59, tzinfo=UTC),  # still 28 February in New York
                datetime(2025, 3, 1, 5, 0, tzinfo=UTC),
                None,
                datetime(2025, 3, 2, 4, 59, tzinfo=UTC),
                datetime(2025, 3, 2, 5, 0, tzinfo=UTC),
            ],
            pa.timestamp("us", "America/New_York"),
        ),
        "code": pa.array(["a", "b", "a", "b", None]).dictionary_encode(),
    }
)


@pytest.mark.parametrize(
    ("column", "operator", "value", "rows"),
    [
        ("reason", Operator.CONTAINS, "DRUGS", [0, 1]),
        ("reason", Operator.CONTAINS, ".*", []),
        ("reason", Operator.IS, "drugs", [0]),
        ("reason", Operator.IS_NOT, "drugs", [1, 3, 4]),
        ("reason", Operator.ONE_OF, "drugs; weapons", [0, 3]),
        ("reason", Operator.EMPTY, "", [2, 4]),
        ("reason", Operator.FILLED, "", [0, 1, 3]),
        ("found", Operator.IS, "2", [1]),
        ("found", Operator.AT_LEAST, "2", [1, 3, 4]),
        ("found", Operator.AT_MOST, "2.0", [0, 1]),
        ("found", Operator.BETWEEN, "3 to 2", [1, 4]),
        ("found", Operator.EMPTY, "", [2]),
        ("searched", Operator.IS, "yes", [0, 3]),
        ("searched", Operator.IS, "No", [1, 4]),
        ("time", Operator.ON, "2025-03-01", [1, 3]),
        ("time", Operator.SINCE, "2025-03-01", [1, 3, 4]),
        ("time", Operator.BEFORE, "2025-03-01", [0]),
        ("time", Operator.BETWEEN, "2025-02-28 to 2025-03-01", [0, 1, 3]),
        ("time", Operator.BETWEEN, "2025-03-01 00:00 to 2025-03-01 12:00", [1]),
        ("code", Operator.IS, "A", [0, 2]),
    ],
)
def test_a_condition_keeps_the_rows_it_says(column, operator, value, rows):
    mask = matching(TABLE, [Condition(column, operator, value)])
    assert np.flatnonzero(mask).tolist() == rows


@pytest.mark.parametrize(
    ("column", "operator", "value", "says"),
    [
        ("found", Operator.IS, "1,5", "not a number"),
        ("found", Operator.BETWEEN, "3", "no two ends"),
        ("time", Operator.ON, "1/3/2025", "not a day"),
        ("time", Operator.ON, "2025-03-01T10:00+02:00", "its own"),
        ("searched", Operator.IS, "perhaps", "neither yes nor no"),
        ("reason", Operator.CONTAINS, "  ", "Nothing to compare"),
        ("gone", Operator.IS, "x", "no column"),
    ],
)
def test_a_value_that_cannot_be_read_is_explained(column, operator, value, says):
    with pytest.raises(DataError, match=says):
        matching(TABLE, [Condition(column, operator, value)])


def test_numbers_and_days_at_the_very_end_are_compared():
    at = datetime(9999, 12, 31, 23, 59, 30, tzinfo=UTC)
    table = pa.table({"id": [2**62, 1], "time": pa.array([at, None], pa.timestamp("us", "UTC"))})
    large = [Condition("id", Operator.AT_LEAST, "5"), Condition("id", Operator.IS, str(2**62))]
    assert matching(table, large).tolist() == [True, False]
    for operator, value in [
        (Operator.ON, "9999-12-31"),
        (Operator.BETWEEN, "2025-01-01 to 9999-12-31"),
        (Operator.ON, "9999-12-31 23:59"),
    ]:
        assert matching(table, [Condition("time", operator, value)]).tolist() == [True, False]


def test_all_conditions_must_hold_and_none_keeps_everything():
    both = [
        Condition("searched", Operator.IS, "yes"),
        Condition("reason", Operator.CONTAINS, "weapons"),
    ]
    assert np.flatnonzero(matching(TABLE, both)).tolist() == [3]
    assert matching(TABLE, []).all()
    assert in_words(both) == "searched is yes and reason contains weapons"


def test_every_type_of_column_has_operators():
    kinds = {column_type(TABLE[name].type) for name in TABLE.column_names}
    assert kinds == set(ColumnType) == set(OPERATORS)


def test_the_parts_of_a_filter_are_taken_together():
    shown = {}
    filters = RowFilters(lambda layer_id, rows: shown.__setitem__(layer_id, rows))
    table, span = np.array([True, True, False]), np.array([False, True, True])
    filters.set("a", Part.TABLE, table, "reason is drugs")
    filters.set("a", Part.TIME, span, "in March")
    assert shown["a"].tolist() == [False, True, False]
    assert filters.in_words("a") == "reason is drugs; in March"
    filters.set("a", Part.TABLE, None)
    assert shown["a"].tolist() == span.tolist()
    filters.set("a", Part.TIME, None)
    assert shown["a"] is None
    assert filters.in_words("a") == ""


def test_lifting_what_is_not_set_tells_nobody():
    told = []
    RowFilters(lambda *what: told.append(what)).set("a", Part.TIME, None)
    assert told == []


@given(
    st.lists(
        st.tuples(
            st.sampled_from(Part), st.none() | st.lists(st.booleans(), min_size=4, max_size=4)
        ),
        max_size=8,
    )
)
def test_the_combined_mask_is_the_last_word_of_each_part(steps):
    filters, last = RowFilters(lambda *_: None), {}
    for part, mask in steps:
        filters.set("a", part, None if mask is None else np.array(mask))
        last[part] = mask
    masks = [mask for mask in last.values() if mask is not None]
    combined = filters.combined("a")
    if not masks:
        assert combined is None
    else:
        assert combined.tolist() == [all(values) for values in zip(*masks, strict=True)]


def test_a_step_of_the_time_brush_reads_no_rows() -> None:
    """The window's thread would be kept for it with ten million; whoever draws makes the mask."""
    asked = []

    class Bars:
        def mask(self, span):
            asked.append(span)
            return np.array([span[0] <= bar < span[1] for bar in range(4)])

    shown = {}
    filters = RowFilters(lambda layer_id, rows: shown.__setitem__(layer_id, rows))
    filters.set("a", Part.TABLE, np.array([True, True, False, True]), "reason is drugs")
    filters.set_times("a", Bars(), (1, 3), "in March")
    assert filters.limits("a", Part.TIME)
    assert asked == []
    assert shown["a"].mask.tolist() == [False, True, False, False]
    assert filters.mask("a", Part.TIME).tolist() == [False, True, True, False]
    assert filters.combined("a").tolist() == shown["a"].mask.tolist()
    filters.set("a", Part.TIME, None)
    assert not filters.limits("a", Part.TIME)
    assert shown["a"].tolist() == [True, True, False, True]
