"""Lengths and areas in words: what is said is what was measured."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.layers.units import Units

_IN_METRES = {"m": 1.0, "km": 1000.0, "ft": 0.3048, "mi": 1609.344}
_IN_SQUARE_METRES = {
    "m²": 1.0, "km²": 1e6, "ft²": 0.09290304, "acres": 4046.8564224, "mi²": 2_589_988.110336,
}  # fmt: skip


def test_a_length_in_all_units() -> None:
    assert Units.METRIC.length(152.4) == "152.4 m"
    assert Units.US.length(152.4) == "500 ft"
    assert Units.BOTH.length(1609.344) == "1.61 km (1.00 mi)"
    assert Units.BOTH.area(4046.86) == "4,047 m² (1.00 acres)"


@given(st.floats(10, 1e6), st.sampled_from([Units.METRIC, Units.US]))
def test_a_length_read_back_is_the_same(metres: float, units: Units) -> None:
    number, unit = re.fullmatch(r"([\d,.]+) (\w+)", units.length(metres)).groups()
    assert float(number.replace(",", "")) * _IN_METRES[unit] == pytest.approx(metres, rel=0.02)


@given(st.floats(100, 1e10), st.sampled_from([Units.METRIC, Units.US]))
def test_an_area_read_back_is_the_same(area: float, units: Units) -> None:
    number, unit = re.fullmatch(r"([\d,.]+) (\S+)", units.area(area)).groups()
    read = float(number.replace(",", "")) * _IN_SQUARE_METRES[unit]
    assert read == pytest.approx(area, rel=0.01)
