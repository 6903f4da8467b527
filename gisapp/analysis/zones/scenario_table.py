"""Scenarios beside the present zones, as a table: ground, streets, residents, events, overlaps."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from shapely.geometry.base import BaseGeometry

from gisapp.analysis.counting import zones_of
from gisapp.analysis.suppression import in_words
from gisapp.analysis.zones.overlaps import overlaps
from gisapp.analysis.zones.scenario_events import ScenarioEvents, scenario_events
from gisapp.layers import geodesy
from gisapp.layers.agreement import day_in_words
from gisapp.layers.audience import EVENT_KINDS, Audience, Showing, showing, threshold
from gisapp.layers.layer import Layer, Points, Shapes
from gisapp.layers.project import Project
from gisapp.layers.scenario import Scenario
from gisapp.layers.seen import seen_by
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress

T = TypeVar("T")

PRESENT = "Zones of the project"
#: From so many on, numbers are told in thousands of metres or millions of square metres.
_LARGE = {"m": 1_000.0, "m²": 1_000_000.0}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: a number a column, None where it is left out.

    `unit` is `m²`, `m` or empty for what is counted. For the eye all numbers of a line are in one
    unit, which its heading states: in two they could not be compared.
    """

    label: str
    values: tuple[float | None, ...]
    unit: str = ""

    @property
    def heading(self) -> str:
        """What the line is of, with the unit of its numbers: `Area on the ground (km²)`."""
        return f"{self.label} ({self._shown[0]})" if self.unit else self.label

    def texts(self) -> tuple[str, ...]:
        """The numbers for the eye, in the unit of the heading."""
        if not self.unit:
            return tuple(in_words(None if v is None else round(v)) for v in self.values)
        _, size, places = self._shown
        return tuple(
            in_words(None) if v is None else f"{v / size:,.{places}f}" for v in self.values
        )

    @property
    def _shown(self) -> tuple[str, float, int]:
        """The unit in which the largest number reads well, its size, and decimal places."""
        largest = max((value for value in self.values if value is not None), default=0.0)
        if largest < _LARGE[self.unit]:
            return self.unit, 1.0, 0
        return f"k{self.unit}", _LARGE[self.unit], 2 if self.unit == "m" else 3


@dataclass(frozen=True, slots=True)
class ScenarioTable:
    """What scenarios come to, the present zones first, as an audience may see it."""

    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    events: tuple[ScenarioEvents, ...]
    notes: tuple[str, ...]
    audience: Audience

    def all_lines(self) -> tuple[Line, ...]:
        """The lines, and under them the events of each layer by month."""
        # What differs comes first: the names of layers can be long.
        months = [
            Line(f"{month}: {events.layer}", row)
            for events in self.events
            for month, row in zip(events.months, events.by_month, strict=True)
        ]
        return (*self.lines, *months)

    def without(self, columns: Collection[int]) -> ScenarioTable:
        """The table without some of its columns, by number.

        For readers from whom small counts are kept, what is left out must not depend on which
        columns they look at: so scenarios are compared all together, and then left away.
        """
        kept = [number for number in range(len(self.columns)) if number not in columns]

        def of(values: Sequence[T]) -> tuple[T, ...]:
            return tuple(values[number] for number in kept)

        return replace(
            self,
            columns=of(self.columns),
            lines=tuple(replace(line, values=of(line.values)) for line in self.lines),
            events=tuple(
                replace(
                    events,
                    inside=of(events.inside),
                    by_month=tuple(of(row) for row in events.by_month),
                )
                for events in self.events
            ),
        )

    def records(self) -> list[list[str]]:
        """The table as cells of text: whole numbers in metres, as a spreadsheet reads them."""
        rows = [["", *self.columns]]
        for line in self.all_lines():
            label = f"{line.label} ({line.unit})" if line.unit else line.label
            cells = [in_words(None) if v is None else str(round(v)) for v in line.values]
            rows.append([label, *cells])
        notes = (f"For: {self.audience.label}", *self.notes)
        return rows + [[note] for note in notes]


def compare(
    project: Project,
    scenarios: Sequence[Scenario],
    *,
    day: date,
    audience: Audience,
    as_if_in_force: bool = False,
    progress: Progress | None = None,
) -> ScenarioTable:
    """Compare scenarios with the present zones, as an audience may see it in a file.

    Zones and layers that the audience may not see are left out. Events are judged each at its
    own time, or `as_if_in_force` by the terms of the `day`, as if these had always held. Only
    zones without enforcement are measured and counted in.
    """
    progress = progress or Progress()
    wholes = [project, *(replace(project, zones=scenario.zones) for scenario in scenarios)]
    projects = [seen_by(whole, audience, exported=True) for whole in wholes]
    lines = _ground(projects, audience, progress.part(0, 0.3))
    layers = [
        layer
        for layer in project.layers
        if layer.kind in EVENT_KINDS
        and isinstance(layer.geometry, Points)
        and _seen(layer, audience)
    ]
    events = []
    for number, layer in enumerate(layers):
        share = 0.7 / len(layers)
        part = progress.part(0.3 + share * number, 0.3 + share * (number + 1))
        part.report(0.0, f"Counting {layer.name}")
        found = scenario_events(
            projects, layer, audience, day, as_if_in_force=as_if_in_force, progress=part
        )
        events.append(found)
        lines.append(Line(f"Inside: {layer.name}", found.inside))
    hidden = any(len(a.zones) < len(b.zones) for a, b in zip(projects, wholes, strict=True))
    judged = day if as_if_in_force else None
    return ScenarioTable(
        (PRESENT, *(scenario.name for scenario in scenarios)),
        tuple(lines),
        tuple(events),
        tuple(_notes(lines, events, audience, judged, hidden=hidden)),
        audience,
    )


