"""What was agreed: what is suspended, for whom, on which conditions, and what follows.

An agreement has terms for all its zones; a zone may have terms of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from gisapp.layers.schedule import Calendar, Hours
from gisapp.layers.vocabulary import Activity, Exemption, Seized, Transit


@dataclass(frozen=True, slots=True)
class Offence:
    """A provision of law, and whether the agreement reaches it; supply is always said."""

    reference: str
    included: bool = True


@dataclass(frozen=True, slots=True)
class Threshold:
    """Up to how much of a substance counts as personal; `cumulative` is over all substances."""

    substance: str
    amount: float
    unit: str = "g"
    cumulative: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms that hold in a zone; every name is that of the same term of an agreement."""

    suspended: tuple[Activity, ...] = ()
    suspended_other: str = ""
    offences: tuple[Offence, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    persons: str = ""
    min_age: int | None = None
    dependence_required: bool = False
    registered_clients_only: bool = False
    staff_and_peers_covered: bool = False
    covers_transit: Transit | None = None
    exceptions: tuple[Exemption, ...] = ()
    exceptions_other: str = ""
    units_bound: str = ""
    units_not_bound: str = ""
    if_seized: Seized | None = None
    recording: str = ""
    referral_contact: str = ""
    hours: tuple[Hours, ...] = ()
    calendar: Calendar = field(default_factory=Calendar)
