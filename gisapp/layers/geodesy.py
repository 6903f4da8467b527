"""Metres on the ground. Every length, area and buffer of gisapp comes from here.

Circles are drawn by solving the direct geodesic problem on WGS 84 (Karney 2013,
doi:10.1007/s00190-012-0578-z, as in PROJ), so each vertex lies at the radius to the millimetre.
Other buffers use an azimuthal equidistant plane centred on the shape itself, exact to the
centimetre over the few kilometres that a zone spans. Degrees and Web Mercator units are never
used as lengths.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import affinity
from shapely.geometry.base import BaseGeometry

from gisapp.errors import DataError

if TYPE_CHECKING:
    from pyproj import Geod, Transformer

#: Segments a quarter of a circle: at 150 m the chords cut 4.5 cm inside the true circle.
QUAD_SEGS = 32

#: Lengths that somebody can mean; beyond, circles no longer are circles on a map.
SHORTEST_M, LONGEST_M = 0.01, 1_000_000.0

METRES_PER = {
    "m": 1.0,
    "km": 1000.0,
    "ft": 0.3048,
    "yd": 0.9144,
    "mi": 1609.344,
}

_LENGTH = re.compile(
    r"\s*([0-9]+(?:[.,][0-9]+)?)\s*(m|km|ft|feet|yd|yards|mi|miles|metres|meters)\s*"
)
_LONG_NAMES = {
    "feet": "ft",
    "yards": "yd",
    "miles": "mi",
    "metres": "m",
    "meters": "m",
}


@lru_cache(maxsize=1)
def _wgs84() -> Geod:
    from pyproj import Geod

    return Geod(ellps="WGS84")


def parse_length(text: str) -> float:
    """Metres in a length with its unit: `200m`, `500 ft`, `0.25 mi`.

    Raises DataError without a unit, because 500 could be metres or feet, and for lengths that no
    zone or cell can have: none, less than a centimetre, or more than `LONGEST_M`.
    """
    match = _LENGTH.fullmatch(text.strip().casefold())
    if match is None:
        raise DataError(
            f"“{text}” is not a length.", "Write a number and its unit, such as 200m or 500ft."
        )
    unit = _LONG_NAMES.get(match[2], match[2])
    metres = float(match[1].replace(",", ".")) * METRES_PER[unit]
    if metres <= 0:
        raise DataError("A length must be more than zero.", "Write it such as 200m or 500ft.")
    if not SHORTEST_M <= metres <= LONGEST_M:
        raise DataError(
            f"“{text[:40]}” is {'less than 1 cm' if metres < 1 else 'more than 1,000 km'}.",
            "Write a length such as 200m or 500ft.",
        )
    return metres


def circles(
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    radius_m: float,
    quad_segs: int = QUAD_SEGS,
) -> NDArray[np.object_]:
    """Discs of one radius round many points (EPSG:4326 in and out), one geometry for each.

    A disc across the antimeridian comes back as a MultiPolygon cut there (RFC 7946, 3.1.9).
    DataError for one that holds a pole: on a map of degrees it has no outline.
    """
    if radius_m <= 0:
        raise ValueError("radius_m must be positive")
    # A degree of latitude is longest at the poles, 111.7 km.
    if np.any(90 - np.abs(lat) <= radius_m / 111_000):
        raise DataError(
            f"A circle of {in_words(radius_m)} would reach a pole.",
            "Check the coordinates of the places, and the radius.",
        )
    segments = quad_segs * 4
    # Counter-clockwise from the east, as RFC 7946 wants exterior rings.
    azimuth = 90.0 - np.arange(segments) * (360.0 / segments)
    count = len(lon)
    x, y, _ = _wgs84().fwd(
        np.repeat(lon, segments),
        np.repeat(lat, segments),
        np.tile(azimuth, count),
        np.full(count * segments, radius_m),
    )
    rings = np.empty((count, segments + 1, 2))
    rings[:, :-1, 0] = np.asarray(x).reshape(count, segments)
    rings[:, :-1, 1] = np.asarray(y).reshape(count, segments)
    rings[:, -1] = rings[:, 0]
    discs = np.asarray(shapely.polygons(rings), dtype=object)
    across = np.ptp(rings[:, :, 0], axis=1) > 180
    for index in np.flatnonzero(across):
        discs[index] = _cut_at_antimeridian(shapely.Polygon(rings[index]))
    return discs


def circle(lon: float, lat: float, radius_m: float, quad_segs: int = QUAD_SEGS) -> BaseGeometry:
    """A disc of a radius on the ground round one point (EPSG:4326)."""
    disc: BaseGeometry = circles(np.array([lon]), np.array([lat]), radius_m, quad_segs)[0]
    return disc


def _cut_at_antimeridian(shape: BaseGeometry) -> BaseGeometry:
    """A shape whose longitudes jump from 180 to -180, as its two honest halves."""
    east = _across(shape)
    left = shapely.intersection(east, shapely.box(0, -90, 180, 90))
    right = shapely.intersection(east, shapely.box(180, -90, 540, 90))
    right = shapely.transform(right, lambda xy: xy - [360, 0])
    parts = [part for part in (left, right) if not part.is_empty]
    pieces = [piece for part in parts for piece in shapely.get_parts(part)]
    # Where the shape only touches the meridian, a line is left on the other side.
    return shapely.MultiPolygon([p for p in pieces if shapely.get_dimensions(p) == 2])


def within_180(shape: BaseGeometry) -> BaseGeometry:
    """An area with every longitude from -180 to 180, cut at the antimeridian (RFC 7946, 3.1.9).

    A part wider than 180 degrees is taken for one whose longitudes jump there, as no zone spans
    half the world; one drawn on beyond 180 is brought back.
    """
    west, _, east, _ = shape.bounds
    if west >= -180 and east <= 180 and east - west <= 180:
        return shape
    pieces: list[shapely.Polygon] = []
    for part in shapely.get_parts(shape):
        west, _, east, _ = part.bounds
        if west >= -180 and east <= 180:
            whole = _cut_at_antimeridian(part) if east - west > 180 else part
            pieces.extend(shapely.get_parts(whole))
            continue
        for shift in (-360, 0, 360):
            window = shapely.box(shift - 180, -90, shift + 180, 90)
            inside = shapely.intersection(part, window)
            moved = affinity.translate(inside, xoff=-shift)
            pieces.extend(p for p in shapely.get_parts(moved) if shapely.get_dimensions(p) == 2)
    return pieces[0] if len(pieces) == 1 else shapely.MultiPolygon(pieces)


def _across(shape: BaseGeometry) -> BaseGeometry:
    """The shape with its western longitudes counted on beyond 180°."""
    moved: BaseGeometry = shapely.transform(
        shape,
        lambda xy: np.column_stack([np.where(xy[:, 0] < 0, xy[:, 0] + 360, xy[:, 0]), xy[:, 1]]),
    )
    return moved


@dataclass(frozen=True, slots=True)
class Plane:
    """A local plane in metres, azimuthal equidistant about a centre given in degrees."""

    lon: float
    lat: float

    @property
    def crs(self) -> str:
        return f"+proj=aeqd +lat_0={self.lat!r} +lon_0={self.lon!r} +datum=WGS84 +units=m +type=crs"

    @property
    def _transformer(self) -> Transformer:
        return _plane_transformer(self.crs)

    def to_metres(
        self, lon: NDArray[np.float64], lat: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """East and north of the centre, in metres."""
        x, y = self._transformer.transform(lon, lat)
        return np.asarray(x), np.asarray(y)

    def place(self, lon: float, lat: float) -> tuple[float, float]:
        """East and north in metres of one place, without what each thread has PROJ make first.

        The plane tells distance and azimuth from its centre as they are, so these are the place.
        """
        azimuth, _, metres = _wgs84().inv(self.lon, self.lat, lon, lat)
        turn = math.radians(azimuth)
        return metres * math.sin(turn), metres * math.cos(turn)

    def to_degrees(
        self, x: NDArray[np.float64], y: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Longitude and latitude of places given in metres."""
        lon, lat = self._transformer.transform(x, y, direction="INVERSE")
        return np.asarray(lon), np.asarray(lat)

    def shape_to_metres(self, shape: BaseGeometry) -> BaseGeometry:
        moved: BaseGeometry = shapely.transform(
            shape, lambda xy: np.column_stack(self.to_metres(xy[:, 0], xy[:, 1]))
        )
        return moved

    def shape_to_degrees(self, shape: BaseGeometry) -> BaseGeometry:
        moved: BaseGeometry = shapely.transform(
            shape, lambda xy: np.column_stack(self.to_degrees(xy[:, 0], xy[:, 1]))
        )
        return moved


