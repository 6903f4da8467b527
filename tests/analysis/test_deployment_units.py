"""Whether words of an agreement bind a unit: matched honestly, and left open where they do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.layers.deployment_units import Binding, binding
from gisapp.layers.terms import Terms

BOUND, FREE, OPEN = Binding.BOUND, Binding.NOT_BOUND, Binding.UNKNOWN


@pytest.mark.parametrize(
    ("bound", "not_bound", "unit", "expected"),
    [
        ("", "", "Response B", BOUND),
        ("", "", "", BOUND),
        ("All units", "", "", BOUND),
        ("All officers", "", "Dog unit", BOUND),
        ("Community police", "Drug squad", "Community Police", BOUND),
        ("Community police", "Drug squad", "Drug Squad", FREE),
        ("Community police", "Drug squad", "Drug squad north", FREE),
        ("Community police", "Drug squad", "Response B", OPEN),
        ("Community police", "Drug squad", "", OPEN),
        ("Neighbourhood and response teams", "", "Response B", BOUND),
        ("Neighbourhood and response teams", "", "Neighbourhood South", BOUND),
        ("Neighbourhood and response teams", "", "Proactive team", OPEN),
        ("", "Drug squad", "Response B", BOUND),
        ("", "Drug squad", "Drug unit", OPEN),  # like it, yet not the name that was written
        ("", "Drug squad", "Squad", BOUND),
        ("All units except the drug squad", "", "Drug squad", FREE),
        ("All units except the drug squad", "", "Response B", BOUND),
        ("District 1", "", "District 10", OPEN),
        ("Drug squad", "Drug squad", "Drug squad", OPEN),
        ("Police", "", "Traffic police", OPEN),
    ],
)
def test_what_words_say_of_a_unit(bound: str, not_bound: str, unit: str, expected: Binding) -> None:
    assert binding(Terms(units_bound=bound, units_not_bound=not_bound), unit) is expected


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_no_text_is_too_odd(bound: str, not_bound: str, unit: str) -> None:
    assert binding(Terms(units_bound=bound, units_not_bound=not_bound), unit) in Binding


@given(st.text(max_size=40))
def test_without_words_everybody_is_bound(unit: str) -> None:
    assert binding(Terms(), unit) is BOUND


@given(st.lists(st.sampled_from(["drug", "squad", "north", "dog", "tactical"]), min_size=1))
def test_who_is_left_out_by_name_is_never_bound(words: list[str]) -> None:
    name = " ".join(words)
    assert binding(Terms(units_not_bound=name), name) is not BOUND
