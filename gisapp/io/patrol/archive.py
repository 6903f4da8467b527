"""The zip of a package: written so that the same gives the same bytes, read without trusting it."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from gisapp.io.patrol import zip_form
from gisapp.io.safe_files import written

#: No package has more files or bytes than this; whoever sends more means to fill a disk.
MOST_FILES = 1_000
MOST_BYTES = 500_000_000
MOST_BYTES_IN_ALL = 1_000_000_000
#: Deflate packs at most about 1,030 to 1; only what was made for it comes near.
_MOST_TIMES = 900
_BLOCK = 1 << 20
#: Bytes of what stands before each file without its name, and where it says how long that is.
_HEADER, _NAME_AT = 30, 26
#: What Python's zipfile raises for bytes that are no zip, or not any more.
_DAMAGED: tuple[type[Exception], ...] = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError),
    *(NotImplementedError, RuntimeError, ValueError, OverflowError, IndexError, KeyError),
)


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The files of a zip by name, in its order, and what is wrong with it (code, file, words)."""

    files: Mapping[str, bytes]
    problems: tuple[tuple[str, str, str], ...]


def write(contents: Mapping[str, bytes], path: Path, stamp: datetime) -> None:
    """Write files as a zip, dated `stamp`, whole or not at all; ExportError says why not."""
    # Zip cannot say a time before 1980 or after 2107, and only each second second.
    at = min(max(stamp, datetime(1980, 1, 1, tzinfo=UTC)), datetime(2107, 12, 31, tzinfo=UTC))
    dated = (at.year, at.month, at.day, at.hour, at.minute, at.second)
    with written(path) as beside, zipfile.ZipFile(beside, "w") as package:
        for name, data in contents.items():
            entry = zipfile.ZipInfo(name, dated)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            package.writestr(entry, data, zipfile.ZIP_DEFLATED, compresslevel=6)


def read(path: Path) -> Unpacked:
    """Whatever can be read of a zip within the limits, in memory; nothing is put on the disk.

    Among the problems is whatever is not as `write` makes it. OSError where the file itself
    cannot be read.
    """
    with path.open("rb") as file:
        packed = file.read(MOST_BYTES_IN_ALL + 1)
    if len(packed) > MOST_BYTES_IN_ALL:
        return Unpacked({}, (("too_large", "", "It is larger than any package."),))
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as package:
            return _unpacked(packed, package.infolist())
    except _DAMAGED:
        return Unpacked({}, (("damaged", "", "The file is no zip, or a damaged one."),))


def _unpacked(packed: bytes, entries: list[zipfile.ZipInfo]) -> Unpacked:
    wrong = [*_wrong_entries(entries)]
    files: dict[str, bytes] = {}
    if any(code == "too_large" for code, _, _ in wrong):
        return Unpacked(files, tuple(wrong))
    bad = {name for _, name, _ in wrong}
    wrong += zip_form.differences(packed, entries)
    for entry in entries:
        if entry.is_dir() or entry.filename in bad:
            continue
        try:
            files[entry.filename] = _data(packed, entry)
        except _DAMAGED:
            wrong.append(("damaged", entry.filename, "it is damaged and cannot be unpacked"))
    return Unpacked(files, tuple(wrong))


def _wrong_entries(entries: list[zipfile.ZipInfo]) -> Iterator[tuple[str, str, str]]:
    if len(entries) > MOST_FILES:
        yield "too_large", "", f"It has {len(entries):,} files; no package has so many."
    if sum(entry.file_size for entry in entries) > MOST_BYTES_IN_ALL:
        yield "too_large", "", "Unpacked it would be larger than any package: it is not unpacked."
    seen: set[str] = set()
    for entry in entries:
        name = entry.filename
        if _leads_away(name):
            yield "path", name, "its name leads out of the folder it would be unpacked in"
        if name.casefold() in seen:
            yield "twice", name, "it is there twice: nobody can tell which of them is meant"
        seen.add(name.casefold())
        if stat.S_ISLNK(entry.external_attr >> 16):
            yield "path", name, "it is a link to another place"
        if entry.flag_bits & 0x1:
            yield "damaged", name, "it is locked with a password"
        if entry.file_size > MOST_BYTES:
            yield "too_large", name, "it is larger than any file of a package"
        elif entry.file_size > _BLOCK * 10 and entry.file_size > _MOST_TIMES * max(
            entry.compress_size, 1
        ):
            yield "too_large", name, "it was packed so tightly that it is meant to fill a disk"


def _leads_away(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    drive = len(name) > 1 and name[1] == ":"
    odd = any(ord(char) < 32 for char in name)
    return name.startswith(("/", "\\")) or ".." in parts or drive or odd or not parts


def _data(packed: bytes, entry: zipfile.ZipInfo) -> bytes:
    """The bytes of an entry; never more than it says it has, and nothing beside them."""
    head = entry.header_offset
    name, extra = struct.unpack_from("<2H", packed, head + _NAME_AT)
    start = head + _HEADER + int(name) + int(extra)
    if entry.compress_type == zipfile.ZIP_STORED:
        data, whole = packed[start : start + entry.file_size], True
    else:
        unpacking = zlib.decompressobj(-zlib.MAX_WBITS)
        left = memoryview(packed)[start : start + entry.compress_size]
        data = unpacking.decompress(left, entry.file_size + 1)
        whole = unpacking.eof and not unpacking.unused_data
    if not whole or len(data) != entry.file_size or zlib.crc32(data) != entry.CRC:
        raise zipfile.BadZipFile("other content than told")
    return data
