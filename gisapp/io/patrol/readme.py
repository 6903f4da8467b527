"""README.txt of a package: what it is, for whoever loads it, with each zone in words."""

from __future__ import annotations

import textwrap
from datetime import date

from gisapp.io.patrol.content import Content
from gisapp.io.patrol.zones import COLUMNS, Outgoing
from gisapp.layers.agreement import day_in_words


def readme(content: Content) -> str:
    """What the package is, for whoever loads it into a system, with each zone in words."""
    parts = [
        f"ZONES IN FORCE ON {day_in_words(content.day).upper()}",
        "",
        f"Project: {content.title}",
        f"Day: {content.day.isoformat()} ({content.timezone})",
        f"Zones: {len(content.zones):,}",
        "",
        _INTRODUCTION,
        "COLUMNS",
        "",
        *(f"  {column:<16}  {meaning}" for column, meaning in COLUMNS.items()),
        "  srid, wkt         in zones.csv: 4326, and the outline as well-known text",
        "",
        "ZONES",
        "",
    ]
    for zone in content.zones:
        parts += [*_in_words(zone), ""]
    return "\n".join(parts)


_INTRODUCTION = """\
In these zones officers do not do certain things, as police and partners have agreed. This
package tells where, from when to when, at what hours and with what exceptions.

It is NOT a 9-1-1 routing boundary: never load it as a service boundary that decides which
agency gets a call. It is no record of any person or incident, and holds none.

It holds what was in force on the day above. Replace it when a newer package comes, and do not
use a zone after its last day.

FILES

  zones.geojson   GeoJSON after RFC 7946
  zones.gpkg      GeoPackage 1.3, table "zones"
  zones.csv       UTF-8, outlines as well-known text; text that a spreadsheet would take
                  for a formula has an apostrophe in front
  manifest.json   the list of zones, and the SHA-256 of each file: where one differs, the
                  file was changed after it was exported

Coordinates are longitude and latitude in degrees on WGS 84 (EPSG:4326), longitude first, to 7
decimals (1 cm). Areas across the 180th meridian are cut there. A circle is drawn with many
corners; radius_m is the exact one.

A zone holds from the start of its first day to the end of its last day, at its hours, in its own
time zone. Where hours end at or before they start, as in Fr-Sa 19:00-07:00, they end on the next
day. hours_code is written as OpenStreetMap writes opening_hours; where it says unknown, read hours.

The scene of an event holds from starts_at until before ends_at, and at no other time. A zone may
have terms of its own: its row holds what is meant there.

This is version 2 of the package. Version 1 had fewer columns; those that it had mean the same.
"""


def _in_words(zone: Outgoing) -> list[str]:
    value = zone.attributes
    end = value["valid_to"]
    until = f" to {day_in_words(end)}" if isinstance(end, date) else ", with no end set"
    start = value["valid_from"]
    since = day_in_words(start) if isinstance(start, date) else ""
    lines = [
        f"{value['name']}  ({value['zone_id']})",
        f"  Agreement: {value['agreement']}, version {value['version']}",
        f"  Signed by: {value['parties']}",
        f"  In force: {since}{until} ({value['timezone']})",
        f"  Hours: {value['hours']}",
        f"  Not done here: {value['suspended_words'] or 'see the agreement'}",
    ]
    further = {
        "From": "starts_at",
        "Until": "ends_at",
        "For whom": "persons",
        "On the way to and from": "covers_transit",
        "Offences": "offences",
        "Counts as personal": "thresholds",
        "Does not bind in case of": "exceptions",
        "Units bound": "units_bound",
        "Units not bound": "units_not_bound",
        "What was taken all the same": "if_seized",
        "Recorded instead": "recording",
        "Call to refer people": "referral_contact",
        "Streets": "streets",
        "Of the building": "parts",
        "Outline": "basis_text",
    }
    lines += [f"  {label}: {value[key]}" for label, key in further.items() if value[key]]
    return [part for line in lines for part in _wrapped(line)]


def _wrapped(line: str) -> list[str]:
    """A line of the README cut where it can be read."""
    return textwrap.wrap(
        line, 96, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False
    )
