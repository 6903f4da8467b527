"""A file of places, read as the import reads it, and what applies at each row, written as CSV.

Rows that cannot be read do not stop the file: they are named with their line and the reason.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import shapely
from numpy.typing import NDArray

from gisapp.analysis.checked_rows import CheckedRows, checked_rows
from gisapp.analysis.place_answer import PlaceAnswer
from gisapp.errors import DataError
from gisapp.io import importing
from gisapp.io.import_report import ImportReport, RejectedRows
from gisapp.io.safe_files import safe_cell, written
from gisapp.layers import terms_words
from gisapp.layers.audience import Audience
from gisapp.layers.layer import Layer, Points
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress

#: Columns of what is written; the first four are as they always were.
COLUMNS = (
    "lon",
    "lat",
    "zones",
    "suspended",
    "line",
    "at",
    "exceptions",
    "not_settled",
    "nearest_service",
    "distance_m",
    "service_hours",
    "referral_contact",
)
#: What is said of a service that is nearest: whether it is known to be open.
OPEN, UNKNOWN = "open", "hours not known: call first"


@dataclass(frozen=True, slots=True, eq=False)
class PlaceTable:
    """Places of a file (degrees), the line of each, and their moments (datetime64[us], UTC).

    A moment is NaT where the row has none that can be read. `report` says of the other rows.
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    lines: NDArray[np.int64]
    at: NDArray[np.datetime64]
    report: ImportReport

    @property
    def no_time(self) -> NDArray[np.int64]:
        """The lines of rows without a time that can be read."""
        return self.lines[np.isnat(self.at)]


def read_places(
    path: Path,
    project: Project,
    at: datetime | None,
    *,
    columns: dict[str, str],
    crs: str | None = None,
    timezone: str | None = None,
    progress: Progress | None = None,
) -> PlaceTable:
    """The places of a CSV, workbook or map file: all at one moment, or each at its own time.

    `columns` names fields by the columns that hold them (`time`). DataError where there are no
    places, or no time is known.
    """
    progress = progress or Progress()
    source = importing.probe([path], progress.part(0.0, 0.5))
    plan = importing.propose(source, LayerKind.OTHER, timezone or project.timezone)
    missing = [column for column in columns.values() if column not in source.column_names]
    if missing:
        raise DataError(
            f"{path.name} has no column “{missing[0]}”.",
            f"Its columns: {', '.join(source.column_names)}.",
        )
    fields = {**plan.fields, **columns}
    if at is not None:
        # Times of the rows are not asked for, so nothing is said of them.
        fields.pop("time", None)
    plan = replace(plan, fields=fields, crs=crs or plan.crs)
    if at is None and "time" not in plan.fields:
        raise DataError(
            "A check needs a time.",
            "Give --at, such as --at 2026-03-31T22:00, or name the column with --at-column.",
        )
    result = importing.read_layer(source, plan, progress.part(0.5, 1.0))
    lon, lat = _places(result.layer)
    lines = _lines(source, result.report)
    return PlaceTable(lon, lat, lines, _moments(result.layer, at), result.report)


def _places(layer: Layer) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if isinstance(layer.geometry, Points):
        return layer.geometry.lon, layer.geometry.lat
    inner = shapely.point_on_surface(layer.geometry.geoms)
    return shapely.get_x(inner), shapely.get_y(inner)


def _lines(source: importing.Source, report: ImportReport) -> NDArray[np.int64]:
    """The lines of the rows that came in: those of the file less those that did not."""
    rejected = report.rejected_rows
    assert isinstance(rejected, RejectedRows)
    gone = np.isin(source.lines, rejected.lines)
    return np.asarray(source.lines[~gone])


def _moments(layer: Layer, at: datetime | None) -> NDArray[np.datetime64]:
    if at is not None:
        moment = np.datetime64(at.astimezone(UTC).replace(tzinfo=None), "us")
        return np.full(len(layer), moment)
    times = layer.column("time")
    if times is None or not pa.types.is_timestamp(times.type):
        return np.full(len(layer), np.datetime64("NaT"), dtype="datetime64[us]")
    return np.asarray(times.cast(pa.timestamp("us")).to_numpy()).astype("datetime64[us]")


def checked(
    project: Project, table: PlaceTable, audience: Audience, *, exported: bool
) -> CheckedRows:
    """What applies at each row of the table."""
    places = table.lon, table.lat, table.at
    return checked_rows(project, *places, audience=audience, exported=exported)


def write_many(table: PlaceTable, found: CheckedRows, timezone: str, out: Path) -> None:
    """Write a row for each place that was read, in the order of the file.

    Cells of rows without a time are empty. ExportError where nothing can be written.
    """
    known = pa.array(~np.isnat(table.at))
    sets, near = found.sets, found.nearest
    which = pa.array(found.which)
    services = [safe_cell(one.name) for one in near.services]
    contacts = [safe_cell(one.contact) for one in near.services]
    service = pa.array(near.which, mask=near.which < 0)
    hours = pa.array(near.unsure.astype(np.int64), mask=near.which < 0)
    local = pa.array(table.at).cast(pa.timestamp("s", "UTC"), safe=False)
    columns = [
        pa.array(table.lon),
        pa.array(table.lat),
        _texts([safe_cell(one.zones) for one in sets], which, known),
        _texts([one.suspended for one in sets], which, known),
        pa.array(table.lines),
        local.cast(pa.timestamp("s", timezone)).cast(pa.string()),
        _texts([safe_cell(one.exceptions) for one in sets], which, known),
        _texts([safe_cell(one.not_settled) for one in sets], which, known),
        _texts(services, service, known),
        pa.array(np.where(np.isnat(table.at), np.nan, near.distance_m).round(1), from_pandas=True),
        _texts([OPEN, UNKNOWN], hours, known),
        _texts(contacts, service, known),
    ]
    with written(out) as target, pa.OSFile(str(target), "wb") as file:
        file.write((",".join(COLUMNS) + "\n").encode())
        pacsv.write_csv(
            pa.table(columns, names=list(COLUMNS)), file, pacsv.WriteOptions(include_header=False)
        )


def _texts(texts: Sequence[str], which: pa.Array, known: pa.Array) -> pa.Array:
    """The text of each row by its number; nothing where there is none."""
    values = pa.array(list(texts), pa.string()).take(which)
    return pc.if_else(known, values, None)


def write_one(answer: PlaceAnswer, out: Path) -> None:
    """Write the answer for one place as a row of the same table."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    near = answer.services[0] if answer.services else None
    suspended = sorted({act.value for one in answer.holds for act in one.suspended})
    exceptions = dict.fromkeys(terms_words.exceptions(one.agreement) for one in answer.holds)
    row = [
        answer.lon,
        answer.lat,
        "; ".join(one.zone.name for one in answer.holds),
        "; ".join(suspended),
        1,
        answer.at.isoformat(),
        "; ".join(filter(None, exceptions)),
        "; ".join(f"{plain.name} / {other.name}" for plain, other in answer.disputed),
        near.name if near else "",
        round(near.distance_m, 1) if near else "",
        near.opening_in_words if near else "",
        near.referral_contact if near else "",
    ]
    writer.writerow([safe_cell(cell) if isinstance(cell, str) else cell for cell in row])
    with written(out) as target:
        target.write_text(text.getvalue(), encoding="utf-8")
