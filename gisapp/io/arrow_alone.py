"""Arrow without pandas, for commands that have no use for it."""

from __future__ import annotations

import importlib.abc
import sys
from collections.abc import Sequence
from types import ModuleType

import pyarrow as pa


class _NoPandas(importlib.abc.MetaPathFinder):
    """Makes `import pandas` fail as where it is not installed."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> None:
        if name == "pandas":
            raise ImportError(f"{name} is not wanted yet")


def without_pandas() -> None:
    """Keep Arrow from loading pandas with the first array it makes, which takes 0.2 s.

    Arrow looks for pandas once, only to know its objects when it is given some. Whoever asks it
    for pandas objects afterwards (`to_pandas`) still gets them: it then looks again. Nothing
    happens where pandas is loaded already.
    """
    if "pandas" in sys.modules:
        return
    finder = _NoPandas()
    sys.meta_path.insert(0, finder)
    try:
        pa.array([0])
    finally:
        sys.meta_path.remove(finder)
