"""Checked deployments as GeoJSON (RFC 7946): areas, ground that zones hold, proposed areas."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gisapp.analysis.deployments.advice import advice_of, meeting_words
from gisapp.analysis.deployments.check import Checked, DeploymentCheck
from gisapp.io.safe_files import written
from gisapp.layers import geodesy
from gisapp.layers.deployment_edits import without

#: A hundredth of a millimetre is thrown away.
_DIGITS = 7


def feature_collection(check: DeploymentCheck) -> dict[str, Any]:
    """Each deployment, then its overlaps and what is left without them, told by `feature`."""
    features: list[dict[str, Any]] = []
    for one in check.deployments:
        features.append(_feature("deployment", one, one.shape, _told(check, one)))
        for meeting in one.met:
            if meeting.conflict.ground is not None:
                words = meeting_words(check, one, meeting)
                properties = {
                    "zone": words.zone,
                    "overlap_m2": round(meeting.conflict.overlap_m2, 1),
                    "share": round(meeting.conflict.share, 4),
                    "in_force": words.when,
                    "binds": meeting.conflict.binds.value,
                    "not_here": list(words.not_there),
                    "exceptions": words.exceptions,
                    "streets": words.streets,
                }
                features.append(_feature("overlap", one, meeting.conflict.ground, properties))
        left = proposed(one)
        if left is not None and not left.is_empty:
            features.append(_feature("proposed", one, left, {}))
    boxes = [feature["bbox"] for feature in features]
    whole = _around(boxes)
    head: dict[str, Any] = {"type": "FeatureCollection"}
    return head | ({"bbox": whole} if whole else {}) | {"features": features}


def write_geojson(check: DeploymentCheck, path: Path) -> None:
    """Write the features as one file; ExportError if it cannot be written."""
    text = json.dumps(feature_collection(check), ensure_ascii=False, indent=1)
    with written(path) as beside:
        beside.write_text(text + "\n", encoding="utf-8")


def proposed(one: Checked) -> BaseGeometry | None:
    """The deployment without the zones that it meets; None where it meets none, or may be empty."""
    grounds = [m.conflict.ground for m in one.met if m.conflict.ground is not None]
    return without(one.shape, shapely.union_all(grounds)) if grounds else None


def _told(check: DeploymentCheck, one: Checked) -> dict[str, Any]:
    return {
        "start": None if one.start is None else one.start.isoformat(),
        "end": None if one.end is None else one.end.isoformat(),
        "purpose": one.purpose,
        "zones": [meeting.conflict.zone for meeting in one.met],
        "advice": list(advice_of(check, one)),
    }


def _feature(
    what: str, one: Checked, shape: BaseGeometry, properties: dict[str, Any]
) -> dict[str, Any]:
    if shapely.get_dimensions(shape) == 2:
        shape = geodesy.within_180(shape)
    shape = shapely.set_precision(shape, 10**-_DIGITS)
    shape = shapely.orient_polygons(shape)
    geometry = shapely.geometry.mapping(shape)
    return {
        "type": "Feature",
        "bbox": [round(float(side), _DIGITS) for side in shape.bounds],
        "geometry": _plain(geometry),
        "properties": {
            "feature": what,
            "deployment": one.name,
            "unit": one.unit,
            **properties,
        },
    }


def _plain(geometry: Any) -> Any:
    """Lists in place of tuples, and coordinates of so many digits."""
    if isinstance(geometry, dict):
        return {key: _plain(value) for key, value in geometry.items()}
    if isinstance(geometry, list | tuple):
        return [_plain(value) for value in geometry]
    return round(float(geometry), _DIGITS) if isinstance(geometry, float | int) else geometry


def _around(boxes: list[list[float]]) -> list[float]:
    if not boxes:
        return []
    sides = np.array(boxes)
    return [*sides[:, :2].min(axis=0).tolist(), *sides[:, 2:].max(axis=0).tolist()]
