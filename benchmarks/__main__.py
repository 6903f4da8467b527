"""`make bench`: run every benchmark of this folder, each in a process of its own.

A benchmark is a module with lines of its own on standard output; what follows each is its time as
a whole and the most memory that it held.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent

#: Run in the child after the benchmark: the peak of its own memory, on its last line.
_RUNNER = """
import resource, runpy, sys
runpy.run_module(sys.argv[1], run_name="__main__")
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(peak / (1024 * 1024 if sys.platform == "darwin" else 1024))
"""


def run(module: str) -> bool:
    """Run one benchmark; returns whether it went through."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", _RUNNER, module], cwd=ROOT, text=True, capture_output=True
    )
    took = time.perf_counter() - start
    print(f"{module}")
    if done.returncode != 0:
        print(done.stdout + done.stderr)
        return False
    *lines, peak = done.stdout.rstrip("\n").splitlines()
    for line in lines:
        print(f"  {line}")
    print(f"  all of it {took:.1f} s, at most {float(peak):,.0f} MB\n", flush=True)
    return True


def main() -> int:
    wanted = sys.argv[1:]
    names = [path.stem for path in sorted(HERE.glob("*.py")) if not path.stem.startswith("_")]
    chosen = [name for name in names if not wanted or name in wanted]
    results = [run(f"benchmarks.{name}") for name in chosen]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
