"""Every format that a package can hold, in the order in which people are offered them."""

from __future__ import annotations

from gisapp.io.patrol.content import Format
from gisapp.io.patrol.formats import geojson, geopackage, wkt_csv

FORMATS: tuple[Format, ...] = (
    Format("geojson", "GeoJSON (RFC 7946)", "web maps, QGIS, ArcGIS", geojson.write),
    Format("gpkg", "GeoPackage 1.3", "QGIS, ArcGIS, ATAK", geopackage.write),
    Format("csv", "CSV with WKT", "databases and everything else", wkt_csv.write),
)

#: What a package holds when nobody chose.
USUAL = ("geojson", "gpkg", "csv")
