"""How a source becomes a layer: proposed from names and values, for the user to change."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from gisapp.errors import CrsError, DataError, GisappError
from gisapp.io.reading import columns as guesses
from gisapp.io.reading import localities, numbers, personal, reference_systems, times
from gisapp.io.reading.column_words import words
from gisapp.io.reading.presets import preset_fields
from gisapp.io.reading.reference_systems import WGS84, Candidate
from gisapp.io.reading.sources import Source
from gisapp.io.safe_files import as_characters
from gisapp.layers.layer import Layer
from gisapp.layers.vocabulary import LayerKind

_SHAPE_TEXT = r"^\s*(?:SRID=\d+;)?\s*(?:MULTI)?(?:POINT|LINESTRING|POLYGON)\s*Z?\s*\("
_AREAS = {
    "precinct", "sector", "beat", "ward", "district", "borough", "neighborhood", "neighbourhood",
    "lsoa", "zip", "postcode", "county", "tract", "community", "area", "address", "street",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What becomes of the columns; change it with `dataclasses.replace`.

    `x_column` and `y_column` hold longitude and latitude, or east and north, in units of `crs`
    once multiplied by `scale`; `shape_column` holds outlines as WKT instead. All three are None
    for map files. `crs` None has to be asked. `timezone` None is taken from where the points
    lie. `fields` maps fields of the kind to columns; `clock_column` adds the time of day to the
    column of `time`. Columns in `left_out` do not come in. `swap` turns x and y round, and
    `check_swapped` has them checked. In layers of `streets` deployments find those they name.
    """

    name: str
    kind: LayerKind
    x_column: str | None = None
    y_column: str | None = None
    shape_column: str | None = None
    crs: str | None = None
    scale: float = 1.0
    timezone: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    clock_column: str | None = None
    left_out: tuple[str, ...] = ()
    swap: bool = False
    check_swapped: bool = True
    notes: tuple[str, ...] = ()
    streets: tuple[Layer, ...] = ()

    @property
    def by_streets(self) -> bool:
        """Whether rows are placed by the names of streets, coordinates or not."""
        named = self.kind is LayerKind.DEPLOYMENTS and "streets" in self.fields
        return named and bool(self.streets)

    @property
    def dropped(self) -> tuple[str, ...]:
        """Columns that do not come in: those left out, unless a field was mapped to one."""
        mapped = set(self.fields.values())
        return tuple(column for column in self.left_out if column not in mapped)

    @property
    def place_columns(self) -> tuple[str, ...]:
        given = (self.x_column, self.y_column, self.shape_column)
        return tuple(column for column in given if column is not None)


def propose(
    source: Source,
    kind: LayerKind,
    timezone: str | None = None,
    preset: str | None = None,
    streets: tuple[Layer, ...] = (),
) -> ImportPlan:
    """A plan for a layer of this kind; what it could not find out stays None or empty.

    `preset` names a known publication whose columns are known, see `presets`. Raises DataError
    for an unknown preset or time zone.
    """
    if timezone is not None:
        times.check_timezone(timezone)
    sample = source.sample
    left_out = tuple(
        name
        for name in source.column_names
        if personal.points_at_person(name, kind)
        or personal.holds_persons(times.as_text(sample[name]), kind)
    )
    plan = ImportPlan(
        layer_name(source), kind, timezone=timezone, left_out=left_out, streets=streets
    )
    plan = replace(plan, crs=source.crs) if source.has_places else _with_place_columns(source, plan)
    found, clock = guesses.fields(sample, kind, (*left_out, *plan.place_columns))
    if preset is not None:
        found |= preset_fields(preset, kind, source.column_names)
    plan = replace(plan, fields=found, clock_column=clock)
    if timezone is None:
        plan = replace(plan, timezone=_timezone(source, plan))
    return replace(plan, notes=plan_notes(source, plan))


def layer_name(source: Source) -> str:
    """The name of the file or folder as words: `naloxone_sites.csv` → `Naloxone sites`.

    Of several files what their names have in common: their end, else their start.
    """
    stems = [_stem(path) for path in source.paths]
    stem = (_in_common(stems) if len(stems) > 1 else "") or stems[0]
    if source.layer and len(source.layer_names) > 1:
        stem = source.layer
    text = " ".join(re.sub(r"[_\s]+", " ", stem).split()) or "Layer"
    return text[:1].upper() + text[1:]


