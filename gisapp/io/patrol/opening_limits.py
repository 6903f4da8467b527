"""How much of a file of a package is opened: a small file can hold what fills a memory, or a day.

Who signs a package may still mean no good, and where nobody says whose key it must be anybody can
sign. So what a file says of itself is looked at before a library that reads it is let in, and it
is read in parts.
"""

from __future__ import annotations

from typing import Any

#: Bytes of a file, or of what it unpacks to. A hundred thousand zones have less.
MOST_BYTES = 100_000_000
#: Rows of a file where nobody says how many there should be; corners of all its outlines together.
MOST_ROWS, MOST_CORNERS = 100_000, 2_000_000
MOST_COLUMNS, MOST_LAYERS = 500, 50
#: So many brackets, commas, tags and lines has a text with that many corners, and then some.
_MOST_SIGNS = 10_000_000
#: Each of them becomes an object in memory, or the beginning of one.
_SIGNS = (b"[", b"{", b"<", b",", b"\n")
#: Snappy packs at most about 21 to 1 (its copies are at most 64 bytes long and take 3).
_SNAPPY = 22
_CODECS = ("SNAPPY", "UNCOMPRESSED")
_MOST_GROUPS = 1_000


class TooMuchError(ValueError):
    """A file holds more than is opened; the text says of what."""


def rows_at_once(size: int) -> int:
    """How many rows of a file of `size` bytes are read at once, if each may have all of it."""
    return max(1, MOST_BYTES // max(size, 100_000))


def check_signs(data: bytes) -> None:
    """TooMuchError for a text of which a reader would make more objects than of any package."""
    if sum(map(data.count, _SIGNS)) > _MOST_SIGNS:
        raise TooMuchError("it has more pieces than any file of a package")


def check_parquet(told: Any, size: int, most: int) -> int:
    """How many rows of a Parquet file to read at once, by its metadata; TooMuchError for a bomb.

    `told` is a pyarrow FileMetaData, `size` the bytes of the file.
    """
    if told.num_rows > most:
        raise TooMuchError(f"it holds more rows than the manifest has zones, over {most:,}")
    if told.num_columns > MOST_COLUMNS or told.num_row_groups > _MOST_GROUPS:
        raise TooMuchError("it has more columns or parts than any file of a package")
    unpacked = 0
    for number in range(told.num_row_groups):
        group = told.row_group(number)
        unpacked += group.total_byte_size
        for place in range(group.num_columns):
            if group.column(place).compression not in _CODECS:
                raise TooMuchError("it is packed in another way than the files of a package")
    if unpacked > MOST_BYTES:
        raise TooMuchError("unpacked it would be larger than any file of a package")
    return rows_at_once(max(unpacked, _SNAPPY * size))
