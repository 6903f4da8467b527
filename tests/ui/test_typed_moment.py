"""Moments as people type them: what is no moment is refused, never taken for another."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.errors import DataError
from gisapp.ui.times.typed_moment import typed_moment, whole_moment

SHOWN = datetime.fromisoformat("2025-06-06 19:45")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("21:30", "2025-06-06 21:30"),
        ("9.30 pm", "2025-06-06 21:30"),
        ("2026-11-06 01:30", "2026-11-06 01:30"),
        ("2026-11-06  1:30", "2026-11-06 01:30"),
        ("2026-11-06T01:30", "2026-11-06 01:30"),
        ("2026/11/6 01:30", "2026-11-06 01:30"),
        ("6 November 2026 21:30", "2026-11-06 21:30"),
    ],
)
def test_a_whole_moment_is_taken_as_it_is_typed(typed: str, meant: str) -> None:
    assert whole_moment(typed, SHOWN) == datetime.fromisoformat(meant)
    assert typed_moment(typed, SHOWN) == datetime.fromisoformat(meant)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("22", "2025-06-06 22:00"),
        ("7 pm", "2025-06-06 19:00"),
        ("2130", "2025-06-06 21:30"),
        ("2026-11-06", "2026-11-06 19:45"),
        ("2026-11-06 7", "2026-11-06 07:00"),
        ("2026-11-06 0730", "2026-11-06 07:30"),
        ("6 Nov 2026 7 pm", "2026-11-06 19:00"),
    ],
)
def test_shorter_forms_wait_until_the_field_is_left(typed: str, meant: str) -> None:
    assert whole_moment(typed, SHOWN) is None
    assert typed_moment(typed, SHOWN) == datetime.fromisoformat(meant)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "tomorrow",
        "2026-02-30 10:00",
        "2026-02-30",
        "25:10",
        "3/6/2026 10:00",
        "0206-01-01 10:00",
        "2026-11-06 01:75",
    ],
)
def test_what_is_no_moment_is_refused_with_a_hint(typed: str) -> None:
    assert whole_moment(typed, SHOWN) is None
    with pytest.raises(DataError, match="not a moment") as caught:
        typed_moment(typed, SHOWN)
    assert "21:30 alone" in str(caught.value)


@given(at=st.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 31)))  # noqa: DTZ001
def test_what_the_field_shows_is_read_as_itself(at: datetime) -> None:
    minute = at.replace(second=0, microsecond=0)
    assert typed_moment(f"{at:%Y-%m-%d  %H:%M}", SHOWN) == minute


@given(typed=st.text(alphabet="0123456789-:. /Tapm", max_size=18))
def test_anything_typed_is_a_moment_or_refused(typed: str) -> None:
    try:
        found = typed_moment(typed, SHOWN)
    except DataError:
        assert whole_moment(typed, SHOWN) is None
    else:
        assert found.tzinfo is None and 1900 <= found.year <= 2199
