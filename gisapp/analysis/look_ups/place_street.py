"""The name of the street at a place."""

from __future__ import annotations

import numpy as np
import shapely

from gisapp.layers import geodesy
from gisapp.layers.audience import Audience, Showing, showing
from gisapp.layers.layer import Points
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind


def street_at(
    project: Project, lon: float, lat: float, audience: Audience, within_m: float = 60.0
) -> str:
    """The name of the nearest street within some metres of a place in degrees; empty without one.

    Only lists of streets that the audience may see are looked at.
    """
    across, up = geodesy.degrees_of(within_m, lat)
    box = (lon - across, lat - up, lon + across, lat + up)
    plane = geodesy.plane_for((lon, lat, lon, lat))
    here = plane.shape_to_metres(shapely.Point(lon, lat))
    best, found = within_m, ""
    for layer in project.layers_of(LayerKind.STREETS):
        seen = showing(layer.kind, layer.sensitivity, audience, exported=False) is Showing.EACH
        names = layer.column("name")
        if not seen or names is None or isinstance(layer.geometry, Points):
            continue
        west, south, east, north = shapely.bounds(layer.geometry.geoms).T
        near = (west <= box[2]) & (east >= box[0]) & (south <= box[3]) & (north >= box[1])
        for row in np.flatnonzero(near).tolist():
            name = names[row].as_py()
            away = plane.shape_to_metres(layer.geometry.geoms[row]).distance(here)
            if name and away < best:
                best, found = away, " ".join(str(name).split())
    return found
