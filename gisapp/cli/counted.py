"""Counts as an answer: for programs and for people, the same for layers and for folders."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from typing import Any

from gisapp.analysis.counts import Counts
from gisapp.analysis.suppression import ShownCounts, in_words, suppress, suppress_groups
from gisapp.layers.audience import Audience, threshold
from gisapp.layers.project import Project
from gisapp.layers.zoning import different


def as_answer(
    project: Project,
    name: str,
    audience: Audience,
    counts: Counts,
    groups: Mapping[str, Counts] | None,
) -> dict[str, Any]:
    """The keys that the command line promises, with small counts left out for the audience."""
    shown = suppress(counts, audience)
    answer: dict[str, Any] = {"layer": name, "audience": audience.value, **_parts(shown)}
    answer["by_zone"] = _by_zone(project, shown)
    if shown.anything_left_out:
        answer["suppressed"] = (
            f"counts from 1 to {threshold(audience) - 1}, and what gives them away"
        )
    if groups is not None:
        answer["by"] = {
            value: None if group is None else _parts(group)
            for value, group in suppress_groups(groups, audience).items()
        }
    return answer


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


def in_lines(what: str, answer: Mapping[str, Any], args: Namespace) -> list[str]:
    """The counts as lines of text; `what` says of what: `6,060 overdoses in “Overdoses”`."""
    judged = "each judged at its own time"
    if args.ignore_dates:
        judged = "whenever they happened"
    elif args.day:
        judged = f"by the zones of {args.day}"
    lines = [f"{what}, {judged}:", f"  inside a zone   {in_words(answer['inside'])}"]
    if args.ring:
        lines.append(f"  within {args.ring} of one   {in_words(answer['ring'])}")
    lines.append(f"  elsewhere   {in_words(answer['outside'])}")
    if answer["no_time"] != 0:
        lines.append(f"  without a time, near a dated zone   {in_words(answer['no_time'])}")
    return lines


def group_lines(answer: Mapping[str, Any]) -> list[str]:
    """A line for each group, and what is left out."""
    lines = [f"  {value}: {_group_text(group)}" for value, group in answer.get("by", {}).items()]
    if "suppressed" in answer:
        lines.append(f"  Left out: {answer['suppressed']}.")
    return lines


def notes(args: Namespace) -> tuple[str, ...]:
    """What others than police are to be told of counts in a ring: two tell more than one."""
    if not args.ring or Audience(args.audience) is Audience.POLICE:
        return ()
    return (
        "Counts of the same events in rings of different widths tell small numbers by their "
        "difference: hand on one of them.",
    )


def _group_text(group: dict[str, Any] | None) -> str:
    if group is None:
        return "left out"
    return f"inside {in_words(group['inside'])}, elsewhere {in_words(group['outside'])}"
