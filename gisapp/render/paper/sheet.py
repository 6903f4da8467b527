"""Sizes of paper, and the unit in which pages are laid out."""

from __future__ import annotations

from enum import StrEnum

#: Units an inch: pages are laid out in the logical pixels of a map.
INCH = 96.0
UNIT_MM = 25.4 / INCH


class Sheet(StrEnum):
    """Sizes of paper; width and height in mm, upright."""

    A4 = "A4"
    LETTER = "Letter"

    @property
    def size_mm(self) -> tuple[float, float]:
        return (210.0, 297.0) if self is Sheet.A4 else (215.9, 279.4)
