"""What each key of an agreement file holds: how it is read, and how the schema describes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gisapp.io.agreements.agreement_terms_keys import TERMS_KEYS
from gisapp.io.agreements.agreement_zones import ZONES_KEY
from gisapp.io.agreements.json_checker import (
    Checker,
    Key,
    choice_key,
    day_key,
    flag_key,
    object_schema,
    objects_key,
    shown,
    text_key,
    whole_key,
)
from gisapp.layers.agreement import (
    Attachment,
    LegalBasis,
    Liaison,
    Party,
    Status,
    StatusChange,
)
from gisapp.layers.vocabulary import Formality, PartyRole, Visibility

_PARTY_KEYS = {
    "organisation": Key(Checker.text, {"type": "string", "minLength": 1}),
    "role": choice_key(PartyRole, "The part it has in the agreement."),
    "signatory": text_key("Who signs for it, by office."),
    "signed_on": day_key("The day on which it signed; null until then."),
}


def _read_legal_basis(checker: Checker, path: str, value: object) -> tuple[LegalBasis, ...]:
    """A list, or the one text that older files hold."""
    if isinstance(value, str):
        text = checker.text(path, value)
        return (LegalBasis(text),) if text else ()
    found: tuple[LegalBasis, ...] = _LEGAL_LIST.read(checker, path, value)
    return found


_LEGAL_LIST = objects_key(
    {
        "instrument": Key(Checker.text, {"type": "string", "minLength": 1}),
        "jurisdiction": text_key("Where it is law."),
        "section": text_key("Which part of it."),
        "url": text_key("Where it can be read."),
    },
    LegalBasis,
    ("instrument",),
    "The laws or orders it rests on.",
)
_LEGAL_SCHEMA = {"anyOf": [{"type": "string"}, dict(_LEGAL_LIST.schema)]}


def _read_hash(checker: Checker, path: str, value: object) -> str:
    text = checker.text(path, value).casefold()
    if len(text) != 64 or set(text) - set("0123456789abcdef"):
        checker.wrong(path, f"{shown(value)} is not a SHA-256 of 64 hexadecimal digits")
    return text


AGREEMENT_KEYS: Mapping[str, Key] = {
    "title": Key(Checker.text, {"type": "string", "minLength": 1}),
    "status": choice_key(Status, "What the partners say of it; the dates say the rest."),
    "parties": objects_key(
        _PARTY_KEYS, Party, ("organisation", "role"), "The organisations that are bound."
    ),
    "effective": day_key("The first day, included."),
    "expires": day_key("The last day, included; null for no end."),
    "timezone": Key(
        Checker.timezone,
        {"type": "string", "description": "IANA name of the zone of its days and hours."},
    ),
    "radius_basis": text_key("Who settled on a radius, and how."),
    "legal_basis": Key(_read_legal_basis, _LEGAL_SCHEMA),
    "notes": text_key("Whatever else was agreed."),
    "version": Key(
        Checker.whole,
        {"type": "integer", "minimum": 1, "description": "Higher than that which it supersedes."},
    ),
    "superseded_on": day_key("The day from which a later version holds."),
    "id": Key(
        Checker.text,
        {"type": "string", "minLength": 1, "description": "The same in all versions."},
    ),
    **TERMS_KEYS,
    "formality": choice_key(Formality, "What kind of paper it is.", empty=True),
    "liaison": objects_key(
        {
            "organisation": Key(Checker.text, {"type": "string", "minLength": 1}),
            "role": text_key("The office there."),
            "channel": text_key("How it is reached; no person's own number."),
            "hours": text_key("When it is reached."),
        },
        Liaison,
        ("organisation",),
        "Whom to reach at each side.",
    ),
    "documents": objects_key(
        {
            "title": Key(Checker.text, {"type": "string", "minLength": 1}),
            "sha256": Key(_read_hash, {"type": "string", "pattern": "^[0-9a-f]{64}$"}),
            "file_name": text_key("What its file was called."),
            "public": flag_key("Whether it may be published."),
        },
        Attachment,
        ("title", "sha256"),
        "Documents, known again by their SHA-256.",
    ),
    "review_every_months": whole_key("How often it is reviewed.", 1),
    "next_review": day_key("When it is reviewed next."),
    "evaluation_design": text_key("How it will be judged."),
    "notice": text_key("Who is told, and by when, if it is suspended."),
    "visibility": choice_key(Visibility, "Who may see it."),
    "history": objects_key(
        {
            "on": day_key("The first day of the new status."),
            "was": choice_key(Status, "The status before."),
            "became": choice_key(Status, "The status from that day."),
            "who": Key(Checker.text, {"type": "string", "minLength": 1}),
            "why": text_key("Why."),
        },
        StatusChange,
        ("on", "was", "became", "who"),
        "Every change of status, oldest first.",
    ),
}

#: An agreement file may hold the zones of the agreement too; a project keeps them apart.
FILE_KEYS: Mapping[str, Key] = {**AGREEMENT_KEYS, "zones": ZONES_KEY}


def schema() -> dict[str, Any]:
    """The JSON Schema of an agreement file, as published in docs/agreement.schema.json."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Agreement",
        "description": "An agreement between police and partners, as gisapp reads and writes it.",
        **object_schema(FILE_KEYS, ("title",)),
    }
