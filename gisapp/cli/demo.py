"""`gisapp demo`: the whole main job on the sample city, then the window."""

from __future__ import annotations

import importlib
import itertools
import sys
from argparse import Namespace
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from gisapp.analysis import counting
from gisapp.analysis.deployments import zones_met
from gisapp.cli.answer import Answer
from gisapp.cli.display import has_display
from gisapp.cli.projects import log_exports
from gisapp.document import Document
from gisapp.errors import ExportError, GisappError
from gisapp.io import cells_file
from gisapp.io.exported_files import line_for
from gisapp.io.patrol.package import write_package
from gisapp.io.patrol.signing import SigningKey, new_key, own_key
from gisapp.io.project import project_file
from gisapp.journeys import hotspot_surface, sample_project
from gisapp.layers.audience import Audience
from gisapp.layers.export_log import Export
from gisapp.layers.frame import frame_of
from gisapp.layers.layer import Layer
from gisapp.layers.project import Project
from gisapp.progress import Progress
from gisapp.render import export
from gisapp.render.headless import drawing
from gisapp.render.paper import package_page
from gisapp.render.scene import Look
from gisapp.render.view import MapView

#: A day of the invented week in which the sample deployments lie.
DAY = date(2026, 3, 24)
DEFAULT_FOLDER = Path("gisapp-demo")


def run(args: Namespace, progress: Progress) -> Answer:
    folder = args.folder or DEFAULT_FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExportError(
            f"The folder {folder} cannot be made: {(error.strerror or str(error)).lower()}.",
            "Name another folder: gisapp demo DIR.",
        ) from error
    project = sample_project(progress.part(0, 0.4))
    project_path = _place_for(project, folder)
    project_file.save(project, project_path, None, progress.part(0.4, 0.5))
    answer = _main_job(project, folder, progress.part(0.5, 0.98)) | {"project": str(project_path)}
    lines = _logged(answer, datetime.now(project.tzinfo))
    warnings = log_exports(Document(project), project_path, lines, progress.part(0.98, 1))
    answer["logged"] = not warnings
    text = "\n".join([_in_words(answer), *warnings])
    if args.no_window or not has_display():
        return Answer(answer, text)
    if not args.json:
        sys.stderr.write(text + "\n\nOpening the window …\n")
    # By name, so that the command line never pays for loading the window.
    importlib.import_module("gisapp.ui.app").main([str(project_path)])
    return Answer(answer, text)


def _place_for(project: Project, folder: Path) -> Path:
    """The first harbourton.gpkg, harbourton-2.gpkg … that is free, or is as the demo made it.

    So what somebody changed and saved in an earlier demo is never written over.
    """
    for number in itertools.count(1):
        path = folder / ("harbourton.gpkg" if number == 1 else f"harbourton-{number}.gpkg")
        if not path.exists() or _is_as_made(path, project):
            return path
    raise AssertionError("counting never ends")


def _is_as_made(path: Path, project: Project) -> bool:
    try:
        return _marks(project_file.load(path)) == _marks(project)
    except GisappError:
        return False


def _marks(project: Project) -> tuple[object, ...]:
    """What somebody could have changed, without the ids that differ from demo to demo."""
    layers = [
        (layer.name, len(layer), layer.style, layer.visible, layer.sensitivity)
        for layer in project.layers
    ]
    hotspots = [replace(one, id="", layer_id="") for one in project.hotspots]
    return (
        project.title,
        project.timezone,
        project.views,
        project.zones_visible,
        layers,
        hotspots,
        dict(project.zones),
        dict(project.agreements),
    )


def _main_job(project: Project, folder: Path, progress: Progress) -> dict[str, object]:
    stops, overdoses = project.layer_named("Stops"), project.layer_named("Overdoses")
    surface = hotspot_surface(project, project.hotspots[0], progress.part(0, 0.2))
    cells = cells_file.write(
        surface, folder / "hotspots.gpkg", name="Overdose density", audience=Audience.PARTNERS
    )
    maps = _maps(project, folder, progress.part(0.2, 0.8))
    package = folder / "zones.zip"
    with drawing():
        manifest = write_package(
            project,
            DAY,
            package,
            key=_key(),
            extra=package_page.files_over(project),
            progress=progress.part(0.8, 1),
        )
    layer = project.layer_named("Deployments")
    found = zones_met.conflicts(project, layer)
    return {
        "folder": str(folder),
        "layers": {layer.name: len(layer) for layer in project.layers},
        "zones": len(project.zones),
        "counts": {"stops": _counts(project, stops), "overdoses": _counts(project, overdoses)},
        "hotspot_cells": cells,
        "cells": str(folder / "hotspots.gpkg"),
        "deployments": len(layer),
        "deployments_in_conflict": len({one.deployment_row for one in found}),
        "zones_in_package": manifest.zone_count,
        "maps": maps,
        "package": str(package),
    }


def _logged(answer: dict[str, object], at: datetime) -> list[Export]:
    """What the export log says of the files, as it would of each if its own command wrote it."""
    maps = answer["maps"]
    assert isinstance(maps, list)
    partners, patrol = Audience.PARTNERS.value, Audience.PATROL.value
    files = [(Path(str(answer["cells"])), "hotspots", partners)]
    files += [(Path(path), "map", partners) for path in maps]
    files.append((Path(str(answer["package"])), "patrol package", patrol))
    return [line_for(path, what, at=at, audience=whom) for path, what, whom in files]


def _key() -> SigningKey:
    """The user's own key; where none can be kept, one for this package alone."""
    try:
        return own_key()
    except ExportError:
        return new_key()


def _counts(project: Project, layer: Layer) -> dict[str, int]:
    counts = counting.count_events(project, layer, ring_m=200)
    return {"inside": counts.inside, "ring_200m": counts.ring, "outside": counts.outside}


def _maps(project: Project, folder: Path, progress: Progress) -> list[str]:
    look = Look(day=DAY, time=None, audience=Audience.PARTNERS, exported=True)
    view = MapView.around(frame_of(project, look.audience))
    made = []
    names = ("map.html", "map.pdf", "map.png")
    with drawing():
        for number, name in enumerate(names):
            task = export.export_map_task(
                project,
                view,
                look,
                folder / name,
                title=project.title,
                generated_at=datetime.now(project.tzinfo),
            )
            made.append(
                str(task.work(progress.part(number / len(names), (number + 1) / len(names))))
            )
    return made


def _in_words(answer: dict[str, object]) -> str:
    layers, counts, maps = answer["layers"], answer["counts"], answer["maps"]
    assert isinstance(layers, dict)
    assert isinstance(counts, dict)
    assert isinstance(maps, list)
    lines = ["The sample city, Harbourton, is ready. Nothing in it is real.", ""]
    lines += [f"  {name}: {count:,}" for name, count in layers.items()]
    lines.append(f"  Zones: {answer['zones']} under three agreements")
    for name, parts in counts.items():
        lines.append(
            f"  {name.capitalize()} inside a zone in force at the time: {parts['inside']:,}; "
            f"within 200 m of one: {parts['ring_200m']:,}; elsewhere: {parts['outside']:,}"
        )
    lines.append(
        f"  {answer['deployments_in_conflict']} of {answer['deployments']} planned deployments "
        "meet a zone in force at their hours"
    )
    lines += ["", "Outputs:", f"  {answer['project']}", *(f"  {path}" for path in maps)]
    lines.append(f"  {answer['cells']} ({answer['hotspot_cells']:,} cells of density)")
    lines.append(f"  {answer['package']} ({answer['zones_in_package']} zones in force on {DAY})")
    return "\n".join(lines)
