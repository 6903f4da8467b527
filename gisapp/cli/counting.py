"""`gisapp count`: incidents inside, round and outside the zones."""

from __future__ import annotations

from argparse import Namespace

from gisapp.analysis import counting
from gisapp.cli import counted, counting_folder
from gisapp.cli.answer import Answer
from gisapp.cli.folders import folder_meant, no_folder_options
from gisapp.cli.projects import opened
from gisapp.errors import DataError
from gisapp.layers import geodesy
from gisapp.layers.audience import EVENT_KINDS, Audience, Sensitivity, Showing, showing, suppressed
from gisapp.layers.layer import Layer
from gisapp.layers.seen import seen_by
from gisapp.layers.vocabulary import LayerKind
from gisapp.progress import Progress


def run(args: Namespace, progress: Progress) -> Answer:
    audience = Audience(args.audience)
    ring_m = geodesy.parse_length(args.ring) if args.ring else None
    whole = opened(args.project, progress.part(0, 0.4)).project
    # Zones that a reader may not see are none to them, neither by name nor by what they hold.
    project = seen_by(whole, audience, exported=False)
    folder = folder_meant(project, args.layer)
    if folder is not None:
        _check_is_shown(LayerKind(args.kind), Sensitivity.PUBLIC, audience)
        return counting_folder.answer(project, folder, ring_m, args, progress.part(0.4, 1))
    layer = project.layer(whole.layer_named(args.layer).id)
    _check_is_shown(layer.kind, layer.sensitivity, audience)
    no_folder_options(args)
    options = {"ring_m": ring_m, "day": args.day, "ignore_dates": args.ignore_dates}
    counts = counting.count_events(project, layer, progress=progress.part(0.4, 1), **options)
    groups = counting.count_by(project, layer, args.by, **options) if args.by else None
    answer = counted.as_answer(project, layer.name, audience, counts, groups)
    lines = counted.in_lines(f"{layer.counted} in “{layer.name}”", answer, args)
    lines += [*_rejected(layer, args), *counted.group_lines(answer)]
    if notes := counted.notes(args):
        answer["notes"] = list(notes)
        lines += [f"  {note}" for note in notes]
    return Answer(answer, "\n".join(lines))


def _check_is_shown(kind: LayerKind, sensitivity: Sensitivity, audience: Audience) -> None:
    """DataError where an audience sees nothing of a layer: its counts would say what it holds."""
    if showing(kind, sensitivity, audience, exported=True) is not Showing.NOTHING:
        return
    whom = audience.within
    said = f"This layer is not shown to {whom}, so nothing of it is counted for them."
    if kind in EVENT_KINDS:
        said = f"{kind.label} are not shown to {whom}, one by one or as counts."
    raise DataError(said, "Choose another audience with --audience.")


def _rejected(layer: Layer, args: Namespace) -> list[str]:
    # The rows read are those here and those rejected: as small a count hides in their number.
    if suppressed(layer.provenance.rejected, Audience(args.audience)):
        return [f"  {layer.provenance.rejected:,} rows read have no place in this layer."]
    return []
