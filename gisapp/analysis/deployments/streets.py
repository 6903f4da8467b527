"""Streets inside an area: their names and how many metres of each lie in it."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gisapp.layers import geodesy
from gisapp.layers.layer import Layer, Shapes
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind

#: Less of a street than this only touches an area.
_LEAST_M = 1.0
_trees: WeakKeyDictionary[Shapes, shapely.STRtree] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class StreetPart:
    """A street by its name, empty where it has none, and the metres of it inside."""

    name: str
    length_m: float


class StreetFinder:
    """Streets of a project's topmost layer of streets."""

    def __init__(self, project: Project) -> None:
        self._layer = streets_layer(project)
        self._names = self._layer.texts("name") if self._layer is not None else []

    def inside(self, area: BaseGeometry) -> tuple[StreetPart, ...]:
        """Streets in an area or along lines (EPSG:4326), the longest first; none without areas."""
        if self._layer is None or area.is_empty or shapely.get_dimensions(area) < 2:
            return ()
        assert isinstance(self._layer.geometry, Shapes)
        shapes = self._layer.geometry
        if shapes not in _trees:
            _trees[shapes] = shapely.STRtree(shapes.geoms)
        rows = _trees[shapes].query(area, predicate="intersects")
        metres: dict[str, float] = {}
        for row in np.sort(rows).tolist():
            name = " ".join(self._names[row].split())
            part = shapely.intersection(shapes.geoms[row], area)
            metres[name] = metres.get(name, 0.0) + geodesy.length_m(part)
        parts = [StreetPart(name, far) for name, far in metres.items() if far >= _LEAST_M]
        # Named ones first: what is left over is paths and service roads.
        return tuple(sorted(parts, key=lambda one: (not one.name, -one.length_m, one.name)))


def streets_layer(project: Project) -> Layer | None:
    """The topmost layer of streets that holds lines; None without one."""
    for layer in reversed(project.layers_of(LayerKind.STREETS)):
        if isinstance(layer.geometry, Shapes) and len(layer):
            return layer
    return None
