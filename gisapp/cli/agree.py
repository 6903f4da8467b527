"""`gisapp agree`: an agreement from its JSON form, added or superseding the one it replaces."""

from __future__ import annotations

from argparse import Namespace

from gisapp.cli.answer import Answer
from gisapp.cli.projects import keep, opened_or_new
from gisapp.document import Document
from gisapp.io import agreement_file
from gisapp.layers import edits
from gisapp.layers.agreement import Agreement
from gisapp.progress import Progress


def run(args: Namespace, progress: Progress) -> Answer:
    agreement = agreement_file.read(args.file)
    document, saved = opened_or_new(args.project, progress.part(0, 0.5))
    outcome = record(document, agreement)
    keep(document, args.project, saved, progress.part(0.5, 1))
    zones = sum(zone.agreement_id == agreement.id for zone in document.project.zones.values())
    answer = {
        "agreement": agreement.id,
        "title": agreement.title,
        "version": agreement.version,
        "status": agreement.status.value,
        "outcome": outcome,
        "signed": agreement.signed,
        "zones": zones,
    }
    text = f"“{agreement.title}”, version {agreement.version}: {outcome}. Zones under it: {zones}."
    return Answer(answer, text)


def record(document: Document, agreement: Agreement) -> str:
    """Put an agreement into the project; says what became of it: added, superseded, unchanged."""
    held = document.project.agreements.get(agreement.id)
    if held == agreement:
        return "unchanged"
    document.apply(edits.record_agreement(agreement))
    return "added" if held is None else "superseded"
