"""From starting the process to the first painted window, with the memory and processor time.

    python -m benchmarks.bench_start

Each run is a new process. The first one warms the disk and compiles the modules into a folder of
its own, and is not counted: what is installed is compiled once, so nobody meets that at each start.
(Where Python is told to write no compiled modules, each start costs 0.6 s more.)
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LIMIT_S = 1.0
RUNS = 5

_CHILD = """
import json, os, resource, sys, time
begun = float(sys.argv[1])
from pathlib import Path
from PySide6.QtCore import QTimer
from gisapp.ui import app as program
application = program.make_application(["gisapp"])
window = program.make_window(application)
def painted():
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    heavy = sorted({"pandas", "geopandas", "folium", "scipy", "matplotlib"} & set(sys.modules))
    spent = os.times()
    print(json.dumps({
        "seconds": time.time() - begun, "CPU": spent.user + spent.system, "MB": memory,
        "modules": len(sys.modules), "heavy": heavy,
    }))
    window.close()
window.first_painted.connect(painted)
window.show()
sys.exit(application.exec())
"""


def one(compiled: str) -> dict[str, float]:
    """Start the window once; seconds until it was painted, and the memory then.

    `compiled` is a folder for the compiled modules.
    """
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "XDG_CONFIG_HOME": home, "XDG_DATA_HOME": home}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        environment["PYTHONPYCACHEPREFIX"] = compiled
        if not environment.get("DISPLAY"):
            environment["QT_QPA_PLATFORM"] = "offscreen"
        done = subprocess.run(
            [sys.executable, "-c", _CHILD, str(time.time())],
            capture_output=True,
            text=True,
            check=True,
            env=environment,
            cwd=Path(__file__).resolve().parents[1],
        )
    return dict(json.loads(done.stdout.splitlines()[-1]))


def main() -> int:
    with tempfile.TemporaryDirectory() as compiled:
        one(compiled)
        found = [one(compiled) for _ in range(RUNS)]
    seconds = [run["seconds"] for run in found]
    print(
        f"first paint: median {statistics.median(seconds):.2f} s, worst {max(seconds):.2f} s "
        f"(limit {LIMIT_S} s); "
        f"processor time {statistics.median(run['CPU'] for run in found):.2f} s, "
        f"{found[-1]['modules']} modules; memory {max(run['MB'] for run in found):.0f} MB; "
        f"heavy libraries loaded by then: {found[-1]['heavy'] or 'none'}"
    )
    return 0 if statistics.median(seconds) <= LIMIT_S else 1


if __name__ == "__main__":
    if main():
        sys.exit(1)
