"""Zones as a layer that GDAL writes, for the formats that it writes well."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gisapp.errors import ExportError
from gisapp.io.patrol.zones import COLUMNS, DAYS, NUMBERS, WHOLE, Outgoing

#: The columns of a layer by name, a value for each of its rows.
Fields = Mapping[str, np.ndarray[Any, Any]]


#: GDAL has one set of settings for all threads.
_SETTING = Lock()


@contextmanager
def setting(name: str, value: bool) -> Iterator[None]:
    """Write with one of GDAL's settings that is no option of a file."""
    import pyogrio

    with _SETTING:
        pyogrio.set_gdal_config_options({name: value})
        try:
            yield
        finally:
            pyogrio.set_gdal_config_options({name: None})


def fields_of(zones: Sequence[Outgoing]) -> dict[str, np.ndarray[Any, Any]]:
    """Every column of the zones with its type: days, whole numbers, numbers or text."""
    return {column: _column(zones, column) for column in COLUMNS}


def _column(zones: Sequence[Outgoing], column: str) -> np.ndarray[Any, Any]:
    values = [zone.attributes[column] for zone in zones]
    if column in DAYS:
        return np.array(values, dtype="datetime64[D]")
    if column in NUMBERS:
        return np.array(values, dtype=np.float64)
    if column in WHOLE:
        return np.array(values, dtype=np.int32)
    return np.array(values, dtype=object)


def outlines_of(zones: Sequence[Outgoing]) -> list[BaseGeometry]:
    """The outlines, all as MultiPolygons, so that a layer has one type."""
    return [shapely.MultiPolygon(list(shapely.get_parts(zone.shape))) for zone in zones]


def write_layer(
    path: Path,
    driver: str,
    shapes: Sequence[BaseGeometry] | NDArray[np.object_],
    fields: Fields,
    *,
    layer: str = "zones",
    geometry_type: str = "MultiPolygon",
    crs: str | None = "EPSG:4326",
    **options: Any,
) -> None:
    """Write a layer; `options` are those of pyogrio. ExportError where that does not work.

    What GDAL warns of is known to the writer of each format, which tells it as a Loss.
    """
    import pyogrio.raw

    written = shapely.to_wkb(np.asarray(shapes, dtype=object), flavor="iso")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            pyogrio.raw.write(
                path,
                geometry=written,
                field_data=list(fields.values()),
                fields=list(fields),
                layer=layer,
                driver=driver,
                geometry_type=geometry_type,
                crs=crs,
                **options,
            )
    except _troubles() as error:
        raise not_written(path.name) from error


def _troubles() -> tuple[type[Exception], ...]:
    from pyogrio import errors

    return errors.DataSourceError, errors.DataLayerError, errors.FeatureError, errors.FieldError


def not_written(name: str) -> ExportError:
    return ExportError(
        f"{name} of this package could not be written.",
        "Make room on the disk of the temporary folder, and try again.",
    )
