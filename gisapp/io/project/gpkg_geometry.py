"""Places in and out of GeoPackage blobs, points by numpy without making a geometry object.

A GeoPackage geometry is a small header (OGC 12-128r18, clause 2.1.3) and then ISO WKB.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from gisapp.errors import ProjectFileError
from gisapp.layers.layer import Points
from gisapp.progress import breathe

SRS_ID = 4326

#: Little-endian, no envelope (0x01) or an envelope of west, east, south, north (0x03).
_HEADER = [("magic", "S2"), ("version", "u1"), ("flags", "u1"), ("srs", "<i4")]
_WKB_POINT = np.dtype([("order", "u1"), ("type", "<u4"), ("x", "<f8"), ("y", "<f8")])
_POINT_BLOB = np.dtype(_HEADER + _WKB_POINT.descr)
_ENVELOPE_HEADER = np.dtype([*_HEADER, ("envelope", "<f8", 4)])

#: Length of the envelope by its code in the flags.
_ENVELOPE_BYTES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}

#: Geometries are made in chunks, so that a window stays alive while a worker makes them.
_CHUNK = 250


def _fill_header(blobs: NDArray[np.void], flags: int) -> None:
    blobs["magic"] = b"GP"
    blobs["version"] = 0
    blobs["flags"] = flags
    blobs["srs"] = SRS_ID


def point_blobs(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> list[bytes]:
    """GeoPackage blobs of 29 bytes, one for each point in degrees."""
    blobs = np.empty(len(lon), _POINT_BLOB)
    _fill_header(blobs, 0x01)
    blobs["order"] = 1
    blobs["type"] = 1
    blobs["x"] = lon
    blobs["y"] = lat
    raw: list[bytes] = blobs.view(f"V{_POINT_BLOB.itemsize}").tolist()
    return raw


def shape_blobs(shapes: NDArray[np.object_]) -> list[bytes]:
    """GeoPackage blobs with an envelope, which readers use to skip what is out of view."""
    heads = np.empty(len(shapes), _ENVELOPE_HEADER)
    _fill_header(heads, 0x03)
    bounds = shapely.bounds(shapes)
    heads["envelope"] = bounds.reshape(-1, 4)[:, [0, 2, 1, 3]]
    prefixes: list[bytes] = heads.view(f"V{_ENVELOPE_HEADER.itemsize}").tolist()
    bodies = shapely.to_wkb(shapes, byte_order=1, flavor="iso")
    return [prefix + body for prefix, body in zip(prefixes, bodies, strict=True)]


def geometry_type(shapes: NDArray[np.object_]) -> str:
    """The one GeoPackage type of these shapes, or GEOMETRY where they differ."""
    types = {int(kind) for kind in np.unique(shapely.get_type_id(shapes))}
    names = {
        0: "POINT",
        1: "LINESTRING",
        2: "LINESTRING",
        3: "POLYGON",
        4: "MULTIPOINT",
        5: "MULTILINESTRING",
        6: "MULTIPOLYGON",
    }
    known = {names.get(kind, "GEOMETRY") for kind in types}
    return known.pop() if len(known) == 1 else "GEOMETRY"


def points_from_wkb(wkb: pa.Array, table: str) -> Points:
    """Points of a WKB column, read as one numpy array; ProjectFileError where one is no point."""
    fast = _fixed_points(wkb)
    if fast is not None:
        lon, lat = fast["x"].astype(np.float64), fast["y"].astype(np.float64)
    else:
        shapes = shapes_from_wkb(wkb, table)
        if (shapely.get_type_id(shapes) != 0).any():
            raise _damaged(table, "a place in it is not a point")
        lon, lat = shapely.get_x(shapes), shapely.get_y(shapes)
    if not (np.isfinite(lon).all() and np.isfinite(lat).all()):
        raise _damaged(table, "a row in it has no place")
    return Points(lon, lat)


def _fixed_points(wkb: pa.Array) -> NDArray[np.void] | None:
    """The column as records, if each value is a plain little-endian 2D point; else None."""
    if wkb.null_count or not pa.types.is_binary(wkb.type):
        return None
    if not len(wkb):
        return np.empty(0, _WKB_POINT)
    _, offsets_buffer, data = wkb.buffers()
    offsets = np.frombuffer(offsets_buffer, np.int32)[wkb.offset : wkb.offset + len(wkb) + 1]
    if data is None or (np.diff(offsets) != _WKB_POINT.itemsize).any():
        return None
    records = np.frombuffer(data, np.uint8)[offsets[0] : offsets[-1]].view(_WKB_POINT)
    plain = (records["order"] == 1).all() and (records["type"] == 1).all()
    return records if plain else None


def shapes_from_wkb(wkb: pa.Array, table: str) -> NDArray[np.object_]:
    """Shapely geometries of a WKB column, made in chunks; ProjectFileError where one is none."""
    return _shapes(wkb.to_numpy(zero_copy_only=False), table)


def shapes_from_blobs(blobs: list[bytes | None], table: str) -> NDArray[np.object_]:
    """Shapely geometries of GeoPackage blobs; ProjectFileError where one is none."""
    return _shapes(wkb_of_blobs(blobs, table), table)


def wkb_of_blobs(blobs: list[bytes | None], table: str) -> NDArray[np.object_]:
    """What follows the header of each blob; ProjectFileError where there is none."""
    bodies = np.empty(len(blobs), dtype=object)
    for index, blob in enumerate(blobs):
        if not index % _CHUNK:
            breathe()
        if not isinstance(blob, bytes) or len(blob) < 8 or blob[:2] != b"GP":
            raise _damaged(table, "a place in it cannot be read")
        envelope = _ENVELOPE_BYTES.get(blob[3] >> 1 & 7)
        if envelope is None:
            raise _damaged(table, "a place in it cannot be read")
        bodies[index] = blob[8 + envelope :]
    return bodies


def _shapes(blobs: NDArray[np.object_], table: str) -> NDArray[np.object_]:
    shapes = np.empty(len(blobs), dtype=object)
    for start in range(0, len(blobs), _CHUNK):
        breathe()
        try:
            shapes[start : start + _CHUNK] = shapely.from_wkb(blobs[start : start + _CHUNK])
        except shapely.errors.ShapelyError as error:
            raise _damaged(table, "a place in it cannot be read") from error
    if shapely.is_missing(shapes).any() or shapely.is_empty(shapes).any():
        raise _damaged(table, "a row in it has no place")
    return shapes


def _damaged(table: str, what: str) -> ProjectFileError:
    return ProjectFileError(
        f"The table “{table}” of this project file is damaged: {what}.",
        "Open a recovery copy or a backup; or put the table right in QGIS.",
    )