def _seen(layer: Layer, audience: Audience) -> bool:
    how = showing(layer.kind, layer.sensitivity, audience, exported=True)
    return how is not Showing.NOTHING


def _ground(projects: Sequence[Project], audience: Audience, progress: Progress) -> list[Line]:
    """What can be said without events."""
    unions = []
    for project in progress.track(projects, len(projects), "Measuring zones"):
        shapes = shapely.make_valid(np.array([z.shape for z in zones_of(project)], dtype=object))
        unions.append(shapely.union_all(shapes))
    pairs = [overlaps(project.zones, progress=progress).pairs for project in projects]
    others = [len(project.zones) - len(zones_of(project)) for project in projects]
    lines = [
        Line("Zones without enforcement", tuple(len(zones_of(project)) for project in projects)),
        Line("Area on the ground", tuple(geodesy.area_m2(union) for union in unions), "m²"),
        Line("Pairs that overlap", tuple(len(found) for found in pairs)),
    ]
    if any(others):
        lines.insert(1, Line("Zones of other effect", tuple(others)))
        opposite = tuple(sum(pair.opposite for pair in found) for found in pairs)
        lines.append(Line("Pairs of opposite effect that overlap", opposite))
    for layer in projects[0].layers:
        measure = _MEASURES.get(layer.kind)
        if measure is None or not _can_be_measured(layer) or not _seen(layer, audience):
            continue
        label, unit, of = measure
        values = tuple(of(layer, union) for union in progress.track(unions, len(unions), label))
        lines.append(Line(f"{label}: {layer.name}", values, unit))
    return lines


def _can_be_measured(layer: Layer) -> bool:
    """Whether a layer has outlines, and where it is of population, numbers of residents too."""
    column = layer.column("residents")
    counted = column is not None and (
        pa.types.is_integer(column.type) or pa.types.is_floating(column.type)
    )
    return isinstance(layer.geometry, Shapes) and (layer.kind is LayerKind.STREETS or counted)


def streets_m(layer: Layer, ground: BaseGeometry) -> float:
    """Length of a layer's lines inside an area, in metres on the ground."""
    assert isinstance(layer.geometry, Shapes)
    shapes = layer.geometry.geoms
    lines = shapes[shapely.get_dimensions(shapes) == 1]
    shapely.prepare(ground)
    whole = shapely.contains_properly(ground, lines)
    cut = lines[~whole & shapely.intersects(ground, lines)]
    pieces = shapely.get_parts(shapely.intersection(cut, ground))
    pieces = pieces[shapely.get_dimensions(pieces) == 1]
    return sum(geodesy.length_m(line) for line in (*lines[whole], *pieces))


def residents_in(layer: Layer, ground: BaseGeometry) -> float:
    """Residents of an area, each unit of the layer giving the share of its own area that lies in.

    Simple areal weighting: right where people live evenly over a unit. The share is that of
    square degrees, which within one unit is the share of the ground.
    """
    assert isinstance(layer.geometry, Shapes)
    column = layer.column("residents")
    assert column is not None
    people = pc.fill_null(column.cast(pa.float64()), 0.0).to_numpy()
    shapes = layer.geometry.geoms
    shapely.prepare(ground)
    meets = np.flatnonzero(
        (shapely.get_dimensions(shapes) == 2) & shapely.intersects(ground, shapes) & (people > 0)
    )
    units = shapely.make_valid(shapes[meets])
    shares = shapely.area(shapely.intersection(units, ground)) / shapely.area(units)
    return float((people[meets] * shares).sum())


_MEASURES: dict[LayerKind, tuple[str, str, Callable[[Layer, BaseGeometry], float]]] = {
    LayerKind.STREETS: ("Length of streets", "m", streets_m),
    LayerKind.POPULATION: ("Residents", "", residents_in),
}


def _notes(
    lines: Sequence[Line],
    events: Sequence[ScenarioEvents],
    audience: Audience,
    day: date | None,
    *,
    hidden: bool,
) -> list[str]:
    """What the numbers say, and what they leave out."""
    notes = []
    if events and day is not None:
        notes.append(f"Events are judged as if the terms of {day_in_words(day)} had always held.")
    elif events:
        notes.append(
            "Each event is judged by the zones in force at its own time; zones without an "
            "agreement count always."
        )
    if any(line.label.startswith("Residents") for line in lines):
        notes.append(
            "Residents are estimated: each population area gives the share of its residents that "
            "its overlap has of its area."
        )
    if any(found.anything_left_out for found in events):
        notes.append(
            f"Counts below {threshold(audience)} are left out, and so is every count whose "
            "difference from another one here would be below that: round the same site, 100 m "
            "and 200 m differ by a ring, and only few events may lie in it."
        )
    if hidden:
        notes.append(f"Zones not meant for {audience.within} are not part of this table.")
    return notes
