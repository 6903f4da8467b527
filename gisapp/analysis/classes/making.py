"""Make the classes of a layer: by category, the most frequent first, or by amount."""

from __future__ import annotations

import math
import warnings
from dataclasses import replace
from enum import StrEnum
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from gisapp.analysis.classes.natural_breaks import natural_breaks
from gisapp.analysis.classes.symbology import column_of, numbers_of, texts_of
from gisapp.errors import DataError
from gisapp.layers.classes import lightness, mixed
from gisapp.layers.color_distance import APART, apart_from, chroma, distance
from gisapp.layers.identifiers import names_things
from gisapp.layers.layer import Layer, Shapes
from gisapp.layers.style import (
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PURPLE,
    SKY,
    VERMILLION,
    Fill,
    Style,
)
from gisapp.layers.symbology import Category, Range, Scheme, SymbolClass, Symbology
from gisapp.layers.vocabulary import LayerKind

Floats = NDArray[np.float64]

#: Told apart by colour-blind eyes (CIE 1976 differences of 16 and more, also as seen without
#: red, green or blue cones after Machado, Oliveira and Fernandes 2009), on light and dark ground.
CATEGORY_COLORS = (
    BLUE,
    ORANGE,
    PURPLE,
    GREEN,
    VERMILLION,
    SKY,
    "#6E20D6",
    "#6E3A20",
    "#BCBC6E",
    "#543A54",
    "#3A3AA2",
    "#886E3A",
)
#: In place of those that look like the layer's own colour, which all others have.
_SPARE_COLORS = ("#A060F0", "#A0D0A0")
#: For rows without a value: the first that is told apart from all others.
_EMPTY_COLORS = (GREY, INK, "#B0B0B0")
#: Amounts of a layer in its own hue, or where that would be mistaken in one of these: streets
#: and edges, which are grey, are read on orange, and so are services, overdoses and stops.
_AMOUNT_COLORS = (ORANGE, PURPLE, GREEN, BLUE)
#: Below this (CIE 1976 C*) a colour is a grey.
_GREYISH = 12.0
#: The name of a column is shortened to this in a legend.
_LONGEST_NAME = 24
#: More numbers than these are looked at by rank.
_MANY = 100_000
#: More classes of amounts than this cannot be told apart.
MOST_CLASSES = 9
#: Lightness (CIE L*) of the lowest and highest class: both stand out on light and dark ground,
#: and in grey print every class is a darker grey than the one before.
LIGHT_TO_DARK = (82.0, 32.0)
#: The same for areas, on which streets are read.
PALE_TO_STRONG = (94.0, 48.0)
#: Colours of areas are not known below the first of these opacities, and well at the second.
_FAINT, _FILLED = 0.4, 0.75
#: Area of the smallest and largest symbol as a share of the layer's own; width of lines likewise.
_AREAS, _WIDTHS = (0.5, 5.0), (0.6, 3.0)


class Vary(StrEnum):
    """What shows an amount."""

    COLOR = "color"
    SIZE = "size"
    BOTH = "both"

    @property
    def label(self) -> str:
        return {Vary.COLOR: "Colour", Vary.SIZE: "Size", Vary.BOTH: "Colour and size"}[self]


