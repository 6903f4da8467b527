"""The zones in a file of a package, as other programs would find them."""

from __future__ import annotations

import csv
import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from shapely.geometry.base import BaseGeometry

from gisapp.io.patrol.archive import MOST_BYTES
from gisapp.io.patrol.unpacked_form import StrangeFileError, laid_out, places_in_kml

#: Files that GDAL reads, by their endings.
_BY_GDAL = (".gpkg", ".shp.zip", ".gdb.zip")
_BEYOND = (180.001, 90.001)


@dataclass(frozen=True, slots=True)
class Read:
    """The ids of the zones in a file (None where it has no such column), and what is unsound.

    `invalid` names zones whose outlines are not valid; `problem` says why nothing could be read.
    """

    zone_ids: tuple[str, ...] | None = ()
    invalid: tuple[str, ...] = ()
    problem: str = ""


def zones_in(name: str, data: bytes) -> Read | None:
    """What a file holds; None for one that holds no zones as areas with ids."""
    reader = _reader(name)
    if reader is None:
        return None
    try:
        if _is_bomb(data):
            return Read(problem="unpacked it would be larger than any file of a package")
        ids, shapes = reader(name, data)
    except StrangeFileError:
        return Read(problem="it is not what its name says, or holds more than such a file does")
    except Exception as error:  # whatever a file does to the programs that read it
        return Read(problem=f"it cannot be read ({type(error).__name__})")
    return Read(ids, tuple(_unsound(ids, shapes)))


_Found = tuple[tuple[str, ...] | None, list[BaseGeometry | None]]


def _reader(name: str) -> Callable[[str, bytes], _Found] | None:
    plain = name.casefold()
    if plain.startswith("withdrawn"):
        return None
    if plain.endswith(".geojson"):
        return _geojson
    if plain.endswith(".csv"):
        return _csv if plain.endswith("zones.csv") else None
    if plain.endswith((".parquet", ".geoparquet")):
        return _parquet
    if plain.endswith((".kml", ".kmz")):
        return _kml
    return _gdal if plain.endswith(_BY_GDAL) else None


def _is_bomb(data: bytes) -> bool:
    """Whether a zip in a package holds more than may be unpacked."""
    if not data.startswith(b"PK"):
        return False
    with zipfile.ZipFile(io.BytesIO(data)) as inside:
        return sum(entry.file_size for entry in inside.infolist()) > MOST_BYTES


def _geojson(name: str, data: bytes) -> _Found:
    features = json.loads(data)["features"]
    ids = tuple(str(feature["properties"]["zone_id"]) for feature in features)
    return ids, [shapely.geometry.shape(feature["geometry"]) for feature in features]


def _csv(name: str, data: bytes) -> _Found:
    csv.field_size_limit(max(len(data), 131_072))
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    ids = tuple(row["zone_id"].removeprefix("'") for row in rows)
    return ids, [shapely.from_wkt(row["wkt"]) for row in rows]


def _parquet(name: str, data: bytes) -> _Found:
    table = pq.read_table(pa.BufferReader(data))
    column = json.loads((table.schema.metadata or {})[b"geo"])["primary_column"]
    shapes = list(shapely.from_wkb(table[column].to_numpy(zero_copy_only=False)))
    return tuple(map(str, table["zone_id"].to_pylist())), shapes


def _kml(name: str, data: bytes) -> _Found:
    ids, shapes = places_in_kml(name, data)
    return tuple(ids), list(shapes)


def _gdal(name: str, data: bytes) -> _Found:
    import pyogrio
    import pyogrio.raw

    with tempfile.TemporaryDirectory(prefix="gisapp-") as folder:
        source = str(laid_out(name, data, Path(folder)))
        ids: list[str] | None = []
        shapes: list[BaseGeometry | None] = []
        for layer, kind in pyogrio.list_layers(source):
            if kind is None:
                continue  # a table without places, such as the styles
            meta, _, wkb, fields = pyogrio.raw.read(source, layer=layer)
            found = shapely.from_wkb(wkb)
            areas = shapely.get_dimensions(found) == 2
            shapes += list(found[areas])
            columns = [str(one) for one in meta["fields"]]
            if "zone_id" not in columns:
                ids = None
            elif ids is not None:
                ids += [str(one) for one in fields[columns.index("zone_id")][areas]]
    return (None if ids is None else tuple(ids)), shapes


def _unsound(ids: tuple[str, ...] | None, shapes: Iterable[BaseGeometry | None]) -> list[str]:
    """The zones whose outlines are missing, empty, not valid, or nowhere on Earth."""
    array: np.ndarray[Any, Any] = np.array([*shapes, None], dtype=object)[:-1]
    good = shapely.is_valid(array) & ~shapely.is_empty(array)
    far = np.abs(shapely.bounds(array).reshape(-1, 4)) > np.array([*_BEYOND, *_BEYOND])
    return [
        f"zone {ids[row]}" if ids is not None else f"feature {row + 1:,}"
        for row in np.flatnonzero(~good | far.any(axis=1)).tolist()
    ]
