"""Hotspot cells as a file that any GIS reads: GeoPackage or GeoJSON."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from gisapp.analysis.hotspots.hotspots import Surface, cells
from gisapp.errors import ExportError
from gisapp.io.safe_files import written
from gisapp.layers.audience import Audience, Showing, showing
from gisapp.layers.layer import Layer

DRIVERS = {".gpkg": "GPKG", ".geojson": "GeoJSON"}
_LONGEST_NAME = 60


def reader_of(layer: Layer, audience: Audience | None) -> Audience:
    """For whom the cells of a layer are written; without a wish, events are for partners.

    POLICE stands for cells as they are: for police analysts, and of layers of which the
    audience may see each feature. ExportError where it may see nothing of the layer.
    """
    if audience is None:
        return Audience.PARTNERS if layer.is_events else Audience.POLICE
    shown = showing(layer.kind, layer.sensitivity, audience, exported=True)
    if shown is Showing.NOTHING:
        raise ExportError(
            f"“{layer.name}” is not for {audience.within}.",
            "Choose another audience, or a layer that it may see.",
        )
    return audience if shown is Showing.SUPPRESSED else Audience.POLICE


def write(
    surface: Surface, path: Path, *, name: str, audience: Audience = Audience.PARTNERS
) -> int:
    """Write the cells of a surface as areas in EPSG:4326; returns how many.

    Small counts, and what gives them away, are in it for police analysts alone. ExportError for
    a suffix other than .gpkg or .geojson, or when it cannot be written.
    """
    import pyogrio

    driver = DRIVERS.get(path.suffix.casefold())
    if driver is None:
        raise ExportError(
            f"“{path.name}” is no kind of file that cells can be written to.",
            "End its name with .gpkg or .geojson.",
        )
    frame = cells(surface, audience)
    options = {"RFC7946": "YES", "WRITE_BBOX": "YES"} if driver == "GeoJSON" else {}
    with written(path) as beside, tempfile.TemporaryDirectory(prefix="gisapp-") as folder:
        # GDAL alters names of files and folders that are not plain text, and fails.
        made = Path(folder, "cells" + path.suffix.casefold())
        try:
            pyogrio.write_dataframe(frame, made, driver=driver, layer=_table(name), **options)
        except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
            raise ExportError(
                f"{path} could not be written.", "Make room on the disk of the temporary folder."
            ) from error
        shutil.copyfile(made, beside)
    return len(frame)


def _table(name: str) -> str:
    """A name for the table that GDAL takes: letters and digits, not too long, none reserved."""
    plain = "".join(sign if sign.isalnum() or sign in "-_()" else " " for sign in name)
    plain = " ".join(plain.split())[:_LONGEST_NAME]
    return (
        plain if plain and not plain.casefold().startswith(("gpkg", "rtree")) else f"Cells {plain}"
    )
