"""Where real public data is that some benchmarks read: docs/test-data.md says what it is."""

from __future__ import annotations

import os
from pathlib import Path

_BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data"
DATA = Path(os.environ.get("GISAPP_TEST_DATA") or _BESIDE)
