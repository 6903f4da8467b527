"""A layer: rows of one kind with their places, as a frozen value."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from gisapp.layers.audience import EVENT_KINDS, Sensitivity
from gisapp.layers.clocks import local_times
from gisapp.layers.style import Style, default_style
from gisapp.layers.vocabulary import LayerKind

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Points:
    """Places of a point layer in EPSG:4326: longitude and latitude as float64, never NaN."""

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]

    def __post_init__(self) -> None:
        if self.lon.shape != self.lat.shape or self.lon.ndim != 1:
            raise ValueError("lon and lat must be two arrays of one length")

    def __len__(self) -> int:
        return len(self.lon)

    @property
    def bounds(self) -> Bounds | None:
        """West, south, east, north in degrees; None without points."""
        return _known(_bounds, self, self._measured)

    @property
    def main_bounds(self) -> Bounds | None:
        """The extent without the few points that lie far from all others."""
        return _known(_main_bounds, self, self._measured_main)

    def measure(self) -> None:
        """Have the extents known, on a thread that may take its time for them."""
        _known(_bounds, self, self._measured)
        _known(_main_bounds, self, self._measured_main)

    def _measured(self) -> Bounds | None:
        return _box(self.lon, self.lat) if len(self.lon) else None

    def _measured_main(self) -> Bounds | None:
        if len(self) < _FEW:
            return self.bounds
        # Ends of the bulk change little with a sample; which points belong to it is looked at in
        # all of them.
        some = slice(None, None, max(len(self) // _SAMPLE, 1))
        bulk = np.column_stack([self.lon[some], self.lat[some]])
        low, high = np.quantile(bulk, [_ASTRAY, 1 - _ASTRAY], axis=0)
        # What lies within half the width of the rest belongs to it.
        near = np.abs(self.lon - (low[0] + high[0]) / 2) <= high[0] - low[0]
        near &= np.abs(self.lat - (low[1] + high[1]) / 2) <= high[1] - low[1]
        return _box(self.lon[near], self.lat[near]) if near.any() else self.bounds


#: Share of the points at each side that may be astray; fewer points than `_FEW` are all shown.
_ASTRAY, _FEW, _SAMPLE = 0.005, 200, 100_000
#: So many shapes tell what those of a layer are.
_TELLING = 100

_Extents = WeakKeyDictionary["Points | Shapes", "Bounds | None"]

#: Extents are asked for again and again, and looking at millions of points takes a moment.
_bounds: _Extents = WeakKeyDictionary()
_main_bounds: _Extents = WeakKeyDictionary()


def _known(
    known: _Extents, places: Points | Shapes, measure: Callable[[], Bounds | None]
) -> Bounds | None:
    if places not in known:
        known[places] = measure()
    return known[places]


def _box(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Bounds:
    return float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Shapes:
    """Lines or areas: an object array of 2D shapely geometries in EPSG:4326, none empty.

    Where a file mixes kinds, or gives several points in one row, points may stand among them.
    """

    geoms: NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.geoms)

    @property
    def bounds(self) -> Bounds | None:
        """West, south, east, north in degrees; None without shapes."""
        return _known(_bounds, self, self._measured)

    def measure(self) -> None:
        """Have the extent known, on a thread that may take its time for it."""
        _known(_bounds, self, self._measured)

    def _measured(self) -> Bounds | None:
        if not len(self.geoms):
            return None
        west, south, east, north = shapely.total_bounds(self.geoms)
        return float(west), float(south), float(east), float(north)


Geometry = Points | Shapes


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a layer came from and what became of its rows: what every count on it rests on."""

    sources: tuple[str, ...] = ()
    crs: str = "EPSG:4326"
    imported_at: datetime | None = None
    read: int = 0
    rejected: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    duplicates: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """A column that a kind of layer knows by name."""

    name: str
    label: str
    required: bool = False


#: The fields of each kind; a layer maps them to its own columns.
FIELDS: Mapping[LayerKind, tuple[Field, ...]] = {
    LayerKind.SERVICES: (
        Field("name", "Name", required=True),
        Field("service_type", "Kind of service"),
        Field("address", "Address"),
        Field("opening_hours", "Opening hours"),
        Field("contact", "Referral contact"),
        Field("confidential", "Confidential"),
    ),
    LayerKind.OVERDOSES: (
        Field("time", "Time"),
        Field("outcome", "Outcome"),
        Field("naloxone", "Naloxone given"),
    ),
    LayerKind.STOPS: (
        Field("time", "Time"),
        Field("activity", "What was done or looked for"),
        Field("group", "Group"),
        Field("outcome", "Outcome"),
    ),
    LayerKind.REFERRALS: (
        Field("time", "Time"),
        Field("service", "Service"),
        Field("outcome", "Outcome"),
    ),
    LayerKind.DEPLOYMENTS: (
        Field("name", "Name", required=True),
        Field("unit", "Unit"),
        Field("start", "Start"),
        Field("end", "End"),
        Field("purpose", "Purpose"),
        Field("date", "Date"),
        Field("hours", "Hours of the day"),
        Field("streets", "Streets"),
        Field("radius", "Radius round the point"),
    ),
    LayerKind.BOUNDARIES: (Field("name", "Name"),),
    LayerKind.STREETS: (Field("name", "Name"), Field("road_class", "Class of road")),
    LayerKind.POPULATION: (Field("name", "Name"), Field("residents", "Residents")),
    LayerKind.OTHER: (Field("name", "Name"), Field("time", "Time")),
}

