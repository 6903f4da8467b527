"""Fields of agreements, zones and packages as words, and the codes in them as words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from gisapp.layers.vocabulary import (
    Activity,
    Basis,
    Exemption,
    Formality,
    MeasuredFrom,
    Polarity,
    Seized,
    Transit,
    Visibility,
)

#: Fields whose name says little to who does not know the files; others are words already.
_LABELS: Mapping[str, str] = {
    "anchors": "services that it lies round",
    "area_m2": "area in square metres",
    "basis": "how the outline came to be",
    "basis_text": "who settled on the outline, and how",
    "calendar": "hours of the calendar",
    "centre": "centre of the circle",
    "covers_transit": "people on the way to and from the service",
    "dependence_required": "only for people who are dependent",
    "effective": "first day",
    "evaluation_design": "how it is evaluated",
    "exceptions_other": "further exceptions",
    "expires": "last day",
    "formality": "kind of paper",
    "holidays": "whose public holidays are meant",
    "if_seized": "what was taken away all the same",
    "liaison": "contacts for questions",
    "min_age": "least age",
    "next_review": "next review",
    "notice": "notice before it is suspended",
    "parts": "parts of the building",
    "persons": "for whom it holds",
    "polarity": "effect on enforcement",
    "radius": "radius as it was agreed",
    "radius_basis": "why this radius",
    "radius_m": "radius in metres",
    "recipient": "for",
    "recording": "what is recorded instead",
    "referral_contact": "whom to call to refer people",
    "registered_clients_only": "only for registered clients",
    "review_every_months": "months from review to review",
    "sent_by": "from",
    "staff_and_peers_covered": "holds for staff and peers too",
    "starts_at": "holds from",
    "ends_at": "holds until",
    "superseded_on": "replaced by a newer version on",
    "suspended": "not done there",
    "suspended_other": "further things not done there",
    "suspended_words": "not done there",
    "thresholds": "up to how much counts as personal",
    "timezone": "time zone",
    "valid_from": "first day",
    "valid_to": "last day",
    "visibility": "who may see it",
    "walk_minutes": "minutes on foot",
    "width_m": "width in metres",
}


class _Labelled(Protocol):
    @property
    def value(self) -> str: ...

    @property
    def label(self) -> str: ...


def _words(kind: Iterable[_Labelled]) -> dict[str, str]:
    return {one.value: one.label for one in kind}


_CODES: Mapping[str, Mapping[str, str]] = {
    "basis": _words(Basis),
    "covers_transit": _words(Transit),
    "exceptions": _words(Exemption),
    "formality": _words(Formality),
    "if_seized": _words(Seized),
    "measured_from": _words(MeasuredFrom),
    "polarity": _words(Polarity),
    "suspended": _words(Activity),
    "visibility": _words(Visibility),
}
#: Texts that list things, parted by semicolons.
_LISTS = frozenset(
    {"exceptions", "hours", "offences", "parties", "streets", "suspended_words", "thresholds"}
)


def label_of(key: str) -> str:
    """What a field is, in words."""
    return _LABELS.get(key, key.replace("_", " "))


def value_of(key: str, value: object) -> object:
    """A value with its codes told in words, and a text that lists things as a list."""
    if isinstance(value, list | tuple):
        return [_word(key, one) for one in value]
    if isinstance(value, str) and key in _LISTS:
        return [_word(key, one) for one in value.split("; ")] if value else []
    return _word(key, value)


def _word(key: str, value: object) -> object:
    return _CODES.get(key, {}).get(value, value) if isinstance(value, str) else value
