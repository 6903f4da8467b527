"""What is wrong or worth knowing about a project: one sentence, a place, perhaps a fix."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from shapely.geometry.base import BaseGeometry

from gisapp.layers.edits import Edit
from gisapp.layers.layer import Bounds
from gisapp.layers.zone import Zone


class Severity(IntEnum):
    """How much it matters; the gravest is the smallest, so that it is sorted first."""

    ERROR = 0
    WARNING = 1
    NOTE = 2

    @property
    def label(self) -> str:
        return ("Error", "Warning", "Note")[self]

    def counted(self, count: int) -> str:
        """`1 error`, `3 warnings`."""
        return f"{count:,} {self.label.lower()}{'s' if count != 1 else ''}"


class Code(StrEnum):
    """What kind of issue it is; programs know it by this word."""

    SELF_CROSSING = "self_crossing"
    ANTIMERIDIAN = "antimeridian"
    SLIVER = "sliver"
    HOLE = "hole"
    DUPLICATE = "duplicate_zone"
    OUTSIDE = "outside_jurisdiction"
    OPPOSITE_OVERLAP = "opposite_overlap"
    OVERLAP_TERMS = "overlap_of_terms"
    SITE_IN_NO_ZONE = "site_in_no_zone"
    SITE_CLOSED = "site_closed"
    SITE_GONE = "site_gone"
    SITE_PROHIBITED = "site_prohibited"
    NO_AGREEMENT = "no_agreement"
    UNSIGNED = "agreement_unsigned"
    EXPIRED = "agreement_expired"
    END_UNDATED = "end_without_day"
    REVIEW_OVERDUE = "review_overdue"
    NO_ZONES = "agreement_without_zones"
    NOTHING_SUSPENDED = "nothing_suspended"
    SUPPLY_UNSTATED = "supply_unstated"
    THRESHOLD_UNIT = "threshold_without_unit"
    SERVICE_HOURS = "service_hours_unknown"
    TIME_ZONES = "time_zones"
    NO_BASIS = "circle_without_basis"
    SCENE_OVER = "scene_over"
    NAME_TWICE = "name_twice"
    VISIBILITY = "visibility"
    BREACH = "breach_outside_hours"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Code.SELF_CROSSING: "Outline crosses itself",
    Code.ANTIMERIDIAN: "Across 180° of longitude",
    Code.SLIVER: "Slivers",
    Code.HOLE: "Holes",
    Code.DUPLICATE: "Zone drawn twice",
    Code.OUTSIDE: "Outside the jurisdiction",
    Code.OPPOSITE_OVERLAP: "Overlap of opposite zones",
    Code.OVERLAP_TERMS: "Overlap with other terms",
    Code.SITE_IN_NO_ZONE: "Services in no zone",
    Code.SITE_CLOSED: "Service has closed",
    Code.SITE_GONE: "Service is gone",
    Code.SITE_PROHIBITED: "Service where none may stand",
    Code.NO_AGREEMENT: "Under no agreement",
    Code.UNSIGNED: "Agreement not signed",
    Code.EXPIRED: "Agreement has ended",
    Code.END_UNDATED: "Ended on no known day",
    Code.REVIEW_OVERDUE: "Review is overdue",
    Code.NO_ZONES: "Agreement without zones",
    Code.NOTHING_SUSPENDED: "Suspends nothing",
    Code.SUPPLY_UNSTATED: "Supply is not mentioned",
    Code.THRESHOLD_UNIT: "Amount without unit",
    Code.SERVICE_HOURS: "Opening hours unknown",
    Code.TIME_ZONES: "Time zone",
    Code.NO_BASIS: "Circle without basis",
    Code.SCENE_OVER: "Scene is over",
    Code.NAME_TWICE: "Name used twice",
    Code.VISIBILITY: "Shown more widely than agreed",
    Code.BREACH: "Possible breach at another time",
}


@dataclass(frozen=True, slots=True, eq=False)
class Issue:
    """An issue in plain words, and what it is about.

    `places` (lon, lat) and `bounds` in degrees say where to look on the map; both are empty where
    it is about words alone. `fix` puts it right in one step that can be undone, and `fix_words`
    says what that step does.
    """

    severity: Severity
    code: Code
    message: str
    zone_ids: tuple[str, ...] = ()
    agreement_id: str | None = None
    layer_id: str | None = None
    rows: tuple[int, ...] = ()
    places: tuple[tuple[float, float], ...] = ()
    bounds: Bounds | None = None
    fix: Edit | None = None
    fix_words: str = ""
    settled: bool = False
    breach_id: str | None = None

    @classmethod
    def of_zone(
        cls,
        zone: Zone,
        severity: Severity,
        code: Code,
        message: str,
        *,
        fix: Edit | None = None,
        fix_words: str = "",
        breach_id: str | None = None,
    ) -> Issue:
        """An issue of one zone, which says which it is and where to look."""
        return cls(
            severity,
            code,
            message,
            zone_ids=(zone.id,),
            places=(middle_of(zone.shape),),
            bounds=zone.shape.bounds,
            fix=fix,
            fix_words=fix_words,
            breach_id=breach_id,
        )

    @property
    def key(self) -> tuple[object, ...]:
        """What tells it from other issues, the same after each look."""
        return (
            self.code,
            self.zone_ids,
            self.agreement_id,
            self.layer_id,
            self.breach_id,
            self.message if self.code is Code.TIME_ZONES else "",
        )


def middle_of(shape: BaseGeometry) -> tuple[float, float]:
    """The middle of the box round a shape, in degrees."""
    west, south, east, north = shape.bounds
    return (west + east) / 2, (south + north) / 2


def named(names: list[str], most: int = 3) -> str:
    """`“A”, “B” and 2 more`: the first names of a list."""
    shown = [f"“{name}”" for name in names[:most]]
    left = len(names) - len(shown)
    if left:
        return f"{', '.join(shown)} and {left:,} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else shown[0]
