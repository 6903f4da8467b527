"""Water as areas: what no walk goes over, where a project holds a layer of it.

Layers have no kind for water. One is known by its name, in the words of the US Census Bureau,
OpenStreetMap and mapping agencies: `areawater`, `natural_water`, `Ohio River`, `Lakes`. A name
that only begins so (Lake County, Riverside) is that of something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from gisapp.layers.layer import Layer, Shapes
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind

_ANYWHERE = frozenset(
    {"water", "waters", "areawater", "waterarea", "waterbody", "waterbodies", "hydrography"}
)
_AT_THE_END = frozenset(
    {"river", "rivers", "riverbank", "lake", "lakes", "canal", "canals", "reservoirs"}
)
_KINDS = (LayerKind.OTHER, LayerKind.BOUNDARIES)


def water_layers(project: Project) -> tuple[Layer, ...]:
    """The layers of a project that hold water as areas, by their names."""
    return tuple(
        layer
        for layer in project.layers
        if layer.kind in _KINDS
        and isinstance(layer.geometry, Shapes)
        and _means_water(layer.name)
        and bool((shapely.get_dimensions(layer.geometry.geoms) == 2).any())
    )


def _means_water(name: str) -> bool:
    words = re.findall("[a-z]+", name.casefold())
    return not _ANYWHERE.isdisjoint(words) or bool(words and words[-1] in _AT_THE_END)


def water_of(layers: Sequence[Layer]) -> NDArray[np.object_]:
    """The areas of some layers, sound, as an array of shapes (EPSG:4326)."""
    shapes = [layer.geometry.geoms for layer in layers if isinstance(layer.geometry, Shapes)]
    every = np.concatenate([np.empty(0, dtype=object), *shapes])
    areas = every[shapely.get_dimensions(every) == 2]
    return np.asarray(shapely.make_valid(areas), dtype=object)


def named(layers: Iterable[Layer]) -> str:
    """`“River” and “Lakes”`."""
    return " and ".join(f"“{layer.name}”" for layer in layers)
