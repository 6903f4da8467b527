"""Events inside the zones of several scenarios, so that their differences give nobody away.

With circles of 100 m and 200 m round the same site, the larger number less the smaller is what
lies in the ring, and that may be one person. So a scenario's counts are shown to others than the
police only while every group of events that the shown columns tell apart (inside this one and
not that one, and so on) is empty or no small count: then so is all that can be worked out. Both
ways of judging events are looked at together, as who sees one table can ask for the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from gisapp.analysis.counting import grouped, place_events
from gisapp.analysis.counts import Place
from gisapp.analysis.points.distinct_numbers import distinct
from gisapp.analysis.points.tally import tally
from gisapp.analysis.suppression import groups_left_out
from gisapp.layers.audience import Audience, threshold
from gisapp.layers.layer import Layer
from gisapp.layers.project import Project
from gisapp.progress import Progress

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ScenarioEvents:
    """Events of one layer inside each column's zones; None is a number left out.

    `by_month` has a row for each of `months` (`2025-03`, or `unknown`), a number a column; it is
    empty where the layer has no times.
    """

    layer: str
    inside: tuple[int | None, ...]
    months: tuple[str, ...] = ()
    by_month: tuple[tuple[int | None, ...], ...] = ()

    @property
    def anything_left_out(self) -> bool:
        return None in self.inside or any(None in row for row in self.by_month)


def scenario_events(
    projects: Sequence[Project],
    layer: Layer,
    audience: Audience,
    day: date,
    *,
    as_if_in_force: bool = False,
    progress: Progress | None = None,
) -> ScenarioEvents:
    """Count a layer's events in the zones of each project, for an audience.

    The projects differ in nothing but their zones. Each event is judged at its own time, or
    `as_if_in_force` as if the terms of the `day` had always held.
    """
    progress = progress or Progress()
    least = threshold(audience)
    # Where nothing is left out, what is not asked for need not be counted.
    ways = (None, day) if least > 1 else (day if as_if_in_force else None,)
    inside = np.zeros((len(ways), len(projects), len(layer)), dtype=bool)
    count = len(ways) * len(projects)
    for number in range(count):
        way, column = divmod(number, len(projects))
        part = progress.part(number / count, (number + 1) / count)
        placed = place_events(projects[column], layer, day=ways[way], progress=part)
        inside[way, column] = placed.where == Place.INSIDE
    every, groups = told_apart(inside.reshape(-1, len(layer)), least)
    asked = len(ways) - 1 if as_if_in_force else 0
    mine = inside[asked]
    shown = every[asked * len(projects) :][: len(projects)]
    totals = tuple(int(row.sum()) if seen else None for row, seen in zip(mine, shown, strict=True))
    if not layer.has_times:
        return ScenarioEvents(layer.name, totals)
    months, names = grouped(layer, "month")
    rows = _by_month(mine, shown, groups, months, len(names), least)
    return ScenarioEvents(layer.name, totals, tuple(names), rows)


def told_apart(inside: Bools, least: int) -> tuple[list[bool], NDArray[np.int64]]:
    """Which columns can be shown, in their order, and the group of each event among those.

    `inside` is (columns, events). Events of one group are inside the same shown columns.
    """
    groups = np.zeros(inside.shape[1], dtype=np.int64)
    shown = []
    for column in inside:
        found, finer = distinct(groups * 2 + column)
        sizes = tally(finer, len(found))
        shown.append(not len(sizes) or int(sizes.min()) >= least)
        if shown[-1]:
            groups = finer
    return shown, groups


def _by_month(
    inside: Bools,
    shown: Sequence[bool],
    groups: NDArray[np.int64],
    months: NDArray[np.int64],
    count: int,
    least: int,
) -> tuple[tuple[int | None, ...], ...]:
    """Numbers by month and column; a month is left out whole, with others that would tell it."""
    kinds = int(groups.max()) + 1 if len(groups) else 1
    table = tally(months * kinds + groups, count * kinds).reshape(count, kinds)
    gone = groups_left_out(table.tolist(), least)
    numbers = [tally(months[column], count) for column in inside]
    return tuple(
        tuple(
            int(column[month]) if seen and not gone[month] else None
            for column, seen in zip(numbers, shown, strict=True)
        )
        for month in range(count)
    )
