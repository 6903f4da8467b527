"""README.txt of a package: what it is, for whoever loads it, with each zone in words."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping

from gisapp.io.patrol.content import Content
from gisapp.io.patrol.signing import in_groups
from gisapp.io.patrol.words import in_words, still_open
from gisapp.io.patrol.zones import COLUMNS, Outgoing
from gisapp.layers.agreement import day_in_words


def readme(content: Content, files: Mapping[str, str]) -> str:
    """What the package is, for whoever loads it into a system, with each zone in words.

    `files` says of each further file by its name what it is.
    """
    parts = [
        _heading(content),
        "",
        *_wrapped_all(_facts(content)),
        "",
        _INTRODUCTION,
        "FILES",
        "",
        *(f"  {name:<{_name_room(files)}}  {what}" for name, what in _told(files).items()),
        "",
        _COORDINATES,
        "COLUMNS",
        "",
        *(f"  {column:<16}  {meaning}" for column, meaning in COLUMNS.items()),
        "  srid, wkt         in zones.csv: 4326, and the outline as well-known text",
        "",
    ]
    if content.withdrawn:
        parts += ["WITHDRAWN: DO AWAY WITH THESE", "", *_withdrawn(content), ""]
    if content.zones:
        parts += ["ZONES", ""]
    for zone in content.zones:
        parts += [*_in_words(zone), ""]
    return "\n".join(parts)


def _heading(content: Content) -> str:
    day = day_in_words(content.day).upper()
    if content.earlier is None:
        return f"ZONES IN FORCE ON {day}"
    return f"CHANGES TO THE ZONES IN FORCE: {day_in_words(content.earlier.day).upper()} TO {day}"


def _facts(content: Content) -> Iterator[str]:
    note = content.note
    yield f"Project: {content.title}"
    yield f"Day: {content.day.isoformat()} ({content.timezone})"
    if content.earlier is None:
        yield f"Zones: {len(content.zones):,}"
    else:
        yield f"Zones added or changed: {len(content.zones):,}"
        yield f"Zones withdrawn: {len(content.withdrawn):,}"
        yield (
            f"This goes on from the package of {content.earlier.day} (revision "
            f"{content.earlier.revision[:12]}). Load that first; zones that are not listed here "
            "hold as they are there."
        )
    if content.flawed:
        yield (f"NOT COMPLETE: {still_open(content.flawed)}. Ask the sender.")
    said = {
        "From": note.sent_by,
        "For": note.recipient,
        "Terms": note.terms,
        "Revision of the project": note.revision[:12],
        "Signed with the key": in_groups(note.fingerprint),
    }
    yield from (f"{name}: {words}" for name, words in said.items() if words)


_ALWAYS = {
    "manifest.json": "the list of zones, and the SHA-256 of each file",
    "manifest.sig": "the signature of manifest.json (Ed25519), if it is signed",
    "public_key.pem": "the key that it was signed with",
}

#: Files that lie beside another one and say how it is read.
_BESIDE = {
    "zones.csvt": "the types of the columns of zones.csv",
    "zones.prj": "the coordinate reference system of zones.csv",
}


def _told(files: Mapping[str, str]) -> dict[str, str]:
    return {name: _BESIDE.get(name, what) for name, what in files.items()} | _ALWAYS


def _name_room(files: Mapping[str, str]) -> int:
    return max(map(len, _told(files)))


_INTRODUCTION = """\
In these zones officers do not do certain things, as police and partners have agreed. This
package tells where, from when to when, at what hours and with what exceptions.

It is NOT a 9-1-1 routing boundary: never load it as a service boundary that decides which
agency gets a call. It is no record of any person or incident, and holds none.

It holds what was in force on the day above. Replace it when a newer package comes, and do not
use a zone after its last day.

`gisapp verify` says whether anything was changed after the export. Without gisapp:

  openssl pkeyutl -verify -pubin -inkey public_key.pem -rawin \\
      -in manifest.json -sigfile manifest.sig
  openssl pkey -pubin -in public_key.pem -outform DER | sha256sum

The first checks the signature, the second prints the fingerprint of the key: ask the sender
whether it is theirs. Then compare the SHA-256 of each file with manifest.json.
"""

_COORDINATES = """\
Coordinates are longitude and latitude in degrees on WGS 84 (EPSG:4326), longitude first, to 7
decimals (1 cm), where a file says no other. Areas across the 180th meridian are cut there. A
circle is drawn with many corners; radius_m is the exact one.

A zone holds from the start of its first day to the end of its last day, at its hours, in its own
time zone. Where hours end at or before they start, as in Fr-Sa 19:00-07:00, they end on the next
day. hours_code is written as OpenStreetMap writes opening_hours; where it says unknown, read hours.

The scene of an event holds from starts_at until before ends_at, and at no other time. A zone may
have terms of its own: its row holds what is meant there. In files that spreadsheets open, text
that they would take for a formula has an apostrophe in front.

This is version 3 of the package. Version 2 was not signed and had fewer columns; those that it had
mean the same.
"""


def _withdrawn(content: Content) -> list[str]:
    lines = []
    for one in content.withdrawn:
        last = f"; last day {day_in_words(one.last_day)}" if one.last_day else ""
        lines.append(f"{one.name}  ({one.zone_id})")
        lines.append(f"  {one.reason}{last}")
    return _wrapped_all(lines)


def _wrapped_all(lines: Iterable[str]) -> list[str]:
    return [part for line in lines for part in _wrapped(line)]


def _in_words(zone: Outgoing) -> list[str]:
    value = zone.attributes
    lines = [f"{value['name']}  ({value['zone_id']})", *(f"  {line}" for line in in_words(zone))]
    return [part for line in lines for part in _wrapped(line)]


def _wrapped(line: str) -> list[str]:
    """A line of the README cut where it can be read."""
    return textwrap.wrap(
        line, 96, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False
    )
