"""The command line's contract: exit codes, one JSON object, nothing half-written."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from gisapp import cli
from tests.conftest import ROOT, Run

SITES = """\
name,lat,lon,kind
Harbour Street,39.10,-84.51,needle exchange
Mill Lane,39.12,-84.50,pharmacy
"""
ZONES = ("zones", "p.gpkg", "--around", "Sites", "--basis", "x")


@pytest.fixture
def project(tmp_path: Path, run: Run) -> Path:
    (tmp_path / "sites.csv").write_text(SITES)
    run("import", tmp_path / "p.gpkg", "services", tmp_path / "sites.csv", "--name", "Sites")
    return tmp_path / "p.gpkg"


def failing(*arguments: object) -> int:
    return cli.main([str(argument) for argument in arguments])


def test_help_and_version_answer_without_a_display() -> None:
    for flag in ("--help", "--version"):
        done = subprocess.run(
            [sys.executable, "-m", "gisapp", flag], cwd=ROOT, capture_output=True, text=True
        )
        assert done.returncode == 0
        assert "gisapp" in done.stdout


def test_json_is_one_object_and_nothing_else(project: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "gisapp", "info", str(project), "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert json.loads(done.stdout)["layers"][0]["count"] == 2


def test_import_answers_with_the_promised_keys(tmp_path: Path, run: Run) -> None:
    (tmp_path / "sites.csv").write_text(SITES + "Nowhere,,,\n")
    answer = run("import", tmp_path / "p.gpkg", "services", tmp_path / "sites.csv")
    assert {
        "read",
        "added",
        "rejected",
        "reasons",
        "crs",
        "time_range",
        "duplicates",
        "layer",
    } <= set(answer)
    assert (answer["read"], answer["added"], answer["rejected"]) == (3, 2, 1)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("import", "new.gpkg", "services", "missing.csv"), 20),
        (("import", "new.gpkg", "services", "empty.csv"), 20),
        (("import", "new.gpkg", "services", "feet.csv"), 22),
        (("zones", "p.gpkg", "--around", "Nothing", "--radius", "200m", "--basis", "x"), 23),
        (("zones", "p.gpkg", "--around", "Sites", "--radius", "200", "--basis", "x"), 20),
        (("zones", "p.gpkg", "--around", "Sites", "--radius", "200m"), 23),
        (("zones", "p.gpkg", "--around", "Sites", "--shape", "footprint", "--basis", "x"), 23),
        ((*ZONES, "--radius", "9m", "--where", "no"), 20),
        (("info", "missing.gpkg"), 24),
        (("info", "sites.csv"), 24),
        (("agree", "p.gpkg", "sites.csv"), 20),
        (("check", "p.gpkg", "--lat", "300", "--lon", "4", "--at", "2026-01-01"), 20),
        (("check", "p.gpkg", "--lat", "30", "--lon", "4", "--at", "soon"), 20),
        (("check", "p.gpkg", "--lat", "3", "--lon", "4", "--at", "2026-01-01T00:00+20:00"), 20),
        (("count", "p.gpkg", "Sites", "--ring", "3 parsecs"), 20),
        (("map", "p.gpkg", "--out", "map.doc", "--audience", "public"), 25),
        (("map", "p.gpkg", "--out", "no/such/folder/map.pdf", "--audience", "public"), 25),
        (("package", "p.gpkg", "--day", "2026-01-01", "--out", "z.zip"), 25),
    ],
)  # fmt: skip
def test_bad_input_gives_a_sentence_and_its_exit_code(
    project: Path,
    arguments: tuple[str, ...],
    code: int,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = project.parent
    monkeypatch.chdir(folder)
    (folder / "empty.csv").write_text("")
    (folder / "feet.csv").write_text("name,X_COORD,Y_COORD\nA,1396250,433722\nB,1396350,433822\n")
    before = project.read_bytes()
    known = set(folder.iterdir())
    assert failing(*arguments) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("gisapp: ")
    assert "Traceback" not in said.err
    assert project.read_bytes() == before, "the project is as it was"
    assert set(folder.iterdir()) == known, "nothing half-written is left"


def test_zones_where_and_agreement(project: Path, tmp_path: Path, run: Run) -> None:
    terms = {
        "title": "Harbour Street terms",
        "id": "harbour",
        "status": "agreed",
        "parties": [{"organisation": "Police", "role": "police", "signed_on": "2025-01-01"}],
        "effective": "2025-01-01",
        "suspended": ["drug_search"],
        "timezone": "America/New_York",
    }
    file = tmp_path / "terms.json"
    file.write_text(json.dumps(terms))
    answer = run(
        "zones", project, "--around", "Sites", "--radius", "500 ft", "--basis", "meeting",
        "--agreement", file, "--where", "kind.str.contains('needle')",
    )  # fmt: skip
    assert answer["zones"] == 1
    here = run("check", project, "--lat", 39.1001, "--lon", -84.51, "--at", "2025-03-01T12:00")
    assert [zone["zone"] for zone in here["zones"]] == ["Harbour Street"]
    before = run("check", project, "--lat", 39.1001, "--lon", -84.51, "--at", "2024-12-31T23:59")
    assert before["zones"] == []
    again = run("agree", project, file)
    assert again["outcome"] == "unchanged"
    terms |= {"version": 2, "effective": "2026-01-01"}
    file.write_text(json.dumps(terms))
    assert run("agree", project, file)["outcome"] == "superseded"
    still = run("check", project, "--lat", 39.1001, "--lon", -84.51, "--at", "2025-03-01T12:00")
    assert len(still["zones"]) == 1, "the former version held then"


def test_services_alone_give_the_project_the_zone_they_lie_in(project: Path, run: Run) -> None:
    assert run("info", project)["timezone"] == "America/New_York"
    here = run("check", project, "--lat", 39.1, "--lon", -84.51, "--at", "2025-03-01T12:00")
    assert here["at"] == "2025-03-01T12:00:00-05:00"


def test_every_reserved_command_is_absent_until_it_works() -> None:
    for name in ("evaluate", "pack"):
        assert name not in cli.COMMANDS
