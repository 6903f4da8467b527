"""`gisapp agree`: agreements with their zones from JSON files, and back into such files."""

from __future__ import annotations

from argparse import Namespace
from datetime import UTC, datetime
from typing import Any

from gisapp.cli.answer import Answer
from gisapp.cli.projects import keep, log_exports, opened, opened_or_new
from gisapp.document import Document
from gisapp.errors import DataError
from gisapp.io.agreements import agreement_file, agreement_folder
from gisapp.io.agreements.agreement_file import Entry
from gisapp.io.exported_files import line_for
from gisapp.layers import agreement_edits
from gisapp.layers.agreement_checks import undated_end
from gisapp.progress import Progress


def run(args: Namespace, progress: Progress) -> Answer:
    if not args.files and args.write is None:
        raise DataError(
            "No agreement is named.", "Name a FILE.json, or write all with --write FOLDER."
        )
    # All are read before any is recorded: nothing is changed where one has a mistake.
    entries = [agreement_file.read_entry(path) for path in args.files]
    if not entries:
        return _written(opened(args.project, progress.part(0, 0.5)), args, progress.part(0.5, 1))
    document, saved = opened_or_new(args.project, progress.part(0, 0.5))
    entries.sort(key=lambda entry: entry.agreement.version)
    said = [_recorded(document, entry) for entry in entries]
    keep(document, args.project, saved, progress.part(0.5, 0.8))
    text = "\n".join(
        f"“{one['title']}”, version {one['version']}: {one['outcome']}. "
        f"Zones under it: {one['zones']}." + "".join(f"\n{note}" for note in one["notes"])
        for one in said
    )
    answer: dict[str, Any] = said[0] if len(said) == 1 else {"agreements": said}
    if args.write is None:
        return Answer(answer, text)
    written = _written(document, args, progress.part(0.8, 1))
    return Answer({**answer, **written.json}, f"{text}\n{written.text}")


def _recorded(document: Document, entry: Entry) -> dict[str, Any]:
    agreement = entry.agreement
    outcome = record(document, entry)
    zones = sum(zone.agreement_id == agreement.id for zone in document.project.zones.values())
    return {
        "agreement": agreement.id,
        "title": agreement.title,
        "version": agreement.version,
        "status": agreement.status.value,
        "outcome": outcome,
        "signed": agreement.signed,
        "zones": zones,
        "notes": [note for note in (undated_end(agreement),) if note],
    }


def record(document: Document, entry: Entry) -> str:
    """Put an agreement and its zones into the project.

    Says what became of it: added, superseded, zones changed, unchanged.
    """
    project = document.project
    held = project.agreements.get(entry.agreement.id)
    same = held == entry.agreement
    if same and all(project.zones.get(zone.id) == zone for zone in entry.zones):
        return "unchanged"
    document.apply(agreement_edits.record_with_zones(entry.agreement, entry.zones))
    if same:
        return "zones changed"
    return "added" if held is None else "superseded"


def _written(document: Document, args: Namespace, progress: Progress) -> Answer:
    folder = agreement_folder.write(document.project, args.write)
    now = datetime.now(UTC)
    # Agreements are written whole, with what only those who work with them may know.
    lines = [line_for(path, "agreement", at=now, audience="police") for path in folder.files]
    warnings = log_exports(document, args.project, lines, progress)
    answer = {
        "written": [str(path) for path in folder.files],
        "kept_back": list(folder.kept_back),
        "logged": not warnings,
    }
    text = f"{len(folder.files)} files written to {args.write}."
    if folder.kept_back:
        named = ", ".join(f"“{name}”" for name in folder.kept_back)
        text += f" Not written, for it may never leave this program: {named}."
    return Answer(answer, "\n".join([text, *warnings]))
