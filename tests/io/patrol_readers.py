"""Every format of a package read back by a program that is not ours: attributes and outline.

Debian's GDAL, which is some years older than the one that writes; ezdxf, gpxpy, geopandas, and for
TAK the standard library, as no other reader is to be had.
"""

from __future__ import annotations

import io
import json
import re
import subprocess
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable, Mapping
from functools import reduce
from pathlib import Path
from typing import Any

import ezdxf
import geopandas
import gpxpy
import numpy as np
import pyproj
import shapely
from shapely.geometry import shape as from_geojson

from gisapp.layers import geodesy

#: What was read of a zone: its attributes by the names in the file, and its outline.
Read = tuple[dict[str, Any], Any]
Files = Mapping[str, bytes]


def by_gdal(name: str, layer: str = "") -> Callable[[Files, Path], list[Read]]:
    """A reader by ogr2ogr of the file `name`; nothing that it warns of is let pass."""

    def read(files: Files, folder: Path) -> list[Read]:
        for one, content in files.items():
            (folder / one).write_bytes(content)
        found = json.loads(_ogr2ogr(folder / name, layer))
        return [(one["properties"], from_geojson(one["geometry"])) for one in found["features"]]

    return read


def _ogr2ogr(path: Path, layer: str) -> str:
    options = ["-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=10", "-lco", "RFC7946=NO"]
    done = subprocess.run(
        ["ogr2ogr", *options, "/vsistdout/", str(path), *([layer] if layer else [])],
        capture_output=True, timeout=60, check=True,
    )  # fmt: skip
    # GeoPackage 1.4 is newer than it, which it says.
    lines = done.stderr.decode().splitlines()
    warned = [line for line in lines if "only be partially supported" not in line]
    assert warned == []
    return done.stdout.decode()


def by_geopandas(files: Files, folder: Path) -> list[Read]:
    frame = geopandas.read_parquet(io.BytesIO(files["zones.parquet"]))
    assert frame.crs == "OGC:CRS84"
    values = frame.drop(columns="geometry").to_dict("records")
    return list(zip(values, frame.geometry, strict=True))


def by_gpxpy(files: Files, folder: Path) -> list[Read]:
    gpx = gpxpy.parse(files["zones.gpx"].decode())
    assert gpx.waypoints == []
    assert gpx.routes == []
    found = []
    for track in gpx.tracks:
        rings = [[(p.longitude, p.latitude) for p in one.points] for one in track.segments]
        values = {"name": track.name, "description": track.description, "zone_id": track.source}
        found.append((values, from_rings(rings)))
    return found


def by_ezdxf(files: Files, folder: Path) -> list[Read]:
    """Zones in no order: several grids are several files."""
    found = []
    for name, content in files.items():
        (folder / name).write_bytes(content)
        drawing = ezdxf.readfile(folder / name)
        audit = drawing.audit()
        assert not audit.errors
        assert not audit.fixes
        assert drawing.units == ezdxf.units.M
        epsg = int(re.fullmatch(r"zones-EPSG(\d+)-metres\.dxf", name)[1])
        rings: dict[str, list[Any]] = {}
        for line in drawing.modelspace():
            assert line.closed
            places = np.array(line.get_points("xy"))
            rings.setdefault(line.dxf.layer, []).append(in_degrees(places, epsg))
        found += [({"name": layer}, from_rings(edges)) for layer, edges in rings.items()]
    return found


def in_degrees(places: Any, epsg: int) -> Any:
    back = pyproj.Transformer.from_crs(epsg, 4326, always_xy=True)
    lon, lat = back.transform(places[:, 0], places[:, 1])
    # One that lies on the antimeridian may come back on its other side.
    far = np.ptp(lon) > 180
    return np.column_stack([np.where(far & (lon < 0), lon + 360, lon), lat])


def from_rings(rings: list[Any]) -> Any:
    """An area of rings of which those within others are its holes."""
    return reduce(shapely.symmetric_difference, [shapely.Polygon(ring) for ring in rings])


def by_tak(files: Files, folder: Path) -> list[Read]:
    """What a TAK client is shown: areas with one ring, circles about a point."""
    with zipfile.ZipFile(io.BytesIO(files["zones-tak.zip"])) as package:
        manifest = ET.fromstring(package.read("MANIFEST/manifest.xml"))
        entries = [entry.get("zipEntry", "") for entry in manifest.iter("Content")]
        assert sorted(entries) == sorted(set(package.namelist()) - {"MANIFEST/manifest.xml"})
        events = [ET.fromstring(package.read(entry)) for entry in entries]
    zones: dict[str, tuple[dict[str, Any], list[Any]]] = {}
    for event in events:
        remarks = event.findtext("detail/remarks", "")
        key = remarks.rpartition("Zone: ")[2]
        callsign = event.find("detail/contact").get("callsign")
        values = {"name": re.sub(r" \(\d+ of \d+\)$", "", callsign or ""), "remarks": remarks}
        zones.setdefault(key, ({**values, "zone_id": key}, []))[1].append(tak_area(event))
    return [(values, shapely.union_all(parts)) for values, parts in zones.values()]


def tak_area(event: ET.Element) -> Any:
    links = [one.get("point", "").split(",") for one in event.findall("detail/link")]
    if event.get("type") == "u-d-f":
        assert links[0] == links[-1]
        return shapely.Polygon([(float(lon), float(lat)) for lat, lon in links])
    ellipse, point = event.find("detail/shape/ellipse"), event.find("point")
    assert ellipse is not None
    assert point is not None
    assert ellipse.get("major") == ellipse.get("minor")
    lon, lat = float(point.get("lon", "")), float(point.get("lat", ""))
    return geodesy.circle(lon, lat, float(ellipse.get("major", "")))


READERS: dict[str, Callable[[Files, Path], list[Read]]] = {
    "geojson": by_gdal("zones.geojson"),
    "gpkg": by_gdal("zones.gpkg", "zones"),
    "gpkg14": by_gdal("zones-1.4.gpkg", "zones"),
    "shp": by_gdal("zones.shp.zip"),
    "gdb": by_gdal("zones.gdb.zip"),
    "kml": by_gdal("zones.kml"),
    "kmz": by_gdal("zones.kmz"),
    "cot": by_tak,
    "esrijson": by_gdal("zones.esri.json"),
    "csv": by_gdal("zones.csv"),
    "dxf": by_ezdxf,
    "gpx": by_gpxpy,
    "parquet": by_geopandas,
    "nena": by_gdal("zones-nena.gpkg", "NoEnforcementAreaPolygon"),
}
#: Formats that Debian's GDAL reads; without it they are not tried.
BY_GDAL = frozenset(READERS) - {"cot", "dxf", "gpx", "parquet"}
