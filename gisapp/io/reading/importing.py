"""Files to layer: carry out an import plan, and report what became of every row.

The steps are `probe` (what is in the files), `propose` (what it probably means), `preview` and
`read_layer`; nothing in a file is ever evaluated, text is only text.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gisapp.errors import DataError
from gisapp.io.deployments import hours as deployment_hours
from gisapp.io.deployments import place_notes as deployment_place_notes
from gisapp.io.deployments import places as deployment_places
from gisapp.io.reading import (
    columns,
    localities,
    numbers,
    places,
    reference_systems,
    time_notes,
    times,
)
from gisapp.io.reading.import_plan import (
    ImportPlan,
    crs_candidates,
    plan_notes,
    problem,
    propose,
)
from gisapp.io.reading.import_report import ImportReport, RejectedRow, RejectedRows, write_rejected
from gisapp.io.reading.places import Placed
from gisapp.io.reading.raw_table import unique_names
from gisapp.io.reading.reference_systems import Candidate
from gisapp.io.reading.row_copies import copies
from gisapp.io.reading.sources import Column, Source, probe
from gisapp.io.safe_files import as_characters
from gisapp.layers.layer import FIELDS, TIME_FIELDS, Geometry, Layer, Points, Provenance, new_layer
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress, giving_way

__all__ = [
    "Candidate",
    "Column",
    "ImportPlan",
    "ImportReport",
    "ImportResult",
    "Preview",
    "RejectedRow",
    "Source",
    "crs_candidates",
    "plan_notes",
    "preview",
    "probe",
    "problem",
    "propose",
    "read_layer",
    "usable_rows",
    "write_rejected",
]

#: No more than there are processors: the window would wait for one of them as well.
_WORKERS = min(4, os.cpu_count() or 1)
#: Texts that stand for no value at all.
_NOTHING = ("", "NULL")


@dataclass(frozen=True, slots=True)
class ImportResult:
    """The new layer, what became of the rows, and the time zone in which the places lie."""

    layer: Layer
    report: ImportReport
    timezone: str


@dataclass(frozen=True, slots=True, eq=False)
class Preview:
    """The first rows as a plan would read them.

    `cells` are texts, row by row; `lon` and `lat` are NaN and `problems` says why, for rows
    that would be rejected. Lines and areas have a point within them there, and are themselves
    in `shapes`.
    """

    columns: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    problems: tuple[str, ...]
    shapes: tuple[BaseGeometry, ...] = ()


def preview(source: Source, plan: ImportPlan, n: int = 200) -> Preview:
    """The first `n` rows with their places and problems; never raises for a plan yet unfinished."""
    table = source.table.slice(0, n)
    rows = table.num_rows
    lon, lat = np.full(rows, np.nan), np.full(rows, np.nan)
    problems = [""] * rows
    shapes: tuple[BaseGeometry, ...] = ()
    trouble = problem(source, plan)
    if trouble is None:
        placed = _placed(source, plan, rows)
        points = _points_of(placed.geometry)
        lon[placed.good], lat[placed.good] = points.lon, points.lat
        if not isinstance(placed.geometry, Points):
            shapes = tuple(placed.geometry.geoms)
        problems = [placed.reasons[code] for code in placed.codes]
    else:
        problems = [trouble.message] * rows
    texts = [times.as_text(_plain(table[name])).to_pylist() for name in table.column_names]
    cells = tuple(
        tuple("" if value is None else value for value in row) for row in zip(*texts, strict=True)
    )
    return Preview(tuple(table.column_names), cells, lon, lat, tuple(problems), shapes)


def usable_rows(source: Source, plan: ImportPlan) -> int:
    """How many rows have a usable place as the plan reads them; 0 for a plan yet unfinished."""
    return 0 if problem(source, plan) else int(_placed(source, plan).good.sum())


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column that can be cast to text; what cannot (lists, bytes) becomes text by Python."""
    try:
        return column.cast(pa.string())
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        return pa.chunked_array(
            [[None if value is None else str(value) for value in column.to_pylist()]], pa.string()
        )


def _points_of(geometry: Geometry) -> Points:
    if isinstance(geometry, Points):
        return geometry
    # Corners of a damaged file may lie at the edge of what a float can hold.
    with np.errstate(all="ignore"):
        inner = shapely.point_on_surface(geometry.geoms)
    return Points(shapely.get_x(inner), shapely.get_y(inner))