def categories_of(layer: Layer, column: str, most: int = len(CATEGORY_COLORS)) -> Symbology:
    """A class for each of the `most` frequent values of a column, the rest as all others.

    DataError where there is no such column or it holds nothing to tell rows apart by.
    """
    found = _known(layer, column)
    if pa.types.is_nested(found.type) or pa.types.is_binary(found.type):
        raise DataError(f"“{column}” holds no texts or numbers.", "Choose another column.")
    if pa.types.is_dictionary(found.type):
        found = found.cast(found.type.value_type)
    counted = pc.value_counts(found)
    values, counts = counted.field("values"), counted.field("counts").to_pylist()
    totals: dict[str, int] = {}
    empty = values.is_null(nan_is_null=True).to_pylist()
    for text, none, count in zip(texts_of(values).to_pylist(), empty, counts, strict=True):
        key = "" if none else text
        totals[key] = totals.get(key, 0) + count
    order = sorted(totals, key=lambda text: (-totals[text], text))[:most]
    palette = category_colors(layer)
    colors = iter(palette * (1 + most // len(palette)))
    nothing = (*apart_from(layer.style.color, _EMPTY_COLORS), GREY)[0]
    classes = tuple(
        SymbolClass(text or "No value", Category(text), next(colors) if text else nothing)
        for text in order
    )
    return Symbology(classes, column)


def category_colors(layer: Layer) -> tuple[str, ...]:
    """Colours for classes of a layer, the first to be taken first; twelve or a few more.

    None looks like the layer's own, in which all others are drawn. The blue of services comes
    last where the layer is none: they lie on the same map.
    """
    free = apart_from(layer.style.color, CATEGORY_COLORS + _SPARE_COLORS)
    if layer.kind is LayerKind.SERVICES or BLUE not in free:
        return free
    return (*(color for color in free if color != BLUE), BLUE)


def graduated(
    layer: Layer,
    column: str,
    scheme: Scheme = Scheme.QUANTILES,
    k: int = 5,
    color: str | None = None,
    vary: Vary = Vary.COLOR,
) -> Symbology:
    """Classes of a column's numbers from low to high, at most `k`; missing numbers are others.

    A limit may stand anywhere between two neighbouring numbers: it is the shortest one that
    parts the same rows, so that the label says it in full. Schemes that choose their own number
    of classes keep to it. DataError where the column holds no numbers.
    """
    numbers = numbers_of(_known(layer, column))
    missing = not np.isfinite(numbers).all()
    numbers = numbers[np.isfinite(numbers)]
    if not len(numbers):
        raise DataError(f"“{column}” holds no numbers.", "Choose a column of numbers.")
    limits = _short_limits(numbers, breaks_of(numbers, scheme, k))
    ranges = [Range(low, high, place == 0) for place, (low, high) in enumerate(pairwise(limits))]
    whole = bool((numbers == np.round(numbers)).all())
    grouped = not names_things(layer.table, layer.fields.get(column, column))
    hue = color or amount_color(layer, len(ranges), others=missing)
    colors = shades(hue, len(ranges), pale=_has_areas(layer))
    colored, sized = vary is not Vary.SIZE, vary is not Vary.COLOR
    classes = tuple(
        SymbolClass(
            range_label(one.low, one.high, first=one.first, whole=whole, grouped=grouped),
            one,
            colors[place] if colored else color,
            _grown(layer.style.size, _AREAS, place, len(ranges)) if sized else None,
            _widened(layer.style.width, _WIDTHS, place, len(ranges)) if sized else None,
        )
        for place, one in enumerate(ranges)
    )
    return Symbology(classes, column, scheme)


def amount_color(layer: Layer, count: int, *, others: bool) -> str:
    """The hue for so many classes of amounts: the layer's own, or another.

    Another where the own is a grey, in which streets and edges would be lost, or where a class
    would look like all `others`, which have the own: rows whose number is missing.
    """
    own = layer.style.color
    hues = _AMOUNT_COLORS if chroma(own) < _GREYISH else (own, *_AMOUNT_COLORS)
    if not others:
        return hues[0]
    pale = _has_areas(layer)
    least = [min(distance(shade, own) for shade in shades(hue, count, pale=pale)) for hue in hues]
    clear = (hue for hue, apart in zip(hues, least, strict=True) if apart >= APART)
    return next(clear, hues[int(np.argmax(least))])


def with_classes(layer: Layer, symbology: Symbology) -> Style:
    """The layer's style with classes that can be told apart.

    Areas that have no classes yet and a fill too faint for colours to be known by get a plain one.
    """
    style = replace(layer.style, symbology=symbology)
    faint = style.fill is Fill.NONE or style.fill_opacity < _FAINT
    if _has_areas(layer) and faint and layer.style.symbology is None:
        return replace(style, fill=Fill.PLAIN, fill_opacity=_FILLED)
    return style


def _has_areas(layer: Layer) -> bool:
    return isinstance(layer.geometry, Shapes) and bool(
        np.mean(shapely.get_dimensions(layer.geometry.geoms[:50]) == 2) > 0.5
    )


def breaks_of(numbers: Floats, scheme: Scheme, k: int) -> list[float]:
    """The highest number of each class, rising; none of the classes is empty."""
    distinct = np.unique(numbers[:1_000_000])
    k = max(min(k, MOST_CLASSES, len(distinct)), 1)
    if k == 1 or numbers.min() == numbers.max():
        return [float(numbers.max())]
    if scheme is Scheme.NATURAL_BREAKS:
        bins = natural_breaks(numbers, k)
    else:
        bins = _by_scheme(numbers, scheme, k)
    bins = np.unique(bins[(bins >= numbers.min()) & (bins < numbers.max())])
    # Head and tail has as many classes as it likes; the highest are one where there are too many.
    bins = np.append(bins[: MOST_CLASSES - 1], numbers.max())
    filled = np.histogram(numbers, np.concatenate([[-np.inf], np.nextafter(bins, np.inf)]))[0] > 0
    filled[-1] = True
    kept: list[float] = bins[filled].tolist()
    return kept


def _by_scheme(numbers: Floats, scheme: Scheme, k: int) -> Floats:
    import mapclassify

    if len(numbers) > _MANY:
        # It sorts its numbers a few dozen times: among so many, evenly spaced by rank, the limits
        # are the same to a hundred-thousandth of the rows. The lowest and highest stay.
        ranks = np.linspace(0, len(numbers) - 1, _MANY)
        numbers = np.sort(numbers)[np.rint(ranks).astype(np.int64)]
    with warnings.catch_warnings():
        # Its warnings say that numbers repeat so often that there are fewer classes: that shows.
        warnings.simplefilter("ignore", UserWarning)
        if scheme is Scheme.EQUAL_INTERVAL:
            made = mapclassify.EqualInterval(numbers, k=k)
        elif scheme is Scheme.STD_MEAN:
            made = mapclassify.StdMean(numbers)
        elif scheme is Scheme.HEAD_TAIL:
            made = mapclassify.HeadTailBreaks(numbers)
        elif scheme is Scheme.PRETTY:
            made = mapclassify.PrettyBreaks(numbers, k=k)
        else:
            made = mapclassify.Quantiles(numbers, k=k)
    return np.asarray(made.bins, dtype=np.float64)


def shades(color: str, count: int, *, pale: bool = False) -> tuple[str, ...]:
    """One hue from light to dark in equal steps of lightness, as #RRGGBB; `pale` for areas."""
    if count == 1:
        return (color,)
    ends = PALE_TO_STRONG if pale else LIGHT_TO_DARK
    return tuple(_at_lightness(color, float(light)) for light in np.linspace(*ends, count))


def range_label(
    low: float,
    high: float,
    *,
    first: bool = False,
    whole: bool = False,
    grouped: bool = True,
) -> str:
    """`12 to 40`; of whole numbers the first that belongs to the class and the last.

    Thousands are `grouped`, but of years and of other numbers that are names.
    """
    if not grouped:
        return range_label(low, high, first=first, whole=whole).replace(",", "")
    if whole:
        low = math.ceil(low) if first else math.floor(low) + 1
        high = math.floor(high)
    elif not first:
        return f"Above {_written(low)} to {_written(high)}"
    return _written(high) if low == high else f"{_written(low)} to {_written(high)}"


def range_labels(test: Range) -> tuple[str, ...]:
    """All that `range_label` may say of a range: whole or not, grouped or not."""
    return tuple(
        range_label(test.low, test.high, first=test.first, whole=whole, grouped=grouped)
        for whole in (True, False)
        for grouped in (True, False)
    )


def legend_labels(symbology: Symbology) -> tuple[tuple[str, str], ...]:
    """What a legend says of each class, and the column that this begins with, if any.

    `acres: 12 to 40` where a label says nothing but limits, any other label as it is.
    """
    column = symbology.column
    if len(column) > _LONGEST_NAME:
        column = column[: _LONGEST_NAME - 1] + "…"
    return tuple(
        (f"{column}: {one.label}", column) if column and _says_limits(one) else (one.label, "")
        for one in symbology.classes
    )


def _says_limits(one: SymbolClass) -> bool:
    test = one.test
    return isinstance(test, Range) and one.label in range_labels(test)


def _known(layer: Layer, column: str) -> pa.ChunkedArray:
    found = column_of(layer, column)
    if found is None:
        raise DataError(
            f"“{layer.name}” has no column “{column}”.",
            f"Columns: {', '.join(layer.table.column_names)}.",
        )
    return found


def _short_limits(numbers: Floats, bins: list[float]) -> list[float]:
    """The lowest limit and the limit of each class in few digits, parting the same numbers."""
    lowest, highest = float(numbers.min()), float(numbers.max())
    # The outer limits may lie a thousandth of the whole span beyond the numbers.
    slack = (highest - lowest) / 1000
    limits = [_shortest(lowest, lowest - slack, math.nextafter(lowest, math.inf))]
    for high in bins[:-1]:
        below, above = numbers[numbers <= high].max(), numbers[numbers > high].min()
        limits.append(_shortest(high, float(below), float(above)))
    return [*limits, _shortest(highest, highest, highest + slack)]


def _shortest(number: float, low: float, high: float) -> float:
    """The number in as few digits as leave it in [low, high)."""
    largest = max(abs(low), abs(high), 1e-300)
    for digits in range(-math.floor(math.log10(largest)), 18):
        step = 10.0**-digits
        for value in (number, number - step / 2, number + step / 2):
            if low <= round(value, digits) < high:
                return float(round(value, digits))
    return number


def _written(number: float) -> str:
    if abs(number) >= 1e15 or (number and abs(number) < 1e-6):
        return f"{number:g}"
    text = f"{number:,.6f}".rstrip("0").rstrip(".")
    return text.replace("-", "\N{MINUS SIGN}", 1)


def _at_lightness(color: str, light: float) -> str:
    other = "#FFFFFF" if lightness(color) < light else "#000000"
    low, high = 0.0, 1.0
    for _ in range(16):
        share = (low + high) / 2
        # With more of the colour it is darker than white and lighter than black.
        if (lightness(mixed(color, other, share)) > light) == (other == "#FFFFFF"):
            low = share
        else:
            high = share
    return mixed(color, other, low)


def _grown(size: float, areas: tuple[float, float], place: int, count: int) -> float:
    """The size of a symbol whose area rises in equal steps."""
    share = areas[0] + (areas[1] - areas[0]) * place / max(count - 1, 1)
    return round(size * math.sqrt(share), 2)


def _widened(width: float, shares: tuple[float, float], place: int, count: int) -> float:
    return round(width * (shares[0] + (shares[1] - shares[0]) * place / max(count - 1, 1)), 2)
