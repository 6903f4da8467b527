"""Times on the clocks of a place: those that never come, and those that come twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class ClockTime:
    """The moment that is meant by a time (`local`, without a zone) on the clocks of a place.

    `skipped` is true where they never show it, going forward: `at` is then the moment at which
    they do. `again` is the second moment where they show it twice, going back.
    """

    local: datetime
    at: datetime
    skipped: bool = False
    again: datetime | None = None

    @property
    def gap_in_words(self) -> str:
        """That the time never comes; empty where it does."""
        if not self.skipped:
            return ""
        return f"There is no {self.local:%H:%M} {self._day}, for clocks go forward"

    def in_words(self, *, second: bool = False) -> str:
        """How the time was read: the first of two, unless the `second`; empty where that is plain.

        The same words wherever a time is asked for.
        """
        if self.skipped:
            return f"{self.gap_in_words}: the moment they do was taken, {self.at.isoformat()}."
        if self.again is None:
            return ""
        which, other, then = "first", "second", self.again
        if second:
            which, other, then = other, which, self.at
        return (
            f"{self.local:%H:%M} comes twice {self._day}, for clocks go back: the {which} of the "
            f"two was taken. The {other} is {then.isoformat()}."
        )

    @property
    def _day(self) -> str:
        return f"on {self.local:%Y-%m-%d} in {self.at.tzinfo}"


def clock_time(local: datetime, zone: ZoneInfo) -> ClockTime:
    """The moment of a time without a zone on the clocks of one, as in a file of times."""
    first, second = local.replace(tzinfo=zone, fold=0), local.replace(tzinfo=zone, fold=1)
    if first.utcoffset() == second.utcoffset():
        return ClockTime(local, first)
    shown = first.astimezone(UTC).astimezone(zone)
    if shown.replace(tzinfo=None) != local.replace(fold=0):
        return ClockTime(local, _forward(local, zone), skipped=True)
    return ClockTime(local, first, again=second)


def _forward(local: datetime, zone: ZoneInfo) -> datetime:
    """The moment at which clocks go forward over a time that they leave out."""
    # As told by what holds after the change it lies before that, and the other way round.
    whole = local.replace(microsecond=0, tzinfo=zone)
    before, after = (whole.replace(fold=fold).astimezone(UTC) for fold in (1, 0))
    offset = before.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + (after - before) // (2 * _SECOND) * _SECOND
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after.astimezone(zone)
