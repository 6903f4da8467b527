"""Texts that mean moments, in the many ways that files write them, as timestamps with a zone.

Whole columns are read at once: ISO 8601 by Arrow itself, every other form by a regular
expression and arithmetic. Nothing is guessed row by row, so a column has one meaning throughout.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from gisapp.errors import DataError
from gisapp.io.reading import time_notes
from gisapp.layers.clock_changes import skipped_and_twice
from gisapp.layers.clocks import local_times, moments_of

_MICRO = np.timedelta64(1, "us")
_DAY_US = 86_400_000_000
_MOSTLY = 0.5
#: What lies beyond is a slip of the keyboard.
_EARLIEST, _LATEST = np.datetime64("1000-01-01", "us"), np.datetime64("9000-01-01", "us")
_CLOCK = (
    r"(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:[.,](?P<f>\d{1,9}))?)?"
    r"\s*(?P<p>[AaPp])?\.?[Mm]?\.?"
)
#: Hours and minutes from UTC. Clocks go up to 14 hours from it; ISO 8601 and databases allow 18.
OFFSET = r"[+-](?:(?:0\d|1[0-7])(?::?[0-5]\d)?|18(?::?00)?)"
_ZONE = rf"\s*(?P<z>Z|z|UTC|GMT|{OFFSET})?"
_TIME = rf"(?:(?:[Tt ,]|, )\s*{_CLOCK}{_ZONE})?"
#: The ways to write a date. `a` and `b` are day and month in an order to be found out.
_DATES = (
    r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})",
    r"(?P<a>\d{1,2})[-/.](?P<b>\d{1,2})[-/.](?P<y>\d{4}|\d{2})",
    r"(?P<d>\d{1,2})[- ./](?P<n>[A-Za-z]{3,9})[- ,./]+(?P<y>\d{4}|\d{2})",
    r"(?:[A-Za-z]{3,9},? )?(?P<n>[A-Za-z]{3,9})\.? (?P<d>\d{1,2}),? (?P<y>\d{4})",
    r"(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})",
)
_MONTHS_ONLY = (r"(?P<y>(?:19|20)\d{2})[-/](?P<m>\d{1,2})", r"(?P<y>(?:19|20)\d{2})(?P<m>[01]\d)")
_FORMS = tuple(rf"^\s*{date}{_TIME}\s*$" for date in _DATES) + tuple(
    rf"^\s*{month}\s*$" for month in _MONTHS_ONLY
)
_FIRST_MONTH_FORM = len(_DATES)
CLOCK_ALONE = rf"^\s*{_CLOCK}\s*$"
_EPOCH = r"^\s*-?\d{9,10}(?:\d{3})?\s*$"
#: Texts that say that there is no time.
_NOTHING = ("", "null", "none", "na", "n/a", "nan", "nat", "-")
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True)
class Moments:
    """Times as `timestamp[us, timezone]`, null where there is none, and what to say of them.

    `missing` counts the texts that say that there is none, `with_offset` the times that carry
    their offset from UTC.
    """

    values: pa.ChunkedArray
    missing: int = 0
    unreadable: int = 0
    with_offset: int = 0
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Read:
    """Wall-clock times (datetime64[us]), offsets in minutes (NaN without) and what they give."""

    wall: NDArray[np.datetime64]
    offset: NDArray[np.float64]
    month_only: bool = False
    order: str = ""
    notes: list[str] = field(default_factory=list)


def as_text(column: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray:
    """Any column as texts, so that dates and numbers of map files are read the same way."""
    chunked = column if isinstance(column, pa.ChunkedArray) else pa.chunked_array([column])
    return chunked if pa.types.is_string(chunked.type) else chunked.cast(pa.string())


def share_of_times(texts: pa.ChunkedArray) -> float:
    """The share of the texts that can be read as a time; 0 where none is given."""
    given = texts.drop_null()
    if not len(given):
        return 0.0
    read = _by_forms(given, "month/day/year")
    return float((~np.isnat(read.wall)).mean())


def are_clock_times(texts: pa.ChunkedArray) -> bool:
    """Whether nearly all texts are times of day alone, such as 21:08:00."""
    given = texts.drop_null()
    return bool(len(given)) and _matching(given, CLOCK_ALONE) > 0.9


def wall_times(texts: pa.ChunkedArray) -> NDArray[np.datetime64]:
    """The times as they are written (datetime64[us]), NaT where there is none; offsets left out."""
    return _by_forms(blank_to_null(texts), "month/day/year").wall


def blank_to_null(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """The texts, null where one says that there is no time."""
    blank = pc.is_in(pc.utf8_lower(pc.utf8_trim_whitespace(texts)), value_set=pa.array(_NOTHING))
    return pc.if_else(blank, pa.scalar(None, pa.string()), texts)


def are_days_only(texts: pa.ChunkedArray) -> bool:
    """Whether no text gives a time of day but midnight."""
    given = texts.drop_null()
    return bool(len(given)) and _matching(given, r"\d{1,2}:\d{2}") == 0.0


def _matching(texts: pa.ChunkedArray, pattern: str) -> float:
    return float(pc.mean(pc.match_substring_regex(texts, pattern).cast(pa.float64())).as_py() or 0)


def with_clock(days: pa.ChunkedArray, clock: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column of days and one of times of day as one column of texts."""
    bare = pc.replace_substring_regex(days, r"[T ]0?0:00(?::00(?:\.0*)?)?.*$", "")
    return pc.binary_join_element_wise(bare, clock, " ", null_handling="skip").combine_chunks()


