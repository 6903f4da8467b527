"""Alternatives side by side, and what was settled where zones overlap."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from gisapp.layers.zone import Zone


@dataclass(frozen=True, slots=True, eq=False)
class Scenario:
    """Zones as they might be agreed, beside those of the project: `100 m`, `five-minute walk`."""

    name: str
    zones: Mapping[str, Zone]
    note: str = ""
    id: str = field(default_factory=lambda: uuid.uuid4().hex)


class OverlapRule(StrEnum):
    """What holds where zones of one sign overlap."""

    UNION = "union"
    LONGER_LIST = "longer_list"

    @property
    def label(self) -> str:
        return {
            OverlapRule.UNION: "Everything that either of them suspends",
            OverlapRule.LONGER_LIST: "The one that suspends more",
        }[self]


class Settled(StrEnum):
    """How a person settled the overlap of two zones of opposite sign."""

    NO_ENFORCEMENT_HOLDS = "no_enforcement_holds"
    OPPOSITE_HOLDS = "opposite_holds"

    @property
    def label(self) -> str:
        return {
            Settled.NO_ENFORCEMENT_HOLDS: "The zone without enforcement holds",
            Settled.OPPOSITE_HOLDS: "The other zone holds",
        }[self]


@dataclass(frozen=True, slots=True)
class Settlement:
    """A decision on the overlap of two zones (ids, sorted): what, who, when, why."""

    zone_ids: tuple[str, str]
    settled: Settled
    on: date
    who: str
    why: str = ""
