"""The nearest service for each of many places, each at its own moment: for files of millions."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gisapp.analysis.look_ups.nearest_places import nearest_places
from gisapp.analysis.look_ups.service_list import Service, ServiceList, services_of
from gisapp.analysis.points.distinct_numbers import distinct
from gisapp.layers import geodesy
from gisapp.layers.audience import Audience
from gisapp.layers.moments import Moments
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import ServiceType


@dataclass(frozen=True, slots=True, eq=False)
class NearestMany:
    """For each of many places the number (int64) of one of `services`; -1 where there is none.

    `distance_m` (float64) is NaN where there is none. `unsure` (bool) says where nobody knows
    whether that service is open then.
    """

    services: tuple[Service, ...]
    which: NDArray[np.int64]
    distance_m: NDArray[np.float64]
    unsure: NDArray[np.bool_]


def nearest_many(
    project: Project,
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    at: NDArray[np.datetime64],
    *,
    kinds: Collection[ServiceType] | None = None,
    audience: Audience,
    exported: bool = True,
) -> NearestMany:
    """The nearest service open then, for each place (degrees) at its moment (datetime64[us], UTC).

    Where none is known to be open it is the nearest of unknown hours; where no moment is known
    (NaT) hours are unknown for all. Distances are right to the centimetre.
    """
    known = services_of(project, audience, exported=exported)
    wanted = known.of_kinds(None if kinds is None else frozenset(kinds))
    which = np.full(len(lon), -1, dtype=np.int64)
    away = np.full(len(lon), np.nan)
    unsure = np.zeros(len(lon), dtype=bool)
    for rows, numbers, hours_known in _groups(known, wanted, at):
        if not len(numbers):
            continue
        near, metres = _nearest(lon[rows], lat[rows], known.lon[numbers], known.lat[numbers])
        which[rows], away[rows], unsure[rows] = numbers[near], metres, not hours_known
    return NearestMany(known.services, which, away, unsure)


def _groups(
    known: ServiceList, wanted: NDArray[np.int64], at: NDArray[np.datetime64]
) -> list[tuple[NDArray[np.int64], NDArray[np.int64], bool]]:
    """Rows for which the same services are to be offered: rows, services, and if hours are known.

    Services have few patterns of hours between them, so there are few groups however many rows.
    """
    openings = [known.services[number].opening for number in wanted.tolist()]
    patterns = list(dict.fromkeys(one for one in openings if one is not None))
    of_pattern = np.array(
        [-1 if one is None else patterns.index(one) for one in openings], dtype=np.int64
    )
    timed = np.flatnonzero(~np.isnat(at))
    # Hours change at whole minutes: each minute that occurs is looked at once.
    minutes, minute_of = distinct(at[timed].astype("datetime64[m]").astype(np.int64))
    moments = Moments.of(minutes.astype("datetime64[m]").astype("datetime64[us]"))
    state_of = np.zeros(len(minutes), dtype=np.int64)
    states = np.zeros((1, 0), dtype=bool)
    for opening in patterns:
        holds = known.open_when(opening, moments)
        pairs, state_of = distinct(2 * state_of + holds)
        states = np.column_stack([states[pairs // 2], pairs % 2 == 1])
    state_of_row = state_of[minute_of]
    unknown = wanted[of_pattern < 0]
    groups = [(np.flatnonzero(np.isnat(at)), wanted, False)]
    order = np.argsort(
        state_of_row.astype(np.uint16 if len(states) < 65_536 else np.int64), kind="stable"
    )
    ends = np.searchsorted(state_of_row[order], np.arange(len(states) + 1))
    for number, state in enumerate(states):
        rows = timed[order[ends[number] : ends[number + 1]]]
        is_open = wanted[(of_pattern >= 0) & np.append(state, False)[of_pattern]]
        groups.append((rows, is_open if len(is_open) else unknown, bool(len(is_open))))
    return [group for group in groups if len(group[0])]


def _nearest(
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    to_lon: NDArray[np.float64],
    to_lat: NDArray[np.float64],
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The nearest of some places for each of many, and how far it is in metres."""
    near, chord_m = nearest_places(lon, lat, to_lon, to_lat)
    metres = geodesy.along_ground_m(chord_m)
    far = np.flatnonzero(np.isnan(metres))
    if len(far):
        metres[far] = geodesy.pair_distances_m(
            lon[far], lat[far], to_lon[near[far]], to_lat[near[far]]
        )
    return near, metres
