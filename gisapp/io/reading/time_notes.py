"""What is to be said of how the times of a file were read: the same words for every kind of file.

Times of a folder are read in pieces; what is noted of each adds up (`TimesRead`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: Bits of what a time that could be read is: with its offset from UTC, never shown by clocks,
#: shown by them twice, and without any time of day.
KNOWN, WITH_OFFSET, SKIPPED, TWICE, MIDNIGHT = 1, 2, 4, 8, 16

DAYS_ONLY = "Times give only the day: midnight stands for it."
MOSTLY_MIDNIGHT = "Most times are midnight: the hour is known for a few only."


def skipped_note(count: int) -> str:
    """What to say of so many times that clocks never show; empty for none."""
    said = "in an hour that the clocks skipped; read as the moment they went forward."
    return f"{_times_lie(count)} {said}" if count else ""


def twice_note(count: int) -> str:
    """What to say of so many times that clocks show twice; empty for none."""
    said = "in an hour that the clocks gave twice; read as the first of the two."
    return f"{_times_lie(count)} {said}" if count else ""


def _times_lie(count: int) -> str:
    return "1 time lies" if count == 1 else f"{count:,} times lie"


def offset_note(carrying: int, known: int, zone_note: str) -> str:
    """What to say of the offsets from UTC that so many of the times that are known carry.

    `zone_note` is the zone of the others, as the end of a sentence.
    """
    if not carrying:
        return f"Times carry no zone: read as {zone_note}."
    if carrying == known:
        return f"Times carry their offset from UTC: shown as {zone_note}."
    carry = "carries its" if carrying == 1 else "carry their"
    others = "the other is" if known - carrying == 1 else "the others are"
    return f"{carrying:,} of {known:,} times {carry} offset from UTC; {others} read as {zone_note}."


@dataclass(frozen=True, slots=True)
class TimesRead:
    """How many times could be read, and how many of these are what; all of them add up.

    `skipped`, `twice` and `midnights` are counted among those without an offset.
    """

    known: int = 0
    with_offset: int = 0
    skipped: int = 0
    twice: int = 0
    midnights: int = 0

    @classmethod
    def of(cls, ways: NDArray[np.uint8]) -> TimesRead:
        """Of rows as the bits above tell them, 0 where a row has no time that can be read."""
        counts = np.bincount(ways, minlength=2 * MIDNIGHT)
        numbers = np.arange(len(counts))
        bits = (KNOWN, WITH_OFFSET, SKIPPED, TWICE, MIDNIGHT)
        return cls(*(int(counts[numbers & bit > 0].sum()) for bit in bits))

    def __add__(self, other: TimesRead) -> TimesRead:
        return TimesRead(
            self.known + other.known,
            self.with_offset + other.with_offset,
            self.skipped + other.skipped,
            self.twice + other.twice,
            self.midnights + other.midnights,
        )

    def notes(self, zone_note: str, least: int = 1) -> list[str]:
        """What is to be said, in sentences; no count below `least` can be worked out from it."""
        if not self.known:
            return []
        notes = []
        if not self.with_offset and self.midnights == self.known:
            notes.append(DAYS_ONLY)
        elif not self.with_offset and 2 * self.midnights > self.known:
            notes.append(MOSTLY_MIDNIGHT)
        notes += [skipped_note(self.skipped)] if self.skipped >= least else []
        notes += [twice_note(self.twice)] if self.twice >= least else []
        if least > 1 and 0 < self.with_offset < self.known:
            # All that are known, less all that are counted, are those without a time.
            said = f"Some times carry their offset from UTC; the others are read as {zone_note}."
            return [*filter(None, notes), said]
        return [*filter(None, notes), offset_note(self.with_offset, self.known, zone_note)]
