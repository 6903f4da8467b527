"""GeoParquet 1.1 (OGC 23-054r1): WKB, the box of each row, and the reference system.

Written with pyarrow, as the GDAL of the usual wheels has no driver for Parquet.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from gisapp.io.patrol.content import Content
from gisapp.io.patrol.zones import COLUMNS, DAYS, NUMBERS, WHOLE

_CORNERS = ("xmin", "ymin", "xmax", "ymax")


def write(content: Content, folder: Path) -> dict[str, bytes]:
    """`zones.parquet`."""
    columns = {
        column: pa.array([zone.attributes[column] for zone in content.zones], _type(column))
        for column in COLUMNS
    }
    shapes = [zone.shape for zone in content.zones]
    bounds = shapely.bounds(shapes)
    boxes = pa.StructArray.from_arrays(
        [pa.array(bounds[:, place]) for place in range(4)], names=_CORNERS
    )
    wkb = pa.array(shapely.to_wkb(shapes, flavor="iso", byte_order=1), pa.binary())
    table = pa.table({**columns, "bbox": boxes, "geometry": wkb})
    geo = json.dumps(_geo(shapely.get_type_id(shapes).tolist(), shapely.total_bounds(shapes)))
    out = pa.BufferOutputStream()
    pq.write_table(table.replace_schema_metadata({"geo": geo}), out, compression="snappy")
    return {"zones.parquet": out.getvalue().to_pybytes()}


def _type(column: str) -> pa.DataType:
    if column in DAYS:
        return pa.date32()
    if column in NUMBERS:
        return pa.float64()
    return pa.int32() if column in WHOLE else pa.string()


def _geo(kinds: list[int], bounds: Any) -> dict[str, Any]:
    """What the specification has in the footer under `geo`."""
    from pyproj import CRS

    several = shapely.GeometryType.MULTIPOLYGON
    names = {"MultiPolygon" if kind == several else "Polygon" for kind in kinds}
    return {
        "version": "1.1.0",
        "primary_column": "geometry",
        "columns": {
            "geometry": {
                "encoding": "WKB",
                "geometry_types": sorted(names),
                "crs": CRS.from_user_input("OGC:CRS84").to_json_dict(),
                "orientation": "counterclockwise",
                "edges": "planar",
                "bbox": bounds.tolist(),
                "covering": {"bbox": {corner: ["bbox", corner] for corner in _CORNERS}},
            }
        },
    }
