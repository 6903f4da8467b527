"""Map files (GeoJSON, Shapefile, GeoPackage, KML, KMZ) through GDAL, as columns and places."""

from __future__ import annotations

import os
import re
import shutil
import struct
import tempfile
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from gisapp.errors import DataError
from gisapp.io import geojson_check
from gisapp.io.reading.found_files import FileKind, FoundFile
from gisapp.io.reading.raw_table import RawTable, unique_names

#: Columns that GDAL gives every KML placemark; kept only where they say something.
_KML_ALWAYS = {
    "id", "timestamp", "begin", "end", "altitudeMode", "tessellate", "extrude", "visibility",
    "drawOrder", "icon", "snippet",
}  # fmt: skip
_KML_NEVER = {"altitudeMode", "tessellate", "extrude", "visibility", "drawOrder", "icon"}
_POINT_BYTES = 21
_SIMPLE = (pa.types.is_string, pa.types.is_integer, pa.types.is_floating, pa.types.is_boolean)
_KML_COORDINATES = re.compile(rb"<coordinates[^>]*>(.*?)</coordinates>", re.DOTALL)
_NOT_IN_NUMBERS = re.compile(rb"[^\d\s.,eE+-]\S*")


def read_map(file: FoundFile, layer: str | None = None) -> RawTable:
    """The features of a map file, or of one of its layers; DataError if there are none.

    A KML file is read with all of its folders unless one is named. A GeoPackage gives its first
    map layer that holds anything.
    """
    notes: list[str] = []
    if file.kind is FileKind.GEOJSON:
        notes.extend(geojson_check.faults(file.path.read_bytes(), file.label))
    if file.kind is FileKind.KML:
        _check_kml(file)
    with _whole_shapefile(file, notes) as path:
        names = _layer_names(path, file.label)
        if layer is not None and layer not in names:
            raise DataError(f"{file.label} has no layer “{layer}”.", f"Layers: {', '.join(names)}.")
        wanted = [layer] if layer is not None else names
        parts = _parts(path, file, wanted, notes)
    whole = _as_one(parts, file)
    if len(names) > 1 and layer is None:
        notes.append(_choice_note(file, names, parts))
    return RawTable(
        label=file.label,
        format=str(file.kind),
        table=whole.table,
        lines=np.arange(1, whole.table.num_rows + 1),
        xy=whole.xy,
        geoms=whole.geoms,
        faults=whole.faults,
        crs=parts[0].crs,
        layers=tuple(names),
        layer=layer or (parts[0].name if len(parts) == 1 else None),
        notes=tuple(notes),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    name: str
    table: pa.Table
    wkb: pa.ChunkedArray
    crs: str | None


@dataclass(frozen=True, slots=True, eq=False)
class _Whole:
    table: pa.Table
    xy: NDArray[np.float64] | None
    geoms: NDArray[np.object_] | None
    faults: NDArray[np.bool_]


def _check_kml(file: FoundFile) -> None:
    """DataError for coordinates that are no numbers: GDAL would make up places for them."""
    for text in _kml_texts(file):
        for found in _KML_COORDINATES.finditer(text):
            wrong = _NOT_IN_NUMBERS.search(found[1])
            if wrong and b"CDATA" not in found[1]:
                shown = wrong[0].decode("utf-8", errors="replace")[:40]
                raise DataError(
                    f"{file.label} has coordinates that are not numbers, such as “{shown}”.",
                    "Mend them or export the file again.",
                )


def _kml_texts(file: FoundFile) -> Iterator[bytes]:
    if not zipfile.is_zipfile(file.path):
        yield file.path.read_bytes()
        return
    with zipfile.ZipFile(file.path) as archive:
        for name in archive.namelist():
            if name.casefold().endswith(".kml"):
                yield archive.read(name)


def _choice_note(file: FoundFile, names: Sequence[str], parts: Sequence[_Part]) -> str:
    shown = ", ".join(f"“{' '.join(name.split())}”" for name in names)
    if file.kind is FileKind.KML:
        return f"{file.label} holds {len(names)} folders ({shown}); all were read."
    return f"{file.label} holds {len(names)} layers ({shown}); “{parts[0].name}” was read."


@contextmanager
def _whole_shapefile(file: FoundFile, notes: list[str]) -> Iterator[Path]:
    """The path to open; for a shapefile without its .shx a copy with a new index, read and gone."""
    path = file.path
    if file.kind is not FileKind.SHAPEFILE:
        yield path
        return
    if _sibling(path, ".dbf") is None:
        notes.append(f"{file.label} has no .dbf beside it: shapes without any columns.")
    if _sibling(path, ".shx") is not None:
        yield path
        return
    notes.append(f"{file.label} has no .shx beside it; its index was made anew for reading.")
    with tempfile.TemporaryDirectory(prefix="gisapp-") as folder:
        copy = Path(folder) / path.name
        shutil.copyfile(path, copy)
        for suffix in (".dbf", ".prj", ".cpg"):
            sibling = _sibling(path, suffix)
            if sibling is not None:
                shutil.copyfile(sibling, copy.with_suffix(suffix))
        copy.with_suffix(".shx").write_bytes(_index_of(path.read_bytes(), file.label))
        yield copy


def _sibling(path: Path, suffix: str) -> Path | None:
    candidates = (path.with_suffix(suffix), path.with_suffix(suffix.upper()))
    return next((candidate for candidate in candidates if candidate.is_file()), None)


def _index_of(shp: bytes, label: str) -> bytes:
    """The .shx of a .shp: offset and length of each record in 16-bit words (ESRI, July 1998)."""
    if len(shp) < 100:
        raise DataError(f"{label} is cut short.", "Get the shapefile again, with all its parts.")
    records = []
    offset = 100
    while offset + 8 <= len(shp):
        (length,) = struct.unpack_from(">i", shp, offset + 4)
        if length < 0:
            raise DataError(f"{label} is damaged.", "Get the shapefile again, with its .shx.")
        records.append(struct.pack(">ii", offset // 2, length))
        offset += 8 + 2 * length
    header = bytearray(shp[:100])
    struct.pack_into(">i", header, 24, 50 + 4 * len(records))
    return bytes(header) + b"".join(records)


def _layer_names(path: Path, label: str) -> list[str]:
    """Names of the layers that have a place for each row."""
    import pyogrio

    # GDAL also prints what it raises; only the raised half is for the user.
    pyogrio.set_gdal_config_options({"CPL_LOG": os.devnull})
    with _plain_errors(label):
        layers = pyogrio.list_layers(path)
    names = [str(name) for name, shape in layers if shape is not None]
    if not names:
        raise DataError(f"{label} holds no map layer.", "Choose a file with places in it.")
    return names


@contextmanager
def _plain_errors(label: str) -> Iterator[list[str]]:
    """Turn GDAL's errors into DataError, and give its warnings as a list of texts."""
    warned: list[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            yield warned
        except (RuntimeError, ValueError, OSError, NameError) as error:
            # NameError: pyogrio 0.13 trips over its own feet on a .prj that is not text.
            raise DataError(
                f"{label} cannot be read as a map: it is damaged, cut short or of another kind.",
                f"Export or download it again. ({_first_line(error)})",
            ) from error
        finally:
            warned.extend(dict.fromkeys(str(warning.message) for warning in caught))


def _first_line(error: Exception) -> str:
    return str(error).split(";")[0].split("\n")[0][:160]


def _parts(path: Path, file: FoundFile, names: Sequence[str], notes: list[str]) -> list[_Part]:
    """The layers that hold features; of a GeoPackage only the first one that does."""
    parts: list[_Part] = []
    warned: list[str] = []
    for name in names:
        with _plain_errors(file.label) as texts:
            part = _read(path, name)
        warned.extend(texts)
        if part.table.num_rows:
            parts.append(part)
            if file.kind is not FileKind.KML:
                break
    if not parts:
        raise DataError(f"{file.label} holds no features.", _why_empty(file))
    if not notes or file.kind is not FileKind.GEOJSON:
        # What the check of the structure has said already is not said twice.
        notes.extend(f"{file.label}: {t}" for t in dict.fromkeys(_in_words(w) for w in warned))
    return parts


def _why_empty(file: FoundFile) -> str:
    if file.kind is FileKind.KML and b"NetworkLink" in file.path.read_bytes():
        return "It only links to another address: open that and save the places themselves."
    return "Check that it was exported whole."


def _in_words(warning: str) -> str:
    lowered = warning.casefold()
    if "non closed ring" in lowered:
        return "a ring is not closed."
    if "style" in lowered:
        return "a style could not be read; styles are not used here."
    if "measured" in lowered:
        return "measures (M) along the shapes were left out."
    if "unsupported geometry" in lowered:
        return "a geometry is of an unknown kind and has no place."
    return f"the reader says: {warning.rstrip('.')}."


def _read(path: Path, name: str) -> _Part:
    import pyogrio

    meta, table = pyogrio.read_arrow(path, layer=name, datetime_as_string=True)
    column = meta.get("geometry_name") or "wkb_geometry"
    wkb = table[column]
    table = table.drop_columns([column])
    return _Part(name, table, wkb, _crs_text(meta.get("crs")))


def _crs_text(crs: str | None) -> str | None:
    # GDAL calls degrees with a height EPSG:4979; heights are not kept here.
    return "EPSG:4326" if crs in ("EPSG:4979", "OGC:CRS84") else crs or None


def _as_one(parts: Sequence[_Part], file: FoundFile) -> _Whole:
    tables = [
        part.table.rename_columns(unique_names(part.table.column_names))
        if part.table.num_columns
        else part.table
        for part in parts
    ]
    if file.kind is FileKind.KML:
        tables = [_without_boilerplate(table) for table in tables]
        if len(parts) > 1:
            tables = [
                table.append_column("Folder", pa.array([part.name] * len(table), pa.string()))
                for table, part in zip(tables, parts, strict=True)
            ]
    table = _simple_columns(pa.concat_tables(tables, promote_options="permissive"))
    wkb = pa.chunked_array([chunk for part in parts for chunk in part.wkb.chunks], pa.binary())
    xy = _point_places(wkb)
    if xy is not None:
        return _Whole(_rows(table, len(xy)), xy, None, np.zeros(len(xy), dtype=bool))
    geoms, faults = _shapes(wkb)
    kinds = set(shapely.get_type_id(geoms[~shapely.is_missing(geoms)]).tolist())
    if kinds <= {0}:
        return _Whole(_rows(table, len(geoms)), _xy_of(geoms), None, faults)
    return _Whole(_rows(table, len(geoms)), None, geoms, faults)


def _simple_columns(table: pa.Table) -> pa.Table:
    """Numbers, yes or no, and text; dates, lists and whatever else there is become text."""
    for at, column in enumerate(table.columns):
        kind = column.type
        texts = column
        if pa.types.is_string(kind):
            texts = _sound_texts(column)
        elif pa.types.is_temporal(kind):
            texts = column.cast(pa.string())
        elif not any(test(kind) for test in _SIMPLE):
            values = [None if value is None else str(value) for value in column.to_pylist()]
            texts = pa.chunked_array([pa.array(values, pa.string())])
        if texts is not column:
            table = table.set_column(at, table.column_names[at], texts)
    return table


def _sound_texts(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Texts that are UTF-8; what a shapefile wrongly calls so is read as Windows-1252."""
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        raw = column.cast(pa.binary()).to_pylist()
        texts = [None if value is None else _decoded(value) for value in raw]
        return pa.chunked_array([pa.array(texts, pa.string())])
    return column


def _decoded(value: bytes) -> str:
    for encoding in ("utf-8", "cp1252"):
        try:
            return value.decode(encoding)
        except UnicodeDecodeError:
            continue
    return value.decode("latin-1")


def _rows(table: pa.Table, rows: int) -> pa.Table:
    """The table; where it has no column at all, one of numbers, for a table needs its length."""
    if table.num_columns:
        return table
    return pa.table({"Number": pa.array(np.arange(1, rows + 1))})


def _without_boilerplate(table: pa.Table) -> pa.Table:
    empty = [
        name
        for name in table.column_names
        if name in _KML_NEVER or (name in _KML_ALWAYS and table[name].null_count == table.num_rows)
    ]
    return table.drop_columns(empty) if empty else table


def _point_places(wkb: pa.ChunkedArray) -> NDArray[np.float64] | None:
    """Coordinates of plain 2D points straight from their bytes; None if anything else is in it.

    A million point objects would take a second and hold up every other thread meanwhile.
    """
    pieces = []
    for chunk in wkb.chunks:
        if chunk.null_count or not len(chunk):
            return None
        _, offsets, data = chunk.buffers()
        width = np.frombuffer(offsets, np.int32)[chunk.offset : chunk.offset + len(chunk) + 1]
        if not (np.diff(width) == _POINT_BYTES).all():
            return None
        raw = np.frombuffer(data, np.uint8)[width[0] : width[-1]].reshape(-1, _POINT_BYTES)
        if not (raw[:, :5] == (1, 1, 0, 0, 0)).all():
            return None
        pieces.append(np.ascontiguousarray(raw[:, 5:]).view(np.float64))
    return np.concatenate(pieces) if pieces else None


def _shapes(wkb: pa.ChunkedArray) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """2D shapes, None where there is no shape, and where bytes were there that make none."""
    raw = np.array([value or None for value in wkb.to_pylist()], dtype=object)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        geoms = np.asarray(shapely.from_wkb(raw, on_invalid="ignore"), dtype=object)
    faults = shapely.is_missing(geoms) & np.array([value is not None for value in raw], dtype=bool)
    geoms = np.asarray(shapely.force_2d(geoms), dtype=object)
    geoms[shapely.is_empty(geoms)] = None
    return geoms, faults


def _xy_of(points: NDArray[np.object_]) -> NDArray[np.float64]:
    return np.column_stack([shapely.get_x(points), shapely.get_y(points)])
