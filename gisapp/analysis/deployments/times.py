"""When zones hold during deployments, minute by minute, and under which version of their terms."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from gisapp.layers.agreement import Agreement
from gisapp.layers.moments import Moments
from gisapp.layers.project import Project
from gisapp.layers.zone import Zone

MINUTE_US = 60_000_000
#: Minutes of the stretches for which it is worked out when an agreement is in force.
_STRETCH = 28 * 1440
#: Versions of an agreement, and (versions, minutes) at which minutes a zone holds under each.
Held = tuple[tuple[Agreement, ...], NDArray[np.bool_]]
#: A moment from which on, and one before which; both in UTC.
Spell = tuple[datetime, datetime]


class Timelines:
    """When zones hold, worked out once for each stretch of days.

    A stretch serves all deployments in it and all zones that hold at the same times, so that many
    long deployments cost no more than the time that they cover together.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._stretches: dict[tuple[Hashable, int], Held] = {}

    def held(self, zone: Zone, start: np.datetime64, end: np.datetime64) -> Held | None:
        """At which minutes from start to end (UTC) a zone holds; None if at none of them."""
        if self._project.agreement_of(zone) is None:
            return None
        first = int(start.astype(np.int64)) // MINUTE_US
        count = -(-int((end - start).astype(np.int64)) // MINUTE_US)
        versions, held = self._minutes(zone, first, first + count)
        ever = np.flatnonzero(held.any(axis=1))
        if not len(ever):
            return None
        return tuple(versions[number] for number in ever), held[ever]

    def _minutes(self, zone: Zone, first: int, end: int) -> Held:
        """Versions, and (versions, minutes) whether each holds from one minute to before another.

        Minutes are counted since 1970.
        """
        numbers = range(first // _STRETCH, (end - 1) // _STRETCH + 1)
        parts = [self._stretch(zone, number) for number in numbers]
        whole = np.concatenate([held for _, held in parts], axis=1)
        from_ = first - numbers[0] * _STRETCH
        return parts[0][0], whole[:, from_ : from_ + end - first]

    def _stretch(self, zone: Zone, number: int) -> Held:
        key = (self._project.hold_key(zone), number)
        if key not in self._stretches:
            minutes = np.arange(number * _STRETCH, (number + 1) * _STRETCH) * MINUTE_US
            under = self._project.held_under(zone, Moments.of(minutes.view("datetime64[us]")))
            versions = tuple(version for version, _ in under)
            self._stretches[key] = versions, np.array([held for _, held in under])
        return self._stretches[key]


def spells_of(
    minutes: NDArray[np.bool_], start: np.datetime64, end: np.datetime64
) -> tuple[Spell, ...]:
    """The stretches of minutes that are true, as moments between start and end."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], minutes, [False]]).astype(np.int8)))
    step = np.timedelta64(MINUTE_US, "us")
    return tuple(
        (moment(start + begin * step), moment(min(start + stop * step, end)))
        for begin, stop in edges.reshape(-1, 2)
    )


def moment(at: np.datetime64) -> datetime:
    """A datetime64 in UTC as a moment with its zone."""
    naive: datetime = at.astype("datetime64[us]").item()
    return naive.replace(tzinfo=UTC)