def _in_common(stems: Sequence[str]) -> str:
    """The words at the end, else at the start, of all names; empty where there are none."""
    parts = [re.split(r"[-_.\s]+", stem) for stem in stems]
    for way in (-1, 1):
        columns = zip(*(part[::way] for part in parts), strict=False)
        same = [column[0] for column in takewhile(lambda c: len(set(c)) == 1, columns)]
        named = [word for word in same[::way] if not word.isdigit()]
        if named:
            return " ".join(named)
    return ""


def _stem(path: Path) -> str:
    name = as_characters(path.name)
    if path.is_dir():
        return name
    return re.sub(r"(?:\.(?:csv|tsv|txt|geojson|json|kml))?(?:\.[A-Za-z]{2,7})?$", "", name)


def _with_place_columns(source: Source, plan: ImportPlan) -> ImportPlan:
    guess = guesses.coordinates(source.sample)
    if guess is not None:
        return replace(
            plan,
            x_column=guess.x,
            y_column=guess.y,
            scale=guess.scale,
            crs=WGS84 if guess.degrees else None,
        )
    for name in source.column_names:
        given = times.as_text(source.sample[name]).drop_null()
        if len(given) and pc.all(pc.match_substring_regex(given.slice(0, 50), _SHAPE_TEXT)).as_py():
            return replace(plan, shape_column=name, crs=_declared_beside(source))
    return plan


def _declared_beside(source: Source) -> str | None:
    """The reference system that a column `srid` gives for every row alike."""
    for name in source.column_names:
        if name.casefold() in ("srid", "epsg"):
            values = times.as_text(source.table[name]).unique().to_pylist()
            if len(values) == 1 and str(values[0]).isdigit():
                return f"EPSG:{values[0]}"
    return None


