"""Which zones lie at a place or in a box: asked while the mouse moves, so kept ready."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import shapely

from gisapp.layers.layer import Bounds
from gisapp.layers.zone import Zone


class ZoneIndex:
    """Answers for one mapping of zones; makes itself anew when it is asked about another."""

    def __init__(self) -> None:
        self._zones: Mapping[str, Zone] | None = None
        self._ids: list[str] = []
        self._tree: shapely.STRtree | None = None

    def at(self, zones: Mapping[str, Zone], lon: float, lat: float) -> tuple[str, ...]:
        """Ids of the zones that cover the place (degrees), the smallest first."""
        tree = self._tree_of(zones)
        found = tree.query(shapely.Point(lon, lat), predicate="intersects")
        areas = [zones[self._ids[i]].shape.area for i in found]
        return tuple(self._ids[found[i]] for i in np.argsort(areas, kind="stable"))

    def inside(self, zones: Mapping[str, Zone], box: Bounds) -> tuple[str, ...]:
        """Ids of the zones that the box (west, south, east, north) touches, in their order."""
        found = self._tree_of(zones).query(shapely.box(*box), predicate="intersects")
        return tuple(self._ids[i] for i in sorted(found))

    def _tree_of(self, zones: Mapping[str, Zone]) -> shapely.STRtree:
        if self._tree is None or zones is not self._zones:
            self._zones = zones
            self._ids = list(zones)
            self._tree = shapely.STRtree([zone.shape for zone in zones.values()])
        return self._tree
