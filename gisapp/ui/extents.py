"""Extents to show first: where most of a project lies, not the one row that is far astray."""

from __future__ import annotations

import numpy as np

from gisapp.layers.layer import Bounds, Layer, Points
from gisapp.layers.project import Project

#: Share of the points at each side that may be astray; fewer points than `_FEW` are all shown.
_ASTRAY, _FEW = 0.005, 200


def main_extent(layer: Layer) -> Bounds | None:
    """The extent of a layer without the few points that lie far from all others."""
    if not isinstance(layer.geometry, Points) or len(layer) < _FEW:
        return layer.bounds
    lon, lat = layer.geometry.lon, layer.geometry.lat
    low, high = np.quantile(np.column_stack([lon, lat]), [_ASTRAY, 1 - _ASTRAY], axis=0)
    # What lies within half the width of the rest belongs to it.
    near = np.abs(lon - (low[0] + high[0]) / 2) <= high[0] - low[0]
    near &= np.abs(lat - (low[1] + high[1]) / 2) <= high[1] - low[1]
    if not near.any():
        return layer.bounds
    lon, lat = lon[near], lat[near]
    return float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())


def first_extent(project: Project) -> Bounds | None:
    """The main extents of all layers, and the zones; None when there is nothing."""
    boxes = [main_extent(layer) for layer in project.layers]
    boxes += [zone.shape.bounds for zone in project.zones.values()]
    known = np.array([box for box in boxes if box is not None])
    if not len(known):
        return None
    west, south = known[:, :2].min(axis=0)
    east, north = known[:, 2:].max(axis=0)
    return float(west), float(south), float(east), float(north)