def sample_places(
    source: Source, plan: ImportPlan
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Coordinates of the sampled rows as the plan reads them, not yet in degrees."""
    empty = np.zeros(0)
    if source.xy is not None:
        x, y = source.xy[source.sample_rows].T
    elif source.geoms is not None:
        x, y = _middles(source.geoms[source.sample_rows])
    elif plan.shape_column is not None:
        texts = source.sample[plan.shape_column].slice(0, 200)
        shapes = shapely.from_wkt(np.array(texts.to_pylist(), dtype=object), on_invalid="ignore")
        x, y = _middles(np.asarray(shapes, dtype=object))
    elif plan.x_column is not None and plan.y_column is not None:
        x = numbers.as_numbers(source.sample[plan.x_column]) * plan.scale
        y = numbers.as_numbers(source.sample[plan.y_column]) * plan.scale
    else:
        return empty, empty
    return (y, x) if plan.swap else (x, y)


def _middles(geoms: NDArray[np.object_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    west, south, east, north = shapely.bounds(geoms).T
    return (west + east) / 2, (south + north) / 2


def _timezone(source: Source, plan: ImportPlan) -> str | None:
    if plan.crs is None or reference_systems.trouble(plan.crs) is not None:
        return None
    x, y = sample_places(source, plan)
    good = np.isfinite(x) & np.isfinite(y)
    return localities.timezone_of(*reference_systems.to_degrees(plan.crs, x[good], y[good]))


def crs_candidates(source: Source, plan: ImportPlan) -> tuple[Candidate, ...]:
    """Common reference systems that the coordinates would fit, to be offered where it is asked."""
    return reference_systems.candidates(*sample_places(source, plan))


def plan_notes(source: Source, plan: ImportPlan) -> tuple[str, ...]:
    """What is noteworthy about the plan, in sentences."""
    notes = []
    if plan.scale != 1.0:
        notes.append(
            f"Coordinates are whole numbers: read as {1 / plan.scale:,.0f}ths of a degree."
        )
    if plan.dropped:
        notes.append(f"Left out, for they point at a person: {', '.join(plan.dropped)}.")
    if source.crs and plan.crs and source.crs != plan.crs:
        notes.append(f"The file declares another reference system; read as {plan.crs}, as told.")
    if plan.clock_column:
        notes.append(
            f"Dates are in {plan.fields.get('time')}, times of day in {plan.clock_column}."
        )
    trouble = problem(source, plan)
    if trouble is not None:
        notes.append(str(trouble))
    return tuple(notes)


def problem(source: Source, plan: ImportPlan) -> GisappError | None:
    """What keeps the plan from being carried out, as the error it would end in; None if nothing.

    DataError where no columns hold coordinates or they look swapped, CrsError where the
    reference system is unknown or contradicted by the coordinates.
    """
    missing = [c for c in _columns_of(plan) if c not in source.column_names]
    if missing:
        return DataError(
            f"There is no column “{missing[0]}”.", f"Columns: {', '.join(source.column_names)}."
        )
    if not source.has_places and not plan.shape_column and not (plan.x_column and plan.y_column):
        return None if plan.by_streets else _no_place(source, plan)
    if plan.x_column and plan.x_column == plan.y_column and not source.has_places:
        return DataError(
            f"Longitude and latitude are the same column, “{plan.x_column}”.",
            "Choose two columns, one for each.",
        )
    x, y = sample_places(source, plan)
    what = source.files[0]
    if plan.crs is None:
        return reference_systems.unknown_system(what, x, y)
    unusable = reference_systems.trouble(plan.crs)
    if unusable is not None:
        return unusable
    if reference_systems.is_degrees(plan.crs):
        return _not_degrees(source, plan, x, y)
    return _not_grid(source, plan, x, y)


def _columns_of(plan: ImportPlan) -> Sequence[str]:
    clock = (plan.clock_column,) if plan.clock_column else ()
    return (*plan.place_columns, *plan.fields.values(), *clock)


def _no_place(source: Source, plan: ImportPlan) -> DataError:
    if plan.kind is LayerKind.DEPLOYMENTS and "streets" in plan.fields:
        return DataError(
            f"{source.files[0]} names streets, and the project holds no layer of streets.",
            "Import the streets of the city first.",
        )
    return _no_coordinates(source)


def _no_coordinates(source: Source) -> DataError:
    areas = [name for name in source.column_names if set(words(name)) & _AREAS]
    only = f" It only names places or areas ({', '.join(areas[:4])})." if areas else ""
    return DataError(
        f"{source.files[0]} has no columns of coordinates.{only}",
        "Ask for an export with coordinates, or name the columns with --map lon=… --map lat=….",
    )


def _not_degrees(
    source: Source, plan: ImportPlan, x: NDArray[np.float64], y: NDArray[np.float64]
) -> GisappError | None:
    """Coordinates said to be degrees that are none, or are the other way round."""
    good = np.isfinite(x) & np.isfinite(y) & ((x != 0) | (y != 0))
    x, y = x[good], y[good]
    if not len(x):
        return None
    in_range = (np.abs(x) <= 180) & (np.abs(y) <= 90)
    if in_range.mean() < 0.5:
        turned = (np.abs(y) <= 180) & (np.abs(x) <= 90)
        if turned.mean() >= 0.9:
            return _swapped(plan, "latitudes go beyond 90°")
        # A little beyond is a slip in a few rows; far beyond are the numbers of another system.
        if np.median(np.abs(x)) > 400 or np.median(np.abs(y)) > 400:
            error = reference_systems.unknown_system(source.files[0], x, y)
            return CrsError(
                f"The coordinates of {source.files[0]} are not degrees, whatever it says.",
                error.hint,
            )
        return None
    if plan.check_swapped and localities.look_swapped(x, y):
        return _swapped(plan, "as they stand, the points lie in open sea or in Antarctica")
    return None


def _swapped(plan: ImportPlan, why: str) -> DataError:
    hint = "Export the file again with longitude first."
    if plan.x_column and plan.y_column:
        hint = f"Swap them: --map lon={plan.y_column} --map lat={plan.x_column}."
    return DataError(f"Latitude and longitude look swapped: {why}.", hint)


def _not_grid(
    source: Source, plan: ImportPlan, x: NDArray[np.float64], y: NDArray[np.float64]
) -> GisappError | None:
    """Coordinates that fall nowhere in the reference system they are said to be in."""
    good = np.isfinite(x) & np.isfinite(y)
    if not good.any() or plan.crs is None:
        return None
    lon, _ = reference_systems.to_degrees(plan.crs, x[good], y[good])
    if np.isfinite(lon).any():
        return None
    return CrsError(
        f"The coordinates of {source.files[0]} are not in {reference_systems.label(plan.crs)}.",
        "Name the right system with --crs.",
    )
