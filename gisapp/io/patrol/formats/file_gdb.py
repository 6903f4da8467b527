"""File Geodatabase (Esri, ArcGIS 10 and later), zipped; GDAL's OpenFileGDB writes it."""

from __future__ import annotations

from pathlib import Path

from gisapp.io.patrol.content import Content, Loss
from gisapp.io.patrol.formats.archive import zipped
from gisapp.io.patrol.formats.gdal import fields_of, outlines_of, setting, write_layer
from gisapp.io.patrol.zones import DAYS

#: Numbers its items by count and not at random, so that the same gives the same bytes.
_STEADY = "OPENFILEGDB_REPRODUCIBLE_UUID"


def write(content: Content, folder: Path) -> dict[str, bytes]:
    """`zones.gdb.zip` with the folder `zones.gdb`, which GDAL and ArcGIS open as it is."""
    path = folder / "zones.gdb"
    fields = fields_of(content.zones)
    # Days by themselves are for ArcGIS Pro 3.2 and later only.
    fields |= {column: fields[column].astype("datetime64[ms]") for column in DAYS}
    with setting(_STEADY, True):
        write_layer(
            path,
            "OpenFileGDB",
            outlines_of(content.zones),
            fields,
            layer_options={"LAYER_ALIAS": "Zones in force"},
        )
    files = {f"zones.gdb/{one.name}": one.read_bytes() for one in sorted(path.iterdir())}
    return {"zones.gdb.zip": zipped(files, content.stamp)}


def losses(content: Content) -> tuple[Loss, ...]:
    """Days, which older ArcGIS has with a time of day only."""
    return tuple(Loss(f"column {column}", "a day", "the day at 00:00") for column in sorted(DAYS))
