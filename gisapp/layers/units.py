"""Lengths and areas in the units that somebody reads: metric, those of the US, or both."""

from __future__ import annotations

from enum import StrEnum

from gisapp.layers import geodesy
from gisapp.layers.geodesy import METRES_PER

#: Square feet from which on an area is said in acres, and acres from which in square miles.
_ACRE_FT2, _MILE_ACRES = 43_560.0, 640.0


class Units(StrEnum):
    """What lengths and areas are said in."""

    METRIC = "metric"
    US = "us"
    BOTH = "both"

    @property
    def label(self) -> str:
        return {
            Units.METRIC: "Metres and kilometres",
            Units.US: "Feet and miles",
            Units.BOTH: "Both",
        }[self]

    def length(self, metres: float) -> str:
        """`152.4 m`, `500 ft` or `152.4 m (500 ft)`."""
        return self._said(geodesy.in_words(metres), _us_length(metres))

    def area(self, square_metres: float) -> str:
        """`7,850 m²`, `1.94 acres` or both."""
        return self._said(geodesy.area_in_words(square_metres), _us_area(square_metres))

    def _said(self, metric: str, us: str) -> str:
        if self is Units.BOTH:
            return f"{metric} ({us})"
        return metric if self is Units.METRIC else us


def _us_length(metres: float) -> str:
    """Feet up to half a mile, then miles."""
    if metres >= METRES_PER["mi"] / 2:
        return f"{metres / METRES_PER['mi']:,.2f} mi"
    return f"{metres / METRES_PER['ft']:,.0f} ft"


def _us_area(square_metres: float) -> str:
    """Square feet up to an acre, acres up to a square mile."""
    feet = square_metres / METRES_PER["ft"] ** 2
    acres = feet / _ACRE_FT2
    if acres < 1:
        return f"{feet:,.0f} ft²"
    return f"{acres:,.2f} acres" if acres < _MILE_ACRES else f"{acres / _MILE_ACRES:,.2f} mi²"
