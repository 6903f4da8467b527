"""The zones in a file of a package, as other programs would find them."""

from __future__ import annotations

import csv
import io
import itertools
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from shapely.geometry.base import BaseGeometry

from gisapp.io.patrol.opening_limits import (
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_CORNERS,
    MOST_LAYERS,
    MOST_ROWS,
    TooMuchError,
    check_parquet,
    check_signs,
    rows_at_once,
)
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


def zones_in(name: str, data: bytes, most: int = MOST_ROWS) -> Read | None:
    """What a file holds; None for one that holds no zones as areas with ids.

    A file that holds more than `most` rows, or more than is opened, is not read to its end.
    """
    reader = _reader(name)
    if reader is None:
        return None
    try:
        if max(len(data), _unpacked_size(data)) > MOST_BYTES:
            return Read(problem="it is larger than any file of a package that can be checked")
        ids, shapes = reader(name, data, most)
        _check_amount(shapes, most)
    except TooMuchError as error:
        return Read(problem=str(error))
    except StrangeFileError:
        return Read(problem="it is not what its name says, or holds more than such a file does")
    except Exception as error:  # whatever a file does to the programs that read it
        return Read(problem=f"it cannot be read ({type(error).__name__})")
    return Read(ids, tuple(_unsound(ids, shapes)))


_Found = tuple[tuple[str, ...] | None, list[BaseGeometry | None]]


def _reader(name: str) -> Callable[[str, bytes, int], _Found] | None:
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


def _unpacked_size(data: bytes) -> int:
    """How many bytes a zip in a package unpacks to; 0 for what is no zip."""
    if not data.startswith(b"PK"):
        return 0
    with zipfile.ZipFile(io.BytesIO(data)) as inside:
        return sum(entry.file_size for entry in inside.infolist())


def _check_amount(shapes: Sequence[BaseGeometry | None], most: int) -> None:
    if len(shapes) > most:
        raise TooMuchError(f"it holds more rows than the manifest has zones, over {most:,}")
    if shapely.count_coordinates(np.array([*shapes, None], dtype=object)) > MOST_CORNERS:
        raise TooMuchError(f"its outlines have more than {MOST_CORNERS:,} corners")


def _geojson(name: str, data: bytes, most: int) -> _Found:
    check_signs(data)
    features = json.loads(data)["features"]
    ids = tuple(str(feature["properties"]["zone_id"]) for feature in features)
    return ids, [shapely.geometry.shape(feature["geometry"]) for feature in features]


def _csv(name: str, data: bytes, most: int) -> _Found:
    check_signs(data)
    # Of the whole program, so never less than others need for their files.
    csv.field_size_limit(max(len(data), csv.field_size_limit()))
    table = csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
    if len(table.fieldnames or ()) > MOST_COLUMNS:
        raise TooMuchError("it has more columns than any file of a package")
    rows = list(itertools.islice(table, most + 1))
    ids = tuple(row["zone_id"].removeprefix("'") for row in rows)
    return ids, [shapely.from_wkt(row["wkt"]) for row in rows]


def _parquet(name: str, data: bytes, most: int) -> _Found:
    with pq.ParquetFile(pa.BufferReader(data)) as file:
        step = check_parquet(file.metadata, len(data), most)
        schema = file.schema_arrow
        place = json.loads((schema.metadata or {})[b"geo"])["primary_column"]
        if schema.field("zone_id").type != pa.string() or schema.field(place).type != pa.binary():
            raise StrangeFileError
        ids: list[str] = []
        shapes: list[BaseGeometry | None] = []
        for part in file.iter_batches(step, columns=["zone_id", place], use_threads=False):
            ids += map(str, part["zone_id"].to_pylist())
            shapes += list(shapely.from_wkb(part[place].to_numpy(zero_copy_only=False)))
            _check_amount(shapes, most)
    return tuple(ids), shapes


def _kml(name: str, data: bytes, most: int) -> _Found:
    ids, shapes = places_in_kml(name, data)
    return tuple(ids), list(shapes)


def _gdal(name: str, data: bytes, most: int) -> _Found:
    import pyogrio

    step = rows_at_once(max(len(data), _unpacked_size(data)))
    with tempfile.TemporaryDirectory(prefix="gisapp-") as folder:
        source = str(laid_out(name, data, Path(folder)))
        ids: list[str] | None = []
        shapes: list[BaseGeometry | None] = []
        layers = pyogrio.list_layers(source)
        if len(layers) > MOST_LAYERS:
            raise TooMuchError("it has more layers than any file of a package")
        for layer, kind in layers:
            if kind is None:
                continue  # a table without places, such as the styles
            for named, found in _layer(source, str(layer), step):
                areas = shapely.get_dimensions(found) == 2
                shapes += list(found[areas])
                _check_amount(shapes, most)
                if named is None:
                    ids = None
                elif ids is not None:
                    ids += [str(one) for one in named[areas]]
    return (None if ids is None else tuple(ids)), shapes


_Array = np.ndarray[Any, Any]


def _layer(source: str, layer: str, step: int) -> Iterator[tuple[_Array | None, _Array]]:
    """Ids (None without such a column) and outlines, so many rows at once: in some formats all
    rows may be one and the same large outline, though the file is small.
    """
    import pyogrio.raw

    for at in itertools.count(0, step):
        meta, _, wkb, fields = pyogrio.raw.read(
            source, layer=layer, columns=["zone_id"], skip_features=at, max_features=step
        )
        yield (fields[0] if len(meta["fields"]) else None), shapely.from_wkb(wkb)
        if len(wkb) < step:
            return


def _unsound(ids: tuple[str, ...] | None, shapes: Iterable[BaseGeometry | None]) -> list[str]:
    """The zones whose outlines are missing, empty, not valid, or nowhere on Earth."""
    array: np.ndarray[Any, Any] = np.array([*shapes, None], dtype=object)[:-1]
    good = shapely.is_valid(array) & ~shapely.is_empty(array)
    far = np.abs(shapely.bounds(array).reshape(-1, 4)) > np.array([*_BEYOND, *_BEYOND])
    return [
        f"zone {ids[row]}" if ids is not None else f"feature {row + 1:,}"
        for row in np.flatnonzero(~good | far.any(axis=1)).tolist()
    ]
