"""The manifest of a package, its published schema, and the revision of a project."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gisapp.io.patrol import manifest_keys
from gisapp.io.patrol.content import Note
from gisapp.io.patrol.package import write_package
from gisapp.io.patrol.revision import project_code, revision_of
from gisapp.io.patrol.signing import new_key
from gisapp.layers import edits
from gisapp.layers.project import Project
from gisapp.layers.scenario import Settled, Settlement
from tests.conftest import ROOT
from tests.io.packages import DAY, KEY, manifest, package, project, zone
from tests.io.projects import stops, whole_project


def test_the_published_schema_is_up_to_date() -> None:
    published = json.loads((ROOT / "docs" / "patrol-manifest.schema.json").read_text("utf-8"))
    assert published == manifest_keys.schema(), "run tools/write_manifest_schema.py"


def fits(value: Any, schema: dict[str, Any]) -> bool:
    """Whether a value is as a schema says, as far as schemas of manifests go."""
    kinds = {
        "object": dict, "array": list, "string": str, "integer": int, "null": type(None),
    }  # fmt: skip
    if "enum" in schema and value not in schema["enum"]:
        return False
    named = schema.get("type", [])
    wanted = tuple(kinds[name] for name in ([named] if isinstance(named, str) else named))
    if wanted and not isinstance(value, wanted):
        return False
    if isinstance(value, list):
        return all(fits(one, schema["items"]) for one in value)
    if isinstance(value, dict):
        known, rest = schema.get("properties", {}), schema.get("additionalProperties")
        if not set(schema.get("required", ())) <= value.keys():
            return False
        return all(
            fits(one, known[key]) if key in known else bool(rest) and fits(one, rest)
            for key, one in value.items()
        )
    return True


@pytest.mark.parametrize("key", [KEY, None])
def test_what_is_written_is_as_the_schema_says(tmp_path: Path, key: Any) -> None:
    told = manifest(package(tmp_path / "z.zip", whole_project(), key))
    assert fits(told, manifest_keys.schema())
    assert list(told) == list(manifest_keys.KEYS)
    assert manifest_keys.problems_of(told) == ()
    for gone in told:
        less = {name: value for name, value in told.items() if name != gone}
        assert manifest_keys.problems_of(less) == (f"{gone}: is missing",)
        assert not fits(less, manifest_keys.schema())


def test_it_says_who_sent_what_to_whom_and_what_is_suspended(tmp_path: Path) -> None:
    told = manifest(package(tmp_path / "z.zip", project("Quay")))
    assert (told["sent_by"], told["recipient"]) == ("Partnership office", "Dispatch")
    assert told["terms"] == "For duty use only"
    assert told["signing_key"] == {"algorithm": "Ed25519", "fingerprint": KEY.fingerprint}
    assert told["formats"] == ["geojson", "gpkg", "csv"]
    assert told["counts"]["zones"] == 1
    [one] = told["zones"]
    assert one["suspended"] == ["drug_search", "arrest"]
    assert one["suspended_words"] == "Search for drugs; Arrest for personal possession"
    assert (one["version"], one["valid_to"], one["change"]) == (1, "2026-12-31", "")
    assert "Director" not in json.dumps(told)


def test_the_same_gives_the_same_bytes_and_anything_else_others(tmp_path: Path) -> None:
    of = whole_project()

    def bytes_of(**more: Any) -> bytes:
        given = {"day": DAY, "key": KEY, "note": Note("Dispatch"), **more}
        write_package(of, given.pop("day"), tmp_path / "z.zip", **given)
        return (tmp_path / "z.zip").read_bytes()

    first = bytes_of()
    assert bytes_of() == first
    others = [
        bytes_of(key=new_key()),
        bytes_of(note=Note("Somebody else")),
        bytes_of(formats=("geojson",)),
        bytes_of(day=date(2025, 6, 3)),
    ]
    assert len({first, *others}) == 5


# The revision


def test_the_revision_is_of_what_packages_depend_on() -> None:
    before = project()
    kept = [
        edits.add_layer(stops(5)).apply(before),
        replace(before, zones_visible=False),
        replace(before, zones=dict(reversed(before.zones.items()))),
    ]
    assert {revision_of(one) for one in kept} == {revision_of(before)}
    name = next(iter(before.zones))
    settled = Settlement(("a", "b"), Settled.NO_ENFORCEMENT_HOLDS, DAY, "Board")
    other = [
        before.with_zone(before.zones[name].renamed("Other")),
        before.with_zone(zone("Third", 3)),
        before.without_zones([name]),
        before.with_agreement(replace(before.agreements["quay"], version=2)),
        replace(before, settlements=(settled,)),
        replace(before, id="1" * 32),
    ]
    revisions = {revision_of(one) for one in other}
    assert len(revisions) == len(other)
    assert revision_of(before) not in revisions


def test_nobody_can_try_out_guesses_without_the_id_of_the_project(tmp_path: Path) -> None:
    of = replace(project(), id="f00d" * 8)
    told = json.dumps(manifest(package(tmp_path / "z.zip", of)))
    assert "f00d" * 8 not in told
    assert project_code(of) in told
    assert project_code(of) != project_code(replace(of, id="1" * 32))


def test_numbers_of_any_kind_have_a_revision() -> None:
    of = project()
    odd = replace(zone("Odd"), radius_m=np.int64(150))
    same = of.with_zone(replace(odd, radius_m=150.0))
    assert revision_of(of.with_zone(odd)) == revision_of(same)
    assert revision_of(Project(id="x")) != revision_of(Project(id="y"))