#: Fields that hold a moment; their columns are timestamps with a time zone.
TIME_FIELDS = frozenset({"time", "start", "end"})


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """Rows with places. `table` and `geometry` have the same length and order.

    Moments are stored as `timestamp[us, tz]` columns. A change gives a new Layer that shares
    whatever did not change, so `old.table is new.table` tells that nothing needs saving.
    """

    name: str
    kind: LayerKind
    table: pa.Table
    geometry: Geometry
    fields: Mapping[str, str] = field(default_factory=dict)
    style: Style = field(default_factory=Style)
    sensitivity: Sensitivity = Sensitivity.RESTRICTED
    provenance: Provenance = field(default_factory=Provenance)
    visible: bool = True
    id: str = field(default_factory=lambda: uuid.uuid4().hex)

    def __post_init__(self) -> None:
        if self.table.num_rows != len(self.geometry):
            raise ValueError("a layer needs one place for each row")

    def __len__(self) -> int:
        return len(self.geometry)

    @property
    def bounds(self) -> Bounds | None:
        return self.geometry.bounds

    @property
    def is_events(self) -> bool:
        """Whether rows are events in somebody's life, which never leave one by one."""
        return self.kind in EVENT_KINDS

    @property
    def counted(self) -> str:
        """What the layer holds, in words: `6,060 overdoses`."""
        return self.count_words(len(self))

    def count_words(self, count: int) -> str:
        """So many rows of the layer in words: `1 stop`; where its kind says nothing, `2 areas`."""
        if self.kind is not LayerKind.OTHER or isinstance(self.geometry, Points):
            return self.kind.counted(count)
        # Shapes of a file are of one dimension but for a few: the first ones tell.
        dimensions = shapely.get_dimensions(self.geometry.geoms[:_TELLING])
        most = int(np.bincount(np.maximum(dimensions, 0), minlength=3).argmax())
        if most == 0:
            return self.kind.counted(count)
        return f"{count:,} {('', 'line', 'area')[most]}{'' if count == 1 else 's'}"

    def column(self, name: str) -> pa.ChunkedArray | None:
        """The column of a field of this kind (`time`, `name` …), or None where it has none."""
        column = self.fields.get(name)
        return self.table[column] if column in self.table.column_names else None

    @property
    def timezone(self) -> str | None:
        """The zone that the times of this layer are shown and judged in."""
        times = self.column("time")
        if times is None:
            times = self.column("start")
        return times.type.tz if times is not None and pa.types.is_timestamp(times.type) else None

    @property
    def has_times(self) -> bool:
        """Whether the rows have a field of moments, known or not."""
        times = self.column("time")
        return times is not None and pa.types.is_timestamp(times.type)

    def times_local(self) -> NDArray[np.datetime64] | None:
        """Moments as wall-clock time in the layer's own zone, datetime64[us], NaT where unknown.

        None without a time field.
        """
        times = self.column("time")
        if times is None or not pa.types.is_timestamp(times.type):
            return None
        return local_times(times, times.type.tz or "UTC")

    @property
    def time_range(self) -> tuple[datetime, datetime] | None:
        """The first and the last moment in the layer's own zone; None without known times."""
        times = self.column("time")
        if times is None or not pa.types.is_timestamp(times.type):
            return None
        whole = times.cast(pa.timestamp("us", tz=times.type.tz or "UTC"), safe=False)
        try:
            ends = pc.min_max(whole).as_py()
        except (ValueError, OverflowError):  # years that Python's own moments cannot hold
            return None
        return None if ends["min"] is None else (ends["min"], ends["max"])

    def texts(self, name: str) -> list[str]:
        """A field's values as text, empty where missing; all empty without the field."""
        column = self.column(name)
        if column is None:
            return [""] * len(self)
        return ["" if value is None else str(value) for value in column.to_pylist()]

    def renamed(self, name: str) -> Layer:
        return replace(self, name=name)

    def restyled(self, style: Style) -> Layer:
        return replace(self, style=style)

    def features(self) -> GeoDataFrame:
        """The layer as a GeoDataFrame in EPSG:4326, made anew; slow for millions of points."""
        import geopandas

        if isinstance(self.geometry, Points):
            geoms: Any = shapely.points(self.geometry.lon, self.geometry.lat)
        else:
            geoms = self.geometry.geoms
        return geopandas.GeoDataFrame(self.table.to_pandas(), geometry=geoms, crs=4326)


def default_sensitivity(kind: LayerKind) -> Sensitivity:
    """Services, boundaries and streets are public; whatever else comes in is restricted."""
    public = (
        LayerKind.SERVICES,
        LayerKind.BOUNDARIES,
        LayerKind.STREETS,
        LayerKind.POPULATION,
    )
    return Sensitivity.PUBLIC if kind in public else Sensitivity.RESTRICTED


def new_layer(
    name: str,
    kind: LayerKind,
    table: pa.Table,
    geometry: Geometry,
    fields: Mapping[str, str] | None = None,
    provenance: Provenance | None = None,
) -> Layer:
    """A layer with the look and the sensitivity of its kind."""
    return Layer(
        name=name,
        kind=kind,
        table=table,
        geometry=geometry,
        fields=dict(fields or {}),
        style=default_style(kind),
        sensitivity=default_sensitivity(kind),
        provenance=provenance or Provenance(),
    )
