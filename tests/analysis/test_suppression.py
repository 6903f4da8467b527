"""What an audience may see gives nothing else away, even to who knows the rule."""

from __future__ import annotations

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.analysis.counting import Counts
from gisapp.analysis.suppression import (
    LEFT_OUT,
    in_words,
    left_out,
    suppress,
    suppress_groups,
)
from gisapp.layers.audience import SMALL_COUNT, Audience

counts_of = st.integers(0, 40) | st.integers(0, 5000)


@pytest.mark.parametrize(
    ("parts", "least", "most"), [(2, 3, 12), (3, 3, 12), (3, 5, 18), (4, 3, 12), (2, 11, 60)]
)
def test_nobody_can_work_out_a_number_that_is_left_out(parts: int, least: int, most: int) -> None:
    """For each thing that may be shown: every table that is shown so, and what they agree in."""
    alike = defaultdict(list)
    for table in product(range(most + 1), repeat=parts):
        hidden, total_hidden = left_out(table, least)
        assert all(out for count, out in zip(table, hidden, strict=True) if 0 < count < least)
        assert not any(out for count, out in zip(table, hidden, strict=True) if count == 0)
        shown = tuple(-1 if out else n for n, out in zip(table, hidden, strict=True))
        alike[shown, -1 if total_hidden else sum(table)].append(table)
    for (shown, total), tables in alike.items():
        if total > most:
            continue  # its tables reach beyond those tried here
        for at, count in enumerate(shown):
            if count == -1:
                assert len({table[at] for table in tables}) > 1, (shown, total)


@given(counts_of, counts_of, counts_of, counts_of)
def test_small_counts_are_left_out_and_zero_stays(
    inside: int, ring: int, outside: int, no_time: int
) -> None:
    shown = suppress(Counts(inside, ring, outside, no_time), Audience.PARTNERS)
    for name, true in (("inside", inside), ("ring", ring), ("outside", outside)):
        value = getattr(shown, name)
        assert value in (None, true)
        assert value == 0 if true == 0 else value is None or value >= SMALL_COUNT
    known = (shown.inside, shown.ring, shown.outside, shown.no_time)
    assert (known.count(None) != 1) or shown.total is None
    police = suppress(Counts(inside, ring, outside, no_time), Audience.POLICE)
    assert (police.inside, police.ring) == (inside, ring)
    assert police.total == inside + ring + outside + no_time
    assert not police.anything_left_out


@given(counts_of, counts_of, counts_of, counts_of)
def test_what_is_left_out_is_no_small_count_together(
    inside: int, ring: int, outside: int, no_time: int
) -> None:
    """Its sum is the total less what is shown: with 41 of 48 inside, 7 are not."""
    counts = Counts(inside, ring, outside, no_time)
    shown = suppress(counts, Audience.PARTNERS)
    if shown.total is not None:
        known = [n for n in (shown.inside, shown.ring, shown.outside, shown.no_time) if n]
        rest = shown.total - sum(known)
        assert rest == 0 or rest >= SMALL_COUNT


def test_a_ring_does_not_tell_what_lies_outside() -> None:
    assert suppress(Counts(41, 1, 6, 0), Audience.PARTNERS).inside is None


def test_a_small_zone_takes_another_with_it() -> None:
    counts = Counts(73, 0, 900, 0, {"a": 3, "b": 50, "c": 20, "d": 0})
    shown = suppress(counts, Audience.PUBLIC)
    assert shown.inside == 73
    assert shown.by_zone["a"] is None
    assert list(shown.by_zone.values()).count(None) == 2
    assert shown.by_zone["d"] == 0
    assert shown.anything_left_out


def test_zones_that_share_events_are_left_out() -> None:
    """A circle of 200 m round one of 100 m: their difference may be a single person."""
    counts = Counts(80, 0, 900, 0, {"200": 50, "100": 49, "far": 30}, frozenset({"200", "100"}))
    shown = suppress(counts, Audience.PARTNERS)
    assert dict(shown.by_zone) == {"200": None, "100": None, "far": 30}


def test_without_the_sum_no_zone_is_shown() -> None:
    counts = Counts(12, 2, 0, 0, {"a": 12, "b": 0})
    shown = suppress(counts, Audience.PARTNERS)
    assert (shown.inside, shown.ring, shown.outside) == (None, None, 0)
    assert dict(shown.by_zone) == {"a": None, "b": 0}


@given(st.lists(st.tuples(counts_of, counts_of, counts_of), max_size=8))
def test_groups_left_out_are_no_small_count_together(rows: list[tuple[int, int, int]]) -> None:
    groups = {f"{k:02}": Counts(a, b, c, 0) for k, (a, b, c) in enumerate(rows)}
    shown = suppress_groups(groups, Audience.PARTNERS)
    gone = [groups[name] for name, value in shown.items() if value is None]
    for value in shown.values():
        if value is not None:
            seen = (value.inside, value.ring, value.outside)
            assert all(n == 0 or n >= SMALL_COUNT for n in seen)
    if gone and len(gone) < len(groups):
        assert len(gone) > 1
        for part in ("inside", "ring", "outside"):
            together = sum(getattr(counts, part) for counts in gone)
            assert together == 0 or together >= 2 * SMALL_COUNT
    assert None not in suppress_groups(groups, Audience.POLICE).values()


def test_a_number_left_out_reads_as_such() -> None:
    assert in_words(None) == LEFT_OUT
    assert in_words(1234) == "1,234"