@lru_cache(maxsize=64)
def _plane_transformer(crs: str) -> Transformer:
    from pyproj import Transformer

    return Transformer.from_crs(4326, crs, always_xy=True)


def plane_for(bounds: tuple[float, float, float, float]) -> Plane:
    """The plane about the middle of west, south, east, north in degrees."""
    west, south, east, north = bounds
    return Plane(round((west + east) / 2, 6), round((south + north) / 2, 6))


def buffer(shape: BaseGeometry, radius_m: float, quad_segs: int = QUAD_SEGS) -> BaseGeometry:
    """Everything within `radius_m` metres of a shape (EPSG:4326 in and out).

    A shape that is cut at the antimeridian is taken as one, and the result is cut there again.
    """
    cut = shape.bounds[2] - shape.bounds[0] > 180
    if cut:
        shape = _across(shape)
    plane = plane_for(shape.bounds)
    metres = plane.shape_to_metres(shape)
    if cut:
        # The two halves meet again; a millimetre apart they would leave a seam.
        metres = shapely.union_all(shapely.get_parts(metres), grid_size=1e-3)
    grown: BaseGeometry = plane.shape_to_degrees(metres.buffer(radius_m, quad_segs=quad_segs))
    return _cut_at_antimeridian(grown) if grown.bounds[2] - grown.bounds[0] > 180 else grown


