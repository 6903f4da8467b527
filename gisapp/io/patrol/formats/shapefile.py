"""Shapefile (Esri white paper of July 1998) with .prj and .cpg, zipped; GDAL writes it.

Names of columns have 10 characters and texts 254 bytes there: what is shortened is told before.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from gisapp.io.patrol.content import Content, Loss
from gisapp.io.patrol.formats.archive import zipped
from gisapp.io.patrol.formats.gdal import fields_of, outlines_of, write_layer
from gisapp.io.patrol.zones import COLUMNS, DAYS, NUMBERS, WHOLE

_NAME_LENGTH = 10
_TEXT_BYTES = 254
_CUT = "…"
#: Short names that can still be read; all others are cut, and numbered where they clash.
_SHORT = {
    "legal_basis": "legal_base",
    "suspended_words": "susp_words",
    "covers_transit": "transit",
    "exception_codes": "excep_code",
    "units_bound": "units_in",
    "units_not_bound": "units_out",
    "referral_contact": "referral",
    "measured_from": "meas_from",
    "walk_minutes": "walk_min",
}
_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


def write(content: Content, folder: Path) -> dict[str, bytes]:
    """`zones.shp.zip`, which GDAL and ArcGIS open as it is."""
    fields = fields_of(content.zones)
    for column in COLUMNS:
        if column not in DAYS | NUMBERS | WHOLE:
            fields[column] = np.array([shortened(text) for text in fields[column]], dtype=object)
    names = short_names(tuple(fields))
    # The header of the table has a date, in a byte for the years since 1900.
    year = min(max(content.day.year, 1900), 2155)
    write_layer(
        folder / "zones.shp",
        "ESRI Shapefile",
        outlines_of(content.zones),
        {names[column]: values for column, values in fields.items()},
        layer_options={
            "ENCODING": "UTF-8",
            "DBF_DATE_LAST_UPDATE": f"{year:04}-{content.day:%m-%d}",
        },
    )
    files = {f"zones{end}": (folder / f"zones{end}").read_bytes() for end in _PARTS}
    return {"zones.shp.zip": zipped(files, content.stamp)}


def losses(content: Content) -> tuple[Loss, ...]:
    """Each name and each text that is shortened, and numbers that may be missing."""
    found = [
        Loss(f"column {column}", column, short)
        for column, short in short_names(tuple(COLUMNS)).items()
        if column != short
    ]
    for zone in content.zones:
        for column, value in zone.attributes.items():
            if isinstance(value, str) and shortened(value) != value:
                what = f"{column} of “{zone.attributes['name']}”"
                found.append(Loss(what, value, shortened(value)))
    found += [
        Loss(f"column {column}", "empty", "empty, which some programs read as 0")
        for column in COLUMNS
        if column in NUMBERS and any(zone.attributes[column] is None for zone in content.zones)
    ]
    return tuple(found)


def short_names(columns: Sequence[str]) -> dict[str, str]:
    """A name of at most 10 characters for each column, no two alike whatever their case."""
    names: dict[str, str] = {}
    for column in columns:
        wanted = _SHORT.get(column, column)[:_NAME_LENGTH]
        number, name = 1, wanted
        while name.lower() in {taken.lower() for taken in names.values()}:
            number += 1
            name = f"{wanted[: _NAME_LENGTH - 1 - len(str(number))]}_{number}"
        names[column] = name
    return names


def shortened(text: str) -> str:
    """The text cut to what a shapefile holds, between characters, with an ellipsis at the cut."""
    if len(text.encode()) <= _TEXT_BYTES:
        return text
    kept = text.encode()[: _TEXT_BYTES - len(_CUT.encode())]
    return kept.decode(errors="ignore").rstrip() + _CUT
