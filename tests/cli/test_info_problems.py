"""`gisapp info` tells what to look at, `gisapp check` what is not settled."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

from gisapp import cli
from gisapp.document import Document
from gisapp.io.project import project_file
from gisapp.layers.project import Project
from tests.conftest import Run
from tests.layers.test_checks import LAT, LON
from tests.layers.test_overlap import opposite


def saved(project: Project, path: Path) -> Path:
    project_file.save(Document(project).project, path)
    return path


def said(*arguments: object) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert cli.main([str(argument) for argument in arguments]) == 0
    return out.getvalue()


def test_problems_are_told_beside_what_was_told_before(tmp_path: Path, run: Run) -> None:
    path = saved(opposite(), tmp_path / "city.gpkg")
    answer = run("info", path)
    assert answer["zones_by_status"] == {"in force": 2}
    assert answer["overlap_rule"] == "union"
    (overlap,) = [one for one in answer["issues"] if one["code"] == "opposite_overlap"]
    assert overlap["severity"] == "error"
    assert overlap["zones"] == ["Exchange", "Gate"]
    assert overlap["settled"] is False
    assert any("nobody has settled its overlap with “Gate”" in one for one in answer["problems"])
    text = said("info", path)
    assert "Problems: 1 error" in text
    assert "Error: “Exchange” and “Gate” (excluded from tolerance) share 20,000 m²" in text


def test_a_project_without_problems_says_so(tmp_path: Path) -> None:
    assert "Problems: none found" in said("info", saved(Project(), tmp_path / "empty.gpkg"))


def test_a_check_says_what_is_not_settled(tmp_path: Path) -> None:
    path = saved(opposite(), tmp_path / "city.gpkg")
    text = said(
        "check", path, "--lon", LON + 0.0017, "--lat", LAT + 0.0005, "--at", "2025-06-04T12:00"
    )
    assert "Not settled: whether “Exchange” or “Gate” (excluded from tolerance) holds here" in text
