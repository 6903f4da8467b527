"""Checking a package: that it is whole, signed, sound, and still to be used on a day.

Whatever the bytes are, what is wrong comes back as a list in plain words, never as a failure.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gisapp.errors import DataError
from gisapp.io.patrol import archive, manifest, signing
from gisapp.io.patrol.manifest_keys import PACKAGE_VERSION, WHAT, problems_of
from gisapp.io.patrol.reading_back import zones_in
from gisapp.layers.agreement import day_in_words

_MOST_LISTED = 20
#: Larger than any that a package with so many zones as a city has.
_MOST_TOLD = 50_000_000
#: So many rows of a file are read at least; else twice as many as the manifest has zones.
_FEW = 1_000


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a package: a code for programs, the file it is about, words for people.

    What is no problem is only told.
    """

    code: str
    file: str
    message: str
    is_problem: bool = True

    def in_words(self) -> str:
        return f"{self.file}: {self.message}" if self.file else self.message


def told_of(told: Mapping[str, Any]) -> str:
    """What a package says it is, by its manifest: all zones in force, or what changed."""
    counts, day = told["counts"], _in_words(told["day"])
    if told.get("kind") == "change":
        parts = ", ".join(
            f"{counts.get(what, 0):,} {what}" for what in ("added", "changed", "withdrawn")
        )
        return f"“{told['project']}”: changes up to {day}: {parts}"
    zones = "1 zone" if counts["zones"] == 1 else f"{counts['zones']:,} zones"
    return f"“{told['project']}”: {zones} in force on {day}"


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found; `manifest` is None where there is none that can be read.

    `fingerprint` is that of the key that signed it, empty where no signature holds.
    """

    findings: tuple[Finding, ...]
    manifest: dict[str, Any] | None
    files: Mapping[str, bytes]
    fingerprint: str

    @property
    def is_good(self) -> bool:
        return not any(one.is_problem for one in self.findings)

    def day_at(self, moment: datetime) -> date:
        """The day at a moment where the package is to be used; that of UTC where it is not said."""
        zone = str((self.manifest or {}).get("timezone", "UTC"))
        try:
            return moment.astimezone(ZoneInfo(zone)).date()
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return moment.astimezone(UTC).date()

    def on(self, day: date) -> Verified:
        """With what is wrong on a day: zones that no longer hold, or not yet."""
        told = self.manifest
        found = (*_against_day(told, day), *_age(told, day)) if told is not None else ()
        return replace(self, findings=(*self.findings, *found))


def verify(path: Path, *, fingerprint: str = "") -> Verified:
    """Check a package; with a `fingerprint`, that this very key signed it.

    DataError only where the file cannot be read at all.
    """
    try:
        unpacked = archive.read(Path(path))
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise DataError(f"{path} cannot be read: {why}.", "Check its path.") from error
    files = unpacked.files
    found = [Finding(code, name, words) for code, name, words in unpacked.problems]
    if not files:
        if not found:
            found.append(Finding("damaged", "", "The zip is empty."))
        return Verified(tuple(found), None, files, "")
    text = files.get(manifest.NAME)
    told = _told(text, found)
    signer = _signer(files, found, fingerprint)
    if told is not None:
        found += _against_signer(told, signer)
        sound = list(_against_files(told, files, found))
        # What is inside is opened only where it comes, as it was, from whom it must be.
        as_sent = not any(one.is_problem for one in found)
        found += _against_itself(told)
        if as_sent:
            found += _against_zones(told, {name: files[name] for name in sound})
    return Verified(tuple(found), told, files, signer)


# The manifest


def _told(text: bytes | None, found: list[Finding]) -> dict[str, Any] | None:
    """The manifest, where it is one of ours in its whole form; what is wrong is noted."""
    if text is None:
        words = "There is no manifest.json: this is no package, or a part of one was taken out."
        found.append(Finding("manifest", "", words))
        return None
    if len(text) > _MOST_TOLD:
        found.append(Finding("too_large", manifest.NAME, "it is larger than any manifest"))
        return None
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        found.append(Finding("manifest", manifest.NAME, "it cannot be read as JSON"))
        return None
    if not isinstance(told, dict) or told.get("package") != WHAT:
        words = "it is not the manifest of zones for patrol systems"
        found.append(Finding("manifest", manifest.NAME, words))
        return None
    version = told.get("package_version")
    if isinstance(version, int) and version != PACKAGE_VERSION:
        older = version < PACKAGE_VERSION
        words = (
            f"it is of version {version}, which had no signature: ask for a new package"
            if older
            else f"it is of version {version}, newer than this gisapp: update to check it"
        )
        found.append(Finding("version", manifest.NAME, words))
        return None
    try:
        wrong = problems_of(told)
    except RecursionError:
        wrong = ("it goes too deep",)
    found += [Finding("schema", manifest.NAME, words) for words in wrong[:_MOST_LISTED]]
    return None if wrong else told


# The signature


def _signer(files: Mapping[str, bytes], found: list[Finding], wanted: str) -> str:
    """The fingerprint of the key whose signature holds, or nothing; what is wrong is noted."""
    text, signature, pem = (files.get(name) for name in manifest.UNLISTED)
    if signature is None and pem is None:
        words = "It is not signed: nobody can tell who made it, or whether it was changed."
        found.append(Finding("unsigned", "", words))
        return ""
    if signature is None or pem is None or text is None:
        words = "A part of its signature is missing (manifest.sig, public_key.pem)."
        found.append(Finding("signature", "", words))
        return ""
    signer = signing.fingerprint(pem)
    if not signing.is_signed(pem, signature, text):
        words = "the signature does not fit: it was changed after it was signed"
        found.append(Finding("signature", manifest.NAME, words))
        return ""
    shown = signing.in_groups(signer)
    if wanted and signer != wanted:
        words = f"It is signed by an unknown key, {shown}, and not by the one you trust."
        found.append(Finding("unknown_key", "", words))
    elif not wanted:
        words = f"It is signed by the key {shown}. Ask the sender whether this is theirs."
        found.append(Finding("key", "", words, is_problem=False))
    return signer


def _against_signer(told: Mapping[str, Any], signer: str) -> Iterator[Finding]:
    key = told["signing_key"]
    if signer and (key is None or key["fingerprint"] != signer):
        words = "it was made with another key than the one that signed it"
        yield Finding("signature", manifest.NAME, words)


# The files


def _against_files(
    told: Mapping[str, Any], files: Mapping[str, bytes], found: list[Finding]
) -> Iterator[str]:
    """The names of files that are as the manifest says; what is wrong with others is noted."""
    listed = told["files"]
    known = {one.file for one in found}
    for name in listed:
        if name in manifest.UNLISTED:
            words = "it cannot vouch for itself and must not be listed"
            found.append(Finding("schema", name, words))
        elif name not in files:
            if name not in known:
                found.append(Finding("missing", name, "the manifest has it, and it is not there"))
        elif hashlib.sha256(files[name]).hexdigest() != listed[name]["sha256"]:
            found.append(Finding("changed", name, "it was changed after it was exported"))
        elif len(files[name]) != listed[name]["bytes"]:
            found.append(Finding("changed", name, "it is not as large as the manifest says"))
        else:
            yield name
    for name in files.keys() - listed.keys() - set(manifest.UNLISTED):
        words = "it is not in the manifest: it was put in after the export"
        found.append(Finding("added", name, words))


def _against_itself(told: Mapping[str, Any]) -> Iterator[Finding]:
    """Whether the manifest counts what it lists, and lists each zone once."""
    wanted, counts = {zone["zone_id"] for zone in told["zones"]}, told["counts"]
    lists = {"zones": "zones", "withdrawn": "withdrawn", "unchanged": "unchanged"}
    for key, name in lists.items():
        if counts[key] != len(told[name]):
            words = f"it says {counts[key]:,} {name} and lists {len(told[name]):,}"
            yield Finding("counts", manifest.NAME, words)
    if len(wanted) != len(told["zones"]):
        yield Finding("counts", manifest.NAME, "it lists a zone twice")


def _against_zones(told: Mapping[str, Any], files: Mapping[str, bytes]) -> Iterator[Finding]:
    """Whether the files that can be read hold the zones of the manifest, with sound outlines."""
    wanted = sorted(zone["zone_id"] for zone in told["zones"])
    most = max(_FEW, 2 * len(wanted))
    for name, data in files.items():
        read = zones_in(name, data, most)
        if read is None:
            continue
        if read.problem:
            yield Finding("unreadable", name, read.problem)
            continue
        if read.zone_ids is not None and sorted(read.zone_ids) != wanted:
            words = (
                f"it has other zones than the manifest: it holds {len(read.zone_ids):,}, the "
                f"manifest lists {len(wanted):,}"
            )
            yield Finding("counts", name, words)
        for where in read.invalid[:_MOST_LISTED]:
            yield Finding("geometry", name, f"the outline of {where} is not valid")


# The day


def _against_day(told: Mapping[str, Any], day: date) -> Iterator[Finding]:
    for zone in told["zones"]:
        start, end = zone["valid_from"], zone["valid_to"]
        named = f"“{zone['name']}”"
        if end is not None and date.fromisoformat(end) < day:
            words = f"no longer holds on {day_in_words(day)}: its last day was {_in_words(end)}."
            yield Finding("day", "", f"{named} {words}")
        elif start is not None and date.fromisoformat(start) > day:
            words = f"does not hold yet on {day_in_words(day)}: it begins on {_in_words(start)}."
            yield Finding("day", "", f"{named} {words}")


def _age(told: Mapping[str, Any], day: date) -> Iterator[Finding]:
    """A package of a former day is good, and yet there may be a newer one."""
    if date.fromisoformat(told["day"]) < day:
        words = f"It says what was in force on {_in_words(told['day'])}."
        yield Finding("older", "", f"{words} Ask whether there is a newer one.", is_problem=False)


def _in_words(day: str) -> str:
    return day_in_words(date.fromisoformat(day))
