"""The main job from end to end on the command line, on real calls and sites of Cincinnati."""

from __future__ import annotations

import hashlib
import json
import subprocess
import zipfile
from pathlib import Path

import pyogrio
import pytest
from PySide6.QtGui import QImage

from gisapp import cli
from tests.conftest import Run

AGREEMENT = {
    "title": "Calls for help near naloxone sites",
    "id": "cincinnati-naloxone",
    "version": 1,
    "status": "agreed",
    "parties": [
        {
            "organisation": "Police",
            "role": "police",
            "signatory": "Chief",
            "signed_on": "2016-01-04",
        },
        {
            "organisation": "Health",
            "role": "health",
            "signatory": "Director",
            "signed_on": "2016-01-04",
        },
    ],
    "effective": "2016-02-01",
    "expires": "2017-12-31",
    "suspended": ["drug_search", "arrest"],
    "timezone": "America/New_York",
    "radius_basis": "meeting of 4 January 2016",
}


@pytest.fixture(scope="module")
def project(shared_data: Path, tmp_path_factory: pytest.TempPathFactory, run: Run) -> Path:
    data = shared_data / "cincinnati"
    project = tmp_path_factory.mktemp("cincinnati") / "city.gpkg"
    calls = run(
        "import", project, "overdoses", data / "overdose_police_calls_heroin_2015-2018.csv",
        "--name", "Heroin calls",
    )  # fmt: skip
    assert (calls["read"], calls["added"], calls["rejected"]) == (6960, 6060, 900)
    assert sum(calls["reasons"].values()) == 900
    assert calls["crs"] == "EPSG:4326"
    drug = run(
        "import", project, "stops", data / "enforcement_police_calls_drug_2017.csv.gz",
        "--name", "Drug calls",
    )  # fmt: skip
    assert (drug["read"], drug["rejected"]) == (10498, 168)
    sites = run(
        "import", project, "services", data / "naloxone_distribution_sites.csv", "--name", "Sites"
    )
    assert sites["added"] == 143
    return project


def zones_of(project: Path, tmp_path: Path, run: Run, radius: str, *more: object) -> Path:
    copy = tmp_path / "copy.gpkg"
    copy.write_bytes(project.read_bytes())
    answer = run("zones", copy, "--around", "Sites", "--radius", radius, "--basis", "a test", *more)
    assert answer["zones"] == 143
    assert answer["invalid"] == 0
    return copy


def test_calls_within_500_feet(project: Path, tmp_path: Path, run: Run) -> None:
    copy = zones_of(project, tmp_path, run, "500ft")
    calls = run("count", copy, "Heroin calls")
    drug = run("count", copy, "Drug calls")
    # 561 and 803 with buffers in EPSG:3735, whose feet are a little short here.
    assert (calls["inside"], drug["inside"]) == (562, 804)
    assert calls["inside"] + calls["outside"] == 6060


def test_calls_within_1000_feet(project: Path, tmp_path: Path, run: Run) -> None:
    copy = zones_of(project, tmp_path, run, "1000ft")
    assert run("count", copy, "Heroin calls")["inside"] == 1327
    assert run("count", copy, "Drug calls")["inside"] == 1957


def test_each_call_is_judged_at_its_own_time(project: Path, tmp_path: Path, run: Run) -> None:
    terms = tmp_path / "terms.json"
    terms.write_text(json.dumps(AGREEMENT))
    copy = zones_of(project, tmp_path, run, "500ft", "--agreement", terms)
    dated = run("count", copy, "Heroin calls")
    always = run("count", copy, "Heroin calls", "--ignore-dates")
    on_a_day = run("count", copy, "Heroin calls", "--day", "2017-06-01")
    after = run("count", copy, "Heroin calls", "--day", "2018-06-01")
    assert always["inside"] == on_a_day["inside"] == 562
    assert 0 < dated["inside"] < 562
    assert after["inside"] == 0


def test_package_holds_only_zones_in_force(project: Path, tmp_path: Path, run: Run) -> None:
    terms = tmp_path / "terms.json"
    terms.write_text(json.dumps(AGREEMENT))
    copy = zones_of(project, tmp_path, run, "500ft", "--agreement", terms)
    out = tmp_path / "zones.zip"
    run("package", copy, "--day", "2017-06-01", "--out", out)
    with zipfile.ZipFile(out) as package:
        manifest = json.loads(package.read("manifest.json"))
        for name, entry in manifest["files"].items():
            assert hashlib.sha256(package.read(name)).hexdigest() == entry["sha256"]
        everything = b"".join(package.read(name) for name in package.namelist())
        zones = json.loads(package.read("zones.geojson"))
    assert len(zones["features"]) == 143
    assert b"CPD1" not in everything, "an event number has no place in a package of zones"
    assert (
        cli.main(["package", str(copy), "--day", "2018-06-01", "--out", str(tmp_path / "no.zip")])
        == 25
    )
    assert not (tmp_path / "no.zip").exists()


@pytest.mark.parametrize("method", ["kde", "gistar"])
def test_hotspots(project: Path, tmp_path: Path, run: Run, method: str) -> None:
    copy = tmp_path / "copy.gpkg"
    copy.write_bytes(project.read_bytes())
    out = tmp_path / "cells.gpkg"
    answer = run("hotspots", copy, "Heroin calls", "--method", method, "--out", out)
    cells = pyogrio.read_dataframe(out)
    assert len(cells) == answer["cells"] > 100
    assert cells.crs.to_epsg() == 4326
    assert answer["small_counts"] is False, "events are written for partners unless asked"
    assert answer["events"] == (6060 if method == "kde" else None)
    assert ("value" in cells) == (method == "kde")
    assert run("info", copy)["hotspots"] == [
        {"layer": "Heroin calls", "method": method, "cell_m": 150.0, "bandwidth_m": 400.0}
    ]
    wishes = ("--method", method, "--out", out, "--audience", "police")
    assert run("hotspots", copy, "Heroin calls", *wishes)["events"] == 6060


@pytest.mark.parametrize("suffix", ["pdf", "png", "svg", "html"])
def test_maps(project: Path, tmp_path: Path, run: Run, suffix: str) -> None:
    copy = zones_of(project, tmp_path, run, "500ft")
    out = tmp_path / f"map.{suffix}"
    run("map", copy, "--out", out, "--audience", "partners", "--title", "Calls and sites")
    if suffix == "png":
        image = QImage(str(out))
        shades = {image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, 900, 7)}
        assert len(shades) > 20, "the map is not blank"
        return
    text = pdf_text(out) if suffix == "pdf" else out.read_text("utf8")
    for words in ("Calls and sites", "Partners", "Heroin calls"):
        assert words in text
    assert "below 11" in text or "from 1 to 10" in text
    assert "CPD1" not in text, "no event is named"
    assert "13XX RACE ST" not in text


def pdf_text(path: Path) -> str:
    done = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, check=True)
    return done.stdout
