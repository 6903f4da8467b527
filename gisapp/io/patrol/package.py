"""Zones for patrol systems: a dated, checked, signed package.

Only zones in force on the day go out, and nothing else of a project: no stop, no overdose, no
draft, not even the name of one.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from gisapp.errors import ExportError
from gisapp.io.patrol import archive, manifest
from gisapp.io.patrol.changes import Base, Changed, changed_since, withdrawal_files
from gisapp.io.patrol.content import UNSAID, Content, Extra, Format, Loss, Note
from gisapp.io.patrol.formats.table import FORMATS, USUAL
from gisapp.io.patrol.manifest import Manifest, PackedFile
from gisapp.io.patrol.readme import readme
from gisapp.io.patrol.refusals import Refusal, exportable
from gisapp.io.patrol.revision import project_code, revision_of
from gisapp.io.patrol.signing import SigningKey
from gisapp.io.patrol.zones import clean, outgoing
from gisapp.layers.agreement import day_in_words
from gisapp.layers.confidential import without_sites
from gisapp.layers.project import Project
from gisapp.progress import Progress

ALL = "all"
_MOST_REASONS = 20


@dataclass(frozen=True, slots=True)
class Prepared:
    """A package before it is written: what goes in, and what stays out and why."""

    content: Content
    project_code: str
    refusals: tuple[Refusal, ...]
    changed: Changed


@dataclass(frozen=True, slots=True)
class Made:
    """Every file of a package by name, and what its manifest says."""

    files: Mapping[str, bytes]
    manifest: Manifest


def prepare(
    project: Project,
    day: date,
    *,
    note: Note = UNSAID,
    since: Base | None = None,
    strict: bool = False,
    progress: Progress | None = None,
) -> Prepared:
    """Find what goes out on a day, for whom the note says; with `since`, only what changed.

    Raises ExportError where no zone may go out, naming each reason; with `strict` also where any
    zone in force has to stay out; and where nothing changed.
    """
    progress = progress or Progress()
    zones, refusals = exportable(project, day, note.audience)
    flawed = [one for one in refusals if one.is_flawed]
    if not zones and since is None:
        raise _refused(f"No zone may go to patrol systems for {day_in_words(day)}", refusals)
    if strict and flawed:
        raise _refused("Zones are in force and may not go out as they are", flawed)
    packed = tuple(
        outgoing(project, zone, day, note.audience)
        for zone in progress.track(zones, len(zones), "Checking zones")
    )
    content = Content(
        without_sites(project, clean(project.title)),
        project.timezone,
        day,
        packed,
        replace(note, revision=revision_of(project)),
        flawed=len(flawed),
    )
    changed = Changed(content)
    if since is not None:
        changed = changed_since(project, content, refusals, since)
    return Prepared(changed.content, project_code(project), refusals, changed)


def chosen(names: Sequence[str]) -> tuple[Format, ...]:
    """The formats of these names, `all` for every one; ExportError for a name that there is not."""
    known = {one.name: one for one in FORMATS}
    if ALL in names:
        return FORMATS
    for name in names:
        if name not in known:
            raise ExportError(f"There is no format “{name}”.", f"Formats: {', '.join(known)}.")
    return tuple(one for one in FORMATS if one.name in names)


def losses(content: Content, formats: Sequence[Format]) -> tuple[tuple[Format, Loss], ...]:
    """What each format will shorten or leave out, to be told before anything is written."""
    if not content.zones:
        return ()
    return tuple((one, loss) for one in formats for loss in one.losses(content))


def write_package(
    project: Project,
    day: date,
    path: Path,
    *,
    formats: Sequence[str] = USUAL,
    note: Note = UNSAID,
    key: SigningKey | None = None,
    since: Base | None = None,
    extra: Extra | None = None,
    strict: bool = False,
    progress: Progress | None = None,
) -> Manifest:
    """Write the zones in force on a day as a zip, and return what it holds.

    `formats` are names of the table of formats. The same project, day, formats, note and key
    give the same bytes. Raises ExportError as `prepare` does, for a format that there is not, or
    where the file cannot be written; there is then no half package.
    """
    progress = progress or Progress()
    wanted = chosen(formats)
    prepared = prepare(
        project, day, note=note, since=since, strict=strict, progress=progress.part(0, 0.5)
    )
    return write_prepared(
        prepared, path, wanted, key=key, extra=extra, progress=progress.part(0.5, 1)
    )


def write_prepared(
    prepared: Prepared,
    path: Path,
    formats: Sequence[Format],
    *,
    key: SigningKey | None = None,
    extra: Extra | None = None,
    progress: Progress | None = None,
) -> Manifest:
    """Write what was prepared; errors as of `write_package`."""
    progress = progress or Progress()
    made = make(prepared, formats, key=key, extra=extra, progress=progress.part(0, 0.9))
    progress.report(0.9, "Writing the package")
    archive.write(made.files, Path(path), made.manifest.content.stamp)
    progress.report(1.0, "Written")
    return made.manifest


def make(
    prepared: Prepared,
    formats: Sequence[Format],
    *,
    key: SigningKey | None = None,
    extra: Extra | None = None,
    progress: Progress | None = None,
) -> Made:
    """Every file as it will be written, with the manifest and its signature."""
    content = prepared.content
    if key is not None:
        content = replace(content, note=replace(content.note, fingerprint=key.fingerprint))
    contents = files_of(content, formats, extra, progress)
    told = Manifest(
        content,
        prepared.project_code,
        tuple(one.name for one in formats),
        tuple(PackedFile.of(name, data) for name, data in contents.items()),
        prepared.changed.changes,
        prepared.changed.unchanged,
    )
    text = told.as_bytes()
    contents[manifest.NAME] = text
    if key is not None:
        contents |= {manifest.SIGNATURE: key.sign(text), manifest.PUBLIC_KEY: key.public_pem}
    return Made(contents, told)


def files_of(
    content: Content,
    formats: Sequence[Format],
    extra: Extra | None = None,
    progress: Progress | None = None,
) -> dict[str, bytes]:
    """Every file of a package but the manifest and its signature, by name."""
    progress = progress or Progress()
    contents = {"README.txt": b""}
    contents |= withdrawal_files(content)
    about = dict.fromkeys(contents, "zones of the earlier package to do away with")
    try:
        for one in progress.track(formats, len(formats), "Writing the package"):
            with tempfile.TemporaryDirectory(prefix="gisapp-") as folder:
                made = dict(one.write(content, Path(folder))) if content.zones else {}
            if content.withdrawn:
                made |= one.withdraw(content)
            contents |= made
            about |= dict.fromkeys(made, one.label)
    except OSError as error:
        raise ExportError(
            f"The temporary folder cannot be used: {(error.strerror or str(error)).lower()}.",
            "Make room on its disk, and try again.",
        ) from error
    if extra is not None:
        made = dict(extra(content))
        contents |= made
        about |= dict.fromkeys(made, "to read")
    del about["README.txt"]
    contents["README.txt"] = readme(content, about).encode()
    return contents


def _refused(message: str, refusals: Sequence[Refusal]) -> ExportError:
    if not refusals:
        return ExportError(f"{message}: the project has no zones.", "Draw zones first.")
    listed = list(_listed(refusals))
    return ExportError(f"{message}. {'. '.join(listed)}.", "Put this right, or choose another day.")


def _listed(refusals: Sequence[Refusal]) -> Iterator[str]:
    for refusal in refusals[:_MOST_REASONS]:
        yield f"“{refusal.name}”: {refusal.reason}"
    if len(refusals) > _MOST_REASONS:
        yield f"and {len(refusals) - _MOST_REASONS:,} more"
