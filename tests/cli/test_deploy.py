"""`gisapp deploy`: from a spreadsheet of next week's patrols to what it meets, and files of it."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from typing import Any

import icalendar
import pytest

from gisapp import cli
from gisapp.io.project import project_file
from gisapp.journeys import sample_project
from gisapp.progress import Progress
from tests.conftest import Run


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("city") / "city.gpkg"
    project_file.save(sample_project(Progress()), path)
    return path


def failed(*arguments: object) -> tuple[int, str]:
    err = io.StringIO()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(err):
        code = cli.main([*map(str, arguments)])
    return code, err.getvalue()


def test_the_sample_week(city: Path, run: Run) -> None:
    found = run("deploy", city, "Deployments")
    assert (found["deployments"], found["in_conflict"]) == (10, 4)
    assert found["timezone"] == "Europe/London"
    quay = found["conflicts"][0]
    assert (quay["deployment"], quay["zone"], quay["binds"]) == (
        "Quay evening patrol", "Quayside Needle Exchange", "bound",
    )  # fmt: skip
    assert quay["in_force"] == [["2026-03-24T17:00:00+00:00", "2026-03-24T20:00:00+00:00"]]
    assert quay["streets"][0]["length_m"] > 200
    market = next(one for one in found["conflicts"] if one["zone"] == "Market Square")
    assert market["binds"] == "not known"
    assert any("naloxone" in text for one in found["by_deployment"] for text in one["hotspots"])


def test_a_spreadsheet_that_is_no_layer_is_read_checked_and_its_faults_are_told(
    city: Path, tmp_path: Path, run: Run
) -> None:
    plan = tmp_path / "week.csv"
    plan.write_text(
        "Patrol,Unit,Date,Start,End,Streets\n"
        "Linden,Response A,24/03/2026,18:00,23:00,Linden Rd\n"
        "Nowhere,Response A,24/03/2026,18:00,23:00,Zzyzx Boulevard\n",
        encoding="utf-8",
    )
    found = run("deploy", city, plan)
    assert (found["deployments"], found["in_conflict"]) == (1, 1)
    (faulty,) = found["import"]["rejected_rows"]
    assert faulty["line"] == 3
    assert "no street “Zzyzx Boulevard”" in faulty["reason"]


@pytest.mark.parametrize("ending", ["csv", "geojson", "ics", "txt", "pdf"])
def test_each_ending_gives_its_file_and_a_line_in_the_log(
    city: Path, tmp_path: Path, run: Run, ending: str
) -> None:
    out = tmp_path / f"plan.{ending}"
    before = len(project_file.load(city, Progress()).exports.lines)
    answer = run("deploy", city, "Deployments", "--out", out)
    assert answer["logged"] is True
    assert out.stat().st_size > 1_000
    lines = project_file.load(city, Progress()).exports.lines
    assert len(lines) == before + 1
    assert (lines[-1].what, lines[-1].file) == ("deployments", out.name)
    if ending == "ics":
        assert len(icalendar.Calendar.from_ical(out.read_bytes()).walk("VEVENT")) == 10
    if ending == "geojson":
        kinds: list[Any] = [
            f["properties"]["feature"] for f in json.loads(out.read_text())["features"]
        ]
        assert kinds.count("overlap") == kinds.count("proposed") == 4


def test_what_is_refused_leaves_no_file(city: Path, tmp_path: Path) -> None:
    code, said = failed("deploy", city, "Deployments", "--out", tmp_path / "plan.docx")
    assert code == 25
    assert ".ics" in said
    code, said = failed("deploy", city, "Deployments", "--audience", "partners")
    assert code == 20
    assert "police alone" in said
    assert not list(tmp_path.iterdir())
