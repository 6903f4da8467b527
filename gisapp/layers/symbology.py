"""How the rows of a layer are told apart by their symbols: by category, by amount, or by rules.

All three are one list of classes. Each class has a test and whatever differs from the layer's own
symbol; a row belongs to the first class whose test it meets.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Scheme(StrEnum):
    """How the ranges of a graduated symbology are found, by mapclassify's name of each."""

    QUANTILES = "Quantiles"
    EQUAL_INTERVAL = "EqualInterval"
    NATURAL_BREAKS = "FisherJenks"
    STD_MEAN = "StdMean"
    HEAD_TAIL = "HeadTailBreaks"
    PRETTY = "PrettyBreaks"
    BY_HAND = "UserDefined"

    @property
    def label(self) -> str:
        return {
            Scheme.QUANTILES: "Equal counts",
            Scheme.EQUAL_INTERVAL: "Equal steps",
            Scheme.NATURAL_BREAKS: "Natural breaks",
            Scheme.STD_MEAN: "Standard deviations",
            Scheme.HEAD_TAIL: "Head and tail",
            Scheme.PRETTY: "Round numbers",
            Scheme.BY_HAND: "Set by hand",
        }[self]


@dataclass(frozen=True, slots=True)
class Category:
    """Rows whose column holds this value, compared as text; the empty text is an empty cell."""

    value: str


@dataclass(frozen=True, slots=True)
class Range:
    """Rows whose number is above `low` and at most `high`; the lowest class holds its own end."""

    low: float
    high: float
    first: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """Rows that meet a condition on columns, such as `beds > 3 and kind == 'housing'`."""

    where: str


Test = Category | Range | Rule


@dataclass(frozen=True, slots=True)
class SymbolClass:
    """Rows drawn alike. What is None is as the layer's style has it; sizes in points."""

    label: str
    test: Test
    color: str | None = None
    size: float | None = None
    width: float | None = None
    visible: bool = True


@dataclass(frozen=True, slots=True)
class Symbology:
    """The classes of a layer, the first that fits wins.

    `column` is what categories and ranges look at. Rows in no class are drawn with the layer's
    own symbol under the name `others`, or not at all where that is empty.
    """

    classes: tuple[SymbolClass, ...] = field(default_factory=tuple)
    column: str = ""
    scheme: Scheme = Scheme.BY_HAND
    others: str = "All others"
