"""DXF (AutoCAD 2007 and later) in projected metres, for CAD: the edges of each zone on its layer.

GDAL writes it, in UTF-8 but marked as AutoCAD 2004, which has a code page: the mark is set right
here (DXF Reference, "$ACADVER" and "Group Code Value Types"). A DXF says no reference system, so
the name of the file does: UTM, or near the poles UPS, by its EPSG number.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gisapp.io.patrol.content import Content, Loss
from gisapp.io.patrol.formats.gdal import outlines_of, setting, write_layer
from gisapp.io.patrol.formats.geojson import bbox
from gisapp.io.patrol.zones import Outgoing

if TYPE_CHECKING:
    from pyproj import Transformer

#: How wide zones may lie, in degrees, to share the grid of their middle.
_WIDEST = 6.0
#: UTM goes from 80° south to 84° north; beyond there is UPS.
_UTM_SOUTH, _UTM_NORTH = -80.0, 84.0
_UPS_NORTH, _UPS_SOUTH = 5041, 5042
#: Characters that no name of a layer may have, and those that GDAL changes by itself.
_FORBIDDEN = str.maketrans(dict.fromkeys("<>/\\\":;?*|,='`", "_"))
_NAME_LENGTH = 200
_AS_WRITTEN, _AS_MEANT = b"AC1018", b"AC1021"


def write(content: Content, folder: Path) -> dict[str, bytes]:
    """`zones-EPSG32616-metres.dxf`, and another for each further grid that zones far apart need."""
    names, outlines = layer_names(content.zones), outlines_of(content.zones)
    files = {}
    for epsg, rows in _grids(content.zones).items():
        path = folder / f"zones-EPSG{epsg}-metres.dxf"
        # As hatches areas are hard to work with in CAD: their edges are what is wanted.
        with setting("DXF_WRITE_HATCH", False):
            write_layer(
                path,
                "DXF",
                [_in_metres(outlines[row], epsg) for row in rows],
                {"Layer": np.array([names[row] for row in rows], dtype=object)},
                layer="entities",
                crs=f"EPSG:{epsg}",
                dataset_options={"INSUNITS": "METERS"},
            )
        files[path.name] = path.read_bytes().replace(_AS_WRITTEN, _AS_MEANT, 1)
    return files


def losses(content: Content) -> tuple[Loss, ...]:
    """Columns, areas, and names that a layer cannot have."""
    found = [
        Loss("all columns", "a column each", "left out; a layer has the name of its zone"),
        Loss("outlines", "areas", "closed lines, those of holes too, on the layer of the zone"),
    ]
    found += [
        Loss("name of a zone", str(zone.attributes["name"]), name)
        for zone, name in zip(content.zones, layer_names(content.zones), strict=True)
        if name != zone.attributes["name"]
    ]
    return tuple(found)


def layer_names(zones: Sequence[Outgoing]) -> list[str]:
    """A layer's name for each zone, no two alike whatever their case."""
    names: list[str] = []
    taken: set[str] = set()
    for zone in zones:
        wanted = str(zone.attributes["name"]).translate(_FORBIDDEN)[:_NAME_LENGTH].strip() or "zone"
        number, name = 1, wanted
        while name.lower() in taken:
            number += 1
            name = f"{wanted} ({number})"
        taken.add(name.lower())
        names.append(name)
    return names


def _grids(zones: Sequence[Outgoing]) -> dict[int, list[int]]:
    """By the EPSG number of a grid in metres, the rows drawn in it: one grid where it can be."""
    boxes = [bbox([zone.shape]) for zone in zones]
    west, south, east, north = bbox([zone.shape for zone in zones])
    if (east - west) % 360 <= _WIDEST and south >= _UTM_SOUTH and north <= _UTM_NORTH:
        epsgs = [_grid(west, south, east, north)] * len(zones)
    else:
        epsgs = [_grid(*box) for box in boxes]
    return {
        epsg: [row for row, one in enumerate(epsgs) if one == epsg] for epsg in sorted(set(epsgs))
    }


def _grid(west: float, south: float, east: float, north: float) -> int:
    if north > _UTM_NORTH or south < _UTM_SOUTH:
        return _UPS_NORTH if north > _UTM_NORTH else _UPS_SOUTH
    middle = (west + (east - west) % 360 / 2 + 180) % 360
    return (32600 if south + north >= 0 else 32700) + int(middle // 6) + 1


def _in_metres(shape: BaseGeometry, epsg: int) -> BaseGeometry:
    """The outline on a grid, to 0.1 mm; halves that were cut at the antimeridian touch there."""
    to_metres = _to_metres(epsg)
    moved: BaseGeometry = shapely.transform(
        shape, lambda xy: np.round(np.column_stack(to_metres.transform(xy[:, 0], xy[:, 1])), 4)
    )
    return moved


@lru_cache(maxsize=8)
def _to_metres(epsg: int) -> Transformer:
    from pyproj import Transformer

    return Transformer.from_crs(4326, epsg, always_xy=True)
