"""Every format that a package can hold, in the order in which people are offered them."""

from __future__ import annotations

from gisapp.io.patrol.content import Format
from gisapp.io.patrol.formats import (
    cot,
    cot_withdrawal,
    dxf,
    esri_json,
    file_gdb,
    geo_parquet,
    geojson,
    geopackage,
    gpx,
    kml,
    nena,
    shapefile,
    wkt_csv,
)

FORMATS: tuple[Format, ...] = (
    Format("geojson", "GeoJSON (RFC 7946)", "web maps, QGIS", geojson.write, geojson.losses),
    Format("gpkg", "GeoPackage 1.3", "QGIS, ArcGIS, ATAK", geopackage.write),
    Format("gpkg14", "GeoPackage 1.4", "newer QGIS and ArcGIS", geopackage.write_new),
    Format(
        "shp", "Shapefile, zipped", "ArcGIS, ATAK, older systems", shapefile.write, shapefile.losses
    ),
    Format("gdb", "File Geodatabase, zipped", "ArcGIS", file_gdb.write, file_gdb.losses),
    Format("kml", "KML", "Google Earth, body cameras, ATAK", kml.write, kml.losses),
    Format("kmz", "KMZ", "Google Earth, ATAK", kml.write_zipped, kml.losses),
    Format(
        "cot",
        "Data package for TAK",
        "ATAK, WinTAK, TAK Server",
        cot.write,
        cot.losses,
        cot_withdrawal.withdraw,
    ),
    Format("esrijson", "Esri JSON", "ArcGIS services", esri_json.write, esri_json.losses),
    Format("csv", "CSV with WKT", "databases and all others", wkt_csv.write, wkt_csv.losses),
    Format("dxf", "DXF in projected metres", "CAD, survey drawings", dxf.write, dxf.losses),
    Format("gpx", "GPX tracks", "GPS units, body cameras", gpx.write, gpx.losses),
    Format("parquet", "GeoParquet 1.1", "DuckDB, geopandas, QGIS", geo_parquet.write),
    Format("nena", "NENA-shaped GeoPackage", "9-1-1 GIS staff", nena.write, nena.losses),
)

#: What a package holds when nobody chose.
USUAL = ("geojson", "gpkg", "csv")
