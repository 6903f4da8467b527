"""What is in a file of a package, as text that a person can read before it is sent."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

_TEXTS: tuple[str, ...] = (
    ".txt",
    ".geojson",
    ".json",
    ".csv",
    ".kml",
    ".cot",
    ".xml",
    ".prj",
    ".cpg",
    ".gpx",
)
_TEXTS += (".qml", ".pem", ".csvt")
_TABLES = (".gpkg", ".gdb.zip", ".shp.zip", ".dxf")
_ZIPS = (".zip", ".kmz")
#: What is shown of a file: nobody reads more, and a text field has to lay it out.
MOST_LINES = 600
_LINE = 240
_ROWS = 25


def preview(name: str, data: bytes) -> str:
    """The beginning of a file: its text, the rows of its tables, or the files in it.

    Whatever is left out is said.
    """
    plain = name.casefold()
    if plain.endswith(_TABLES):
        return _cut(_tables(name, data))
    if plain.endswith(_ZIPS):
        return _cut(_zipped(data))
    if plain.endswith(".parquet"):
        return _cut(_parquet(data))
    if plain.endswith("json"):
        return _cut(_json(data))
    if plain.endswith(_TEXTS):
        return _cut(_text(data))
    if plain.endswith(".sig"):
        return f"{len(data):,} bytes, in hexadecimal digits:\n\n{data.hex(' ', 4)}"
    return f"{len(data):,} bytes."


def _cut(lines: Iterator[str]) -> str:
    kept = []
    for number, line in enumerate(lines):
        if number == MOST_LINES:
            kept.append(f"… and more: only {MOST_LINES} lines are shown here.")
            break
        kept.append(line if len(line) <= _LINE else f"{line[:_LINE]} … ({len(line):,} characters)")
    return "\n".join(kept)


def _text(data: bytes) -> Iterator[str]:
    yield from (
        io.StringIO(data.decode("utf-8-sig", "replace").replace("\r\n", "\n")).read().split("\n")
    )


def _json(data: bytes) -> Iterator[str]:
    """An object line by line, with outlines told by how many corners they have."""
    short = json.dumps(_without_corners(json.loads(data)), ensure_ascii=False, indent=1)
    yield from short.split("\n")


def _without_corners(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_corners(one) for key, one in value.items()}
    if not isinstance(value, list):
        return value
    if len(value) > 3 and all(isinstance(one, list) and len(one) == 2 for one in value):
        return f"… {len(value):,} positions …"
    return [_without_corners(one) for one in value]


def _zipped(data: bytes) -> Iterator[str]:
    """The names in a zip, and the text of each of its files that is one."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        entries = package.infolist()
        for entry in entries:
            yield f"{entry.filename}  ({entry.file_size:,} bytes)"
        for entry in entries:
            if entry.filename.casefold().endswith(_TEXTS):
                yield from ("", f"── {entry.filename}", "")
                yield from _text(package.read(entry))


def _parquet(data: bytes) -> Iterator[str]:
    table = pq.read_table(pa.BufferReader(data))
    columns = [name for name in table.column_names if name not in ("geometry", "bbox")]
    rows = table.select(columns).slice(0, _ROWS).to_pydict()
    yield from _listed("zones", table.num_rows, rows)


def _tables(name: str, data: bytes) -> Iterator[str]:
    import pyogrio
    import pyogrio.raw

    with tempfile.TemporaryDirectory(prefix="gisapp-") as folder:
        path = Path(folder) / Path(name).name
        path.write_bytes(data)
        source = f"/vsizip/{path}" if path.name.endswith(".shp.zip") else str(path)
        for layer, kind in pyogrio.list_layers(source):
            if kind is None:
                continue
            count = pyogrio.read_info(source, layer=layer, force_feature_count=True)["features"]
            meta, _, _, fields = pyogrio.raw.read(
                source, layer=layer, read_geometry=False, max_features=_ROWS
            )
            columns = dict(zip(map(str, meta["fields"]), fields, strict=True))
            yield from _listed(str(layer), count, columns)


def _listed(layer: str, count: int, columns: Mapping[str, Sequence[Any]]) -> Iterator[str]:
    """The rows of a table, one below the other: a row of 40 columns is too wide to be read."""
    width = max(map(len, columns), default=0)
    yield f"Layer {layer}: {count:,} areas"
    for row in range(min(count, _ROWS)):
        yield ""
        for name, values in columns.items():
            value = values[row]
            text = "" if value is None or value != value else str(value)
            yield f"  {name:<{width}}  {text}"
    if count > _ROWS:
        yield from ("", f"… and {count - _ROWS:,} more areas.")
