"""Whether a zip has the very form in which packages are written, down to the last byte.

A zip says the same thing in several places, and programs differ in which of them they believe:
some go by the list at its end, some by what stands before each file, some by further fields with
another name. A signature vouches for the files and not for all that. So a package is good only
where there is nothing to choose from: files one after the other from the first byte on, said the
same twice, then the list, then its end. What is packed may differ, as libraries that pack do.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator, Sequence

#: Problems as (code, file, words).
Problem = tuple[str, str, str]

_FILE, _LISTED, _END = struct.Struct("<4s5H3I2H"), struct.Struct("<4s6H3I5H2I"), 22
_VERSION, _DEFLATED, _UNIX, _UTF8 = 20, 8, 3 << 8, 0x800
_MODE = 0o644 << 16
_ADDED = "Something lies in the zip that is none of its files."
_EXTRA = (
    "further fields stand with it in the zip: programs may take it to have another name or content"
)
_TWO_NAMES = "it has two names in the zip: programs may know it by either"
_OTHERWISE = "the zip does not say of it what gisapp writes: it was packed again, or changed"


def differences(data: bytes, entries: Sequence[zipfile.ZipInfo]) -> tuple[Problem, ...]:
    """What is not as it is written; nothing for a zip as it left."""
    found = [*_of_ends(data)]
    if found:
        return tuple(found)
    listed_at = struct.unpack_from("<I", data, len(data) - _END + 16)[0]
    at, place = 0, listed_at
    for entry in entries:
        said = [*_of_entry(data, entry, at, place, entries[0].date_time)]
        found += said
        if said and said[-1] == ("added", "", _ADDED):
            return tuple(found)
        name, extra, comment = struct.unpack_from("<3H", data, place + 28)
        place += _LISTED.size + name + extra + comment
        name, extra = struct.unpack_from("<2H", data, at + 26)
        at += _FILE.size + name + extra + entry.compress_size
    if at != listed_at or place != len(data) - _END:
        found.append(("added", "", _ADDED))
    return tuple(found)


def _of_ends(data: bytes) -> Iterator[Problem]:
    """Whether the end of the zip is at its end, and says nothing but where the list is."""
    end = data[-_END:]
    if not end.startswith(b"PK\5\6") or end[20:] != b"\0\0":
        yield "added", "", "Something stands behind the end of the zip: a note, or other bytes."
        return
    if not data.startswith(b"PK\3\4"):
        yield "added", "", "Something stands before the first file of the zip."
        return
    disk, first, here, count, size, start = struct.unpack_from("<4H2I", end, 4)
    if disk or first or here != count or start + size != len(data) - _END:
        yield "added", "", _ADDED


def _of_entry(
    data: bytes, entry: zipfile.ZipInfo, at: int, place: int, dated: tuple[int, ...]
) -> Iterator[Problem]:
    """A file whose own header should be at `at`, and its line in the list at `place`."""
    name = entry.filename
    if data[at : at + 4] != b"PK\3\4" or entry.header_offset != at:
        yield "added", "", _ADDED
        return
    head = _FILE.unpack_from(data, at)
    line = _LISTED.unpack_from(data, place)
    raw = entry.orig_filename.encode("utf-8", "replace")
    at_name, listed_name = at + _FILE.size, place + _LISTED.size
    names = data[at_name : at_name + head[9]], data[listed_name : listed_name + line[10]]
    if name.endswith("/"):
        yield "path", name, "it is a folder: packages have none"
    elif names != (raw, raw) or name != entry.orig_filename:
        yield "path", name, _TWO_NAMES
    elif head[10] or line[11] or line[12]:
        yield "added", name, _EXTRA
    elif (head, line) != _written(entry, raw, at) or entry.date_time != dated:
        yield "packed", name, _OTHERWISE


def _written(
    entry: zipfile.ZipInfo, raw: bytes, at: int
) -> tuple[tuple[object, ...], tuple[object, ...]]:
    """Both headers of a file as they are written."""
    year, month, day, hour, minute, second = entry.date_time
    stamp = (hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day)
    flags = 0 if raw.isascii() else _UTF8
    sizes = (entry.CRC, entry.compress_size, entry.file_size)
    both = (_VERSION, flags, _DEFLATED, *stamp, *sizes, len(raw), 0)
    made = (b"PK\1\2", _UNIX | _VERSION, *both, 0, 0, 0, _MODE, at)
    return (b"PK\3\4", *both), made
