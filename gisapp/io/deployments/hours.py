"""Start and end of deployments where dates and times of day stand in columns of their own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

import pyarrow as pa

from gisapp.io.reading import times
from gisapp.layers.clocks import local_times

_CLOCK = re.compile(
    r"\s*(\d{1,2})(?:[:.h](\d{2})(?::\d{2}(?:\.\d+)?)?|(\d{2}))?\s*([ap])?\.?\s?(?:m\b\.?)?\s*",
    re.IGNORECASE,
)
_WORDS = {"midnight": 1440, "noon": 720, "midday": 720}
_BETWEEN = re.compile(r"\s*(?:-|–|—|\bto\b|\buntil\b)\s*", re.IGNORECASE)

Texts = Sequence[str | None]


def clock(text: str | None) -> int | None:
    """Minutes of the day that a text such as `22:00`, `2200` or `10 pm` means; None for others.

    A bare number (`22`) is none; `24:00` and `midnight` are the end of the day.
    """
    if text is None:
        return None
    if text.strip().casefold() in _WORDS:
        return _WORDS[text.strip().casefold()]
    match = _CLOCK.fullmatch(text)
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2] or match[3] or 0)
    half = (match[4] or "").casefold()
    if not (half or match[2] or match[3]) or minute > 59 or hour > (12 if half else 24):
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    total = hour * 60 + minute
    return total if total <= 1440 else None


def span(text: str | None) -> tuple[str, str] | None:
    """The two times of day of a text such as `22:00-02:00`; None where it has not two."""
    parts = _BETWEEN.split((text or "").strip())
    if len(parts) != 2 or clock(parts[1]) is None:
        return None
    first = parts[0]
    if clock(first) is None and re.fullmatch(r"\d{1,2}", first):
        # `6-10pm`: what is said of the end is meant of the start.
        first += "pm" if "p" in parts[1].casefold() else "am"
    return (first, parts[1]) if clock(first) is not None else None


def are_clocks(texts: pa.ChunkedArray) -> bool:
    """Whether nearly all texts are times of day alone."""
    given = [text for text in texts.slice(0, 500).to_pylist() if text]
    return bool(given) and sum(clock(text) is not None for text in given) >= 0.9 * len(given)


def are_spans(texts: pa.ChunkedArray) -> bool:
    """Whether nearly all texts are a time of day to another."""
    given = [text for text in texts.slice(0, 500).to_pylist() if text]
    return bool(given) and sum(span(text) is not None for text in given) >= 0.8 * len(given)


def joined(
    rows: pa.Table,
    fields: Mapping[str, str],
    zone: str,
    day_first: bool,
    beside: Mapping[str, str],
) -> tuple[pa.Table, dict[str, str], list[str]]:
    """The rows with whole moments, as local ISO texts, in the columns of start and end.

    Days come from the column of `date`, or from the start itself; times of day from start and end
    or from `hours` such as `22:00-02:00`. `beside` names columns of times of day that belong to a
    start or end of days alone. An end that is not after its start lies on the next day.
    """
    hours = fields.get("hours")
    if not (hours or "date" in fields or beside):
        return rows, dict(fields), []
    spans = [span(text) for text in _column(rows, hours)]
    given = {
        field: [own if own is not None else text for own, text in zip(some, texts, strict=True)]
        for field, some, texts in (
            ("start", [pair and pair[0] for pair in spans], _column(rows, fields.get("start"))),
            ("end", [pair and pair[1] for pair in spans], _column(rows, fields.get("end"))),
        )
    }
    for field, column in beside.items():
        pairs = zip(given[field], _column(rows, column), strict=True)
        given[field] = [_on_day(day, at) for day, at in pairs]
    days = _days(_column(rows, fields.get("date")), zone, day_first)
    starts = _moments(given["start"], days, zone, day_first)
    from_start = [own or (at.date() if at else None) for own, at in zip(days, starts, strict=True)]
    ends = _moments(given["end"], from_start, zone, day_first)
    over = 0
    for row, (start, end) in enumerate(zip(starts, ends, strict=True)):
        if start and end and end <= start and clock(given["end"][row]) is not None:
            ends[row] = end + timedelta(days=1)
            over += 1
    told = {"start": starts, "end": ends}
    kept = dict(fields)
    for field, moments in told.items():
        rows, kept = _put(rows, kept, field, moments)
    which = "1 deployment ends" if over == 1 else f"{over:,} deployments end"
    whose = "its" if over == 1 else "their"
    return rows, kept, [f"{which} on the day after {whose} start."] if over else []


def _put(
    rows: pa.Table, fields: dict[str, str], field: str, moments: Sequence[datetime | None]
) -> tuple[pa.Table, dict[str, str]]:
    texts = [None if at is None else at.isoformat(timespec="minutes") for at in moments]
    values = pa.chunked_array([pa.array(texts, pa.string())])
    name = fields.get(field)
    if name is None:
        name = field.capitalize()
        while name in rows.column_names:
            name += " of shift"
        return rows.append_column(name, values), {**fields, field: name}
    return rows.set_column(rows.column_names.index(name), name, values), fields


def _column(rows: pa.Table, name: str | None) -> list[str | None]:
    if name is None:
        return [None] * rows.num_rows
    texts = times.as_text(rows[name]).to_pylist()
    return [text.strip() or None if text is not None else None for text in texts]


def _on_day(day: str | None, at: str | None) -> str | None:
    """A day and a time of day as one text; the midnight that some programs add to days goes."""
    minutes = clock(at)
    if day is None or minutes is None:
        return day
    bare = re.sub(r"[T ]0?0:00(?::00(?:\.0*)?)?.*$", "", day)
    return f"{bare} {minutes // 60 % 24:02d}:{minutes % 60:02d}"


def _days(texts: Texts, zone: str, day_first: bool) -> list[date | None]:
    return [None if at is None else at.date() for at in _read(texts, zone, day_first)]


def _moments(
    texts: Texts, days: Sequence[date | None], zone: str, day_first: bool
) -> list[datetime | None]:
    """Wall-clock moments: times of day on their day, whole moments as they are."""
    clocks = [clock(text) for text in texts]
    whole = _read(
        [text if at is None else None for text, at in zip(texts, clocks, strict=True)],
        zone,
        day_first,
    )
    found: list[datetime | None] = []
    for at, day, own in zip(clocks, days, whole, strict=True):
        if at is None:
            found.append(own)
        elif day is None:
            found.append(None)
        else:
            found.append(datetime.combine(day, time()) + timedelta(minutes=at))
    return found


def _read(texts: Texts, zone: str, day_first: bool) -> list[datetime | None]:
    """Texts as wall-clock moments in a zone."""
    if not any(texts):
        return [None] * len(texts)
    column = pa.chunked_array([pa.array(texts, pa.string())])
    read = times.read_times(column, zone, day_first).values
    local: list[datetime | None] = local_times(read, zone).tolist()
    return local
