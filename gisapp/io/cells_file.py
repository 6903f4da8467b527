"""Hotspot cells as a file that any GIS reads: GeoPackage or GeoJSON."""

from __future__ import annotations

from pathlib import Path

from gisapp.analysis.hotspots import Surface, cells
from gisapp.errors import ExportError
from gisapp.io.safe_files import written

DRIVERS = {".gpkg": "GPKG", ".geojson": "GeoJSON"}


def write(surface: Surface, path: Path, *, name: str) -> int:
    """Write the cells of a surface as areas in EPSG:4326; returns how many.

    ExportError for a suffix other than .gpkg or .geojson, or when it cannot be written.
    """
    import pyogrio

    driver = DRIVERS.get(path.suffix.casefold())
    if driver is None:
        raise ExportError(
            f"“{path.name}” is no kind of file that cells can be written to.",
            "End its name with .gpkg or .geojson.",
        )
    frame = cells(surface)
    options = {"RFC7946": "YES", "WRITE_BBOX": "YES"} if driver == "GeoJSON" else {}
    with written(path) as beside:
        try:
            pyogrio.write_dataframe(frame, beside, driver=driver, layer=name, **options)
        except pyogrio.errors.DataSourceError as error:
            raise ExportError(
                f"{path} could not be written.", "Choose another folder, or make room on the disk."
            ) from error
    return len(frame)
