"""How long a user waits for the first sign of life: `gisapp --help` and the whole demo."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time


def took(*arguments: str, repeat: int = 1) -> float:
    """Seconds of the quickest of some runs of gisapp."""
    best = float("inf")
    for _ in range(repeat):
        start = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "gisapp", *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        best = min(best, time.perf_counter() - start)
    return best


if __name__ == "__main__":
    print(f"gisapp --help: {took('--help', repeat=5):.2f} s (at most 0.3)")
    with tempfile.TemporaryDirectory() as folder:
        print(f"gisapp demo --no-window: {took('demo', folder, '--no-window'):.1f} s (at most 15)")
