"""Files of a package as they are handed to GDAL: only what they say they are, and nothing more.

GDAL looks at what is in a file and not at its name. A `zones.kml` that is a virtual layer would
have it read any file of the receiver or call any host, and a view in a GeoPackage may never end.
So KML is read here, and of other files only the parts that such a file has are laid out, under
our names.
"""

from __future__ import annotations

import io
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree

import shapely

from gisapp.io.patrol.opening_limits import check_signs

_KML = "{http://www.opengis.net/kml/2.2}"
#: What a database of zones is made of; a view or any other virtual table runs what a sender wrote.
_HARMLESS = re.compile(
    r"CREATE (TABLE|INDEX|UNIQUE INDEX|TRIGGER|VIRTUAL TABLE \S+ USING rtree *\()", re.IGNORECASE
)
#: How SQLite calls virtual and stored generated columns (https://sqlite.org/pragma.html).
_GENERATED = (2, 3)
_SHAPEFILE = re.compile(r"[^/]+(\.shp|\.shx|\.dbf|\.prj|\.cpg)")
#: How the file with the outlines begins (Esri white paper of July 1998, "File code").
_SHAPES = (9994).to_bytes(4, "big")
_FILE_GDB = re.compile(
    r"[^/]+\.gdb/(a[0-9a-f]{8}\.\w*\.?(?:gdbtable|gdbtablx|gdbindexes|atx|spx|freelist|horizon)"
    r"|gdb|timestamps)"
)


class StrangeFileError(ValueError):
    """A file that is not what its name says, or that holds more than such a file does."""


def laid_out(name: str, data: bytes, folder: Path) -> Path:
    """A GeoPackage, zipped Shapefile or zipped File Geodatabase in a folder, for GDAL to open."""
    plain = name.casefold()
    if plain.endswith(".gpkg"):
        _check_database(data)
        path = folder / "zones.gpkg"
        path.write_bytes(data)
        return path
    if plain.endswith(".shp.zip"):
        for part, inside in _parts(data, _SHAPEFILE):
            if part == ".shp" and not inside.startswith(_SHAPES):
                raise StrangeFileError
            (folder / f"zones{part}").write_bytes(inside)
        return folder / "zones.shp"
    path = folder / "zones.gdb"
    path.mkdir()
    for part, inside in _parts(data, _FILE_GDB):
        (path / part).write_bytes(inside)
    return path


def _check_database(data: bytes) -> None:
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(data)
        made = database.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
        for kind, name, text in made:
            if kind == "view" or (text is not None and not _HARMLESS.match(text)):
                raise StrangeFileError
            # Of a generated column each row is worked out anew, by what the sender wrote.
            columns = database.execute("SELECT hidden FROM pragma_table_xinfo(?)", (name,))
            if kind == "table" and any(hidden in _GENERATED for (hidden,) in columns):
                raise StrangeFileError


def _parts(data: bytes, known: re.Pattern[str]) -> Iterator[tuple[str, bytes]]:
    """The files in a zip by what their names end in; each must be known, and be there once."""
    with zipfile.ZipFile(io.BytesIO(data)) as inside:
        found = [(known.fullmatch(name), name) for name in inside.namelist() if name[-1:] != "/"]
        ends = [match.group(1) for match, _ in found if match is not None]
        if not ends or len(ends) < len(found) or len(set(ends)) < len(ends):
            raise StrangeFileError
        for end, (_, name) in zip(ends, found, strict=True):
            yield end, inside.read(name)


def places_in_kml(name: str, data: bytes) -> tuple[list[str], list[shapely.MultiPolygon]]:
    """Ids and outlines of the places in KML, or in the `doc.kml` of a KMZ."""
    if name.casefold().endswith(".kmz"):
        with zipfile.ZipFile(io.BytesIO(data)) as inside:
            data = inside.read("doc.kml")
    check_signs(data)
    if b"<!" in data or not data.startswith(b"<?xml"):  # no file of ours declares anything
        raise StrangeFileError
    root = ElementTree.fromstring(data)
    if root.tag != f"{_KML}kml":
        raise StrangeFileError
    places = list(root.iter(f"{_KML}Placemark"))
    ids = [
        "".join(one.text or "" for one in place.iter(f"{_KML}SimpleData") if _is_id(one))
        for place in places
    ]
    return ids, [
        shapely.MultiPolygon([*map(_area, place.iter(f"{_KML}Polygon"))]) for place in places
    ]


def _is_id(one: ElementTree.Element) -> bool:
    return one.get("name") == "zone_id"


def _area(polygon: ElementTree.Element) -> shapely.Polygon:
    outer, inner = (
        [_corners(ring.text or "") for ring in polygon.iterfind(f"{_KML}{side}//{_KML}coordinates")]
        for side in ("outerBoundaryIs", "innerBoundaryIs")
    )
    return shapely.Polygon(outer[0], inner)


def _corners(text: str) -> list[tuple[float, float]]:
    """`lon,lat` or `lon,lat,height`, with blanks between."""
    corners = [place.split(",") for place in text.split()]
    return [(float(place[0]), float(place[1])) for place in corners]
