"""Change packages: only what was added, changed or withdrawn since an earlier package."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from gisapp.errors import DataError, ExportError
from gisapp.io.patrol import manifest
from gisapp.io.patrol.content import UNSAID, Content, Earlier, Note, Withdrawn
from gisapp.io.patrol.manifest import Kept
from gisapp.io.patrol.refusals import FLAWS, KEPT_BACK, Refusal
from gisapp.io.patrol.revision import project_code, revision_of_zone
from gisapp.io.patrol.verifying import verify
from gisapp.io.safe_files import safe_cell
from gisapp.layers.agreement import Standing, day_in_words
from gisapp.layers.audience import Audience
from gisapp.layers.confidential import code_of, is_confidential, without_sites
from gisapp.layers.project import Project

WITHDRAWN_CSV, WITHDRAWN_GEOJSON = "withdrawn.csv", "withdrawn.geojson"
#: Reasons that a receiver may be told as they are.
_TOLD = frozenset({"expired", "suspended", "withdrawn", "superseded"})
_REMOVED = "the sender has removed it"


@dataclass(frozen=True, slots=True)
class Base:
    """An earlier package that a change package goes on from, with the zones known since.

    `zones` are its zones by id with their names and revisions: those in its files, and of a
    change package those it left unchanged. `note` is what its sender said: for whom, from whom and
    on what terms.
    """

    earlier: Earlier
    project_code: str
    audience: str
    zones: Mapping[str, Kept]
    note: Note = UNSAID


@dataclass(frozen=True, slots=True)
class Changed:
    """What a package holds of the zones that may go out.

    `changes` says `added` or `changed` by the id of a zone; of a full package both are empty.
    """

    content: Content
    changes: Mapping[str, str] = field(default_factory=dict)
    unchanged: tuple[Kept, ...] = ()


def base_of(path: Path, fingerprint: str) -> Base:
    """The earlier package at a path; DataError unless it is whole and signed by this key."""
    found = verify(path, fingerprint=fingerprint)
    wrong = [one for one in found.findings if one.is_problem]
    told = found.manifest
    if wrong or told is None:
        listed = "; ".join(one.in_words().rstrip(".") for one in wrong[:5])
        raise DataError(
            f"The earlier package {path.name} cannot be used: {listed}.",
            "Take the file that was sent. If another key signed it, give the fingerprint of that.",
        )
    text = found.files[manifest.NAME]
    earlier = Earlier(
        date.fromisoformat(told["day"]), told["revision"], hashlib.sha256(text).hexdigest()
    )
    zones = [*told["zones"], *told["unchanged"]]
    kept = [Kept(one["zone_id"], one["name"], one["revision"]) for one in zones]
    note = Note(told["recipient"], told["sent_by"], told["terms"], Audience(told["audience"]))
    known = {one.zone_id: one for one in kept}
    return Base(earlier, told["project_code"], told["audience"], known, note)


def changed_since(
    project: Project, content: Content, refusals: Sequence[Refusal], base: Base
) -> Changed:
    """The content with only what changed since a package.

    ExportError where nothing did, and where the changes would tell which zone of the earlier
    package stands round a service that became confidential since.
    """
    _check_fits(project, content, base)
    changes: dict[str, str] = {}
    unchanged = []
    for zone in content.zones:
        zone_id = str(zone.attributes["zone_id"])
        revision = revision_of_zone(zone)
        known = base.zones.get(zone_id)
        if known is not None and known.revision == revision:
            unchanged.append(Kept(zone_id, str(zone.attributes["name"]), revision))
        else:
            changes[zone_id] = "changed" if known else "added"
    gone = base.zones.keys() - {str(zone.attributes["zone_id"]) for zone in content.zones}
    _check_tells_nothing(project, base, changes, gone)
    _check_withdraws_no_other(refusals, gone)
    withdrawn = _withdrawn(project, content.day, refusals, [base.zones[key] for key in gone])
    if not changes and not withdrawn:
        raise ExportError(
            "Nothing has changed since the earlier package.", "There is nothing to send."
        )
    zones = tuple(one for one in content.zones if str(one.attributes["zone_id"]) in changes)
    told = replace(content, zones=zones, withdrawn=withdrawn, earlier=base.earlier)
    return Changed(told, changes, tuple(unchanged))


def _check_fits(project: Project, content: Content, base: Base) -> None:
    if base.project_code != project_code(project):
        raise ExportError(
            "The earlier package is of another project.", "Choose one that this project wrote."
        )
    if base.audience != content.note.audience:
        raise ExportError(
            f"The earlier package was made for another audience ({base.audience}).",
            "Make this one for the same, or send a whole package.",
        )
    if content.day < base.earlier.day:
        raise ExportError(
            f"The earlier package is of a later day ({day_in_words(base.earlier.day)}).",
            "Choose a day on or after it.",
        )


def _check_tells_nothing(
    project: Project, base: Base, changes: Mapping[str, str], gone: Set[str]
) -> None:
    """Refuse changes that put the old name of a zone beside its new one.

    A zone whose service became confidential goes out under a code now. To withdraw it by its own
    name and add it by that code would say that the two are one; so would a zone that was drawn
    in its place. A whole package names it only as it is called now, and withdraws nothing.
    """
    whole = "Send a whole package; changes can go on from that."
    for key in base.zones:
        zone = project.zones.get(key)
        if zone is not None and is_confidential(project, zone):
            raise ExportError(
                f"“{zone.name}” stands round a confidential service now, and changes would tell "
                "receivers which of their zones that is.",
                whole,
            )
    codes = {
        code_of(project, one) for one in project.zones.values() if is_confidential(project, one)
    }
    if gone and any(said == "added" for key, said in changes.items() if key in codes):
        raise ExportError(
            "A zone round a confidential service is new, and changes would tell which of the "
            "withdrawn zones it stands for.",
            whole,
        )


def _check_withdraws_no_other(refusals: Sequence[Refusal], gone: Set[str]) -> None:
    """Refuse changes that list just the zones about a service that became confidential.

    Such a zone holds, and would go out, but that its outline tells of the service. Who has its
    outline from before and reads that it is withdrawn, and why no other is, knows what to look for.
    """
    for one in refusals:
        if one.zone_id in gone and "confidential" in one.codes and KEPT_BACK.issuperset(one.codes):
            raise ExportError(
                f"“{one.name}” went out before and is kept back now, for its outline tells where "
                "a confidential service is. To list it as withdrawn would point at that.",
                "Draw it anew with the service well off its middle and send a whole package; "
                "changes can go on from that.",
            )


def _withdrawn(
    project: Project, day: date, refusals: Sequence[Refusal], gone: Sequence[Kept]
) -> tuple[Withdrawn, ...]:
    """Zones that receivers have and that hold no more, in the order of their names."""
    reasons = {
        code_of(project, project.zones[one.zone_id]): one
        for one in refusals
        if one.zone_id in project.zones
    }
    found = []
    for one in sorted(gone, key=lambda one: (one.name, one.zone_id)):
        refusal = reasons.get(one.zone_id)
        why = without_sites(project, _outward(refusal))
        last = _last_day(project, refusal, day) if refusal and why != _REMOVED else None
        name = without_sites(project, one.name)
        found.append(Withdrawn(one.zone_id, name, why, last))
    return tuple(found)


def _outward(refusal: Refusal | None) -> str:
    """Why a zone is withdrawn, as a receiver may know it."""
    codes = set(refusal.codes) - KEPT_BACK if refusal is not None else set()
    if refusal is None or not codes:
        # That a zone is kept from the receiver is said as if it were no more.
        return _REMOVED
    told = [reason.words for reason in refusal.reasons if reason.code in _TOLD]
    if told:
        return "; ".join(told)
    if codes <= FLAWS:
        return "something about it has still to be put right; ask the sender whether it holds"
    return "it is not in force"


def _last_day(project: Project, refusal: Refusal, day: date) -> date | None:
    """The last day on which a zone was in force before a day, where that is known."""
    spans = project.history_of(project.zones[refusal.zone_id])
    held = [span.to_day for span in spans if span.standing is Standing.IN_FORCE]
    return max((one for one in held if one is not None and one < day), default=None)


# Telling receivers what to do away with


def withdrawal_files(content: Content) -> dict[str, bytes]:
    """The withdrawn zones as a table and as GeoJSON features without a place; none, no file."""
    if not content.withdrawn:
        return {}
    return {
        WITHDRAWN_CSV: _csv(content.withdrawn).encode(),
        WITHDRAWN_GEOJSON: _geojson(content.withdrawn).encode(),
    }


def _csv(withdrawn: Sequence[Withdrawn]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("zone_id", "name", "reason", "last_day"))
    for one in withdrawn:
        cells = (safe_cell(part) for part in (one.zone_id, one.name, one.reason))
        writer.writerow([*cells, one.last_day or ""])
    return text.getvalue()


def _geojson(withdrawn: Sequence[Withdrawn]) -> str:
    """Features without geometry (RFC 7946, section 3.2), by whose ids a map drops its own."""
    features: list[dict[str, Any]] = [
        {
            "type": "Feature",
            "id": one.zone_id,
            "geometry": None,
            "properties": {
                "zone_id": one.zone_id,
                "name": one.name,
                "change": "withdrawn",
                "reason": one.reason,
                "last_day": one.last_day.isoformat() if one.last_day else None,
            },
        }
        for one in withdrawn
    ]
    return (
        json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False) + "\n"
    )
