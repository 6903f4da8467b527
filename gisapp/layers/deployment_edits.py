"""Edits of planned deployments: an area with zones taken out, and one that was drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gisapp.errors import EditError
from gisapp.layers import geodesy
from gisapp.layers.edits import Edit, add_layer
from gisapp.layers.layer import Layer, Points, Provenance, Shapes, new_layer
from gisapp.layers.outline import sound
from gisapp.layers.project import Project
from gisapp.layers.style import BLUE, Fill, Labels, Line, Style
from gisapp.layers.vocabulary import LayerKind

#: What is left over of an area in smaller pieces than this is nobody's beat.
_LEAST_M2 = 1.0
#: The column of a proposal that says what was done.
CHANGED = "Changed"
#: Ground between a proposal and the zone, so that rounding does not make them touch (metres).
_GAP_M = 0.05
#: How a proposed area looks on the plan below it, on screen and in print: what the zones take
#: stays plain orange. Names stand at the plan.
PROPOSED_LOOK = Style(
    color=BLUE,
    width=1.5,
    line=Line.DASHED,
    fill=Fill.HATCHED,
    fill_opacity=0.5,
    labels=Labels(shown=False),
)
DRAWN_NAME = "Deployments, drawn"
_COLUMNS = {"name": "Name", "unit": "Unit", "start": "Start", "end": "End", "purpose": "Purpose"}


@dataclass(frozen=True, slots=True, eq=False)
class Proposal:
    """A layer with zones taken out of its areas, and the names of those of which nothing is left.

    `changed` is how many rows differ from the layer that it comes from.
    """

    layer: Layer
    changed: int
    gone: tuple[str, ...]

    @property
    def edit(self) -> Edit:
        """Put the proposal on top of the project; the layer it comes from stays as it is."""
        return replace(add_layer(self.layer), label=f"Propose areas for {self.layer.name}")

    @property
    def in_words(self) -> str:
        """What was done, in a sentence or two."""
        rows = "1 deployment" if self.changed == 1 else f"{self.changed:,} deployments"
        words = f"Took the zones out of {rows}: see the layer “{self.layer.name}”."
        if self.gone:
            words += f" Nothing is left of {', '.join(self.gone)}."
        return words


def without(area: BaseGeometry, ground: BaseGeometry) -> BaseGeometry:
    """What is left of an area, line or place (EPSG:4326) without some ground; it may be empty.

    A few centimetres along the ground go with it, and so do pieces of less than a square metre.
    """
    dimension = int(shapely.get_dimensions(area))
    wide = geodesy.buffer(ground, _GAP_M) if shapely.get_dimensions(ground) == 2 else ground
    left = shapely.difference(area, wide)
    parts = shapely.get_parts(left)
    parts = parts[shapely.get_dimensions(parts) == dimension]
    if dimension == 2:
        parts = parts[[geodesy.area_m2(part) >= _LEAST_M2 for part in parts]]
    if not len(parts):
        return shapely.Polygon()
    build = (shapely.multipoints, shapely.multilinestrings, shapely.multipolygons)[dimension]
    whole: BaseGeometry = parts[0] if len(parts) == 1 else build(parts)
    return whole


def proposal(layer: Layer, grounds: Mapping[int, Sequence[tuple[str, BaseGeometry]]]) -> Proposal:
    """A layer of the same deployments with the named grounds of zones taken out, by row.

    EditError where there is nothing to take out, or nothing is left of any.
    """
    if not any(grounds.values()):
        raise EditError(
            "No deployment meets a zone: there is nothing to take out.",
            "Check another list of deployments.",
        )
    names = layer.texts("name")
    shapes = list(_shapes(layer))
    told = [""] * len(shapes)
    gone = []
    for row, zones in grounds.items():
        if not zones:
            continue
        ground = shapely.union_all([shape for _, shape in zones])
        shapes[row] = without(shapes[row], ground)
        told[row] = "Taken out: " + ", ".join(dict.fromkeys(name for name, _ in zones))
        if shapes[row].is_empty:
            gone.append(names[row] or f"Row {row + 1}")
    kept = np.array([not shape.is_empty for shape in shapes], dtype=bool)
    if not kept.any():
        raise EditError(
            "Every one of these deployments lies wholly in a zone.", "Choose other places or hours."
        )
    geoms = np.empty(int(kept.sum()), dtype=object)
    geoms[:] = [shape for shape in shapes if not shape.is_empty]
    table = layer.table
    if CHANGED in table.column_names:
        table = table.drop_columns([CHANGED])
    table = table.append_column(CHANGED, pa.array(told, pa.string())).filter(pa.array(kept))
    made = new_layer(
        f"{layer.name}, proposed",
        LayerKind.DEPLOYMENTS,
        table,
        _geometry(geoms),
        layer.fields,
        Provenance(
            sources=layer.provenance.sources,
            read=len(layer),
            notes=(f"Made from “{layer.name}”, with the zones taken out that it met.",),
        ),
    )
    made = replace(made, style=PROPOSED_LOOK, sensitivity=layer.sensitivity)
    changed = sum(bool(text) and keeps for text, keeps in zip(told, kept, strict=True))
    return Proposal(made, changed, tuple(gone))


def draw_deployment(
    name: str, unit: str, start: datetime, end: datetime, purpose: str, shape: BaseGeometry
) -> Edit:
    """Add a deployment that was drawn (EPSG:4326) to the layer of drawn ones, made if missing.

    Moments carry a time zone. EditError without a name, or where it ends before it starts.
    """
    if not name.strip():
        raise EditError("A deployment needs a name.")
    if end <= start:
        raise EditError("A deployment must end after it starts.", "Check both times.")

    def apply(project: Project) -> Project:
        values = {"name": name, "unit": unit, "start": start, "end": end, "purpose": purpose}
        known = drawn_layer(project)
        if known is None:
            return add_layer(_first(values, shape, project.timezone)).apply(project)
        return project.with_layer(_with_row(known, values, shape))

    return Edit(f"Add deployment {name.strip()}", apply)


def drawn_layer(project: Project) -> Layer | None:
    """The layer that drawn deployments go to; None before the first."""
    for layer in reversed(project.layers_of(LayerKind.DEPLOYMENTS)):
        if layer.name == DRAWN_NAME and not layer.provenance.sources:
            return layer
    return None


def _first(values: Mapping[str, object], shape: BaseGeometry, timezone: str) -> Layer:
    moment = pa.timestamp("us", timezone)
    types = {"start": moment, "end": moment}
    table = pa.table(
        {
            column: pa.array([values[field]], types.get(field, pa.string()))
            for field, column in _COLUMNS.items()
        }
    )
    note = Provenance(read=1, notes=("Drawn by hand.",))
    shapes = np.array([shape], dtype=object)
    return new_layer(DRAWN_NAME, LayerKind.DEPLOYMENTS, table, Shapes(shapes), _COLUMNS, note)


def _with_row(layer: Layer, values: Mapping[str, object], shape: BaseGeometry) -> Layer:
    by_column = {column: values[field] for field, column in layer.fields.items() if field in values}
    row = pa.table(
        {
            name: pa.array([by_column.get(name)], layer.table.schema.field(name).type)
            for name in layer.table.column_names
        }
    )
    geoms = np.empty(len(layer) + 1, dtype=object)
    geoms[:] = [*_shapes(layer), shape]
    table = pa.concat_tables([layer.table, row]).combine_chunks()
    return replace(layer, table=table, geometry=Shapes(geoms))


def _shapes(layer: Layer) -> Sequence[BaseGeometry]:
    if isinstance(layer.geometry, Points):
        return list(np.asarray(shapely.points(layer.geometry.lon, layer.geometry.lat)))
    return list(sound(layer.geometry.geoms))


def _geometry(geoms: NDArray[np.object_]) -> Points | Shapes:
    if (shapely.get_type_id(geoms) == 0).all():
        return Points(shapely.get_x(geoms), shapely.get_y(geoms))
    return Shapes(geoms)