def read_times(texts: pa.ChunkedArray, timezone: str, day_first: bool) -> Moments:
    """The moments that the texts mean.

    Times without an offset are wall-clock times in `timezone`; times with one are turned into
    it. Where all times are midnight they are days, whatever their offset. `day_first` settles
    3/4/2018 only where no row of the column settles it. DataError for an unknown time zone.
    """
    check_timezone(timezone)
    order = "day/month/year" if day_first else "month/day/year"
    # Where Arrow reads all of them, none of them stands for no time.
    read = _by_arrow(texts)
    if read is None:
        texts = blank_to_null(texts)
        read = _by_arrow(texts) or _by_forms(texts, order)
    missing = texts.null_count
    read.wall[(read.wall < _EARLIEST) | (read.wall > _LATEST)] = np.datetime64("NaT")
    known = ~np.isnat(read.wall)
    notes = list(read.notes)
    if read.order:
        notes.append(f"Dates such as 03/04/2018 were read as {read.order}.")
    days = _as_days(read, known, timezone)
    if days is not None:
        read.wall, read.offset = days, np.full(len(days), np.nan)
        notes.append(
            "Times give only the month: the first of it stands for it."
            if read.month_only
            else time_notes.DAYS_ONLY
        )
    elif known.any() and _is_midnight(read.wall[known]).mean() > _MOSTLY:
        # Days written as midnight UTC; the offset of the few times among them means as little.
        if np.isfinite(read.offset[known]).any():
            read.offset[:] = np.nan
            notes.append(
                "Most times are midnight with an offset, so days: read as local, without it."
            )
        else:
            notes.append(time_notes.MOSTLY_MIDNIGHT)
    values, more = _zoned(read, timezone)
    unreadable = int(len(texts) - missing - known.sum())
    with_offset = int(np.count_nonzero(np.isfinite(read.offset[known])))
    return Moments(values, missing, unreadable, with_offset, (*notes, *more))


def check_timezone(timezone: str) -> None:
    """DataError for a name that is no time zone."""
    try:
        pc.assume_timezone(pa.scalar(0, pa.timestamp("us")), timezone)
    except (pa.ArrowInvalid, pa.ArrowException) as error:
        raise DataError(
            f"“{timezone}” is not a time zone.", "Write it such as Europe/London."
        ) from error


def _as_days(read: _Read, known: NDArray[np.bool_], timezone: str) -> NDArray[np.datetime64] | None:
    """Local midnights, if every time is midnight as written or in the zone; otherwise None.

    Web maps write a day as its midnight in UTC or in local time, often both in one file. Read as
    moments, the first would lie on the evening before in America.
    """
    if not known.any():
        return None
    midnight = ~known | _is_midnight(read.wall)
    if midnight.all():
        return read.wall
    if not np.isfinite(read.offset[known]).all():
        return None
    local = local_times(pa.chunked_array([_moved(read, timezone)]), timezone)
    if not (midnight | _is_midnight(local)).all():
        return None
    return np.where(midnight, read.wall, local)


def _is_midnight(wall: NDArray[np.datetime64]) -> NDArray[np.bool_]:
    return np.asarray(wall.astype(np.int64) % _DAY_US == 0)


