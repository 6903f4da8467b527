"""`gisapp demo` does the whole main job with no display, and leaves what it says it leaves."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pyogrio
import pytest

from tests.conftest import ROOT, Run


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("demo") / "out"
    environment = {key: value for key, value in os.environ.items() if key != "DISPLAY"}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "gisapp", "demo", str(folder), "--json"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return folder, json.loads(done.stdout)


def test_the_city_is_whole(demo: tuple[Path, dict[str, Any]]) -> None:
    _, answer = demo
    layers = answer["layers"]
    assert (layers["Services"], layers["Stops"], layers["Overdoses"]) == (12, 20_000, 1_500)
    assert (answer["deployments"], answer["deployments_in_conflict"]) == (10, 4)
    for counts in answer["counts"].values():
        assert counts["inside"] > 0 < counts["ring_200m"]


def test_outputs_are_there_and_readable(demo: tuple[Path, dict[str, Any]]) -> None:
    folder, answer = demo
    names = {path.name for path in folder.iterdir()}
    assert names == {
        "harbourton.gpkg",
        "hotspots.gpkg",
        "map.html",
        "map.pdf",
        "map.png",
        "zones.zip",
    }
    with zipfile.ZipFile(folder / "zones.zip") as package:
        zones = json.loads(package.read("zones.geojson"))
    assert len(zones["features"]) == answer["zones_in_package"] == 7
    assert len(pyogrio.read_dataframe(folder / "hotspots.gpkg")) == answer["hotspot_cells"]
    assert (folder / "map.pdf").read_bytes().startswith(b"%PDF")
    assert "<html" in (folder / "map.html").read_text("utf8")[:200].casefold()


def test_the_project_goes_on_from_the_command_line(
    demo: tuple[Path, dict[str, Any]], run: Run
) -> None:
    folder, answer = demo
    project = folder / "harbourton.gpkg"
    info = run("info", project)
    assert {layer["name"]: layer["count"] for layer in info["layers"]} == answer["layers"]
    assert info["zones_by_status"] == {"expired": 2, "in force": 7}
    counts = run("count", project, "Stops", "--ring", "200m")
    assert counts["inside"] == answer["counts"]["stops"]["inside"]
    found = run("deploy", project, "Deployments")
    assert found["in_conflict"] == 4
    assert all(conflict["suspended"] for conflict in found["conflicts"])


def test_what_it_wrote_is_in_the_export_log(demo: tuple[Path, dict[str, Any]], run: Run) -> None:
    folder, answer = demo
    told = run("log", answer["project"])
    assert told["whole"] and answer["logged"]
    assert {line["file"]: (line["what"], line["audience"]) for line in told["exports"]} == {
        "hotspots.gpkg": ("hotspots", "partners"),
        "map.html": ("map", "partners"),
        "map.pdf": ("map", "partners"),
        "map.png": ("map", "partners"),
        "zones.zip": ("patrol package", "patrol"),
    }
    for line in told["exports"]:
        assert line["sha256"] == hashlib.sha256((folder / line["file"]).read_bytes()).hexdigest()


def test_a_demo_where_no_folder_can_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = subprocess.run(
        [sys.executable, "-m", "gisapp", "demo", str(tmp_path / "file" / "x"), "--no-window"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 25
    assert "cannot be made" in done.stderr


def test_a_second_demo_keeps_what_was_changed_in_the_first(tmp_path: Path, run: Run) -> None:
    first = Path(run("demo", tmp_path, "--no-window")["project"])
    assert Path(run("demo", tmp_path, "--no-window")["project"]) == first
    run("zones", first, "--around", "Services", "--radius", "50m", "--basis", "mine")
    changed = first.read_bytes()
    second = Path(run("demo", tmp_path, "--no-window")["project"])
    assert second != first
    assert first.read_bytes() == changed
