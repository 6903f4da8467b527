"""What a manifest holds: one table, from which it is read, checked and described as a schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gisapp.io.agreements.json_checker import (
    Checker,
    Key,
    object_schema,
    shown,
)
from gisapp.io.patrol.content import FULL, KINDS
from gisapp.layers.audience import Audience

#: Raised when receivers could not read a package as before.
PACKAGE_VERSION = 3
WHAT = "zones for patrol systems"


def _text(description: str, *, pattern: str = "") -> Key:
    schema = {"type": "string", "description": description}
    return Key(Checker.text, schema | ({"pattern": pattern} if pattern else {}))


def _hex(description: str, digits: int = 64) -> Key:
    def read(checker: Checker, path: str, value: object) -> str:
        text = checker.text(path, value)
        if len(text) != digits or text.strip("0123456789abcdef"):
            checker.wrong(path, f"{shown(value)} is not {digits} hexadecimal digits")
        return text

    pattern = f"^[0-9a-f]{{{digits}}}$"
    return Key(read, {"type": "string", "pattern": pattern, "description": description})


def _day(description: str, *, empty: bool = False) -> Key:
    kind: Any = ["string", "null"] if empty else "string"
    return Key(Checker.day, {"type": kind, "format": "date", "description": description})


def _whole(description: str, least: int = 0) -> Key:
    return Key(Checker.whole, {"type": "integer", "minimum": least, "description": description})


def _word(words: tuple[str, ...], description: str) -> Key:
    def read(checker: Checker, path: str, value: object) -> str:
        if value not in words:
            checker.wrong(path, f"{shown(value)} is not one of {', '.join(words)}")
        return str(value)

    return Key(read, {"enum": list(words), "description": description})


def _texts(description: str) -> Key:
    def read(checker: Checker, path: str, value: object) -> tuple[Any, ...]:
        return checker.items(path, value, checker.text)

    schema = {"type": "array", "items": {"type": "string"}, "description": description}
    return Key(read, schema)


def _object(known: Mapping[str, Key], description: str, *, empty: bool = False) -> Key:
    """An object of which every member must be there; some may be null where `empty` says so."""

    def read(checker: Checker, path: str, value: object) -> dict[str, Any]:
        return _members(checker, path, value, known)

    schema = {**object_schema(known, tuple(known)), "description": description}
    if empty:
        schema["type"] = ["object", "null"]
    return Key(read, schema)


def _members(
    checker: Checker, path: str, value: object, known: Mapping[str, Key]
) -> dict[str, Any]:
    """The members of an object; each must be there, and only some may be null."""
    may_be_null = {name for name, key in known.items() if "null" in key.schema.get("type", ())}
    found = checker.members(path, value, known, tuple(known.keys() - may_be_null))
    if isinstance(value, dict):
        for name in sorted(may_be_null - value.keys()):
            checker.wrong(f"{path}.{name}" if path else name, "is missing")
    return found


def _list(known: Mapping[str, Key], description: str) -> Key:
    one = _object(known, "")

    def read(checker: Checker, path: str, value: object) -> tuple[Any, ...]:
        return checker.items(path, value, lambda at, item: one.read(checker, at, item))

    items = object_schema(known, tuple(known))
    return Key(read, {"type": "array", "items": items, "description": description})


def _named(known: Mapping[str, Key], description: str) -> Key:
    """Objects of one form by a name that is free."""
    one = _object(known, "")

    def read(checker: Checker, path: str, value: object) -> dict[str, Any]:
        if not isinstance(value, dict):
            checker.wrong(path, f"must be an object {{…}}, not {shown(value)}")
            return {}
        return {name: one.read(checker, f"{path}.{name}", item) for name, item in value.items()}

    items = object_schema(known, tuple(known))
    return Key(read, {"type": "object", "additionalProperties": items, "description": description})


_ZONE_ID = _text("Identifier of the zone; the same in every package of a project.")
_REVISION = _hex("SHA-256 that differs when anything that goes out of the zone does.")

ZONE: Mapping[str, Key] = {
    "zone_id": _ZONE_ID,
    "name": _text("Name of the zone."),
    "change": _word(
        ("", "added", "changed"),
        "Of a change package: what happened since the earlier one; else empty.",
    ),
    "agreement": _text("Title of the agreement."),
    "version": _whole("Version of the agreement.", 1),
    "valid_from": _day("First day on which it holds, included.", empty=True),
    "valid_to": _day("Last day on which it holds, included; null for no end.", empty=True),
    "starts_at": _text("Of the scene of an event: the moment from which it holds, in UTC."),
    "ends_at": _text("Of the scene of an event: the moment before which it holds, in UTC."),
    "hours": _text("Hours and days at which it holds, in words."),
    "hours_code": _text("The same as OpenStreetMap writes opening_hours, or `unknown`."),
    "timezone": _text("Time zone of days and hours (IANA name)."),
    "suspended": _texts("What officers do not do there, as codes."),
    "suspended_words": _text("The same in words, and what else is suspended."),
    "revision": _REVISION,
}
WITHDRAWN: Mapping[str, Key] = {
    "zone_id": _ZONE_ID,
    "name": _text("Its name in the earlier package."),
    "reason": _text("Why it is withdrawn, in plain words."),
    "last_day": _day("The last day on which it held, where that is known.", empty=True),
}
UNCHANGED: Mapping[str, Key] = {
    "zone_id": _ZONE_ID,
    "name": _text("Name of the zone."),
    "revision": _REVISION,
}
COUNTS: Mapping[str, Key] = {
    "zones": _whole("Zones in the files."),
    "added": _whole("Of these, zones that the earlier package did not have."),
    "changed": _whole("Of these, zones that differ from the earlier package."),
    "withdrawn": _whole("Zones of the earlier package that are to be done away with."),
    "unchanged": _whole("Zones of the earlier package that hold as they were."),
    "flawed": _whole(
        "Zones in force that are not in the package because something about them has still to be "
        "put right: where this is not 0, ask the sender.",
    ),
}
KEYS: Mapping[str, Key] = {
    "package": _word((WHAT,), "What this is."),
    "package_version": _whole("Version of this form.", 1),
    "exporter": _text("The program that wrote it, with its version."),
    "kind": _word(KINDS, f"“{FULL}”, or only what changed since an earlier package."),
    "project": _text("Title of the project."),
    "project_code": _hex("The same for all packages of one project.", 32),
    "revision": _hex("SHA-256 of zones, agreements and settled overlaps of the project."),
    "day": _day("The day on which all its zones are in force."),
    "timezone": _text("Time zone of the project (IANA name)."),
    "crs": _text("The coordinate reference system of all files that do not say another."),
    "purpose": _text("What the zones are, and what they must not be used for."),
    "audience": _word(tuple(Audience), "Who may see it."),
    "sent_by": _text("The office that exported it, as the sender says; may be empty."),
    "recipient": _text("For whom it was made, as the sender says; may be empty."),
    "terms": _text("On what terms it may be used; may be empty."),
    "valid": _object(
        {
            "from": _day("First day.", empty=True),
            "to": _day("Last day; null for no end.", empty=True),
        },
        "The days on which all its zones hold.",
    ),
    "counts": _object(COUNTS, "How many zones."),
    "formats": _texts("The formats, as `gisapp package --formats` calls them."),
    "zones": _list(ZONE, "The zones in the files; of a change package, those added or changed."),
    "withdrawn": _list(WITHDRAWN, "Of a change package: zones to be done away with."),
    "unchanged": _list(UNCHANGED, "Of a change package: zones that hold as they were."),
    "since": _object(
        {
            "day": _day("Day of the earlier package."),
            "revision": _hex("Its revision."),
            "manifest_sha256": _hex("SHA-256 of its manifest.json."),
        },
        "Of a change package: the earlier package that it goes on from; else null.",
        empty=True,
    ),
    "files": _named(
        {
            "sha256": _hex("SHA-256 of the file."),
            "bytes": Key(
                Checker.number, {"type": "integer", "minimum": 0, "description": "Its size."}
            ),
        },
        "All files of the package by name, but this one, manifest.sig and public_key.pem.",
    ),
    "signing_key": _object(
        {
            "algorithm": _word(("Ed25519",), "How it is signed."),
            "fingerprint": _hex("SHA-256 of the public key (DER, SubjectPublicKeyInfo)."),
        },
        "The key with which manifest.sig was made; null where the package is not signed.",
        empty=True,
    ),
}


def schema() -> dict[str, Any]:
    """The JSON Schema of manifest.json, as published in docs/patrol-manifest.schema.json."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Manifest of a package of zones for patrol systems",
        "description": "manifest.json of a package that `gisapp package` wrote.",
        **object_schema(KEYS, tuple(KEYS)),
    }


def problems_of(value: object) -> tuple[str, ...]:
    """What is wrong with a decoded manifest, each with its place; nothing for a good one."""
    checker = Checker()
    _members(checker, "", value, KEYS)
    return tuple(checker.problems)
