"""`gisapp info`: what a project holds."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from datetime import datetime

from gisapp.analysis.zones.problems import find_problems
from gisapp.cli.answer import Answer
from gisapp.cli.projects import opened
from gisapp.io.patrol.refusals import Refusal, exportable
from gisapp.layers import reviews
from gisapp.layers.checks import Code, Issue, Severity
from gisapp.layers.layer import Layer
from gisapp.layers.project import Project
from gisapp.progress import Progress


def run(args: Namespace, progress: Progress) -> Answer:
    project = opened(args.project, progress).project
    today = datetime.now(project.tzinfo).date()
    standings = Counter(project.standing(zone, today).value for zone in project.zones.values())
    _, refusals = exportable(project, today)
    found = find_problems(project, today, progress=progress).issues
    due = reviews.due(project, today)
    bounds = project.bounds
    answer: dict[str, object] = {
        "title": project.title,
        "timezone": project.timezone,
        "day": today.isoformat(),
        "extent": list(bounds) if bounds else None,
        "layers": [_layer(layer) for layer in project.layers],
        "zones": len(project.zones),
        "zones_by_status": dict(standings),
        "agreements": [
            {
                "title": agreement.title,
                "version": agreement.version,
                "status": agreement.status.value,
                "standing": project.agreement_on(agreement.id, today).standing_on(today).value,
            }
            for agreement in project.agreements.values()
        ],
        "hotspots": [
            {
                "layer": project.layer(one.layer_id).name,
                "method": one.method,
                "cell_m": one.cell_m,
                "bandwidth_m": one.bandwidth_m,
            }
            for one in project.hotspots
        ],
        "problems": [f"{refusal.name}: {refusal.reason}" for refusal in refusals],
        "issues": [_issue(project, one) for one in found],
        "due": [
            {
                "agreement": project.agreements[one.agreement_id].title,
                "matter": one.matter.value,
                "on": one.on.isoformat() if one.on else None,
                "words": one.words,
            }
            for one in due
        ],
        "overlap_rule": project.overlap_rule.value,
    }
    text = _text(project, answer, refusals, found)
    if due:
        text += "\n".join(["", "", "Due:", *(f"  {one.words}" for one in due)])
    return Answer(answer, text)


def _issue(project: Project, one: Issue) -> dict[str, object]:
    return {
        "severity": one.severity.label.lower(),
        "code": one.code.value,
        "message": one.message,
        "zones": [project.zones[key].name for key in one.zone_ids],
        "zone_ids": list(one.zone_ids),
        "agreement_id": one.agreement_id,
        "layer": None if one.layer_id is None else project.layer(one.layer_id).name,
        "rows": list(one.rows),
        "places": [list(place) for place in one.places],
        "fix": one.fix_words or None,
        "settled": one.settled,
    }


def _layer(layer: Layer) -> dict[str, object]:
    return {
        "name": layer.name,
        "kind": layer.kind.value,
        "count": len(layer),
        "extent": list(layer.bounds) if layer.bounds else None,
        "sensitivity": layer.sensitivity.name.lower(),
        "read": layer.provenance.read,
        "rejected": layer.provenance.rejected,
        "duplicates": layer.provenance.duplicates,
        "timezone": layer.timezone,
    }


def _text(
    project: Project,
    answer: dict[str, object],
    refusals: tuple[Refusal, ...],
    found: tuple[Issue, ...],
) -> str:
    lines = [f"{project.title} (days are meant in {project.timezone})", "", "Layers:"]
    for layer in project.layers:
        source = layer.provenance
        left = f", {source.rejected:,} of {source.read:,} rows left out" if source.rejected else ""
        lines.append(f"  {layer.name}: {layer.counted}{left} [{layer.sensitivity.label}]")
    standings = answer["zones_by_status"]
    assert isinstance(standings, dict)
    lines += ["", f"Zones: {len(project.zones):,}"]
    lines += [f"  {count:,} {standing}" for standing, count in standings.items()]
    lines += ["", f"Agreements: {len(project.agreements):,}"]
    lines += [
        f"  {agreement.title} (version {agreement.version}): {agreement.status.value}, "
        f"{agreement.validity_in_words()}"
        for agreement in project.agreements.values()
    ]
    lines += ["", *_problems(found)]
    if refusals:
        lines += ["", "Not for patrol systems today:", *_by_reason(refusals)]
    return "\n".join(lines)


def _problems(found: tuple[Issue, ...]) -> list[str]:
    """The problems by how grave they are; of one kind no more than the first few."""
    if not found:
        return ["Problems: none found"]
    graver = Counter(one.severity for one in found)
    counts = ", ".join(severity.counted(graver[severity]) for severity in sorted(graver))
    lines = [f"Problems: {counts}"]
    kinds: dict[tuple[Severity, Code], list[Issue]] = {}
    for one in found:
        kinds.setdefault((one.severity, one.code), []).append(one)
    for (severity, code), some in kinds.items():
        lines += [f"  {severity.label}: {one.message}" for one in some[:_MOST]]
        if len(some) > _MOST:
            lines.append(f"  {severity.label}: {len(some) - _MOST:,} more like it ({code.label}).")
    return lines


#: So many problems of one kind are told one by one; `--json` has all.
_MOST = 5


def _by_reason(refusals: tuple[Refusal, ...]) -> list[str]:
    """One line a reason, with the first names, so that 143 proposals are not 143 lines."""
    names: dict[str, list[str]] = {}
    for refusal in refusals:
        names.setdefault(refusal.reason, []).append(refusal.name)
    lines = []
    for reason, zones in names.items():
        more = f" and {len(zones) - 3:,} more" if len(zones) > 3 else ""
        lines.append(f"  {reason}: {', '.join(zones[:3])}{more}")
    return lines
