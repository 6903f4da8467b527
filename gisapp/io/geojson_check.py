"""What is wrong with a GeoJSON file by RFC 7946, in sentences.

The reader of map files is lenient: it drops a feature it cannot make sense of without a word.
This check says the word. It judges structure only and changes nothing.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

import numpy as np

from gisapp.errors import DataError

#: Larger files are left to the reader alone: walking them takes longer than reading them.
MAX_BYTES = 4 * 2**20
_DEPTH = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
_TYPES = {*_DEPTH, "GeometryCollection", "Feature", "FeatureCollection"}
_EXAMPLES = 3


def faults(data: bytes, label: str) -> tuple[str, ...]:
    """One sentence for each kind of fault; DataError where it is no GeoJSON at all."""
    if len(data) > MAX_BYTES:
        return ()
    repeated: list[str] = []

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            counts = Counter(name for name, _ in pairs)
            repeated.extend(name for name, count in counts.items() if count > 1)
        return found

    try:
        root = json.loads(data, object_pairs_hook=members)
    except (ValueError, RecursionError) as error:
        where = f" in line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise DataError(
            f"{label} is not valid JSON: it breaks off or has a mistake{where}.",
            "Export or download it again.",
        ) from error
    kind = root.get("type") if isinstance(root, dict) else None
    if not isinstance(kind, str) or kind.casefold() not in {t.casefold() for t in _TYPES}:
        raise DataError(
            f"{label} is JSON, but not GeoJSON: it names no known type of map feature.",
            "Export it as GeoJSON.",
        )
    found = Counter[str]()
    found.update(f"“{name}” is given twice in one object" for name in set(repeated))
    found.update(_of_object(root))
    times = {text: f" ({count} times)" if count > 1 else "" for text, count in found.items()}
    return tuple(f"{label}: {text}{times[text]}." for text in list(found)[:20])


def _of_object(root: dict[str, Any]) -> Iterator[str]:
    kind = root["type"]
    if kind == "FeatureCollection":
        yield from _of_members(root)
        features = root.get("features")
        if not isinstance(features, list):
            yield "the list of features is missing"
            return
        for feature in features:
            yield from _of_feature(feature)
    elif kind == "Feature":
        yield from _of_feature(root)
    elif kind in _TYPES:
        yield from _of_geometry(root)
    else:
        yield f"the type “{kind}” is not written as the standard wants it"


def _of_members(item: dict[str, Any]) -> Iterator[str]:
    """Members that change what the object would mean, and a bad bounding box."""
    misplaced = {
        "FeatureCollection": ("coordinates", "geometries", "geometry", "properties"),
        "Feature": ("coordinates", "geometries", "features"),
    }.get(item["type"], ("geometry", "properties", "features"))
    for name in misplaced:
        if name in item:
            yield f"a {item['type']} has a member “{name}” that belongs elsewhere"
    if "bbox" in item:
        box = item["bbox"]
        numbers = isinstance(box, list) and all(_is_number(value) for value in box)
        if not numbers or len(box) not in (4, 6):
            yield "a bounding box (bbox) is not a list of four or six numbers"


def _of_feature(feature: Any) -> Iterator[str]:
    if not isinstance(feature, dict):
        yield "a feature is not an object"
        return
    if feature.get("type") != "Feature":
        yield f"a feature has the type “{feature.get('type')}”"
        return
    yield from _of_members(feature)
    if not isinstance(feature.get("properties"), dict | None):
        yield "the properties of a feature are not an object"
    if not isinstance(feature.get("id", ""), str | int | float):
        yield "the id of a feature is neither text nor a number"
    if "geometry" not in feature:
        yield "a feature has no member “geometry”"
    elif feature["geometry"] is not None:
        yield from _of_geometry(feature["geometry"])


def _of_geometry(geometry: Any, nested: bool = False) -> Iterator[str]:
    if not isinstance(geometry, dict):
        yield "a geometry is not an object"
        return
    kind = geometry.get("type")
    if kind == "GeometryCollection":
        parts = geometry.get("geometries")
        if not isinstance(parts, list):
            yield "a collection of geometries is missing its list"
            return
        if nested:
            yield "a collection of geometries stands within another"
        if len(parts) == 1:
            yield "a collection holds a single geometry"
        for part in parts:
            yield from _of_geometry(part, nested=True)
    elif kind not in _DEPTH:
        yield f"a geometry has the unknown type “{kind}”"
    elif "coordinates" not in geometry:
        yield f"a {kind} has no coordinates"
    else:
        if "type" in geometry and not nested:
            yield from _of_members(geometry)
        yield from _of_coordinates(geometry["coordinates"], _DEPTH[kind], kind)


def _of_coordinates(coordinates: Any, depth: int, kind: str) -> Iterator[str]:
    if depth == 0:
        yield from _of_position(coordinates)
        return
    if not isinstance(coordinates, list):
        yield f"the coordinates of a {kind} are not nested as they should be"
        return
    if depth == 1 and kind != "MultiPoint":
        check: Callable[[list[Any]], Iterator[str]] = _of_ring if "Polygon" in kind else _of_line
        yield from check(coordinates)
        if coordinates and all(_overdone(position) for position in coordinates):
            yield "coordinates are written finer than a tenth of a millimetre, which does no harm"
    if depth > 1 or not _all_sound(coordinates):
        for part in coordinates:
            yield from _of_coordinates(part, depth - 1, kind)
    if (kind == "Polygon" and depth == 2) or (kind == "MultiPolygon" and depth == 2):
        yield from _of_directions(coordinates)


def _of_line(line: list[Any]) -> Iterator[str]:
    if len(line) < 2:
        yield "a line has fewer than two positions"


def _of_ring(ring: list[Any]) -> Iterator[str]:
    if len(ring) < 4:
        yield "a ring has fewer than four positions"
    elif ring[0] != ring[-1]:
        yield "a ring is not closed: its first and last positions differ"


def _all_sound(positions: list[Any]) -> bool:
    """Whether all are lists of two or three numbers; asked of types alone, which is quick."""
    if set(map(type, positions)) != {list} or not set(map(len, positions)) <= {2, 3}:
        return False
    return set(map(type, chain.from_iterable(positions))) <= {int, float}


def _of_directions(rings: list[Any]) -> Iterator[str]:
    """Outer rings run counter-clockwise, holes clockwise (section 3.1.6)."""
    for number, ring in enumerate(rings):
        area = _signed_area(ring)
        if area and (area < 0) == (number == 0):
            yield "rings run against the right-hand rule of the standard, which does no harm here"
            return


def _signed_area(ring: Any) -> float:
    """Twice the area of a ring in square degrees, negative clockwise; 0 for what is no ring."""
    if not isinstance(ring, list) or not ring or not _all_sound(ring):
        return 0.0
    x = np.array([position[0] for position in ring], dtype=float)
    y = np.array([position[1] for position in ring], dtype=float)
    # From the first corner, or the digits of large coordinates would drown a small area.
    x, y = x - x[0], y - y[0]
    return float(np.dot(x, np.roll(y, -1)) - np.dot(np.roll(x, -1), y))


def _of_position(position: Any) -> Iterator[str]:
    if not isinstance(position, list):
        yield "a position is not a list of numbers"
    elif not all(_is_number(value) for value in position):
        yield "a position holds something that is not a number"
    elif len(position) < 2:
        yield "a position has fewer than two numbers"
    elif len(position) > 3:
        yield "a position has more than three numbers"


def _overdone(position: Any) -> bool:
    """Whether somebody wrote 10 to 12 decimals; more than that is the noise of arithmetic."""
    return isinstance(position, list) and all(
        10 <= len(repr(value).partition(".")[2]) <= 12 for value in position
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
