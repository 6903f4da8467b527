"""What zones somebody asks for, and drawing them: one order for the window and the command line.

An order holds texts as they were typed. `problems` says what is wrong with each of them, by the
name of the field; `drawn` makes the zones, with what a person should look at before using them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import shapely
from numpy.typing import NDArray

from gisapp.analysis.streets.known_networks import network_of
from gisapp.analysis.streets.walk_zones import walk_zones
from gisapp.analysis.streets.zones import Stretch, corridors, street_zone
from gisapp.errors import EditError, GisappError
from gisapp.layers import geodesy, reach, zoning
from gisapp.layers.bands import parse_width
from gisapp.layers.layer import Layer, Points
from gisapp.layers.reach import Reach
from gisapp.layers.scenes import parse_lasting, scenes
from gisapp.layers.vocabulary import Basis, LayerKind, MeasuredFrom
from gisapp.layers.zone import Zone
from gisapp.layers.zoning_edges import round_edges
from gisapp.progress import Progress


class Shape(StrEnum):
    """How the outline of a zone comes about; the values are those of the command line."""

    CIRCLE = "circle"
    WALK = "walk"
    FOOTPRINT = "footprint"
    PARCEL = "parcel"
    STREETS = "streets"
    CORRIDOR = "corridor"
    DISTRICT = "district"
    JURISDICTION = "jurisdiction"
    SCENE = "scene"

    @property
    def label(self) -> str:
        return {
            Shape.CIRCLE: "Circle",
            Shape.WALK: "Walk along the streets",
            Shape.FOOTPRINT: "Footprint of the premises",
            Shape.PARCEL: "Parcel of land",
            Shape.STREETS: "Streets chosen by name",
            Shape.CORRIDOR: "Corridor along a line",
            Shape.DISTRICT: "District as it is",
            Shape.JURISDICTION: "Whole jurisdiction",
            Shape.SCENE: "Scene of an event",
        }[self]


_EDGES = (MeasuredFrom.BUILDING_EDGE, MeasuredFrom.PARCEL_EDGE)
#: Shapes whose measure somebody must have settled.
MEASURED = (Shape.CIRCLE, Shape.WALK, Shape.STREETS, Shape.CORRIDOR, Shape.SCENE)


@dataclass(frozen=True, slots=True)
class Aside:
    """A service to look at: how many metres it is from a street, or why it got no zone."""

    name: str
    away_m: float | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Zones, services that stand far from any street, and services that got no zone."""

    zones: tuple[Zone, ...]
    far: tuple[Aside, ...] = ()
    left_out: tuple[Aside, ...] = ()
    farthest_m: float | None = None

    def remarks(self) -> list[str]:
        """What a person should look at, in sentences."""
        said = []
        if self.farthest_m is not None and not self.far:
            said.append(f"All within {geodesy.in_words(round(self.farthest_m))} of a street.")
        if self.far:
            said.append(f"Far from a street, so look at: {_listed(self.far)}.")
        if self.left_out:
            said.append(f"No zone for: {_listed(self.left_out)}.")
        return said


