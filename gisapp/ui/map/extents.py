"""Extents to show first: where most of a project lies, not the one row that is far astray."""

from __future__ import annotations

import numpy as np

from gisapp.layers.layer import Bounds, Layer, Points
from gisapp.layers.project import Project
from gisapp.render import prepared


def main_extent(layer: Layer) -> Bounds | None:
    """The extent of a layer without the few points that lie far from all others."""
    points = layer.geometry
    return points.main_bounds if isinstance(points, Points) else points.bounds


def first_extent(project: Project) -> Bounds | None:
    """The main extents of all layers, and the zones; None when there is nothing."""
    boxes = [main_extent(layer) for layer in project.layers]
    if project.zones:
        each = prepared.zone_boxes(project)
        west, south = np.nanmin(each[:, :2], axis=0).tolist()
        east, north = np.nanmax(each[:, 2:], axis=0).tolist()
        boxes.append((west, south, east, north))
    known = np.array([box for box in boxes if box is not None])
    if not len(known):
        return None
    west, south = known[:, :2].min(axis=0)
    east, north = known[:, 2:].max(axis=0)
    return float(west), float(south), float(east), float(north)
