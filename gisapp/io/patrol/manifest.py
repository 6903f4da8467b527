"""The manifest of a package: what it holds, and what proves that it was not changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from gisapp import __version__
from gisapp.io.patrol.content import Content
from gisapp.io.patrol.manifest_keys import PACKAGE_VERSION, WHAT, ZONE
from gisapp.io.patrol.revision import revision_of_zone
from gisapp.io.patrol.zones import Outgoing

NAME = "manifest.json"
SIGNATURE = "manifest.sig"
PUBLIC_KEY = "public_key.pem"
#: Files of a package that its manifest does not list.
UNLISTED = (NAME, SIGNATURE, PUBLIC_KEY)

_PURPOSE = "Areas of agreed non-enforcement. Not a 9-1-1 routing boundary."


@dataclass(frozen=True, slots=True)
class PackedFile:
    """A file of a package and what proves that it was not changed."""

    name: str
    sha256: str
    size: int

    @classmethod
    def of(cls, name: str, data: bytes) -> PackedFile:
        return cls(name, hashlib.sha256(data).hexdigest(), len(data))


@dataclass(frozen=True, slots=True)
class Kept:
    """A zone of an earlier package that holds as it was."""

    zone_id: str
    name: str
    revision: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a package holds; in the package it is manifest.json.

    Of a change package `changes` says for each zone whether it was `added` or `changed`, and
    `unchanged` lists those that stay.
    """

    content: Content
    project_code: str
    formats: tuple[str, ...]
    files: tuple[PackedFile, ...]
    changes: Mapping[str, str]
    unchanged: tuple[Kept, ...] = ()

    @property
    def day(self) -> date:
        return self.content.day

    @property
    def zones(self) -> tuple[Outgoing, ...]:
        return self.content.zones

    @property
    def zone_count(self) -> int:
        return len(self.content.zones)

    def as_bytes(self) -> bytes:
        """manifest.json as it is hashed and signed."""
        return (json.dumps(self.as_json(), ensure_ascii=False, indent=1) + "\n").encode()

    def as_json(self) -> dict[str, object]:
        """The manifest as a JSON object, as docs/patrol-manifest.schema.json describes it."""
        content, note = self.content, self.content.note
        earlier = content.earlier
        return {
            "package": WHAT,
            "package_version": PACKAGE_VERSION,
            "exporter": f"gisapp {__version__}",
            "kind": content.kind,
            "project": content.title,
            "project_code": self.project_code,
            "revision": note.revision,
            "day": content.day.isoformat(),
            "timezone": content.timezone,
            "crs": "EPSG:4326, longitude first",
            "purpose": _PURPOSE,
            "audience": note.audience.value,
            "sent_by": note.sent_by,
            "recipient": note.recipient,
            "terms": note.terms,
            "valid": _valid(content.zones),
            "counts": self._counts(),
            "formats": list(self.formats),
            "zones": [self._zone(zone) for zone in content.zones],
            "withdrawn": [
                {
                    "zone_id": one.zone_id,
                    "name": one.name,
                    "reason": one.reason,
                    "last_day": one.last_day.isoformat() if one.last_day else None,
                }
                for one in content.withdrawn
            ],
            "unchanged": [
                {"zone_id": one.zone_id, "name": one.name, "revision": one.revision}
                for one in self.unchanged
            ],
            "since": {
                "day": earlier.day.isoformat(),
                "revision": earlier.revision,
                "manifest_sha256": earlier.manifest,
            }
            if earlier
            else None,
            "files": {
                file.name: {"sha256": file.sha256, "bytes": file.size} for file in self.files
            },
            "signing_key": {"algorithm": "Ed25519", "fingerprint": note.fingerprint}
            if note.fingerprint
            else None,
        }

    def _counts(self) -> dict[str, int]:
        changes = list(self.changes.values())
        return {
            "zones": self.zone_count,
            "added": changes.count("added"),
            "changed": changes.count("changed"),
            "withdrawn": len(self.content.withdrawn),
            "unchanged": len(self.unchanged),
            "flawed": self.content.flawed,
        }

    def _zone(self, zone: Outgoing) -> dict[str, object]:
        """A zone as the manifest lists it: whatever of its columns belongs there."""
        values: dict[str, object] = {
            key: value.isoformat() if isinstance(value, date) else value
            for key, value in zone.attributes.items()
        }
        codes = str(values["suspended"])
        values["suspended"] = codes.split(",") if codes else []
        values["change"] = self.changes.get(str(values["zone_id"]), "")
        values["revision"] = revision_of_zone(zone)
        return {key: values[key] for key in ZONE}


def _valid(zones: tuple[Outgoing, ...]) -> dict[str, str | None]:
    """The days on which all zones hold."""
    starts = [day for zone in zones if isinstance(day := zone.attributes["valid_from"], date)]
    ends = [day for zone in zones if isinstance(day := zone.attributes["valid_to"], date)]
    return {
        "from": max(starts).isoformat() if starts else None,
        "to": min(ends).isoformat() if ends else None,
    }
