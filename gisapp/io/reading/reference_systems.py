"""Coordinate reference systems: named, suggested where unknown, and turned into degrees.

Transformations are those of PROJ for the two systems, with their shift of datum; where PROJ knows
no more than a rough one, that is said.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gisapp.errors import CrsError

if TYPE_CHECKING:
    from pyproj import CRS, Transformer

WGS84 = "EPSG:4326"

#: Grids that cities of this field publish in, to be suggested where coordinates fit them.
_COMMON = (
    4326, 27700, 3735, 3734, 2263, 2926, 2285, 3435, 2229, 2227, 2230, 2223, 2272, 2249, 2248,
    2232, 2236, 2277, 2278, 2240, 2264, 2269, 3005, 26915, 26916, 26910, 26917, 26918, 2157, 2154,
    25832, 25833, 28992, 31370, 2056, 3006, 28356, 7856, 3857,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reference system that the coordinates could be in: `EPSG:27700`, and its name."""

    code: str
    name: str


@lru_cache(maxsize=64)
def known(text: str) -> CRS:
    """The reference system that a code or WKT means; CrsError if there is none."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    wanted = f"EPSG:{text.strip()}" if text.strip().isdigit() else text.strip()
    try:
        crs = CRS.from_user_input(wanted)
    except CRSError as error:
        raise CrsError(
            f"“{text[:60]}” is not a coordinate reference system.",
            "Write its code, such as --crs EPSG:27700.",
        ) from error
    if not (crs.is_geographic or crs.is_projected or crs.is_compound or crs.is_bound):
        raise CrsError(
            f"“{crs.name}” is tied to no place on the Earth.", "Name another system with --crs."
        )
    return crs


def label(text: str) -> str:
    """A short name to show and keep: the code where the system has one, otherwise its name."""
    if text == WGS84:
        return text
    crs = known(text)
    authority = crs.to_authority(min_confidence=70)
    return ":".join(authority) if authority else crs.name


def is_degrees(text: str) -> bool:
    """Whether coordinates are longitude and latitude, of whatever datum."""
    return text == WGS84 or bool(known(text).is_geographic)


@lru_cache(maxsize=64)
def _transformer(text: str) -> tuple[Transformer, bool]:
    """To EPSG:4326, and whether only a rough way is known that ignores the datum."""
    from pyproj import Transformer
    from pyproj.exceptions import ProjError

    crs = known(text)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return Transformer.from_crs(crs, 4326, always_xy=True, allow_ballpark=False), False
        except ProjError:
            return _rough_transformer(crs), True


def _rough_transformer(crs: CRS) -> Transformer:
    from pyproj import Transformer
    from pyproj.exceptions import ProjError

    try:
        return Transformer.from_crs(crs, 4326, always_xy=True)
    except ProjError as error:
        raise CrsError(
            f"Nothing is known of how “{crs.name}” lies on the Earth.",
            "Name the right system with --crs.",
        ) from error


def trouble(text: str) -> CrsError | None:
    """What is wrong with a reference system, or None if coordinates in it can be placed."""
    try:
        if text != WGS84:
            _transformer(text)
    except CrsError as error:
        return error
    return None


def is_rough(text: str) -> bool:
    """Whether the datum of the system is unknown, so that places may be off by some 200 m."""
    return text != WGS84 and _transformer(text)[1]


def to_degrees(
    text: str, x: NDArray[np.float64], y: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Longitude and latitude (EPSG:4326) of coordinates, x first; NaN where there is none."""
    if text == WGS84:
        return x, y
    lon, lat = _transformer(text)[0].transform(x, y)
    lon, lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    bad = ~(np.isfinite(lon) & np.isfinite(lat))
    lon[bad] = lat[bad] = np.nan
    return lon, lat


def candidates(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[Candidate, ...]:
    """Common systems in whose area of use nearly all of these coordinates would lie."""
    good = np.isfinite(x) & np.isfinite(y) & ((x != 0) | (y != 0))
    xs, ys = x[good][:500], y[good][:500]
    # Plain grids count from nought; nobody publishes a city a few hundred metres from an origin.
    small = bool(len(xs)) and max(np.median(np.abs(xs)), np.median(np.abs(ys))) < 1000
    found = []
    for code in _COMMON if len(xs) else ():
        area = known(f"EPSG:{code}").area_of_use
        if small and code != 4326:
            break
        if area is None or area.west > area.east:
            continue
        lon, lat = to_degrees(f"EPSG:{code}", xs.copy(), ys.copy())
        inside = (lon >= area.west) & (lon <= area.east)
        inside &= (lat >= area.south) & (lat <= area.north)
        if inside.mean() >= 0.95:
            found.append(Candidate(f"EPSG:{code}", known(f"EPSG:{code}").name))
    return tuple(found)


def _shown(value: np.floating) -> str:
    return f"{value:,.0f}" if 1000 <= abs(value) < 1e12 else f"{value:.6g}"


def unknown_system(what: str, x: NDArray[np.float64], y: NDArray[np.float64]) -> CrsError:
    """The error that asks for the system, with those that would fit."""
    fits = candidates(x, y)
    good = np.isfinite(x) & np.isfinite(y)
    around = ""
    if good.any():
        around = f" (around {_shown(np.median(x[good]))}, {_shown(np.median(y[good]))})"
    shown = "; ".join(f"--crs {fit.code} ({fit.name})" for fit in fits[:5])
    hint = f"Name it with --crs. These would fit: {shown}." if fits else "Name it with --crs."
    return CrsError(f"{what} does not say what its coordinates{around} are measured in.", hint)
