"""`gisapp import`: a layer from files."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from datetime import UTC, datetime

from gisapp import journeys, tasks
from gisapp.cli.answer import Answer
from gisapp.cli.columns import columns_told
from gisapp.cli.projects import keep, log_exports, opened_or_new
from gisapp.io.exported_files import line_for
from gisapp.io.reading import importing
from gisapp.io.reading.import_report import rejected_words
from gisapp.layers.audience import Audience
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress


def run(args: Namespace, progress: Progress) -> Answer:
    document, saved = opened_or_new(args.project, progress.part(0, 0.1))
    task = journeys.import_task(
        args.files,
        LayerKind(args.kind),
        name=args.name,
        crs=args.crs,
        timezone=args.timezone,
        columns=columns_told(args.map),
        preset=args.preset,
        streets=document.project.layers_of(LayerKind.STREETS)[::-1],
    )
    result = tasks.run_now(document, task, progress.part(0.1, 0.9))
    layer = document.project.layer(result.layer.id)
    if args.rejected:
        importing.write_rejected(result.report, args.rejected)
    keep(document, args.project, saved, progress.part(0.9, 1))
    report = replace(result.report, layer=layer.name)
    if not args.rejected:
        return Answer(report.as_json(), report.in_words())
    report = replace(report, notes=(*report.notes, rejected_words(args.rejected)))
    line = line_for(
        args.rejected, "rejected rows", at=datetime.now(UTC), audience=Audience.POLICE.value
    )
    warnings = log_exports(document, args.project, [line], progress.part(0.9, 1))
    said = report.as_json() | {"logged": not warnings}
    return Answer(said, "\n".join([report.in_words(), *warnings]))
