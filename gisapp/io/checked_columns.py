"""What applies at many rows as columns of a table; each text that rows may hold is made once."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from gisapp.analysis.look_ups.checked_rows import CheckedRows
from gisapp.analysis.look_ups.help_near import CALL_FIRST
from gisapp.layers.audience import Audience

#: Columns with the agreement's own words.
OWN = ("suspended_other", "units_bound", "units_not_bound", "agreement_contact")
#: The columns: the zones that hold there and then, what they say, and the nearest service.
COLUMNS = (
    "zones",
    "suspended",
    "exceptions",
    "not_settled",
    "nearest_service",
    "distance_m",
    "service_hours",
    "referral_contact",
    *OWN,
)
#: Names and types: metres for the distance, texts for all else.
FIELDS = tuple(
    pa.field(name, pa.float64() if name == "distance_m" else pa.string()) for name in COLUMNS
)


#: What is said of a service that is nearest: whether it is known to be open.
OPEN, UNKNOWN = "open", CALL_FIRST


def rows_are_for(audience: Audience) -> str:
    """Whom a file of rows is for. Nobody but who gave the rows knows what each of them is."""
    if audience is Audience.POLICE:
        return "It holds rows one by one: for police analysts only."
    whom = "everybody" if audience is Audience.PUBLIC else audience.within
    return (
        f"It holds rows one by one, with what {whom} may know of zones and services. Hand it on "
        "only where no row is of something that happened to a person, such as a stop, an overdose "
        "or a referral: of those give counts."
    )


class CheckedColumns:
    """The texts of what was found. `cell` makes each of them fit for the kind of file."""

    def __init__(self, found: CheckedRows, cell: Callable[[str], str] = str) -> None:
        sets, services = found.sets, found.nearest.services
        self._found = found
        self._there = {
            name: _array(cell(getattr(one, name)) for one in sets)
            for name in ("zones", "suspended", "exceptions", "not_settled", *OWN)
        }
        self._services = _array(cell(one.name) for one in services)
        self._contacts = _array(cell(one.contact) for one in services)
        self._hours = _array((OPEN, UNKNOWN))

    def of(self, rows: slice, known: NDArray[np.bool_]) -> dict[str, pa.Array]:
        """`COLUMNS` by name, in their order, of some rows; null where it is not `known` (bool)."""
        near = self._found.nearest
        zones = _numbers(self._found.which[rows], known)
        nearest, metres = near.which[rows], near.distance_m[rows].round(1)
        served = known & (nearest >= 0)
        service = _numbers(nearest, served)
        columns = {name: texts.take(zones) for name, texts in self._there.items()} | {
            "nearest_service": self._services.take(service),
            "distance_m": pa.array(metres, mask=~(known & np.isfinite(metres))),
            "service_hours": self._hours.take(_numbers(near.unsure[rows].astype(np.int64), served)),
            "referral_contact": self._contacts.take(service),
        }
        return {name: columns[name] for name in COLUMNS}


def _array(texts: Iterable[str]) -> pa.Array:
    return pa.array(list(texts), pa.string())


def _numbers(values: NDArray[np.int64], known: NDArray[np.bool_]) -> pa.Array:
    return pa.array(values, mask=~known)
