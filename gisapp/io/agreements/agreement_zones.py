"""The zones in an agreement file: an outline as GeoJSON, or what it is made from.

A circle may give its centre and radius alone, a street or a corridor its line and width. No
outline is guessed: what cannot be made from these must be drawn.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from gisapp.errors import DataError, EditError
from gisapp.io.agreements.agreement_terms_keys import TERMS_KEYS
from gisapp.io.agreements.json_checker import (
    Checker,
    Key,
    choice_key,
    moment_key,
    number_key,
    object_key,
    object_schema,
    shown,
    text_key,
    texts_key,
)
from gisapp.layers import geodesy
from gisapp.layers.terms import Terms
from gisapp.layers.vocabulary import Basis, MeasuredFrom, Polarity, Visibility
from gisapp.layers.zone import LONGEST_ID, Zone

_KINDS = ("Polygon", "MultiPolygon", "LineString", "MultiLineString")
#: Bases whose outline is a disc when the file gives no other.
_DISCS = (Basis.CIRCLE, Basis.EVENT_SCENE)


def _read_geometry(checker: Checker, path: str, value: object) -> BaseGeometry | None:
    """An area or a line in degrees, longitude first; None where it is noted as wrong."""
    kind = value.get("type") if isinstance(value, dict) else None
    if kind not in _KINDS:
        checker.wrong(path, f"must be a GeoJSON geometry: {', '.join(_KINDS)}")
        return None
    try:
        found = shapely.force_2d(shapely.from_geojson(json.dumps(value)))
    except (shapely.errors.GEOSException, ValueError, TypeError):
        checker.wrong(path, f"cannot be read as a {kind} of GeoJSON")
        return None
    west, south, east, north = found.bounds
    if found.is_empty or not (-360 <= west <= east <= 360 and -90 <= south <= north <= 90):
        checker.wrong(path, "must be in degrees, longitude first")
        return None
    return found


def _read_centre(checker: Checker, path: str, value: object) -> tuple[float, float] | None:
    match value:
        case [int() | float() as lon, int() | float() as lat] if (
            abs(lon) <= 180 and abs(lat) <= 90 and not isinstance(value[0], bool)
        ):
            return float(lon), float(lat)
    checker.wrong(path, f"{shown(value)} is not a place such as [-3.29, 55.25], longitude first")
    return None


_GEOMETRY_SCHEMA = {
    "type": ["object", "null"],
    "properties": {"type": {"enum": list(_KINDS)}, "coordinates": {"type": "array"}},
    "required": ["type", "coordinates"],
    "description": "Its outline in GeoJSON; a line where width_m says how wide. Left out for a "
    "circle, which is made from centre and radius.",
}
_CENTRE_SCHEMA = {
    "type": ["array", "null"],
    "items": {"type": "number"},
    "minItems": 2,
    "maxItems": 2,
    "description": "Longitude and latitude in degrees (WGS 84).",
}


def _read_id(checker: Checker, path: str, value: object) -> str:
    text = checker.text(path, value)
    if len(text.encode(errors="replace")) > LONGEST_ID:
        checker.wrong(path, f"is longer than {LONGEST_ID} bytes, the most that all files can hold")
    return text


ZONE_KEYS: Mapping[str, Key] = {
    "name": Key(Checker.text, {"type": "string", "minLength": 1}),
    "basis": choice_key(Basis, "How its outline came to be."),
    "basis_text": text_key("Who settled on the outline, and how."),
    "measured_from": choice_key(
        MeasuredFrom, "What a radius or a walk is measured from.", empty=True
    ),
    "centre": Key(_read_centre, _CENTRE_SCHEMA),
    "radius": text_key("The radius as it was agreed, with its unit: 200 m, 500 ft, 0.25 mi."),
    "radius_m": number_key("The radius in metres; left out where radius says it."),
    "walk_minutes": number_key("Of a walk: how many minutes on foot."),
    "streets": texts_key("The streets by name."),
    "width_m": number_key("How wide the streets or the corridor are taken, in metres."),
    "service": text_key("The service it stands round."),
    "anchors": texts_key("Further services it stands round."),
    "parts": text_key("Which floors or parts of a building are meant."),
    "polarity": choice_key(Polarity, "What it does to enforcement."),
    "priority": Key(
        Checker.whole,
        {
            "type": ["integer", "null"],
            "description": "Where zones overlap, the higher comes first.",
        },
    ),
    "visibility": choice_key(Visibility, "Who may see it."),
    "starts_at": moment_key("When the scene of an event begins, with its offset."),
    "ends_at": moment_key("When that scene ends, not included."),
    "note": text_key("Whatever else is to be known of it; never exported."),
    "terms": object_key(TERMS_KEYS, Terms, (), "Its own terms, all in place of the agreement's."),
    "id": Key(
        _read_id,
        {
            "type": ["string", "null"],
            "maxLength": LONGEST_ID,
            "description": "The same in every file; made from the name where it is left out.",
        },
    ),
    "geometry": Key(_read_geometry, _GEOMETRY_SCHEMA),
}


def _read_zone(checker: Checker, path: str, value: object) -> Zone | None:
    """A zone under no agreement yet; `id` is empty where the file gives none."""
    before = len(checker.problems)
    said = checker.members(path, value, ZONE_KEYS, ("name",))
    if len(checker.problems) > before:
        return None
    if not said["name"].strip():
        checker.wrong(f"{path}.name", "is empty")
        return None
    said["radius_text"] = said.pop("radius", "")
    said.setdefault("id", "")
    try:
        said["shape"] = _outline(said)
        return Zone(**said)
    except (DataError, EditError) as error:
        checker.wrong(path, error.message[0].lower() + error.message[1:].rstrip("."))
    return None


def _outline(said: dict[str, Any]) -> BaseGeometry:
    """The area of a zone as it is given, or made from centre and radius or line and width.

    Sets `radius_m` where only the radius in words says it. EditError where there is no outline.
    """
    given: BaseGeometry | None = said.pop("geometry", None)
    basis = said.get("basis", Basis.POLYGON)
    disc = basis in _DISCS and given is None
    if said["radius_text"] and "radius_m" not in said and (disc or basis is Basis.CIRCLE):
        said["radius_m"] = geodesy.parse_length(said["radius_text"])
    if disc:
        if said.get("centre") is None or not said.get("radius_m"):
            raise EditError("it needs a geometry, or a centre and a radius")
        lon, lat = said["centre"]
        return geodesy.circle(lon, lat, said["radius_m"])
    if given is None:
        raise EditError("it needs a geometry")
    if shapely.get_dimensions(given) == 2:
        return given
    if not said.get("width_m"):
        raise EditError("a line needs width_m to become an area")
    return geodesy.buffer(given, said["width_m"] / 2)


def _read_zones(checker: Checker, path: str, value: object) -> tuple[Any, ...]:
    return checker.items(path, value, lambda at, item: _read_zone(checker, at, item))


ZONES_KEY = Key(
    _read_zones,
    {
        "type": ["array", "null"],
        "items": object_schema(ZONE_KEYS, ("name",)),
        "description": "The zones on the ground that carry it.",
    },
)
