"""Every agreement of a project as a file of its own, with its zones, to be read back whole."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gisapp.errors import DataError, ExportError
from gisapp.io.agreements import agreement_file
from gisapp.io.safe_files import written
from gisapp.layers.agreement import Agreement
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import Visibility
from gisapp.layers.zone import Zone


@dataclass(frozen=True, slots=True)
class Written:
    """The files that were written, and the names of what may never leave the program."""

    files: tuple[Path, ...]
    kept_back: tuple[str, ...]


def write(project: Project, folder: Path) -> Written:
    """Write each agreement, and each former version of one, into a folder.

    Zones go with the present version of their agreement. What may never leave the program is
    kept back, and so are possible breaches, always. ExportError where an agreement could not be
    read again (one without a title, say) or the folder cannot be written to; nothing is written
    then that was not whole.
    """
    kept_back: list[str] = []
    texts: dict[str, str] = {}
    for agreement in (*project.former, *project.agreements.values()):
        if agreement.visibility is Visibility.NEVER_EXPORT:
            kept_back.append(agreement.title)
            continue
        current = project.agreements.get(agreement.id) is agreement
        zones = [
            zone for zone in project.zones.values() if current and zone.agreement_id == agreement.id
        ]
        kept_back += [z.name for z in zones if z.visibility is Visibility.NEVER_EXPORT]
        going = [zone for zone in zones if zone.visibility is not Visibility.NEVER_EXPORT]
        texts[_free_name(agreement, texts)] = _text(agreement, going)
    files = tuple(_write_one(folder / name, text) for name, text in texts.items())
    return Written(files, tuple(dict.fromkeys(kept_back)))


def _text(agreement: Agreement, zones: Sequence[Zone]) -> str:
    value = agreement_file.file_to_json(agreement, zones)
    text = json.dumps(value, indent=1, ensure_ascii=False) + "\n"
    try:
        agreement_file.parse_entry(text, f"“{agreement.title or 'An agreement without a title'}”")
    except DataError as error:
        raise ExportError(
            f"{error.message} So it could not be read again.", "Complete it first, then write."
        ) from error
    return text


def _write_one(path: Path, text: str) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExportError(
            f"The folder {path.parent} cannot be made: {(error.strerror or str(error)).lower()}.",
            "Name another folder.",
        ) from error
    with written(path) as beside:
        beside.write_text(text, encoding="utf-8")
    return path


def _free_name(agreement: Agreement, taken: dict[str, str]) -> str:
    """`quay-street-2.json` for version 2 of “Quay Street”."""
    words = re.findall(r"\w+", agreement.title.casefold())
    base = f"{'-'.join(words)[:60] or 'agreement'}-{agreement.version}"
    name, number = f"{base}.json", 2
    while name in taken:
        name, number = f"{base}-{number}.json", number + 1
    return name
