"""Possible breaches of an agreement, as they were told: for review, never for blame of a person."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from gisapp.errors import EditError
from gisapp.layers.vocabulary import Activity, BreachSource


@dataclass(frozen=True, slots=True)
class Breach:
    """What an officer did in a zone though it was suspended there, as somebody told.

    `at` is a moment with a zone. `unit` is a unit, not an officer. Whoever told is known by
    the kind of source alone.
    """

    zone_id: str
    at: datetime
    source: BreachSource
    activity: Activity
    unit: str = ""
    outcome: str = ""
    id: str = field(default_factory=lambda: uuid.uuid4().hex)

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise EditError("The moment of a possible breach needs a time zone.")
