"""The scene of an event as a zone: from an incident's place and time on, until a set time after.

A scene tells where and when something happened to somebody. So only police see it unless a
person says otherwise, and its name holds no number of a case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gisapp.errors import DataError, EditError
from gisapp.layers import geodesy
from gisapp.layers.layer import Layer, Points
from gisapp.layers.vocabulary import Basis, MeasuredFrom, Visibility
from gisapp.layers.zone import Zone
from gisapp.layers.zoning import different

_LASTING = re.compile(r"\s*([0-9]+(?:[.,][0-9]+)?)\s*(min|minutes?|h|hours?|d|days?)\s*")
_LONGEST = timedelta(days=366)


def parse_lasting(text: str) -> timedelta:
    """How long a scene holds: `45 min`, `6 h`, `2 days`. DataError for anything else."""
    match = _LASTING.fullmatch(text.casefold())
    if match is None:
        raise DataError(
            f"“{text.strip()}” is not a span of time.", "Write it such as 45 min, 6 h or 2 days."
        )
    number = float(match[1].replace(",", "."))
    hours = number * {"m": 1 / 60, "h": 1.0, "d": 24.0}[match[2][0]]
    if not 0 < hours <= _LONGEST / timedelta(hours=1):
        raise DataError(
            "A scene lasts longer than no time and at most a year.", "Write it such as 6 h."
        )
    return timedelta(hours=hours)


def scenes(
    layer: Layer,
    radius_m: float,
    lasting: timedelta,
    basis_text: str,
    *,
    rows: NDArray[np.int64],
    radius_text: str = "",
    agreement_id: str | None = None,
    taken: Iterable[str] = (),
) -> tuple[Zone, ...]:
    """One scene for each row that has a time, in their order; rows without one give none.

    EditError without a basis in words, and for a layer that holds no points or no times.
    """
    if not basis_text.strip():
        raise EditError(
            "The radius and the span of a scene need their basis: who settled on them, and how.",
            "Write for instance “section 4 of the act of 4 May 2017”.",
        )
    times = layer.column("time")
    if not isinstance(layer.geometry, Points) or not layer.has_times or times is None:
        raise EditError(
            f"“{layer.name}” holds no places with times, and a scene begins at an incident.",
            "Choose a layer of incidents, and its time column on import.",
        )
    known = [(int(row), times[int(row)].as_py()) for row in rows]
    dated = [(row, at) for row, at in known if at is not None]
    at_rows = np.array([row for row, _ in dated], dtype=np.int64)
    lon, lat = layer.geometry.lon[at_rows], layer.geometry.lat[at_rows]
    discs = geodesy.circles(lon, lat, radius_m)
    names = different([_named(at) for _, at in dated], taken)
    return tuple(
        scene_at(
            name,
            float(x),
            float(y),
            radius_m,
            at,
            lasting,
            basis_text,
            radius_text=radius_text,
            agreement_id=agreement_id,
            disc=disc,
        )
        for (_, at), disc, x, y, name in zip(dated, discs, lon, lat, names, strict=True)
    )


def scene_at(
    name: str,
    lon: float,
    lat: float,
    radius_m: float,
    starts_at: datetime,
    lasting: timedelta,
    basis_text: str,
    *,
    radius_text: str = "",
    agreement_id: str | None = None,
    disc: BaseGeometry | None = None,
) -> Zone:
    """The scene of one event round a place in degrees, from a moment (with a zone) on.

    `lasting` is time that passes, whatever clocks are put to meanwhile. `disc` is the circle of
    `radius_m` where it is at hand.
    """
    return Zone(
        name=name,
        shape=disc if disc is not None else geodesy.circle(lon, lat, radius_m),
        basis=Basis.EVENT_SCENE,
        basis_text=basis_text.strip(),
        centre=(lon, lat),
        radius_m=radius_m,
        radius_text=radius_text or geodesy.in_words(radius_m),
        measured_from=MeasuredFrom.POINT,
        starts_at=starts_at,
        ends_at=_after(starts_at, lasting),
        visibility=Visibility.POLICE_ONLY,
        agreement_id=agreement_id,
    )


def _after(at: datetime, lasting: timedelta) -> datetime:
    # Adding to a local time moves the hands of the clock, and not the time that passes.
    return (at.astimezone(UTC) + lasting).astimezone(at.tzinfo)


def _named(at: datetime) -> str:
    return f"Scene of {at.day} {at:%B %Y, %H:%M}"