def read_layer(
    source: Source,
    plan: ImportPlan,
    progress: Progress | None = None,
    *,
    count_copies: bool = True,
) -> ImportResult:
    """Carry out the plan; rows given twice are counted unless nobody asks for it.

    Raises DataError where there are no coordinates, they look swapped, or no row has a usable
    place; CrsError where the reference system is unknown or contradicted; Cancelled.
    """
    progress = progress or Progress()
    progress.report(0.05, "Placing rows on the map")
    trouble = problem(source, plan)
    if trouble is not None:
        raise trouble
    placed = _placed(source, plan)
    progress.report(0.3, "Reading times and fields")
    rejected = _rejected(source, plan, placed)
    reasons = Counter(_reason_counts(placed, source))
    _check_any(source, placed, reasons)
    zone, zone_note = _timezone(plan, placed)
    table, fields, notes = _columns(source, plan, placed.good, zone, zone_note, progress)
    progress.report(0.8, "Looking for rows given twice")
    duplicates = 0
    if count_copies:
        duplicates = copies(source.table, source.xy, source.geoms, progress)
    progress.report(0.95, "Making the layer")
    placed.geometry.measure()
    if not placed.good.any():
        notes.append("No feature has a place: the layer is empty.")
    told = (*source.notes, *plan_notes(source, plan), *placed.notes, *notes)
    all_notes = tuple(dict.fromkeys(told))
    crs = reference_systems.label(plan.crs or reference_systems.WGS84)
    layer = new_layer(
        plan.name,
        plan.kind,
        table,
        placed.geometry,
        fields,
        Provenance(
            sources=tuple(as_characters(path.name) for path in source.paths),
            crs=crs,
            imported_at=datetime.now(UTC),
            read=source.rows,
            rejected=len(rejected),
            reasons=dict(reasons),
            duplicates=duplicates,
            notes=all_notes,
        ),
    )
    report = ImportReport(
        read=source.rows,
        added=len(layer),
        rejected=len(rejected),
        reasons=dict(reasons),
        crs=crs,
        time_range=_time_range(layer),
        duplicates=duplicates,
        layer=layer.name,
        rejected_rows=rejected,
        notes=all_notes,
    )
    return ImportResult(layer, report, zone)


def _placed(source: Source, plan: ImportPlan, rows: int | None = None) -> Placed:
    """Places of the first `rows` rows, or of all."""
    end = source.table.num_rows if rows is None else rows
    streets, radius = plan.fields.get("streets"), plan.fields.get("radius")
    if plan.kind is not LayerKind.DEPLOYMENTS or not (streets or radius):
        return _by_coordinates(source, plan, end)
    own = source.has_places or bool(plan.place_columns)
    text_of = {
        name: times.as_text(source.table[name].slice(0, end)) for name in (streets, radius) if name
    }
    return deployment_places.placed(
        _by_coordinates(source, plan, end) if own else None,
        text_of.get(streets or ""),
        text_of.get(radius or ""),
        radius or "",
        plan.streets,
        source.lines,
        end,
    )


def _by_coordinates(source: Source, plan: ImportPlan, end: int) -> Placed:
    """Places of the first `end` rows by coordinates, or by the shapes of a map file."""
    crs = plan.crs or ""
    faults = np.zeros(end, dtype=bool) if source.faults is None else source.faults[:end]
    if source.xy is not None:
        return places.from_points(source.xy[:end], faults, crs, plan.swap)
    if source.geoms is not None:
        names = _names(source, plan, end)
        return places.from_shapes(source.geoms[:end].copy(), faults, crs, names, plan.swap)
    if plan.shape_column is not None:
        geoms, faults = _from_wkt(source.table[plan.shape_column].slice(0, end))
        if (shapely.get_type_id(geoms[~shapely.is_missing(geoms)]) == 0).all():
            xy = np.column_stack([shapely.get_x(geoms), shapely.get_y(geoms)])
            return places.from_points(xy, faults, crs, plan.swap)
        return places.from_shapes(geoms, faults, crs, _names(source, plan, end), plan.swap)
    x, y = (source.table[str(column)].slice(0, end) for column in (plan.x_column, plan.y_column))
    return places.from_columns(x, y, crs, plan.scale, plan.swap)


