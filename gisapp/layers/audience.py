"""Who looks, and what they may see: one place decides for map, table, legend and file."""

from __future__ import annotations

from enum import IntEnum, StrEnum

from gisapp.layers.vocabulary import LayerKind, Visibility


class Audience(StrEnum):
    """In front of whom a map or file is opened."""

    PUBLIC = "public"
    PARTNERS = "partners"
    POLICE = "police"
    PATROL = "patrol"

    @property
    def label(self) -> str:
        return {
            Audience.PUBLIC: "Public",
            Audience.PARTNERS: "Partners",
            Audience.POLICE: "Police analysts",
            Audience.PATROL: "Patrol systems",
        }[self]

    @property
    def within(self) -> str:
        """Who they are within a sentence: `the public`, `police analysts`."""
        return "the public" if self is Audience.PUBLIC else self.label.lower()

    @property
    def sees(self) -> str:
        """`the public sees`, `partners see`: how a sentence begins that says what is seen."""
        return f"{self.within} {'sees' if self is Audience.PUBLIC else 'see'}"


class Sensitivity(IntEnum):
    """How far a layer may travel; higher is narrower."""

    PUBLIC = 0
    PARTNER = 1
    RESTRICTED = 2

    @property
    def label(self) -> str:
        return {
            Sensitivity.PUBLIC: "Public",
            Sensitivity.PARTNER: "Partners",
            Sensitivity.RESTRICTED: "Restricted",
        }[self]


class Showing(StrEnum):
    """How a layer appears to an audience."""

    EACH = "each feature"
    COUNTS = "counts per cell"
    SUPPRESSED = "counts per cell, small counts left out"
    NOTHING = "nothing"


#: Layers whose rows are events in somebody's life: never exported one by one.
EVENT_KINDS = frozenset({LayerKind.OVERDOSES, LayerKind.STOPS, LayerKind.REFERRALS})

#: Counts from 1 up to one below this are not shown. 11 is the rule of the US Centers for
#: Medicare & Medicaid Services (no cell of 1 to 10, nor anything it can be derived from).
SMALL_COUNT = 11

_REACH = {
    Audience.PUBLIC: Sensitivity.PUBLIC,
    Audience.PARTNERS: Sensitivity.PARTNER,
    Audience.POLICE: Sensitivity.RESTRICTED,
    Audience.PATROL: Sensitivity.PARTNER,
}


def showing(
    kind: LayerKind, sensitivity: Sensitivity, audience: Audience, *, exported: bool
) -> Showing:
    """Decide how a layer appears to an audience, on screen or in something that leaves.

    Events (overdoses, stops, referrals) are shown one by one only to police analysts and
    only on screen; a file or print holds counts per cell at most, whoever it is for. Other
    audiences see counts with small ones left out, and patrol systems none at all.
    """
    if kind in EVENT_KINDS:
        if audience is Audience.PATROL:
            return Showing.NOTHING
        if audience is Audience.POLICE:
            return Showing.COUNTS if exported else Showing.EACH
        return Showing.SUPPRESSED
    if kind is LayerKind.DEPLOYMENTS and audience in (Audience.PUBLIC, Audience.PARTNERS):
        return Showing.NOTHING
    if sensitivity <= _REACH[audience]:
        return Showing.EACH
    return Showing.NOTHING


def threshold(audience: Audience) -> int:
    """The smallest non-zero count this audience may see."""
    return 1 if audience is Audience.POLICE else SMALL_COUNT


def suppressed(count: int, audience: Audience) -> int | None:
    """The count, or None where it is too small for this audience; 0 may be shown."""
    return count if count == 0 or count >= threshold(audience) else None


def shown_count(count: int | None, audience: Audience) -> str:
    """A count as text; a suppressed one is `<11`, never a blank that reads as zero."""
    return f"<{threshold(audience)}" if count is None else f"{count:,}"


def sees_confidential(audience: Audience, *, exported: bool) -> bool:
    """Whether an audience sees what is confidential: police analysts do, and only on screen."""
    return audience is Audience.POLICE and not exported


def sees_zone(visibility: Visibility, audience: Audience, *, exported: bool) -> bool:
    """Whether an audience sees a zone (or agreement) of this visibility, on screen or in a file."""
    if visibility is Visibility.PUBLIC:
        return True
    if visibility is Visibility.PARTNERS:
        return audience is not Audience.PUBLIC
    if visibility is Visibility.POLICE_ONLY:
        return audience in (Audience.POLICE, Audience.PATROL)
    return sees_confidential(audience, exported=exported)
