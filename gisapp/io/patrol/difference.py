"""What differs between two packages: their zones as receivers have them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import shapely

from gisapp.errors import DataError
from gisapp.io.difference import Difference, between, outlines_differ, values_differ
from gisapp.io.patrol.verifying import Verified, verify

_GEOJSON = "zones.geojson"
#: Fields with codes for programs, and those that say the same in words.
_CODED = {"suspended": "suspended_words", "exception_codes": "exceptions", "hours_code": "hours"}
_ALL = ("project", "day", "timezone", "audience", "sent_by", "recipient", "terms", "formats")


def package_at(path: Path) -> Verified:
    """A package to compare, whatever is wrong with it; DataError where it has no manifest."""
    found = verify(path)
    if found.manifest is None:
        words = "; ".join(one.in_words() for one in found.findings)
        raise DataError(f"{path} cannot be compared: {words}", "Compare packages of gisapp.")
    return found


def differences(old: Verified, new: Verified) -> tuple[Difference, ...]:
    """Zones that one has and the other has not, and what differs in those that both have.

    Of a change package the zones that it left unchanged are counted in.
    """
    before, after = old.manifest or {}, new.manifest or {}
    said = tuple(
        values_differ({key: before[key] for key in _ALL}, {key: after[key] for key in _ALL})
    )
    found = [Difference("project", after["project_code"], after["project"], "changed", said)]
    outlines = _features(old), _features(new)

    def details(was: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, ...]:
        return _details(was, now, *(some.get(was["zone_id"]) for some in outlines))

    zones = between("zone", _zones(before), _zones(after), lambda one: str(one["name"]), details)
    return (*(found if said else ()), *zones)


def _zones(told: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {one["zone_id"]: one for one in (*told["unchanged"], *told["zones"])}


def _details(
    was: Mapping[str, Any],
    now: Mapping[str, Any],
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
) -> tuple[str, ...]:
    if was["revision"] == now["revision"]:
        return ()
    if before is None or after is None:
        # Only the manifest speaks; of zones left unchanged it says no more than a name.
        both = [key for key in was if key in now and key not in ("revision", "change")]
        found = list(values_differ(*_said({k: was[k] for k in both}, {k: now[k] for k in both})))
        return tuple(found) or ("its outline or its further terms changed",)
    found = list(values_differ(*_said(before["properties"], after["properties"])))
    shapes = [shapely.geometry.shape(one["geometry"]) for one in (before, after)]
    found += outlines_differ(*shapes)
    return tuple(found) or ("its outline changed by less than can be seen",)


def _said(was: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both without the codes of what their words tell."""
    told = {code for code, words in _CODED.items() if was.get(words) != now.get(words)}
    first, second = ({key: one[key] for key in one if key not in told} for one in (was, now))
    return first, second


def _features(package: Verified) -> dict[str, Mapping[str, Any]]:
    """The zones of a package's GeoJSON by id, where it has one that is as it was sent."""
    bad = {one.file for one in package.findings if one.is_problem}
    data = package.files.get(_GEOJSON)
    if data is None or _GEOJSON in bad:
        return {}
    return {str(one["properties"]["zone_id"]): one for one in json.loads(data)["features"]}