def _moved(read: _Read, timezone: str) -> pa.Array:
    """Times as written less their offset, as moments in the zone."""
    utc = read.wall - np.nan_to_num(read.offset).astype("timedelta64[m]")
    in_utc = pa.array(utc, pa.timestamp("us")).cast(pa.timestamp("us", "UTC"))
    return in_utc.cast(pa.timestamp("us", timezone))


def _by_arrow(texts: pa.ChunkedArray) -> _Read | None:
    """ISO 8601 throughout, read by Arrow; None if the column is anything else."""
    for type_ in (pa.timestamp("us"), pa.timestamp("us", "UTC")):
        try:
            wall = _datetime64(texts.cast(type_))
        except pa.ArrowInvalid:
            continue
        if type_.tz and _has_offset_beyond(texts):
            return None  # Arrow takes an offset of up to a day
        offset = np.full(len(wall), 0.0 if type_.tz else np.nan)
        return _Read(wall, offset)
    return None


def _has_offset_beyond(texts: pa.ChunkedArray) -> bool:
    """Whether a text that Arrow read with its offset has one that is none."""
    ends = pc.unique(pc.binary_slice(texts.cast(pa.binary()), -6)).cast(pa.string())
    hours = pc.match_substring_regex(ends, r"[+-](?:1[89]|2\d)(?::?\d{2})?$")
    usual = pc.match_substring_regex(ends, rf"{OFFSET}$")
    return bool(pc.any(pc.and_(hours, pc.invert(usual))).as_py())


def _datetime64(times: pa.ChunkedArray) -> NDArray[np.datetime64]:
    plain = times.cast(pa.timestamp("us")).to_numpy()
    return np.asarray(plain).astype("datetime64[us]").copy()


def _by_forms(texts: pa.ChunkedArray, order: str) -> _Read:
    """Each form in turn on what the ones before it have left over."""
    count = len(texts)
    result = _Read(np.full(count, np.datetime64("NaT"), "datetime64[us]"), np.full(count, np.nan))
    left = np.flatnonzero(np.asarray(texts.is_valid()))
    for number, form in enumerate(_FORMS):
        if not len(left):
            break
        rest = texts.take(pa.array(left))
        matches = np.asarray(pc.match_substring_regex(rest, form))
        if not matches.any():
            continue
        at = left[matches]
        parts = _parts(pc.extract_regex(rest.filter(pa.array(matches)), form))
        if "a" in parts:
            result.order = _settle_order(parts, order)
        result.wall[at], result.offset[at] = _moment(parts)
        result.month_only |= number >= _FIRST_MONTH_FORM
        left = left[~matches]
    if len(left) == count and count:
        _read_epoch(texts, result)
    return result


def _read_epoch(texts: pa.ChunkedArray, result: _Read) -> None:
    """Seconds or milliseconds since 1970, as web services write them."""
    matches = np.asarray(pc.fill_null(pc.match_substring_regex(texts, _EPOCH), False))
    if not matches.any():
        return
    numbers = pc.utf8_trim_whitespace(texts.filter(pa.array(matches))).cast(pa.int64()).to_numpy()
    scale = np.where(np.abs(numbers) >= 10**11, 1_000, 1_000_000)
    result.wall[matches] = (numbers * scale).astype("datetime64[us]")
    result.offset[matches] = 0.0
    result.notes.append("Times are written as seconds or milliseconds since 1970.")


def _parts(matches: pa.ChunkedArray) -> dict[str, pa.Array]:
    struct = matches.combine_chunks()
    return dict(zip((f.name for f in struct.type), struct.flatten(), strict=True))


def _int(parts: dict[str, pa.Array], name: str, default: int = 0) -> NDArray[np.int64]:
    if name not in parts:
        any_part = next(iter(parts.values()))
        return np.full(len(any_part), default, dtype=np.int64)
    texts = pc.if_else(pc.equal(parts[name], ""), str(default), parts[name])
    return np.asarray(texts.cast(pa.int64()).to_numpy(zero_copy_only=False), dtype=np.int64)


def _settle_order(parts: dict[str, pa.Array], order: str) -> str:
    """Put `a` and `b` down as day and month; the order in words where no row settled it."""
    first, second = _int(parts, "a"), _int(parts, "b")
    said = ""
    if (first > 12).any() and not (second > 12).any():
        day_first = True
    elif (second > 12).any() and not (first > 12).any():
        day_first = False
    else:
        day_first, said = order.startswith("day"), order
    parts["d"], parts["m"] = (parts["a"], parts["b"]) if day_first else (parts["b"], parts["a"])
    return said


