"""Folders of GeoParquet for tests, and the same rows as a layer in memory."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

from gisapp.layers.agreement import Agreement, Hours, Party, Status
from gisapp.layers.layer import Layer, Points, new_layer
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind, PartyRole
from gisapp.layers.zone import Zone, circle_zone

ZONE = "Europe/London"
WEST, SOUTH, SIDE = -0.2, 51.4, 0.1


def frame(rows: int = 3000, seed: int = 0) -> geopandas.GeoDataFrame:
    """Stops of a year; some have no place, some no time, some nothing looked for."""
    rng = np.random.default_rng(seed)
    seconds = rng.integers(0, 365 * 86_400, rows).astype("timedelta64[s]")
    times = pd.DatetimeIndex(np.datetime64("2024-01-01") + seconds).tz_localize("UTC")
    places = shapely.points(WEST + SIDE * rng.random(rows), SOUTH + SIDE * rng.random(rows))
    stops = geopandas.GeoDataFrame(
        {
            "date": times,
            "object_of_search": rng.choice(["Drugs", "Weapons", None], rows),
            "ethnicity": rng.choice(["A", "B"], rows),
            "number": np.arange(rows),
        },
        geometry=places,
        crs=4326,
    )
    stops.loc[::37, "geometry"] = None
    stops.loc[5:9, "geometry"] = shapely.Point(0, 0)
    stops.loc[::41, "date"] = pd.NaT
    return stops


def write(stops: geopandas.GeoDataFrame, root: Path, **options: Any) -> Path:
    """A file a month in folders named by it, in row groups of a few hundred."""
    months = stops["date"].dt.strftime("%Y-%m").fillna("unknown")
    options = {"write_covering_bbox": True, "row_group_size": 300, "index": False, **options}
    for month, part in stops.groupby(months):
        folder = root / f"month={month}"
        folder.mkdir(parents=True)
        part.to_parquet(folder / "part-0.parquet", **options)
    return root


def layer(stops: geopandas.GeoDataFrame) -> Layer:
    """Those rows that have a place, as an import would have them."""
    x, y = shapely.get_x(stops.geometry.values), shapely.get_y(stops.geometry.values)
    good = np.isfinite(x) & ~((x == 0) & (y == 0))
    times = pa.array(stops["date"][good]).cast(pa.timestamp("us", ZONE))
    table = pa.table(
        {
            "date": times,
            "search": pa.array(stops["object_of_search"][good], pa.string(), from_pandas=True),
            "ethnicity": pa.array(stops["ethnicity"][good], pa.string(), from_pandas=True),
        }
    )
    fields = {"time": "date", "activity": "search", "group": "ethnicity"}
    return new_layer("Stops", LayerKind.STOPS, table, Points(x[good], y[good]), fields)


def agreed(**terms: Any) -> Agreement:
    """An agreement of half a year, in the evenings of four days."""
    said: dict[str, Any] = {
        "parties": (Party("Police", PartyRole.POLICE, signed_on=date(2024, 1, 1)),),
        "effective": date(2024, 3, 1),
        "expires": date(2024, 9, 30),
        "timezone": ZONE,
        "id": "terms",
        **terms,
    }
    return Agreement("Half a year", Status.AGREED, **said)


def project(count: int = 12, seed: int = 1, hours: tuple[Hours, ...] = ()) -> Project:
    """Circles that partly overlap, every second one under an agreement."""
    rng = np.random.default_rng(seed)
    zones = [
        circle_zone(
            f"Zone {number}",
            WEST + SIDE * rng.random(),
            SOUTH + SIDE * rng.random(),
            float(rng.integers(200, 1500)),
            "test",
            id=str(number),
            agreement_id="terms" if number % 2 else None,
        )
        for number in range(count)
    ]
    return Project(timezone=ZONE).with_zones(zones).with_agreement(agreed(hours=hours))


def square(west: float, south: float, side: float, key: str, terms: bool) -> Zone:
    box = shapely.box(west, south, west + side, south + side)
    return Zone(f"Square {key}", box, agreement_id="terms" if terms else None, id=key)
