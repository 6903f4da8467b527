"""The second command on a large project finds its rows beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from gisapp.analysis.points.known_indexes import known_index
from gisapp.io.project import gpkg_rows, project_cache, project_file
from gisapp.layers.layer import Points
from tests.conftest import Run

STOPS = "time,lat,lon\n" + "".join(
    f"2024-05-{day:02} 12:00,39.1{day:02},-84.5\n" for day in range(1, 29)
)


def test_large_layers_are_kept_by_the_first_command(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gpkg_rows, "MANY_ROWS", 20)
    (tmp_path / "stops.csv").write_text(STOPS)
    path = tmp_path / "p.gpkg"
    run("import", path, "stops", tmp_path / "stops.csv", "--name", "Stops")
    first = run("count", path, "Stops")
    geometry = project_file.load(path).layers[0].geometry
    assert isinstance(geometry, Points)
    assert known_index(geometry) is not None
    project_cache.tidy(path, ())
    assert not project_cache.folder_of(path).exists()
    assert run("count", path, "Stops") == first
    assert project_cache.folder_of(path).exists()
