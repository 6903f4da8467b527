"""The ground that hotspots are judged on."""

from __future__ import annotations

import shapely
from shapely.geometry.base import BaseGeometry

from gisapp.layers.layer import Points
from gisapp.layers.outline import sound
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind


def study_area(project: Project) -> BaseGeometry | None:
    """The union of the areas of the topmost boundaries layer (EPSG:4326); None without one.

    Without boundaries the box of the events stands in, which makes empty land outside the city
    count as cells without events.
    """
    for layer in reversed(project.layers_of(LayerKind.BOUNDARIES)):
        if isinstance(layer.geometry, Points):
            continue
        shapes = layer.geometry.geoms
        areas = shapes[shapely.get_dimensions(shapes) == 2]
        if len(areas):
            union: BaseGeometry = shapely.union_all(sound(areas))
            return union
    return None
