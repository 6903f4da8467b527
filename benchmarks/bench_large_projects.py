"""Projects of 1 and 10 million stops: saved, changed, recovered, opened to the first picture.

    python -m benchmarks.bench_large_projects [ROWS …]

The project is made with 2,000 zones and 13,560 streets. Each opening is a process of its own;
what it says of memory is what the process holds of its own beside what is mapped from the cache,
which the system takes back whenever it needs room.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from benchmarks import made_up
from gisapp.io.project import project_cache, project_file, recovery
from gisapp.layers import edits
from gisapp.layers.audience import Audience
from gisapp.layers.layer import Points
from gisapp.layers.project import Project
from gisapp.render.headless import drawing
from gisapp.render.look import Look
from gisapp.render.scene import Cache, Scene, render_image
from gisapp.render.view import MapView

T = TypeVar("T")
ROWS = (1_000_000, 10_000_000)
TIMES = 3


def timed(what: str, work: Callable[[], T], times: int = 1) -> T:
    took = []
    for _ in range(times):
        start = time.perf_counter()
        result = work()
        took.append((time.perf_counter() - start) * 1000)
    print(f"  {what:<52}{min(took):10,.0f} ms", flush=True)
    return result


def save_and_change(project: Project, path: Path) -> None:
    timed("save a new file", lambda: project_file.save(project, path))
    timed("write the cache", lambda: project_file.write_cache(project, path))
    kept = sum(file.stat().st_size for file in project_cache.folder_of(path).iterdir())
    print(f"  file {path.stat().st_size / 1e6:,.0f} MB, cache {kept / 1e6:,.0f} MB")
    states = [project]
    ids = iter(project.zones)

    def change() -> None:
        states.append(edits.rename_zone(next(ids), "Moved").apply(states[-1]))
        project_file.save(states[-1], path, states[-2])

    timed("save after a change of one zone", change, 5)
    saved = states[-1]
    copy = recovery.recovery_path(path, path.parent)
    first = edits.set_title("Changed").apply(saved)
    timed("first recovery copy", lambda: recovery.write(first, copy, saved=saved, saved_path=path))
    again = edits.set_title("Changed again").apply(first)
    timed(
        "next recovery copy",
        lambda: recovery.write(again, copy, last=first, saved=saved, saved_path=path),
    )
    print(f"  recovery copy {copy.stat().st_size / 1e6:,.1f} MB")
    recovery.remove(copy)


def memory() -> tuple[float, float]:
    """Megabytes of its own that this process holds, and mapped from files (Linux)."""
    status = Path("/proc/self/status").read_text("utf-8")
    found = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
    return tuple(int(found[name].split()[0]) / 1024 for name in ("RssAnon", "RssFile"))


def open_and_draw(path: Path) -> None:
    """One opening, in this process: from the file to the first picture of 1280 x 800."""
    with drawing():
        before = memory()
        start = time.perf_counter()
        project = project_file.load(path)
        opened = time.perf_counter()
        look = Look(day=date(2026, 6, 1), time=None, audience=Audience.POLICE, dark=False)
        view = MapView.fit(project.bounds, 1280, 800)
        render_image(Scene(project, view, look), Cache())
        drawn = time.perf_counter()
        own, mapped = (after - was for was, after in zip(before, memory(), strict=True))
    rows = sum(len(one) for one in project.layers if isinstance(one.geometry, Points))
    print(
        f"  opened {(opened - start) * 1000:7,.0f} ms, drawn {(drawn - start) * 1000:7,.0f} ms; "
        f"{own:,.0f} MB of its own ({own * 2**20 / rows:.0f} bytes a stop), {mapped:,.0f} MB mapped"
    )


def openings(what: str, path: Path, times: int) -> None:
    print(f" {what}", flush=True)
    for _ in range(times):
        command = [sys.executable, "-m", "benchmarks.bench_large_projects", "--open", str(path)]
        subprocess.run(command, check=True)


def main() -> None:
    if sys.argv[1:2] == ["--open"]:
        open_and_draw(Path(sys.argv[2]))
        return
    for rows in [int(word) for word in sys.argv[1:]] or ROWS:
        print(f"{rows:,} stops, 2,000 zones, 13,560 streets")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "large.gpkg"
            save_and_change(made_up.project(rows), path)
            openings("open to the first picture", path, TIMES)
            project_cache.tidy(path, ())
            openings("the same without the cache", path, 1)


if __name__ == "__main__":
    main()
