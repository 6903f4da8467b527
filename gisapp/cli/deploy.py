"""`gisapp deploy`: deployments against the zones in force at their hours."""

from __future__ import annotations

from argparse import Namespace
from datetime import datetime
from importlib import import_module
from pathlib import Path

from gisapp import journeys
from gisapp.analysis.deployments import advice
from gisapp.analysis.deployments import check as deployment_check
from gisapp.analysis.deployments.check import Checked, DeploymentCheck, Meeting
from gisapp.analysis.deployments.streets import streets_layer
from gisapp.cli.answer import Answer
from gisapp.cli.projects import exists, log_exports, opened
from gisapp.io.deployments import files as deployment_files
from gisapp.io.exported_files import line_for
from gisapp.io.reading.import_report import ImportReport
from gisapp.layers.audience import Audience
from gisapp.layers.layer import Layer
from gisapp.layers.project import Project
from gisapp.layers.units import Units
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress


def run(args: Namespace, progress: Progress) -> Answer:
    if args.out:
        deployment_files.check_ending(args.out)
    document = opened(args.project, progress.part(0, 0.3))
    project = document.project
    layer, report = _deployments(project, args.deployments, progress.part(0.3, 0.5))
    audience = Audience(args.audience)
    found = deployment_check.check(
        project,
        layer,
        audience=audience,
        exported=args.out is not None,
        progress=progress.part(0.5, 0.8),
    )
    units = Units.BOTH if project.timezone.startswith("America/") else Units.METRIC
    warnings: tuple[str, ...] = ()
    if args.out:
        _write(found, args.out, audience, units, progress.part(0.8, 0.95))
        now = datetime.now(project.tzinfo)
        line = line_for(args.out, "deployments", at=now, audience=audience.value)
        warnings = log_exports(document, args.project, [line], progress.part(0.95, 1))
    answer = _as_json(found)
    if report is not None:
        answer["import"] = report.as_json() | {"rejected_rows": _rejected(report)}
    lines = [advice.summary(found, units)]
    if report is not None and (report.rejected or report.notes):
        lines = [*_import_words(report), "", *lines]
    if args.out:
        answer |= {"out": str(args.out), "logged": not warnings}
        lines += ["", f"Written: {args.out}", *warnings]
    return Answer(answer, "\n".join(lines))


def _deployments(
    project: Project, name: str, progress: Progress
) -> tuple[Layer, ImportReport | None]:
    """The layer of this name or, where there is none, the deployments in the file of this name."""
    known = {layer.name.casefold() for layer in project.layers}
    if name.casefold() in known or not exists(Path(name)):
        return project.layer_named(name), None
    streets = streets_layer(project)
    task = journeys.import_task(
        [Path(name)],
        LayerKind.DEPLOYMENTS,
        timezone=project.timezone if project.timezone != "UTC" else None,
        streets=(streets,) if streets is not None else (),
    )
    result = task.work(progress)
    return result.layer, result.report


def _write(
    found: DeploymentCheck, path: Path, audience: Audience, units: Units, progress: Progress
) -> None:
    made_at = datetime.now(found.project.tzinfo)
    if deployment_files.check_ending(path) != ".pdf":
        deployment_files.write(found, path, made_at, units)
        return
    # What draws is loaded only where something has to be drawn.
    drawing = import_module("gisapp.render.headless").drawing
    pages = import_module("gisapp.render.paper.deployment_pages")
    with drawing():
        pages.write_pdf(found, path, audience, made_at, units, progress)


def _as_json(found: DeploymentCheck) -> dict[str, object]:
    return {
        "deployments": len(found.deployments),
        "in_conflict": len(found.meeting),
        "not_checked": [one.name for one in found.unjudged],
        "timezone": found.timezone,
        "conflicts": [
            _conflict(found, one, meeting) for one in found.deployments for meeting in one.met
        ],
        "not_bound": [
            _conflict(found, one, meeting) for one in found.deployments for meeting in one.others
        ],
        "by_deployment": [_deployment(found, one) for one in found.deployments],
        "unknown_hours": list(advice.unknown_hours(found)),
        "notes": list(found.notes),
    }


def _conflict(found: DeploymentCheck, deployed: Checked, meeting: Meeting) -> dict[str, object]:
    one = meeting.conflict
    words = advice.meeting_words(found, deployed, meeting)
    return {
        "deployment": one.deployment,
        "unit": one.unit,
        "zone": one.zone,
        "overlap_m2": round(one.overlap_m2, 1),
        "share": round(one.share, 4),
        "hours": round(one.minutes / 60, 2),
        "suspended": [activity.value for activity in one.suspended],
        "suspended_other": [
            text for text in words.not_there if text not in {a.label for a in one.suspended}
        ],
        "in_force": [
            [first.isoformat(), last.isoformat()] for first, last in found.local_spells(one.spells)
        ],
        "in_force_in_words": words.when,
        "binds": one.binds.value,
        "binds_in_words": words.binds,
        "streets": [
            {"name": part.name, "length_m": round(part.length_m, 1)} for part in meeting.streets
        ],
        "exceptions": words.exceptions,
        "advice": list(words.advice),
    }


def _deployment(found: DeploymentCheck, one: Checked) -> dict[str, object]:
    return {
        "deployment": one.name,
        "unit": one.unit,
        "start": None if one.start is None else one.start.isoformat(),
        "end": None if one.end is None else one.end.isoformat(),
        "purpose": one.purpose,
        "area_m2": round(one.area_m2, 1),
        "zones": [meeting.conflict.zone for meeting in one.met],
        "problem": one.problem,
        "services": [advice.service_words(found, each) for each in one.services],
        "hotspots": [advice.hotspot_words(found, each) for each in one.hotspots],
        "advice": list(advice.advice_of(found, one)),
    }


def _rejected(report: ImportReport) -> list[dict[str, object]]:
    return [
        {"file": row.file, "line": row.line, "reason": row.reason} for row in report.rejected_rows
    ]


def _import_words(report: ImportReport) -> list[str]:
    lines = [report.in_words()]
    lines += [f"  Line {row.line}: {row.reason}" for row in list(report.rejected_rows)[:20]]
    return lines
