"""The same jobs on the same files by gisapp and by QGIS, in turns: `make bench-peers`.

    python -m benchmarks.bench_peers [NUMBER OF STOPS] [RUNS]

Needs QGIS with its Python (`apt install qgis python3-qgis`); says so and does nothing without it.
Each run is a process of its own on files that were just made. A ratio is QGIS's median over ours.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from benchmarks import made_up
from gisapp.io.project import project_file
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind
from gisapp.render.view import mercator

ROOT = Path(__file__).resolve().parents[1]
QGIS_PYTHON = "/usr/bin/python3"


def has_qgis() -> bool:
    """Whether the system's Python knows QGIS."""
    if not Path(QGIS_PYTHON).exists():
        return False
    asked = [QGIS_PYTHON, "-c", "import qgis.core"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


def write_files(folder: Path, project: Project) -> None:
    """The project as a GeoPackage, its stops as CSV, what the tables are called, the extent."""
    project_file.save(project, folder / "project.gpkg")
    stops = project.layers_of(LayerKind.STOPS)[0]
    table = stops.table.append_column("lon", pa.array(stops.geometry.lon))
    table = table.append_column("lat", pa.array(stops.geometry.lat))
    times = pc.strftime(table["stopped_at"], format="%Y-%m-%dT%H:%M:%S%z")
    table = table.set_column(0, "stopped_at", times)
    pyarrow.csv.write_csv(table, folder / "stops.csv")
    names = {"zones": "zones", "streets": "Streets", "stops": f"{len(stops):,}_stops"}
    names["stops"] = names["stops"].replace(",", "_")
    (folder / "tables.json").write_text(json.dumps(names))
    west, south, east, north = project.bounds or (0, 0, 1, 1)
    x, y = mercator(np.array([west, east]), np.array([south, north]))
    (folder / "extent.json").write_text(json.dumps([x[0], y[0], x[1], y[1]]))


def run(command: list[str], folder: Path) -> dict[str, float]:
    """One process; what it printed last."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_CACHE_HOME": str(folder)}
    done = subprocess.run(
        [*command, str(folder)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    for line in reversed(done.stdout.splitlines()):
        if line.startswith("{"):
            return dict(json.loads(line))
    raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    if not has_qgis():
        print("QGIS is not installed here: apt install qgis python3-qgis, then run this again.")
        return 0
    ours: list[dict[str, float]] = []
    theirs: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory() as name:
        made = Path(name) / "made"
        made.mkdir()
        write_files(made, made_up.project(count))
        for _ in range(runs):
            for found, command in (
                (theirs, [QGIS_PYTHON, "benchmarks/peer_qgis.py"]),
                (ours, [sys.executable, "-m", "benchmarks.peer_gisapp"]),
            ):
                folder = Path(name) / "run"
                shutil.copytree(made, folder)
                found.append(run(command, folder))
                shutil.rmtree(folder)
    print(f"{count:,} stops, 2,000 zones, {made_up.STREETS:,} streets, {runs} runs in turns")
    print(f"{'job':<36}{'gisapp':>10}{'QGIS':>10}{'ratio':>9}")
    for job in ours[0]:
        own = statistics.median(one[job] for one in ours)
        other = statistics.median(one[job] for one in theirs)
        print(f"{job:<36}{own:>10,.3f}{other:>10,.3f}{other / own:>9,.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
