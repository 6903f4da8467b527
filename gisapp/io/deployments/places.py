"""Where planned deployments are: named streets, points with a radius, or shapes, row by row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gisapp.analysis.streets.one_name import Named, meant
from gisapp.analysis.streets.zones import Stretch, lines_of, names_like
from gisapp.errors import DataError
from gisapp.io.deployments.place_notes import NO_LAYER, STREET_WIDTH_M, Told, as_reason
from gisapp.io.reading import places
from gisapp.io.reading.column_words import words
from gisapp.io.reading.places import Placed
from gisapp.layers import geodesy
from gisapp.layers.bands import band
from gisapp.layers.layer import Layer, Points, Shapes

NO_PLACE = "no streets, coordinates or outline"
NOT_A_LENGTH = "a radius without a unit, or that is no length"
_PARTED = re.compile(r"\s*(?:[;,\n|]|\s/\s)\s*")
_BETWEEN = re.compile(r"(.+?) between (.+?) (?:and|&) (.+)", re.IGNORECASE)
_UNITS = {"m": "m", "metre": "m", "metres": "m", "meters": "m", "ft": "ft", "feet": "ft"}
_UNITS |= {"yd": "yd", "yards": "yd", "km": "km", "mi": "mi", "miles": "mi"}
#: Words of street names and how they are shortened.
_SHORT = {
    "street": "st", "avenue": "ave", "av": "ave", "road": "rd", "boulevard": "blvd",
    "drive": "dr", "lane": "ln", "court": "ct", "place": "pl", "square": "sq", "parkway": "pkwy",
    "terrace": "ter", "highway": "hwy", "alley": "aly", "circle": "cir", "way": "way",
    "north": "n", "south": "s", "east": "e", "west": "w", "saint": "st", "mount": "mt",
}  # fmt: skip


def placed(
    base: Placed | None,
    streets: pa.ChunkedArray | None,
    radius: pa.ChunkedArray | None,
    radius_name: str,
    layers: Sequence[Layer],
    lines: NDArray[np.int64],
    rows: int,
) -> Placed:
    """Places of rows by their streets where these are named, else by `base`, as discs if asked.

    `base` are places by coordinates or shapes, None where the file has none; `radius` are lengths
    with their unit, or numbers where the unit is in the column's name. `lines` are lines of the
    file, for what is said of rows of which only some streets were found, or several of one name.
    Of these the place in `base` says which is meant, or else the other streets of the row.
    """
    work = Told(list(base.reasons if base is not None else places.REASONS))
    shapes = _of_base(base, rows)
    codes = np.zeros(rows, dtype=np.uint8) if base is None else base.codes.copy()
    if base is None:
        codes[:] = work.code(NO_PLACE)
    named = _texts(streets, rows)
    lengths = _texts(radius, rows)
    finder = _Streets(layers) if layers else None
    for row in range(rows):
        far, trouble = _length(lengths[row], radius_name)
        if named[row] and finder is not None:
            beside = shapes[row]
            shapes[row], problem = finder.found(named[row], beside, far, int(lines[row]), work)
            codes[row] = work.code(problem) if problem else 0
            continue
        if named[row]:
            work.waiting.append(int(lines[row]))
            if shapes[row] is None:
                codes[row] = work.code(NO_LAYER)
        if shapes[row] is not None and trouble:
            shapes[row], codes[row] = None, work.code(NOT_A_LENGTH)
        elif far is not None and isinstance(point := shapes[row], shapely.Point):
            shapes[row] = geodesy.circle(point.x, point.y, far)
    if base is not None and (finder is not None or work.waiting):
        codes[codes == places.REASONS.index(places.NO_COORDINATES)] = work.code(NO_PLACE)
    notes = work.all_notes if base is None else (*base.notes, *work.all_notes)
    return Placed(_geometry(shapes), codes, notes, tuple(work.reasons))


class _Streets:
    """Streets by their name in any case, spelled out or shortened, with or without a direction."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        self._layers = layers
        self._exact: list[dict[str, list[str]]] = []
        self._bare: list[dict[str, list[str]]] = []
        for layer in layers:
            exact: dict[str, list[str]] = {}
            bare: dict[str, list[str]] = {}
            for name in sorted({" ".join(text.split()) for text in layer.texts("name")} - {""}):
                exact.setdefault(_plain(name), []).append(name)
                bare.setdefault(_without_direction(_plain(name)), []).append(name)
            self._exact.append(exact)
            self._bare.append(bare)

    def found(
        self,
        text: str,
        beside: BaseGeometry | None,
        radius_m: float | None,
        line: int,
        work: Told,
    ) -> tuple[BaseGeometry | None, str]:
        """The ground of the streets that a row names, or why there is none.

        `beside` is the row's own place, which tells streets of one name apart.
        """
        parts = [part for part in _PARTED.split(text.strip()) if part]
        kept: list[Named] = []
        missing: list[DataError] = []
        for part in parts:
            try:
                kept.append(Named(part, tuple(self._lines(part))))
            except DataError as error:
                missing.append(error)
        if not kept:
            return None, as_reason(missing) or NO_PLACE
        for trouble in missing:
            why = f"{trouble.message} {trouble.hint}".strip()
            work.tell(f"Line {line}: {why} The other streets of this row came in.")
        work.bands += radius_m is None
        width = STREET_WIDTH_M if radius_m is None else 2 * radius_m
        wanted = meant(kept, beside)
        work.tell_shared(wanted.told, line)
        return band(shapely.MultiLineString(wanted.lines), width), ""

    def _lines(self, text: str) -> list[shapely.LineString]:
        match = _BETWEEN.fullmatch(text)
        wanted = Stretch(*match.groups()) if match else Stretch.parse(text)
        trouble: DataError | None = None
        for number, layer in enumerate(self._layers):
            try:
                return self._in_layer(number, wanted)
            except DataError as error:
                trouble = trouble or _with_likely(layer, wanted, error)
        assert trouble is not None
        raise trouble

    def _in_layer(self, number: int, wanted: Stretch) -> list[shapely.LineString]:
        """The lines of a street; `12th St` is both E 12th St and W 12th St."""
        layer = self._layers[number]
        names = self._spelled(number, wanted.name)
        if not wanted.since:
            return [line for name in names for line in lines_of(layer, Stretch(name))]
        ends = [self._spelled(number, name) for name in (wanted.since, wanted.until)]
        trouble: DataError | None = None
        for name, since, until in product(names, *ends):
            try:
                return lines_of(layer, Stretch(name, since, until))
            except DataError as error:
                trouble = trouble or error
        assert trouble is not None
        raise DataError(
            trouble.message.replace(f"“{names[0]}”", f"“{wanted.name}”"), trouble.hint
        ) from trouble

    def _spelled(self, number: int, name: str) -> list[str]:
        """Names of the layer that this may stand for, those of the very same words first."""
        plain = _plain(name)
        own = [*self._exact[number].get(plain, []), *self._bare[number].get(plain, [])]
        return list(dict.fromkeys(own)) or [name]


