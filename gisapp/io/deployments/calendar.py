"""Checked deployments as a calendar (iCalendar, RFC 5545), one event for each.

Moments are in UTC, which every calendar turns into its reader's time; so no zone has to be told.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import shapely

from gisapp.analysis.deployments.advice import (
    advice_of,
    headline,
    hours_words,
    meeting_words,
    service_words,
    unknown_hours,
)
from gisapp.analysis.deployments.check import Checked, DeploymentCheck
from gisapp.io.safe_files import written

#: Octets of a line, without its end (RFC 5545, 3.1).
_LINE = 75
#: Next line, line and paragraph separator, form feed and the like: a blank stands for each.
_LINE_ENDS = dict.fromkeys(map(ord, "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"), " ")
#: The room of names that identities of events are made in: the same deployment has the same.
_ROOM = uuid.uuid5(uuid.NAMESPACE_URL, "gisapp:deployment")


def calendar(check: DeploymentCheck, made_at: datetime) -> str:
    """The calendar as text with its line ends; `made_at` carries a zone.

    A deployment that could not be checked is an event of the whole day that says so, and is named
    in the calendar's own description, where one without a day stands alone. The identity of an
    event comes from the names of list, deployment and unit, so that another export of changed
    hours updates it.
    """
    about = _text("\n".join(_about(check)))
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//gisapp//Deployments//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{_text(check.layer.name)}",
        f"X-WR-CALNAME:{_text(check.layer.name)}",
        # RFC 7986, 5.2, and the name by which programs of before it know the same.
        f"DESCRIPTION:{about}",
        f"X-WR-CALDESC:{about}",
    ]
    seen: Counter[tuple[str, str]] = Counter()
    for one in check.deployments:
        key = one.name, one.unit
        seen[key] += 1
        when = _when(one)
        if when:
            name = "\0".join((check.layer.name, *key, str(seen[key])))
            lines += _event(check, one, when, f"{uuid.uuid5(_ROOM, name)}@gisapp", made_at)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def write_calendar(check: DeploymentCheck, path: Path, made_at: datetime) -> None:
    """Write the calendar; ExportError if it cannot be written."""
    with written(path) as beside:
        beside.write_bytes(calendar(check, made_at).encode("utf-8"))


def _about(check: DeploymentCheck) -> Iterator[str]:
    """What the whole list comes to, and what could not be checked."""
    yield headline(check)
    if check.unjudged:
        names = ", ".join(one.name for one in check.unjudged)
        yield f"Not checked, for their hours are missing or wrong: {names}"
    lost = [one.name for one in check.unjudged if not _when(one)]
    if lost:
        are = "it is" if len(lost) == 1 else "they are"
        yield f"Of these, without a day {are} not in this calendar: {', '.join(lost)}"
    yield from unknown_hours(check)
    yield from check.notes


def _when(one: Checked) -> tuple[str, ...]:
    """The lines of start and end: a whole day where the hours are of no use, none without a day."""
    if one.start is not None and one.end is not None and not one.problem:
        return f"DTSTART:{_utc(one.start)}", f"DTEND:{_utc(one.end)}"
    known = one.start or one.end
    if known is None:
        return ()
    after = known.date() + timedelta(days=1)
    return f"DTSTART;VALUE=DATE:{known:%Y%m%d}", f"DTEND;VALUE=DATE:{after:%Y%m%d}"


def _event(
    check: DeploymentCheck, one: Checked, when: Sequence[str], uid: str, made_at: datetime
) -> list[str]:
    count = len(one.met)
    unsure = "Not checked: " if one.problem else ""
    unit = f" ({one.unit})" if one.unit else ""
    meets = f", meets {count} zone{'s' if count > 1 else ''}" if count else ""
    middle = shapely.point_on_surface(one.shape)
    kind = "Not checked" if one.problem else "Meets a zone" if count else "Deployment"
    return [
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{_utc(made_at)}",
        *when,
        f"SUMMARY:{_text(f'{unsure}{one.name}{unit}{meets}')}",
        f"DESCRIPTION:{_text(_description(check, one))}",
        f"GEO:{middle.y:.6f};{middle.x:.6f}",
        f"CATEGORIES:{kind}",
        "END:VEVENT",
    ]


def _description(check: DeploymentCheck, one: Checked) -> str:
    lines = [hours_words(one)]
    if one.purpose:
        lines.append(f"Purpose: {one.purpose}")
    for meeting in one.met:
        words = meeting_words(check, one, meeting)
        lines.append(f"Zone “{words.zone}”: {words.where}; {words.when}.")
        lines.append(f"Not done there: {'; '.join(words.not_there)}.")
        if words.exceptions:
            lines.append(f"Except: {words.exceptions}.")
        lines.append(words.binds)
    lines += advice_of(check, one)
    lines += [f"Inside: {service_words(check, each)}" for each in one.services]
    return "\n".join(lines)


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    """A text value: escaped (3.3.11), and without signs that no text may hold."""
    # Some readers end a line at these too, and what follows would be a line of its own.
    plain = text.translate(_LINE_ENDS)
    kept = "".join(sign for sign in plain if sign >= " " or sign in "\n\t")
    for sign in ("\\", ";", ","):
        kept = kept.replace(sign, f"\\{sign}")
    return kept.replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """A line in pieces of at most 75 octets, none within a character; a blank begins the next."""
    piece, room = "", _LINE
    for sign in line:
        size = len(sign.encode("utf-8"))
        if size > room:
            yield piece
            piece, room = " ", _LINE - 1
        piece += sign
        room -= size
    yield piece
