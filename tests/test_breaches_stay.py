"""The log of possible breaches never leaves the program: whatever is exported is as without it."""

from __future__ import annotations

import ast
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import shapely

from gisapp.analysis.hotspots.hotspots import surface
from gisapp.io import cells_file
from gisapp.io.agreements import agreement_folder
from gisapp.io.patrol.package import write_package
from gisapp.io.project import project_file
from gisapp.layers.audience import Audience
from gisapp.layers.breach import Breach
from gisapp.layers.project import Hotspots, Project
from gisapp.layers.vocabulary import Activity, BreachSource
from gisapp.layers.zone import Zone, circle_zone
from gisapp.progress import Progress
from gisapp.render import export
from gisapp.render.headless import drawing
from gisapp.render.look import Look
from gisapp.render.view import MapView
from tests.conftest import ROOT, Run
from tests.io.projects import agreement, stops

AT = datetime(2025, 6, 2, 12, tzinfo=UTC)
DAY = date(2025, 6, 2)
WORDS = ("Zzyzx", "Quetzal")

#: What may know of breaches: their own values and the log, the project file, and the window.
MAY_KNOW = ("layers/", "ui/", "io/project/")


def logged() -> Project:
    zone = circle_zone("Quay", -84.46, 39.15, 900, "meeting", agreement_id="quay", id="zone")
    other = Zone("Drawn", shapely.box(-84.5, 39.1, -84.49, 39.11), agreement_id="quay")
    told = (
        Breach("zone", AT, BreachSource.CLIENT, Activity.ID_CHECK, f"{WORDS[0]} unit", WORDS[1]),
        Breach("zone", AT, BreachSource.POLICE, Activity.ARREST, WORDS[1], WORDS[0]),
    )
    return Project(
        title="City", layers=(stops(300),), agreements={"quay": agreement()}, breaches=told
    ).with_zones((zone, other))


def _map(project: Project, path: Path, audience: Audience) -> None:
    with drawing():
        export.export_map_task(
            project,
            MapView.around(project.bounds, 300),
            Look(DAY, None, audience, exported=True),
            path,
            title="City",
            generated_at=AT,
            dpi=40,
        ).work(Progress())


def _package(project: Project, path: Path, _: Audience) -> None:
    write_package(project, DAY, path)


def _agreements(project: Project, path: Path, _: Audience) -> None:
    written = agreement_folder.write(project, path.with_suffix(""))
    path.write_text("".join(file.read_text("utf-8") for file in written.files), "utf-8")


def _cells(project: Project, path: Path, audience: Audience) -> None:
    layer = project.layers[0]
    found = surface(layer, Hotspots(layer.id, cell_m=400, bandwidth_m=900))
    cells_file.write(found, path, name="Density", audience=audience)


EXPORTS: list[tuple[str, Callable[[Project, Path, Audience], None], Audience]] = [
    *(("map.html", _map, audience) for audience in Audience),
    ("map.svg", _map, Audience.POLICE),
    ("map.png", _map, Audience.POLICE),
    ("map.pdf", _map, Audience.POLICE),
    ("zones.zip", _package, Audience.PATROL),
    ("agreements.json", _agreements, Audience.POLICE),
    ("cells.geojson", _cells, Audience.POLICE),
]


def _without_times(data: bytes) -> bytes:
    """A PDF says when it was made, and gives itself a name at random."""
    data = re.sub(rb"D:\d{14}[^)]*|<xmp:\w+Date>[^<]*|uuid:[0-9a-f-]{36}", b"", data)
    return re.sub(rb"/ID \[[^\]]*\]", b"", data)


@pytest.mark.parametrize(("name", "write", "audience"), EXPORTS)
def test_an_export_is_the_same_with_and_without_the_log(
    tmp_path: Path, name: str, write: Callable[..., None], audience: Audience, qapp: object
) -> None:
    project = logged()
    with_log, without = tmp_path / "with", tmp_path / "without"
    for folder, one in ((with_log, project), (without, replace(project, breaches=()))):
        folder.mkdir()
        write(one, folder / name, audience)
    data = (with_log / name).read_bytes()
    assert _without_times(data) == _without_times((without / name).read_bytes())
    if zipfile.is_zipfile(with_log / name):
        with zipfile.ZipFile(with_log / name) as package:
            data = b"".join(package.read(entry) for entry in package.namelist())
    assert not any(word.encode() in data for word in WORDS)


@pytest.mark.parametrize(
    "command",
    [
        ("info", "p.gpkg"),
        ("count", "p.gpkg", "Stops", "--by", "month"),
        ("check", "p.gpkg", "--lat", "39.15", "--lon", "-84.46", "--at", "2025-06-02T12:00"),
        ("package", "p.gpkg", "--day", "2025-06-02", "--out", "z.zip"),
        ("agree", "p.gpkg", "--write", "agreements"),
    ],
    ids=lambda command: command[0],
)
def test_no_command_answers_with_it(
    tmp_path: Path, command: tuple[str, ...], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    project_file.save(logged(), tmp_path / "p.gpkg")
    monkeypatch.chdir(tmp_path)
    said = str(run(*command))
    assert said
    assert not any(word in said for word in WORDS)


def test_nothing_that_writes_or_draws_asks_for_the_log() -> None:
    package = ROOT / "gisapp"
    for path in package.rglob("*.py"):
        name = path.relative_to(package).as_posix()
        if name.startswith(MAY_KNOW):
            continue
        asked = {
            node.attr for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Attribute)
        }  # fmt: skip
        assert "breaches" not in asked, f"{name} asks for possible breaches"


def test_the_project_file_keeps_it(tmp_path: Path) -> None:
    project = logged()
    project_file.save(project, tmp_path / "p.gpkg")
    assert project_file.load(tmp_path / "p.gpkg").breaches == project.breaches
