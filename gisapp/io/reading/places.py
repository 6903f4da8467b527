"""Places of rows in degrees, and for each row that has none the reason."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from gisapp.io.reading import numbers, reference_systems
from gisapp.layers import geodesy
from gisapp.layers.layer import Geometry, Points, Shapes

NO_COORDINATES = "no coordinates"
UNREADABLE = "coordinates that are not numbers"
OFF_THE_GLOBE = "coordinates off the globe"
ZERO = "coordinates 0, 0"
OUTSIDE = "coordinates outside the area of the reference system"
BAD_SHAPE = "a shape that cannot be read"
#: By code, as `Placed.codes` gives them; 0 is a row that has its place.
REASONS = ("", NO_COORDINATES, UNREADABLE, OFF_THE_GLOBE, ZERO, OUTSIDE, BAD_SHAPE)
#: Texts that say that a coordinate is missing, rather than being a mistyped number.
_SAMPLE = 200_000
_MISSING = ("", "na", "n/a", "nan", "none", "null", "-", "--", "unknown", "#n/a", ".")


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """Places of those rows whose code is 0, in their order, and the code of every row.

    `reasons` are the words of the codes.
    """

    geometry: Geometry
    codes: NDArray[np.uint8]
    notes: tuple[str, ...] = ()
    reasons: tuple[str, ...] = REASONS

    @property
    def good(self) -> NDArray[np.bool_]:
        return np.asarray(self.codes == 0)


def from_columns(
    x: pa.ChunkedArray, y: pa.ChunkedArray, crs: str, scale: float, swap: bool = False
) -> Placed:
    """Points from two columns; `scale` turns their numbers into units of `crs`."""
    if swap:
        x, y = y, x
    with ThreadPoolExecutor(1, thread_name_prefix="gisapp-places") as thread:
        other = thread.submit(numbers.as_numbers, y)
        xs, ys = numbers.as_numbers(x), other.result()
    codes = np.zeros(len(xs), dtype=np.uint8)
    unread = ~(np.isfinite(xs) & np.isfinite(ys))
    if unread.any():
        codes[unread] = _code(UNREADABLE)
        codes[unread & (_missing(x) | _missing(y))] = _code(NO_COORDINATES)
    return _points(xs * scale, ys * scale, crs, codes)


def _code(reason: str) -> int:
    return REASONS.index(reason)


def _missing(column: pa.ChunkedArray) -> NDArray[np.bool_]:
    if not pa.types.is_string(column.type):
        return np.asarray(column.is_null())
    lowered = pc.utf8_lower(pc.utf8_trim_whitespace(column))
    said = pc.or_(pc.is_in(lowered, value_set=pa.array(_MISSING)), column.is_null())
    return np.asarray(said)


def from_points(xy: NDArray[np.float64], faults: NDArray[np.bool_], crs: str, swap: bool) -> Placed:
    """Points of a map file."""
    xs, ys = (xy[:, 1], xy[:, 0]) if swap else (xy[:, 0], xy[:, 1])
    codes = np.zeros(len(xs), dtype=np.uint8)
    codes[~(np.isfinite(xs) & np.isfinite(ys))] = _code(NO_COORDINATES)
    codes[faults] = _code(BAD_SHAPE)
    return _points(xs, ys, crs, codes)


def _points(
    xs: NDArray[np.float64], ys: NDArray[np.float64], crs: str, codes: NDArray[np.uint8]
) -> Placed:
    points = put(xs, ys, crs, codes)
    return Placed(points, codes, (*_rough(crs), *_far_away(points)))


def put(
    xs: NDArray[np.float64], ys: NDArray[np.float64], crs: str, codes: NDArray[np.uint8]
) -> Points:
    """The points of the rows whose code is 0, once those that lie nowhere have got another code."""
    codes[(codes == 0) & (xs == 0) & (ys == 0)] = _code(ZERO)
    off = codes == 0
    if reference_systems.is_degrees(crs):
        codes[off & ~((np.abs(xs) <= 180) & (np.abs(ys) <= 90))] = _code(OFF_THE_GLOBE)
    good = np.flatnonzero(codes == 0)
    if len(good) < len(codes):
        xs, ys = xs[good], ys[good]
    lon, lat = reference_systems.to_degrees(crs, xs, ys)
    lost = ~np.isfinite(lon)
    if lost.any():
        codes[good[lost]] = _code(OUTSIDE)
        lon, lat = lon[~lost], lat[~lost]
    return Points(np.ascontiguousarray(lon), np.ascontiguousarray(lat))


def _rough(crs: str) -> tuple[str, ...]:
    if not reference_systems.is_rough(crs):
        return ()
    return (
        f"The datum of {reference_systems.label(crs)} is unknown: places may be off by up to "
        "200 m.",
    )


def _far_away(points: Points) -> tuple[str, ...]:
    """A sentence on points absurdly far from the rest, which are kept."""
    if len(points) < 20:
        return ()
    # Of millions, evenly chosen ones say well enough where the middle is and how far most reach.
    some = slice(None, None, max(len(points) // _SAMPLE, 1))
    middle_lon, middle_lat = float(np.median(points.lon[some])), float(np.median(points.lat[some]))
    shrink = max(np.cos(np.radians(middle_lat)), 0.05)
    reach = np.hypot((points.lon - middle_lon) * shrink, points.lat - middle_lat)
    usual = float(np.quantile(reach[some], 0.95))
    far = np.flatnonzero(reach > max(5 * usual, 0.5))
    if not len(far) or len(far) > 0.02 * len(points):
        return ()
    metres = geodesy.distances_m(points.lon[far], points.lat[far], middle_lon, middle_lat)
    nearest, farthest = (f"{one / 1000:,.0f} km" for one in (metres.min(), metres.max()))
    if len(far) == 1:
        return (f"1 point lies {farthest} from the middle of the rest; kept as given.",)
    words = f"{len(far):,} points lie {nearest} or more from the middle of the rest"
    if nearest != farthest:
        words += f" (the farthest {farthest})"
    return (f"{words}; kept as given.",)


def from_shapes(
    geoms: NDArray[np.object_],
    faults: NDArray[np.bool_],
    crs: str,
    names: Sequence[str | None],
    swap: bool,
) -> Placed:
    """Lines, areas and mixed shapes of a map file; areas that cross themselves are repaired."""
    codes = np.zeros(len(geoms), dtype=np.uint8)
    codes[shapely.is_missing(geoms)] = _code(NO_COORDINATES)
    codes[faults | _not_finite(geoms)] = _code(BAD_SHAPE)
    good = np.flatnonzero(codes == 0)
    shapes = geoms[good]
    if swap:
        shapes = shapely.transform(shapes, lambda xy: xy[:, ::-1])
    if reference_systems.is_degrees(crs):
        off = _off_the_globe(shapes)
        codes[good[off]] = _code(OFF_THE_GLOBE)
        good, shapes = good[~off], shapes[~off]
    if crs != reference_systems.WGS84 and len(shapes):
        shapes = shapely.transform(
            shapes,
            lambda xy: np.column_stack(reference_systems.to_degrees(crs, xy[:, 0], xy[:, 1])),
        )
        lost = _not_finite(shapes)
        codes[good[lost]] = _code(OUTSIDE)
        good, shapes = good[~lost], shapes[~lost]
    shapes, hopeless, notes = _repaired(shapes, [names[int(row)] for row in good])
    codes[good[hopeless]] = _code(BAD_SHAPE)
    return Placed(Shapes(shapes[~hopeless]), codes, (*_rough(crs), *notes))


def _not_finite(geoms: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Shapes with a corner that is no number."""
    corners, of = shapely.get_coordinates(geoms, return_index=True)
    wrong = np.zeros(len(geoms), dtype=bool)
    wrong[of[~np.isfinite(corners).all(axis=1)]] = True
    return wrong


