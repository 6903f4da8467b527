"""`gisapp package`: zone definitions for patrol systems."""

from __future__ import annotations

from argparse import Namespace
from datetime import UTC, datetime

from gisapp.cli.answer import Answer
from gisapp.cli.projects import opened
from gisapp.io import patrol
from gisapp.layers.agreement import day_in_words
from gisapp.progress import Progress


def run(args: Namespace, progress: Progress) -> Answer:
    project = opened(args.project, progress.part(0, 0.3)).project
    manifest = patrol.write_package(
        project,
        args.day,
        args.out,
        exported_at=datetime.now(UTC).replace(microsecond=0),
        progress=progress.part(0.3, 1),
    )
    _, refusals = patrol.exportable(project, args.day)
    answer = manifest.as_json() | {
        "out": str(args.out),
        "refused": [{"zone": one.name, "reason": one.reason} for one in refusals],
    }
    lines = [f"{manifest.zone_count:,} zones in force on {day_in_words(args.day)}: {args.out}"]
    lines += [f"  left out: {one.name}: {one.reason}" for one in refusals]
    return Answer(answer, "\n".join(lines))
