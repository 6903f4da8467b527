"""`gisapp count`: incidents inside, round and outside the zones."""

from __future__ import annotations

from argparse import Namespace

from gisapp.analysis import counting
from gisapp.cli import counted, counting_folder
from gisapp.cli.answer import Answer
from gisapp.cli.folders import folder_meant, no_folder_options
from gisapp.cli.projects import opened
from gisapp.layers import geodesy
from gisapp.layers.audience import Audience, suppressed
from gisapp.layers.layer import Layer
from gisapp.layers.seen import seen_by
from gisapp.progress import Progress


def run(args: Namespace, progress: Progress) -> Answer:
    ring_m = geodesy.parse_length(args.ring) if args.ring else None
    audience = Audience(args.audience)
    whole = opened(args.project, progress.part(0, 0.4)).project
    # Zones that a reader may not see are none to them, neither by name nor by what they hold.
    project = seen_by(whole, audience, exported=False)
    folder = folder_meant(project, args.layer)
    if folder is not None:
        return counting_folder.answer(project, folder, ring_m, args, progress.part(0.4, 1))
    layer = project.layer_named(args.layer)
    no_folder_options(args)
    options = {"ring_m": ring_m, "day": args.day, "ignore_dates": args.ignore_dates}
    counts = counting.count_events(project, layer, progress=progress.part(0.4, 1), **options)
    groups = counting.count_by(project, layer, args.by, **options) if args.by else None
    answer = counted.as_answer(project, layer.name, audience, counts, groups)
    lines = counted.in_lines(f"{layer.counted} in “{layer.name}”", answer, args)
    lines += [*_rejected(layer, args), *counted.group_lines(answer)]
    return Answer(answer, "\n".join(lines))


def _rejected(layer: Layer, args: Namespace) -> list[str]:
    # The rows read are those here and those rejected: as small a count hides in their number.
    if suppressed(layer.provenance.rejected, Audience(args.audience)):
        return [f"  {layer.provenance.rejected:,} rows read have no place in this layer."]
    return []
