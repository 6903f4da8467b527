"""`gisapp deploy`: deployments against the zones in force at their hours."""

from __future__ import annotations

import csv
import io
from argparse import Namespace
from pathlib import Path

from gisapp import journeys
from gisapp.analysis import deployments
from gisapp.analysis.deployments import Conflict
from gisapp.cli.answer import Answer
from gisapp.cli.projects import exists, opened
from gisapp.io.safe_files import safe_cell, written
from gisapp.layers import geodesy
from gisapp.layers.layer import Layer
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress

HEADER = ("deployment", "unit", "zone", "overlap_m2", "share", "hours", "not_here")


def run(args: Namespace, progress: Progress) -> Answer:
    project = opened(args.project, progress.part(0, 0.5)).project
    layer = _deployments(project, args.deployments, progress.part(0.5, 0.8))
    found = deployments.conflicts(project, layer)
    if args.out:
        _write(args.out, found)
    meeting = {one.deployment_row for one in found}
    answer = {
        "deployments": len(layer),
        "in_conflict": len(meeting),
        "conflicts": [_as_json(one) for one in found],
    }
    lines = [f"{len(meeting)} of {len(layer)} deployments meet a zone in force at their hours."]
    for one in found:
        lines.append(
            f"  {one.deployment}: {geodesy.area_in_words(one.overlap_m2)} of zone “{one.zone}” "
            f"for {one.minutes / 60:.1f} hours"
        )
        lines += [f"    not there: {activity.label.lower()}" for activity in one.suspended]
    return Answer(answer, "\n".join(lines))


def _deployments(project: Project, name: str, progress: Progress) -> Layer:
    """The layer of this name or, where there is none, the deployments in the file of this name."""
    known = {layer.name.casefold() for layer in project.layers}
    if name.casefold() in known or not exists(Path(name)):
        return project.layer_named(name)
    task = journeys.import_task([Path(name)], LayerKind.DEPLOYMENTS, timezone=project.timezone)
    return task.work(progress).layer


def _as_json(one: Conflict) -> dict[str, object]:
    return {
        "deployment": one.deployment,
        "unit": one.unit,
        "zone": one.zone,
        "overlap_m2": round(one.overlap_m2, 1),
        "share": round(one.share, 4),
        "hours": round(one.minutes / 60, 2),
        "suspended": [activity.value for activity in one.suspended],
    }


def _write(path: Path, found: tuple[Conflict, ...]) -> None:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADER)
    for one in found:
        row = _as_json(one)
        row["suspended"] = "; ".join(activity.value for activity in one.suspended)
        writer.writerow(
            [safe_cell(value) if isinstance(value, str) else value for value in row.values()]
        )
    with written(path) as beside:
        beside.write_text(text.getvalue(), encoding="utf-8")