@dataclass(frozen=True, slots=True, eq=False)
class ZoneOrder:
    """Zones to draw: from which rows of which layer, how, how far, and why so far."""

    layer: Layer
    rows: NDArray[np.int64]
    shape: Shape
    radius: str = ""
    basis: str = ""
    agreement_id: str | None = None
    measured_from: MeasuredFrom = MeasuredFrom.POINT
    premises: Layer | None = None
    block: str = ""
    block_basis: str = ""
    streets: Layer | None = None
    hull: bool = False
    width: str = "30m"
    pace: str = reach.PACE
    far: str = "100m"
    names: tuple[str, ...] = ()
    lasting: str = ""
    water: tuple[Layer, ...] = ()

    def problems(self) -> dict[str, str]:
        """What is wrong, by the name of the field."""
        wrong: dict[str, str] = {}
        if self.shape is Shape.STREETS and not self.names:
            wrong["services"] = "Choose at least one street."
        elif self.shape is not Shape.STREETS and not len(self.rows):
            wrong["services"] = _NOTHING.get(self.shape, "Choose at least one service.")
        for name, check in self._checks().items():
            try:
                check()
            except GisappError as error:
                wrong.setdefault(name, str(error))
        if self.shape is Shape.WALK and self.streets is None:
            wrong["streets"] = "Import a layer of streets to walk along."
        if self._from_edge and isinstance(self.layer.geometry, Points) and self.premises is None:
            wrong["premises"] = "Choose a layer of buildings or parcels."
        if self.shape in MEASURED and not self.basis.strip():
            measure = _MEASURES.get(self.shape, "radius")
            wrong["basis"] = f"Say who settled on this {measure}, and how."
        return wrong

    def _checks(self) -> dict[str, Callable[[], object]]:
        """What must be read for this shape, by the name of its field."""
        checks: dict[str, Callable[[], object]] = {}
        if self.in_blocks:
            checks["block"] = lambda: reach.block_m(self.block, self.block_basis)
        if self.shape is Shape.WALK:
            checks["pace"] = lambda: reach.pace_m(self.pace)
            checks["far"] = lambda: geodesy.parse_length(self.far)
        if self.shape in _WIDE and not (self.shape is Shape.WALK and self.hull):
            checks["width"] = lambda: parse_width(self.width)
        if self.shape is Shape.SCENE:
            checks["lasting"] = lambda: parse_lasting(self.lasting)
        if self.shape in _ROUND:
            whole = replace(self, pace=reach.PACE) if self.shape is Shape.WALK else self
            if self.in_blocks:
                whole = replace(whole, block="100m", block_basis="tried")
            checks["radius"] = lambda: whole.reach
        return checks

    @property
    def in_blocks(self) -> bool:
        """Whether the radius is told in blocks, whose length must then be told too."""
        return self.shape in _ROUND and reach.in_blocks(self.radius)

    @property
    def _from_edge(self) -> bool:
        return self.shape is Shape.CIRCLE and self.measured_from in _EDGES

    @property
    def reach(self) -> Reach:
        """How far the zones reach; DataError where the texts do not say."""
        block, basis = self.block, self.block_basis
        if self.shape is Shape.WALK:
            return reach.walk(self.radius, pace=self.pace, block=block, block_basis=basis)
        return reach.length(self.radius, block=block, block_basis=basis)

    @property
    def _told(self) -> str:
        """The basis with what the text of the reach leaves open."""
        zoning.with_basis(self.basis)
        return "; ".join(filter(None, (self.basis.strip(), self.reach.told)))

    def drawn(self, taken: Iterable[str], progress: Progress | None = None) -> Drawn:
        """The zones, named apart from `taken`; DataError or EditError where a term is wrong."""
        named = tuple(taken)
        if self.shape is Shape.WALK:
            return self._walks(named, progress or Progress())
        if self.shape is Shape.CIRCLE:
            return self._circles(named)
        return self._scenes(named) if self.shape is Shape.SCENE else self._taken(named)

    def _circles(self, taken: tuple[str, ...]) -> Drawn:
        basis = self._told
        if not self._from_edge:
            return Drawn(
                zoning.circles_round(
                    self.layer,
                    self.reach.metres,
                    basis,
                    rows=self.rows,
                    radius_text=self.reach.text,
                    measured_from=self.measured_from,
                    agreement_id=self.agreement_id,
                    taken=taken,
                )
            )
        points = isinstance(self.layer.geometry, Points)
        premises = self.premises if points else self.layer
        if premises is None:
            raise EditError(
                "A radius from an edge needs the areas whose edge is meant.",
                "Choose a layer of buildings or parcels.",
            )
        made = round_edges(
            self.layer,
            premises,
            self.reach.metres,
            basis,
            self.measured_from,
            rows=self.rows,
            radius_text=self.reach.text,
            agreement_id=self.agreement_id,
            taken=taken,
        )
        outside = zoning.names_of(self.layer, made.outside)
        why = f"in no area of “{premises.name}”"
        return Drawn(made.zones, left_out=tuple(Aside(name, why=why) for name in outside))

    def _walks(self, taken: tuple[str, ...], progress: Progress) -> Drawn:
        if self.streets is None:
            raise EditError(
                "A walk needs streets to walk along.", "Import a layer of streets, and choose it."
            )
        zoning.with_basis(self.basis)
        how_far, far_m = self.reach, geodesy.parse_length(self.far)
        made = walk_zones(
            self.layer,
            network_of(self.streets, progress.part(0, 0.3)),
            how_far,
            self.basis,
            rows=self.rows,
            width_m=None if self.hull else parse_width(self.width),
            measured_from=self.measured_from,
            agreement_id=self.agreement_id,
            taken=taken,
            water=self.water,
            progress=progress.part(0.3, 1),
        )
        named = zoning.names_of(self.layer, np.array(made.rows, dtype=np.int64))
        asides = [Aside(name, away) for name, away in zip(named, made.away_m, strict=True)]
        lost = zoning.names_of(self.layer, np.array([row for row, _ in made.lost], dtype=np.int64))
        left_out = tuple(
            Aside(name, away, "farther from a street than the walk")
            for name, (_, away) in zip(lost, made.lost, strict=True)
        )
        beyond = sorted((a for a in asides if (a.away_m or 0) > far_m), key=_farthest_first)
        return Drawn(made.zones, tuple(beyond), left_out, max(made.away_m, default=None))

    def _scenes(self, taken: tuple[str, ...]) -> Drawn:
        made = scenes(
            self.layer,
            self.reach.metres,
            parse_lasting(self.lasting),
            self._told,
            rows=self.rows,
            radius_text=self.reach.text,
            agreement_id=self.agreement_id,
            taken=taken,
        )
        missing = len(self.rows) - len(made)
        count = "1 incident" if missing == 1 else f"{missing:,} incidents"
        return Drawn(made, left_out=(Aside(count, why="no time is known"),) if missing else ())

    def _taken(self, taken: tuple[str, ...]) -> Drawn:
        """Zones that follow what is in the layer: areas, streets and other lines."""
        layer, rows, agreement = self.layer, self.rows, self.agreement_id
        if self.shape in _AREAS:
            basis = _AREAS[self.shape]
            return Drawn(
                zoning.areas(
                    layer, basis, self.basis, rows=rows, agreement_id=agreement, taken=taken
                )
            )
        if self.shape is Shape.JURISDICTION:
            whole = zoning.jurisdiction(
                layer, self.basis, rows=rows, agreement_id=agreement, taken=taken
            )
            return Drawn((whole,))
        zoning.with_basis(self.basis)
        width = parse_width(self.width)
        if self.shape is Shape.CORRIDOR:
            return Drawn(
                corridors(layer, width, self.basis, rows=rows, agreement_id=agreement, taken=taken)
            )
        chosen = [Stretch.parse(name) for name in self.names]
        zone = street_zone(layer, chosen, width, self.basis, agreement_id=agreement, taken=taken)
        return Drawn((zone,))