def _names(source: Source, plan: ImportPlan, rows: int) -> list[str | None]:
    column = plan.fields.get("name")
    if column is None:
        return [None] * rows
    return list(_plain(source.table[column].slice(0, rows)).to_pylist())


def _from_wkt(texts: pa.ChunkedArray) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    raw = pc.replace_substring_regex(texts, r"^\s*SRID=\d+;", "").to_pylist()
    geoms = np.asarray(
        shapely.from_wkt(np.array(raw, dtype=object), on_invalid="ignore"), dtype=object
    )
    faults = shapely.is_missing(geoms) & np.array([text is not None for text in raw], dtype=bool)
    geoms = np.asarray(shapely.force_2d(geoms), dtype=object)
    geoms[shapely.is_empty(geoms)] = None
    return geoms, faults


def _reason_counts(placed: Placed, source: Source) -> Mapping[str, int]:
    counts = Counter(
        {
            placed.reasons[code]: int(count)
            for code, count in enumerate(np.bincount(placed.codes)) if code and count
        }
    )  # fmt: skip
    counts.update(row.reason for row in source.broken)
    return dict(counts.most_common())


def _check_any(source: Source, placed: Placed, reasons: Mapping[str, int]) -> None:
    """DataError if no row has a place, except for a sound map file whose features have none."""
    if placed.good.any():
        return
    if source.has_places and places.BAD_SHAPE not in reasons:
        return
    why = ", ".join(f"{count:,} with {reason}" for reason, count in reasons.items())
    if deployment_place_notes.NO_LAYER in reasons:
        raise DataError(
            f"No row of {source.files[0]} has a usable place: {why}.",
            deployment_place_notes.STREETS_FIRST,
        )
    raise DataError(
        f"No row of {source.files[0]} has a usable place: {why}.",
        " ".join((*source.notes[:3], "Export it again."))
        if source.has_places
        else "Check which columns hold the coordinates, and in which reference system.",
    )


def _rejected(source: Source, plan: ImportPlan, placed: Placed) -> RejectedRows:
    rows = np.flatnonzero(~placed.good)
    kept = [name for name in source.column_names if name not in plan.dropped]
    table = source.table.select(kept)
    return RejectedRows(
        table=table.take(pa.array(rows)) if len(rows) else table.slice(0, 0),
        files=source.files,
        file_index=np.searchsorted(source.starts, rows, side="right") - 1,
        lines=source.lines[rows],
        reasons=placed.reasons,
        reason_index=placed.codes[rows],
        broken=source.broken,
    )


def _timezone(plan: ImportPlan, placed: Placed) -> tuple[str, str]:
    """The zone of times without one, and where it comes from, as the end of a sentence."""
    geometry = placed.geometry
    if isinstance(geometry, Points):
        here = localities.timezone_of(geometry.lon, geometry.lat)
    else:
        west, south, east, north = shapely.bounds(geometry.geoms).T
        here = localities.timezone_of((west + east) / 2, (south + north) / 2)
    zone = plan.timezone or here or "UTC"
    return zone, f"{zone}, where the points lie" if zone == here else zone


def _columns(
    source: Source,
    plan: ImportPlan,
    good: NDArray[np.bool_],
    zone: str,
    zone_note: str,
    progress: Progress,
) -> tuple[pa.Table, dict[str, str], list[str]]:
    """The layer's table, its fields, and what is to be said of its times and names."""
    place = () if plan.shape_column is None and source.has_places else plan.place_columns
    names = [n for n in source.column_names if n not in plan.dropped and n not in place]
    keep = None if good.all() else pa.array(good)
    rows = source.table.select(names)
    rows = rows if keep is None else rows.filter(keep)
    fields = {f: c for f, c in plan.fields.items() if c in names}
    first: list[str] = []
    if plan.kind is LayerKind.DEPLOYMENTS:
        rows, fields, first = _shifts(source, rows, fields, zone)
        names = rows.column_names
    moments_of = {c for f, c in fields.items() if f in TIME_FIELDS}

    def finished(name: str) -> tuple[pa.ChunkedArray, list[str]]:
        progress.check()
        if name in moments_of:
            clock = plan.clock_column if name == fields.get("time") else None
            return _moments(rows, name, clock, zone, zone_note)
        return _values(rows[name]), []

    with ThreadPoolExecutor(_WORKERS) as pool:
        results = list(pool.map(giving_way(finished), names))
    table = pa.table({name: values for name, (values, _) in zip(names, results, strict=True)})
    notes = [*first, *(note for _, said in results for note in said)]
    if not names:
        table = pa.table({"Number": pa.array(np.arange(1, int(good.sum()) + 1))})
    return *_with_name(table, plan.kind, fields, notes), notes


