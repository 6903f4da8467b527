"""Reading GeoParquet through dask-geopandas; loaded by `cluster` when somebody asks for one.

The reader of dask-geopandas plans the parts and reads them. But it makes an object of each place,
a second a million, and lets numbers with gaps become fractions. Here a part stays as Arrow read
it, so that a worker counts the very bytes that a single machine counts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import dask.dataframe as dd
import pandas as pd
import pyarrow as pa
from dask.delayed import delayed
from dask_geopandas.io.parquet import GeoArrowEngine

from gisapp.io.folders.geoparquet import GeoFolder
from gisapp.io.folders.geoparquet_path import SUFFIXES


class ArrowRows(GeoArrowEngine):  # type: ignore[misc]
    """The reader of dask-geopandas with columns as Arrow has them, places as bytes."""

    @classmethod
    def _update_meta(cls, meta: pd.DataFrame, schema: pa.Schema) -> pd.DataFrame:
        return meta

    @classmethod
    def _arrow_table_to_pandas(
        cls, arrow_table: pa.Table, categories: Any, **kwargs: Any
    ) -> pd.DataFrame:
        columns = {}
        for name in arrow_table.column_names:
            column = arrow_table[name]
            if isinstance(column.type, pa.ExtensionType):
                column = pa.chunked_array(
                    [chunk.storage for chunk in column.chunks], column.type.storage_type
                )
            columns[name] = pd.Series(pd.arrays.ArrowExtensionArray(column))
        return pd.DataFrame(columns)


def parts(folder: GeoFolder, columns: Sequence[str], groups: int) -> list[Any]:
    """A delayed frame for every few row groups of the folder.

    Files whose columns differ in their types are read apart: read together, those of the others
    would become those of the first, and times on a wall clock moments in UTC.
    """
    alike: dict[tuple[str | None, ...], list[Path]] = {}
    for file in folder.files:
        types = dict(file.types)
        alike.setdefault(tuple(types.get(name) for name in columns), []).append(file.path)
    named_by = pa.schema([(name, pa.string()) for name in folder.named_by])
    read = [_parts_of(paths, named_by, columns, groups) for paths in alike.values()]
    return [part for some in read for part in some]


def _parts_of(
    paths: Sequence[Path], named_by: pa.Schema, columns: Sequence[str], groups: int
) -> list[Any]:
    frame = dd.read_parquet(
        [str(path) for path in paths],
        engine=ArrowRows,
        columns=list(columns),
        # Columns that pandas wrote as categories stay as Arrow has them too.
        categories=[],
        index=False,
        split_row_groups=groups,
        blocksize=None,
        gather_spatial_partitions=False,
        parquet_file_extension=SUFFIXES,
        dataset={"partitioning": {"flavor": "hive", "schema": named_by}},
    )
    return list(frame.to_delayed())


def each(
    client: Any, function: Callable[..., Any], delayed_parts: Sequence[Any], shared: Any
) -> list[Any]:
    """Futures of a function of each part and what all share."""
    own = delayed(function, pure=False)
    return list(client.compute([own(part, shared) for part in delayed_parts], retries=0))