def _off_the_globe(shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    if not len(shapes):
        return np.zeros(0, dtype=bool)
    west, south, east, north = shapely.bounds(shapes).T
    return np.asarray((west < -180.0001) | (east > 180.0001) | (south < -90) | (north > 90))


def _repaired(
    shapes: NDArray[np.object_], names: Sequence[str | None]
) -> tuple[NDArray[np.object_], NDArray[np.bool_], list[str]]:
    """Valid areas, collections taken down to one kind of shape, and which are beyond repair."""
    shapes = np.array(shapes, dtype=object)
    hopeless = np.zeros(len(shapes), dtype=bool)
    invalid = np.flatnonzero(~shapely.is_valid(shapes) & (shapely.get_dimensions(shapes) == 2))
    for row in invalid:
        try:
            shapes[row] = shapely.make_valid(shapes[row])
        except shapely.errors.GEOSException:
            hopeless[row] = True
        # An area that had no extent falls to a line or a point, which it never was.
        hopeless[row] |= shapely.get_dimensions(shapes[row]) < 2
    notes = _repair_notes([names[int(row)] for row in invalid if not hopeless[row]])
    reduced = 0
    for row in np.flatnonzero((shapely.get_type_id(shapes) == 7) & ~hopeless):
        shapes[row], lost = _highest(shapes[row])
        # What a repair leaves over (spikes without area) is not worth a word.
        reduced += lost and row not in invalid
    if reduced:
        which = "1 collection" if reduced == 1 else f"{reduced:,} collections"
        notes.append(f"{which} of mixed shapes kept areas only, or lines where there are none.")
    return shapes, hopeless, notes


def _repair_notes(names: Sequence[str | None]) -> list[str]:
    if not names:
        return []
    which = (
        "1 area crossed itself and was repaired"
        if len(names) == 1
        else f"{len(names):,} areas crossed themselves and were repaired"
    )
    named = ", ".join(str(name) for name in names[:5] if name)
    more = " …" if len(names) > 5 else ""
    return [f"{which}: {named}{more}." if named else f"{which}."]


def _highest(collection: shapely.GeometryCollection) -> tuple[shapely.Geometry, bool]:
    """The parts of the highest dimension as one shape, and whether there were others."""
    parts = np.array([collection], dtype=object)
    while (shapely.get_type_id(parts) == 7).any():
        parts = shapely.get_parts(parts)
    parts = np.asarray(shapely.get_parts(parts), dtype=object)
    dimensions = shapely.get_dimensions(parts)
    kept = parts[dimensions == dimensions.max()]
    if len(kept) == 1:
        return kept[0], len(parts) > 1
    build = (shapely.multipoints, shapely.multilinestrings, shapely.multipolygons)
    return build[int(dimensions.max())](kept), len(kept) < len(parts)