def _moment(
    parts: dict[str, pa.Array],
) -> tuple[NDArray[np.datetime64], NDArray[np.float64]]:
    year, day = _int(parts, "y"), _int(parts, "d", 1)
    short = np.asarray(pc.less_equal(pc.utf8_length(parts["y"]), 2))
    year = np.where(short, np.where(year < 70, year + 2000, year + 1900), year)
    month = _month_numbers(parts["n"]) if "n" in parts else _int(parts, "m", 1)
    hour, minute, second = (_int(parts, name) for name in ("H", "M", "S"))
    half = _texts(parts, "p").astype("U1")
    afternoon, morning = np.isin(half, ["p", "P"]), np.isin(half, ["a", "A"])
    good = (month >= 1) & (month <= 12) & (day >= 1) & (hour <= 24) & (minute < 60) & (second < 61)
    good &= ~((afternoon | morning) & ((hour < 1) | (hour > 12)))
    hour = np.where(afternoon & (hour < 12), hour + 12, np.where(morning & (hour == 12), 0, hour))
    months = ((year - 1970) * 12 + np.where(good, month - 1, 0)).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + (day - 1).astype("timedelta64[D]")
    good &= days.astype("datetime64[M]") == months
    clock = ((hour * 60 + minute) * 60 + second) * 1_000_000 + _fraction(parts)
    wall = days.astype("datetime64[us]") + clock * _MICRO
    wall[~good] = np.datetime64("NaT")
    return wall, _offsets(parts)


def _texts(parts: dict[str, pa.Array], name: str) -> NDArray[np.str_]:
    if name not in parts:
        return np.full(len(next(iter(parts.values()))), "", dtype=np.str_)
    return np.asarray(parts[name].to_numpy(zero_copy_only=False), dtype=np.str_)


def _fraction(parts: dict[str, pa.Array]) -> NDArray[np.int64]:
    """Microseconds from the digits behind the seconds."""
    if "f" not in parts:
        return np.zeros(len(next(iter(parts.values()))), dtype=np.int64)
    six = pc.utf8_slice_codeunits(pc.utf8_rpad(parts["f"], 6, "0"), 0, 6)
    return np.asarray(six.cast(pa.int64()).to_numpy(zero_copy_only=False), dtype=np.int64)


def _month_numbers(names: pa.Array) -> NDArray[np.int64]:
    short = pc.utf8_slice_codeunits(pc.utf8_lower(names), 0, 3)
    index = pc.fill_null(pc.index_in(short, value_set=pa.array(_MONTH_NAMES)), -1)
    return np.asarray(index.to_numpy(zero_copy_only=False), dtype=np.int64) + 1


def _offsets(parts: dict[str, pa.Array]) -> NDArray[np.float64]:
    """Minutes east of Greenwich, NaN where no offset is written."""
    texts = _texts(parts, "z")
    values = {}
    for text in np.unique(texts):
        digits = text.lstrip("+-").replace(":", "")
        if not text:
            values[text] = np.nan
        elif digits.isdigit():
            minutes = int(digits[:2]) * 60 + int(digits[2:] or 0)
            values[text] = float(-minutes if text.startswith("-") else minutes)
        else:
            values[text] = 0.0
    unique, inverse = np.unique(texts, return_inverse=True)
    return np.array([values[text] for text in unique])[inverse]


def _zoned(read: _Read, timezone: str) -> tuple[pa.ChunkedArray, list[str]]:
    """Timestamps in the zone; hours that a change of the clocks skipped or gave twice settled."""
    has_offset = ~np.isnan(read.offset)
    if has_offset.all():
        return pa.chunked_array([_moved(read, timezone)]), []
    times = moments_of(pa.array(read.wall, pa.timestamp("us")), timezone, "earliest")
    skipped, twice = skipped_and_twice(read.wall, timezone)
    notes = [
        time_notes.skipped_note(int((skipped & ~has_offset).sum())),
        time_notes.twice_note(int((twice & ~has_offset).sum())),
    ]
    if has_offset.any():
        times = pc.if_else(pa.array(has_offset), _moved(read, timezone), times)
    return pa.chunked_array([times]), [*filter(None, notes)]
