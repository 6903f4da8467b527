"""`gisapp agree`: agreements with their zones in, and every one of them out again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from gisapp import cli
from gisapp.io.agreements import agreement_file
from gisapp.io.project import project_file
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import Visibility
from gisapp.layers.zone import circle_zone
from tests.conftest import ROOT, Run
from tests.io.projects import agreement, assert_same

CASES = ROOT / "sample_data" / "agreements"
LEEDS = [CASES / f"18-leeds-holbeck-v{number}.json" for number in (1, 2)]


def failing(*arguments: object) -> int:
    return cli.main([str(argument) for argument in arguments])


def test_a_file_with_zones_puts_them_on_the_map(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "p.gpkg"
    answer = run("agree", path, CASES / "02-copenhagen-amager.json")
    assert (answer["outcome"], answer["zones"], answer["signed"]) == ("added", 2, True)
    assert run("agree", path, CASES / "02-copenhagen-amager.json")["outcome"] == "unchanged"
    project = project_file.load(path)
    [entry] = [agreement_file.read_entry(CASES / "02-copenhagen-amager.json")]
    assert tuple(project.zones.values()) == entry.zones


def test_a_corrected_zone_takes_the_place_of_the_former(tmp_path: Path, run: Run) -> None:
    path, file = tmp_path / "p.gpkg", tmp_path / "a.json"
    value = {
        "title": "A", "id": "a",
        "zones": [{"name": "Quay", "basis": "circle", "centre": [0, 0], "radius": "100m"}],
    }  # fmt: skip
    file.write_text(json.dumps(value))
    run("agree", path, file)
    value["zones"][0]["radius"] = "200m"
    file.write_text(json.dumps(value))
    assert run("agree", path, file)["outcome"] == "zones changed"
    [zone] = project_file.load(path).zones.values()
    assert zone.radius_m == 200


def test_versions_are_recorded_in_their_order(tmp_path: Path, run: Run) -> None:
    answer = run("agree", tmp_path / "p.gpkg", *reversed(LEEDS))
    assert [one["outcome"] for one in answer["agreements"]] == ["added", "superseded"]
    project = project_file.load(tmp_path / "p.gpkg")
    assert [old.version for old in project.former] == [1]
    assert len(project.zones) == 2


def test_nothing_is_changed_where_one_file_has_a_mistake(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text('{"titel": "A"}')
    assert failing("agree", tmp_path / "p.gpkg", LEEDS[0], bad) == 20
    assert "meant title?" in capsys.readouterr().err
    assert not (tmp_path / "p.gpkg").exists()


def test_a_zone_of_another_agreement_is_not_taken_away(tmp_path: Path, run: Run) -> None:
    disc = {"name": "Quay", "basis": "circle", "centre": [0, 0], "radius": "9m", "id": "zone"}
    files = []
    for key in ("a", "b"):
        files.append(tmp_path / f"{key}.json")
        files[-1].write_text(json.dumps({"title": key, "id": key, "zones": [disc]}))
    run("agree", tmp_path / "p.gpkg", files[0])
    before = (tmp_path / "p.gpkg").read_bytes()
    assert failing("agree", tmp_path / "p.gpkg", files[1]) == 23
    assert (tmp_path / "p.gpkg").read_bytes() == before


def test_all_is_written_and_read_back(tmp_path: Path, run: Run) -> None:
    first, second = tmp_path / "p.gpkg", tmp_path / "q.gpkg"
    files = sorted(CASES.glob("*.json"))
    run("agree", first, *files)
    answer = run("agree", first, "--write", tmp_path / "out")
    assert len(answer["written"]) == len(files)
    assert answer["kept_back"] == []
    run("agree", second, *answer["written"])
    one, other = project_file.load(first), project_file.load(second)
    assert dict(one.agreements) == dict(other.agreements)
    assert set(one.former) == set(other.former)
    assert dict(one.zones) == dict(other.zones)
    assert len(one.exports.lines) == len(files)
    same = replace(
        one, agreements={k: one.agreements[k] for k in other.agreements}, exports=other.exports
    )
    assert_same(
        replace(same, id="", title="", former=(), zones={}),
        replace(other, id="", title="", former=(), zones={}),
    )


def test_what_may_never_leave_is_kept_back(tmp_path: Path, run: Run) -> None:
    hidden = circle_zone(
        "Hidden", 0, 0, 9, "x", agreement_id="quay", visibility=Visibility.NEVER_EXPORT
    )
    plain = circle_zone("Plain", 1, 0, 9, "x", agreement_id="quay")
    secret = agreement("Secret", id="secret", visibility=Visibility.NEVER_EXPORT)
    project = Project(agreements={"quay": agreement(), "secret": secret})
    project_file.save(project.with_zones((hidden, plain)), tmp_path / "p.gpkg")
    answer = run("agree", tmp_path / "p.gpkg", "--write", tmp_path / "out")
    assert answer["kept_back"] == ["Hidden", "Secret"]
    [path] = answer["written"]
    assert [zone.name for zone in agreement_file.read_entry(Path(path)).zones] == ["Plain"]


def test_an_agreement_that_could_not_be_read_again_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project_file.save(Project(agreements={"a": agreement("", id="a")}), tmp_path / "p.gpkg")
    assert failing("agree", tmp_path / "p.gpkg", "--write", tmp_path / "out") == 25
    assert "An agreement without a title" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_something_must_be_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert failing("agree", tmp_path / "p.gpkg") == 20
    assert "--write FOLDER" in capsys.readouterr().err
    assert failing("agree", tmp_path / "p.gpkg", "--write", tmp_path / "out") == 24


def test_zones_of_an_agreement_file_come_with_the_command_zones(tmp_path: Path, run: Run) -> None:
    (tmp_path / "sites.csv").write_text("name,lat,lon\nQuay,55.25,-3.29\n")
    path = tmp_path / "p.gpkg"
    run("import", path, "services", tmp_path / "sites.csv", "--name", "Sites")
    run(
        "zones", path, "--around", "Sites", "--radius", "200m", "--basis", "meeting",
        "--agreement", CASES / "05-glasgow-thistle.json",
    )  # fmt: skip
    assert {zone.name for zone in project_file.load(path).zones.values()} == {
        "Quay",
        "The facility",
    }


def test_an_end_of_which_no_day_is_known_is_said_plainly(
    tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.json"
    terms = {"title": "A", "id": "a", "effective": "2024-01-01", "expires": "2024-12-31"}
    file.write_text(json.dumps({**terms, "status": "expired"}))
    answer = run("agree", tmp_path / "p.gpkg", file)
    (note,) = answer["notes"]
    assert "no step of its history says since when" in note
    assert "never having been in force" in note
    step = {"on": "2025-01-01", "was": "in force", "became": "expired", "who": "Chief"}
    file.write_text(json.dumps({**terms, "status": "expired", "history": [step]}))
    assert run("agree", tmp_path / "q.gpkg", file)["notes"] == []
