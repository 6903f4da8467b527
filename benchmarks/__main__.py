"""`make bench`: run every benchmark of this folder, each in a process of its own.

A benchmark is a module with lines of its own on standard output; what follows each is its time as
a whole and the most memory that it held.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent


def run(module: str) -> bool:
    """Run one benchmark; returns whether it went through."""
    start = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", module],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as child:
        assert child.stdout is not None
        said = child.stdout.read()
        # The system's own account of this child, and of nobody else's.
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    took = time.perf_counter() - start
    peak = used.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
    print(module)
    for line in said.rstrip("\n").splitlines():
        print(f"  {line}")
    print(f"  all of it {took:.1f} s, at most {peak:,.0f} MB\n", flush=True)
    return child.returncode == 0


def main() -> int:
    wanted = sys.argv[1:]
    names = [path.stem for path in sorted(HERE.glob("bench_*.py"))]
    # Another program and ten minutes of it are asked for by name.
    chosen = [name for name in names if (name in wanted if wanted else name != "bench_peers")]
    results = [run(f"benchmarks.{name}") for name in chosen]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