def shapes_of(layer: Layer) -> tuple[Shape, ...]:
    """Which outlines a layer allows: what its rows are and how they lie decides."""
    if isinstance(layer.geometry, Points):
        if not layer.is_events:
            return (Shape.CIRCLE, Shape.WALK)
        return (Shape.SCENE,) if layer.has_times else ()
    dimensions = shapely.get_dimensions(layer.geometry.geoms)
    if (dimensions == 2).all():
        if layer.kind in (LayerKind.BOUNDARIES, LayerKind.POPULATION):
            return (Shape.DISTRICT, Shape.JURISDICTION, Shape.PARCEL, Shape.FOOTPRINT)
        return (Shape.FOOTPRINT, Shape.PARCEL, Shape.CIRCLE, Shape.WALK, Shape.DISTRICT)
    if (dimensions == 1).all():
        return (Shape.STREETS, Shape.CORRIDOR)
    return ()


_NOTHING = {
    Shape.SCENE: "Select the incidents first, in the table or on the map.",
    Shape.CORRIDOR: "Choose at least one line.",
    Shape.DISTRICT: "Choose at least one district.",
    Shape.JURISDICTION: "Choose at least one area.",
}
_MEASURES = {
    Shape.WALK: "walk",
    Shape.STREETS: "width",
    Shape.CORRIDOR: "width",
    Shape.SCENE: "scene",
}
#: Shapes that reach so far from something, and those of lines with a width.
_ROUND = (Shape.CIRCLE, Shape.WALK, Shape.SCENE)
_WIDE = (Shape.WALK, Shape.STREETS, Shape.CORRIDOR)
_AREAS = {
    Shape.FOOTPRINT: Basis.FOOTPRINT,
    Shape.PARCEL: Basis.PARCEL,
    Shape.DISTRICT: Basis.POLYGON,
}


def _farthest_first(aside: Aside) -> float:
    return -(aside.away_m or 0.0)


def _listed(asides: tuple[Aside, ...]) -> str:
    """The first few by name, and how many more."""
    named = [
        f"{one.name} ({geodesy.in_words(round(one.away_m)) if one.away_m is not None else one.why})"
        for one in asides[:3]
    ]
    more = len(asides) - len(named)
    return ", ".join(named) + (f" and {more:,} more" if more else "")
