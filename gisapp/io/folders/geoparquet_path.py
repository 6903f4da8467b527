"""Telling GeoParquet from other files by its path, before anything is loaded to read it."""

from __future__ import annotations

from pathlib import Path

SUFFIXES = (".parquet", ".geoparquet", ".pq")


def looks_like(path: Path) -> bool:
    """Whether a path is meant as a folder or file of GeoParquet."""
    return path.suffix.lower() in SUFFIXES or path.is_dir()
