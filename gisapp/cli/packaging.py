"""`gisapp package`: zone definitions for patrol systems."""

from __future__ import annotations

from argparse import Namespace

from gisapp.cli.answer import Answer
from gisapp.cli.projects import opened
from gisapp.io.patrol import package
from gisapp.io.patrol.refusals import exportable
from gisapp.layers.agreement import day_in_words
from gisapp.progress import Progress


def run(args: Namespace, progress: Progress) -> Answer:
    project = opened(args.project, progress.part(0, 0.3)).project
    manifest = package.write_package(
        project,
        args.day,
        args.out,
        progress=progress.part(0.3, 1),
    )
    _, refusals = exportable(project, args.day)
    answer = manifest.as_json() | {
        "out": str(args.out),
        "refused": [{"zone": one.name, "reason": one.reason} for one in refusals],
    }
    lines = [f"{manifest.zone_count:,} zones in force on {day_in_words(args.day)}: {args.out}"]
    lines += [f"  left out: {one.name}: {one.reason}" for one in refusals]
    return Answer(answer, "\n".join(lines))