def _shifts(
    source: Source, rows: pa.Table, fields: dict[str, str], zone: str
) -> tuple[pa.Table, dict[str, str], list[str]]:
    """Rows of deployments with whole moments in their start and end."""
    beside: dict[str, str] = {
        field: clock
        for field in ("start", "end")
        if field in fields
        and (clock := columns.clock_beside(source.sample, fields[field], list(fields.values())))
    }
    day_first = localities.writes_day_first(zone)
    return deployment_hours.joined(rows, fields, zone, day_first, beside)


def _values(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Texts without blanks round them, or numbers where all of a column are numbers."""
    if not pa.types.is_string(column.type):
        simple = (
            pa.types.is_integer(column.type)
            or pa.types.is_floating(column.type)
            or pa.types.is_boolean(column.type)
        )
        return column if simple else _plain(column)
    chunks = [_trimmed(chunk) for chunk in column.chunks]
    return numbers.typed(pa.chunked_array(chunks, pa.string()))


def _trimmed(texts: pa.Array) -> pa.Array:
    """Texts without blanks round them, null where nothing is left.

    One piece of a column after the other, and the piece itself where nothing changed: millions
    of texts are not copied.
    """
    trimmed = pc.utf8_trim_whitespace(texts)
    if pc.sum(pc.binary_length(trimmed)).as_py() == pc.sum(pc.binary_length(texts)).as_py():
        trimmed = texts
    blank = pc.is_in(trimmed, value_set=pa.array(_NOTHING))
    if pc.any(blank).as_py():
        trimmed = pc.if_else(blank, pa.scalar(None, pa.string()), trimmed)
    return trimmed


def _moments(
    rows: pa.Table, name: str, clock: str | None, zone: str, zone_note: str
) -> tuple[pa.ChunkedArray, list[str]]:
    texts = _plain(rows[name])
    if clock is not None:
        days, clocks = (times.blank_to_null(one) for one in (texts, _plain(rows[clock])))
        joined = times.with_clock(days, clocks)
        texts = pa.chunked_array([joined]) if isinstance(joined, pa.Array) else joined
    read = times.read_times(texts, zone, localities.writes_day_first(zone))
    notes = list(read.notes)
    missing = read.missing
    known = len(texts) - missing - read.unreadable
    if known:
        notes.append(time_notes.offset_note(read.with_offset, known, zone_note))
    if read.unreadable:
        count = "1 time" if read.unreadable == 1 else f"{read.unreadable:,} times"
        notes.append(f"{count} in {name} could not be read; the rows stay, without a time.")
    if missing and missing < len(texts):
        notes.append(f"{_rows_have(missing)} no time in {name}.")
    return read.values, notes


def _rows_have(count: int) -> str:
    return "1 row has" if count == 1 else f"{count:,} rows have"


def _with_name(
    table: pa.Table, kind: LayerKind, fields: dict[str, str], notes: list[str]
) -> tuple[pa.Table, dict[str, str]]:
    """The table with a column of names where the kind needs one and the file has none."""
    needed = any(field.name == "name" and field.required for field in FIELDS[kind])
    if not needed or "name" in fields:
        return table, fields
    noun = kind.counted(1).split(" ", 1)[1].capitalize()
    column = unique_names([*table.column_names, "Name"])[-1]
    values = pa.array([f"{noun} {number}" for number in range(1, table.num_rows + 1)], pa.string())
    notes.append(f"No column holds names: they are called {noun} 1, {noun} 2 and so on.")
    return table.append_column(column, values), {**fields, "name": column}


def _time_range(layer: Layer) -> tuple[str, str] | None:
    column = layer.column("time")
    if column is None:
        column = layer.column("start")
    if column is None or column.null_count == len(column):
        return None
    extremes = pc.min_max(column).as_py()
    return extremes["min"].isoformat(), extremes["max"].isoformat()
