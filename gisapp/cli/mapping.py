"""`gisapp map`: a map for a meeting, as PDF, PNG, SVG or one HTML file."""

from __future__ import annotations

from argparse import Namespace
from datetime import datetime

from gisapp.cli.answer import Answer
from gisapp.cli.projects import log_exports, opened
from gisapp.errors import DataError
from gisapp.io.exported_files import line_for
from gisapp.layers.audience import Audience
from gisapp.layers.frame import frame_of
from gisapp.layers.layer import Bounds
from gisapp.layers.project import Project
from gisapp.progress import Progress
from gisapp.render import export
from gisapp.render.headless import drawing
from gisapp.render.scene import Look
from gisapp.render.view import MapView


def run(args: Namespace, progress: Progress) -> Answer:
    document = opened(args.project, progress.part(0, 0.3))
    project = document.project
    now = datetime.now(project.tzinfo)
    look = Look(
        day=args.day or now.date(), time=None, audience=Audience(args.audience), exported=True
    )
    view = MapView.around(_bounds(project, args.view, look.audience))
    with drawing():
        task = export.export_map_task(
            project, view, look, args.out, title=args.title or project.title, generated_at=now
        )
        path = task.work(progress.part(0.3, 0.9))
    line = line_for(path, "map", at=now, audience=look.audience.value)
    warnings = log_exports(document, args.project, [line], progress.part(0.9, 1))
    answer = {
        "out": str(path),
        "audience": args.audience,
        "day": look.day.isoformat(),
        "bytes": path.stat().st_size,
    }
    return Answer(
        answer | {"logged": not warnings},
        "\n".join([f"Map for {look.audience.within}: {path}", *warnings]),
    )


def _bounds(project: Project, name: str | None, audience: Audience) -> Bounds | None:
    if name is None:
        return frame_of(project, audience)
    for view in project.views:
        if view.name.casefold() == name.casefold():
            return view.bounds
    names = ", ".join(f"“{view.name}”" for view in project.views) or "none"
    raise DataError(f"There is no view “{name}”.", f"Saved views: {names}.")
