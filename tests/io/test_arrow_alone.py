"""Arrow makes arrays without pandas, and still gives pandas objects when they are asked for."""

from __future__ import annotations

import subprocess
import sys

_SCRIPT = """
import sys
from gisapp.io.arrow_alone import without_pandas
import pyarrow as pa
without_pandas()
table = pa.table({"place": ["Vine St", None], "stops": [3, 4]})
assert "pandas" not in sys.modules
frame = table.to_pandas()
assert frame["stops"].tolist() == [3, 4]
again = pa.Table.from_pandas(frame, preserve_index=False)
assert again.to_pydict() == table.to_pydict(), again
assert pa.array(frame["stops"]).equals(pa.array([3, 4]))
"""


def test_pandas_comes_only_when_it_is_asked_for() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", _SCRIPT], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
