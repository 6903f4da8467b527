"""Change packages: what was added, changed or withdrawn since an earlier one, and nothing else."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from gisapp.errors import DataError, ExportError
from gisapp.io.patrol import difference
from gisapp.io.patrol.changes import Base, base_of
from gisapp.io.patrol.content import Note
from gisapp.io.patrol.package import write_package
from gisapp.io.patrol.signing import new_key
from gisapp.io.patrol.verifying import verify
from gisapp.layers.audience import Audience
from gisapp.layers.lifecycle import Status, moved
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import Visibility
from tests.io.packages import KEY, SAID, contents, manifest, package, packed, project, zone

LATER = date(2025, 7, 1)


def base(path: Path) -> Base:
    return base_of(path, KEY.fingerprint)


def changes(tmp_path: Path, old: Project, new: Project, day: date = LATER) -> Path:
    earlier = package(tmp_path / "old.zip", old)
    return package(tmp_path / "new.zip", new, since=base(earlier), day=day)


def edited() -> Project:
    """Quay is larger, Market is gone, Bridge is new, Station is as it was."""
    made = project("Quay", "Market", "Station").without_zones(["zone-market"])
    larger = replace(made.zones["zone-quay"], name="Quay Street")
    return made.with_zones([larger, zone("Bridge", 5)])


def test_only_what_changed_is_in_it(tmp_path: Path) -> None:
    path = changes(tmp_path, project("Quay", "Market", "Station"), edited())
    told = manifest(path)
    assert told["kind"] == "change"
    assert {one["name"]: one["change"] for one in told["zones"]} == {
        "Quay Street": "changed", "Bridge": "added",
    }  # fmt: skip
    assert [one["name"] for one in told["withdrawn"]] == ["Market"]
    assert [one["name"] for one in told["unchanged"]] == ["Station"]
    assert told["counts"] == {
        "zones": 2, "added": 1, "changed": 1, "withdrawn": 1, "unchanged": 1, "flawed": 0,
    }  # fmt: skip
    assert told["since"]["day"] == "2025-06-02"
    files = contents(path)
    features = json.loads(files["zones.geojson"])["features"]
    assert sorted(one["properties"]["name"] for one in features) == ["Bridge", "Quay Street"]
    assert verify(path, fingerprint=KEY.fingerprint).is_good
    assert b"DO AWAY WITH THESE" in files["README.txt"]


def test_withdrawn_zones_can_be_taken_from_a_map_by_their_ids(tmp_path: Path) -> None:
    files = contents(changes(tmp_path, project("Quay", "Market", "Station"), edited()))
    [feature] = json.loads(files["withdrawn.geojson"])["features"]
    assert (feature["id"], feature["geometry"]) == ("zone-market", None)
    assert feature["properties"]["change"] == "withdrawn"
    [row] = csv.DictReader(io.StringIO(files["withdrawn.csv"].decode()))
    assert (row["zone_id"], row["reason"]) == ("zone-market", "the sender has removed it")


def test_a_withdrawn_agreement_withdraws_its_zones_with_their_last_day(tmp_path: Path) -> None:
    before = project("Quay")
    agreed = moved(before.agreements["quay"], Status.WITHDRAWN, date(2025, 6, 20), "Board", "voted")
    path = changes(tmp_path, before, before.with_agreement(agreed))
    told = manifest(path)
    assert told["zones"] == []
    [gone] = told["withdrawn"]
    assert gone["reason"] == "its agreement was withdrawn"
    assert gone["last_day"] == "2025-06-19"
    assert verify(path).is_good
    assert not [name for name in contents(path) if name.startswith("zones")]


def test_a_zone_that_is_kept_back_now_is_withdrawn_without_a_reason(tmp_path: Path) -> None:
    before = project("Quay", "Market")
    hidden = replace(before.zones["zone-market"], visibility=Visibility.NEVER_EXPORT)
    [gone] = manifest(changes(tmp_path, before, before.with_zone(hidden)))["withdrawn"]
    assert gone["reason"] == "the sender has removed it" and not gone["last_day"]


def test_changes_go_on_from_changes(tmp_path: Path) -> None:
    first = project("Quay", "Market", "Station")
    one = changes(tmp_path, first, edited())
    third = edited().without_zones(["zone-station"])
    two = package(tmp_path / "two.zip", third, since=base(one), day=LATER)
    told = manifest(two)
    assert [one["name"] for one in told["withdrawn"]] == ["Station"]
    assert {one["name"] for one in told["unchanged"]} == {"Quay Street", "Bridge"}


def test_the_same_changes_give_the_same_bytes(tmp_path: Path) -> None:
    old, new = project("Quay", "Market", "Station"), edited()
    first = changes(tmp_path, old, new).read_bytes()
    assert changes(tmp_path, old, new).read_bytes() == first


def test_nothing_to_send_is_said(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="Nothing has changed"):
        changes(tmp_path, project(), project())
    assert not (tmp_path / "new.zip").exists()


def test_it_goes_on_only_from_a_package_that_is_as_it_was_sent(tmp_path: Path) -> None:
    path = package(tmp_path / "old.zip")
    with pytest.raises(DataError, match="unknown key"):
        base_of(path, new_key().fingerprint)
    files = contents(path)
    files["zones.csv"] += b" "
    with pytest.raises(DataError, match=r"zones\.csv: it was changed"):
        base(packed(files, path))
    with pytest.raises(DataError, match="not signed"):
        base(package(tmp_path / "bare.zip", key=None))


def test_it_goes_on_only_from_a_package_of_its_own_project_audience_and_time(
    tmp_path: Path,
) -> None:
    earlier = base(package(tmp_path / "old.zip"))
    new = edited()
    for message, of, day, note in (
        ("another project", replace(new, id="1" * 32), LATER, SAID),
        ("another audience", new, LATER, Note(audience=Audience.PUBLIC)),
        ("later day", new, date(2025, 6, 1), SAID),
    ):
        with pytest.raises(ExportError, match=message):
            write_package(of, day, tmp_path / "no.zip", note=note, key=KEY, since=earlier)


# What two packages differ in


def test_two_packages_are_compared_zone_by_zone(tmp_path: Path) -> None:
    old = package(tmp_path / "old.zip", project("Quay", "Market", "Station"))
    new = package(tmp_path / "new.zip", edited(), day=LATER)
    only = package(tmp_path / "only.zip", edited(), day=LATER, since=base(old))
    before = difference.package_at(old)
    for other in (new, only):
        found = difference.differences(before, difference.package_at(other))
        assert {(one.name, one.change) for one in found if one.what == "zone"} == {
            ("Quay Street", "changed"), ("Market", "removed"), ("Bridge", "added"),
        }  # fmt: skip
        [day] = [one for one in found if one.what == "project"]
        assert day.details == ("day: 2 June 2025 → 1 July 2025",)
    [quay] = [one for one in found if one.name == "Quay Street"]
    assert quay.details == ("name: Quay → Quay Street",)
    assert difference.differences(before, before) == ()


def test_what_is_no_package_cannot_be_compared(tmp_path: Path) -> None:
    path = packed({"a": b"b"}, tmp_path / "a.zip")
    with pytest.raises(DataError, match="cannot be compared"):
        difference.package_at(path)
