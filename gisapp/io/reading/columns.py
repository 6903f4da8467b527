"""Which columns hold the place, the time and the fields of a kind, by their names and values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from gisapp.io.deployments import hours as deployment_hours
from gisapp.io.reading import numbers, times
from gisapp.io.reading.column_words import words
from gisapp.io.reading.field_words import FIELD_NAMES, LAST_RESORT
from gisapp.io.reading.hours_told import with_hours
from gisapp.layers.layer import FIELDS, TIME_FIELDS
from gisapp.layers.vocabulary import LayerKind

_LAT = {"lat", "lats", "latitude", "latitudes", "latitud", "breitengrad"}
_LON = {"lon", "lng", "long", "longitude", "longitudes", "longitud", "laengengrad", "lons"}
_Y = {"y", "ycoord", "ycoordinate", "northing", "northings", "coordy", "pointy", "ypos"}
_X = {"x", "xcoord", "xcoordinate", "easting", "eastings", "coordx", "pointx", "xpos"}
#: Degrees, millionths of a degree, and ten-millionths.
_DEGREES_SCALES = (1.0, 1e-6, 1e-7)
_NUMERIC = 0.25
#: Fields that are useful although most rows leave them blank.
_SELDOM_GIVEN = ("naloxone", "contact", "outcome", "opening_hours", "confidential")
#: Fields that few rows have: of deployments most are areas, or have no radius or purpose.
_FEW_HAVE = ("streets", "radius", "purpose")


@dataclass(frozen=True, slots=True)
class Coordinates:
    """The pair of columns that give the place, first longitude or x.

    `degrees` says that the names mean degrees and the values are some once multiplied by
    `scale`. `swapped` says that they would be the other way round only.
    """

    x: str
    y: str
    degrees: bool
    scale: float = 1.0


def coordinates(sample: pa.Table) -> Coordinates | None:
    """The pair of columns that hold coordinates, or None where there is no such pair.

    Names of degrees (latitude, lon …) go before names of a plane (x, easting …).
    """
    for x_words, y_words in ((_LON, _LAT), (_X, _Y)):
        pairs = [
            (x, y)
            for x in _named(sample, x_words)
            for y in _named(sample, y_words)
            if _rest(x, x_words) == _rest(y, y_words)
        ] or [(x, y) for x in _named(sample, x_words) for y in _named(sample, y_words)]
        for x, y in sorted(pairs, key=lambda pair: len(words(pair[0]))):
            guess = _judged(sample, x, y, named_degrees=x_words is _LON)
            if guess is not None:
                return guess
    return None


def _named(sample: pa.Table, wanted: set[str]) -> list[str]:
    return [name for name in sample.column_names if set(_joined(name)) & wanted]


def _joined(name: str) -> tuple[str, ...]:
    """Words of a name, and the whole name as one word (`X_COORD`, `POINT_X`)."""
    return (*words(name), "".join(words(name)))


def _rest(name: str, wanted: set[str]) -> tuple[str, ...]:
    return tuple(word for word in words(name) if word not in wanted)


def _judged(sample: pa.Table, x: str, y: str, named_degrees: bool) -> Coordinates | None:
    xs, ys = numbers.as_numbers(sample[x]), numbers.as_numbers(sample[y])
    given = sample.num_rows - max(sample[x].null_count, sample[y].null_count)
    both = np.isfinite(xs) & np.isfinite(ys)
    if both.sum() < _NUMERIC * given:
        return None
    # A pair of noughts stands for nothing and says nothing.
    both &= (xs != 0) | (ys != 0)
    xs, ys = xs[both], ys[both]
    if not named_degrees or not len(xs):
        return Coordinates(x, y, degrees=named_degrees)
    for scale in _DEGREES_SCALES:
        whole = scale == 1.0 or (_whole(xs) and _whole(ys))
        if whole and _in_degrees(xs * scale, ys * scale) > 0.5:
            return Coordinates(x, y, degrees=True, scale=scale)
    swapped = _in_degrees(ys, xs) >= 0.9
    return Coordinates(x, y, degrees=swapped)


def _whole(values: NDArray[np.float64]) -> bool:
    return bool((values == np.round(values)).all())


def _in_degrees(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> float:
    """The share of pairs that could be degrees."""
    return float(((np.abs(lon) <= 180) & (np.abs(lat) <= 90)).mean())


def fields(
    sample: pa.Table, kind: LayerKind, taken: Sequence[str], no_times: Sequence[str] = ()
) -> tuple[dict[str, str], str | None]:
    """A column for each field of the kind that has one, and a column of times of day.

    `taken` columns (coordinates, what is left out) are not considered, and those of `no_times`
    not for times. The second value is set where dates and times of day stand in two columns.
    """
    free = [name for name in sample.column_names if name not in set(taken)]
    timely = [name for name in free if name not in set(no_times)]
    found: dict[str, str] = {}
    for field in FIELDS[kind]:
        among = timely if field.name in TIME_FIELDS else free
        column = _best(sample, field.name, kind, [n for n in among if n not in found.values()])
        if column is not None:
            found[field.name] = column
    clock = None
    if "time" in found:
        clock = _clock_column(sample, found["time"], timely)
        if clock is None:
            others = [name for name in timely if name not in found.values()]
            found["time"] = with_hours(sample, found["time"], others) or found["time"]
    return found, clock


def _best(sample: pa.Table, field: str, kind: LayerKind, free: Sequence[str]) -> str | None:
    """The free column whose name fits best and whose values can be what the field holds."""
    patterns = FIELD_NAMES.get((kind, field)) or FIELD_NAMES[(None, field)]
    ranked: list[tuple[int, int, str]] = []
    for position, name in enumerate(free):
        text = " ".join(words(name))
        for rank, pattern in enumerate(patterns):
            if re.search(pattern, text):
                ranked.append((rank, position, name))
                break
    for _, _, name in sorted(ranked):
        if _fits(sample[name], field):
            return name
    return _by_values(sample, field, free) if field in LAST_RESORT.get(kind, ()) else None


def _fits(column: pa.ChunkedArray, field: str) -> bool:
    """Whether the values can be what the field means: times are times, names are not blank."""
    given = int(len(column) - column.null_count)
    if field in ("start", "end") and deployment_hours.are_clocks(times.as_text(column)):
        return True
    if field in TIME_FIELDS or field == "date":
        return given > 0 and times.share_of_times(times.as_text(column)) >= 0.6
    if field == "hours":
        return given > 0 and deployment_hours.are_spans(times.as_text(column))
    if field == "residents":
        return given > 0 and float(np.isfinite(numbers.as_numbers(column)).sum()) >= 0.9 * given
    if not pa.types.is_string(column.type):
        return given > 0
    filled: int = given - int(pc.sum(pc.equal(pc.utf8_trim_whitespace(column), "")).as_py() or 0)
    if field in _FEW_HAVE:
        return filled > 0
    return filled > (0.1 if field in _SELDOM_GIVEN else 0.4) * len(column)


def _by_values(sample: pa.Table, field: str, free: Sequence[str]) -> str | None:
    """A column no name gives away: one of times, or one of words that differ row by row."""
    texts = [name for name in free if pa.types.is_string(sample[name].type)]
    if field in TIME_FIELDS:
        shares = {name: _written_times(sample[name]) for name in texts}
        best = max(shares, key=lambda name: shares[name], default=None)
        return best if best is not None and shares[best] >= 0.9 else None
    scores = {name: _like_names(sample[name]) for name in texts}
    best = max(scores, key=lambda name: scores[name], default=None)
    return best if best is not None and scores[best] >= 0.6 else None


def _written_times(texts: pa.ChunkedArray) -> float:
    """As a share of all rows; bare numbers are no times when nothing says so."""
    given = texts.drop_null()
    if not len(given) or pc.any(pc.match_substring_regex(given, r"^\s*-?\d+\s*$")).as_py():
        return 0.0
    return times.share_of_times(given) * len(given) / len(texts)


def _like_names(texts: pa.ChunkedArray) -> float:
    """How far a column looks like names of places: two words or more, each row its own."""
    given = texts.drop_null()
    if len(given) < 0.8 * max(len(texts), 1) or not len(given):
        return 0.0
    starts_with_number = _share(given, r"^\s*\d")
    wordy = _share(given, r"^\s*\p{L}[\p{L}'’.&-]*[ ,].*\p{L}{2}")
    return wordy * len(given.unique()) / len(given) - starts_with_number


def _share(texts: pa.ChunkedArray, pattern: str) -> float:
    return float(pc.mean(pc.match_substring_regex(texts, pattern).cast(pa.float64())).as_py() or 0)


def clock_beside(sample: pa.Table, day_column: str, taken: Sequence[str]) -> str | None:
    """A column of times of day whose name goes with that of a column of days, but for its kind.

    `Start time` goes with `Start date`; None where there is none.
    """
    free = [name for name in sample.column_names if name not in taken]
    found = _clock_column(sample, day_column, free)
    own = set(words(day_column)) - {"date", "day"}
    return found if found is not None and own and own <= set(words(found)) else None


def _clock_column(sample: pa.Table, time_column: str, free: Sequence[str]) -> str | None:
    """A column of times of day beside one of days, if their names go together."""
    if not pa.types.is_string(sample[time_column].type):
        return None
    if not times.are_days_only(
        pc.replace_substring_regex(sample[time_column], r"[T ]0?0:00.*", "")
    ):
        return None
    day_words = set(words(time_column)) - {"date", "day"}
    candidates = [
        name
        for name in free
        if name != time_column
        and pa.types.is_string(sample[name].type)
        and set(words(name)) & {"time", "hour", "clock", "tod"}
        and times.are_clock_times(sample[name])
    ]
    candidates.sort(key=lambda name: -len(day_words & set(words(name))))
    return candidates[0] if candidates else None


def examples(column: pa.ChunkedArray, count: int = 3) -> tuple[str, ...]:
    """The first values that differ, as text."""
    seen: dict[str, None] = {}
    for value in column.slice(0, 500).drop_null().to_pylist():
        seen.setdefault(str(value), None)
        if len(seen) == count:
            break
    return tuple(seen)


def type_in_words(column: pa.ChunkedArray) -> str:
    """`text`, `whole number`, `number`, `date or time`, `yes or no` or `empty`."""
    if column.null_count == len(column):
        return "empty"
    kind = column.type
    if pa.types.is_string(kind):
        given = column.drop_null()
        if numbers.are_whole(given):
            return "whole number"
        if numbers.are_decimal(given):
            return "number"
        return "date or time" if times.share_of_times(given) > 0.9 else "text"
    tests: Mapping[str, bool] = {
        "yes or no": pa.types.is_boolean(kind),
        "whole number": pa.types.is_integer(kind),
        "number": pa.types.is_floating(kind),
        "date or time": pa.types.is_temporal(kind),
    }
    return next((text for text, holds in tests.items() if holds), "text")
