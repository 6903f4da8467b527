"""What counting events in zones comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum


class Place(IntEnum):
    """Where an event fell. `NO_TIME`: near a dated zone, but nobody knows when."""

    OUTSIDE = 0
    RING = 1
    INSIDE = 2
    NO_TIME = 3


@dataclass(frozen=True, slots=True)
class Counts:
    """How many events fell where; `inside + ring + outside + no_time` is their `total`.

    `by_zone` counts the events inside each zone (by zone id, zones without events too). Zones
    that overlap share events, so its sum can be more than `inside`; `shared` names the zones
    that share at least one.
    """

    inside: int
    ring: int
    outside: int
    no_time: int
    by_zone: Mapping[str, int] = field(default_factory=dict)
    shared: frozenset[str] = frozenset()

    @property
    def total(self) -> int:
        return self.inside + self.ring + self.outside + self.no_time

    def __add__(self, other: Counts) -> Counts:
        """The counts of both together, where they are of different events and the same zones."""
        zones = dict.fromkeys((*self.by_zone, *other.by_zone))
        return Counts(
            inside=self.inside + other.inside,
            ring=self.ring + other.ring,
            outside=self.outside + other.outside,
            no_time=self.no_time + other.no_time,
            by_zone={key: self.by_zone.get(key, 0) + other.by_zone.get(key, 0) for key in zones},
            shared=self.shared | other.shared,
        )
