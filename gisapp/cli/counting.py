"""`gisapp count`: incidents inside, round and outside the zones."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from gisapp.analysis import counting
from gisapp.analysis.suppression import ShownCounts, in_words, suppress, suppress_groups
from gisapp.cli.answer import Answer
from gisapp.cli.projects import opened
from gisapp.layers import geodesy
from gisapp.layers.audience import Audience, suppressed, threshold
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
    shown = suppress(counts, audience)
    answer = {"layer": layer.name, "audience": audience.value, **_parts(shown)}
    answer["by_zone"] = _by_zone(project, shown)
    if shown.anything_left_out:
        answer["suppressed"] = (
            f"counts from 1 to {threshold(audience) - 1}, and what gives them away"
        )
    if args.by:
        groups = counting.count_by(project, layer, args.by, **options)
        answer["by"] = {
            value: None if group is None else _parts(group)
            for value, group in suppress_groups(groups, audience).items()
        }
    return Answer(answer, _text(layer, shown, answer, args))


def _parts(shown: ShownCounts) -> dict[str, Any]:
    return {
        "inside": shown.inside,
        "ring": shown.ring,
        "outside": shown.outside,
        "no_time": shown.no_time,
        "total": shown.total,
    }


def _by_zone(project: Project, shown: ShownCounts) -> dict[str, int | None]:
    """Counts by the name of the zone; names that zones share are numbered."""
    names = different([project.zones[key].name for key in shown.by_zone])
    return dict(zip(names, shown.by_zone.values(), strict=True))


def _text(layer: Layer, shown: ShownCounts, answer: dict[str, Any], args: Namespace) -> str:
    judged = "each judged at its own time"
    if args.ignore_dates:
        judged = "whenever they happened"
    elif args.day:
        judged = f"by the zones of {args.day}"
    lines = [
        f"{layer.counted} in “{layer.name}”, {judged}:",
        f"  inside a zone   {in_words(shown.inside)}",
    ]
    if args.ring:
        lines.append(f"  within {args.ring} of one   {in_words(shown.ring)}")
    lines.append(f"  elsewhere   {in_words(shown.outside)}")
    if shown.no_time != 0:
        lines.append(f"  without a time, near a dated zone   {in_words(shown.no_time)}")
    # The rows read are those here and those rejected: as small a count hides in their number.
    if suppressed(layer.provenance.rejected, Audience(args.audience)):
        lines.append(f"  {layer.provenance.rejected:,} rows read have no place in this layer.")
    lines += [f"  {value}: {_group_text(group)}" for value, group in answer.get("by", {}).items()]
    if "suppressed" in answer:
        lines.append(f"  Left out: {answer['suppressed']}.")
    return "\n".join(lines)


def _group_text(group: dict[str, Any] | None) -> str:
    if group is None:
        return "left out"
    return f"inside {in_words(group['inside'])}, elsewhere {in_words(group['outside'])}"
