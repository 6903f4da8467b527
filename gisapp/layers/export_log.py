"""What has left the program: a log in which each line carries the hash of the line before it.

A line that was changed or taken out leaves a gap that `problems` finds. Who can write to the
project file and knows how the hashes are made can write a whole new log: what receivers hold
(the SHA-256 of each file is in it) is then the second witness.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Export:
    """One line: a file that was written for others.

    `at` is in UTC, `who` the name under which somebody was logged in, `what` what kind of file it
    is, `file` its name without folder, `sha256` of its bytes, `audience` for whom it was made,
    `recipient` who was to get it as the user says, `note` such as the threshold of counts.
    `number` counts from 1; `former` is the hash of the line before ("" for the first).
    """

    at: datetime
    who: str
    what: str
    file: str
    sha256: str
    audience: str
    recipient: str = ""
    note: str = ""
    number: int = 0
    former: str = ""

    def hash(self) -> str:
        """SHA-256 of all that this line says, with the hash of the line before."""
        said = [
            self.number,
            self.at.astimezone(UTC).isoformat(timespec="seconds"),
            self.who,
            self.what,
            self.file,
            self.sha256,
            self.audience,
            self.recipient,
            self.note,
            self.former,
        ]
        return hashlib.sha256(json.dumps(said, ensure_ascii=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class ExportLog:
    """Lines in the order in which they were written, and the hash of the last.

    `head` is kept beside the lines, so that it shows when the last of them are gone.
    """

    lines: tuple[Export, ...] = ()
    head: str = ""
    count: int = 0

    def with_line(self, line: Export) -> ExportLog:
        """The log with one more line, which follows the last one that was ever written."""
        if line.at.tzinfo is None:
            raise ValueError("a line needs a time zone")
        at = line.at.astimezone(UTC).replace(microsecond=0)
        added = replace(line, at=at, number=self.count + 1, former=self.head)
        return ExportLog((*self.lines, added), added.hash(), added.number)

    def joined(self, other: ExportLog) -> ExportLog:
        """This log with the lines of another that it lacks; the other where that lacks none.

        Two programs may add lines to the log of one project, and none of them may be lost. Where
        lines have to follow others than before, they are numbered and chained anew.
        """
        mine, others = (Counter(map(_said, log.lines)) for log in (self, other))
        if mine <= others:
            return other
        joined, missing = self, others - mine
        for line in other.lines:
            if missing[_said(line)]:
                missing[_said(line)] -= 1
                joined = joined.with_line(line)
        return joined

    def problems(self) -> tuple[str, ...]:
        """What does not fit, in plain words; nothing for a log that is as it was written."""
        return tuple(self._found())

    def _found(self) -> Iterator[str]:
        number, known = 0, ""
        for line in self.lines:
            gone = line.number - number - 1
            if gone > 0:
                yield f"{_lines(gone)} before line {line.number} {_is(gone)} missing."
            elif gone < 0:
                yield f"Line {line.number} comes twice or out of order."
            elif line.former != known:
                yield f"Line {number or line.number} was changed after it was written."
            number, known = line.number, line.hash()
        gone = self.count - number
        if gone > 0:
            yield f"{_lines(gone)} at the end {_is(gone)} missing."
        elif known != self.head:
            yield f"Line {number} was changed after it was written."


def _said(line: Export) -> Export:
    """What a line says, wherever in a log it stands."""
    return replace(line, number=0, former="")


def _lines(count: int) -> str:
    return "1 line" if count == 1 else f"{count:,} lines"


def _is(count: int) -> str:
    return "is" if count == 1 else "are"