def degrees_of(metres: float, lat: float) -> tuple[float, float]:
    """How many degrees of longitude and of latitude a length spans at a latitude.

    From the radii of curvature of WGS 84 (prime vertical and meridian); good for grids and
    boxes, exact to a millionth at that latitude.
    """
    squared = 0.00669437999014  # first eccentricity, squared
    sine = math.sin(math.radians(lat))
    vertical = 6378137.0 / math.sqrt(1 - squared * sine**2)
    meridian = vertical * (1 - squared) / (1 - squared * sine**2)
    across = vertical * max(math.cos(math.radians(lat)), 1e-6)
    return math.degrees(metres / across), math.degrees(metres / meridian)


def area_m2(shape: BaseGeometry) -> float:
    """Area on the ellipsoid in square metres; 0 for points and lines."""
    if shape.is_empty or shapely.get_dimensions(shape) < 2:
        return 0.0
    total = 0.0
    for part in shapely.get_parts(shape):
        # Rings are oriented first, for pyproj signs an area by its direction.
        area, _ = _wgs84().geometry_area_perimeter(shapely.orient_polygons(part))
        total += abs(area)
    return total


def length_m(shape: BaseGeometry) -> float:
    """Length of lines, or of the outline of areas, in metres on the ellipsoid."""
    return 0.0 if shape.is_empty else abs(float(_wgs84().geometry_length(shape)))


def distance_m(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Geodesic distance between two points in metres."""
    _, _, metres = _wgs84().inv(lon1, lat1, lon2, lat2)
    return float(metres)


def distances_m(
    lon: NDArray[np.float64], lat: NDArray[np.float64], to_lon: float, to_lat: float
) -> NDArray[np.float64]:
    """Geodesic distances from many points to one, in metres."""
    count = len(lon)
    _, _, metres = _wgs84().inv(lon, lat, np.full(count, to_lon), np.full(count, to_lat))
    return np.asarray(metres)


def pair_distances_m(
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    to_lon: NDArray[np.float64],
    to_lat: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Geodesic distances in metres from each of many points to one of its own."""
    _, _, metres = _wgs84().inv(lon, lat, to_lon, to_lat)
    return np.asarray(metres)


def earth_centred(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Metres from the middle of the earth (n × 3) of points on the ellipsoid (EPSG:4978).

    Straight lines between such points grow with the way along the ground, so a search for the
    nearest goes by them.
    """
    east, north = np.radians(lon), np.radians(lat)
    squared = 0.00669437999014  # first eccentricity, squared
    sine = np.sin(north)
    vertical = 6378137.0 / np.sqrt(1 - squared * sine**2)
    across = vertical * np.cos(north)
    up = vertical * (1 - squared) * sine
    return np.column_stack([across * np.cos(east), across * np.sin(east), up])


def along_ground_m(chord_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """Metres along the ground between points whose straight line through it is known.

    Right to 2 mm up to 50 km, whichever way it goes; NaN beyond, where the ellipsoid matters.
    """
    arc = chord_m * (1 + (chord_m / 6_371_008.8) ** 2 / 24)
    return np.where(chord_m <= 50_000.0, arc, np.nan)


def steps_m(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Geodesic distances from each point to the next, in metres; one fewer than the points."""
    _, _, metres = _wgs84().inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
    return np.asarray(metres)


def bearings(
    lon: float, lat: float, to_lon: NDArray[np.float64], to_lat: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """From one point to many: degrees clockwise from north at the start, and metres."""
    count = len(to_lon)
    azimuth, _, metres = _wgs84().inv(np.full(count, lon), np.full(count, lat), to_lon, to_lat)
    return np.asarray(azimuth), np.asarray(metres)


def destinations(
    lon: float, lat: float, azimuth: NDArray[np.float64], metres: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where one gets from a point, in directions clockwise from north, after so many metres."""
    count = len(azimuth)
    east, north, _ = _wgs84().fwd(np.full(count, lon), np.full(count, lat), azimuth, metres)
    return np.asarray(east), np.asarray(north)


def in_words(metres: float) -> str:
    """A length for the eye: `152.4 m`, `1.25 km`."""
    if metres >= 1000:
        return f"{metres / 1000:,.2f}".rstrip("0").rstrip(".") + " km"
    return f"{metres:.1f}".rstrip("0").rstrip(".") + " m"


def area_in_words(square_metres: float) -> str:
    """An area for the eye: `7,850 m²`, `1.21 km²`."""
    if square_metres >= 1_000_000:
        return f"{square_metres / 1_000_000:,.2f} km²"
    return f"{square_metres:,.0f} m²"


def position_in_words(lon: float, lat: float) -> str:
    """A position for the eye: `39.10420° N 84.51200° W`."""
    if not (math.isfinite(lon) and math.isfinite(lat)):
        return ""
    return f"{abs(lat):.5f}° {'N' if lat >= 0 else 'S'} {abs(lon):.5f}° {'E' if lon >= 0 else 'W'}"
