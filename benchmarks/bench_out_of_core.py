"""Counting stops that do not fit into memory: time and the most memory, here and on two workers.

    python -m benchmarks.bench_out_of_core [--rows 50_000_000] [--folder DIR] [--no-cluster]

Writes a folder of GeoParquet (a file a month and half, row groups of 1 M rows) to a temporary
place, counts it in 2,000 zones with rings by the command line, each time in a process of its own,
and takes the folder away. The places are invented: clusters as of cities in a state, a tenth of
them spread evenly, in no order, so that no row group can be passed over.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from benchmarks.bench_counting import zones
from gisapp.io.project import project_file

WEST, SOUTH, WIDE, HIGH = -0.5, 51.3, 0.8, 0.4
FILES = 50
GROUP = 1_000_000
GEO = {
    "version": "1.1.0",
    "primary_column": "geometry",
    "columns": {"geometry": {"encoding": "WKB", "geometry_types": ["Point"]}},
}


def points(count: int, seed: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    rng = np.random.default_rng(seed)
    centres = np.random.default_rng(0).random((300, 2)) * [WIDE, HIGH]
    which = rng.integers(0, len(centres), count)
    lon = WEST + centres[which, 0] + rng.normal(0, 0.01, count)
    lat = SOUTH + centres[which, 1] + rng.normal(0, 0.006, count)
    even = rng.random(count) < 0.1
    lon[even] = WEST + rng.random(int(even.sum())) * WIDE
    lat[even] = SOUTH + rng.random(int(even.sum())) * HIGH
    return lon, lat


def wkb(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> pa.Array:
    records = np.empty(len(lon), dtype=[("order", "u1"), ("type", "<u4"), ("xy", "<f8", 2)])
    records["order"], records["type"] = 1, 1
    records["xy"] = np.column_stack([lon, lat])
    offsets = np.arange(len(lon) + 1, dtype=np.int32) * 21
    return pa.Array.from_buffers(
        pa.binary(), len(lon), [None, pa.py_buffer(offsets), pa.py_buffer(records)]
    )


def table(count: int, seed: int) -> pa.Table:
    rng = np.random.default_rng(seed)
    lon, lat = points(count, seed)
    seconds = rng.integers(0, 365 * 86_400, count).astype("timedelta64[s]")
    when = (np.datetime64("2018-01-01") + seconds).astype("datetime64[us]")
    searched = pa.DictionaryArray.from_arrays(
        pa.array(rng.integers(0, 4, count, dtype=np.int8)), ["Drugs", "Weapons", "Stolen", "Other"]
    )
    made = pa.table(
        {
            "date": pa.array(when).cast(pa.timestamp("us", "UTC")),
            "object_of_search": searched,
            "geometry": wkb(lon, lat),
        }
    )
    return made.replace_schema_metadata({"geo": json.dumps(GEO)})


def make(folder: Path, rows: int) -> None:
    for number in range(FILES):
        part = folder / f"part={number:02}"
        part.mkdir(parents=True)
        pq.write_table(table(rows // FILES, number), part / "0.parquet", row_group_size=GROUP)


def measured(arguments: list[str]) -> tuple[float, float, str]:
    """Seconds, the most memory of one process in GB, and the answer."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "gisapp", *arguments, "--json", "--quiet"], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    answer = process.stdout.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"gisapp ended with {process.returncode}")
    return time.perf_counter() - start, usage.ru_maxrss * 1024 / 1e9, answer


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=50_000_000)
    parser.add_argument("--folder", type=Path, help="where to write (default: the temporary one)")
    parser.add_argument("--no-cluster", action="store_true")
    parser.add_argument("--make", type=Path, help="only write the folder, here")
    args = parser.parse_args()
    if args.make:
        make(args.make, args.rows)
        return
    with tempfile.TemporaryDirectory(prefix="gisapp-bench-", dir=args.folder) as held:
        folder, project = Path(held) / "stops", Path(held) / "project.gpkg"
        start = time.perf_counter()
        # The system counts to a process what its parent held, so this one stays small.
        own = [sys.executable, "-m", "benchmarks.bench_out_of_core", "--make", str(folder)]
        subprocess.run([*own, "--rows", str(args.rows)], check=True)
        size = sum(file.stat().st_size for file in folder.rglob("*.parquet")) / 1e9
        print(f"{args.rows:,} stops, {size:.2f} GB, made in {time.perf_counter() - start:.0f} s")
        project_file.save(zones(2000), project)
        print("| job | s | most memory of one process, GB |\n|---|---|---|")
        ways = [("this machine", []), ("with rings of 100 m", ["--ring", "100m"])]
        ways.append(("by month", ["--by", "month"]))
        if not args.no_cluster:
            ways.append(("Dask, two workers", ["--engine", "dask://local"]))
        counts = {}
        for name, options in ways:
            taken, most, answer = measured(["count", str(project), str(folder), *options])
            counts[name] = json.loads(answer)["by_zone"]
            print(f"| count in 2,000 zones, {name} | {taken:.0f} | {most:.2f} |", flush=True)
        out = Path(held) / "checked"
        taken, most, _ = measured(["check", str(project), "--file", str(folder), "--out", str(out)])
        print(f"| check each row, write what holds there and then | {taken:.0f} | {most:.2f} |")
        print("the same counts" if len(set(map(str, counts.values()))) == 1 else "COUNTS DIFFER")


if __name__ == "__main__":
    main()
