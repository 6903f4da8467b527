"""`gisapp count`: incidents inside, round and outside the zones."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from gisapp.analysis import counting
from gisapp.analysis.counting import Counts
from gisapp.cli.answer import Answer
from gisapp.cli.projects import opened
from gisapp.layers import geodesy
from gisapp.layers.audience import Audience, shown_count, threshold
from gisapp.layers.layer import Layer
from gisapp.layers.project import Project
from gisapp.layers.zoning import different
from gisapp.progress import Progress


def run(args: Namespace, progress: Progress) -> Answer:
    ring_m = geodesy.parse_length(args.ring) if args.ring else None
    project = opened(args.project, progress.part(0, 0.4)).project
    layer = project.layer_named(args.layer)
    audience = Audience(args.audience)
    options = {"ring_m": ring_m, "day": args.day, "ignore_dates": args.ignore_dates}
    counts = counting.count_events(project, layer, progress=progress.part(0.4, 1), **options)
    answer = _as_json(project, layer, counting.suppress(counts, audience), audience)
    if args.by:
        groups = counting.count_by(project, layer, args.by, **options)
        answer["by"] = {
            value: _parts(counting.suppress(group, audience)) for value, group in groups.items()
        }
    return Answer(answer, _in_words(layer, answer, audience))
