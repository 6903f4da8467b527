"""The time zone in which places lie, and whether they lie on land at all."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

_SAMPLE = 200
_MONTH_FIRST = ("America/", "US/", "Pacific/Honolulu")


def _names(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> list[str]:
    """Names of time zones for some of the points, evenly chosen."""
    import tzfpy

    good = np.isfinite(lon) & np.isfinite(lat) & (np.abs(lat) <= 90) & (np.abs(lon) <= 180)
    good &= (lon != 0) | (lat != 0)
    rows = np.flatnonzero(good)
    rows = rows[:: max(len(rows) // _SAMPLE, 1)]
    return [tzfpy.get_tz(float(lon[row]), float(lat[row])) for row in rows]


def unfold() -> None:
    """Have the map of time zones ready; else the first look-up does it, and takes longer."""
    _names(np.array([-0.1]), np.array([51.5]))


def timezone_of(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> str | None:
    """The IANA time zone in which most of the points lie; None for open sea and no points."""
    names = Counter(name for name in _names(lon, lat) if name and not name.startswith("Etc/"))
    return names.most_common(1)[0][0] if names else None


def writes_day_first(timezone: str | None) -> bool:
    """Whether people there write 3 April as 3/4."""
    return not (timezone or "").startswith(_MONTH_FIRST)


def look_swapped(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> bool:
    """Whether nearly all points lie in open sea or Antarctica, but on land if turned round."""
    here = _names(lon, lat)
    if not here or sum(map(_inhabited, here)) > 0.1 * len(here):
        return False
    there = _names(lat, lon)
    return len(there) >= 0.9 * len(here) and sum(map(_inhabited, there)) >= 0.9 * len(there)


def _inhabited(name: str) -> bool:
    return bool(name) and not name.startswith(("Etc/", "Antarctica/"))
