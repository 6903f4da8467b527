"""A file of places to be checked, read as the import reads it.

Rows that cannot be read do not stop the file: they are named with their line and the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from gisapp.errors import DataError
from gisapp.io.reading import importing
from gisapp.io.reading.import_report import ImportReport, RejectedRows
from gisapp.io.reading.times import as_text
from gisapp.layers.layer import Layer, Points
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress

_TEXTS = (".csv", ".tsv", ".tab", ".txt")


@dataclass(frozen=True, slots=True, eq=False)
class PlaceTable:
    """Places of a file (degrees), the line of each, and their moments (datetime64[us], UTC).

    A moment is NaT where the row has none that can be read. `report` says of the other rows.
    `ids` are the rows' own numbers as texts, None where the file has none; no other column of the
    file is kept, for it may name persons.
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    lines: NDArray[np.int64]
    at: NDArray[np.datetime64]
    report: ImportReport
    ids: pa.ChunkedArray | None = None

    @property
    def no_time(self) -> NDArray[np.int64]:
        """The lines of rows without a time that can be read."""
        return self.lines[np.isnat(self.at)]


@contextmanager
def being_read(
    path: Path, read: Callable[[importing.Source], PlaceTable], progress: Progress
) -> Iterator[Callable[[], PlaceTable]]:
    """What to ask for the places of a file, while other work is done meanwhile.

    Text is read on a thread of its own; a map only when it is asked for, as the other work may
    need GDAL too. What is wrong with the file is told to who asks. Where the other work fails,
    reading stops.
    """

    def table() -> PlaceTable:
        return read(importing.probe([path], progress))

    if path.suffix.casefold() not in _TEXTS:
        yield table
        return
    with ThreadPoolExecutor(1, thread_name_prefix="gisapp-read") as thread:
        # Handed out once: whoever has it may let go of it while the rest goes on.
        reading = [thread.submit(table)]
        try:
            yield lambda: reading.pop().result()
        except BaseException:
            progress.cancel()
            raise


def read_places(
    source: importing.Source,
    timezone: str,
    at: datetime | None,
    *,
    columns: dict[str, str],
    crs: str | None = None,
    progress: Progress | None = None,
) -> PlaceTable:
    """The places of a file that was looked at: all at one moment, or each at its own time.

    `timezone` is that of times that carry none. `columns` names fields by the columns that hold
    them (`time`, `id`). DataError where there are no places, or no time is known.
    """
    progress = progress or Progress()
    plan = importing.propose(source, LayerKind.OTHER, timezone)
    missing = [column for column in columns.values() if column not in source.column_names]
    if missing:
        raise DataError(
            f"{source.paths[0].name} has no column “{missing[0]}”.",
            f"Its columns: {', '.join(source.column_names)}.",
        )
    fields = {**plan.fields, **columns}
    fields.pop("id", None)
    if at is not None:
        # Times of the rows are not asked for, so nothing is said of them.
        fields.pop("time", None)
    plan = replace(plan, fields=fields, crs=crs or plan.crs)
    if at is None and "time" not in plan.fields:
        raise DataError(
            "A check needs a time.",
            "Give --at, such as --at 2026-03-31T22:00, or name the column with --at-column.",
        )
    result = importing.read_layer(source, plan, progress, count_copies=False)
    lon, lat = _places(result.layer)
    came = _came(source, result.report)
    return PlaceTable(
        lon,
        lat,
        np.asarray(source.lines[came]),
        _moments(result.layer, at),
        result.report,
        _ids(source, columns.get("id"), came),
    )


def _places(layer: Layer) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if isinstance(layer.geometry, Points):
        return layer.geometry.lon, layer.geometry.lat
    inner = shapely.point_on_surface(layer.geometry.geoms)
    return shapely.get_x(inner), shapely.get_y(inner)


def _came(source: importing.Source, report: ImportReport) -> NDArray[np.bool_]:
    """Which rows came in: those of the file less those that did not."""
    rejected = report.rejected_rows
    assert isinstance(rejected, RejectedRows)
    return ~np.isin(source.lines, rejected.lines)


def _ids(
    source: importing.Source, named: str | None, came: NDArray[np.bool_]
) -> pa.ChunkedArray | None:
    """The rows' own numbers, as they are written: of the column named, or of one called id."""
    called = [name for name in source.column_names if name.strip().casefold() == "id"]
    column = named or next(iter(called), None)
    if column is None:
        return None
    try:
        texts = as_text(source.table[column])
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        if named is None:
            return None
        raise DataError(
            f"“{named}” holds lists or bytes, and none of that is a number of a row.",
            "Name another column with --map id=COLUMN, or leave it out.",
        ) from None
    return texts if came.all() else texts.filter(pa.array(came))


def _moments(layer: Layer, at: datetime | None) -> NDArray[np.datetime64]:
    if at is not None:
        moment = np.datetime64(at.astimezone(UTC).replace(tzinfo=None), "us")
        return np.full(len(layer), moment)
    times = layer.column("time")
    if times is None or not pa.types.is_timestamp(times.type):
        return np.full(len(layer), np.datetime64("NaT"), dtype="datetime64[us]")
    return np.asarray(times.cast(pa.timestamp("us")).to_numpy()).astype("datetime64[us]")
