"""Agreements as JSON that people can write by hand, checked so that no term gets lost.

Everything that is wrong is said at once, with the path of each value. A key that is not known
is a mistake too: a term under a misspelt key would be dropped without a word.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from gisapp.errors import DataError
from gisapp.io.agreements.agreement_json import file_to_json as file_to_json
from gisapp.io.agreements.agreement_json import terms_to_json as terms_to_json
from gisapp.io.agreements.agreement_json import to_json as to_json
from gisapp.io.agreements.agreement_keys import AGREEMENT_KEYS, FILE_KEYS
from gisapp.io.agreements.agreement_terms_keys import TERMS_KEYS
from gisapp.io.agreements.json_checker import Checker
from gisapp.layers.agreement import Agreement
from gisapp.layers.lifecycle import history_problems
from gisapp.layers.schedule import Calendar, region_problem, rule_problem
from gisapp.layers.terms import Terms
from gisapp.layers.zone import Zone

#: More than this is no agreement, whatever it is.
_LARGEST = 5_000_000


@dataclass(frozen=True, slots=True)
class Entry:
    """What an agreement file holds: an agreement, and the zones that carry it if it has any."""

    agreement: Agreement
    zones: tuple[Zone, ...] = ()


# Reading


def read(source: Path | str) -> Agreement:
    """The agreement in a JSON file, or in the text of one, without its zones.

    Raises DataError that lists everything that is wrong.
    """
    return read_entry(source).agreement


def read_entry(source: Path | str) -> Entry:
    """The agreement in a JSON file, or in the text of one, with its zones.

    Raises DataError that lists everything that is wrong.
    """
    if isinstance(source, str) and source.lstrip().startswith("{"):
        return parse_entry(source)
    path = Path(source)
    try:
        with path.open("rb") as file:
            held = file.read(_LARGEST + 1)  # no more, for a device may never end
        if len(held) > _LARGEST:
            raise DataError(f"“{path.name}” is too large for an agreement.", _HINT)
        text = held.decode("utf-8-sig")
    except FileNotFoundError:
        raise DataError(f"There is no file “{path}”.", "Check the name and the folder.") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise DataError(f"“{path.name}” cannot be read: {reason}.", "Choose another.") from error
    except UnicodeDecodeError:
        raise DataError(f"“{path.name}” is not a text file in UTF-8.", _HINT) from None
    return parse_entry(text, path.name)


_HINT = "An agreement file is JSON; docs/agreement.schema.json in the source describes it."


def parse(text: str, name: str = "The agreement") -> Agreement:
    """The agreement in a JSON text; DataError that lists everything that is wrong."""
    return parse_entry(text, name).agreement


def parse_entry(text: str, name: str = "The agreement") -> Entry:
    """The agreement in a JSON text with its zones; DataError with everything that is wrong."""
    checker = Checker()
    try:
        value = json.loads(text, object_pairs_hook=checker.no_key_twice)
    except (ValueError, RecursionError) as error:  # ValueError: a number of thousands of digits
        where = ""
        if isinstance(error, json.JSONDecodeError):
            where = f" (line {error.lineno}, column {error.colno}: {error.msg})"
        raise DataError(f"{name} is not valid JSON{where}.", _HINT) from None
    return _checked(value, checker, name)


def parse_kept(text: str) -> Agreement:
    """An agreement kept in a project, where it may be unfinished (no title yet, say).

    Raises DataError or ValueError where it cannot be read.
    """
    return _checked(json.loads(text), Checker(), "The agreement", kept=True).agreement


def _checked(value: object, checker: Checker, name: str, *, kept: bool = False) -> Entry:
    known = AGREEMENT_KEYS if kept else FILE_KEYS
    terms = checker.members("", value, known, required=("title",))
    if not checker.problems and not kept:
        for path, what in _senseless(terms):
            checker.wrong(path, what)
    if checker.problems:
        count = len(checker.problems)
        listed = "; ".join(checker.problems)
        raise DataError(
            f"{name} has {count} mistake{'s' if count > 1 else ''}: {listed}.",
            "Put them right and try again; nothing was changed.",
        )
    zones = terms.pop("zones", ())
    agreement = Agreement(**terms)
    return Entry(agreement, tuple(_under(agreement, zone) for zone in zones))


def _under(agreement: Agreement, zone: Zone) -> Zone:
    """The zone under the agreement of its file; without an id of its own it gets a lasting one."""
    named = f"gisapp:{agreement.id}:{zone.name.casefold()}"
    key = zone.id or uuid.uuid5(uuid.NAMESPACE_URL, named).hex
    return replace(zone, id=key, agreement_id=agreement.id)


def terms_from_json(value: object) -> Terms:
    """The terms of a zone of its own; DataError that lists everything that is wrong."""
    checker = Checker()
    terms = checker.members("", value, TERMS_KEYS, required=())
    if checker.problems:
        raise DataError(f"The terms of a zone are damaged: {'; '.join(checker.problems)}.")
    return Terms(**terms)


def _senseless(terms: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Terms that are well written and make no sense, with their paths."""
    start, end = terms.get("effective"), terms.get("expires")
    if start and end and end < start:
        yield "expires", f"{end} is before effective, {start}"
    if not terms["title"].strip():
        yield "title", "is empty"
    if terms.get("version", 1) < 1:
        yield "version", "must be 1 or more"
    if not terms.get("id", "new"):
        yield "id", "is empty"
    for index, party in enumerate(terms.get("parties", ())):
        if not party.organisation.strip():
            yield f"parties[{index}].organisation", "is empty"
    if terms.get("review_every_months", 1) < 1:
        yield "review_every_months", "must be 1 or more"
    yield from _senseless_terms("", terms.get("min_age"), terms.get("calendar"))
    yield from _senseless_life(terms)
    yield from _senseless_zones(terms.get("zones", ()))


def _senseless_terms(
    where: str, min_age: int | None, calendar: Calendar | None
) -> Iterator[tuple[str, str]]:
    if min_age is not None and not 0 <= min_age <= 120:
        yield f"{where}min_age", "is no age"
    if calendar is None:
        return
    for path, what in (
        ("rule", rule_problem(calendar.rule)),
        ("holidays", region_problem(calendar.holidays)),
    ):
        if what:
            yield f"{where}calendar.{path}", what
    for index, one in enumerate(calendar.special):
        if (one.start is None) is not (one.end is None):
            yield f"{where}calendar.special[{index}]", "needs both start and end, or neither"


def _senseless_life(terms: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for index, what in history_problems(terms.get("history", ()), terms.get("status")):
        yield "status" if index is None else f"history[{index}]", what


def _senseless_zones(zones: Sequence[Zone]) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for index, zone in enumerate(zones):
        key = zone.id or zone.name.casefold()
        if key in seen:
            what = "id" if zone.id else "name"
            yield f"zones[{index}].{what}", "is that of another zone"
        seen.add(key)
        if zone.terms is not None:
            where = f"zones[{index}].terms."
            yield from _senseless_terms(where, zone.terms.min_age, zone.terms.calendar)
