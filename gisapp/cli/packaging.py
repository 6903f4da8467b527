"""`gisapp package`: zone definitions for patrol systems."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence
from datetime import datetime

from gisapp.cli.answer import Answer
from gisapp.cli.projects import log_exports, opened
from gisapp.io.exported_files import line_for
from gisapp.io.patrol import package, signing
from gisapp.io.patrol.changes import Base, base_of
from gisapp.io.patrol.content import Format, Loss, Note
from gisapp.io.patrol.formats.table import USUAL
from gisapp.io.patrol.manifest import Manifest
from gisapp.io.patrol.refusals import Refusal
from gisapp.io.patrol.signing import SigningKey
from gisapp.layers.agreement import day_in_words
from gisapp.layers.audience import Audience
from gisapp.progress import Progress
from gisapp.render.headless import drawing
from gisapp.render.paper import package_page


def run(args: Namespace, progress: Progress) -> Answer:
    formats = package.chosen(args.formats or USUAL)
    document = opened(args.project, progress.part(0, 0.3))
    project = document.project
    key = signing.read_key(args.key) if args.key else signing.own_key()
    prepared = package.prepare(
        project,
        args.day,
        note=Note(
            args.recipient,
            args.sent_by,
            args.terms,
            Audience(args.audience),
            agency=args.agency or "",
        ),
        since=_base(args, key),
        strict=args.strict,
        progress=progress.part(0.3, 0.6),
    )
    lost = package.losses(prepared.content, formats)
    _tell(lost, prepared.refusals)
    with drawing():
        manifest = package.write_prepared(
            prepared,
            args.out,
            formats,
            key=key,
            extra=package_page.files_over(project),
            progress=progress.part(0.6, 0.9),
        )
    line = line_for(
        args.out,
        "patrol package",
        at=datetime.now(project.tzinfo),
        audience=args.audience,
        recipient=args.recipient,
        note=_noted(manifest),
    )
    warnings = log_exports(document, args.project, [line], progress.part(0.9, 1))
    answer = manifest.as_json() | {
        "out": str(args.out),
        "refused": [_refused(one) for one in prepared.refusals],
        "losses": [
            {"format": one.name, "what": loss.what, "was": loss.original, "is": loss.written}
            for one, loss in lost
        ],
        "logged": not warnings,
    }
    words = _in_words(manifest, args, prepared.refusals)
    return Answer(answer, "\n".join([words, *warnings]))


def _noted(manifest: Manifest) -> str:
    """What the export log says of a package."""
    note, earlier = manifest.content.note, manifest.content.earlier
    what = f"zones in force on {manifest.day}"
    if earlier is not None:
        what = f"what changed from {earlier.day} to {manifest.day}"
    return (
        f"{what}: {', '.join(manifest.formats)}; revision "
        f"{note.revision[:12]}; key {note.fingerprint[:12]}"
    )


def _base(args: Namespace, key: SigningKey) -> Base | None:
    """The earlier package of a change package; it must be signed by us, or by who was named."""
    if args.since is None:
        return None
    named = args.fingerprint
    trusted = signing.plain_fingerprint(named) if named else key.fingerprint
    return base_of(args.since, trusted)


def _refused(one: Refusal) -> dict[str, object]:
    return {
        "zone": one.name,
        "zone_id": one.zone_id,
        "reason": one.reason,
        "codes": list(one.codes),
        "in_force": one.is_flawed,
    }


def _tell(lost: Sequence[tuple[Format, Loss]], refusals: Sequence[Refusal]) -> None:
    """Say before anything is written what the files will not hold."""
    lines = [
        f"In force and yet left out: {one.name}: {one.reason}" for one in refusals if one.is_flawed
    ]
    if lost:
        lines.append("What formats cannot hold as it is:")
    lines += [f"  {one.label}: {_lost(loss)}" for one, loss in lost]
    if lines and sys.stderr is not None:
        sys.stderr.write("\n".join(lines) + "\n")


def _lost(loss: Loss) -> str:
    """What is lost; a column that is only renamed is not named twice."""
    renamed = loss.what == f"column {loss.original}"
    return f"{loss.what if renamed else f'{loss.what}: {loss.original}'} → {loss.written}"


def _in_words(manifest: Manifest, args: Namespace, refusals: Sequence[Refusal]) -> str:
    content, day = manifest.content, day_in_words(args.day)
    zones = "1 zone" if manifest.zone_count == 1 else f"{manifest.zone_count:,} zones"
    lines = [f"{zones} in force on {day}: {args.out}"]
    if content.earlier is not None:
        changes = list(manifest.changes.values())
        lines = [
            f"Changes from {day_in_words(content.earlier.day)} to {day}: {args.out}",
            f"  {changes.count('added'):,} added, {changes.count('changed'):,} changed, "
            f"{len(content.withdrawn):,} withdrawn, {len(manifest.unchanged):,} as before",
        ]
        lines += [f"  withdrawn: {one.name}: {one.reason}" for one in content.withdrawn]
    lines += [f"  left out: {one.name}: {one.reason}" for one in refusals]
    lines.append(f"  signed with the key {signing.in_groups(content.note.fingerprint)}")
    return "\n".join(lines)
