"""Hours and their calendar as a sentence, and in the code that other programs read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from gisapp.layers.schedule import Calendar, Hours, OnHolidays, Span, clock_in_words

#: English whatever the language of the system.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def in_words(hours: tuple[Hours, ...], calendar: Calendar, timezone: str) -> str:
    """`Monday to Friday 08:00–20:00; not on public holidays (GB-ENG) (Europe/London)`."""
    weekly = "; ".join(one.in_words() for one in hours)
    if calendar.service_hours:
        weekly = f"While the service is open: {weekly or 'its hours are not known'}"
    words = "; ".join((weekly or "At all hours", *calendar_in_words(calendar)))
    plain = not hours and calendar == Calendar()
    return words if plain else f"{words} ({timezone})"


def calendar_in_words(calendar: Calendar) -> tuple[str, ...]:
    """What a calendar adds to weekly hours, one sentence part for each."""
    parts = []
    if calendar.rule:
        parts.append(f"on the days of the rule {calendar.rule}")
    for one in calendar.special:
        day = day_in_words(one.day)
        if one.start is not None and one.end is not None:
            parts.append(f"{day}: {clock_in_words(one.start, one.end)}")
        else:
            parts.append(f"not on {day}")
    if calendar.holidays and calendar.on_holidays is not OnHolidays.AS_USUAL:
        parts.append(f"{calendar.on_holidays.label} ({calendar.holidays})")
    return tuple(parts)


def day_in_words(day: date) -> str:
    """`6 March 2025`, with no zero in front and no doubt about the month."""
    return f"{day.day} {day:%B %Y}"


def in_code(hours: tuple[Hours, ...], calendar: Calendar) -> str:
    """Hours as OpenStreetMap's opening_hours writes them.

    A rule, and hours of a service that are not known, cannot be written so: then the code says
    `unknown`, and why in words, so that no program takes the hours for certain.
    """
    unsure = []
    if calendar.rule:
        unsure.append(f"on the days of the rule {calendar.rule}")
    if calendar.service_hours and not hours:
        unsure.append("while the service is open")
    weekly = _weekly_in_code(hours) or "24/7"
    if unsure:
        words = ", ".join(unsure).replace('"', "'")
        weekly = "; ".join(f'{part} unknown "{words}"' for part in weekly.split("; "))
    return "; ".join((weekly, *_holidays_in_code(hours, calendar), *_special_in_code(calendar)))


def _weekly_in_code(hours: tuple[Hours, ...]) -> str:
    """Weekly hours; after a comma they are added to those of the same days, else they replace."""
    if not hours:
        return ""
    parts = [hours[0].in_code()]
    for place, one in enumerate(hours[1:], start=1):
        adds = any(_touch(one, other) for other in hours[:place])
        parts.append(f"{', ' if adds else '; '}{one.in_code()}")
    return "".join(parts)


def _touch(one: Hours, other: Hours) -> bool:
    """Whether hours have days in common, with the days that they reach into after midnight."""
    return bool(_days_reached(one) & _days_reached(other))


def _days_reached(hours: Hours) -> set[int]:
    begin, length = hours.span
    over_midnight = begin + length > 1440
    return set(hours.days) | ({(day + 1) % 7 for day in hours.days} if over_midnight else set())


def _holidays_in_code(hours: tuple[Hours, ...], calendar: Calendar) -> Iterator[str]:
    if not calendar.holidays or calendar.on_holidays is OnHolidays.AS_USUAL:
        return
    if calendar.on_holidays is OnHolidays.NOT:
        yield "PH off"
    elif calendar.on_holidays is OnHolidays.ALL_DAY or (not hours and not calendar.service_hours):
        yield "PH 00:00-24:00"
    else:
        sunday = sorted({one.span for one in hours if 6 in one.days})
        yield f"PH {','.join(map(_span_in_code, sunday))}" if sunday else "PH off"


def _special_in_code(calendar: Calendar) -> Iterator[str]:
    spans: dict[date, list[Span]] = {}
    for one in calendar.special:
        spans.setdefault(one.day, []).extend(one.spans)
    for day, found in sorted(spans.items()):
        name = f"{day.year:04d} {_MONTHS[day.month - 1]} {day.day:02d}"
        yield f"{name} {','.join(map(_span_in_code, sorted(found)))}" if found else f"{name} off"


def _span_in_code(span: Span) -> str:
    begin, length = span
    end = begin + length
    # Midnight at the end of a day is 24:00; an earlier hour than the start lies on the next day.
    end = end if end <= 1440 else end - 1440
    return f"{begin // 60:02d}:{begin % 60:02d}-{end // 60:02d}:{end % 60:02d}"
