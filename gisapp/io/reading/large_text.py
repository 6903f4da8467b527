"""Large delimited files, read in pieces: never whole in memory, with progress and cancelling.

Two passes over the file: one looks whether it is plain text in UTF-8 and counts its lines, the
other is Arrow's reader. What is not as plain as that is read whole by `delimited`.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from gisapp.progress import Progress

#: Files of at least so many bytes are read this way.
LARGE = 32 * 2**20

_PIECE = 1 << 20
_NEWLINE, _QUOTE, _RETURN = 0x0A, 0x22, 0x0D


@dataclass(frozen=True, slots=True)
class Survey:
    """What one look over a file gave: how long it is, its lines, and whether it has quotes."""

    size: int
    newlines: int
    quoted: bool
    ends_with_newline: bool

    @property
    def lines(self) -> int:
        return self.newlines + (not self.ends_with_newline)


def survey(path: Path, text: str, progress: Progress) -> Survey | None:
    """Look over a file; None unless it is UTF-8 without a zero byte or a byte order mark."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    size, done, newlines, quoted, last = path.stat().st_size, 0, 0, False, b""
    try:
        for piece in _pieces(path):
            if not done and piece.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE)):
                return None
            if b"\0" in piece:
                return None
            if not piece.isascii() or decoder.getstate()[0]:
                decoder.decode(piece)
            newlines += int(np.count_nonzero(np.frombuffer(piece, np.uint8) == _NEWLINE))
            quoted = quoted or b'"' in piece
            last = piece[-1:]
            done += len(piece)
            progress.report(done / max(size, 1), text)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return None
    return Survey(done, newlines, quoted, last == b"\n") if newlines else None


def _pieces(path: Path, start: int = 0) -> Iterator[bytes]:
    with path.open("rb", buffering=0) as file:
        file.seek(start)
        while piece := file.read(_PIECE):
            yield piece


class Watched(io.RawIOBase):
    """The rest of a file for Arrow's reader, telling how far it is, and stopping when asked."""

    def __init__(self, path: Path, start: int, size: int, text: str, progress: Progress) -> None:
        super().__init__()
        self._text = text
        self._file = path.open("rb", buffering=0)
        self._file.seek(start)
        self._size = size
        self._progress = progress

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        share = min(self._file.tell() / max(self._size, 1), 1.0)
        self._progress.report(share, self._text)
        return self._file.read(size)

    def close(self) -> None:
        self._file.close()
        super().close()


def parsed(
    path: Path,
    start: int,
    size: int,
    text: str,
    progress: Progress,
    parse: Callable[[pa.NativeFile], pa.Table],
) -> pa.Table:
    """What Arrow's reader makes of a file from `start` on; Cancelled where it was stopped."""
    with Watched(path, start, size, text, progress) as file:
        try:
            return parse(pa.PythonFile(file, mode="r"))
        except pa.ArrowException:
            progress.check()  # a reader that was stopped may say so in its own words
            raise


def lines_of(path: Path, start: int, rows: int) -> NDArray[np.int64]:
    """The line each row of the file from `start` on begins on, counted from 1.

    Empty lines are no rows, and what ends within quotes ends no row.
    """
    begins: list[NDArray[np.int64]] = []
    number, odd, fresh = 1, False, True
    carry = b""
    for piece in _pieces(path, start):
        data = carry + piece
        cut = data.rfind(b"\n") + 1
        data, carry = data[:cut], data[cut:]
        if not data:
            continue
        found, odd, fresh = _begins(np.frombuffer(data, np.uint8), odd, fresh)
        begins.append(found + number)
        number += data.count(b"\n")
    if carry.strip(b"\r") and fresh:
        begins.append(np.array([number]))
    found = np.concatenate([np.empty(0, dtype=np.int64), *begins])
    return found if len(found) == rows else np.arange(1, rows + 1)


def _begins(
    data: NDArray[np.uint8], odd: bool, fresh: bool
) -> tuple[NDArray[np.int64], bool, bool]:
    """Which lines of a piece of whole lines begin a row, counted from 0.

    `odd` tells whether it begins within quotes, `fresh` whether a row may begin with it; both
    are given back for what follows.
    """
    ends = np.flatnonzero(data == _NEWLINE)
    starts = np.append(0, ends[:-1] + 1)
    quotes = np.logical_xor.reduceat(data == _QUOTE, starts)
    open_after = np.logical_xor.accumulate(quotes) ^ odd
    length = ends - starts
    blank = (length == 0) | ((length == 1) & (data[starts] == _RETURN))
    may_begin = np.append(fresh, ~open_after[:-1])
    last_open = bool(open_after[-1])
    return np.flatnonzero(may_begin & ~blank).astype(np.int64), last_open, not last_open
