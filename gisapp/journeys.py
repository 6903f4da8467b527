"""A function per journey that builds a task: the window and the command line share them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from gisapp.analysis.hotspots.hotspots import Surface, surface
from gisapp.analysis.hotspots.study_area import study_area
from gisapp.document import Document
from gisapp.errors import DataError
from gisapp.io.agreements import agreement_file
from gisapp.io.reading import importing
from gisapp.io.reading.importing import ImportPlan, ImportResult, Source
from gisapp.layers import edits
from gisapp.layers.audience import Sensitivity
from gisapp.layers.layer import FIELDS, Layer
from gisapp.layers.project import Hotspots, Project
from gisapp.layers.style import WATER, Fill, Style
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress
from gisapp.tasks import Task, run_now
from sample_data.make_city import city_files
from sample_data.plan import planned_zones

#: Names for the columns of coordinates in `columns`, beside the fields of the kind.
LON_NAMES = ("lon", "x", "longitude")
LAT_NAMES = ("lat", "y", "latitude")


def import_task(
    paths: Sequence[Path],
    kind: LayerKind,
    *,
    name: str | None = None,
    crs: str | None = None,
    timezone: str | None = None,
    columns: Mapping[str, str] | None = None,
    preset: str | None = None,
    streets: Sequence[Layer] = (),
) -> Task[ImportResult]:
    """Read files into a layer as proposed, but for what the caller says otherwise.

    `streets` are layers in which deployments find the streets that they name.
    """

    def work(progress: Progress) -> ImportResult:
        source = importing.probe(paths, progress.part(0, 0.2))
        plan = importing.propose(
            source, kind, timezone=timezone, preset=preset, streets=tuple(streets)
        )
        plan = changed(source, plan, name=name, crs=crs, columns=columns or {})
        return importing.read_layer(source, plan, progress.part(0.2, 1))

    return Task(
        f"Importing {kind.value}",
        work,
        lambda result: edits.add_layer(result.layer, result.timezone),
    )


def changed(
    source: Source,
    plan: ImportPlan,
    *,
    name: str | None = None,
    crs: str | None = None,
    columns: Mapping[str, str],
) -> ImportPlan:
    """The plan with what a user said; DataError for a field or column that is not there."""
    if name:
        plan = replace(plan, name=name)
    if crs:
        plan = replace(plan, crs=crs)
    known = {field.name for field in FIELDS[plan.kind]}
    fields = dict(plan.fields)
    for field, column in columns.items():
        if column not in source.column_names:
            raise DataError(
                f"There is no column “{column}”.", f"Columns: {', '.join(source.column_names)}."
            )
        if field in LON_NAMES:
            plan = replace(plan, x_column=column)
        elif field in LAT_NAMES:
            plan = replace(plan, y_column=column)
        elif field in known:
            fields[field] = column
        else:
            raise DataError(
                f"{plan.kind.label} have no field “{field}”.",
                f"Fields: lon, lat, {', '.join(sorted(known))}.",
            )
    return replace(plan, fields=fields)


def hotspot_surface(project: Project, hotspots: Hotspots, progress: Progress) -> Surface:
    """The surface that these parameters give, on the ground of the project's boundaries."""
    layer = project.layer(hotspots.layer_id)
    return surface(layer, hotspots, study_area=study_area(project), progress=progress)


#: The sample city's layers from bottom to top: name, kind, and the file in the city's folder.
SAMPLE_LAYERS = (
    ("River Harrow", LayerKind.OTHER, "river.geojson"),
    ("Streets", LayerKind.STREETS, "streets.geojson"),
    ("Districts", LayerKind.BOUNDARIES, "districts.geojson"),
    ("Stops", LayerKind.STOPS, "stops.csv.gz"),
    ("Overdoses", LayerKind.OVERDOSES, "overdoses.csv"),
    ("Deployments", LayerKind.DEPLOYMENTS, "deployments.geojson"),
    ("Services", LayerKind.SERVICES, "services.csv"),
)


RIVER = Style(color=WATER, width=0.5, fill_opacity=0.55, fill=Fill.PLAIN)


def sample_project(progress: Progress) -> Project:
    """The sample city with its layers, agreements, zones and hotspots, made from its files."""
    files = city_files()
    document = Document(Project(title="Harbourton (sample city)", timezone="Europe/London"))
    steps = len(SAMPLE_LAYERS)
    for step, (name, kind, file) in enumerate(SAMPLE_LAYERS):
        part = progress.part(step / steps, (step + 1) / steps)
        task = import_task([files.folder / file], kind, name=name, timezone="Europe/London")
        run_now(document, task, part)
    river = document.project.layer_named("River Harrow")
    document.apply(edits.set_sensitivity(river.id, Sensitivity.PUBLIC))
    document.apply(edits.restyle_layer(river.id, RIVER))
    for terms in files.agreements:
        document.apply(edits.record_agreement(agreement_file.read(terms)))
    document.apply(edits.add_zones(planned_zones(files)))
    overdoses = document.project.layer_named("Overdoses")
    hotspots = Hotspots(overdoses.id, method="kde", cell_m=100, bandwidth_m=350, visible=True)
    document.apply(edits.set_hotspots(hotspots))
    return document.project


def open_sample_task() -> Task[Project]:
    """Make the sample city; the caller opens the project that comes back."""
    return Task("Making the sample city", sample_project)