def _with_likely(layer: Layer, wanted: Stretch, error: DataError) -> DataError:
    """The error with the street that was most likely meant, where none is alike by its letters."""
    if "There is no street" not in error.message or "like it" in error.hint:
        return error
    missing = next(
        (
            name
            for name in (wanted.name, wanted.since, wanted.until)
            if f"“{name}”" in error.message
        ),
        wanted.name,
    )
    near = _nearest(missing, names_like(layer, most=100_000))
    return DataError(error.message, f"Did you mean “{near}”?" if near else error.hint)


def _nearest(name: str, names: Sequence[str]) -> str:
    """The name that differs least; empty where none is near."""
    wanted = set(_pairs(_plain(name)))
    best, likeness = "", 0.6
    for other in names:
        theirs = set(_pairs(_plain(other)))
        alike = 2 * len(wanted & theirs) / max(len(wanted) + len(theirs), 1)
        if alike > likeness:
            best, likeness = other, alike
    return best


def _pairs(text: str) -> list[str]:
    return [text[at : at + 2] for at in range(len(text) - 1)]


def _plain(name: str) -> str:
    """A name to compare: small letters, words shortened as on street signs."""
    found = re.findall(r"[\w'’]+", name.casefold())
    return " ".join(_SHORT.get(word, word) for word in found)


def _without_direction(plain: str) -> str:
    first, _, rest = plain.partition(" ")
    return rest if rest and first in ("n", "s", "e", "w") else plain


def _length(text: str, column: str) -> tuple[float | None, bool]:
    """Metres, and whether there is a text that is no length; None without."""
    if not text:
        return None, False
    unit = next((_UNITS[word] for word in reversed(words(column)) if word in _UNITS), "")
    bare = re.fullmatch(r"\s*[0-9]+(?:[.,][0-9]+)?\s*", text) is not None
    try:
        return geodesy.parse_length(f"{text.strip()}{unit}" if bare else text), False
    except DataError:
        return None, True


def _texts(column: pa.ChunkedArray | None, rows: int) -> list[str]:
    if column is None:
        return [""] * rows
    return ["" if value is None else str(value).strip() for value in column.to_pylist()]


def _of_base(base: Placed | None, rows: int) -> list[BaseGeometry | None]:
    shapes: list[BaseGeometry | None] = [None] * rows
    if base is None:
        return shapes
    if isinstance(base.geometry, Points):
        own = list(np.asarray(shapely.points(base.geometry.lon, base.geometry.lat)))
    else:
        own = list(base.geometry.geoms)
    for row, shape in zip(np.flatnonzero(base.good).tolist(), own, strict=True):
        shapes[row] = shape
    return shapes


def _geometry(shapes: Sequence[BaseGeometry | None]) -> Points | Shapes:
    kept = [shape for shape in shapes if shape is not None]
    geoms = np.empty(len(kept), dtype=object)
    geoms[:] = kept
    if (shapely.get_type_id(geoms) == 0).all():
        return Points(
            np.asarray(shapely.get_x(geoms), dtype=np.float64),
            np.asarray(shapely.get_y(geoms), dtype=np.float64),
        )
    return Shapes(geoms)
