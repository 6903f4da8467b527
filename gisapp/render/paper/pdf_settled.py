"""A PDF as Qt writes it, made the same for the same drawing.

Qt writes fonts in an order that changes from run to run, names them after it, and says when the
file was made, in the local time zone. Here the objects are numbered in the order in which the page
leads to them (ISO 32000-1, 7.5), fonts are all called the same, and the day is given.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_REFERENCE = re.compile(rb"(?<![\d.])(\d+) 0 R\b")
_OBJECT = re.compile(rb"(\d+) 0 obj\b")
_STREAM = b"stream\n"
#: Six letters before the name of a font of which only the letters in use are there (9.6.4).
_SUBSET = re.compile(rb"/[A-Z]{6}\+")
_DAY = re.compile(rb"(/(?:Creation|Mod)Date \()[^)]*(\))")
_XMP_DAY = re.compile(rb'(xmp:\w+Date=")(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[^"]*)')


@dataclass(frozen=True, slots=True)
class _Object:
    """A part of the file: what may refer to others, and the bytes behind it."""

    head: bytes
    stream: bytes


def settled(data: bytes, day: date) -> bytes:
    """The PDF with its objects in order, dated with the start of a day in UTC.

    For files of Qt's own PDF engine (one table of places, no compressed objects); ValueError for
    another.
    """
    start = data.rfind(b"startxref")
    table = int(data[start:].split()[1]) if start >= 0 else -1
    if table < 0 or not data.startswith(b"%PDF-1.") or data[table : table + 4] != b"xref":
        raise ValueError("not a PDF as Qt writes it")
    places, trailer = _places(data, table)
    objects = _objects(data, places, table)
    order = _order(trailer, objects)
    number = {old: new for new, old in enumerate(order, 1)}

    def renumbered(text: bytes) -> bytes:
        return _REFERENCE.sub(lambda found: b"%d 0 R" % number[int(found[1])], text)

    parts = [data[: min(places.values())]]
    for old in order:
        one = objects[old]
        head = _dated(_SUBSET.sub(b"/AAAAAA+", renumbered(one.head)), day)
        parts.append(b"%d 0 obj%s%s" % (number[old], head, _xmp_dated(one.stream, day)))
    head = re.sub(rb"/Size \d+", b"/Size %d" % (len(order) + 1), renumbered(trailer))
    return _joined(parts, head)


def _places(data: bytes, table: int) -> tuple[dict[int, int], bytes]:
    """Where each object begins, by its number, and the trailer's dictionary."""
    end = data.index(b"trailer", table)
    lines = data[table:end].split(b"\n")
    first = int(lines[1].split()[0])
    places = {
        first + row: int(line[:10]) for row, line in enumerate(lines[2:]) if line[17:18] == b"n"
    }
    return places, data[end + len(b"trailer") : data.rfind(b"startxref")]


def _objects(data: bytes, places: dict[int, int], table: int) -> dict[int, _Object]:
    starts = sorted(places.values())
    ends = dict(zip(starts, [*starts[1:], table], strict=True))
    found = {}
    for number, start in places.items():
        text = data[start : ends[start]]
        head = _OBJECT.match(text)
        if head is None or int(head[1]) != number:
            raise ValueError("not a PDF as Qt writes it")
        body = text[head.end() :]
        cut = body.find(_STREAM)
        found[number] = _Object(body, b"") if cut < 0 else _Object(body[:cut], body[cut:])
    return found


def _order(trailer: bytes, objects: dict[int, _Object]) -> list[int]:
    """Numbers of objects, each as it is first come to from the trailer."""
    waiting = [int(found) for found in reversed(_REFERENCE.findall(trailer))]
    order: dict[int, None] = {}
    while waiting:
        number = waiting.pop()
        if number in order:
            continue
        order[number] = None
        waiting += [int(found) for found in reversed(_REFERENCE.findall(objects[number].head))]
    return list(order)


def _dated(head: bytes, day: date) -> bytes:
    return _DAY.sub(lambda found: found[1] + f"D:{day:%Y%m%d}000000Z".encode() + found[2], head)


def _xmp_dated(stream: bytes, day: date) -> bytes:
    """Metadata with the day in as many bytes, for their length is told before them."""

    def instead(found: re.Match[bytes]) -> bytes:
        moment = f"{day.isoformat()}T00:00:00".encode()
        zone = b"Z" if len(found[2]) == len(moment) + 1 else b"+00:00"
        return found[1] + moment + zone

    return _XMP_DAY.sub(instead, stream) if b"<?xpacket" in stream[:40] else stream


def _joined(parts: list[bytes], trailer: bytes) -> bytes:
    """The file with a new table of places."""
    places, size = [], len(parts[0])
    for part in parts[1:]:
        places.append(size)
        size += len(part)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    end = b"trailer%sstartxref\n%d\n%%%%EOF\n" % (trailer, size)
    return b"".join((*parts, head, rows, end))
