"""Counting numbers in pieces gives the counts of all of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.analysis.points import tally as module
from gisapp.analysis.points.tally import starts_of, tally


@given(st.lists(st.integers(0, 9)), st.integers(1, 7))
def test_pieces_give_the_same_counts_as_the_whole(numbers: list[int], together: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_TOGETHER", together)
        counts = tally(np.array(numbers, dtype=np.intp), 10)
    assert counts.tolist() == [numbers.count(one) for one in range(10)]


def test_nothing_is_counted_as_zeros() -> None:
    assert tally(np.empty(0, dtype=np.int32), 3).tolist() == [0, 0, 0]


@given(st.lists(st.integers(0, 9)), st.integers(1, 7))
def test_numbers_in_order_tell_where_each_begins(numbers: list[int], together: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_TOGETHER", together)
        starts = starts_of(np.array(sorted(numbers), dtype=np.int32), 10)
    assert starts.dtype == np.int32
    assert starts.tolist() == [sum(one < upper for one in numbers) for upper in range(11)]
